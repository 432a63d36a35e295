"""A run, collected: what every report but the streaming one is made of.

Collector   a consumer of events; its `Collector.run` is the run, once it has ended
Run         subject, plan, results, and the known failures that excuse some of them
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from alipay_qr_conformance.engine.events import CaseFinished, CulpritFound, Event, RunFinished, RunStarted
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.known_failures import Known, excused
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.redaction import Redactor
from alipay_qr_conformance.model.requirements import LEVELS
from alipay_qr_conformance.model.texts import say
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Keyword, Text, Verdict
from alipay_qr_conformance.report.summary import Cause, FailOn, Summary, summarise
from alipay_qr_conformance.subjects import Hello

_NO_RACES: Final = (
    "races are not judged: hello says parallel: false, so calls at the same moment came in turn"
)
NOTHING_KNOWN: Mapping[str, Known] = MappingProxyType({})


@dataclass(frozen=True)
class Run:
    """One finished run.

    Attributes:
        excuses: the known failure that excuses a finding, by case id.
        place: where a reader of code looks for the subject: a path, a URL, or a word.
        fail_on: from which keyword on a finding counts.
        of: how many cases the plan has, where only some of them were chosen.
        later: results of requirements that are younger than the requirement set; they count for nothing.
        full: whether reports hold the evidence of every finding, and not of the causes alone.
        again: the command that checks this subject again.
        where: where to look in the subject's source, by the id of a cause.
        judges_levels: whether all was put to the test that a level asks for; recorded traffic never is.
        culprits: findings of cases that were not chosen, and keep chosen ones from being judged.
        faults: what the kit could not judge without anybody's fault: its own.
    """

    subject: Hello
    plan: Plan
    results: tuple[CaseResult, ...]
    warnings: tuple[str, ...] = ()
    excuses: Mapping[str, Known] = field(default_factory=lambda: NOTHING_KNOWN)
    place: str = "adapter"
    fail_on: FailOn = "must"
    of: int | None = None
    later: tuple[CaseResult, ...] = ()
    full: bool = False
    again: str = "alipay-qr check"
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    judges_levels: bool = True
    culprits: tuple[CaseResult, ...] = ()
    faults: tuple[Text, ...] = ()

    @cached_property
    def summary(self) -> Summary:
        """The verdicts by requirement, the level, the counts."""
        return summarise(self.results, self.plan.level)

    @property
    def title(self) -> str:
        """The subject in one line; where the kit moves its clock, that is told."""
        clock = "; faketime" if self.subject.faketime else ""
        return f"{self.subject.name} {self.subject.version} ({self.subject.language}{clock})"

    @property
    def races_judged(self) -> bool:
        """Whether no case was put to the test in turn that is about calls at the same moment."""
        tried = (each.case.endswith("at-once") and each.verdict is Verdict.PASS for each in self.results)
        return self.subject.parallel or not any(tried)

    @property
    def remarks(self) -> tuple[str, ...]:
        """The remarks about the adapter, in English, and what keeps a part from being judged."""
        return self.warnings if self.races_judged else (*self.warnings, _NO_RACES)

    def warned(self, lang: str) -> list[str]:
        """Return the remarks in ``lang``."""
        return [in_both(each).in_language(lang) for each in self.remarks]

    def later_lines(self, lang: str) -> tuple[str, ...]:
        """Return what the requirements in `later` came to, a line each."""
        rows = summarise(self.later, self.plan.level).rows
        return tuple(f"{row.requirement.id}: {say(f'verdict.{row.verdict.value}', lang)}" for row in rows)

    def partly(self, lang: str) -> str:
        """Return the remark that only some of the cases ran, with the culprits among the others."""
        ran = len(self.results) + len(self.later)
        some = self.of is not None and ran < self.of
        words = [say("report.partly", lang, ran=ran, of=self.of)] if some else []
        return " ".join([*words, *self.culprit_lines(lang)])

    @property
    def fails(self) -> bool:
        """Whether a finding counts that no known failure excuses; a culprit's too, which was not chosen."""
        beside = summarise(self.culprits, max(LEVELS)).findings
        return any(
            self.counts(finding.keyword or requirement.keyword)
            and case_id(finding.requirement, finding.case) not in self.excuses
            for requirement, finding in (*self.summary.findings, *beside)
        )

    def culprit_lines(self, lang: str) -> tuple[str, ...]:
        """Return the culprits that were not chosen, a line each."""
        return tuple(
            say("report.culprit", lang, id=each.finding.id, detail=each.finding.detail.in_language(lang))
            for each in self.culprits
            if each.finding is not None
        )

    def causes(self, *, known: bool) -> tuple[Cause, ...]:
        """Return the mistakes behind the findings that known failures excuse, or behind the others."""
        if not known:
            return self.summary.causes_but(self.excuses)
        found = [each for each in self.results if each.finding and each.finding.id in self.excuses]
        return summarise(found, self.plan.level).causes

    def counts(self, keyword: Keyword) -> bool:
        """Say whether a finding of this keyword counts."""
        return keyword == "MUST" or (keyword == "SHOULD" and self.fail_on == "should")

    def events(self) -> Iterator[Event]:
        """Yield the events of the run once more."""
        yield RunStarted(self.subject, self.plan, len(self.results))
        for number, result in enumerate(self.results, 1):
            yield CaseFinished(number, len(self.results), result)
        yield RunFinished(self.warnings)


