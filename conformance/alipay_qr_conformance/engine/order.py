"""The order of a run: what is likely to find something first, then by level and setup."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.testbed.case import Case

LATER: Final = "# ---"
"""Begins the line of `likely.txt` behind which cases stand that take long to make."""


@cache
def likely() -> Mapping[str, int]:
    """Return the place of each case that is likely to find something soon, by its id."""
    return {name: at for at, name in enumerate(line for line in _lines() if line[:1] != "#")}


@cache
def _soonest() -> frozenset[str]:
    lines = _lines()
    ends = next((at for at, line in enumerate(lines) if line.startswith(LATER)), 0)
    return frozenset(lines[:ends])


def _lines() -> list[str]:
    return (files("alipay_qr_conformance") / "engine" / "likely.txt").read_text("utf-8").splitlines()


def ordered(cases: Iterable[Case]) -> list[Case]:
    """Return what is likely to find something first, the rest by level, then by setup, otherwise as given."""
    rows, places = register(), likely()

    def place(case: Case) -> tuple[Any, ...]:
        if case.id in places:
            return (False, places[case.id])
        return (True, rows[case.requirement].level, *case.setup.rank)

    return sorted(cases, key=place)


class Order:
    """The cases of a run, one after the other, of which the last may still have to be made.

    Args:
        cases: all of them, or those among which the soonest are.
        whole: makes all of them, in the same state as ``cases``; without it those are all.
    """

    def __init__(self, cases: Iterable[Case], whole: Callable[[], Iterable[Case]] | None = None) -> None:
        self._whole = whole
        self.known: Sequence[Case] = ordered(
            cases if whole is None else (each for each in cases if each.id in _soonest())
        )
        """The first ones: those that are made."""

    def __iter__(self) -> Iterator[Case]:
        ran = set()
        for case in self.known:
            ran.add(case.id)
            yield case
        yield from (case for case in self.whole() if case.id not in ran)

    @property
    def total(self) -> int:
        """How many there are; 0 as long as that is not known."""
        return len(self.known) if self._whole is None else 0

    def whole(self) -> Sequence[Case]:
        """Return all of them; make those that are not there yet."""
        if self._whole is not None:
            self.known, self._whole = ordered(self._whole()), None
        return self.known


def soon(plan: Plan, whole: Callable[[], Iterable[Case]]) -> Order:
    """Return the cases of a plan, of which the likeliest are made, and ``whole`` makes all."""
    return Order(all_cases(plan, late=False), whole)
