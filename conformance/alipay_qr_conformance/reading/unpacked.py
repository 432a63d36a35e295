"""What stands in base64 in a text: of a load balancer's event, of a mail, of a proxy's export."""

import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from alipay_qr_conformance.reading.patterns import later

_BASE64: Final = later(
    rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{60,}+(?:\r?\n[A-Za-z0-9+/]{4,}+)*+(?:\r?\n[A-Za-z0-9+/]{2,3}(?==))?={0,2}"
)
_WIDEST: Final = 76
"""Characters of a line of base64 that is folded."""


class Unpacked(NamedTuple):
    """What base64 stands for.

    Attributes:
        text: all that may be of a message, with an empty line between.
        starts: where each begins in ``text``.
        places: where its base64 begins.
    """

    text: bytes
    starts: list[int]
    places: list[int]


def unpacked(data: bytes) -> Unpacked:
    """Return what stands in base64 and may be of a message."""
    told = bytearray()
    starts: list[int] = []
    places: list[int] = []
    for run in _BASE64.finditer(data):
        for start, folded in _folded(run):
            inner = _decoded(folded)
            if b"sign" in inner:
                starts.append(len(told))
                places.append(start)
                told += inner + b"\n\n"
    return Unpacked(bytes(told), starts, places)


def _folded(run: re.Match[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield what lines of base64 hold, and where it begins: what is folded ends with a shorter line."""
    start = at = run.start()
    width = 0
    parts: list[bytes] = []
    for line in run[0].splitlines(keepends=True):
        size, width = len(line.rstrip()), width or len(line.rstrip())
        parts.append(line)
        at += len(line)
        if size < width or width > _WIDEST:
            yield start, b"".join(parts)
            start, width, parts = at, 0, []
    if parts:
        yield start, b"".join(parts)


def _decoded(run: bytes) -> bytes:
    """Return what base64 stands for, whose padding may be missing; nothing where it is none."""
    for padding in (b"", b"=", b"=="):
        with suppress(ValueError):
            return binascii.a2b_base64(run + padding)
    return b""
