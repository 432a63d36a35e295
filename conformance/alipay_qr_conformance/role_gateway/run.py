"""Runs the checks of a gateway and tells the results, as text and as data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from alipay_qr._version import __version__
from alipay_qr_conformance.model.redaction import Redactor
from alipay_qr_conformance.model.texts import labelled, say
from alipay_qr_conformance.model.verdicts import FINDINGS, CaseResult, Finding, Verdict
from alipay_qr_conformance.report.summary import FailOn, RequirementResult, Summary
from alipay_qr_conformance.report.terminal import visible
from alipay_qr_conformance.role_gateway import money, notices, requests_
from alipay_qr_conformance.role_gateway.case import GatewayCase
from alipay_qr_conformance.role_gateway.requirements import gateway_register
from alipay_qr_conformance.testbed.gateway_client import (
    BrokenError,
    CannotError,
    GatewayClient,
    GatewayTarget,
)

EXAMPLES = {"quick": 8, "default": 25, "deep": 300}


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    url: str
    summary: Summary

    def fails(self, fail_on: FailOn) -> bool:
        """Say whether a finding counts."""
        return self.summary.fails(fail_on)


def all_cases(depth: str = "default") -> list[GatewayCase]:
    """Return every case."""
    examples = EXAMPLES[depth]
    return [*requests_.cases(examples), *money.cases(examples), *notices.cases()]


def check_gateway(
    wiring: GatewayTarget, depth: str = "default", wanted: Callable[[GatewayCase], bool] | None = None
) -> Outcome:
    """Run every check, or those that are wanted, against a gateway."""
    redactor = Redactor((*wiring.keys.secrets(), *([wiring.token] if wiring.token else [])))
    bench = GatewayClient(wiring)
    try:
        cases = [case for case in all_cases(depth) if wanted is None or wanted(case)]
        results = [_judge(case, bench, redactor) for case in cases]
    finally:
        bench.close()
    rows = [
        RequirementResult(row.requirement, tuple(each for each in results if each.requirement == name))
        for name, row in gateway_register().items()
    ]
    return Outcome(wiring.url, Summary(tuple(rows), 1))


def _judge(case: GatewayCase, bench: GatewayClient, redactor: Redactor) -> CaseResult:
    base = CaseResult(case.requirement, case.name, Verdict.PASS)
    try:
        case.run(bench)
    except BrokenError as broken:
        evidence = {label: redactor.text(text) for label, text in broken.evidence.items()}
        finding = Finding(broken.requirement, case.name, Verdict.FAIL, broken.detail, evidence)
        return CaseResult(case.requirement, case.name, Verdict.FAIL, broken.detail, finding)
    except CannotError as gap:
        return CaseResult(case.requirement, case.name, Verdict.UNSUPPORTED, gap.reason)
    return base


def render(outcome: Outcome, lang: str = "en") -> str:
    """Return the report as text."""
    summary = outcome.summary
    lines = [visible(outcome.url), ""]
    for row in summary.rows:
        if row.verdict in FINDINGS:
            lines += [*_finding(row, lang), ""]
    reasons: dict[str, int] = {}
    for row in summary.rows:
        for case in row.cases:
            if case.verdict is Verdict.UNSUPPORTED and case.reason:
                text = case.reason.in_language(lang)
                reasons[text] = reasons.get(text, 0) + 1
    lines += [f"- {visible(text)} ({count})" for text, count in reasons.items()]
    counts = summary.counts
    if not summary.findings:
        lines.append(say("report.no-findings", lang))
    lines.append(
        say(
            "terminal.cases",
            lang,
            judged=summary.judged,
            findings=len(summary.findings),
            unsupported=counts[Verdict.UNSUPPORTED],
            blocked=counts[Verdict.BLOCKED],
        )
    )
    return "\n".join(lines) + "\n"


def _finding(row: RequirementResult, lang: str) -> Iterator[str]:
    requirement = row.requirement
    found = [case.finding for case in row.cases if case.finding]
    yield f"{requirement.keyword} {requirement.id}: {requirement.title.in_language(lang)}"
    for each in found:
        yield f"  {each.verdict} [{each.case}]: {visible(each.detail.in_language(lang))}"
    for label, text in found[0].evidence.items():
        yield f"    {label}: {visible(text)}"
    yield "  " + labelled(say("terminal.why", lang), lang, requirement.why.in_language(lang))
    yield "  " + labelled(say("terminal.mend", lang), lang, requirement.mend.in_language(lang))
    yield "  " + labelled(say("terminal.source", lang), lang, requirement.clause)


def report(outcome: Outcome, lang: str = "en") -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        "kit": {"name": "alipay-qr-conformance", "version": __version__},
        "gateway": outcome.url,
        "summary": {verdict.value: count for verdict, count in outcome.summary.counts.items()},
        "requirements": [
            {
                "id": row.requirement.id,
                "keyword": row.requirement.keyword,
                "verdict": row.verdict.value,
                "cases": [
                    {"name": case.case, "verdict": case.verdict.value}
                    | ({"reason": case.reason.in_language(lang)} if case.reason else {})
                    for case in row.cases
                ],
            }
            for row in outcome.summary.rows
        ],
        "findings": [
            {
                "requirement": requirement.id,
                "case": finding.case,
                "detail": finding.detail.in_language(lang),
                "evidence": dict(finding.evidence),
            }
            for requirement, finding in outcome.summary.findings
        ],
    }
