"""``alipay-qr vectors``: where the golden vectors stand, whether they are sound, how many, a copy."""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Final

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language
from alipay_qr_conformance.model.shown import complain

RESULTS: Final = ("valid", "invalid", "acceptable")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand and its own: path, lint, stats, export."""
    parser = commands.add_parser("vectors", help="")
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    path = what.add_parser("path", help="")
    path.set_defaults(run=_path)
    lint = what.add_parser("lint", help="")
    lint.add_argument("folder", nargs="?", type=Path)
    lint.set_defaults(run=_lint)
    stats = what.add_parser("stats", help="")
    stats.add_argument("--json", action="store_true")
    stats.set_defaults(run=_stats)
    export = what.add_parser("export", help="")
    export.add_argument("target", type=Path)
    export.set_defaults(run=_export)
    for each in (stats, export):
        each.add_argument("--kind", action="append")
        each.add_argument("--flag", action="append")
        each.add_argument("--result", action="append", choices=RESULTS)
    for each in (lint, stats, export):
        add_language(each)


def _path(args: argparse.Namespace) -> int:  # noqa: ARG001 (the signature of all)
    from alipay_qr_conformance.vectors.load import folder

    cli.write(f"{folder()}\n")
    return cli.CONFORMS


def _lint(args: argparse.Namespace) -> int:
    from alipay_qr_conformance.model.requirements import register
    from alipay_qr_conformance.model.texts import message
    from alipay_qr_conformance.vectors.lint import lint
    from alipay_qr_conformance.vectors.load import folder

    place = args.folder or folder()
    if not (place / "schema").is_dir():
        text = message("vectors.none", folder=place)
        complain(f"alipay-qr vectors lint: {text.in_language(args.lang)}")
        return cli.USAGE
    complaints = lint(place, requirements=register().keys())
    for each in complaints:
        cli.write(f"{each}\n")
    if not complaints:
        sound = message("vectors.sound", folder=place)
        cli.write(f"{sound.in_language(args.lang)}\n")
    return cli.FINDINGS if complaints else cli.CONFORMS


def _stats(args: argparse.Namespace) -> int:
    from alipay_qr_conformance.model.texts import message
    from alipay_qr_conformance.vectors.export import NothingChosenError, choice, chosen

    try:
        sets = chosen(choice(args.kind, args.flag, args.result))
    except NothingChosenError as error:
        complain(f"alipay-qr vectors stats: {error.reason.in_language(args.lang)}")
        return cli.USAGE
    by_set = {
        name: Counter(test["result"] for group in content["groups"] for test in group["tests"])
        for name, content in sets.items()
    }
    flags = Counter(
        flag
        for content in sets.values()
        for group in content["groups"]
        for test in group["tests"]
        for flag in test["flags"]
    )
    if args.json:
        cli.write(json.dumps({"sets": by_set, "flags": dict(sorted(flags.items()))}, indent=1) + "\n")
        return cli.CONFORMS
    width = max(map(len, (*by_set, *flags)))
    for name, counts in by_set.items():
        told = "  ".join(f"{counts[result]:>5} {result}" for result in RESULTS)
        cli.write(f"{name:<{width}} {counts.total():>5}  {told}\n")
    heading = message("vectors.flags")
    cli.write(f"\n{heading.in_language(args.lang)}\n")
    for flag, count in sorted(flags.items()):
        cli.write(f"{flag:<{width}} {count:>5}\n")
    return cli.CONFORMS


def _export(args: argparse.Namespace) -> int:
    from alipay_qr_conformance.model.texts import message
    from alipay_qr_conformance.vectors.export import NothingChosenError, choice, export

    try:
        count = export(args.target, choice(args.kind, args.flag, args.result))
    except NothingChosenError as error:
        complain(f"alipay-qr vectors export: {error.reason.in_language(args.lang)}")
        return cli.USAGE
    except FileExistsError:
        text = message("vectors.in-the-way", target=args.target)
        complain(f"alipay-qr vectors export: {text.in_language(args.lang)}")
        return cli.USAGE
    except OSError as error:
        text = message("vectors.not-written", target=args.target, why=error.strerror or error)
        complain(f"alipay-qr vectors export: {text.in_language(args.lang)}")
        return cli.USAGE
    cli.write(message("vectors.exported", count=count, target=args.target).in_language(args.lang) + "\n")
    return cli.CONFORMS
