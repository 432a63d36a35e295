"""``alipay-qr list``: the register, or the cases."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language

if TYPE_CHECKING:
    from alipay_qr_conformance.model.selection import Predicate


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("list", help="list the requirements")
    parser.add_argument("--level", type=int, choices=(1, 2, 3, 4), help="only this level")
    parser.add_argument(
        "-k", dest="expression", metavar="EXPR", help='only ids or cases that match, as in "sign and not rsa"'
    )
    parser.add_argument("--keyword", choices=("MUST", "SHOULD", "MAY"), help="only this keyword")
    parser.add_argument(
        "--excluded", action="store_true", help="only what is not tested, with the reason; without it, both"
    )
    parser.add_argument("--cases", action="store_true", help="list the cases instead")
    parser.add_argument("--json", action="store_true", help="as JSON")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List requirements or cases."""
    from alipay_qr_conformance.model.requirements import register
    from alipay_qr_conformance.model.selection import SelectionError, selector

    try:
        matches = selector(args.expression) if args.expression else _anything
    except SelectionError as error:
        sys.stderr.write(f"alipay-qr list: {error}\n")
        return cli.USAGE
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
    if args.json:
        listed = [
            {
                "id": row.id,
                "keyword": row.keyword,
                "level": row.level,
                "clause": row.clause,
                "title": row.title.in_language(args.lang),
                "since": row.since.isoformat(),
                "excluded": row.excluded.in_language(args.lang) if row.excluded else None,
            }
            for row in rows
        ]
        sys.stdout.write(json.dumps(listed, indent=1) + "\n")
        return cli.CONFORMS
    width = max((len(row.id) for row in rows), default=0)
    for row in rows:
        title = row.title.in_language(args.lang)
        left_out = f"  [-] {row.excluded.in_language(args.lang)}" if row.excluded else ""
        sys.stdout.write(f"{row.level} {row.keyword:<6} {row.id:<{width}}  {title}{left_out}\n")
    return cli.CONFORMS


def _anything(_: str) -> bool:
    return True


def _cases(args: argparse.Namespace, wanted: set[str], matches: "Predicate") -> int:
    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.setup import RunOptions, plan

    every = all_cases(plan(RunOptions(level=args.level or 4)))
    ids = [case.id for case in every if case.requirement in wanted and matches(case.id)]
    sys.stdout.write(json.dumps(ids, indent=1) + "\n" if args.json else "".join(f"{each}\n" for each in ids))
    return cli.CONFORMS
