"""`read`: any text or file -> the messages in it, in their order, in memory that does not grow with it.

Three passes over the same bytes, one after the other in each place: blocks that say themselves where they
begin and end (responses, HTML forms, command lines), then lines with the protocol's names, and each of
these in every view that may be what was there before a program, a page or a mail changed it.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO
from itertools import pairwise
from typing import Final, NamedTuple

from alipay_qr.wire import Request
from alipay_qr_conformance.reading import commands
from alipay_qr_conformance.reading.addressed import joined
from alipay_qr_conformance.reading.alike import Alike
from alipay_qr_conformance.reading.assemble import (
    LISTS,
    is_signed,
    kind_of,
    message_of,
    spanned,
    stands_among_pairs,
    text_of,
)
from alipay_qr_conformance.reading.decoding import FORM_TYPE, candidates, requested, typed
from alipay_qr_conformance.reading.documents import MAX_DOCUMENT, document_exchanges
from alipay_qr_conformance.reading.draft import Draft
from alipay_qr_conformance.reading.exchange import Exchange
from alipay_qr_conformance.reading.har import har_exchanges, is_har
from alipay_qr_conformance.reading.json_text import document
from alipay_qr_conformance.reading.keys import keys
from alipay_qr_conformance.reading.markup import html_forms
from alipay_qr_conformance.reading.message import Candidate, Message, Place, Readings
from alipay_qr_conformance.reading.names import KNOWN, is_message, is_received
from alipay_qr_conformance.reading.octets import to_bytes
from alipay_qr_conformance.reading.patterns import later
from alipay_qr_conformance.reading.protocols import error_codes, foreign_marks
from alipay_qr_conformance.reading.responses import read_answer, response_elements
from alipay_qr_conformance.reading.spans import Span, spans
from alipay_qr_conformance.reading.unpacked import unpacked
from alipay_qr_conformance.reading.views import VIEWS

MAX_INPUT: Final = 16 * 1024 * 1024
_HEAD: Final = 64 * 1024
_LINE_SEPARATOR: Final = "\u2028".encode()
"""What word processors and chats break a line with."""

_BLOCK: Final = later(rb"<alipay\s*>|(?i:<form\b)|(?m:^" + commands.BEGIN + rb")")
_ESCAPED_WORD: Final = later(rb"(?<![a-z])[a-z]++(?:\\_[a-z]++)+")
_ESCAPED: Final = frozenset(name.replace("_", "\\_").encode() for name in KNOWN)
_MANY: Final = 100
"""Messages of one part that are read in all ways; of those behind them the first plain way is enough."""

_MOST_IN_VAIN: Final = 1_000
"""Texts beside a sign that gave no message with a whole one, each taken apart in all ways. What stands behind
them is not read, unless there are others."""

_VAIN_FOR_EACH: Final = 4

_NEXT_HAR: Final = later(rb'(?m)^\{\s{0,80}"log"\s{0,8}:')
_FORM_END: Final = later(rb"(?i)</form\s*>")
_SHORTEST_SIGN: Final = 32
_LONGEST_FORM: Final = 262_144
_LONGEST_RESPONSE: Final = 262_144


class TooLargeError(ValueError):
    """The input has more bytes than are read; ``size`` is how many."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def read(
    data: bytes, charset: str = "UTF-8", holds: Callable[[Candidate], bool] | None = None
) -> Iterator[Message]:
    """Yield the messages in ``data``, in their order.

    Args:
        data: at most 16 MB of anything.
        charset: what an absent ``_input_charset`` means.
        holds: says whether the sign of a reading is right; of many messages that are printed alike, those
            for which it does have this one reading.

    Raises:
        TooLargeError: there is more.
    """
    if len(data) > MAX_INPUT:
        raise TooLargeError(len(data))
    data = joined(_named(plain_bytes(data).replace(_LINE_SEPARATOR, b"\n")))
    kinds: set[str] = set()
    for message in _messages(data, charset, holds):
        kinds.add(message.kind)
        yield message
    lines = _Lines(data)
    for message in _revealed(data, charset, holds, lines):
        kinds.add(message.kind)
        yield message
    for key in keys(data):
        kinds.add("key")
        yield Message(
            "key", lines.place(key.start), key.form, detail=key.label, secret=key.text, marks=key.marks
        )
    if "error-code" not in kinds and "response" not in kinds:
        for start, code in error_codes(data):
            kinds.add("error-code")
            yield Message("error-code", lines.place(start), "text", detail=code)
    if not kinds:
        for start, name in foreign_marks(data):
            yield Message("other-protocol", lines.place(start), "text", detail=name)


