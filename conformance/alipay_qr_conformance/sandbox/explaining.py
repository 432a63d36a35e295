"""Explanations of the requests that somebody watches: asked in a thread of their own, told as events."""

import queue
import threading
from functools import partial
from typing import Final

from alipay_qr_conformance.sandbox.journal import Journal
from alipay_qr_conformance.sandbox.request_log import LoggedRequest

_MOST: Final = 2000


class Explaining:
    """Judges requests, has their wrong signs explained, and notes ``explained`` for each.

    What exceeds the queue is left; whoever opens that request asks anew.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._wanted: queue.SimpleQueue[LoggedRequest | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def want(self, logged: LoggedRequest) -> None:
        """Explain a request soon; returns at once."""
        if self._wanted.qsize() >= _MOST:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="explaining", daemon=True)
            self._thread.start()
        self._wanted.put(logged)

    def close(self) -> None:
        """End the thread."""
        if self._thread is not None:
            while not self._wanted.empty():
                self._wanted.get_nowait()
            self._wanted.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (logged := self._wanted.get()) is not None:
            told = partial(self._journal.note, "explained", str(logged.number))
            diagnosis = logged.diagnosis()
            told()  # the rules; a diagnosis follows as an event of its own
            if diagnosis is not None and not diagnosis.done():
                diagnosis.add_done_callback(lambda _, told=told: told())  # type: ignore[misc]
