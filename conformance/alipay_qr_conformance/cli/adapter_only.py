"""``alipay-qr check --adapter-only``: does an adapter speak the protocol? Form alone."""

import argparse
import sys

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import wish
from alipay_qr_conformance.model.shown import complain


def adapter_only(args: argparse.Namespace) -> int:
    """Replay the golden transcript against an adapter; return 0 without a fault, 3 with one.

    Raises:
        UsageError: no adapter is named, or one that cannot be meant.
    """
    from alipay_qr_conformance.engine.setup import UsageError, transport
    from alipay_qr_conformance.model.complaints import in_both
    from alipay_qr_conformance.model.shown import visible
    from alipay_qr_conformance.subjects import AdapterFault
    from alipay_qr_conformance.subjects.lint import lint

    if args.gateway is not None or args.notify_url is not None:
        raise UsageError("--adapter-only looks at an adapter: a command, --python or --url")
    try:
        found = lint(transport(wish(args)))
    except AdapterFault as error:
        told = in_both(str(error)).in_language(args.lang)
        complain(f"alipay-qr check: {told}\n{error.evidence}")
        return cli.ADAPTER_FAULT
    for each in found:
        remedy = f" -> {each.remedy.in_language(args.lang)}" if each.remedy else ""
        text = each.text.in_language(args.lang)
        told = visible(f"{each.status:<12} {each.op or '(adapter)':<16} {text}{remedy}") + "\n"
        sys.stdout.write(cli.for_people(told))
    return cli.ADAPTER_FAULT if any(each.status == "fault" for each in found) else cli.CONFORMS
