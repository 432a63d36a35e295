"""The terminal report: what a person reads first, and acts on.

Progress goes to stderr while the run lasts (only to a terminal), the report to stdout at its end. The first
screen (24 lines of 80 columns) holds the verdict, the number of causes, the first cause with its cure, and
the next command; behind it evidence, further causes, the ladder of levels, what is missing. Everything that
came from the subject is shown with control characters visible.
"""

import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, TextIO

from alipay_qr_conformance.engine.events import CaseFinished, Event, RunFinished, RunStarted
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.requirements import LEVELS, register
from alipay_qr_conformance.model.shown import visible
from alipay_qr_conformance.model.texts import labelled, message, say
from alipay_qr_conformance.model.verdicts import FINDINGS, CaseResult, Finding, Verdict
from alipay_qr_conformance.model.widths import fold
from alipay_qr_conformance.report.summary import Cause, RequirementResult, Summary

if TYPE_CHECKING:
    from alipay_qr_conformance.report.run import Run

_COLUMNS: Final = 80
_LONGEST: Final = 1500
_LONGEST_DETAIL: Final = 300
_LONGEST_GAP: Final = 400
_MOST_NAMES: Final = 6
_MOST_EFFECTS: Final = 12
_MOST_LINES: Final = 6
_MOST_WHOLE: Final = 40
_MOST_BRIEF: Final = 43
"""Lines: behind them causes are told in brief, then by their ids alone."""
_MOST_GAPS: Final = 6
_CURE: Final = ("mistake", "slip", "mend", "where", "next")
_PROVED: Final = frozenset({"request.sign.valid"})
"""Requirements whose diagnosis reproduces a sign; another one is what probably happened."""


class Progress:
    """Shows how far the run is, and the first finding at once, on a terminal only."""

    def __init__(self, stream: TextIO | None = None, lang: str = "en") -> None:
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._lang = lang
        self._found = False

    def __call__(self, event: Event) -> None:
        """Consume one event."""
        if not self._shown:
            return
        match event:
            case CaseFinished(number=number, total=total, result=result):
                if result.finding is not None and not self._found:
                    self._found = True
                    lines = brief(_alone(result.finding), self._lang)
                    self._stream.write("\r\x1b[K" + "".join(f"{each}\n" for each in lines))
                width = shutil.get_terminal_size().columns - 1
                line = f"[{number}/{total or '...'}] {result.requirement}"[:width]
                self._stream.write(f"\r{line:<{width}}")
            case RunFinished():
                self._stream.write("\r\x1b[K")
            case RunStarted():
                pass
        self._stream.flush()


def render(
    summary: Summary,
    title: str,
    lang: str = "en",
    *,
    warnings: Iterable[str] = (),
    of: int | None = None,
    excused: Collection[str] = (),
) -> str:
    """Return the report of a summary as text; see `Run` for the rest."""
    return _render(Page(summary, title, lang, excused=excused), warnings, of)


def render_run(run: "Run", lang: str = "en") -> str:
    """Return the report of a run as text: what counts first, all of it within a screen or two."""
    page = Page(run.summary, run.title, lang, run.excuses, run.again, run.where)
    text = _render(page, run.remarks, run.of)
    text += "".join(f"{one_line(each)}\n" for each in run.culprit_lines(lang))
    if told := run.later_lines(lang):
        listed = "".join(f"  {each}\n" for each in told)
        text += say("terminal.later", lang) + "\n" + listed
    for cause in run.causes(known=True):
        issues = sorted({one_line(run.excuses[each.id].issue) for row in cause.rows for each in row.findings})
        count = sum(cause.counts.values())
        text += say("terminal.known", lang, id=cause.id, n=count, issues=", ".join(issues)) + "\n"
    return text


