"""The one deadline of a connection."""

import asyncio
from collections.abc import Callable
from typing import Final

_NEVER: Final = float("inf")


class Deadline:
    """Calls when the moment that was set last has come.

    One timer moves on by itself, so that a request costs no new one.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, passed: Callable[[], None]) -> None:
        self._loop = loop
        self._passed = passed
        self._at = _NEVER
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float) -> None:
        """Move the deadline to so many seconds from now."""
        self._at = self._loop.time() + seconds
        if self._timer is None or self._timer.when() > self._at:
            self.stop()
            self._timer = self._loop.call_at(self._at, self._ring)

    def lift(self) -> None:
        """Let there be none until one is set again."""
        self._at = _NEVER

    def stop(self) -> None:
        """Let the timer go."""
        if self._timer is not None:
            self._timer.cancel()

    def _ring(self) -> None:
        self._timer = None
        if self._at <= self._loop.time():
            self._passed()
        elif self._at != _NEVER:
            self._timer = self._loop.call_at(self._at, self._ring)
