"""``application/x-www-form-urlencoded`` in the protocol's charsets.

Writing: letters, digits and ``_ . - ~`` stand for themselves, a blank is ``+``, every other byte of the
value *in the declared charset* is ``%XX`` in capital hex. This happens after signing, never before.

Reading has two tempers on one parser:

    split_form    tolerant, bytes only: what stands in a query or body, percent codes undone
    decode_form   strict: text in a charset, or a `WireError` that names the first defect

Both keep the order and every repetition of a name; the caller decides what a second ``sign`` means.
Empty segments (``a=1&&b=2``) are skipped, a name without ``=`` has the empty value, ``;`` is no separator.

Defects (``code`` of `Defect` and of `WireError`):

    percent.broken  byte.unencoded  name.empty  charset.undecodable  fields.too-many  body.too-large
"""

import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from alipay_qr.errors import WireError
from alipay_qr.presign import Params, codec, encode

FORM_TYPE: Final = "application/x-www-form-urlencoded"
MAX_FIELDS: Final = 1_000
MAX_BYTES: Final = 1024 * 1024

_BOUNDARY: Final = "\xff"  # as a byte it occurs in no text of any of the charsets
_KEPT: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~\xff"
_QUOTED: Final = [
    bytes([byte, 0, 0]) if byte in _KEPT else b"+\0\0" if byte == ord(" ") else b"%%%02X" % byte
    for byte in range(256)
]
_FIRST, _SECOND, _THIRD = (bytes(column) for column in zip(*_QUOTED, strict=True))

_BROKEN_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_UNENCODED: Final = re.compile(rb"[^\x21-\x7e]")
_GRAPHIC: Final = bytes(range(0x21, 0x7F))


class Defect(NamedTuple):
    """A fault of one pair of a form; ``name`` is shortened and safe to print."""

    code: str
    name: str
    text: str


def quote(text: str, charset: str) -> str:
    """Return ``text`` as it stands in a form.

    Raises:
        UnknownCharset: ``charset`` is none of the protocol's.
        Unencodable: a character does not exist in ``charset``.
    """
    return _quote(encode(text, charset))


def encode_form(params: Params, charset: str) -> str:
    """Return ``params`` as a form, in their order, in ASCII.

    A value ``None`` is not sent; an empty one is sent as ``name=`` (neither is signed).

    Raises:
        UnknownCharset: ``charset`` is none of the protocol's.
        Unencodable: a character does not exist in ``charset``.
    """
    python_codec = codec(charset)
    pairs = params.items() if isinstance(params, Mapping) else params
    texts = [text for name, value in pairs if value is not None for text in (name, value)]
    try:
        raw = b"\xff".join([text.encode(python_codec) for text in texts])
    except UnicodeEncodeError:
        raw = b"\xff".join([encode(text, charset) for text in texts])  # raises, and says where
    quoted = iter(_quote(raw).split(_BOUNDARY))
    return "&".join([f"{name}={value}" for name, value in zip(quoted, quoted, strict=False)])


