"""Whether a value arrived as it was given, and if not the one change that makes what came of it."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.rules.slips import of_number

_CUT_AT: Final = (
    ("'", "quote"),
    ('"', "quote"),
    ("<", "quote"),
    ("\r", "line"),
    ("\n", "line"),
    ("\0", "nul"),
)
_FORM: Final = ("&", "#", ";")
_FALSY: Final = frozenset({"0", "0.0", "0.00", "false", "null", "None"})
_REMOVED: Final = (
    ("'", "'"),
    ('"', '"'),
    ("' \"", "['\"]"),
    ("< >", "[<>]"),
    ("\\", r"\\"),
    ("\\r \\n", "[\r\n]"),
    ("U+0000-U+001F", "[\0-\x1f]"),
    ("U+10000-U+10FFFF", "[\U00010000-\U0010ffff]"),
    ("U+0080-U+10FFFF", "[^\0-\x7f]"),
    ("\\s", r"\s"),
)
"""What programs remove, or put a question mark for: its name, and the pattern."""
_CHARSETS: Final = (
    ("utf-8", "latin-1"),
    ("utf-8", "cp1252"),
    ("utf-8", "gbk"),
    ("gbk", "latin-1"),
    ("gbk", "utf-8"),
)


_LINE_ENDS: Final = re.compile(r"\r\n|\r|\n")


def same_meaning(name: str, wanted: object, found: object) -> bool:
    """Return whether a value was only written otherwise, which no page forbids.

    Letter case of a currency, another form of the same number, a reason without blanks at its ends or cut to
    its 128 characters (spot_refund_cn), one on a single line or in Unicode's composed form, and the default
    of the page where nothing was given.
    """
    wanted, found = str(wanted or ""), str(found or "")
    if name == "refund_reason":
        on_a_line = _LINE_ENDS.sub(" ", wanted)
        forms = (
            wanted,
            on_a_line,
            unicodedata.normalize("NFC", wanted),
            unicodedata.normalize("NFC", on_a_line),
        )
        return found in {each.strip()[:128] for each in forms}
    if name == "refund_amount":
        try:
            return Decimal(wanted.strip()) == Decimal(found)
        except ArithmeticError:
            return False
    if name not in {"currency", "biz_data.currency", "biz_data.trans_currency"}:
        return False
    return found == wanted.upper() or (name == "biz_data.currency" and not wanted and found == "CNY")


def why(wanted: object, found: object) -> Text | None:
    """Return the change that explains a value, None where none of the usual ones does.

    Args:
        wanted: what the caller asked for.
        found: what stood on the wire; None where it was absent.
    """
    if not isinstance(wanted, str) or not wanted or not isinstance(found, str | None):
        return None
    if not found:
        return _why_absent(wanted)
    for key, text, what in _changes(wanted):
        if text == found:
            return message(f"altered.{key}", what=what)
    for key, text in of_number(wanted, found):
        if text == found:
            return message(f"slip.{key}")
    if len(found) > 1 and wanted.startswith(found):
        return message("altered.cut", what=len(found))
    return None


def _why_absent(wanted: str) -> Text | None:
    if wanted in _FALSY:
        return message("altered.falsy", what=wanted)
    return message("altered.blank") if not wanted.strip() else None


def _changes(wanted: str) -> Iterator[tuple[str, str, str]]:
    """Yield the key, the outcome and the detail of every change, the most special first."""
    yield from (
        (f"at-{word}", wanted.partition(at)[0], json.dumps(at)) for at, word in _CUT_AT if at in wanted
    )
    yield from (("unencoded", wanted.partition(at)[0], at) for at in _FORM if at in wanted)
    yield "plus", wanted.replace("+", " "), ""
    yield from (("decoded", each(wanted), "") for each in (unquote, unquote_plus) if each(wanted) != wanted)
    yield from (
        ("encoded", each(wanted, safe), "") for each in (quote, quote_plus) for safe in ("", "/", "~")
    )
    yield from _escapes(wanted)
    for each in (wanted.strip(), wanted.lstrip(), wanted.rstrip()):
        yield "trimmed", each, ""
    yield "blanks", " ".join(wanted.split()), ""
    yield "blanks", re.sub(r"\s+", " ", wanted), ""
    for what, pattern in _REMOVED:
        yield "removed", re.sub(pattern, "", wanted), what
        yield "question-mark", re.sub(pattern, "?", wanted), what
        yield "question-mark", re.sub(pattern, "\ufffd", wanted), what
    yield "newline", re.sub(r"\r\n|\r|\n", "\n", wanted), ""
    yield "newline", re.sub(r"\r\n|\r|\n", "\r\n", wanted), ""
    yield from (
        ("form", unicodedata.normalize(form, wanted), form) for form in ("NFC", "NFD", "NFKC", "NFKD")
    )
    yield from (("case", each, "") for each in (wanted.lower(), wanted.upper(), wanted.title()))
    for written, read in _CHARSETS:
        text = wanted.encode(written, "replace").decode(read, "replace")
        yield "charset", text, f"{written} -> {read}"


def _escapes(wanted: str) -> Iterator[tuple[str, str, str]]:
    decimal = html.escape(wanted).replace("&#x27;", "&#039;")
    for each in (
        html.escape(wanted),
        html.escape(wanted, quote=False),
        decimal,
        decimal.replace("#039", "#39"),
    ):
        yield "entity", each, ""
    yield "unescaped", html.unescape(wanted), ""
    yield "tags", re.sub("<[^>]*>?", "", wanted), ""
    yield "slashes", re.sub(r"(['\"\\])", r"\\\1", wanted), ""
    yield "no-slashes", re.sub(r"\\(.)", r"\1", wanted), ""
    yield "doubled", wanted.replace("'", "''"), ""
    yield "json", json.dumps(wanted)[1:-1], ""
    yield "quoted", f'"{wanted}"', ""
    yield "quoted", f"'{wanted}'", ""
