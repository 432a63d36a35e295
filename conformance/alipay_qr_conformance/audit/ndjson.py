"""JSON lines -> the judge: the plain input of an audit; ``lines-v1.schema.json`` describes it.

A line is decoded once; lines that are like it are then recognised by one pattern, and decoded no more.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from importlib.resources import files
from io import BytesIO
from typing import Annotated, Any, Final

from alipay_qr_conformance.audit.blocks import Block
from alipay_qr_conformance.audit.clock import Clock, milliseconds, moments
from alipay_qr_conformance.audit.forms import GAP, NEWS
from alipay_qr_conformance.audit.judge import PartJudge
from alipay_qr_conformance.audit.learned import Frame, Learned
from alipay_qr_conformance.audit.messages import Message
from alipay_qr_conformance.audit.reply import DONE, carried_out, outcome
from alipay_qr_conformance.audit.tally import Place
from alipay_qr_conformance.reading.exchange import Exchange, Skipped
from alipay_qr_conformance.reading.lines import line_exchanges

FIELDS: Final = ("time", "kind", "method", "url", "contentType", "body", "bodyBase64", "status", "reply")
_TEXTS: Final = frozenset(FIELDS) - {"status"}
_LARGEST_STATUS: Final = 999


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a line."""
    text = (files("alipay_qr_conformance.audit") / "lines-v1.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@dataclass(slots=True)
class Record:
    """One line, as it is written; None is not recorded."""

    time: str | None
    kind: str | None
    method: str | None
    url: str | None
    contentType: str | None  # noqa: N815 (the name in the file)
    body: str | None
    bodyBase64: str | None  # noqa: N815
    status: int | None
    reply: str | None


class Lines:
    """Reads the JSON lines of one part.

    Args:
        judge: takes the records.
        clock: of the input.
        names: for a field of the schema, the name that the file has.
        place: of the part; its number is replaced.
    """

    def __init__(self, judge: PartJudge, clock: Clock, names: Mapping[str, str], place: Place) -> None:
        self._judge = judge
        self._clock = clock
        self._names = {name: names.get(name, name) for name in FIELDS}
        self._place = place
        self._learned = Learned(judge.profile)
        self._decode = decoder(self._names) if judge.learns else None

    def read(self, block: Block) -> None:
        """Judge the lines of a block."""
        if block.too_long:
            self._skip(block.first, block.offset, "too-long")
            return
        first = block.first
        self._judge.source = lambda number: self._exchange(block.lines[number - first], number, block)
        left = list(range(len(block.lines)))
        if self._decode is not None:
            records = self._decode(block.lines)
            left = self._typed(records, first)
            if records.count(None) > len(records) // 2:
                self._decode = None  # it costs more than it saves
        lines = [line.decode("latin-1") for line in block.lines] if left else []
        text = _is_text(block.data)
        while left:
            if text:
                left = self._known(lines, left, first)
            for turn, at in enumerate(left, 1):
                if self._line(lines[at], first + at, block) and text:
                    left = left[turn:]
                    break
            else:
                break
        self._judge.settle()

    def _typed(self, records: Sequence[Message | None], first: int) -> list[int]:
        """Judge records that msgspec read; return the places of the rest, where it may have read none."""
        times = moments([record[0] or "" if record else "" for record in records], self._clock)
        return self._judge.several(range(first, first + len(records)), records, times)

    def _known(self, lines: list[str], left: list[int], first: int) -> list[int]:
        """Judge the lines that are like others before; return the places of the rest."""
        taken: set[int] = set()
        for known, places, rows in self._learned.recognise(lines, left):
            taken.update(places)
            times = moments(known.column("time", rows), self._clock)
            ends = None
            if known.form.kind != NEWS:
                replies = known.column("reply", rows) if "?reply" in known.form.at else [None] * len(rows)
                ends = [
                    self._ended(known.status, reply, first + at)
                    for at, reply in zip(places, replies, strict=True)
                ]
            self._judge.known(known, [first + at for at in places], rows, times, ends)
        return [at for at in left if at not in taken] if len(taken) < len(left) else []

    def _ended(self, status: int | None, reply: str | None, number: int) -> str:
        """Return what became of a request; where its reply does not tell at a glance, it is read again."""
        if reply is not None and carried_out(status, reply):
            return DONE
        exchange = None if reply is None else self._judge.source(number)
        return outcome(status, exchange.reply if exchange is not None else None)[0]

    def _exchange(self, line: bytes, number: int, block: Block) -> Exchange | None:
        """Read a line that is like others but did not pass; it may be no JSON at all."""
        record = read_record(line, self._names)
        if isinstance(record, str):
            self._skip(number, offset_of(block, number), record)
            return None
        return exchange_of(record, number, block)

    def _line(self, line: str, number: int, block: Block) -> bool:
        """Judge one line; say whether lines like it are known from now on."""
        record = read_record(line.encode("latin-1"), self._names)
        if isinstance(record, str):
            if record:
                self._skip(number, offset_of(block, number), record)
            return False
        if record.url is None and record.body is None and record.bodyBase64 is None:
            self._other_names(line.encode("latin-1"), number, offset_of(block, number))
            return False
        ms = None if record.time is None else milliseconds(record.time, self._clock)
        if not self._judge.take(number, astuple(record), ms):
            self._judge.judge(number, exchange_of(record, number, block), ms)
            return False
        if not self._judge.learns:
            return False
        frame = frame_of(
            line, record, self._names, self._judge.charset_of(record.contentType or "") or "UTF-8"
        )
        return frame is not None and self._learned.learn(frame)

    def _other_names(self, line: bytes, number: int, offset: int) -> None:
        """Read a line of another writer: Caddy, nginx, a log of an application."""
        for found in line_exchanges(BytesIO(line)):
            if isinstance(found, Skipped):
                self._skip(number, offset, found.reason)
            else:
                found.offset, found.line = offset, number
                self._judge.exchange(number, found, milliseconds(found.time, self._clock))

    def _skip(self, number: int, offset: int, reason: str) -> None:
        self._judge.tally.skip(self._place._replace(number=number, offset=offset), reason)


_MEMBER: Final = re.compile(r'(\s*"([^"\\]*)"\s*:\s*)("(?:[^"\\]|\\.)*+"|[^\s,"{}\[\]]++)(\s*[,}])')
_TEXT: Final = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*+)*+"'
_NOT_TEXT: Final = r"(?:-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|true|false|null)"
"""Values of JSON, by its grammar."""
_ADDRESS: Final = r"[ !$->@-\[\]-~]*+(?:\\/[ !$->@-\[\]-~]*+)*+"
"""Printable ASCII without what ends an address, or is escaped."""


