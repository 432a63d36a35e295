"""``notify.status``, ``notify.amount``, ``notify.trade``: what is recorded of a trade is what was notified.

Numbers are texts: a shop that keeps them as numbers, in a column that is too short, or in a table that knows
no capital letters, meets two of them as one.
"""

from collections.abc import Callable
from typing import Final

from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.notifications import (
    fields_of,
    given,
    paid,
    recorded,
    recorded_in_the_end,
    send,
    shown,
)
from alipay_qr_conformance.testbed.paid_trade import Answered, PaidTrade, number
from alipay_qr_conformance.testbed.scenarios import CLOSE, Pair
from alipay_qr_conformance.testbed.testbed import Testbed

_TRADE: Final = ("notify", "trade")

STATES: Final = {
    "TRADE_SUCCESS": ("paid",),
    "TRADE_FINISHED": ("paid", "none"),
    "TRADE_CLOSED": ("closed", "none"),
    "TRADE_PENDING": ("waiting", "none"),
    "WAIT_BUYER_PAY": ("waiting", "none"),
}
"""By ``trade_status``: the states of the trade (operation ``trade``) of which one is recorded after it."""


# --- the state ------------------------------------------------------------------------------------------


@check(
    "notify.status.believed",
    needs=_TRADE,
    builds_on=("notify.genuine",),
    each={status: (status, states) for status, states in STATES.items()},
)
def in_status(bed: Testbed, row: tuple[str, tuple[str, ...]]) -> None:
    """A trade is recorded in the state that its ``trade_status`` means; goods leave only when it is paid."""
    status, expected = row
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade, {"trade_status": status})
        reply = send(bed, fields, content_type)
        told = recorded(bed, trade) or {}
    found = told.get("state")
    evidence = shown(fields, reply, told)
    if found not in expected:
        raise Failed("notify.state", evidence, status=status, expected=expected[0], found=found)
    if found != "paid" and str(told.get("fulfilled") or "0") != "0":
        raise Failed("notify.released", evidence, status=status)


@check("notify.status.believed", needs=_TRADE)
def never_heard_of(bed: Testbed) -> None:
    """A status that no page names proves no payment, however well it is signed."""
    status = "TRADE_UNDER_REVIEW"
    with bed.gateway() as session:
        trade = paid(bed, session)
        fields, content_type = fields_of(bed, session, trade, {"trade_status": status})
        reply = send(bed, fields, content_type)
        told = recorded(bed, trade) or {}
    if told.get("state") == "paid" or str(told.get("fulfilled") or "0") != "0":
        raise Failed("notify.released", shown(fields, reply, told), status=status)


@check("notify.status.believed", needs=_TRADE)
def pending_and_then_paid(bed: Testbed) -> None:
    """A trade waits while the seller's account is frozen, and is paid after all: it is recorded as paid."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        pending = {"trade_status": "TRADE_PENDING", "notify_id": bed.fresh("n")}
        given(bed, *fields_of(bed, session, trade, pending))
        fields, content_type = fields_of(bed, session, trade)
        reply = send(bed, fields, content_type)
        told = recorded_in_the_end(bed, trade)
    if (found := told.get("state")) != "paid":
        evidence, status = shown(fields, reply, told), "TRADE_PENDING, TRADE_SUCCESS"
        raise Failed("notify.state", evidence, status=status, expected="paid", found=found)


@check("notify.status.forward", needs=_TRADE)
def closed_stays_closed(bed: Testbed) -> None:
    """The notification of the payment arrives after that of the closing: the trade stays closed."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        given(bed, *fields_of(bed, session, trade))
        closing = {"trade_status": "TRADE_CLOSED", "notify_id": f"c{trade}"}
        given(bed, *fields_of(bed, session, trade, closing))
        before = recorded(bed, trade) or {}
        fields, content_type = fields_of(bed, session, trade, {"notify_id": f"l{trade}"})
        reply = send(bed, fields, content_type)
        after = recorded_in_the_end(bed, trade)
    found = after.get("state")
    if before.get("state") == "closed" and found != "closed":
        raise Failed("notify.backwards", shown(fields, reply, after), before="closed", after=found)


