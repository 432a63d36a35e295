"""Checks of single requests: what is refused, what is answered, and how it is signed."""

from datetime import UTC, datetime, timedelta
from typing import Final

from alipay_qr.beijing import format_timestamp
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.model.texts import sample
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_client import (
    EXAMPLES,
    GatewayClient,
    Params,
    Reply,
    show,
    without,
)
from alipay_qr_conformance.testbed.properties import for_all
from alipay_qr_conformance.testbed.testbed import Testbed

METHODS: Final = {"GET": "GET", "POST": "POST"}
SPOILT: Final = {
    name: name for name in ("spoilt", "of-another-text", "absent", "empty", "upper-case", "other-key")
}
_REQUIRED: Final = (
    *(
        ("create", name)
        for name in ("timestamp", "notify_url", "biz_type", "biz_data", "partner", "sign_type")
    ),
    *(("cancel", name) for name in ("timestamp", "out_trade_no")),
    *(("refund", name) for name in ("partner_trans_id", "partner_refund_id", "refund_amount", "currency")),
)
_ILLEGAL: Final = (
    ("create", "biz_type", "OTHER"),
    ("create", "biz_data", "no JSON"),
    ("create", "timestamp", "yesterday"),
    ("refund", "refund_amount", "1.001"),
    ("refund", "refund_amount", "-1.00"),
    ("refund", "refund_amount", "one"),
    ("refund", "currency", "us"),
    ("cancel", "out_trade_no", "x" * 65),
)
REQUIRED: Final = {f"{service}-{field}": (service, field) for service, field in _REQUIRED}
ILLEGAL: Final = {
    f"{service}-{field}-{value[:12]}": (service, field, value) for service, field, value in _ILLEGAL
}


def _plain(bench: GatewayClient, service: str) -> Params:
    if service == "create":
        return bench.create()
    number = bench.fresh("T")
    return bench.cancel(number) if service == "cancel" else bench.refund(number, "1.00")


@check("gateway.create.signed", each=METHODS)
def signed_answer(bed: Testbed, method: str) -> None:
    """Sign the answer to a CREATE over its own fields."""
    bench = bed.client
    reply = bench.send(bench.create(), method=method)
    if not reply.done:
        raise Failed("gateway.create.signed", reply.evidence(), what=f"CREATE failed with {reply.error}")
    if not bench.holds(reply):
        raise Failed("gateway.create.signed", reply.evidence(), what="it does not verify")


@check("gateway.create.same-code", name="again-and-with-fee")
def same_code(bed: Testbed) -> None:
    """Give a shop one code without and one with a channel fee, and the same again."""
    bench = bed.client
    store = bench.fresh("S")
    fee = {"type": "RATE", "value": "0.01"}
    plain, again = (_code(bench.send(bench.create(store))) for _ in range(2))
    with_fee = _code(bench.send(bench.create(store, channel_fee=fee)))
    other = _code(bench.send(bench.create()))
    if plain != again:
        raise Failed("gateway.create.same-code", what=f"the shop got {plain}, then {again}")
    if with_fee == plain:
        raise Failed("gateway.create.same-code", what="with a channel fee the shop got the code without")
    if other == plain:
        raise Failed("gateway.create.same-code", what="two shops got one code")


def _code(reply: Reply) -> str:
    code = reply.response.fields.get("qrcode", "") if reply.response else ""
    if not reply.done or not code:
        raise Failed("gateway.create.same-code", reply.evidence(), what=f"CREATE failed: {reply.error}")
    return code


@check("gateway.sign.refused", each=SPOILT)
def spoilt_sign(bed: Testbed, how: str) -> None:
    """Refuse a request whose sign is wrong, absent or of another key."""
    bench = bed.client
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
        if sign.upper() == sign or bench.target.sign_type != "MD5":
            return
        params["sign"] = sign.upper()
    else:
        from alipay_qr.signing import Md5, sign_params

        params["sign"] = sign_params(without(params, ["sign"]), Md5("x" * 32))
    reply = bench.send(params, sign=False)
    if reply.done:
        raise Failed("gateway.sign.refused", reply.evidence(), what=f"its sign is {how}")


def _wrong_sign(bench: GatewayClient) -> Reply:
    params = bench.signed(bench.create())
    return bench.send(params | {"notify_url": params["notify_url"] + "x"}, sign=False)


@check("gateway.error.code", name="wrong-sign")
def error_code(bed: Testbed) -> None:
    """Name ILLEGAL_SIGN where the sign is wrong."""
    bench = bed.client
    reply = _wrong_sign(bench)
    if reply.error != "ILLEGAL_SIGN":
        raise Failed("gateway.error.code", reply.evidence(), wanted="ILLEGAL_SIGN", found=reply.error)


