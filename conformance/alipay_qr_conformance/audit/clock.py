"""The recorder's clock: written moments -> milliseconds since 1970, and how far it goes wrong.

Alipay writes ``notify_time`` into each notification by its own clock, in GMT+8. The first genuine
notifications of an input therefore tell the zone of a recorder that writes none, and how far its clock is
off.
"""

import re
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, NamedTuple

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = (datetime(2200, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
_QUARTER: Final = 15 * 60_000
_SKEW_TOLD: Final = 60_000
_MONTHS: Final = {
    name: n
    for n, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}
_LOG: Final = re.compile(r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)", re.ASCII)
_ISO: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?", re.ASCII
)
_FRACTION: Final = re.compile(r"[.,](\d+)", re.ASCII)
_NUMBER: Final = re.compile(r"\d{10}(?:\.\d{1,9})?|\d{13}", re.ASCII)
_SECONDS: Final = 10


class Clock(NamedTuple):
    """How moments of an input are corrected.

    Attributes:
        zone: milliseconds that a moment without a zone is ahead of UTC; None where that is not known.
        skew: milliseconds that the recorder's clock is ahead of Alipay's.
        samples: notifications that this was told from.
    """

    zone: int | None = None
    skew: int = 0
    samples: int = 0


def is_moment(ms: int) -> bool:
    """Say whether milliseconds since 1970 are a moment at which something may have been recorded."""
    return 0 < ms < _LAST


def written(text: str) -> tuple[int, bool] | None:
    """Return milliseconds since 1970, and whether a zone is written; without one as if UTC.

    What is before 1970 or behind 2199 is no moment: no clock was right that wrote it.
    """
    found = _written(text)
    return found if found is not None and is_moment(found[0]) else None


def _written(text: str) -> tuple[int, bool] | None:
    try:
        if match := _LOG.fullmatch(text):
            day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
            offset = timedelta(hours=int(hours), minutes=int(minutes)) * (1 if sign == "+" else -1)
            moment = datetime(
                int(year),
                _MONTHS[month],
                int(day),
                int(hour),
                int(minute),
                int(second),
                tzinfo=timezone(offset),
            )
            return _ms(moment), True
        if _NUMBER.fullmatch(text):
            return int(float(text) * 1000) if len(text.partition(".")[0]) == _SECONDS else int(text), True
        moment = datetime.fromisoformat(
            _FRACTION.sub(_microseconds, text.replace(" +", "+").replace(" Z", "Z"), 1)
        )
    except (ValueError, KeyError, OverflowError):
        return None
    if moment.tzinfo is None:
        return _ms(moment.replace(tzinfo=UTC)), False
    return _ms(moment), True


def in_line(text: str) -> str:
    """Return the moment that stands first in a line of a log; empty where there is none."""
    found = _LOG.search(text) or _ISO.search(text)
    return found[0] if found else ""


_PARTS: Final = re.compile(
    r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:)"
    r"(\d\d)(?:[.,](\d{1,9}))?( ?(?:Z|[+-]\d\d:?\d\d))",
    re.ASCII,
)
"""Of the two usual forms: to the minute, seconds, their fraction, zone."""
_ISO_SECONDS, _LOG_SECONDS = 17, 18
"""Where the seconds stand in them."""
_KNOWN: Final[Mapping[int, tuple[dict[str, int], dict[str, int]]]] = {
    _ISO_SECONDS: ({}, {}),
    _LOG_SECONDS: ({}, {}),
}
"""By that: milliseconds of minutes, as if UTC, and what is added for seconds and zone."""
_MOST_KNOWN: Final = 65_536
_DAY: Final = 24 * 3_600_000


def milliseconds(text: str, clock: Clock) -> int | None:
    """Return the moment by Alipay's clock; None where it cannot be told."""
    return moments([text], clock)[0]


def moments(texts: Sequence[str], clock: Clock) -> list[int | None]:
    """Return the moments of many texts; see `milliseconds`."""
    at = _LOG_SECONDS if texts and texts[0][2:3] == "/" else _ISO_SECONDS
    minutes, rests, skew = _KNOWN[at][0].get, _KNOWN[at][1].get, clock.skew
    return [
        minute + rest - skew
        if (minute := minutes(text[:at])) is not None and (rest := rests(text[at:])) is not None
        else _moment(text, clock)
        for text in texts
    ]


def _moment(text: str, clock: Clock) -> int | None:
    """Return the moment, and remember its minute, and its seconds and zone."""
    if match := _PARTS.fullmatch(text):
        head, second, fraction, zone = match.groups()
        minutes, rests = _KNOWN[len(head)]
        rest = second + zone
        if head not in minutes or rest not in rests:
            begin = written(f"{head}00 +0000")
            whole = written(f"{head}{rest}") if rest not in rests else begin
            if begin is not None and whole is not None and _DAY < begin[0] < _LAST - _DAY:
                for known in (minutes, rests):
                    if len(known) >= _MOST_KNOWN:
                        known.clear()
                minutes[head] = begin[0]
                rests.setdefault(rest, whole[0] - begin[0])
        if head in minutes and rest in rests:
            return minutes[head] + rests[rest] + int((fraction or "")[:3].ljust(3, "0")) - clock.skew
    found = written(text)
    if found is None:
        return None
    ms, zoned = found
    if not zoned:
        return None if clock.zone is None else ms - clock.zone - clock.skew
    return ms - clock.skew


def estimate(samples: Sequence[tuple[int, bool, int]]) -> Clock:
    """Return the clock that moments of notifications tell.

    Args:
        samples: the recorder's moment (as `written` returns it), whether it has a zone, and Alipay's moment.
    """
    if not samples:
        return Clock()
    ahead = [recorded - told for recorded, _, told in samples]
    low = sorted(ahead)[len(ahead) // 4]  # a repeat comes late, so that the lower ones tell the clock
    if all(zoned for _, zoned, _ in samples):
        return Clock(None, low if abs(low) > _SKEW_TOLD else 0, len(samples))
    naive = [one - two for one, zoned, two in samples if not zoned]
    middle = statistics.median_low(naive)
    zone = round(middle / _QUARTER) * _QUARTER
    skew = middle - zone
    return Clock(zone, skew if abs(skew) > _SKEW_TOLD else 0, len(samples))


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _microseconds(match: re.Match[str]) -> str:
    return "." + match[1][:6].ljust(6, "0")
