"""Genuine notifications: acknowledged in the exact words, and believed in state and amount."""

from collections.abc import Callable, Mapping
from typing import Final

from alipay_qr.errors import AlipayQrError
from alipay_qr.money import parse_amount
from alipay_qr_conformance.casebook import Broken, CannotDo, NotJudged
from alipay_qr_conformance.checks.delivery import (
    expect_ack,
    fields_of,
    genuine_first,
    paid,
    plain_first,
    send,
    shown,
    state,
)
from alipay_qr_conformance.lab import Lab
from alipay_qr_conformance.messages import message

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


def payment(overrides: Mapping[str, str | None]) -> Callable[[Lab], None]:
    """Judge news of a payment, with some fields changed before they were signed."""

    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session)
            fields, content_type = fields_of(lab, session, trade, overrides)
            reply = send(lab, fields, content_type)
            expect_ack(lab, fields, reply)
            believed = state(lab, trade)
            if believed is not None and believed.get("state") != "paid":
                raise Broken(
                    "notify.not-believed", shown(fields, reply, believed), state=believed.get("state")
                )

    return run


def own_query(lab: Lab) -> None:
    """The notify URL has a query of its own, which is no part of the news."""
    with lab.gateway() as session:
        fields, content_type = fields_of(lab, session, paid(lab, session))
        expect_ack(lab, fields, send(lab, fields, content_type, query="shop=7&lang=en"))


def shuffled(lab: Lab) -> None:
    """The fields come in any order."""
    with lab.gateway() as session:
        fields, content_type = fields_of(lab, session, paid(lab, session))
        lab.rng("shuffled").shuffle(fields)
        expect_ack(lab, fields, send(lab, fields, content_type))


def reply_exact(lab: Lab) -> None:
    """The reply is the word and nothing else, no blank around it."""
    with lab.gateway() as session:
        fields, content_type = fields_of(lab, session, paid(lab, session))
        reply = send(lab, fields, content_type)
    if not reply.acknowledged:
        raise NotJudged("see.genuine")
    if reply.body not in {b"success", b"SUCCESS"}:
        raise Broken("notify.reply-blanks", {"reply": repr(reply.body)})


def in_status(status: str, expected: str) -> Callable[[Lab], None]:
    """Judge what is believed of a trade in a status."""

    def run(lab: Lab) -> None:
        plain_first(lab)
        with lab.gateway() as session:
            trade = paid(lab, session)
            fields, content_type = fields_of(lab, session, trade, {"trade_status": status})
            reply = send(lab, fields, content_type)
            believed = state(lab, trade) or {}
        found = believed.get("state")
        if found != expected and not (expected in {"waiting", "closed"} and found == "none"):
            raise Broken(
                "notify.state", shown(fields, reply, believed), status=status, expected=expected, found=found
            )
        if expected != "paid" and str(believed.get("fulfilled") or "0") != "0":
            raise Broken("notify.released", shown(fields, reply, believed), status=status)

    return run


def of_amount(total: str, currency: str) -> Callable[[Lab], None]:
    """Judge what is believed to be paid."""

    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session, total, currency)
            genuine_first(lab, session, trade)
            believed = state(lab, trade) or {}
        found, unit = believed.get("paid"), believed.get("currency")
        if found is None:
            raise CannotDo(message("notify.no-amount"))
        try:
            equal = parse_amount(str(found), currency) == parse_amount(total, currency)
        except AlipayQrError:
            equal = False
        if not equal or unit not in {None, currency}:
            raise Broken(
                "notify.amount", {"trade": believed}, expected=f"{total} {currency}", found=f"{found} {unit}"
            )

    return run
