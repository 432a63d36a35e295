"""``alipay-qr explain [INPUT]``: which mistake explains the sign of this request, notification or response.

Exit codes: 0 the sign is right, 1 it is wrong (explained or not), 64 usage.
"""

import argparse
import contextlib
import re
import sys
from codecs import BOM_UTF8
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance.cli.options import add_language

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

    from alipay_qr_conformance.doctor.inputs import Given
    from alipay_qr_conformance.doctor.model import Diagnosis

RIGHT: Final = 0
WRONG: Final = 1
USAGE: Final = 64

_LONGEST_PATH: Final = 1024
_FILE_NAME: Final = re.compile(r"[^=&<>{}\s]*[./\\][^=&<>{}?\s]*")
"""What is rather the name of a file than a message: no pair, no markup, no blank, and a dot or a slash."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "explain",
        help="explain ILLEGAL_SIGN: which mistake made this sign",
        description="Names the mistake, or the combination, that reproduces the sign, and shows the string "
        "that should have been signed. Without keys the public test account's are used.",
    )
    parser.add_argument(
        "input",
        nargs="?",
        default="-",
        metavar="INPUT",
        help="request URL, POST body, curl line (read, never run), HAR file or entry, notification body, "
        "response XML, HTML form, list of parameters, or a log line with one of them: as text, as the name "
        "of a file, or - for standard input (default)",
    )
    parser.add_argument(
        "--md5-key-file",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="the MD5 key; repeat to try others",
    )
    parser.add_argument(
        "--public-key",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="the public key that ought to verify: your own for a request, Alipay's for a notification or a "
        "response; repeat to learn whose key signed",
    )
    parser.add_argument(
        "--private-key",
        type=Path,
        metavar="FILE",
        help="your private key, to compare with; nothing is signed",
    )
    parser.add_argument(
        "--charset", choices=("UTF-8", "GBK", "GB2312"), help="of a message without _input_charset"
    )
    parser.add_argument(
        "--entry",
        type=int,
        metavar="N",
        help="entry of a HAR file, from 0 (default: the first that is signed)",
    )
    parser.add_argument(
        "--depth", type=int, choices=(1, 2, 3), default=3, help="how many mistakes may be combined"
    )
    parser.add_argument("--json", action="store_true", help="write the diagnosis as JSON")
    add_language(parser, "the words")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Explain one message."""
    from alipay_qr.errors import AlipayQrError
    from alipay_qr_conformance.doctor.input_error import InputError
    from alipay_qr_conformance.doctor.inputs import read_input

    try:
        given = read_input(_input(args.input), charset=args.charset, entry=args.entry)
        diagnosis = _diagnose(args, given)
    except InputError as error:
        _complain(error.in_language(args.lang))
        return USAGE
    except AlipayQrError as error:
        _complain(str(error))
        return USAGE
    if args.json:
        import json

        text = json.dumps(diagnosis.to_json(args.lang), ensure_ascii=False, indent=2) + "\n"
    else:
        from alipay_qr_conformance.doctor.render import render_text

        text = render_text(diagnosis, args.lang)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
    return RIGHT if diagnosis.verdict == "valid" else WRONG


def _complain(text: str) -> None:
    message = f"alipay-qr explain: {text}\n"
    sys.stderr.write(message.encode("utf-8", "backslashreplace").decode("utf-8"))


def _input(text: str) -> bytes:
    from alipay_qr_conformance.cli.input_files import read_named, read_stdin
    from alipay_qr_conformance.doctor.input_error import InputError

    if text == "-":
        return read_stdin()
    if len(text) < _LONGEST_PATH and text and "\n" not in text and "\0" not in text:
        path = Path(text)
        with contextlib.suppress(OSError):  # no name that the file system takes, then
            if path.is_file() or path.is_fifo():
                return read_named(path)
            if path.is_dir():
                raise InputError("folder", text)
        if _FILE_NAME.fullmatch(text) and not path.exists():
            raise InputError("no-file", text)
    return text.encode("utf-8", "surrogateescape")


def _diagnose(args: argparse.Namespace, given: "Given") -> "Diagnosis":
    from dataclasses import replace

    from alipay_qr_conformance.doctor.sign.explain import explain_params

    md5_keys = [(path.name, _md5_key(path)) for path in args.md5_key_file]
    public = [(path.name, _public_key(path)) for path in args.public_key]
    diagnosis = explain_params(
        given.params,
        given.charset,
        given.sign_type,
        given.sign,
        md5_key=md5_keys[0][1] if md5_keys else None,
        public_key=public[0][1] if public else None,
        private_key=_private_key(args.private_key) if args.private_key else None,
        candidates=public[1:],
        md5_candidates=md5_keys[1:],
        received=given.received,
        sent_in=given.sent_in,
        depth=args.depth,
    )
    notes = tuple(("note", note) for note in given.notes)
    return replace(diagnosis, facts=(*diagnosis.facts, *given.remarks, *notes))


def _md5_key(path: Path) -> str:
    from alipay_qr_conformance.cli.input_files import read_named
    from alipay_qr_conformance.doctor.input_error import InputError
    from alipay_qr_conformance.doctor.inputs import looks_like_key

    data = read_named(path).removeprefix(BOM_UTF8).strip()
    if not data:
        raise InputError("md5-key-empty", str(path))
    if looks_like_key(data):
        raise InputError("md5-key-rsa", str(path))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("md5-key-bytes", str(path)) from None


def _public_key(path: Path) -> "RSAPublicKey":
    """Return the public key in a file; a private key counts as its public half."""
    from alipay_qr.errors import KeyTextError
    from alipay_qr.keys import load_private_key, load_public_key
    from alipay_qr_conformance.cli.input_files import read_named

    data = read_named(path)
    try:
        return load_public_key(data)
    except KeyTextError as error:
        if error.code != "key.private-for-public":
            raise _unusable(path, error) from None
        return load_private_key(data).public_key()


def _private_key(path: Path) -> "RSAPrivateKey":
    from alipay_qr.errors import KeyTextError
    from alipay_qr.keys import load_private_key
    from alipay_qr_conformance.cli.input_files import read_named

    try:
        return load_private_key(read_named(path))
    except KeyTextError as error:
        raise _unusable(path, error) from None


def _unusable(path: Path, error: Exception) -> Exception:
    from alipay_qr_conformance.doctor.input_error import InputError

    return InputError("rsa-key", f"{path}: {error}; see alipay-qr doctor-key {path}")
