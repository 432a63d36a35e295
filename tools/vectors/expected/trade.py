"""``refund_sequence`` and ``cancel_window``: after a history, may the next request be sent, what is booked?

A history is a list of events, oldest first: ``payment``, ``refund``, ``refund_notified``, ``cancel`` and
``closed``. A request in it has its ``outcome``: ``success``, ``accepted``, ``failed``, ``unknown``. The
``next`` request has one, too: what it comes to once it is sent.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from alipay_qr import ledger
from alipay_qr.beijing import BEIJING, beijing_day
from alipay_qr.errors import RuleError
from alipay_qr.ledger import DAY_LONG_TERMS, GRACE_TERMS, SEED_TERMS, Terms
from alipay_qr.merchant import MemoryStore, Outcome, TradeRecord
from alipay_qr.merchant.pending import begin_cancel, begin_refund, own_number, settle_cancel, settle_refund
from alipay_qr.merchant.trade import announce, book_closed, book_payment, book_refund, find_refund
from alipay_qr.money import format_amount, parse_amount

Answer = dict[str, Any]
Event = Mapping[str, Any]

WINDOWS: Final = {
    "beijing-day": SEED_TERMS,
    "beijing-day-and-15-minutes": GRACE_TERMS,
    "24-hours": DAY_LONG_TERMS,
}


def refund_sequence(inputs: Mapping[str, Any]) -> Answer:
    """Answer a vector of the kind ``refund_sequence``; ``error`` is the gateway's code."""
    terms = Terms(refund_period=timedelta(days=inputs["refund_period_days"]))
    books = _books(inputs["history"], terms)
    asked = inputs["next"]
    number = asked["partner_trans_id"]
    before = books.read(number)
    told: Answer = {"before": _told(before, asked["currency"])}
    try:
        _refund(books, asked, terms)
    except RuleError as error:
        return {"result": "invalid", **told, "error": error.code}
    told["repeat"] = find_refund(before, asked["partner_refund_id"]) is not None
    return {"result": "valid", **told, "after": _told(books.read(number), asked["currency"])}


def cancel_window(inputs: Mapping[str, Any]) -> Answer:
    """Answer a vector of the kind ``cancel_window``; ``error`` is the gateway's code."""
    terms = WINDOWS[inputs["window"]]
    books = _books(inputs["history"], terms)
    asked = inputs["next"]
    before = books.read(asked["out_trade_no"])
    told: Answer = {"before": before.state, **_deadline(before, _moment(asked["at"]), terms)}
    try:
        _cancel(books, asked, terms)
    except RuleError as error:
        return {"result": "invalid", **told, "error": error.code}
    action = None
    if before.trade is not None and asked["outcome"] == "success":
        _, action = ledger.cancel(before.trade, _moment(asked["at"]), terms)
    after = books.read(asked["out_trade_no"]).state
    return {"result": "valid", **told, **({"action": action} if action else {}), "after": after}


# --- replaying a history ---------------------------------------------------------------------------------


def _books(history: list[Event], terms: Terms) -> MemoryStore:
    books = MemoryStore()
    for event in history:
        _EVENTS[event["event"]](books, event, terms)
    return books


def _payment(books: MemoryStore, event: Event, _terms: Terms) -> None:
    currency, at = event["currency"], _moment(event["at"])
    total = parse_amount(event["total_fee"], currency)

    def step(record: TradeRecord) -> TradeRecord:
        return book_payment(announce(record, currency=currency, total=total), at)

    books.change(event["out_trade_no"], step)


def _expected(books: MemoryStore, event: Event, _terms: Terms) -> None:
    total = parse_amount(event["total_fee"], event["currency"])
    books.change(
        event["out_trade_no"], lambda record: announce(record, currency=event["currency"], total=total)
    )


def _refund(books: MemoryStore, event: Event, terms: Terms) -> None:
    number, refund_id, at = event["partner_trans_id"], event["partner_refund_id"], _moment(event["at"])
    own_number(refund_id, number, books.trade_of_refund(refund_id))
    repeated = find_refund(books.read(number), refund_id) is not None

    def note(record: TradeRecord) -> TradeRecord:
        return begin_refund(
            record,
            partner_refund_id=refund_id,
            amount=parse_amount(event["refund_amount"], event["currency"]),
            currency=event["currency"],
            at=at,
            sync=event["is_sync"] == "Y",
            terms=terms,
        )

    books.change(number, note)
    outcome = _outcome(event)
    books.change(number, lambda record: settle_refund(record, refund_id, outcome, at, repeated=repeated))


def _refund_notified(books: MemoryStore, event: Event, _terms: Terms) -> None:
    currency = books.read(event["out_trade_no"]).currency
    fee = parse_amount(event["refund_fee"], currency)
    at = _moment(event["at"])
    books.change(
        event["out_trade_no"], lambda record: book_refund(record, event["partner_refund_id"], fee, at)
    )


def _cancel(books: MemoryStore, event: Event, terms: Terms) -> None:
    number, at = event["out_trade_no"], _moment(event["at"])
    repeated = books.read(number).cancel == "undecided"
    books.change(number, lambda record: begin_cancel(record, at, terms))
    outcome = _outcome(event)
    books.change(number, lambda record: settle_cancel(record, outcome, at, repeated=repeated))


def _closed(books: MemoryStore, event: Event, _terms: Terms) -> None:
    books.change(event["out_trade_no"], lambda record: book_closed(record, _moment(event["at"])))


_EVENTS: Final[Mapping[str, Callable[[MemoryStore, Event, Terms], None]]] = {
    "payment": _payment,
    "expected": _expected,
    "refund": _refund,
    "refund_notified": _refund_notified,
    "cancel": _cancel,
    "closed": _closed,
}


# --- telling ---------------------------------------------------------------------------------------------


def _outcome(event: Event) -> Outcome:
    return Outcome(event["outcome"], event.get("code"), fields={"result_code": "signed"})


def _told(record: TradeRecord, currency: str) -> Answer:
    used = record.currency or currency
    remaining = record.trade.remaining if record.trade is not None else Decimal(0)
    amounts = {
        "paid": record.paid,
        "refunded": record.refunded,
        "pending": record.pending,
        "remaining": remaining,
    }
    return {"state": record.state, **{name: format_amount(each, used) for name, each in amounts.items()}}


def _deadline(record: TradeRecord, now: datetime, terms: Terms) -> Answer:
    """Return when the window of a paid trade closes, and how long that is from now; may be negative."""
    paid_at = None if record.trade is None else record.trade.paid_at
    if paid_at is None:
        return {}
    end = ledger.cancel_deadline(paid_at, terms)
    return {
        "paid_day": beijing_day(paid_at).isoformat(),
        "today": beijing_day(now).isoformat(),
        "closes": end.astimezone(BEIJING).isoformat(timespec="milliseconds"),
        "milliseconds_left": (end - now) // timedelta(milliseconds=1),
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
