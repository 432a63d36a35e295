"""Values escaped or unescaped before signing: HTML entities, percent-encoding, plus signs.

The signed text has raw values (``docs.antom.com/ac/web/signing``); encoding belongs to the wire alone. Which
characters an encoder leaves as they are tells the encoders apart; those that agree on a message are grouped
by the search, not here.
"""

import html
import string
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from alipay_qr_conformance.doctor.pipeline import Message, Stage, ValueChange, every, only

RARITY: Final = {
    "html.escaped": 2,
    "html.unescaped": 2,
    "html.tags-stripped": 4,
    "html.quotes-cut": 4,
    "url.encoded": 2,
    "url.encoded-twice": 5,
    "url.decoded": 2,
    "url.plus-for-blank": 4,
    "url.blank-for-plus": 3,
    "url.percent20-for-blank": 4,
}


class Encoder(NamedTuple):
    """A percent-encoder: what it leaves alone, whether a blank becomes ``+``, and the case of its hex."""

    title: str
    safe: str
    plus: bool
    lower: bool = False


ENCODERS: Final = (
    Encoder("PHP urlencode", "-_.", plus=True),
    Encoder("rawurlencode (RFC 3986)", "-_.~", plus=False),
    Encoder("Java URLEncoder", "-_.*", plus=True),
    Encoder("JavaScript encodeURIComponent", "-_.~!*'()", plus=False),
    Encoder("Python quote_plus, Go QueryEscape", "-_.~", plus=True),
    Encoder("JavaScript encodeURI", "-_.~!*'();/?:@&=+$,#", plus=False),
    Encoder("Python quote", "-_.~/", plus=False),
    Encoder(".NET HttpUtility.UrlEncode (small letters)", "-_.!*()", plus=True, lower=True),
    Encoder(".NET WebUtility.UrlEncode", "-_.!*()", plus=True),
    Encoder("rawurlencode, small letters", "-_.~", plus=False, lower=True),
    Encoder("form encoding, small letters", "-_.", plus=True, lower=True),
)

_HTML: Final = {
    "htmlspecialchars": {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"},
    "htmlspecialchars ENT_QUOTES": {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#039;"},
    "& only": {"&": "&amp;"},
    "quotes only": {'"': "&quot;"},
    "Python html.escape": {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"},
    "decimal quotes": {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"},
    "&#39;": {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"},
    "XML": {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"},
    "< and > too": {"&": "&amp;", "<": "&lt;", ">": "&gt;"},
}


@cache
def _alphabet(encoder: Encoder) -> list[str]:
    """Return what an encoder writes for each byte."""
    left = encoder.safe.encode("ascii") + b"0123456789" + string.ascii_letters.encode("ascii")
    form = "%{:02x}" if encoder.lower else "%{:02X}"
    written = [chr(byte) if byte in left else form.format(byte) for byte in range(256)]
    if encoder.plus:
        written[ord(" ")] = "+"
    return written


def percent(text: str, encoder: Encoder, codec: str) -> str | None:
    """Return ``text`` percent-encoded over its bytes in ``codec``; None if it has none."""
    try:
        data = text.encode(codec)
    except UnicodeEncodeError:
        return None
    return "".join(map(_alphabet(encoder).__getitem__, data))


def html_escape(kind: str) -> Callable[[str], str]:
    """Return the escaping function of that name."""
    table = str.maketrans(_HTML[kind])
    return lambda text: text.translate(table)


def value_changes(message: Message, codec: str) -> Iterator[ValueChange]:
    """Yield every escaping and unescaping, of all values and of each single one."""
    for stage, id_, detail, function, extra in _functions(codec):
        yield ValueChange(id_, detail, stage, -1, every(function), opens=True, extra=extra)
    for index, value in enumerate(message.base):
        if not value:
            continue
        for stage, id_, detail, function, extra in _functions(codec):
            if function(value) != value:
                label = f"{message.names[index]}: {detail}" if detail else message.names[index]
                run = only(index, function)
                yield ValueChange(id_, label, stage, index, run, opens=True, extra=extra + 1)


Function = Callable[[str], str | None]


def _functions(codec: str) -> Iterator[tuple[Stage, str, str, Function, int]]:
    yield Stage.UNDO, "html.unescaped", "", html.unescape, 0
    for kind in _HTML:
        yield Stage.HTML, "html.escaped", kind, html_escape(kind), 0
    yield Stage.HTML, "html.escaped", "twice", _twice(html_escape("htmlspecialchars")), 2
    yield Stage.HTML, "html.tags-stripped", "", _without_tags, 0
    yield Stage.HTML, "html.quotes-cut", "", _cut, 0
    for encoder in ENCODERS:
        yield Stage.URL, "url.encoded", encoder.title, _encode(encoder, codec), 0
    yield Stage.URL, "url.encoded", "% only", lambda text: text.replace("%", "%25"), 1
    if codec != "utf-8":
        for encoder in ENCODERS[:2]:
            yield Stage.URL, "url.encoded", f"{encoder.title}, UTF-8", _encode(encoder, "utf-8"), 1
    for encoder in ENCODERS[:5]:
        yield Stage.URL, "url.encoded-twice", encoder.title, _twice(_encode(encoder, codec)), 0
    for plus in (True, False):
        decode = _decode(codec, plus=plus)
        yield Stage.UNDO, "url.decoded", "" if plus else "+ kept", decode, 0 if plus else 1
    yield Stage.UNDO, "url.decoded", "twice", _twice(_decode(codec, plus=True)), 2
    yield Stage.URL, "url.plus-for-blank", "", lambda text: text.replace(" ", "+"), 0
    yield Stage.UNDO, "url.blank-for-plus", "", lambda text: text.replace("+", " "), 0
    yield Stage.URL, "url.percent20-for-blank", "", lambda text: text.replace(" ", "%20"), 0
    yield Stage.URL, "url.percent20-for-blank", "plus", lambda text: text.replace("+", "%2B"), 0


def _encode(encoder: Encoder, codec: str) -> Function:
    return lambda text: percent(text, encoder, codec)


def _decode(codec: str, *, plus: bool) -> Callable[[str], str]:
    def decode(text: str) -> str:
        if "%" not in text and not (plus and "+" in text):
            return text
        raw = text.replace("+", " ") if plus else text
        try:
            return unquote_to_bytes(raw.encode(codec)).decode(codec)
        except UnicodeError:
            return text

    return decode


def _twice(function: Function) -> Function:
    def apply(text: str) -> str | None:
        once = function(text)
        return None if once is None else function(once)

    return apply


def _without_tags(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<", at)) >= 0 and (end := text.find(">", start)) >= 0:
        kept.append(text[at:start])
        at = end + 1
    return "".join((*kept, text[at:]))


def _cut(text: str) -> str:
    return text.partition('"')[0]
