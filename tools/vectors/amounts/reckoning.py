"""Sums, differences and comparisons: exact, or a shop pays a cent too much, or keeps one."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.amounts.reading import EXACT, JPY, KRW, USD
from tools.vectors.question import Inputs, Row, family, question

SUM: Final = "money.refund.sum"


@question(EXACT, given=USD, says={"minor_units": 30, "canonical": "0.30"})
def ten_and_twenty_cents() -> Inputs:
    """0.10 and 0.20 make 0.30; as floats they make more."""
    return {"add": ["0.10", "0.20"]}


@family(EXACT, given=USD, twin=ten_and_twenty_cents)
def two_amounts() -> Iterator[Row]:
    """Their sum is exact."""
    for one, other, units, slug, comment in (
        ("0.1", "0.20", 30, "another-spelling", "Here: one of them with one decimal."),
        ("0.70", "0.20", 90, "less-as-floats", "Here: as floats they make less than 0.90."),
        ("0.00", "0.20", 20, "nothing-and-something", "Here: nothing added."),
        ("1", "0.20", 120, "whole-and-cents", "Here: a whole number and cents."),
        ("9999999.79", "0.20", 999_999_999, "up-to-the-largest", "Here: together the largest amount."),
        ("100.00", "0.20", 10_020, "as-text", "Here: joined as text they would be no number."),
        ("131072.01", "0.20", 13_107_221, "over-24-bits", "Here: a 32-bit float has lost the cents."),
    ):
        changed = [one, other]
        twin = ten_and_twenty_cents if other == "0.20" else None
        yield Row(slug, comment, {"add": changed}, says={"minor_units": units}, twin=twin)
    yield Row(
        "over-the-largest",
        "Here: together one cent more than Number(9,2) holds.",
        {"add": ["9999999.80", "0.20"]},
        "acceptable",
    )
    yield Row(
        "one-is-none",
        "Here: one of them is no amount: there is no sum to tell.",
        {"add": ["1.005", "0.20"]},
        "invalid",
    )


@question(EXACT, given=USD, says={"minor_units": 100, "canonical": "1.00"})
def ten_times_ten_cents() -> Inputs:
    """Ten times 0.10 make 1.00; as floats they make less."""
    return {"add": ["0.10"] * 10}


@family(EXACT, given=USD)
def many_amounts() -> Iterator[Row]:
    """However many there are, no cent is lost or gained."""
    nine = ten_times_ten_cents
    yield Row(
        "nine-of-ten",
        "Here: nine times 0.10; as floats a little less than 0.90.",
        {"add": ["0.10"] * 9},
        says={"minor_units": 90},
        twin=nine,
    )
    yield Row(
        "one-cent-more",
        "Here: nine times 0.10 and 0.11.",
        {"add": ["0.10"] * 9 + ["0.11"]},
        says={"minor_units": 101},
        twin=nine,
    )
    yield Row(
        "three",
        "Here: three times 0.10; as floats more than 0.30.",
        {"add": ["0.10"] * 3},
        says={"minor_units": 30},
    )
    yield Row(
        "thirds",
        "Here: a hundred in three parts, whose last is a cent larger.",
        {"add": ["33.33", "33.33", "33.34"]},
        says={"minor_units": 10_000},
    )
    yield Row(
        "sevenths", "Here: ten in seven parts.", {"add": ["1.43"] * 6 + ["1.42"]}, says={"minor_units": 1000}
    )
    yield Row("prices", "Here: 19.99 three times.", {"add": ["19.99"] * 3}, says={"minor_units": 5997})
    yield Row(
        "small-to-large",
        "Here: small amounts before a large one; their order must not matter.",
        {"add": ["0.01"] * 4 + ["8388608.00"]},
        says={"minor_units": 838_860_804},
    )
    yield Row("cents", "Here: a hundred single cents.", {"add": ["0.01"] * 100}, says={"minor_units": 100})
    yield Row(
        "all-decimals",
        "Here: one amount of each decimal.",
        {"add": [f"0.0{digit}" for digit in range(10)]},
        says={"minor_units": 45},
    )
    yield Row("one", "Here: a single amount.", {"add": ["4.35"]}, says={"minor_units": 435})
    yield Row(
        "yen",
        "Here: yen, 100 three times.",
        {"add": ["100", "100", "100"]},
        says={"minor_units": 300, "canonical": "300"},
        given=JPY,
    )
    yield Row(
        "won",
        "Here: won, with different lengths.",
        {"add": ["9", "10", "1000"]},
        says={"minor_units": 1019, "canonical": "1019"},
        given=KRW,
    )
    yield Row(
        "yen-with-decimals",
        "Here: yen, one of them with decimals.",
        {"add": ["100.00", "100", "100"]},
        "invalid",
        {"fault": "decimals"},
        given=JPY,
    )


@question(EXACT, given=USD, says={"minor_units": 800, "canonical": "8.00"})
def eight_twenty_minus_twenty() -> Inputs:
    """8.20 without 0.20 is 8.00; as floats it is less, and a refund of 8.00 would be refused."""
    return {"subtract": ["8.20", "0.20"]}


@question(EXACT, given=USD, says={"minor_units": 10, "canonical": "0.10"})
def a_dollar_in_nine_parts() -> Inputs:
    """One dollar without nine times 0.10 is 0.10; as floats it is more."""
    return {"subtract": ["1.00"] + ["0.10"] * 9}


@question(EXACT, given=USD, twin=eight_twenty_minus_twenty, says={"minor_units": 100})
def in_two_parts() -> Inputs:
    """8.20 without 0.20 and 7.00."""
    return {"subtract": ["8.20", "0.20", "7.00"]}


@family(EXACT, given=USD, twin=eight_twenty_minus_twenty)
def what_remains() -> Iterator[Row]:
    """What can still be refunded is exact."""
    for terms, units, slug, comment in (
        (["1.00", "0.20"], 80, "another-total", "Here: of one dollar."),
        (["8.20", "8.10"], 10, "little", "Here: ten cents remain; as floats less, so the last refund is refused."),
        (["8.20", "8.2"], 0, "nothing-other-spelling", "Here: nothing remains, in another spelling."),
        (["8.20", "8.19"], 1, "a-cent", "Here: a cent remains."),
        (["8.20", "0.00"], 820, "all", "Here: nothing was taken."),
        (["8.20", "0.20", "8.00"], 0, "two-parts", "Here: two parts make the whole."),
    ):  # fmt: skip
        yield Row(slug, comment, {"subtract": terms}, says={"minor_units": units})
    yield Row(
        "ten-parts",
        "Here: one dollar without ten times 0.10; as floats something is left.",
        {"subtract": ["1.00"] + ["0.10"] * 10},
        says={"minor_units": 0, "canonical": "0.00"},
        twin=a_dollar_in_nine_parts,
    )
    yield Row(
        "one-cent-too-much",
        "Here: a cent more is taken than there is: nothing that can be said as an amount.",
        {"subtract": ["8.20", "8.21"]},
        "invalid",
        flags=(SUM, EXACT),
    )
    yield Row(
        "parts-too-much",
        "Here: two parts are a cent more than the whole.",
        {"subtract": ["8.20", "0.20", "8.01"]},
        "invalid",
        flags=(SUM, EXACT),
        twin=in_two_parts,
    )


@question(EXACT, given=JPY, says={"minor_units": 1, "canonical": "1"})
def a_yen_remains() -> Inputs:
    """A hundred yen without 99."""
    return {"subtract": ["100", "99"]}


@question(SUM, given=JPY, twin=a_yen_remains, result="invalid")
def a_yen_too_much() -> Inputs:
    """A hundred yen without 101."""
    return {"subtract": ["100", "101"]}


@question(EXACT, given=USD, says={"comparison": "equal"})
def the_same_in_two_spellings() -> Inputs:
    """0.10 and 0.1 are the same money; as texts they differ."""
    return {"compare": ["0.10", "0.1"]}


@family(EXACT, given=USD, twin=the_same_in_two_spellings)
def compared() -> Iterator[Row]:
    """Amounts are compared by value: not as texts, whose order is another, and not as rounded numbers."""
    for one, other, word, slug, comment in (
        ("0.10", "0.10", "equal", "itself", "Here: an amount and itself."),
        ("0.10", "0.11", "less", "a-cent-more", "Here: a cent apart."),
        ("0.10", "0.09", "greater", "a-cent-less", "Here: a cent apart, the other way."),
        (
            "0.10",
            "0.9",
            "less",
            "one-decimal",
            "Here: as versions or as cents without padding, 10 would be more than 9.",
        ),
    ):
        yield Row(slug, comment, {"compare": [one, other]}, says={"comparison": word})


@question(EXACT, given=USD, says={"comparison": "greater"})
def ten_and_nine() -> Inputs:
    """10.00 is more than 9.00; as texts it is less."""
    return {"compare": ["10.00", "9.00"]}


@family(EXACT, given=USD, twin=ten_and_nine)
def compared_with_nine() -> Iterator[Row]:
    """Against 9.00, with other lengths."""
    for one, word, slug, comment in (
        ("100", "greater", "a-hundred", "Here: a whole hundred."),
        ("9", "equal", "whole", "Here: a whole nine."),
        ("9.0", "equal", "one-decimal", "Here: nine with one decimal."),
        ("8.99", "less", "a-cent-less", "Here: a cent less."),
        ("9.01", "greater", "a-cent-more", "Here: a cent more."),
        ("9.4", "greater", "rounds-to-the-same", "Here: the same when rounded to whole dollars."),
        ("1000000.00", "greater", "a-million", "Here: a million, which as text begins with one."),
    ):
        yield Row(slug, comment, {"compare": [one, "9.00"]}, says={"comparison": word})


@question(EXACT, given=USD, says={"comparison": "less"})
def a_cent_apart_at_the_top() -> Inputs:
    """A cent between two large amounts, which a 32-bit float does not see."""
    return {"compare": ["9999999.98", "9999999.99"]}


@question(EXACT, given=JPY, says={"comparison": "less"})
def a_yen_apart() -> Inputs:
    """A yen between two amounts."""
    return {"compare": ["99", "100"]}


@question(EXACT, given=JPY, twin=a_yen_apart, result="invalid", says={"fault": "decimals"})
def yen_compared_with_decimals() -> Inputs:
    """What is no amount cannot be compared."""
    return {"compare": ["99", "100.00"]}
