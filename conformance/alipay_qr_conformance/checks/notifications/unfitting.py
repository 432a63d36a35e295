"""Notifications that must not be believed: forged ones, and genuine ones about something else."""

from collections.abc import Callable

from alipay_qr.errors import AlipayQrError
from alipay_qr.money import parse_amount
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.rules.forgeries import Pairs, Tools, forge, without
from alipay_qr_conformance.testbed.notifications import (
    Reply,
    expect_ack,
    fields_of,
    paid,
    plain_first,
    recorded,
    resigned,
    send,
    shown,
)
from alipay_qr_conformance.testbed.testbed import Testbed


def forged(name: str) -> Callable[[Testbed], None]:
    """Judge a forgery of the common table."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            trade = paid(bed, session)
            genuine, content_type = fields_of(bed, session, trade)
            tools = Tools(bed.keys, bed.setup.sign_type, bed.setup.charset, ("total_fee", "0.01"))
            fields = forge(name, genuine, tools)
            if fields is None:
                raise Blocked("forgery.impossible", what=name)
            _expect_disbelief(bed, trade, fields, send(bed, fields, content_type), name)

    return run


def _expect_disbelief(bed: Testbed, trade: str, fields: Pairs, reply: Reply, what: str) -> None:
    believed = recorded(bed, trade)
    if believed is not None and believed.get("state") not in {"none", "waiting", None}:
        raise Failed("notify.believed", shown(fields, reply, believed), what=what)
    if reply.acknowledged:
        raise Failed("notify.acknowledged", shown(fields, reply, believed), what=what)


def other_seller(bed: Testbed) -> None:
    """Genuinely signed news of somebody else."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        genuine, content_type = fields_of(bed, session, trade)
        fields = resigned(bed, [*without(genuine, "seller_id"), ("seller_id", "2088999999999999")])
        _expect_disbelief(bed, trade, fields, send(bed, fields, content_type), "seller_id")


def unexpected(total: str, currency: str) -> Callable[[Testbed], None]:
    """Judge a payment that differs from the 12.50 USD that are awaited."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            trade = bed.fresh("T")
            bed.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
            session.engine.pay(None, total, currency, session.now, out_trade_no=trade)
            fields, content_type = fields_of(bed, session, trade)
            reply = send(bed, fields, content_type)
            believed = recorded(bed, trade)
        announced = {**shown(fields, reply, believed), "expected": "12.50 USD"}
        if believed is not None and believed.get("state") == "paid":
            raise Failed("notify.unexpected", announced, found=f"{total} {currency}")
        if believed is None and reply.acknowledged:
            raise Failed("notify.unexpected", announced, found=f"{total} {currency}")

    return run


def as_announced(bed: Testbed) -> None:
    """Exactly the payment that is awaited: who refuses everything keeps no rule."""
    plain_first(bed)
    with bed.gateway() as session:
        trade = bed.fresh("T")
        bed.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
        session.engine.pay(None, "12.50", "USD", session.now, out_trade_no=trade)
        fields, content_type = fields_of(bed, session, trade)
        expect_ack(bed, fields, send(bed, fields, content_type))


def incomplete(name: str) -> Callable[[Testbed], None]:
    """Judge signed news that lack a parameter."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            trade = paid(bed, session)
            genuine, content_type = fields_of(bed, session, trade)
            fields = resigned(bed, without(genuine, name))
            reply = send(bed, fields, content_type)
            believed = recorded(bed, trade)
        evidence = shown(fields, reply, believed)
        if believed is not None and believed.get("state") not in {"none", "waiting"}:
            raise Failed("notify.incomplete", evidence, field=name)
        if believed is None and reply.acknowledged:
            raise Failed("notify.incomplete", evidence, field=name)

    return run


def duplicate(*, first: bool) -> Callable[[Testbed], None]:
    """Judge news that hold a second, unsigned amount."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            trade = paid(bed, session)
            genuine, content_type = fields_of(bed, session, trade)
            forged = ("total_fee", "0.01")
            fields = [forged, *genuine] if first else [*genuine, forged]
            reply = send(bed, fields, content_type)
            _expect_genuine_amount(bed, trade, fields, reply)

    return run


def url_override(bed: Testbed) -> None:
    """Unsigned values in the query of the notify URL, beside the signed ones in the body."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        reply = send(bed, fields, content_type, query="total_fee=0.01&trade_status=TRADE_SUCCESS")
        _expect_genuine_amount(bed, trade, fields, reply)


def _expect_genuine_amount(bed: Testbed, trade: str, fields: Pairs, reply: Reply) -> None:
    """Whatever the subject did with two values, it must not believe the unsigned one."""
    believed = recorded(bed, trade) or {}
    found = believed.get("paid")
    if found is None:
        return
    try:
        genuine = parse_amount(str(found), "USD") == parse_amount("12.50", "USD")
    except AlipayQrError:
        genuine = False
    if not genuine:
        raise Failed("notify.unsigned-value", shown(fields, reply, believed), found=found)
