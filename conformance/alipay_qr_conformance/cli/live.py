"""``alipay-qr check --live FILE``: a request or a configuration, before it goes live."""

import argparse
import sys

from alipay_qr_conformance import cli

CANNOT_SAY = 5


def live(args: argparse.Namespace) -> int:
    """Say what must be mended before a file goes live: 0 nothing, 1 something, 5 it cannot be said."""
    from alipay_qr_conformance.cli.input_files import read_named
    from alipay_qr_conformance.doctor.input_error import InputError
    from alipay_qr_conformance.model.texts import say
    from alipay_qr_conformance.report.terminal import visible
    from alipay_qr_conformance.rules.live import remarks

    try:
        data = read_named(args.live)
    except InputError as error:
        sys.stderr.write(visible(f"alipay-qr check: {error.in_language(args.lang)}") + "\n")
        return cli.USAGE
    found = remarks(data.decode("utf-8-sig", "replace"))
    if found is None:
        sys.stderr.write(f"alipay-qr check: {say('live.nothing', args.lang)}\n")
        return CANNOT_SAY
    for each in found:
        cli.write(visible(each.in_language(args.lang)) + "\n")
    if not found:
        cli.write(say("live.right", args.lang) + "\n")
    return cli.FINDINGS if found else cli.CONFORMS
