"""Moments with whole numbers alone: a calendar of its own, no datetime, no code of the packages under test.

Every decision is one short method, a seam: a faulty implementation in tests/faulty overrides one of them.
"""

DIGITS = "0123456789"
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class NoTimestampError(Exception):
    """The gateway's code."""


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def length_of(year, month):
    return MONTHS[month - 1] + (1 if month == 2 and is_leap(year) else 0)


def days_before(year):
    """The days between 1970-01-01 and the first of January of a year from 1 on."""
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 - 719_162


def milliseconds_of(year, month, day, hour=0, minute=0, second=0):
    days = days_before(year) + sum(length_of(year, each) for each in range(1, month)) + day - 1
    return days * DAY + hour * HOUR + minute * MINUTE + second * SECOND


def parts_of(milliseconds):
    """Year, month, day, hour, minute, second, millisecond of a count without a zone."""
    days, rest = divmod(milliseconds, DAY)
    year = 1970 + days // 366
    while days >= days_before(year + 1):
        year += 1
    day, month = days - days_before(year), 1
    while day >= length_of(year, month):
        day -= length_of(year, month)
        month += 1
    return year, month, day + 1, rest // HOUR, rest // MINUTE % 60, rest // SECOND % 60, rest % SECOND


def numbers(text, places):
    """The numbers at the places of a text where a form has its digits."""
    return [int(text[start:end]) for start, end in places]


LONG = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19))


class Moments:
    """Answers vectors of the kind ``timestamp``."""

    def timestamp(self, inputs):
        if "instants" in inputs:
            days = [self.day(self.instant(each)) for each in inputs["instants"]]
            return {"result": "valid", "days": days, "same_day": self.is_same_day(inputs["instants"], days)}
        if "instant" in inputs:
            instant = self.instant(inputs["instant"])
            return {"result": "valid", **self.told(instant), "sent": self.sent(instant, inputs["service"])}
        try:
            instant = self.read(inputs["text"], inputs["service"])
        except NoTimestampError as code:
            return {"result": "invalid", "error": str(code)}
        if "arrives" not in inputs:
            return {"result": "valid", **self.told(instant)}
        age = self.age(instant, inputs["arrives"])
        told = {**self.told(instant), "age_milliseconds": age}
        if self.is_too_old(age):
            return {"result": "invalid", **told, "error": "INVALID_PARAMETER"}
        return {"result": "valid", **told}

    def told(self, instant):
        return {"beijing": self.beijing(instant), "day": self.day(instant), "milliseconds": instant}

    def beijing(self, instant):
        year, month, day, hour, minute, second, fraction = parts_of(instant + 8 * HOUR)
        return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}+08:00"

    # === the seams ==================================================================================

    def instant(self, text):
        """Milliseconds since 1970 of an instant in RFC 3339."""
        (fraction,) = numbers(text, ((20, 23),))
        return milliseconds_of(*numbers(text, LONG)) + fraction - self.offset_in(text[23:])

    def offset_in(self, text):
        if text == "Z":
            return 0
        hours, minutes = numbers(text, ((1, 3), (4, 6)))
        return (hours * HOUR + minutes * MINUTE) * (-1 if text[0] == "-" else 1)

    def offset(self, instant):
        """How far the clock that is looked at is ahead of UTC."""
        return 8 * HOUR

    def parts(self, instant):
        return parts_of(instant + self.offset(instant))

    def day(self, instant):
        year, month, day, *_ = self.parts(instant)
        return f"{year:04}-{month:02}-{day:02}"

    def is_same_day(self, instants, days):
        return len(set(days)) == 1

    def sent(self, instant, service):
        return self.in_milliseconds(instant) if service == "CANCEL" else self.long_form(*self.parts(instant))

    def in_milliseconds(self, instant):
        return str(instant)

    def long_form(self, year, month, day, *time):
        hour, minute, second, _ = time
        return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"

    def read(self, text, service):
        self.check(text, service)
        if len(text) == 13:
            return int(text)
        return self.exists(*numbers(text, LONG))

    def check(self, text, service):
        if not text:
            raise NoTimestampError("PARAMTER_IS_NULL")
        if len(text) > 19:
            raise NoTimestampError("ILLEGAL_LENGTH")
        if not self.has_form(text) and not (service == "CANCEL" and self.is_count(text)):
            raise NoTimestampError("ILLEGAL_DATA_FORMAT")

    def has_form(self, text):
        mask = "".join("9" if each in DIGITS else each for each in text)
        return mask == "9999-99-99 99:99:99"

    def is_count(self, text):
        return len(text) == 13 and all(each in DIGITS for each in text)

    def exists(self, year, month, day, hour, minute, second):
        legal = year > 0 and 1 <= month <= 12 and hour < 24 and minute < 60 and second < 60
        if not legal or not 1 <= day <= length_of(year, month):
            raise NoTimestampError("ILLEGAL_DATA_FORMAT")
        shown = milliseconds_of(year, month, day, hour, minute, second)
        return shown - self.offset(shown - 8 * HOUR)

    def age(self, instant, arrives):
        return self.instant(arrives) - instant

    def is_too_old(self, age):
        return age > 30 * MINUTE