def frame_of(line: str, record: Record, names: Mapping[str, str], charset: str) -> Frame | None:
    """Return what stands around the form in a line; None where it is not written plainly, and flat."""
    known = {written: name for name, written in names.items()}
    holder = "body" if record.body else "url"
    text = record.body or (record.url or "").partition("?")[2]
    parts, seen, at = [re.escape(line[:1])], set(), 1
    while match := _MEMBER.match(line, at):
        at = match.end()
        name = known.get(match[2], "")
        if match[2] in seen:
            return None
        seen.add(match[2])
        value = _value_pattern(name, match[3], holder, text)
        parts += [re.escape(match[1]), value, re.escape(match[4])]
    before, mark, behind = "".join(parts).partition(_FORM)
    if line[:1] != "{" or line[at:] != "\n" or not mark:
        return None
    return Frame(before, behind, text.split("&"), charset, record.status)


_FORM: Final = "\0"
"""Stands for the form in a pattern of the whole line."""


def _value_pattern(name: str, written: str, holder: str, text: str) -> str:
    if written[0] != '"':
        return re.escape(written) if name else _NOT_TEXT
    if name == "time":
        return r'"(?P<time>[ !#-\[\]-~]*+)"'
    if name == "reply" and holder == "url":
        return GAP
    if name == holder:
        head = written.removesuffix(f'{text}"')
        if holder == "body":
            return f'"{_FORM}"' if head == '"' else ""
        return rf'"{_ADDRESS}\?{_FORM}"' if head.endswith("?") else ""
    if name == "url":
        return f'"{_ADDRESS}"'
    return re.escape(written) if name else _TEXT


