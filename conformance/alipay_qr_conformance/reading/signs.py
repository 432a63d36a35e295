"""A text to sign, and its sign on another line: ``sign: ...``, ``local sign ...``, or the bare digest."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from alipay_qr_conformance.reading.patterns import later

_LINE: Final = later(
    r"(?m)^[ \t>*#/-]{0,8}([^\r\n]{0,60}?)[ \t]{0,8}[:=\uff1a\uff1d]?[ \t]{0,8}[\"'`(\[{\u201c]{0,3}"
    r"(?<![A-Za-z0-9+/])([0-9a-fA-F]{32}|(?:[A-Za-z0-9+/]{4}){20,340}(?:[A-Za-z0-9+/]{2,3}={0,2})?)"
    r"[\"'`)\]},;.\u201d\u3002]{0,5}[ \t]*\r?$"
)
_SAYS_SIGN: Final = later(r"(?i)sign|sig\b|\u7b7e|md5|result|\u7ed3\u679c|digest")
_TYPE: Final = later(r"(?:string|str|len)? ?\(?\d{0,4}\)?")
_NO_SIGN: Final = later(r"(?i)\bkey\b|secret|\u5bc6\u94a5|notify_id|trade_no|private|token|user")


_INLINE: Final = later(
    r"(?i)(?:(?<![\w&?])((?:local |alipay |my)?sign(?:ature)?|\u7b7e\u540d(?:\u7ed3\u679c|\u503c|\u4e32)?)"
    r"[\u662f\u4e3a]?[^\w\r\n/+]{1,12}|(?:[=-]>|\u2192|\t|\",)[ \t]{0,4}[\"'(\[]?)"
    r"([0-9a-f]{32}|(?:[A-Za-z0-9+/]{4}){20,340}(?:[A-Za-z0-9+/]{2,3}={0,2})?)(?![A-Za-z0-9+/=])"
)
"""Behind the text to sign, on its line."""


class Sign(NamedTuple):
    """A sign that stands alone, and what the line calls it."""

    start: int
    value: str
    label: str


def bare_signs(text: str) -> Iterator[Sign]:
    """Yield the signs on lines of their own, in their order."""
    for found in _LINE.finditer(text):
        label = found[1].strip(" \t:=\"'[]{}(),|\uff1a").lower()
        label = "" if _TYPE.fullmatch(label) else label
        if _NO_SIGN.search(label) or (label and not _SAYS_SIGN.search(label)):
            continue
        yield Sign(found.start(2), found[2], label)
    for found in _INLINE.finditer(text):
        if text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip(" \t>*#/-\"'[{("):
            yield Sign(found.start(2), found[2], (found[1] or "").lower())
