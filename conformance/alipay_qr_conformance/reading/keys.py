r"""Keys in configuration, code, mails and files of their own: where they stand, and their bare text.

    ALIPAY_KEY=MIIC...                     .env, .properties, YAML, INI, JSON, XML
    $key = '-----BEGIN RSA ...';           PHP, Java, C#, Go, JS: quoted, joined with + or ., ``\n`` in it
    private_key: >                         YAML over several lines, indented
    a PEM, base64, DER or MD5 key alone    the file itself

What is cut out is the text between the quotes, line ends put back; the key itself is read elsewhere. The
texts of errors that are about a key are told apart from keys.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from alipay_qr_conformance.reading.patterns import later

MAX_KEY: Final = 16_384
"""Bytes; a key of 16,384 bits in base64 has fewer."""

_PEM: Final = later(rb"-{2,8} ?BEGIN ([A-Za-z0-9 ()]{1,60}?) ?-{2,8}")
_PEM_END: Final = later(rb"-{2,8} ?END [A-Za-z0-9 ()]{1,60}? ?-{2,8}|-{2,8} ?END [A-Z ]{1,30}")
_BASE64: Final = later(
    rb"(?<![A-Za-z0-9+/_-])(?:MI|LS0tLS1CRUdJTi)[A-Za-z0-9+/_-]{20}[A-Za-z0-9+/_-]*"
    rb"(?:(?:\\r)?\\n[A-Za-z0-9+/_-]{4,}"
    rb"|[\"'`]?[ \t]{0,40}+(?:[+.][ \t]{0,40}+)?\\?\r?\n[ \t>]{0,80}+(?:[+.][ \t]{0,40}+)?[\"'`]?"
    rb"[A-Za-z0-9+/_-]{4,}+)*+={0,2}"
)
_JOINT: Final = later(
    rb"[\"'`][ \t]{0,40}+(?:[+.][ \t]{0,40}+)?(?:\\?\r?\n[ \t]{0,80}+(?:[+.][ \t]{0,40}+)?)?[\"'`]"
)
_SIGN: Final = later(rb"\A[ \t>]*\+(?=[ \t\"'`])|(?<=[ \t\"'`])\+[ \t\r;]*\Z")
"""A plus sign that joins two texts: one that touches base64 belongs to it."""
_ESCAPED: Final = later(rb"\\r|\\n|<br ?/?>|&#1[03];")
_MARKS: Final = (
    ("escaped-newlines", later(rb"\\n")),
    ("joined", _JOINT),
    ("indented", later(rb"\n[ \t]{1,40}[A-Za-z0-9+/]{16}")),
)
_NAME: Final = later(
    rb"([A-Za-z_][\w.\[\]'\"-]{0,80}|[^\s:=,;(){}\x00-\x7f]{1,60})[\"'\]]{0,3}[ \t]*"
    rb"(?:=>|:=|=|:|,|\(|>|\xef\xbc\x9a)[ \t]*[>|]?-?(?:\[\]byte)?[(\[]?\s{0,20}[@br]?#?[\"'`]{0,3}\s{0,20}\Z"
)
_ATTRIBUTE: Final = later(rb"(?:key|name)=[\"']([\w.-]{1,60})[\"']\s{1,20}value=[\"']\Z")
_NO_LABELS: Final = frozenset({"pre", "code", "br", "p", "div", "td", "span", "key", "value", "CDATA"})
_SHORTEST: Final = 60
_MD5: Final = later(rb"\s*[\"']?([0-9a-z]{32}|(?=[0-9]*[a-zA-Z])[0-9a-zA-Z]{31,33})[\"']?\s*")
_DIGEST: Final = later(rb"(?<![0-9A-Za-z])[0-9a-z]{32}(?![0-9A-Za-z])")
_ASSIGNED: Final = later(
    rb"(?i:([\w.-]{0,40}(?:key|secret)[\w.-]{0,20}|[^\s\x00-\x7f]{2,60}(?:\(key\))?)['\"\]]{0,3}"
    rb"[ \t]{0,8}(?:=>|:=|=|:|\xef\xbc\x9a)[ \t]{0,8}['\"]?)\Z"
)
"""What stands before an MD5 key. (Its digits are looked for first: most texts have few of them.)"""
_LONGEST_NAME: Final = 160
_SAYS_KEY: Final = later(
    rb"(?i)key|secret|\xe5\xaf\x86\xe9\x92\xa5|\xe6\xa0\xa1\xe9\xaa\x8c\xe7\xa0\x81|\xe7\xa7\x81\xe9\x92\xa5"
)
_SIGNATURES: Final = frozenset({128, 256})
"""Bytes of an RSA signature: as many in base64, alone, are no spoilt key."""
_WHOLE: Final = later(rb"\s*[\"']?MI[A-Za-z0-9+/=_ \r\n\t-]{60,}[\"']?\s*")
_LOOKS: Final = later(rb"[A-Za-z0-9+/=_%\s-]{200,}")
_LABELLED: Final = later(
    rb"\s*+(?:-{2,}+|BEGIN )[^\r\n]{0,80}(?:KEY|BEGIN|END)[^\r\n]{0,20}-{2,}|[\w+/=\s]{60,}+-{2,}+ ?END "
)
_OTHERS: Final = later(
    rb"ssh-(?:rsa|ed25519|dss) AAAA[A-Za-z0-9+/=]{20,4000}|PuTTY-User-Key-File-\d|<RSAKeyValue>"
    rb"|\"kty\" ?: ?\""
)
_INVISIBLE: Final = later(rb"\xe2\x80[\x8b-\x8f]|\xc2\xa0|\xe2\x81\xa0|\xef\xbb\xbf|\xe3\x80\x80")
_STORES: Final = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
"""How files of Java's key stores begin."""

