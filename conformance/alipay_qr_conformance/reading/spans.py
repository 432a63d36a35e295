"""Where in a large text a message may be: lines with the protocol's names, in constant memory."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from alipay_qr_conformance.reading.names import ANCHORS, BESIDE, CAMEL, is_message
from alipay_qr_conformance.reading.patterns import later

_AFTER: Final = (
    rb"(?=(?:\xe2\x80\x9d)?[\\\"'\]`)>*}]{0,16}(?:[ \t]|\xc2\xa0|\xe3\x80\x80){0,80}"
    rb"(?:=|:|,|;|\||\t|-{1,4}>|---?[^-]|/?>|<|\"|'|\^|\\|%3[DdEe]|%25|&#(?:61|[xX]3[dD]);|\xef\xbc[\x8c\x9a\x9b\x9d]|\xe3\x80\x91|\r?\n|&gt;|&quot;|\Z)"
    rb"|[\\\"'\]`)>*]{0,6}(?: {2}|(?:\xc2\xa0){2}|[ \t]{1,4}\xe4\xb8\xba[ \t]|#| (?:[vV]alue|VALUE)\b|"
    rb"[ \t]{0,80}(?:-|\xe2\x80[\x93\x94])[ \t]|[ \t]{0,80}\xe2(?:\x86\x92|\x87\x92|\x94[\x82\x83])))"
)
_NAMES: Final = sorted({*ANCHORS, *CAMEL}, key=len, reverse=True)
_ANCHOR: Final = later(b"(?:" + "|".join(map(re.escape, _NAMES)).encode() + b")" + _AFTER)
_BESIDE: Final = later(
    rb"(?<![A-Za-z0-9_])(?P<name>"
    + "|".join(sorted(BESIDE)).encode()
    + b")"
    + _AFTER
    + rb"([^\r\n\w]*+\r?\n)?"
)
_MOST_BETWEEN: Final = 8
"""Lines between two names of one message that have no name of the protocol."""
_EMPTY: Final = later(rb"\n[ \t]{0,80}\r?\n")
_PAIR_A_LINE: Final = 3
"""Lines from which on a message is one that has a pair a line: behind its sign a wider gap ends it."""
_LONGEST_BETWEEN: Final = 65_536
_LONGEST_LINE: Final = 1024 * 1024
_SEPARATORS: Final = (b",", b"\t", b";", b"|")
_FEWEST_COLUMNS: Final = 2
_CELL: Final = later(rb"[\s\"'`\[\]]*\w+[\s\"'`\[\]]*")
_RULE: Final = later(rb"[\s+|:=-]*")
_RULES: Final = 2
"""Lines drawn below the head of a table."""
_ROWS: Final = 32_768
"""Bytes of rows that are read at a time."""
_LABEL: Final = later(rb"(?::|\xef\xbc\x9a)[ \t]*\r?\n")
_LONGEST_FOLDED: Final = 16_384
_CONTINUES: Final = later(rb"[=\\]\r?\n")
"""A line that goes on in the next one: quoted-printable, a shell."""

_REPEATED: Final = frozenset({"_input_charset"})
"""What stands in the query of a POST and, wrongly but often, in its body again."""
_SENT: Final = frozenset({"service", "biz_type", "partner_refund_id"})
_RECEIVED: Final = frozenset({"notify_id", "notify_time", "notify_type", "trade_status"})
"""Names of a notification, which no request has."""

_TAIL_LINES: Final = 12
_TAIL_BYTES: Final = 8192
_HEAD_LINES: Final = 6
_HEAD_BYTES: Final = 2048
_FRAME_LINES: Final = 4
_NEAR: Final = 6
"""Lines that one pair may take."""
_OPENS: Final = later(rb"[\[{(][ \t]*\r?\n\Z")
_CLOSES: Final = later(rb"\r?\n[ \t]*[\]})][\]}) \t,;]*")
_LONGEST_BARE: Final = 90
_BARE: Final = later(rb"\n[ \t]{0,40}(?:[a-z#?] )?[a-z_]{2,40}[:\t ]{0,4}\r?\Z")
"""A line that is a name alone: its value stands on the next one."""
_SHORTEST_FOLDED: Final = 40
_GOES_ON: Final = later(rb"\n([> ]{0,8}[A-Za-z0-9%+/=&._~-]+)\r?(?=\n|\Z)")
"""A line that may be the rest of the one before it: one word."""
_DIGEST: Final = later(rb"[> ]{0,8}[0-9a-f]{32}")

_ANY_LABEL: Final = frozenset({"sign"})
"""What labels of texts end with: ``presign: ...``."""


class Span(NamedTuple):
    """Bytes of a text that are read together.

    Attributes:
        start, end: of the lines with names.
        low, high: of the lines around that have none, where a request line or a sign may stand.
        head: the line of names, where the part is rows of a table below it.
        cut: whether its first line stands directly below those of another message, which may have taken
            some that belong to this one.
    """

    start: int
    end: int
    low: int
    high: int
    head: bytes = b""
    cut: bool = False


class _Line(NamedTuple):
    start: int
    end: int
    names: frozenset[str]


def names_in(data: bytes) -> frozenset[str]:
    """Return the names of the protocol in a text, those that any text may have among them."""
    names = {found[0] for found in _ANCHOR.finditer(data)} | {each["name"] for each in _BESIDE.finditer(data)}
    return frozenset(name.decode("ascii") for name in names)


def spans(data: bytes) -> Iterator[Span]:
    """Yield the parts of ``data`` in which messages may be, in their order."""
    low = 0
    group: _Group | None = None
    for line in _lines(data):
        if group is not None and group.has_row(data, line):
            continue
        if group is not None and group.takes(data, line):
            group = group.with_(data, line)
            continue
        if group is not None and group.may_be_message():
            for span in _parts(data, group, low, line.start):
                yield span
                low = span.end
        cut = group is not None and line.start <= max(low, group.end) + 1
        group = _Group(line.start, line.end, line.names, (_told_again(line.names),), cut=cut)
    if group is not None and group.may_be_message():
        yield from _parts(data, group, low, len(data))


def _parts(data: bytes, group: "_Group", low: int, stop: int) -> Iterator[Span]:
    """Yield the span of a group; of a table its head with the first rows, then the others."""
    end = _last_row(data, group, stop)
    if not end:
        yield _span(data, group, low, stop)
        return
    head, at = data[group.start : group.end], group.start
    while at < end:
        following = _line_end(data, min(at + _ROWS, end), end)
        yield Span(at, following, low, following, head)
        low = at = following


@lru_cache(maxsize=4)
def _columns(head: bytes) -> int:
    """Return how many columns follow the first one of a table's head; 0 where a line is none."""
    cells = head.strip(b"| \t\r").split(max(_SEPARATORS, key=head.count))
    if len(cells) <= _FEWEST_COLUMNS or len(head) > _HEAD_BYTES:
        return 0
    return len(cells) - 1 if all(map(_CELL.fullmatch, cells[1:-1])) else 0


