"""Lines of an access log in the combined format -> the judge; what it leaves, `log_lines` reads."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

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
_PARTS, _FEWEST = 4, 3
"""Of a line: what stands before the request, the request, the answer, and the rest if there is one."""
_SIGN: Final = b"sign="


class AccessLines:
    """Hands the lines of logs to the judge; the moments in them are corrected by the clock."""

    def __init__(self, judge: PartJudge, clock: Clock) -> None:
        self._judge = judge
        self._clock = clock

    def read(self, block: Block) -> None:
        """Judge the lines of a block."""
        first, lines = block.first, block.lines
        self._judge.source = lambda number: _exchange(lines[number - first], number)
        asked: list[int] = []
        posted: list[int] = []
        rows = [line.split(b'"', _PARTS - 1) for line in lines]
        for at, row in enumerate(rows):
            # The first slash of the line is in its moment, which stands before the request.
            if (
                len(row) >= _FEWEST
                and row[0].find(b"/") == len(row[0]) - _SLASH
                and row[0][-_TIME:-_DAY] == b"["
            ):
                request = row[1]
                (asked if len(request) > _LONGEST_BARE or _SIGN in request else posted).append(at)
        done = {
            *self._several([first + at for at in asked], [rows[at] for at in asked], _queries),
            *self._several([first + at for at in posted], [rows[at] for at in posted], _bodies),
        }
        if len(done) < len(lines):
            for exchange in log_exchanges(block, lambda _, number: number in done):
                self._judge.judge(exchange.line, exchange, milliseconds(exchange.time, self._clock))

    def _several(self, numbers: Sequence[int], rows: Sequence[Sequence[bytes]], taken: "_Taken") -> set[int]:
        """Judge lines that are taken apart; return the numbers of those that were judged.

        Of a form with a character that no form has on the wire `log_lines` takes a part, or unescapes it:
        the fast path leaves such a form, whatever its sign.
        """
        if not rows:
            return set()
        times = moments([row[0][-_DAY:-2].decode("latin-1") for row in rows], self._clock)
        read = {each: _answer(each[:_LONGEST]) for each in {row[2] for row in rows}}
        answers = [read[row[2]] for row in rows]
        if None in times or None in answers:
            # Without a moment or an answer that was understood, `log_lines` looks for another.
            good = [at for at, ms in enumerate(times) if ms is not None and answers[at] is not None]
            return self._several([numbers[at] for at in good], [rows[at] for at in good], taken)
        statuses, replies = zip(*filter(None, answers), strict=True)
        messages, groups = taken(rows, statuses, replies)
        rest = self._judge.several(numbers, messages, times, groups)
        return set(numbers).difference([numbers[place] for place in rest])


_Rows = Sequence[Sequence[bytes]]
_Taken = Callable[[_Rows, Sequence[int], Sequence[int | None]], tuple[Messages, Sequence[Group] | None]]


def _queries(
    rows: _Rows, statuses: Sequence[int], replies: Sequence[int | None]
) -> tuple[Messages, Sequence[Group]]:
    """Take the parameters out of request lines."""
    around: dict[tuple[bytes, bytes], list[int]] = {}
    for place, row in enumerate(rows):
        request = row[1]
        key = request[: request.find(b"?")], request[request.rfind(b" ") :]
        around.setdefault(key, []).append(place)
    methods: list[str | None] = [None] * len(rows)
    groups = []
    for (head, tail), places in around.items():
        method, target = _request((head + tail)[:_LONGEST])
        if method is None:
            continue
        text = b"\n".join([rows[at][1] for at in places]).decode("latin-1")
        texts = between(text, f"{method} {target}?", tail.decode("latin-1"), " #")
        if len(texts) == len(places):
            groups.append(Group(texts, "", places))
            for place in places:
                methods[place] = method
    return Messages(methods, (), (), (), (), statuses, replies), groups


def _bodies(rows: _Rows, statuses: Sequence[int], replies: Sequence[int | None]) -> tuple[Messages, None]:
    """Take the bodies out of what stands behind answers."""
    read = {each: _request(each) for each in {row[1] for row in rows}}
    methods, urls = zip(*[read[row[1]] for row in rows], strict=True)
    bodies = [method and _form(row[-1]) for method, row in zip(methods, rows, strict=True)]
    nothing = [None] * len(rows)
    return Messages(methods, urls, nothing, bodies, nothing, statuses, replies), None


def _form(rest: bytes) -> str:
    """Return the first quoted text that holds a sign; any other than the last if there is none."""
    end = rest.rfind(b'"')
    begin = rest.rfind(b'"', 0, max(0, end)) + 1
    if (at := rest.find(_SIGN, 0, begin)) >= 0:
        begin = rest.rfind(b'"', 0, at) + 1
        end = rest.find(b'"', at)
    return rest[begin:end].decode("latin-1")


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
