"""Messages that are printed like one before them: found by what stands between the values.

A log prints all its messages in one way. Once one was read, the texts between its values are looked for in
what follows. What stands between those is taken at once where no value has a character that could belong to
the frame; else it is a guess, and the sign says whether it is right. A guess that is wrong costs little: the
text is read in all ways then, as if nobody had guessed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple
from urllib.parse import unquote_plus

from alipay_qr_conformance.reading.decoding import declared_charset
from alipay_qr_conformance.reading.message import Candidate, Message, Pairs
from alipay_qr_conformance.reading.octets import to_bytes
from alipay_qr_conformance.reading.spans import has_name
from alipay_qr_conformance.reading.views import VIEWS, undone

_MOST: Final = 8
"""Ways of printing that are known at once; services have different names."""

_BESIDE: Final = ("decoded", "sign-apart")
"""Ways that change no text: the values stand in it all the same."""
_LONGEST_BETWEEN: Final = 192
_LONGEST_END: Final = 4
_LONGEST_BEFORE: Final = 2
_ENCODED: Final = re.compile(r"(?:[\w.*+:/,@~!()-]|%[0-9A-Fa-f]{2})*", re.ASCII)
_PLAIN: Final = re.compile(r"(?:(?!null|none|nil|undefined)[^\W_](?:[\w.:/@~ -]*[\w/])?)?", re.IGNORECASE)
_BARE: Final = re.compile(r"\w")
_SIGNS: Final = {
    True: re.compile(r"[0-9a-fA-F]{32}|(?:[A-Za-z0-9/]|%2[BbFf]){80,1400}(?:={0,2}|(?:%3[Dd]){1,2})"),
    False: re.compile(r"[0-9a-fA-F]{32}|[A-Za-z0-9+/]{80,1400}={0,2}"),
}
_LENGTH: Final = re.compile(r"\b(string\(|s:)[0-9]{1,5}(?=\)|:[\"\\])")
"""PHP's `var_dump` and `serialize` print the length of each value before it."""
_BOUNDARY: Final = re.compile(r"^--\S{1,72}(?=\r?$)", re.MULTILINE)
"""Of a multipart form: each message has another."""
_LAST: Final = re.compile(r"[\w.%-]*", re.ASCII)


class _Print(NamedTuple):
    """How a message was printed: what was undone, what stands before each value, and behind the last one."""

    ways: tuple[str, ...]
    marks: tuple[str, ...]
    end: str
    source: str
    reading: Candidate

    def values(self, text: str) -> tuple[int, int, list[str]] | None:
        """Return where a message like it begins and ends in a text, and its values."""
        start = text.find(self.marks[0])
        if start < 0 or (start and _BARE.match(self.marks[0])):
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

    def are_clear(self, values: list[str]) -> bool:
        """Say whether no value has what could belong to the frame around it, and the sign is a whole one."""
        wire = self.reading.wire
        shape = _ENCODED if wire else _PLAIN
        last = len(values) - 1
        for place, ((name, _), value) in enumerate(zip(self.reading.params, values, strict=True)):
            if not (_SIGNS[wire] if name == "sign" else _LAST if place == last else shape).fullmatch(value):
                return False
        return True

    def readings(self, values: list[str]) -> list[Candidate]:
        """Return the readings of these values: as a program reads them, and, of a form, as they stand."""
        names = [name for name, _ in self.reading.params]
        plain = tuple(zip(names, values, strict=True))
        if not self.reading.wire:
            return [_with(self.reading, plain)]
        charset = declared_charset(plain) or "utf-8"
        try:
            read = tuple((name, _decoded(value, charset)) for name, value in plain)
        except (UnicodeDecodeError, LookupError):
            return []
        found = [_with(self.reading, read)]
        if read != plain:
            ways = (*self.reading.ways, ("decoded", ""))
            found.append(replace(_with(self.reading, plain), wire=False, notes=(), ways=ways))
        return found


