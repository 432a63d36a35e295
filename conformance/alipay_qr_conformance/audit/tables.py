"""The other books: what the merchant believes (``--books``), and what Alipay settled (``--statement``).

Both are tables, CSV with a head line or SQLite, whose columns may have other names. A row becomes an event
of its trade, so that it is compared where the trade's messages are::

    B  books: state, paid, currency, refunded, fulfilled, trade_no
    S  statement: type, amount, currency, time, trade_no
"""

import csv
import io
import sqlite3
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final, NamedTuple
from urllib.parse import quote

from alipay_qr_conformance.audit.events import NO_TIME, EventWriter
from alipay_qr_conformance.audit.inputs import Input, opened
from alipay_qr_conformance.audit.tally import Place, Tally

BOOKS: Final = "books"
STATEMENT: Final = "statement"
FORMATS: Final = frozenset({BOOKS, STATEMENT})

COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    BOOKS: {
        "out_trade_no": "out_trade_no",
        "state": "state",
        "paid": "paid",
        "currency": "currency",
        "refunded": "refunded",
        "fulfilled": "fulfilled",
        "trade_no": "trade_no",
    },
    STATEMENT: {
        "out_trade_no": "Partner_transaction_id",
        "type": "Transaction_type",
        "amount": "Transaction_amount",
        "currency": "Currency",
        "time": "Payment_time",
        "trade_no": "Transaction_id",
    },
}
"""What a table tells, and how its columns are called unless a map says otherwise.

The statement's names are those of Alipay's transaction file
(docs.antom.com/ac/merchant_qr_code_hk/transfile).
"""

_SQLITE: Final = b"SQLite format 3\0"
_LONGEST: Final = 256
_LONGEST_LINE: Final = 1024 * 1024
_LARGEST_VALUE: Final = 1024 * 1024
_COLUMNS: Final = "select name from pragma_table_xinfo(?) where hidden = 0"
"""The columns that are stored: what a table computes costs what its author likes."""


class TableError(ValueError):
    """A table cannot be read; the text says why."""


class Row(NamedTuple):
    """One row: its number, from 0, and its values by what they tell; absent columns are empty."""

    number: int
    values: dict[str, str]


def rows(found: Input, names: Mapping[str, str]) -> Iterator[Row]:
    """Yield the rows of a table.

    Args:
        found: the input; its format is `BOOKS` or `STATEMENT`.
        names: by ``format.what``, the name of a column.

    Raises:
        TableError: it is no such table, or its column of trade numbers is missing.
    """
    wanted = {what: names.get(f"{found.format}.{what}", name) for what, name in COLUMNS[found.format].items()}
    with opened(found) as file:
        head = file.read(len(_SQLITE))
    if head == _SQLITE:
        yield from _of_sqlite(found, wanted)
        return
    with opened(found) as file:
        yield from _of_csv(file, found.name, wanted)


def put_rows(
    found: Input, names: Mapping[str, str], partner: str, events: EventWriter, tally: Tally, place: Place
) -> int:
    """Write the rows of a table as events of ``partner``; return how many lines it has."""
    kind = "B" if found.format == BOOKS else "S"
    fields = [what for what in COLUMNS[found.format] if what != "out_trade_no"]
    number = 0
    try:
        for number, values in rows(found, names):
            if not values["out_trade_no"]:
                tally.skip(place._replace(number=number), "no-exchange")
                continue
            trade = quote(values["out_trade_no"], safe="")
            texts = "\t".join(quote(values[what], safe="") for what in fields)
            events.put(f"{partner}/{trade}", f"{NO_TIME}\t{place.part}\t{number}\t{kind}\t{texts}")
            tally.messages[place.file] += 1
    except (csv.Error, sqlite3.Error, TableError):
        tally.skip(place._replace(number=number), "broken")
    return number + 1


def _of_csv(file: BinaryIO, name: str, wanted: Mapping[str, str]) -> Iterator[Row]:
    text = io.TextIOWrapper(io.BufferedReader(_Raw(file)), "utf-8-sig", "replace", newline="")
    reader = csv.reader(_bounded(text))
    head = [each.strip() for each in next(reader, [])]
    places = _places(head, name, wanted)
    for row in reader:
        if row:
            values = {
                what: row[at].strip()[:_LONGEST] if 0 <= at < len(row) else "" for what, at in places.items()
            }
            yield Row(reader.line_num - 1, values)


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise csv.Error("a line is too long")
        yield line


def _of_sqlite(found: Input, wanted: Mapping[str, str]) -> Iterator[Row]:
    connection = sqlite3.connect(f"file:{quote(str(found.path))}?mode=ro&immutable=1", uri=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
    try:
        tables = connection.execute("select name from sqlite_master where type = 'table' and rootpage > 0")
        for (table,) in tables.fetchall():
            stored = {name for (name,) in connection.execute(_COLUMNS, (table,))}
            if wanted["out_trade_no"] not in stored:
                continue
            head = sorted(stored & {*wanted.values()})
            places = _places(head, found.name, wanted)
            names = ", ".join(map(_quoted, head))
            cursor = connection.execute(f"select {names} from {_quoted(table)}")  # noqa: S608 (quoted, from its own catalogue)
            for number, row in enumerate(cursor):
                yield Row(number, {what: _text(row[at]) if at >= 0 else "" for what, at in places.items()})
            return
        raise TableError(f"{found.name}: no table has a column {wanted['out_trade_no']}")
    finally:
        connection.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _places(head: list[str], name: str, wanted: Mapping[str, str]) -> dict[str, int]:
    if wanted["out_trade_no"] not in head:
        raise TableError(f"{name}: there is no column {wanted['out_trade_no']}")
    return {what: head.index(column) if column in head else -1 for what, column in wanted.items()}


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()[:_LONGEST]


class _Raw(io.RawIOBase):
    """Makes a stream of what has ``read`` alone."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type] # what a stream hands over has a buffer
        data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)
