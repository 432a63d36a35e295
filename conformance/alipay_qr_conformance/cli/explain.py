"""``alipay-qr explain [INPUT]``: which mistake explains a sign, wherever it stands; what a key is.

Exit codes: 0 all signs are right (or the key is in order), 1 one is wrong, 5 it cannot be said, 64 usage or
no message found.
"""

import argparse
import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.options import add_language
from alipay_qr_conformance.model.shown import complain

if TYPE_CHECKING:
    from alipay_qr_conformance.doctor.inquiry import Inquiry

RIGHT: Final = 0
WRONG: Final = 1
CANNOT_SAY: Final = 5
USAGE: Final = 64

_LONGEST_PATH: Final = 1024
_NO_NAME: Final = re.compile(r"[=&<>{}\s]")
_IN_NAMES: Final = re.compile(r"[./\\]")

_FORMS: Final = ("pkcs1_pem", "pkcs8_pem", "pkcs1_base64", "pkcs8_base64", "public_pem", "public_base64")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "explain",
        help="explain ILLEGAL_SIGN: which mistake made this sign; examine a key",
        description="Names the mistake, or the combination, that reproduces the sign, and shows the string "
        "that should have been signed. Without keys the public test account's are used. A key is told by "
        "itself: its form, its defects, and nothing of a private one.",
    )
    parser.add_argument(
        "input",
        nargs="?",
        default="-",
        metavar="INPUT",
        help="anything with a message or a key in it: URL, body, curl line, log, HAR file, dump of a "
        "program, notification, response, mail, key file, configuration: as text, as the name of a file, or "
        "- for standard input (default)",
    )
    parser.add_argument(
        "--md5-key-file", action="append", type=Path, default=[], metavar="FILE",
        help="the MD5 key; repeat to try others",
    )  # fmt: skip
    parser.add_argument(
        "--public-key", action="append", type=Path, default=[], metavar="FILE",
        help="the public key that ought to verify: your own for a request, Alipay's for a notification or a "
        "response; repeat to learn whose key signed",
    )  # fmt: skip
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
        "--entry", type=int, metavar="N", help="one of several messages, by its number, from 0"
    )
    parser.add_argument(
        "--depth", type=int, choices=(1, 2, 3), default=3, help="how many mistakes may be combined"
    )
    parser.add_argument(
        "--pair", action="append", type=Path, default=[], metavar="FILE",
        help="with a key: another key file; do they belong together?",
    )  # fmt: skip
    parser.add_argument(
        "--write", nargs=2, metavar=("FORM", "FILE"),
        help="with a key: write it in this form to a new file, readable by you alone",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="write the answer as JSON")
    parser.add_argument(
        "--report", action="append", default=[], metavar="html=FILE", help="write a page to hand on"
    )
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Explain what stands in one input."""
    from alipay_qr.errors import AlipayQrError
    from alipay_qr_conformance.doctor.input_error import InputError
    from alipay_qr_conformance.model.complaints import in_both

    try:
        return _explain(args)
    except InputError as error:
        _complain(error.in_language(args.lang))
    except AlipayQrError as error:
        _complain(in_both(str(error)).in_language(args.lang))
    return USAGE


def _explain(args: argparse.Namespace) -> int:
    from alipay_qr_conformance.cli.input_files import read_named
    from alipay_qr_conformance.doctor.inquiry import inquire
    from alipay_qr_conformance.doctor.key.given import given_keys

    pages = _pages(args.report)
    data = _input(args.input)
    keys = given_keys(read_named, args.md5_key_file, args.public_key, args.private_key)
    found = inquire(data, keys, depth=args.depth, charset=args.charset or "UTF-8", entry=args.entry)
    if not found.answer.count:
        return _about_keys(args, found)
    secrets = [text for _, text in keys.md5]
    for path in pages:
        from alipay_qr_conformance.doctor.answer import answer_page

        _save(path, answer_page(found.answer, args.lang, secrets))
    _print(_text(args, found, secrets))
    return {"right": RIGHT, "wrong": WRONG, "cannot-say": CANNOT_SAY}[found.answer.verdict]


def _text(args: argparse.Namespace, found: "Inquiry", secrets: list[str]) -> str:
    from alipay_qr_conformance.doctor.answer import answer_json, render_answer
    from alipay_qr_conformance.doctor.hide import hidden
    from alipay_qr_conformance.model.texts import say

    if args.json:
        import json

        return (
            hidden(json.dumps(answer_json(found.answer, args.lang), ensure_ascii=False, indent=2), secrets)
            + "\n"
        )
    beside = [say("explain.beside-code", args.lang, detail=code) for code in found.codes]
    beside += [say("explain.beside-key", args.lang)] if found.keys else []
    return render_answer(found.answer, args.lang, secrets) + "".join(f"{line}\n" for line in beside)


def _about_keys(args: argparse.Namespace, found: "Inquiry") -> int:
    """Say what is right and wrong with the keys of an input."""
    from alipay_qr_conformance.cli.input_files import read_named
    from alipay_qr_conformance.doctor.key.check import REMARKS, examine_key, render_key
    from alipay_qr_conformance.model.texts import say

    others = [(path.name, read_named(path)) for path in args.pair]
    worst, parts = RIGHT, list[str]()
    reports: list[dict[str, object]] = []
    for key in found.keys:
        if key.source == "error-text":
            parts.append(say("explain.key-error", args.lang) + "\n")
            reports.append({"kind": "error-text"})
            worst = WRONG
            continue
        report = examine_key(key.secret, others)
        place = key.place._asdict()
        reports.append({**report.to_json(args.lang), "label": key.detail, "place": place, "marks": key.marks})
        head = say("explain.key-at", args.lang, detail=key.detail) + "\n" if key.detail else ""
        head += "".join(say(f"key-mark.{mark}", args.lang) + "\n" for mark in key.marks)
        parts.append(head + render_key(report, args.lang))
        wrong = any(each.code not in REMARKS for each in report.defects)
        apart = any(each.relation not in {"pair", "same"} for each in report.pairings)
        worst = worst if (report.usable or report.kind == "md5") and not wrong and not apart else WRONG
    if args.write is not None:
        form, name = args.write
        parts.append(_write(found.keys[0].secret, form, name, args.lang))
    if args.json:
        import json

        _print(
            json.dumps(reports[0] if len(reports) == 1 else {"keys": reports}, ensure_ascii=False, indent=2)
            + "\n"
        )
    else:
        _print("\n".join(parts))
    return worst


def _write(data: bytes, form: str, name: str, lang: str) -> str:
    from alipay_qr_conformance.doctor.input_error import InputError
    from alipay_qr_conformance.doctor.key.check import write_key
    from alipay_qr_conformance.model.texts import say

    if form not in _FORMS:
        raise InputError("write-pair", ", ".join(_FORMS))
    try:
        write_key(data, form, Path(name))
    except FileExistsError:
        raise InputError("exists", name) from None
    except OSError as error:
        raise InputError("unwritable", f"{name} ({error.strerror})") from None
    return say("key.written", lang, file=name) + "\n"


def _pages(reports: list[str]) -> list[Path]:
    from alipay_qr_conformance.doctor.input_error import InputError

    for each in reports:
        if not each.startswith("html=") or each == "html=":
            raise InputError("report", each)
    return [Path(each.removeprefix("html=")) for each in reports]


def _save(path: Path, text: str) -> None:
    from alipay_qr_conformance.doctor.input_error import InputError
    from alipay_qr_conformance.model.files import write_file

    try:
        write_file(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise InputError("unwritable", f"{path} ({error.strerror})") from None


def _print(text: str) -> None:
    cli.write(cli.for_people(text))


def _complain(text: str) -> None:
    complain(f"alipay-qr explain: {text}")


def _is_name(text: str) -> bool:
    """Say whether this is rather a file's name: no pair, no markup, no blank, and a dot or a slash."""
    return _NO_NAME.search(text) is None and _IN_NAMES.search(text.rpartition("?")[2]) is not None


def _input(text: str) -> bytes:
    from alipay_qr_conformance.cli.input_files import read_named, read_stdin
    from alipay_qr_conformance.doctor.input_error import InputError
    from alipay_qr_conformance.reading.keys import keys

    if text == "-":
        return read_stdin()
    data = text.encode("utf-8", "surrogateescape")
    if len(text) < _LONGEST_PATH and text and "\n" not in text and "\0" not in text:
        path = Path(text)
        with contextlib.suppress(OSError):  # no name that the file system takes, then
            if path.is_file() or path.is_fifo():
                return read_named(path)
            if path.is_dir():
                raise InputError("folder", text)
        if _is_name(text) and not path.exists() and not any(keys(data)):
            raise InputError("no-file", text)
    return data
