"""Lines of an access log in the combined format -> the judge; what it leaves, `log_lines` reads."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from alipay_qr_conformance.audit.blocks import Block, block_of
from alipay_qr_conformance.audit.clock import Clock, milliseconds, moments
from alipay_qr_conformance.audit.judge import PartJudge
from alipay_qr_conformance.audit.log_lines import log_exchanges
from alipay_qr_conformance.audit.messages import BY_SIZE, Message
from alipay_qr_conformance.audit.reply import acknowledgement
from alipay_qr_conformance.reading.exchange import Exchange

_ANSWER: Final = re.compile(r" ([0-9]{3}) ([0-9]{1,18}|-)(?: .*)?", re.ASCII)
_LONGEST_ANSWER: Final = 40
_VERSIONS: Final = frozenset({"HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/2", "HTTP/3.0", "HTTP/3"})
_TIME: Final = len("[01/Nov/2026:12:00:00 +0800] ")
_SLASH: Final = _TIME - len("[01")
_FEWEST_PARTS: Final = 3
_SIGN: Final = "sign="


class AccessLines:
    """Hands the lines of logs to the judge; the moments in them are corrected by the clock."""

    def __init__(self, judge: PartJudge, clock: Clock) -> None:
        self._judge = judge
        self._clock = clock

    def read(self, block: Block) -> None:
        """Judge the lines of a block."""
        judge, first = self._judge, block.first
        lines = block.data.decode("latin-1").split("\n")
        lines.pop()
        known = [(at, found) for at, line in enumerate(lines) if _SIGN in line and (found := _message(line))]
        times = moments([found[0] or "" for _, found in known], self._clock)
        # Without a moment that was understood, `log_lines` looks for another.
        messages = [found if ms is not None else None for (_, found), ms in zip(known, times, strict=True)]
        numbers = [first + at for at, _ in known]
        judge.source = lambda number: _exchange(lines[number - first], number)
        rest = judge.several(numbers, messages, times)
        if rest or len(known) < len(lines):
            done = set(numbers).difference([numbers[place] for place in rest])
            for exchange in log_exchanges(block, lambda _, number: number in done):
                judge.judge(exchange.line, exchange, milliseconds(exchange.time, self._clock))


def _message(line: str) -> Message | None:
    """Return the message in a line that holds a sign, as `log_lines` reads it; None where that is not sure.

    Of a form with a character that no form has on the wire it takes a part, or unescapes it: the fast path
    leaves such a form, whatever its sign.
    """
    parts = line.split('"')
    head = parts[0]
    # The first slash of the line is in its moment.
    if len(parts) < _FEWEST_PARTS or head.find("/") != len(head) - _SLASH or head[-_TIME : 1 - _TIME] != "[":
        return None
    method, _, request = parts[1].partition(" ")
    target, _, version = request.partition(" ")
    answer = _answer(parts[2]) if len(parts[2]) < _LONGEST_ANSWER else None
    if answer is None or method not in {"GET", "POST"} or not target or version not in _VERSIONS:
        return None
    body = None if _SIGN in target else _form(parts)
    status, reply = answer
    return head[1 - _TIME : -2], None, method, target, "", body, None, status, reply


def _form(parts: Sequence[str]) -> str | None:
    """Return the first text behind a request line that holds a sign."""
    for part in parts[2:]:
        if _SIGN in part:
            return part
    return None


@lru_cache(4096)
def _answer(text: str) -> tuple[int, int | None] | None:
    """Return the status behind a request, and how its reply counts; None where they are odd."""
    match = _ANSWER.fullmatch(text)
    if match is None:
        return None
    status, size = int(match[1]), -1 if match[2] == "-" else int(match[2])
    return status, BY_SIZE if acknowledgement(status, None, size) == "Y" else None


def _exchange(line: str, number: int) -> Exchange | None:
    """Read a line as any other; where it begins is found when it is told."""
    exchange = next(log_exchanges(block_of(line.encode("latin-1"), 0, number)), None)
    if exchange is not None:
        exchange.offset = -1
    return exchange
