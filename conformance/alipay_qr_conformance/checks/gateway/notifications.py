"""Checks of notifications: what reaches notify_url, how it is signed, when it is repeated."""

from typing import Final

from alipay_qr.signing import verify_params
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_client import GatewayClient, Params
from alipay_qr_conformance.testbed.testbed import Testbed

_FIRST_PAUSE = 240.0
_LONGEST_WAIT = 20.0
_QUIET = 0.5
REPLIES: Final = {"success": b"success", "SUCCESS": b"SUCCESS"}


def _judge(bench: GatewayClient, requirement: str, fields: Params) -> None:
    if not fields.get("sign") or not verify_params(fields, bench.verifier, "UTF-8"):
        raise Failed(requirement, {"received": fields}, what="the notification's signature does not hold")


@check("gateway.notify.payment")
def paid(bed: Testbed) -> None:
    """Notify a payment, signed and complete."""
    bench = bed.client
    number = bench.pay("12.50")
    found = bench.wait({"out_trade_no": number})
    if not found:
        raise Failed("gateway.notify.payment", what="no notification came within 3 s of the payment")
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
            raise Failed("gateway.notify.payment", {"received": fields}, what=what)
    for name in ("notify_id", "notify_time", "trade_no"):
        if not fields.get(name):
            raise Failed("gateway.notify.payment", {"received": fields}, what=f"{name} is missing")


@check("gateway.notify.repeat")
def after_fail(bed: Testbed) -> None:
    """Repeat what was answered with fail."""
    bench = bed.client
    seconds = _FIRST_PAUSE / bench.target.time_scale + 2
    if seconds > _LONGEST_WAIT:
        raise Unsupported(message("gateway.needs.time-scale"))
    bench.replies[""] = [b"fail"]
    try:
        number = bench.pay()
        found = bench.wait({"out_trade_no": number}, 2, seconds)
    finally:
        bench.replies.clear()
    if len(found) < 2:  # noqa: PLR2004 (the first and its repeat)
        raise Failed("gateway.notify.repeat", seconds=round(seconds, 1))
    if found[0].get("notify_id") != found[1].get("notify_id"):
        raise Unsupported(message("gateway.other-notify-id"))


@check("gateway.notify.stop", each=REPLIES)
def understood(bed: Testbed, reply: bytes) -> None:
    """Stop after the word of success."""
    bench = bed.client
    seconds = _FIRST_PAUSE / bench.target.time_scale + _QUIET
    if seconds > _LONGEST_WAIT:
        raise Unsupported(message("gateway.needs.time-scale"))
    bench.replies[""] = [reply]
    try:
        number = bench.pay()
        found = bench.wait({"out_trade_no": number}, 2, seconds)
    finally:
        bench.replies.clear()
    if not found:
        raise Blocked("see.requirement", requirement="gateway.notify.payment")
    if len(found) > 1:
        raise Failed("gateway.notify.stop", {"received": found}, reply=reply.decode())


@check("gateway.notify.refund")
def asynchronous(bed: Testbed) -> None:
    """Notify that an asynchronous refund is done."""
    bench = bed.client
    number = bench.pay("10.00")
    params = bench.refund(number, "2.50") | {"is_sync": "N"}
    reply = bench.send(params)
    if not reply.done:
        raise Unsupported(message("gateway.no-asynchronous-refund", error=reply.error))
    found = bench.wait({"out_trade_no": number, "notify_action_type": "refundFPAction"})
    if not found:
        what = "no refund notification came within 3 s"
        raise Failed("gateway.notify.refund", {"received": bench.received[-5:]}, what=what)
    _judge(bench, "gateway.notify.refund", found[0])


@check("gateway.refund.sync")
def no_notification(bed: Testbed) -> None:
    """Notify nothing about a synchronous refund."""
    bench = bed.client
    number = bench.pay("10.00")
    if not bench.wait({"out_trade_no": number}):  # who notifies nothing at all shows nothing here
        raise Blocked("see.requirement", requirement="gateway.notify.payment")
    reply = bench.send(bench.refund(number, "2.50"))
    if not reply.done:
        what = f"a synchronous refund failed: {reply.error}"
        raise Failed("gateway.refund.sync", reply.evidence(), what=what)
    found = bench.wait({"out_trade_no": number, "notify_action_type": "refundFPAction"}, 1, _QUIET)
    if found:
        what = "a synchronous refund was reported by a notification"
        raise Failed("gateway.refund.sync", {"received": found[0]}, what=what)