def _has(data: bytes, start: int, end: int, columns: int) -> bool:
    """Say whether a line may be a row of so many columns."""
    return 0 < columns <= max(data.count(each, start, end) for each in _SEPARATORS)


def _last_row(data: bytes, group: "_Group", stop: int) -> int:
    """Return where the rows end that stand below a group, if it is the head of a table; else 0."""
    columns = _columns(data[group.start : group.end]) if group.lines == 1 else 0
    first = end = group.end
    for _ in range(_RULES + 1):
        first, end = end, _line_end(data, end + 1, stop)
        if not _RULE.fullmatch(data, first, end):
            break
    if not _has(data, first, end, columns):
        return 0
    end = stop
    while not _has(data, start := max(first, data.rfind(b"\n", first, end)), end, columns):
        end = start
    return end


class _Group(NamedTuple):
    """Lines that may hold one message."""

    start: int
    end: int
    names: frozenset[str]
    last: tuple[frozenset[str], ...] = ()
    """What the last two lines tell that may stand below them again: ``Key: sign`` below ``"sign" = ...``."""
    lines: int = 1
    gap: int = 0
    """The most line ends between two of its lines."""
    parted: bool = False
    """Whether an empty line stands between two of its lines."""
    cut: bool = False

    def takes(self, data: bytes, line: _Line) -> bool:
        """Say whether a line may go on with the message of the lines before it."""
        if line.start - self.end > _LONGEST_BETWEEN or line.end - self.start > _LONGEST_LINE:
            return False
        mark = _CONTINUES.search(data, max(0, self.end - 2), self.end + 2)
        quoted = mark is not None and (mark[0][:1] != b"=" or b"=3D" in data[self.start : self.end])
        if quoted and line.end - self.start < _LONGEST_FOLDED:
            return True
        again = self.names & line.names - _REPEATED
        if again and (is_message(line.names | {"sign"}) or not line.names <= frozenset().union(*self.last)):
            return False
        told = "sign" in self.names or self.last[-1] <= _ANY_LABEL
        if told and _are_of_two(self.names, line.names):
            return False
        gap = data.count(b"\n", self.end, line.start)
        if not self.is_whole():
            return gap <= max(_MOST_BETWEEN, 2 * self.gap)
        return gap <= self.gap and (self.parted or not _EMPTY.search(data, self.end, line.start))

    def has_row(self, data: bytes, line: _Line) -> bool:
        """Say whether a line is a row of the table whose head this is."""
        if self.lines > 1 or is_message(line.names | _ANY_LABEL) or not self.may_be_message():
            return False
        return _has(data, line.start, line.end, _columns(data[self.start : self.end]))

    def is_whole(self) -> bool:
        """Say whether this is a message with its sign, a pair a line."""
        return self.lines >= _PAIR_A_LINE and "sign" in self.names and is_message(self.names)

    def is_done(self) -> bool:
        """Say whether this is a message with its sign, to which no name of `BESIDE` below it belongs."""
        ends = self.lines == 1 or bool(self.names & _SENT)
        return ends and "sign" in self.names and is_message(self.names)

    def may_be_message(self) -> bool:
        return is_message(self.names | {"sign"})

    def with_(self, data: bytes, line: _Line) -> "_Group":
        gap = max(self.gap, data.count(b"\n", self.end, line.start))
        names = self.names | line.names
        parted = self.parted or _EMPTY.search(data, self.end, line.start) is not None
        last = (*self.last[-1:], _told_again(line.names))
        return _Group(self.start, line.end, names, last, self.lines + 1, gap, parted, self.cut)


