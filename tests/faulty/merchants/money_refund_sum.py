"""Merchants that break `money.refund.sum`: they refund more than was paid."""

from datetime import timedelta
from decimal import Decimal

from faulty.merchants.common import ManyAtOnce
from faulty.reference import Healthy, fault


@fault("does not add refunds up", "money.refund.sum")
class RefundsNotSummed(Healthy):
    def fits(self, trade, amount):
        return amount <= trade.total


@fault("refunds any amount", "money.refund.sum", "money.any-history")
class AnyAmountRefunded(Healthy):
    def fits(self, trade, amount):
        return True


@fault("refunds a cent more than the payment, to be on the safe side", "money.refund.sum")
class OneCentMore(Healthy):
    def fits(self, trade, amount):
        return self.taken(trade) + amount <= trade.total + Decimal("0.01")


@fault("does not count refunds that are pending", "money.refund.sum")
class PendingNotCounted(Healthy):
    def taken(self, trade):
        return trade.sum_of("done")


@fault("refunds a trade that it cancelled", "money.refund.sum")
class RefundAfterCancel(Healthy):
    def may_refund(self, trade):
        return True


# Level 4 (and 2), MUST: a refund is more than nothing.
@fault("refunds negative amounts, and has more to refund afterwards", "money.refund.sum", found_by="blind 1")
class RefundsLessThanNothing(Healthy):
    def amount(self, text, currency):
        return -super().amount(text[1:], currency) if text.startswith("-") else super().amount(text, currency)


# Level 4, MUST: two refunds at once may not take more than was paid.
@fault("looks what remains before it asks, and writes the refund down after the answer", "money.refund.sum", found_by="blind 1")
class LooksThenWrites(ManyAtOnce):
    def check_new_refund(self, trade, amount):
        super().check_new_refund(trade, amount)
        self.here.trade = trade

    def ask_refund(self, url, args, refund):
        trade = self.here.trade
        written = trade.refunds.pop(refund.id, None)
        try:
            return super().ask_refund(url, args, refund)
        finally:
            if written is not None:
                trade.refunds[refund.id] = written


# Level 4, MUST: all refunds of a trade count, whenever they were made.
@fault("adds up the refunds of this Beijing day alone, as its till report does", "money.refund.sum", found_by="blind 2")
class SumsTodayOnly(Healthy):
    def __init__(self):
        super().__init__()
        self.days = {}

    def check_new_refund(self, trade, amount):
        self.asked_today = [
            each for each in trade.refunds.values() if self.days.get(id(each)) == self.today()
        ]
        super().check_new_refund(trade, amount)

    def today(self):
        return self.beijing_time(self.now).date()

    def taken(self, trade):
        return sum((each.amount for each in self.asked_today if each.status != "failed"), Decimal(0))

    def ask_refund(self, url, args, refund):
        self.days[id(refund)] = self.today()
        return super().ask_refund(url, args, refund)


# Level 4, MUST: an accepted refund stays promised; Alipay tries for up to 180 days where funds are short.
@fault("gives an accepted refund up after a day without news, and its money free", "money.refund.sum", found_by="blind 2")
class AcceptedExpires(Healthy):
    def __init__(self):
        super().__init__()
        self.asked = {}

    def taken(self, trade):
        still = (
            each
            for each in trade.refunds.values()
            if each.status != "accepted" or self.now - self.asked[id(each)] <= timedelta(days=1)
        )
        return sum((each.amount for each in still if each.status != "failed"), Decimal(0))

    def ask_refund(self, url, args, refund):
        self.asked[id(refund)] = self.now
        return super().ask_refund(url, args, refund)


@fault("closes its refund account with the trade's end, and opens a new one", "money.refund.sum")
class EndForgetsRefunds(Healthy):
    def book(self, trade, news, total, currency):
        super().book(trade, news, total, currency)
        if news["trade_status"] == "TRADE_FINISHED" and not self.is_refund_news(news):
            trade.refunds = {}


@fault("gives a refund of unknown outcome up overnight, and its money free", "money.refund.sum")
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


@fault("takes the refusal of a repeat for the end of the refund", "money.refund.sum")
class RefusedRepeatIsTheEnd(Healthy):
    level = 4  # the protocol does not say it in so many words: SHOULD

    def book_refund(self, trade, refund, reply, repeated):
        super().book_refund(trade, refund, reply, repeated)
        if reply.outcome == "failed":
            refund.status = "failed"
