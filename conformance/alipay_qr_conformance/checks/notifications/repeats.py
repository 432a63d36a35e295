"""Notifications that come again or late: acted on once, and never backwards."""

from collections.abc import Callable

from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs
from alipay_qr_conformance.testbed.notifications import (
    Reply,
    expect_ack,
    fields_of,
    given_payment,
    paid,
    recorded,
    send,
    shown,
)
from alipay_qr_conformance.testbed.testbed import GatewaySession, Testbed


def _repeat(bed: Testbed, session: GatewaySession, trade: str, *, new_id: bool) -> tuple[Pairs, Reply]:
    given_payment(bed, session, trade)
    # The gateway makes the new id, and so knows it: a subject may ask it (service notify_verify).
    again = {"notify_id": f"n{trade}"} if new_id else None
    fields, content_type = fields_of(bed, session, trade, again)
    return fields, send(bed, fields, content_type)


def acknowledged(*, new_id: bool) -> Callable[[Testbed], None]:
    """Judge the reply to the second delivery."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            fields, reply = _repeat(bed, session, paid(bed, session), new_id=new_id)
            expect_ack(bed, fields, reply)

    return run


def fulfilled(*, new_id: bool) -> Callable[[Testbed], None]:
    """Judge how often goods left."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            trade = paid(bed, session)
            fields, reply = _repeat(bed, session, trade, new_id=new_id)
            believed = recorded(bed, trade) or {}
        if believed.get("fulfilled") is None:
            raise Unsupported(message("notify.no-fulfilled"))
        if str(believed["fulfilled"]) != "1":
            raise Failed("notify.twice", shown(fields, reply, believed), count=believed["fulfilled"])

    return run


def stays_closed(bed: Testbed) -> None:
    """News of the payment arrive after those of the closing."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        given_payment(bed, session, trade)
        closed, kind = fields_of(
            bed, session, trade, {"trade_status": "TRADE_CLOSED", "notify_id": f"c{trade}"}
        )
        if not send(bed, closed, kind).acknowledged:
            raise Blocked("see.genuine")
        before = recorded(bed, trade) or {}
        late, kind = fields_of(bed, session, trade, {"notify_id": f"l{trade}"})
        reply = send(bed, late, kind)
        after = recorded(bed, trade) or {}
    if before.get("state") == "closed" and after.get("state") != "closed":
        raise Failed("notify.backwards", shown(late, reply, after), before="closed", after=after.get("state"))


def stays_paid(bed: Testbed) -> None:
    """News of the waiting arrive after those of the payment."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        given_payment(bed, session, trade)
        news = {"trade_status": "WAIT_BUYER_PAY", "notify_id": f"w{trade}"}
        fields, kind = fields_of(bed, session, trade, news)
        reply = send(bed, fields, kind)
        after = recorded(bed, trade) or {}
    if after.get("state") != "paid":
        raise Failed("notify.backwards", shown(fields, reply, after), before="paid", after=after.get("state"))