def _told_again(names: frozenset[str]) -> frozenset[str]:
    """Return the names of a line that the line below it may tell again: of a whole message the sign alone."""
    return names & _ANY_LABEL if len(names) > 1 and is_message(names | _ANY_LABEL) else names


def _are_of_two(above: frozenset[str], below: frozenset[str]) -> bool:
    """Say whether names stand together in no message: those of a request and of a notification."""
    return bool((above & _SENT and below & _RECEIVED) or (above & _RECEIVED and "service" in below))


def _lines(data: bytes) -> Iterator[_Line]:
    """Yield the lines that have names; a line is cut where it is too long for one message."""
    start = end = -1
    names: set[str] = set()
    for found in _ANCHOR.finditer(data):
        at = found.start()
        if found[0] == b"sign" and _LABEL.match(data, found.end()):
            continue  # "text to sign:"
        if found[0] == b"timestamp" and data[at - 1 : at] == b"@":
            continue  # a log's own
        if (
            data[at - 1 : at] in {b"&", b"="}
            and data[found.end() : found.end() + 2].lstrip(b"\r")[:1] == b"\n"
        ):
            continue  # a folded line ends in the middle of a name or value, or behind it
        if at >= end or (at - start > _LONGEST_LINE and is_message(names)):
            if names:
                yield _Line(start, min(end, at), frozenset(names))
            cut = at < end
            start = at if cut else max(_line_start(data, max(0, end), at), at - _LONGEST_BETWEEN)
            end = end if cut else _soft_end(data, start, at)
            names = set()
        name = found[0].decode("ascii")
        names.add(CAMEL.get(name, name))
    if names:
        yield _Line(start, end, frozenset(names))


