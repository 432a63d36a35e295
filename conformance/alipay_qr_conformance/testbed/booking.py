"""How long after its acknowledgement a subject books: measured once in a run, waited for from then on.

A shop with a queue acknowledges at once and books later, which is legal: what it has recorded is believed
two seconds after its acknowledgement at the latest (adapter protocol, reply), and as soon as it is there. A
subject that books before it answers is never waited for.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from alipay_qr_conformance.subjects import Raised, Refusal, Result, Subject
from alipay_qr_conformance.testbed.gateway_session import GatewaySession

SETTLED_WITHIN: Final = 2.0
"""Seconds in which a subject books what it acknowledged."""

UNPAID: Final = frozenset({None, "none", "waiting"})
"""States of a trade (operation ``trade``) that no payment was recorded for."""

_LOOK: Final = 0.02
"""Seconds between two looks."""

_HURRY: Final = 0.01
"""Seconds below which a subject books before anybody could look."""

_SOON: Final = 0.9
"""The part of the measured time before which nobody looks again."""

_SLACK: Final = 0.5
"""Seconds by which a busy machine is later than it was when it was measured."""

_PRESSES: Final = (0.0, 0.1, 0.3, 0.6, 1.0, 1.5, SETTLED_WITHIN)
"""Seconds after the acknowledgement at which a subject without ``trade`` is asked to refund."""

Found = Mapping[str, object] | None


class Bed(Protocol):
    """What is needed of a testbed."""

    @property
    def subject(self) -> Subject:
        """The merchant."""

    @property
    def session(self) -> GatewaySession | None:
        """The gateway that is open now."""

    def ask(self, op: str, **args: Any) -> Result | Refusal | Raised:
        """Let the subject do one operation."""


@dataclass
class Booking:
    """What a run knows of a subject's queue; ``delay`` is None while nothing was measured."""

    delay: float | None = None
    _acknowledged: dict[str, float] = field(default_factory=dict)
    """By trade: when news of it were acknowledged that nobody has waited for yet."""
    _moved: dict[str, float] = field(default_factory=dict)
    """By trade: when it was told or asked last what changes its record."""
    _before: dict[str, Found] = field(default_factory=dict)
    """By trade: what was recorded before it was notified."""
    pause: Callable[[float], None] = field(default_factory=lambda: time.sleep)
    """How it is waited, in seconds: another case may run meanwhile."""

    @property
    def patience(self) -> float:
        """Seconds to wait for a change that may never come."""
        return min(2 * self.delay + _SLACK, SETTLED_WITHIN + _SLACK) if self.delay else 0.0

    def warnings(self) -> list[str]:
        """Return what to tell of a subject that is waited for."""
        if not self.delay:
            return []
        waited = f"it books {1000 * self.delay:.0f} ms after it acknowledges: the kit waited for it each time"
        return [waited + ", and a quicker queue makes the run shorter"]

    def before(self, bed: Bed, trade: str) -> None:
        """Take note of what is recorded of a trade before it is notified."""
        if self.delay and bed.subject.supports("trade"):
            self._before[trade] = _recorded(bed, trade)

    def acknowledged(self, trade: str) -> None:
        """Take note that a notification of a trade was acknowledged."""
        if self.delay:
            self._acknowledged[trade] = self._moved[trade] = time.monotonic()

    def asked(self, trade: str) -> None:
        """Take note that a call about a trade did something, which may be recorded as late as news are."""
        if self.delay:
            self._moved[trade] = time.monotonic()

    def look(self, bed: Bed, trade: str, *, to_the_end: bool = False) -> Found:
        """Return what is recorded of a trade, once it has changed or its time is over.

        Args:
            bed: of the run.
            trade: its ``out_trade_no``.
            to_the_end: do not take the first change for the last: a second one would be the fault.
        """
        found = _recorded(bed, trade)
        since = self._acknowledged.pop(trade, None)
        while since is not None and (to_the_end or self._is_old(trade, found)):
            left = since + self._longest(found) - time.monotonic()
            if left <= 0:
                break
            self.pause(left if to_the_end else min(left, self._nap(since)))
            found = _recorded(bed, trade)
        return found

    def _nap(self, since: float) -> float:
        """Return the seconds until it is worth to look again."""
        return max(_LOOK, since + _SOON * (self.delay or 0.0) - time.monotonic())

    def until(self, bed: Bed, trade: str, fits: Callable[[Mapping[str, object]], bool]) -> Found:
        """Return what is recorded of a trade, once it fits or all the time is over that news have."""
        found = self.look(bed, trade)
        since = self._moved.get(trade)
        while since is not None and not fits(found or {}):
            if time.monotonic() >= since + SETTLED_WITHIN + _SLACK:
                break
            self.pause(self._nap(since))
            found = _recorded(bed, trade)
        return found

    def _longest(self, found: Found) -> float:
        """Return the seconds that news have: all that is granted, where a payment is not booked yet."""
        is_unpaid = found is not None and found.get("state") in UNPAID
        return SETTLED_WITHIN + _SLACK if is_unpaid else self.patience

    def _is_old(self, trade: str, found: Found) -> bool:
        if found is None:
            return False
        before = self._before.get(trade)
        if found.get("state") in UNPAID:  # what else is shown of a trade that is none, says nothing
            return before is None or found.get("state") == before.get("state")
        return found == before

    def settle(self, bed: Bed, trade: str) -> None:
        """Wait until what was acknowledged about a trade is booked, before something builds on it."""
        if trade not in self._acknowledged:
            return
        if bed.subject.supports("trade"):
            self.look(bed, trade)
        else:
            self.pause(max(0.0, self._acknowledged.pop(trade) + self.patience - time.monotonic()))


