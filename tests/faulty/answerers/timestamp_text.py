"""Implementations that are wrong about which texts are timestamps, and about their age and day."""

import re
import unicodedata
from urllib.parse import unquote_plus

from oracles.moments import DAY, HOUR, MINUTE, SECOND, milliseconds_of
from faulty.answerers.registry import fault
from faulty.answerers.timestamp import Clock


# --- timestamps: which texts are one ---------------------------------------------------------------------


class LenientClock(Clock):
    """Reads more than the gateway; `cleaned` returns what is left to be read."""

    def read(self, text, service):
        return super().read(self.cleaned(text), service)

    def cleaned(self, text):
        return text


@fault("strips white space before it reads a timestamp")
class TimeStripped(LenientClock):
    def cleaned(self, text):
        return text.strip()


@fault("puts any separators between the numbers of a timestamp")
class TimeAnySeparators(LenientClock):
    def cleaned(self, text):
        return re.sub(r"^(\d{4})\D+(\d\d)\D+(\d\d)\D+(\d\d)\D+(\d\d)\D+(\d\d)$", r"\1-\2-\3 \4:\5:\6", text)


@fault("ignores what follows the seconds")
class TimeUntilSeconds(LenientClock):
    def cleaned(self, text):
        return re.sub(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d).*$", r"\1", text, flags=re.DOTALL)


@fault("matches a timestamp with $, which a newline may follow")
class TimeBeforeNewline(LenientClock):
    def cleaned(self, text):
        return re.sub(r"\n$", "", text)


@fault("takes every digit of Unicode for one in a time")
class TimeAnyDigit(LenientClock):
    def cleaned(self, text):
        return unicodedata.normalize("NFKC", "".join(str(unicodedata.digit(each, each)) for each in text)).replace("\u2013", "-")


@fault("completes a timestamp that is not whole")
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


@fault("guesses the form of a timestamp")
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


@fault("decodes a timestamp before it reads it")
class TimeDecoded(LenientClock):
    def cleaned(self, text):
        return unquote_plus(text)


@fault("moves what the calendar lacks to the next moment that there is")
class TimeRolledOver(Clock):
    def exists(self, year, month, day, hour, minute, second):
        years, month = divmod(month - 1, 12)
        start = milliseconds_of(max(year, 1) + years, month + 1, 1, 0, 0, 0)
        return start + (day - 1) * DAY + hour * HOUR + minute * MINUTE + second * SECOND - 8 * HOUR


@fault("takes milliseconds for CREATE, too")
class CountForCreate(Clock):
    def check(self, text, service):
        super().check(text, "CANCEL")


@fault("takes any count of seconds or finer units")
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


@fault("lets a request be 24 hours old")
class AgeOfADay(Clock):
    def is_too_old(self, age):
        return age > DAY


@fault("lets a request be fifteen minutes old")
class AgeOfAQuarter(Clock):
    def is_too_old(self, age):
        return age > 15 * MINUTE


@fault("counts the age in whole minutes")
class AgeInMinutes(Clock):
    def is_too_old(self, age):
        return age // MINUTE > 30


@fault("counts the age in minutes, rounded up")
class AgeInStartedMinutes(Clock):
    def is_too_old(self, age):
        return -(-age // MINUTE) >= 30


@fault("compares the time of day alone")
class AgeWithoutDay(Clock):
    def is_too_old(self, age):
        return age % DAY > 30 * MINUTE


@fault("refuses what is over half a minute old")
class AgeOfHalfAMinute(Clock):
    def is_too_old(self, age):
        return age > MINUTE // 2


@fault("knows no age")
class AgeUnknown(Clock):
    def is_too_old(self, age):
        return False


@fault("knows no age below a second")
class AgeInSeconds(Clock):
    def age(self, instant, arrives):
        return super().age(instant, arrives) // SECOND * SECOND


@fault("takes for one day what is less than 24 hours apart")
class DayOf24Hours(Clock):
    def is_same_day(self, instants, days):
        one, other = (self.instant(each) for each in instants)
        return abs(one - other) < DAY


@fault("compares the day of the month")
class DayOfTheMonth(Clock):
    def is_same_day(self, instants, days):
        return days[0][8:] == days[1][8:]


@fault("compares month and day, not the year")
class DayOfTheYear(Clock):
    def is_same_day(self, instants, days):
        return days[0][5:] == days[1][5:]


@fault("compares the dates as they are written")
class DayAsWritten(Clock):
    def is_same_day(self, instants, days):
        return instants[0][:10] == instants[1][:10]


@fault("lets the day end a minute late")
class DayAMinuteLonger(Clock):
    def is_same_day(self, instants, days):
        one, other = sorted(self.instant(each) for each in instants)
        return self.day(one) in (self.day(other), self.day(other - MINUTE))


@fault("takes no two moments for one day unless the hour is the same")
class DayIsTheHour(Clock):
    def is_same_day(self, instants, days):
        return len({self.parts(self.instant(each))[:4] for each in instants}) == 1
