"""The terminal report where somebody looks at it: coloured with rich, folded to the width without it.

    show     write a run to stdout in the best way there is

Colours want a terminal, the optional package ``rich`` (extra ``[rich]``), and neither ``NO_COLOR`` nor
``TERM=dumb``. Nothing of the subject is ever read as rich's markup.
"""

import os
import shutil
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance.model.requirements import LEVELS
from alipay_qr_conformance.model.shown import visible
from alipay_qr_conformance.model.texts import say
from alipay_qr_conformance.model.verdicts import Finding
from alipay_qr_conformance.model.widths import fold
from alipay_qr_conformance.report.differences import compare
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.report.summary import Cause
from alipay_qr_conformance.report.terminal import (
    Page,
    headline,
    notes,
    one_line,
    render_run,
    retry,
    verdict_line,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_LONGEST: Final = 1500


def show(run: Run, lang: str = "en") -> str | None:
    """Show a run on a coloured terminal, or return the text for a plain one."""
    if not sys.stdout.isatty():
        return render_run(run, lang)
    if coloured():
        from rich.console import Console

        paint(run, Console(highlight=False, markup=False, emoji=False), lang)
        return None
    return fold(render_run(run, lang), shutil.get_terminal_size().columns)


def coloured() -> bool:
    """Say whether colours are wanted and possible."""
    unwanted = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not unwanted and find_spec("rich") is not None


def paint(run: Run, console: "Console", lang: str = "en") -> None:
    """Write a run to a rich console."""
    from rich.text import Text

    page = Page(run.summary, run.title, lang, run.excuses)
    console.print(Text(one_line(run.title), style="bold"))
    if page.causes:
        console.print(Text(verdict_line(run.summary, lang)))
        console.print(Text(headline(page), style="bold"))
    for number, cause in enumerate(page.causes):
        _paint_cause(run, cause, console, lang, again=number == 0)
    console.print()
    for level in LEVELS:
        state, style = _state(run, level)
        line = Text(f"  {say('report.level', lang)} {level} {say(f'level.{level}', lang)}: ")
        console.print(line.append(say(f"report.{state}", lang), style=style))
    console.print()
    # the tail (what is missing, remarks, counts, what is known) is that of the plain report
    tail = render_run(run, lang).rpartition("\n\n")[2]
    console.print(Text(tail.rstrip("\n")))


def _state(run: Run, level: int) -> tuple[str, str]:
    rows = [row for row in run.summary.rows if row.requirement.level == level]
    if level > run.summary.asked or not rows:
        return "not-run", "dim"
    return ("reached", "bold green") if run.summary.level >= level else ("not-reached", "bold red")


def _paint_cause(run: Run, cause: Cause, console: "Console", lang: str, *, again: bool) -> None:
    from rich.padding import Padding
    from rich.text import Text

    first = cause.finding
    console.print()
    head = Text(f"{cause.keyword} ", style="bold red").append(cause.id, style="bold")
    console.print(head.append(f": {one_line(cause.title(lang))}", style="default"))
    told = f"{say(f'verdict.{first.verdict.value}', lang)} [{one_line(first.case)}]"
    console.print(Padding(Text(f"{told}: {one_line(cause.detail(lang))}"), (0, 2)))
    about = notes(cause, lang, run.where.get(cause.id, ()))
    if again:
        about["next"] = retry(run.again, cause)
    for word, text in about.items():
        line = Text(f"{say(f'terminal.{word}', lang)}: ", style="cyan").append(
            one_line(text), style="default"
        )
        console.print(Padding(line, (0, 2)))
    console.print(Padding(_table(first, lang), (0, 0, 0, 4)))


def _table(finding: Finding, lang: str) -> "Table":
    from rich.table import Table
    from rich.text import Text

    evidence = {label: text[:_LONGEST] for label, text in finding.evidence_in(lang).items()}
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    if {"expected_presign", "signed_presign"} <= evidence.keys():
        sides = compare(evidence.pop("expected_presign"), evidence.pop("signed_presign"))
        for word, pieces, style in zip(
            ("expected", "signed"), sides, ("bold green", "bold red"), strict=True
        ):
            line = Text()
            for piece in pieces:
                line.append(visible(piece.text), style="default" if piece.same else f"{style} underline")
            table.add_row(say(f"report.{word}", lang), line)
    for label, text in evidence.items():
        table.add_row(label, Text(visible(text)))
    return table
