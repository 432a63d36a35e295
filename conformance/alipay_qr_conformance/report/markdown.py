"""Markdown: short enough for the summary of a CI step, with the evidence of one case a cause.

Nothing from a subject is markup here: its texts stand in code blocks whose fence is longer than any run of
backticks inside, and are made visible first.
"""

import re
from typing import Final

from alipay_qr._version import __version__
from alipay_qr_conformance.model.requirements import LEVELS
from alipay_qr_conformance.model.shown import visible
from alipay_qr_conformance.model.texts import say
from alipay_qr_conformance.model.verdicts import FINDINGS, Finding
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.report.summary import Cause
from alipay_qr_conformance.report.terminal import notes

_LONGEST: Final = 4000
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&])")


def render_run(run: Run, lang: str = "en") -> str:
    """Return the report as Markdown."""
    summary = run.summary
    causes = [(cause, known) for known in (False, True) for cause in run.causes(known=known)]
    levels = say("report.level-state", lang, level=summary.level, asked=summary.asked)
    blocks = [
        f"# {say('report.heading', lang)}: {_plain(run.title)}",
        f"**{levels}**" if run.judges_levels else say("report.recorded", lang),
        run.partly(lang),
    ]
    if causes:
        blocks.append(f"## {say('report.causes', lang)}")
    for cause, known in causes:
        blocks += _cause(run, cause, lang, known=known)
    blocks += [
        _table(
            (say("report.level", lang), "", say("report.verdict", lang)),
            [(str(level), say(f"level.{level}", lang), _state(run, level, lang)) for level in LEVELS],
        )
        if run.judges_levels
        else "",
        _table(
            (say("report.verdict", lang), say("report.cases", lang)),
            [
                (say(f"verdict.{verdict.value}", lang), str(count))
                for verdict, count in summary.counts.items()
                if count
            ],
        ),
    ]
    if summary.judged and not causes:
        blocks.append(say("report.no-findings", lang))
    for heading, texts in (("warnings", run.warned(lang)), ("later", run.later_lines(lang))):
        if texts:
            blocks += [
                f"## {say(f'report.{heading}', lang)}",
                "\n".join(f"- {_plain(each)}" for each in texts),
            ]
    blocks.append(f"_{say('report.made-by', lang, version=__version__)}_")
    return "\n\n".join(filter(None, blocks)) + "\n"


def _state(run: Run, level: int, lang: str) -> str:
    rows = [row for row in run.summary.rows if row.requirement.level == level]
    if level > run.summary.asked or not rows:
        return say("report.not-run", lang)
    broken = sum(row.verdict in FINDINGS for row in rows)
    state = say("report.reached" if run.summary.level >= level else "report.not-reached", lang)
    return state + (f", {say('report.broken-requirements', lang, n=broken)}" if broken else "")


def _cause(run: Run, cause: Cause, lang: str, *, known: bool) -> list[str]:
    first = cause.finding
    lines = [f"- {say('report.copy', lang)}: {_plain(first.id)}"]
    if known:
        excuse = run.excuses[first.id]
        lines.append(
            f"- {_plain(say('report.flaky' if excuse.flaky else 'report.known', lang, issue=excuse.issue))}"
        )
    for word, text in notes(cause, lang, run.where.get(cause.id, ())).items():
        lines.append(f"- {say(f'terminal.{word}', lang)}: {_plain(text)}")
    if more := len(cause.rows[0].findings) - 1:
        lines.append(f"- {say('report.more-cases', lang, n=more)}")
    verdict = say(f"verdict.{first.verdict.value}", lang)
    return [
        f"### {cause.keyword} {_plain(cause.id)}: {_plain(cause.title(lang))}",
        f"{verdict}: {_plain(cause.detail(lang))}",
        "\n".join(lines),
        _fenced(_evidence(first, lang)),
    ]


def _evidence(finding: Finding, lang: str) -> str:
    lines = []
    for label, text in finding.evidence_in(lang).items():
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)})"
        lines.append(f"{label}: {visible(shown)}")
    return "\n".join(lines)


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _plain(text: str) -> str:
    """Return text with every character of Markdown and HTML escaped, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(visible(text).split("\n")))
