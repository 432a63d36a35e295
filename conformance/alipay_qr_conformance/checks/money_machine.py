"""Level 4, property-based: any history of pay, refund, repeat, cancel, news and time.

Hypothesis draws histories; the gateway's books are the truth. After every step the subject's wire and
belief are compared with them (`alipay_qr_conformance.checks.stories`). A failure shrinks to the shortest
story, told in words, with times and amounts.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance.checks.stories import Step, Story
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.paid_trade import PaidTrade
from alipay_qr_conformance.testbed.properties import for_all
from alipay_qr_conformance.testbed.testbed import DEFAULT_START, Testbed

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_MINUTES: Final = (1, 30, 600, 839, 840, 870, 1440, 20000)
_AROUND_MIDNIGHT: Final = (-60_000, -1000, -1, 0, 1, 1000, 840_000, 899_999, 900_000, 3_600_000, 36_000_000)
"""Milliseconds before and after the end of the Beijing day of the payment."""
_DAY: Final = 1440


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (the plan is read from the testbed)
    """Yield the property: with time, without, and with refunds at the same moment."""
    needs = ("notify", "refund", "cancel")
    yield Case("money.any-history", "clock", _with_clock, needs=needs, clock=True, once_only=True)
    yield Case("money.any-history", "no-clock", _without_clock, needs=needs, once_only=True)
    yield Case("money.any-history", "at-once", _at_once, needs=needs, once_only=True)


def histories(*, clock: bool, at_once: bool = False) -> "SearchStrategy[tuple[int, list[Step], bool]]":
    """Return a strategy for histories.

    A history is the minutes after Monday 10:00 at which the payment takes place, the steps, and whether it is
    in a currency without cents; amounts are in its smallest unit, of which a thousand are paid.
    """
    from hypothesis import strategies as st

    units = st.one_of(st.sampled_from([1, 999, 1000, 1001, 500]), st.integers(1, 1100))
    refund = st.tuples(st.just("refund"), units)
    steps = [
        refund,
        refund,
        st.tuples(st.just("lost-refund"), units),
        st.tuples(st.just("later-refund"), units),
        st.just(("cancel",)),
        st.sampled_from([("repeat",), ("lost-cancel",), ("refund-news",), ("payment-news",)]),
    ]
    opening: SearchStrategy[list[Step]] = st.just([])
    if at_once:
        steps.append(st.tuples(st.just("two-refunds"), units))
    if clock:
        wait = st.tuples(st.just("wait"), st.sampled_from(_MINUTES))
        midnight = st.tuples(st.just("midnight"), st.sampled_from(_AROUND_MIDNIGHT))
        steps += [wait, midnight]
        # a cancel is told by its hour as long as nothing else has happened: every other history begins so
        opening = st.one_of(opening, st.tuples(st.one_of(wait, midnight), st.just(("cancel",))).map(list))
    story = st.lists(st.one_of(*steps), min_size=1, max_size=7)
    return st.tuples(
        st.integers(0, _DAY - 1) if clock else st.just(0),
        st.tuples(opening, story).map(lambda parts: [*parts[0], *parts[1]]),
        st.booleans(),
    )


def _with_clock(bed: Testbed) -> None:
    _explore(bed, histories(clock=True))


def _without_clock(bed: Testbed) -> None:
    _explore(bed, histories(clock=False))


def _at_once(bed: Testbed) -> None:
    _explore(bed, histories(clock=False, at_once=True))


def _explore(bed: Testbed, drawn_from: "SearchStrategy[tuple[int, list[Step], bool]]") -> None:
    for_all(
        drawn_from,
        lambda drawn: play(bed, *drawn),
        examples=bed.plan.examples(40),
        seed=bed.plan.seed,
    )


def play(bed: Testbed, minutes: int, steps: list[Step], in_yen: bool = False) -> None:  # noqa: FBT001, FBT002 (drawn)
    """Play one history; see `histories`."""
    currency = "JPY" if in_yen and bed.plan.takes("JPY") else bed.plan.currency
    with bed.gateway(start=DEFAULT_START + timedelta(minutes=minutes)) as session:
        total = "1000" if currency == "JPY" else "10.00"
        story = Story(PaidTrade.open(bed, session, total, currency))
        for step in steps:
            story.tell(step)
