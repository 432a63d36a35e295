r"""Quoted texts of many languages: where they end, and what they say."""

import re
from typing import Final

from alipay_qr_conformance.reading.patterns import later
from alipay_qr_conformance.reading.views import paired, unescape

_ENDS: Final = {mark: later(rf"(?:[^{mark}\\]|\\.)*+{mark}", re.DOTALL) for mark in ('"', "'", "`")}
_CLOSERS: Final = {"\u201c": "\u201d", "\u2018": "\u2019", "\u300c": "\u300d"}
_SIMPLE: Final = later(r"\\([\\'\"`])")


def quoted(text: str, at: int) -> tuple[str, int] | None:
    """Return what the quoted text that begins at ``at`` says, and where it ends; None if there is none.

    Escapes are those of JSON; with apostrophes, as PHP and SQL write, only what stands for a quote.
    """
    mark = text[at : at + 1]
    if closer := _CLOSERS.get(mark):
        end = text.find(closer, at + 1)
        return (text[at + 1 : end], end + 1) if end >= 0 else None
    if text[at : at + 2] == '""' and text[at + 2 : at + 3] not in {
        "",
        ",",
        "\r",
        "\n",
        "}",
        "]",
        ")",
        " ",
        ";",
        "\t",
    }:
        end = text.find('""', at + 2)  # quotes are doubled in CSV
        return (text[at + 2 : end], end + 2) if end >= 0 else None
    if mark not in _ENDS:
        return None
    found = _ENDS[mark].match(text, at + 1)
    if found is None:
        return None
    inner = text[at + 1 : found.end() - 1]
    if "\\" not in inner:
        return inner, found.end()
    if mark == "'" and not re.search(r"\\[uxn/]", inner):
        return paired(_SIMPLE.sub(r"\1", inner)), found.end()
    return unescape(inner), found.end()
