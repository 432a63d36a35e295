"""The ledger: what may happen to a trade, and what it makes of the money.

What life looks like: a `Trade` is a value; every step takes one and returns the next, or raises
`RuleError` with the code that the gateway would answer.

    step     waiting      paid                 partly_refunded  refunded    cancelled   closed
    pay      paid         no                   no               closed!     closed!     closed!
    cancel   cancelled    cancelled, by day    no (refund made) no          as it is    as it is
    refund   no           yes, up to the rest  up to the rest   closed!     closed!     closed!
    close    closed       closed               closed           as it is    as it is    as it is

``closed!`` is TRADE_HAS_CLOSE, "as it is" succeeds with nothing to do. Beside the table:

- CANCEL of a paid trade holds on the Beijing day of the payment (``seed.md, Cancel Flow 2``; helpcenter
  201602452391); some documents allow 15 minutes more, or 24 hours: `Terms` says which.
- Refunds may be many and partial, their exact sum never exceeds the payment (``seed.md, Refund Flow 3``).
  An asynchronous refund is pending until it is finished; it counts against what remains from the start.
- ``partner_refund_id`` names one refund: the same again with the same data is the same refund, with
  other data an error (docs.antom.com/ac/global/spot_refund; merchant_qr_code_hk/practice).

No I/O, no clock: every moment is an argument, an aware datetime; amounts are Decimals in the trade's
currency.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal

from alipay_qr.beijing import end_of_day, format_timestamp
from alipay_qr.errors import AmountError, RuleError
from alipay_qr.money import format_amount

Action = Literal["close", "refund"]
"""What a CANCEL did: it closed an unpaid trade, or gave the money of a paid one back."""

_NOTHING: Final = Decimal(0)


class State(StrEnum):
    """The state of a trade, in the words of the adapter contract."""

    WAITING = "waiting"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund of a trade; ``done`` is False while an accepted refund has moved no money yet."""

    partner_refund_id: str
    amount: Decimal
    currency: str
    requested_at: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade and its history.

    Args:
        out_trade_no: the merchant-side number; for a static code the gateway chooses it.
        currency: of the price (``trans_currency``); every amount of the trade is in it.
        total: what the customer pays.
        paid_at: the moment of the payment (``gmt_payment``); it alone fixes the transaction day.
        ended_at: when the trade was refunded in full, cancelled or closed.

    Raises:
        AmountError: ``total`` is no amount of ``currency``.
    """

    out_trade_no: str
    currency: str
    total: Decimal
    state: State
    trade_no: str = ""
    paid_at: datetime | None = None
    ended_at: datetime | None = None
    refunds: tuple[Refund, ...] = ()

    def __post_init__(self) -> None:
        format_amount(self.total, self.currency)

    @property
    def refunded(self) -> Decimal:
        """The sum of the refunds that are done."""
        return _sum_of(self.refunds, done=True)

    @property
    def pending(self) -> Decimal:
        """The sum of the refunds that were accepted and are not done yet."""
        return _sum_of(self.refunds, done=False)

    @property
    def remaining(self) -> Decimal:
        """The rest that can be refunded; pending refunds count as spent."""
        if self.state not in _REFUNDABLE:
            return _NOTHING
        return self.total - sum([refund.amount for refund in self.refunds], _NOTHING)


@dataclass(frozen=True, slots=True)
class Terms:
    """The parts of the rules that a contract or a profile decides.

    Args:
        cancel_window: ``"beijing-day"``, the seed's rule, or ``"24h"`` after the payment
            (docs.antom.com/ac/transaction_qr_code_hk/refundflow).
        grace: added to the end of that window; 15 minutes in autodebitpay/cancel. helpcenter 201602452391
            gives them to orders that are not paid, merchant_qr_code_hk/implementapi to all.
        refund_period: counted from the payment; 365 days where the contract is not known (inferred
            from "about 12 months").
    """

    cancel_window: Literal["beijing-day", "24h"] = "beijing-day"
    grace: timedelta = timedelta(0)
    refund_period: timedelta = timedelta(days=365)


SEED_TERMS: Final = Terms()
GRACE_TERMS: Final = Terms(grace=timedelta(minutes=15))
DAY_LONG_TERMS: Final = Terms(cancel_window="24h")

_REFUNDABLE: Final = frozenset({State.PAID, State.PARTLY_REFUNDED})
_SETTLED: Final = frozenset({State.CANCELLED, State.CLOSED})
_FINAL: Final = frozenset({State.REFUNDED, State.CANCELLED, State.CLOSED})

_PAY_REFUSED: Final = {
    State.PAID: "TRADE_STATUS_ERROR",
    State.PARTLY_REFUNDED: "TRADE_STATUS_ERROR",
    State.REFUNDED: "TRADE_HAS_CLOSE",
    State.CANCELLED: "TRADE_HAS_CLOSE",
    State.CLOSED: "TRADE_HAS_CLOSE",
}
_REFUND_REFUSED: Final = {
    State.WAITING: "TRADE_STATUS_ERROR",
    State.REFUNDED: "TRADE_HAS_CLOSE",
    State.CANCELLED: "TRADE_HAS_CLOSE",
    State.CLOSED: "TRADE_HAS_CLOSE",
}


def cancel_deadline(paid_at: datetime, terms: Terms = SEED_TERMS) -> datetime:
    """Return the first instant at which a payment can no longer be cancelled (``seed.md, Cancel Flow 2``)."""
    end = end_of_day(paid_at) if terms.cancel_window == "beijing-day" else paid_at + timedelta(hours=24)
    return end + terms.grace


def refund_deadline(paid_at: datetime, terms: Terms = SEED_TERMS) -> datetime:
    """Return the first instant at which a payment can no longer be refunded (``seed.md, Refund Flow 2``)."""
    return paid_at + terms.refund_period


def pay(trade: Trade, at: datetime) -> Trade:
    """Book the payment of a waiting trade.

    Raises:
        RuleError: TRADE_STATUS_ERROR if it is paid already, TRADE_HAS_CLOSE if it is over.
    """
    if code := _PAY_REFUSED.get(trade.state):
        raise RuleError(
            f"trade {trade.out_trade_no} is {trade.state}, it cannot be paid",
            code=code,
            hint="a repeated notification is booked once",
        )
    return replace(trade, state=State.PAID, paid_at=at)


def cancel(trade: Trade, at: datetime, terms: Terms = SEED_TERMS) -> tuple[Trade, Action | None]:
    """Reverse a trade; the action is None where there is nothing (more) to do.

    Raises:
        RuleError: REASON_TRADE_REFUND_FEE_ERR after a refund, even a pending one (open-platform analogue);
            TRADE_CANCEL_TIME_OUT after the window of the payment.
    """
    if trade.state in _SETTLED:
        return trade, None
    if trade.refunds or trade.state is State.REFUNDED:
        raise RuleError(
            f"trade {trade.out_trade_no} has a refund, it cannot be cancelled any more",
            code="REASON_TRADE_REFUND_FEE_ERR",
            hint="refund what remains with REFUND",
        )
    if trade.paid_at is not None and at >= (deadline := cancel_deadline(trade.paid_at, terms)):
        raise RuleError(
            f"trade {trade.out_trade_no} could be cancelled until {format_timestamp(deadline)} GMT+8",
            code="TRADE_CANCEL_TIME_OUT",
            hint="use REFUND after the transaction day",
        )
    action: Action = "close" if trade.state is State.WAITING else "refund"
    return replace(trade, state=State.CANCELLED, ended_at=at), action


def refund(
    trade: Trade,
    *,
    partner_refund_id: str,
    amount: Decimal,
    currency: str,
    at: datetime,
    terms: Terms = SEED_TERMS,
    done: bool = True,
) -> tuple[Trade, Refund]:
    """Refund all or a part of what remains; an identical repeat returns the refund that exists.

    Args:
        trade: the paid trade.
        partner_refund_id: the merchant's number of this refund; not the trade's own number.
        amount: in ``currency``, which is the trade's.
        currency: three capital letters.
        at: the moment of the request.
        terms: what the contract says.
        done: False for an asynchronous refund, which is accepted now and finished later.

    Raises:
        RuleError: INVALID_PARAMETER (id or currency), REFUND_AMT_RESTRICTION (no amount, or zero),
            TRADE_HAS_CLOSE (cancelled, closed or refunded in full), RETURN_AMOUNT_EXCEED (more than
            remains), TRADE_STATUS_ERROR (not paid yet, or the refund period is over).
    """
    if known := find_refund(trade, partner_refund_id):
        return trade, _same_refund(known, amount, currency)
    _check_refund_data(trade, partner_refund_id, amount, currency)
    if code := _REFUND_REFUSED.get(trade.state):
        raise RuleError(f"trade {trade.out_trade_no} is {trade.state}, it cannot be refunded", code=code)
    if trade.paid_at is not None and at >= (deadline := refund_deadline(trade.paid_at, terms)):
        raise RuleError(
            f"the refund period of trade {trade.out_trade_no} ended {format_timestamp(deadline)} GMT+8",
            code="TRADE_STATUS_ERROR",
        )
    if amount > trade.remaining:
        raise RuleError(
            f"{amount} {currency} is more than what remains of trade {trade.out_trade_no}: {trade.remaining}",
            code="RETURN_AMOUNT_EXCEED",
            hint="the sum of all refunds may not exceed the payment; pending ones count",
        )
    made = Refund(partner_refund_id, amount, currency, at, done)
    return _with_refunds(trade, (*trade.refunds, made), at), made


def finish_refund(trade: Trade, partner_refund_id: str, at: datetime | None = None) -> Trade:
    """Book a pending refund as done; one that is done stays as it is.

    Raises:
        RuleError: INVALID_PARAMETER if the trade has no such refund.
    """
    known = _known_refund(trade, partner_refund_id)
    if known.done:
        return trade
    refunds = tuple(replace(each, done=True) if each is known else each for each in trade.refunds)
    return _with_refunds(trade, refunds, at)


def drop_refund(trade: Trade, partner_refund_id: str) -> Trade:
    """Take a pending refund back because it failed for good: its amount remains again.

    Raises:
        RuleError: INVALID_PARAMETER if there is no such refund, TRADE_STATUS_ERROR if it is done:
            a refund is final (gr/in-store pages).
    """
    known = _known_refund(trade, partner_refund_id)
    if known.done:
        raise RuleError(f"refund {partner_refund_id} is done, and final", code="TRADE_STATUS_ERROR")
    return replace(trade, refunds=tuple(each for each in trade.refunds if each is not known))


def close(trade: Trade, at: datetime) -> Trade:
    """Book that the gateway closed the trade without a CANCEL: by timeout, or as TRADE_CLOSED reports.

    A trade that was cancelled or refunded in full is closed for the gateway anyway: it keeps its state.
    """
    if trade.state in _FINAL:
        return trade
    return replace(trade, state=State.CLOSED, ended_at=at)


def find_refund(trade: Trade, partner_refund_id: str) -> Refund | None:
    """Return the refund of this number, or None."""
    for each in trade.refunds:
        if each.partner_refund_id == partner_refund_id:
            return each
    return None


def _with_refunds(trade: Trade, refunds: tuple[Refund, ...], at: datetime | None) -> Trade:
    """Return the trade with these refunds; its state follows from those that are done."""
    refunded = _sum_of(refunds, done=True)
    state, ended_at = trade.state, trade.ended_at
    if state in _REFUNDABLE and refunded:
        state = State.PARTLY_REFUNDED
        if refunded == trade.total:
            state, ended_at = State.REFUNDED, at
    return Trade(
        trade.out_trade_no,
        trade.currency,
        trade.total,
        state,
        trade.trade_no,
        trade.paid_at,
        ended_at,
        refunds,
    )


def _sum_of(refunds: tuple[Refund, ...], *, done: bool) -> Decimal:
    return sum([refund.amount for refund in refunds if refund.done is done], _NOTHING)


def _known_refund(trade: Trade, partner_refund_id: str) -> Refund:
    known = find_refund(trade, partner_refund_id)
    if known is None:
        raise RuleError(
            f"trade {trade.out_trade_no} has no refund {partner_refund_id[:64]!r}", code="INVALID_PARAMETER"
        )
    return known


def _same_refund(known: Refund, amount: Decimal, currency: str) -> Refund:
    if (known.amount, known.currency) != (amount, currency):
        raise RuleError(
            f"refund {known.partner_refund_id} exists with {known.amount} {known.currency}",
            code="INVALID_PARAMETER",
            hint="a new refund needs a new partner_refund_id; a repeat needs the same data",
        )
    return known


def _check_refund_data(trade: Trade, partner_refund_id: str, amount: Decimal, currency: str) -> None:
    if not partner_refund_id or partner_refund_id == trade.out_trade_no:
        raise RuleError(
            "partner_refund_id is empty or the number of the trade itself",
            code="INVALID_PARAMETER",
            hint="choose an id that names this refund alone",
        )
    if currency != trade.currency:
        raise RuleError(
            f"the trade was paid in {trade.currency}, the refund is asked in {currency[:10]!r}",
            code="INVALID_PARAMETER",
            hint="refund in the currency of the payment",
        )
    try:
        format_amount(amount, currency)
    except AmountError as error:
        raise RuleError(str(error), code="REFUND_AMT_RESTRICTION") from None
    if not amount:
        raise RuleError("a refund of nothing is none", code="REFUND_AMT_RESTRICTION")
