"""What several cases judge is made once."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from alipay_qr_conformance.model.outcomes import Blocked, Failed, NoUsableAnswer, Unsupported

T = TypeVar("T")


class Memo:
    """What was made in a run, by its key, or why it could not be made."""

    def __init__(self) -> None:
        self._made: dict[tuple[Hashable, str], object] = {}

    def once(self, key: tuple[Hashable, str], make: Callable[[], T]) -> T:
        """Return what ``make`` returns, made once for a key (a setup and a name).

        What ended the first attempt ends the others as not judged, so that a fault costs one case.

        Raises:
            Blocked: the first attempt failed.
            Unsupported: the subject does not do what ``make`` asks.
            Failed: this is the first attempt, and it failed.
            NoUsableAnswer: this is the first attempt, and the subject did not answer it.
        """
        if key not in self._made:
            try:
                self._made[key] = make()
            except Unsupported as error:
                self._made[key] = error
            except (NoUsableAnswer, Blocked, Failed) as error:
                blames = error.blames if isinstance(error, Blocked) else ()
                self._made[key] = Blocked("scenario.failed", name=key[1], blames_=blames)
                raise
        found = self._made[key]
        if isinstance(found, Exception):
            raise found
        return found  # type: ignore[return-value] # keyed by name: one type a name

    def forget(self) -> None:
        """Forget all but what hung, before a case is run again: that is not tried again."""
        self._made = {key: found for key, found in self._made.items() if isinstance(found, Blocked)}
