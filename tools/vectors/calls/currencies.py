"""The currencies of ``biz_data``: of the price, and of the settlement."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.calls.biz_data import HERE
from tools.vectors.calls.common import told
from tools.vectors.calls.plain import create_plain
from tools.vectors.calls.whole import GLOBAL, counter
from tools.vectors.question import Inputs, Row, family, question

_CURRENCY: Final = "ILLEGAL_CURRENCY"


@family(f"{HERE}.trans_currency", given=GLOBAL, twin=create_plain)
def the_currencies() -> Iterator[Row]:
    """The price is in trans_currency; the settlement in CNY or in the same."""
    price, settled = f"{HERE}.trans_currency", f"{HERE}.currency"
    yield Row("settled-in-cny", "Here: settled in CNY.", counter(currency="CNY"), flags=(settled,))
    yield Row(
        "settled-in-another",
        "Here: settled in EUR, neither CNY nor the currency of the price.",
        counter(currency="EUR"),
        "invalid",
        told("biz_data.currency", "conflict", _CURRENCY),
        flags=(settled,),
    )
    yield Row(
        "price-differs",
        "Here: the price is in HKD, the settlement in USD.",
        counter(trans_currency="HKD"),
        "invalid",
        told("biz_data.currency", "conflict", _CURRENCY),
        flags=(settled, price),
    )
    yield Row(
        "price-in-cny", "Here: the price is in CNY, and settled in dollars.", counter(trans_currency="CNY")
    )
    for value, slug, comment in (
        ("usd", "small", "Here: the price in small letters."),
        ("US", "two-letters", "Here: two letters."),
        ("USDT", "four-letters", "Here: four letters."),
        ("XXX", "unknown", "Here: three letters that are no currency of this gateway."),
        ("RMB", "rmb", "Here: RMB, which people say, and which is no code."),
        ("$", "sign", "Here: its sign."),
        ("840", "number-code", "Here: its numeric code."),
        (" USD", "blank-in-front", "Here: with a blank in front."),
        ("US\u0405", "look-alike", "Here: with a Cyrillic letter that looks like an S."),
        (["USD"], "array", "Here: an array."),
    ):
        yield Row(
            slug,
            comment,
            counter(trans_currency=value),
            "invalid",
            told("biz_data.trans_currency", "illegal", _CURRENCY),
        )
    for value, slug, comment in (
        ("usd", "settlement-small", "Here: the settlement in small letters."),
        ("XXX", "settlement-unknown", "Here: a settlement in no currency of this gateway."),
        ("CNH", "settlement-offshore", "Here: the code that traders use for yuan abroad."),
    ):
        yield Row(
            slug,
            comment,
            counter(currency=value),
            "invalid",
            told("biz_data.currency", "illegal", _CURRENCY),
            flags=(settled,),
        )


@question(f"{HERE}.trans_currency", given=GLOBAL)
def a_counter_of_yen() -> Inputs:
    """Price and settlement in JPY, a currency without decimals."""
    return counter(trans_currency="JPY", currency="JPY")


@family(f"{HERE}.currency", given=GLOBAL, twin=a_counter_of_yen, result="invalid")
def a_counter_of_yen_settled() -> Iterator[Row]:
    """JPY is settled in JPY or CNY."""
    yield Row(
        "in-dollars",
        "Here: in USD.",
        counter(trans_currency="JPY", currency="USD"),
        says=told("biz_data.currency", "conflict", _CURRENCY),
    )
    yield Row("in-cny", "Here: in CNY.", counter(trans_currency="JPY", currency="CNY"), "valid")
