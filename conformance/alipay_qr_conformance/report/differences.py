"""Where two texts part: for showing an expected and a signed string side by side.

The strings are compared pair by pair (``name=value``, joined with ``&``), and within a pair by its common
beginning and end, so that one wrong value does not colour the whole line.
"""

import re
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_PAIR: Final = re.compile(r"[^&]*&?")
_MOST_PAIRS: Final = 400


class Piece(NamedTuple):
    """A stretch of text, and whether the other side has it too."""

    text: str
    same: bool


def compare(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces."""
    a, b = _PAIR.findall(left), _PAIR.findall(right)
    if len(a) + len(b) > _MOST_PAIRS:
        return _ends(left, right)
    one: list[Piece] = []
    other: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        before, after = "".join(a[i:j]), "".join(b[k:m])
        if tag == "equal":
            one.append(Piece(before, same=True))
            other.append(Piece(after, same=True))
            continue
        x, y = _ends(before, after)
        one += x
        other += y
    return _merge(one), _merge(other)


def _ends(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Compare by the common beginning and end alone."""
    start = _common(left, right)
    end = _common(left[start:][::-1], right[start:][::-1])

    def pieces(text: str) -> list[Piece]:
        stop = len(text) - end
        return [
            Piece(text[:start], same=True),
            Piece(text[start:stop], same=False),
            Piece(text[stop:], same=True),
        ]

    return pieces(left), pieces(right)


def _common(left: str, right: str) -> int:
    """Return how many characters both texts begin with."""
    pairs = zip(left, right, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def _merge(pieces: list[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if merged and merged[-1].same == piece.same:
            merged[-1] = Piece(merged[-1].text + piece.text, piece.same)
        else:
            merged.append(piece)
    return merged
