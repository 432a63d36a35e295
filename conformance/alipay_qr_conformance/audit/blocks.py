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
        data: the lines; of one that is too long its first bytes.
        offset: bytes before them in the file.
        first: lines before them in the range.
        lines: each of them, with its end.
        too_long: whether this is the head of one line that is too long, and no more.
    """

    data: bytes
    offset: int
    first: int
    lines: Sequence[bytes]
    too_long: bool = False


def block_of(data: bytes, offset: int, first: int) -> Block:
    """Return a block of whole lines."""
    return Block(data, offset, first, BytesIO(data).readlines())


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
        last = not data
        data = rest + data
        if not data:
            return
        if last and not data.endswith(b"\n"):
            data += b"\n"
        at = data.rfind(b"\n") + 1
        if end is not None and offset + at >= end:
            at = data.find(b"\n", max(0, end - offset - 1)) + 1
        if at:
            block = block_of(data[:at], offset, number)
            yield block
            number += len(block.lines)
            offset += at
        rest = data[at:]
        if len(rest) > LONGEST_LINE and b"\n" not in rest:
            yield Block(rest[:80], offset, number, [rest[:80]], too_long=True)
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
