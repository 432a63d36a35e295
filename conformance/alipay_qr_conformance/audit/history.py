"""One trade over time: its notifications, the ids of its refunds, its money."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import unquote

from alipay_qr.beijing import parse_timestamp
from alipay_qr.errors import AlipayQrError
from alipay_qr.ledger import (
    State,
    Trade,
    pay,
)
from alipay_qr.money import parse_amount
from alipay_qr_conformance.audit.books import compare
from alipay_qr_conformance.audit.kit import Policy
from alipay_qr_conformance.audit.replay import OF_CANCELS, OF_REFUNDS, Replay
from alipay_qr_conformance.audit.reply import ACKNOWLEDGED, REFUSED, UNKNOWN
from alipay_qr_conformance.audit.tally import Cause, Place, Tally
from alipay_qr_conformance.audit.timeline import ENDED, Event, event_of, refund_data, timeline

ATTEMPTS: Final = 8
"""How often Alipay sends a notification at most (docs.antom.com/ac/web/async)."""
PAID: Final = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})


class _WholeRecording(NamedTuple):
    requirement: str
    cause: str
    least: int


NONE_ACKNOWLEDGED: Final = _WholeRecording("notify.genuine", "audit.none-acknowledged", 3)
"""One refused notification may have its reason; a merchant that acknowledges none of several takes none."""


@dataclass
class History:
    """One trade that has to be looked at."""

    rows: list[list[bytes]]
    tally: Tally
    files: Sequence[int]
    policy: Policy
    with_books: bool = False
    events: list[Event] = field(default_factory=list)
    over: set[int] = field(default_factory=set)
    """Refunds that exceed what remains: they are no second attempt at another."""

    def judge(self) -> None:
        """Judge notifications, then refunds and cancels."""
        self.events = sorted(map(event_of, self.rows), key=lambda each: (each.ms, each.part, each.number))
        self.number = unquote(self.rows[0][0].partition(b"/")[2].decode("ascii"))
        self._notifications()
        moves = [each for each in self.events if each.kind in "RC"]
        if moves:
            self._ids(moves)
            self._money(moves)
            self._other_id_after_unknown(moves)
        if self.with_books or any(each.kind in "BS" for each in self.events):
            compare(self.events, self._find, self.tally, with_books=self.with_books)

    def _find(self, requirement: str, cause: Cause, event: Event, keyword: str | None = None) -> None:
        self.tally.broken[requirement] += 1
        self._place(requirement, cause, event, keyword)

    def _place(self, requirement: str, cause: Cause, event: Event, keyword: str | None) -> None:
        place = Place(self.files[event.part], event.part, event.number, -1)
        group = self.tally.find(requirement, cause, place, keyword)
        if group is not None:
            group.trade = self.number
            group.timeline = timeline(self.events, self.files)

    def _notifications(self) -> None:
        by_id: dict[str, list[Event]] = {}
        for event in self.events:
            if event.kind == "N":
                by_id.setdefault(event.texts[6], []).append(event)
        for deliveries in by_id.values():
            self._deliveries(deliveries)
        paid = self._payments()
        believed = [event for event in paid if event.texts[0] in ACKNOWLEDGED]
        for requirement, place in (("notify.validate.amount", 3), ("notify.validate.currency", 4)):
            if len(believed) > 1:
                self.tally.judged[requirement] += 1
                other = next(
                    (each for each in believed if each.texts[place] != believed[0].texts[place]), None
                )
                if other is not None and not _same_amount(believed[0], other, place):
                    self._find(requirement, Cause("audit.news-differ"), other)
        if len({event.texts[1] for event in paid if event.texts[1]}) > 1:
            self.tally.remarks["trade-no-differs"] += 1

    def _payments(self) -> list[Event]:
        return [each for each in self.events if each.kind == "N" and each.texts[2] in PAID]

    def _deliveries(self, deliveries: list[Event]) -> None:
        """Judge one notification over all its deliveries."""
        replies = [event.texts[0] for event in deliveries]
        if any(reply in ACKNOWLEDGED for reply in replies):
            self.tally.judged["notify.genuine"] += 1
            first = next(at for at, reply in enumerate(replies) if reply in ACKNOWLEDGED)
            after = replies[first + 1 :]
            if after:
                self.tally.judged["notify.once.acknowledged"] += 1
                if "N" in after and not any(reply in ACKNOWLEDGED for reply in after):
                    event = deliveries[first + 1 + after.index("N")]
                    self._find("notify.once.acknowledged", Cause("audit.repeat-refused"), event)
            return
        if "?" in replies:
            self.tally.not_judged["notify.genuine", "reply-not-recorded"] += 1
            return
        start = deliveries[0]
        if len(replies) >= ATTEMPTS:
            self.tally.judged["notify.genuine"] += 1
            self._find("notify.genuine", Cause("audit.never-acknowledged"), start)
        else:
            self.tally.not_judged["notify.genuine", "recording-ends"] += 1
            self._place(NONE_ACKNOWLEDGED.requirement, Cause(NONE_ACKNOWLEDGED.cause), start, None)

    def _ids(self, moves: list[Event]) -> None:
        """Judge what needs no payment: the ids of refunds, and cancels after refunds."""
        known: dict[str, Event] = {}
        done: list[Event] = []
        for event in moves:
            if event.kind == "C":
                if done:
                    cause = Cause("audit.cancel-after-refund", (("ended", ENDED[event.texts[1]]),))
                    self._find("money.cancel.after-refund", cause, event)
                continue
            refund_id, ended = event.texts[0], event.texts[5]
            if refund_id == self.number:
                self._find("money.refund.ids-differ", Cause("audit.refund-id-is-trade"), event)
            if ended == REFUSED:
                continue
            done.append(event)
            first = known.setdefault(refund_id, event)
            if first is not event:
                self.tally.judged["money.refund.same-id"] += 1
                if refund_data(first) != refund_data(event):
                    self._find("money.refund.same-id", Cause("audit.same-refund-id"), event)

    def _other_id_after_unknown(self, moves: list[Event]) -> None:
        for at, event in enumerate(moves):
            if event.kind != "R" or event.texts[5] != UNKNOWN:
                continue
            self.tally.judged["money.refund.one-id"] += 1
            later = [each for each in moves[at + 1 :] if each.kind == "R"]
            settled = any(each.texts[0] == event.texts[0] for each in later) or any(
                each.kind == "Q" or (each.kind == "N" and each.texts[9] == event.texts[0])
                for each in self.events
            )
            other = next((each for each in later if refund_data(each) == refund_data(event)), None)
            if other is not None and not settled and id(other) not in self.over:
                # a shop may mean two refunds of one amount: the traffic alone proves no fault
                self._find("money.refund.one-id", Cause("audit.other-id-after-unknown"), other, "SHOULD")

    def _money(self, moves: list[Event]) -> None:
        trade, why = self._paid_trade()
        if trade is None:
            for kind, names in (("R", OF_REFUNDS), ("C", OF_CANCELS)):
                if any(each.kind == kind for each in moves):
                    for name in names:
                        self.tally.not_judged[name, why] += 1
            return
        replay = Replay(trade, self._find, self.tally, self.over, self.policy)
        for event in self.events:
            replay.step(event)
        replay.finish(moves)

    def _paid_trade(self) -> tuple[Trade | None, str]:
        """Return the trade as the first genuine news of its payment tell, or why there is none."""
        for event in self._payments():
            _, trade_no, _, total, currency, paid = event.texts[:6]
            try:
                amount = parse_amount(total, currency or "CNY")
                trade = Trade(self.number or "-", currency or "CNY", amount, State.WAITING, trade_no)
                return pay(trade, parse_timestamp(paid)), ""
            except AlipayQrError:
                continue
        for event in self.events:
            if event.kind == "S" and event.texts[0].upper() == "PAYMENT":
                _, total, currency, paid, trade_no = event.texts
                try:
                    trade = Trade(
                        self.number or "-", currency, parse_amount(total, currency), State.WAITING, trade_no
                    )
                    return pay(trade, parse_timestamp(paid)), ""
                except AlipayQrError:
                    continue
        if any(each.kind == "F" for each in self.events):
            return None, "payment-forged"
        return None, "no-payment"


def _same_amount(one: Event, other: Event, place: int) -> bool:
    if place != 3:  # noqa: PLR2004 (the total)
        return False
    try:
        currency = one.texts[4] or "CNY"
        return parse_amount(one.texts[3], currency) == parse_amount(other.texts[3], currency)
    except AlipayQrError:
        return False
