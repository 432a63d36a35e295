"""Animals that were right at first: later news, a later day or a refused repeat turn them."""

from datetime import timedelta
from decimal import Decimal

from zoo.keeper import Healthy, animal


@animal("rounds the seconds of its timestamp, up to 60", "request.create.timestamp")
class RoundsSeconds(Healthy):
    def timestamp(self):
        moment = self.beijing_time(self.now)
        seconds = round(moment.second + moment.microsecond / 1_000_000)
        return f"{moment:%Y-%m-%d %H:%M}:{seconds:02d}"


@animal("takes no payment for one that was pending before", "notify.status.believed")
class PendingForEver(Healthy):
    def __init__(self):
        super().__init__()
        self.pending = set()

    def book(self, trade, news, total, currency):
        if news["trade_status"] == "TRADE_PENDING":
            self.pending.add(trade.number)
        if news["trade_status"] != "TRADE_SUCCESS" or trade.number not in self.pending:
            super().book(trade, news, total, currency)


@animal("books as paid what was ordered", "notify.amount.believed")
class BooksTheOrder(Healthy):
    def __init__(self):
        super().__init__()
        self.ordered = {}

    def book(self, trade, news, total, currency):
        super().book(trade, news, self.ordered.setdefault(trade.number, total), currency)


@animal("remembers for a day what it released", "notify.once.fulfilled")
class RemembersForADay(Healthy):
    def __init__(self):
        super().__init__()
        self.released = {}

    def releases_goods(self, trade, news, becomes):
        last = self.released.get(trade.number)
        forgotten = last is not None and self.now - last > timedelta(days=1)
        releases = becomes == "paid" and forgotten or super().releases_goods(trade, news, becomes)
        if releases:
            self.released[trade.number] = self.now
        return releases


@animal("takes the end of a trade for its payment, and cancels on that day", "money.cancel.window")
class DayOfTheEnd(Healthy):
    def book(self, trade, news, total, currency):
        known = trade.paid_at is not None
        super().book(trade, news, total, currency)
        if known and news["trade_status"] == "TRADE_FINISHED":
            trade.paid_at = self.now


@animal("closes its refund account with the trade's end, and opens a new one", "money.refund.sum")
class EndForgetsRefunds(Healthy):
    def book(self, trade, news, total, currency):
        super().book(trade, news, total, currency)
        if news["trade_status"] == "TRADE_FINISHED" and not self.is_refund_news(news):
            trade.refunds = {}


@animal("gives a refund of unknown outcome up overnight, and its money free", "money.refund.sum")
class UnknownExpires(Healthy):
    def __init__(self):
        super().__init__()
        self.asked = {}

    def taken(self, trade):
        kept = (
            each
            for each in trade.refunds.values()
            if each.status != "unknown" or self.same_day(self.asked[each.id], self.now)
        )
        return sum((each.amount for each in kept if each.status != "failed"), Decimal(0))

    def ask_refund(self, url, args, refund):
        self.asked.setdefault(refund.id, self.now)
        return super().ask_refund(url, args, refund)


@animal("takes the refusal of a repeat for the end of the refund", "money.refund.sum")
class RefusedRepeatIsTheEnd(Healthy):
    level = 4  # the protocol does not say it in so many words: SHOULD

    def book_refund(self, trade, refund, reply, repeated):
        super().book_refund(trade, refund, reply, repeated)
        if reply.outcome == "failed":
            refund.status = "failed"


@animal("takes a refund without is_sync for one that is done at once", "money.refund.asynchronous")
class DoneByDefault(Healthy):
    def refund(self, is_sync=None, **args):
        told = super().refund(is_sync=is_sync, **args)
        if is_sync is None and told["outcome"] == "accepted":
            self.trade_of(args["partner_trans_id"]).refunds[args["partner_refund_id"]].status = "done"
            return {"outcome": "success"}
        return told


@animal("takes the refusal of a repeated cancel for news that nothing was cancelled", "money.cancel.unknown")
class RefusedRepeatUndoes(Healthy):
    level = 4  # the protocol does not say it in so many words: SHOULD

    def when_cancel_failed(self, trade, was_undecided):
        trade.undecided = False
