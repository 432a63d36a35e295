"""What each flag stands for, as the files say it.

The text stands in ``notes.toml``; about a single parameter of a request it follows from the register, as the
requirement itself follows from the catalogue.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from alipay_qr_conformance.model.requirements import Requirement, register

MEMBERS = ("bug_type", "why", "effect", "clause", "links")

_PARAMETER: Final = re.compile(r"request\.(create|cancel|refund)\.(?P<name>[a-z_.]+)")


def notes_for(groups: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the notes of all flags that the groups use: those of ``notes.toml`` first, in its order.

    Raises:
        KeyError: a flag has no note.
    """
    used = {flag for group in groups for test in group["tests"] for flag in test["flags"]}
    derived = {flag: _of_parameter(row) for flag, row in register().items() if _is_derived(flag)}
    notes = {flag: note for flag, note in {**_notes(), **derived}.items() if flag in used}
    if missing := used - notes.keys():
        raise KeyError(f"notes.toml says nothing about {sorted(missing)}")
    return {flag: {member: note[member] for member in MEMBERS} for flag, note in notes.items()}


@cache
def _notes() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "notes.toml").read_text("utf-8"))


def _is_derived(flag: str) -> bool:
    return flag not in _notes() and _PARAMETER.fullmatch(flag) is not None


def _of_parameter(row: Requirement) -> dict[str, Any]:
    match = _PARAMETER.fullmatch(row.id)
    name = match["name"] if match else row.id
    page = row.clause.split(" ")[0]
    return {
        "bug_type": f"a request leaves without a legal {name}",
        "why": row.mend.en,
        "effect": "The gateway refuses the request, and nothing is carried out.",
        "clause": row.clause,
        "links": [f"https://{page}"] if page.startswith("docs.antom.com/") else [],
    }
