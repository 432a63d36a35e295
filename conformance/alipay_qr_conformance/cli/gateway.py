"""``alipay-qr gateway``: a simulated Alipay to point a shop at, in a terminal."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.gateway_calls import add_calls
from alipay_qr_conformance.cli.options import add_language
from alipay_qr_conformance.cli.signals import ASKING
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.shown import complain

if TYPE_CHECKING:
    from alipay_qr_conformance.sandbox import Sandbox, Settings
    from alipay_qr_conformance.sandbox.running import Running

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "gateway",
        help="serve a simulated Alipay that says what each request of a shop broke",
        description="Serves a simulated Alipay on this machine: give its URL and its keys to a shop, and "
        "read here what became of each request. No network, no account.",
    )
    add_language(parser)
    parser.add_argument("--port", type=_port, default=8700, help="where to listen (default 8700; 0: any)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1: this machine only)"
    )
    parser.add_argument(
        "--db", type=Path, metavar="FILE", help="keep all trades in this file (default: in memory)"
    )
    parser.add_argument(
        "--durable",
        choices=("process", "full"),
        default="process",
        help="with --db: what is acknowledged survives the process (default), or a loss of power too, which "
        "makes each answer wait for the disk",
    )
    parser.add_argument("--seed", type=int, help="decides every id (default 0)")
    parser.add_argument(
        "--time-scale",
        type=_scale,
        default=1.0,
        metavar="X",
        help="repeat notifications X times faster than Alipay does",
    )
    parser.add_argument(
        "--schedule",
        choices=("web", "open", "help"),
        default="web",
        help="the published schedule of repeats: 2m,10m,10m,1h,2h,6h,15h (web), 4m,10m,10m,... (open) or "
        "4m,10m,15m,... (help)",
    )
    parser.add_argument(
        "--variant",
        action="append",
        default=[],
        metavar="NAME",
        help="write in another genuine form, such as malformed-content-type; docs/gateway.md has the list",
    )
    parser.add_argument(
        "--tls", action="store_true", help="serve https, with a certificate authority of its own"
    )
    parser.add_argument(
        "--ca-file", type=Path, metavar="FILE", help="write that authority's certificate here"
    )
    parser.add_argument(
        "--allow-notify-host",
        action="append",
        default=[],
        metavar="HOST",
        help="send notifications there too; otherwise to this machine only",
    )
    parser.add_argument(
        "--profile", choices=("global", "hk"), default="global", help="edition of the interface"
    )
    parser.add_argument(
        "--cancel-window",
        choices=("day", "day+15min", "24h"),
        default="day",
        help="until when a payment can be cancelled: the Beijing day of the payment (the guide's rule), "
        "15 minutes longer, or 24 hours",
    )
    parser.add_argument(
        "--account", type=Path, metavar="FILE", help="partner and key files of a test account (TOML)"
    )
    parser.add_argument("--quiet", action="store_true", help="print no line for each request")
    parser.add_argument("--open", action="store_true", help="open the console in the browser")
    parser.add_argument("--no-console", action="store_true", help="serve no page for a browser")
    parser.add_argument(
        "--show-keys", action="store_true", help="print the keys, in the forms for PHP and Java"
    )
    parser.add_argument("--verbose", action="store_true", help="print all there is to know at the start")
    parser.set_defaults(run=run)
    add_calls(parser)


def _scale(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1e9:  # noqa: PLR2004 (beyond it the longest pause is nothing)
        raise argparse.ArgumentTypeError("a number above 0")
    return value


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 65535):  # noqa: PLR2004 (the largest port)
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to 65535")
    return int(text)


_LOOK = 0.2
"""Seconds until a signal is seen that the system gave to another thread: it does not wake this one."""


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT, SIGTERM or SIGHUP."""
    from alipay_qr.errors import AlipayQrError
    from alipay_qr_conformance.model.test_account import AccountFileError, TestKeys, read_account
    from alipay_qr_conformance.model.texts import message
    from alipay_qr_conformance.sandbox import Sandbox, settle
    from alipay_qr_conformance.sandbox.failures import Failures
    from alipay_qr_conformance.sandbox.running import announced
    from alipay_qr_conformance.sandbox.scribe import Scribe

    try:
        keys = read_account(args.account) if args.account else TestKeys()
    except AccountFileError as error:
        return _refuse(str(error), args.lang)

    scribe = None if args.quiet else Scribe(_say, args.lang)
    tell = scribe.tell if scribe else _tell_nobody
    ended = threading.Event()
    for number in (signal.SIGINT, *ASKING):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as below ``nohup``
            signal.signal(number, lambda *_: ended.set())
    try:
        sandbox = Sandbox(
            _settings(args),
            keys,
            on_request=tell,
            on_notification=tell,
            on_failure=Failures(_complain, args.lang),
        )
        with sandbox, announced(*_whereabouts(sandbox)):
            settle()
            _introduce(args, sandbox)
            while not ended.wait(_LOOK):
                pass
        if scribe:
            scribe.close()
    except AlipayQrError as error:
        return _refuse(str(error), args.lang)
    except BrokenPipeError:
        raise  # the reader of a pipe left: the command's own affair
    except OSError as error:
        why = error.strerror or error
        if error.filename is not None:
            return _refuse(f"{error.filename}: {why}", args.lang)
        return _refuse(f"cannot listen on {args.host}:{args.port}: {why}; try --port 0", args.lang)
    sys.stdout.write(message("sandbox.stopped").in_language(args.lang) + "\n")
    return cli.CONFORMS


def _settings(args: argparse.Namespace) -> "Settings":
    from alipay_qr_conformance.sandbox import Settings

    return Settings(
        host=args.host,
        port=args.port,
        db=args.db,
        durable=args.durable,
        seed=args.seed,
        time_scale=args.time_scale,
        schedule=args.schedule,
        tls=args.tls or args.ca_file is not None,
        ca_file=args.ca_file,
        notify_hosts=frozenset(host.lower() for host in args.allow_notify_host),
        profile=args.profile,
        cancel_window=args.cancel_window,
        variants=tuple(args.variant),
        console=not args.no_console,
    )


def _whereabouts(sandbox: "Sandbox") -> "tuple[int, Running]":
    from alipay_qr_conformance.sandbox.running import Running

    url, ca_file = sandbox.control_url, str(sandbox.ca_file.resolve() if sandbox.ca_file else "")
    return urlsplit(url).port or 0, Running(url, sandbox.token, ca_file)


def _introduce(args: argparse.Namespace, sandbox: "Sandbox") -> None:
    from alipay_qr_conformance.model.texts import message
    from alipay_qr_conformance.sandbox.banner import banner

    if args.host not in _LOOPBACK:
        warning = message("sandbox.exposed", host=args.host).in_language(args.lang)
        complain(f"alipay-qr gateway: {warning}")
    told = banner(sandbox.state, args.db, args.lang, show_keys=args.show_keys, verbose=args.verbose)
    sys.stdout.write(told + "\n")
    sys.stdout.flush()
    if args.open and not args.no_console:
        import webbrowser

        webbrowser.open(sandbox.state.console_url)


def _say(lines: "Sequence[str]") -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _tell_nobody(_: object) -> None:
    """Say nothing."""


def _complain(text: str) -> None:
    complain(f"alipay-qr gateway: {text}")


def _refuse(text: str, lang: str) -> int:
    _complain(in_both(text).in_language(lang))
    return cli.USAGE
