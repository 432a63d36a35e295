"""The events of trades: one line each, sorted into partitions by trade, on disk until they are folded.

A line begins with what it is sorted by; numbers are sorted as numbers::

    partner/trade  milliseconds  part  number  kind  ...

Texts are percent-encoded, so that no value holds a tab or a line end. Kinds and what follows:

    N  genuine notification: acknowledged, then the pairs of `forms.TOLD`, ``name=value`` or empty
    F  notification that is not genuine: acknowledged
    R  refund: id, amount, currency, is_sync, alipay_trans_id, outcome
    C  cancel: trade_no, outcome
    Q  query: outcome
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

_FLUSH: Final = 8_000
"""Lines that are kept: some 2 MiB."""
NO_TIME: Final = 9_999_999_999_999
"""Sorts what has no time behind all that has one."""


class EventWriter:
    """Collects lines and appends them to one file, partition by partition."""

    def __init__(self, file: BinaryIO, partitions: int) -> None:
        self._file = file
        self._count = partitions
        self._lines: list[list[str]] = [[] for _ in range(partitions)]
        self._left = _FLUSH
        self.segments: list[list[int]] = []
        """Of each time that something was written: where each partition begins, and the last one ends."""

    def put(self, key: str, rest: str) -> None:
        """Keep one line of a trade, its key and what follows."""
        self.put_all([key], [f"{key}\t{rest}\n"])

    def put_all(self, keys: Sequence[str], lines: Iterable[str]) -> None:
        """Keep lines, the key of each beside it."""
        kept, count = self._lines, self._count
        for number, line in zip(map(zlib.crc32, map(str.encode, keys)), lines, strict=True):
            kept[number % count].append(line)
        self._left -= len(keys)
        if self._left <= 0:
            self.flush()

    def flush(self) -> None:
        """Write what is kept."""
        starts = [self._file.tell()]
        for lines in self._lines:
            starts.append(starts[-1] + self._file.write("".join(lines).encode("ascii")))
            lines.clear()
        self.segments.append(starts)
        self._left = _FLUSH


EventFile = tuple[Path, Sequence[Sequence[int]]]
"""A file that an `EventWriter` wrote, and its segments."""


def size_of(files: Iterable[EventFile], number: int) -> int:
    """Return how many bytes a partition has in the event files of all parts."""
    return sum(starts[number + 1] - starts[number] for _, segments in files for starts in segments)


def read_partition(files: Iterable[EventFile], number: int) -> Iterator[bytes]:
    """Yield the segments of a partition, from the event files of all parts in their order."""
    for each in files:
        if not size_of([each], number):
            continue
        path, segments = each
        with path.open("rb") as file:
            for starts in segments:
                file.seek(starts[number])
                yield file.read(starts[number + 1] - starts[number])
