"""From a count of the smallest units, as shops keep it in a database, to the text that is sent."""

from collections.abc import Iterator

from tools.vectors.amounts.reading import JPY, KRW, USD, VERBATIM
from tools.vectors.question import Inputs, Row, family, question


@question(VERBATIM, given=USD, says={"canonical": "0.10"})
def ten_units() -> Inputs:
    """Ten cents are 0.10: not 0.1, not 10, not .10."""
    return {"minor_units": 10}


@question(VERBATIM, given=JPY, twin=ten_units, says={"canonical": "10"})
def ten_units_of_yen() -> Inputs:
    """Ten yen are 10: no point, no decimals."""
    return {"minor_units": 10}


@family(VERBATIM, given=USD, twin=ten_units)
def units_as_text() -> Iterator[Row]:
    """Two decimals, always; no blanks, no grouping, no exponent."""
    for units, text, slug, comment in (
        (0, "0.00", "none", "Here: nothing."),
        (1, "0.01", "one", "Here: one cent; without padding it is 0.1."),
        (7, "0.07", "seven", "Here: seven cents."),
        (9, "0.09", "nine", "Here: nine cents, the last that needs a zero in front."),
        (99, "0.99", "99", "Here: 99 cents."),
        (100, "1.00", "a-hundred", "Here: one dollar; as a number it is written 1."),
        (101, "1.01", "101", "Here: a dollar and a cent; without padding it is 1.1."),
        (110, "1.10", "110", "Here: a dollar and ten; as a number it is written 1.1."),
        (1000, "10.00", "a-thousand", "Here: ten dollars; trimming zeros makes it 1."),
        (1999, "19.99", "1999", "Here: 19.99."),
        (100_000, "1000.00", "a-hundred-thousand", "Here: a thousand dollars; formatters put a comma."),
        (
            100_000_000,
            "1000000.00",
            "a-hundred-million",
            "Here: a million dollars; as a number, some write 1e6.",
        ),
        (123_456_789, "1234567.89", "nine-digits", "Here: nine digits; formatters put two commas."),
        (16_777_217, "167772.17", "over-24-bits", "Here: one more than a 32-bit float can count."),
        (999_999_999, "9999999.99", "the-largest", "Here: the largest amount."),
    ):
        yield Row(slug, comment, {"minor_units": units}, says={"canonical": text})
    yield Row(
        "too-many", "Here: one more than Number(9,2) holds.", {"minor_units": 1_000_000_000}, "acceptable"
    )
    yield Row("far-too-many", "Here: eleven digits.", {"minor_units": 10_000_000_000}, "invalid")
    yield Row("negative", "Here: less than nothing.", {"minor_units": -10}, "invalid")


@family(VERBATIM, given=JPY, twin=ten_units_of_yen)
def units_without_decimals_as_text() -> Iterator[Row]:
    """The unit is the currency itself: dividing by a hundred loses two digits of the price."""
    for units, given, slug, comment in (
        (100, JPY, "a-hundred-yen", "Here: a hundred yen."),
        (1, JPY, "one-yen", "Here: one yen."),
        (0, JPY, "no-yen", "Here: nothing."),
        (1999, JPY, "1999-yen", "Here: 1999 yen."),
        (1_000_000, JPY, "a-million-yen", "Here: a million yen."),
        (9_999_999, JPY, "the-most-yen", "Here: seven digits."),
        (10, KRW, "ten-won", "Here: ten won."),
    ):
        yield Row(slug, comment, {"minor_units": units}, says={"canonical": str(units)}, given=given)
