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
from alipay_qr_conformance.model.requirements import register
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
    by_case = f"[{finding.case}]" in blames
    return by_name or by_case or (UNUSABLE in blames and finding.verdict is not Verdict.FAIL)


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
        self._first: dict[tuple[str, bool], str] = {}
        """By what is blamed, lightly or not: the requirement of its first finding."""
        self._waiting: list[tuple[Case, CaseResult]] = []
        self._blocked: dict[str, str] = {}
        """By a requirement that is blocked: the one whose finding explains it."""
        self._ran: set[str] = set()
        self.faults: list[Text] = []
        """What the kit could not judge without anybody's fault."""

    def hears(self, case: Case, result: CaseResult) -> CaseResult | None:
        """Take note of a result; return it as it stands, None where it waits for the end of the run."""
        self._ran.add(case.id)
        if result.finding is not None:
            self._findings.append(result.finding)
        if result.verdict is not Verdict.BLOCKED:
            return result
        if (explained := self._explained(result)) is None:
            self._waiting.append((case, result))
        return explained

    def settles(self, number: int, total: int) -> Iterator[CaseFinished | CulpritFound]:
        """Yield what became of the results that waited, and the culprits that were not chosen."""
        for place, (case, result) in enumerate(self._waiting, number + 1):
            explained = self._explained(result, light=True)
            if explained is None and (found := self.culprit(result)) is not None:
                yield CulpritFound(found)
                explained = self._explained(result, light=True)
            yield CaseFinished(place, total, explained or self._tried(case))

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

    def _explained(self, result: CaseResult, *, light: bool = False) -> CaseResult | None:
        """Return a blocked result that names a requirement with a finding, None where none explains it.

        Where the one that it blames is blocked itself, both blame the same. Whoever is blamed first is named
        first, and a SHOULD by its own name alone, unless ``light`` says that nothing else is left.
        """
        named = (self._named(blame, light=light) for blame in result.blames)
        found = next((each for each in named if each is not None), None)
        if found is None:
            heads = [head for head in self._blocked if head.startswith(result.blames)]
            found = self._blocked[heads[0]] if heads else None
        if found is None or result.reason is None:
            return None
        self._blocked.setdefault(result.requirement, found)
        if found in result.reason.en:
            return result
        en, zh = (message("court.see", why=why, requirement=found) for why in result.reason)
        return replace(result, reason=Text(en.en, zh.zh))

    def _named(self, blame: str, *, light: bool) -> str | None:
        """Return the requirement of the first finding that is blamed: later ones do not change it."""
        if (blame, light) not in self._first:
            for each in self._findings:
                if is_culprit(each, (blame,)) and (light or each.requirement == blame or _is_heavy(each)):
                    self._first[blame, light] = each.requirement
                    break
        return self._first.get((blame, light))

    def _explained_by_text(self, result: CaseResult) -> CaseResult | None:
        """Return a result that blames one rule of the signed text, where another one has a finding.

        Several mistakes of the text look alike in one message; the one that was found explains it as well.
        """
        return self._explained(replace(result, blames=("sign.",))) if _is_of_text(result) else None

    def _tried(self, case: Case) -> CaseResult:
        """Return what a case comes to that is tried once more, alone."""
        result = self._judge(case)
        if result.finding is not None:
            self._findings.append(result.finding)
        if result.verdict is not Verdict.BLOCKED or result.reason is None:
            return result
        explained = self._explained(result, light=True) or self._explained_by_text(result)
        if explained is not None:
            return explained
        if (found := _as_finding(case, result, result.reason)) is not None:
            self._findings.append(found)
            return replace(
                result,
                requirement=found.requirement,
                case=found.case,
                verdict=Verdict.FAIL,
                reason=found.detail,
                finding=found,
            )
        why, blames = result.reason, ", ".join(result.blames) or "-"
        self.faults.append(
            Text(
                message("court.no-culprit", case=case.id, why=why.en, blames=blames).en,
                message("court.no-culprit", case=case.id, why=why.zh, blames=blames).zh,
            )
        )
        return result


def _is_heavy(finding: Finding) -> bool:
    row = register().get(finding.requirement)
    return row is None or row.keyword == "MUST" or finding.verdict is not Verdict.FAIL


def _is_of_text(result: CaseResult) -> bool:
    """Say whether a blocked case blames rules of the signed text, and nothing else."""
    return bool(result.blames) and all(each.startswith(("sign.", "[")) for each in result.blames)


def _as_finding(case: Case, result: CaseResult, why: Text) -> Finding | None:
    """Return what a case saw itself and left to a requirement without a finding, if it did."""
    if _is_of_text(result) and case.requirement.startswith(("sign.", "verify.reject.")):
        detail = message("court.own")
        return Finding(case.requirement, case.name, Verdict.FAIL, detail, {"left to": why.en})
    seen = [each for each in result.blames if each in SEEN]
    if not seen:
        return None
    return Finding(
        seen[0], f"in-{case.requirement}-{case.name}", Verdict.FAIL, why, {"case": case.id, "seen": why.en}
    )
