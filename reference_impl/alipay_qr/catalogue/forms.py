"""The form of a single value: what each kind of field looks like, apart from its neighbours.

`form_of` turns a field into a function once, so that checking a value costs a few comparisons. A form
says nothing about presence, and nothing that needs a second field: an amount's decimals depend on its
currency and are judged in `validate`.
"""

import re
from collections.abc import Callable
from typing import Final

from alipay_qr.beijing import parse_timestamp
from alipay_qr.catalogue.fields import Field, Kind, ProblemKind
from alipay_qr.errors import TimestampError
from alipay_qr.money import CURRENCIES

Fault = tuple[ProblemKind, str] | None
Form = Callable[[str], Fault]
Check = Callable[[str], str | None]
"""Returns what was expected, or None if the value is right."""

_URL: Final = re.compile(
    r"https?://"
    r"(?:\[[0-9a-f:.]{2,45}\]|[^\s/?#\[\]@:\\<>\"\x00-\x1f\x7f]{1,253})"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?][^\s#\\<>\"\x00-\x1f\x7f]*)?",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_MAX_PORT: Final = 65535
_SHOWN: Final = 40


def show(value: str) -> str:
    """Return ``value`` for a message: quoted, escaped, at most 40 characters of it."""
    return repr(value) if len(value) <= _SHOWN else f"{value[:_SHOWN]!r}..."


def show_name(name: str) -> str:
    """Return an unknown name for a message: as it is if it looks like a name, else escaped and cut."""
    return name if _NAME.fullmatch(name) else ascii(name[:_SHOWN])


def form_of(field: Field, *, quotes: bool = True) -> Form:
    """Return the function that says what is wrong with a value of ``field`` that is not empty.

    Args:
        field: the field.
        quotes: whether a text may hold the character ``"``; the hk edition warns against it.
    """
    own = _own_form(field)
    max_length, min_length = field.max_length, field.min_length or 0
    no_quotes = not quotes and field.kind == "text"

    def form(value: str) -> Fault:
        if max_length is not None and len(value) > max_length:
            return "too-long", f"has {len(value)} characters, at most {max_length} are allowed"
        if len(value) < min_length:
            return "illegal", f"has {len(value)} characters, at least {min_length} are needed"
        if no_quotes and '"' in value:
            return "illegal", "holds a double quote, which this edition does not allow in values"
        expected = own(value) if own is not None else None
        return ("illegal", f"is {show(value)}, expected {expected}") if expected else None

    return form


def _own_form(field: Field) -> Check | None:
    """Return what checks the kind, the values or the pattern: None where any text will do."""
    if field.kind in _MAKERS:
        return _MAKERS[field.kind](field)
    if field.values and not field.open_values:
        return _one_of(field.values)
    return _pattern(field) if field.pattern else None


def _one_of(values: tuple[str, ...]) -> Check:
    legal = frozenset(values)
    expected = values[0] if len(values) == 1 else f"one of {', '.join(values)}"

    def check(value: str) -> str | None:
        return None if value in legal else expected

    return check


def _charset(field: Field) -> Check:
    check = _one_of(field.values)
    return lambda value: check(value.upper())


def _pattern(field: Field) -> Check:
    matches = re.compile(field.pattern or "", re.ASCII).fullmatch
    expected = f"the form {field.pattern}" + (f", such as {field.example}" if field.example else "")

    def check(value: str) -> str | None:
        return None if matches(value) else expected

    return check


def _instant(field: Field) -> Check:
    matches = re.compile(field.pattern or "", re.ASCII).fullmatch
    expected = "yyyy-MM-dd HH:mm:ss of a real moment, in GMT+8"
    if field.kind == "moment":
        expected += ", or 13 digits of milliseconds"

    def check(value: str) -> str | None:
        if not matches(value):
            return expected
        try:
            parse_timestamp(value)
        except TimestampError:
            return expected
        return None

    return check


def _url(_field: Field) -> Check:
    def check(value: str) -> str | None:
        match = _URL.fullmatch(value)
        if match and (match["port"] is None or 0 < int(match["port"]) <= _MAX_PORT):
            return None
        return "an absolute http or https URL, without user name, fragment or blanks"

    return check


def _currency(field: Field) -> Check:
    if field.values:
        return _one_of(field.values)

    def check(value: str) -> str | None:
        return None if value in CURRENCIES else "a currency code of this gateway, such as USD"

    return check


def _judged_elsewhere(_field: Field) -> None:
    return None


_MAKERS: Final[dict[Kind, Callable[[Field], Check | None]]] = {
    "charset": _charset,
    "timestamp": _instant,
    "moment": _instant,
    "url": _url,
    "currency": _currency,
    "amount": _judged_elsewhere,  # it depends on the currency
}
