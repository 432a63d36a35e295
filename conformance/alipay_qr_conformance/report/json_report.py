"""The JSON report: stable, sorted, the same bytes for the same run; its schema stands beside it."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from alipay_qr._version import __version__
from alipay_qr_conformance.casebook import Plan
from alipay_qr_conformance.report.summary import Summary
from alipay_qr_conformance.subjects import Hello
from alipay_qr_conformance.verdicts import Verdict


def json_report(summary: Summary, subject: Hello, plan: Plan, lang: str = "en") -> dict[str, Any]:
    """Return the report as plain data, as ``report-v1.schema.json`` describes it."""
    return {
        "kit": {"name": "alipay-qr-conformance", "version": __version__},
        "subject": {
            "name": subject.name,
            "version": subject.version,
            "language": subject.language,
            "operations": list(subject.operations),
            "sign_types": list(subject.sign_types),
            "charsets": list(subject.charsets),
        },
        "run": {"level": plan.level, "seed": plan.seed, "depth": plan.depth, "profile": plan.profile},
        "level": summary.level,
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
        "findings": [
            {
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
            for requirement, finding in summary.findings
        ],
    }


def to_text(report: Mapping[str, Any]) -> str:
    """Return the report as JSON text in ASCII, so that no reader's charset can spoil it."""
    return json.dumps(report, indent=1, ensure_ascii=True) + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the report, with the verdicts filled in."""
    text = (files("alipay_qr_conformance") / "report" / "report-v1.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    if found["$defs"]["verdict"]["enum"] != [verdict.value for verdict in Verdict]:
        raise ValueError("the report's schema and the verdicts disagree")
    return found
