"""Several trades, each with a sum of its own; and how long after the payment a refund is possible."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question
from tools.vectors.trades.identity import SAME_ID
from tools.vectors.trades.story import ask, cancel, expect, pay, refund, story, taken
from tools.vectors.trades.sums import EXACT, SUM, YEAR, a_part

PERIOD: Final = "money.refund.period"
EXPIRED: Final = "money.refund.expired"

SHORTER: Final = {"refund_period_days": 360}


@question(EXACT, given=YEAR)
def all_of_the_second_trade() -> Inputs:
    """The first trade is refunded in full; that takes nothing from the second."""
    return story(pay(), pay(trade="T2"), refund("12.80"), then=ask("12.80", trade="T2"))


@question(SUM, given=YEAR, twin=all_of_the_second_trade, result="invalid", says={"error": "TRADE_HAS_CLOSE"})
def all_of_the_first_trade_again() -> Inputs:
    """The second trade's money does not pay a second refund of the first."""
    return story(pay(), pay(trade="T2"), refund("12.80"), then=ask("12.80"))


@question(SUM, given=YEAR, result="invalid", says={"error": "RETURN_AMOUNT_EXCEED"})
def more_than_one_trade_less_than_two() -> Inputs:
    """20.00 were paid in two trades of 10.00: no refund of one of them is larger than 10.00."""
    return story(pay("10.00"), pay("10.00", trade="T2"), then=ask("15.00"))


@question(EXACT, given=YEAR, twin=more_than_one_trade_less_than_two)
def one_trade_of_two() -> Inputs:
    """One of the two trades in full."""
    return story(pay("10.00"), pay("10.00", trade="T2"), then=ask("10.00"))


@question(SUM, given=YEAR, result="invalid", says={"error": "RETURN_AMOUNT_EXCEED"})
def pending_of_the_same_trade() -> Inputs:
    """What is pending at this trade counts."""
    return story(pay(), pay(trade="T2"), taken("5.00", trade="T2"), then=ask("12.80", trade="T2"))


@question(EXACT, given=YEAR, twin=pending_of_the_same_trade)
def pending_of_another_trade() -> Inputs:
    """What is pending at another trade does not count."""
    return story(pay(), pay(trade="T2"), taken("5.00", trade="T2"), then=ask("12.80"))


@question(EXACT, given=YEAR)
def a_trade_beside_a_cancelled_one() -> Inputs:
    """One trade was cancelled, the other is as it was."""
    return story(pay(), pay(trade="T2"), cancel(), then=ask("1.00", trade="T2"))


@question(EXACT, given=YEAR)
def trades_in_two_currencies() -> Inputs:
    """The same figures in another currency are another trade's."""
    return story(pay("100", "JPY"), pay("100", "USD", trade="T2"), then=ask("100", trade="T2"))


@question(
    "money.refund.currency",
    given=YEAR,
    twin=trades_in_two_currencies,
    result="invalid",
    says={"error": "INVALID_PARAMETER"},
)
def the_currency_of_the_other_trade() -> Inputs:
    """The currency is that of the trade that is refunded, not of another one."""
    return story(pay("100", "JPY"), pay("100", "USD", trade="T2"), then=ask("100"))


@question(SAME_ID, given=YEAR, result="invalid", says={"error": "INVALID_PARAMETER"})
def the_id_of_another_trades_refund() -> Inputs:
    """Together with partner the id names one refund: it cannot name one of another trade, too."""
    return story(pay(), pay(trade="T2"), refund("5.00"), then=ask("5.00", "R1", trade="T2"))


@question(SAME_ID, given=YEAR, twin=the_id_of_another_trades_refund, says={"repeat": False})
def an_id_of_its_own() -> Inputs:
    """A new id for the other trade's refund."""
    return story(pay(), pay(trade="T2"), refund("5.00"), then=ask("5.00", "R2", trade="T2"))


