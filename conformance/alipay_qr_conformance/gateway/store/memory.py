"""The memory of the simulated gateway: codes, payments, notifications.

`Store` is all that the engine asks for; `MemoryStore` keeps it in dictionaries, `SqliteStore` (in its own
module) in a file. Values are frozen: to change one is to put its successor.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol

from alipay_qr.ledger import Trade

CodeStatus = Literal["NORMAL", "STOP", "DELETE"]
Way = Literal["body", "link", "url"]
DeliveryState = Literal["pending", "done", "given-up", "refused"]


class Shop(NamedTuple):
    """The owner of a code: a store of a merchant, with or without channel fee.

    ``counter`` is the ``store_id``, or the taxi's number where there is no store.
    """

    secondary_merchant_id: str
    counter: str
    with_channel_fee: bool


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code.

    ``data`` is its parsed ``biz_data``, ``made_by`` the sign type and the charset of its CREATE.
    """

    qrcode: str
    image_url: str
    shop: Shop
    data: dict[str, object]
    notify_url: str
    status: CodeStatus = "NORMAL"
    made_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """A trade as the gateway knows it.

    ``extra`` are the fields that its notifications carry besides; ``notify_url`` is its own address for
    them, where it does not use its code's.
    """

    trade: Trade
    qrcode: str | None = None
    extra: tuple[tuple[str, str], ...] = ()
    notify_url: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST of a notification, and what came back.

    Args:
        at: when it began, in seconds since 1970.
        late: how many seconds after its due moment that was.
        seconds: how long it took.
        status: the HTTP status; 0 where there was none.
        reply: the first 4 KiB of the body.
        error: why there was no answer, or why it does not count; empty where the merchant was content.
    """

    at: float
    late: float
    seconds: float
    status: int = 0
    reply: bytes = b""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notification for one address, on its way or delivered.

    Args:
        number: 1, 2, 3 ... in the order of their making.
        out_trade_no: the trade that it is about.
        event: what it reports, for people.
        url: where it goes.
        body: the signed form of the latest attempt; a repeat has a later ``notify_time``.
        content_type: of the body.
        due: the moment of the next attempt, in seconds since 1970.
        state: ``refused`` means that the address is not allowed.
        repeats: whether the schedule applies; False for one that is sent once, on demand.
        attempts: oldest first.
        way: ``body`` is how Alipay sends; ``link`` and ``url`` put the form into the address, by GET or POST.
    """

    number: int
    out_trade_no: str
    event: str
    url: str
    body: bytes
    content_type: str
    due: float
    state: DeliveryState = "pending"
    repeats: bool = True
    attempts: tuple[Attempt, ...] = ()
    way: Way = "body"


Watcher = Callable[[Literal["code", "trade", "notification"], str], None]


