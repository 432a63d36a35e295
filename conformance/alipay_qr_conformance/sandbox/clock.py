"""The gateway's time: real, moved by an offset, or standing still."""

from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that can be set; moments are aware."""

    def __init__(self) -> None:
        self._offset = timedelta(0)
        self._still: datetime | None = None

    def __call__(self) -> datetime:
        """Return the gateway's time."""
        return self._still or datetime.now(UTC) + self._offset

    @property
    def still(self) -> datetime | None:
        """The moment that the clock stands at; None while it runs."""
        return self._still

    @property
    def is_real(self) -> bool:
        """Whether it is the time of this machine."""
        return self._still is None and not self._offset

    def advance(self, by: timedelta) -> None:
        """Move on; what stands, stands, and what runs, runs on."""
        at = self() + by
        if self._still is None:
            self.run_from(at)
        else:
            self._still = at

    def stand(self, at: datetime) -> None:
        """Stand still at a moment."""
        self._still = at

    def run_from(self, at: datetime) -> None:
        """Run on from a moment."""
        self._offset = at - datetime.now(UTC)
        self._still = None

    def real(self) -> None:
        """Return to real time."""
        self._offset = timedelta(0)
        self._still = None