@question(SAME_ID, given=YEAR, twin=the_id_of_another_trades_refund, says={"repeat": False})
def the_id_of_another_trades_refund_that_failed() -> Inputs:
    """The other trade's refund failed: the id names nothing."""
    return story(pay(), pay(trade="T2"), refund("5.00", outcome="failed"), then=ask("5.00", "R1", trade="T2"))


@question("money.refund.sum", given=YEAR, result="invalid", says={"error": "TRADE_STATUS_ERROR"})
def a_trade_that_nobody_paid() -> Inputs:
    """The shop awaits the payment: there is nothing to refund."""
    return story(expect(), then=ask("1.00"))


# --- the refund period --------------------------------------------------------------------------------------


@family(PERIOD, given=YEAR, twin=a_part)
def on_a_later_day() -> Iterator[Row]:
    """REFUND is not bound to the day of the payment, as CANCEL is: only to the period of the contract."""
    for at, slug, comment in (
        ("2026-11-24T00:00:00.000+08:00", "next-midnight", "Here: the first millisecond of the next day."),
        ("2026-11-24T10:00:00.000+08:00", "24-hours", "Here: 24 hours later."),
        ("2026-12-01T12:00:00.000+08:00", "next-month", "Here: in the next month."),
        ("2026-12-23T12:00:00.000+08:00", "a-month", "Here: a month later."),
        ("2027-01-01T00:00:00.000+08:00", "next-year", "Here: in the next year."),
        ("2027-02-21T10:00:00.001+08:00", "over-90-days", "Here: over 90 days later."),
        ("2027-05-23T12:00:00.000+08:00", "half-a-year", "Here: half a year later."),
        ("2027-11-17T12:00:00.000+08:00", "359-days", "Here: 359 days and two hours later."),
        ("2027-11-23T09:59:59.999+08:00", "last-millisecond", "Here: the last millisecond of 365 days."),
    ):
        yield Row(slug, comment, story(pay(), then=ask("1.00", at=at)))
    exactly = story(pay(), then=ask("1.00", at="2027-11-23T10:00:00.000+08:00"))
    yield Row(
        "exactly",
        "Here: 365 days to the millisecond; no source says on which side that is.",
        exactly,
        "acceptable",
        flags=(EXPIRED,),
    )


@family(EXPIRED, given=YEAR, twin=a_part, result="invalid")
def after_the_period() -> Iterator[Row]:
    """The contract allows 365 days here: what is asked later is refused, whoever promised it."""
    for at, slug, comment in (
        ("2027-11-23T10:00:00.001+08:00", "a-millisecond", "Here: a millisecond later."),
        ("2027-11-24T12:00:00.000+08:00", "a-day", "Here: a day later."),
        ("2028-11-23T12:00:00.000+08:00", "a-year", "Here: a year later."),
    ):
        yield Row(slug, comment, story(pay(), then=ask("1.00", at=at)), says={"error": "TRADE_STATUS_ERROR"})


@question(EXPIRED, given=SHORTER, result="invalid", says={"error": "TRADE_STATUS_ERROR"})
def after_a_shorter_period() -> Inputs:
    """Another contract allows 360 days: a millisecond later is too late."""
    return story(pay(), then=ask("1.00", at="2027-11-18T10:00:00.001+08:00"))


@question(PERIOD, given=SHORTER, twin=after_a_shorter_period)
def within_a_shorter_period() -> Inputs:
    """The last millisecond of 360 days."""
    return story(pay(), then=ask("1.00", at="2027-11-18T09:59:59.999+08:00"))


@question(PERIOD, given=YEAR, twin=after_a_shorter_period)
def within_a_longer_period() -> Inputs:
    """The same moment under a contract of 365 days."""
    return story(pay(), then=ask("1.00", at="2027-11-18T10:00:00.001+08:00"))


@question("money.refund.repeat", given=YEAR, says={"repeat": True})
def a_repeat_on_a_later_day() -> Inputs:
    """An unknown refund is repeated on the next day: the same data, the same refund."""
    asked = ask("5.00", "R1", at="2026-11-24T12:00:00.000+08:00")
    return story(pay(), refund("5.00", outcome="unknown"), then=asked)
