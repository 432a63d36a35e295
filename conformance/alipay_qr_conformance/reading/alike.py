r"""Messages that are printed like one before them: found by what stands between the values.

A log prints all its messages in one way. Once one was read, the texts between its values are looked for in
what follows. What stands between those is taken at once where no value has a character that could belong to
the frame; else it is a guess, and the sign says whether it is right. A guess that is wrong costs little: the
text is read in all ways then, as if nobody had guessed. Words of the frame that have a digit may differ:
times, lengths, numbers of lines, boundaries.
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple
from urllib.parse import unquote_plus

from alipay_qr_conformance.reading.decoding import declared_charset
from alipay_qr_conformance.reading.message import Candidate, Message, Pairs
from alipay_qr_conformance.reading.names import camel
from alipay_qr_conformance.reading.octets import to_bytes
from alipay_qr_conformance.reading.patterns import later
from alipay_qr_conformance.reading.spans import names_in
from alipay_qr_conformance.reading.views import VIEWS, undone, unescape

_MOST: Final = 16
"""Ways of printing that are known at once; services have different names."""
_MOST_IN_VAIN: Final = 64
"""Messages that are learnt from without another one that is alike."""

_BESIDE: Final = frozenset(
    {"decoded", "sign-apart", "table", "listed", "struct", "charset-assumed", "left-out"}
)
"""Ways that change no text: the values stand in it all the same."""
_LONGEST_BETWEEN: Final = 192
_LONGEST_END: Final = 4
_LONGEST_BEFORE: Final = 2
_LONGEST: Final = 1 << 16
_ENCODED: Final = later(r"(?:[\w.*+:/,@~!()-]|%[0-9A-Fa-f]{2})*", re.ASCII)
_PLAIN: Final = later(r"(?:(?!null|none|nil|undefined)[^\W_](?:[\w.:/@~ -]*[\w/])?)?", re.IGNORECASE)
_SIGNS: Final = {
    True: later(r"[0-9a-fA-F]{32}|(?:[A-Za-z0-9/]|%2[BbFf]){80,1400}(?:(?:%3[Dd]){1,2}|={0,2})"),
    False: later(r"[0-9a-fA-F]{32}|[A-Za-z0-9+/]{80,1400}={0,2}"),
}
_LAST: Final = later(r"[\w.%-]*", re.ASCII)
_NUMBER: Final = later(r"(?<=[^\w])\w*[0-9]\w*(?=[^\w])", re.ASCII)
"""A word with a digit, in the middle of what stands between two values."""
_ANY_WORD: Final = r"\w{1,72}"
_DECODE: Final[tuple[Callable[[str], str], ...]] = (
    str,
    unescape,
    html.unescape,
    lambda text: text.replace('""', '"'),
)
_ENCODE: Final[tuple[tuple[int, Callable[[str], str]], ...]] = (
    (0, str),
    (1, lambda value: json.dumps(value)[1:-1]),
    (1, lambda value: json.dumps(value, ensure_ascii=False)[1:-1]),
    (2, lambda value: html.escape(value, quote=True)),
    (2, lambda value: html.escape(value, quote=False)),
    (3, lambda value: value.replace('"', '""')),
)
"""How a value may stand in its quotes or tags, each with the place of what undoes it."""


class _Print(NamedTuple):
    """How a message was printed.

    Attributes:
        ways: what was undone.
        marks: what stands before each value.
        end: what stands behind the last one.
        order: the place of each value among the parameters; what has none is the same in all messages.
        code: the place of what the values are decoded by.
        beside: names of the protocol that stand around the message.
    """

    ways: tuple[str, ...]
    marks: tuple[str, ...]
    end: str
    order: tuple[int, ...]
    code: int
    source: str
    reading: Candidate
    beside: frozenset[str]
    frames: tuple[re.Pattern[str] | str, ...]

    def values(self, text: str) -> tuple[int, int, list[str]] | None:
        """Return where a message like it begins and ends in a text, and its values."""
        values: list[str] = []
        start = at = -1
        for frame in self.frames:
            if isinstance(frame, str):
                begin = text.find(frame, max(at, 0))
                end = begin + len(frame)
            else:
                found = frame.search(text, max(at, 0))
                begin, end = found.span() if found is not None else (-1, -1)
            if begin < 0:
                return None
            if at < 0:
                start = begin
            else:
                values.append(text[at:begin])
            at = end
        end = text.find(self.end, at) if self.end else len(text)
        if end < 0:
            return None
        values.append(text[at:end])
        return start, end, values

    def are_clear(self, values: list[str]) -> bool:
        """Say whether no value has what could belong to the frame around it, and the sign is a whole one."""
        wire, params = self.reading.wire, self.reading.params
        if ("charset-assumed", self.reading.charset) in self.reading.ways:
            return False
        shape = _ENCODED if wire else _PLAIN
        last = len(values) - 1
        for at, (place, value) in enumerate(zip(self.order, values, strict=True)):
            name = params[place][0]
            fits = _SIGNS[wire] if name == "sign" else _LAST if at == last else shape
            if not fits.fullmatch(value) and (wire or not _is_object(_DECODE[self.code](value))):
                return False
        return True

    def readings(self, values: list[str]) -> list[Candidate]:
        """Return the readings of these values: as a program reads them, and, of a form, as they stand."""
        made = [*self.reading.params]
        decode = _DECODE[self.code]
        for place, value in zip(self.order, values, strict=True):
            made[place] = made[place][0], decode(value)
        plain = tuple(made)
        if not self.reading.wire:
            return [_with(self.reading, plain)]
        charset = declared_charset(plain) or self.reading.charset
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
        self._left = _MOST_IN_VAIN

    def learn(self, texts: Callable[[], Iterator[str]], message: Message) -> None:
        """Remember how a message was printed, if its values stand in one of the texts, encoded or not.

        Of its readings the one that holds is remembered, else the likeliest.
        """
        if self._left <= 0 or not message.candidates:
            return
        self._left -= 1
        proved = next((each for each in message.candidates if self._holds(each)), None)
        for text in texts():
            if self._learns(
                text, message.source, proved or message.candidates.first, sure=proved is not None
            ):
                return

    def _learns(self, text: str, source: str, reading: Candidate, *, sure: bool) -> bool:
        ways = tuple(way for way, _ in reading.ways if way not in _BESIDE)
        if reading.sent_in or not VIEWS.keys() >= set(ways) or (view := undone(text, ways)) is None:
            return False
        for known in _prints(view.text, ways, source, reading):
            found = known.values(view.text)
            if (
                found is not None
                and any(each.params == reading.params for each in known.readings(found[2]))
                and (sure or known.are_clear(found[2]))
            ):
                beside = names_in(to_bytes(view.text[: found[0]])) | names_in(to_bytes(view.text[found[1] :]))
                self._known = [each for each in self._known if each[:5] != known[:5]]
                self._known.insert(0, known._replace(beside=beside))
                del self._known[_MOST:]
                return True
        return False

    def read(self, text: str, *, sure: bool) -> tuple[str, str, list[Candidate]] | None:
        """Return what stands before a message, its form, and its readings; None where none is clear.

        Args:
            text: where it may be.
            sure: True to return but a reading that holds.
        """
        shown: dict[tuple[str, ...], str] = {(): text}
        for place, known in enumerate(self._known):
            if known.ways not in shown:
                view = undone(text, known.ways)
                shown[known.ways] = view.text if view is not None else ""
            seen = shown[known.ways]
            found = known.values(seen)
            readings = known.readings(found[2]) if found is not None else []
            if found is None or not readings:
                continue
            start, end, values = found
            others = names_in(to_bytes(seen[:start])) | names_in(to_bytes(seen[end:]))
            if not others <= known.beside:
                continue  # another message stands beside it, or more of this one
            if (not sure and known.are_clear(values)) or self._holds(readings[0]):
                self._known.insert(0, self._known.pop(place))
                self._left = _MOST_IN_VAIN
                return ("" if known.ways else text[:start]), known.source, readings
        return None


def _is_object(value: str) -> bool:
    """Say whether a value is an object of JSON, in which nothing of the frame can be."""
    if value[:1] != "{":
        return False
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def _with(like: Candidate, params: Pairs) -> Candidate:
    charset = declared_charset(params) or like.charset
    return Candidate(params, charset, "", like.ways, like.notes, like.wire, like.certain)


def _decoded(value: str, charset: str) -> str:
    if "%" not in value and "+" not in value:
        return value
    return unquote_plus(value, charset, "strict")


def _prints(text: str, ways: tuple[str, ...], source: str, reading: Candidate) -> Iterator[_Print]:
    """Yield how a message may be printed in a text, for each way in which its values may stand there."""
    if not reading.params or len(text) > _LONGEST:
        return
    for code, encode in _ENCODE[:1] if reading.wire else _ENCODE:
        places = [_place(text, reading, name, encode(value)) for name, value in reading.params]
        found = sorted((place, at) for at, place in enumerate(places) if place is not None)
        ends = [0, *(place[2] for place, _ in found)]
        lost = [name for (name, _), place in zip(reading.params, places, strict=True) if place is None]
        if set(lost) - {"sign_type"} or any(
            place[0] < end or place[1] - end > _LONGEST_BETWEEN
            for (place, _), end in zip(found[1:], ends[1:], strict=False)
        ):
            continue
        first = found[0][0][0]
        before = text[max(0, first - _LONGEST_BEFORE) : first]
        before = re.sub(r"\A.*\w", "", before, flags=re.ASCII | re.DOTALL)
        if first and not before:
            continue
        ends[0] = first - len(before)
        marks = tuple(text[end : place[1]] for end, (place, _) in zip(ends[:-1], found, strict=True))
        tail = text[ends[-1] :]
        end = tail[: next((at for at, each in enumerate(tail) if each.isalnum()), len(tail))][:_LONGEST_END]
        if end or not tail:
            frames = tuple(map(_frame, marks))
            frames = frames if first else (re.compile(r"\A" + re.escape(marks[0])), *frames[1:])
            order = tuple(at for _, at in found)
            yield _Print(ways, marks, end, order, code, source, reading, frozenset(), frames)


def _frame(mark: str) -> re.Pattern[str] | str:
    """Return what finds a mark, whatever the numbers in it are."""
    parts = _NUMBER.split(mark)
    return mark if len(parts) == 1 else re.compile(_ANY_WORD.join(map(re.escape, parts)), re.ASCII)


def _place(text: str, reading: Candidate, name: str, value: str) -> tuple[int, int, int] | None:
    """Return where a name begins, and where its value begins and ends; None where it is not found."""
    for spelling in (name, camel(name), camel(name)[:1].lower() + camel(name)[1:]):
        for named in re.finditer(rf"(?<!\w){re.escape(spelling)}(?!\w)", text, re.ASCII):
            begin = named.end()
            if reading.wire:
                shape = _ENCODED if name != "sign" else _SIGNS[True]
                raw = shape.match(text, begin + 1) if text[begin : begin + 1] == "=" else None
                if raw is not None:
                    return named.start(), begin + 1, raw.end()
            elif (begin := text.find(value, begin, begin + _LONGEST_BETWEEN + len(value))) >= 0:
                return named.start(), begin, begin + len(value)
    at = text.find(value) if name == "sign" and value else -1
    return (at, at, at + len(value)) if at >= 0 else None
