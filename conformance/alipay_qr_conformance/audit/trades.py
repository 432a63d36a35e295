"""Phase 2: the events of a trade, in the order of time -> what its history broke.

Most trades are dull: one payment, perhaps a refund that fits. The screens let those pass by comparing cents;
they find fault with none. Every other trade is replayed in `alipay_qr.ledger`, which decides.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter, methodcaller
from typing import Final

from alipay_qr.beijing import end_of_day, parse_timestamp
from alipay_qr.errors import AlipayQrError
from alipay_qr.money import CURRENCIES, WHOLE_NUMBER_CURRENCIES, parse_amount
from alipay_qr_conformance.audit.history import NONE_ACKNOWLEDGED, PAID, History
from alipay_qr_conformance.audit.kit import Policy
from alipay_qr_conformance.audit.replay import OF_CANCELS, OF_REFUNDS
from alipay_qr_conformance.audit.tally import Cause, Tally

MOST_EVENTS: Final = 10_000
"""Events of one trade that are replayed; a trade with more is told, and not judged."""

_PAID_PAIRS: Final = frozenset(f"trade_status={status}".encode() for status in PAID)
# Where the pairs of a notification stand in its line, and how many bytes their names take.
_TRADE_NO, _STATUS, _TOTAL, _CURRENCY, _GMT, _ID, _REFUND_ID = 6, 7, 8, 9, 10, 11, 14


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


_COUNTED: Final = frozenset({b"D", b"N"})
"""Carried out, or not recorded: what fits even if it was carried out, fits."""
_SPLIT: Final = methodcaller("split", b"\t")
_TWO_DECIMALS: Final = re.compile(rb"(?:0|[1-9][0-9]{0,6})\.[0-9]{2}")
_WITH_CENTS: Final = frozenset(each.encode() for each in CURRENCIES - WHOLE_NUMBER_CURRENCIES)


_CENTS: Final = rb"(?:0|[1-9][0-9]{0,6})\.[0-9]{2}"
_NEWS: Final = (
    rb"[^\t]++\t[^\t]++\t[^\t]++\tN\tY\t(?:trade_no=(?P<trade>[^\t]*+))?\t(?:%b)\ttotal_fee=(?P<total>%b)\t"
    rb"trans_currency=(?P<currency>%b)\t(?:gmt_payment=(?P<day>[^\t]{10})[^\t]*+)?\t"
    rb"[^\t]*+\t[^\t]*+\t[^\t]*+\t\t[^\n]*+\n"
) % (b"|".join(sorted(_PAID_PAIRS)), _CENTS, b"|".join(sorted(_WITH_CENTS)))
_REFUND: Final = (
    rb"R\t(?!(?P=own)\t)[^\t]++\t(?=[0.]*+[1-9])(?P<amount>%b)\t(?P=currency)\t[^\t]*+\t\t[DN]\n" % _CENTS
)
_CANCEL: Final = rb"C\t(?P<cancel>(?P=trade)?)\t[DN]\n"
_MOVE: Final = rb"(?P=key)\t(?P<ms>[^\t]++)\t[^\t]++\t[^\t]++\t(?:%b|%b)" % (_REFUND, _CANCEL)
_TRADE: Final = re.compile(
    rb"^(?:(?P<key>[^/]*+/(?P<own>[^\t]*+))\t%b(?:%b)?+(?!(?P=key)\t)"
    rb"|(?P<other>(?P<first>[^\t]*+)\t[^\n]*+\n(?:(?P=first)\t[^\n]*+\n)*+))" % (_NEWS, _MOVE),
    re.MULTILINE,
)
"""The lines of one trade: a payment, perhaps with one refund or cancel behind it; or any other.

