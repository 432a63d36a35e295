"""From a text to the instant that it names: which texts are timestamps, and which only look like one."""

from collections.abc import Iterator

from tools.vectors.moments.writing import CANCEL, CANCEL_FORM, CREATE, CREATE_FORM, ZONE
from tools.vectors.question import Inputs, Row, family, question


@question(ZONE, given=CREATE, says={"milliseconds": 1795399200000, "day": "2026-11-23"})
def a_long_form() -> Inputs:
    """yyyy-MM-dd HH:mm:ss, read as Beijing time."""
    return {"text": "2026-11-23 10:00:00"}


@family(ZONE, given=CREATE, twin=a_long_form)
def another_long_form() -> Iterator[Row]:
    """It names an instant in GMT+8, also where some clock on earth shows no such time."""
    for text, milliseconds, slug, comment in (
        ("2026-11-23 00:00:00", 1795363200000, "midnight", "Here: midnight, the first second of its day."),
        ("2026-11-23 23:59:59", 1795449599000, "last-second", "Here: the last second of a day."),
        ("2026-11-23 07:59:59", 1795391999000, "utc-is-a-day-behind", "Here: a second before eight, while UTC has the day before."),
        ("2026-11-23 08:00:00", 1795392000000, "utc-midnight", "Here: eight, when UTC begins the same day."),
        ("2028-02-29 12:00:00", 1835409600000, "leap-day", "Here: a leap day."),
        ("2000-02-29 12:00:00", 951796800000, "leap-day-2000", "Here: the leap day of 2000, which has one because it is divisible by 400."),
        ("2026-03-08 02:30:00", 1772908200000, "missing-in-new-york", "Here: half past two, which New York does not have on that day."),
        ("2026-11-01 01:30:00", 1793467800000, "twice-in-new-york", "Here: half past one, which New York has twice on that day."),
        ("1988-07-01 08:00:00", 583718400000, "china-1988", "Here: the summer of 1988, in GMT+8 and not in China's daylight saving."),
        ("2026-12-31 23:59:59", 1798732799000, "last-of-the-year", "Here: the last second of a year."),
        ("2027-01-01 00:00:00", 1798732800000, "first-of-the-year", "Here: the first second of a year."),
        ("2038-01-19 11:14:08", 2147483648000, "over-32-bits", "Here: one second more than 32 bits can count."),
        ("2012-12-21 17:11:16", 1356081076000, "example-of-the-page", "Here: the example of the gateway's own page."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, says={"milliseconds": milliseconds})
    yield Row(
        "before-1970",
        "Here: a year before 1970; no trade has it, and no source excludes it.",
        {"text": "1969-12-31 23:59:59"},
        "acceptable",
    )
    yield Row(
        "year-9999",
        "Here: the last day of the calendar of many libraries.",
        {"text": "9999-12-31 23:59:59"},
        "acceptable",
    )


@family(CREATE_FORM, given=CREATE, twin=a_long_form, result="invalid")
def no_such_moment() -> Iterator[Row]:
    """The form is right, the calendar has no such moment; lenient readers move it to the next one that exists."""
    for text, slug, comment in (
        ("2026-11-23 24:00:00", "hour-24", "Here: hour 24, which ISO 8601 once allowed for midnight."),
        ("2026-11-23 25:00:00", "hour-25", "Here: hour 25."),
        ("2026-11-23 10:60:00", "minute-60", "Here: minute 60."),
        ("2026-11-23 10:00:60", "second-60", "Here: second 60 in the middle of the day."),
        ("2016-12-31 23:59:60", "leap-second-in-utc", "Here: second 60 at the end of a day that had a leap second in UTC."),
        ("2017-01-01 07:59:60", "leap-second-in-beijing", "Here: that leap second, in Beijing time."),
        ("2026-11-23 10:00:61", "second-61", "Here: second 61, which C's struct tm allows."),
        ("2026-11-31 10:00:00", "november-31", "Here: the 31st of November."),
        ("2026-02-29 10:00:00", "no-leap-year", "Here: the 29th of February of a common year."),
        ("2100-02-29 10:00:00", "no-leap-year-2100", "Here: the 29th of February 2100."),
        ("2026-02-30 10:00:00", "february-30", "Here: the 30th of February."),
        ("2026-11-00 10:00:00", "day-0", "Here: day 00."),
        ("2026-11-32 10:00:00", "day-32", "Here: day 32."),
        ("2026-00-23 10:00:00", "month-0", "Here: month 00, what a month counted from zero makes of January."),
        ("2026-13-23 10:00:00", "month-13", "Here: month 13."),
        ("0000-00-00 00:00:00", "all-zero", "Here: what MySQL stores for no date."),
        ("2026-99-99 99:99:99", "all-nine", "Here: every part too large."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, says={"error": "ILLEGAL_DATA_FORMAT"})


@family(CREATE_FORM, given=CREATE, twin=a_long_form, result="invalid")
def another_form() -> Iterator[Row]:
    """A date to some library, not to the gateway."""
    wrong, long = "ILLEGAL_DATA_FORMAT", "ILLEGAL_LENGTH"
    for text, error, slug, comment in (
        ("2026-11-23T10:00:00", wrong, "iso-t", "Here: ISO 8601 with a T."),
        ("2026-11-23t10:00:00", wrong, "small-t", "Here: a small t."),
        ("2026-11-23 10:00:00Z", long, "z", "Here: with a Z; it would be another instant, too."),
        ("2026-11-23 10:00:00+08:00", long, "offset", "Here: with the right offset, which has no place here."),
        ("2026-11-23 10:00:00 GMT+8", long, "zone-name", "Here: with the name of the zone."),
        ("2026-11-23 10:00:00.000", long, "fraction", "Here: with milliseconds."),
        ("2026-11-23 10:00", wrong, "no-seconds", "Here: without seconds."),
        ("2026-11-23", wrong, "no-time", "Here: a day."),
        ("10:00:00", wrong, "no-day", "Here: a time."),
        ("2026-11-23  10:00:00", long, "two-blanks", "Here: two blanks."),
        ("2026-11-23\u00a010:00:00", wrong, "hard-blank", "Here: a no-break space, as some formatters write it."),
        ("2026-11-23\t10:00:00", wrong, "tab", "Here: a tab."),
        ("2026-11-23_10:00:00", wrong, "underscore", "Here: an underscore."),
        ("2026-11-23+10:00:00", wrong, "plus", "Here: a plus: the blank of a form that was not decoded."),
        ("2026-11-23%2010:00:00", long, "encoded", "Here: what URL-encoding makes of its blank."),
        (" 2026-11-23 10:00:0", wrong, "blank-in-front", "Here: a blank in front, and a second of one digit."),
        ("2026-11-23 10:00:00 ", long, "blank-behind", "Here: a blank behind."),
        ("2026-11-23 10:00:00\n", long, "newline", "Here: a newline behind, which a $ lets pass."),
        ("2026/11/23 10:00:00", wrong, "slashes", "Here: slashes."),
        ("2026.11.23 10:00:00", wrong, "points", "Here: points."),
        ("23-11-2026 10:00:00", wrong, "day-first", "Here: the day first."),
        ("11-23-2026 10:00:00", wrong, "month-first", "Here: the month first, as in America."),
        ("26-11-23 10:00:00", wrong, "two-digit-year", "Here: a year of two digits."),
        ("2026-1-2 3:04:05", wrong, "not-padded", "Here: parts of one digit."),
        ("2026-11-23 10-00-00", wrong, "dashes-in-the-time", "Here: dashes between hour, minute and second."),
        ("2026-11-23 10.00.00", wrong, "points-in-the-time", "Here: points between them, as in Denmark."),
        ("20261123100000", wrong, "compact", "Here: digits alone, as other interfaces of Alipay want it."),
        ("2026-11-23 10:00 AM", wrong, "am", "Here: a clock of twelve hours."),
        ("23 Nov 2026 10:00:0", wrong, "month-name", "Here: the name of the month."),
        ("2026-W48-1 10:00:00", wrong, "week", "Here: a week of the year."),
        ("2026-327 10:00:00", wrong, "day-of-the-year", "Here: the day of the year."),
        ("+2026-11-2310:00:00", wrong, "signed-year", "Here: a year with a sign."),
        ("-026-11-23 10:00:00", wrong, "negative-year", "Here: a minus in the year."),
        ("1795399200000", wrong, "milliseconds", "Here: milliseconds, which only CANCEL takes."),
        ("1795399200", wrong, "seconds", "Here: seconds since 1970."),
        ("now", wrong, "now", "Here: a word that PHP's strtotime() reads."),
        ("\uff12\uff10\uff12\uff16-11-23 10:00:00", wrong, "full-width", "Here: a year in full-width digits."),
        ("\u0662\u0660\u0662\u0666-11-23 10:00:00", wrong, "arabic", "Here: a year in Arabic-Indic digits."),
        ("2026-11-23 10\uff1a00\uff1a00", wrong, "full-width-colons", "Here: full-width colons, from a Chinese keyboard."),
        ("2026\u201311\u201323 10:00:00", wrong, "long-dashes", "Here: en dashes."),
        ("2026\u5e7411\u670823\u65e510:00", wrong, "chinese", "Here: year, month and day in Chinese."),
        ("", "PARAMTER_IS_NULL", "empty", "Here: nothing."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, says={"error": error})


# --- CANCEL ---------------------------------------------------------------------------------------------


@question(CANCEL_FORM, given=CANCEL, says={"milliseconds": 1795399200250, "day": "2026-11-23"})
def milliseconds() -> Inputs:
    """Milliseconds since 1970, as CANCEL's page wants them."""
    return {"text": "1795399200250"}


@family(CANCEL_FORM, given=CANCEL, twin=milliseconds)
def milliseconds_as_text() -> Iterator[Row]:
    """Thirteen digits name an instant; its day is that of Beijing."""
    for text, day, slug, comment in (
        ("1795449599999", "2026-11-23", "before-midnight", "Here: the last millisecond of a Beijing day."),
        ("1795449600000", "2026-11-24", "at-midnight", "Here: the first of the next."),
        ("1795478399999", "2026-11-24", "before-utc-midnight", "Here: the last of the UTC day."),
        ("1456507704121", "2016-02-27", "example-of-the-page", "Here: the example of the page, after midnight in Beijing."),
        ("1835409600000", "2028-02-29", "leap-day", "Here: a leap day."),
        ("1798732799999", "2026-12-31", "last-of-the-year", "Here: the last millisecond of a Beijing year."),
        ("2147483648000", "2038-01-19", "over-32-bits", "Here: more seconds than 32 bits can count."),
        ("1000000000000", "2001-09-09", "first-of-13-digits", "Here: the smallest number of thirteen digits."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, says={"milliseconds": int(text), "day": day})
    yield Row(
        "long-form",
        "Here: the long form, which an SDK's sample sends: read by the gateway, not what the page says.",
        {"text": "2026-11-23 10:00:00"},
        "acceptable",
    )
    yield Row(
        "zeros", "Here: thirteen zeros, the beginning of 1970.", {"text": "0000000000000"}, "acceptable"
    )


@family(CANCEL_FORM, given=CANCEL, twin=milliseconds, result="invalid")
def no_milliseconds() -> Iterator[Row]:
    """Neither thirteen digits nor the long form."""
    wrong, long = "ILLEGAL_DATA_FORMAT", "ILLEGAL_LENGTH"
    for text, error, slug, comment in (
        ("1795399200", wrong, "seconds", "Here: seconds: taken for milliseconds they would be in January 1970."),
        ("179539920025", wrong, "12-digits", "Here: one digit is missing."),
        ("17953992002500", wrong, "14-digits", "Here: one digit too many."),
        ("1795399200250000", wrong, "microseconds", "Here: microseconds."),
        ("1795399200250000000", wrong, "nanoseconds", "Here: nanoseconds, in nineteen digits, which are as long as the long form."),
        ("1795399200.250", wrong, "seconds-with-fraction", "Here: seconds with a fraction."),
        ("1795399200250.0", wrong, "with-fraction", "Here: a float printed as text."),
        ("1.79539920025e12", wrong, "exponent", "Here: with an exponent, as some languages print large numbers."),
        ("1.79539920025E+12", wrong, "capital-exponent", "Here: with an exponent, as a spreadsheet shows it."),
        ("-179539920025", wrong, "negative", "Here: a minus."),
        ("+1795399200250", wrong, "plus", "Here: a plus."),
        ("1,795,399,200,250", wrong, "grouped", "Here: grouped in thousands."),
        ("1795399200250L", wrong, "long-suffix", "Here: the suffix of a long literal."),
        (" 1795399200250", wrong, "blank-in-front", "Here: a blank in front."),
        ("1795399200250\n", wrong, "newline", "Here: a newline behind, which a $ lets pass."),
        ("1a206f3c6da", wrong, "hex", "Here: hex digits."),
        ("\uff11795399200250", wrong, "full-width", "Here: its first digit is full-width."),
        ("2026-11-23T10:00:00", wrong, "iso-t", "Here: ISO 8601 with a T."),
        ("2026-11-23 24:00:00", wrong, "long-form-hour-24", "Here: the long form of a moment that does not exist."),
        ("2026-02-29 10:00:00", wrong, "long-form-no-leap-year", "Here: the long form of a day that does not exist."),
        ("2026-11-23 10:00:00.250", long, "long-form-with-fraction", "Here: the long form with milliseconds: neither form."),
        ("", "PARAMTER_IS_NULL", "empty", "Here: nothing."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, says={"error": error})
