"""Stores of trade records, in memory or in a SQLite file.

A store has one duty: `Store.change` is atomic. Two callers (a refund being sent, a notification coming
in) never both decide on the same old record; the second decides on what the first has written.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from decimal import Decimal
from os import PathLike
from threading import Lock
from typing import Any, Final, Protocol

from alipay_qr.ledger import Refund, State, Trade
from alipay_qr.merchant.trade import Step, TradeRecord

_BUSY_SECONDS: Final = 10.0
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS trade (out_trade_no TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS refund (partner_refund_id TEXT NOT NULL, out_trade_no TEXT NOT NULL) STRICT",
    "CREATE INDEX IF NOT EXISTS refund_number ON refund (partner_refund_id)",
    "CREATE INDEX IF NOT EXISTS refund_trade ON refund (out_trade_no)",
)


class Store(Protocol):
    """Keeps one record a trade."""

    def read(self, out_trade_no: str) -> TradeRecord:
        """Return the record of a trade; a number that nobody used yet has an empty one."""
        ...

    def change(self, out_trade_no: str, step: Step) -> TradeRecord:
        """Replace a record by ``step(record)``, unless that raises; return the new one.

        ``step`` is pure, quick, and does not call the store.
        """
        ...

    def trade_of_refund(self, partner_refund_id: str) -> str | None:
        """Return the number of the trade that has a refund of this number, or None."""
        ...

    def clear(self) -> None:
        """Forget every trade."""
        ...


class MemoryStore:
    """Keeps the records while the process lives."""

    def __init__(self) -> None:
        self._records: dict[str, TradeRecord] = {}
        self._owners: dict[str, str] = {}
        self._lock = Lock()

    def read(self, out_trade_no: str) -> TradeRecord:
        """Return the record of a trade."""
        with self._lock:
            return self._records.get(out_trade_no, TradeRecord(out_trade_no))

    def change(self, out_trade_no: str, step: Step) -> TradeRecord:
        """Replace a record under the store's lock."""
        with self._lock:
            before = self._records.get(out_trade_no, TradeRecord(out_trade_no))
            record = step(before)
            self._records[out_trade_no] = record
            now = {each.partner_refund_id for each in record.refunds}
            for each in before.refunds:
                if each.partner_refund_id not in now:
                    self._owners.pop(each.partner_refund_id, None)
            self._owners |= dict.fromkeys(now, out_trade_no)
            return record

    def trade_of_refund(self, partner_refund_id: str) -> str | None:
        """Return the number of the trade that has this refund, or None."""
        with self._lock:
            return self._owners.get(partner_refund_id)

    def clear(self) -> None:
        """Forget every trade."""
        with self._lock:
            self._records.clear()
            self._owners.clear()


class SqliteStore:
    """Keeps the records in a SQLite file, which threads and processes may share.

    One row a trade, and one a refund, so that a refund is found by its number. ``BEGIN IMMEDIATE`` takes
    the write lock before the record is read. Amounts are stored as text: SQLite has no decimals.

    Args:
        path: the file; it is created if need be. ``:memory:`` is refused: use `MemoryStore`.

    Raises:
        ValueError: ``path`` names no file.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        if str(path) in ("", ":memory:"):
            raise ValueError("a SqliteStore needs a file: every access opens a connection of its own")
        self._path = path
        with self._transaction() as connection:
            for statement in _SCHEMA:
                connection.execute(statement)

    def read(self, out_trade_no: str) -> TradeRecord:
        """Return the record of a trade."""
        with closing(self._connect()) as connection:
            return _select(connection, out_trade_no)

    def change(self, out_trade_no: str, step: Step) -> TradeRecord:
        """Replace a record in one transaction."""
        with self._transaction() as connection:
            record = step(_select(connection, out_trade_no))
            connection.execute("REPLACE INTO trade VALUES (?, ?)", (out_trade_no, _to_json(record)))
            connection.execute("DELETE FROM refund WHERE out_trade_no = ?", (out_trade_no,))
            rows = [(each.partner_refund_id, out_trade_no) for each in record.refunds]
            connection.executemany("INSERT INTO refund VALUES (?, ?)", rows)
            return record

    def trade_of_refund(self, partner_refund_id: str) -> str | None:
        """Return the number of the trade that has this refund, or None."""
        query = "SELECT out_trade_no FROM refund WHERE partner_refund_id = ?"
        with closing(self._connect()) as connection:
            row = connection.execute(query, (partner_refund_id,)).fetchone()
        return None if row is None else str(row[0])

    def clear(self) -> None:
        """Forget every trade."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM trade")
            connection.execute("DELETE FROM refund")

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _select(connection: sqlite3.Connection, out_trade_no: str) -> TradeRecord:
    row = connection.execute("SELECT record FROM trade WHERE out_trade_no = ?", (out_trade_no,)).fetchone()
    return TradeRecord(out_trade_no) if row is None else _from_json(out_trade_no, row[0])


def _to_json(record: TradeRecord) -> str:
    trade = record.trade
    known = trade and {
        "currency": trade.currency,
        "total": str(trade.total),
        "state": trade.state.value,
        "trade_no": trade.trade_no,
        "paid_at": _text(trade.paid_at),
        "ended_at": _text(trade.ended_at),
    }
    refunds = [
        {
            "partner_refund_id": refund.partner_refund_id,
            "amount": str(refund.amount),
            "currency": refund.currency,
            "requested_at": _text(refund.requested_at),
            "done": refund.done,
        }
        for refund in record.refunds
    ]
    return json.dumps(
        {
            "trade": known,
            "cancel": record.cancel,
            "refunds": refunds,
            "asynchronous": sorted(record.asynchronous),
            "fulfilled": record.fulfilled,
        }
    )


def _from_json(out_trade_no: str, text: str) -> TradeRecord:
    stored = json.loads(text)
    refunds = tuple(_refund(each) for each in stored["refunds"])
    trade = stored["trade"] and _trade(out_trade_no, stored["trade"], refunds)
    return TradeRecord(
        out_trade_no,
        trade=trade,
        cancel=stored["cancel"],
        unplaced=() if trade else refunds,
        asynchronous=frozenset(stored["asynchronous"]),
        fulfilled=stored["fulfilled"],
    )


def _trade(out_trade_no: str, stored: dict[str, Any], refunds: tuple[Refund, ...]) -> Trade:
    return Trade(
        out_trade_no,
        stored["currency"],
        Decimal(stored["total"]),
        State(stored["state"]),
        trade_no=stored["trade_no"],
        paid_at=_moment(stored["paid_at"]),
        ended_at=_moment(stored["ended_at"]),
        refunds=refunds,
    )


def _refund(stored: dict[str, Any]) -> Refund:
    return Refund(
        stored["partner_refund_id"],
        Decimal(stored["amount"]),
        stored["currency"],
        datetime.fromisoformat(stored["requested_at"]),
        stored["done"],
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
