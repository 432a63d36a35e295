"""The gateway's memory in a SQLite file: a `MemoryStore` that is written down.

What life looks like: reads come from memory, which holds everything; changes gather, and `commit` writes all
of them in one transaction. Whoever answers a request commits first (`Server` does so once for all answers
that are ready), so what was acknowledged is in the file.

The file is in WAL mode with ``synchronous=NORMAL``: a commit survives the death of the process, by
``kill -9`` too, because it has reached the operating system. It may be lost when the power fails or the
system dies, unless the store is ``full``: then each commit waits for the disk. Whoever holds the file holds
it alone; the lock ends with its process.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal, TypeVar

from alipay_qr.errors import AlipayQrError
from alipay_qr_conformance.gateway.store.memory import (
    Code,
    Delivery,
    MemoryStore,
    Payment,
    Shop,
    Watcher,
)
from alipay_qr_conformance.gateway.store.rows import (
    code_of,
    code_text,
    delivery_of,
    delivery_text,
    payment_of,
    payment_text,
)

Durable = Literal["process", "full"]

_VERSION: Final = 1
_SMALLEST: Final = 512
"""Bytes of a database: SQLite takes less for none, and would write over it."""

_SYNCHRONOUS: Final[dict[Durable, str]] = {"process": "NORMAL", "full": "FULL"}
_ACKNOWLEDGED: Final = "acknowledged"
_TABLES: Final = ("setting", "counter", "code", "payment", "notify_id", "delivery")
_PUT: Final = "INSERT INTO {table} VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_Value = TypeVar("_Value")
_DAMAGED: Final = (
    sqlite3.Error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    AlipayQrError,
)
"""What reading a row raises that this class never wrote."""


class StoreError(AlipayQrError):
    """The file cannot serve as the gateway's memory; the message says why."""


