"""The outbox: notifications to be sent, stored beside the trades they report.

A notification enters the store in the same step as the change that it reports, so that one commit keeps
both or neither. Whoever carries them (`Notifier`) takes what is new, after a commit, and writes back what
came of each attempt.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from alipay_qr_conformance.gateway.store.memory import Attempt, Delivery, DeliveryState, Store, Way

_NOTIFY_ID: Final = re.compile(rb"(?:^|&)notify_id=([0-9a-f]+)(?:&|$)")


def _nobody() -> None:
    """Wake nobody."""


def _as_it_is(delivery: Delivery, _: datetime) -> Delivery:
    return delivery


class Outbox:
    """The deliveries of one engine; safe in any thread.

    ``wake`` is called after a commit when there is something new to take; ``renew`` returns a delivery as it
    is repeated at a moment.
    """

    def __init__(self, store: Store, lock: threading.RLock) -> None:
        self.wake: Callable[[], None] = _nobody
        self.renew: Callable[[Delivery, datetime], Delivery] = _as_it_is
        self._store = store
        self._lock = lock
        self._new = [each.number for each in store.deliveries() if each.state == "pending"]

    def put(  # noqa: PLR0913 (each is a member of the delivery)
        self,
        out_trade_no: str,
        event: str,
        url: str,
        body: bytes,
        content_type: str,
        *,
        after: float = 0.0,
        repeats: bool = True,
        way: Way = "body",
    ) -> Delivery:
        """Keep a notification due in ``after`` seconds; it leaves after the next commit."""
        with self._lock:
            number = self._store.next_number("delivery")
            due = time.time() + after
            delivery = Delivery(
                number, out_trade_no, event, url, body, content_type, due, repeats=repeats, way=way
            )
            self._store.put_delivery(delivery)
            self._new.append(number)
            return delivery

    def take(self) -> list[Delivery]:
        """Return what is new and pending since the last call, committed before."""
        with self._lock:
            self._store.commit()
            numbers, self._new = self._new, []
            found = [self._store.delivery(number) for number in numbers]
        return [each for each in found if each is not None and each.state == "pending"]

    def find(self, number: int) -> Delivery | None:
        """Return a delivery as it stands now."""
        with self._lock:
            return self._store.delivery(number)

    def all(self) -> list[Delivery]:
        """Return every delivery, oldest first."""
        with self._lock:
            return list(self._store.deliveries())

    def repeated(self, number: int, at: datetime) -> Delivery | None:
        """Make a delivery ready for its repeat and return it; None if all was forgotten meanwhile."""
        with self._lock:
            delivery = self._store.delivery(number)
            if delivery is not None:
                delivery = self.renew(delivery, at)
                self._store.put_delivery(delivery)
            return delivery

    def attempted(self, number: int, attempt: Attempt, state: DeliveryState, due: float) -> Delivery | None:
        """Record an attempt and commit it; return None if all was forgotten meanwhile.

        An acknowledged ``notify_id`` is not verifiable any more (docs.open.alipay.com/270/105902).
        """
        with self._lock:
            delivery = self._store.delivery(number)
            if delivery is None:
                return None
            delivery = replace(delivery, attempts=(*delivery.attempts, attempt), state=state, due=due)
            self._store.put_delivery(delivery)
            if state == "done" and (notify_id := _NOTIFY_ID.search(delivery.body)):
                self._store.drop_notify_id(notify_id[1].decode("ascii"))
            self._store.commit()
            return delivery

    def committed(self) -> None:
        """Tell whoever carries the notifications that there is something new."""
        if self._new:
            self.wake()

    def forget(self) -> None:
        """Forget what is new; the store is cleared by its owner."""
        with self._lock:
            self._new.clear()