class Alike:
    """Guesses at messages by how those before them were printed.

    ``holds`` says whether the sign of a reading is right, or is explained already.
    """

    def __init__(self, holds: Callable[[Candidate], bool]) -> None:
        self._holds = holds
        self._known: list[_Print] = []

    def learns(self, text: str, message: Message) -> bool:
        """Remember how a message was printed, if its values stand in the text as they are, or encoded."""
        reading = message.candidates.first
        ways = tuple(way for way, _ in reading.ways if way not in _BESIDE)
        if reading.sent_in or not VIEWS.keys() >= set(ways) or (view := undone(text, ways)) is None:
            return False
        text = _framed(view.text)
        found = _marks(text, reading)
        if found is None:
            return False
        known = _Print(ways, *found, message.source, reading)
        again = known.values(text)
        if (
            again is None
            or any((each.marks, each.end) == found for each in self._known)
            or not any(each.params == reading.params for each in known.readings(again[2]))
            or not (known.are_clear(again[2]) or self._holds(reading))
        ):
            return False
        self._known.insert(0, known)
        del self._known[_MOST:]
        return True

    def read(self, text: str) -> tuple[str, str, list[Candidate]] | None:
        """Return what stands before a message, its form, and its readings; None where none is clear."""
        shown: dict[tuple[str, ...], str] = {(): _framed(text)}
        for place, known in enumerate(self._known):
            if known.ways not in shown:
                view = undone(text, known.ways)
                shown[known.ways] = _framed(view.text) if view is not None else ""
            seen = shown[known.ways]
            found = known.values(seen)
            if found is None:
                continue
            start, end, values = found
            if has_name(to_bytes(seen[:start])) or has_name(to_bytes(seen[end:])):
                continue  # another message stands beside it
            readings = known.readings(values)
            if readings and (known.are_clear(values) or self._holds(readings[0])):
                self._known.insert(0, self._known.pop(place))
                return ("" if known.ways else text[:start]), known.source, readings
        return None


def _framed(text: str) -> str:
    """Return a text without what differs in frames that are alike; no value that is clear has the like."""
    if "string(" in text or "s:" in text:
        text = _LENGTH.sub(r"\1", text)
    return _BOUNDARY.sub("--", text) if "form-data" in text else text


def _with(like: Candidate, params: Pairs) -> Candidate:
    charset = declared_charset(params) or like.charset
    return Candidate(params, charset, "", like.ways, like.notes, like.wire, like.certain)


def _decoded(value: str, charset: str) -> str:
    if "%" not in value and "+" not in value:
        return value
    return unquote_plus(value, charset, "strict")


def _marks(text: str, reading: Candidate) -> tuple[tuple[str, ...], str] | None:
    """Return what stands before each value, and behind the last; None where a value is not found."""
    if not reading.params or len(text) > 1 << 16:
        return None
    places = list(_places(text, reading))
    if len(places) < len(reading.params):
        return None
    first = text.find(reading.params[0][0])
    before = text[max(0, first - _LONGEST_BEFORE) : first]
    head = next((at for at in range(len(before)) if not any(map(str.isalnum, before[at:]))), len(before))
    ends = [first - len(before) + head, *(end for _, end in places)]
    marks = tuple(text[end:begin] for end, (begin, _) in zip(ends[:-1], places, strict=True))
    tail = text[ends[-1] :]
    end = tail[: next((at for at, each in enumerate(tail) if each.isalnum()), len(tail))][:_LONGEST_END]
    return (marks, end) if end or not tail else None


def _places(text: str, reading: Candidate) -> Iterator[tuple[int, int]]:
    """Yield where each value begins and ends, as long as they follow upon each other."""
    at = text.find(reading.params[0][0])
    for name, value in reading.params:
        named = text.find(name, at)
        if named < 0:
            return
        if reading.wire:
            begin = named + len(name) + 1
            raw = _ENCODED.match(text, begin) if name != "sign" else _SIGNS[True].match(text, begin)
            end = raw.end() if raw and text[begin - 1] == "=" else -1
        else:
            begin = text.find(value, named + len(name))
            end = begin + len(value)
        if begin < 0 or end < 0 or begin - at > _LONGEST_BETWEEN:
            return
        yield begin, end
        at = end