def split_form(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the pairs of a form as bytes: ``+`` is a blank, percent codes are undone.

    Never raises: a percent sign that starts no code stands for itself, raw bytes are kept.
    """
    whole = _BROKEN_PERCENT.sub(b"%25", data).replace(b"+", b" ")
    parts = [segment.partition(b"=") for segment in whole.split(b"&") if segment]
    if b"%" not in whole:
        return [(name, value) for name, _, value in parts]
    return [
        (unquote(name) if b"%" in name else name, unquote(value) if b"%" in value else value)
        for name, _, value in parts
    ]


def decode_form(data: bytes, charset: str) -> list[tuple[str, str]]:
    """Return the pairs of a form as text, strictly.

    Args:
        data: the query or body, at most 1 MiB and 1,000 fields.
        charset: the charset of the bytes behind the percent codes.

    Raises:
        UnknownCharset: ``charset`` is none of the protocol's.
        WireError: the form has a defect; ``code`` is one of the module's list.
    """
    python_codec = codec(charset)
    if len(data) > MAX_BYTES:
        raise WireError(f"a form of {len(data)} bytes is no message", code="body.too-large")
    if field_count(data) > MAX_FIELDS:
        raise WireError(f"a form with over {MAX_FIELDS} fields is no message", code="fields.too-many")
    for defect in defects(data):
        raise _wire_error(defect)
    pairs = []
    for raw_name, raw_value in split_form(data):
        try:
            pairs.append((raw_name.decode(python_codec), raw_value.decode(python_codec)))
        except UnicodeDecodeError:
            raise _wire_error(undecodable(raw_name, raw_value, charset)) from None
    return pairs


def field_count(data: bytes) -> int:
    """Return how many pairs a form holds, without decoding any."""
    return sum(map(bool, data.split(b"&")))


def first_fields(data: bytes, limit: int) -> bytes:
    """Return the form without what follows its first ``limit`` pairs."""
    return b"&".join([segment for segment in data.split(b"&") if segment][:limit])


def defects(data: bytes) -> Iterator[Defect]:
    """Yield what is wrong with the bytes of a form before any charset is looked at."""
    if not data:
        return
    raw_bytes = data.translate(None, _GRAPHIC)
    if not (raw_bytes or broken_percent(data) or data.startswith(b"=") or b"&=" in data):
        return
    for segment in data.split(b"&"):
        raw_name = segment.partition(b"=")[0]
        name = printable(raw_name) or "(no name)"
        if segment and not raw_name:
            yield Defect("name.empty", name, "a value without a name")
        if match := _BROKEN_PERCENT.search(segment):
            found = printable(match.string[match.start() : match.start() + 3])
            yield Defect("percent.broken", name, f"{found} at byte {match.start()} is no percent code")
        if match := _UNENCODED.search(segment):
            byte = match[0][0]
            yield Defect(
                "byte.unencoded",
                name,
                f"raw byte 0x{byte:02X} at byte {match.start()} is not percent-encoded",
            )


def undecodable(raw_name: bytes, raw_value: bytes, charset: str) -> Defect:
    """Describe the first byte of a pair that is no text in ``charset``."""
    for raw in (raw_name, raw_value):
        try:
            raw.decode(codec(charset))
        except UnicodeDecodeError as error:
            found = raw[error.start : error.start + 4].hex(" ")
            text = f"bytes {found} at byte {error.start} are no {charset.upper()}"
            return Defect("charset.undecodable", printable(raw_name), text)
    raise ValueError("every byte of the pair is text")


def content_type_charset(content_type: str) -> tuple[str, str]:
    """Return a Content-Type's media type in small letters, its charset in capitals.

    The charset is empty if none is named; of several different ones all are returned in one text, which
    is then no charset that anybody knows.
    """
    media_type, *parameters = content_type.split(";")
    pairs = [parameter.partition("=") for parameter in parameters]
    named = [
        value.strip().strip('"').upper() for name, _, value in pairs if name.strip().lower() == "charset"
    ]
    return media_type.strip().lower(), " and ".join(dict.fromkeys(named))


def broken_percent(data: bytes) -> bool:
    """Say whether a percent sign starts no code of two hex digits."""
    return _BROKEN_PERCENT.search(data) is not None


def unquote(raw: bytes) -> bytes:
    """Undo percent codes, all of which are whole.

    Quoted-printable is the same encoding with ``=`` for ``%``, and Python decodes it in C.
    """
    return binascii.a2b_qp(raw.replace(b"=", b"%3D").replace(b"%", b"="))


def printable(found: bytes | str) -> str:
    """Return the head of foreign input as ASCII that harms no terminal or report."""
    raw = found if isinstance(found, bytes) else found[:41].encode("utf-8", "surrogatepass")
    shown = "".join([chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}" for byte in raw[:40]])  # noqa: PLR2004 (printable ASCII)
    return shown if len(raw) <= 40 else f"{shown}..."  # noqa: PLR2004 (the 40 of the line above)


def _quote(raw: bytes) -> str:
    """Return the bytes as they stand in a form; 0xFF, no text, stands for itself.

    Every byte becomes three at once, ``%XX`` or itself and two NULs; then the NULs go.
    """
    wide = bytearray(3 * len(raw))
    wide[0::3] = raw.translate(_FIRST)
    wide[1::3] = raw.translate(_SECOND)
    wide[2::3] = raw.translate(_THIRD)
    return wide.translate(None, b"\0").decode("latin-1")


def _wire_error(defect: Defect) -> WireError:
    hints = {
        "percent.broken": "write a percent sign as %25",
        "byte.unencoded": "percent-encode every byte that is no letter, digit or one of _ . - ~",
        "charset.undecodable": "encode the values in the charset that _input_charset declares",
    }
    return WireError(f"field {defect.name}: {defect.text}", code=defect.code, hint=hints.get(defect.code, ""))
