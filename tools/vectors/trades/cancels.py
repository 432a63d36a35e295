"""What a CANCEL does to a trade in each of its states, and what is booked for each outcome."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question
from tools.vectors.trades.story import cancel, closed, expect, pay, refund, story, taken
from tools.vectors.trades.windows import DAY, WINDOW, ask, two_hours_later

UNPAID: Final = "money.cancel.unpaid"
BOOKED: Final = "money.cancel.booked"
NOT_BOOKED: Final = "money.cancel.not-booked"
UNKNOWN: Final = "money.cancel.unknown"
AFTER_REFUND: Final = "money.cancel.after-refund"

_REFUNDED: Final = {"error": "REASON_TRADE_REFUND_FEE_ERR"}


@question(NOT_BOOKED, given=DAY, twin=two_hours_later, says={"after": "paid"})
def a_cancel_that_fails() -> Inputs:
    """The gateway refuses: the trade is paid as before."""
    return story(pay(), then=ask(outcome="failed"))


@question(UNKNOWN, given=DAY, twin=two_hours_later, says={"after": "undecided"})
def a_cancel_of_which_the_answer_is_lost() -> Inputs:
    """Nobody knows whether the money went back: the trade is neither paid nor cancelled."""
    return story(pay(), then=ask(outcome="unknown"))


@family(UNKNOWN, given=DAY)
def after_an_unknown_cancel() -> Iterator[Row]:
    """The same CANCEL may be repeated until its outcome is known."""
    lost = (pay(), cancel("unknown"))
    yield Row("success", "Here: the repeat succeeds.", story(*lost, then=ask()), says={"after": "cancelled"})
    yield Row(
        "unknown",
        "Here: the repeat is lost, too.",
        story(*lost, then=ask(outcome="unknown")),
        says={"after": "undecided"},
    )
    yield Row(
        "failed",
        "Here: the repeat is refused, with a signature: the trade is paid.",
        story(*lost, then=ask(outcome="failed")),
        says={"after": "paid"},
    )
    yield Row(
        "twice",
        "Here: the second repeat succeeds.",
        story(*lost, cancel("unknown"), then=ask()),
        says={"after": "cancelled"},
    )


@question(WINDOW, UNKNOWN, given=DAY, result="invalid", says={"error": "TRADE_CANCEL_TIME_OUT"})
def an_unknown_cancel_on_the_next_day() -> Inputs:
    """The window has closed in between: the repeat comes too late, whatever became of the first."""
    return story(pay(), cancel("unknown"), then=ask("2026-11-24T12:00:00.000+08:00"))


@question(BOOKED, given=DAY, twin=two_hours_later, says={"after": "cancelled"})
def a_cancelled_trade_again() -> Inputs:
    """The trade is cancelled already: to cancel it again succeeds, and there is nothing to do."""
    return story(pay(), cancel(), then=ask())


@question(BOOKED, given=DAY, says={"after": "cancelled"})
def a_cancelled_trade_again_on_the_next_day() -> Inputs:
    """A cancelled trade has no window any more: the repeat still succeeds with nothing to do."""
    return story(pay(), cancel(), then=ask("2026-11-24T12:00:00.000+08:00"))


@question(
    WINDOW,
    given=DAY,
    twin=a_cancelled_trade_again_on_the_next_day,
    result="invalid",
    says={"error": "TRADE_CANCEL_TIME_OUT"},
)
def a_cancel_that_failed_again_on_the_next_day() -> Inputs:
    """The first cancel failed: the trade is paid, and its window has closed."""
    return story(pay(), cancel("failed"), then=ask("2026-11-24T12:00:00.000+08:00"))


@question(UNPAID, given=DAY, twin=two_hours_later, says={"after": "closed"})
def a_trade_that_the_gateway_closed() -> Inputs:
    """The gateway closed the trade: there is nothing to cancel, and that is a success."""
    return story(pay(), closed(), then=ask())


# --- trades that nobody paid ---------------------------------------------------------------------------------


@question(UNPAID, given=DAY, says={"action": "close", "after": "cancelled"})
def an_unpaid_trade() -> Inputs:
    """Nobody paid yet: the trade is closed, so that nobody pays it any more."""
    return story(expect(), then=ask())


@family(UNPAID, given=DAY, twin=an_unpaid_trade)
def an_unpaid_trade_later() -> Iterator[Row]:
    """The window counts from the payment: where there is none, none closes."""
    for at, slug, comment in (
        ("2026-11-24T00:15:00.000+08:00", "next-day", "Here: on the next day."),
        ("2026-12-23T12:00:00.000+08:00", "next-month", "Here: a month later."),
        ("2028-02-29T12:00:00.000+08:00", "years-later", "Here: on a leap day, years later."),
    ):
        yield Row(
            slug, comment, story(expect(), then=ask(at)), says={"action": "close", "after": "cancelled"}
        )


@question(UNPAID, given=DAY, says={"after": "cancelled"})
def a_trade_that_nobody_knows() -> Inputs:
    """The gateway never heard of the number: success as well, with nothing to do."""
    return story(then=ask())


@question(UNKNOWN, given=DAY, twin=an_unpaid_trade, says={"after": "undecided"})
def an_unpaid_trade_of_which_the_answer_is_lost() -> Inputs:
    """It may be closed or open: undecided."""
    return story(expect(), then=ask(outcome="unknown"))


@question(NOT_BOOKED, given=DAY, twin=an_unpaid_trade, says={"after": "waiting"})
def an_unpaid_trade_whose_cancel_fails() -> Inputs:
    """The gateway refuses: the trade still waits for its payment."""
    return story(expect(), then=ask(outcome="failed"))


@question(WINDOW, given=DAY, result="invalid", says={"error": "TRADE_CANCEL_TIME_OUT"})
def a_trade_that_was_paid_late() -> Inputs:
    """Expected on one day, paid on the next, asked for on the third: the day of the payment counts."""
    return story(expect(), pay(at="2026-11-24T10:00:00.000+08:00"), then=ask("2026-11-25T10:00:00.000+08:00"))


@question("money.cancel.same-day", given=DAY, twin=a_trade_that_was_paid_late, says={"action": "refund"})
def a_trade_that_was_paid_late_on_its_day() -> Inputs:
    """Expected on one day, paid on the next, cancelled on that: the day of the expectation does not count."""
    return story(expect(), pay(at="2026-11-24T10:00:00.000+08:00"), then=ask("2026-11-24T23:59:59.999+08:00"))


# --- trades with refunds ----------------------------------------------------------------------------------------


@question(AFTER_REFUND, given=DAY, twin=two_hours_later, result="invalid", says=_REFUNDED)
def after_a_part_was_refunded() -> Inputs:
    """A part went back already: what remains is refunded, not cancelled (open-platform analogue)."""
    return story(pay(), refund("5.00"), then=ask())


@question(AFTER_REFUND, given=DAY, twin=after_a_part_was_refunded)
def after_a_refund_that_failed() -> Inputs:
    """The refund failed: nothing went back, the cancel may be sent."""
    return story(pay(), refund("5.00", outcome="failed"), then=ask())


@question(AFTER_REFUND, given=DAY, twin=after_a_part_was_refunded, result="invalid", says=_REFUNDED)
def after_everything_was_refunded() -> Inputs:
    """Everything went back already."""
    return story(pay(), refund("12.80"), then=ask())


@question(AFTER_REFUND, given=DAY, result="invalid", says=_REFUNDED)
def beside_a_pending_refund() -> Inputs:
    """A refund was accepted and is on its way: a cancel would give its money back again."""
    return story(pay(), taken("5.00"), then=ask())


@question(AFTER_REFUND, given=DAY, twin=after_a_part_was_refunded, result="invalid", says=_REFUNDED)
def beside_an_unknown_refund() -> Inputs:
    """Nobody knows what became of a refund: it may have been carried out."""
    return story(pay(), refund("5.00", outcome="unknown"), then=ask())


@question(AFTER_REFUND, given=DAY, result="invalid", says=_REFUNDED)
def after_a_refund_on_a_later_day() -> Inputs:
    """There is a refund, and the window has closed: the refund is told."""
    return story(pay(), refund("5.00"), then=ask("2026-11-24T12:00:00.000+08:00"))


@question("money.cancel.same-day", given=DAY)
def beside_a_refund_of_another_trade() -> Inputs:
    """Another trade's refund is no obstacle."""
    return story(pay(), pay(trade="T2"), refund("5.00"), then=ask(trade="T2"))


@question(AFTER_REFUND, given=DAY, twin=beside_a_refund_of_another_trade, result="invalid", says=_REFUNDED)
def the_trade_of_the_refund() -> Inputs:
    """The trade that was refunded in part, beside another one."""
    return story(pay(), pay(trade="T2"), refund("5.00"), then=ask())


@question("money.cancel.same-day", given=DAY)
def the_later_of_two_trades() -> Inputs:
    """Each trade has a day of its own: the later one may be cancelled."""
    later = pay(trade="T2", at="2026-11-24T09:00:00.000+08:00")
    return story(pay(), later, then=ask("2026-11-24T12:00:00.000+08:00", trade="T2"))


@question(
    WINDOW, given=DAY, twin=the_later_of_two_trades, result="invalid", says={"error": "TRADE_CANCEL_TIME_OUT"}
)
def the_earlier_of_two_trades() -> Inputs:
    """The day of the earlier one is over."""
    later = pay(trade="T2", at="2026-11-24T09:00:00.000+08:00")
    return story(pay(), later, then=ask("2026-11-24T12:00:00.000+08:00"))
