"""``response.belongs``, ``response.other-service``: a signed answer counts for the call that it answers."""

from dataclasses import replace
from typing import Final, NamedTuple

from alipay_qr_conformance.gateway import Fault, Reply
from alipay_qr_conformance.testbed.answers import UNKNOWN, Row, expect_right, saying, table
from alipay_qr_conformance.testbed.calls import (
    arguments,
    ask,
    expect_no_success,
    expect_reached,
    unless_told_again,
)
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_REFUND: Final = ("refund",)
_CAREFUL: Final = ("response.genuine", "response.unproved", "response.two-levels", "response.transport")
_DONE: Final = {"result_code": "SUCCESS", "detail_error_code": None, "detail_error_des": None}

OTHERS: Final = table(
    Row("other-refund", "refund", UNKNOWN, saying(partner_refund_id="R-of-somebody-else")),
    Row("other-trade", "refund", UNKNOWN, saying(partner_trans_id="T-of-somebody-else")),
    Row("other-trade", "cancel", UNKNOWN, saying(out_trade_no="T-of-somebody-else")),
)

SPLITS: Final = {
    "comment-in-the-number": b"<!-- -->",
    "instruction-in-the-number": b"<?x y?>",
    "cdata-in-the-number": b"<![CDATA[]]>",
}
"""What may stand inside a text, and make a careless reader stop there."""


@check("response.belongs", each=OTHERS, needs=lambda row: row.needs, named="setup")
def about_another(bed: Testbed, row: Row) -> None:
    """A signed success is about another refund or trade: the outcome is reported as unknown."""
    expect_right(bed, row)


@check("response.belongs", each=SPLITS, needs=_REFUND, builds_on=_CAREFUL)
@unless_told_again
def split_number(bed: Testbed, mark: bytes) -> None:
    """A signed success is about a refund whose number begins with ours: success is not reported."""
    number = bed.fresh("R")
    fault = Fault(
        commit=False,
        reply=lambda reply: reply.changed({**_DONE, "partner_refund_id": f"{number}-other"}),
        answer=lambda answer: replace(answer, body=_marked(answer.body, number.encode(), mark)),
    )
    what = f"{mark.decode()} in the number"
    expect_no_success(*ask(bed, "refund", fault, partner_refund_id=number), what=what)


def _marked(text: bytes, number: bytes, mark: bytes) -> bytes:
    return text.replace(number + b"-other<", number + mark + b"-other<")


@check("response.belongs", needs=_REFUND, builds_on=_CAREFUL)
def replayed(bed: Testbed) -> None:
    """Every byte of the genuine answer to an earlier refund comes once more: success is not reported."""
    with bed.gateway() as session:
        args = arguments(bed, session, "refund")
        first = bed.ask("refund", gateway_url=session.url, **args)
        earlier = session.of(OPERATIONS["refund"])
        expect_reached(earlier, "refund", first)
        recorded = earlier[-1].answer
        replay = Fault(commit=False, answer=lambda _: recorded, times=9, name="replayed")
        session.inject(replay, "refund")
        args = arguments(bed, session, "refund")
        answer = bed.ask("refund", gateway_url=session.url, **args)
        records = session.of(OPERATIONS["refund"])[len(earlier) :]
    expect_reached(records, "refund", answer)
    expect_no_success(answer, records[0], "replayed")


# --- another service ------------------------------------------------------------------------------------


class _Foreign(NamedTuple):
    """What another service signed; a field that is None is the trade that is spoken of."""

    op: str
    service: str
    fields: dict[str, str | None]


_CREATED: Final[dict[str, str | None]] = {
    "result_code": "SUCCESS",
    "qrcode": "https://qr.alipay.com/bax00000000000000000000000",
    "qrcode_img_url": "https://mobilecodec.alipay.com/show.htm?code=bax00000000000000000000000",
}
_CANCELLED: Final[dict[str, str | None]] = {
    "result_code": "SUCCESS",
    "out_trade_no": None,
    "trade_no": "2026030921001004",
    "retry_flag": "N",
    "action": "refund",
}
_FOUND: Final[dict[str, str | None]] = {
    "result_code": "SUCCESS",
    "alipay_trans_status": "TRADE_SUCCESS",
    "partner_trans_id": None,
    "trans_amount": "12.50",
}
FOREIGN: Final = {
    f"{each.op}-{each.service}": each
    for each in (
        _Foreign("refund", "by-create", _CREATED),
        _Foreign("refund", "by-cancel", _CANCELLED),
        _Foreign("cancel", "by-create", _CREATED),
        _Foreign("cancel", "by-query", _FOUND),
    )
}


@check("response.other-service", each=FOREIGN, needs=lambda foreign: (foreign.op,), builds_on=_CAREFUL)
@unless_told_again
def other_service(bed: Testbed, foreign: _Foreign) -> None:
    """The signed part is another service's, the echo around it the present one: success is not reported."""

    def change(reply: Reply) -> Reply:
        asked = dict(reply.request)
        trade = asked.get("partner_trans_id") or asked.get("out_trade_no", "")
        return replace(reply, fields=tuple((name, value or trade) for name, value in foreign.fields.items()))

    fault = Fault(commit=False, reply=change, name=foreign.service)
    expect_no_success(*ask(bed, foreign.op, fault), what=foreign.service)
