"""Columns of a terminal: how wide a text is there, and where its lines break.

columns   how many columns a text takes; most characters of Chinese take two
broken    a line in pieces that fit, broken at blanks where there are some
fold      a text with all its lines broken
"""

import unicodedata
from typing import Final

_NARROWEST: Final = 40
_HANG: Final = "  "
_CLOSING: Final = frozenset({"Pe", "Pf", "Po"})


def columns(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def broken(line: str, width: int, hang: str = "") -> list[str]:
    """Return a line in pieces of at most ``width`` columns.

    Args:
        line: one line; its own indent is kept.
        width: a number of columns.
        hang: what stands before every piece but the first, behind the line's own indent.
    """
    indent = " " * (len(line) - len(line.lstrip()))
    pieces, rest, margin = [], line, 0
    while columns(rest) > width:
        at = _cut(rest, width, margin)
        pieces.append(rest[:at].rstrip())
        rest, margin = indent + hang + rest[at:].lstrip(), len(indent + hang)
    return [*pieces, rest]


def fold(text: str, width: int) -> str:
    """Break lines that are wider than ``width`` columns; what follows hangs below the line's own indent."""
    return "".join(
        f"{piece}\n" for line in text.splitlines() for piece in broken(line, max(width, _NARROWEST), _HANG)
    )


def _cut(text: str, width: int, indent: int) -> int:
    """Return where to break: at the last blank that fits, else where the width ends."""
    taken, blank = 0, 0
    for at, character in enumerate(text):
        if at > indent and _may_begin(text[at - 1], character):
            blank = at
        taken += columns(character)
        if taken > width:
            return blank if blank > indent and text[:blank].strip() else max(at, indent + 1)
    return len(text)


def _may_begin(before: str, character: str) -> bool:
    """Say whether a line may begin here: with a blank, and between Chinese ones but for marks that close."""
    if character == " ":
        return True
    return columns(before + character) > 2 and unicodedata.category(character) not in _CLOSING  # noqa: PLR2004
