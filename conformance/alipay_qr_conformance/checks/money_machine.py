"""Level 4, property-based: any history of pay, refund, repeat, cancel and time.

Hypothesis draws histories; the gateway's books are the truth. After every step the subject's wire and
belief are compared with them. A failure shrinks to the shortest story, told in words.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from alipay_qr.beijing import BEIJING, beijing_day
from alipay_qr.gateway import faults
from alipay_qr.ledger import Trade
from alipay_qr_conformance.casebook import Broken, Case, Plan
from alipay_qr_conformance.checks.till import Till, number, outcome
from alipay_qr_conformance.lab import MORNING, Lab
from alipay_qr_conformance.properties import for_all

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Step = tuple[Any, ...]
_BAND = timedelta(minutes=15)


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (the plan is read from the lab)
    """Yield the property."""
    needs = ("notify", "refund", "cancel")
    yield Case("money.any-history", "clock", _with_clock, needs=needs, clock=True, once_only=True)
    yield Case("money.any-history", "no-clock", _without_clock, needs=needs, once_only=True)


def histories(*, clock: bool) -> "SearchStrategy[tuple[int, list[Step]]]":
    """Return a strategy for the minutes after Monday 10:00 that the payment takes place, and the steps."""
    from hypothesis import strategies as st

    cents = st.one_of(st.sampled_from([1, 999, 1000, 1001, 500]), st.integers(1, 1100))
    refund = st.tuples(st.just("refund"), cents)
    steps = [
        refund,
        refund,
        st.tuples(st.just("lost-refund"), cents),
        st.just(("repeat",)),
        st.just(("cancel",)),
    ]
    if clock:
        steps.append(st.tuples(st.just("wait"), st.sampled_from([1, 30, 600, 839, 840, 870, 1440, 20000])))
    return st.tuples(
        st.integers(0, 1439) if clock else st.just(0), st.lists(st.one_of(*steps), min_size=1, max_size=7)
    )


def _with_clock(lab: Lab) -> None:
    _explore(lab, clock=True)


def _without_clock(lab: Lab) -> None:
    _explore(lab, clock=False)


def _explore(lab: Lab, *, clock: bool) -> None:
    for_all(
        histories(clock=clock),
        lambda drawn: _play(lab, *drawn),
        examples=lab.plan.examples(40),
        seed=lab.plan.seed,
    )


def _play(lab: Lab, minutes: int, steps: list[Step]) -> None:
    start = MORNING + timedelta(minutes=minutes)
    with lab.gateway(start=start) as session:
        story = _Story(Till.open(lab, session))
        for step in steps:
            story.tell(step)


class _Story:
    """One trade's history, played and told."""

    def __init__(self, till: Till) -> None:
        self.till = till
        self.lines = [f"{self._time()} a customer pays 10.00"]
        self.last: tuple[str, str] | None = None
        self.unknown: dict[str, Decimal] = {}
        """Refunds whose outcome the subject was never told: it may refuse others while there are any."""

    @property
    def doubt(self) -> Decimal:
        """What the unknown refunds may have taken."""
        return sum(self.unknown.values(), Decimal(0))

    def tell(self, step: Step) -> None:
        """Play one step and compare."""
        match step:
            case ("wait", minutes):
                self.till.session.advance(timedelta(minutes=minutes))
                self.lines.append(f"{self._time()} {minutes} minutes have passed")
            case ("refund", cents):
                self._refund(f"{Decimal(cents).scaleb(-2):.2f}", self.till.lab.fresh("R"), lost=False)
            case ("lost-refund", cents):
                self._refund(f"{Decimal(cents).scaleb(-2):.2f}", self.till.lab.fresh("R"), lost=True)
            case ("repeat",):
                if self.last:
                    self._refund(*self.last, lost=False, repeated=True)
            case ("cancel",):
                self._cancel()
        self._compare()

    def _refund(self, amount: str, refund_id: str, *, lost: bool, repeated: bool = False) -> None:
        till, before = self.till, self.till.books
        known = any(refund.partner_refund_id == refund_id for refund in before.refunds)
        legal = known or Decimal(amount) <= before.remaining
        sent = till.sent("refund")
        if lost:
            till.session.inject(faults.drop("REFUND"))
        answer = till.refund(amount, refund_id=refund_id)
        found = outcome(answer)
        how = "repeats the refund of" if repeated else "refunds"
        lose = ", the answer is lost" if lost else ""
        self.lines.append(f"{self._time()} the shop {how} {amount} ({refund_id}){lose}: {found}")
        reached = till.sent("refund") > sent
        if lost and not reached:
            till.session.engine.clear_faults()
        if (
            reached
            and not legal
            and before.state != "cancelled"
            and till.lab.plan.policy.refund_sum == "merchant"
        ):
            raise self._broken("money.story-sent", what=f"{amount}")
        if not legal and found in {"success", "accepted"}:
            raise self._broken("money.story-over", what=f"{amount}")
        spared = Decimal(amount) > before.remaining - self.doubt or (found == "refused" and self.unknown)
        spared = spared or self._period_is_over(before)
        if legal and not lost and found != "success" and not known and not spared:
            till.fair(answer)
            raise self._broken("money.story-refused", what=f"{amount}", found=found)
        if reached and legal:
            self.last = (amount, refund_id)
        if lost and reached and legal and found != "success" and not known:
            self.unknown[refund_id] = Decimal(amount)
        if found == "success":
            self.unknown.pop(refund_id, None)

    def _period_is_over(self, trade: Trade) -> bool:
        days, paid_at = self.till.lab.plan.policy.refund_period, trade.paid_at
        if days is None or paid_at is None:
            return False
        return self.till.session.now >= paid_at + timedelta(days=days)

    def _cancel(self) -> None:
        till, before = self.till, self.till.books
        sent, now = till.sent("cancel"), till.session.now
        answer = till.cancel()
        found = outcome(answer)
        self.lines.append(f"{self._time()} the shop cancels: {found}")
        reached = till.sent("cancel") > sent
        if before.state == "cancelled" or before.refunds or before.paid_at is None:
            return
        same_day = beijing_day(now) == beijing_day(before.paid_at)
        in_band = beijing_day(now - _BAND) <= beijing_day(before.paid_at)
        if reached and not in_band and till.lab.plan.policy.cancel_window == "merchant":
            raise self._broken("money.story-late")
        if same_day and found != "success":
            till.fair(answer)
            raise self._broken("money.story-refused", what="CANCEL", found=found)

    def _compare(self) -> None:
        books, belief = self.till.books, self.till.belief()
        refunded = belief.get("refunded")
        if refunded is None or books.state == "cancelled":
            return
        believed = number(refunded)
        if believed is None or not books.refunded - self.doubt <= believed <= books.refunded:
            raise self._broken("money.refunded", found=refunded, expected=books.refunded)
        if believed > books.total:
            raise self._broken("money.story-over", what=str(refunded))

    def _broken(self, key: str, **details: Any) -> Broken:
        return Broken(key, {"story": "\n".join(self.lines), **self.till.evidence()}, **details)

    def _time(self) -> str:
        return self.till.session.now.astimezone(BEIJING).strftime("%a %H:%M")
