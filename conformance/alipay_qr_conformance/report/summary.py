"""What a run comes to: verdicts by requirement, the level reached, the counts.

Every report builds on this, so that all of them say the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from alipay_qr_conformance.model.requirements import LEVELS, Requirement, register
from alipay_qr_conformance.model.verdicts import FINDINGS, CaseResult, Finding, Verdict

FailOn = Literal["must", "should"]


@dataclass(frozen=True)
class RequirementResult:
    """One requirement with all its cases; the worst of them decides."""

    requirement: Requirement
    cases: tuple[CaseResult, ...]

    @property
    def verdict(self) -> Verdict:
        """A finding if any case has one, then blocked, then unsupported, then pass."""
        verdicts = [case.verdict for case in self.cases]
        for verdict in verdicts:
            if verdict in FINDINGS:
                return Verdict.FAIL if Verdict.FAIL in verdicts else verdict
        if Verdict.BLOCKED in verdicts:
            return Verdict.BLOCKED
        if any(case.verdict is Verdict.UNSUPPORTED and not case.optional for case in self.cases):
            return Verdict.UNSUPPORTED
        return Verdict.PASS if Verdict.PASS in verdicts else Verdict.UNSUPPORTED

    @property
    def keeps_from_level(self) -> bool:
        """Whether the subject cannot reach this requirement's level."""
        return self.requirement.keyword == "MUST" and any(_keeps(case) for case in self.cases)


def _keeps(case: CaseResult) -> bool:
    """Say whether one case of a MUST keeps the subject from its level."""
    if case.finding is not None:
        return case.finding.keyword in {None, "MUST"}
    return case.verdict is Verdict.BLOCKED or (case.verdict is Verdict.UNSUPPORTED and not case.optional)


@dataclass(frozen=True)
class Summary:
    """The whole run, by requirement in the order of the register."""

    rows: tuple[RequirementResult, ...]
    asked: int
    """The highest level that was run."""

    @property
    def level(self) -> int:
        """The highest level reached; 0 for none."""
        reached = 0
        for level in LEVELS:
            rows = [row for row in self.rows if row.requirement.level == level]
            if level > self.asked or any(row.keeps_from_level for row in rows):
                break
            if not any(case.verdict is Verdict.PASS for row in rows for case in row.cases):
                break  # nothing that was put to the test, nothing reached
            reached = level
        return reached

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many cases ended with each verdict."""
        found = Counter(case.verdict for row in self.rows for case in row.cases)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def findings(self) -> list[tuple[Requirement, Finding]]:
        """All findings with their requirement."""
        return [(row.requirement, case.finding) for row in self.rows for case in row.cases if case.finding]

    def fails(self, fail_on: FailOn) -> bool:
        """Say whether a finding counts: those of a MUST, or of any keyword but MAY."""
        counted = {"MUST"} if fail_on == "must" else {"MUST", "SHOULD"}
        return any(
            (finding.keyword or requirement.keyword) in counted for requirement, finding in self.findings
        )

    @property
    def judged(self) -> int:
        """How many cases were really put to the test."""
        return sum(
            self.counts[verdict]
            for verdict in Verdict
            if verdict not in {Verdict.UNSUPPORTED, Verdict.BLOCKED}
        )


def summarise(results: Iterable[CaseResult], asked: int) -> Summary:
    """Return the summary of case results; ``asked`` is the highest level that was run."""
    by_requirement: dict[str, list[CaseResult]] = {}
    for result in results:
        by_requirement.setdefault(result.requirement, []).append(result)
    rows = [
        RequirementResult(requirement, tuple(by_requirement[requirement.id]))
        for requirement in register().values()
        if requirement.id in by_requirement
    ]
    return Summary(tuple(rows), asked)
