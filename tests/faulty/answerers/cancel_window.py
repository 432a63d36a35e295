"""Implementations that are wrong about cancels."""

from oracles.moments import DAY, HOUR, MINUTE
from oracles.trades import CLOCK, RefusedError
from faulty.answerers.registry import fault
from faulty.answerers.trade import PaidTrade


# --- cancels: the window ---------------------------------------------------------------------------------


@fault("cancels at any time")
class WindowNeverCloses(PaidTrade):
    def is_open(self, trade, now):
        return True


@fault("cancels within 24 hours of the payment, whatever the rule")
class WindowOf24Hours(PaidTrade):
    def is_open(self, trade, now):
        return now - trade["paid_at"] < DAY


@fault("cancels within the hour")
class WindowOfAnHour(PaidTrade):
    def is_open(self, trade, now):
        return now - trade["paid_at"] <= HOUR


@fault("cancels on the UTC day of the payment")
class WindowOfTheUtcDay(PaidTrade):
    def ahead(self):
        return 0


@fault("cancels on the New York day of the payment")
class WindowOfTheNewYorkDay(PaidTrade):
    def ahead(self):
        return -5 * HOUR


@fault("cancels on the Tokyo day of the payment")
class WindowOfTheTokyoDay(PaidTrade):
    def ahead(self):
        return 9 * HOUR


@fault("takes the day from the date that the clock shows")
class WindowAsWritten(PaidTrade):
    def cancel(self, event):
        self.shown = event["at"][:10]
        super().cancel(event)

    def is_open(self, trade, now):
        return self.day(trade["paid_at"]) == self.shown


@fault("cancels on the same day of any month")
class WindowOfTheDayOfTheMonth(PaidTrade):
    def is_open(self, trade, now):
        return self.day(trade["paid_at"])[8:] == self.day(now)[8:]


@fault("cancels on the same date of any year")
class WindowOfTheDayOfTheYear(PaidTrade):
    def is_open(self, trade, now):
        return self.day(trade["paid_at"])[5:] == self.day(now)[5:]


@fault("closes its window an hour before midnight")
class WindowAnHourShort(PaidTrade):
    def is_open(self, trade, now):
        return now < self.closes(trade["paid_at"]) - HOUR


@fault("closes its window a millisecond early")
class WindowAMillisecondShort(PaidTrade):
    def is_open(self, trade, now):
        return now < self.closes(trade["paid_at"]) - 1


@fault("keeps its window open for a quarter of an hour longer than any document")
class WindowAQuarterLonger(PaidTrade):
    def is_open(self, trade, now):
        return now <= self.closes(trade["paid_at"]) + (0 if self.window == "24-hours" else 15 * MINUTE)


@fault("keeps its window open for an hour longer")
class WindowAnHourLonger(PaidTrade):
    def is_open(self, trade, now):
        return now < self.closes(trade["paid_at"]) + HOUR


@fault("counts the window from midnight, not from the payment")
class WindowOfTwoDays(PaidTrade):
    def is_open(self, trade, now):
        return now < self.closes(trade["paid_at"]) + DAY


@fault("takes the day on which the trade was expected for that of the payment")
class WindowOfTheExpectation(PaidTrade):
    def expected(self, event):
        first = self.trade(event["out_trade_no"]).get("expected_at")
        super().expected(event)["expected_at"] = CLOCK.instant(event["at"]) if first is None else first

    def is_open(self, trade, now):
        return now < self.closes(trade["expected_at"])


@fault("takes the last payment for the payment of every trade")
class WindowOfTheLastPayment(PaidTrade):
    def is_open(self, trade, now):
        return now < self.closes(max(each["paid_at"] or 0 for each in self.trades.values()))


@fault("takes the first payment for the payment of every trade")
class WindowOfTheFirstPayment(PaidTrade):
    def is_open(self, trade, now):
        return now < self.closes(min(each["paid_at"] for each in self.trades.values() if each["paid_at"]))


@fault("lets the window of an unpaid trade close with the day")
class WindowOfTheUnpaid(PaidTrade):
    def cancel(self, event):
        if self.trade(event["out_trade_no"])["status"] == "waiting" and "2026-11-23" not in event["at"]:
            raise RefusedError("TRADE_CANCEL_TIME_OUT")
        super().cancel(event)


@fault("lets the window close for what is cancelled already")
class WindowOfTheCancelled(PaidTrade):
    def cancel(self, event):
        trade = self.trade(event["out_trade_no"])
        if trade["paid_at"] is not None and not self.is_open(trade, CLOCK.instant(event["at"])):
            raise RefusedError("TRADE_CANCEL_TIME_OUT")
        super().cancel(event)


# --- cancels: the trade ----------------------------------------------------------------------------------


@fault("cancels a trade that has a refund")
class CancelAfterRefund(PaidTrade):
    def has_refund(self, trade):
        return False


@fault("cancels a trade whose refund is not done yet")
class CancelBesidePending(PaidTrade):
    def has_refund(self, trade):
        return self.sum_of(trade, "done") > 0


@fault("cancels no trade once anything was refunded")
class CancelNothingAfterAnyRefund(PaidTrade):
    def has_refund(self, trade):
        return any(each["refunds"] for each in self.trades.values())


@fault("cancels no trade of which a refund was tried")
class CancelNotAfterFailed(PaidTrade):
    def book(self, trade, known, units, event):
        super().book(trade, known, units, event)
        trade["tried"] = True

    def has_refund(self, trade):
        return trade.get("tried", False)


@fault("cancels what was paid, nothing else")
class CancelPaidOnly(PaidTrade):
    def cancel(self, event):
        if self.trade(event["out_trade_no"])["status"] != "paid":
            raise RefusedError("TRADE_STATUS_ERROR")
        super().cancel(event)


@fault("takes a cancel with nothing to do for a refund")
class CancelAlwaysRefunds(PaidTrade):
    def action(self, trade):
        return "refund"


@fault("takes every cancel for the close of an unpaid trade")
class CancelAlwaysCloses(PaidTrade):
    def action(self, trade):
        return "close"


@fault("books every cancel that it has sent")
class CancelSentIsBooked(PaidTrade):
    def book_cancel(self, trade, outcome):
        super().book_cancel(trade, "success")


@fault("does not book its cancels")
class CancelNotBooked(PaidTrade):
    def book_cancel(self, trade, outcome):
        super().book_cancel(trade, outcome if outcome == "unknown" else "failed")


@fault("takes an unknown cancel for one that was not made")
class CancelUnknownIsFailed(PaidTrade):
    def book_cancel(self, trade, outcome):
        super().book_cancel(trade, "failed" if outcome == "unknown" else outcome)


@fault("takes a failed cancel for an unknown one")
class CancelFailedIsUnknown(PaidTrade):
    def book_cancel(self, trade, outcome):
        super().book_cancel(trade, "unknown" if outcome == "failed" else outcome)


@fault("stays undecided for ever")
class CancelUndecidedForEver(PaidTrade):
    def book_cancel(self, trade, outcome):
        super().book_cancel(trade, "unknown" if trade["undecided"] else outcome)


@fault("calls a cancelled trade closed")
class CancelledIsClosed(PaidTrade):
    def state(self, trade):
        found = super().state(trade)
        return "closed" if found == "cancelled" else found


@fault("calls a cancelled trade refunded")
class CancelledIsRefunded(PaidTrade):
    def state(self, trade):
        found = super().state(trade)
        return "refunded" if found == "cancelled" else found


@fault("forgets that the gateway closed a trade")
class ClosedNotHeard(PaidTrade):
    def closed(self, event):
        pass
