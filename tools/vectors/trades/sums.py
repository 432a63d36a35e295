"""Refunds never exceed the payment, and reach it exactly, in one part or in many."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question
from tools.vectors.trades.story import Event, ask, notified, pay, refund, story, taken

SUM: Final = "money.refund.sum"
EXACT: Final = "money.refund.exact"
BOOKED: Final = "money.refund.booked"

YEAR: Final = {"refund_period_days": 365}


@question(BOOKED, given=YEAR)
def a_part() -> Inputs:
    """A part of the payment is refunded, the rest remains."""
    return story(pay(), then=ask("1.00"))


@question(EXACT, BOOKED, given=YEAR, twin=a_part)
def the_whole() -> Inputs:
    """The whole payment is refunded at once: the trade is refunded."""
    return story(pay(), then=ask("12.80"))


@question(SUM, EXACT, given=YEAR, twin=the_whole, result="invalid", says={"error": "RETURN_AMOUNT_EXCEED"})
def a_cent_more_than_the_whole() -> Inputs:
    """One cent more than the payment."""
    return story(pay(), then=ask("12.81"))


@question(EXACT, BOOKED, given=YEAR, twin=the_whole)
def a_cent_less_than_the_whole() -> Inputs:
    """One cent less than the payment: a cent remains, and the trade is refunded in part."""
    return story(pay(), then=ask("12.79"))


@family(EXACT, given=YEAR, twin=the_whole)
def the_whole_of_another_payment() -> Iterator[Row]:
    """The refund is the payment."""
    yield Row(
        "smaller",
        "Here: the payment is smaller, the refund exceeds it.",
        story(pay("12.79"), then=ask("12.80")),
        "invalid",
        {"error": "RETURN_AMOUNT_EXCEED"},
        flags=(SUM, EXACT),
    )
    yield Row(
        "other-spelling", "Here: the payment is told with one decimal.", story(pay("12.8"), then=ask("12.80"))
    )
    yield Row(
        "refund-in-other-spelling",
        "Here: the refund is asked with one decimal.",
        story(pay(), then=ask("12.8")),
    )
    yield Row(
        "larger-as-text",
        "Here: the payment is larger, and smaller as a text.",
        story(pay("100.00"), then=ask("12.80")),
    )


@question(SUM, given=YEAR, twin=a_part, result="invalid", says={"error": "RETURN_AMOUNT_EXCEED"})
def more_than_the_whole_although_less_as_text() -> Inputs:
    """100.00 is more than 12.80, and less if texts are compared."""
    return story(pay(), then=ask("100.00"))


@question(EXACT, BOOKED, given=YEAR)
def a_second_part() -> Inputs:
    """After 5.00 another 5.00 are asked for; 12.80 were paid."""
    return story(pay(), refund("5.00"), then=ask("5.00"))


@family(EXACT, given=YEAR, twin=a_second_part)
def a_second_part_of() -> Iterator[Row]:
    """After 5.00 of 12.80, the rest is 7.80."""
    yield Row("exactly-the-rest", "Here: exactly the rest.", story(pay(), refund("5.00"), then=ask("7.80")))
    yield Row(
        "a-cent-less-than-the-rest", "Here: a cent less.", story(pay(), refund("5.00"), then=ask("7.79"))
    )
    yield Row(
        "a-cent-more-than-the-rest",
        "Here: a cent more: less than the payment, more than what remains of it.",
        story(pay(), refund("5.00"), then=ask("7.81")),
        "invalid",
        {"error": "RETURN_AMOUNT_EXCEED"},
        flags=(SUM, EXACT),
    )
    yield Row(
        "nine-as-text",
        "Here: 9.00, which is more than the rest.",
        story(pay(), refund("5.00"), then=ask("9.00")),
        "invalid",
        {"error": "RETURN_AMOUNT_EXCEED"},
        flags=(SUM,),
    )


def _parts(*amounts: str) -> list[Event]:
    return [refund(amount, f"R{number}") for number, amount in enumerate(amounts, 1)]


@question(EXACT, given=YEAR)
def the_third_of_three_dimes() -> Inputs:
    """0.30 were paid, 0.10 and 0.10 refunded; the last 0.10 is exactly the rest, and as floats more than it."""
    return story(pay("0.30"), *_parts("0.10", "0.10"), then=ask("0.10"))


@question(
    SUM,
    EXACT,
    given=YEAR,
    twin=the_third_of_three_dimes,
    result="invalid",
    says={"error": "RETURN_AMOUNT_EXCEED"},
)
def a_cent_more_than_the_third_of_three_dimes() -> Inputs:
    """One cent more than the last dime."""
    return story(pay("0.30"), *_parts("0.10", "0.10"), then=ask("0.11"))


@question(EXACT, given=YEAR)
def the_tenth_of_ten_dimes() -> Inputs:
    """Nine of ten parts are refunded, the tenth is exactly the rest."""
    return story(pay("1.00"), *_parts(*["0.10"] * 9), then=ask("0.10"))


@question(
    SUM,
    EXACT,
    given=YEAR,
    twin=the_tenth_of_ten_dimes,
    result="invalid",
    says={"error": "RETURN_AMOUNT_EXCEED"},
)
def a_cent_more_than_the_tenth_of_ten_dimes() -> Inputs:
    """One cent more than the tenth part."""
    return story(pay("1.00"), *_parts(*["0.10"] * 9), then=ask("0.11"))


@question(
    SUM, EXACT, given=YEAR, twin=the_tenth_of_ten_dimes, result="invalid", says={"error": "TRADE_HAS_CLOSE"}
)
def an_eleventh_of_ten_dimes() -> Inputs:
    """All ten parts are refunded: as floats something is left, and another cent would go."""
    return story(pay("1.00"), *_parts(*["0.10"] * 10), then=ask("0.10"))


@family(EXACT, given=YEAR)
def the_last_of_many() -> Iterator[Row]:
    """The last part is exactly the rest, whatever the parts are."""
    yield Row(
        "thirds",
        "Here: a hundred in three parts.",
        story(pay("100.00"), *_parts("33.33", "33.33"), then=ask("33.34")),
    )
    yield Row(
        "sevenths", "Here: ten in seven parts.", story(pay("10.00"), *_parts(*["1.43"] * 6), then=ask("1.42"))
    )
    yield Row(
        "prices",
        "Here: three times 19.99.",
        story(pay("59.97"), *_parts("19.99", "19.99"), then=ask("19.99")),
    )
    yield Row(
        "eight-twenty",
        "Here: 8.20 after 0.20; as floats 8.00 do not remain.",
        story(pay("8.20"), *_parts("0.20"), then=ask("8.00")),
    )
    yield Row(
        "cents",
        "Here: twenty cents, one by one.",
        story(pay("0.20"), *_parts(*["0.01"] * 19), then=ask("0.01")),
    )
    yield Row(
        "small-after-large",
        "Here: a cent after almost ten million.",
        story(pay("9999999.99"), *_parts("9999999.98"), then=ask("0.01")),
    )
    yield Row("a-cent", "Here: a payment of one cent.", story(pay("0.01"), then=ask("0.01")))
    yield Row(
        "largest", "Here: the largest amount there is.", story(pay("9999999.99"), then=ask("9999999.99"))
    )


@question(SUM, given=YEAR, result="invalid", says={"error": "RETURN_AMOUNT_EXCEED"})
def a_cent_more_than_almost_ten_million() -> Inputs:
    """A cent too much, where a 32-bit float sees no cents."""
    return story(pay("9999999.98"), then=ask("9999999.99"))


# --- currencies without decimals ---------------------------------------------------------------------------


@question(EXACT, BOOKED, given=YEAR)
def the_last_of_three_hundred_yen() -> Inputs:
    """300 yen were paid, 100 and 100 refunded; the last 100 is the rest."""
    parts = (refund("100", "R1", currency="JPY"), refund("100", "R2", currency="JPY"))
    return story(pay("300", "JPY"), *parts, then=ask("100", currency="JPY"))


@question(
    SUM,
    EXACT,
    given=YEAR,
    twin=the_last_of_three_hundred_yen,
    result="invalid",
    says={"error": "RETURN_AMOUNT_EXCEED"},
)
def a_yen_more_than_the_last_of_three_hundred() -> Inputs:
    """One yen more than what remains; a hundredth of a hundred, and the smallest unit."""
    parts = (refund("100", "R1", currency="JPY"), refund("100", "R2", currency="JPY"))
    return story(pay("300", "JPY"), *parts, then=ask("101", currency="JPY"))


@question(EXACT, BOOKED, given=YEAR)
def a_single_yen() -> Inputs:
    """One yen of one yen."""
    return story(pay("1", "JPY"), then=ask("1", currency="JPY"))


@question(SUM, given=YEAR, twin=a_single_yen, result="invalid", says={"error": "RETURN_AMOUNT_EXCEED"})
def two_of_a_single_yen() -> Inputs:
    """Two yen of one yen."""
    return story(pay("1", "JPY"), then=ask("2", currency="JPY"))


@question(EXACT, BOOKED, given=YEAR)
def won_in_parts() -> Inputs:
    """9990 of 10000 won are refunded, ten remain."""
    return story(pay("10000", "KRW"), refund("9990", currency="KRW"), then=ask("10", currency="KRW"))


@question(SUM, given=YEAR, twin=won_in_parts, result="invalid", says={"error": "RETURN_AMOUNT_EXCEED"})
def a_won_too_much() -> Inputs:
    """Eleven won, where ten remain."""
    return story(pay("10000", "KRW"), refund("9990", currency="KRW"), then=ask("11", currency="KRW"))


# --- refunds that are on their way count ---------------------------------------------------------------------


@question(EXACT, given=YEAR)
def the_rest_beside_a_pending_refund() -> Inputs:
    """5.00 are accepted and not done yet; of 12.80 another 7.80 may go."""
    return story(pay(), taken("5.00"), then=ask("7.80"))


@question(
    SUM,
    given=YEAR,
    twin=the_rest_beside_a_pending_refund,
    result="invalid",
    says={"error": "RETURN_AMOUNT_EXCEED"},
)
def a_cent_more_beside_a_pending_refund() -> Inputs:
    """What is pending counts as spent: a cent more is too much, although no money has moved yet."""
    return story(pay(), taken("5.00"), then=ask("7.81"))


@question(SUM, given=YEAR, result="invalid", says={"error": "RETURN_AMOUNT_EXCEED"})
def anything_beside_a_pending_refund_of_all() -> Inputs:
    """The whole payment is pending: nothing remains, while the trade is still paid."""
    return story(pay(), taken("12.80"), then=ask("0.01"))


@question(
    SUM,
    given=YEAR,
    twin=anything_beside_a_pending_refund_of_all,
    result="invalid",
    says={"error": "TRADE_HAS_CLOSE"},
)
def anything_after_a_refund_of_all_was_notified() -> Inputs:
    """The pending refund of everything is finished: the trade is over."""
    return story(pay(), taken("12.80"), notified("12.80"), then=ask("0.01"))


@question(EXACT, given=YEAR)
def the_rest_beside_an_unknown_refund() -> Inputs:
    """Nobody knows what became of 5.00; another 7.80 may go in any case."""
    return story(pay(), refund("5.00", outcome="unknown"), then=ask("7.80"))


@question(
    SUM,
    given=YEAR,
    twin=the_rest_beside_an_unknown_refund,
    result="invalid",
    says={"error": "RETURN_AMOUNT_EXCEED"},
)
def a_cent_more_beside_an_unknown_refund() -> Inputs:
    """The money of an unknown refund may be gone: it counts as spent."""
    return story(pay(), refund("5.00", outcome="unknown"), then=ask("7.81"))


@question(SUM, given=YEAR, result="invalid", says={"error": "RETURN_AMOUNT_EXCEED"})
def a_cent_more_beside_done_pending_and_unknown() -> Inputs:
    """One refund is done, one pending, one unknown: all three count."""
    parts = (refund("2.00", "R1"), taken("3.00", "R2"), refund("4.00", "R3", outcome="unknown"))
    return story(pay(), *parts, then=ask("3.81"))


@question(EXACT, given=YEAR, twin=a_cent_more_beside_done_pending_and_unknown)
def the_rest_beside_done_pending_and_unknown() -> Inputs:
    """What remains beside all three is exactly 3.80."""
    parts = (refund("2.00", "R1"), taken("3.00", "R2"), refund("4.00", "R3", outcome="unknown"))
    return story(pay(), *parts, then=ask("3.80"))


@question(EXACT, given=YEAR)
def all_after_a_failed_refund() -> Inputs:
    """A refund that failed binds no money: the whole payment may go."""
    return story(pay(), refund("5.00", outcome="failed"), then=ask("12.80"))


@question(
    "money.refund.not-booked",
    given=YEAR,
    twin=all_after_a_failed_refund,
    result="invalid",
    says={"error": "RETURN_AMOUNT_EXCEED"},
)
def all_after_a_refund_that_is_done() -> Inputs:
    """The same with a refund that succeeded: the whole payment is too much."""
    return story(pay(), refund("5.00"), then=ask("12.80"))
