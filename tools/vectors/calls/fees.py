"""``channel_fee``: an object of type and value, at most five percent."""

from collections.abc import Iterator
from typing import Any, Final

from tools.vectors.calls.common import told
from tools.vectors.calls.plain import create_plain
from tools.vectors.calls.whole import COUNTER, GLOBAL, counter, creating, written
from tools.vectors.question import Inputs, Row, family, question

FEE: Final = "request.create.biz_data.channel_fee"

_CODE: Final = "ILLEGAL_ARGUMENT"


def _fee(kind: Any, value: Any) -> Inputs:
    return counter(channel_fee={"type": kind, "value": value})


@question(FEE, given=GLOBAL, twin=create_plain)
def a_rate() -> Inputs:
    """One percent of the order."""
    return _fee("RATE", "0.01")


@question(FEE, given=GLOBAL, twin=create_plain)
def a_fixed_fee() -> Inputs:
    """Fifty cents an order, in the currency of the settlement."""
    return _fee("FIXED", "0.50")


@family(FEE, given=GLOBAL, twin=a_rate)
def the_rate() -> Iterator[Row]:
    """From 0 to 0.05, as text."""
    wrong = told("biz_data.channel_fee.value", "illegal", _CODE)
    for value, slug, comment in (
        ("0", "zero", "Here: nothing."),
        ("0.0", "zero-with-decimals", "Here: nothing, with a decimal."),
        ("0.05", "five-percent", "Here: the largest rate."),
        ("0.050", "five-percent-longer", "Here: the largest rate with another zero."),
        ("0.0499", "almost-five-percent", "Here: just below it."),
        ("0.005", "half-a-percent", "Here: half a percent."),
    ):
        yield Row(slug, comment, _fee("RATE", value))
    for value, slug, comment in (
        ("0.0501", "over-five-percent", "Here: just above the largest rate."),
        ("0.06", "six-percent", "Here: six percent."),
        ("0.1", "ten-percent", "Here: ten percent."),
        ("1", "one", "Here: one, which is everything, or one percent."),
        ("5", "five", "Here: five, meant as percent."),
        ("1%", "percent-sign", "Here: with a percent sign."),
        ("-0.01", "negative", "Here: less than nothing."),
        ("1e-2", "exponent", "Here: with an exponent."),
        (".01", "no-zero", "Here: nothing before the point."),
        ("0,01", "comma", "Here: a decimal comma."),
        (" 0.01", "blank", "Here: a blank in front."),
        ("0.\u0660\u0661", "arabic", "Here: Arabic-Indic digits."),
    ):
        yield Row(slug, comment, _fee("RATE", value), "invalid", wrong)


@family(FEE, given=GLOBAL, twin=a_fixed_fee)
def the_fixed_fee() -> Iterator[Row]:
    """An amount of the settlement's currency; five percent of an order can be judged with the order alone."""
    wrong = told("biz_data.channel_fee.value", "illegal", _CODE)
    yield Row("whole", "Here: one dollar.", _fee("FIXED", "1"))
    yield Row("cent", "Here: a cent.", _fee("FIXED", "0.01"))
    for value, slug, comment in (
        ("0.005", "half-a-cent", "Here: half a cent."),
        ("-1.00", "negative", "Here: less than nothing."),
        ("one", "word", "Here: a word."),
        ("$1", "sign", "Here: with a dollar sign."),
    ):
        yield Row(slug, comment, _fee("FIXED", value), "invalid", wrong)


@family(FEE, given=GLOBAL, result="acceptable")
def a_fee_as_a_number() -> Iterator[Row]:
    """The value is a JSON number: the pages name an object of type and value, and do not say which."""
    yield Row("rate", "Here: a rate.", _fee("RATE", 0.01), twin=a_rate)
    yield Row("fixed", "Here: a fixed fee.", _fee("FIXED", 1), twin=a_fixed_fee)


@family(FEE, given=GLOBAL, twin=a_rate, result="invalid")
def the_fee() -> Iterator[Row]:
    """Both members are there, and the type is one of two."""
    place = "biz_data.channel_fee"
    yield Row(
        "free",
        "Here: a type that there is not.",
        _fee("FREE", "0.01"),
        says=told(f"{place}.type", "illegal", _CODE),
    )
    yield Row(
        "small",
        "Here: the type in small letters.",
        _fee("rate", "0.01"),
        says=told(f"{place}.type", "illegal", _CODE),
    )
    yield Row(
        "empty-type",
        "Here: an empty type.",
        _fee("", "0.01"),
        says=told(f"{place}.type", "empty", "PARAMTER_IS_NULL"),
    )
    yield Row(
        "null-type",
        "Here: the type is null.",
        _fee(None, "0.01"),
        says=told(f"{place}.type", "absent", "PARAMTER_IS_NULL"),
    )
    yield Row(
        "empty-value",
        "Here: an empty value.",
        _fee("RATE", ""),
        says=told(f"{place}.value", "empty", "PARAMTER_IS_NULL"),
    )
    yield Row(
        "no-value",
        "Here: no value.",
        counter(channel_fee={"type": "RATE"}),
        says=told(f"{place}.value", "absent", "PARAMTER_IS_NULL"),
    )
    yield Row(
        "no-type",
        "Here: no type.",
        counter(channel_fee={"value": "0.01"}),
        says=told(f"{place}.type", "absent", "PARAMTER_IS_NULL"),
    )
    yield Row(
        "text",
        "Here: a rate in place of the object.",
        counter(channel_fee="0.01"),
        says=told(place, "illegal", _CODE),
    )
    yield Row(
        "array",
        "Here: an array in place of the object.",
        counter(channel_fee=["RATE", "0.01"]),
        says=told(place, "illegal", _CODE),
    )
    yield Row(
        "more",
        "Here: a member that no page names.",
        counter(channel_fee={"type": "RATE", "value": "0.01", "max": "1.00"}),
        says=told(f"{place}.max", "undocumented", _CODE),
    )
    twice = written({**COUNTER, "channel_fee": {"type": "RATE", "value": "0.01"}}).replace(
        '"value":"0.01"', '"value":"0.01","value":"0.02"'
    )
    yield Row(
        "twice",
        "Here: its value stands twice.",
        creating(twice),
        says=told(f"{place}.value", "illegal", _CODE),
    )


@question(FEE, given=GLOBAL)
def a_fixed_fee_in_yen() -> Inputs:
    """Fifty yen an order."""
    yen = {"trans_currency": "JPY", "currency": "JPY"}
    return counter(**yen, channel_fee={"type": "FIXED", "value": "50"})


@question(
    FEE,
    given=GLOBAL,
    twin=a_fixed_fee_in_yen,
    result="invalid",
    says=told("biz_data.channel_fee.value", "illegal", _CODE),
)
def a_fixed_fee_in_yen_with_decimals() -> Inputs:
    """A fixed fee has the decimals of the settlement's currency, and yen have none."""
    yen = {"trans_currency": "JPY", "currency": "JPY"}
    return counter(**yen, channel_fee={"type": "FIXED", "value": "50.00"})
