"""Plain amounts, at the edges of their form and in every kind of currency."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question

FORM: Final = "request.refund.refund_amount"
EXACT: Final = "money.refund.exact"
VERBATIM: Final = "request.refund.amount-exact"

USD: Final = {"currency": "USD"}
HKD: Final = {"currency": "HKD"}
CNY: Final = {"currency": "CNY"}
JPY: Final = {"currency": "JPY"}
KRW: Final = {"currency": "KRW"}
VND: Final = {"currency": "VND"}

_TWO_DECIMALS: Final = (
    "AED AUD CAD CHF CNY CZK DKK EUR GBP HKD IDR ILS LKR MUR MYR NOK NZD PHP RUB SEK SGD THB ZAR"
)


@question(FORM, given=USD, says={"minor_units": 10, "canonical": "0.10"})
def ten_cents() -> Inputs:
    """Ten cents in the usual form: both decimals are written."""
    return {"text": "0.10"}


@question(FORM, given=USD, twin=ten_cents, says={"minor_units": 1, "canonical": "0.01"})
def one_cent() -> Inputs:
    """The smallest amount above nothing."""
    return {"text": "0.01"}


@question(VERBATIM, given=USD, twin=ten_cents, says={"minor_units": 10, "canonical": "0.10"})
def ten_cents_with_one_decimal() -> Inputs:
    """A legal form of the same value; the usual form has two decimals."""
    return {"text": "0.1"}


@question(FORM, given=USD, twin=ten_cents, says={"minor_units": 10_000, "canonical": "100.00"})
def a_hundred_without_decimals() -> Inputs:
    """Whole dollars may be written without a point; they are dollars, not cents."""
    return {"text": "100"}


@question(FORM, given=JPY, twin=a_hundred_without_decimals, says={"minor_units": 100, "canonical": "100"})
def a_hundred_yen() -> Inputs:
    """The yen has no smaller unit: a hundred yen are a hundred units."""
    return {"text": "100"}


@question(
    FORM, given=USD, twin=a_hundred_without_decimals, says={"minor_units": 10_000, "canonical": "100.00"}
)
def a_hundred_with_both_decimals() -> Inputs:
    """The usual form of a hundred dollars."""
    return {"text": "100.00"}


@question(FORM, given=JPY, twin=a_hundred_with_both_decimals, result="invalid", says={"fault": "decimals"})
def a_hundred_yen_with_decimals() -> Inputs:
    """JPY amounts are whole numbers: a client that always writes two decimals is refused."""
    return {"text": "100.00"}


@question(FORM, given=USD, twin=ten_cents, says={"minor_units": 999_999_999, "canonical": "9999999.99"})
def the_largest() -> Inputs:
    """Nine digits, two of them decimals: the largest amount that Number(9,2) holds."""
    return {"text": "9999999.99"}


@question(FORM, given=USD, twin=the_largest, result="invalid")
def one_digit_too_many() -> Inputs:
    """Ten digits do not fit into Number(9,2) however it is read."""
    return {"text": "99999999.99"}


@question(FORM, given=USD, twin=ten_cents, says={"minor_units": 0, "canonical": "0.00"})
def nothing_with_decimals() -> Inputs:
    """Zero is an amount; that nobody can refund it is another rule."""
    return {"text": "0.00"}


@family(FORM, given=USD, twin=ten_cents)
def a_plain_amount() -> Iterator[Row]:
    """It is worth what it says, to the cent."""
    for text, units, slug, comment in (
        ("0", 0, "zero", "Here: zero, without a point."),
        ("0.0", 0, "zero-with-one-decimal", "Here: zero, with one decimal."),
        ("0.07", 7, "seven-cents", "Here: 0.07, whose hundredfold is above 7 as a float."),
        ("0.29", 29, "29-cents", "Here: 0.29, whose hundredfold is below 29 as a float; cut off, a cent is lost."),
        ("0.57", 57, "57-cents", "Here: 0.57, whose hundredfold is below 57 as a float."),
        ("0.58", 58, "58-cents", "Here: 0.58, whose hundredfold is below 58 as a float."),
        ("1.10", 110, "one-ten", "Here: 1.10, whose hundredfold is above 110 as a float; rounded up, it gains a cent."),
        ("1.15", 115, "one-fifteen", "Here: 1.15, whose hundredfold is below 115 as a float."),
        ("2.20", 220, "two-twenty", "Here: 2.20, whose hundredfold is above 220 as a float."),
        ("4.35", 435, "four-thirty-five", "Here: 4.35, whose hundredfold is below 435 as a float."),
        ("9.95", 995, "nine-ninety-five", "Here: 9.95, whose hundredfold is below 995 as a float."),
        ("19.99", 1999, "19-99", "Here: 19.99, whose hundredfold is below 1999 as a float."),
        ("64.10", 6410, "64-10", "Here: 64.10, whose hundredfold is below 6410 as a float."),
        ("1025.12", 102_512, "1025-12", "Here: 1025.12, whose hundredfold is below 102512 as a float."),
        ("8192.01", 819_201, "8192-01", "Here: 8192.01, of which a 32-bit float still knows the cent."),
        ("131072.01", 13_107_201, "131072-01", "Here: 131072.01, whose cent a 32-bit float has lost."),
        ("167772.17", 16_777_217, "167772-17", "Here: more cents than a 32-bit float can count, by one."),
        ("9999999.98", 999_999_998, "almost-the-largest", "Here: one cent below the largest amount."),
        ("9999999.9", 999_999_990, "large-with-one-decimal", "Here: seven digits and one decimal."),
        ("1000000.00", 100_000_000, "a-million", "Here: a million, where some languages begin to write exponents."),
        ("10", 1000, "ten", "Here: ten, whose last zero is no decimal; trimming zeros makes it one."),
        ("1.00", 100, "one", "Here: one, with both decimals."),
        ("1.0", 100, "one-with-one-decimal", "Here: one, with one decimal."),
        ("0.01", 1, "smallest", "Here: a cent."),
        ("0.99", 99, "99-cents", "Here: just below one."),
        ("12.80", 1280, "noodles", "Here: the price of a noodle soup."),
    ):  # fmt: skip
        if text != "0.01":
            yield Row(slug, comment, {"text": text}, says={"minor_units": units})


@family(FORM, given=USD, twin=a_hundred_with_both_decimals)
def a_currency_with_two_decimals() -> Iterator[Row]:
    """The sources name it, and say nothing of other decimals than two."""
    for code in _TWO_DECIMALS.split():
        given = {"currency": code}
        yield Row(
            code.lower(), f"Here: {code}.", {"text": "100.00"}, says={"minor_units": 10_000}, given=given
        )


@family(FORM, given=JPY, twin=a_hundred_yen)
def a_currency_without_decimals() -> Iterator[Row]:
    """JPY and KRW are whole numbers; two decimals, or a hundredfold, are one of the most frequent mistakes."""
    yield Row("krw", "Here: a hundred won.", {"text": "100"}, says={"minor_units": 100}, given=KRW)
    yield Row("one-yen", "Here: one yen, the smallest amount.", {"text": "1"}, says={"minor_units": 1})
    yield Row("no-yen", "Here: zero.", {"text": "0"}, says={"minor_units": 0, "canonical": "0"})
    yield Row("largest", "Here: seven digits.", {"text": "9999999"}, says={"minor_units": 9_999_999})
    yield Row(
        "ends-with-zeros",
        "Here: 1200 yen, whose zeros are digits of the number.",
        {"text": "1200"},
        says={"canonical": "1200"},
    )
    for text, slug, comment in (
        ("100.0", "one-decimal", "Here: one decimal, although it is zero."),
        ("100.50", "half-a-yen", "Here: half a yen, which does not exist."),
        ("0.50", "half-a-yen-alone", "Here: half a yen, which rounds to nothing or to one."),
        ("100.5", "half-with-one-decimal", "Here: half a yen with one decimal."),
        ("1.00", "one-with-decimals", "Here: one yen, written like one dollar."),
        ("0.01", "a-hundredth", "Here: the hundredth of a yen, what a client makes of one yen that takes it for a cent."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, "invalid", {"fault": "decimals"})


@question(FORM, given=KRW, twin=a_hundred_yen_with_decimals, result="invalid", says={"fault": "decimals"})
def a_hundred_won_with_decimals() -> Inputs:
    """KRW amounts are whole numbers, too."""
    return {"text": "100.00"}


@question(FORM, given=VND, twin=a_hundred_yen, says={"minor_units": 100, "canonical": "100"})
def a_hundred_dong() -> Inputs:
    """A whole amount of VND: legal however many decimals the gateway gives it."""
    return {"text": "100"}


@question(FORM, given=VND, twin=a_hundred_dong, result="acceptable")
def a_hundred_dong_with_decimals() -> Inputs:
    """The sources are silent about VND; ISO 4217 makes it a whole number, and we follow that (inferred)."""
    return {"text": "100.00"}


@family(FORM, given=USD, twin=the_largest, result="acceptable")
def nine_digits_in_all() -> Iterator[Row]:
    """More than seven digits before the point, but not more than nine in all: one reading of Number(9,2) allows it."""
    yield Row("eight-million", "Here: eight digits, no decimals.", {"text": "10000000"})
    yield Row("nine", "Here: nine digits, no decimals.", {"text": "123456789"})
    yield Row("eight-and-one", "Here: eight digits and one decimal.", {"text": "12345678.9"})


@family(FORM, given=USD, twin=ten_cents, result="acceptable")
def leading_zeros() -> Iterator[Row]:
    """Zeros in front change no value, and no source forbids them; no source shows them either."""
    yield Row("two", "Here: 00.10.", {"text": "00.10"})
    yield Row("seven-digits", "Here: filled up to seven digits.", {"text": "0000000.10"})
    yield Row("whole", "Here: 007, an octal number to some languages.", {"text": "007"})
