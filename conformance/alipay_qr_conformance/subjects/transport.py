"""How a call reaches a subject: the one Protocol that a process, an HTTP URL and a Python object share.

    Call        one operation with its arguments
    moment      a time as the protocol writes it
    Bounds      how long the kit waits and how much it reads (adapter protocol, section 1)
    Transport   call, call_many, restart, close

A transport knows messages, ids and time. What the messages mean, and in which order they come after a
restart, is the business of `alipay_qr_conformance.subjects.subject.Subject`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from alipay_qr_conformance.model.bounds import ANSWER_BYTES, SHARE_BYTES, TOGETHER_BYTES
from alipay_qr_conformance.subjects.answers import Answer

WINDOW: Final = 32
"""How many requests may be in flight to a subject that says ``parallel``."""

NO_ARGS: Final[Mapping[str, object]] = {}


class Call(NamedTuple):
    """One operation. ``now`` is an aware datetime or its RFC 3339 text."""

    op: str
    args: Mapping[str, object] = NO_ARGS
    now: datetime | str | None = None


AnyCall = tuple[str, Mapping[str, object], datetime | str | None]
"""A `Call`, or a plain tuple of its three members."""


def moment(now: datetime | str | None) -> str | None:
    """Return a time in RFC 3339, to the millisecond or finer.

    Raises:
        ValueError: a datetime is naive: without an offset it is no point in time.
    """
    if now is None or isinstance(now, str):
        return now
    if now.utcoffset() is None:
        raise ValueError("now is a naive datetime: give it a time zone")
    return now.isoformat(timespec="microseconds" if now.microsecond % 1000 else "milliseconds")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long the kit waits, in seconds, and how much it reads, in bytes.

    Attributes:
        local: for an answer to an operation that sends nothing.
        sending: for an answer to one that sends; ``slowest_answer`` of hello may raise it.
        leave: for the process to leave after the end of its stdin.
        terminate: for it to leave after SIGTERM, before SIGKILL.
        line: the longest answer.
        together: the answers of calls that are made together; each may have its share of it.
    """

    local: float = 10.0
    sending: float = 60.0
    leave: float = 3.0
    terminate: float = 1.0
    line: int = ANSWER_BYTES
    together: int = TOGETHER_BYTES

    def share(self, calls: int) -> int:
        """Return how many bytes the answer to one of so many calls may have."""
        return self.line if calls < 2 else min(self.line, max(SHARE_BYTES, self.together // calls))  # noqa: PLR2004


class Transport(Protocol):
    """A way to a subject. Not safe for use by several threads at once.

    Who inherits has `call` by its own `call_many`, in a window of one.
    """

    @property
    def bounds(self) -> Bounds:
        """How long it waits and how much it reads."""

    @property
    def broken(self) -> bool:
        """Whether the subject lost its state: it wants hello, configure and reset before the next call."""

    @property
    def warnings(self) -> list[str]:
        """What the adapter does wrong without costing a case, each told once."""

    def call(
        self, op: str, args: Mapping[str, object], now: str | None = None, timeout: float = 10.0
    ) -> Answer:
        """Make one call and wait at most ``timeout`` seconds for its answer.

        Raises:
            AdapterFault: the adapter cannot be started.
            ValueError: ``args`` holds what the protocol cannot carry (a fault of the caller).
        """
        (answer,) = self.call_many([(op, args, now)], timeout, 1)
        if answer is None:  # pragma: no cover - a single call is always made
            raise AssertionError("a call was not made")
        return answer

    def call_many(
        self, calls: Sequence[AnyCall], timeout: float = 10.0, window: int = WINDOW
    ) -> list[Answer | None]:
        """Make many calls with up to ``window`` in flight; answers stand in the order of the calls.

        ``timeout`` counts from the last answer, so that a subject that works one by one is not blamed for
        its queue. Where the transport breaks on the way, every call in flight gets the answer that broke
        it, and every call that was not sent yet is None. An answer above its `Bounds.share` is `Garbled`
        with several in flight, so that a pure call is made once more, alone.
        """

    def restart(self) -> None:
        """Give up what is left of the adapter; the next call meets a fresh one."""

    def close(self) -> None:
        """Let the adapter leave, and see to it that it does. Closing twice is harmless."""

    def evidence(self) -> str:
        """Return the tail of what the adapter wrote beside its answers, bounded."""
