"""Lines of an access log in the combined format -> the judge; what it leaves, `log_lines` reads."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress, count
from typing import Final, NamedTuple

from alipay_qr_conformance.audit.blocks import Block, block_of
from alipay_qr_conformance.audit.clock import Clock, milliseconds, moments
from alipay_qr_conformance.audit.judge import PartJudge
from alipay_qr_conformance.audit.log_lines import log_exchanges
from alipay_qr_conformance.audit.messages import BY_SIZE, Group, Messages, between
from alipay_qr_conformance.audit.reply import acknowledgement
from alipay_qr_conformance.reading.exchange import Exchange

_ANSWER: Final = re.compile(rb" ([0-9]{3}) ([0-9]{1,18}|-)(?: .*)?\n?")
_REQUEST: Final = re.compile(rb"(GET|POST) ([^ #]+) HTTP/(?:1\.0|1\.1|2|2\.0|3|3\.0)")
_LONGEST_BARE: Final = 128
"""Bytes of a request line that is looked into for a sign; in a longer one there should be one."""
_LONGEST: Final = 256
"""Bytes of a request line without parameters, or of an answer."""
_TIME: Final = len("[01/Nov/2026:12:00:00 +0800] ")
_DAY: Final = _TIME - len("[")
_SLASH: Final = _DAY - len("01")
_FEWEST, _MOST = 3, 100
"""Texts between the quotes of a line; one with more is left to `log_lines`: each is a column."""
_SIGN: Final = b"sign="


class _Lines(NamedTuple):
    """Lines with as many quotes.

    Attributes:
        numbers: of them.
        fields: what stands before the request, the request, the answer, and all that follows, as columns.
    """

    numbers: Sequence[int]
    fields: Sequence[Sequence[bytes]]

    def at(self, places: Sequence[int]) -> "_Lines":
        """Return some of them."""
        fields = [[field[at] for at in places] for field in self.fields]
        return _Lines([self.numbers[at] for at in places], fields)


class AccessLines:
    """Hands the lines of logs to the judge; the moments in them are corrected by the clock."""

    def __init__(self, judge: PartJudge, clock: Clock) -> None:
        self._judge = judge
        self._clock = clock

    def read(self, block: Block) -> None:
        """Judge the lines of a block."""
        first, lines = block.first, block.lines
        self._judge.source = lambda number: _exchange(lines[number - first], number)
        rows = [line.split(b'"') for line in lines]
        sizes = list(map(len, rows))
        done: list[int] = []
        for size in set(sizes):
            if _FEWEST <= size <= _MOST:
                mine = list(map(size.__eq__, sizes))
                fields = list(zip(*compress(rows, mine), strict=True))
                done += self._timed(_Lines(list(compress(count(first), mine)), fields))
        del rows
        if len(done) < len(lines):
            taken = set(done)
            for exchange in log_exchanges(block, lambda _, number: number in taken):
                self._judge.judge(exchange.line, exchange, milliseconds(exchange.time, self._clock))

    def _timed(self, lines: _Lines) -> Iterable[int]:
        """Judge those lines whose first slash is in a moment before the request; return their numbers."""
        heads, requests = lines.fields[:2]
        stamps = b"\n".join([head[-_TIME:-2] for head in heads]).decode("latin-1")
        slashes = b"".join(heads).count(b"/")
        if slashes != 2 * len(heads) or f"\n{stamps}".count("\n[") != len(heads):
            good = [at for at, head in enumerate(heads) if _begins_well(head)]
            return self._timed(lines.at(good)) if good else ()
        times = moments(stamps[1:].split("\n["), self._clock)
        bare = [len(each) <= _LONGEST_BARE and _SIGN not in each for each in requests]
        if len(set(bare)) == 1:
            return self._several(lines, times, _bodies if bare[0] else _queries)
        posted = [at for at, each in enumerate(bare) if each]
        asked = [at for at, each in enumerate(bare) if not each]
        return [*self._timed(lines.at(asked)), *self._timed(lines.at(posted))]

    def _several(self, lines: _Lines, times: Sequence[int | None], taken: "_Taken") -> Iterable[int]:
        """Judge lines of one kind; return the numbers of those that were judged.

        Of a form with a character that no form has on the wire `log_lines` takes a part, or unescapes it:
        the fast path leaves such a form, whatever its sign.
        """
        found = lines.fields[2]
        read = {each: _answer(each[:_LONGEST]) for each in set(found)}
        if None in times or None in read.values():
            # Without a moment or an answer that was understood, `log_lines` looks for another.
            good = [at for at, ms in enumerate(times) if ms is not None and read[found[at]] is not None]
            return self._several(lines.at(good), [times[at] for at in good], taken) if good else ()
        statuses, replies = zip(*[read[each] or () for each in found], strict=True)
        messages, groups = taken(lines.fields, statuses, replies)
        rest = self._judge.several(lines.numbers, messages, times, groups)
        return set(lines.numbers).difference([lines.numbers[at] for at in rest]) if rest else lines.numbers


_Fields = Sequence[Sequence[bytes]]
_Taken = Callable[[_Fields, Sequence[int], Sequence[int | None]], tuple[Messages, Sequence[Group] | None]]


def _begins_well(head: bytes) -> bool:
    return head.find(b"/") == len(head) - _SLASH and head.count(b"/") == 2 and head[-_TIME:-_DAY] == b"["  # noqa: PLR2004


def _queries(
    fields: _Fields, statuses: Sequence[int], replies: Sequence[int | None]
) -> tuple[Messages, Sequence[Group]]:
    """Take the parameters out of request lines."""
    requests = fields[1]
    groups = list(_asked(requests, range(len(requests))))
    if not groups:
        around: dict[tuple[bytes, bytes], list[int]] = {}
        for place, each in enumerate(requests):
            around.setdefault((each[: each.find(b"?")], each[each.rfind(b" ") :]), []).append(place)
        groups = [group for places in around.values() for group in _asked(requests, places)]
    methods = ["GET" if each.startswith(b"GET ") else "POST" for each in requests]
    return Messages(methods, (), (), (), (), statuses, replies), groups


def _asked(requests: Sequence[bytes], places: Sequence[int]) -> Iterator[Group]:
    """Yield the parameters of request lines if they differ in nothing else."""
    first = requests[places[0]]
    head, tail = first[: first.find(b"?")], first[first.rfind(b" ") :]
    method, target = _request((head + tail)[:_LONGEST])
    if method is not None:
        text = b"\n".join([requests[at] for at in places]).decode("latin-1")
        texts = between(text, f"{method} {target}?", tail.decode("latin-1"), " #")
        if len(texts) == len(places):
            yield Group(texts, "", places)


def _bodies(fields: _Fields, statuses: Sequence[int], replies: Sequence[int | None]) -> tuple[Messages, None]:
    """Take the bodies out of what stands behind answers: the first that holds a sign, or the last quoted."""
    read = {each: _request(each) for each in set(fields[1])}
    methods, urls = zip(*[read[each] for each in fields[1]], strict=True)
    quoted = fields[3:-1]
    nothing = [None] * len(methods)
    bodies: Sequence[str | None] = nothing
    if quoted:
        found = quoted[-1]
        if any(_SIGN in b"\n".join(column) for column in quoted[:-1]):
            found = [
                next((each for each in row if _SIGN in each), row[-1]) for row in zip(*quoted, strict=True)
            ]
        texts = b"\n".join(found).decode("latin-1").split("\n")
        bodies = (
            texts
            if None not in methods
            else [method and text for method, text in zip(methods, texts, strict=True)]
        )
    return Messages(methods, urls, nothing, bodies, nothing, statuses, replies), None


@lru_cache(4096)
def _request(text: bytes) -> tuple[str | None, str | None]:
    """Return the method and the target of a request line; None where it is odd, or cut off."""
    match = _REQUEST.fullmatch(text) if len(text) < _LONGEST else None
    return (None, None) if match is None else (match[1].decode("ascii"), match[2].decode("latin-1"))


@lru_cache(4096)
def _answer(text: bytes) -> tuple[int, int | None] | None:
    """Return the status behind a request, and how its reply counts; None where they are odd, or cut off."""
    match = None if _SIGN in text or len(text) == _LONGEST else _ANSWER.fullmatch(text)
    if match is None:
        return None
    status, size = int(match[1]), -1 if match[2] == b"-" else int(match[2])
    return status, BY_SIZE if acknowledgement(status, None, size) == "Y" else None


def _exchange(line: bytes, number: int) -> Exchange | None:
    """Read a line as any other; where it begins is found when it is told."""
    exchange = next(log_exchanges(block_of(line, 0, number)), None)
    if exchange is not None:
        exchange.offset = -1
    return exchange
