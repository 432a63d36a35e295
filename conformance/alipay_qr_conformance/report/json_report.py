"""The JSON report: stable, sorted, the same bytes for the same run; its schema stands beside it."""

import json
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from alipay_qr._version import __version__
from alipay_qr_conformance.model.requirements import Requirement
from alipay_qr_conformance.model.verdicts import Finding, Verdict
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.report.summary import Cause, RequirementResult, summarise
from alipay_qr_conformance.subjects import Hello

_MOST: Final = 100
"""Findings that are listed, of each requirement equally many, unless everything is; `counts` has them all."""
_LONGEST: Final = 500


def render_run(run: Run, lang: str = "en") -> str:
    """Return the report of a run as text."""
    report = json_report(run, lang)
    if run.later:
        rows = summarise(run.later, run.plan.level).rows
        report["later"] = {row.requirement.id: row.verdict.value for row in rows}
    return to_text(report)


def _clock(subject: Hello) -> str:
    """Where the subject takes the time from."""
    if subject.faketime:
        return "faketime"
    return "now" if subject.clock else "real"


def json_report(run: Run, lang: str = "en") -> dict[str, Any]:
    """Return the report as plain data, as ``report-v1.schema.json`` describes it.

    The evidence stands once, with the cause; every case and the evidence of every finding only in a full one.
    """
    summary, plan = run.summary, run.plan
    ran = sum(summary.counts.values())
    causes = {name: cause.id for cause in summary.causes for name in cause.counts}
    broken = sum(bool(row.findings) for row in summary.rows)
    most = None if run.full or len(summary.findings) <= _MOST else max(1, _MOST // broken)
    return {
        "kit": {"name": "alipay-qr-conformance", "version": __version__},
        "subject": _subject(run.subject),
        "run": {
            "level": plan.level,
            "seed": plan.seed,
            "depth": plan.depth,
            "profile": plan.profile,
            "language": lang,
            "policy": plan.policy.declared(),
            "cases": ran,
            "of": run.of or ran,
            "evidence": "full" if run.full else "causes",
        },
        "level": summary.level,
        "warnings": list(run.remarks),
        "summary": {verdict.value: count for verdict, count in summary.counts.items()},
        "requirements": [_requirement(row, lang, full=run.full) for row in summary.rows],
        "causes": [_cause(run, cause, lang) for cause in summary.causes],
        "findings": [
            _finding(run, row.requirement, finding, causes[row.requirement.id], lang)
            for row in summary.rows
            for finding in row.findings[:most]
        ],
    }


def _subject(subject: Hello) -> dict[str, Any]:
    return {
        "name": subject.name,
        "version": subject.version,
        "language": subject.language,
        "operations": list(subject.operations),
        "sign_types": list(subject.sign_types),
        "charsets": list(subject.charsets),
        "clock": _clock(subject),
    }


def _requirement(row: RequirementResult, lang: str, *, full: bool) -> dict[str, Any]:
    counts = Counter(case.verdict.value for case in row.cases)
    told: dict[str, Any] = {
        "id": row.requirement.id,
        "keyword": row.requirement.keyword,
        "level": row.requirement.level,
        "verdict": row.verdict.value,
        "counts": {each.value: counts[each.value] for each in Verdict if counts[each.value]},
    }
    if full:
        told["cases"] = [
            {"name": case.case, "verdict": case.verdict.value}
            | ({"reason": case.reason.in_language(lang)} if case.reason else {})
            for case in row.cases
        ]
    return told


def _cause(run: Run, cause: Cause, lang: str) -> dict[str, Any]:
    evidence = cause.finding.evidence
    told: dict[str, Any] = {
        "id": cause.id,
        "fix": cause.fix,
        "keyword": cause.keyword,
        "title": cause.title(lang),
        "detail": cause.finding.detail.in_language(lang),
        "case": cause.finding.id,
        "evidence": dict(evidence) if run.full else {label: _cut(text) for label, text in evidence.items()},
        "remedy": cause.cure(lang),
        "clause": cause.requirement.clause,
        "findings": dict(cause.counts),
        "blocked": dict(cause.blocked),
        "where": list(run.where.get(cause.id, ())),
    }
    return told | ({"diagnosis": cause.diagnosis.in_language(lang)} if cause.diagnosis else {})


def _finding(run: Run, row: Requirement, finding: Finding, cause: str, lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "requirement": row.id,
        "case": finding.case,
        "keyword": finding.keyword or row.keyword,
        "verdict": finding.verdict.value,
        "title": row.title.in_language(lang),
        "cause": cause,
    }
    if known := run.excuses.get(finding.id):
        told["known"] = {"issue": known.issue, "cause": known.cause, "flaky": known.flaky}
    if not run.full:
        return told
    told |= {
        "detail": finding.detail.in_language(lang),
        "clause": row.clause,
        "evidence": dict(finding.evidence),
        "remedy": row.mend.in_language(lang),
    }
    return told | ({"diagnosis": finding.diagnosis.in_language(lang)} if finding.diagnosis else {})


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)})"


def to_text(report: Mapping[str, Any]) -> str:
    """Return the report as JSON text in ASCII, so that no reader's charset can spoil it."""
    return json.dumps(report, indent=1, ensure_ascii=True) + "\n"


def canonical(data: object) -> str:
    """Return plain data as canonical JSON: sorted names, no blanks, ASCII."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the report, with the verdicts filled in."""
    text = (files("alipay_qr_conformance") / "report" / "report-v1.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    if found["$defs"]["verdict"]["enum"] != [verdict.value for verdict in Verdict]:
        raise ValueError("the report's schema and the verdicts disagree")
    return found
