"""Merchants that break `money.cancel.*`."""

from datetime import datetime, timedelta

from faulty.reference import BEIJING, Healthy, Refused, Reply, fault, harmless


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


@fault("takes the refusal of a repeated cancel for news that nothing was cancelled", "money.cancel.unknown")
class RefusedRepeatUndoes(Healthy):
    level = 4  # the protocol does not say it in so many words: SHOULD

    def when_cancel_failed(self, trade, was_undecided):
        trade.undecided = False


@fault("counts what was paid before three in the morning for the evening before, as its till does", "money.cancel.same-day")
class NightBelongsToTheEvening(Healthy):
    def same_day(self, paid_at, now):
        shop = [self.beijing_time(each) - timedelta(hours=3) for each in (paid_at, now)]
        return shop[0].date() == shop[1].date() and super().same_day(paid_at, now)


@fault("says that a cancel of an order that waits for its payment failed, without asking", "money.cancel.unpaid")
class WaitingNotCancelled(Healthy):
    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        if out_trade_no in self.trades and self.trades[out_trade_no].status == "waiting":
            return {"outcome": "failed"}
        return super().cancel(out_trade_no, trade_no, gateway_url, now)


@fault("forgets the doubt of a cancel when the next one of another trade succeeds", "money.cancel.unknown")
class DoubtOfTheLast(Healthy):
    def book_cancel(self, trade):
        super().book_cancel(trade)
        for each in self.trades.values():
            each.undecided = False


@fault("forgets at a restart which cancels are in doubt", "money.cancel.unknown", found_by="blind")
class RestartForgetsDoubt(Healthy):
    def configure(self, **settings):
        for trade in self.trades.values():
            trade.undecided = False
        return super().configure(**settings)


@harmless("goes through its cancels in doubt at a restart, and keeps the doubt", found_by="blind")
class RestartKeepsDoubt(Healthy):
    def configure(self, **settings):
        for trade in self.trades.values():
            trade.undecided = trade.undecided and trade.status != "cancelled"
        return super().configure(**settings)


@fault("takes the refusal of a repeated cancel for news that the first one was carried out", "money.cancel.not-booked",
       found_by="blind")
class RefusedRepeatIsProof(Healthy):
    def when_cancel_failed(self, trade, was_undecided):
        if was_undecided:
            self.book_cancel(trade)


@harmless("counts the refusals of a repeated cancel, and stays in doubt", found_by="blind")
class RefusedRepeatIsCounted(Healthy):
    refusals = 0

    def when_cancel_failed(self, trade, was_undecided):
        self.refusals += was_undecided
        super().when_cancel_failed(trade, was_undecided)
