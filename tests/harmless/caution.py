"""What the reference merchant does not believe, and does not do while it is in doubt."""

from alipay_qr_conformance import Refused
from harmless.base import QUERY, Healthy, Reply, harmless


@harmless()
class UnsignedIsUnknown(Healthy):
    """Takes an unsigned gateway error as unknown (an unsigned word proves nothing)."""

    def gateway_error(self, code):
        return Reply("unknown", self.report_code(code))


@harmless()
class OnlySystemErrorIsUnknown(Healthy):
    """Takes only SYSTEM_ERROR and UNKNOWN as unknown (the switching errors are not established)."""

    def in_doubt(self, code):
        return code in ("SYSTEM_ERROR", "SYSTEM_EXCEPTION", "UNKNOW", "UNKNOWN")


@harmless()
class RetryFlagIsUnknown(Healthy):
    """Takes a failed CANCEL with retry_flag=Y as unknown (CANCEL page: a retriable error)."""

    def result(self, fields, asked):
        reply = super().result(fields, asked)
        if reply.outcome == "failed" and fields.get("retry_flag") == "Y":
            reply.outcome = "unknown"
        return reply


@harmless(refund_while_undecided="refuse")
class NothingWhileUndecided(Healthy):
    """Refunds and cancels nothing anew while a CANCEL is undecided, but repeats it (Cancel Flow 4)."""

    def may_refund(self, trade):
        return super().may_refund(trade) and not trade.undecided


@harmless()
class WaitsForStatement(Healthy):
    """Declines every new refund of a trade for which one has no end (its statement decides it)."""

    def check_new_refund(self, trade, amount):
        if trade.sum_of("unknown"):
            raise Refused("the statement of tomorrow decides")
        super().check_new_refund(trade, amount)


@harmless(unknown_refund="blocks")
class WaitsForAccepted(Healthy):
    """Declines a new refund while an accepted one is on its way (Refund Flow 3: the sum must hold)."""

    def check_new_refund(self, trade, amount):
        if trade.sum_of("unknown", "accepted"):
            raise Refused("another refund is on its way")
        super().check_new_refund(trade, amount)


@harmless(unknown_trade_refund="refuse", unknown_trade_cancel="refuse")
class KnownTradesOnly(Healthy):
    """Touches only trades that it knows, and declares it (Refund Flow: of what was paid)."""

    def may_cancel_now(self, trade):
        return trade.status != "none" and super().may_cancel_now(trade)

    def check_new_refund(self, trade, amount):
        if trade.total is None:
            raise Refused("this trade is not known here")
        super().check_new_refund(trade, amount)


@harmless()
class SettlesByQuery(Healthy):
    """Settles an undecided CANCEL by a query when it is asked again (error handling page)."""

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        trade = self.trade_of(out_trade_no)
        if trade.undecided and trade.status != "cancelled":
            reply = self.ask(gateway_url, QUERY, {"partner_trans_id": out_trade_no})
            if reply.fields.get("alipay_trans_status") == "TRADE_CLOSED":
                self.book_cancel(trade)
                return {"outcome": "success", "via": "cancel"}
        return super().cancel(out_trade_no, trade_no, gateway_url, now)


@harmless()
class PendingIsNews(Healthy):
    """Does not book what is neither paid nor closed (trade status page: WAIT_BUYER_PAY, TRADE_PENDING)."""

    def book(self, trade, news, total, currency):
        if news["trade_status"] in ("TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED"):
            super().book(trade, news, total, currency)


@harmless()
class CancelsOnce(Healthy):
    """Answers the cancel of a trade that it has cancelled from its books (Cancel Flow 4)."""

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        if self.trade_of(out_trade_no).status == "cancelled":
            return {"outcome": "success", "via": "cancel"}
        return super().cancel(out_trade_no, trade_no, gateway_url, now)


@harmless()
class DeclinesClosed(Healthy):
    """Declines to cancel a trade that is closed at Alipay already (trade status page: nothing is left)."""

    def may_cancel_now(self, trade):
        return trade.status != "closed" and super().may_cancel_now(trade)


@harmless()
class RefundsAsynchronously(Healthy):
    """Counts no refund as done before its notification, unless is_sync=Y (REFUND page: an acceptance)."""

    def moves_at_once(self, sync):
        return sync == "Y"


@harmless()
class LeavesPortalRefunds(Healthy):
    """Acknowledges a refund that it did not ask for, and leaves it to a clerk (no page says who books it)."""

    def book(self, trade, news, total, currency):
        if self.is_refund_news(news) and news.get("out_biz_no") not in trade.refunds:
            return
        super().book(trade, news, total, currency)


@harmless()
class NeedsTimesInOrder(Healthy):
    """Refuses news whose times are not in order: made, paid, told (notification page: what they mean)."""

    def is_complete(self, news):
        times = [news[name] for name in ("gmt_create", "gmt_payment", "notify_time") if news.get(name)]
        return super().is_complete(news) and times == sorted(times)
