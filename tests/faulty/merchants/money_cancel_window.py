"""Merchants that break `money.cancel.window`: they cancel after the Beijing day of the payment."""

from datetime import datetime, timedelta

from faulty.reference import BEIJING, Healthy, fault


@fault("cancels within 24 hours of the payment", "money.cancel.window", "money.cancel.window-band")
class CancelWithin24Hours(Healthy):
    def same_day(self, paid_at, now):
        return now - paid_at < timedelta(hours=24)


@fault("compares the day of the month alone", "money.cancel.window")
class CancelByDayOfMonth(Healthy):
    def same_day(self, paid_at, now):
        return self.beijing_time(paid_at).day == self.beijing_time(now).day


@fault("compares month and day, not the year", "money.cancel.window")
class CancelByDayOfYear(Healthy):
    def same_day(self, paid_at, now):
        return self.beijing_time(paid_at).strftime("%m%d") == self.beijing_time(now).strftime("%m%d")


@fault("takes the day on which the notification arrived for the day of the payment", "money.cancel.window")
class CancelByArrival(Healthy):
    def payment_time(self, news):
        return self.now


@fault(
    "cancels at any time, and books it before it asks",
    "money.cancel.window", "money.cancel.window-band", "money.cancel.not-booked", "money.cancel.unknown",
)
class CancelBookedFirst(Healthy):
    def may_cancel_now(self, trade):
        return True

    def when_cancel_is_unknown(self, trade):
        self.book_cancel(trade)

    def when_cancel_failed(self, trade, was_undecided):
        self.book_cancel(trade)


# Level 4, MUST: gmt_payment alone fixes the day; the notification may come after midnight.
@fault("takes the day of the notification for the day of the payment", "money.cancel.window", found_by="blind 1")
class DayOfTheNotification(Healthy):
    def payment_time(self, news):
        return datetime.strptime(news["notify_time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)


# Level 4, MUST: CANCEL only on the day of the payment, not on the same day of another month.
@fault("compares the day of the month, and neither month nor year", "money.cancel.window", found_by="blind 1")
class DayOfTheMonth(Healthy):
    def same_day(self, paid_at, now):
        return self.beijing_time(paid_at).day == self.beijing_time(now).day


@fault("takes the end of a trade for its payment, and cancels on that day", "money.cancel.window")
class DayOfTheEnd(Healthy):
    def book(self, trade, news, total, currency):
        known = trade.paid_at is not None
        super().book(trade, news, total, currency)
        if known and news["trade_status"] == "TRADE_FINISHED":
            trade.paid_at = self.now


@fault("cancels on any day what has finished", "money.cancel.window")
class CancelsTheFinished(Healthy):
    def book(self, trade, news, total, currency):
        super().book(trade, news, total, currency)
        trade.finished = news.get("trade_status") == "TRADE_FINISHED"

    def may_cancel_now(self, trade):
        return getattr(trade, "finished", False) or super().may_cancel_now(trade)


@fault("cancels on the first of a month what was paid on the last of the one before", "money.cancel.window", "money.cancel.window-band")
class CancelsOverTheUltimo(Healthy):
    def same_day(self, paid_at, now):
        days = [self.beijing_time(each).date() for each in (paid_at, now)]
        return days[0] == days[1] or (days[1].day == 1 and days[1] - days[0] == timedelta(days=1))


@fault("cancels payments of five figures on any day, for they matter", "money.cancel.window", "money.cancel.window-band")
class CancelsLargePayments(Healthy):
    def may_cancel_now(self, trade):
        return (trade.total or 0) >= 10000 or super().may_cancel_now(trade)


@fault("takes the day of Tokyo for payments in yen", "money.cancel.window", "money.cancel.same-day", "money.cancel.window-band")
class DayOfTokyoForYen(Healthy):
    def may_cancel_now(self, trade):
        if trade.currency != "JPY" or trade.paid_at is None:
            return super().may_cancel_now(trade)
        return self.same_day(trade.paid_at + timedelta(hours=1), self.now + timedelta(hours=1))


@fault("holds one time of payment for all trades, that of the last", "money.cancel.window", "money.cancel.window-band")
class OneTimeForAll(Healthy):
    last = None

    def book(self, trade, news, total, currency):
        new = trade.paid_at is None
        super().book(trade, news, total, currency)
        if new and trade.paid_at is not None:
            self.last = trade.paid_at

    def may_cancel_now(self, trade):
        return trade.paid_at is None or self.same_day(self.last, self.now)


@fault("cancels a day longer from March to December of a leap year", "money.cancel.window", "money.cancel.window-band")
class LeapDaysAdded(Healthy):
    def same_day(self, paid_at, now):
        days = [self.beijing_time(each).date() for each in (paid_at, now)]
        leap = days[0].year % 4 == 0 and days[0].month > 2
        return days[0] == days[1] or (leap and days[1] - days[0] == timedelta(days=1))


@fault("takes each repeat of the payment for its time, and cancels on that day", "money.cancel.window", "money.cancel.window-band")
class RepeatMovesThePayment(Healthy):
    def book(self, trade, news, total, currency):
        known = trade.paid_at is not None
        super().book(trade, news, total, currency)
        if known and news["trade_status"] == "TRADE_SUCCESS" and not self.is_refund_news(news):
            trade.paid_at = self.now


# Two faults in one: the first must not hide the second.
@fault("dates a CANCEL with slashes, and cancels on any day", "money.cancel.window", "money.cancel.window-band", "request.cancel.timestamp")
class SlashedDateHidesWindow(Healthy):
    def cancel_fields(self, out_trade_no, trade_no):
        found = super().cancel_fields(out_trade_no, trade_no)
        return {**found, "timestamp": found["timestamp"].replace("-", "/")}

    def may_cancel_now(self, trade):
        return True


@fault("takes the same day of the week for the same day", "money.cancel.window", found_by="blind")
class SameWeekday(Healthy):
    def same_day(self, paid_at, now):
        return self.beijing_time(paid_at).weekday() == self.beijing_time(now).weekday()


@fault("looks a payment's day up by its own number alone, and lets every CANCEL pass that names Alipay's", "money.cancel.window", "money.cancel.window-band")
class NumberOfAlipayPasses(Healthy):
    named = None

    def cancel(self, out_trade_no, trade_no=None, **more):
        self.named = trade_no
        return super().cancel(out_trade_no, trade_no, **more)

    def may_cancel_now(self, trade):
        return bool(self.named) or super().may_cancel_now(trade)
