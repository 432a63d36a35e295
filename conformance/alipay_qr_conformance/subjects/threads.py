"""Calls that may hang, in threads of the kit's own: what a Python subject is called through.

    Batch    calls, taken one after the other by one or more workers, and what came of them
    Worker   a thread that works on one batch after the other

To hand a call to a thread and its answer back costs more than most calls. So a worker takes the whole batch,
and the side that waits is woken once; before that it only looks whether there was an answer in time.

Python cannot end a thread. After a hang it is left to itself as a daemon; what it returns later is dropped.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence

from alipay_qr_conformance.subjects.answers import Answer, Hang


class Batch:
    """Calls that are made in their order. ``answers`` stand in the same order, None for what was not made."""

    def __init__(self, calls: Sequence[Callable[[], Answer]]) -> None:
        self.answers: list[Answer | None] = [None] * len(calls)
        self._calls = calls
        self._taken = 0
        self._answered = 0
        self._given_up = False
        self._moved = time.monotonic()
        self._lock = threading.Lock()
        self._all_done: queue.SimpleQueue[None] = queue.SimpleQueue()

    def work(self) -> None:
        """Make one call after the other until none is left; called in the thread of each worker."""
        while True:
            with self._lock:
                if self._given_up or self._taken == len(self._calls):
                    return
                place = self._taken
                self._taken += 1
            answer = self._calls[place]()
            with self._lock:
                if self._given_up:
                    return
                self.answers[place] = answer
                self._answered += 1
                self._moved = time.monotonic()
                if self._answered == len(self._calls):
                    self._all_done.put(None)

    def wait(self, timeout: float) -> bool:
        """Wait for all answers; for each at most ``timeout`` seconds from the one before, or from the start.

        Where one does not come, all calls that are being made have hung, no other is made, and False is said.
        """
        while True:
            left = self._moved + timeout - time.monotonic()
            try:
                self._all_done.get(timeout=max(0.0, left))
            except queue.Empty:
                if self._give_up(timeout):
                    return False
            else:
                return True

    def _give_up(self, timeout: float) -> bool:
        """Give up, unless there was an answer in time after all."""
        with self._lock:
            if self._answered == len(self._calls) or time.monotonic() < self._moved + timeout:
                return False
            self._given_up = True
            hang = Hang(timeout, self._taken - self._answered)
            for place in range(self._taken):
                if self.answers[place] is None:
                    self.answers[place] = hang
            return True


class Worker:
    """A thread that works on one batch after the other, until it is told to leave."""

    def __init__(self) -> None:
        self._batches: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="python subject", daemon=True).start()

    def do(self, batch: Batch) -> None:
        """Take part in a batch, once the one before it has ended."""
        self._batches.put(batch)

    def leave(self) -> None:
        """End the thread, once the call that it makes returns."""
        self._batches.put(None)

    def _run(self) -> None:
        while (batch := self._batches.get()) is not None:
            batch.work()
