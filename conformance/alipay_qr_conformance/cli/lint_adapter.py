"""``alipay-qr lint-adapter``: does an adapter speak the protocol? Form alone, no rule of the payment."""

import argparse
import sys

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language, add_subject, wish


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "lint-adapter",
        help="replay the golden transcript against an adapter",
        usage="alipay-qr lint-adapter [options] [-- COMMAND ...]",
    )
    add_subject(parser)
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Lint an adapter: 0 without a fault, 3 with one."""
    from alipay_qr_conformance.engine.setup import UsageError, transport
    from alipay_qr_conformance.report.terminal import visible
    from alipay_qr_conformance.subjects import AdapterFault
    from alipay_qr_conformance.subjects.lint import lint

    try:
        found = lint(transport(wish(args)))
    except UsageError as error:
        sys.stderr.write(f"alipay-qr lint-adapter: {error}\n")
        return cli.USAGE
    except AdapterFault as error:
        sys.stderr.write(visible(f"alipay-qr lint-adapter: {error}\n{error.evidence}\n"))
        return cli.ADAPTER_FAULT
    for each in found:
        remedy = f" -> {each.remedy.in_language(args.lang)}" if each.remedy else ""
        text = each.text.in_language(args.lang)
        sys.stdout.write(visible(f"{each.status:<12} {each.op or '(adapter)':<16} {text}{remedy}") + "\n")
    return cli.ADAPTER_FAULT if any(each.status == "fault" for each in found) else cli.CONFORMS