def _recorded(bed: Bed, trade: str) -> Found:
    answer = bed.ask("trade", out_trade_no=trade)
    return answer.value if isinstance(answer, Result) else None


def seconds_to_book(bed: Bed, trade: str) -> float | None:
    """Return how long after now a payment is recorded and its goods are released; None where it never is."""
    start = time.monotonic()
    passed, booked = 0.0, None
    while passed < SETTLED_WITHIN:
        found: Mapping[str, Any] = _recorded(bed, trade) or {}
        is_paid = found.get("state") not in UNPAID
        booked = passed if is_paid and booked is None else booked
        if is_paid and str(found.get("fulfilled") or "1") != "0":
            return passed if passed > _HURRY else 0.0
        time.sleep(_LOOK)
        passed = time.monotonic() - start
    return booked


def seconds_to_send(bed: Bed, refund: dict[str, Any], too_much: str) -> float | None:
    """Return how long after now a payment is booked, as its refunds show; None where they never do.

    A shop that refunds no payment that it has not booked sends nothing before; one that leaves unknown
    payments to the gateway sends before what it declines afterwards: more than was paid.

    Args:
        bed: of the run.
        refund: the arguments of a legal refund.
        too_much: an amount above what was paid.
    """
    start = time.monotonic()
    over = _pressed(bed, start, refund | {"refund_amount": too_much}, sent=False)
    if over is None:
        return 0.0  # it keeps no sums: nothing shows when it books
    return over or _pressed(bed, start, refund, sent=True)


def _pressed(bed: Bed, start: float, refund: dict[str, Any], *, sent: bool) -> float | None:
    """Return the first moment at which a refund is sent, or is not; 0.0 where it is so at once."""
    for number, moment in enumerate(_PRESSES):
        time.sleep(max(0.0, start + moment - time.monotonic()))
        before = len(bed.session.records) if bed.session else 0
        passed = time.monotonic() - start
        refund_id = f"{refund['partner_refund_id']}{'S' if sent else 'X'}{number}"
        bed.ask("refund", **(refund | {"partner_refund_id": refund_id}))
        if bed.session and (len(bed.session.records) > before) is sent:
            return passed if moment else 0.0
    return None