@check("gateway.error.unsigned", name="wrong-sign")
def error_unsigned(bed: Testbed) -> None:
    """Answer a refused request with a bare error."""
    bench = bed.client
    reply = _wrong_sign(bench)
    response = reply.response
    if response is None or response.is_success or response.sign or response.fields:
        what = "a refused request is answered with a result, or not in the protocol's form"
        raise Failed("gateway.error.unsigned", reply.evidence(), what=what)


@check("gateway.required", each=REQUIRED)
def absent_value(bed: Testbed, item: tuple[str, str]) -> None:
    """Refuse a request without a compulsory value."""
    bench = bed.client
    service, field = item
    reply = bench.send(without(_plain(bench, service), [field]))
    if reply.done:
        raise Failed("gateway.required", reply.evidence(), service=service.upper(), field=field)


@check("gateway.illegal", each=ILLEGAL)
def illegal_value(bed: Testbed, item: tuple[str, str, str]) -> None:
    """Refuse a request with an illegal value."""
    bench = bed.client
    service, field, value = item
    if service == "refund" and bench.target.pay_url:
        params = bench.refund(bench.pay(), "1.00")
    else:
        params = _plain(bench, service)
    reply = bench.send(params | {field: value})
    if reply.done:
        evidence = reply.evidence()
        raise Failed("gateway.illegal", evidence, service=service.upper(), field=field, value=value[:30])


@check("gateway.timestamp")
def an_hour_old(bed: Testbed) -> None:
    """Refuse a request that is an hour old."""
    bench = bed.client
    old = format_timestamp(datetime.now(UTC) - timedelta(hours=1))
    reply = bench.send(bench.create() | {"timestamp": old})
    if reply.done:
        raise Failed("gateway.timestamp", reply.evidence(), age="an hour")


@check("gateway.charset", name="GBK")
def gbk(bed: Testbed) -> None:
    """Understand and sign GBK."""
    bench = bed.client
    reply = bench.send(bench.create(charset="GBK", store_name=sample("gateway-shop")), method="POST")
    if not reply.done:
        what = f"a CREATE in GBK failed: {reply.error}"
        raise Failed("gateway.charset", reply.evidence(), what=what)
    if not bench.holds(reply):
        raise Failed("gateway.charset", reply.evidence(), what="its answer's signature does not hold")


@check("gateway.partner", name="another")
def another_partner(bed: Testbed) -> None:
    """Refuse a partner that it does not know."""
    bench = bed.client
    other = "2088000000000000"
    reply = bench.send(bench.create() | {"partner": other})
    if reply.done:
        raise Failed("gateway.partner", reply.evidence(), found=other)


@check("gateway.business.failure")
def refund_of_nothing(bed: Testbed) -> None:
    """Answer the refund of no trade with a signed business failure."""
    bench = bed.client
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
        raise Failed("gateway.business.failure", reply.evidence(), what=what)


@check("gateway.cancel.nothing")
def unknown_trade(bed: Testbed) -> None:
    """Answer the CANCEL of no trade with SUCCESS and no action."""
    bench = bed.client
    reply = bench.send(bench.cancel(bench.fresh("T")))
    if not reply.done:
        what = f"a CANCEL of a trade that was never made failed: {reply.error}"
        raise Failed("gateway.cancel.nothing", reply.evidence(), what=what)
    if reply.response and reply.response.fields.get("action"):
        what = "it names an action although there was nothing to do"
        raise Failed("gateway.cancel.nothing", reply.evidence(), what=what)


@check("gateway.values.verbatim", once_only=True)
def any_text(bed: Testbed) -> None:
    """Keep any value as it was sent."""
    bench = bed.client
    from hypothesis import strategies as st

    letters = st.characters(codec="utf-8", exclude_categories=["C", "Z"])
    values = st.text(letters, min_size=1, max_size=12).map(lambda text: f"T{text}")

    def one(number: str) -> None:
        reply = bench.send(bench.refund(number, "1.00"))
        found = reply.response.fields.get("partner_trans_id") if reply.response else None
        echoed = dict(reply.response.request).get("partner_trans_id", number) if reply.response else None
        for each in (found if found is not None else number, echoed):
            if each != number:
                raise Failed(
                    "gateway.values.verbatim",
                    reply.evidence(),
                    field="partner_trans_id",
                    sent=show(number),
                    found=show(each),
                )
        if reply.response and reply.response.is_success and not bench.holds(reply):
            raise Failed(
                "gateway.values.verbatim",
                reply.evidence(),
                field="sign",
                sent=show(number),
                found="a signature that does not hold",
            )

    for_all(values, one, examples=EXAMPLES[bed.plan.depth], seed=bed.plan.seed)
