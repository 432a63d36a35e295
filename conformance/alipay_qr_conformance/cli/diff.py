"""``alipay-qr report diff A.json B.json``: what changed between two runs.

Exit codes: 0 nothing got worse, 1 something fails that did not or the level is lower (with ``--strict`` also
a changed cause or a case that is no longer judged), 64 usage.
"""

import argparse
import json
from pathlib import Path

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.shown import complain


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("diff", help="")
    parser.add_argument("first", type=Path, metavar="A.json")
    parser.add_argument("second", type=Path, metavar="B.json")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--json", action="store_true")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compare two reports."""
    from alipay_qr_conformance.report.comparison import compare_reports, render_comparison
    from alipay_qr_conformance.report.saved import ReportError, read_report

    try:
        found = compare_reports(read_report(args.first), read_report(args.second))
    except ReportError as error:
        complain(f"alipay-qr report diff: {in_both(str(error)).in_language(args.lang)}")
        return cli.USAGE
    cli.write(
        json.dumps(found.to_json(), indent=1) + "\n" if args.json else render_comparison(found, args.lang)
    )
    worse = found.worse or (args.strict and bool(found.changed or found.lost))
    return cli.FINDINGS if worse else cli.CONFORMS
