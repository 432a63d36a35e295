"""``alipay-qr report``: what is done with saved reports; each word has a module of its own."""

import argparse

from alipay_qr_conformance.cli import diff, replay, verify


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand and its own: diff, replay, verify."""
    parser = commands.add_parser("report", help="")
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    for each in (diff, replay, verify):
        each.add_parser(what)
