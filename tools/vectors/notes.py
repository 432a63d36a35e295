"""What each flag stands for, as the files say it; the text stands in ``notes.toml``."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

MEMBERS = ("bug_type", "why", "effect", "clause", "links")


def notes_for(groups: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the notes of all flags that the groups use, in the order of ``notes.toml``.

    Raises:
        KeyError: a flag has no note.
    """
    used = {flag for group in groups for test in group["tests"] for flag in test["flags"]}
    if missing := used - _notes().keys():
        raise KeyError(f"notes.toml says nothing about {sorted(missing)}")
    return {
        flag: {member: note[member] for member in MEMBERS} for flag, note in _notes().items() if flag in used
    }


@cache
def _notes() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "notes.toml").read_text("utf-8"))