@check("notify.status.forward", needs=_TRADE)
def paid_stays_paid(bed: Testbed) -> None:
    """The notification of the waiting arrives after that of the payment: the trade stays paid."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        given(bed, *fields_of(bed, session, trade))
        waiting = {"trade_status": "WAIT_BUYER_PAY", "notify_id": f"w{trade}"}
        fields, content_type = fields_of(bed, session, trade, waiting)
        reply = send(bed, fields, content_type)
        after = recorded_in_the_end(bed, trade)
    if (found := after.get("state")) != "paid":
        raise Failed("notify.backwards", shown(fields, reply, after), before="paid", after=found)


@check("notify.status.forward", needs=(*_TRADE, "cancel"))
def after_own_cancel(bed: Testbed) -> None:
    """The notification of the payment comes again after the own cancel: the trade stays cancelled."""
    _told_after(bed, PaidTrade.cancel, "cancelled")


@check("notify.status.forward", needs=(*_TRADE, "refund"))
def after_full_refund(bed: Testbed) -> None:
    """The notification of the payment comes again after a full refund: the trade stays refunded."""
    _told_after(bed, lambda trade: trade.refund("10.00"), "refunded")


def _told_after(bed: Testbed, end: Callable[[PaidTrade], Answered], ended: str) -> None:
    """Tell of the payment under a new number, after the trade has ended.

    Where it has not ended, other rules are to blame, and nothing is there to be reopened.
    """
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        fields, content_type = fields_of(bed, session, trade.trade, {"notify_id": f"l{trade.trade}"})
        end(trade)
        before = trade.recorded()
        if before.get("state") != ended:
            return
        reply = send(bed, fields, content_type)
        after = trade.recorded()
    kept = ("state",) if ended == "cancelled" else ("state", "refunded")
    if (found := {name: str(after.get(name)) for name in kept}) != {
        name: str(before.get(name)) for name in kept
    }:
        evidence = {**shown(fields, reply, after), "before": before}
        raise Failed("attack.late-news", evidence, before=ended, what=found)


# --- the amount -----------------------------------------------------------------------------------------


@check(
    "notify.amount.believed",
    needs=_TRADE,
    each={"paid-amount": ("12.50", ""), "whole-number": ("300", "JPY")},
    when=lambda plan, amount: plan.takes(amount[1] or plan.currency),
)
def of_amount(bed: Testbed, amount: tuple[str, str]) -> None:
    """What was paid is recorded: the amount, in its currency."""
    total, currency = amount[0], amount[1] or bed.plan.currency
    with bed.gateway() as session:
        trade = paid(bed, session, total, currency)
        given(bed, *fields_of(bed, session, trade))
        told = recorded(bed, trade) or {}
    found, unit = told.get("paid"), told.get("currency")
    if found is None:
        raise Unsupported(message("notify.no-amount"))
    if number(found) != number(total) or unit not in {None, currency}:
        raise Failed(
            "notify.amount", {"trade": told}, expected=f"{total} {currency}", found=f"{found} {unit}"
        )


@check("notify.amount.believed", needs=_TRADE)
def price_and_discount(bed: Testbed) -> None:
    """``price`` is what the goods would cost without the discount: ``total_fee`` is recorded as paid."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        others = {"price": "15.00", "quantity": "1", "discount": "-2.50"}
        fields, content_type = fields_of(bed, session, trade, others)
        reply = send(bed, fields, content_type)
        told = recorded(bed, trade) or {}
    found = told.get("paid")
    if not reply.acknowledged or found is None:
        raise Blocked("see.genuine")
    if str(found) in {"15.00", "15", "15.0"}:
        raise Failed("notify.amount", shown(fields, reply, told), expected=bed.price, found=found)