@dataclass(frozen=True)
class Page:
    """What a report on one screen is made of; see `Run`."""

    summary: Summary
    title: str
    lang: str
    excused: Collection[str] = ()
    again: str = "alipay-qr check"
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The mistakes that no known failure excuses."""
        return self.summary.causes_but(self.excused)


def _render(page: Page, warnings: Iterable[str], of: int | None) -> str:
    summary, lang, causes = page.summary, page.lang, page.causes
    lines = [one_line(page.title)]
    if causes:
        lines += [verdict_line(summary, lang), headline(page), ""]
        lines = fold("\n".join([*lines, *_diagnosed(page, causes[0])]), _COLUMNS).splitlines()
        lines += [*_shown(page, causes[0]), ""]
        lines += _further(page, len(lines))
    lines += ["", *(_rung(summary, level, lang) for level in LEVELS), ""]
    if causes:
        lines = [each for at, each in enumerate(lines) if each or lines[at - 1]]
    lines += _gaps(summary, lang, _MOST_GAPS if causes else None)
    lines += [f"! {one_line(in_both(warning).in_language(lang))}" for warning in warnings]
    if not summary.findings and summary.judged:
        lines.append(say("report.no-findings", lang))
    lines.append(_count(summary, lang))
    ran = sum(summary.counts.values())
    if of is not None and ran < of:
        lines.append(say("report.partly", lang, ran=ran, of=of))
    if not causes:
        lines.append(say("terminal.level-is", lang, level=summary.level, asked=summary.asked))
    return "\n".join(lines) + "\n"


def render_finding(finding: Finding, lang: str = "en") -> str:
    """Return one finding as text, for a test report."""
    cause = _alone(finding)
    page = Page(Summary(cause.rows, max(LEVELS)), "", lang)
    return "\n".join([*_diagnosed(page, cause, again=False), *_shown(page, cause)])


def _alone(finding: Finding) -> Cause:
    """Return a finding as its own cause."""
    case = CaseResult(finding.requirement, finding.case, finding.verdict, finding=finding)
    return Cause((RequirementResult(register()[finding.requirement], (case,)),), finding)


def nothing_judged(summary: Summary, lang: str = "en") -> str:
    """Return the sentence for a run in which no case was put to the test."""
    cases = [case for row in summary.rows for case in row.cases if case.reason]
    first = next((each for each in cases if each.verdict is Verdict.BLOCKED), next(iter(cases), None))
    why = one_line(first.reason.in_language(lang)) if first and first.reason else "-"
    told = say("terminal.nothing", lang, count=sum(summary.counts.values()), why=why)
    is_gap = first is None or first.verdict is Verdict.UNSUPPORTED
    return told + (say("terminal.first-adapter", lang) if is_gap else "")


def one_line(text: str) -> str:
    """Return text on one line: a subject must not write lines of the report."""
    return visible(text).replace("\n", "\\n")


def _rung(summary: Summary, level: int, lang: str) -> str:
    rows = [row for row in summary.rows if row.requirement.level == level]
    if level > summary.asked or not rows:
        state = "not-run"
    else:
        state = "reached" if summary.level >= level else "not-reached"
    mark = {"reached": "[x]", "not-reached": "[ ]", "not-run": "[-]"}[state]
    broken = sum(row.verdict in FINDINGS for row in rows)
    reached = say(f"report.{state}", lang)
    if broken:
        reached += say("terminal.broken", lang, n=broken)
    return (
        f"{mark} {say('report.level', lang)} {level} {labelled(say(f'level.{level}', lang), lang, reached)}"
    )


def verdict_line(summary: Summary, lang: str) -> str:
    """Say which level was reached, and how much of what the subject offers was judged."""
    offered = sum(summary.counts.values()) - summary.counts[Verdict.UNSUPPORTED]
    told = say("terminal.judged", lang, judged=summary.judged, offered=offered)
    return f"{say('terminal.level-is', lang, level=summary.level, asked=summary.asked)}{told}"


def headline(page: Page) -> str:
    """Say how many mistakes are behind how many findings."""
    findings = sum(sum(each.counts.values()) for each in page.causes)
    return say("terminal.causes", page.lang, causes=len(page.causes), findings=findings)


def retry(command: str, cause: Cause) -> str:
    """Return the command that tries again what a cause breaks, before the subject that it names."""
    words, dashes, subject = command.partition(" -- ")
    return f"{words} --only {cause.id}{dashes}{subject}"


def brief(cause: Cause, lang: str) -> list[str]:
    """Return a cause in two lines: what is broken, and its cure."""
    return [_titled(cause, lang), _note("mend", notes(cause, lang)["mend"], lang)]


def notes(cause: Cause, lang: str, where: Iterable[str] = ()) -> dict[str, str]:
    """Return what is said of a cause beside its evidence, by ``terminal.*``; it is not made visible yet."""
    listed = {"explains": dict([*cause.counts.items()][1:]), "blocks": cause.blocked}
    proved = cause.finding.mistakes or cause.id in _PROVED
    told = {
        "mistake" if proved else "slip": cause.diagnosis.in_language(lang) if cause.diagnosis else "",
        "mend": f"{cause.cure(lang)} [{cause.fix}]",
        "where": ", ".join(where),
        **{word: _listed(counts) for word, counts in listed.items()},
        "why": cause.requirement.why.in_language(lang),
        "source": cause.requirement.cited(lang),
    }
    return {word: text for word, text in told.items() if text}


def _listed(counts: Mapping[str, int]) -> str:
    told = [f"{name} ({count})" for name, count in counts.items()]
    return ", ".join(told[:_MOST_EFFECTS] + (["..."] if len(told) > _MOST_EFFECTS else []))


def _diagnosed(page: Page, cause: Cause, *, again: bool = True) -> list[str]:
    """Return a cause: what happened, which mistake it is, how to mend it, what to do next."""
    lang, first = page.lang, cause.finding
    lines = [_titled(cause, lang)]
    lines.append(f"  {first.verdict} [{first.case}]: {_short(cause.detail(lang))}")
    noted = notes(cause, lang, page.where.get(cause.id, ())) | (
        {"next": retry(page.again, cause)} if again else {}
    )
    return lines + [_note(word, noted[word], lang) for word in _CURE if word in noted]


def _titled(cause: Cause, lang: str) -> str:
    return f"{cause.keyword} {cause.id}: {_short(cause.title(lang))}"


def _short(text: str) -> str:
    return textwrap.shorten(one_line(text), _LONGEST_DETAIL, placeholder=" ...")


def _note(word: str, text: str, lang: str) -> str:
    return "  " + labelled(say(f"terminal.{word}", lang), lang, one_line(text))


def _shown(page: Page, cause: Cause) -> list[str]:
    """Return the rest of a cause: its evidence once, and what else it explains, in a line each."""
    lang = page.lang
    lines = _evidence(cause.finding.evidence_in(lang))
    others = [each for each in cause.rows[0].findings if each is not cause.finding]
    if others:
        names = ", ".join(each.case for each in others[:_MOST_NAMES])
        names += ", ..." if len(others) > _MOST_NAMES else ""
        lines.append("    " + say("terminal.more", lang, n=len(others), names=visible(names)))
    told = notes(cause, lang)
    return lines + [_note(word, text, lang) for word, text in told.items() if word not in _CURE]


def _further(page: Page, used: int) -> list[str]:
    """Return the causes behind the first: whole while they fit, then their cure alone, then their ids."""
    lines: list[str] = []
    rest = list(page.causes[1:])
    while rest:
        whole = ["", *_diagnosed(page, rest[0], again=False), *_shown(page, rest[0])]
        if used + len(lines) + len(whole) > _MOST_WHOLE:
            break
        lines += whole
        del rest[0]
    told = rest[: max(0, _MOST_BRIEF - used - len(lines)) // 2]
    lines += [line for cause in told for line in brief(cause, page.lang)]
    if left := [each.id for each in rest[len(told) :]]:
        lines.append(say("terminal.more-causes", page.lang, n=len(left), names=", ".join(left)))
    return lines


def _evidence(evidence: Mapping[str, str]) -> list[str]:
    width = max((len(label) for label in evidence), default=0)
    lines = []
    for label, text in evidence.items():
        shown = visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)})")
        first, *rest = shown.split("\n")
        if len(rest) >= _MOST_LINES:
            rest = [*rest[: _MOST_LINES - 1], f"... ({len(rest) + 1} lines)"]
        lines.append(f"    {label:<{width}}  {first}")
        lines += [f"    {'':<{width}}  {line}" for line in rest]
    return lines


def _gaps(summary: Summary, lang: str, most: int | None) -> list[str]:
    """Say once per reason what the subject does not offer and what that costs, ``most`` of them."""
    reasons: Counter[tuple[bool, str]] = Counter()
    left, sentence = dict[str, int](), message("left.application")
    for row in summary.rows:
        for case in row.cases:
            if case.reason == sentence:
                left[row.requirement.id] = left.get(row.requirement.id, 0) + 1
            elif case.verdict in {Verdict.UNSUPPORTED, Verdict.BLOCKED} and case.reason:
                reasons[case.optional, case.reason.in_language(lang)] += 1
    lines = []
    if left:
        names = ", ".join(f"{name} ({count})" for name, count in left.items())
        lines.append("- " + labelled(sentence.in_language(lang), lang, names))
    for (optional, reason), count in sorted(reasons.items(), key=lambda row: (row[0][0], -row[1]))[:most]:
        what = f"{one_line(reason)} ({count})"
        lines.append(
            textwrap.shorten(
                f"- {say('terminal.optional', lang, what=what) if optional else what}", _LONGEST_GAP
            )
        )
    if most is not None and (more := len(reasons) - most) > 0:
        lines.append("- " + say("terminal.more-gaps", lang, n=more))
    return lines


def _count(summary: Summary, lang: str) -> str:
    counts = summary.counts
    return say(
        "terminal.cases",
        lang,
        judged=summary.judged,
        findings=len(summary.findings),
        unsupported=counts[Verdict.UNSUPPORTED],
        blocked=counts[Verdict.BLOCKED],
    )
