"""Trade records: a merchant's knowledge of a trade, and what changes it.

A `TradeRecord` is a value; a step takes one and returns the next, or raises `RuleError`. The money rules
themselves are the ledger's. What this module adds is the merchant's view, in which things can be
uncertain:

- A number may be known before the payment is: the merchant expects it, cancels it, or refunds what another
  till sold. Until a notification tells the total, there is no ledger trade.
- Of a request whose outcome is unknown a note stays: a pending refund, an undecided cancel (see
  `alipay_qr.merchant.pending`).
- News never makes a status go backwards, so a repeated or late notification changes nothing, whatever
  its ``notify_id`` (the sources do not say whether repeats keep it).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from alipay_qr import ledger
from alipay_qr.errors import RuleError
from alipay_qr.ledger import Refund, State, Trade

_NOTHING: Final = Decimal(0)
_REFUNDABLE: Final = frozenset({State.PAID, State.PARTLY_REFUNDED})
_OVER: Final = frozenset({State.REFUNDED, State.CANCELLED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class TradeRecord:
    """One trade as the merchant knows it; amounts are in its currency.

    Attributes:
        out_trade_no: the number that both sides use; for a static code Alipay chooses it.
        trade: the ledger's trade, or None until somebody told currency and total.
        cancel: ``undecided`` while nobody knows what became of a CANCEL, ``done`` once one succeeded.
        unplaced: refunds made before the total was known.
        asynchronous: the numbers of refunds that were asked for with ``is_sync`` N or without it.
        fulfilled: how often goods were released: 0 or 1.
    """

    out_trade_no: str
    trade: Trade | None = None
    cancel: Literal["", "undecided", "done"] = ""
    unplaced: tuple[Refund, ...] = ()
    asynchronous: frozenset[str] = frozenset()
    fulfilled: int = 0

    @property
    def state(self) -> str:
        """``none``, ``undecided``, or one of the ledger's states."""
        if self.cancel == "undecided":
            return "undecided"
        if self.trade is not None:
            return self.trade.state.value
        return "cancelled" if self.cancel == "done" else "none"

    @property
    def refunds(self) -> tuple[Refund, ...]:
        """Every refund, pending and done."""
        return self.unplaced if self.trade is None else self.trade.refunds

    @property
    def currency(self) -> str:
        """The trade's currency, or an empty text while it is not known."""
        return "" if self.trade is None else self.trade.currency

    @property
    def paid(self) -> Decimal:
        """The sum that the customer paid; 0 before the payment."""
        return self.trade.total if self.trade is not None and self.trade.paid_at else _NOTHING

    @property
    def refunded(self) -> Decimal:
        """The sum of the refunds that are proved."""
        return sum((refund.amount for refund in self.refunds if refund.done), _NOTHING)

    @property
    def pending(self) -> Decimal:
        """The sum of the refunds that were accepted, or of which nobody knows what became."""
        return sum((refund.amount for refund in self.refunds if not refund.done), _NOTHING)


Step = Callable[[TradeRecord], TradeRecord]


def announce(record: TradeRecord, *, currency: str, total: Decimal, trade_no: str = "") -> TradeRecord:
    """Note what a trade is worth; once it is known, it must not change.

    Raises:
        RuleError: another total, currency or ``trade_no`` is on record.
        AmountError: ``total`` is no amount of ``currency``.
    """
    if record.trade is None:
        state = State.CANCELLED if record.cancel == "done" else State.WAITING
        trade = Trade(record.out_trade_no, currency, total, state, trade_no, refunds=record.unplaced)
        return replace(record, trade=trade, unplaced=())
    known = record.trade
    if (known.currency, known.total) != (currency, total):
        raise RuleError(
            f"trade {record.out_trade_no} is over {known.total} {known.currency}, not {total} {currency}",
            code="trade.amount-differs",
            hint="do not release the goods; ask Alipay about this payment",
        )
    if known.trade_no and trade_no and known.trade_no != trade_no:
        raise RuleError(
            f"trade {record.out_trade_no} has another trade_no on record", code="trade.number-differs"
        )
    return replace(record, trade=replace(known, trade_no=known.trade_no or trade_no))


