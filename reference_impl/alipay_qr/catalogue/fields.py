"""Values of the catalogue: field, service, error code, problem; form of a value.

`form_of` turns a field into a function once, so that checking a value costs a few comparisons. A form
says nothing about presence, and nothing that needs a second field: an amount's decimals depend on its
currency and are judged in `validate`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from alipay_qr.beijing import parse_timestamp
from alipay_qr.errors import TimestampError
from alipay_qr.money import CURRENCIES

Requiredness = Literal["required", "optional", "conditional", "undocumented"]
"""``undocumented``: no page defines it, only samples or SDKs show it; it is tolerated."""

Kind = Literal[
    "text",
    "service",
    "partner",
    "charset",
    "sign-type",
    "sign",
    "timestamp",  # yyyy-MM-dd HH:mm:ss
    "moment",  # the same, or 13 digits of milliseconds
    "url",
    "amount",
    "currency",
    "number",
    "integer",
    "json",  # the text of a JSON object
    "channel-fee",  # a JSON object {type, value}
    "flat-json",  # a JSON object without objects or arrays in it
]

Level = Literal["gateway-access", "gateway-system", "business"]
Retry = Literal["no", "repeat", "query", "later"]
"""``repeat``: the same again; ``query``: ask for the outcome first; ``later``: when its cause is gone."""

ProblemKind = Literal["absent", "empty", "too-long", "illegal", "undocumented", "conflict"]

PROFILES: Final = ("global", "hk")
"""The two editions of the interface pages: docs.antom.com/ac/global and docs.antom.com/ac/hkapi."""


@dataclass(frozen=True, slots=True)
class Condition:
    """The condition of a compulsory field: the field ``name`` has ``value``.

    ``value`` None stands for any value at all; ``unless`` turns the condition round.
    """

    name: str
    value: str | None = None
    unless: bool = False

    def holds(self, get: Callable[[str], object]) -> bool:
        """Say whether the field is compulsory in the message that ``get`` reads."""
        found = get(self.name)
        met = bool(found) if self.value is None else found == self.value
        return met is not self.unless

    def __str__(self) -> str:
        what = f"{self.name} is given" if self.value is None else f"{self.name} is {self.value}"
        return f"{'unless' if self.unless else 'if'} {what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One parameter of a message, or one member of ``biz_data``.

    Attributes:
        name: the protocol's own.
        required: whether it must be there; where ``conditional``, ``when`` says in which messages.
        kind: its form beyond length and pattern.
        max_length, min_length: in characters (inferred: the pages say "String(64)").
        pattern: a regular expression that the whole value matches, portable to ECMA 262.
        values: the legal values; where ``open_values``, only those that the sources happen to name.
        default: what an absent value means, where the sources say so.
        example: as printed by a source.
        clause: where the row stands.
        notes: what else the sources say, variants included.
    """

    name: str
    required: Requiredness
    clause: str
    kind: Kind = "text"
    max_length: int | None = None
    min_length: int | None = None
    pattern: str | None = None
    values: tuple[str, ...] = ()
    open_values: bool = False
    default: str | None = None
    example: str = ""
    when: Condition | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One error code.

    ``meaning`` is our gloss of the code's name (inferred), empty where the name says nothing; so is
    ``retry``, where ``source`` does not say otherwise.
    """

    code: str
    level: Level
    retry: Retry
    meaning: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One interface of the gateway: what goes in, what comes back, what can go wrong.

    Attributes:
        name: the value of ``service``.
        alias: the word used for it in the guide, or one of its kind.
        operation: what a merchant's users call it, as the methods of `Merchant`; empty for the others.
        request: its parameters in the order of the page.
        biz_data: the members of the JSON object in ``biz_data``; empty where there is none.
        response: ``is_success`` and its kind, then the children of the result; empty for plain text.
        errors: business codes; those of every service are ``GATEWAY_ERRORS``.
    """

    name: str
    alias: str
    clause: str
    request: tuple[Field, ...]
    biz_data: tuple[Field, ...] = ()
    response: tuple[Field, ...] = ()
    errors: tuple[ErrorCode, ...] = ()
    notes: str = ""
    operation: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of one field of a message.

    Attributes:
        field: its name; a member of ``biz_data`` as ``biz_data.store_id``.
        kind: in which way.
        code: the gateway's error code that it earns (inferred: the tables give codes without their
            causes); empty for a notification, which nobody answers with a code.
        text: what was found and what was expected, as a predicate: "is empty, expected ...".
        clause: where the rule stands.
    """

    field: str
    kind: ProblemKind
    code: str
    text: str
    clause: str


Changes = Mapping[str, Mapping[str, Any]]
"""For some fields, by name, the attributes that differ."""


def vary(fields: tuple[Field, ...], changes: Changes) -> tuple[Field, ...]:
    """Return ``fields`` with the named ones changed, as another edition of a page.

    Raises:
        KeyError: a change names no field.
    """
    if unknown := changes.keys() - {each.name for each in fields}:
        raise KeyError(f"no such fields: {sorted(unknown)}")
    return tuple(replace(each, **changes.get(each.name, {})) for each in fields)


# --- the form of a value --------------------------------------------------------------------------------

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
    """Return an unknown name for a message, escaped unless it looks like a name."""
    return name if _NAME.fullmatch(name) else ascii(name[:_SHOWN])


def form_of(field: Field, *, quotes: bool = True) -> Form:
    """Return the function that finds the fault of a value of ``field``, if not empty.

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
    """Return the check of kind, values or pattern; None where any text will do."""
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
