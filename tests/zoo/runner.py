"""Runs an animal through the whole kit, in this process, and says what it was accused of."""

from dataclasses import dataclass

from alipay_qr_conformance.casebook import Plan
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine import CaseFinished, Runner
from alipay_qr_conformance.policy import Policy
from alipay_qr_conformance.report.summary import Summary, summarise
from alipay_qr_conformance.requirements import register
from alipay_qr_conformance.subjects import PythonTransport, Subject

UMBRELLAS = frozenset({"sign.any-message", "money.any-history"})
"""Requirements that hold in any message and any history: a vice may show there too, and need not."""


@dataclass(frozen=True)
class Visit:
    """What the kit said of an animal."""

    summary: Summary

    @property
    def accused(self):
        return {requirement.id for requirement, _ in self.summary.findings}

    @property
    def verdicts(self):
        return {str(finding.verdict) for _, finding in self.summary.findings}

    def because(self, requirements):
        """The first finding of each requirement, for people."""
        lines = {}
        for row, finding in self.summary.findings:
            if row.id in requirements and row.id not in lines:
                lines[row.id] = f"{row.id}[{finding.case}] {finding.verdict}: {finding.detail.en} {dict(finding.evidence)}"
        return "\n".join(text[:1200] for text in lines.values())


def visit(target, *, seed=0, only=lambda case: True, transport=None):
    """Run all cases (those that ``only`` lets through) against a subject."""
    runner = Runner(Subject(transport or PythonTransport(target)), Plan(Policy(), seed=seed, depth="quick"))
    try:
        cases = [case for case in all_cases(runner.plan) if only(case)]
        results = [event.result for event in runner.run(cases) if isinstance(event, CaseFinished)]
    finally:
        runner.close()
    return Visit(summarise(results, 4))


def level_left(expects):
    """The level that an animal still reaches, given what it deserves."""
    broken = [register()[each].level for each in expects if register()[each].keyword == "MUST"]
    return min(broken, default=5) - 1
