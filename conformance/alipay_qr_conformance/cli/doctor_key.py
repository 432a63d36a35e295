"""``alipay-qr doctor-key FILE``: what key this is, what is wrong with its text, and whose other half it is.

Exit codes: 0 an RSA or MD5 key whose text is in order (and every ``--pair`` pairs), 1 something is wrong,
64 usage. A private key is written to a new file only where ``--write`` asks for it, and never printed.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance.cli.options import add_language

if TYPE_CHECKING:
    from alipay_qr_conformance.doctor.key.check import KeyReport

RIGHT: Final = 0
WRONG: Final = 1
USAGE: Final = 64

_FORMS: Final = ("pkcs1_pem", "pkcs8_pem", "pkcs1_base64", "pkcs8_base64", "public_pem", "public_base64")
_REMARKS: Final = frozenset({"rsa-only", "published", "one-line"})


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "doctor-key",
        help="say what is wrong with a key file",
        description="Names the form of a key file and its defects, says whether it pairs with another file, "
        "and converts it. Private keys are never printed.",
    )
    parser.add_argument("file", metavar="FILE", help="the key file, or - for standard input")
    parser.add_argument(
        "--pair",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="another key file: do they belong together?",
    )
    parser.add_argument(
        "--write", type=Path, metavar="NEW", help="write the key to this new file, readable by you alone"
    )
    parser.add_argument("--form", choices=_FORMS, help="the form for --write")
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    add_language(parser, "the words")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Examine one key file."""
    from alipay_qr_conformance.doctor.input_error import InputError

    try:
        report = _examined(args)
    except InputError as error:
        text = f"alipay-qr doctor-key: {error.in_language(args.lang)}\n"
        sys.stderr.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))
        return USAGE
    sys.stdout.buffer.write(_text(args, report).encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
    wrong = any(each.code not in _REMARKS for each in report.defects)
    apart = any(each.relation not in {"pair", "same"} for each in report.pairings)
    readable = report.usable or report.kind == "md5"
    return RIGHT if readable and not wrong and not apart else WRONG


def _examined(args: argparse.Namespace) -> "KeyReport":
    """Examine the key, and write it where that is asked for."""
    from alipay_qr_conformance.cli.input_files import read_named, read_stdin
    from alipay_qr_conformance.doctor.input_error import InputError
    from alipay_qr_conformance.doctor.key.check import examine_key

    if (args.write is None) is not (args.form is None):
        raise InputError("write-form")
    data = read_stdin() if args.file == "-" else read_named(Path(args.file))
    report = examine_key(data, [(path.name, read_named(path)) for path in args.pair])
    if args.write is not None:
        _write(data, args.form, args.write)
    return report


def _write(data: bytes, form: str, path: Path) -> None:
    from alipay_qr_conformance.doctor.input_error import InputError
    from alipay_qr_conformance.doctor.key.check import write_key

    try:
        write_key(data, form, path)
    except FileExistsError:
        raise InputError("exists", str(path)) from None
    except OSError as error:
        raise InputError("unwritable", f"{path} ({error.strerror})") from None


def _text(args: argparse.Namespace, report: "KeyReport") -> str:
    if args.json:
        import json

        return json.dumps(report.to_json(args.lang), ensure_ascii=False, indent=2) + "\n"
    from alipay_qr_conformance.doctor.key.check import render_key
    from alipay_qr_conformance.model.texts import say

    tail = say("key.written", args.lang, file=args.write) + "\n" if args.write is not None else ""
    return render_key(report, args.lang) + tail
