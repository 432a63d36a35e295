"""The state machine of ``money.any-history``: what may be drawn, and when.

It imports Hypothesis: import it late.
"""

from contextlib import ExitStack
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from alipay_qr.beijing import BEIJING
from alipay_qr.money import CURRENCIES, exponent, format_amount
from alipay_qr_conformance.checks.properties import history_space as space
from alipay_qr_conformance.checks.properties.any_history import opened
from alipay_qr_conformance.checks.properties.history import History
from alipay_qr_conformance.checks.properties.history_steps import Step
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.testbed.properties import Guard
from alipay_qr_conformance.testbed.testbed import DEFAULT_START, Testbed

_MINUTES: Final = (1, 30, 600, 839, 840, 870, 1440, 20000)
_AROUND_MIDNIGHT: Final = (-60_000, -1000, -1, 0, 1, 1000, 840_000, 899_999, 900_000, 3_600_000, 36_000_000)
"""Milliseconds before and after the end of the Beijing day of the payment."""
_SHARES: Final = tuple(
    Fraction(*each) for each in ((1, 2), (1, 1), (0, 1), (1, 3), (2, 3), (1, 10), (11, 10))
)

shares = st.one_of(st.sampled_from(_SHARES), st.integers(1, 70).map(lambda part: Fraction(part, 64)))
"""Parts of a payment; 0 stands for its smallest unit."""


def totals(currency: str) -> st.SearchStrategy[str]:
    """Return a strategy for amounts of a currency: each number of digits is as likely as the others.

    What is a tenth more, the most that a history asks back, is an amount too.
    """
    places = exponent(currency)
    small = st.sampled_from([1000, 999, 1, 2, 10**6])
    most = 9 * 10 ** (6 + places)
    units = st.integers(0, 6 + places).flatmap(
        lambda each: st.integers(10**each, min(10 ** (each + 1) - 1, most))
    )
    return st.one_of(small, units).map(lambda each: format_amount(space.in_units(each, currency), currency))


def payments(plan: Plan) -> st.SearchStrategy[tuple[str, str]]:
    """Return a strategy for currency and amount of a payment that the plan's edition takes."""
    taken = [
        plan.currency,
        *sorted(each for each in CURRENCIES if plan.takes(each) and each != plan.currency),
    ]
    return st.sampled_from(taken).flatmap(lambda each: st.tuples(st.just(each), totals(each)))


def moments() -> st.SearchStrategy[datetime]:
    """Return a strategy for moments of payments: any of eight years, and those that calendars get wrong."""
    first, last = datetime(2025, 1, 1), datetime(2032, 12, 31)  # noqa: DTZ001 (the zone comes below)
    of_table = [
        datetime.combine(each, at).replace(tzinfo=None)
        for each in space.DATES
        for at, _ in space.CLOCKS.values()
    ]
    drawn = st.one_of(st.sampled_from(of_table), st.datetimes(first, last))
    return st.one_of(
        st.just(DEFAULT_START), drawn.map(lambda each: each.replace(tzinfo=BEIJING, microsecond=0))
    )


def _raise(requirement: str, broken: Failed) -> None:
    if register()[requirement].keyword == "MUST":
        raise broken


class HistoryMachine(RuleBasedStateMachine):
    """One trade, anything that may happen to it, and the gateway's books beside it."""

    bed: Testbed
    guard: Guard
    timed = at_once = False
    story: space.Story | None = None
    """The last history that was begun, with its steps so far."""
    broken = staticmethod(_raise)

    def __init__(self) -> None:
        self.guard.begin()
        super().__init__()
        self.open = ExitStack()
        self.history: History | None = None

    def teardown(self) -> None:
        """Close the gateway of this history."""
        self.open.close()

    @initialize(data=st.data())
    def payment(self, data: st.DataObject) -> None:
        """Let a customer pay."""
        currency, total = data.draw(payments(self.bed.plan))
        start = data.draw(moments()) if self.timed else DEFAULT_START
        habits = space.HABITS[data.draw(st.sampled_from(list(space.HABITS)))]
        self.steps: list[Step] = []
        story = space.Story(currency, total, start, self.steps, habits, data.draw(st.booleans()))
        type(self).story = story

        def begin() -> None:
            session = self.open.enter_context(self.bed.gateway(start=start))
            self.history = opened(self.bed, session, story, self.broken)

        self.guard.step(begin)

    def _play(self, *step: Any) -> None:
        history = self.history
        if history is not None:
            units = int(history.trade.books.total.scaleb(exponent(history.trade.currency)))
            self.steps.append(space.with_amounts(step, units))
            self.guard.step(lambda: history.play(self.steps[-1]))
            self.guard.last = "\n".join(history.lines)[-2000:]

    @rule(share=shares)
    def refund(self, share: Fraction) -> None:
        """A part is refunded."""
        self._play("refund", share)

    @rule(
        share=shares,
        kind=st.sampled_from(["lost-refund", "later-refund", "refused-refund", "lost-later-refund"]),
    )
    def other_refund(self, share: Fraction, kind: str) -> None:
        """A part is refunded, and something happens to that."""
        self._play(kind, share)

    @rule(step=st.sampled_from(["refund-the-rest", "refund-too-much"]))
    def exact(self, step: str) -> None:
        """All that remains is refunded, or the smallest unit more."""
        self._play(step)

    @rule(
        step=st.sampled_from(
            ["repeat", "refund-notification", "payment-notification", "configure", "other-trade", "announce"]
        )
    )
    def news(self, step: str) -> None:
        """What came already comes again, or something else happens beside it."""
        self._play(step)

    @rule(kind=st.sampled_from(["cancel", "lost-cancel"]))
    def cancel(self, kind: str) -> None:
        """The payment is cancelled."""
        self._play(kind)

    @precondition(lambda self: self.at_once)
    @rule(share=shares)
    def two_refunds(self, share: Fraction) -> None:
        """Two refunds of the same amount come at the same moment."""
        self._play("two-refunds", share)

    @precondition(lambda self: self.timed)
    @rule(minutes=st.sampled_from(_MINUTES))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self._play("wait", minutes)

    @precondition(lambda self: self.timed)
    @rule(milliseconds=st.sampled_from(_AROUND_MIDNIGHT))
    def cancel_around_midnight(self, milliseconds: int) -> None:
        """The end of the payment's day is near or just over, and the payment is cancelled."""
        self._play("midnight", milliseconds)
        self._play("cancel")


def machine(bed: Testbed, guard: Guard, *, timed: bool, at_once: bool) -> type[HistoryMachine]:
    """Return the machine of a run.

    Args:
        bed: of the run.
        guard: told of each history and each step.
        timed: whether time passes in it.
        at_once: whether refunds come at the same moment.
    """
    names = {"bed": bed, "guard": guard, "timed": timed, "at_once": at_once}
    return type("BoundHistoryMachine", (HistoryMachine,), names)
