"""From an instant to the text that is sent: GMT+8, whatever the clock on the wall shows."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question

ZONE: Final = "request.timestamp.zone"
CREATE_FORM: Final = "request.create.timestamp"
CANCEL_FORM: Final = "request.cancel.timestamp"

CREATE: Final = {"service": "CREATE"}
CANCEL: Final = {"service": "CANCEL"}


@question(ZONE, given=CREATE, says={"sent": "2026-11-23 10:00:00"})
def ten_in_the_morning() -> Inputs:
    """Ten in the morning in Beijing, on a clock that stands there."""
    return {"instant": "2026-11-23T10:00:00.000+08:00"}


@family(ZONE, given=CREATE, twin=ten_in_the_morning)
def the_same_instant() -> Iterator[Row]:
    """Ten in the morning in Beijing on a clock somewhere else: the text is the same."""
    for clock, slug, comment in (
        ("2026-11-23T02:00:00.000Z", "utc", "Here: in UTC, as most servers run."),
        ("2026-11-23T02:00:00.000+00:00", "utc-as-offset", "Here: in UTC, written as an offset."),
        ("2026-11-23T02:00:00.000-00:00", "utc-as-negative-offset", "Here: in UTC, written as -00:00."),
        ("2026-11-22T21:00:00.000-05:00", "new-york", "Here: in New York, where it is still yesterday."),
        ("2026-11-22T18:00:00.000-08:00", "san-francisco", "Here: in San Francisco; eight hours in the other direction."),
        ("2026-11-23T03:00:00.000+01:00", "paris", "Here: in Paris."),
        ("2026-11-23T11:00:00.000+09:00", "tokyo", "Here: in Tokyo."),
        ("2026-11-23T07:30:00.000+05:30", "delhi", "Here: in Delhi, half an hour off."),
        ("2026-11-23T07:45:00.000+05:45", "kathmandu", "Here: in Kathmandu, three quarters of an hour off."),
        ("2026-11-22T22:30:00.000-03:30", "st-johns", "Here: in St. John's, half an hour off, west."),
        ("2026-11-23T16:00:00.000+14:00", "kiritimati", "Here: on Kiritimati, the first to have a new day."),
        ("2026-11-22T14:00:00.000-12:00", "baker-island", "Here: at the other end of the date line."),
        ("2026-11-23T15:45:00.000+13:45", "chatham", "Here: on the Chatham Islands in summer."),
    ):  # fmt: skip
        yield Row(slug, comment, {"instant": clock}, says={"sent": "2026-11-23 10:00:00"})


@family(CREATE_FORM, given=CREATE, twin=ten_in_the_morning)
def a_time_of_day() -> Iterator[Row]:
    """Hours run from 00 to 23, every part has two digits, and a fraction of a second is cut off."""
    for clock, sent, slug, comment in (
        ("2026-11-23T00:00:00.000+08:00", "2026-11-23 00:00:00", "midnight", "Here: midnight, which is 00 and begins the day: not 24, not 12."),
        ("2026-11-23T00:30:00.000+08:00", "2026-11-23 00:30:00", "half-past-midnight", "Here: half past midnight, 12:30 AM on a clock of twelve hours."),
        ("2026-11-23T12:00:00.000+08:00", "2026-11-23 12:00:00", "noon", "Here: noon."),
        ("2026-11-23T12:30:00.000+08:00", "2026-11-23 12:30:00", "half-past-noon", "Here: half past noon, where hours from 0 to 11 show 00."),
        ("2026-11-23T13:00:00.000+08:00", "2026-11-23 13:00:00", "one-in-the-afternoon", "Here: one in the afternoon, 01 on a clock of twelve hours."),
        ("2026-11-23T22:15:00.000+08:00", "2026-11-23 22:15:00", "late-evening", "Here: a quarter past ten in the evening."),
        ("2026-11-23T23:59:59.000+08:00", "2026-11-23 23:59:59", "last-second", "Here: the last second of the day."),
        ("2026-11-23T09:08:07.000+08:00", "2026-11-23 09:08:07", "single-digits", "Here: hour, minute and second below ten."),
        ("2026-11-23T10:00:00.001+08:00", "2026-11-23 10:00:00", "a-millisecond", "Here: a millisecond more."),
        ("2026-11-23T10:00:00.500+08:00", "2026-11-23 10:00:00", "half-a-second", "Here: half a second, which is not rounded."),
        ("2026-11-23T10:00:00.999+08:00", "2026-11-23 10:00:00", "almost-the-next", "Here: a millisecond before the next second."),
        ("2026-11-23T23:59:59.999+08:00", "2026-11-23 23:59:59", "almost-tomorrow", "Here: a millisecond before midnight; rounded, it would be tomorrow."),
    ):  # fmt: skip
        yield Row(slug, comment, {"instant": clock}, says={"sent": sent})


@family(ZONE, given=CREATE, twin=ten_in_the_morning)
def a_border_of_days() -> Iterator[Row]:
    """The Beijing day begins at 16:00 UTC of the day before."""
    for clock, sent, slug, comment in (
        ("2026-11-23T15:59:59.999Z", "2026-11-23 23:59:59", "before-midnight", "Here: the last millisecond of the Beijing day, in UTC."),
        ("2026-11-23T16:00:00.000Z", "2026-11-24 00:00:00", "at-midnight", "Here: the first millisecond of the next, in UTC, where it is still the day before."),
        ("2026-11-23T23:59:59.999Z", "2026-11-24 07:59:59", "before-utc-midnight", "Here: the last millisecond of the UTC day."),
        ("2026-11-24T00:00:00.000Z", "2026-11-24 08:00:00", "at-utc-midnight", "Here: UTC midnight."),
        ("2026-12-31T15:59:59.999Z", "2026-12-31 23:59:59", "last-of-the-year", "Here: the last millisecond of the Beijing year."),
        ("2026-12-31T16:00:00.000Z", "2027-01-01 00:00:00", "first-of-the-year", "Here: New Year in Beijing, while UTC has the old one."),
        ("2026-12-31T12:00:00.000Z", "2026-12-31 20:00:00", "week-of-the-next-year", "Here: a day whose week belongs to the next year in some calendars (YYYY)."),
        ("2027-01-02T04:00:00.000Z", "2027-01-02 12:00:00", "week-of-the-last-year", "Here: a day whose week belongs to the last year in others (%G)."),
        ("2028-02-28T15:59:59.999Z", "2028-02-28 23:59:59", "before-leap-day", "Here: the last millisecond before the leap day."),
        ("2028-02-28T16:00:00.000Z", "2028-02-29 00:00:00", "leap-day", "Here: the first millisecond of the leap day."),
        ("2028-02-29T16:00:00.000Z", "2028-03-01 00:00:00", "after-leap-day", "Here: the first millisecond after the leap day."),
        ("2027-02-28T16:00:00.000Z", "2027-03-01 00:00:00", "no-leap-day", "Here: the end of February in a year without leap day."),
        ("2100-02-28T16:00:00.000Z", "2100-03-01 00:00:00", "no-leap-day-2100", "Here: 2100, which is divisible by four and has no leap day."),
        ("2026-04-30T16:00:00.000Z", "2026-05-01 00:00:00", "end-of-april", "Here: the end of a month of thirty days."),
        ("2026-03-09T08:05:00.000Z", "2026-03-09 16:05:00", "month-and-minute", "Here: March, and five minutes: month and minute are not interchangeable."),
        ("2026-01-02T01:03:04.000Z", "2026-01-02 09:03:04", "day-and-month", "Here: the second of January: year, month, day, in this order."),
        ("2038-01-19T03:14:08.000Z", "2038-01-19 11:14:08", "over-32-bits", "Here: one second more than 32 bits can count."),
    ):  # fmt: skip
        yield Row(slug, comment, {"instant": clock}, says={"sent": sent})


@family(ZONE, given=CREATE, twin=ten_in_the_morning)
def daylight_saving_elsewhere() -> Iterator[Row]:
    """Beijing has no daylight saving: its distance to a place that has it changes twice a year."""
    for clock, sent, slug, comment in (
        ("2026-03-08T01:59:59.000-05:00", "2026-03-08 14:59:59", "new-york-before-spring", "Here: the last second of winter time in New York."),
        ("2026-03-08T03:00:00.000-04:00", "2026-03-08 15:00:00", "new-york-after-spring", "Here: one second later, an hour further on the wall."),
        ("2026-11-01T01:30:00.000-04:00", "2026-11-01 13:30:00", "new-york-first-half-past-one", "Here: half past one in New York, for the first time that night."),
        ("2026-11-01T01:30:00.000-05:00", "2026-11-01 14:30:00", "new-york-second-half-past-one", "Here: half past one in New York, for the second time."),
        ("2026-07-01T12:00:00.000-04:00", "2026-07-02 00:00:00", "new-york-summer", "Here: noon in New York in summer is midnight in Beijing."),
        ("2026-12-01T12:00:00.000-05:00", "2026-12-02 01:00:00", "new-york-winter", "Here: noon in New York in winter is one hour later."),
        ("2026-03-29T02:00:00.000+01:00", "2026-03-29 09:00:00", "berlin-spring", "Here: the hour that does not exist in Berlin, told with its offset."),
        ("2026-06-30T18:00:00.000+02:00", "2026-07-01 00:00:00", "berlin-summer", "Here: six in the evening of a summer in Berlin."),
        ("1988-07-01T00:00:00.000Z", "1988-07-01 08:00:00", "china-1988", "Here: the summer of 1988, when China had daylight saving: the zone Asia/Shanghai is nine hours ahead, GMT+8 is not."),
    ):  # fmt: skip
        yield Row(slug, comment, {"instant": clock}, says={"sent": sent})


# --- CANCEL: milliseconds ---------------------------------------------------------------------------------


@question(CANCEL_FORM, given=CANCEL, twin=ten_in_the_morning, says={"sent": "1795399200000"})
def ten_in_the_morning_in_milliseconds() -> Inputs:
    """The page of CANCEL wants milliseconds since 1970, as text."""
    return {"instant": "2026-11-23T10:00:00.000+08:00"}


@family(CANCEL_FORM, given=CANCEL, twin=ten_in_the_morning_in_milliseconds)
def milliseconds_of_an_instant() -> Iterator[Row]:
    """Whole milliseconds since 1970 in UTC, thirteen digits; no zone is added, nothing is rounded."""
    for clock, sent, slug, comment in (
        ("2026-11-23T02:00:00.000Z", "1795399200000", "utc", "Here: the same instant in UTC."),
        ("2026-11-22T21:00:00.000-05:00", "1795399200000", "new-york", "Here: the same instant in New York."),
        ("2026-11-23T10:00:00.250+08:00", "1795399200250", "a-quarter", "Here: with 250 milliseconds, which are sent."),
        ("2026-11-23T10:00:00.001+08:00", "1795399200001", "one", "Here: with one millisecond."),
        ("2026-11-23T10:00:00.009+08:00", "1795399200009", "nine", "Here: with nine, which needs two zeros in front."),
        ("2026-11-23T10:00:00.057+08:00", "1795399200057", "57", "Here: with 57; the fraction of a float of seconds is below that, and loses one when it is cut off."),
        ("2026-11-23T10:00:00.999+08:00", "1795399200999", "999", "Here: with 999."),
        ("2026-11-23T23:59:59.999+08:00", "1795449599999", "before-midnight", "Here: the last millisecond of the Beijing day."),
        ("2026-11-24T00:00:00.000+08:00", "1795449600000", "at-midnight", "Here: the first millisecond of the next."),
        ("2016-02-26T17:28:24.121Z", "1456507704121", "example-of-the-page", "Here: the example of the gateway's own page."),
        ("2001-09-09T01:46:40.000Z", "1000000000000", "first-of-13-digits", "Here: the first instant that needs thirteen digits."),
        ("2038-01-19T03:14:07.999Z", "2147483647999", "32-bits", "Here: the last second that 32 bits can count."),
        ("2038-01-19T03:14:08.000Z", "2147483648000", "over-32-bits", "Here: the first that they cannot."),
        ("2028-02-29T12:00:00.000+08:00", "1835409600000", "leap-day", "Here: noon of a leap day."),
        ("2286-11-20T17:46:39.999Z", "9999999999999", "last-of-13-digits", "Here: the last instant of thirteen digits."),
    ):  # fmt: skip
        yield Row(slug, comment, {"instant": clock}, says={"sent": sent})
    yield Row(
        "14-digits",
        "Here: an instant that needs fourteen digits; the sources know no such form.",
        {"instant": "2286-11-20T17:46:40.000Z"},
        "acceptable",
    )
    yield Row(
        "12-digits",
        "Here: an instant of twelve digits, filled up with a zero or not.",
        {"instant": "2001-09-09T01:46:39.999Z"},
        "acceptable",
    )