class Store(Protocol):
    """The gateway's memory."""

    def next_number(self, counter: str) -> int:
        """Return 1, 2, 3 ... for each counter."""
        ...

    def last_number(self, counter: str) -> int:
        """Return what `next_number` returned last, 0 before the first."""
        ...

    def code(self, qrcode: str) -> Code | None:
        """Return a code, deleted ones too."""
        ...

    def code_of(self, shop: Shop) -> Code | None:
        """Return the code of a shop that is not deleted."""
        ...

    def put_code(self, code: Code) -> None:
        """Keep a code, in place of the one with the same ``qrcode``."""
        ...

    def codes(self) -> Sequence[Code]:
        """Return all codes, deleted ones too, in the order of their making."""
        ...

    def watch(self, told: "Watcher") -> None:
        """Tell of each code, payment and delivery that is put, by its key, from now on."""
        ...

    def payment(self, out_trade_no: str) -> Payment | None:
        """Return a payment by the merchant-side number."""
        ...

    def payment_by_trade_no(self, trade_no: str) -> Payment | None:
        """Return a payment by Alipay's number."""
        ...

    def payment_of_refund(self, partner_refund_id: str) -> Payment | None:
        """Return the payment that the refund with this id belongs to."""
        ...

    def payments(self) -> Sequence[Payment]:
        """Return all payments, in the order of their first appearance."""
        ...

    def put_payment(self, payment: Payment) -> None:
        """Keep a payment, in place of the one with the same ``out_trade_no``."""
        ...

    def put_notify_id(self, notify_id: str) -> None:
        """Keep the id of a notification that was made."""
        ...

    def drop_notify_id(self, notify_id: str) -> None:
        """Forget the id of a notification that was acknowledged."""
        ...

    def has_notify_id(self, notify_id: str) -> bool:
        """Say whether a notification with this id was made and not acknowledged."""
        ...

    def delivery(self, number: int) -> Delivery | None:
        """Return a notification on its way, or one that has arrived."""
        ...

    def deliveries(self) -> Sequence[Delivery]:
        """Return all of them, oldest first."""
        ...

    def put_delivery(self, delivery: Delivery) -> None:
        """Keep a delivery, in place of the one with the same number."""
        ...

    def commit(self) -> None:
        """Make everything that was put survive the end of the process, if the store can."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


def _nobody(kind: str, key: str) -> None:
    """Tell nobody."""


class MemoryStore:
    """A `Store` in dictionaries."""

    def __init__(self) -> None:
        self.counters: Final[dict[str, int]] = {}
        self._codes: Final[dict[str, Code]] = {}
        self._shops: Final[dict[Shop, str]] = {}
        self._payments: Final[dict[str, Payment]] = {}
        self._trade_nos: Final[dict[str, str]] = {}
        self._refunds: Final[dict[str, str]] = {}
        self._notify_ids: Final[set[str]] = set()
        self._deliveries: Final[dict[int, Delivery]] = {}
        self._told: Watcher = _nobody

    def watch(self, told: Watcher) -> None:
        """See `Store`."""
        self._told = told

    def codes(self) -> Sequence[Code]:
        """See `Store`."""
        return list(self._codes.values())

    def next_number(self, counter: str) -> int:
        """See `Store`."""
        self.counters[counter] = number = self.counters.get(counter, 0) + 1
        return number

    def last_number(self, counter: str) -> int:
        """See `Store`."""
        return self.counters.get(counter, 0)

    def code(self, qrcode: str) -> Code | None:
        """See `Store`."""
        return self._codes.get(qrcode)

    def code_of(self, shop: Shop) -> Code | None:
        """See `Store`."""
        code = self._codes.get(self._shops.get(shop, ""))
        return None if code is None or code.status == "DELETE" else code

    def put_code(self, code: Code) -> None:
        """See `Store`."""
        before = self._codes.get(code.qrcode)
        if before is not None and before.shop != code.shop and self._shops.get(before.shop) == code.qrcode:
            del self._shops[before.shop]
        self._codes[code.qrcode] = code
        if code.status != "DELETE":
            self._shops[code.shop] = code.qrcode
        self._told("code", code.qrcode)

    def payment(self, out_trade_no: str) -> Payment | None:
        """See `Store`."""
        return self._payments.get(out_trade_no)

    def payment_by_trade_no(self, trade_no: str) -> Payment | None:
        """See `Store`."""
        return self._payments.get(self._trade_nos.get(trade_no, ""))

    def payment_of_refund(self, partner_refund_id: str) -> Payment | None:
        """See `Store`."""
        return self._payments.get(self._refunds.get(partner_refund_id, ""))

    def payments(self) -> Sequence[Payment]:
        """See `Store`."""
        return list(self._payments.values())

    def put_payment(self, payment: Payment) -> None:
        """See `Store`."""
        trade = payment.trade
        before = self._payments.get(trade.out_trade_no)
        if before is not None:
            for refund in before.trade.refunds:
                self._refunds.pop(refund.partner_refund_id, None)
        self._payments[trade.out_trade_no] = payment
        if trade.trade_no:
            self._trade_nos[trade.trade_no] = trade.out_trade_no
        for refund in trade.refunds:
            self._refunds[refund.partner_refund_id] = trade.out_trade_no
        self._told("trade", trade.out_trade_no)

    def put_notify_id(self, notify_id: str) -> None:
        """See `Store`."""
        self._notify_ids.add(notify_id)

    def drop_notify_id(self, notify_id: str) -> None:
        """See `Store`."""
        self._notify_ids.discard(notify_id)

    def has_notify_id(self, notify_id: str) -> bool:
        """See `Store`."""
        return notify_id in self._notify_ids

    def delivery(self, number: int) -> Delivery | None:
        """See `Store`."""
        return self._deliveries.get(number)

    def deliveries(self) -> Sequence[Delivery]:
        """See `Store`."""
        return list(self._deliveries.values())

    def put_delivery(self, delivery: Delivery) -> None:
        """See `Store`."""
        self._deliveries[delivery.number] = delivery
        self._told("notification", str(delivery.number))

    def commit(self) -> None:
        """See `Store`; memory ends with its process."""

    def clear(self) -> None:
        """See `Store`."""
        for kept in (
            self.counters,
            self._codes,
            self._shops,
            self._payments,
            self._trade_nos,
            self._refunds,
            self._notify_ids,
            self._deliveries,
        ):
            kept.clear()
