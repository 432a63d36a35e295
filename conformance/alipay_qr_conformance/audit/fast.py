"""The fast path: passes messages of one form that keep every rule, and finds fault with none.

Where the digest of the text is the sign, the text is right, and with it the structure: so little is asked
besides. What may lack something is left to the slow judge; a request whose sign alone is wrong is told.
"""

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import compress, repeat
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_plus

from alipay_qr.beijing import BEIJING
from alipay_qr.money import CURRENCIES, WHOLE_NUMBER_CURRENCIES
from alipay_qr.presign import CHARSETS
from alipay_qr_conformance.audit.accounts import Account
from alipay_qr_conformance.audit.cohorts import Wrong
from alipay_qr_conformance.audit.forms import (
    IDS_OF,
    MOST_PAIRS,
    NEWS,
    TOLD_OF,
    Columns,
    Form,
    form_of,
    names_of,
)
from alipay_qr_conformance.audit.signs import Signs, texts
from alipay_qr_conformance.audit.slow import REDACTED, well_formed

EXPIRY_SURELY: Final = 19 * 60_000
"""Milliseconds: with the ten minutes that a timestamp's head leaves open, within the rule's 30 minutes."""

_LOOKED_AT: Final = 8
"""Messages that show whether all may be of one form."""
_MOST_MOMENTS: Final = 65_536
_MOST_ORDERS: Final = 64
_MOST_FORMS: Final = 512
"""Forms that are kept; where names come in more orders than the first number, they are sorted."""


_ASKED: Final = ("partner", "sign_type", "_input_charset")
_TELLING: Final = {NEWS: ("seller_id", "sign_type"), "refund": _ASKED, "cancel": _ASKED}
"""By kind, the names whose values tell which rules and keys hold for a message."""


class Forged(NamedTuple):
    """A notification that keeps every rule, but its sign is that of another text.

    Attributes:
        partner: whose it is.
        trade: its number, as it stands in an event.
    """

    partner: str
    trade: str


Left = Wrong | Forged | None
"""A message that does not pass: one of which the sign alone is wrong, or any other."""


class Found(NamedTuple):
    """What messages of one form come to.

    Attributes:
        kind: of all of them.
        places: where they stand among the texts.
        keys: ``partner/trade`` of those that keep every rule.
        told: what their events tell.
        left: by place, those that may not; of one whose sign alone is wrong, what it may be known by.
    """

    kind: str
    places: Sequence[int]
    keys: list[str]
    told: list[str]
    left: dict[int, Left]


class _Part(NamedTuple):
    """Messages of one form: their texts as they came, their columns, where they stand among all."""

    form: Form
    came: Sequence[str]
    columns: Columns
    charset: str
    places: Sequence[int]

    def at(self, places: Sequence[int]) -> "_Part":
        """Return some of them."""
        came, mine = [self.came[at] for at in places], [self.places[at] for at in places]
        return self._replace(came=came, columns=self.columns.at(places), places=mine)


