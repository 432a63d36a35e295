"""CANCEL: timestamp, and the number of the trade."""

from collections.abc import Iterator

from tools.vectors.calls.common import told
from tools.vectors.calls.plain import cancel_plain
from tools.vectors.calls.whole import ABSENT, GLOBAL, cancelling
from tools.vectors.question import Row, family

_NULL, _LONG, _DATE = "PARAMTER_IS_NULL", "ILLEGAL_LENGTH", "ILLEGAL_DATA_FORMAT"


@family("request.cancel.timestamp", given=GLOBAL, twin=cancel_plain)
def the_timestamp_of_cancel() -> Iterator[Row]:
    """Milliseconds since 1970 in thirteen digits."""
    for value, kind, error, slug, comment in (
        (ABSENT, "absent", _NULL, "absent", "Here: it is absent, as in domestic code of 2014."),
        ("", "empty", _NULL, "empty", "Here: it is empty."),
        ("1795399200", "illegal", _DATE, "seconds", "Here: seconds."),
        ("17953992002500", "illegal", _DATE, "14-digits", "Here: a digit too many."),
        ("1795399200.250", "illegal", _DATE, "fraction", "Here: seconds with a fraction."),
        ("2026-11-23T10:00:00", "illegal", _DATE, "iso-t", "Here: ISO 8601."),
        (
            "2026-11-23 10:00:00.250",
            "too-long",
            _LONG,
            "long-with-fraction",
            "Here: the long form with milliseconds.",
        ),
    ):
        yield Row(slug, comment, cancelling(timestamp=value), "invalid", told("timestamp", kind, error))
    yield Row("example-of-the-page", "Here: the example of the page.", cancelling(timestamp="1456507704121"))
    yield Row(
        "long-form",
        "Here: the long form, which a sample sends.",
        cancelling(timestamp="2026-11-23 10:00:00"),
        "acceptable",
    )


@family("request.cancel.terminal_timestamp", given=GLOBAL, twin=cancel_plain)
def the_clock_of_the_till() -> Iterator[Row]:
    """terminal_timestamp is optional, in the same form."""
    yield Row("there", "Here: the example of the page.", cancelling(terminal_timestamp="1456507704102"))
    yield Row(
        "seconds",
        "Here: seconds.",
        cancelling(terminal_timestamp="1456507704"),
        "invalid",
        told("terminal_timestamp", "illegal", _DATE),
    )


@family("request.cancel.out_trade_no", given=GLOBAL, twin=cancel_plain)
def the_number_of_the_trade() -> Iterator[Row]:
    """Any text of at most 64 characters, as it came with the payment's notification."""
    for value, slug, comment in (
        ("T" * 64, "64-characters", "Here: at the limit."),
        ("1", "one-digit", "Here: a single digit."),
        ("0", "zero", "Here: the digit zero, which is a value."),
        ("007", "zeros-in-front", "Here: zeros in front, which are part of it."),
        ("A-1/2.3 4", "marks", "Here: with marks and a blank: the page names no pattern."),
        ("\u8ba2\u53551", "chinese", "Here: with Chinese characters."),
    ):
        yield Row(slug, comment, cancelling(out_trade_no=value))
    for value, kind, error, slug, comment in (
        ("T" * 65, "too-long", _LONG, "65-characters", "Here: a character over the limit."),
        (ABSENT, "absent", _NULL, "absent", "Here: it is absent."),
        ("", "empty", _NULL, "empty", "Here: it is empty."),
    ):
        yield Row(slug, comment, cancelling(out_trade_no=value), "invalid", told("out_trade_no", kind, error))


@family("request.cancel.trade_no", given=GLOBAL, twin=cancel_plain)
def alipays_number_of_the_trade() -> Iterator[Row]:
    """trade_no is optional, 16 to 64 characters, and wins over out_trade_no."""
    for value, slug, comment in (
        ("2026112321001004550200012345", "usual", "Here: the usual length."),
        ("2" * 16, "16-characters", "Here: at the lower limit."),
        ("2" * 64, "64-characters", "Here: at the upper limit."),
    ):
        yield Row(slug, comment, cancelling(trade_no=value))
    yield Row(
        "15-characters",
        "Here: a character below the lower limit.",
        cancelling(trade_no="2" * 15),
        "invalid",
        told("trade_no", "illegal", _LONG),
    )
    yield Row(
        "65-characters",
        "Here: a character over the upper limit.",
        cancelling(trade_no="2" * 65),
        "invalid",
        told("trade_no", "too-long", _LONG),
    )
