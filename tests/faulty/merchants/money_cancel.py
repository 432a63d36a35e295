"""Merchants that break `money.cancel.*`."""

from datetime import datetime, timedelta

from faulty.reference import BEIJING, Healthy, Refused, Reply, fault


@fault("cancels within 24 hours of the payment", "money.cancel.window", "money.cancel.window-band")
class CancelWithin24Hours(Healthy):
    def same_day(self, paid_at, now):
        return now - paid_at < timedelta(hours=24)


@fault(
    "cancels on the UTC day of the payment",
    "money.cancel.same-day", "money.cancel.window", "money.cancel.window-band",
)
class CancelByUtcDay(Healthy):
    def same_day(self, paid_at, now):
        from datetime import UTC

        return paid_at.astimezone(UTC).date() == now.astimezone(UTC).date()


@fault("takes the day from the clock on its wall", "money.cancel.same-day", "money.cancel.window")
class CancelByLocalDay(Healthy):
    def same_day(self, paid_at, now):
        return paid_at.date() == now.date()


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


@fault("cancels until a quarter past midnight", "money.cancel.window-band")
class CancelWithGrace(Healthy):
    def same_day(self, paid_at, now):
        return super().same_day(paid_at, now - timedelta(minutes=15)) or super().same_day(paid_at, now)


@fault("closes its window an hour before midnight", "money.cancel.same-day")
class CancelUntilEleven(Healthy):
    def same_day(self, paid_at, now):
        return super().same_day(paid_at, now + timedelta(hours=1))


@fault("cancels within the hour", "money.cancel.same-day")
class CancelWithinTheHour(Healthy):
    def same_day(self, paid_at, now):
        return super().same_day(paid_at, now) and now - paid_at <= timedelta(hours=1)


@fault("cancels a trade that has a refund", "money.cancel.after-refund")
class CancelAfterRefund(Healthy):
    def may_cancel_after_refunds(self, trade):
        return True


@fault("does not book its cancels", "money.cancel.booked", "money.refund.sum")
class CancelNotBooked(Healthy):
    def book_cancel(self, trade):
        trade.undecided = False


@fault("books a cancel that was refused", "money.cancel.not-booked")
class RefusedCancelBooked(Healthy):
    def when_cancel_failed(self, trade, was_undecided):
        self.book_cancel(trade)


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


@fault("books a cancel whose outcome is unknown", "money.cancel.unknown")
class UnknownCancelBooked(Healthy):
    def when_cancel_is_unknown(self, trade):
        self.book_cancel(trade)


@fault("takes a cancel whose outcome is unknown for one that was not made", "money.cancel.unknown")
class UnknownCancelForgotten(Healthy):
    def when_cancel_is_unknown(self, trade):
        pass


@fault("stays undecided for ever", "money.cancel.unknown")
class UndecidedForEver(Healthy):
    def may_cancel_now(self, trade):
        if trade.undecided:
            raise Refused("nobody knows what became of the first one")
        return super().may_cancel_now(trade)


@fault("takes a cancel that closed an unpaid trade for a failure", "money.cancel.unpaid")
class CloseIsFailed(Healthy):
    def result(self, fields, asked):
        reply = super().result(fields, asked)
        return Reply("failed") if fields.get("action") == "close" else reply


@fault("refuses the news that a trade is closed which it cancelled itself", "money.cancel.closed-notice")
class RefusesClosedNews(Healthy):
    def is_ours(self, news):
        cancelled = self.trade_of(news["out_trade_no"]).status == "cancelled"
        return super().is_ours(news) and not (cancelled and self.means_closed(news["trade_status"]))


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


# Level 4, MUST: a cancelled trade releases no goods when the news of its payment come late.
@fault("hands out goods for the late news of a payment that it has cancelled", "money.cancel.booked", found_by="blind 1")
class GoodsAfterCancel(Healthy):
    def releases_goods(self, trade, news, becomes):
        return becomes == "paid" and trade.fulfilled == 0


# Level 4, MUST: once a CANCEL is unknown, only its own end settles it; a payment notice does not.
@fault("believes a CANCEL without an end to be undone when news of the payment come", "money.cancel.unknown", found_by="blind 1")
class NewsUndoesCancel(Healthy):
    def book(self, trade, news, total, currency):
        trade.undecided = False
        super().book(trade, news, total, currency)


# Level 4 (or 2), MUST: trade_no wins over out_trade_no, so a wrong one cancels somebody else's payment.
@fault("sends with every CANCEL the trade_no that it heard last", "money.cancel.own-trade", found_by="blind 2")
class LastTradeNo(Healthy):
    heard = None

    def book(self, trade, news, total, currency):
        self.heard = news.get("trade_no") or self.heard
        super().book(trade, news, total, currency)

    def cancel_fields(self, out_trade_no, trade_no):
        return super().cancel_fields(out_trade_no, trade_no or self.heard)


# Level 4, MUST: gmt_payment alone fixes the day; the order may be older.
@fault("takes the day on which the order was made for that of the payment", "money.cancel.same-day", found_by="blind 2")
class DayOfCreation(Healthy):
    def payment_time(self, news):
        made = news.get("gmt_create") or news["gmt_payment"]
        return datetime.strptime(made, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)


# Level 4, MUST: no CANCEL after a refund, and a refund without an end may be one.
@fault("cancels a trade while the end of its refund is unknown", "money.cancel.after-refund", found_by="blind 2")
class CancelsOverUnknownRefund(Healthy):
    def may_cancel_after_refunds(self, trade):
        return trade.sum_of("accepted", "done") == 0


# Level 4, MUST: a CANCEL that was refused has changed nothing: the payment can be refunded.
@fault("never refunds a trade whose CANCEL was refused", "money.cancel.not-booked", found_by="blind 2")
class RefusedCancelLocks(Healthy):
    def __init__(self):
        super().__init__()
        self.locked = set()

    def when_cancel_failed(self, trade, was_undecided):
        super().when_cancel_failed(trade, was_undecided)
        self.locked.add(trade.number)

    def may_refund(self, trade):
        return super().may_refund(trade) and trade.number not in self.locked


@fault("takes the end of a trade for its payment, and cancels on that day", "money.cancel.window")
class DayOfTheEnd(Healthy):
    def book(self, trade, news, total, currency):
        known = trade.paid_at is not None
        super().book(trade, news, total, currency)
        if known and news["trade_status"] == "TRADE_FINISHED":
            trade.paid_at = self.now


@fault("takes the refusal of a repeated cancel for news that nothing was cancelled", "money.cancel.unknown")
class RefusedRepeatUndoes(Healthy):
    level = 4  # the protocol does not say it in so many words: SHOULD

    def when_cancel_failed(self, trade, was_undecided):
        trade.undecided = False
