"""Notes made before a CANCEL or REFUND is sent, and settled by its outcome.

Every request is noted *before* it is sent, and settled by its outcome. A crash in between, like an outcome
``unknown``, leaves the note standing: a refund stays pending and keeps its amount reserved, a cancel stays
undecided. Both may be repeated with the same data.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from alipay_qr import ledger
from alipay_qr.errors import RuleError
from alipay_qr.ledger import SEED_TERMS, State, Terms, Trade, cancel_deadline
from alipay_qr.merchant.outcome import Outcome
from alipay_qr.merchant.trade import TradeRecord, book_cancelled, find_refund

_LARGEST: Final = Decimal(9_999_999)
_MAYBE_BY_ITSELF: Final = frozenset({"TRADE_HAS_CLOSE", "RETURN_AMOUNT_EXCEED"})
"""Failures of a repeated refund that its own first attempt may have caused: they settle nothing."""


# --- CANCEL ----------------------------------------------------------------------------------------------


def begin_cancel(record: TradeRecord, at: datetime, terms: Terms = SEED_TERMS) -> TradeRecord:
    """Note that a CANCEL is about to be sent.

    Raises:
        RuleError: a refund was made, or the transaction day of the payment is over; see `ledger.cancel`.
    """
    if record.trade is not None:
        ledger.cancel(record.trade, at, terms)
    elif record.unplaced:
        raise RuleError(
            f"trade {record.out_trade_no} has a refund, it cannot be cancelled any more",
            code="REASON_TRADE_REFUND_FEE_ERR",
            hint="refund what remains with REFUND",
        )
    return record if record.cancel == "done" else replace(record, cancel="undecided")


def settle_cancel(record: TradeRecord, outcome: Outcome, at: datetime, *, repeated: bool) -> TradeRecord:
    """Book what a CANCEL came to.

    A failure without a signature says that *this* request was not carried out, nothing about an earlier
    one: a repeat that fails so stays undecided.
    """
    if outcome.outcome == "success":
        return book_cancelled(record, at)
    if outcome.outcome == "failed" and record.cancel == "undecided" and (outcome.signed or not repeated):
        return replace(record, cancel="")
    return record


# --- REFUND ----------------------------------------------------------------------------------------------


def own_number(partner_refund_id: str, out_trade_no: str, owner: str | None) -> None:
    """Check that a refund's number is not in use for another trade.

    Args:
        partner_refund_id: the number of the refund that is asked for.
        out_trade_no: the trade that it is to be made of.
        owner: the trade that has a refund of this number, or None.

    Raises:
        RuleError: they differ (``docs.antom.com/ac/global/spot_refund``).
    """
    if owner not in {None, out_trade_no}:
        raise RuleError(
            f"{partner_refund_id} names a refund of trade {owner}",
            code="INVALID_PARAMETER",
            hint="a new refund needs a new partner_refund_id",
        )


def begin_refund(
    record: TradeRecord,
    *,
    partner_refund_id: str,
    amount: Decimal,
    currency: str,
    at: datetime,
    sync: bool,
    terms: Terms = SEED_TERMS,
) -> TradeRecord:
    """Note that a REFUND will be sent; its amount is reserved until it is settled.

    A repeat must have the ``is_sync`` of the first attempt. Otherwise the gateway's SUCCESS could mean
    that the first one was merely accepted, and we would book money that has not moved.

    Raises:
        RuleError: see `ledger.refund`; a repeat with another ``is_sync``; and while a cancel is undecided
            that can still be repeated.
    """
    if find_refund(record, partner_refund_id) and sync == (partner_refund_id in record.asynchronous):
        raise RuleError(
            f"refund {partner_refund_id} was asked for with another is_sync",
            code="INVALID_PARAMETER",
            hint="a new refund needs a new partner_refund_id; a repeat needs the same data",
        )
    if record.cancel == "undecided" and not _too_late_to_cancel(record, at, terms):
        raise RuleError(
            f"nobody knows yet what became of the cancel of trade {record.out_trade_no}",
            code="trade.undecided",
            hint="repeat the CANCEL first",
        )
    trade, _ = ledger.refund(
        record.trade or _stand_in(record, currency),
        partner_refund_id=partner_refund_id,
        amount=amount,
        currency=currency,
        at=at,
        terms=terms,
        done=False,
    )
    others = record.asynchronous - {partner_refund_id}
    return replace(
        _with_refunds(record, trade), asynchronous=others if sync else others | {partner_refund_id}
    )


def settle_refund(
    record: TradeRecord, partner_refund_id: str, outcome: Outcome, at: datetime, *, repeated: bool
) -> TradeRecord:
    """Book what a REFUND came to: done, taken back, or pending as before.

    The failure of a repeat takes the refund back only if it is signed and cannot be the consequence of a
    first attempt that was carried out after all.
    """
    known = find_refund(record, partner_refund_id)
    if known is None or known.done:
        return record
    trade = record.trade or _stand_in(record, known.currency)
    if outcome.outcome == "success":
        settled = _with_refunds(record, ledger.finish_refund(trade, partner_refund_id, at))
        return replace(settled, cancel="") if settled.cancel == "undecided" else settled
    proved = not repeated or (outcome.signed and outcome.code not in _MAYBE_BY_ITSELF)
    if outcome.outcome == "failed" and proved:
        return _with_refunds(record, ledger.drop_refund(trade, partner_refund_id))
    return record


# --- behind the public list ------------------------------------------------------------------------------


def _stand_in(record: TradeRecord, currency: str) -> Trade:
    """Return a trade for one of unknown total: every rule but the sum applies."""
    known = record.unplaced[0].currency if record.unplaced else currency
    state = State.CANCELLED if record.cancel == "done" else State.PAID
    return Trade(record.out_trade_no, known, _LARGEST, state, refunds=record.unplaced)


def _with_refunds(record: TradeRecord, trade: Trade) -> TradeRecord:
    if record.trade is None:
        return replace(record, unplaced=trade.refunds)
    return replace(record, trade=trade)


def _too_late_to_cancel(record: TradeRecord, at: datetime, terms: Terms) -> bool:
    paid_at = None if record.trade is None else record.trade.paid_at
    return paid_at is not None and at >= cancel_deadline(paid_at, terms)
