"""The words of the catalogue: what a field, a service, an error code and a problem are.

All of them are values: frozen, without behaviour beyond answering questions about themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

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
    """When a conditional field is compulsory: if the field ``name`` has ``value``.

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
    """What is wrong with one field of a message.

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
    """Return ``fields`` with the named ones changed: how one edition of a page differs from another.

    Raises:
        KeyError: a change names no field.
    """
    if unknown := changes.keys() - {each.name for each in fields}:
        raise KeyError(f"no such fields: {sorted(unknown)}")
    return tuple(replace(each, **changes.get(each.name, {})) for each in fields)
