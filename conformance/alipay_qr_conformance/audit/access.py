"""Lines of an access log in the combined format -> the judge; lines that are alike by one pattern."""

import re
from typing import Final

from alipay_qr_conformance.audit.blocks import Block, block_of
from alipay_qr_conformance.audit.clock import Clock, milliseconds, moments
from alipay_qr_conformance.audit.judge import PartJudge
from alipay_qr_conformance.audit.learned import Frame, Learned
from alipay_qr_conformance.audit.log_lines import log_exchanges
from alipay_qr_conformance.reading.exchange import Exchange

_TIME: Final = r"[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}"
_HEAD: Final = rf"[^\"/\[]*+\[(?P<time>{_TIME})\] "
_PATH: Final = r"[^ \"?#=]++"
_TARGET: Final = rf"(?:{_PATH})?+"
_PROTOCOL: Final = r" HTTP/[0-9.]++\" "
_LINE: Final = re.compile(rf'{_HEAD}"(GET|POST) ({_TARGET})(\??)([^ "]*+){_PROTOCOL}([0-9]{{3}}) ([0-9]++|-)')
_ALIKE: Final = r"(?: [^\n]*)?"


class AccessLines:
    """Hands the lines of logs to the judge; the moments in them are corrected by the clock."""

    def __init__(self, judge: PartJudge, clock: Clock) -> None:
        self._judge = judge
        self._clock = clock
        self._learned = Learned(judge.profile)

    def read(self, block: Block) -> None:
        """Judge the lines of a block."""
        judge, first = self._judge, block.first
        lines = [line.decode("latin-1") for line in block.lines]
        done: set[int] = set()
        judge.source = lambda number: _exchange(lines[number - first], number)
        for known, places, rows in self._learned.recognise(lines, range(len(lines))):
            done.update(places)
            times = moments(known.column("time", rows), self._clock)
            judge.known(known, [first + at for at in places], rows, times, None)
        if len(done) < len(lines):
            for exchange in log_exchanges(block, lambda _, number: number - first in done):
                ms = milliseconds(exchange.time, self._clock)
                if judge.exchange(exchange.line, exchange, ms) and judge.learns:
                    frame = _frame(lines[exchange.line - first], exchange)
                    if frame is not None:
                        self._learned.learn(frame)
        judge.settle()


def _exchange(line: str, number: int) -> Exchange | None:
    """Read a line as any other; where it begins is found when it is told."""
    exchange = next(log_exchanges(block_of(line.encode("latin-1"), 0, number)), None)
    if exchange is not None:
        exchange.offset = -1
    return exchange


def _frame(line: str, exchange: Exchange) -> Frame | None:
    """Return what stands around the form in a line that `log_lines` reads as this exchange.

    Of a form with a character that no form has on the wire it takes a part, or unescapes it: the fast path
    leaves such a form, whatever its sign.
    """
    match = _LINE.match(line)
    if match is None:
        return None
    _, method, _, mark, query, status, size = match.groups()
    before = f'{_HEAD}"{method} '
    if mark:
        behind = rf"{_PROTOCOL}{status} (?:[0-9]++|-){_ALIKE}"
        return (
            Frame(rf"{before}{_TARGET}\?", behind, query.split("&"), "", int(status))
            if "sign=" in query
            else None
        )
    body = (exchange.body or b"").decode("latin-1")
    at = line.find(body, match.end()) if body else -1
    between = line[match.end() : at]
    if at < 0 or not between.endswith('"') or "sign=" in between or line[at + len(body) :][:1] != '"':
        return None
    before += rf"{_PATH}{_PROTOCOL}{status} {size}{re.escape(between)}"
    return Frame(before, r'"[^\n]*', body.split("&"), "UTF-8", int(status))
