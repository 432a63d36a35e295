"""Messages that are printed like one before them: found by what stands between the values, and proved.

A log prints all its messages in one way. Once one was read, the texts between its values are looked for in
what follows; what stands between those is a guess at the values, and the sign says whether it is right.
A guess that is wrong costs little: the text is read in all ways then, as if nobody had guessed.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from alipay_qr_conformance.reading.decoding import declared_charset
from alipay_qr_conformance.reading.message import Candidate, Message, Pairs
from alipay_qr_conformance.reading.octets import to_bytes
from alipay_qr_conformance.reading.spans import has_name

_MOST: Final = 8
"""Ways of printing that are known at once; services have different names."""

_LONGEST_BETWEEN: Final = 64
_LONGEST_END: Final = 4


class _Print(NamedTuple):
    """How a message was printed: what stands before each value, and behind the last one."""

    marks: tuple[str, ...]
    end: str
    source: str
    reading: Candidate

    def values(self, text: str) -> tuple[int, int, list[str]] | None:
        """Return where a message like it begins and ends in a text, and its values."""
        start = text.find(self.marks[0])
        if start < 0:
            return None
        values: list[str] = []
        at = start + len(self.marks[0])
        for mark in self.marks[1:]:
            end = text.find(mark, at)
            if end < 0:
                return None
            values.append(text[at:end])
            at = end + len(mark)
        end = text.find(self.end, at) if self.end else len(text)
        if end < 0:
            return None
        values.append(text[at:end])
        return start, end, values


class Alike:
    """Guesses at messages by how those before them were printed.

    ``holds`` says whether the sign of a reading is right.
    """

    def __init__(self, holds: Callable[[Candidate], bool]) -> None:
        self._holds = holds
        self._known: list[_Print] = []

    def learn(self, text: str, message: Message) -> None:
        """Remember how a right message was printed, if its values stand in the text as they are."""
        reading = message.candidates.first
        if reading.wire or reading.sent_in or any(way == "struct" for way, _ in reading.ways):
            return
        marks = _marks(text, reading.params)
        if marks is None or any(each.marks == marks[0] for each in self._known) or not self._holds(reading):
            return
        self._known.insert(0, _Print(*marks, message.source, reading))
        del self._known[_MOST:]

    def read(self, text: str) -> tuple[int, str, Candidate] | None:
        """Return where a message begins, the form it stands in, and its reading, proved; else None."""
        for place, known in enumerate(self._known):
            found = known.values(text)
            if found is None:
                continue
            start, end, values = found
            if has_name(to_bytes(text[:start])) or has_name(to_bytes(text[end:])):
                continue  # another message stands beside it
            names = (name for name, _ in known.reading.params)
            params = tuple(zip(names, values, strict=True))
            charset = declared_charset(params) or known.reading.charset
            guess = replace(known.reading, params=params, charset=charset)
            if self._holds(guess):
                self._known.insert(0, self._known.pop(place))
                return start, known.source, guess
        return None


def _marks(text: str, params: Pairs) -> tuple[tuple[str, ...], str] | None:
    """Return what stands before each value, and behind the last; None where a value is not found."""
    if not params or len(text) > 1 << 16:
        return None
    edges = [text.find(params[0][0])]
    ends = [edges[0]]
    for name, value in params:
        at = text.find(name, ends[-1])
        begin = text.find(value, at + len(name)) if at >= 0 else -1
        if begin < 0 or begin - ends[-1] > _LONGEST_BETWEEN:
            return None
        edges.append(begin)
        ends.append(begin + len(value))
    marks = tuple(text[end:begin] for end, begin in zip(ends[:-1], edges[1:], strict=True))
    tail = text[ends[-1] :]
    end = tail[: next((at for at, each in enumerate(tail) if each.isalnum()), len(tail))][:_LONGEST_END]
    return (marks, end) if end or not tail else None
