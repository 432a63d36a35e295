"""Where trade records live: the `Store` that the merchant needs, and the one in memory.

A store has one duty: `Store.change` is atomic. Two callers (a refund being sent, a notification coming
in) never both decide on the same old record; the second decides on what the first has written.
The one on disk is `alipay_qr.merchant.sqlite.SqliteStore`.
"""

from threading import Lock
from typing import Protocol

from alipay_qr.merchant.trades import Step, TradeRecord


class Store(Protocol):
    """Keeps one record a trade."""

    def read(self, out_trade_no: str) -> TradeRecord:
        """Return the record of a trade; a number that nobody used yet has an empty one."""
        ...

    def change(self, out_trade_no: str, step: Step) -> TradeRecord:
        """Replace a record by ``step(record)`` and return the new one; if ``step`` raises, nothing changes.

        ``step`` is pure, quick, and does not call the store.
        """
        ...

    def clear(self) -> None:
        """Forget every trade."""
        ...


class MemoryStore:
    """Keeps the records while the process lives."""

    def __init__(self) -> None:
        self._records: dict[str, TradeRecord] = {}
        self._lock = Lock()

    def read(self, out_trade_no: str) -> TradeRecord:
        """Return the record of a trade."""
        with self._lock:
            return self._records.get(out_trade_no, TradeRecord(out_trade_no))

    def change(self, out_trade_no: str, step: Step) -> TradeRecord:
        """Replace a record under the store's lock."""
        with self._lock:
            record = step(self._records.get(out_trade_no, TradeRecord(out_trade_no)))
            self._records[out_trade_no] = record
            return record

    def clear(self) -> None:
        """Forget every trade."""
        with self._lock:
            self._records.clear()
