"""What a run comes to: verdicts by requirement, the level reached, the counts.

Every report builds on this, so that all of them say the same.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from alipay_qr_conformance.model.causes import Group, explains, group, stage
from alipay_qr_conformance.model.requirements import LEVELS, Requirement, register
from alipay_qr_conformance.model.texts import message, mistake_remedy, say
from alipay_qr_conformance.model.verdicts import (
    FINDINGS,
    WITHOUT_ANSWER,
    CaseResult,
    Finding,
    Keyword,
    Text,
    Verdict,
)

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
    def findings(self) -> list[Finding]:
        """The findings of its cases."""
        return [case.finding for case in self.cases if case.finding]

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
class Cause:
    """One mistake behind findings of one requirement or of several.

    Attributes:
        rows: the requirements that it breaks, the one that names it first.
        finding: what shows it best: one with a diagnosis, and of these the shortest.
        blocked: how many cases could not be judged because of it, by requirement.
    """

    rows: tuple[RequirementResult, ...]
    finding: Finding
    blocked: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The requirement that names it: stable, and what `alipay-qr rules` explains."""
        return self.requirement.id

    @property
    def requirement(self) -> Requirement:
        """The requirement that is broken first on the way of a message."""
        return self.rows[0].requirement

    @property
    def keyword(self) -> Keyword:
        """How much it weighs."""
        return self.finding.keyword or self.requirement.keyword

    @property
    def diagnosis(self) -> Text | None:
        """The mistake that reproduces a wrong sign, where one of its findings has it."""
        return self.finding.diagnosis

    @property
    def fix(self) -> str:
        """The id of the cure, stable: the doctor's mistakes, joined with a plus, else the requirement."""
        return "+".join(self.finding.mistakes) or self.id

    @property
    def is_without_answer(self) -> bool:
        """Whether what shows it is a call that came to no answer: a process that ended, or talks nonsense."""
        return self.finding.verdict in WITHOUT_ANSWER

    def title(self, lang: str) -> str:
        """Return its headline: what is broken, or that there was no answer, and to what."""
        text = self.finding.detail if self.is_without_answer else self.requirement.title
        return text.in_language(lang)

    def detail(self, lang: str) -> str:
        """Return what stands below the headline: what was seen, or what was asked about in vain."""
        text = self._asked.title if self.is_without_answer else self.finding.detail
        return text.in_language(lang)

    @property
    def _asked(self) -> Requirement:
        """The requirement of what shows it."""
        return register()[self.finding.requirement]

    def cure(self, lang: str) -> str:
        """Return what to change: the doctor's remedies, else that of the requirement.

        Where the call itself raised, or came to no answer, the rule was never put to the test, and its
        remedy alone would mislead.
        """
        if self.is_without_answer:
            return say("report.no-answer", lang, mend=self._asked.mend.in_language(lang))
        if self.finding.detail == message("legal.raised") and self.id.startswith("sign."):
            return say("report.raised", lang)
        remedies = [mistake_remedy(each).in_language(lang) for each in self.finding.mistakes]
        return " ".join(remedies) or self.requirement.mend.in_language(lang)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings it explains, by requirement."""
        return {row.requirement.id: len(row.findings) for row in self.rows}


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

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The mistakes behind the findings: what counts most first, then the earliest in the pipeline."""
        broken = {row.requirement.id: row for row in self.rows if row.findings}
        heavy = [name for name, row in broken.items() if row.requirement.keyword == "MUST"]
        groups = group(broken, heavy)
        blocked = _blocked(groups, self.rows)
        found = [_cause(each, broken, blocked[each.head]) for each in groups]
        found.sort(key=lambda each: _WEIGHTS.index(each.keyword))  # a MUST names what is merged with it
        return tuple(sorted(_merged(found), key=_urgency))

    def causes_but(self, excused: Collection[str]) -> tuple[Cause, ...]:
        """Return the mistakes behind all findings but those of the cases that are excused."""
        if not excused:
            return self.causes
        left = [
            case
            for row in self.rows
            for case in row.cases
            if not (case.finding and case.finding.id in excused)
        ]
        return summarise(left, self.asked).causes

    def fails(self, fail_on: FailOn) -> bool:
        """Say whether a finding counts: those of a MUST, or of any keyword but MAY."""
        counted = {"MUST"} if fail_on == "must" else {"MUST", "SHOULD"}
        return any(
            (finding.keyword or requirement.keyword) in counted for requirement, finding in self.findings
        )

    @property
    def judged(self) -> int:
        """How many cases were really put to the test."""
        counts = self.counts
        return sum(counts.values()) - counts[Verdict.UNSUPPORTED] - counts[Verdict.BLOCKED]


