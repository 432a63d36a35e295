"""Beijing time: the only clock of the protocol.

Every date of the gateway is GMT+8 without daylight saving. The *transaction day* that bounds CANCEL
(``seed.md``, Cancel Flow 2) is the Beijing calendar day of the payment, wherever the merchant stands.

Two written forms exist: ``yyyy-MM-dd HH:mm:ss`` (CREATE, notifications) and milliseconds since 1970
(CANCEL's page; its SDK sample uses the long form, so both are read).
"""

import contextlib
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from alipay_qr.errors import TimestampError

BEIJING: Final = timezone(timedelta(hours=8), "GMT+8")

EXPIRY: Final = timedelta(minutes=30)
"""How old the timestamp of a CREATE may be (docs.antom.com/ac/global/qrcode_create)."""

_LONG: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_MILLISECONDS: Final = re.compile(r"\d{13}", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS: Final = range(1970, 3000)
_MAX_MILLISECONDS: Final = 10**13


def beijing_day(moment: datetime) -> date:
    """Return the Beijing calendar day of an aware moment.

    Raises:
        TimestampError: ``moment`` is naive, so nobody knows which instant it means.
    """
    return _aware(moment).astimezone(BEIJING).date()


def end_of_day(moment: datetime) -> datetime:
    """Return the first instant after the Beijing day of ``moment``, when its cancel window has closed."""
    day = beijing_day(moment)
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(days=1)


def format_timestamp(moment: datetime) -> str:
    """Return ``yyyy-MM-dd HH:mm:ss`` in GMT+8; fractions of a second are cut off."""
    return _aware(moment).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")


def format_milliseconds(moment: datetime) -> str:
    """Return whole milliseconds since 1970 as 13 digits, the form of CANCEL's ``timestamp``.

    Raises:
        TimestampError: ``moment`` is naive, before 1970 or after 2286, where 13 digits do not reach.
    """
    milliseconds = (_aware(moment) - _EPOCH) // timedelta(milliseconds=1)
    if not 0 <= milliseconds < _MAX_MILLISECONDS:
        raise TimestampError(
            f"the year {moment.year} has no form in 13 digits of milliseconds",
            code="timestamp.range",
            hint="look at the clock: is this the moment that was meant?",
        )
    return f"{milliseconds:013d}"


def parse_timestamp(text: str) -> datetime:
    """Return the instant, in GMT+8, that either written form names.

    Years outside 1970 to 2999 are refused (inferred): no trade has them, and reckoning with days and time
    zones breaks at the ends of the calendar.

    Raises:
        TimestampError: ``text`` has neither form, or names no day of the calendar.
    """
    if match := _LONG.fullmatch(text):
        year, month, day, hour, minute, second = (int(part) for part in match.groups())
        with contextlib.suppress(ValueError):
            if year in _YEARS:
                return datetime(year, month, day, hour, minute, second, tzinfo=BEIJING)
    elif _MILLISECONDS.fullmatch(text):
        return (_EPOCH + timedelta(milliseconds=int(text))).astimezone(BEIJING)
    raise TimestampError(
        f"{text[:40]!r} is no timestamp of the protocol",
        code="timestamp.form",
        hint="write yyyy-MM-dd HH:mm:ss in GMT+8, or 13 digits of milliseconds for CANCEL",
    )


def is_of_now(moment: datetime, now: datetime) -> bool:
    """Say whether a timestamp may be the Beijing time of now; gateway and rules both ask here.

    One that is older has expired; one that is as far ahead is of another zone, for zones differ by half an
    hour at least. How far ahead a clock of the right zone may be, no source says.
    """
    return abs(now - moment) <= EXPIRY


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise TimestampError(
            "a moment without a time zone names no instant",
            code="timestamp.naive",
            hint="use datetime.now(UTC), or attach the zone that the clock shows",
        )
    return moment
