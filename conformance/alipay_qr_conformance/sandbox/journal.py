"""What happened, as numbered events: what changed, not what it became, which is looked up when it is told.

A deque of small tuples: noting costs a microsecond, whether somebody listens or not.
"""

import secrets
import threading
from collections import deque
from typing import Final, NamedTuple

_MOST: Final = 20_000


class Event(NamedTuple):
    """Something of a kind has changed: ``key`` names it."""

    number: int
    kind: str
    key: str


class Journal:
    """The latest events of one run of a sandbox; safe in any thread.

    Attributes:
        run: names the run, so that numbers of another one are not taken for its own.
    """

    def __init__(self, most: int = _MOST) -> None:
        self.run = secrets.token_hex(6)
        self._events: deque[Event] = deque(maxlen=most)
        self._last = 0
        self._changed = threading.Condition()

    @property
    def last(self) -> int:
        """The number of the latest event, 0 before the first."""
        return self._last

    def note(self, kind: str, key: str = "") -> None:
        """Note that something has changed."""
        with self._changed:
            self._last += 1
            self._events.append(Event(self._last, kind, key))
            self._changed.notify_all()

    def since(self, number: int) -> tuple[list[Event], bool]:
        """Return the events behind a number, and whether some before them are lost."""
        if number == self._last:
            return [], False
        found = []
        with self._changed:
            for event in reversed(self._events):
                if event.number <= number:
                    break
                found.append(event)
        found.reverse()
        return found, not found or found[0].number != number + 1

    def wait(self, number: int, seconds: float) -> None:
        """Wait until there is an event behind a number, or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._last > number, seconds)