def _messages(data: bytes, charset: str, holds: Callable[[Candidate], bool] | None) -> Iterator[Message]:
    if is_har(data[:_HEAD]):
        yield from _har(data, charset)
        return
    if data[:1] in {b"{", b"["} and len(data) <= MAX_DOCUMENT:
        found = list(_document(data, charset))
        if not found and (members := list(_members(data, charset))):
            found = members
            if holds is not None and not all(any(map(holds, each.candidates)) for each in members):
                spread = list(_spread(data, charset, holds))
                found = spread if any(any(map(holds, each.candidates)) for each in spread) else members
        yield from found
        if found:
            return
    yield from _spread(data, charset, holds)


def _spread(data: bytes, charset: str, holds: Callable[[Candidate], bool] | None) -> Iterator[Message]:
    """Yield the messages of a text that is no document: blocks, and lines between them."""
    lines = _Lines(data)
    alike = Alike(holds) if holds is not None else None
    at = 0
    for block in _blocks(data, charset, lines):
        yield from _between(data, (at, block.start), charset, lines, alike)
        if lines.in_vain >= _MOST_IN_VAIN:
            return
        yield from block.messages
        at = block.end
    yield from _between(data, (at, len(data)), charset, lines, alike)


def _named(data: bytes) -> bytes:
    r"""Return the text with ``notify_id`` for ``notify\_id``, as Markdown and LaTeX write it."""
    if b"\\_" not in data or not any(found[0] in _ESCAPED for found in _ESCAPED_WORD.finditer(data)):
        return data
    return data.replace(b"\\_", b"_")


def _revealed(
    data: bytes, charset: str, holds: Callable[[Candidate], bool] | None, lines: "_Lines"
) -> Iterator[Message]:
    """Yield the messages that stand in base64, each with the place of its base64."""
    if is_har(data[:_HEAD]):
        return  # its reader has decoded them
    told, starts, places = unpacked(data)
    for message in _messages(told, charset, holds) if told else ():
        place = lines.place(places[bisect_right(starts, message.place.offset) - 1])
        yield replace(message, place=place, candidates=Readings(map(_from_base64, message.candidates)))


def _from_base64(candidate: Candidate) -> Candidate:
    return replace(candidate, ways=(("base64", ""), *candidate.ways))


def plain_bytes(data: bytes) -> bytes:
    """Return the bytes without a byte order mark, and UTF-16 as UTF-8."""
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(codec, "replace").encode("utf-8", "replace")
    head = data[:64]
    if len(head) > 8 and head[1::2].count(0) * 2 > len(head) // 2 and b"\0" not in head[::2]:  # noqa: PLR2004 (too short to say)
        return data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    return data.removeprefix(b"\xef\xbb\xbf")


