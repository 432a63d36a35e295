"""Where trade records live: the `Store` that the merchant needs, and the one in memory.

A store has one duty: `Store.change` is atomic. Two callers (a refund being sent, a notification coming
in) never both decide on the same old record; the second decides on what the first has written.
The one on disk is `alipay_qr.merchant.sqlite.SqliteStore`.
"""

from threading import Lock
from typing import Protocol

from alipay_qr.merchant.trade import Step, TradeRecord


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

    def trade_of_refund(self, partner_refund_id: str) -> str | None:
        """Return the number of the trade that has a refund of this number, pending or done, or None."""
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
