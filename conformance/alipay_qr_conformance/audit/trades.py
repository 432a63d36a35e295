"""Phase 2: the events of a trade, in the order of time -> what its history broke.

Most trades are dull: one payment, perhaps a refund that fits. `Screen` lets those pass by comparing cents;
it finds fault with none. Every other trade is replayed in `alipay_qr.ledger`, which decides.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, unquote_plus

from alipay_qr.beijing import end_of_day, format_timestamp, parse_timestamp
from alipay_qr.errors import AlipayQrError, RuleError
from alipay_qr.ledger import (
    GRACE_TERMS,
    State,
    Trade,
    cancel,
    cancel_deadline,
    drop_refund,
    find_refund,
    finish_refund,
    pay,
    refund,
)
from alipay_qr.money import CURRENCIES, WHOLE_NUMBER_CURRENCIES, parse_amount
from alipay_qr_conformance.audit.books import compare
from alipay_qr_conformance.audit.events import NO_TIME
from alipay_qr_conformance.audit.reply import ACKNOWLEDGED, DONE, NOT_RECORDED, REFUSED, UNKNOWN
from alipay_qr_conformance.audit.tally import Cause, Place, Tally

MOST_EVENTS: Final = 10_000
"""Events of one trade that are replayed; a trade with more is told, and not judged."""
MOST_TOLD: Final = 20
"""Events that a timeline shows."""
ATTEMPTS: Final = 8
"""How often Alipay sends a notification at most (docs.antom.com/ac/web/async)."""


class _WholeRecording(NamedTuple):
    requirement: str
    cause: str
    least: int


NONE_ACKNOWLEDGED: Final = _WholeRecording("notify.genuine", "audit.none-acknowledged", 3)
"""One refused notification may have its reason; a merchant that acknowledges none of several takes none."""

_PAID: Final = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})
_PAID_PAIRS: Final = frozenset(f"trade_status={status}".encode() for status in _PAID)
# Where the pairs of a notification stand in its line, and how many bytes their names take.
_TRADE_NO, _STATUS, _TOTAL, _CURRENCY, _GMT, _ID, _REFUND_ID = 6, 7, 8, 9, 10, 11, 14
_SUM: Final = "money.refund.sum"
_WINDOW: Final = "money.cancel.window"
_OF_REFUNDS: Final = (_SUM, "money.refund.currency", "money.refund.ids-differ")
_OF_CANCELS: Final = (_WINDOW, "money.cancel.window-band", "money.cancel.after-refund")
_ENDED: Final = {DONE: "carried-out", REFUSED: "refused", UNKNOWN: "unanswered", NOT_RECORDED: "not-recorded"}
_MONEY_OVER: Final = frozenset({"RETURN_AMOUNT_EXCEED", "TRADE_HAS_CLOSE"})


@dataclass(slots=True)
class Event:
    """One event of a trade; ``texts`` is what follows its kind, decoded."""

    ms: int
    part: int
    number: int
    kind: str
    texts: list[str]

    @property
    def moment(self) -> datetime | None:
        """When, None where that is not known."""
        return None if self.ms == NO_TIME else datetime.fromtimestamp(self.ms / 1000, UTC)


def _cents(text: bytes, currency: bytes) -> int | None:
    """Return an amount in the smallest unit of its currency, None where it is none.

    Two decimals are read at once; every other form is the business of `alipay_qr.money`.
    """
    if _TWO_DECIMALS.fullmatch(text) is not None and currency in _WITH_CENTS:
        return int(text[:-3] + text[-2:])
    try:
        value = parse_amount(text.decode("ascii"), currency.decode("ascii"))
    except (AlipayQrError, UnicodeDecodeError):
        return None
    return int(value) if currency.decode("ascii") in WHOLE_NUMBER_CURRENCIES else int(value * 100)


_TWO_DECIMALS: Final = re.compile(rb"(?:0|[1-9][0-9]{0,6})\.[0-9]{2}")
_WITH_CENTS: Final = frozenset(each.encode() for each in CURRENCIES - WHOLE_NUMBER_CURRENCIES)


@lru_cache(maxsize=65_536)
def _deadline(day: bytes) -> int:
    """Return the end of a Beijing day, ``yyyy-MM-dd``, in milliseconds since 1970; 0 where it is none."""
    try:
        return int(end_of_day(parse_timestamp(f"{day.decode('ascii')} 00:00:00")).timestamp() * 1000)
    except (AlipayQrError, UnicodeDecodeError):
        return 0


def settle(tally: Tally) -> None:
    """Decide what the whole recording tells: whether no genuine notification was acknowledged."""
    name, cause, least = NONE_ACKNOWLEDGED
    groups = tally.groups.get(name, {})
    group = groups.get(Cause(cause))
    if group is None:
        return
    if group.count < least or tally.judged[name]:
        del groups[Cause(cause)]
        if not groups:
            del tally.groups[name]
        return
    tally.broken[name] += group.count
    tally.judged[name] += group.count
    del tally.not_judged[name, "recording-ends"]


class Fold:
    """Folds the trades of a partition.

    Args:
        files: for each part, the number of its input.
        with_books: whether there are books, in which every trade should be.
    """

    def __init__(self, files: Sequence[int], *, with_books: bool = False) -> None:
        self.tally = Tally()
        self._files = files
        self._with_books = with_books
        self._dull = {"news": 0, "refund": 0, "cancel": 0}

    def lines(self, lines: Iterable[bytes]) -> None:
        """Fold sorted lines; those of one trade stand together."""
        key = b""
        group: list[list[bytes]] = []
        for line in lines:
            row = line.split(b"\t")
            if row[0] == key:
                group.append(row)
            else:
                if group:
                    self._trade(group)
                key, group = row[0], [row]
        if group:
            self._trade(group)

    def too_many(self, key: bytes, count: int) -> None:
        """Tell of a trade with more events than are replayed."""
        del key
        self.tally.remarks["hot-trade"] += count
        for requirement in (*_OF_REFUNDS, *_OF_CANCELS):
            self.tally.not_judged[requirement, "hot-trade"] += 1

    def finish(self) -> Tally:
        """Return the tally of everything that was folded."""
        dull, judged = self._dull, self.tally.judged
        if dull["news"]:
            judged["notify.genuine"] += dull["news"]
        for names, count in ((_OF_REFUNDS, dull["refund"]), (_OF_CANCELS, dull["cancel"])):
            for name in names if count else ():
                judged[name] += count
        return self.tally

    def _trade(self, rows: list[list[bytes]]) -> None:
        if len(rows) > MOST_EVENTS:
            self.too_many(rows[0][0], len(rows))
        elif self._with_books or not self._is_dull(rows):
            History(rows, self.tally, self._files, self._with_books).judge()

    def _is_dull(self, rows: list[list[bytes]]) -> bool:
        """Say whether a trade surely keeps every rule; count it then."""
        if len(rows) == 1:
            row = rows[0]
            if row[4] == b"N" and row[5] == b"Y" and row[_STATUS] in _PAID_PAIRS and not row[_REFUND_ID]:
                self._dull["news"] += 1
                return True
            return False
        news = [row for row in rows if row[4] == b"N"]
        if not news or not _same_news(news):
            return False
        if len(rows) > len(news):
            payment = news[0]
            refunds = [row for row in rows if row[4] == b"R"]
            cancels = [row for row in rows if row[4] == b"C"]
            if len(refunds) + len(cancels) + len(news) != len(rows) or (refunds and cancels):
                return False
            if refunds and not _refunds_fit(refunds, payment):
                return False
            if cancels and not all(_cancel_in_time(row, payment) for row in cancels):
                return False
            self._dull["refund" if refunds else "cancel"] += 1
        self._dull["news"] += len({row[_ID] for row in news}) if len(news) > 1 else 1
        return True


def _same_news(news: list[list[bytes]]) -> bool:
    """Say whether all notifications are of one payment, and were acknowledged."""
    first = news[0][_TRADE_NO:_ID]
    for row in news:
        if (
            row[5] != b"Y"
            or row[_STATUS] not in _PAID_PAIRS
            or row[_REFUND_ID]
            or row[_TRADE_NO:_ID] != first
        ):
            return False
    return True


def _refunds_fit(refunds: list[list[bytes]], payment: list[bytes]) -> bool:
    """Say whether refunds were carried out, differ in their ids, and stay within the payment."""
    currency = payment[_CURRENCY][15:]
    total = _cents(payment[_TOTAL][10:], currency)
    ids = {row[5] for row in refunds}
    if total is None or len(ids) < len(refunds) or refunds[0][0].partition(b"/")[2] in ids:
        return False
    for row in refunds:
        cents = _cents(row[6], row[7])
        if row[10] != b"D" or row[7] != currency or row[9] or not cents:
            return False
        total -= cents
    return total >= 0


def _cancel_in_time(row: list[bytes], payment: list[bytes]) -> bool:
    """Say whether a cancel was carried out on the day of the payment, and names no other."""
    return (
        row[6] == b"D"
        and (not row[5] or row[5] == payment[_TRADE_NO][9:])
        and int(row[1]) < _deadline(payment[_GMT][12:22])
    )


@dataclass
class History:
    """One trade that has to be looked at."""

    rows: list[list[bytes]]
    tally: Tally
    files: Sequence[int]
    with_books: bool = False
    events: list[Event] = field(default_factory=list)
    over: set[int] = field(default_factory=set)
    """Refunds that exceed what remains: they are no second attempt at another."""

    def judge(self) -> None:
        """Judge notifications, then refunds and cancels."""
        self.events = sorted(map(_event, self.rows), key=lambda each: (each.ms, each.part, each.number))
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
        return [each for each in self.events if each.kind == "N" and each.texts[2] in _PAID]

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
                    cause = Cause("audit.cancel-after-refund", (("ended", _ENDED[event.texts[1]]),))
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
                if _data(first) != _data(event):
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
            other = next((each for each in later if _data(each) == _data(event)), None)
            if other is not None and not settled and id(other) not in self.over:
                self._find("money.refund.one-id", Cause("audit.other-id-after-unknown"), other)

    def _money(self, moves: list[Event]) -> None:
        trade, why = self._paid_trade()
        if trade is None:
            for kind, names in (("R", _OF_REFUNDS), ("C", _OF_CANCELS)):
                if any(each.kind == kind for each in moves):
                    for name in names:
                        self.tally.not_judged[name, why] += 1
            return
        replay = _Replay(trade, self._find, self.tally, self.over)
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


class _Replay:
    """Replays refunds and cancels of a paid trade in the ledger."""

    def __init__(self, trade: Trade, find: Callable[..., None], tally: Tally, over: set[int]) -> None:
        self._trade = trade
        self._over = over
        self._find = find
        self._tally = tally
        self._undecided = False
        self._timeless = False

    def step(self, event: Event) -> None:
        """Take one event."""
        if event.kind == "R":
            self._refund(event)
        elif event.kind == "C":
            self._cancel(event)
        elif event.kind == "N" and event.texts[9]:
            self._refund_news(event.texts[9], event.texts[8])

    def finish(self, moves: list[Event]) -> None:
        """Count what was judged."""
        kinds = {each.kind for each in moves}
        judged, not_judged = self._tally.judged, self._tally.not_judged
        if "R" in kinds:
            for name in _OF_REFUNDS:
                if self._undecided:
                    not_judged[name, "cancel-undecided"] += 1
                else:
                    judged[name] += 1
        if "C" in kinds:
            for name in _OF_CANCELS:
                if self._timeless and name != "money.cancel.after-refund":
                    not_judged[name, "no-time"] += 1
                else:
                    judged[name] += 1

    def _refund_news(self, refund_id: str, status: str) -> None:
        try:
            known = find_refund(self._trade, refund_id)
            if known is None:
                return
            if status in {"", "REFUND_SUCCESS"}:
                self._trade = finish_refund(self._trade, refund_id)
            elif not known.done:
                self._trade = drop_refund(self._trade, refund_id)
        except RuleError:  # pragma: no cover - both were looked up before
            return

    def _refund(self, event: Event) -> None:
        refund_id, amount, currency, sync, trade_no, ended = event.texts
        if self._undecided:
            return
        if trade_no and self._trade.trade_no and trade_no != self._trade.trade_no:
            self._tally.remarks["trade-no-differs"] += 1
        try:
            after, _ = refund(
                self._trade,
                partner_refund_id=refund_id,
                amount=_amount(amount, currency),
                currency=currency,
                at=self._trade.paid_at or datetime.fromtimestamp(0, UTC),
                done=ended == DONE and sync == "Y",
            )
        except RuleError as error:
            self._refused(error, event, ended)
            return
        except AlipayQrError:
            return  # no amount is the parameter's own breach
        if ended != REFUSED:
            self._trade = after

    def _refused(self, error: RuleError, event: Event, ended: str) -> None:
        """Turn what the ledger refuses into a finding; less weighs what the gateway refused as well."""
        weight = "SHOULD" if ended in {REFUSED, NOT_RECORDED} else None
        details = (("ended", _ENDED[ended]),)
        if error.code in _MONEY_OVER:
            self._over.add(id(event))
            self._find(_SUM, Cause("audit.refund-over", details), event, weight)
        elif error.code == "INVALID_PARAMETER" and event.texts[2] != self._trade.currency:
            self._find("money.refund.currency", Cause("audit.refund-currency", details), event, weight)

    def _cancel(self, event: Event) -> None:
        trade_no, ended = event.texts
        if trade_no and self._trade.trade_no:
            self._tally.judged["money.cancel.own-trade"] += 1
            if trade_no != self._trade.trade_no:
                self._find("money.cancel.own-trade", Cause("audit.cancel-other-trade"), event)
                return
        if event.moment is None:
            self._timeless = True
            self._undecided = self._undecided or ended != REFUSED
            return
        try:
            after, _ = cancel(self._trade, event.moment)
        except RuleError as error:
            if error.code == "TRADE_CANCEL_TIME_OUT":
                self._late(event, ended)
            return
        if ended == DONE:
            self._trade = after
        elif ended != REFUSED:
            self._undecided = True

    def _late(self, event: Event, ended: str) -> None:
        details = (("ended", _ENDED[ended]),)
        paid, moment = self._trade.paid_at, event.moment
        if self._undecided:
            return  # the repeat of a cancel that was in time, and whose outcome is unknown
        if paid is None or moment is None:  # pragma: no cover - only a cancel with both is late
            return
        if moment < cancel_deadline(paid, GRACE_TERMS):
            self._find("money.cancel.window-band", Cause("audit.cancel-in-band", details), event)
            return
        weight = "SHOULD" if ended in {REFUSED, NOT_RECORDED} else None
        self._find(_WINDOW, Cause("audit.cancel-late", details), event, weight)
        if ended == DONE:
            self._undecided = (
                True  # carried out against the rule: nobody knows what the ledger of Alipay says
            )


def timeline(events: Sequence[Event], files: Sequence[int]) -> list[dict[str, Any]]:
    """Return the events of a trade for people: no field of a person, at most `MOST_TOLD` of them."""
    return [_told(event, files) for event in events[:MOST_TOLD]]


def _told(event: Event, files: Sequence[int]) -> dict[str, Any]:
    moment = event.moment
    told: dict[str, Any] = {"at": format_timestamp(moment) if moment else None}
    texts = event.texts
    if event.kind == "N":
        told |= {"event": "notification", "status": texts[2], "amount": texts[3], "currency": texts[4]}
        told |= {
            "paid": texts[5],
            "ended": "acknowledged" if texts[0] in ACKNOWLEDGED else "not-acknowledged",
        }
        if texts[9]:
            told |= {"id": texts[9], "amount": texts[10]}
        if texts[0] == "?":
            told["ended"] = "not-recorded"
    elif event.kind == "F":
        told |= {"event": "forged-notification"}
        told |= {"ended": "acknowledged" if texts[0] in ACKNOWLEDGED else "not-acknowledged"}
    elif event.kind == "R":
        told |= {"event": "refund", "id": texts[0], "amount": texts[1], "currency": texts[2]}
        told |= {"ended": _ENDED[texts[5]]}
    elif event.kind == "B":
        told |= {"event": "books", "status": texts[0], "amount": texts[1], "currency": texts[2], "ended": ""}
    elif event.kind == "S":
        told |= {
            "event": "statement",
            "status": texts[0],
            "amount": texts[1],
            "currency": texts[2],
            "ended": "",
        }
    elif event.kind == "C":
        told |= {"event": "cancel", "ended": _ENDED[texts[1]]}
    told["place"] = [files[event.part], event.part, event.number, -1]
    return told


def _event(row: list[bytes]) -> Event:
    kind = row[4].decode("ascii")
    pairs = [text.decode("ascii") for text in row[5:]]
    if kind == "N":
        pairs[1:] = [pair.partition("=")[2] for pair in pairs[1:]]
    texts = [unquote_plus(text) for text in pairs]
    return Event(int(row[1]), int(row[2]), int(row[3]), kind, texts)


def _data(event: Event) -> tuple[object, str]:
    """Return amount and currency of a refund, ``5`` and ``5.00`` alike."""
    try:
        return parse_amount(event.texts[1], event.texts[2]), event.texts[2]
    except AlipayQrError:
        return event.texts[1], event.texts[2]


def _same_amount(one: Event, other: Event, place: int) -> bool:
    if place != 3:  # noqa: PLR2004 (the total)
        return False
    try:
        currency = one.texts[4] or "CNY"
        return parse_amount(one.texts[3], currency) == parse_amount(other.texts[3], currency)
    except AlipayQrError:
        return False


def _amount(text: str, currency: str) -> Decimal:
    return parse_amount(text, currency)