class _Lines:
    """Offsets -> places; asked in rising order, each line end is counted once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._line = 1
        self.in_vain = 0  # texts taken apart without a whole sign in them, less some for each with one

    def place(self, offset: int, entry: int = -1) -> Place:
        if offset >= self._at:
            self._line += self._data.count(b"\n", self._at, offset)
        else:
            self._line -= self._data.count(b"\n", offset, self._at)
        self._at = offset
        return Place(offset, self._line, offset - self._data.rfind(b"\n", 0, offset), entry)


class _Block(NamedTuple):
    start: int
    end: int
    messages: list[Message]


def _blocks(data: bytes, charset: str, lines: _Lines) -> Iterator[_Block]:
    at = 0
    while (found := _BLOCK.search(data, at)) is not None:
        word = found[0].lstrip()[:5].lower()
        if word.startswith(b"<alip"):
            block = _response_block(data, found.start(), at, lines)
        elif word.startswith(b"<form"):
            block = _form_block(data, found.start(), charset, lines)
        else:
            block = _command_block(data, found.start(), charset, lines)
        if block is None:
            at = found.end()
            continue
        yield block
        at = block.end


def _response_block(data: bytes, start: int, low: int, lines: _Lines) -> _Block | None:
    element = next(response_elements(data, max(low, start - 256), start + _LONGEST_RESPONSE), None)
    if element is None:
        return None
    message = _answered(data[element.start : element.end], lines.place(element.start))
    return _Block(element.start, element.end, [message]) if message is not None else None


def _answered(data: bytes, place: Place, *ways: str) -> Message | None:
    answer = read_answer(data, tuple((way, "") for way in ways))
    if answer.candidates:
        return Message("response", place, "xml", Readings(answer.candidates))
    return Message("error-code", place, "xml", detail=answer.error) if answer.error else None


def _form_block(data: bytes, start: int, charset: str, lines: _Lines) -> _Block | None:
    following = data.find(b"<form", start + 5, start + _LONGEST_FORM)
    limit = following if following >= 0 else min(len(data), start + _LONGEST_FORM)
    found = _FORM_END.search(data, start, limit)
    end = found.end() if found else limit
    if b"sign" not in data[start:end]:
        return None
    drafts = list(html_forms(data[start:end].decode("utf-8", "surrogateescape")))
    if not drafts:
        return None
    message = message_of(drafts, charset, lines.place(start))
    return _Block(start, end, [message]) if message is not None else None


def _command_block(data: bytes, start: int, charset: str, lines: _Lines) -> _Block | None:
    end = commands.command_end(data, start)
    if b"=" not in data[start:end]:
        return None
    try:
        request = commands.command_request(data[start:end].decode("utf-8", "surrogateescape"))
    except commands.NotReadError:
        return None
    found = tuple(requested(request, charset, certain=True))
    found += tuple(typed(found[0], charset))
    names = [name for name, _ in found[0].params]
    if not is_message(names):
        return None
    message = Message(kind_of(found[0].params), lines.place(start), "command", Readings(found))
    return _Block(start, end, [message])


def _har(data: bytes, charset: str) -> Iterator[Message]:
    """Yield the messages of a HAR file, and of those behind it in the same text; entries are counted on."""
    first = 0
    starts = (found.start() for found in _NEXT_HAR.finditer(data, 1))
    for start, end in pairwise([0, *starts, len(data)]):
        number = first
        for each in har_exchanges(BytesIO(data[start:end])):
            number = first + each.entry
            place = Place(start + each.offset, 0, 0, number)
            if isinstance(each, Exchange):
                yield from _recorded(each, place, charset)
        first = number + 1


def _recorded(each: Exchange, place: Place, charset: str) -> Iterator[Message]:
    found = tuple(exchange_candidates(each, charset))
    if found and is_message(name for name, _ in found[0].params):
        yield Message(kind_of(found[0].params), place, "har", Readings(found))
    if each.reply and b"<alipay" in each.reply and (answer := _answered(each.reply.strip(), place)):
        yield answer


def _document(data: bytes, charset: str) -> Iterator[Message]:
    """Yield the messages of a collection or another document of JSON, request by request."""
    for number, each in enumerate(document_exchanges(data)):
        found = tuple(exchange_candidates(each, charset))
        if found and is_message(name for name, _ in found[0].params):
            place = _Lines(data).place(max(0, data.find((found[0].sign or "\0").encode()[:16])))
            yield Message(
                kind_of(found[0].params), place._replace(entry=number), each.source, Readings(found)
            )


def _members(data: bytes, charset: str) -> Iterator[Message]:
    """Yield the messages that are objects somewhere in a small document, if these are all it has."""
    if len(data) > _HEAD:
        return
    lines, text = _Lines(data), text_of(data)
    drafts = list(document(text))
    signs = {draft.sign for draft in drafts}
    if len(signs) != data.count(b'sign"') + data.count(b'sign\\"') + data.count(b"sign="):
        return
    for sign in dict.fromkeys(draft.sign for draft in drafts):
        place = lines.place(max(0, data.find(to_bytes(sign))))
        message = message_of([draft for draft in drafts if draft.sign == sign], charset, place)
        if message is not None:
            yield message


def exchange_candidates(exchange: Exchange, charset: str = "UTF-8") -> Iterator[Candidate]:
    """Yield the readings of a recorded request: query and body together, and the body alone."""
    if exchange.params is not None:
        yield from candidates(Draft(0, 0, exchange.source, params=exchange.params, certain=True), charset)
        return
    kind = exchange.content_type or FORM_TYPE
    if exchange.body:
        request = Request("POST", exchange.query, exchange.body, kind)
        found = list(requested(request, charset, certain=True))
        if exchange.query and is_received(name for name, _ in found[0].params):
            yield from requested(request._replace(query=b""), charset, certain=True)
        yield from found
    elif exchange.query:
        yield from requested(Request("GET", exchange.query), charset, certain=True)


def _between(
    data: bytes, place: tuple[int, int], charset: str, lines: _Lines, alike: Alike | None
) -> Iterator[Message]:
    """Yield the messages of a part of the text that has no blocks."""
    start, end = place
    part = data if place == (0, len(data)) else data[start:end]
    usual: tuple[str, ...] = ()
    for number, span in enumerate(spans(part)):
        brief = number >= _MANY
        if alike is not None and (known := _known(part, span, alike, sure=not brief)) is not None:
            before, source, readings = known
            at = start + span.start + len(to_bytes(before))
            lines.in_vain -= _VAIN_FOR_EACH
            yield Message(kind_of(readings[0].params), lines.place(at), source, Readings(readings))
            continue
        found = list(spanned(part, span, charset, brief=brief, usual=usual))
        for message in found:
            if number + 1 >= _MANY:
                sent = next((each for each in message.candidates if each.wire), None)
                usual = tuple(way for way, _ in sent.ways if way in VIEWS) if sent is not None else usual
            yield replace(message, place=lines.place(start + message.place.offset))
        if any(len(each.candidates.first.sign or "") >= _SHORTEST_SIGN for each in found):
            lines.in_vain -= _VAIN_FOR_EACH
        elif not brief or is_signed(part, span):
            lines.in_vain += 1
        if lines.in_vain >= _MOST_IN_VAIN and span.high < len(part):
            yield Message("unread", lines.place(min(len(data), start + span.end + 1)), "text")
            return
        if alike is not None and len(found) == 1:
            alike.learn(partial(_texts, part, span), found[0])


def _texts(part: bytes, span: Span) -> Iterator[str]:
    """Yield the lines of a span, then those with what stands behind: the value of the last name may."""
    yield text_of(part[span.start : span.end])
    if span.high > span.end:
        yield text_of(part[span.start : span.high])


def _known(part: bytes, span: Span, alike: Alike, *, sure: bool) -> tuple[str, str, list[Candidate]] | None:
    """Return as `Alike.read` what a span holds that is printed like one before it."""
    texts = _texts(part, span) if not span.head else ()
    found = next((read for text in texts if (read := alike.read(text, sure=sure)) is not None), None)
    if found is None or found[1] not in LISTS or not stands_among_pairs(part, span):
        return found
    return *found[:2], [replace(each, certain=False) for each in found[2]]
