"""``alipay-qr show REQUIREMENT``: one row of the register, whole."""

import argparse
import difflib
import sys
from typing import Final

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language
from alipay_qr_conformance.model.texts import labelled, say

_MOST_CASES: Final = 12


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("show", help="show one requirement: source, reason, remedy, cases")
    parser.add_argument("requirement", metavar="REQUIREMENT", help="its id, or the id of one of its cases")
    parser.add_argument("-k", dest="expression", metavar="EXPR", help="only cases that match")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show one requirement."""
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.setup import RunOptions, plan
    from alipay_qr_conformance.model.requirements import register
    from alipay_qr_conformance.model.selection import SelectionError, selector

    rows, lang = register(), args.lang
    row = rows.get(args.requirement.partition("[")[0])
    if row is None:
        near = difflib.get_close_matches(args.requirement, rows, n=3, cutoff=0.5)
        tail = f"; did you mean {', '.join(near)}?" if near else "; see alipay-qr list"
        sys.stderr.write(f"alipay-qr show: no requirement {args.requirement!r}{tail}\n")
        return cli.USAGE
    try:
        matches = selector(args.expression) if args.expression else None
    except SelectionError as error:
        sys.stderr.write(f"alipay-qr show: {error}\n")
        return cli.USAGE
    names = [
        case.name
        for case in all_cases(plan(RunOptions()))
        if case.requirement == row.id
        and args.requirement in (row.id, case.id)
        and (matches is None or matches(case.id))
    ]
    lines = [
        f"{row.id} ({row.keyword}, {say('report.level', lang)} {row.level})",
        row.title.in_language(lang),
        "  " + labelled(say("terminal.source", lang), lang, row.clause),
        "  " + labelled(say("terminal.why", lang), lang, row.why.in_language(lang)),
        "  " + labelled(say("terminal.mend", lang), lang, row.mend.in_language(lang)),
    ]
    if row.excluded:
        lines.append(f"  [-] {row.excluded.in_language(lang)}")
    shown = names if args.expression else names[:_MOST_CASES]
    lines += [f"  {row.id}[{name}]" for name in shown]
    if len(names) > len(shown):
        lines.append(f"  {say('rules.more-cases', lang, n=len(names) - len(shown))}")
    sys.stdout.write("\n".join(lines) + "\n")
    return cli.CONFORMS
