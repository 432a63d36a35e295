"""JSON lines -> the judge: the plain input of an audit; ``lines-v1.schema.json`` describes it."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from io import BytesIO
from typing import Annotated, Any, Final, NamedTuple

from alipay_qr_conformance.audit.blocks import Block
from alipay_qr_conformance.audit.clock import Clock, milliseconds, moments
from alipay_qr_conformance.audit.judge import PartJudge
from alipay_qr_conformance.audit.messages import Messages
from alipay_qr_conformance.audit.tally import Place
from alipay_qr_conformance.reading.exchange import Exchange, Skipped
from alipay_qr_conformance.reading.lines import line_exchanges

FIELDS: Final = ("time", "kind", "method", "url", "contentType", "body", "bodyBase64", "status", "reply")
_STATUS: Final = FIELDS.index("status")
_NOTHING: Final = (None,) * len(FIELDS)
_TEXT_OR_NONE: Final = frozenset({str, type(None)})
_LARGEST_STATUS: Final = 999


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a line."""
    text = (files("alipay_qr_conformance.audit") / "lines-v1.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


class Record(NamedTuple):
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
        self._decode = decoder(self._names)

    def read(self, block: Block) -> None:
        """Judge the lines of a block."""
        if block.too_long:
            self._skip(block.first, block.offset, "too-long")
            return
        first, lines = block.first, block.lines
        found = self._records(lines)
        written, _, methods, urls, kinds, bodies, raws, statuses, replies = zip(*found, strict=True)
        times = moments([each or "" for each in written], self._clock)
        messages = Messages(methods, urls, kinds, bodies, raws, statuses, replies)
        self._judge.source = lambda number: exchange_of(Record(*found[number - first]), number, block)
        for at in self._judge.several(range(first, first + len(found)), messages, times):
            record = read_record(lines[at], self._names)
            if isinstance(record, str):
                if record:
                    self._skip(first + at, offset_of(block, first + at), record)
            elif record.url is None and record.body is None and record.bodyBase64 is None:
                self._other_names(lines[at], first + at, offset_of(block, first + at))
            else:
                self._judge.judge(first + at, exchange_of(record, first + at, block), times[at])

    def _records(self, lines: Sequence[bytes]) -> list[tuple[Any, ...]]:
        """Return the records of lines; where there is none, an empty one."""
        found = self._decode(lines) if self._decode is not None else [None] * len(lines)
        if found.count(None) > len(found) // 2:
            self._decode = None  # it costs more than it saves
        return [each or _record(line, self._names) for each, line in zip(found, lines, strict=True)]

    def _other_names(self, line: bytes, number: int, offset: int) -> None:
        """Read a line of another writer: Caddy, nginx, a log of an application."""
        for found in line_exchanges(BytesIO(line)):
            if isinstance(found, Skipped):
                self._skip(number, offset, found.reason)
            else:
                found.offset, found.line = offset, number
                self._judge.keep(number, found, milliseconds(found.time, self._clock))

    def _skip(self, number: int, offset: int, reason: str) -> None:
        self._judge.tally.skip(self._place._replace(number=number, offset=offset), reason)


Decode = Callable[[Sequence[bytes]], list[tuple[Any, ...] | None]]


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
    values: Callable[[Any], tuple[Any, ...]] = msgspec.structs.astuple
    broken: tuple[type[Exception], ...] = (msgspec.MsgspecError, RecursionError)

    def read(lines: Sequence[bytes]) -> list[tuple[Any, ...] | None]:
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
    return Record(*_values(tree, names)) if isinstance(tree, dict) else "no-exchange"


def _record(line: bytes, names: Mapping[str, str]) -> tuple[Any, ...]:
    record = read_record(line, names)
    return _NOTHING if isinstance(record, str) else record


def _values(tree: Mapping[str, Any], names: Mapping[str, str]) -> list[Any]:
    """Return the fields of a record without what is no text, or no HTTP status."""
    values = list(map(tree.get, names.values()))
    status, values[_STATUS] = values[_STATUS], None
    if not _TEXT_OR_NONE.issuperset(map(type, values)):
        values = [value if isinstance(value, str) else None for value in values]
    if type(status) is str and status.isdecimal() and len(status) == 3:  # noqa: PLR2004 (an HTTP status)
        status = int(status)
    if type(status) is int and 0 < status <= _LARGEST_STATUS:
        values[_STATUS] = status
    return values


def offset_of(block: Block, number: int) -> int:
    """Return how many bytes stand before a line of a block in its file."""
    return block.offset + sum(map(len, block.lines[: number - block.first]))


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
