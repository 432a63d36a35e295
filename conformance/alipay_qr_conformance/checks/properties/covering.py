"""Rows of values that together hold every pair, or every triple with one factor, of a space's values.

The generator is greedy and draws nothing: the same space gives the same rows in every process.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import Final

Row = dict[str, str]
_Frozen = tuple[tuple[str, tuple[str, ...]], ...]

PLAIN: Final = 0
"""The first value of a factor is the ordinary one."""


def pairs(space: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return rows such that any two values of two factors stand together in one of them."""
    return [dict(row) for row in _covering(_frozen(space), "")]


def triples_with(factor: str, space: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return rows such that any two values stand together with each value of ``factor``."""
    return [dict(row) for row in _covering(_frozen(space), factor)]


def _frozen(space: Mapping[str, Sequence[str]]) -> _Frozen:
    return tuple((name, tuple(values)) for name, values in space.items())


@lru_cache(maxsize=32)
def _covering(space: _Frozen, factor: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    names = [name for name, _ in space]
    if not factor:
        rows = _rows([len(values) for _, values in space])
    else:
        place = names.index(factor)
        rest = [len(values) for name, values in space if name != factor]
        rows = []
        for value in range(len(space[place][1])):
            for row in _rows(rest):
                row.insert(place, value)
                rows.append(row)
    return tuple(
        tuple((name, values[value]) for (name, values), value in zip(space, row, strict=True)) for row in rows
    )


def _rows(sizes: Sequence[int]) -> list[list[int]]:
    """Return rows of value numbers: the two largest factors in full, the others by what is still missing."""
    order = sorted(range(len(sizes)), key=lambda each: -sizes[each])
    missing = {
        (first, second): set(product(range(sizes[first]), range(sizes[second])))
        for first, second in combinations(range(len(sizes)), 2)
    }
    rows: list[list[int]] = []
    while any(missing.values()):
        row = _seeded(order, sizes, missing)
        for (first, second), left in missing.items():
            left.discard((row[first], row[second]))
        rows.append(row)
    return rows


def _seeded(
    order: Sequence[int], sizes: Sequence[int], missing: Mapping[tuple[int, int], set[tuple[int, int]]]
) -> list[int]:
    """Return a row that holds a missing pair, and as many others as a greedy choice finds."""
    place = next(each for each in sorted(missing, key=lambda each: -len(missing[each])) if missing[each])
    row = [-1] * len(sizes)
    row[place[0]], row[place[1]] = min(missing[place])
    chosen = list(place)
    for factor in order:
        if factor in place:
            continue
        row[factor] = max(
            range(sizes[factor]), key=lambda value: (_gain(factor, value, row, chosen, missing), -value)
        )
        chosen.append(factor)
    return row


def _gain(
    factor: int,
    value: int,
    row: Sequence[int],
    chosen: Sequence[int],
    missing: Mapping[tuple[int, int], set[tuple[int, int]]],
) -> int:
    return sum(
        ((row[other], value) in missing[other, factor])
        if other < factor
        else ((value, row[other]) in missing[factor, other])
        for other in chosen
    )
