"""What the merchant's books and Alipay's statement say of a trade, compared with its messages.

The wire proves what was acknowledged; the books say what was believed, and the statement what happened.
Where a recording may lack messages, only what is in it is held against the books.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from alipay_qr.errors import AlipayQrError
from alipay_qr.money import parse_amount
from alipay_qr_conformance.audit.reply import ACKNOWLEDGED, DONE, REFUSED
from alipay_qr_conformance.audit.tally import Cause, Tally

if TYPE_CHECKING:
    from alipay_qr_conformance.audit.timeline import Event

Find = Callable[..., None]

_PAID: Final = frozenset({"paid", "partly_refunded", "refunded", "finished", "success", "trade_success"})
"""States of the books in which the payment was believed, in small letters."""
_OVER: Final = frozenset({"cancelled", "canceled", "closed", "reversed", "refunded"})


def compare(events: "Sequence[Event]", find: Find, tally: Tally, *, with_books: bool) -> None:
    """Judge one trade by its rows in the books and in the statement."""
    books = [each for each in events if each.kind == "B"]
    statement = [each for each in events if each.kind == "S"]
    paid = [
        each for each in events if each.kind == "N" and each.texts[2] in {"TRADE_SUCCESS", "TRADE_FINISHED"}
    ]
    settled = [each for each in statement if each.texts[0].upper() == "PAYMENT"]
    if not books:
        if with_books:
            _unknown_to_the_books(paid, settled, find, tally)
        return
    _Row(books[0], events, find, tally).judge(paid, settled, statement)


def _unknown_to_the_books(paid: "list[Event]", settled: "list[Event]", find: Find, tally: Tally) -> None:
    for event in [*settled, *(each for each in paid if each.texts[0] in ACKNOWLEDGED)][:1]:
        tally.judged["notify.status.believed"] += 1
        find("notify.status.believed", Cause("audit.not-in-books"), event)


class _Row:
    """One row of the books."""

    def __init__(self, row: "Event", events: "Sequence[Event]", find: Find, tally: Tally) -> None:
        self._row = row
        self._events = events
        self._find = find
        self._judged = tally.judged
        state, self.paid, self.currency, self.refunded, self.fulfilled, _ = row.texts
        self.state = state.lower()

    def judge(self, paid: "list[Event]", settled: "list[Event]", statement: "list[Event]") -> None:
        """Judge everything that the row says."""
        if self.fulfilled.isdecimal():
            self._check("notify.once.fulfilled", "audit.fulfilled-twice", broken=int(self.fulfilled) > 1)
        forged = [each for each in self._events if each.kind == "F"]
        believed = self.state in _PAID
        if believed and forged and not paid and not settled:
            self._check("notify.reject.changed", "audit.forged-believed", broken=True)
        if believed:
            self._amount(paid, settled)
        elif settled or any(each.texts[0] in ACKNOWLEDGED for each in paid):
            broken = self.state not in _OVER
            self._check("notify.status.believed", "audit.paid-not-booked", broken=broken)
        self._cancelled()
        if statement:
            self._refunded_by_statement(statement)
        else:
            self._refunded_by_messages()

    def _check(self, requirement: str, cause: str, *, broken: bool) -> None:
        self._judged[requirement] += 1
        if broken:
            self._find(requirement, Cause(cause), self._row)

    def _amount(self, paid: "list[Event]", settled: "list[Event]") -> None:
        if paid:
            total, currency = paid[0].texts[3:5]
        elif settled:
            total, currency = settled[0].texts[1:3]
        else:
            return
        if not self.paid:
            return
        differs = _money(self.paid, currency) != _money(total, currency) or self.currency not in {
            "",
            currency,
        }
        self._check("notify.amount.believed", "audit.books-amount", broken=differs)

    def _cancelled(self) -> None:
        cancels = [each.texts[1] for each in self._events if each.kind == "C"]
        if DONE in cancels:
            self._check("money.cancel.booked", "audit.cancel-not-booked", broken=self.state not in _OVER)
        elif cancels and set(cancels) == {REFUSED}:
            broken = self.state in {"cancelled", "canceled", "reversed"}
            self._check("money.cancel.not-booked", "audit.refused-cancel-booked", broken=broken)

    def _refunded_by_statement(self, statement: "list[Event]") -> None:
        booked = _money(self.refunded or "0", self.currency or "USD")
        moved = sum(
            (
                abs(_money(each.texts[1].lstrip("-"), each.texts[2]) or Decimal(0))
                for each in statement
                if each.texts[0].upper() == "REFUND"
            ),
            Decimal(0),
        )
        if booked is None or not (moved or booked):
            return
        self._check("money.refund.booked", "audit.refund-not-booked", broken=booked < moved)
        self._check("money.refund.not-booked", "audit.refund-booked-only", broken=booked > moved)

    def _refunded_by_messages(self) -> None:
        refunds = [each for each in self._events if each.kind == "R"]
        booked = _money(self.refunded or "0", self.currency or "USD")
        if not refunds or booked is None or not self.refunded:
            return
        done = {each.texts[0]: each for each in refunds if each.texts[5] == DONE and each.texts[3] == "Y"}
        moved = sum(
            (_money(each.texts[1], each.texts[2]) or Decimal(0) for each in done.values()), Decimal(0)
        )
        if done:
            self._check("money.refund.booked", "audit.refund-not-booked", broken=booked < moved)
        refused = {each.texts[0] for each in refunds if each.texts[5] == REFUSED}
        if refused and len(refused) == len({each.texts[0] for each in refunds}):
            asked = {_money(each.texts[1], each.texts[2]) for each in refunds}
            self._check(
                "money.refund.not-booked",
                "audit.refused-refund-booked",
                broken=booked in asked and bool(booked),
            )


def _money(text: str, currency: str) -> Decimal | None:
    try:
        return parse_amount(text, currency or "CNY")
    except AlipayQrError:
        return None
