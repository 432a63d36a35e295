"""``notify.validate``, ``notify.boundary``: a genuine notification about something else is no payment.

Where a boundary is moved the signature stays valid: the signed text does not say where a value ends.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from alipay_qr_conformance.model.constants import PRICE, price
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs, replace, without
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.case import check, precondition
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import (
    expect_ack,
    expect_refusal,
    fields_of,
    given,
    is_believed,
    paid,
    recorded,
    recorded_in_the_end,
    resigned,
    send,
    shown,
)
from alipay_qr_conformance.testbed.offer import in_units
from alipay_qr_conformance.testbed.paid_trade import number
from alipay_qr_conformance.testbed.testbed import Testbed

_NOTIFY: Final = ("notify",)
_EXPECT: Final = ("notify", "expect")
_CAREFUL: Final = ("notify.reject.changed", "notify.genuine")
_OTHER_SELLER: Final = "2088999999999999"

AMOUNTS: Final = {"less": "0.01", "a-cent-less": "12.49", "a-cent-more": "12.51", "more": "125.00"}
"""What is paid where 12.50 are awaited, the price with seed 0; with another, what is close is as close."""

SPELLINGS: Final = {"as-announced-short": ("8.80", "8.8"), "as-announced-whole": ("12.00", "12")}
"""What is awaited, and the same amount in another legal form: amounts are compared as decimals."""


def _announced(
    bed: Testbed, session: GatewaySession, awaited: str, total: str, currency: str | None = None
) -> str:
    """Let the subject await an ordinary payment, and a customer pay that trade."""
    trade, currency = bed.fresh("T"), currency or bed.plan.currency
    bed.ask("expect", out_trade_no=trade, total_fee=awaited, currency=bed.plan.currency)
    session.engine.pay(None, total, currency, session.now, out_trade_no=trade)
    return trade


# --- seller and completeness ----------------------------------------------------------------------------


@precondition("notify.validate.seller")
def seller_is_looked_at(bed: Testbed) -> None:
    """Raise `Blocked` where the notification of another seller is believed."""
    if bed.once("notify.validate.seller", lambda: _is_believed(bed, "seller_id", _OTHER_SELLER)):
        raise Blocked("see.requirement", requirement="notify.validate.seller")


def _is_believed(bed: Testbed, name: str, value: str | None = None) -> bool:
    """Say whether a signed notification is believed in which a parameter has another value, or is missing."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade)
        fields = resigned(bed, [*without(fields, name), *([(name, value)] if value else [])])
        return is_believed(bed, trade, send(bed, fields, content_type))


@check("notify.validate.seller", needs=_NOTIFY)
def other_seller(bed: Testbed) -> None:
    """A genuinely signed notification names another seller: it is neither recorded nor acknowledged."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        genuine, content_type = fields_of(bed, session, trade)
        fields = resigned(bed, [*without(genuine, "seller_id"), ("seller_id", _OTHER_SELLER)])
        expect_refusal(bed, trade, fields, send(bed, fields, content_type), "seller_id")


LIKE_OURS: Final[Mapping[str, Callable[[str], str]]] = {
    "longer-than-ours": lambda partner: f"{partner}0",
    "shorter-than-ours": lambda partner: partner[:-1],
    "ours-behind-others": lambda partner: f"{partner},2088999999999999",
    "ours-but-for-the-first": lambda partner: f"3{partner[1:]}",
}
"""Numbers of other sellers, made of our own."""


@check("notify.validate.seller", needs=_NOTIFY, builds_on=("notify.validate.seller",), each=LIKE_OURS)
def seller_like_ours(bed: Testbed, other: Callable[[str], str]) -> None:
    """A genuinely signed notification names a seller whose number is like ours: it is not believed."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        genuine, content_type = fields_of(bed, session, trade)
        fields = resigned(bed, [*without(genuine, "seller_id"), ("seller_id", other(bed.keys.partner))])
        expect_refusal(bed, trade, fields, send(bed, fields, content_type), "seller_id")