Every line of a kind has as many tabs, and no text of it a line end: so to look for tabs alone, which is
faster, goes beyond no line.
"""
_GROUPS: Final = [_TRADE.groupindex[name] for name in ("day", "total", "amount", "ms", "cancel", "other")]


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
        policy: what the merchant declares.
        with_books: whether there are books, in which every trade should be.
    """

    def __init__(
        self, files: Sequence[int], policy: Policy | None = None, *, with_books: bool = False
    ) -> None:
        self.tally = Tally()
        self._files = files
        self._policy = policy or Policy()
        self._with_books = with_books
        self._dull = {"news": 0, "refund": 0, "cancel": 0}

    def lines(self, lines: list[bytes]) -> None:
        """Fold sorted lines, which are taken from the list; those of one trade stand together."""
        if self._with_books:
            for _, rows in groupby(map(_SPLIT, lines), itemgetter(0)):
                self._trade(list(rows))
            return
        lines.append(b"")
        text = b"\n".join(lines)
        lines.clear()
        news = refunds = cancels = 0
        for match in _TRADE.finditer(text):
            day, total, amount, ms, cancel, other = match.group(*_GROUPS)
            if other is not None:
                pass
            elif ms is None:
                news += 1
                continue
            elif cancel is not None:
                if day is not None and int(ms) < _deadline(day):
                    news, cancels = news + 1, cancels + 1
                    continue
            # Of numbers that are written alike the longer is larger.
            elif len(amount) < len(total) or (len(amount) == len(total) and amount <= total):
                news, refunds = news + 1, refunds + 1
                continue
            self._trade([line.split(b"\t") for line in match[0].splitlines()])
        for kind, count in (("news", news), ("refund", refunds), ("cancel", cancels)):
            self._dull[kind] += count

    def too_many(self, key: bytes, count: int) -> None:
        """Tell of a trade with more events than are replayed."""
        del key
        self.tally.remarks["hot-trade"] += count
        for requirement in (*OF_REFUNDS, *OF_CANCELS):
            self.tally.not_judged[requirement, "hot-trade"] += 1

    def finish(self) -> Tally:
        """Return the tally of everything that was folded."""
        dull, judged = self._dull, self.tally.judged
        if dull["news"]:
            judged["notify.genuine"] += dull["news"]
        for names, count in ((OF_REFUNDS, dull["refund"]), (OF_CANCELS, dull["cancel"])):
            for name in names if count else ():
                judged[name] += count
        return self.tally

    def _trade(self, rows: list[list[bytes]]) -> None:
        if len(rows) > MOST_EVENTS:
            self.too_many(rows[0][0], len(rows))
        elif self._with_books or not self._is_dull(rows):
            History(rows, self.tally, self._files, self._policy, self._with_books).judge()

    def _is_dull(self, rows: list[list[bytes]]) -> bool:
        """Say whether a trade surely keeps every rule; count it then."""
        if all(row[4] == b"F" for row in rows):
            return True  # what is forged was judged where it was read, and pays for nothing
        news, moves, kind = rows[:1], rows[1:], b""
        if len(moves) > 1 or (moves and moves[0][4] == b"N"):
            news = [row for row in rows if row[4] == b"N"]
            moves = [row for row in rows if row[4] != b"N"]
        if not news or not _same_news(news):
            return False
        if moves:
            kind = moves[0][4]
            if any(row[4] != kind for row in moves):
                return False
            if not (kind == b"R" and _refunds_fit(moves, news[0])) and not (
                kind == b"C" and all(_cancel_in_time(row, news[0]) for row in moves)
            ):
                return False
            self._dull["refund" if kind == b"R" else "cancel"] += 1
        self._dull["news"] += len({row[_ID] for row in news}) if len(news) > 1 else 1
        return True


def _is_payment(row: list[bytes]) -> bool:
    """Say whether a line is the news of a payment, and was acknowledged."""
    return row[4] == b"N" and row[5] == b"Y" and row[_STATUS] in _PAID_PAIRS and not row[_REFUND_ID]


def _same_news(news: list[list[bytes]]) -> bool:
    """Say whether all notifications are of one payment, and were acknowledged."""
    first = news[0][_TRADE_NO:_ID]
    return all(_is_payment(row) and row[_TRADE_NO:_ID] == first for row in news)


def _refunds_fit(refunds: list[list[bytes]], payment: list[bytes]) -> bool:
    """Say whether refunds differ in their ids, and stay within the payment if all were carried out."""
    currency = payment[_CURRENCY][15:]
    total = _cents(payment[_TOTAL][10:], currency)
    ids = {row[5] for row in refunds}
    if total is None or len(ids) < len(refunds) or refunds[0][0].partition(b"/")[2] in ids:
        return False
    for row in refunds:
        cents = _cents(row[6], row[7])
        if row[10] not in _COUNTED or row[7] != currency or row[9] or not cents:
            return False
        total -= cents
    return total >= 0


def _cancel_in_time(row: list[bytes], payment: list[bytes]) -> bool:
    """Say whether a cancel is of the day of the payment, and names no other."""
    return (
        row[6] in _COUNTED
        and (not row[5] or row[5] == payment[_TRADE_NO][9:])
        and int(row[1]) < _deadline(payment[_GMT][12:22])
    )
