"""The JSON report: stable, sorted, the same bytes for the same run; its schema stands beside it."""

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from alipay_qr._version import __version__
from alipay_qr_conformance.model.known_failures import Known
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.report.run import NOTHING_KNOWN, Run, case_id
from alipay_qr_conformance.report.summary import Summary, summarise
from alipay_qr_conformance.subjects import Hello


def render_run(run: Run, lang: str = "en") -> str:
    """Return the report of a run as text."""
    report = json_report(
        run.summary, run.subject, run.plan, lang, warnings=run.warnings, of=run.of, excuses=run.excuses
    )
    if run.later:
        rows = summarise(run.later, run.plan.level).rows
        report["later"] = {row.requirement.id: row.verdict.value for row in rows}
    return to_text(report)


def _clock(subject: Hello) -> str:
    """Where the subject takes the time from."""
    if subject.faketime:
        return "faketime"
    return "now" if subject.clock else "real"


def json_report(
    summary: Summary,
    subject: Hello,
    plan: Plan,
    lang: str = "en",
    *,
    warnings: Iterable[str] = (),
    of: int | None = None,
    excuses: Mapping[str, Known] = NOTHING_KNOWN,
) -> dict[str, Any]:
    """Return the report as plain data, as ``report-v1.schema.json`` describes it.

    ``of`` is how many cases the plan has, where only some of them were chosen; ``excuses`` are the known
    failures that excuse a finding, by case id.
    """
    ran = sum(summary.counts.values())
    causes = {name: cause.id for cause in summary.causes for name in cause.counts}
    return {
        "kit": {"name": "alipay-qr-conformance", "version": __version__},
        "subject": {
            "name": subject.name,
            "version": subject.version,
            "language": subject.language,
            "operations": list(subject.operations),
            "sign_types": list(subject.sign_types),
            "charsets": list(subject.charsets),
            "clock": _clock(subject),
        },
        "run": {
            "level": plan.level,
            "seed": plan.seed,
            "depth": plan.depth,
            "profile": plan.profile,
            "language": lang,
            "policy": plan.policy.declared(),
            "cases": ran,
            "of": of or ran,
        },
        "level": summary.level,
        "warnings": list(warnings),
        "summary": {verdict.value: count for verdict, count in summary.counts.items()},
        "requirements": [
            {
                "id": row.requirement.id,
                "keyword": row.requirement.keyword,
                "level": row.requirement.level,
                "verdict": row.verdict.value,
                "cases": [
                    {"name": case.case, "verdict": case.verdict.value}
                    | ({"reason": case.reason.in_language(lang)} if case.reason else {})
                    for case in row.cases
                ],
            }
            for row in summary.rows
        ],
        "causes": [
            {
                "id": cause.id,
                "keyword": cause.keyword,
                "title": cause.requirement.title.in_language(lang),
                "detail": cause.finding.detail.in_language(lang),
                "case": case_id(cause.finding.requirement, cause.finding.case),
                "evidence": dict(cause.finding.evidence),
                "remedy": cause.requirement.mend.in_language(lang),
                "findings": dict(cause.counts),
            }
            | ({"diagnosis": cause.diagnosis.in_language(lang)} if cause.diagnosis else {})
            for cause in summary.causes
        ],
        "findings": [
            {
                "cause": causes[requirement.id],
                "requirement": requirement.id,
                "keyword": finding.keyword or requirement.keyword,
                "verdict": finding.verdict.value,
                "title": requirement.title.in_language(lang),
                "detail": finding.detail.in_language(lang),
                "case": finding.case,
                "clause": requirement.clause,
                "evidence": dict(finding.evidence),
                "remedy": requirement.mend.in_language(lang),
            }
            | ({"diagnosis": finding.diagnosis.in_language(lang)} if finding.diagnosis else {})
            | _known(excuses.get(case_id(requirement.id, finding.case)))
            for requirement, finding in summary.findings
        ],
    }


def _known(known: Known | None) -> dict[str, Any]:
    if known is None:
        return {}
    return {"known": {"issue": known.issue, "cause": known.cause, "flaky": known.flaky}}


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
