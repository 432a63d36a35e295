r"""Keys in configuration, code, mails and files of their own: where they stand, and their bare text.

    ALIPAY_KEY=MIIC...                     .env, .properties, YAML, INI, JSON, XML
    $key = '-----BEGIN RSA ...';           PHP, Java, C#, Go, JS: quoted, joined with + or ., ``\n`` in it
    private_key: >                         YAML over several lines, indented
    a PEM, base64, DER or MD5 key alone    the file itself

What is cut out is the text between the quotes, line ends put back; the key itself is read elsewhere. The
texts of errors that are about a key are told apart from keys.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

MAX_KEY: Final = 16_384
"""Bytes; a key of 16,384 bits in base64 has fewer."""

_PEM: Final = re.compile(rb"-{2,8} ?BEGIN ([A-Za-z0-9 ()]{1,60}?) ?-{2,8}")
_PEM_END: Final = re.compile(rb"-{2,8} ?END [A-Za-z0-9 ()]{1,60}? ?-{2,8}|-{2,8} ?END [A-Z ]{1,30}")
_BASE64: Final = re.compile(
    rb"(?<![A-Za-z0-9+/_-])MI[A-Za-z0-9+/_-]{20}[A-Za-z0-9+/_-]*"
    rb"(?:(?:\\r)?\\n[A-Za-z0-9+/_-]{4,}"
    rb"|[\"'`]?[ \t]*[+.]?[ \t]*\\?\r?\n[ \t>]*[+.]?[ \t]*[\"'`]?[A-Za-z0-9+/_-]{4,})*+={0,2}"
)
_JOINT: Final = re.compile(
    rb"[\"'`][ \t]*[+.]?[ \t]*\\?\r?\n[ \t]*[+.]?[ \t]*[\"'`]|[\"'`][ \t]*[+.][ \t]*[\"'`]"
)
_ESCAPED: Final = re.compile(rb"\\r|\\n|<br ?/?>|&#1[03];")
_NAME: Final = re.compile(
    rb"([A-Za-z_][\w.\[\]'\"-]{0,80}|[^\s:=,;(){}\x00-\x7f]{1,60})[\"'\]]{0,3}[ \t]*"
    rb"(?:=>|:=|=|:|\xef\xbc\x9a)[ \t]*[>|]?-?\s{0,20}@?[\"'`]{0,3}\Z"
)
_SHORTEST: Final = 60
_MD5: Final = re.compile(rb"\s*[\"']?([0-9a-z]{32})[\"']?\s*")
_WHOLE: Final = re.compile(rb"\s*[\"']?MI[A-Za-z0-9+/=_ \r\n\t-]{60,}[\"']?\s*")
_LOOKS: Final = re.compile(rb"\s*[A-Za-z0-9+/=_%\s-]{200,}\s*")
_LABELLED: Final = re.compile(
    rb"\s*(?:-{2,}|BEGIN )[^\r\n]{0,80}(?:KEY|BEGIN|END)[^\r\n]{0,20}-{2,}|\s*[\w+/=\s]{60,}-{2,} ?END "
)
_OTHERS: Final = re.compile(
    rb"ssh-(?:rsa|ed25519|dss) AAAA[A-Za-z0-9+/=]{20,4000}|PuTTY-User-Key-File-\d|<RSAKeyValue>"
    rb"|\"kty\" ?: ?\""
)
ERRORS: Final = re.compile(
    rb"InvalidKey(?:Spec)?Exception|DerInputStream|algid parse error"
    rb"|openssl_(?:sign|verify|get_p\w+|pkey_\w+)\(\)|supplied key param|PEM (?:routines|lib)|no start line"
    rb"|bad decrypt|asn1 encoding routines|wrong tag|Could not deserialize key data"
    rb"|RSA key format is not supported|error:0[0-9A-F]{7}:|ERR_OSSL_\w+|x509: failed to parse"
    rb"|asn1: structure error|Bad Version of provider|CryptographicException"
)


class Key(NamedTuple):
    """A key in a text.

    Attributes:
        start, end: bytes of the text. form: ``file``, ``assigned`` (a name stands before it), ``inside``
        (other text does) or ``error-text``. label: the name before it, or an empty text. text: the bare
        text; empty for the text of an error. Never shown.
    """

    start: int
    end: int
    form: str
    label: str
    text: bytes


def keys(data: bytes) -> Iterator[Key]:
    """Yield the keys in ``data``, in their order; where there is none, the first error about one."""
    if data[:2] in {b"0\x82", b"0\x81"} and len(data) <= MAX_KEY * 4 and b"\0" in data:
        yield Key(0, len(data), "file", "", data)
        return
    if len(data) < 2 * _SHORTEST and (alone := _MD5.fullmatch(data)):
        yield Key(alone.start(1), alone.end(1), "file", "", data)
        return
    if len(data) <= MAX_KEY and _WHOLE.fullmatch(data) and _is_der(data):
        yield Key(0, len(data), "file", "", data)
        return
    if len(data) <= MAX_KEY and (_LOOKS.fullmatch(data) or _LABELLED.match(data)) and _next(data, 0) is None:
        yield Key(0, len(data), "file", "", data)  # spoilt, and a key all the same
        return
    at, found = 0, False
    while (key := _next(data, at)) is not None:
        found = True
        yield key
        at = key.end
    if not found and (error := ERRORS.search(data)) is not None:
        yield Key(error.start(), error.end(), "error-text", "", b"")


def _next(data: bytes, at: int) -> Key | None:
    pem, bare, other = _PEM.search(data, at), _bare(data, at), _OTHERS.search(data, at)
    first = min(
        (each for each in (pem, bare, other) if each is not None), key=lambda each: each.start(), default=None
    )
    if first is None:
        return None
    start = first.start()
    if first is pem:
        close = _PEM_END.search(data, pem.end(), pem.end() + MAX_KEY)
        end = close.end() if close else _paragraph(data, pem.end())
    elif first is bare:
        end = first.end()
    else:
        end = min(len(data), data.find(b"\n", first.end()) % (len(data) + 1))
    alone = not data[:start].strip() and not data[end:].strip()
    name = _NAME.search(data, max(0, start - 160), start)
    label = name[1].decode("utf-8", "replace").strip("\"'[]") if name else ""
    form = "file" if alone else "assigned" if label else "inside"
    text = data if alone else _plain(data[start:end])
    return Key(start, end, form, label, text)


def _bare(data: bytes, at: int) -> re.Match[bytes] | None:
    """Return the next base64 that begins as a key does and is as long as one."""
    for found in _BASE64.finditer(data, at):
        if found.end() - found.start() >= _SHORTEST and _is_der(found[0]):
            return found
    return None


def _is_der(text: bytes) -> bool:
    """Say whether base64 begins with the bytes of a sequence that is about as long as the text."""
    import base64
    import binascii

    compact = re.sub(rb"[^A-Za-z0-9+/]", b"", text.replace(b"-", b"+").replace(b"_", b"/"))
    try:
        head = base64.b64decode(compact[:8])
    except (binascii.Error, ValueError):
        return False
    count = head[1] & 0x7F if head[1] > 0x7F else 0  # noqa: PLR2004 (DER: the long form of a length)
    if head[0] != 0x30 or not 1 <= count <= 2:  # noqa: PLR2004 (DER: a sequence of up to 64 KiB)
        return False
    size = int.from_bytes(head[2 : 2 + count], "big")
    return size // 2 <= len(compact) * 3 // 4 <= size * 4


def _paragraph(data: bytes, at: int) -> int:
    end = data.find(b"\n\n", at, at + MAX_KEY)
    return min(len(data), at + MAX_KEY) if end < 0 else end


def _plain(text: bytes) -> bytes:
    """Return a key's text without the quotes, joints and escapes of the code around it."""
    text = _ESCAPED.sub(lambda mark: b"" if mark[0] == b"\\r" else b"\n", _JOINT.sub(b"\n", text))
    return b"\n".join(
        line.strip(b" \t\r\"'`+;,>") if b"-" not in line else line.strip(b" \t\r\"'`;,>")
        for line in text.split(b"\n")
    )
