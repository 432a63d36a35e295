"""Notifications that come again or late: acted on once, and never backwards."""

from collections.abc import Callable

from alipay_qr_conformance.casebook import Broken, CannotDo, NotJudged
from alipay_qr_conformance.checks.delivery import (
    expect_ack,
    fields_of,
    genuine_first,
    paid,
    send,
    shown,
    state,
)
from alipay_qr_conformance.counter import Reply
from alipay_qr_conformance.forgeries import Pairs
from alipay_qr_conformance.lab import Lab, Session
from alipay_qr_conformance.messages import message


def _repeat(lab: Lab, session: Session, trade: str, *, new_id: bool) -> tuple[Pairs, Reply]:
    genuine_first(lab, session, trade)
    # The gateway makes the new id, and so knows it: a subject may ask it (service notify_verify).
    again = {"notify_id": f"n{trade}"} if new_id else None
    fields, content_type = fields_of(lab, session, trade, again)
    return fields, send(lab, fields, content_type)


def acknowledged(*, new_id: bool) -> Callable[[Lab], None]:
    """Judge the reply to the second delivery."""

    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            fields, reply = _repeat(lab, session, paid(lab, session), new_id=new_id)
            expect_ack(lab, fields, reply)

    return run


def fulfilled(*, new_id: bool) -> Callable[[Lab], None]:
    """Judge how often goods left."""

    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session)
            fields, reply = _repeat(lab, session, trade, new_id=new_id)
            believed = state(lab, trade) or {}
        if believed.get("fulfilled") is None:
            raise CannotDo(message("notify.no-fulfilled"))
        if str(believed["fulfilled"]) != "1":
            raise Broken("notify.twice", shown(fields, reply, believed), count=believed["fulfilled"])

    return run


def stays_closed(lab: Lab) -> None:
    """News of the payment arrive after those of the closing."""
    with lab.gateway() as session:
        trade = paid(lab, session)
        genuine_first(lab, session, trade)
        closed, kind = fields_of(
            lab, session, trade, {"trade_status": "TRADE_CLOSED", "notify_id": f"c{trade}"}
        )
        if not send(lab, closed, kind).acknowledged:
            raise NotJudged("see.genuine")
        before = state(lab, trade) or {}
        late, kind = fields_of(lab, session, trade, {"notify_id": f"l{trade}"})
        reply = send(lab, late, kind)
        after = state(lab, trade) or {}
    if before.get("state") == "closed" and after.get("state") != "closed":
        raise Broken("notify.backwards", shown(late, reply, after), before="closed", after=after.get("state"))


def stays_paid(lab: Lab) -> None:
    """News of the waiting arrive after those of the payment."""
    with lab.gateway() as session:
        trade = paid(lab, session)
        genuine_first(lab, session, trade)
        news = {"trade_status": "WAIT_BUYER_PAY", "notify_id": f"w{trade}"}
        fields, kind = fields_of(lab, session, trade, news)
        reply = send(lab, fields, kind)
        after = state(lab, trade) or {}
    if after.get("state") != "paid":
        raise Broken("notify.backwards", shown(fields, reply, after), before="paid", after=after.get("state"))
