"""When a paid trade may be cancelled: on its Beijing day, to the last millisecond, and not one longer.

The seed's day is the rule. Some documents add fifteen minutes, others count 24 hours: each is a group of its
own, in which what only the variant allows is acceptable. In the seed's group the fifteen minutes are.
"""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question
from tools.vectors.trades.story import NOON, TEN, Event, pay, story

SAME_DAY: Final = "money.cancel.same-day"
WINDOW: Final = "money.cancel.window"
BAND: Final = "money.cancel.window-band"

DAY: Final = {"window": "beijing-day"}
GRACE: Final = {"window": "beijing-day-and-15-minutes"}
HOURS: Final = {"window": "24-hours"}

_LATE: Final = {"error": "TRADE_CANCEL_TIME_OUT"}


def ask(at: str = NOON, *, outcome: str = "success", trade: str = "T1") -> Event:
    """The CANCEL that is asked for next."""
    return {"out_trade_no": trade, "at": at, "outcome": outcome}


def paid(then: str, at: str = TEN) -> Inputs:
    """A payment, and a CANCEL after it."""
    return story(pay(at=at), then=ask(then))


@question(SAME_DAY, given=DAY, says={"action": "refund", "after": "cancelled"})
def two_hours_later() -> Inputs:
    """A payment of the morning is cancelled at noon: the money goes back, with the fee."""
    return paid(NOON)


@family(SAME_DAY, given=DAY, twin=two_hours_later)
def on_the_day() -> Iterator[Row]:
    """The Beijing day of the payment is not over: the cancel may be sent."""
    for at, slug, comment in (
        ("2026-11-23T10:00:00.000+08:00", "at-once", "Here: in the moment of the payment."),
        ("2026-11-23T11:00:00.001+08:00", "over-an-hour", "Here: over an hour later."),
        ("2026-11-23T23:00:00.000+08:00", "last-hour", "Here: an hour before midnight."),
        ("2026-11-23T23:45:00.000+08:00", "last-quarter", "Here: a quarter of an hour before midnight."),
        ("2026-11-23T23:59:59.000+08:00", "last-second", "Here: in the last second."),
        ("2026-11-23T23:59:59.999+08:00", "last-millisecond", "Here: in the last millisecond."),
        ("2026-11-23T15:59:59.999Z", "last-millisecond-in-utc", "Here: in the last millisecond, by a clock in UTC."),
        ("2026-11-23T10:59:59.999-05:00", "last-millisecond-in-new-york", "Here: in the last millisecond, by a clock in New York, where it is morning."),
        ("2026-11-24T00:59:59.999+09:00", "last-millisecond-in-tokyo", "Here: in the last millisecond, by a clock in Tokyo, where it is tomorrow."),
    ):  # fmt: skip
        yield Row(slug, comment, paid(at), says={"action": "refund"})


@family(BAND, given=DAY, twin=two_hours_later, result="acceptable")
def within_fifteen_minutes_of_midnight() -> Iterator[Row]:
    """The day is over; some documents allow these minutes, the seed does not: do not rely on them."""
    for at, slug, comment in (
        ("2026-11-24T00:00:00.000+08:00", "first-millisecond", "Here: at midnight, to the millisecond."),
        ("2026-11-23T16:00:00.000Z", "first-millisecond-in-utc", "Here: at midnight, by a clock in UTC."),
        ("2026-11-24T00:00:00.001+08:00", "second-millisecond", "Here: a millisecond later."),
        ("2026-11-24T00:07:30.000+08:00", "middle", "Here: in the middle of them."),
        ("2026-11-24T00:14:59.999+08:00", "last-millisecond", "Here: in their last millisecond."),
    ):
        yield Row(slug, comment, paid(at))


