"""What is booked: only what is proved. An answer that was lost proves nothing, an acceptance moves no money."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question
from tools.vectors.trades.story import ask, cancel, closed, notified, pay, refund, story, taken
from tools.vectors.trades.sums import YEAR, a_part

UNKNOWN: Final = "money.refund.unknown"
NOT_BOOKED: Final = "money.refund.not-booked"
ASYNCHRONOUS: Final = "money.refund.asynchronous"
OVER: Final = "money.refund.sum"


@question(UNKNOWN, given=YEAR, twin=a_part)
def a_part_of_which_the_answer_is_lost() -> Inputs:
    """The answer never came: the amount is pending, nothing is refunded, the trade is still paid."""
    return story(pay(), then=ask("1.00", outcome="unknown"))


@question(NOT_BOOKED, given=YEAR, twin=a_part)
def a_part_that_fails() -> Inputs:
    """The gateway refuses: nothing is refunded, nothing pending."""
    return story(pay(), then=ask("1.00", outcome="failed"))


@question(ASYNCHRONOUS, given=YEAR)
def a_part_that_is_accepted() -> Inputs:
    """Asked without is_sync=Y, the refund is taken and not done: pending, not refunded."""
    return story(pay(), then=ask("1.00", sync="N", outcome="accepted"))


@question(ASYNCHRONOUS, given=YEAR)
def all_that_is_accepted() -> Inputs:
    """The whole payment is pending: nothing remains, and the trade is not refunded yet."""
    return story(pay(), then=ask("12.80", sync="N", outcome="accepted"))


@question(UNKNOWN, given=YEAR)
def all_of_which_the_answer_is_lost() -> Inputs:
    """The whole payment is pending, whatever became of it."""
    return story(pay(), then=ask("12.80", outcome="unknown"))


@question(NOT_BOOKED, given=YEAR, twin=all_of_which_the_answer_is_lost)
def all_that_fails() -> Inputs:
    """The whole payment remains."""
    return story(pay(), then=ask("12.80", outcome="failed"))


@family("money.refund.booked", given=YEAR)
def after_earlier_refunds() -> Iterator[Row]:
    """The books after the request, with earlier refunds in them."""
    yield Row(
        "done-then-done", "Here: a second part after a first.", story(pay(), refund("5.00"), then=ask("2.80"))
    )
    yield Row(
        "done-then-failed",
        "Here: a second part that fails leaves the first.",
        story(pay(), refund("5.00"), then=ask("2.80", outcome="failed")),
        flags=(NOT_BOOKED,),
    )
    yield Row(
        "done-then-unknown",
        "Here: a second part of which nobody knows.",
        story(pay(), refund("5.00"), then=ask("2.80", outcome="unknown")),
        flags=(UNKNOWN,),
    )
    yield Row(
        "pending-then-done",
        "Here: one is pending, the next is done.",
        story(pay(), taken("5.00"), then=ask("2.80")),
        flags=(ASYNCHRONOUS,),
    )
    yield Row(
        "notified-then-done",
        "Here: one was pending and is notified, the next is done.",
        story(pay(), taken("5.00"), notified("5.00"), then=ask("2.80")),
        flags=(ASYNCHRONOUS,),
    )
    yield Row(
        "notified-twice",
        "Here: the notification came twice, and counts once.",
        story(pay(), taken("5.00"), notified("5.00"), notified("5.00"), then=ask("2.80")),
        flags=(ASYNCHRONOUS,),
    )
    yield Row(
        "notified-after-success",
        "Here: a refund that is done is notified as well, and counts once.",
        story(pay(), refund("5.00"), notified("5.00"), then=ask("2.80")),
    )
    yield Row(
        "unknown-then-notified",
        "Here: the answer was lost, and a notification tells the success.",
        story(pay(), refund("5.00", sync="N", outcome="unknown"), notified("5.00"), then=ask("2.80")),
        flags=(UNKNOWN,),
    )
    yield Row(
        "two-pending-one-notified",
        "Here: of two pending ones the second is notified.",
        story(pay(), taken("5.00"), taken("3.00", "R2"), notified("3.00", "R2"), then=ask("2.80")),
        flags=(ASYNCHRONOUS,),
    )


@question(UNKNOWN, given=YEAR, says={"repeat": True})
def a_repeat_that_fails_after_it_may_have_been_done() -> Inputs:
    """The first answer was lost; the repeat is told that too little remains, which the first one may have caused: still pending."""
    lost, again = (
        refund("12.80", outcome="unknown"),
        refund("12.80", outcome="failed", code="RETURN_AMOUNT_EXCEED"),
    )
    return story(pay(), lost, again, then=ask("12.80", "R1", outcome="unknown"))


@question(NOT_BOOKED, given=YEAR, says={"repeat": False})
def a_repeat_that_fails_for_another_reason() -> Inputs:
    """The first answer was lost; the repeat is told that the trade is frozen: neither moved money."""
    lost, again = (
        refund("12.80", outcome="unknown"),
        refund("12.80", outcome="failed", code="REASON_TRADE_BEEN_FREEZEN"),
    )
    return story(pay(), lost, again, then=ask("12.80", "R2"))


@question(ASYNCHRONOUS, given=YEAR, says={"repeat": True})
def an_accepted_refund_that_succeeds_when_it_is_repeated() -> Inputs:
    """The repeat is accepted again: pending as before, until the notification."""
    return story(pay(), taken("5.00"), taken("5.00"), then=ask("5.00", "R1", sync="N", outcome="accepted"))


# --- trades that are over --------------------------------------------------------------------------------


@question(OVER, "money.cancel.booked", given=YEAR, result="invalid", says={"error": "TRADE_HAS_CLOSE"})
def after_a_cancel() -> Inputs:
    """The trade was cancelled: its money went back already."""
    return story(pay(), cancel(), then=ask("1.00"))


@question("money.cancel.not-booked", given=YEAR, twin=after_a_cancel)
def after_a_cancel_that_failed() -> Inputs:
    """The cancel was refused: the money is still there, and may be refunded."""
    return story(pay(), cancel("failed"), then=ask("1.00"))


@question("money.cancel.unknown", given=YEAR, twin=after_a_cancel, result="acceptable")
def after_an_unknown_cancel() -> Inputs:
    """Nobody knows what became of the cancel; to repeat it first is safer, and no source forbids the refund."""
    return story(pay(), cancel("unknown"), then=ask("1.00"))


@question(OVER, given=YEAR, result="invalid", says={"error": "TRADE_HAS_CLOSE"})
def after_the_gateway_closed_the_trade() -> Inputs:
    """TRADE_CLOSED was notified: nothing can be refunded any more."""
    return story(pay(), closed(), then=ask("1.00"))


@question(OVER, given=YEAR, result="invalid", says={"error": "TRADE_HAS_CLOSE"})
def after_everything_was_refunded() -> Inputs:
    """Everything was refunded: another cent is too much, by a code of its own."""
    return story(pay(), refund("12.80"), then=ask("0.01"))


@question(OVER, given=YEAR, result="invalid", says={"error": "TRADE_HAS_CLOSE"})
def after_everything_was_refunded_in_two_parts() -> Inputs:
    """Two parts make the payment: the trade is over."""
    return story(pay(), refund("5.00"), refund("7.80", "R2"), then=ask("0.01"))


@question(OVER, given=YEAR, twin=after_everything_was_refunded_in_two_parts)
def after_almost_everything_was_refunded_in_two_parts() -> Inputs:
    """Two parts make the payment but for a cent, which may go."""
    return story(pay(), refund("5.00"), refund("7.79", "R2"), then=ask("0.01"))