def _is_text(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


Decode = Callable[[Sequence[bytes]], list[Message | None]]


def decoder(names: Mapping[str, str]) -> Decode | None:
    """Return what reads lines that have fields of the schema alone, as its types say; None without msgspec.

    It returns None for any other line: `read_record` decides.
    """
    try:
        import msgspec  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    status = Annotated[int, msgspec.Meta(ge=1, le=_LARGEST_STATUS)]
    fields: list[Any] = [(name, (status if name == "status" else str) | None, None) for name in FIELDS]
    try:
        line = msgspec.defstruct("Line", fields, rename=dict(names), forbid_unknown_fields=True, gc=False)
    except (ValueError, TypeError):
        return None
    decode: Callable[[bytes], Any] = msgspec.json.Decoder(line).decode
    values: Callable[[Any], Message] = msgspec.structs.astuple
    broken: tuple[type[Exception], ...] = (msgspec.MsgspecError, RecursionError)

    def read(lines: Sequence[bytes]) -> list[Message | None]:
        try:
            return list(map(values, map(decode, lines)))
        except broken:
            return [None] if len(lines) == 1 else [found for line in lines for found in read([line])]

    return read


def read_record(line: bytes, names: Mapping[str, str]) -> Record | str:
    """Return the record in a line, or why there is none; an empty text for a blank line."""
    text = line.strip()
    if not text:
        return ""
    try:
        tree = json.loads(text)
    except RecursionError:
        return "depth"
    except ValueError:
        return "broken"
    if not isinstance(tree, dict):
        return "no-exchange"
    values = {name: tree.get(written) for name, written in names.items()}
    status = values["status"]
    if isinstance(status, str) and status.isdecimal() and len(status) == 3:  # noqa: PLR2004 (an HTTP status)
        values["status"] = int(status)
    elif type(status) is not int or not 0 < status <= _LARGEST_STATUS:
        values["status"] = None
    for name in _TEXTS:
        if values[name] is not None and not isinstance(values[name], str):
            values[name] = None
    return Record(**values)


def offset_of(block: Block, number: int) -> int:
    """Return how many bytes stand before a line of a block in its file."""
    at = 0
    for _ in range(number - block.first):
        at = block.data.index(b"\n", at) + 1
    return block.offset + at


def exchange_of(record: Record, number: int, block: Block) -> Exchange:
    """Return a record as an exchange."""
    body = None if record.body is None else record.body.encode("utf-8", "surrogatepass")
    if record.bodyBase64 is not None:
        try:
            body = base64.b64decode(record.bodyBase64, validate=True)
        except (binascii.Error, ValueError):
            body = None
    reply = record.reply
    return Exchange(
        source="json-line",
        offset=offset_of(block, number),
        line=number,
        method=record.method or "",
        url=(record.url or "").encode("utf-8", "surrogatepass"),
        content_type=record.contentType or "",
        body=body,
        status=record.status,
        reply=None if reply is None else reply.encode("utf-8", "surrogatepass"),
        time=record.time or "",
    )


def records(block: Block, names: Mapping[str, str]) -> Iterator[tuple[int, Record]]:
    """Yield line number and record of the readable lines of a block, for a first look at an input."""
    if block.too_long:
        return
    for at, line in enumerate(block.lines):
        record = read_record(line, names)
        if not isinstance(record, str):
            yield block.first + at, record
