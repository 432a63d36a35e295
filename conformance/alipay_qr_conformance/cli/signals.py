"""SIGTERM and SIGHUP end a command as Ctrl-C does: what it started ends with it, what it keeps is removed."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

ASKING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals by which a system asks a process to end; Windows has the first alone."""


class EndedError(KeyboardInterrupt):
    """The system asks the command to end; ``status`` is the exit code that a shell expects then."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


@contextmanager
def unwound() -> Iterator[None]:
    """Let a signal unwind the command. What was ignored before, as below ``nohup``, still is."""
    taken = []
    if threading.current_thread() is threading.main_thread():
        taken = [number for number in ASKING if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)  # a second one ends at once
    raise EndedError(number)
