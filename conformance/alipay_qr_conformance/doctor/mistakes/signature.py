"""The form of the sign and of the sign type; nearly all that spoils a written sign can be undone (`UNDO`)."""

import base64
import binascii
import html
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from alipay_qr_conformance.reading.patterns import later

RARITY: Final = {
    "sign-type.form": 1,
    "sign-type.missing": 2,
    "sign-type.mismatch": 2,
    "sign.missing": 2,
    "sign.empty": 1,
    "form.hex-case": 1,
    "form.hex-separated": 3,
    "form.base64-digest": 3,
    "form.short": 4,
    "form.zeros-lost": 2,
    "form.sign-extended": 4,
    "form.blanks": 3,
    "form.line-breaks": 2,
    "form.plus-as-blank": 1,
    "form.percent": 2,
    "form.quoted": 3,
    "form.url-safe": 3,
    "form.padding": 3,
    "form.html": 3,
    "form.backslash": 3,
    "form.base64-twice": 2,
    "form.rsa-hex": 3,
    "form.reversed": 5,
}

HEX: Final = later(r"[0-9a-fA-F]+", re.ASCII)
BASE64: Final = later(r"[A-Za-z0-9+/]+={0,2}", re.ASCII)
MD5_HEX: Final = 32
"""Characters of an MD5 in hex."""


def _base64_text(text: str) -> str:
    """Return what ``text`` is the base64 of, if that is itself a written sign."""
    data = decoded(text)
    if data is None or not data.isascii():
        return ""
    inner = data.decode("ascii")
    return inner if HEX.fullmatch(inner) or (BASE64.fullmatch(inner) and len(inner) >= MD5_HEX) else ""


def _padded(text: str) -> str:
    bare = text.rstrip("=")
    return bare + "=" * (-len(bare) % 4) if BASE64.fullmatch(text) else ""


UNDO: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("form.blanks", lambda text: text.strip("\ufeff\0 \t\r\n")),
    ("form.line-breaks", lambda text: re.sub(r"[\r\n]+", "", text)),
    ("form.line-breaks", lambda text: re.sub(r"\\r|\\n", "", text)),
    ("form.plus-as-blank", lambda text: text.replace(" ", "+")),
    ("form.percent", lambda text: unquote(text) if "%" in text else ""),
    ("form.quoted", lambda text: text[1:-1] if text[:1] == text[-1:] and text[:1] in {'"', "'"} else ""),
    (
        "form.url-safe",
        lambda text: text.replace("-", "+").replace("_", "/") if re.search("[-_]", text) else "",
    ),
    ("form.padding", _padded),
    ("form.html", lambda text: html.unescape(text) if "&" in text else ""),
    ("form.backslash", lambda text: text.replace("\\/", "/")),
    ("form.base64-twice", _base64_text),
)


def decoded(text: str) -> bytes | None:
    """Return what ``text`` is the base64 of, or None."""
    if not BASE64.fullmatch(text) or len(text) % 4:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
