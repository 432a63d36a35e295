"""Notifications that must not be believed: forged ones, and genuine ones about something else."""

from collections.abc import Callable

from alipay_qr.errors import AlipayQrError
from alipay_qr.money import parse_amount
from alipay_qr_conformance.casebook import Broken, NotJudged
from alipay_qr_conformance.checks.delivery import (
    expect_ack,
    fields_of,
    paid,
    plain_first,
    resigned,
    send,
    shown,
    state,
)
from alipay_qr_conformance.counter import Reply
from alipay_qr_conformance.forgeries import Pairs, Tools, forge, without
from alipay_qr_conformance.lab import Lab


def forged(name: str) -> Callable[[Lab], None]:
    """Judge a forgery of the common table."""

    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session)
            genuine, content_type = fields_of(lab, session, trade)
            tools = Tools(lab.keys, lab.setup.sign_type, lab.setup.charset, ("total_fee", "0.01"))
            fields = forge(name, genuine, tools)
            if fields is None:
                raise NotJudged("forgery.impossible", what=name)
            _expect_disbelief(lab, trade, fields, send(lab, fields, content_type), name)

    return run


def _expect_disbelief(lab: Lab, trade: str, fields: Pairs, reply: Reply, what: str) -> None:
    believed = state(lab, trade)
    if believed is not None and believed.get("state") not in {"none", "waiting", None}:
        raise Broken("notify.believed", shown(fields, reply, believed), what=what)
    if reply.acknowledged:
        raise Broken("notify.acknowledged", shown(fields, reply, believed), what=what)


def other_seller(lab: Lab) -> None:
    """Genuinely signed news of somebody else."""
    with lab.gateway() as session:
        trade = paid(lab, session)
        genuine, content_type = fields_of(lab, session, trade)
        fields = resigned(lab, [*without(genuine, "seller_id"), ("seller_id", "2088999999999999")])
        _expect_disbelief(lab, trade, fields, send(lab, fields, content_type), "seller_id")


def unexpected(total: str, currency: str) -> Callable[[Lab], None]:
    """Judge a payment that differs from the 12.50 USD that are awaited."""

    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = lab.fresh("T")
            lab.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
            session.engine.pay(None, total, currency, session.now, out_trade_no=trade)
            fields, content_type = fields_of(lab, session, trade)
            reply = send(lab, fields, content_type)
            believed = state(lab, trade)
        announced = {**shown(fields, reply, believed), "expected": "12.50 USD"}
        if believed is not None and believed.get("state") == "paid":
            raise Broken("notify.unexpected", announced, found=f"{total} {currency}")
        if believed is None and reply.acknowledged:
            raise Broken("notify.unexpected", announced, found=f"{total} {currency}")

    return run


def as_announced(lab: Lab) -> None:
    """Exactly the payment that is awaited: who refuses everything keeps no rule."""
    plain_first(lab)
    with lab.gateway() as session:
        trade = lab.fresh("T")
        lab.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
        session.engine.pay(None, "12.50", "USD", session.now, out_trade_no=trade)
        fields, content_type = fields_of(lab, session, trade)
        expect_ack(lab, fields, send(lab, fields, content_type))


def incomplete(name: str) -> Callable[[Lab], None]:
    """Judge signed news that lack a parameter."""

    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session)
            genuine, content_type = fields_of(lab, session, trade)
            fields = resigned(lab, without(genuine, name))
            reply = send(lab, fields, content_type)
            believed = state(lab, trade)
        evidence = shown(fields, reply, believed)
        if believed is not None and believed.get("state") not in {"none", "waiting"}:
            raise Broken("notify.incomplete", evidence, field=name)
        if believed is None and reply.acknowledged:
            raise Broken("notify.incomplete", evidence, field=name)

    return run


def duplicate(*, first: bool) -> Callable[[Lab], None]:
    """Judge news that hold a second, unsigned amount."""

    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            trade = paid(lab, session)
            genuine, content_type = fields_of(lab, session, trade)
            forged = ("total_fee", "0.01")
            fields = [forged, *genuine] if first else [*genuine, forged]
            reply = send(lab, fields, content_type)
            _expect_genuine_amount(lab, trade, fields, reply)

    return run


def url_override(lab: Lab) -> None:
    """Unsigned values in the query of the notify URL, beside the signed ones in the body."""
    with lab.gateway() as session:
        trade = paid(lab, session)
        fields, content_type = fields_of(lab, session, trade)
        reply = send(lab, fields, content_type, query="total_fee=0.01&trade_status=TRADE_SUCCESS")
        _expect_genuine_amount(lab, trade, fields, reply)


def _expect_genuine_amount(lab: Lab, trade: str, fields: Pairs, reply: Reply) -> None:
    """Whatever the subject did with two values, it must not believe the unsigned one."""
    believed = state(lab, trade) or {}
    found = believed.get("paid")
    if found is None:
        return
    try:
        genuine = parse_amount(str(found), "USD") == parse_amount("12.50", "USD")
    except AlipayQrError:
        genuine = False
    if not genuine:
        raise Broken("notify.unsigned-value", shown(fields, reply, believed), found=found)
