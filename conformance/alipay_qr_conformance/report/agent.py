"""For a coding agent: verdict, causes, cures and the next command, in at most 8 KB.

One fact a line, always under the same names, so that a program reads it too: ``verdict:``, then for each
cause ``cause:``, ``fix:`` (a stable id), ``cure:``, ``case:`` and the smallest input that shows it, then
``next:``. The names are not translated. What does not fit is left out from behind.
"""

from typing import Final

from alipay_qr_conformance.model.shown import visible
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.report.summary import Cause
from alipay_qr_conformance.report.terminal import nothing_judged, one_line, retry

MOST: Final = 8192
"""Bytes of the whole report."""
_LONGEST: Final = 400
"""Characters of a value, and of a sentence that may hold a subject's words."""
_MOST_VALUES: Final = 8
_MOST_NAMED: Final = 40


def render_run(run: Run, lang: str = "en") -> str:
    """Return the report of a run as text."""
    causes = run.causes(known=False)
    head, tail = _head(run, causes, lang), _tail(run, causes)
    room = MOST - len("\n".join([*head, *tail, ""]).encode()) - 1
    blocks: list[str] = []
    for cause in causes:
        whole, short = _block(run, cause, lang), _block(run, cause, lang, evidence=False)
        fitting = next((each for each in (whole, short) if len(each.encode()) < room), None)
        if fitting is None:
            break
        room -= len(fitting.encode()) + 1
        blocks.append(fitting)
    return "\n".join([*head, *blocks, *tail]) + "\n"


def _head(run: Run, causes: tuple[Cause, ...], lang: str) -> list[str]:
    summary = run.summary
    offered = sum(summary.counts.values()) - summary.counts[Verdict.UNSUPPORTED]
    verdict = "fails" if run.fails else "passes" if summary.judged else "nothing judged"
    lines = [f"subject: {_cut(run.title)}", f"verdict: {verdict}"]
    if run.judges_levels:
        lines.append(f"level: {summary.level} of {summary.asked}")
    lines.append(f"judged: {summary.judged} of {offered}")
    if partly := run.partly(lang):
        lines.append(f"note: {partly}")
    if not summary.judged:
        lines.append(f"note: {_cut(nothing_judged(summary, lang))}")
    findings = sum(sum(cause.counts.values()) for cause in causes)
    named = [cause.id for cause in causes[:_MOST_NAMED]] + ["..."] * (len(causes) > _MOST_NAMED)
    lines.append(f"causes: {len(causes)} behind {findings} findings: {', '.join(named) or 'none'}")
    if run.excuses:
        lines.append(f"known: {len(run.excuses)} findings are known failures")
    return lines


def _block(run: Run, cause: Cause, lang: str, *, evidence: bool = True) -> str:
    finding = cause.finding
    lines = [
        "",
        f"cause: {cause.keyword} {cause.id}: {_cut(cause.title(lang))}",
        f"fix: {cause.fix}",
        f"cure: {cause.cure(lang)}",
        f"case: {_cut(finding.id)}",
        f"found: {_cut(cause.detail(lang))}",
    ]
    if cause.diagnosis is not None:
        lines.insert(3, f"mistake: {_cut(cause.diagnosis.in_language(lang))}")
    if places := run.where.get(cause.id):
        lines.append(f"where: {_cut(', '.join(places))}")
    if evidence:
        lines += [
            f"  {label}: {_cut(text)}"
            for label, text in list(finding.evidence_in(lang).items())[:_MOST_VALUES]
        ]
        counts, blocked = sum(cause.counts.values()), sum(cause.blocked.values())
        lines.append(f"explains: {counts} findings, keeps {blocked} cases from being judged")
        lines.append(f"source: {cause.requirement.cited(lang)}")
    return "\n".join(lines)


def _tail(run: Run, causes: tuple[Cause, ...]) -> list[str]:
    """Return the next command: try again what the first cause breaks, else everything."""
    command = retry(run.again, causes[0]) if causes else run.again
    return ["", f"next: {visible(one_line(command))[:_LONGEST]}"] if causes else []


def _cut(text: str) -> str:
    shown = one_line(text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}... ({len(text)})"
