"""CREATE beside its biz_data: timestamp and biz_type."""

from collections.abc import Iterator

from tools.vectors.calls.common import told
from tools.vectors.calls.plain import create_plain
from tools.vectors.calls.whole import ABSENT, GLOBAL, creating
from tools.vectors.question import Row, family


@family("request.create.timestamp", given=GLOBAL, twin=create_plain, result="invalid")
def the_timestamp_of_create() -> Iterator[Row]:
    """yyyy-MM-dd HH:mm:ss of a real moment; its age is another question."""
    for value, kind, error, slug, comment in (
        (ABSENT, "absent", "PARAMTER_IS_NULL", "absent", "Here: it is absent."),
        ("", "empty", "PARAMTER_IS_NULL", "empty", "Here: it is empty."),
        (
            "1795399200250",
            "illegal",
            "ILLEGAL_DATA_FORMAT",
            "milliseconds",
            "Here: the milliseconds of CANCEL.",
        ),
        ("2026-11-23T10:00:00", "illegal", "ILLEGAL_DATA_FORMAT", "iso-t", "Here: with a T."),
        ("2026-11-23 24:00:00", "illegal", "ILLEGAL_DATA_FORMAT", "hour-24", "Here: hour 24."),
        (
            "2026-02-29 10:00:00",
            "illegal",
            "ILLEGAL_DATA_FORMAT",
            "no-such-day",
            "Here: a day that does not exist.",
        ),
        ("2026-11-23 10:00:00.000", "too-long", "ILLEGAL_LENGTH", "fraction", "Here: with milliseconds."),
    ):
        yield Row(slug, comment, creating(timestamp=value), says=told("timestamp", kind, error))


@family("request.create.timestamp", given=GLOBAL, twin=create_plain)
def another_timestamp_of_create() -> Iterator[Row]:
    """The form is judged, not the clock."""
    yield Row("leap-day", "Here: a leap day.", creating(timestamp="2028-02-29 23:59:59"))
    yield Row("midnight", "Here: midnight.", creating(timestamp="2026-11-23 00:00:00"))


@family("request.create.biz_type", given=GLOBAL, twin=create_plain, result="invalid")
def the_biz_type() -> Iterator[Row]:
    """There is one value."""
    for value, kind, error, slug, comment in (
        (ABSENT, "absent", "PARAMTER_IS_NULL", "absent", "Here: it is absent."),
        ("", "empty", "PARAMTER_IS_NULL", "empty", "Here: it is empty."),
        ("overseashopqrcode", "illegal", "ILLEGAL_ARGUMENT", "small", "Here: in small letters."),
        ("OVERSEASSHOPQRCODE", "illegal", "ILLEGAL_ARGUMENT", "two-s", "Here: spelled right, which is wrong: the value has one S."),
        ("OVERSEASHOPQRCODE ", "illegal", "ILLEGAL_ARGUMENT", "blank-behind", "Here: with a blank behind."),
        ("10", "illegal", "ILLEGAL_ARGUMENT", "number", "Here: the number of another product."),
    ):  # fmt: skip
        yield Row(slug, comment, creating(biz_type=value), says=told("biz_type", kind, error))