def _line_start(data: bytes, low: int, at: int) -> int:
    """Return where a line begins, with those before it that quoted-printable broke off."""
    start = data.rfind(b"\n", 0, at) + 1
    while start > low:
        above = max(low, data.rfind(b"\n", low, start - 1) + 1)
        if not _is_soft(data, above, start - 1):
            break
        start = above
    return start


def _soft_end(data: bytes, start: int, at: int) -> int:
    """Return where a line ends, with those behind it that quoted-printable broke off."""
    end = _line_end(data, at, len(data))
    while end < len(data) and end - start < _LONGEST_FOLDED and _is_soft(data, start, end):
        end = _line_end(data, end + 1, len(data))
    return end


def _is_soft(data: bytes, start: int, end: int) -> bool:
    """Say whether the line end at ``end`` is one of quoted-printable, which is none of the text."""
    mark = data[end - 2 : end].removesuffix(b"\r")[-1:]
    return mark == b"=" and b"=3D" in data[start:end]


def _span(data: bytes, group: _Group, low: int, high: int) -> Span:
    start, end = _framed(data, group, low, high)
    if _BARE.search(data, max(start, end - _LONGEST_BARE), end):
        end = _line_end(data, end + 1, high)
    before = after = 0
    head, tail = start, end
    while before < _HEAD_LINES and head > low and start - head < _HEAD_BYTES:
        head = max(low, data.rfind(b"\n", low, head - 1) + 1) if head > 0 else 0
        before += 1
    while after < _TAIL_LINES and tail < high and tail - end < _TAIL_BYTES:
        following = data.find(b"\n", tail + 1, high)
        tail = high if following < 0 else following
        after += 1
    return Span(start, end, max(low, head), min(high, tail), cut=group.cut and group.lines > 1)


def _framed(data: bytes, group: _Group, low: int, high: int) -> tuple[int, int]:
    """Return where a group begins and ends with the lines of brackets around it."""
    apart = _EMPTY.search(data, group.end, high) if group.is_whole() and not group.parted else None
    near = apart.start() if apart is not None else high
    end = _rest(data, group, high)
    near = end if group.is_done() else max(near, group.end)  # what stands below it begins the next message
    start, end = _beside(data, group.start, end, low, near)
    for _ in range(_FRAME_LINES):
        before = max(low, data.rfind(b"\n", low, max(low, start - 1)) + 1)
        if before >= start or start - before > _HEAD_BYTES or not _OPENS.search(data, before, start):
            break
        start = before
    for _ in range(_FRAME_LINES):
        closing = _CLOSES.match(data, end, high)
        if closing is None:
            break
        end = closing.end()
    return start, end


def _beside(data: bytes, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Return where a group begins and ends with the lines of `BESIDE` around it."""
    for _ in BESIDE:
        head = start
        for _ in range(_NEAR):
            head = max(low, data.rfind(b"\n", low, max(low, head - 1)) + 1)
        found = _BESIDE.search(data, head, start) if start - head < _HEAD_BYTES else None
        if found is None:
            break
        start = max(low, data.rfind(b"\n", low, found.start()) + 1)
    for _ in BESIDE:
        tail = end
        for _ in range(_NEAR):
            tail = _line_end(data, tail + 1, high)
        found = _BESIDE.search(data, end, tail) if tail - end < _TAIL_BYTES else None
        if found is None or any(each["name"] == found["name"] for each in _BESIDE.finditer(data, start, end)):
            break  # what the message has already, begins the next one
        end = _line_end(data, found.end(), high)
    return start, end


def _line_end(data: bytes, at: int, high: int) -> int:
    found = data.find(b"\n", at, high)
    return high if found < 0 else found


def _rest(data: bytes, group: _Group, high: int) -> int:
    """Return where a group ends with the lines on which its last one goes on, where it was folded."""
    end = group.end
    width = len(data[max(group.start, data.rfind(b"\n", 0, end) + 1) : end].rstrip())
    while width >= _SHORTEST_FOLDED and end - group.end < _HEAD_BYTES:
        line = _GOES_ON.match(data, end, high)
        if line is None or len(line[1]) > width or ("sign" not in group.names and _DIGEST.fullmatch(line[1])):
            break
        end = line.end()
        if len(line[1]) < width:
            break
    return end
