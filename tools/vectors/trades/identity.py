"""``partner_refund_id`` names one refund: the same again is the same, with other data it is none."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question
from tools.vectors.trades.story import ask, notified, pay, refund, story, taken
from tools.vectors.trades.sums import YEAR, a_part

REPEAT: Final = "money.refund.repeat"
SAME_ID: Final = "money.refund.same-id"
DIFFER: Final = "money.refund.ids-differ"
CURRENCY: Final = "money.refund.currency"

_TAKEN: Final = {"error": "INVALID_PARAMETER"}


@question(REPEAT, given=YEAR, says={"repeat": True})
def a_done_refund_again() -> Inputs:
    """The same request once more, after its success: legal, and no more money moves."""
    return story(pay(), refund("5.00"), then=ask("5.00", "R1"))


@question(REPEAT, given=YEAR, twin=a_done_refund_again, says={"repeat": False})
def the_same_amount_under_another_id() -> Inputs:
    """The same amount under a new id is another refund."""
    return story(pay(), refund("5.00"), then=ask("5.00", "R2"))


@family(SAME_ID, given=YEAR, twin=a_done_refund_again, result="invalid")
def a_done_refund_with_other_data() -> Iterator[Row]:
    """The id is taken: this is neither a repeat nor a new refund (inferred; the sources document the identical repeat)."""
    yield Row(
        "more", "Here: a larger amount.", story(pay(), refund("5.00"), then=ask("6.00", "R1")), says=_TAKEN
    )
    yield Row(
        "less", "Here: a smaller amount.", story(pay(), refund("5.00"), then=ask("4.00", "R1")), says=_TAKEN
    )
    yield Row(
        "a-cent-more", "Here: a cent more.", story(pay(), refund("5.00"), then=ask("5.01", "R1")), says=_TAKEN
    )
    yield Row(
        "more-than-remains",
        "Here: more than remains: its id is judged first.",
        story(pay(), refund("5.00"), then=ask("12.80", "R1")),
        says=_TAKEN,
    )
    yield Row(
        "currency",
        "Here: another currency.",
        story(pay(), refund("5.00"), then=ask("5.00", "R1", currency="HKD")),
        says=_TAKEN,
    )


@question(REPEAT, given=YEAR, twin=a_done_refund_again, result="acceptable")
def a_done_refund_in_another_spelling() -> Inputs:
    """The same amount with one decimal: by value a repeat, by text other data; the sources are silent."""
    return story(pay(), refund("5.00"), then=ask("5.0", "R1"))


@question(REPEAT, given=YEAR, twin=a_done_refund_again, result="acceptable")
def a_done_refund_with_another_is_sync() -> Inputs:
    """The same refund, asked asynchronously this time; the sources do not say whether that is other data."""
    return story(pay(), refund("5.00"), then=ask("5.00", "R1", sync="N", outcome="success"))


@question(REPEAT, given=YEAR, says={"repeat": True})
def a_refund_of_all_again() -> Inputs:
    """The trade is refunded in full, and the same request comes again: still legal, nothing changes."""
    return story(pay(), refund("12.80"), then=ask("12.80", "R1"))


@question(
    "money.refund.sum",
    given=YEAR,
    twin=a_refund_of_all_again,
    result="invalid",
    says={"error": "TRADE_HAS_CLOSE"},
)
def a_refund_of_all_under_another_id() -> Inputs:
    """The trade is refunded in full, and the same amount is asked for under a new id."""
    return story(pay(), refund("12.80"), then=ask("12.80", "R2"))


@question(REPEAT, given=YEAR, says={"repeat": True})
def an_unknown_refund_again() -> Inputs:
    """After an unknown outcome the identical request is the only right one; it counts once."""
    return story(pay(), refund("12.80", outcome="unknown"), then=ask("12.80", "R1"))


@question(
    "money.refund.one-id",
    given=YEAR,
    twin=an_unknown_refund_again,
    result="invalid",
    says={"error": "RETURN_AMOUNT_EXCEED"},
)
def an_unknown_refund_under_another_id() -> Inputs:
    """A new id is a new refund: the customer would be paid twice."""
    return story(pay(), refund("12.80", outcome="unknown"), then=ask("12.80", "R2"))


@question(SAME_ID, given=YEAR, twin=an_unknown_refund_again, result="invalid", says=_TAKEN)
def an_unknown_refund_with_another_amount() -> Inputs:
    """It may have been carried out with its first amount; the id cannot name another."""
    return story(pay(), refund("12.80", outcome="unknown"), then=ask("12.70", "R1"))


@question(REPEAT, given=YEAR, twin=an_unknown_refund_again, says={"repeat": True})
def an_unknown_refund_again_still_unknown() -> Inputs:
    """The repeat ends unknown, too: its amount is pending once, not twice."""
    return story(pay(), refund("12.80", outcome="unknown"), then=ask("12.80", "R1", outcome="unknown"))


@question(REPEAT, given=YEAR, says={"repeat": True})
def an_unknown_refund_a_third_time() -> Inputs:
    """Two attempts ended unknown; the third has the same data and succeeds."""
    lost = refund("5.00", outcome="unknown")
    return story(pay(), lost, lost, then=ask("5.00", "R1"))


@question(REPEAT, given=YEAR, says={"repeat": True})
def an_accepted_refund_again() -> Inputs:
    """An accepted refund is asked for again: still the same one, pending once."""
    return story(pay(), taken("5.00"), then=ask("5.00", "R1", sync="N", outcome="accepted"))


@question(REPEAT, given=YEAR, says={"repeat": True})
def a_notified_refund_again() -> Inputs:
    """A refund whose success was notified is asked for again: it stays done."""
    return story(pay(), taken("5.00"), notified("5.00"), then=ask("5.00", "R1", sync="N", outcome="accepted"))


@question(REPEAT, given=YEAR, says={"repeat": False})
def a_failed_refund_again() -> Inputs:
    """A refund that failed moved nothing: it may be asked for again, with the same data."""
    return story(pay(), refund("5.00", outcome="failed"), then=ask("5.00", "R1"))


@question(SAME_ID, given=YEAR, twin=a_failed_refund_again, result="acceptable")
def a_failed_refund_with_another_amount() -> Inputs:
    """The id of a failed refund with another amount; whether the gateway remembers it is not said."""
    return story(pay(), refund("5.00", outcome="failed"), then=ask("6.00", "R1"))


@question(DIFFER, given=YEAR, twin=a_part, result="invalid", says=_TAKEN)
def the_number_of_the_trade() -> Inputs:
    """partner_refund_id is the number of the trade itself: it names the refund and the payment at once."""
    return story(pay(), then=ask("1.00", "T1"))


@question(DIFFER, given=YEAR, twin=a_part)
def the_number_of_the_trade_in_small_letters() -> Inputs:
    """t1 is not T1: numbers are compared exactly."""
    return story(pay(), then=ask("1.00", "t1"))


@question(SAME_ID, given=YEAR, twin=a_done_refund_again, says={"repeat": False})
def an_id_in_small_letters() -> Inputs:
    """r1 is not R1: this is a new refund."""
    return story(pay(), refund("5.00"), then=ask("5.00", "r1"))


@question(SAME_ID, given=YEAR, says={"repeat": False})
def an_id_with_a_zero_in_front() -> Inputs:
    """007 and 7 are two ids, although they are one number."""
    return story(pay(), refund("5.00", "7"), then=ask("5.00", "007"))


@question(REPEAT, given=YEAR, twin=an_id_with_a_zero_in_front, says={"repeat": True})
def an_id_that_is_a_number() -> Inputs:
    """7 again is 7."""
    return story(pay(), refund("5.00", "7"), then=ask("5.00", "7"))


@question(SAME_ID, given=YEAR, says={"repeat": False})
def two_ids_that_are_one_float() -> Inputs:
    """Two ids of nineteen digits that differ in the last: as JavaScript numbers they are equal."""
    return story(pay(), refund("5.00", "2026112300000000001"), then=ask("5.00", "2026112300000000002"))


# --- the currency -------------------------------------------------------------------------------------------


@family(CURRENCY, given=YEAR, twin=a_part, result="invalid")
def in_another_currency() -> Iterator[Row]:
    """A refund is in the currency of the payment, whatever the amount."""
    for currency in ("HKD", "CNY", "EUR"):
        asked = ask("1.00", currency=currency)
        yield Row(
            currency.lower(), f"Here: {currency} for a payment in USD.", story(pay(), then=asked), says=_TAKEN
        )


@question(CURRENCY, given=YEAR, result="invalid", says=_TAKEN)
def yen_of_dollars() -> Inputs:
    """100 yen of 100.00 dollars: the same figures, another money."""
    return story(pay("100.00"), then=ask("100", currency="JPY"))


@question(CURRENCY, given=YEAR, twin=yen_of_dollars)
def dollars_of_dollars() -> Inputs:
    """100 dollars of 100.00 dollars."""
    return story(pay("100.00"), then=ask("100"))
