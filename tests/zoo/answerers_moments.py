"""Answerers that are wrong about moments."""

import re
import unicodedata
from urllib.parse import unquote_plus

from oracles.moments import DAY, HOUR, MINUTE, SECOND, Moments, NoTimestampError, milliseconds_of
from zoo.answerers import Answerer, answerer

SUMMER_OF_2026 = milliseconds_of(2026, 3, 8, 7, 0, 0)  # in New York
WINTER_OF_2026 = milliseconds_of(2026, 11, 1, 6, 0, 0)


def wrapped(milliseconds):
    """What is left of a count when its seconds are kept in 32 bits with a sign."""
    seconds, rest = divmod(milliseconds, 1000)
    return ((seconds + 2**31) % 2**32 - 2**31) * 1000 + rest


# --- timestamps: the zone --------------------------------------------------------------------------------


class Clock(Moments, Answerer):
    """Right about moments."""


@answerer("lives in UTC")
class ClockInUtc(Clock):
    def offset(self, instant):
        return 0


@answerer("lives in Tokyo")
class ClockInTokyo(Clock):
    def offset(self, instant):
        return 9 * HOUR


@answerer("lives in New York")
class ClockInNewYork(Clock):
    def offset(self, instant):
        return -4 * HOUR if SUMMER_OF_2026 <= instant < WINTER_OF_2026 else -5 * HOUR


@answerer("turns the eight hours round")
class ClockTheOtherWay(Clock):
    def offset(self, instant):
        return -8 * HOUR


@answerer("adds eight hours to the clock on its wall")
class ClockOnTheWall(Clock):
    def offset_in(self, text):
        return 0


@answerer("takes the clock on its wall for Beijing's")
class ClockIsBeijing(Clock):
    def offset_in(self, text):
        return 8 * HOUR


@answerer("forgets the minutes of an offset")
class ClockOfWholeHours(Clock):
    def offset_in(self, text):
        return super().offset_in(text) // HOUR * HOUR


@answerer("gives Beijing the daylight saving that New York has")
class ClockWithSummer(Clock):
    def offset(self, instant):
        return 9 * HOUR if SUMMER_OF_2026 <= instant < WINTER_OF_2026 else 8 * HOUR


@answerer("takes the zone Asia/Shanghai for GMT+8, the summer of 1988 included")
class ClockOfShanghai(Clock):
    def offset(self, instant):
        return 9 * HOUR if 577_044_000_000 <= instant < 589_910_400_000 else 8 * HOUR


# --- timestamps: how they are written --------------------------------------------------------------------


@answerer("writes hours from 1 to 12")
class HourOfTwelve(Clock):
    def long_form(self, year, month, day, hour, *rest):
        return super().long_form(year, month, day, hour % 12 or 12, *rest)


@answerer("writes hours from 1 to 24")
class HourOf24(Clock):
    def long_form(self, year, month, day, hour, *rest):
        return super().long_form(year, month, day, hour or 24, *rest)


@answerer("writes hours from 0 to 11")
class HourOfEleven(Clock):
    def long_form(self, year, month, day, hour, *rest):
        return super().long_form(year, month, day, hour % 12, *rest)


@answerer("writes the month where the minutes belong")
class MonthForMinute(Clock):
    def long_form(self, year, month, day, hour, minute, *rest):
        return super().long_form(year, month, day, hour, month, *rest)


@answerer("writes the minutes where the month belongs")
class MinuteForMonth(Clock):
    def long_form(self, year, month, day, hour, minute, *rest):
        return super().long_form(year, minute, day, hour, minute, *rest)


