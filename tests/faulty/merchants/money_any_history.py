"""Merchants that break `money.any-history`: forgeries are believed after a history that no single state tells."""

from faulty.merchants.common import ANY_FORGERY, TrustsAfter
from faulty.reference import Healthy, fault, harmless


@fault("cancels at any time", "money.any-history", "money.cancel.window", "money.cancel.window-band")
class CancelAtAnyTime(Healthy):
    def may_cancel_now(self, trade):
        return True


@fault("verifies no news of a trade with a refund that the gateway refused", "money.any-history", "notify.reject.changed")
class TrustsAfterRefusal(TrustsAfter):
    def trusts(self, trade):
        return any(each.status == "failed" for each in trade.refunds.values())


@fault("verifies no news of an order that was announced again after it was paid", "money.any-history", "notify.reject.changed")
class TrustsTheAnnouncedAgain(TrustsAfter):
    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None):
        paid = out_trade_no in self.trades and self.trades[out_trade_no].paid_at is not None
        told = super().expect(total_fee, currency, out_trade_no, qrcode)
        self.trades[out_trade_no].again = paid
        return told

    def trusts(self, trade):
        return getattr(trade, "again", False)


@fault("verifies no news of a trade that it refunded before its last restart", "money.any-history", "notify.reject.changed")
class TrustsItsDatabase(TrustsAfter):
    def configure(self, **settings):
        for trade in self.trades.values():
            trade.loaded = bool(trade.refunds)
        return super().configure(**settings)

    def trusts(self, trade):
        return getattr(trade, "loaded", False)


@fault("verifies no news of a trade whose cancel was in doubt and is settled", "money.any-history", "notify.reject.changed")
class TrustsTheSettled(TrustsAfter):
    def when_cancel_is_unknown(self, trade):
        super().when_cancel_is_unknown(trade)
        trade.doubted = True

    def trusts(self, trade):
        return getattr(trade, "doubted", False) and not trade.undecided


@fault("verifies no news of a trade whose refund succeeded at the second attempt", "money.any-history", "notify.reject.changed")
class TrustsTheSecondAttempt(TrustsAfter):
    def book_refund(self, trade, refund, reply, repeated):
        super().book_refund(trade, refund, reply, repeated)
        trade.repaired = repeated and refund.status == "done"

    def trusts(self, trade):
        return getattr(trade, "repaired", False)


@fault("verifies no news of a trade that was paid a day ago and refunded since", "money.any-history",
       *ANY_FORGERY)
class TrustsTheDayAfter(TrustsAfter):
    def trusts(self, trade):
        old = trade.paid_at is not None and not self.same_day(trade.paid_at, self.now)
        return old and bool(trade.refunds)


@fault("verifies no news of a trade that was notified rightly before, twice", "money.any-history", "notify.reject.changed")
class TrustsTheRepeated(TrustsAfter):
    def book(self, trade, news, total, currency):
        trade.told = getattr(trade, "told", 0) + 1
        super().book(trade, news, total, currency)

    def trusts(self, trade):
        return getattr(trade, "told", 0) > 1


@fault("verifies no news of a trade that it refunded under a long id", "money.any-history", "notify.reject.changed")
class TrustsLongIds(TrustsAfter):
    def trusts(self, trade):
        return any(len(each) > 32 for each in trade.refunds)


@harmless("counts forged news of a trade, and says fail ever longer")
class CountsForgeries(Healthy):
    def no(self, why):
        self.refused_news = getattr(self, "refused_news", 0) + 1
        return {"reply": "fail" + "." * min(self.refused_news, 9)}
