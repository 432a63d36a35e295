"""``alipay-qr check --live FILE``: a request or a configuration, before it goes live."""

import argparse

from alipay_qr_conformance import cli
from alipay_qr_conformance.model.shown import complain

CANNOT_SAY = 5


def live(args: argparse.Namespace) -> int:
    """Say what must be mended before a file goes live: 0 nothing, 1 something, 5 it cannot be said."""
    from alipay_qr_conformance.cli.input_files import read_named
    from alipay_qr_conformance.doctor.input_error import InputError
    from alipay_qr_conformance.model.shown import visible
    from alipay_qr_conformance.model.texts import say
    from alipay_qr_conformance.rules.live import remarks

    try:
        data = read_named(args.live)
    except InputError as error:
        complain(f"alipay-qr check: {error.in_language(args.lang)}")
        return cli.USAGE
    found = remarks(data.decode("utf-8-sig", "replace"))
    if found is None:
        complain(f"alipay-qr check: {say('live.nothing', args.lang)}")
        return CANNOT_SAY
    for each in found:
        cli.write(visible(each.in_language(args.lang)) + "\n")
    if not found:
        cli.write(say("live.right", args.lang) + "\n")
    return cli.FINDINGS if found else cli.CONFORMS
