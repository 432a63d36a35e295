"""Rows of values that together hold every pair, or every triple with one factor, of a space's values.

The generator is greedy and draws nothing: the same space gives the same rows in every process.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations, permutations, product
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
    beside = {  # the same pairs, by factor and value of one: which values of another factor are missing
        (one, other): [set(range(sizes[other])) for _ in range(sizes[one])]
        for one, other in permutations(range(len(sizes)), 2)
    }
    rows: list[list[int]] = []
    while any(missing.values()):
        row = _seeded(order, sizes, missing, beside)
        for (first, second), left in missing.items():
            left.discard((row[first], row[second]))
            beside[first, second][row[first]].discard(row[second])
            beside[second, first][row[second]].discard(row[first])
        rows.append(row)
    return rows


def _seeded(
    order: Sequence[int],
    sizes: Sequence[int],
    missing: Mapping[tuple[int, int], set[tuple[int, int]]],
    beside: Mapping[tuple[int, int], Sequence[set[int]]],
) -> list[int]:
    """Return a row that holds a missing pair, and as many others as a greedy choice finds."""
    place = max(missing, key=lambda each: len(missing[each]))
    row = [-1] * len(sizes)
    row[place[0]], row[place[1]] = min(missing[place])
    chosen = list(place)
    for factor in order:
        if factor in place:
            continue
        gains = [0] * sizes[factor]
        for other in chosen:
            for value in beside[other, factor][row[other]]:
                gains[value] += 1
        row[factor] = gains.index(max(gains))
        chosen.append(factor)
    return row
