"""The fast path: passes messages of one form that keep every rule, and finds fault with none.

Where the digest of the text is the sign, the text is right, and with it the structure: so little is asked
besides. What may lack something is left to the slow judge; a request whose sign alone is wrong is told.
"""

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import compress
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_plus

from alipay_qr.beijing import BEIJING
from alipay_qr.money import CURRENCIES, WHOLE_NUMBER_CURRENCIES
from alipay_qr.presign import CHARSETS
from alipay_qr_conformance.audit.accounts import Account
from alipay_qr_conformance.audit.cohorts import Wrong
from alipay_qr_conformance.audit.forms import IDS_OF, MOST_PAIRS, NEWS, Columns, Form, Row, form_of
from alipay_qr_conformance.audit.signs import Signs, texts
from alipay_qr_conformance.audit.slow import MD5_FORM, REDACTED

EXPIRY_SURELY: Final = 19 * 60_000
"""Milliseconds: with the ten minutes that a timestamp's head leaves open, within the rule's 30 minutes."""

_MOST_MOMENTS: Final = 65_536
_MOST_ORDERS: Final = 64
_MOST_FORMS: Final = 512
"""Patterns that are kept; where names come in more orders than the first number, they are sorted."""
_CHARSET_ONLY: Final = frozenset(
    f"_input_charset={form}" for name in CHARSETS for form in (name, name.lower())
)


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
        keys: ``partner/trade`` of those that keep every rule.
        told: what their events tell.
        left: by place, those that may not; of one whose sign alone is wrong, what it may be known by.
    """

    keys: list[str]
    told: list[str]
    left: dict[int, Left]


class Fast:
    """The fast path for some accounts."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs
        self.profile = signs.profile
        self._forms: dict[tuple[str, ...], Form] = {}
        self._latest: dict[int, Form] = {}
        self._moments: dict[str, int] = {}

    def open(
        self, method: str, query: str, body: str | None, content_type: str
    ) -> tuple[Form, Row, str] | None:
        """Return form, row and charset of a message; None where it may break a rule.

        All is as recorded: an empty content type was not. The charset is empty where the row tells it.
        """
        charset = ""
        if body and "service=" not in body and "service=" not in query:
            text, charset = body, self._signs.charset_of(content_type) or "UTF-8"
        elif body:
            if query not in _CHARSET_ONLY or method != "POST":
                return None
            if content_type and not self._signs.charset_of(content_type):
                return None
            text = f"{query}&{body}"
        else:
            text = query
        if not charset and method not in {"GET", "POST"}:
            return None
        if (marks := text.count("&")) >= MOST_PAIRS:
            return None
        form = self._latest.get(marks)
        row = form.rows([text])[0] if form is not None else None
        if row is None:
            form, row = self._matching(text)
        if form is None or row is None or (form.kind == NEWS) != bool(charset):
            return None
        return form, row, charset

    def _matching(self, text: str) -> tuple[Form | None, Row | None]:
        """Return the form of these pairs, as they came or sorted."""
        came = text.split("&")
        form = self._form_of(came, _MOST_ORDERS)
        row = form.rows([text])[0] if form is not None else None
        if form is not None and row is not None:
            self._latest[len(came) - 1] = form
            return form, row
        pairs = sorted(came)
        form = self._form_of(pairs, _MOST_FORMS)
        return form, form.rows(["&".join(pairs)])[0] if form is not None else None

    def _form_of(self, pairs: Sequence[str], most: int) -> Form | None:
        names = tuple([pair.partition("=")[0] for pair in pairs])
        form = self._forms.get(names)
        if form is None and len(self._forms) < most:
            # Names, and the service among the pairs, are all that a form is made of.
            form = form_of(pairs, self.profile)
            if form is not None:
                self._forms[names] = form
        return form

    def together(
        self, texts: Sequence[str], places: Sequence[int], *, news: bool
    ) -> Iterator[tuple[Form, list[int], Columns]]:
        """Yield those of the texts at these places that are forms of one kind, form by form."""
        sizes: dict[int, list[int]] = {}
        pairs: dict[int, list[str]] = {}
        for place in places:
            text = texts[place]
            if "\n" not in text:
                pairs[place] = text.split("&", MOST_PAIRS)
                sizes.setdefault(len(pairs[place]), []).append(place)
        for size in sorted(sizes):
            alike = sizes[size]
            form = self._latest.get(size - 1)
            if form is not None and (form.kind == NEWS) is news:
                columns = form.columns([pairs[place] for place in alike])
                if columns is not None:
                    yield form, alike, columns
                    continue
            if size <= MOST_PAIRS:
                yield from self._sorted_out(texts, alike, news=news)

    def _sorted_out(
        self, texts: Sequence[str], places: Sequence[int], *, news: bool
    ) -> Iterator[tuple[Form, list[int], Columns]]:
        found: dict[int, tuple[Form, list[int], list[Row]]] = {}
        for place in places:
            pairs = texts[place].split("&")
            form = self._form_of(pairs, _MOST_ORDERS)
            row = form.rows([texts[place]])[0] if form is not None and (form.kind == NEWS) is news else None
            if form is not None and row is not None:
                self._latest[len(pairs) - 1] = form
                _, mine, rows = found.setdefault(id(form), (form, [], []))
                mine.append(place)
                rows.append(row)
        for form, mine, rows in found.values():
            yield form, mine, list(zip(*rows, strict=True))

    def rows(self, form: Form, rows: Sequence[Row], charset: str, moments: Sequence[int | None]) -> Found:
        """Judge messages of one form; see `columns`."""
        return self.columns(form, list(zip(*rows, strict=True)), charset, moments)

    def columns(self, form: Form, columns: Columns, charset: str, moments: Sequence[int | None]) -> Found:
        """Judge messages of one form; ``moments`` are when they were sent, milliseconds since 1970.

        ``charset`` is that of notifications; requests tell theirs.
        """
        news, at = form.kind == NEWS, form.at
        charsets = {charset} if news else set(columns[at["_input_charset"]])
        owners = set(columns[at.get("seller_id", at[""]) if news else at["partner"]])
        types = set(columns[at["sign_type"]])
        if len(charsets) > 1 or len(owners) > 1 or len(types) > 1:
            return self._each(form, columns, charset, moments)
        account = self._account(owners.pop(), received=news)
        if account is None:
            return _none(len(moments))
        signed = None
        if news or self._keeps_rules(form, columns, moments):
            signed = texts(form.signed(columns), charsets.pop(), quotes=self.profile != "hk")
        if signed is None:
            return self._each(form, columns, charset, moments)
        signs = [pair[5:] for pair in columns[at["sign"]]]
        sign_type = types.pop()[10:]
        right = self._signs.hold(account, signed, signs, sign_type, received=news)
        ids = form.ids(columns)
        odd = _are_odd(ids)
        if odd and news:
            right = [
                good and not _are_odd([row]) for good, row in zip(right, zip(*ids, strict=True), strict=True)
            ]
        left: dict[int, Left] = {}
        if not all(right):
            for place in [place for place, good in enumerate(right) if not good]:
                row = [column[place] for column in columns]
                if not news:
                    left[place] = _wrong(form, row, account)
                elif sign_type == "MD5" and not _are_odd([[column[place] for column in ids]]):
                    left[place] = _forged(form, row, account, signed[place], charset)
                else:
                    left[place] = None
        head, trades, told = (
            f"{account.partner}/",
            columns[at[IDS_OF[form.kind][0]]],
            list(form.told(columns)),
        )
        if left:
            trades, told = list(compress(trades, right)), [list(compress(column, right)) for column in told]
        if odd and not news:
            trades, told[0] = list(map(plain, trades)), list(map(plain, told[0]))
        return Found([head + trade for trade in trades], list(map("\t".join, zip(*told, strict=True))), left)

    def _each(self, form: Form, columns: Columns, charset: str, moments: Sequence[int | None]) -> Found:
        """Judge each message alone, because together they have something odd."""
        if len(moments) == 1:
            return _none(1)
        found = Found([], [], {})
        for place, ms in enumerate(moments):
            one = self.columns(form, [[column[place]] for column in columns], charset, [ms])
            found.keys.extend(one.keys)
            found.told.extend(one.told)
            found.left.update(dict.fromkeys((place,) if one.left else (), one.left.get(0)))
        return found

    def _account(self, partner: str, *, received: bool) -> Account | None:
        account = self._signs.by_partner.get(partner)
        if account is None and received and not partner:
            return self._signs.only
        return account if account is None or received or account.profile == self.profile else None

    def _keeps_rules(self, form: Form, columns: Columns, moments: Sequence[int | None]) -> bool:
        """Say whether all requests keep the rules that no pattern can ask for."""
        for at, longest in form.lengths:
            # The length in bytes of its charset: a text has fewer characters.
            if max(map(len, columns[at])) > longest and any(
                len(value) - 2 * value.count("%") > longest for value in columns[at]
            ):
                return False
        if form.kind == "refund":
            return _legal_refunds(form, columns)
        return all(
            ms is None or self._present(moment, ms)
            for moment, ms in zip(columns[form.at["timestamp"]], moments, strict=True)
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
    at = form.at
    currencies = set(columns[at["currency"]])
    if not currencies <= CURRENCIES:
        return False
    if not currencies.isdisjoint(WHOLE_NUMBER_CURRENCIES) and "." in "".join(columns[at["refund_amount"]]):
        return False
    if "notify_url" not in at and ("is_sync" not in at or set(columns[at["is_sync"]]) != {"Y"}):
        return False
    return all(map(str.__ne__, columns[at["partner_refund_id"]], columns[at["partner_trans_id"]]))


def _none(count: int) -> Found:
    return Found([], [], dict.fromkeys(range(count)))


def _are_odd(ids: Iterable[Sequence[str]]) -> bool:
    """Say whether an identifier is not written plainly: it is read before it is compared."""
    return bool("".join(map("".join, ids)).encode("ascii").translate(None, _AS_READ))


_AS_READ: Final = f"={string.ascii_letters}{string.digits}_.-~".encode()
_WRITTEN_PLAINLY: Final = re.compile(r"[A-Za-z0-9_.~-]*+")


def _wrong(form: Form, row: Row, account: Account) -> Wrong:
    """Return a request whose sign does not hold, as it came."""
    values: dict[str, str | None] = {
        name: row[form.at[name]] for name in form.names if name not in {"sign", "sign_type"}
    }
    sign, sign_type = row[form.at["sign"]][5:], row[form.at["sign_type"]][10:]
    return Wrong(account, values, form.pairs(row), form.signed(row), unquote_plus(sign), sign_type)


def _forged(form: Form, row: Row, account: Account, signed: str, charset: str) -> Forged | None:
    """Return a notification whose MD5 sign is well formed, and another; None where it may be redacted."""
    text = signed.encode("latin-1").decode(CHARSETS[charset.upper()])
    values = [pair.partition("=")[2] for pair in text.split("&")]
    if not MD5_FORM.fullmatch(row[form.at["sign"]], 5) or any(map(REDACTED.fullmatch, values)):
        return None
    return Forged(account.partner, quote(row[form.at["out_trade_no"]], safe=""))


def plain(value: str | None) -> str:
    """Return a quoted value as it stands in an event: equal values are equal, and hold no line end."""
    value = value or ""
    if _WRITTEN_PLAINLY.fullmatch(value):
        return value
    return quote(unquote_plus(value, errors="surrogateescape"), safe="", errors="surrogateescape")
