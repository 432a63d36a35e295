"""NDJSON: one JSON object a line for every event, as it happens.

The first member of each line, ``event``, says which: ``run-started``, ``case-finished``, ``run-finished``.
"""

import json
from typing import Any

from alipay_qr._version import __version__
from alipay_qr_conformance.engine.events import CaseFinished, CulpritFound, Event, RunFinished, RunStarted
from alipay_qr_conformance.model.verdicts import Finding
from alipay_qr_conformance.report.run import Run


def render_run(run: Run, lang: str = "en") -> str:
    """Return all lines of a run."""
    return "".join(line(event, lang) for event in run.events())


def line(event: Event, lang: str = "en") -> str:
    """Return one event as a line of ASCII."""
    return json.dumps(_data(event, lang), ensure_ascii=True) + "\n"


def _data(event: Event, lang: str) -> dict[str, Any]:
    match event:
        case RunStarted(subject=subject, plan=plan, total=total):
            return {
                "event": "run-started",
                "kit": __version__,
                "subject": {"name": subject.name, "version": subject.version, "language": subject.language},
                "run": {"level": plan.level, "seed": plan.seed, "depth": plan.depth, "profile": plan.profile},
                "total": total,
            }
        case CaseFinished(number=number, total=total, result=result):
            return {
                "event": "case-finished",
                "number": number,
                "total": total,
                "requirement": result.requirement,
                "case": result.case,
                "verdict": result.verdict.value,
                "optional": result.optional,
                **({"reason": result.reason.in_language(lang)} if result.reason else {}),
                **({"finding": _finding(result.finding, lang)} if result.finding else {}),
            }
        case CulpritFound(result=result):
            found = _finding(result.finding, lang) if result.finding else {}
            return {
                "event": "culprit-found",
                "requirement": result.requirement,
                "case": result.case,
                "finding": found,
            }
        case RunFinished(warnings=warnings):
            return {"event": "run-finished", "warnings": list(warnings)}


def _finding(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "detail": finding.detail.in_language(lang),
        "evidence": dict(finding.evidence),
        **({"keyword": finding.keyword} if finding.keyword else {}),
        **({"diagnosis": finding.diagnosis.in_language(lang)} if finding.diagnosis else {}),
    }
