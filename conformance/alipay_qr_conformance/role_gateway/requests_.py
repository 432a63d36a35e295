"""Checks of single requests: what is refused, what is answered, and how it is signed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from alipay_qr.beijing import format_timestamp
from alipay_qr_conformance.role_gateway.case import GatewayCase, property_of
from alipay_qr_conformance.testbed.gateway_client import (
    BrokenError,
    GatewayClient,
    Params,
    Reply,
    show,
    without,
)


def cases(examples: int) -> Iterator[GatewayCase]:
    """Yield the cases."""
    for method in ("GET", "POST"):
        yield GatewayCase("gateway.create.signed", method, partial(_create_signed, method=method))
    yield GatewayCase("gateway.create.same-code", "again-and-with-fee", _same_code)
    for name in ("spoilt", "of-another-text", "absent", "empty", "upper-case", "other-key"):
        yield GatewayCase("gateway.sign.refused", name, partial(_sign_refused, how=name))
    yield GatewayCase("gateway.error.code", "wrong-sign", _error_code)
    yield GatewayCase("gateway.error.unsigned", "wrong-sign", _error_unsigned)
    for service, field in _REQUIRED:
        yield GatewayCase(
            "gateway.required", f"{service}-{field}", partial(_required, service=service, field=field)
        )
    for service, field, value in _ILLEGAL:
        yield GatewayCase(
            "gateway.illegal",
            f"{service}-{field}-{value[:12]}",
            partial(_illegal, service=service, field=field, value=value),
        )
    yield GatewayCase("gateway.timestamp", "an-hour-old", _old)
    yield GatewayCase("gateway.charset", "GBK", _gbk)
    yield GatewayCase("gateway.partner", "another", _partner)
    yield GatewayCase("gateway.business.failure", "refund-of-nothing", _business_failure)
    yield GatewayCase("gateway.cancel.nothing", "unknown-trade", _cancel_unknown)
    yield GatewayCase("gateway.values.verbatim", "any-text", partial(_verbatim, examples=examples))


_REQUIRED = (
    *(
        ("create", name)
        for name in ("timestamp", "notify_url", "biz_type", "biz_data", "partner", "sign_type")
    ),
    *(("cancel", name) for name in ("timestamp", "out_trade_no")),
    *(("refund", name) for name in ("partner_trans_id", "partner_refund_id", "refund_amount", "currency")),
)
_ILLEGAL = (
    ("create", "biz_type", "OTHER"),
    ("create", "biz_data", "no JSON"),
    ("create", "timestamp", "yesterday"),
    ("refund", "refund_amount", "1.001"),
    ("refund", "refund_amount", "-1.00"),
    ("refund", "refund_amount", "one"),
    ("refund", "currency", "us"),
    ("cancel", "out_trade_no", "x" * 65),
)


def _plain(bench: GatewayClient, service: str) -> Params:
    if service == "create":
        return bench.create()
    number = bench.fresh("T")
    return bench.cancel(number) if service == "cancel" else bench.refund(number, "1.00")


def _create_signed(bench: GatewayClient, method: str) -> None:
    reply = bench.send(bench.create(), method=method)
    if not reply.done:
        raise BrokenError("gateway.create.signed", reply.evidence(), what=f"CREATE failed with {reply.error}")
    if not bench.holds(reply):
        raise BrokenError("gateway.create.signed", reply.evidence(), what="it does not verify")


def _same_code(bench: GatewayClient) -> None:
    store = bench.fresh("S")
    fee = {"type": "RATE", "value": "0.01"}
    plain, again = (_code(bench.send(bench.create(store))) for _ in range(2))
    with_fee = _code(bench.send(bench.create(store, channel_fee=fee)))
    other = _code(bench.send(bench.create()))
    if plain != again:
        raise BrokenError("gateway.create.same-code", what=f"the shop got {plain}, then {again}")
    if with_fee == plain:
        raise BrokenError("gateway.create.same-code", what="with a channel fee the shop got the code without")
    if other == plain:
        raise BrokenError("gateway.create.same-code", what="two shops got one code")


def _code(reply: Reply) -> str:
    code = reply.response.fields.get("qrcode", "") if reply.response else ""
    if not reply.done or not code:
        raise BrokenError("gateway.create.same-code", reply.evidence(), what=f"CREATE failed: {reply.error}")
    return code


def _sign_refused(bench: GatewayClient, how: str) -> None:
    params = bench.signed(bench.create())
    sign = params["sign"]
    if how == "spoilt":
        params["sign"] = ("0" if sign[0] != "0" else "1") + sign[1:]
    elif how == "of-another-text":
        params["notify_url"] += "x"
    elif how == "absent":
        del params["sign"]
    elif how == "empty":
        params["sign"] = ""
    elif how == "upper-case":
        if sign.upper() == sign or bench.wiring.sign_type != "MD5":
            return
        params["sign"] = sign.upper()
    else:
        from alipay_qr.signing import Md5, sign_params

        params["sign"] = sign_params(without(params, ["sign"]), Md5("x" * 32))
    reply = bench.send(params, sign=False)
    if reply.done:
        raise BrokenError("gateway.sign.refused", reply.evidence(), what=f"its sign is {how}")


def _wrong_sign(bench: GatewayClient) -> Reply:
    params = bench.signed(bench.create())
    return bench.send(params | {"notify_url": params["notify_url"] + "x"}, sign=False)


def _error_code(bench: GatewayClient) -> None:
    reply = _wrong_sign(bench)
    if reply.error != "ILLEGAL_SIGN":
        raise BrokenError("gateway.error.code", reply.evidence(), wanted="ILLEGAL_SIGN", found=reply.error)


def _error_unsigned(bench: GatewayClient) -> None:
    reply = _wrong_sign(bench)
    response = reply.response
    if response is None or response.is_success or response.sign or response.fields:
        what = "a refused request is answered with a result, or not in the protocol's form"
        raise BrokenError("gateway.error.unsigned", reply.evidence(), what=what)


def _required(bench: GatewayClient, service: str, field: str) -> None:
    reply = bench.send(without(_plain(bench, service), [field]))
    if reply.done:
        raise BrokenError("gateway.required", reply.evidence(), service=service.upper(), field=field)


def _illegal(bench: GatewayClient, service: str, field: str, value: str) -> None:
    if service == "refund" and bench.wiring.pay_url:
        params = bench.refund(bench.pay(), "1.00")
    else:
        params = _plain(bench, service)
    reply = bench.send(params | {field: value})
    if reply.done:
        shown = {"service": service.upper(), "field": field, "value": value[:30]}
        raise BrokenError("gateway.illegal", reply.evidence(), **shown)


def _old(bench: GatewayClient) -> None:
    old = format_timestamp(datetime.now(UTC) - timedelta(hours=1))
    reply = bench.send(bench.create() | {"timestamp": old})
    if reply.done:
        raise BrokenError("gateway.timestamp", reply.evidence(), age="an hour")


def _gbk(bench: GatewayClient) -> None:
    reply = bench.send(bench.create(charset="GBK", store_name="测试门店"), method="POST")
    if not reply.done:
        what = f"a CREATE in GBK failed: {reply.error}"
        raise BrokenError("gateway.charset", reply.evidence(), what=what)
    if not bench.holds(reply):
        raise BrokenError("gateway.charset", reply.evidence(), what="its answer's signature does not hold")


def _partner(bench: GatewayClient) -> None:
    other = "2088000000000000"
    reply = bench.send(bench.create() | {"partner": other})
    if reply.done:
        raise BrokenError("gateway.partner", reply.evidence(), found=other)


def _business_failure(bench: GatewayClient) -> None:
    reply = bench.send(bench.refund(bench.fresh("T"), "1.00"))
    what = ""
    if reply.response is None or not reply.response.is_success:
        what = f"a refund of a trade that does not exist is no gateway error: {reply.error}"
    elif reply.done:
        what = "a trade that does not exist was refunded"
    elif reply.result not in {"FAIL", "FAILED"}:
        what = f"its result_code is {reply.result!r}"
    elif not bench.holds(reply):
        what = "the failure is not signed, or wrongly"
    if what:
        raise BrokenError("gateway.business.failure", reply.evidence(), what=what)


def _cancel_unknown(bench: GatewayClient) -> None:
    reply = bench.send(bench.cancel(bench.fresh("T")))
    if not reply.done:
        what = f"a CANCEL of a trade that was never made failed: {reply.error}"
        raise BrokenError("gateway.cancel.nothing", reply.evidence(), what=what)
    if reply.response and reply.response.fields.get("action"):
        what = "it names an action although there was nothing to do"
        raise BrokenError("gateway.cancel.nothing", reply.evidence(), what=what)


def _verbatim(bench: GatewayClient, examples: int) -> None:
    from hypothesis import strategies as st

    letters = st.characters(codec="utf-8", exclude_categories=["C", "Z"])
    values = st.text(letters, min_size=1, max_size=12).map(lambda text: f"T{text}")

    def one(number: str) -> None:
        reply = bench.send(bench.refund(number, "1.00"))
        found = reply.response.fields.get("partner_trans_id") if reply.response else None
        echoed = dict(reply.response.request).get("partner_trans_id", number) if reply.response else None
        for each in (found if found is not None else number, echoed):
            if each != number:
                raise BrokenError(
                    "gateway.values.verbatim",
                    reply.evidence(),
                    field="partner_trans_id",
                    sent=show(number),
                    found=show(each),
                )
        if reply.response and reply.response.is_success and not bench.holds(reply):
            raise BrokenError(
                "gateway.values.verbatim",
                reply.evidence(),
                field="sign",
                sent=show(number),
                found="a signature that does not hold",
            )

    property_of(values, one, examples)
