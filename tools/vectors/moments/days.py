"""The transaction day: the Beijing calendar day, which bounds CANCEL wherever the shop stands."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.moments.writing import CANCEL
from tools.vectors.question import Inputs, Row, family, question

SAME_DAY: Final = "money.cancel.same-day"
WINDOW: Final = "money.cancel.window"

_PAID: Final = "2026-11-23T10:00:00.000+08:00"


@question(SAME_DAY, given=CANCEL, says={"same_day": True, "days": ["2026-11-23", "2026-11-23"]})
def an_hour_apart() -> Inputs:
    """Two moments of one morning."""
    return {"instants": [_PAID, "2026-11-23T11:00:00.000+08:00"]}


@family(SAME_DAY, given=CANCEL, twin=an_hour_apart)
def of_one_day() -> Iterator[Row]:
    """Both lie on the same Beijing day."""
    for clock, slug, comment in (
        ("2026-11-23T00:00:00.000+08:00", "first-millisecond", "Here: its first millisecond."),
        ("2026-11-23T23:59:59.999+08:00", "last-millisecond", "Here: its last millisecond."),
        ("2026-11-23T15:59:59.999Z", "last-in-utc", "Here: its last millisecond in UTC."),
        (
            "2026-11-22T16:00:00.000Z",
            "first-in-utc",
            "Here: its first millisecond in UTC, where it is the day before.",
        ),
        ("2026-11-22T19:00:00.000-05:00", "new-york", "Here: the evening before in New York."),
        ("2026-11-24T01:00:00.000+14:00", "kiritimati", "Here: the morning after on Kiritimati."),
        ("2026-11-24T00:30:00.000+09:00", "tokyo", "Here: after midnight in Tokyo."),
    ):
        yield Row(slug, comment, {"instants": [_PAID, clock]}, says={"same_day": True})


@family(WINDOW, given=CANCEL, twin=an_hour_apart)
def of_two_days() -> Iterator[Row]:
    """They lie on different Beijing days, however near they are."""
    for clock, slug, comment in (
        ("2026-11-24T00:00:00.000+08:00", "next-midnight", "Here: the first millisecond of the next day."),
        ("2026-11-22T23:59:59.999+08:00", "day-before", "Here: the last millisecond of the day before."),
        (
            "2026-11-23T16:00:00.000Z",
            "next-midnight-in-utc",
            "Here: the next midnight in UTC, which has the same date.",
        ),
        ("2026-11-23T23:00:00.000Z", "same-utc-day", "Here: an evening of the same date in UTC."),
        (
            "2026-11-23T12:00:00.000-05:00",
            "same-date-in-new-york",
            "Here: noon of the same date in New York.",
        ),
        ("2026-11-24T09:59:59.999+08:00", "less-than-24-hours", "Here: not yet 24 hours later."),
        ("2026-12-23T10:00:00.000+08:00", "same-day-of-the-month", "Here: the same day of the next month."),
        ("2027-11-23T10:00:00.000+08:00", "same-day-of-the-year", "Here: the same day of the next year."),
    ):
        yield Row(slug, comment, {"instants": [_PAID, clock]}, says={"same_day": False})


@question(WINDOW, given=CANCEL, says={"same_day": False, "days": ["2028-02-29", "2028-03-01"]})
def around_the_end_of_a_leap_day() -> Inputs:
    """A millisecond lies between them, and the border of February and March."""
    return {"instants": ["2028-02-29T23:59:59.999+08:00", "2028-03-01T00:00:00.000+08:00"]}


@question(SAME_DAY, given=CANCEL, twin=around_the_end_of_a_leap_day, says={"same_day": True})
def both_on_a_leap_day() -> Inputs:
    """The first and the last millisecond of a leap day."""
    return {"instants": ["2028-02-29T23:59:59.999+08:00", "2028-02-29T00:00:00.000+08:00"]}


@question(SAME_DAY, given=CANCEL, says={"same_day": True, "days": ["2026-11-01", "2026-11-01"]})
def over_the_end_of_daylight_saving() -> Inputs:
    """Half past one in New York, twice in one night: one Beijing day."""
    return {"instants": ["2026-11-01T01:30:00.000-04:00", "2026-11-01T01:30:00.000-05:00"]}


@question(WINDOW, given=CANCEL, says={"same_day": False, "days": ["2026-12-31", "2027-01-01"]})
def around_new_year() -> Inputs:
    """The last evening and the first morning of a year, which UTC counts to the old one."""
    return {"instants": ["2026-12-31T15:00:00.000Z", "2026-12-31T17:00:00.000Z"]}
