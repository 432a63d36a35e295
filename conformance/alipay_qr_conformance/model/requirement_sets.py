"""Requirement sets: which requirements counted on a day, frozen.

The register grows. A subject that conformed yesterday must not turn red because the kit learned a new rule;
so every set is a list of ids that never changes, ``texts/sets/<date>.txt``, one id a line. What came
later is run too, and reported apart.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from alipay_qr_conformance.model.requirements import register


class UnknownSetError(ValueError):
    """There is no set of this date; the text says which there are."""


@dataclass(frozen=True, slots=True)
class RequirementSet:
    """The requirements of a day; ``sha256`` is that of the file that lists them."""

    day: date
    ids: frozenset[str]
    sha256: str


@cache
def days() -> tuple[date, ...]:
    """Return the days of all sets, oldest first."""
    folder = files("alipay_qr_conformance") / "texts" / "sets"
    names = [entry.name for entry in folder.iterdir() if entry.name.endswith(".txt")]
    return tuple(sorted(date.fromisoformat(name.removesuffix(".txt")) for name in names))


@cache
def requirement_set(day: date | None = None) -> RequirementSet:
    """Return the set of a day, the newest by default.

    Raises:
        UnknownSetError: there is no set of that day.
    """
    found = days()[-1] if day is None else day
    if found not in days():
        raise UnknownSetError(
            f"there is no requirement set of {found}; there are {', '.join(map(str, days()))}"
        )
    data = (files("alipay_qr_conformance") / "texts" / "sets" / f"{found}.txt").read_bytes()
    return RequirementSet(found, frozenset(data.decode("ascii").split()), hashlib.sha256(data).hexdigest())


def frozen_text(ids: Iterable[str]) -> str:
    """Return the file of a set."""
    return "".join(f"{each}\n" for each in sorted(ids))


def ids_on(day: date) -> list[str]:
    """Return the ids of the requirements that the register tests and that are not younger than a day."""
    return [row.id for row in register().values() if row.excluded is None and row.since <= day]
