"""The names of a form, in the order in which they come -> what takes many forms that are like it apart.

Forms are taken apart all at once, into one column for each name. That every name stands in its place in all
of them, and that values are legal, is asked of a whole column.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from alipay_qr.catalogue import service
from alipay_qr_conformance.audit.patterns import ANY, LENGTHS, SERVICES, value_patterns

NEWS: Final = "notification"
MOST_PAIRS: Final = 100
"""Pairs of a form; one with more is left to the slow judge, because it has as many columns."""
TOLD: Final = (
    "trade_no",
    "trade_status",
    "total_fee",
    "trans_currency",
    "gmt_payment",
    "notify_id",
    "notify_action_type",
    "refund_status",
    "out_biz_no",
    "refund_fee",
)
"""The fields of a genuine notification that the history of its trade needs."""
IDS_OF: Final = {
    NEWS: ("out_trade_no", "trade_no", "notify_id", "out_biz_no", "refund_status"),
    "refund": ("partner_trans_id", "partner_refund_id"),
    "cancel": ("out_trade_no",),
}
"""By kind, the fields that are compared, of a request its trade first: read if not written plainly."""
TOLD_OF: Final = {
    NEWS: TOLD,
    "refund": ("partner_refund_id", "refund_amount", "currency", "is_sync", "alipay_trans_id"),
    "cancel": ("trade_no",),
}
"""By kind, the fields that stand in its event."""
_NEEDED: Final = {"notify_id", "notify_time", "notify_type", "out_trade_no", "trade_status"}
_ALIASES: Final = {f"service={service(alias).name}": alias for alias in SERVICES}
_SIGNS: Final = {"sign": ANY, "sign_type": ANY}


class Columns(NamedTuple):
    """Many forms of one kind, name by name.

    Attributes:
        pairs: of each name, as they came.
        lines: the same as one text, a pair in a line; where all are equal, that one.
    """

    pairs: list[list[str]]
    lines: list[str]

    def at(self, places: Sequence[int]) -> "Columns":
        """Return those of the forms at some places."""
        return columns_of([[column[place] for place in places] for column in self.pairs])


def columns_of(pairs: list[list[str]]) -> Columns:
    """Return the pairs of each name as columns."""
    lines = list(map("\n".join, pairs))
    for at, column in enumerate(pairs):
        first = column[0]
        if first == column[-1] and lines[at] == "\n".join([first] * len(column)):
            lines[at] = first
    return Columns(pairs, lines)


class _Name(NamedTuple):
    """What the pairs of a name begin with, and what each of them is; None where that may be anything."""

    head: str
    like: re.Pattern[str] | None


class Form(NamedTuple):
    """Forms with the same names in the same order.

    Attributes:
        kind: ``notification``, ``refund`` or ``cancel``.
        places: of each name; a form has each once.
        signed: the places of what is signed, sorted by name.
        lengths: names of free texts, and their most bytes.
    """

    kind: str
    places: dict[str, int]
    signed: Sequence[int]
    lengths: Sequence[tuple[str, int]]
    columns: Sequence[_Name]

    def apart(self, texts: Sequence[str]) -> Columns | None:
        """Take texts apart; None where one is not of this form."""
        size, count = len(self.columns), len(texts)
        # The line ends show that each text begins where a pair of the first name is looked for.
        flat = "&\n".join(texts).split("&", size * count)
        if len(flat) != size * count or "\n" in "".join(texts):
            return None
        begins = "\n".join(flat[::size])
        if begins.count("\n\n") != count - 1:
            return None
        flat[::size] = begins.replace("\n\n", "\n").split("\n")
        columns = columns_of([flat[at::size] for at in range(size)])
        for (head, like), column in zip(self.columns, columns.lines, strict=True):
            # Each line end stands before a pair.
            if not column.startswith(head) or column.count(f"\n{head}") != column.count("\n"):
                return None
            if like is not None and not like.fullmatch(column):
                return None
        return columns

    def only(self, name: str, columns: Columns) -> str | None:
        """Return the value that a name has in all of them; None where it has several."""
        at = self.places[name]
        line = columns.lines[at]
        return None if "\n" in line else line[len(name) + 1 :]

    def values(self, name: str, columns: Columns) -> list[str]:
        """Return the values of a name that a form has."""
        at = self.places[name]
        found = f"\n{columns.lines[at]}".split(f"\n{name}=")[1:]
        return found * len(columns.pairs[at]) if len(found) == 1 else found


def form_of(pairs: Sequence[str], profile: str) -> Form | None:
    """Return the form of these pairs; None where one is odd, twice, missing, or the service is another.

    Args:
        pairs: of one message, as they came, still encoded.
        profile: whose rules its values keep.
    """
    names = names_of(pairs)
    if len(set(names)) != len(names) or not set(names) >= _SIGNS.keys():
        return None
    alias = next((_ALIASES[pair] for pair in pairs if pair in _ALIASES), "")
    values = _values(names, alias, profile)
    if values is None:
        return None
    places = {name: place for place, name in enumerate(names)}
    return Form(
        alias.lower() or NEWS,
        places,
        [places[name] for name in sorted(set(names) - _SIGNS.keys())],
        [(name, LENGTHS[alias][name][1]) for name in names if alias and name in LENGTHS[alias]],
        [_name(name, values[name]) for name in names],
    )


def names_of(pairs: Sequence[str]) -> tuple[str, ...]:
    """Return the names of pairs, in their order."""
    return tuple([pair.partition("=")[0] for pair in pairs])


def _name(name: str, value: str) -> _Name:
    one = rf"{name}=(?:{value})(?![^\n])"
    like = None if value == ANY else re.compile(rf"{one}(?:\n{one})*+", re.ASCII)
    return _Name(f"{name}=", like)


def _values(names: tuple[str, ...], alias: str, profile: str) -> dict[str, str] | None:
    """Return the pattern of each value; None where names are odd or missing."""
    if not alias:
        known = all(name.isascii() and name.isidentifier() for name in names)
        return (
            dict.fromkeys(names, ANY) if known and set(names) >= _NEEDED and "service" not in names else None
        )
    known_values = value_patterns(alias, profile)
    needed = {name for name, (_, must) in known_values.items() if must}
    if not needed <= set(names) <= {*known_values, *_SIGNS}:
        return None
    return {name: known_values[name][0] for name in names if name in known_values} | _SIGNS