_WEIGHTS: Final = ("MUST", "SHOULD", "MAY")


def _merged(causes: Iterable[Cause]) -> list[Cause]:
    """Return causes of which no two are the same mistake: proved by the doctor, or no answer at all."""
    found: dict[str, Cause] = {}
    for each in causes:
        verdicts = {finding.verdict for row in each.rows for finding in row.findings}
        alone = str(verdicts.pop()) if len(verdicts) == 1 and each.is_without_answer else each.id
        name = each.fix if each.finding.mistakes else alone
        if (first := found.get(name)) is None:
            found[name] = each
        else:
            blocked = Counter(first.blocked) + Counter(each.blocked)
            found[name] = Cause((*first.rows, *each.rows), _plainer(first, each), dict(blocked))
    return list(found.values())


def _plainer(first: Cause, second: Cause) -> Finding:
    """Return which finding shows both of them; the earlier one where neither says anything of its rule."""
    if first.is_without_answer:
        return first.finding
    return min(first.finding, second.finding, key=_simplicity)


def _urgency(cause: Cause) -> tuple[int, int, int]:
    """Return what causes are sorted by: weight, place in the pipeline, whether they are proved.

    Whoever ends in the middle is told that first: it stands behind all that could not be judged.
    Where several mistakes are made while signing, each hides the others: those that the doctor reproduced
    come first, the fewer at once the better.
    """
    signs = cause.id.startswith("sign.")
    place = _SIGNING if signs else stage(cause.id)
    if cause.finding.verdict is Verdict.CRASH:
        return _WEIGHTS.index(cause.keyword), -1, 0
    return _WEIGHTS.index(cause.keyword), place, (len(cause.finding.mistakes) or _UNPROVED) if signs else 0


_SIGNING: Final = stage("sign.exclude")
_UNPROVED: Final = 100


def _blocked(groups: Iterable[Group], rows: Iterable[RequirementResult]) -> Mapping[str, Mapping[str, int]]:
    """Return by its head what a group keeps from being judged; the first is blamed for what none explains."""
    heads = [each.head for each in groups]
    owners = {name: each.head for each in groups for name in (each.head, *each.effects)}
    found: dict[str, dict[str, int]] = {head: {} for head in heads}
    for row in rows:
        count = sum(case.verdict is Verdict.BLOCKED for case in row.cases)
        if count and heads:
            name = row.requirement.id
            first = next((head for head in heads if explains(head, name)), heads[0])
            found[owners.get(name, first)][name] = count
    return found


def _cause(found: Group, broken: Mapping[str, RequirementResult], blocked: Mapping[str, int]) -> Cause:
    rows = tuple(broken[name] for name in (found.head, *found.effects))
    shown = [each for row in rows for each in row.findings]
    ended = [each for each in shown if each.verdict is Verdict.CRASH]
    told = [each for each in shown if each.diagnosis is not None or each.mistakes]
    own = [each for each in told if each.requirement == found.head]
    candidates = ended or own or told or rows[0].findings
    return Cause(rows, min(candidates, key=_simplicity), blocked)


def _simplicity(finding: Finding) -> tuple[int, bool, int]:
    """Return what findings are sorted by: fewer mistakes first, the plain case, then the smaller evidence."""
    special = not finding.case.startswith("plain")
    return len(finding.mistakes), special, sum(map(len, finding.evidence.values()))


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
