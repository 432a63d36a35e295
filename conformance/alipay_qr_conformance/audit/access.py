"""Lines of an access log in the combined format -> the fast path, without a regular expression a line.

A line is taken as `log_lines` takes it; one that could be read in two ways is left.
"""

import re
from typing import Final

from alipay_qr_conformance.audit.blocks import Block
from alipay_qr_conformance.audit.clock import Clock, milliseconds
from alipay_qr_conformance.audit.judge import BY_SIZE, PartJudge
from alipay_qr_conformance.audit.log_lines import log_exchanges
from alipay_qr_conformance.reading.exchange import Exchange

_METHODS: Final = frozenset({"GET", "POST"})
_PROTOCOLS: Final = frozenset({"HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0"})
_ANSWER: Final = re.compile(r" ([0-9]{3}) ([0-9]+|-)(?: [^\n]*)?", re.ASCII)
_STAMP: Final = len("[01/Nov/2026:09:00:02 +0800]")
_QUOTED, _WORDS, _SLASHES = 3, 3, 2
"""Pieces between the quotes of a line at least, words of a request line, slashes of one date."""
_SECONDS: Final = len("[01/Nov/2026:09:00:")
_SIXTY: Final = {f"{second:02}": second * 1000 for second in range(60)}
_MOST: Final = 4096


class AccessLines:
    """Hands the lines of logs to the judge; the moments in them are corrected by the clock."""

    def __init__(self, judge: PartJudge, clock: Clock) -> None:
        self._judge = judge
        self._clock = clock
        self._taken: dict[int, bytes] = {}
        self._minutes: dict[str, int] = {}
        self._answers: dict[str, tuple[int, str | None]] = {}

    def read(self, block: Block) -> None:
        """Judge the lines of a block."""
        self._judge.source = self._exchange
        for exchange in log_exchanges(block, self.takes):
            self._judge.exchange(exchange.line, exchange, milliseconds(exchange.time, self._clock))
        self._judge.settle()
        self._taken.clear()

    def _exchange(self, number: int) -> Exchange:
        """Read a line that was taken as any other; where it begins is found when it is told."""
        (exchange,) = log_exchanges(Block(self._taken[number] + b"\n", 0, number))
        exchange.offset = -1
        return exchange

    def takes(self, line: bytes, number: int) -> bool:
        """Say whether a line was taken; ``number`` counts lines in the part."""
        if b"\\" in line or b"#" in line:
            return False
        pieces = line.decode("latin-1").split('"')
        if len(pieces) < _QUOTED:
            return False
        words = pieces[1].split(" ")
        answer = self._answers.get(pieces[2]) or self._answer(pieces[2])
        if len(words) != _WORDS or answer is None:
            return False
        method, target, protocol = words
        if method not in _METHODS or protocol not in _PROTOCOLS or not target:
            return False
        body = None
        if "sign=" not in target:
            body = pieces[-2]
            if "sign=" not in body or "sign=" in '"'.join(pieces[2:-2]):
                return False
            if "'" in body or "<" in body or ">" in body or "|" in body:
                return False
        ms = self._moment(pieces[0])
        if ms is None:
            return False
        status, reply = answer
        query = target.partition("?")[2]
        if not self._judge.take(number, method, query, body, "", status, reply, ms):
            return False
        self._taken[number] = line
        return True

    def _moment(self, head: str) -> int | None:
        """Return the moment that stands last in what comes before the request line, and nowhere else."""
        if head.count("/") != _SLASHES:
            return None
        stamp = head[-_STAMP - 1 : -1]
        seconds = _SIXTY.get(stamp[_SECONDS : _SECONDS + 2])
        minute = self._minutes.get(stamp[:_SECONDS] + stamp[_SECONDS + 2 :])
        if minute is not None and seconds is not None:
            return minute + seconds
        if seconds is None or stamp[:1] + stamp[-1:] != "[]" or stamp.count("/") != _SLASHES:
            return None
        found = milliseconds(stamp[1:-1], self._clock)
        if found is not None:
            if len(self._minutes) >= _MOST:
                self._minutes.clear()
            self._minutes[stamp[:_SECONDS] + stamp[_SECONDS + 2 :]] = found - seconds
        return found

    def _answer(self, text: str) -> tuple[int, str | None] | None:
        """Return the status and, where its size tells it, the reply."""
        match = _ANSWER.fullmatch(text)
        if match is None:
            return None
        if len(self._answers) >= _MOST:
            self._answers.clear()
        answer = int(match[1]), BY_SIZE if match[1] == "200" and match[2] == "7" else None
        self._answers[text] = answer
        return answer
