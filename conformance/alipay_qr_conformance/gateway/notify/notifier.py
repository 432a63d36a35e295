"""The notifier: carries an outbox to the merchant, until each is acknowledged.

    with Notifier(engine.outbox, schedule=SCHEDULES["web"], time_scale=60):
        ...

Its own thread, one event loop. Notifications of one trade go one after the other, those of different trades
side by side. What is pending in the store when it starts is taken up where it was left.
"""

import asyncio
import heapq
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from alipay_qr_conformance.gateway.notify.post import NotAllowedError, Post
from alipay_qr_conformance.gateway.store.memory import Attempt, Delivery
from alipay_qr_conformance.gateway.store.outbox import Outbox

_MINUTE: Final = 60.0
_HOUR: Final = 3600.0

SCHEDULES: Final[Mapping[str, tuple[float, ...]]] = {
    "web": (2 * _MINUTE, 10 * _MINUTE, 10 * _MINUTE, _HOUR, 2 * _HOUR, 6 * _HOUR, 15 * _HOUR),
    "open": (4 * _MINUTE, 10 * _MINUTE, 10 * _MINUTE, _HOUR, 2 * _HOUR, 6 * _HOUR, 15 * _HOUR),
    "help": (4 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, _HOUR, 2 * _HOUR, 6 * _HOUR, 15 * _HOUR),
}
"""The published pauses after each attempt, in seconds: eight attempts within 25 hours.

``web``: docs.antom.com/ac/web/async and ac/wap_hk/asyncnotif; ``open``: docs.open.alipay.com/270/105902;
``help``: global help/online/91.
"""

_AT_ONCE: Final = 16
_AGAIN: Final = 1.0
"""Seconds until what failed inside is tried again."""

_LONGEST: Final = 300

Listener = Callable[[Delivery], None]
Failed = Callable[[BaseException], None]


def _now() -> datetime:
    return datetime.now(UTC)


def _silence(_: object) -> None:
    """Tell nobody."""


