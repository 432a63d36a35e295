"""Beijing time: one day for everybody, two written forms."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr.beijing import (
    BEIJING,
    beijing_day,
    end_of_day,
    format_milliseconds,
    format_timestamp,
    parse_timestamp,
)
from alipay_qr.errors import TimestampError

MOMENTS = st.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001 (hypothesis attaches the zone)
    datetime(2285, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(MOMENTS)
def test_long_form_there_and_back(moment):
    assert parse_timestamp(format_timestamp(moment)) == moment.replace(microsecond=0)


@given(MOMENTS)
def test_milliseconds_there_and_back(moment):
    text = format_milliseconds(moment)
    assert len(text) == 13
    assert parse_timestamp(text) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@given(MOMENTS)
def test_the_day_ends_where_the_next_begins(moment):
    end = end_of_day(moment)
    assert moment < end <= moment + timedelta(days=1)
    assert beijing_day(end) == beijing_day(moment) + timedelta(days=1)
    assert beijing_day(end - timedelta(microseconds=1)) == beijing_day(moment)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), "2026-11-23", id="last-second"),
        pytest.param(datetime(2026, 11, 23, 16, 0, 0, tzinfo=UTC), "2026-11-24", id="first-second"),
        pytest.param(datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), "2027-01-01", id="new-year"),
        pytest.param(datetime(2028, 2, 28, 16, 0, 0, tzinfo=UTC), "2028-02-29", id="leap-day"),
    ],
)
def test_the_day_is_beijings(moment, day):
    assert beijing_day(moment).isoformat() == day


def test_the_pages_examples():
    assert parse_timestamp("2012-12-21 17:11:16") == datetime(2012, 12, 21, 17, 11, 16, tzinfo=BEIJING)
    assert format_timestamp(parse_timestamp("1456507704121")) == "2016-02-27 01:28:24"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T10:00:00",
        "2026-11-23 10:00:00 ",
        "2026-11-23 10:00:00\n",
        "2026-13-01 00:00:00",
        "2026-02-29 00:00:00",
        "2026-11-23 24:00:00",
        "2026-11-23 10:00:60",
        "2026-1-2 3:04:05",
        "٢٠٢٦-11-23 10:00:00",
        "1456507704",
        "14565077041210",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59",
        "0000-01-01 00:00:00",
    ],
    ids=repr,
)
def test_what_is_no_timestamp(text):
    with pytest.raises(TimestampError) as caught:
        parse_timestamp(text)
    assert caught.value.code == "timestamp.form"


@given(st.text("0123456789-: ", max_size=20) | st.text(max_size=20))
def test_whatever_is_parsed_can_be_reckoned_with(text):
    try:
        moment = parse_timestamp(text)
    except TimestampError:
        return
    assert end_of_day(moment) > moment
    assert parse_timestamp(format_timestamp(moment)) <= moment


@pytest.mark.parametrize("reckon", [beijing_day, end_of_day, format_timestamp, format_milliseconds])
def test_a_naive_moment_names_no_instant(reckon):
    with pytest.raises(TimestampError) as caught:
        reckon(datetime(2026, 11, 23))  # noqa: DTZ001 (the fault under test)
    assert caught.value.code == "timestamp.naive"


def test_milliseconds_begin_with_1970_and_end_with_thirteen_nines():
    first, last = datetime(1970, 1, 1, tzinfo=UTC), parse_timestamp("9999999999999")
    assert (format_milliseconds(first), format_milliseconds(last)) == ("0" * 13, "9" * 13)
    assert format_milliseconds(first + timedelta(microseconds=1_999)) == "0000000000001"


def test_an_early_year_has_four_digits():
    assert format_timestamp(datetime(999, 1, 2, 3, 4, 5, tzinfo=BEIJING)) == "0999-01-02 03:04:05"


@pytest.mark.parametrize("year", [1, 1969, 2300, 9999])
def test_milliseconds_have_thirteen_digits_or_none(year):
    with pytest.raises(TimestampError) as caught:
        format_milliseconds(datetime(year, 6, 1, tzinfo=UTC))
    assert caught.value.code == "timestamp.range"
