"""Text to bytes: in another charset than ``_input_charset`` says, or broken on the way.

An ASCII text has the same bytes in all of them, so for most messages nothing here makes a difference and
nothing here is named.
"""

from collections.abc import Callable, Iterator
from typing import Final

from alipay_qr_conformance.doctor.pipeline import Stage, StepChange, Steps

RARITY: Final = {
    "charset.other": 1,
    "charset.replaced": 3,
    "charset.dropped": 4,
    "charset.mojibake": 2,
    "charset.mojibake-undone": 2,
    "charset.entities": 4,
    "charset.utf-16": 4,
    "charset.unknown": 3,
    "wire.charset": 2,
}

Encode = Callable[[str], bytes | None]

NAMES: Final = {
    "utf-8": "UTF-8",
    "gbk": "GBK",
    "gb2312": "GB2312",
    "gb18030": "GB18030",
    "latin-1": "ISO-8859-1",
}

_BROKEN: Final = (
    ("utf-8", "latin-1"),
    ("utf-8", "gbk"),
    ("utf-8", "cp1252"),
    ("gbk", "latin-1"),
    ("gbk", "utf-8"),
    ("gbk", "cp1252"),
    ("utf-8", "gb18030"),
)
"""Pairs (encoded in, read as): the ways in which text becomes mojibake."""


def encoder(codec: str, errors: str = "strict") -> Encode:
    """Return the function that encodes in ``codec``.

    None where a character does not exist there; with other ``errors`` than strict, None where all exist, so
    that nothing was replaced.
    """

    def encode(text: str) -> bytes | None:
        try:
            data = text.encode(codec)
        except UnicodeError:
            return None if errors == "strict" else text.encode(codec, errors)
        return data if errors == "strict" else None

    return encode


def step_changes(codec: str) -> Iterator[StepChange]:
    """Yield every other way from text to bytes, for a message declared in ``codec``."""
    for other, title in NAMES.items():
        if other != codec:
            yield _change("charset.other", title, encoder(other), title, 0)
    yield _change("charset.other", "Node's 'binary': the low byte of each character", _low_bytes, "binary", 1)
    for other in dict.fromkeys((codec, "ascii", "latin-1", "gbk", "gb2312")):
        yield _change(
            "charset.replaced", f"? ({other})", encoder(other, "replace"), other, int(other != codec)
        )
        yield _change("charset.dropped", other, encoder(other, "ignore"), other, int(other != codec))
    for final in dict.fromkeys((codec, "utf-8", "gbk")):
        for written, read in _BROKEN:
            extra = int(final != codec)
            label = f"{NAMES.get(written, written)} → {NAMES.get(read, read)}"
            title = NAMES[final]
            for errors in ("strict", "replace"):
                yield _change(
                    "charset.mojibake",
                    label,
                    _reread(written, read, final, errors),
                    title,
                    extra + (errors != "strict"),
                )
            yield _change(
                "charset.mojibake-undone", label, _reread(read, written, final, "strict"), title, extra
            )
    yield _change("charset.entities", "&#…;", encoder("ascii", "xmlcharrefreplace"), "ASCII", 0)
    yield _change("charset.entities", "\\u…", _escaped, "ASCII", 0)
    yield _change("charset.utf-16", "LE", encoder("utf-16-le"), "UTF-16", 0)
    yield _change("charset.utf-16", "BE", encoder("utf-16-be"), "UTF-16", 1)
    yield _change("charset.utf-16", "BOM", encoder("utf-16"), "UTF-16", 1)


def _low_bytes(text: str) -> bytes | None:
    """Return the low byte of each UTF-16 unit, as Node's encodings binary and latin1 write."""
    return None if text.isascii() else text.encode("utf-16-le", "surrogatepass")[::2]


def _escaped(text: str) -> bytes:
    """Return the text with JSON-like escapes for everything that is not ASCII."""
    return "".join(c if c.isascii() else _units(c) for c in text).encode("ascii")


def _units(character: str) -> str:
    data = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(data[i : i + 2], 'big'):04x}" for i in range(0, len(data), 2))


def _reread(written: str, read: str, final: str, errors: str) -> Encode:
    """Return: encode as ``written``, read as ``read``, encode as ``final``."""

    def encode(text: str) -> bytes | None:
        if text.isascii():
            return None
        try:
            garbled = text.encode(written).decode(read, errors)
            if errors != "strict" and "\ufffd" not in garbled:
                return None
            return garbled.encode(final)
        except UnicodeError:
            return None

    return encode


def _change(id_: str, detail: str, encode: Encode, title: str, extra: int) -> StepChange:
    def put(steps: Steps) -> Steps:
        return steps._replace(charset=encode, charset_name=title)

    return StepChange(id_, detail, Stage.CHARSET, put, extra)
