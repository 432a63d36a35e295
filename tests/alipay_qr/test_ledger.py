"""The ledger keeps money and history straight, whatever the order of the steps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from alipay_qr import ledger
from alipay_qr.beijing import BEIJING
from alipay_qr.errors import AmountError, RuleError
from alipay_qr.ledger import DAY_LONG_TERMS, GRACE_TERMS, SEED_TERMS, State, Terms, Trade

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=BEIJING)
HUNDRED = Decimal("100.00")


def waiting(total: str = "100.00", currency: str = "USD") -> Trade:
    return Trade("T1", currency, Decimal(total), State.WAITING)


def paid(total: str = "100.00", currency: str = "USD", at: datetime = NOON) -> Trade:
    return ledger.pay(waiting(total, currency), at)


def refunded(trade: Trade, amount: str, number: str = "R1", **extra) -> Trade:
    extra = {"at": NOON, "currency": trade.currency, **extra}
    return ledger.refund(trade, partner_refund_id=number, amount=Decimal(amount), **extra)[0]


def in_state(state: State) -> Trade:
    return {
        State.WAITING: waiting,
        State.PAID: paid,
        State.PARTLY_REFUNDED: lambda: refunded(paid(), "40"),
        State.REFUNDED: lambda: refunded(paid(), "100"),
        State.CANCELLED: lambda: ledger.cancel(paid(), NOON)[0],
        State.CLOSED: lambda: ledger.close(waiting(), NOON),
    }[state]()


STEPS = {
    "pay": lambda trade: ledger.pay(trade, NOON),
    "cancel": lambda trade: ledger.cancel(trade, NOON)[0],
    "refund": lambda trade: refunded(trade, "10", "R2"),
    "close": lambda trade: ledger.close(trade, NOON),
}
TABLE = {
    "pay": ["paid", "TRADE_STATUS_ERROR", "TRADE_STATUS_ERROR", *["TRADE_HAS_CLOSE"] * 3],
    "cancel": ["cancelled", "cancelled", *["REASON_TRADE_REFUND_FEE_ERR"] * 2, "cancelled", "closed"],
    "refund": ["TRADE_STATUS_ERROR", "partly_refunded", "partly_refunded", *["TRADE_HAS_CLOSE"] * 3],
    "close": ["closed", "closed", "closed", "refunded", "cancelled", "closed"],
}
ROWS = [
    pytest.param(step, state, outcome, id=f"{step}-when-{state}")
    for step, outcomes in TABLE.items()
    for state, outcome in zip(State, outcomes, strict=True)
]


@pytest.mark.parametrize(("step", "state", "outcome"), ROWS)
def test_what_each_step_makes_of_each_state(step, state, outcome):
    trade = in_state(state)
    assert trade.state is state
    if outcome.isupper():
        with pytest.raises(RuleError) as refused:
            STEPS[step](trade)
        assert refused.value.code == outcome
    else:
        assert STEPS[step](trade).state == outcome


MIDNIGHT = datetime(2026, 11, 24, tzinfo=BEIJING)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("terms", "moment", "allowed"),
    [
        pytest.param(SEED_TERMS, NOON, True, id="at-once"),
        pytest.param(SEED_TERMS, MIDNIGHT - SECOND, True, id="last-second-of-the-beijing-day"),
        pytest.param(SEED_TERMS, MIDNIGHT, False, id="midnight-in-beijing"),
        pytest.param(SEED_TERMS, (MIDNIGHT - SECOND).astimezone(UTC), True, id="same-instant-told-in-utc"),
        pytest.param(SEED_TERMS, datetime(2026, 11, 23, 16, 0, tzinfo=UTC), False, id="utc-day-is-not-it"),
        pytest.param(GRACE_TERMS, MIDNIGHT + timedelta(minutes=15) - SECOND, True, id="grace-last-second"),
        pytest.param(GRACE_TERMS, MIDNIGHT + timedelta(minutes=15), False, id="grace-over"),
        pytest.param(DAY_LONG_TERMS, NOON + timedelta(hours=24) - SECOND, True, id="24h-last-second"),
        pytest.param(DAY_LONG_TERMS, NOON + timedelta(hours=24), False, id="24h-over"),
    ],
)
def test_cancel_window(terms, moment, allowed):
    if allowed:
        trade, action = ledger.cancel(paid(), moment, terms)
        assert (trade.state, action, trade.ended_at) == (State.CANCELLED, "refund", moment)
    else:
        with pytest.raises(RuleError) as refused:
            ledger.cancel(paid(), moment, terms)
        assert refused.value.code == "TRADE_CANCEL_TIME_OUT"


def test_a_payment_just_after_midnight_belongs_to_the_new_day():
    early = MIDNIGHT + SECOND
    assert ledger.cancel(paid(at=early), early + timedelta(hours=23))[1] == "refund"


def test_an_unpaid_trade_has_no_window_and_is_closed():
    trade, action = ledger.cancel(waiting(), NOON + timedelta(days=30))
    assert (trade.state, action) == (State.CANCELLED, "close")


def test_a_repeated_cancel_has_nothing_to_do_even_after_the_day():
    cancelled, _ = ledger.cancel(paid(), NOON)
    assert ledger.cancel(cancelled, NOON + timedelta(days=3)) == (cancelled, None)


def test_refunds_add_up_exactly():
    trade = paid("0.30")
    for number in ("R1", "R2", "R3"):
        trade = refunded(trade, "0.10", number)
    assert (trade.state, trade.refunded, trade.remaining) == (State.REFUNDED, Decimal("0.30"), 0)


def test_a_cent_too_much_is_refused():
    trade = refunded(paid(), "60")
    with pytest.raises(RuleError, match=r"more than what remains of trade T1: 40\.00") as refused:
        refunded(trade, "40.01", "R2")
    assert refused.value.code == "RETURN_AMOUNT_EXCEED"
    assert refunded(trade, "40", "R2").state is State.REFUNDED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"partner_refund_id": "T1"}, "INVALID_PARAMETER", id="id-of-the-trade"),
        pytest.param({"partner_refund_id": ""}, "INVALID_PARAMETER", id="no-id"),
        pytest.param({"currency": "HKD"}, "INVALID_PARAMETER", id="other-currency"),
        pytest.param({"amount": Decimal(0)}, "REFUND_AMT_RESTRICTION", id="zero"),
        pytest.param({"amount": Decimal(-1)}, "REFUND_AMT_RESTRICTION", id="negative"),
        pytest.param({"amount": Decimal("NaN")}, "REFUND_AMT_RESTRICTION", id="not-a-number"),
        pytest.param({"amount": Decimal("0.001")}, "REFUND_AMT_RESTRICTION", id="finer-than-a-cent"),
        pytest.param({"at": NOON + timedelta(days=365)}, "TRADE_STATUS_ERROR", id="period-over"),
    ],
)
def test_refunds_that_are_refused(change, code):
    wish = {"partner_refund_id": "R1", "amount": Decimal(1), "currency": "USD", "at": NOON, **change}
    with pytest.raises(RuleError) as refused:
        ledger.refund(paid(), **wish)
    assert refused.value.code == code


def test_the_refund_period_is_a_term_of_the_contract():
    terms = Terms(refund_period=timedelta(days=30))
    assert refunded(paid(), "1", at=NOON + timedelta(days=30) - SECOND, terms=terms).refunded == 1
    with pytest.raises(RuleError):
        refunded(paid(), "1", at=NOON + timedelta(days=30), terms=terms)


def test_a_whole_number_currency_has_no_part_refund_of_decimals():
    with pytest.raises(RuleError) as refused:
        refunded(paid("100", "JPY"), "0.5")
    assert refused.value.code == "REFUND_AMT_RESTRICTION"


def test_an_identical_repeat_is_the_same_refund():
    once = refunded(paid(), "100")
    twice, refund = ledger.refund(
        once, partner_refund_id="R1", amount=Decimal("100.0"), currency="USD", at=NOON + timedelta(days=999)
    )
    assert twice == once
    assert refund == once.refunds[0]


@pytest.mark.parametrize("change", [{"amount": Decimal(41)}, {"currency": "HKD"}], ids=["amount", "currency"])
def test_a_repeat_with_other_data_is_refused(change):
    wish = {"partner_refund_id": "R1", "amount": Decimal(40), "currency": "USD", "at": NOON, **change}
    with pytest.raises(RuleError, match="exists with 40 USD") as refused:
        ledger.refund(refunded(paid(), "40"), **wish)
    assert refused.value.code == "INVALID_PARAMETER"


def test_a_pending_refund_counts_against_the_rest_and_moves_no_money():
    trade = refunded(paid(), "60", done=False)
    assert (trade.state, trade.refunded, trade.pending, trade.remaining) == (State.PAID, 0, 60, 40)
    with pytest.raises(RuleError, match="more than what remains"):
        refunded(trade, "40.01", "R2")
    with pytest.raises(RuleError, match="has a refund"):
        ledger.cancel(trade, NOON)


def test_a_pending_refund_is_finished_once():
    trade = ledger.finish_refund(refunded(paid(), "100", done=False), "R1", NOON)
    assert (trade.state, trade.refunded, trade.pending, trade.ended_at) == (State.REFUNDED, 100, 0, NOON)
    assert ledger.finish_refund(trade, "R1", NOON + SECOND) == trade


def test_sums_are_decimals_even_of_nothing():
    trade = waiting()
    assert [type(sum_) for sum_ in (trade.refunded, trade.pending, trade.remaining)] == [Decimal] * 3


def test_a_refund_remembers_its_request_and_the_last_one_ends_the_trade():
    later = NOON + timedelta(days=3)
    trade = refunded(refunded(paid(), "40"), "60", "R2", at=later)
    assert [each.requested_at for each in trade.refunds] == [NOON, later]
    assert (trade.state, trade.ended_at) == (State.REFUNDED, later)


@pytest.mark.parametrize("amount", ["40", "100"], ids=["in-part", "in-full"])
def test_a_refund_leaves_the_rest_of_the_trade_as_it_is(amount):
    before = replace(paid(), trade_no="2026112300000001")
    after = refunded(before, amount)
    assert replace(after, refunds=(), state=before.state, ended_at=before.ended_at) == before


def test_of_two_pending_refunds_one_is_finished_or_dropped_and_the_other_waits():
    both = refunded(refunded(paid(), "60", done=False), "30", "R2", done=False)
    finished = ledger.finish_refund(both, "R2", NOON)
    assert [each.done for each in finished.refunds] == [False, True]
    assert (finished.state, finished.refunded, finished.pending) == (State.PARTLY_REFUNDED, 30, 60)
    dropped = ledger.drop_refund(both, "R1")
    assert [each.partner_refund_id for each in dropped.refunds] == ["R2"]


def test_a_dropped_refund_frees_its_amount_and_the_cancel():
    trade = ledger.drop_refund(refunded(paid(), "60", done=False), "R1")
    assert (trade.remaining, trade.refunds) == (HUNDRED, ())
    assert ledger.cancel(trade, NOON)[1] == "refund"


def test_a_finished_refund_is_final():
    with pytest.raises(RuleError, match="final"):
        ledger.drop_refund(refunded(paid(), "60"), "R1")


@pytest.mark.parametrize("step", [ledger.finish_refund, ledger.drop_refund], ids=["finish", "drop"])
def test_a_refund_nobody_asked_for(step):
    with pytest.raises(RuleError) as refused:
        step(paid(), "R9")
    assert refused.value.code == "INVALID_PARAMETER"


def test_a_total_that_is_no_amount_of_its_currency():
    with pytest.raises(AmountError):
        waiting("0.5", "JPY")


class TradeMachine(RuleBasedStateMachine):
    """Any order of steps at any time: the money stays exact, what is over stays over."""

    def __init__(self):
        super().__init__()
        self.trade = waiting("10.00")
        self.now = NOON
        self.promised = {}

    def attempt(self, step, *args, **kwargs):
        """Take a step; a refused one changes nothing, which frozen values give us for free."""
        before = self.trade
        try:
            result = step(self.trade, *args, **kwargs)
        except RuleError:
            return None
        self.trade = result[0] if isinstance(result, tuple) else result
        if before.state in {State.REFUNDED, State.CANCELLED, State.CLOSED}:
            assert self.trade.state is before.state
        return result

    @rule(hours=st.integers(0, 30))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def pay(self):
        before = self.trade
        if self.attempt(ledger.pay, self.now):
            assert before.state is State.WAITING

    @rule(terms=st.sampled_from([SEED_TERMS, GRACE_TERMS, DAY_LONG_TERMS]))
    def cancel(self, terms):
        before = self.trade
        if result := self.attempt(ledger.cancel, self.now, terms):
            assert not before.refunds or before.state is State.CLOSED
            if result[1] == "refund":
                assert self.now < ledger.cancel_deadline(before.paid_at, terms)

    @rule(number=st.integers(1, 4), cents=st.integers(0, 1100), done=st.booleans())
    def refund(self, number, cents, done):
        amount = Decimal(cents).scaleb(-2)
        wish = {"partner_refund_id": f"R{number}", "amount": amount, "currency": "USD", "at": self.now}
        if result := self.attempt(ledger.refund, **wish, done=done):
            assert self.promised.setdefault(f"R{number}", amount) == amount
            assert result[1].amount == amount

    @precondition(lambda self: self.trade.refunds)
    @rule(finish=st.booleans(), data=st.data())
    def settle(self, finish, data):
        number = data.draw(st.sampled_from(self.trade.refunds)).partner_refund_id
        if finish:
            self.attempt(ledger.finish_refund, number, self.now)
        elif self.attempt(ledger.drop_refund, number):
            del self.promised[number]

    @rule()
    def close(self):
        self.attempt(ledger.close, self.now)

    @invariant()
    def the_sum_of_refunds_never_exceeds_the_payment(self):
        trade = self.trade
        assert trade.refunded + trade.pending == sum(self.promised.values())
        assert trade.refunded + trade.pending <= trade.total
        assert 0 <= trade.remaining <= trade.total

    @invariant()
    def the_state_tells_the_story(self):
        trade = self.trade
        assert (trade.state is State.REFUNDED) == (trade.refunded == trade.total)
        if trade.state is State.PAID:
            assert not trade.refunded
        if trade.state is State.PARTLY_REFUNDED:
            assert 0 < trade.refunded < trade.total
        if trade.state in {State.WAITING, State.CANCELLED}:
            assert not trade.refunds
        assert (trade.ended_at is not None) == (
            trade.state in {State.REFUNDED, State.CANCELLED, State.CLOSED}
        )


def test_the_machine_of_a_trade():
    run_state_machine_as_test(
        TradeMachine,
        settings=settings(
            deadline=None,
            database=None,
            derandomize=True,
            max_examples=60,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )
