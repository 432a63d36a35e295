"""The fast path of requests: passes those that keep every rule, by patterns made from the catalogue."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_plus

from alipay_qr.beijing import BEIJING
from alipay_qr.catalogue import service
from alipay_qr.presign import CHARSETS
from alipay_qr_conformance.audit.accounts import Account
from alipay_qr_conformance.audit.cohorts import Wrong
from alipay_qr_conformance.audit.events import told_cancel, told_refund
from alipay_qr_conformance.audit.patterns import (
    HELD,
    SERVICES,
    legal,
    legal_refund,
    request_pattern,
    short_pattern,
)
from alipay_qr_conformance.audit.signs import Signs, texts

EXPIRY_SURELY: Final = 19 * 60_000
"""Milliseconds: with the ten minutes that a timestamp's head leaves open, within the rule's 30 minutes."""

_MOST_MOMENTS: Final = 65_536
_METHODS: Final = frozenset({"GET", "POST"})
_CHARSET_ONLY: Final = frozenset(
    f"_input_charset={form}" for name in CHARSETS for form in (name, name.lower())
)
Held = tuple[str | None, ...]


class _Order(NamedTuple):
    """The names of a request in the order in which they came, and the patterns of its service.

    Attributes:
        short, whole: see `patterns`.
        partner, moment: where these stand in `patterns.HELD`; 0 where there is no moment.
        signed: takes the pairs that are signed, sorted by name, and the empty one behind the last.
        sign, sign_type: where these stand.
    """

    alias: str
    short: re.Pattern[str]
    whole: re.Pattern[str]
    partner: int
    moment: int
    signed: Callable[[Sequence[str]], tuple[str, ...]]
    sign: int
    sign_type: int

    def match(self, parts: list[str]) -> re.Match[str] | None:
        """Match the pairs, sorted; None where they are others, came in another order, or are long."""
        if parts[self.sign][:5] != "sign=" or parts[self.sign_type][:10] != "sign_type=":
            return None
        return self.short.fullmatch("&".join(self.signed(parts)))


class Passed(NamedTuple):
    """A request that keeps every rule: its kind, partner and trade, and the event that tells of it."""

    kind: str
    partner: str
    trade: str
    told: str


class Open(NamedTuple):
    """A request that keeps every rule, but for its text and sign, which are not looked at yet."""

    order: _Order
    account: Account
    held: Held
    joined: str
    parts: list[str]


class FastRequests:
    """The fast path of requests for some accounts."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs
        self._services = {f"service={service(alias).name}": self._service(alias) for alias in SERVICES}
        self._orders: dict[int, _Order] = {}
        self._moments: dict[str, int] = {}

    def _service(self, alias: str) -> tuple[str, re.Pattern[str], re.Pattern[str], int, int]:
        held, profile = HELD[alias], self._signs.profile
        moment = held.index("timestamp") if "timestamp" in held else 0
        whole = request_pattern(alias, profile)
        return alias, short_pattern(alias, profile), whole, held.index("partner"), moment

    def one(
        self, method: str, query: str, body: str | None, content_type: str, ms: int | None
    ) -> Passed | Wrong | None:
        """Judge one request; see `open` and `close`."""
        opened = self.open(method, query, body, content_type, ms)
        return None if opened is None else self.close([opened])[0]

    def open(
        self, method: str, query: str, body: str | None, content_type: str, ms: int | None
    ) -> Open | None:
        """Return a request whose form keeps every rule; None where that is not sure.

        All is as recorded: an empty content type was not; ``ms`` is milliseconds since 1970, None if unknown.
        """
        if body:
            if query not in _CHARSET_ONLY or (content_type and not self._signs.charset_of(content_type)):
                return None
            query = f"{query}&{body}" if method == "POST" else ""
        parts = query.split("&")
        parts.append("")
        order = self._orders.get(len(parts))
        match = order.match(parts) if order is not None else None
        if order is None or match is None:
            order = self._order_of(parts)
            match = order.match(parts) if order is not None else None
        if order is None or method not in _METHODS:
            return None
        held: Held | None
        joined, held = (match.string, match.groups()) if match is not None else _whole(order, parts)
        if held is None:
            return None
        account = self._signs.by_partner.get(held[order.partner] or "")
        if account is None or account.profile != self._signs.profile:
            return None
        if order.moment:
            moment = held[order.moment]
            if ms is not None and moment is not None and not self._present(moment, ms):
                return None
        elif not legal_refund(*held):
            return None
        return Open(order, account, held, joined, parts)

    def close(self, opened: Sequence[Open]) -> list[Passed | Wrong | None]:
        """Look at texts and signs.

        Where the sign alone is wrong, what its mistake is recognised by is returned; None where a text is
        none in its charset.
        """
        charsets = {each.held[0] for each in opened}
        signed = None
        if len(charsets) == 1:
            signed = texts([each.joined for each in opened], charsets.pop() or "")
        if signed is None:
            if len(opened) == 1:
                return [None]
            return [found for each in opened for found in self.close([each])]
        return [self._closed(each, text[:-1]) for each, text in zip(opened, signed, strict=True)]

    def _closed(self, opened: Open, text: bytes) -> Passed | Wrong:
        order, account, held, joined, parts = opened
        sign, sign_type = parts[order.sign][5:], parts[order.sign_type][10:]
        if not self._signs.hold(account, text, sign, sign_type, received=False):
            match = order.whole.fullmatch(joined)
            groups = match.groupdict() if match is not None else {}
            signed = joined[:-1].split("&")
            return Wrong(account, groups, parts[:-1], signed, unquote_plus(sign), sign_type)
        if order.moment:
            _, trade, _, _, trade_no = held
            return Passed("cancel", account.partner, plain(trade), told_cancel(trade_no))
        _, trans_id, currency, is_sync, _, _, refund_id, trade, amount = held
        told = told_refund(plain(refund_id), amount, currency, is_sync, trans_id)
        return Passed("refund", account.partner, plain(trade), told)

    def _order_of(self, parts: list[str]) -> _Order | None:
        """Return the order of a request, and expect it of the next with as many pairs."""
        ways = sorted(range(len(parts) - 1), key=parts.__getitem__)
        at = bisect_left(ways, "sign=", key=parts.__getitem__)
        found = self._services.get(parts[ways[at - 1]]) if at else None
        signs = ways[at : at + 2]
        if found is None or [parts[each].partition("=")[0] for each in signs] != ["sign", "sign_type"]:
            return None
        signed = [*ways[:at], *ways[at + 2 :], len(parts) - 1]
        order = _Order(*found, itemgetter(*signed), *signs)
        self._orders[len(parts)] = order
        return order

    def _present(self, moment: str, ms: int) -> bool:
        """Say whether a timestamp is surely within the rule's 30 minutes of the moment of sending."""
        if moment.isdigit():
            return abs(int(moment) - ms) <= EXPIRY_SURELY
        head = moment[:-6] if moment[-5] == "%" else moment[:-4]
        begin = self._moments.get(head)
        if begin is None:
            text = f"{unquote_plus(head)}0:00"
            begin = int(datetime.fromisoformat(text).replace(tzinfo=BEIJING).timestamp()) * 1000
            if len(self._moments) >= _MOST_MOMENTS:
                self._moments.clear()
            self._moments[head] = begin
        return abs(begin - ms) <= EXPIRY_SURELY


def _whole(order: _Order, parts: list[str]) -> tuple[str, Held | None]:
    """Return a request whose values are long, and those of `HELD`; None where it may break a rule."""
    joined = "&".join(order.signed(parts))
    match = order.whole.fullmatch(joined)
    if match is None or not legal(match.groupdict()):
        return joined, None
    return joined, tuple(map(match.groupdict().get, HELD[order.alias]))


def plain(value: str | None) -> str:
    """Return a quoted value as it stands in an event: equal values are equal, and hold no line end."""
    value = value or ""
    if "%" not in value and "+" not in value:
        return value
    return quote(unquote_plus(value, errors="surrogateescape"), safe="", errors="surrogateescape")