@check(
    "notify.validate.complete",
    needs=_NOTIFY,
    each={f"without-{name}": name for name in ("notify_id", "trade_status", "out_trade_no")},
)
def incomplete(bed: Testbed, name: str) -> None:
    """A signed notification lacks a compulsory parameter: it is not taken for a payment."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        genuine, content_type = fields_of(bed, session, trade)
        fields = resigned(bed, without(genuine, name))
        reply = send(bed, fields, content_type)
        found = recorded(bed, trade)
    evidence = shown(fields, reply, found)
    if found is not None and found.get("state") not in {"none", "waiting"}:
        raise Failed("notify.incomplete", evidence, field=name)
    if found is None and reply.acknowledged:
        raise Failed("notify.incomplete", evidence, field=name)


# --- the amount that is awaited -------------------------------------------------------------------------


@check("notify.validate.amount", needs=_EXPECT, each=AMOUNTS)
def other_amount(bed: Testbed, amount: str) -> None:
    """Another amount is paid than the 12.50 that are awaited: the trade is not recorded as paid."""
    currency, apart = bed.plan.currency, Decimal(amount) - Decimal(PRICE)
    if abs(apart) < 1:
        amount = f"{Decimal(price(bed.plan.seed)) + apart:.2f}"
    _unexpected(bed, in_units(amount, currency), currency)


@check("notify.validate.currency", needs=_EXPECT, name="other")
def other_currency(bed: Testbed) -> None:
    """12.50 USD are awaited, and 12.50 HKD are paid: the trade is not recorded as paid."""
    other = bed.plan.other_currency
    _unexpected(bed, in_units(bed.price, other), other)


@check("notify.validate.amount", needs=(*_EXPECT, "trade"), builds_on=("notify.genuine",))
def at_a_static_code(bed: Testbed) -> None:
    """12.50 are awaited at a static code, and a cent is paid: goods leave for what was awaited alone, SHOULD.

    The notification need not name the code (no page says so), and the trade is genuine: it may be recorded.
    """
    bed.reset()  # what is awaited at a code may be taken for every payment of a number that is new
    with bed.gateway() as session:
        code = f"https://qr.alipay.com/{bed.fresh('bax')}"
        answer = bed.ask("expect", qrcode=code, total_fee=bed.price, currency=bed.plan.currency)
        trade = paid(bed, session, _cent(bed), bed.plan.currency)
        fields, content_type = fields_of(bed, session, trade)
        reply = send(bed, fields, content_type)
        told = recorded_in_the_end(bed, trade)
    bed.reset()
    if not isinstance(answer, Result):
        raise Unsupported(message("needs.operation", op="expect"), optional=True)
    if str(told.get("fulfilled", "0")) != "0":
        evidence = {**shown(fields, reply, told), "expected": f"{bed.price} {bed.plan.currency}"}
        raise Failed(
            "notify.unexpected", evidence, found=f"{_cent(bed)} {bed.plan.currency}", keyword_="SHOULD"
        )


@check("notify.validate.amount", needs=_EXPECT)
def sent_again(bed: Testbed) -> None:
    """A payment of a cent is repeated until it is acknowledged: it is as wrong the third time."""
    _unexpected(bed, _cent(bed), bed.plan.currency, times=3)


def _cent(bed: Testbed) -> str:
    """Return the least amount in the plan's currency."""
    return in_units("0.01", bed.plan.currency)


def _unexpected(bed: Testbed, total: str, currency: str, *, times: int = 1) -> None:
    with bed.gateway() as session:
        trade = _announced(bed, session, bed.price, total, currency)
        fields, content_type = fields_of(bed, session, trade)
        replies = [send(bed, fields, content_type) for _ in range(times)]
        found = recorded(bed, trade)
    acknowledged = any(reply.acknowledged for reply in replies)
    if acknowledged if found is None else found.get("state") == "paid":
        evidence = {**shown(fields, replies[-1], found), "expected": f"{bed.price} {bed.plan.currency}"}
        raise Failed("notify.unexpected", evidence, found=f"{total} {currency}")


@check("notify.validate.amount", needs=_EXPECT)
def after_a_restart(bed: Testbed) -> None:
    """12.50 are awaited, the same settings come once more, and a cent is paid: it is not believed."""
    with bed.gateway() as session:
        trade = _announced(bed, session, bed.price, _cent(bed))
        if not bed.subject.configure_again():
            raise Unsupported(message("needs.operation", op="configure"), optional=True)
        fields, content_type = fields_of(bed, session, trade)
        reply = send(bed, fields, content_type)
        if is_believed(bed, trade, reply):
            evidence = shown(fields, reply, recorded(bed, trade))
            raise Failed("notify.unexpected", evidence, found=f"{_cent(bed)} {bed.plan.currency}")


@check("notify.validate.amount", needs=_EXPECT, builds_on=("notify.genuine",))
def as_announced(bed: Testbed) -> None:
    """Exactly the payment that is awaited is acknowledged: to refuse everything keeps no rule."""
    with bed.gateway() as session:
        trade = _announced(bed, session, bed.price, bed.price)
        fields, content_type = fields_of(bed, session, trade)
        expect_ack(bed, fields, send(bed, fields, content_type))


@check("notify.validate.amount", needs=_EXPECT, each=SPELLINGS)
def spelt_otherwise(bed: Testbed, spelling: tuple[str, str]) -> None:
    """The payment that is awaited comes in another legal form of the same amount: it is acknowledged."""
    awaited, total_fee = spelling
    with bed.gateway() as session:
        trade = _announced(bed, session, awaited, awaited)
        given(bed, *fields_of(bed, session, trade, {"total_fee": awaited}))
        trade = _announced(bed, session, awaited, awaited)
        fields, content_type = fields_of(bed, session, trade, {"total_fee": total_fee})
        reply = send(bed, fields, content_type)
        if not reply.acknowledged:
            raise Failed("notify.refused", shown(fields, reply))


