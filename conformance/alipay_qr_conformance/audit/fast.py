"""The fast path: passes messages of one form that keep every rule, and finds fault with none.

Where the digest of the text is the sign, the text is right, and with it the structure: so little is asked
besides. What may lack something is left to the slow judge; a request whose sign alone is wrong is told.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import compress
from operator import itemgetter
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_plus

from alipay_qr.beijing import BEIJING
from alipay_qr.money import CURRENCIES, WHOLE_NUMBER_CURRENCIES
from alipay_qr.presign import CHARSETS
from alipay_qr_conformance.audit.accounts import Account
from alipay_qr_conformance.audit.cohorts import Wrong
from alipay_qr_conformance.audit.forms import IDS_OF, MOST_PAIRS, NEWS, Form, Row, form_of
from alipay_qr_conformance.audit.signs import Signs, texts

EXPIRY_SURELY: Final = 19 * 60_000
"""Milliseconds: with the ten minutes that a timestamp's head leaves open, within the rule's 30 minutes."""

_MOST_MOMENTS: Final = 65_536
_MOST_ORDERS: Final = 64
_MOST_FORMS: Final = 512
"""Patterns that are kept; where names come in more orders than the first number, they are sorted."""
_CHARSET_ONLY: Final = frozenset(
    f"_input_charset={form}" for name in CHARSETS for form in (name, name.lower())
)


class Found(NamedTuple):
    """What messages of one form come to.

    Attributes:
        keys: ``partner/trade`` of those that keep every rule.
        told: what their events tell.
        left: by place, those that may not; with a request whose sign alone is wrong, what it may be known by.
    """

    keys: list[str]
    told: list[str]
    left: dict[int, Wrong | None]


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

    def rows(self, form: Form, rows: Sequence[Row], charset: str, moments: Sequence[int | None]) -> Found:
        """Judge messages of one form; ``moments`` are when they were sent, milliseconds since 1970.

        ``charset`` is that of notifications; requests tell theirs.
        """
        at, news = form.at, form.kind == NEWS
        charsets = {charset} if news else _column(rows, at["_input_charset"])
        owners = _column(rows, at.get("seller_id", at[""]) if news else at["partner"])
        types = _column(rows, at["sign_type"])
        if len(charsets) > 1 or len(owners) > 1 or len(types) > 1:
            return self._each(form, rows, charset, moments)
        account = self._account(owners.pop(), received=news)
        if account is None:
            return _none(rows)
        joined = list(map("&".join, map(form.signed, rows)))
        signed = None
        if news or self._keeps_rules(form, rows, moments):
            signed = texts(joined, charsets.pop(), len(form.names) - 2, quotes=self.profile != "hk")
        if signed is None:
            return self._each(form, rows, charset, moments)
        sign = at["sign"]
        signs = [row[sign][5:] for row in rows]
        right = self._signs.hold(account, signed, signs, types.pop()[10:], received=news)
        odd = _are_odd(form, rows)
        if odd and news:
            right = [good and not _are_odd(form, [row]) for good, row in zip(right, rows, strict=True)]
        left: dict[int, Wrong | None] = {}
        if not all(right):
            for place, (row, pairs, good) in enumerate(zip(rows, joined, right, strict=True)):
                if not good:
                    left[place] = None if news else _wrong(form, row, account, pairs)
            rows = list(compress(rows, right))
        trade, head = at[IDS_OF[form.kind][0]], f"{account.partner}/"
        if odd and not news:
            told = ["\t".join([plain(first), *rest]) for first, *rest in map(form.told, rows)]
            return Found([head + plain(row[trade]) for row in rows], told, left)
        return Found([head + row[trade] for row in rows], list(map("\t".join, map(form.told, rows))), left)

    def _each(self, form: Form, rows: Sequence[Row], charset: str, moments: Sequence[int | None]) -> Found:
        """Judge each message alone, because together they have something odd."""
        if len(rows) == 1:
            return _none(rows)
        found = Found([], [], {})
        for place, (row, ms) in enumerate(zip(rows, moments, strict=True)):
            one = self.rows(form, [row], charset, [ms])
            found.keys.extend(one.keys)
            found.told.extend(one.told)
            found.left.update(dict.fromkeys((place,) if one.left else (), one.left.get(0)))
        return found

    def _account(self, partner: str, *, received: bool) -> Account | None:
        account = self._signs.by_partner.get(partner)
        if account is None and received and not partner:
            return self._signs.only
        return account if account is None or received or account.profile == self.profile else None

    def _keeps_rules(self, form: Form, rows: Sequence[Row], moments: Sequence[int | None]) -> bool:
        """Say whether all requests keep the rules that no pattern can ask for."""
        for at, longest in form.lengths:
            # The length in bytes of its charset: a text has fewer characters.
            long = [row[at] for row in rows if len(row[at]) > longest]
            if long and any(len(value) - 2 * value.count("%") > longest for value in long):
                return False
        if form.kind == "refund":
            return _legal_refunds(form, rows)
        return all(
            ms is None or self._present(row[form.at["timestamp"]], ms)
            for row, ms in zip(rows, moments, strict=True)
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


def _column(rows: Sequence[Row], at: int) -> set[str]:
    return set(map(itemgetter(at), rows))


def _legal_refunds(form: Form, rows: Sequence[Row]) -> bool:
    at = form.at
    currencies = _column(rows, at["currency"])
    if not currencies <= CURRENCIES:
        return False
    if not currencies.isdisjoint(WHOLE_NUMBER_CURRENCIES) and any(
        "." in row[at["refund_amount"]] for row in rows
    ):
        return False
    if "notify_url" not in at and ("is_sync" not in at or _column(rows, at["is_sync"]) != {"Y"}):
        return False
    refund_id, trade = at["partner_refund_id"], at["partner_trans_id"]
    return all(row[refund_id] != row[trade] for row in rows)


def _none(rows: Sequence[Row]) -> Found:
    return Found([], [], dict.fromkeys(range(len(rows))))


def _are_odd(form: Form, rows: Sequence[Row]) -> bool:
    """Say whether an identifier is not written plainly: it is read before it is compared."""
    ids = "".join(map("".join, map(form.ids, rows)))
    return "%" in ids or "+" in ids


def _wrong(form: Form, row: Row, account: Account, joined: str) -> Wrong | None:
    """Return a request whose sign does not hold, as it came."""
    if form.kind == NEWS:
        return None
    values: dict[str, str | None] = {
        name: row[form.at[name]] for name in form.names if name not in {"sign", "sign_type"}
    }
    sign, sign_type = row[form.at["sign"]][5:], row[form.at["sign_type"]][10:]
    return Wrong(account, values, form.pairs(row), joined.split("&"), unquote_plus(sign), sign_type)


def plain(value: str | None) -> str:
    """Return a quoted value as it stands in an event: equal values are equal, and hold no line end."""
    value = value or ""
    if "%" not in value and "+" not in value:
        return value
    return quote(unquote_plus(value, errors="surrogateescape"), safe="", errors="surrogateescape")