class Fast:
    """The fast path for some accounts."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs
        self.profile = signs.profile
        self._forms: dict[tuple[str, ...], Form] = {}
        self._moments: dict[str, int] = {}

    def judge(self, texts: Sequence[str], charset: str, moments: Sequence[int | None]) -> Iterator[Found]:
        """Judge messages of one kind; what is not told of is left.

        Args:
            texts: their forms.
            charset: of notifications; empty for requests, which tell theirs.
            moments: when they were sent, milliseconds since 1970.
        """
        marks = set(map(str.count, texts[:_LOOKED_AT], repeat("&")))
        form = self._form_of(texts[0].split("&", MOST_PAIRS), charset, _MOST_ORDERS)
        columns = form.apart(texts) if form is not None and len(marks) == 1 else None
        if form is not None and columns is not None:
            yield from self._part(_Part(form, texts, columns, charset, range(len(texts))), moments)
            return
        for places in _by_marks(texts):
            if len(places) < len(texts):
                mine, when = [texts[at] for at in places], [moments[at] for at in places]
                for found in self.judge(mine, charset, when):
                    yield found._replace(places=[places[at] for at in found.places])
            else:
                yield from self._sorted(texts, charset, moments)

    def _sorted(self, texts: Sequence[str], charset: str, moments: Sequence[int | None]) -> Iterator[Found]:
        """Judge messages with as many pairs, in any order."""
        alike: dict[tuple[str, ...], list[tuple[int, str]]] = {}
        for place, text in enumerate(texts):
            pairs = sorted(text.split("&"))
            alike.setdefault(names_of(pairs), []).append((place, "&".join(pairs)))
        for rows in alike.values():
            form = self._form_of(rows[0][1].split("&"), charset, _MOST_FORMS)
            if form is not None:
                yield from self._halves(form, texts, rows, charset, moments)

    def _form_of(self, pairs: Sequence[str], charset: str, most: int) -> Form | None:
        names = names_of(pairs)
        form = self._forms.get(names)
        if form is None and len(self._forms) < most:
            # Names, and the service among the pairs, are all that a form is made of.
            form = form_of(pairs, self.profile)
            if form is not None:
                self._forms[names] = form
        return form if form is not None and (form.kind == NEWS) == bool(charset) else None

    def _halves(
        self,
        form: Form,
        came: Sequence[str],
        rows: Sequence[tuple[int, str]],
        charset: str,
        moments: Sequence[int | None],
    ) -> Iterator[Found]:
        """Judge texts with the same names; where one is odd, find it by halves."""
        columns = form.apart([text for _, text in rows])
        if columns is not None:
            places = [place for place, _ in rows]
            part = _Part(form, [came[place] for place in places], columns, charset, places)
            yield from self._part(part, moments)
        elif len(rows) > 1:
            half = len(rows) // 2
            yield from self._halves(form, came, rows[:half], charset, moments)
            yield from self._halves(form, came, rows[half:], charset, moments)

    def _part(self, part: _Part, moments: Sequence[int | None]) -> Iterator[Found]:
        """Judge messages of one form: those of one account, sign type and charset together."""
        form, columns, count = part.form, part.columns, len(part.places)
        names = [name for name in _TELLING[form.kind] if name in form.places]
        telling = {name: form.only(name, columns) for name in names}
        if None in telling.values():
            groups: dict[tuple[str, ...], list[int]] = {}
            for place, key in enumerate(zip(*[form.values(name, columns) for name in names], strict=True)):
                groups.setdefault(key, []).append(place)
            for places in groups.values():
                yield from self._part(part.at(places), moments)
            return
        owner = telling.get("seller_id" if form.kind == NEWS else "partner") or ""
        account = self._account(owner, received=form.kind == NEWS)
        if account is None:
            return
        when = moments if count == len(moments) else [moments[at] for at in part.places]
        charset = telling.get("_input_charset") or part.charset
        found = self._together(part, account, telling["sign_type"] or "", charset, when)
        if found is not None:
            yield found
        elif count > 1:
            yield from self._part(part.at(range(count // 2)), moments)
            yield from self._part(part.at(range(count // 2, count)), moments)

    def _together(
        self, part: _Part, account: Account, sign_type: str, charset: str, moments: Sequence[int | None]
    ) -> Found | None:
        """Judge messages that are alike but for their values; None where there is something odd."""
        form, columns = part.form, part.columns
        news = form.kind == NEWS
        if not news and not self._keeps_rules(form, columns, moments):
            return None
        pairs = [columns.pairs[at] for at in form.signed]
        signed = texts(pairs, [columns.lines[at] for at in form.signed], charset, quotes=self.profile != "hk")
        if signed is None:
            return None
        signs = form.values("sign", columns)
        held = self._signs.hold(account, signed, signs, sign_type, received=news)
        right = [False] * len(signs) if held is None else held
        odd = _odd_places(form, columns)
        left: dict[int, Left] = dict.fromkeys(odd if news else ())
        for place in [place for place, good in enumerate(right) if not good]:
            if not news:
                left[place] = _wrong(part, place, account, signs[place], sign_type)
            elif held is not None and place not in odd:
                left[place] = _forged(part, place, account, signed[place], sign_type, charset)
            else:
                left[place] = None
        told = [self._told(form, columns, name, len(right)) for name in TOLD_OF[form.kind]]
        trades = form.values(IDS_OF[form.kind][0], columns)
        if odd and not news:
            trades, told[0] = list(map(plain, trades)), list(map(plain, told[0]))
        head = f"{account.partner}/"
        keys, told_as = [head + trade for trade in trades], list(map("\t".join, zip(*told, strict=True)))
        if left:
            passed = [place not in left for place in range(len(right))]
            keys, told_as = list(compress(keys, passed)), list(compress(told_as, passed))
        return Found(form.kind, part.places, keys, told_as, left)

    def _told(self, form: Form, columns: Columns, name: str, count: int) -> list[str]:
        """Return what events tell of a name: pairs of a notification, values of a request."""
        if name not in form.places:
            return [""] * count
        return columns.pairs[form.places[name]] if form.kind == NEWS else form.values(name, columns)

    def _account(self, partner: str, *, received: bool) -> Account | None:
        account = self._signs.by_partner.get(partner)
        if account is None and received and not partner:
            return self._signs.only
        return account if account is None or received or account.profile == self.profile else None

    def _keeps_rules(self, form: Form, columns: Columns, moments: Sequence[int | None]) -> bool:
        """Say whether all requests keep the rules that no pattern can ask for."""
        for name, longest in form.lengths:
            # The length in bytes of its charset: a text has fewer characters.
            pairs, head = columns.pairs[form.places[name]], len(name) + 1
            if len(max(pairs, key=len)) - head > longest and any(
                len(pair) - head - 2 * pair.count("%") > longest for pair in pairs
            ):
                return False
        if form.kind == "refund":
            return _legal_refunds(form, columns)
        return all(
            ms is None or self._present(moment, ms)
            for moment, ms in zip(form.values("timestamp", columns), moments, strict=True)
        )

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


def _legal_refunds(form: Form, columns: Columns) -> bool:
    currencies = set(form.values("currency", columns))
    if not currencies <= CURRENCIES:
        return False
    whole = not currencies.isdisjoint(WHOLE_NUMBER_CURRENCIES)
    if whole and "." in columns.lines[form.places["refund_amount"]]:
        return False
    at_once = "is_sync" in form.places and set(form.values("is_sync", columns)) == {"Y"}
    if "notify_url" not in form.places and not at_once:
        return False
    ids, trades = form.values("partner_refund_id", columns), form.values("partner_trans_id", columns)
    return all(map(str.__ne__, ids, trades))


def _odd_places(form: Form, columns: Columns) -> set[int]:
    """Return which forms have an identifier that is not written plainly."""
    ids = [form.places[name] for name in IDS_OF[form.kind] if name in form.places]
    odd = [at for at in ids if _is_odd(columns.lines[at])]
    return {place for at in odd for place, pair in enumerate(columns.pairs[at]) if _is_odd(pair)}


def _is_odd(column: str) -> bool:
    """Say whether an identifier is not written plainly: it is read before it is compared."""
    return bool(column.encode("ascii").translate(None, _AS_READ))


def _by_marks(texts: Sequence[str]) -> Iterable[list[int]]:
    """Return the places of texts with as many pairs; of those with too many, none."""
    found: dict[int, list[int]] = {}
    for place, marks in enumerate(map(str.count, texts, repeat("&"))):
        if marks < MOST_PAIRS:
            found.setdefault(marks, []).append(place)
    return found.values()


_WRITTEN_PLAINLY: Final = re.compile(r"[A-Za-z0-9_.~-]*+")
_AS_READ: Final = f"=\n{string.ascii_letters}{string.digits}_.-~".encode()


def _wrong(part: _Part, place: int, account: Account, sign: str, sign_type: str) -> Wrong:
    """Return a request whose sign does not hold, as it came."""
    pairs = [column[place] for column in part.columns.pairs]
    values: dict[str, str | None] = {
        name: pairs[at][len(name) + 1 :] for name, at in part.form.places.items() if name not in _SIGNS
    }
    signed = [pairs[at] for at in part.form.signed]
    return Wrong(account, values, part.came[place].split("&"), signed, unquote_plus(sign), sign_type)


_SIGNS: Final = frozenset({"sign", "sign_type"})


def _forged(
    part: _Part, place: int, account: Account, signed: str, sign_type: str, charset: str
) -> Forged | None:
    """Return a notification whose sign is well formed, and another; None where it may be redacted."""
    text = signed.encode("latin-1").decode(CHARSETS[charset.upper()])
    values = [pair.partition("=")[2] for pair in text.split("&")]
    sign, trade = (
        unquote_plus(part.columns.pairs[part.form.places[name]][place].partition("=")[2])
        for name in ("sign", "out_trade_no")
    )
    if not well_formed(sign, sign_type) or any(map(REDACTED.fullmatch, [*values, sign])):
        return None
    return Forged(account.partner, quote(trade, safe=""))


def plain(value: str | None) -> str:
    """Return a quoted value as it stands in an event: equal values are equal, and hold no line end."""
    value = value or ""
    if _WRITTEN_PLAINLY.fullmatch(value):
        return value
    return quote(unquote_plus(value, errors="surrogateescape"), safe="", errors="surrogateescape")
