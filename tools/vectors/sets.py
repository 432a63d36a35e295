"""Which vectors stand in which file of ``vectors/``."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tools.vectors import external, notes

Groups = list[dict[str, Any]]

SETS: Final[Mapping[str, tuple[str, Callable[[], Groups]]]] = {
    "external": ("sign", external.signs),
    "external_digest": ("digest", external.digests),
}
"""File name -> kind, and what makes its groups."""


def content(name: str) -> dict[str, Any]:
    """Return the content of one file."""
    kind, make = SETS[name]
    groups = make()
    return {
        "subject": kind,
        "schema": f"schema/{kind}.schema.json",
        "count": sum(len(group["tests"]) for group in groups),
        "notes": notes.notes_for(groups),
        "groups": groups,
    }
