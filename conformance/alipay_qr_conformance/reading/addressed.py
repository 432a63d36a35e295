"""Lines with their address before them, joined to the bytes that they show: dumps in hex, traces of curl.

    00000000  6e 6f 74 69 66 79 5f 69  64 3d 39 31  |notify_id=91|     hexdump -C, Wireshark, curl --trace
    00000000: 6e6f 7469 6679 5f69 643d 3931  notify_id=91             xxd, tcpdump -X
    0040: notify_id=91..                                              curl --trace-ascii

Each line must show as many bytes as its address and the next one are apart: that tells a dump from a list
with numbers, and the octets from the characters behind them.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from alipay_qr_conformance.reading.patterns import later

_LINE: Final = later(rb"(?m)^[ \t]{0,8}(?:0x)?([0-9a-fA-F]{4,16}):?[ \t]{1,4}([^\r\n]{1,400})\r?$")
_OCTETS: Final = later(rb"(?:[0-9a-fA-F]{2}[ \t]{0,2}){0,63}[0-9a-fA-F]{2}(?![0-9a-fA-F])")
_LAST: Final = later(rb"(?:[0-9a-fA-F]{2} ?){1,64}")
_HALF: Final = later(rb"((?:[0-9a-fA-F]{2} ){8}) (?=[0-9a-fA-F]{2} )")
_LINE_END: Final = 2
_FEWEST: Final = 2


class _Row(NamedTuple):
    start: int
    end: int
    address: int
    shown: bytes


def joined(data: bytes) -> bytes:
    """Return the text with the bytes that such lines show in their place; as it is where there are none."""
    told, at = bytearray(), 0
    for run in _runs(data):
        shown = _octets(run) or _characters(run)
        if shown is not None:
            told += data[at : run[0].start] + b"\n" * bool(at or run[0].start) + shown
            at = run[-1].end
    return bytes(told) + data[at:] if at else data


def _runs(data: bytes) -> Iterator[list[_Row]]:
    """Yield the lines that stand one below the other with rising addresses."""
    run: list[_Row] = []
    for found in _LINE.finditer(data):
        row = _Row(found.start(), found.end(), int(found[1], 16), found[2])
        if run and (row.start > run[-1].end + 1 or row.address <= run[-1].address):
            if len(run) >= _FEWEST:
                yield run
            run = []
        run.append(row)
    if len(run) >= _FEWEST:
        yield run


def _octets(run: list[_Row]) -> bytes | None:
    """Return the octets of a dump in hex; None where it is none."""
    found = bytearray()
    for row, following in pairwise(run):
        octets = _shown(row.shown, following.address - row.address)
        if octets is None:
            return None
        found += octets
    last = _LAST.match(_HALF.sub(rb"\1", run[-1].shown, count=1))
    width = run[1].address - run[0].address
    return bytes(found + bytes.fromhex(last[0].decode())[:width]) if last is not None else None


def _shown(text: bytes, count: int) -> bytes | None:
    """Return the first ``count`` octets of a line; None where it has fewer."""
    octets = _OCTETS.match(text + b" ")
    if octets is None:
        return None
    digits = octets[0].replace(b" ", b"").replace(b"\t", b"")
    return bytes.fromhex(digits[: 2 * count].decode()) if len(digits) >= 2 * count else None


def _characters(run: list[_Row]) -> bytes | None:
    """Return the characters of a trace, in which a line end is not shown; None where it is none."""
    found = bytearray()
    for row, following in pairwise(run):
        hidden = following.address - row.address - len(row.shown)
        if hidden not in {0, _LINE_END}:
            return None
        found += row.shown + b"\n" * bool(hidden)
    return bytes(found + run[-1].shown)