class Collector:
    """Keeps the events of a run."""

    def __init__(
        self, known: tuple[Known, ...] = (), *, fail_on: FailOn = "must", redactor: Redactor | None = None
    ) -> None:
        self._known = known
        self._clean = Cleaner(redactor or Redactor())
        self._fail_on: FailOn = fail_on
        self._started: RunStarted | None = None
        self._results: list[CaseResult] = []
        self._culprits: list[CaseResult] = []
        self._warnings: tuple[str, ...] = ()
        self._faults: tuple[Text, ...] = ()

    def __call__(self, event: Event) -> None:
        """Consume one event."""
        match self._clean.event(event):
            case RunStarted() as started:
                self._started = started
            case CaseFinished(result=result):
                self._results.append(result)
            case CulpritFound(result=result):
                self._culprits.append(result)
            case RunFinished(warnings=warnings, faults=faults):
                self._warnings, self._faults = warnings, faults

    @property
    def results(self) -> tuple[CaseResult, ...]:
        """What has ended so far."""
        return tuple(self._results)

    def run(
        self, place: str = "adapter", of: int | None = None, counted: frozenset[str] | None = None
    ) -> Run:
        """Return the run; see `Run` for ``place`` and ``of``.

        ``counted`` are the requirements that count; results of others are kept apart.

        Raises:
            ValueError: nothing has started yet.
        """
        if self._started is None:
            raise ValueError("no run has started")
        return Run(
            self._started.subject,
            self._started.plan,
            tuple(each for each in self._results if counted is None or each.requirement in counted),
            self._warnings,
            excused(self._known, self._results),
            place,
            self._fail_on,
            of,
            tuple(each for each in self._results if counted is not None and each.requirement not in counted),
            culprits=tuple(self._culprits),
            faults=self._faults,
        )


_ADDRESS: Final = (
    (re.compile(r"127\.0\.0\.1(:|%3[Aa])\d+"), r"127.0.0.1\g<1>PORT"),  # the gateway's port is drawn anew
    (re.compile(r"\bat 0x[0-9A-Fa-f]+"), "at 0x..."),  # where an object of a Python subject happens to lie
)


class Cleaner:
    """Takes out of events what must not be shown (secrets) and what differs from run to run for no reason."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def event(self, event: Event) -> Event:
        """Return an event that may be shown."""
        match event:
            case RunStarted(subject=subject):
                texts: dict[str, Any] = {
                    each.name: self.text(getattr(subject, each.name))
                    for each in fields(subject)
                    if isinstance(getattr(subject, each.name), str)
                }
                operations = tuple(map(self.text, subject.operations))
                return replace(event, subject=replace(subject, operations=operations, **texts))
            case CaseFinished(result=CaseResult(reason=None, finding=None)):
                return event
            case CaseFinished(result=result) | CulpritFound(result=result):
                reason = self._sentence(result.reason) if result.reason else None
                finding = self._finding(result.finding) if result.finding else None
                return replace(event, result=replace(result, reason=reason, finding=finding))
            case RunFinished(warnings=warnings):
                return replace(event, warnings=tuple(map(self.text, warnings)))

    def text(self, text: str) -> str:
        """Return one text cleaned."""
        text = self._redactor.text(text)
        for pattern, instead in _ADDRESS:
            text = pattern.sub(instead, text)
        return text

    def _sentence(self, sentence: Text) -> Text:
        return Text(self.text(sentence.en), self.text(sentence.zh))

    def _finding(self, finding: Finding) -> Finding:
        return replace(
            finding,
            detail=self._sentence(finding.detail),
            evidence={label: self.text(text) for label, text in finding.evidence.items()},
            diagnosis=self._sentence(finding.diagnosis) if finding.diagnosis else None,
        )


def case_id(requirement: str, case: str) -> str:
    """Return the identity of a case in every report."""
    return f"{requirement}[{case}]"
