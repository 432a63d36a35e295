"""Checks of notifications: what reaches notify_url, how it is signed, when it is repeated."""

from collections.abc import Iterator
from functools import partial

from alipay_qr.signing import verify_params
from alipay_qr_conformance.role_gateway.case import GatewayCase
from alipay_qr_conformance.testbed.gateway_client import BrokenError, CannotError, GatewayClient, Params

_FIRST_PAUSE = 240.0
_LONGEST_WAIT = 20.0
_QUIET = 0.5


def cases() -> Iterator[GatewayCase]:
    """Yield the cases."""
    yield GatewayCase("gateway.notify.payment", "paid", _payment)
    yield GatewayCase("gateway.notify.repeat", "after-fail", _repeat)
    for reply in (b"success", b"SUCCESS"):
        yield GatewayCase("gateway.notify.stop", reply.decode(), partial(_stop, reply=reply))
    yield GatewayCase("gateway.notify.refund", "asynchronous", _refund)
    yield GatewayCase("gateway.refund.sync", "no-notification", _sync)


def _judge(bench: GatewayClient, requirement: str, fields: Params) -> None:
    if not fields.get("sign") or not verify_params(fields, bench.verifier, "UTF-8"):
        raise BrokenError(
            requirement, {"received": fields}, what="the notification's signature does not hold"
        )


def _payment(bench: GatewayClient) -> None:
    number = bench.pay("12.50")
    found = bench.wait({"out_trade_no": number})
    if not found:
        raise BrokenError("gateway.notify.payment", what="no notification came within 3 s of the payment")
    fields = found[0]
    _judge(bench, "gateway.notify.payment", fields)
    wanted = {
        "total_fee": "12.50",
        "trade_status": "TRADE_SUCCESS",
        "notify_type": "trade_status_sync",
    }
    for name, value in wanted.items():
        if fields.get(name) != value:
            what = f"{name} is {fields.get(name)!r}, expected {value!r}"
            raise BrokenError("gateway.notify.payment", {"received": fields}, what=what)
    for name in ("notify_id", "notify_time", "trade_no"):
        if not fields.get(name):
            raise BrokenError("gateway.notify.payment", {"received": fields}, what=f"{name} is missing")


def _repeat(bench: GatewayClient) -> None:
    seconds = _FIRST_PAUSE / bench.wiring.time_scale + 2
    if seconds > _LONGEST_WAIT:
        raise CannotError(
            "repeats come after minutes: start the gateway with a time scale and name it (--time-scale)",
            "重发间隔为数分钟：请让网关加速并用 --time-scale 指定",
        )
    bench.replies[""] = [b"fail"]
    try:
        number = bench.pay()
        found = bench.wait({"out_trade_no": number}, 2, seconds)
    finally:
        bench.replies.clear()
    if len(found) < 2:  # noqa: PLR2004 (the first and its repeat)
        raise BrokenError("gateway.notify.repeat", seconds=round(seconds, 1))
    if found[0].get("notify_id") != found[1].get("notify_id"):
        raise CannotError("the repeat has another notify_id", "重发的 notify_id 不同")


def _stop(bench: GatewayClient, reply: bytes) -> None:
    seconds = _FIRST_PAUSE / bench.wiring.time_scale + _QUIET
    if seconds > _LONGEST_WAIT:
        raise CannotError(
            "repeats come after minutes: name --time-scale", "重发间隔为数分钟：请用 --time-scale"
        )
    bench.replies[""] = [reply]
    try:
        number = bench.pay()
        found = bench.wait({"out_trade_no": number}, 2, seconds)
    finally:
        bench.replies.clear()
    if len(found) > 1:
        raise BrokenError("gateway.notify.stop", {"received": found}, reply=reply.decode())


def _refund(bench: GatewayClient) -> None:
    number = bench.pay("10.00")
    params = bench.refund(number, "2.50") | {"is_sync": "N"}
    reply = bench.send(params)
    if not reply.done:
        raise CannotError(f"an asynchronous refund failed: {reply.error}", f"异步退款失败：{reply.error}")
    found = bench.wait({"out_trade_no": number, "notify_action_type": "refundFPAction"})
    if not found:
        what = "no refund notification came within 3 s"
        raise BrokenError("gateway.notify.refund", {"received": bench.received[-5:]}, what=what)
    _judge(bench, "gateway.notify.refund", found[0])


def _sync(bench: GatewayClient) -> None:
    number = bench.pay("10.00")
    reply = bench.send(bench.refund(number, "2.50"))
    if not reply.done:
        what = f"a synchronous refund failed: {reply.error}"
        raise BrokenError("gateway.refund.sync", reply.evidence(), what=what)
    found = bench.wait({"out_trade_no": number, "notify_action_type": "refundFPAction"}, 1, _QUIET)
    if found:
        what = "a synchronous refund was reported by a notification"
        raise BrokenError("gateway.refund.sync", {"received": found[0]}, what=what)
