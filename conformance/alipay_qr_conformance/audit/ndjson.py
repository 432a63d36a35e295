"""JSON lines -> exchanges: the plain input of an audit; ``lines-v1.schema.json`` describes it.

With msgspec, whole blocks are decoded into typed records; what that refuses, and everything where msgspec
is not installed, is read line by line with the standard library.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Any, Final, Protocol

from alipay_qr_conformance.audit.blocks import Block
from alipay_qr_conformance.audit.clock import Clock, milliseconds
from alipay_qr_conformance.audit.judge import PartJudge
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


class Record(Protocol):
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


@dataclass(slots=True)
class _Plain:
    """A record without msgspec."""

    time: str | None
    kind: str | None
    method: str | None
    url: str | None
    contentType: str | None  # noqa: N815
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
        self._decode = typed_decoder(self._names)
        self._taken: dict[int, tuple[Record, int]] = {}

    def read(self, block: Block) -> None:
        """Judge the lines of a block."""
        if block.too_long:
            self._skip(block.first, block.offset, "too-long")
            return
        records = self._decode(block.data) if self._decode else None
        if records is None or len(records) != block.lines:
            self._one_by_one(block)
            return
        first = number = block.first
        take, clock = self._judge.take, self._clock
        self._judge.source = lambda taken: exchange_of(records[taken - first], taken, block)
        for record in records:
            url, body, time = record.url, record.body, record.time
            if url is None and body is None:
                self._at(block, number)
            else:
                query = url.partition("?")[2] if url is not None and "?" in url else ""
                ms = None if time is None else milliseconds(time, clock)
                if record.bodyBase64 is not None or not take(
                    number,
                    record.method or "",
                    query,
                    body,
                    record.contentType or "",
                    record.status,
                    record.reply,
                    ms,
                ):
                    self._judge.judge(number, exchange_of(record, number, block), ms)
            number += 1
        self._judge.settle()

    def _at(self, block: Block, number: int) -> None:
        """Read one line of a block by itself."""
        line = block.data.split(b"\n", number - block.first + 1)[number - block.first]
        self._line(line, number, offset_of(block, number))

    def _one_by_one(self, block: Block) -> None:
        offset = block.offset
        for at, line in enumerate(block.data.split(b"\n")[:-1]):
            self._line(line, block.first + at, offset)
            offset += len(line) + 1
        self._judge.source = self._exchange
        self._judge.settle()
        self._taken.clear()

    def _exchange(self, number: int) -> Exchange:
        record, offset = self._taken[number]
        return exchange_of(record, number, Block(b"", offset, number))

    def _line(self, line: bytes, number: int, offset: int) -> None:
        record = read_record(line, self._names)
        if isinstance(record, str):
            if record:
                self._skip(number, offset, record)
            return
        if record.url is None and record.body is None and record.bodyBase64 is None:
            self._other_names(line, number, offset)
            return
        ms = None if record.time is None else milliseconds(record.time, self._clock)
        query = "" if record.url is None else record.url.partition("?")[2]
        status, reply = record.status, record.reply
        if record.bodyBase64 is not None or not self._judge.take(
            number, record.method or "", query, record.body, record.contentType or "", status, reply, ms
        ):
            self._judge.judge(number, exchange_of(record, number, Block(b"", offset, number)), ms)
        else:
            self._taken[number] = record, offset

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


def typed_decoder(names: Mapping[str, str]) -> Callable[[bytes], list[Record] | None] | None:
    """Return what decodes a block of lines with msgspec, or None where that is not installed.

    It returns None for a block that holds anything else than records of the documented types.
    """
    try:
        import msgspec
    except ImportError:
        return None
    kinds: dict[str, Any] = {name: int | None if name == "status" else str | None for name in FIELDS}
    record = msgspec.defstruct(
        "Record", [(name, kinds[name], None) for name in FIELDS], rename=dict(names), gc=False
    )
    decoder = msgspec.json.Decoder(record)

    def decode(data: bytes) -> list[Record] | None:
        try:
            found: Any = decoder.decode_lines(data)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return None
        records: list[Record] = found
        return records

    return decode


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
    return _Plain(**values)


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
    for at, line in enumerate(block.data.split(b"\n")[:-1]):
        record = read_record(line, names)
        if not isinstance(record, str):
            yield block.first + at, record
