"""The terminal report: what a person reads first, and acts on.

Progress goes to stderr while the run lasts (only to a terminal), the report to stdout at its end: the
level ladder, then per broken requirement what happened, the evidence of the first case, why it matters
and how to mend it. Everything that came from the subject is shown with control characters visible.
"""

import re
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, TextIO

from alipay_qr_conformance.engine.runner import CaseFinished, Event, RunFinished, RunStarted
from alipay_qr_conformance.model.requirements import LEVELS, register
from alipay_qr_conformance.model.texts import labelled, say
from alipay_qr_conformance.model.verdicts import FINDINGS, CaseResult, Finding, Verdict
from alipay_qr_conformance.report.summary import Cause, RequirementResult, Summary, summarise

if TYPE_CHECKING:
    from alipay_qr_conformance.report.run import Run

_LONGEST: Final = 1500
_LONGEST_GAP: Final = 400
_MOST_NAMES: Final = 6
_MOST_LINES: Final = 40
_LOG_COMMAND: Final = re.compile(r"^([^\S\n]*)(:(?=:)|#(?=#(?:\[|vso\[)))", re.MULTILINE)
"""``::error::`` and ``##[group]`` of GitHub Actions, ``##vso[task]`` of Azure, blanks before them ignored."""


class Progress:
    """Shows how far the run is, on a terminal only."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()

    def __call__(self, event: Event) -> None:
        """Consume one event."""
        if not self._shown:
            return
        match event:
            case CaseFinished(number=number, total=total, result=result):
                width = shutil.get_terminal_size().columns - 1
                line = f"[{number}/{total}] {result.requirement}"[:width]
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
) -> str:
    """Return the report as text; ``of`` is how many cases there are, where only some were chosen."""
    lines = [one_line(title), ""]
    lines += [_rung(summary, level, lang) for level in LEVELS]
    lines.append("")
    if len(summary.findings) > 1:
        lines += [headline(summary, lang), ""]
    for cause in summary.causes:
        lines += [*_cause(cause, lang), ""]
    lines += _gaps(summary, lang)
    for warning in warnings:
        lines.append(f"! {one_line(warning)}")
    if not summary.findings and summary.judged:
        lines.append(say("report.no-findings", lang))
    lines.append(_count(summary, lang))
    ran = sum(summary.counts.values())
    if of is not None and ran < of:
        lines.append(say("report.partly", lang, ran=ran, of=of))
    lines.append(say("terminal.level-is", lang, level=summary.level, asked=summary.asked))
    return "\n".join(lines) + "\n"


def render_run(run: "Run", lang: str = "en") -> str:
    """Return the report of a run as text."""
    text = render(run.summary, run.title, lang, warnings=run.warnings, of=run.of)
    rows = summarise(run.later, run.plan.level).rows if run.later else ()
    if rows:
        listed = "".join(f"  {row.verdict:<12} {row.requirement.id}\n" for row in rows)
        text += say("terminal.later", lang) + "\n" + listed
    if run.excuses:
        text += say("terminal.known", lang, n=len(run.excuses)) + "\n"
    return text


def render_finding(finding: Finding, lang: str = "en") -> str:
    """Return one finding as text, for a test report."""
    row = RequirementResult(
        register()[finding.requirement],
        (CaseResult(finding.requirement, finding.case, finding.verdict, finding=finding),),
    )
    return "\n".join(_cause(Cause((row,), finding), lang))


def nothing_judged(summary: Summary, lang: str = "en") -> str:
    """Return the sentence for a run in which no case was put to the test."""
    reasons = [case.reason for row in summary.rows for case in row.cases if case.reason]
    why = one_line(reasons[0].in_language(lang)) if reasons else "-"
    return say("terminal.nothing", lang, count=sum(summary.counts.values()), why=why)


def one_line(text: str) -> str:
    """Return text on one line: a subject must not write lines of the report."""
    return visible(text).replace("\n", "\\n")


def visible(text: str) -> str:
    """Return text with control characters made visible: a subject must not steer the terminal.

    Nor a pipeline: some carry out commands that stand at the beginning of a line of the log.
    """
    shown = "".join(c if c == "\n" or (c.isprintable() and c != "\u202e") else _escape(c) for c in text)
    return _LOG_COMMAND.sub(lambda found: f"{found[1]}\\x{ord(found[2]):02x}", shown)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


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


def headline(summary: Summary, lang: str) -> str:
    """Say how many mistakes are behind the findings, and which command explains the first."""
    first = f"alipay-qr rules {summary.causes[0].id}" + (f" --lang {lang}" if lang != "en" else "")
    return say(
        "terminal.causes", lang, causes=len(summary.causes), findings=len(summary.findings), command=first
    )


def _cause(cause: Cause, lang: str) -> list[str]:
    """Return a cause: its best finding whole, and what else it explains in a line."""
    found, first, requirement = cause.rows[0].findings, cause.finding, cause.requirement
    if first.requirement != requirement.id:
        found = [first, *found]
    lines = [
        f"{first.keyword or requirement.keyword} {requirement.id}: {requirement.title.in_language(lang)}"
    ]
    lines.append(f"  {first.verdict} [{first.case}]: {one_line(first.detail.in_language(lang))}")
    lines += _evidence(first.evidence)
    if first.diagnosis is not None:
        mistake = visible(first.diagnosis.in_language(lang))
        lines.append("  " + labelled(say("terminal.mistake", lang), lang, mistake))
    others = [each for each in found if each is not first]
    if others:
        names = ", ".join(each.case for each in others[:_MOST_NAMES])
        names += ", ..." if len(others) > _MOST_NAMES else ""
        lines.append("    " + say("terminal.more", lang, n=len(others), names=visible(names)))
    if effects := [f"{name} ({count})" for name, count in list(cause.counts.items())[1:]]:
        lines.append("  " + labelled(say("report.explains", lang), lang, ", ".join(effects)))
    lines.append("  " + labelled(say("terminal.why", lang), lang, requirement.why.in_language(lang)))
    lines.append("  " + labelled(say("terminal.mend", lang), lang, requirement.mend.in_language(lang)))
    lines.append("  " + labelled(say("terminal.source", lang), lang, requirement.clause))
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


def _gaps(summary: Summary, lang: str) -> list[str]:
    """Say once per reason what the subject does not offer and what that costs."""
    reasons: Counter[tuple[bool, str]] = Counter()
    for row in summary.rows:
        for case in row.cases:
            if case.verdict in {Verdict.UNSUPPORTED, Verdict.BLOCKED} and case.reason:
                reasons[case.optional, case.reason.in_language(lang)] += 1
    lines = []
    for (optional, reason), count in sorted(reasons.items(), key=lambda row: row[0][0]):
        what = f"{one_line(reason)} ({count})"
        lines.append(
            textwrap.shorten(
                f"- {say('terminal.optional', lang, what=what) if optional else what}", _LONGEST_GAP
            )
        )
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
