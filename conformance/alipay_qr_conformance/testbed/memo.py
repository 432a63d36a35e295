"""What the cases of a run share: what several judge is made once, and what is drawn is drawn once."""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

from alipay_qr_conformance.model.outcomes import Blocked, Failed, NoUsableAnswer, Unsupported

T = TypeVar("T")

_LOOK: Final = 0.02


@dataclass
class Drawn:
    """How many ids and sessions there were in a run."""

    count: int = 0


class Memo:
    """What was made in a run, by its key, or why it could not be made."""

    def __init__(self) -> None:
        self._made: dict[tuple[Hashable, str], object] = {}
        self._making: set[Hashable] = set()
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

    def forget(self) -> None:
        """Forget all but what hung, before a case is run again: that is not tried again."""
        self._made = {key: found for key, found in self._made.items() if isinstance(found, Blocked)}
