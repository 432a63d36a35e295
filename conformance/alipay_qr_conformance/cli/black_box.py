"""``alipay-qr check --notify-url URL``: the same checks of a merchant without adapter."""

import argparse
import sys
from typing import TYPE_CHECKING

from alipay_qr_conformance.cli.options import wish
from alipay_qr_conformance.model.shown import complain

if TYPE_CHECKING:
    from alipay_qr_conformance.engine.runner import Runner
    from alipay_qr_conformance.model.verdicts import Text


def add_black_box(parser: argparse.ArgumentParser) -> None:
    """Add the options of a subject without adapter."""
    group = parser.add_argument_group("black box")
    group.add_argument("--notify-url", metavar="URL")
    group.add_argument(
        "--listen",
        type=int,
        default=8700,
        metavar="PORT",
    )
    group.add_argument(
        "--drive",
        action="append",
        default=[],
        metavar="OP=COMMAND",
    )
    group.add_argument(
        "--watch",
        type=float,
        nargs="?",
        const=True,
        metavar="SECONDS",
    )
    group.add_argument(
        "--settle",
        type=float,
        default=0.2,
        metavar="SECONDS",
    )
    group.add_argument(
        "--charset",
        choices=("UTF-8", "GBK", "GB2312"),
        default="",
    )
    group.add_argument(
        "--allow-notify-host",
        action="append",
        default=[],
        metavar="HOST",
    )


def is_black_box(args: argparse.Namespace) -> bool:
    """Say whether the arguments name a black box.

    Raises:
        UsageError: they say how to make one send, and not where it is.
    """
    from alipay_qr_conformance.engine.setup import UsageError

    if args.notify_url is None and (args.drive or args.watch is not None):
        raise UsageError("--drive and --watch SECONDS are for a shop without adapter: name its --notify-url")
    return args.notify_url is not None


def black_box_runner(args: argparse.Namespace) -> "Runner":
    """Return the runner that the arguments ask for; its gateway listens already.

    Raises:
        UsageError: they cannot be meant; see `blackbox.black_box`.
    """
    from alipay_qr_conformance.blackbox import Box, DriveError, black_box, parse_drive
    from alipay_qr_conformance.engine.setup import UsageError
    from alipay_qr_conformance.model.texts import message

    try:
        drive = parse_drive(args.drive)
    except DriveError as error:
        raise UsageError(f"--drive {error}") from None
    watch = args.watch if args.watch is not None else 0.0 if drive else 60.0
    for name, value, most in (("watch", watch, 3600), ("settle", args.settle, 60)):
        if not 0 <= value <= most:
            raise UsageError(f"--{name} is a number of seconds from 0 to {most}")
    if not 0 <= args.listen <= 65535:  # noqa: PLR2004 (the largest port)
        raise UsageError("--listen is a port from 0 to 65535")
    box = Box(
        args.notify_url,
        args.listen,
        drive,
        watch,
        args.settle,
        args.sign_type or "",
        args.charset,
        frozenset(host.lower() for host in args.allow_notify_host),
    )

    def say(text: "Text") -> None:
        complain(f"alipay-qr check: {text.in_language(args.lang)}")
        sys.stderr.flush()

    runner = black_box(wish(args), box, say)
    say(message("blackbox.listening", url=runner.testbed.gateway_url, partner=runner.keys.partner))
    return runner
