"""A range of a file -> blocks of whole lines; a line beyond the limit is left out."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import BinaryIO, Final, NamedTuple

BLOCK: Final = 512 * 1024
"""Bytes that are read at once: messages that are alike are judged together, some hundred of them."""
LONGEST_LINE: Final = 8 * 1024 * 1024


class Block(NamedTuple):
    """Whole lines, with a line end behind each.

    Attributes:
        lines: each of them, with its end; of one that is too long its first bytes.
        offset: bytes before them in the file.
        first: lines before them in the range.
        too_long: whether this is the head of one line that is too long, and no more.
    """

    lines: Sequence[bytes]
    offset: int
    first: int
    too_long: bool = False

    @property
    def data(self) -> bytes:
        """The lines as one text."""
        return b"".join(self.lines)


def block_of(data: bytes, offset: int, first: int) -> Block:
    """Return a block of whole lines."""
    return Block(BytesIO(data).readlines(), offset, first)


def blocks(file: BinaryIO, start: int, end: int | None) -> Iterator[Block]:
    """Yield the lines that begin in ``[start, end)``; to the end of the file where ``end`` is None.

    A file that is read from its beginning need not be seekable.
    """
    offset, number, rest = start, 0, b""
    if start:
        file.seek(start - 1)
        offset = start - 1 + _skip_line(file)
    while end is None or offset < end:
        data = file.read(BLOCK)
        lines = BytesIO(data).readlines()
        if rest:
            lines[:1] = [rest + (lines[0] if lines else b"")]
            rest = b""
        if not lines:
            return
        if not lines[-1].endswith(b"\n"):
            if data:
                rest = lines.pop()
            else:
                lines[-1] += b"\n"
        size = sum(map(len, lines))
        while end is not None and lines and offset + size - len(lines[-1]) >= end:
            size -= len(lines.pop())
            rest = b""
        if lines:
            yield Block(lines, offset, number)
            number += len(lines)
            offset += size
        if len(rest) > LONGEST_LINE:
            yield Block([rest[:80]], offset, number, too_long=True)
            offset += len(rest) + _skip_line(file)
            number += 1
            rest = b""


def _skip_line(file: BinaryIO) -> int:
    """Read to the next line end and return how many bytes that took."""
    count = 0
    while piece := file.readline(BLOCK):
        count += len(piece)
        if piece.endswith(b"\n"):
            break
    return count