@family(WINDOW, given=DAY, twin=two_hours_later, result="invalid")
def on_a_later_day() -> Iterator[Row]:
    """The day is over, and so are the fifteen minutes: REFUND is the way."""
    for at, slug, comment in (
        ("2026-11-24T00:15:00.000+08:00", "quarter-past", "Here: at a quarter past midnight, to the millisecond."),
        ("2026-11-24T00:15:00.001+08:00", "after-quarter-past", "Here: a millisecond later."),
        ("2026-11-23T16:15:00.000Z", "quarter-past-in-utc", "Here: at a quarter past, by a clock in UTC, where the date is the same."),
        ("2026-11-23T11:15:00.000-05:00", "quarter-past-in-new-york", "Here: at a quarter past, by a clock in New York, where the date is the same."),
        ("2026-11-24T07:59:59.999+08:00", "before-utc-midnight", "Here: a millisecond before UTC has its midnight."),
        ("2026-11-24T09:59:59.999+08:00", "before-24-hours", "Here: a millisecond before 24 hours are over."),
        ("2026-11-24T10:00:00.000+08:00", "24-hours", "Here: 24 hours later."),
        ("2026-12-23T12:00:00.000+08:00", "a-month", "Here: the same day of the next month."),
        ("2027-11-23T12:00:00.000+08:00", "a-year", "Here: the same day of the next year."),
    ):  # fmt: skip
        yield Row(slug, comment, paid(at), says=_LATE)


@question(SAME_DAY, given=DAY)
def paid_in_the_first_millisecond() -> Inputs:
    """Paid at midnight, cancelled in the last millisecond of the same day: almost 24 hours later."""
    return paid("2026-11-23T23:59:59.999+08:00", "2026-11-23T00:00:00.000+08:00")


@question(SAME_DAY, given=DAY, twin=paid_in_the_first_millisecond)
def paid_in_the_last_second() -> Inputs:
    """Paid in the last second of a day, cancelled in its last millisecond."""
    return paid("2026-11-23T23:59:59.999+08:00", "2026-11-23T23:59:59.000+08:00")


@question(WINDOW, given=DAY, twin=paid_in_the_first_millisecond, result="invalid", says=_LATE)
def paid_the_night_before() -> Inputs:
    """Paid in the last second of the day before: the window closed almost a day ago."""
    return paid("2026-11-23T23:59:59.999+08:00", "2026-11-22T23:59:59.000+08:00")


@question(WINDOW, given=DAY, result="invalid", says=_LATE)
def paid_before_midnight_cancelled_after_a_quarter_past() -> Inputs:
    """Paid in the last second of a day: the window was open for one second, and the minutes are over, too."""
    return paid("2026-11-24T00:15:00.000+08:00", "2026-11-23T23:59:59.000+08:00")


@question(SAME_DAY, given=DAY, twin=paid_before_midnight_cancelled_after_a_quarter_past)
def paid_after_midnight_cancelled_at_a_quarter_past() -> Inputs:
    """Paid at midnight, one second later: the whole new day is open."""
    return paid("2026-11-24T00:15:00.000+08:00", "2026-11-24T00:00:00.000+08:00")


@question(SAME_DAY, given=DAY)
def the_same_beijing_day_on_two_utc_days() -> Inputs:
    """Paid at seven in the morning, cancelled at nine: in UTC midnight lies between."""
    return paid("2026-11-23T09:00:00.000+08:00", "2026-11-23T07:00:00.000+08:00")


@question(WINDOW, given=DAY, result="invalid", says=_LATE)
def one_utc_day_on_two_beijing_days() -> Inputs:
    """Paid at eleven in the evening, cancelled at one at night: in UTC both are one day."""
    return paid("2026-11-24T01:00:00.000+08:00", "2026-11-23T23:00:00.000+08:00")


