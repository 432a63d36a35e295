"""Genuine notifications: acknowledged in the exact words, and believed in state and amount."""

from collections.abc import Callable, Mapping
from typing import Final

from alipay_qr.errors import AlipayQrError
from alipay_qr.money import parse_amount
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.testbed.notifications import (
    expect_ack,
    fields_of,
    given_payment,
    paid,
    plain_first,
    recorded,
    send,
    shown,
)
from alipay_qr_conformance.testbed.testbed import Testbed

OVERRIDES: Final[dict[str, Mapping[str, str | None]]] = {
    "plain": {},
    "empty-field": {"body": "", "discount": ""},
    "unknown-field": {"x_new_field": "1", "zzz": "later"},
    "plus-and-percent": {"subject": "1+1=2 100% %41%2B"},
    "reserved": {"subject": "a&b=c;d?e#f"},
    "blanks": {"subject": " two  words "},
    "markup": {"subject": '<b>&amp;"it\'s"</b>'},
    "json": {"passback_parameters": '{"counter": "7", "u": "a/b"}'},
    "no-seller-fields": {"seller_id": None, "seller_email": None},
    "capital-name": {"sendFormat": "normal", "Zone": "8"},
    "zero": {"discount": "0", "x_new_count": "0"},
    "finished": {"trade_status": "TRADE_FINISHED"},
}
"""By case: the fields of plain news that are changed (None: left out) before they are signed."""

CHINESE: Final = {"subject": "测试商品", "body": "北京 第1店"}

STATES: Final = {
    "TRADE_SUCCESS": "paid",
    "TRADE_FINISHED": "paid",
    "TRADE_CLOSED": "closed",
    "TRADE_PENDING": "waiting",
    "WAIT_BUYER_PAY": "waiting",
}
"""By ``trade_status``: the state of the trade (operation ``trade``) that is believed after it."""


def payment(overrides: Mapping[str, str | None]) -> Callable[[Testbed], None]:
    """Judge news of a payment, with some fields changed before they were signed."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            trade = paid(bed, session)
            fields, content_type = fields_of(bed, session, trade, overrides)
            reply = send(bed, fields, content_type)
            expect_ack(bed, fields, reply)
            believed = recorded(bed, trade)
            if believed is not None and believed.get("state") != "paid":
                raise Failed(
                    "notify.not-believed", shown(fields, reply, believed), state=believed.get("state")
                )

    return run


def own_query(bed: Testbed) -> None:
    """The notify URL has a query of its own, which is no part of the news."""
    with bed.gateway() as session:
        fields, content_type = fields_of(bed, session, paid(bed, session))
        expect_ack(bed, fields, send(bed, fields, content_type, query="shop=7&lang=en"))


def shuffled(bed: Testbed) -> None:
    """The fields come in any order."""
    with bed.gateway() as session:
        fields, content_type = fields_of(bed, session, paid(bed, session))
        bed.rng("shuffled").shuffle(fields)
        expect_ack(bed, fields, send(bed, fields, content_type))


def reply_exact(bed: Testbed) -> None:
    """The reply is the word and nothing else, no blank around it."""
    with bed.gateway() as session:
        fields, content_type = fields_of(bed, session, paid(bed, session))
        reply = send(bed, fields, content_type)
    if not reply.acknowledged:
        raise Blocked("see.genuine")
    if reply.body not in {b"success", b"SUCCESS"}:
        raise Failed("notify.reply-blanks", {"reply": repr(reply.body)})


def in_status(status: str, expected: str) -> Callable[[Testbed], None]:
    """Judge what is believed of a trade in a status."""

    def run(bed: Testbed) -> None:
        plain_first(bed)
        with bed.gateway() as session:
            trade = paid(bed, session)
            fields, content_type = fields_of(bed, session, trade, {"trade_status": status})
            reply = send(bed, fields, content_type)
            believed = recorded(bed, trade) or {}
        found = believed.get("state")
        if found != expected and not (expected in {"waiting", "closed"} and found == "none"):
            raise Failed(
                "notify.state", shown(fields, reply, believed), status=status, expected=expected, found=found
            )
        if expected != "paid" and str(believed.get("fulfilled") or "0") != "0":
            raise Failed("notify.released", shown(fields, reply, believed), status=status)

    return run


def of_amount(total: str, currency: str) -> Callable[[Testbed], None]:
    """Judge what is believed to be paid."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            trade = paid(bed, session, total, currency)
            given_payment(bed, session, trade)
            believed = recorded(bed, trade) or {}
        found, unit = believed.get("paid"), believed.get("currency")
        if found is None:
            raise Unsupported(message("notify.no-amount"))
        try:
            equal = parse_amount(str(found), currency) == parse_amount(total, currency)
        except AlipayQrError:
            equal = False
        if not equal or unit not in {None, currency}:
            raise Failed(
                "notify.amount", {"trade": believed}, expected=f"{total} {currency}", found=f"{found} {unit}"
            )

    return run
