"""The scribe: tells a terminal what came and what was sent, in its order, in a thread of its own."""

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Final

from alipay_qr_conformance.gateway import Delivery
from alipay_qr_conformance.sandbox.log_lines import notification_line, request_lines
from alipay_qr_conformance.sandbox.request_log import LoggedRequest

_CROWD: Final = 20
"""With more than these waiting, a line is not kept back for its diagnosis."""

_PATIENCE: Final = 5.0
_LEAVING: Final = 2.0


class Scribe:
    """Writes lines about requests and notifications; both methods return at once.

    Args:
        say: takes the lines of one of them, in the scribe's thread.
        lang: ``en`` or ``zh``.
    """

    def __init__(self, say: Callable[[Sequence[str]], None], lang: str = "en") -> None:
        self._say = say
        self._lang = lang
        self._told: queue.SimpleQueue[LoggedRequest | Delivery | None] = queue.SimpleQueue()
        self._leaving = False
        self._thread = threading.Thread(target=self._run, name="scribe", daemon=True)
        self._thread.start()

    def tell(self, what: LoggedRequest | Delivery) -> None:
        """Write about it, after all that was told before."""
        self._told.put(what)

    def close(self) -> None:
        """Write what is left, without further diagnoses."""
        self._leaving = True
        self._told.put(None)
        self._thread.join(_LEAVING)

    def _run(self) -> None:
        while (what := self._told.get()) is not None:
            self._say(self._lines(what))

    def _lines(self, what: LoggedRequest | Delivery) -> Sequence[str]:
        if isinstance(what, Delivery):
            return [notification_line(what, self._lang)]
        if not self._leaving and self._told.qsize() < _CROWD and (diagnosis := what.diagnosis()) is not None:
            with contextlib.suppress(Exception):  # late or cancelled: the line stands without it
                diagnosis.exception(_PATIENCE)
        return request_lines(what, self._lang)