class Notifier:
    """Carries notifications; start it once.

    Args:
        outbox: whose notifications.
        schedule: pauses in seconds after the first, second ... attempt; one more attempt than pauses.
        time_scale: how many times faster than written the schedule runs.
        post: how and where to.
        clock: the gateway's time, for ``notify_time`` of repeats.
        told: called in the notifier's thread after each attempt, with what the delivery has become.
        failed: called in it with each exception inside, such as a full disk; what failed is tried again.

    Raises:
        ValueError: ``time_scale`` is not above zero.
    """

    def __init__(
        self,
        outbox: Outbox,
        *,
        schedule: Sequence[float] = SCHEDULES["web"],
        time_scale: float = 1.0,
        post: Post | None = None,
        clock: Callable[[], datetime] = _now,
        told: Listener | None = None,
        failed: Failed = _silence,
    ) -> None:
        if not time_scale > 0:
            raise ValueError(f"time scale {time_scale} is not above zero")
        self._outbox = outbox
        self._pauses = [pause / time_scale for pause in schedule]
        self._post = post or Post()
        self._clock = clock
        self._told = told
        self._failed = failed
        self._heap: list[tuple[float, int]] = []
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.SelectorEventLoop | None = None
        self._wake: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Begin to carry, with whatever is pending already.

        Raises:
            RuntimeError: it runs already.
        """
        if self._loop is not None:
            raise RuntimeError("the notifier runs already")
        self._loop = asyncio.SelectorEventLoop()
        self._wake = asyncio.Event()
        self._wake.set()
        self._thread = threading.Thread(target=self._run, args=(self._loop,), name="notifier", daemon=True)
        self._thread.start()
        self._outbox.wake = self._rouse
        return self

    def stop(self) -> None:
        """End at once; what is on its way stays pending for the next start."""
        loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        self._outbox.wake = lambda: None
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join()

    def __enter__(self) -> Self:
        return self if self._loop is not None else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _rouse(self) -> None:
        """Look for new work soon; any thread may call."""
        loop, wake = self._loop, self._wake
        if loop is not None and wake is not None:
            loop.call_soon_threadsafe(wake.set)

    # --- the notifier's thread ----------------------------------------------------------------------

    def _run(self, loop: asyncio.SelectorEventLoop) -> None:
        asyncio.set_event_loop(loop)
        names = ThreadPoolExecutor(2, thread_name_prefix="notifier-names")
        loop.set_default_executor(names)
        main = loop.create_task(self._main())
        try:
            loop.run_forever()
        finally:
            tasks = [main, *self._tasks]
            for task in tasks:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            names.shutdown(wait=False, cancel_futures=True)  # a slow name server holds nobody up
            asyncio.set_event_loop(None)
            loop.close()

    async def _main(self) -> None:
        assert self._wake is not None  # noqa: S101 (made before the thread)
        while True:
            try:
                for delivery in self._outbox.take():
                    heapq.heappush(self._heap, (delivery.due, delivery.number))
                pause = self._launch()
            except Exception as error:  # noqa: BLE001 (this task must live as long as the gateway)
                self._failed(error)
                pause = _AGAIN
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue
            self._wake.clear()

    def _launch(self) -> float | None:
        """Start what is due; return the seconds to the next, None if none is known."""
        waiting: list[tuple[float, int]] = []
        now = time.time()
        while self._heap and self._heap[0][0] <= now and len(self._busy) < _AT_ONCE:
            entry = heapq.heappop(self._heap)
            delivery = self._outbox.find(entry[1])
            if delivery is None or delivery.state != "pending":
                continue
            if delivery.out_trade_no in self._busy:
                waiting.append(entry)
                continue
            self._busy.add(delivery.out_trade_no)
            task = asyncio.get_running_loop().create_task(self._carry(delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        for entry in waiting:
            heapq.heappush(self._heap, entry)
        if not self._heap or self._heap[0][0] <= now:
            return None  # what is due waits for a task in flight, which rouses us
        return self._heap[0][0] - now

    async def _carry(self, delivery: Delivery) -> None:
        assert self._wake is not None  # noqa: S101 (made before the thread)
        try:
            if delivery.attempts and delivery.repeats:
                delivery = self._outbox.repeated(delivery.number, self._clock()) or delivery
            try:
                attempt = await self._sent(delivery)
            except NotAllowedError as error:
                refused = Attempt(time.time(), 0.0, 0.0, error=str(error))
                self._tell(self._outbox.attempted(delivery.number, refused, "refused", delivery.due))
                return
            except Exception as error:  # noqa: BLE001 (whatever it is, a delivery must not die in silence)
                text = f"{type(error).__name__}: {error}"
                attempt = Attempt(time.time(), 0.0, 0.0, error=text[:_LONGEST])
            made = len(delivery.attempts)
            if not attempt.error:
                self._tell(self._outbox.attempted(delivery.number, attempt, "done", delivery.due))
            elif not delivery.repeats or made >= len(self._pauses):
                self._tell(self._outbox.attempted(delivery.number, attempt, "given-up", delivery.due))
            else:
                due = time.time() + self._pauses[made]
                kept = self._outbox.attempted(delivery.number, attempt, "pending", due)
                if kept is not None:
                    heapq.heappush(self._heap, (due, delivery.number))
                self._tell(kept)
        except Exception as error:  # noqa: BLE001 (what could not be written down is not lost)
            self._failed(error)
            heapq.heappush(self._heap, (time.time() + _AGAIN, delivery.number))
        finally:
            self._busy.discard(delivery.out_trade_no)
            self._wake.set()

    async def _sent(self, delivery: Delivery) -> Attempt:
        url, body = delivery.url, delivery.body
        if delivery.way != "body":
            url, body = f"{url}{'&' if '?' in url else '?'}{body.decode('latin-1')}", b""
        method = "GET" if delivery.way == "link" else "POST"
        return await self._post.send(url, body, delivery.content_type, delivery.due, method=method)

    def _tell(self, delivery: Delivery | None) -> None:
        if self._told is not None and delivery is not None:
            self._told(delivery)
