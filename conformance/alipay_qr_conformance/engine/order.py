"""The order of a run: what is likely to find something first, then by level and setup."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from alipay_qr_conformance.model.plan import Setup
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.testbed.case import Case

_PLAINEST: Final = (Setup(), Setup("MD5"))
"""They are the same to a subject that signs with MD5."""


@cache
def likely() -> Mapping[str, int]:
    """Return the place of each case that is likely to find something soon, by its id."""
    text = (files("alipay_qr_conformance") / "engine" / "likely.txt").read_text("utf-8")
    return {name: at for at, name in enumerate(line for line in text.splitlines() if line[:1] != "#")}


def ordered(cases: Iterable[Case]) -> list[Case]:
    """Return what is likely to find something first, the rest by level, then by setup, otherwise as given.

    Of the likely ones those in the plainest setup come first, so that the first configuration is the one that
    every subject takes.
    """
    rows, places = register(), likely()

    def place(case: Case) -> tuple[Any, ...]:
        if case.id not in places:
            return (2, rows[case.requirement].level, *case.setup.rank)
        if case.setup in _PLAINEST:
            return (0, places[case.id])
        return (1, *case.setup.rank, places[case.id])

    return sorted(cases, key=place)
