"""What the cases of a run share: what several judge is made once, and what is drawn is drawn once."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeVar

from alipay_qr_conformance.model.outcomes import Blocked, Failed, NoUsableAnswer, Unsupported

T = TypeVar("T")

_LOOK: Final = 0.02
_DIGITS: Final = 9
_OWNERS: Final = 10**_DIGITS


@dataclass
class Drawn:
    """The numbers of a run's ids and sessions.

    Each case draws its own, whatever ran before it or runs beside it in another process: what a report shows
    of a case depends on the case alone.
    """

    run: str = ""
    """A second process of the run has other numbers, lest a common store knows them already."""
    _counts: Counter[str] = field(default_factory=Counter)
    _owners: dict[int, str] = field(default_factory=dict)

    def next(self, owner: str) -> str:
        """Return digits that were never drawn in this run.

        Args:
            owner: the case, or what several cases share.
        """
        digest = hashlib.sha256(f"{self.run}/{owner}".encode()).digest()
        number = int.from_bytes(digest[:8], "big") % _OWNERS
        while self._owners.setdefault(number, owner) != owner:
            number = (number + 1) % _OWNERS
        self._counts[owner] += 1
        return f"{number:0{_DIGITS}d}{self._counts[owner]:04d}"


class Memo:
    """What was made in a run, by its key, or why it could not be made."""

    def __init__(self) -> None:
        self._made: dict[tuple[Hashable, str], object] = {}
        self._making: set[Hashable] = set()
        self.since = ""
        """The case before which all was forgotten: what is made from then on has other numbers."""
        self.pause: Callable[[float], None] = time.sleep
        """How a case waits for what another one is making beside it."""

    def once(self, key: tuple[Hashable, str], make: Callable[[], T]) -> T:
        """Return what ``make`` returns, made once for a key (a setup and a name).

        What ended the first attempt ends the others as not judged, so that a fault costs one case.

        Raises:
            Blocked: the first attempt failed.
            Unsupported: the subject does not do what ``make`` asks.
            Failed: this is the first attempt, and it failed.
            NoUsableAnswer: this is the first attempt, and the subject did not answer it.
        """
        with self.alone(key):
            if key not in self._made:
                self._make(key, make)
        found = self._made[key]
        if isinstance(found, Exception):
            raise found
        return found  # type: ignore[return-value] # keyed by name: one type a name

    @contextmanager
    def alone(self, key: Hashable) -> Iterator[None]:
        """Make something that no other case makes at the same time."""
        while key in self._making:
            self.pause(_LOOK)
        self._making.add(key)
        try:
            yield
        finally:
            self._making.discard(key)

    def _make(self, key: tuple[Hashable, str], make: Callable[[], object]) -> None:
        try:
            self._made[key] = make()
        except Unsupported as error:
            self._made[key] = error
        except (NoUsableAnswer, Blocked, Failed) as error:
            blames = error.blames if isinstance(error, Blocked) else ()
            self._made[key] = Blocked("scenario.failed", name=key[1], blames_=blames)
            raise

    def clear(self) -> None:
        """Forget all."""
        self._made.clear()

    def forget(self, case: str) -> None:
        """Forget all but what hung, before a case is run again: that is not tried again."""
        self.since = case
        self._made = {key: found for key, found in self._made.items() if isinstance(found, Blocked)}
