"""``alipay-qr check --gateway URL``: the same command, the other role."""

import argparse
import json
import sys
from pathlib import Path

from alipay_qr_conformance import cli


def add_gateway(parser: argparse.ArgumentParser) -> None:
    """Add the options of the gateway role."""
    group = parser.add_argument_group("gateway", "check a gateway instead of a merchant implementation")
    group.add_argument("--gateway", metavar="URL", help="the gateway to check; of the other options it takes "
                       "-k, --account, --depth, --fail-on, --lang and --json")  # fmt: skip
    group.add_argument(
        "--pay",
        metavar="URL",
        help='where a payment is made: POST {"qrcode", "total_fee", "currency"} -> {"out_trade_no"}',
    )
    group.add_argument("--token", default="", metavar="TOKEN", help="bearer token for --pay")
    group.add_argument(
        "--time-scale",
        type=float,
        default=1.0,
        metavar="X",
        help="how many times faster than published it repeats notifications",
    )
    group.add_argument("--ca-file", type=Path, metavar="FILE", help="what to trust, for https")
    group.add_argument(
        "--sign-type",
        choices=("MD5", "RSA", "RSA2"),
        help="to sign with (default MD5); that of the shop with --notify-url (default: found)",
    )


def run(args: argparse.Namespace) -> int:
    """Check a gateway; exit codes as in `alipay_qr_conformance.cli`, 3 where it does not answer."""
    from alipay_qr_conformance.model.selection import SelectionError, selector
    from alipay_qr_conformance.model.test_account import AccountFileError, TestKeys, read_account
    from alipay_qr_conformance.role_gateway import GatewayTarget, check_gateway, render, report

    try:
        keys = read_account(args.account) if args.account else TestKeys()
        matches = selector(args.expression) if args.expression else None
    except (AccountFileError, SelectionError) as error:
        return _say(str(error), cli.USAGE)
    if not args.time_scale > 0:
        return _say("--time-scale is a number above 0", cli.USAGE)
    wiring = GatewayTarget(
        args.gateway,
        args.pay,
        args.token,
        str(args.ca_file) if args.ca_file else None,
        args.time_scale,
        args.sign_type or "MD5",
        keys,
    )
    outcome = check_gateway(wiring, args.depth, lambda case: matches is None or matches(case.id))
    to_stdout = str(args.json) == "-"
    if args.json is not None:
        text = json.dumps(report(outcome, args.lang), indent=1) + "\n"
        if to_stdout:
            sys.stdout.write(text)
        else:
            args.json.write_text(text, "ascii")
    if not to_stdout:
        sys.stdout.write(render(outcome, args.lang))
    if not outcome.summary.judged:
        return _say("nothing could be judged", cli.ADAPTER_FAULT)
    return cli.FINDINGS if outcome.fails(args.fail_on) else cli.CONFORMS


def _say(text: str, code: int) -> int:
    sys.stderr.write(f"alipay-qr check: {text}\n")
    return code
