"""No blame without a culprit: a case that is not judged names a requirement that has a finding.

Where the run has none, the culprit's own cases are run, if they were not chosen. Where they have none either,
the case is tried once more, alone; what it met then is a finding of the culprit where the case saw its breach
itself, and otherwise a fault of the kit.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from alipay_qr_conformance.engine.events import CaseFinished, CulpritFound
from alipay_qr_conformance.model.outcomes import UNUSABLE
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Text, Verdict
from alipay_qr_conformance.testbed.case import Case

Judge = Callable[[Case], CaseResult]

SEEN: Final = frozenset({"notify.genuine", "request.carried-out"})
"""Requirements whose breach a case sees itself: a genuine message refused, a legal call not carried out."""

MOST: Final = 60
"""How many cases of a culprit are tried: the plain ones stand first."""


def is_culprit(finding: Finding, blames: Sequence[str]) -> bool:
    """Say whether a finding is one that a blocked case blames."""
    by_name = finding.requirement.startswith(tuple(each for each in blames if each != UNUSABLE))
    return by_name or (UNUSABLE in blames and finding.verdict is not Verdict.FAIL)


class Court:
    """Settles what the cases of a run could not judge.

    Args:
        judge: runs one case.
        every: all cases, whether they were chosen or not.
    """

    def __init__(self, judge: Judge, every: Callable[[], Sequence[Case]]) -> None:
        self._judge = judge
        self._every = every
        self._findings: list[Finding] = []
        self._waiting: list[tuple[Case, CaseResult]] = []
        self._ran: set[str] = set()
        self.faults: list[Text] = []
        """What the kit could not judge without anybody's fault."""

    def hears(self, case: Case, result: CaseResult) -> bool:
        """Take note of a result; say whether it stands, or waits for the end of the run."""
        self._ran.add(case.id)
        if result.finding is not None:
            self._findings.append(result.finding)
        if result.verdict is not Verdict.BLOCKED or self._is_explained(result):
            return True
        self._waiting.append((case, result))
        return False

    def settles(self, number: int, total: int) -> Iterator[CaseFinished | CulpritFound]:
        """Yield what became of the results that waited, and the culprits that were not chosen."""
        for place, (case, result) in enumerate(self._waiting, number + 1):
            if not self._is_explained(result) and (found := self.culprit(result)) is not None:
                yield CulpritFound(found)
            yield CaseFinished(place, total, result if self._is_explained(result) else self._tried(case))

    def culprit(self, blocked: CaseResult) -> CaseResult | None:
        """Return the finding of a culprit that was not chosen, None where it has none."""
        if "" in blocked.blames:
            return None
        suspects = (case for case in self._every() if case.requirement.startswith(blocked.blames))
        for case in list(suspects)[:MOST]:
            if case.id in self._ran:
                continue
            self._ran.add(case.id)
            result = self._judge(case)
            if result.finding is not None:
                self._findings.append(result.finding)
                return result
        return None

    def _is_explained(self, result: CaseResult) -> bool:
        return any(is_culprit(each, result.blames) for each in self._findings)

    def _tried(self, case: Case) -> CaseResult:
        """Return what a case comes to that is tried once more, alone."""
        result = self._judge(case)
        if result.finding is not None:
            self._findings.append(result.finding)
        if result.verdict is not Verdict.BLOCKED or self._is_explained(result) or result.reason is None:
            return result
        seen = [each for each in result.blames if each in SEEN]
        if seen:
            name = f"in-{case.requirement}-{case.name}"
            finding = Finding(seen[0], name, Verdict.FAIL, result.reason, {"case": case.id})
            self._findings.append(finding)
            return replace(result, requirement=seen[0], case=name, verdict=Verdict.FAIL, finding=finding)
        why, blames = result.reason, ", ".join(result.blames) or "-"
        self.faults.append(
            Text(
                message("court.no-culprit", case=case.id, why=why.en, blames=blames).en,
                message("court.no-culprit", case=case.id, why=why.zh, blames=blames).zh,
            )
        )
        return result
