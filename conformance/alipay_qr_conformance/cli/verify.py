"""``alipay-qr report verify STATEMENT --key FILE``: does a statement's signature hold, and is it true?

Exit codes: 0 confirmed, 1 not: the signature does not hold, it has expired, or a second run says something
else; 3 adapter, 64 usage.
"""

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_faketime, add_language, add_subject, wish
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.shown import complain
from alipay_qr_conformance.model.texts import say

if TYPE_CHECKING:
    from alipay_qr_conformance.engine.setup import RunOptions
    from alipay_qr_conformance.report.run import Run


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "verify", help="", usage="alipay-qr report verify STATEMENT --key FILE [options] [-- COMMAND ...]"
    )
    parser.add_argument("statement", type=Path, metavar="STATEMENT")
    parser.add_argument("--key", type=Path, metavar="FILE", required=True)
    parser.add_argument("--source", type=Path, metavar="DIR", default=Path())
    add_subject(parser)
    add_faketime(parser)
    parser.add_argument("--account", type=Path, metavar="FILE")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Verify a statement."""
    from alipay_qr_conformance.engine.setup import UsageError
    from alipay_qr_conformance.model.files import read_file
    from alipay_qr_conformance.model.policy import PolicyError
    from alipay_qr_conformance.model.requirement_sets import UnknownSetError
    from alipay_qr_conformance.report.digests import TreeError
    from alipay_qr_conformance.report.statement import KeyFileError, StatementError, opened, public_key
    from alipay_qr_conformance.subjects import AdapterFault

    def ended(text: object, code: int) -> int:
        complain(f"alipay-qr report verify: {in_both(str(text)).in_language(args.lang)}")
        return code

    try:
        key = public_key(read_file(args.key))
        claimed = opened(read_file(args.statement), key)
        lines = _compared(args, claimed)
    except StatementError as error:
        return ended(f"{args.statement}: {error}", cli.FINDINGS)
    except KeyFileError as error:
        return ended(f"{args.key}: {error}", cli.USAGE)
    except (UsageError, UnknownSetError, PolicyError, TreeError, OSError, ValueError, KeyError) as error:
        return ended(error, cli.USAGE)
    except AdapterFault as error:
        return ended(f"the adapter is at fault: {error}", cli.ADAPTER_FAULT)
    cli.write("".join(f"  {line}\n" for line in lines))
    cli.write(say("statement.other" if lines else "statement.same", args.lang) + "\n")
    return cli.FINDINGS if lines else cli.CONFORMS


def _compared(args: argparse.Namespace, claimed: dict[str, Any]) -> list[str]:
    """Return what does not agree, a line each: the day, the digests, a second run."""
    from alipay_qr_conformance.model.requirement_sets import requirement_set
    from alipay_qr_conformance.report.digests import tree_digest
    from alipay_qr_conformance.report.statement import OWN, described, differences, statement
    from alipay_qr_conformance.report.terminal import one_line

    expires = date.fromisoformat(claimed["predicate"][OWN]["expires"])
    tree = tree_digest(args.source, [args.statement])
    counted = requirement_set(
        date.fromisoformat(described(claimed, "requirement-set")["annotations"]["date"])
    )
    seen = statement(_again(wish(args), claimed), counted, tree, expires)
    late = [say("statement.expired", args.lang, day=expires)] if expires < datetime.now(UTC).date() else []
    return late + [one_line(each) for each in differences(claimed, seen)]


def _again(asked: "RunOptions", claimed: dict[str, Any]) -> "Run":
    """Return a second run with the settings of the statement."""
    from dataclasses import replace

    from alipay_qr_conformance.checks import all_cases
    from alipay_qr_conformance.engine.events import feed
    from alipay_qr_conformance.engine.setup import runner
    from alipay_qr_conformance.model.policy import to_policy
    from alipay_qr_conformance.report.run import Collector
    from alipay_qr_conformance.report.statement import described
    from alipay_qr_conformance.report.terminal import Progress

    settings = described(claimed, "run")["annotations"]
    for name, allowed in _ALLOWED.items():
        if settings[name] not in allowed:
            raise ValueError(f"the statement names a {name} that does not exist: {settings[name]!r}")
    run_ = runner(replace(asked, **settings, policy=None))
    declared = described(claimed, "policy")["annotations"]["declared"]
    run_.plan = replace(run_.plan, policy=to_policy(declared))
    collector = Collector(redactor=run_.redactor)
    try:
        feed(run_.run(all_cases(run_.plan)), collector, Progress())
    finally:
        run_.close()
    return collector.run()


_ALLOWED = {
    "level": (1, 2, 3, 4),
    "depth": ("quick", "default", "deep"),
    "profile": ("global", "hk"),
    "seed": range(1_000_000_000),
}