# --- the boundary between two parameters ----------------------------------------------------------------


@check("notify.boundary", needs=_NOTIFY, builds_on=_CAREFUL, name="total_fee-moved")
def total_fee_moved(bed: Testbed) -> None:
    """The amount stands hidden in the value before it: the notification is not believed."""
    _moved(bed, "total_fee")


@check(
    "notify.boundary",
    needs=_NOTIFY,
    builds_on=_CAREFUL,
    each={f"{name}-moved": name for name in ("out_trade_no", "trade_status")},
)
def compulsory_moved(bed: Testbed, name: str) -> None:
    """A compulsory parameter stands hidden in the value before it: the notification is not believed."""
    if _is_believed(bed, name):  # believed although it is missing altogether
        raise Blocked("see.requirement", requirement="notify.validate.complete")
    _moved(bed, name)


@check(
    "notify.boundary",
    needs=_NOTIFY,
    builds_on=(*_CAREFUL, "notify.validate.seller"),
    name="seller_id-moved",
)
def seller_moved(bed: Testbed) -> None:
    """The number of another seller stands hidden in the value before it: the notification is not believed."""
    _moved(bed, "seller_id", {"seller_id": _OTHER_SELLER})


def _moved(bed: Testbed, name: str, overrides: Mapping[str, str] | None = None) -> None:
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade, overrides)
        _expect_no_payment(bed, trade, moved_into_the_value_before(fields, name), content_type, name)


def _expect_no_payment(bed: Testbed, trade: str, fields: Pairs, content_type: str, name: str) -> None:
    reply = send(bed, fields, content_type)
    if is_believed(bed, trade, reply):
        raise Failed("attack.boundary", shown(fields, reply, recorded(bed, trade)), name=name)


def moved_into_the_value_before(fields: Pairs, name: str) -> Pairs:
    """Return the message with one parameter moved into the value before it; the signed text is the same."""
    signed = sorted(pair for pair in without(fields, "sign", "sign_type") if pair[1])
    place = [each for each, _ in signed].index(name)
    before, value = signed[place - 1]
    return replace(without(fields, name), before, f"{value}&{name}={signed[place][1]}")


@check("notify.validate.amount", needs=_EXPECT, builds_on=_CAREFUL)
def boundary_moved(bed: Testbed) -> None:
    """12.50 are awaited, a cent is paid, and its amount hidden in the value before it: it is not believed."""
    with bed.gateway() as session:
        trade = _announced(bed, session, bed.price, _cent(bed))
        fields, content_type = fields_of(bed, session, trade)
        fields = moved_into_the_value_before(fields, "total_fee")
        _expect_no_payment(bed, trade, fields, content_type, "total_fee")


def _split(bed: Testbed, session: GatewaySession, trade: str) -> tuple[Pairs, str]:
    """Return the notification of 0.01 in which the customer's text becomes a part of the amount."""
    session.engine.pay(None, "0.01", bed.plan.currency, session.now, out_trade_no=trade)
    fields, content_type = fields_of(bed, session, trade, {"subject": "goods&total_fee=1250.00"})
    fields = replace(fields, "subject", "goods")
    return replace(fields, "total_fee", "1250.00&total_fee=0.01"), content_type


@check("notify.boundary", needs=("notify", "trade"), builds_on=_CAREFUL)
def amount_in_the_subject(bed: Testbed) -> None:
    """The customer's text about the goods becomes a part of the amount: it is not recorded as paid."""
    with bed.gateway() as session:
        trade = bed.fresh("T")
        fields, content_type = _split(bed, session, trade)
        reply = send(bed, fields, content_type)
        told = recorded(bed, trade) or {}
    found = number(told.get("paid"))
    if told.get("state") == "paid" and found is not None and found != number("0.01"):
        raise Failed("attack.split", shown(fields, reply, told), paid="0.01", found=found)


@check("notify.validate.amount", needs=_EXPECT, builds_on=_CAREFUL, name="amount-in-the-subject")
def split_awaited(bed: Testbed) -> None:
    """The customer's text becomes a part of the amount, which then is the one awaited: it is not believed."""
    with bed.gateway() as session:
        trade = bed.fresh("T")
        bed.ask("expect", out_trade_no=trade, total_fee="1250.00", currency=bed.plan.currency)
        fields, content_type = _split(bed, session, trade)
        reply = send(bed, fields, content_type)
        if is_believed(bed, trade, reply):
            evidence = shown(fields, reply, recorded(bed, trade))
            raise Failed("attack.split", evidence, paid="0.01", found="1250.00")
