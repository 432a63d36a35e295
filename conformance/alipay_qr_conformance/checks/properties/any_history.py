"""``money.any-history``: any history of payments, refunds, repeats, cancels, notifications and time.

Hypothesis draws histories; the gateway's books are the truth. After every step what the subject sends and
records is compared with them (`alipay_qr_conformance.checks.properties.history`). A failure shrinks to the
shortest history, told in words, with times and amounts.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance.checks.properties.history import History, Step
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.paid_trade import PaidTrade
from alipay_qr_conformance.testbed.properties import for_all
from alipay_qr_conformance.testbed.testbed import DEFAULT_START, Testbed

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_NEEDS: Final = ("notify", "refund", "cancel")
_MINUTES: Final = (1, 30, 600, 839, 840, 870, 1440, 20000)
_AROUND_MIDNIGHT: Final = (-60_000, -1000, -1, 0, 1, 1000, 840_000, 899_999, 900_000, 3_600_000, 36_000_000)
"""Milliseconds before and after the end of the Beijing day of the payment."""
_DAY: Final = 1440


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
        st.sampled_from([("repeat",), ("lost-cancel",), ("refund-notification",), ("payment-notification",)]),
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
    drawn = st.lists(st.one_of(*steps), min_size=1, max_size=7)
    return st.tuples(
        st.integers(0, _DAY - 1) if clock else st.just(0),
        st.tuples(opening, drawn).map(lambda parts: [*parts[0], *parts[1]]),
        st.booleans(),
    )


@check("money.any-history", needs=_NEEDS, clock=True, once_only=True)
def clock(bed: Testbed) -> None:
    """After any history with time in it, what was sent and recorded agrees with the gateway's books."""
    _explore(bed, histories(clock=True))


@check("money.any-history", needs=_NEEDS, once_only=True)
def no_clock(bed: Testbed) -> None:
    """After any history of one day, what was sent and recorded agrees with the gateway's books."""
    _explore(bed, histories(clock=False))


@check("money.any-history", needs=_NEEDS, once_only=True)
def at_once(bed: Testbed) -> None:
    """After any history with refunds at the same moment, what was sent and recorded agrees with the books."""
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
        history = History(PaidTrade.open(bed, session, total, currency))
        for step in steps:
            history.play(step)
