"""How the reference merchant takes notifications, in ways that the pages leave open."""

from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from alipay_qr_conformance import Refused
from harmless.base import BEIJING, Healthy, harmless


@harmless()
class ShoutsSuccess(Healthy):
    """Replies SUCCESS (docs: one page says SUCCESS, another success)."""

    def yes(self):
        return {"reply": "SUCCESS"}


@harmless()
class SaysWhy(Healthy):
    """Replies what is wrong with a forged notification (anything but success is no acknowledgement)."""

    def no(self, why):
        return {"reply": why, "status": "400"}


@harmless()
class Unauthorized(Healthy):
    """Replies with status 401 and nothing to a forged notification (no page asks for 200 then)."""

    def no(self, why):
        return {"reply": "", "status": "401"}


@harmless()
class KnowsByTradeAndStatus(Healthy):
    """Knows a repeat by its trade and status (repeats bear a new notify_time; another status another id)."""

    def is_replay(self, trade, news):
        return news["trade_status"] in trade.seen

    def book(self, trade, news, total, currency):
        super().book(trade, news, total, currency)
        trade.seen.add(news["trade_status"])


@harmless()
class SkipsRepeats(Healthy):
    """Acknowledges a repeat without booking anything (notification page: act once)."""

    def book(self, trade, news, total, currency):
        if not self.is_replay(trade, news):
            super().book(trade, news, total, currency)


@harmless()
class NeedsItsType(Healthy):
    """Needs notify_type trade_status_sync (notification page: always there)."""

    def is_complete(self, news):
        return super().is_complete(news) and news.get("notify_type") == "trade_status_sync"


@harmless()
class NeedsItsTime(Healthy):
    """Needs a notify_time that can be read (notification page: always there)."""

    def is_complete(self, news):
        try:
            datetime.strptime(news.get("notify_time", ""), "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
        except ValueError:
            return False
        return super().is_complete(news)


@harmless()
class RefusesOldRepeats(Healthy):
    """Refuses what was written more than 25 hours ago (the last repeat comes then)."""

    def is_complete(self, news):
        written = datetime.strptime(news["notify_time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
        return super().is_complete(news) and self.now - written <= timedelta(hours=25)


@harmless()
class IgnoresClosed(Healthy):
    """Books only payments and refunds: others are no trade (adapter protocol: none is no record)."""

    def book(self, trade, news, total, currency):
        if news["trade_status"] in ("TRADE_SUCCESS", "TRADE_FINISHED") or trade.total is not None:
            super().book(trade, news, total, currency)


@harmless()
class TakesEitherCurrency(Healthy):
    """Takes the currency from trans_currency or from currency (forex notifications bear this)."""

    def paid_amount(self, news):
        currency = news.get("trans_currency") or news.get("currency") or "CNY"
        return self.amount(news["total_fee"], currency), currency


@harmless()
class SecondsOfNotifyTime(Healthy):
    """Takes notify_time as payment time where gmt_payment is absent (no other time is there)."""

    def payment_time(self, news):
        return super().payment_time({"gmt_payment": news.get("gmt_payment") or news["notify_time"]})


@harmless()
class ReadsByParseQsl(Healthy):
    """Reads the form with a parser of its language, strictly (WHATWG URL, form-urlencoded)."""

    def read_form(self, body, charset):
        try:
            return parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding=charset, errors="strict")
        except ValueError:
            raise Refused("no form") from None


@harmless()
class CharsetOfItsAccount(Healthy):
    """Reads each notification in the charset of its own requests (signing page: the merchant's charset)."""

    def form_charset(self, content_type):
        return self.settings["charset"]


@harmless()
class PostOnly(Healthy):
    """Takes notifications by POST alone, and ignores the query of its URL (notification page: POST)."""

    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if method != "POST":
            return self.no("by POST alone")
        return super().notify(body_base64, content_type, method, None, now)