class SqliteStore:
    """A `Store` in a file.

    Args:
        path: the file; it is made if there is none.
        seed: kept in the file, because it decides every id; None takes what the file has, or 0.
        durable: ``process``: a commit survives the process; ``full``: the loss of power too, and costs more.

    Raises:
        StoreError: another process uses the file, it was made with another seed, or it is something else.
    """

    def __init__(
        self, path: str | os.PathLike[str], seed: int | None = None, *, durable: Durable = "process"
    ) -> None:
        self._durable = durable
        self._path = os.fspath(path)
        self._memory = MemoryStore()
        self._dirty: dict[tuple[str, str], str | Callable[[], str]] = {}
        with contextlib.suppress(OSError):  # a new one is for its owner alone
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            self._database = sqlite3.connect(
                self._path, timeout=0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: {error}", code="store.unusable") from None
        try:
            self._open()
            self.seed = self._agree_on(seed)
        except StoreError:
            self._database.close()
            raise
        except _DAMAGED as error:
            self._database.close()
            raise StoreError(
                f"{self._path} is damaged: {type(error).__name__}: {str(error)[:200]}",
                code="store.damaged",
                hint="put back a copy of it, or name a new file",
            ) from None
        except BaseException:
            self._database.close()
            raise

    def secret(self, make: Callable[[], str]) -> str:
        """Return the secret of this file, made once; a new one each time where others can read the file."""
        if Path(self._path).stat().st_mode & 0o077:
            return make()
        kept = dict(self._rows("setting")).get("secret")
        if kept is None:
            kept = self._dirty["setting", "secret"] = make()
            self.commit()
        return kept

    # --- the file -----------------------------------------------------------------------------------

    def commit(self) -> None:
        """Write what has changed since the last commit, in one transaction.

        Raises:
            StoreError: the file cannot be written; nothing is forgotten, the next commit tries again.
        """
        if not self._dirty:
            return
        rows: dict[str, list[tuple[str, str]]] = {}
        for (table, key), value in self._dirty.items():
            rows.setdefault(table, []).append((key, value if isinstance(value, str) else value()))
        try:
            self._database.execute("BEGIN")
            for table, changed in rows.items():
                self._database.executemany(_PUT.format(table=table), changed)
            self._database.execute("COMMIT")
        except (sqlite3.Error, UnicodeError) as error:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise StoreError(f"{self._path}: {error}", code="store.unwritable") from None
        self._dirty.clear()

    def close(self) -> None:
        """Commit, and let go of the file."""
        try:
            self.commit()
        finally:
            self._database.close()

    def clear(self) -> None:
        """Forget everything but the seed, at once."""
        self._memory.clear()
        self._dirty.clear()
        self._database.execute("BEGIN")
        for table in _TABLES[1:]:
            self._database.execute(f"DELETE FROM {table}")  # noqa: S608 (a constant name)
        self._database.execute("COMMIT")

    def _open(self) -> None:
        if 0 < Path(self._path).stat().st_size < _SMALLEST:
            raise StoreError(
                f"{self._path} is no gateway's memory: file is not a database",
                code="store.unusable",
                hint="name a new file, or one that a gateway has made",
            )
        try:
            self._database.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute(f"PRAGMA synchronous={_SYNCHRONOUS[self._durable]}")
            self._database.execute("BEGIN EXCLUSIVE")  # the lock is taken here, and kept
            self._make_tables()
            self._database.execute("COMMIT")
            self._load()
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise StoreError(
                    f"{self._path} is in use by another gateway",
                    code="store.in-use",
                    hint="stop the other process, or give this one a file of its own",
                ) from None
            raise StoreError(f"{self._path}: {error}", code="store.unusable") from None
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{self._path} is no gateway's memory: {error}",
                code="store.unusable",
                hint="name a new file, or one that a gateway has made",
            ) from None

    def _make_tables(self) -> None:
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        (tables,) = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if version not in {0, _VERSION} or (version == 0 and tables):
            self._database.execute("ROLLBACK")
            raise StoreError(
                f"{self._path} was made by something else",
                code="store.unusable",
                hint="name a new file, or one that this version of the gateway has made",
            )
        for table in _TABLES:  # with row ids: without them a row above a kilobyte takes a page of its own
            self._database.execute(
                f"CREATE TABLE IF NOT EXISTS {table} (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)"
            )
        self._database.execute(f"PRAGMA user_version={_VERSION}")

    def _load(self) -> None:
        for name, value in self._rows("counter"):
            self._memory.counters[name] = int(value)
        for _, text in self._rows("code"):
            self._memory.put_code(code_of(text))
        for _, text in self._rows("payment"):
            self._memory.put_payment(payment_of(text))
        for name, state in self._rows("notify_id"):
            if state != _ACKNOWLEDGED:
                self._memory.put_notify_id(name)
        loaded = (delivery_of(text) for _, text in self._rows("delivery"))
        for delivery in sorted(loaded, key=lambda each: each.number):
            self._memory.put_delivery(delivery)

    def _rows(self, table: str) -> list[tuple[str, str]]:
        return self._database.execute(f"SELECT name, value FROM {table}").fetchall()  # noqa: S608 (a constant)

    def _agree_on(self, seed: int | None) -> int:
        kept = dict(self._rows("setting")).get("seed")
        if kept is None:
            self._dirty["setting", "seed"] = str(seed or 0)
            self.commit()
            return seed or 0
        if seed is not None and seed != int(kept):
            raise StoreError(
                f"{self._path} was made with seed {kept}, not {seed}",
                code="store.seed",
                hint="leave the seed out, or name another file: ids made with two seeds could collide",
            )
        return int(kept)

    def _put(self, table: str, key: str, write: Callable[[_Value], str], value: _Value) -> None:
        self._dirty[table, key] = lambda: write(value)

    # --- `Store` ------------------------------------------------------------------------------------

    def next_number(self, counter: str) -> int:
        """See `Store`."""
        number = self._memory.next_number(counter)
        self._dirty["counter", counter] = str(number)
        return number

    def last_number(self, counter: str) -> int:
        """See `Store`."""
        return self._memory.last_number(counter)

    def code(self, qrcode: str) -> Code | None:
        """See `Store`."""
        return self._memory.code(qrcode)

    def code_of(self, shop: Shop) -> Code | None:
        """See `Store`."""
        return self._memory.code_of(shop)

    def put_code(self, code: Code) -> None:
        """See `Store`."""
        self._memory.put_code(code)
        self._put("code", code.qrcode, code_text, code)

    def codes(self) -> Sequence[Code]:
        """See `Store`."""
        return self._memory.codes()

    def watch(self, told: Watcher) -> None:
        """See `Store`."""
        self._memory.watch(told)

    def payment(self, out_trade_no: str) -> Payment | None:
        """See `Store`."""
        return self._memory.payment(out_trade_no)

    def payment_by_trade_no(self, trade_no: str) -> Payment | None:
        """See `Store`."""
        return self._memory.payment_by_trade_no(trade_no)

    def payment_of_refund(self, partner_refund_id: str) -> Payment | None:
        """See `Store`."""
        return self._memory.payment_of_refund(partner_refund_id)

    def payments(self) -> Sequence[Payment]:
        """See `Store`."""
        return self._memory.payments()

    def put_payment(self, payment: Payment) -> None:
        """See `Store`."""
        self._memory.put_payment(payment)
        self._put("payment", payment.trade.out_trade_no, payment_text, payment)

    def put_notify_id(self, notify_id: str) -> None:
        """See `Store`."""
        if not self._memory.has_notify_id(notify_id):
            self._memory.put_notify_id(notify_id)
            self._dirty["notify_id", notify_id] = ""

    def drop_notify_id(self, notify_id: str) -> None:
        """See `Store`."""
        if self._memory.has_notify_id(notify_id):
            self._memory.drop_notify_id(notify_id)
            self._dirty["notify_id", notify_id] = _ACKNOWLEDGED

    def has_notify_id(self, notify_id: str) -> bool:
        """See `Store`."""
        return self._memory.has_notify_id(notify_id)

    def delivery(self, number: int) -> Delivery | None:
        """See `Store`."""
        return self._memory.delivery(number)

    def deliveries(self) -> Sequence[Delivery]:
        """See `Store`."""
        return self._memory.deliveries()

    def put_delivery(self, delivery: Delivery) -> None:
        """See `Store`."""
        self._memory.put_delivery(delivery)
        self._put("delivery", str(delivery.number), delivery_text, delivery)
