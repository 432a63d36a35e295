"""``alipay-qr rules``: the register, one requirement of it, or the cases."""

import argparse
import difflib
import json
import sys
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.shown import complain
from alipay_qr_conformance.model.texts import labelled, say, tried

if TYPE_CHECKING:
    from alipay_qr_conformance.model.requirements import Requirement
    from alipay_qr_conformance.model.selection import Predicate
    from alipay_qr_conformance.testbed.case import Case

_MOST_CASES: Final = 12


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("rules", help="")
    parser.add_argument("requirement", nargs="?", metavar="ID")
    parser.add_argument("--where", action="store_true")
    parser.add_argument("--level", type=int, choices=(1, 2, 3, 4))
    parser.add_argument("-k", dest="expression", metavar="EXPR")
    parser.add_argument("--keyword", choices=("MUST", "SHOULD", "MAY"))
    parser.add_argument("--excluded", action="store_true")
    parser.add_argument("--cases", action="store_true")
    parser.add_argument("--json", action="store_true")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List requirements or cases, or show one requirement."""
    from alipay_qr_conformance.model.requirements import register
    from alipay_qr_conformance.model.selection import SelectionError, selector

    try:
        matches = selector(args.expression) if args.expression else _anything
    except SelectionError as error:
        return _complain(str(error), args.lang)
    if args.requirement is not None:
        row = register().get(args.requirement.partition("[")[0])
        if row is None:
            near = difflib.get_close_matches(args.requirement, register(), n=3, cutoff=0.5)
            tail = f"; did you mean {', '.join(near)}?" if near else "; see alipay-qr rules"
            return _complain(f"no requirement {args.requirement!r}{tail}", args.lang)
        return _where([row], args) if args.where else _one(row, args, matches)
    rows = [
        row
        for row in register().values()
        if args.level in (None, row.level)
        and args.keyword in (None, row.keyword)
        and (row.excluded is not None or not args.excluded)
    ]
    if args.cases:
        return _cases(args, {row.id for row in rows}, matches)
    rows = [row for row in rows if matches(row.id)]
    if args.where:
        return _where(rows, args)
    return _list(rows, args)


def _list(rows: "list[Requirement]", args: argparse.Namespace) -> int:
    if args.json:
        sys.stdout.write(json.dumps([_data(row, args.lang) for row in rows], indent=1) + "\n")
        return cli.CONFORMS
    width = max((len(row.id) for row in rows), default=0)
    for row in rows:
        title = row.title.in_language(args.lang)
        left_out = f"  [-] {row.excluded.in_language(args.lang)}" if row.excluded else ""
        sys.stdout.write(
            cli.for_people(f"{row.level} {row.keyword:<6} {row.id:<{width}}  {title}{left_out}\n")
        )
    return cli.CONFORMS


def _data(row: "Requirement", lang: str) -> dict[str, object]:
    return {
        "id": row.id,
        "keyword": row.keyword,
        "level": row.level,
        "clause": row.clause,
        "source": row.source,
        "title": row.title.in_language(lang),
        "since": row.since.isoformat(),
        "excluded": row.excluded.in_language(lang) if row.excluded else None,
    }


def _one(row: "Requirement", args: argparse.Namespace, matches: "Predicate") -> int:
    lang = args.lang
    found = [
        case
        for case in _every(args.level or 4)
        if case.requirement == row.id and args.requirement in (row.id, case.id) and matches(case.id)
    ]
    lines = [
        f"{row.id} ({row.keyword}, {say('report.level', lang)} {row.level})",
        row.title.in_language(lang),
        "  " + labelled(say("terminal.source", lang), lang, row.cited(lang)),
        "  " + labelled(say("terminal.why", lang), lang, row.why.in_language(lang)),
        "  " + labelled(say("terminal.mend", lang), lang, row.mend.in_language(lang)),
    ]
    if row.excluded:
        lines.append(f"  [-] {row.excluded.in_language(lang)}")
    abouts = dict.fromkeys(
        tried().get(case.about, case.about) if lang == "zh" else case.about for case in found
    )
    lines += ["  " + labelled(say("rules.tried", lang), lang, about) for about in abouts]
    shown = found if args.expression else found[:_MOST_CASES]
    lines += [f"  {case.id}" for case in shown]
    if len(found) > len(shown):
        lines.append(f"  {say('rules.more-cases', lang, n=len(found) - len(shown))}")
    sys.stdout.write(cli.for_people("\n".join(lines) + "\n"))
    return cli.CONFORMS


def _where(rows: "list[Requirement]", args: argparse.Namespace) -> int:
    from alipay_qr_conformance.cli.where import places

    found = {row.id: places(row) for row in rows}
    if args.json:
        listed = {name: [each._asdict() for each in those] for name, those in found.items()}
        sys.stdout.write(json.dumps(listed, indent=1) + "\n")
        return cli.CONFORMS
    for name, those in found.items():
        sys.stdout.write(f"{name}\n" + "".join(f"  {each}\n" for each in those))
    return cli.CONFORMS


def _anything(_: str) -> bool:
    return True


def _every(level: int) -> "list[Case]":
    from dataclasses import replace

    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.setup import RunOptions, plan

    merchant = plan(RunOptions(level=level))
    return [*all_cases(merchant), *all_cases(replace(merchant, role="gateway"))]


def _cases(args: argparse.Namespace, wanted: set[str], matches: "Predicate") -> int:
    every = _every(args.level or 4)
    ids = [case.id for case in every if case.requirement in wanted and matches(case.id)]
    sys.stdout.write(json.dumps(ids, indent=1) + "\n" if args.json else "".join(f"{each}\n" for each in ids))
    return cli.CONFORMS


def _complain(text: str, lang: str) -> int:
    complain(f"alipay-qr rules: {in_both(text).in_language(lang)}")
    return cli.USAGE
