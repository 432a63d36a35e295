"""What went wrong inside a server, told in one line: once for each kind in a minute, or a log would fill."""

import time
from collections.abc import Callable
from typing import Final

from alipay_qr_conformance.model.texts import message

_PAUSE: Final = 60.0
_LONGEST: Final = 300


class Failures:
    """Tells of failures.

    Args:
        say: called with each line, in the thread that failed.
        lang: ``en`` or ``zh``.
        clock: seconds that never step back.
    """

    def __init__(
        self, say: Callable[[str], None], lang: str = "en", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._say = say
        self._lang = lang
        self._clock = clock
        self._told: dict[str, float] = {}

    def __call__(self, error: BaseException) -> None:
        """Tell of a failure, unless one of its kind was told of within the last minute."""
        kind = f"{type(error).__name__} {getattr(error, 'code', '')}".strip()
        now = self._clock()
        if now - self._told.get(kind, -_PAUSE) < _PAUSE:
            return
        self._told[kind] = now
        name = "gateway.not-kept" if kind.endswith("store.unwritable") else "gateway.failed"
        text = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
        self._say(message(name, text=text).in_language(self._lang))
