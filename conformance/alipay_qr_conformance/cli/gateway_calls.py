"""``alipay-qr gateway pay`` and ``gateway send``: what the console's buttons do, from a shell.

They speak to a gateway that runs already, by default that of port 8700.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.shown import complain

if TYPE_CHECKING:
    from alipay_qr_conformance.sandbox import ControlClient


def add_calls(parser: argparse.ArgumentParser) -> None:
    """Add the calls to the parser of ``gateway``."""
    calls = parser.add_subparsers(dest="gateway_call", metavar="pay | send", required=False)
    pay = calls.add_parser("pay", help="scan a code of the running gateway, and pay")
    pay.add_argument("code", metavar="CODE", help="the code, or what stands behind its last slash")
    pay.add_argument("amount", metavar="AMOUNT", help="as in 12.50")
    pay.add_argument("--currency", help="default: that of the code")
    pay.add_argument("--buyer", metavar="ID", help="buyer_id of the notification")
    pay.set_defaults(run=_guarded(_pay))
    send = calls.add_parser("send", help="send a notification by its name, and judge the reply")
    send.add_argument("event", metavar="EVENT", nargs="?", help="its name; --list shows all")
    send.add_argument("--list", action="store_true", help="list the names, with what a right shop replies")
    send.add_argument("--trade", metavar="NO", default="", help="out_trade_no (default: the latest trade)")
    send.add_argument(
        "--override",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a field before signing; NAME alone takes it away",
    )
    send.add_argument("--url", default="", help="where to, if not where the trade's notifications go")
    send.set_defaults(run=_guarded(_send))
    for each in (pay, send):
        each.add_argument(
            "--of",
            metavar="PORT|LINK",
            default="8700",
            help="the gateway: its port, or the link to its console",
        )
        add_language(each)


def _guarded(act: Any) -> Any:
    def run(args: argparse.Namespace) -> int:
        from alipay_qr.errors import AlipayQrError

        control = _control(args.of)
        if control is None:
            return _refuse(
                f"no gateway of yours runs at {args.of}: start alipay-qr gateway, or name another by --of",
                args.lang,
            )
        import requests

        try:
            code: int = act(args, control)
        except AlipayQrError as error:
            return _refuse(str(error), args.lang)
        except requests.RequestException:
            return _refuse(f"the gateway at {args.of} does not answer", args.lang)
        finally:
            control.close()
        return code

    return run


def _control(of: str) -> "ControlClient | None":
    from alipay_qr_conformance.sandbox import ControlClient
    from alipay_qr_conformance.sandbox.running import find

    if of.isascii() and of.isdecimal():
        found = find(int(of[:6]))
        return (
            ControlClient(
                found.url, found.token, ca_file=Path(found.ca_file) if found.ca_file else None, timeout=30
            )
            if found
            else None
        )
    base, mark, token = of.partition("#")
    base = base.removesuffix("/").removesuffix("/console")
    if not mark or not base.startswith(("http://", "https://")):
        return None
    return ControlClient(f"{base}/control", token, timeout=30)


def _pay(args: argparse.Namespace, control: "ControlClient") -> int:
    from alipay_qr_conformance.model.shown import visible

    currency = args.currency
    if not currency:
        known = {each["code"]: each for each in control.codes()}
        code = known.get(args.code.rpartition("/")[2])
        currency = (code or {}).get("trans_currency") or "USD"
    more = {"buyer_id": args.buyer} if args.buyer else {}
    trade = control.pay(args.code, args.amount, currency, **more)
    cli.write(
        visible(f"{trade['out_trade_no']} {trade['state']} {trade['total']} {trade['currency']}") + "\n"
    )
    return cli.CONFORMS


def _send(args: argparse.Namespace, control: "ControlClient") -> int:
    from alipay_qr_conformance.model.shown import visible

    if args.list or not args.event:
        lines = [
            f"{name:28} {row['awaited']:14} {row['requirement']}" for name, row in control.stories().items()
        ]
        cli.write("\n".join(lines) + "\n")
        return cli.CONFORMS
    sent = control.send(args.event, args.trade, overrides=_overrides(args.override), url=args.url)
    for each in sent:
        cli.write(visible(_told(each)) + "\n")
    wrong = any(each["judgement"]["verdict"] == "wrong" for each in sent)
    return cli.FINDINGS if wrong else cli.CONFORMS


def _overrides(words: list[str]) -> dict[str, str | None]:
    pairs = [word.partition("=") for word in words]
    return {name: value if mark else None for name, mark, value in pairs}


def _told(sent: Mapping[str, Any]) -> str:
    judgement = sent["judgement"]
    attempt = sent["attempts"][-1] if sent["attempts"] else None
    if attempt is None:
        return f"notification {sent['number']} ({sent['event']}): no reply yet"
    reply = f"{attempt['status']} {attempt['reply'][:60]!r}" if attempt["status"] else attempt["error"]
    line = (
        f"notification {sent['number']} ({sent['event']}) to {sent['url']}: {reply}: {judgement['verdict']}"
    )
    if judgement["verdict"] != "wrong":
        return line
    return (
        f"{line}\n    {judgement.get('keyword', 'MUST')} {judgement['requirement']}: {judgement['detail']}"
        f"\n        {judgement.get('remedy', '')}"
    )


def _refuse(text: str, lang: str) -> int:
    complain(f"alipay-qr gateway: {in_both(text).in_language(lang)}")
    return cli.USAGE