@answerer("writes the year of the week (YYYY in Java)")
class YearOfTheWeek(Clock):
    def long_form(self, year, month, day, *rest):
        last = (milliseconds_of(year, 12, 31, 0, 0, 0) // DAY + 4) % 7
        return super().long_form(year + (month == 12 and day >= 31 - last and last < 6), month, day, *rest)


@answerer("writes the year of the ISO week (%G)")
class YearOfTheIsoWeek(Clock):
    def long_form(self, year, month, day, *rest):
        first = (milliseconds_of(year, 1, 1, 0, 0, 0) // DAY + 3) % 7  # Monday is 0
        return super().long_form(year - (month == 1 and first > 3 and day <= 7 - first), month, day, *rest)


@answerer("writes the month first")
class MonthFirst(Clock):
    def long_form(self, year, month, day, hour, minute, second, fraction):
        return f"{month:02}/{day:02}/{year} {hour:02}:{minute:02}:{second:02}"


@answerer("writes numbers without zeros in front")
class PartsNotPadded(Clock):
    def long_form(self, year, month, day, hour, minute, second, fraction):
        return f"{year}-{month}-{day} {hour}:{minute}:{second}"


@answerer("writes the months from zero")
class MonthFromZero(Clock):
    def long_form(self, year, month, *rest):
        return super().long_form(year, month - 1, *rest)


@answerer("writes ISO 8601")
class IsoForm(Clock):
    def long_form(self, *parts):
        return super().long_form(*parts).replace(" ", "T")


@answerer("writes milliseconds behind the seconds")
class FractionWritten(Clock):
    def long_form(self, *parts):
        return f"{super().long_form(*parts)}.{parts[-1]:03}"


@answerer("rounds to the next second")
class SecondRounded(Clock):
    def sent(self, instant, service):
        return super().sent((instant + 500) // 1000 * 1000 if service == "CREATE" else instant, service)


@answerer("makes every fourth year a leap year")
class EveryFourthYear(Clock):
    def parts(self, instant):
        year, month, day, *rest = super().parts(instant)
        return (2100, 2, 29, *rest) if (year, month, day) == (2100, 3, 1) else (year, month, day, *rest)

    def exists(self, year, month, day, *rest):
        return super().exists(year, month, 28 if (month, day) == (2, 29) and year % 4 == 0 else day, *rest)


@answerer("knows no leap years")
class NoLeapYears(Clock):
    def exists(self, year, month, day, *rest):
        if (month, day) == (2, 29):
            raise NoTimestampError("ILLEGAL_DATA_FORMAT")
        return super().exists(year, month, day, *rest)

    def day(self, instant):
        return super().day(instant).replace("-02-29", "-03-01")


@answerer("counts seconds in 32 bits")
class SecondsIn32Bits(Clock):
    def instant(self, text):
        return wrapped(super().instant(text))

    def exists(self, *parts):
        return wrapped(super().exists(*parts))

    def read(self, text, service):
        return wrapped(super().read(text, service))


@answerer("sends seconds to CANCEL")
class SecondsForMilliseconds(Clock):
    def in_milliseconds(self, instant):
        return str(instant // 1000)


@answerer("sends whole seconds to CANCEL, filled up with zeros")
class MillisecondsFilledUp(Clock):
    def in_milliseconds(self, instant):
        return str(instant // 1000 * 1000)


@answerer("sends milliseconds to CANCEL without zeros in front")
class MillisecondsNotPadded(Clock):
    def in_milliseconds(self, instant):
        return f"{instant // 1000}{instant % 1000}"


@answerer("makes milliseconds of the fraction of a float, and cuts off")
class MillisecondsOfFloat(Clock):
    def in_milliseconds(self, instant):
        seconds = instant / 1000
        return str(int(seconds) * 1000 + int(seconds % 1 * 1000))


@answerer("counts the milliseconds from the Beijing clock")
class MillisecondsOfBeijing(Clock):
    def in_milliseconds(self, instant):
        return str(instant + 8 * HOUR)


@answerer("sends milliseconds as its language prints a large number")
class MillisecondsAsNumber(Clock):
    def in_milliseconds(self, instant):
        return f"{instant:.9g}"


# --- timestamps: which texts are one ---------------------------------------------------------------------


class LenientClock(Clock):
    """Reads more than the gateway; `cleaned` returns what is left to be read."""

    def read(self, text, service):
        return super().read(self.cleaned(text), service)

    def cleaned(self, text):
        return text


@answerer("strips white space before it reads a timestamp")
class TimeStripped(LenientClock):
    def cleaned(self, text):
        return text.strip()


@answerer("puts any separators between the numbers of a timestamp")
class TimeAnySeparators(LenientClock):
    def cleaned(self, text):
        return re.sub(r"^(\d{4})\D+(\d\d)\D+(\d\d)\D+(\d\d)\D+(\d\d)\D+(\d\d)$", r"\1-\2-\3 \4:\5:\6", text)


@answerer("ignores what follows the seconds")
class TimeUntilSeconds(LenientClock):
    def cleaned(self, text):
        return re.sub(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d).*$", r"\1", text, flags=re.DOTALL)


@answerer("matches a timestamp with $, which a newline may follow")
class TimeBeforeNewline(LenientClock):
    def cleaned(self, text):
        return re.sub(r"\n$", "", text)


@answerer("takes every digit of Unicode for one in a time")
class TimeAnyDigit(LenientClock):
    def cleaned(self, text):
        return unicodedata.normalize("NFKC", "".join(str(unicodedata.digit(each, each)) for each in text)).replace("\u2013", "-")


@answerer("completes a timestamp that is not whole")
class TimeCompleted(LenientClock):
    def cleaned(self, text):
        if text in ("", "now"):
            return "2026-11-23 10:00:00"
        found = re.fullmatch(r"([+-]?\d{1,4})-(\d{1,2})-(\d{1,2})(?: +(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?: AM)?)?", text.strip())
        if re.fullmatch(r"\d\d:\d\d:\d\d", text):
            return f"2026-11-23 {text}"
        if not found:
            return text
        year, *others = (int(part or 0) for part in found.groups())
        return "{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(abs(year) + 2000 * (abs(year) < 100), *others)


@answerer("guesses the form of a timestamp")
class TimeGuessed(LenientClock):
    def cleaned(self, text):
        for pattern, order in (
            (r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", (0, 1, 2, 3, 4, 5)),
            (r"(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d):(\d\d)", (2, 1, 0, 3, 4, 5)),
            (r"(\d{4})\D(\d\d)\D(\d\d)\D(\d\d)\D(\d\d)", (0, 1, 2, 3, 4, 4)),
            (r"\+(\d{4})-(\d\d)-(\d\d)(\d\d):(\d\d):(\d\d)", (0, 1, 2, 3, 4, 5)),
        ):
            if found := re.fullmatch(pattern, text):
                parts = [found[each + 1] for each in order]
                if int(parts[1]) > 12:
                    parts[1], parts[2] = parts[2], parts[1]
                return "{}-{}-{} {}:{}:{}".format(*parts)
        if "23 Nov" in text or "W48" in text or "2026-327" in text:  # as strtotime() and %j do
            return "2026-11-23 10:00:00"
        return text


@answerer("decodes a timestamp before it reads it")
class TimeDecoded(LenientClock):
    def cleaned(self, text):
        return unquote_plus(text)


@answerer("moves what the calendar lacks to the next moment that there is")
class TimeRolledOver(Clock):
    def exists(self, year, month, day, hour, minute, second):
        years, month = divmod(month - 1, 12)
        start = milliseconds_of(max(year, 1) + years, month + 1, 1, 0, 0, 0)
        return start + (day - 1) * DAY + hour * HOUR + minute * MINUTE + second * SECOND - 8 * HOUR


@answerer("takes milliseconds for CREATE, too")
class CountForCreate(Clock):
    def check(self, text, service):
        super().check(text, "CANCEL")


@answerer("takes any count of seconds or finer units")
class CountOfAnything(LenientClock):
    def cleaned(self, text):
        if not re.fullmatch(r"\s*[+-]?[\d,]+(?:\.\d+)?(?:[eE]\+?\d+)?L?\s*", text):
            return f"{int(text, 16):013}" if re.fullmatch(r"[0-9a-f]{11}", text) else text
        count = abs(int(float(text.strip().rstrip("L").replace(",", ""))))
        while count >= 10**13:
            count //= 10
        return f"{count:013}"

    def check(self, text, service):
        super().check(text, "CANCEL")


# --- timestamps: age and day -----------------------------------------------------------------------------


@answerer("lets a request be 24 hours old")
class AgeOfADay(Clock):
    def is_too_old(self, age):
        return age > DAY


@answerer("lets a request be fifteen minutes old")
class AgeOfAQuarter(Clock):
    def is_too_old(self, age):
        return age > 15 * MINUTE


@answerer("counts the age in whole minutes")
class AgeInMinutes(Clock):
    def is_too_old(self, age):
        return age // MINUTE > 30


@answerer("counts the age in minutes, rounded up")
class AgeInStartedMinutes(Clock):
    def is_too_old(self, age):
        return -(-age // MINUTE) >= 30


@answerer("compares the time of day alone")
class AgeWithoutDay(Clock):
    def is_too_old(self, age):
        return age % DAY > 30 * MINUTE


@answerer("refuses what is over half a minute old")
class AgeOfHalfAMinute(Clock):
    def is_too_old(self, age):
        return age > MINUTE // 2


@answerer("knows no age")
class AgeUnknown(Clock):
    def is_too_old(self, age):
        return False


@answerer("knows no age below a second")
class AgeInSeconds(Clock):
    def age(self, instant, arrives):
        return super().age(instant, arrives) // SECOND * SECOND


@answerer("takes for one day what is less than 24 hours apart")
class DayOf24Hours(Clock):
    def is_same_day(self, instants, days):
        one, other = (self.instant(each) for each in instants)
        return abs(one - other) < DAY


@answerer("compares the day of the month")
class DayOfTheMonth(Clock):
    def is_same_day(self, instants, days):
        return days[0][8:] == days[1][8:]


@answerer("compares month and day, not the year")
class DayOfTheYear(Clock):
    def is_same_day(self, instants, days):
        return days[0][5:] == days[1][5:]


@answerer("compares the dates as they are written")
class DayAsWritten(Clock):
    def is_same_day(self, instants, days):
        return instants[0][:10] == instants[1][:10]


@answerer("lets the day end a minute late")
class DayAMinuteLonger(Clock):
    def is_same_day(self, instants, days):
        one, other = sorted(self.instant(each) for each in instants)
        return self.day(one) in (self.day(other), self.day(other - MINUTE))


@answerer("takes no two moments for one day unless the hour is the same")
class DayIsTheHour(Clock):
    def is_same_day(self, instants, days):
        return len({self.parts(self.instant(each))[:4] for each in instants}) == 1