@check("notify.amount.believed", needs=_TRADE)
def other_currencies(bed: Testbed) -> None:
    """The bank takes yuan, the shop is paid out in another currency: the amount of the trade is recorded."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        others = {"settle_currency": bed.plan.other_currency, "pay_currency": "CNY", "pay_amount": "89.10"}
        fields, content_type = fields_of(bed, session, trade, others)
        reply = send(bed, fields, content_type)
        told = recorded(bed, trade) or {}
    if not reply.acknowledged or told.get("state") != "paid":
        raise Blocked("see.genuine")
    found = (number(told.get("paid", bed.price)), told.get("currency") or bed.plan.currency)
    if found != (number(bed.price), bed.plan.currency):
        came = f"{told.get('paid')} {told.get('currency')}"
        expected = f"{bed.price} {bed.plan.currency}"
        raise Failed("notify.amount", shown(fields, reply, told), expected=expected, found=came)


@check("notify.amount.believed", needs=_TRADE)
def other_than_was_ordered(bed: Testbed) -> None:
    """Less is paid than was ordered: it may be refused, and what is recorded is what was paid."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        ordered = {"trade_status": "WAIT_BUYER_PAY", "total_fee": "15.00", "notify_id": bed.fresh("n")}
        send(bed, *fields_of(bed, session, trade, ordered))
        if (recorded(bed, trade) or {}).get("state") == "paid":
            raise Blocked("see.requirement", requirement="notify.status.believed")
        fields, content_type = fields_of(bed, session, trade, {"is_total_fee_adjust": "Y"})
        reply = send(bed, fields, content_type)
        told = recorded(bed, trade) or {}
    found = told.get("paid")
    if told.get("state") == "paid" and found is not None and number(found) != number(bed.price):
        raise Failed("notify.amount", shown(fields, reply, told), expected=bed.price, found=found)


@check("notify.amount.believed", needs=(*_TRADE, "expect"))
def no_currency_named(bed: Testbed) -> None:
    """An awaited payment names no currency: refused, or recorded in that of the order, SHOULD.

    Genuine notifications of the older gateways name none (none may be demanded), and mean the order's.
    """
    plan = bed.plan
    currency = plan.other_currency if plan.takes(plan.other_currency) else plan.currency
    with bed.gateway() as session:
        trade = bed.fresh("T")
        bed.ask("expect", out_trade_no=trade, total_fee=bed.price, currency=currency)
        session.engine.pay(None, bed.price, currency, session.now, out_trade_no=trade)
        fields, content_type = fields_of(bed, session, trade, {"trans_currency": None})
        reply = send(bed, fields, content_type)
        told = recorded_in_the_end(bed, trade)
    if told.get("state") == "paid" and (unit := told.get("currency")) not in {None, currency}:
        expected, found = f"{bed.price} {currency}", f"{told.get('paid')} {unit}"
        evidence = shown(fields, reply, told)
        raise Failed("notify.amount", evidence, keyword_="SHOULD", expected=expected, found=found)


# --- the trade ------------------------------------------------------------------------------------------


@check("notify.trade.own", needs=_TRADE, each=CLOSE)
def two_trades(bed: Testbed, pair: Pair) -> None:
    """Two trades have numbers that are close to each other: each payment is recorded for its own."""
    with bed.gateway() as session:
        first, second = pair(bed.fresh(""))
        for trade, total in ((first, "10.00"), (second, "20.00")):
            session.engine.pay(None, total, bed.plan.currency, session.now, out_trade_no=trade)
        given(bed, *fields_of(bed, session, second))
        _expect_unpaid(bed, first, second)
        given(bed, *fields_of(bed, session, first))
        _expect_paid(bed, first, "10.00")
        _expect_paid(bed, second, "20.00")


@check("notify.trade.own", needs=(*_TRADE, "expect"))
def same_amount_awaited(bed: Testbed) -> None:
    """Two customers owe the same, and the second one pays: the first trade stays unpaid."""
    with bed.gateway() as session:
        first, second = bed.fresh("T"), bed.fresh("T")
        for trade in (first, second):
            bed.ask("expect", out_trade_no=trade, total_fee="12.50", currency=bed.plan.currency)
        session.engine.pay(None, "12.50", bed.plan.currency, session.now, out_trade_no=second)
        given(bed, *fields_of(bed, session, second))
        _expect_unpaid(bed, first, second)
        _expect_paid(bed, second, "12.50")


def _expect_unpaid(bed: Testbed, trade: str, other: str) -> None:
    told = recorded(bed, trade) or {}
    if told.get("state") not in {"none", "waiting"}:
        raise Failed("notify.other-trade-paid", {"recorded": told}, trade=trade, paid=other)


def _expect_paid(bed: Testbed, trade: str, total: str) -> None:
    told = recorded(bed, trade) or {}
    found = told.get("paid")
    wrong = found is not None and number(found) != number(total)
    if told.get("state") != "paid" or wrong:
        raise Failed("notify.trades-mixed", {"recorded": told}, trade=trade, expected=total)