@family(SAME_DAY, given=DAY)
def around_a_special_day() -> Iterator[Row]:
    """The calendar moves the border of the day nowhere."""
    day, after = (SAME_DAY,), (WINDOW,)
    for paid_at, at, flags, slug, comment in (
        ("2028-02-29T09:00:00.000+08:00", "2028-02-29T23:59:59.999+08:00", day, "leap-day", "Here: the last millisecond of a leap day."),
        ("2028-02-29T09:00:00.000+08:00", "2028-03-01T00:15:00.000+08:00", after, "after-leap-day", "Here: a payment of the leap day, on the first of March."),
        ("2028-02-28T09:00:00.000+08:00", "2028-02-29T09:00:00.000+08:00", after, "next-is-leap-day", "Here: a payment of the 28th, on the leap day."),
        ("2027-02-28T09:00:00.000+08:00", "2027-03-01T00:15:00.000+08:00", after, "no-leap-day", "Here: a payment of the last of February, on the first of March."),
        ("2026-12-31T09:00:00.000+08:00", "2026-12-31T23:59:59.999+08:00", day, "new-years-eve", "Here: the last millisecond of the year."),
        ("2026-12-31T09:00:00.000+08:00", "2027-01-01T00:15:00.000+08:00", after, "new-year", "Here: a payment of the old year, in the new one."),
        ("2026-11-30T09:00:00.000+08:00", "2026-12-01T09:00:00.000+08:00", after, "first-of-the-month", "Here: a payment of the last of a month, on the first of the next."),
        ("2026-03-08T14:00:00.000+08:00", "2026-03-08T23:30:00.000+08:00", day, "summer-begins-in-new-york", "Here: New York loses an hour between payment and cancel."),
        ("2026-11-01T12:00:00.000+08:00", "2026-11-01T23:30:00.000+08:00", day, "summer-ends-in-new-york", "Here: New York gains an hour between payment and cancel."),
        ("2026-03-29T08:00:00.000+08:00", "2026-03-30T00:30:00.000+08:00", after, "summer-begins-in-berlin", "Here: Berlin loses an hour, Beijing does not."),
        ("2016-12-31T09:00:00.000+08:00", "2017-01-01T08:00:00.000+08:00", after, "leap-second", "Here: UTC had a leap second between payment and cancel."),
        ("2026-07-01T23:30:00.000+08:00", "2026-07-02T00:20:00.000+08:00", after, "summer-night", "Here: a night in July, when China's zone had daylight saving in the eighties."),
    ):  # fmt: skip
        late = flags is after
        yield Row(
            slug, comment, paid(at, paid_at), "invalid" if late else None, _LATE if late else {}, flags=flags
        )


# --- the variants -------------------------------------------------------------------------------------------


@question(SAME_DAY, given=GRACE, twin=two_hours_later)
def with_grace_two_hours_later() -> Inputs:
    """On the day of the payment there is no difference."""
    return paid(NOON)


@family(BAND, given=GRACE, twin=with_grace_two_hours_later)
def with_grace_after_midnight() -> Iterator[Row]:
    """An agreement that allows fifteen minutes after midnight (autodebitpay/cancel)."""
    for at, result, slug, comment in (
        ("2026-11-23T23:59:59.999+08:00", "valid", "last-of-the-day", "Here: the day is not over."),
        ("2026-11-24T00:00:00.000+08:00", "acceptable", "midnight", "Here: at midnight: only this variant allows it."),
        ("2026-11-24T00:14:59.999+08:00", "acceptable", "last-of-the-grace", "Here: in the last millisecond of the fifteen minutes."),
        ("2026-11-24T00:15:00.000+08:00", "invalid", "quarter-past", "Here: the fifteen minutes are over."),
        ("2026-11-24T00:15:00.001+08:00", "invalid", "after-quarter-past", "Here: a millisecond later."),
    ):  # fmt: skip
        flags = {"valid": (SAME_DAY,), "invalid": (WINDOW,), "acceptable": (BAND,)}[result]
        yield Row(slug, comment, paid(at), result, flags=flags)  # type: ignore[arg-type]


@question(SAME_DAY, given=HOURS, twin=two_hours_later)
def within_hours_two_hours_later() -> Inputs:
    """On the day of the payment there is no difference, but for the moment at which the window closes."""
    return paid(NOON)


@family(WINDOW, given=HOURS, twin=within_hours_two_hours_later)
def within_hours_later() -> Iterator[Row]:
    """An agreement that counts 24 hours from the payment (transaction_qr_code_hk/refundflow)."""
    for at, result, slug, comment in (
        ("2026-11-23T23:59:59.999+08:00", "valid", "last-of-the-day", "Here: the Beijing day is not over."),
        ("2026-11-24T00:00:00.000+08:00", "acceptable", "midnight", "Here: at midnight: only the variants allow it."),
        ("2026-11-24T00:15:00.000+08:00", "acceptable", "quarter-past", "Here: at a quarter past: only this variant allows it."),
        ("2026-11-24T09:59:59.999+08:00", "acceptable", "last-millisecond", "Here: in the last millisecond of the 24 hours."),
        ("2026-11-24T10:00:00.000+08:00", "acceptable", "exactly", "Here: 24 hours to the millisecond; no source says on which side that is."),
        ("2026-11-24T10:00:00.001+08:00", "invalid", "a-millisecond-more", "Here: a millisecond over 24 hours."),
        ("2026-11-25T09:00:00.000+08:00", "invalid", "47-hours", "Here: 47 hours later."),
    ):  # fmt: skip
        flags = (SAME_DAY,) if result == "valid" else (WINDOW,)
        yield Row(slug, comment, paid(at), result, flags=flags)  # type: ignore[arg-type]
