"""Times as recorders write them -> seconds since 1970 in UTC.

A text without a zone is taken in the zone that the caller names: the protocol's own times are in Beijing's.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_COMMON_LOG: Final = 26
"""Characters of ``23/Nov/2026:10:00:02 +0800``."""
_LONGEST: Final = 40
_MILLISECONDS: Final = 1e11
_MICROSECONDS: Final = 1e14
_NANOSECONDS: Final = 1e17
_LAST: Final = 253_402_300_800.0
"""Seconds: the year 10,000."""


def seconds(text: str, zone_minutes: int = 0) -> float | None:
    """Return the seconds since 1970 in UTC, or None where ``text`` is no time.

    Args:
        text: ISO 8601, ``23/Nov/2026:10:00:02 +0800`` of access logs, ``Mon, 23 Nov 2026 02:00:02 GMT`` of
            HTTP, or a number of seconds, milliseconds, microseconds or nanoseconds.
        zone_minutes: minutes east of Greenwich for a text without a zone.
    """
    if len(text) > _LONGEST or not text.isascii():
        return None
    try:
        if len(text) == _COMMON_LOG and text[2] == "/":
            return _common_log(text)
        if text[:1].isdigit() and text.replace(".", "", 1).isdigit():
            return _number(float(text))
        if text[3:5] == ", ":
            return _http(text)
        found = datetime.fromisoformat(text.replace(",", "."))
    except (ValueError, KeyError, OverflowError):
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=timezone(timedelta(minutes=zone_minutes)))
    return found.timestamp()


def _number(value: float) -> float | None:
    for limit, divisor in ((_NANOSECONDS, 1e9), (_MICROSECONDS, 1e6), (_MILLISECONDS, 1e3)):
        if value >= limit:
            value /= divisor
            break
    return value if value < _LAST else None


def _common_log(text: str) -> float:
    east = int(text[21:24]) * 60 + int(text[21] + text[24:26])
    return datetime(
        int(text[7:11]),
        _MONTHS[text[3:6]],
        int(text[:2]),
        int(text[12:14]),
        int(text[15:17]),
        int(text[18:20]),
        tzinfo=timezone(timedelta(minutes=east)),
    ).timestamp()


def _http(text: str) -> float:
    day, month, year, clock = text[5:].split(" ")[:4]
    hour, minute, second = map(int, clock.split(":"))
    return datetime(int(year), _MONTHS[month], int(day), hour, minute, second, tzinfo=UTC).timestamp()