ERRORS: Final = later(
    rb"InvalidKey(?:Spec)?Exception|DerInputStream|algid parse error"
    rb"|openssl_(?:sign|verify|get_p\w{1,20}|pkey_\w{1,20})\(\)|supplied key param"
    rb"|PEM (?:routines|lib)|no start line"
    rb"|bad decrypt|asn1 encoding routines|wrong tag|Could not deserialize key data"
    rb"|RSA key format is not supported|error:0[0-9A-F]{7}:|ERR_OSSL_\w+|x509: failed to parse"
    rb"|asn1: structure error|Bad Version of provider|CryptographicException|DECODER routines|pem\.Decode"
    rb"|Neither PUB key nor PRIV key|nested asn1|Illegal base64 character|not a valid Base-64 string"
)


class Key(NamedTuple):
    """A key in a text.

    Attributes:
        start, end: bytes of the text. form: ``file``, ``assigned`` (a name stands before it), ``inside``
        (other text does) or ``error-text``. label: the name before it, or an empty text. text: the bare
        text; empty for the text of an error. Never shown. marks: what was undone to come by it:
        ``escaped-newlines``, ``joined``, ``indented``.
    """

    start: int
    end: int
    form: str
    label: str
    text: bytes
    marks: tuple[str, ...] = ()


def keys(data: bytes) -> Iterator[Key]:
    """Yield the keys in ``data``, in their order; where there is none, the first error about one."""
    binary = data[:2] in {b"0\x82", b"0\x81"} and b"\0" in data
    if (binary or data.startswith(_STORES)) and len(data) <= MAX_KEY * 4:
        yield Key(0, len(data), "file", "", data)
        return
    if len(data) < 2 * _SHORTEST and (alone := _MD5.fullmatch(data)):
        yield Key(alone.start(1), alone.end(1), "file", "", data)
        return
    plain = data if data.isascii() else _INVISIBLE.sub(b"", data)
    if len(data) <= MAX_KEY and _WHOLE.fullmatch(plain) and _is_der(plain):
        yield Key(0, len(data), "file", "", data)
        return
    looks = len(data) <= MAX_KEY and (_LOOKS.fullmatch(plain) or _LABELLED.match(data))
    seekers = _Seekers(data)
    if looks and not _is_signature(plain) and seekers.next(0) is None:
        yield Key(0, len(data), "file", "", data)  # spoilt, and a key all the same
        return
    at, found = 0, False
    while (key := seekers.next(at)) is not None:
        found = True
        yield key
        at = key.end
    for each in () if found else _DIGEST.finditer(data):
        before = max(0, each.start() - _LONGEST_NAME), each.start()
        name = _ASSIGNED.search(data, *before) if _SAYS_KEY.search(data, *before) else None
        if name is not None and _SAYS_KEY.search(name[1]):
            found = True
            yield Key(each.start(), each.end(), "assigned", _label(name[1]), each[0])
    if not found and (error := ERRORS.search(data)) is not None:
        yield Key(error.start(), error.end(), "error-text", "", b"")


