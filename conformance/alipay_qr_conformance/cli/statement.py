"""``alipay-qr statement``: what a subject says about itself, checkable by everybody.

Exit codes: 0 a statement was written without a finding that counts (with ``--verify``: a second run says the
same), 1 with findings (with ``--verify``: it says something else, or the statement was changed), 3 adapter,
64 usage.
"""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_faketime, add_language, add_subject, wish
from alipay_qr_conformance.model.files import write_file
from alipay_qr_conformance.model.texts import say

if TYPE_CHECKING:
    from alipay_qr_conformance.engine.setup import RunOptions
    from alipay_qr_conformance.model.requirement_sets import RequirementSet
    from alipay_qr_conformance.report.run import Run


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "statement",
        help="write a self-asserted conformance statement, or verify one",
        usage="alipay-qr statement [options] [-- COMMAND ...]",
    )
    add_subject(parser)
    add_faketime(parser)
    parser.add_argument(
        "--account", type=Path, metavar="FILE", help="partner and key files of a test account (TOML)"
    )
    add_language(parser)
    parser.add_argument("--level", type=int, choices=(1, 2, 3, 4), default=4)
    parser.add_argument("--profile", choices=("global", "hk"), default="global")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="the choices of this merchant (TOML)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--depth", choices=("quick", "default", "deep"), default="default")
    parser.add_argument(
        "--requirement-set", metavar="DATE", help="the frozen set that counts (default: the newest)"
    )
    parser.add_argument(
        "--output", type=Path, default=Path("-"), metavar="FILE", help="where to (default: stdout)"
    )
    parser.add_argument("--verify", type=Path, metavar="FILE", help="run again what this statement claims")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write a statement, or verify one."""
    from alipay_qr_conformance.engine.setup import UsageError
    from alipay_qr_conformance.model.files import read_file
    from alipay_qr_conformance.model.requirement_sets import UnknownSetError, requirement_set
    from alipay_qr_conformance.report.statement import StatementError, checked
    from alipay_qr_conformance.subjects import AdapterFault

    claimed: dict[str, Any] | None = None
    try:
        asked = wish(args)
        day = args.requirement_set
        if args.verify is not None:
            claimed = checked(read_file(args.verify))
            asked, day = _as_claimed(asked, claimed), claimed["requirement_set"]["date"]
        counted = requirement_set(date.fromisoformat(day) if day else None)
        found = _run(asked, claimed)
    except StatementError as error:
        sys.stderr.write(f"alipay-qr statement: {args.verify}: {error}\n")
        return cli.FINDINGS
    except (UsageError, UnknownSetError, OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"alipay-qr statement: {error}\n")
        return cli.USAGE
    except AdapterFault as error:
        sys.stderr.write(f"alipay-qr statement: the adapter is at fault: {error}\n")
        return cli.ADAPTER_FAULT
    return _write(args, found, counted) if claimed is None else _verify(args, found, counted, claimed)


def _run(asked: "RunOptions", claimed: dict[str, Any] | None) -> "Run":
    from dataclasses import replace

    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.runner import feed
    from alipay_qr_conformance.engine.setup import runner
    from alipay_qr_conformance.model.policy import to_policy
    from alipay_qr_conformance.report.run import Collector
    from alipay_qr_conformance.report.terminal import Progress

    run_ = runner(asked)
    if claimed is not None:
        run_.plan = replace(run_.plan, policy=to_policy(claimed["run"]["policy"]))
    collector = Collector(redactor=run_.redactor)
    try:
        feed(run_.run(all_cases(run_.plan)), collector, Progress())
    finally:
        run_.close()
    return collector.run()


def _as_claimed(asked: "RunOptions", claimed: dict[str, Any]) -> "RunOptions":
    from dataclasses import replace

    settings = claimed["run"]
    for name, allowed in (
        ("level", (1, 2, 3, 4)),
        ("depth", ("quick", "default", "deep")),
        ("profile", ("global", "hk")),
    ):
        if settings[name] not in allowed:
            _refuse(f"the statement names a {name} that does not exist: {settings[name]!r}")
    return replace(
        asked,
        level=settings["level"],
        seed=settings["seed"],
        depth=settings["depth"],
        profile=settings["profile"],
        policy=None,
    )


def _refuse(text: str) -> NoReturn:
    from alipay_qr_conformance.engine.setup import UsageError

    raise UsageError(text)


def _write(args: argparse.Namespace, found: "Run", counted: "RequirementSet") -> int:
    from alipay_qr_conformance.report.statement import canonical, statement

    made = statement(found, counted)
    text = canonical(made) + "\n"
    if str(args.output) == "-":
        cli.write(text)
    else:
        try:
            write_file(args.output, text.encode("ascii"))
        except OSError as error:
            sys.stderr.write(f"alipay-qr statement: {error}\n")
            return cli.USAGE
    counts = any(
        found.counts(finding.keyword or row.keyword)
        for row, finding in found.summary.findings
        if row.id in counted.ids
    )
    return cli.FINDINGS if counts else cli.CONFORMS


def _verify(
    args: argparse.Namespace, found: "Run", counted: "RequirementSet", claimed: dict[str, Any]
) -> int:
    from alipay_qr_conformance.report.statement import differences, statement
    from alipay_qr_conformance.report.terminal import one_line

    seen = statement(found, counted)
    lines = differences(claimed, seen)
    if (claimed["kit"], claimed["vectors"]) != (seen["kit"], seen["vectors"]):
        alike = (
            "statement.same-vectors" if claimed["vectors"] == seen["vectors"] else "statement.other-vectors"
        )
        a, b = claimed["kit"].get("version"), seen["kit"]["version"]
        cli.write(one_line(say("statement.kits", args.lang, a=a, b=b, same=say(alike, args.lang))) + "\n")
    cli.write("".join(f"  {one_line(each)}\n" for each in lines))
    cli.write(say("statement.other" if lines else "statement.same", args.lang) + "\n")
    return cli.FINDINGS if lines else cli.CONFORMS
