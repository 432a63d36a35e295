"""The names of a form, in the order in which they come -> a pattern of all forms that are like it.

A form whose values the pattern takes apart needs no other look at its structure: every name is known to
stand in its place, and once. A pattern may have a frame, the text around the form in a line.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Final, NamedTuple

from alipay_qr.catalogue import service
from alipay_qr_conformance.audit.patterns import ANY, LENGTHS, SERVICES, value_patterns

NEWS: Final = "notification"
MOST_PAIRS: Final = 100
"""Pairs of a form; one with more is left to the slow judge, because a pattern of it is as long."""
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
GAP: Final = "\1"
"""Stands in the frame of a form for a reply, a text of JSON, which the group ``reply`` holds decoded."""
_decode: Final = json.JSONDecoder().raw_decode
_ALIASES: Final = {f"service={service(alias).name}": alias for alias in SERVICES}
_LAST: Final = r"[^&\s\"]++"

Row = Sequence[str]
"""What the groups of a pattern hold: an absent one the empty text."""
Columns = Sequence[Sequence[str]]
"""The same of many texts, group by group."""
Pick = Callable[[Sequence[Any]], tuple[Any, ...]]
"""Takes of a row, or of the columns of many."""


class Form(NamedTuple):
    """Forms with the same names in the same order.

    Attributes:
        kind: ``notification``, ``refund`` or ``cancel``.
        names: as they come.
        rows: takes texts apart, each as a whole; None where one is not alike.
        columns: of a form without a frame: takes the pairs of many, as many as it has and without line ends,
            to the columns of their rows; None where one is not alike.
        pairs: takes all pairs of a row, as they came.
        signed: takes the pairs that are signed, sorted by name.
        told: takes what the event tells: pairs of a notification, values of a request.
        ids: takes the values, or pairs, that are compared.
        at: by name, where its value stands; for ``sign`` and ``sign_type`` the pair, for what stands around
            the form the name with a ``?`` before it, and for no name an empty text.
        lengths: where free texts stand, and their most bytes.
    """

    kind: str
    names: tuple[str, ...]
    rows: Callable[[Iterable[str]], list[Row | None]]
    columns: Callable[[Sequence[Sequence[str]]], Columns | None]
    pairs: Pick
    signed: Pick
    told: Pick
    ids: Pick
    at: dict[str, int]
    lengths: tuple[tuple[int, int], ...]


def form_of(pairs: Sequence[str], profile: str, before: str = "", behind: str = "") -> Form | None:
    """Return the form of these pairs; None where one is odd, twice, missing, or the service is another.

    Args:
        pairs: of one message, as they came, still encoded.
        profile: whose rules its values keep.
        before: pattern of what stands before it; its groups come first in a row.
        behind: the same of what stands behind it.
    """
    names = tuple([pair.partition("=")[0] for pair in pairs])
    if len(set(names)) != len(names) or not {"sign", "sign_type"} <= set(names):
        return None
    alias = next((_ALIASES[pair] for pair in pairs if pair in _ALIASES), "")
    values = _values(names, alias, profile)
    if values is None:
        return None
    kind = alias.lower() or NEWS
    start = re.compile(before).groups
    text, at, pair_at = [], {}, []
    inners = set()
    group = start
    for number, name in enumerate(names):
        value = values[name]
        if number == len(names) - 1 and value == ANY:
            value = _LAST
        inner = name not in {"sign", "sign_type"} and (bool(alias) or name in {"out_trade_no", "seller_id"})
        text.append(f"({name}=({value}))" if inner else f"({name}={value})")
        inners |= {name} if inner else set()
        pair_at.append(group)
        at[name] = group + inner
        group += 1 + inner
    place = dict(zip(names, pair_at, strict=True))
    empty = group
    signed = sorted(set(names) - {"sign", "sign_type"})
    told_at = place if kind == NEWS else at
    limits = LENGTHS[alias] if alias else {}
    rows, frame = _taken_apart(f"{before}{'&'.join(text)}(){behind}")
    return Form(
        kind,
        names,
        rows,
        partial(
            _columns, [_column(name, values[name], inner=name in inners) for name in names if not before]
        ),
        _picker(pair_at),
        _picker([place[name] for name in signed]),
        _picker([told_at.get(name, empty) for name in TOLD_OF[kind]]),
        _picker([told_at.get(name, empty) for name in IDS_OF[kind]]),
        {**at, **frame, "": empty},
        tuple((at[name], limits[name][1]) for name in names if name in limits),
    )


def _taken_apart(text: str) -> tuple[Callable[[Iterable[str]], list[Row | None]], dict[str, int]]:
    """Return what takes texts apart by a pattern, and where the groups with a name stand, ``?`` before it."""
    first, gap, second = text.partition(GAP)
    head, tail = re.compile(first, re.ASCII), re.compile(second, re.ASCII)
    names = {f"?{name}": number - 1 for name, number in head.groupindex.items()}
    if not gap:
        return lambda texts: [match and match.groups("") for match in map(head.fullmatch, texts)], names

    def row(text: str) -> Row | None:
        begin = head.match(text)
        if begin is None:
            return None
        try:
            reply, at = _decode(text, begin.end())
        except (ValueError, RecursionError):
            return None
        end = tail.fullmatch(text, at)
        return (*begin.groups(""), *end.groups(""), reply) if end and type(reply) is str else None

    names |= {f"?{name}": head.groups + number - 1 for name, number in tail.groupindex.items()}
    return lambda texts: list(map(row, texts)), names | {"?reply": head.groups + tail.groups}


class _Column(NamedTuple):
    """A name of a form.

    Attributes:
        head: what its pairs begin with.
        like: matches different pairs, line by line; None where they may be anything.
        inner: whether the values stand in a column of their own.
    """

    head: str
    like: re.Pattern[str] | None
    inner: bool


def _column(name: str, value: str, *, inner: bool) -> _Column:
    one = rf"{name}=(?:{value})(?![^\n])"
    return _Column(f"{name}=", None if value == ANY else re.compile(rf"{one}(?:\n{one})*+", re.ASCII), inner)


def _columns(alike: Sequence[_Column], forms: Sequence[Sequence[str]]) -> Columns | None:
    """Take forms apart all at once: every value stands behind its name, and there is one."""
    found: list[Sequence[str]] = []
    for (head, like, inner), column in zip(alike, zip(*forms, strict=True), strict=True):
        if like is not None:
            if like.fullmatch("\n".join(set(column))) is None:
                return None
        # What stands between two texts in their order begins with what both begin with.
        elif not (min(column).startswith(head) and max(column).startswith(head)) or head in column:
            return None
        found.append(column)
        if inner:
            size = len(head)
            found.append([pair[size:] for pair in column])
    return [*found, [""] * len(forms)]


def _values(names: tuple[str, ...], alias: str, profile: str) -> dict[str, str] | None:
    """Return the pattern of each value; None where names are odd or missing."""
    signs = {"sign": ANY, "sign_type": ANY}
    if not alias:
        known = all(name.isascii() and name.isidentifier() for name in names)
        return (
            dict.fromkeys(names, ANY) if known and set(names) >= _NEEDED and "service" not in names else None
        )
    known_values = value_patterns(alias, profile)
    needed = {name for name, (_, must) in known_values.items() if must}
    if not needed <= set(names) <= {*known_values, *signs}:
        return None
    return {name: known_values[name][0] for name in names if name in known_values} | signs


def _picker(places: Sequence[int]) -> Pick:
    if len(places) == 1:
        (only,) = places
        return lambda row: (row[only],)
    return itemgetter(*places)
