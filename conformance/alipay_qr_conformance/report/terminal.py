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
from alipay_qr_conformance.model.verdicts import FINDINGS, CaseResult, Finding, Text, Verdict
from alipay_qr_conformance.report.summary import RequirementResult, Summary, summarise
from alipay_qr_conformance.report.words import labelled

if TYPE_CHECKING:
    from alipay_qr_conformance.report.run import Run

WORDS: Final = {
    "reached": Text("reached", "已达到"),
    "not-reached": Text("not reached", "未达到"),
    "not-run": Text("not run", "未运行"),
    "level": Text("Level", "级别"),
    "broken": Text(" (broken requirements: {n})", "（未满足的要求：{n}）"),
    "mistake": Text("the mistake that makes exactly this sign", "恰好产生此签名的错误"),
    "why": Text("why it matters", "影响"),
    "mend": Text("how to mend it", "修正方法"),
    "source": Text("source", "依据"),
    "more": Text("and {n} more cases: {names}", "另有 {n} 个用例：{names}"),
    "unsupported": Text("unsupported", "不支持"),
    "later": Text("Younger than the requirement set, for information alone:", "晚于所选要求集，仅供参考："),
    "known": Text("{n} of these findings are known failures.", "其中 {n} 个问题为已知问题。"),
    "none": Text("No finding.", "未发现问题。"),
    "nothing": Text(
        "Nothing could be judged: none of the {count} cases was put to the test. First reason: {why}. "
        "A first adapter answers hello and sign; alipay-qr lint-adapter says what else is missing.",
        "无法判定：{count} 个用例均未实际测试。首个原因：{why}。"
        "最初的适配器只需实现 hello 与 sign；alipay-qr lint-adapter 会指出缺少的内容。",
    ),
    "partly": Text(
        "Only {ran} of {of} cases ran: a level counts for these alone.",
        "仅运行了 {of} 个用例中的 {ran} 个：级别只对这些用例有效。",
    ),
    "optional": Text("not offered, and no level is lost by it: {what}", "未提供，但不影响级别：{what}"),
    "level-is": Text("Level reached: {level} of {asked}", "达到级别：{level}（共 {asked}）"),
    "cases": Text(
        "{judged} cases judged, {findings} findings, {unsupported} unsupported, {blocked} not judged",
        "已判定 {judged} 个用例，{findings} 个问题，{unsupported} 个不支持，{blocked} 个未判定",
    ),
}
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
    broken = [row for row in summary.rows if row.verdict in FINDINGS]
    for row in broken:
        lines += [*_finding(row, lang), ""]
    lines += _gaps(summary, lang)
    for warning in warnings:
        lines.append(f"! {one_line(warning)}")
    if not broken and summary.judged:
        lines.append(WORDS["none"].in_language(lang))
    lines.append(_count(summary, lang))
    ran = sum(summary.counts.values())
    if of is not None and ran < of:
        lines.append(_say("partly", lang, ran=ran, of=of))
    lines.append(_say("level-is", lang, level=summary.level, asked=summary.asked))
    return "\n".join(lines) + "\n"


def render_run(run: "Run", lang: str = "en") -> str:
    """Return the report of a run as text."""
    text = render(run.summary, run.title, lang, warnings=run.warnings, of=run.of)
    rows = summarise(run.later, run.plan.level).rows if run.later else ()
    if rows:
        listed = "".join(f"  {row.verdict:<12} {row.requirement.id}\n" for row in rows)
        text += WORDS["later"].in_language(lang) + "\n" + listed
    if run.excuses:
        text += _say("known", lang, n=len(run.excuses)) + "\n"
    return text


def render_finding(finding: Finding, lang: str = "en") -> str:
    """Return one finding as text, for a test report."""
    row = RequirementResult(
        register()[finding.requirement],
        (CaseResult(finding.requirement, finding.case, finding.verdict, finding=finding),),
    )
    return "\n".join(_finding(row, lang))


def nothing_judged(summary: Summary, lang: str = "en") -> str:
    """Return the sentence for a run in which no case was put to the test."""
    reasons = [case.reason for row in summary.rows for case in row.cases if case.reason]
    why = one_line(reasons[0].in_language(lang)) if reasons else "-"
    return _say("nothing", lang, count=sum(summary.counts.values()), why=why)


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


def _say(key: str, lang: str, **details: object) -> str:
    return WORDS[key].in_language(lang).format(**details)


def _rung(summary: Summary, level: int, lang: str) -> str:
    rows = [row for row in summary.rows if row.requirement.level == level]
    if level > summary.asked or not rows:
        state = "not-run"
    else:
        state = "reached" if summary.level >= level else "not-reached"
    mark = {"reached": "[x]", "not-reached": "[ ]", "not-run": "[-]"}[state]
    broken = sum(row.verdict in FINDINGS for row in rows)
    reached = WORDS[state].in_language(lang)
    if broken:
        reached += _say("broken", lang, n=broken)
    return f"{mark} {WORDS['level'].in_language(lang)} {level} {labelled(LEVELS[level], lang, reached)}"


def _finding(row: RequirementResult, lang: str) -> list[str]:
    found = [case.finding for case in row.cases if case.finding]
    first = found[0]
    requirement = row.requirement
    lines = [
        f"{first.keyword or requirement.keyword} {requirement.id}: {requirement.title.in_language(lang)}"
    ]
    lines.append(f"  {first.verdict} [{first.case}]: {one_line(first.detail.in_language(lang))}")
    lines += _evidence(first.evidence)
    if first.diagnosis is not None:
        mistake = visible(first.diagnosis.in_language(lang))
        lines.append("  " + labelled(WORDS["mistake"], lang, mistake))
    if len(found) > 1:
        names = ", ".join(each.case for each in found[1 : _MOST_NAMES + 1])
        names += ", ..." if len(found) > _MOST_NAMES + 1 else ""
        lines.append("    " + _say("more", lang, n=len(found) - 1, names=visible(names)))
    lines.append("  " + labelled(WORDS["why"], lang, requirement.why.in_language(lang)))
    lines.append("  " + labelled(WORDS["mend"], lang, requirement.mend.in_language(lang)))
    lines.append("  " + labelled(WORDS["source"], lang, requirement.clause))
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
            textwrap.shorten(f"- {_say('optional', lang, what=what) if optional else what}", _LONGEST_GAP)
        )
    return lines


def _count(summary: Summary, lang: str) -> str:
    counts = summary.counts
    return _say(
        "cases",
        lang,
        judged=summary.judged,
        findings=len(summary.findings),
        unsupported=counts[Verdict.UNSUPPORTED],
        blocked=counts[Verdict.BLOCKED],
    )
