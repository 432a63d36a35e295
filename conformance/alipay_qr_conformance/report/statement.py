"""The conformance statement: what a subject says about itself, made checkable.

    statement   a run as plain data, with its own hash
    canonical   data as canonical JSON: sorted names, no blanks, ASCII
    checked     a statement read back, its hash compared
    differences what a second run says differently

It is self-asserted: its hash proves that nobody changed it by accident, not that the run took place. Whoever
wants to know runs ``alipay-qr statement --verify`` with the same subject.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from alipay_qr._version import __version__
from alipay_qr_conformance.model.requirement_sets import RequirementSet
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.report.summary import summarise
from alipay_qr_conformance.vectors.load import folder, names

KIND: Final = "alipay-qr-conformance statement, version 1"
_NOTE: Final = (
    "Made by the party that it is about, with its own run of the kit. No third party has confirmed it."
)
_COMPARED: Final = ("requirement_set", "subject", "run", "level", "results")
_PARTS: Final = frozenset(
    {
        *_COMPARED,
        "statement",
        "self_asserted",
        "note",
        "kit",
        "vectors",
        "findings",
        "later",
        "sha256",
    }
)


class StatementError(ValueError):
    """The file is no statement, or was changed; the text says which."""


def statement(run: Run, counted: RequirementSet) -> dict[str, Any]:
    """Return the statement about a run; only the requirements of the set count, others stand in ``later``."""
    inside = summarise([each for each in run.results if each.requirement in counted.ids], run.plan.level)
    later = summarise([each for each in run.results if each.requirement not in counted.ids], run.plan.level)
    policy = run.plan.policy
    body: dict[str, Any] = {
        "statement": KIND,
        "self_asserted": True,
        "note": _NOTE,
        "kit": {"name": "alipay-qr-conformance", "version": __version__},
        "vectors": {"sha256": vectors_hash()},
        "requirement_set": {
            "date": counted.day.isoformat(),
            "count": len(counted.ids),
            "sha256": counted.sha256,
        },
        "subject": {
            "name": run.subject.name,
            "version": run.subject.version,
            "language": run.subject.language,
        },
        "run": {
            "level": run.plan.level,
            "seed": run.plan.seed,
            "depth": run.plan.depth,
            "profile": run.plan.profile,
            "policy": policy.declared(),
        },
        "level": inside.level,
        "results": {row.requirement.id: row.verdict.value for row in inside.rows},
        "findings": sum(case.finding is not None for row in inside.rows for case in row.cases),
        "later": {row.requirement.id: row.verdict.value for row in later.rows},
    }
    return body | {"sha256": _hash(body)}


def canonical(data: Mapping[str, Any]) -> str:
    """Return data as canonical JSON."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def checked(text: bytes) -> dict[str, Any]:
    """Return the statement in a text.

    Raises:
        StatementError: no statement, or its hash is not that of its content.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StatementError(f"this is no JSON: {error}") from None
    if not isinstance(found, dict) or found.get("statement") != KIND or set(found) != _PARTS:
        raise StatementError(f'this is no statement: it is not a "{KIND}" with all its parts')
    if _hash({name: value for name, value in found.items() if name != "sha256"}) != found["sha256"]:
        raise StatementError("the statement was changed: its hash is not that of its content")
    return found


def differences(claimed: Mapping[str, Any], seen: Mapping[str, Any]) -> list[str]:
    """Return what a second run says differently, one line each; kit and vectors may differ."""
    lines = [
        f"{part}: claimed {canonical(claimed[part])}, seen {canonical(seen[part])}"
        if isinstance(seen[part], dict)
        else f"{part}: claimed {claimed[part]}, seen {seen[part]}"
        for part in _COMPARED
        if part != "results" and claimed[part] != seen[part]
    ]
    ids = sorted({*claimed["results"], *seen["results"]})
    return lines + [
        f"{each}: claimed {claimed['results'].get(each, '-')}, seen {seen['results'].get(each, '-')}"
        for each in ids
        if claimed["results"].get(each) != seen["results"].get(each)
    ]


def vectors_hash() -> str:
    """Return one hash over all golden vectors, by name and content."""
    total = hashlib.sha256()
    for name in names():
        data = (folder() / f"{name}.json").read_bytes()
        total.update(f"{name} {hashlib.sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()


def _hash(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(body).encode("ascii")).hexdigest()