_Seek = Callable[[bytes, int], re.Match[bytes] | None]


class _Seekers:
    """Finds keys one after the other; each kind is looked for again only where one of it was passed."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._edges = len(data) - len(data.lstrip()), len(data.rstrip())
        self._ahead: dict[_Seek, re.Match[bytes] | None] = {}

    def next(self, at: int) -> Key | None:
        """Return the first key from ``at`` on, which never falls."""
        kinds: tuple[_Seek, ...] = (_pem, _bare, _other)
        for seek in kinds:
            found = self._ahead.get(seek)
            if seek not in self._ahead or (found is not None and found.start() < at):
                self._ahead[seek] = seek(self._data, at)
        seen = [(found.start(), seek, found) for seek, found in self._ahead.items() if found is not None]
        if not seen:
            return None
        start, seek, found = min(seen, key=lambda each: each[0])
        return self._key(start, _end(self._data, seek, found))

    def _key(self, start: int, end: int) -> Key:
        data = self._data
        alone = start <= self._edges[0] and end >= self._edges[1]
        low = max(0, start - _LONGEST_NAME)
        name = _ATTRIBUTE.search(data, low, start) or _NAME.search(data, low, start)
        label = _label(name[1]) if name else ""
        form = "file" if alone else "assigned" if label else "inside"
        raw = data[start:end]
        marks = () if alone else tuple(name for name, mark in _MARKS if mark.search(raw))
        return Key(start, end, form, label, data if alone else _plain(raw), marks)


def _end(data: bytes, seek: object, found: re.Match[bytes]) -> int:
    """Return where a key ends that begins with a match of one kind."""
    if seek is _pem:
        close = _PEM_END.search(data, found.end(), found.end() + MAX_KEY)
        return close.end() if close else _paragraph(data, found.end())
    return found.end() if seek is _bare else min(len(data), data.find(b"\n", found.end()) % (len(data) + 1))


def _pem(data: bytes, at: int) -> re.Match[bytes] | None:
    """Return the next line that begins a PEM of a key, not of the parameters of one."""
    return next((each for each in _PEM.finditer(data, at) if not each[1].endswith(b"PARAMETERS")), None)


def _other(data: bytes, at: int) -> re.Match[bytes] | None:
    return _OTHERS.search(data, at)


def _label(name: bytes) -> str:
    """Return a name without the brackets and quotes of an index: ``config['key']`` is ``key``."""
    parts = re.split(r"[\[\]\"']+", name.decode("utf-8", "replace").strip("\"'[]"))
    label = parts[-1].removesuffix("(Key)")
    return "" if label in _NO_LABELS and len(parts) == 1 and label != "key" else label


def _is_signature(text: bytes) -> bool:
    """Say whether this is the base64 of as many bytes as an RSA signature has, and no key."""
    compact = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
    return len(compact) * 3 // 4 in _SIGNATURES and not _is_der(compact)


def _bare(data: bytes, at: int) -> re.Match[bytes] | None:
    """Return the next base64 that begins as a key does and is as long as one."""
    for found in _BASE64.finditer(data, at):
        long = found.end() - found.start() >= _SHORTEST
        if long and (found[0].startswith(b"LS0t") or _is_der(found[0])):
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
    return b"\n".join(_SIGN.sub(b"", line).strip(b" \t\r\"'`;,>") for line in text.split(b"\n"))