def expect(record: TradeRecord, *, currency: str, total: Decimal) -> TradeRecord:
    """Note a payment that the merchant awaits; it may change until news comes.

    Raises:
        RuleError: news of the trade is on record, with another amount.
        AmountError: ``total`` is no amount of ``currency``.
    """
    trade = record.trade
    if trade is not None and trade.state is State.WAITING and not trade.trade_no:
        return replace(record, trade=replace(trade, currency=currency, total=total))
    return announce(record, currency=currency, total=total)


def book_payment(record: TradeRecord, paid_at: datetime, *, release: bool = True) -> TradeRecord:
    """Book a payment once; on a trade that is paid, or over, it is no news.

    Goods are released with the payment, if it is what the news is about (``release``) and nobody wanted
    to cancel the trade.
    """
    trade = _announced(record)
    if trade.state is State.WAITING:
        paid = _settled_anew(ledger.pay(trade, paid_at))
        return replace(record, trade=paid, fulfilled=0 if record.cancel or not release else 1)
    if trade.paid_at is None:  # closed or cancelled before we heard that it was paid
        return replace(record, trade=replace(trade, paid_at=paid_at))
    return record


def book_closed(record: TradeRecord, at: datetime) -> TradeRecord:
    """Book TRADE_CLOSED: by our undecided cancel, by refunds, else by the gateway."""
    trade = _announced(record)
    if record.cancel == "undecided":
        return book_cancelled(record, at)
    if trade.refunded + trade.pending == trade.total and trade.refunds:
        return record  # the notification of the last refund settles it
    return replace(record, trade=ledger.close(trade, at))


def book_refund(
    record: TradeRecord, partner_refund_id: str, amount: Decimal | None, at: datetime
) -> TradeRecord:
    """Book a refund that a notification reports, even if we did not ask for it.

    A refund also proves that an undecided cancel was not carried out: a cancelled trade has none.

    Raises:
        RuleError: the refund is on record with another amount, or exceeds what remains.
    """
    trade = _announced(record)
    known = find_refund(record, partner_refund_id)
    if known is not None:
        if amount is not None and amount != known.amount:
            raise RuleError(
                f"refund {partner_refund_id} is over {known.amount} {known.currency}, not {amount}",
                code="refund.amount-differs",
            )
        return _refunded(record, ledger.finish_refund(trade, partner_refund_id, at))
    if amount is None or trade.state not in _REFUNDABLE:
        return record
    trade, _ = ledger.refund(
        trade, partner_refund_id=partner_refund_id, amount=amount, currency=trade.currency, at=at
    )
    return _refunded(record, trade)


def book_cancelled(record: TradeRecord, at: datetime) -> TradeRecord:
    """Book a cancel that is proved, unless the trade is over."""
    trade = record.trade
    if trade is not None and trade.state not in _OVER:
        trade = replace(trade, state=State.CANCELLED, ended_at=at)
    return replace(record, trade=trade, cancel="done")


def find_refund(record: TradeRecord, partner_refund_id: str) -> Refund | None:
    """Return the refund of this number, pending or done, or None."""
    return next((each for each in record.refunds if each.partner_refund_id == partner_refund_id), None)


# --- behind the public list ------------------------------------------------------------------------------


def _announced(record: TradeRecord) -> Trade:
    if record.trade is None:
        raise ValueError("announce the trade before booking news of it")
    return record.trade


def _refunded(record: TradeRecord, trade: Trade) -> TradeRecord:
    return replace(record, trade=trade, cancel="" if record.cancel == "undecided" else record.cancel)


def _settled_anew(trade: Trade) -> Trade:
    """Derive the state of a trade just paid from refunds made before we knew."""
    done = [refund for refund in trade.refunds if refund.done]
    if not done:
        return trade
    refunds = tuple(replace(each, done=each.done and each is not done[-1]) for each in trade.refunds)
    return ledger.finish_refund(replace(trade, refunds=refunds), done[-1].partner_refund_id)
