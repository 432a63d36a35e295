"""``alipay-qr check --gateway URL``: the same command, the other role."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from alipay_qr_conformance.cli.options import wish

if TYPE_CHECKING:
    from alipay_qr_conformance.engine.runner import Runner


def add_gateway(parser: argparse.ArgumentParser) -> None:
    """Add the options of the gateway role."""
    group = parser.add_argument_group("gateway")
    group.add_argument("--gateway", metavar="URL")
    group.add_argument(
        "--pay",
        metavar="URL",
    )
    group.add_argument("--token", default="", metavar="TOKEN")
    group.add_argument(
        "--time-scale",
        type=float,
        default=1.0,
        metavar="X",
    )
    group.add_argument("--ca-file", type=Path, metavar="FILE")
    group.add_argument(
        "--sign-type",
        choices=("MD5", "RSA", "RSA2"),
    )


def gateway_runner(args: argparse.Namespace) -> "Runner":
    """Return a runner over the gateway that the arguments name.

    Raises:
        UsageError: an argument cannot be used.
    """
    from alipay_qr_conformance.engine.setup import UsageError, gateway
    from alipay_qr_conformance.testbed.gateway_client import GatewayTarget

    if not args.time_scale > 0:
        raise UsageError("--time-scale is a number above 0")
    if args.subject or args.python or args.url or args.notify_url:
        raise UsageError("name one subject: --gateway takes no merchant beside it")
    target = GatewayTarget(
        args.gateway,
        args.pay,
        args.token,
        str(args.ca_file) if args.ca_file else None,
        args.time_scale,
        args.sign_type or "MD5",
    )
    return gateway(wish(args), target)
