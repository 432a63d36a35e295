"""Implementations that are wrong about the zone of timestamps, and about how they are written."""

from oracles.moments import DAY, HOUR, Moments, NoTimestampError, milliseconds_of
from faulty.answerers.registry import Implementation, fault

SUMMER_OF_2026 = milliseconds_of(2026, 3, 8, 7, 0, 0)  # in New York
WINTER_OF_2026 = milliseconds_of(2026, 11, 1, 6, 0, 0)


def wrapped(milliseconds):
    """What is left of a count when its seconds are kept in 32 bits with a sign."""
    seconds, rest = divmod(milliseconds, 1000)
    return ((seconds + 2**31) % 2**32 - 2**31) * 1000 + rest


# --- timestamps: the zone --------------------------------------------------------------------------------


class Clock(Moments, Implementation):
    """Right about moments."""


@fault("lives in UTC")
class ClockInUtc(Clock):
    def offset(self, instant):
        return 0


@fault("lives in Tokyo")
class ClockInTokyo(Clock):
    def offset(self, instant):
        return 9 * HOUR


@fault("lives in New York")
class ClockInNewYork(Clock):
    def offset(self, instant):
        return -4 * HOUR if SUMMER_OF_2026 <= instant < WINTER_OF_2026 else -5 * HOUR


@fault("turns the eight hours round")
class ClockTheOtherWay(Clock):
    def offset(self, instant):
        return -8 * HOUR


@fault("adds eight hours to the clock on its wall")
class ClockOnTheWall(Clock):
    def offset_in(self, text):
        return 0


@fault("takes the clock on its wall for Beijing's")
class ClockIsBeijing(Clock):
    def offset_in(self, text):
        return 8 * HOUR


@fault("forgets the minutes of an offset")
class ClockOfWholeHours(Clock):
    def offset_in(self, text):
        return super().offset_in(text) // HOUR * HOUR


@fault("gives Beijing the daylight saving that New York has")
class ClockWithSummer(Clock):
    def offset(self, instant):
        return 9 * HOUR if SUMMER_OF_2026 <= instant < WINTER_OF_2026 else 8 * HOUR


@fault("takes the zone Asia/Shanghai for GMT+8, the summer of 1988 included")
class ClockOfShanghai(Clock):
    def offset(self, instant):
        return 9 * HOUR if 577_044_000_000 <= instant < 589_910_400_000 else 8 * HOUR


# --- timestamps: how they are written --------------------------------------------------------------------


@fault("writes hours from 1 to 12")
class HourOfTwelve(Clock):
    def long_form(self, year, month, day, hour, *rest):
        return super().long_form(year, month, day, hour % 12 or 12, *rest)


@fault("writes hours from 1 to 24")
class HourOf24(Clock):
    def long_form(self, year, month, day, hour, *rest):
        return super().long_form(year, month, day, hour or 24, *rest)


@fault("writes hours from 0 to 11")
class HourOfEleven(Clock):
    def long_form(self, year, month, day, hour, *rest):
        return super().long_form(year, month, day, hour % 12, *rest)


@fault("writes the month where the minutes belong")
class MonthForMinute(Clock):
    def long_form(self, year, month, day, hour, minute, *rest):
        return super().long_form(year, month, day, hour, month, *rest)


@fault("writes the minutes where the month belongs")
class MinuteForMonth(Clock):
    def long_form(self, year, month, day, hour, minute, *rest):
        return super().long_form(year, minute, day, hour, minute, *rest)


@fault("writes the year of the week (YYYY in Java)")
class YearOfTheWeek(Clock):
    def long_form(self, year, month, day, *rest):
        last = (milliseconds_of(year, 12, 31, 0, 0, 0) // DAY + 4) % 7
        return super().long_form(year + (month == 12 and day >= 31 - last and last < 6), month, day, *rest)


@fault("writes the year of the ISO week (%G)")
class YearOfTheIsoWeek(Clock):
    def long_form(self, year, month, day, *rest):
        first = (milliseconds_of(year, 1, 1, 0, 0, 0) // DAY + 3) % 7  # Monday is 0
        return super().long_form(year - (month == 1 and first > 3 and day <= 7 - first), month, day, *rest)


@fault("writes the month first")
class MonthFirst(Clock):
    def long_form(self, year, month, day, hour, minute, second, fraction):
        return f"{month:02}/{day:02}/{year} {hour:02}:{minute:02}:{second:02}"


@fault("writes numbers without zeros in front")
class PartsNotPadded(Clock):
    def long_form(self, year, month, day, hour, minute, second, fraction):
        return f"{year}-{month}-{day} {hour}:{minute}:{second}"


@fault("writes the months from zero")
class MonthFromZero(Clock):
    def long_form(self, year, month, *rest):
        return super().long_form(year, month - 1, *rest)


@fault("writes ISO 8601")
class IsoForm(Clock):
    def long_form(self, *parts):
        return super().long_form(*parts).replace(" ", "T")


@fault("writes milliseconds behind the seconds")
class FractionWritten(Clock):
    def long_form(self, *parts):
        return f"{super().long_form(*parts)}.{parts[-1]:03}"


@fault("rounds to the next second")
class SecondRounded(Clock):
    def sent(self, instant, service):
        return super().sent((instant + 500) // 1000 * 1000 if service == "CREATE" else instant, service)


@fault("makes every fourth year a leap year")
class EveryFourthYear(Clock):
    def parts(self, instant):
        year, month, day, *rest = super().parts(instant)
        return (2100, 2, 29, *rest) if (year, month, day) == (2100, 3, 1) else (year, month, day, *rest)

    def exists(self, year, month, day, *rest):
        return super().exists(year, month, 28 if (month, day) == (2, 29) and year % 4 == 0 else day, *rest)


@fault("knows no leap years")
class NoLeapYears(Clock):
    def exists(self, year, month, day, *rest):
        if (month, day) == (2, 29):
            raise NoTimestampError("ILLEGAL_DATA_FORMAT")
        return super().exists(year, month, day, *rest)

    def day(self, instant):
        return super().day(instant).replace("-02-29", "-03-01")


@fault("counts seconds in 32 bits")
class SecondsIn32Bits(Clock):
    def instant(self, text):
        return wrapped(super().instant(text))

    def exists(self, *parts):
        return wrapped(super().exists(*parts))

    def read(self, text, service):
        return wrapped(super().read(text, service))


@fault("sends seconds to CANCEL")
class SecondsForMilliseconds(Clock):
    def in_milliseconds(self, instant):
        return str(instant // 1000)


@fault("sends whole seconds to CANCEL, filled up with zeros")
class MillisecondsFilledUp(Clock):
    def in_milliseconds(self, instant):
        return str(instant // 1000 * 1000)


@fault("sends milliseconds to CANCEL without zeros in front")
class MillisecondsNotPadded(Clock):
    def in_milliseconds(self, instant):
        return f"{instant // 1000}{instant % 1000}"


@fault("makes milliseconds of the fraction of a float, and cuts off")
class MillisecondsOfFloat(Clock):
    def in_milliseconds(self, instant):
        seconds = instant / 1000
        return str(int(seconds) * 1000 + int(seconds % 1 * 1000))


@fault("counts the milliseconds from the Beijing clock")
class MillisecondsOfBeijing(Clock):
    def in_milliseconds(self, instant):
        return str(instant + 8 * HOUR)


@fault("sends milliseconds as its language prints a large number")
class MillisecondsAsNumber(Clock):
    def in_milliseconds(self, instant):
        return f"{instant:.9g}"
