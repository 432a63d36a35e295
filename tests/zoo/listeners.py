"""Animals that go wrong over notifications."""

import base64
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

from zoo.keeper import Healthy, animal, cousin

# --- reading --------------------------------------------------------------------------------------------


@animal("reads notifications as UTF-8, whatever their charset", "notify.genuine")
class NotificationsInUtf8(Healthy):
    def form_charset(self, content_type):
        return "UTF-8"


@animal("decodes the form twice", "notify.genuine")
class FormDecodedTwice(Healthy):
    def decode_value(self, data, charset):
        from urllib.parse import unquote_to_bytes

        return unquote_to_bytes(unquote_to_bytes(self.plus(data))).decode(charset)


@animal("does not read + as a blank", "notify.genuine")
class PlusStays(Healthy):
    def plus(self, data):
        return data


@animal("trims what it receives", "notify.genuine")
class TrimsReceived(Healthy):
    def received(self, pairs, query):
        return [(name, value.strip()) for name, value in pairs]


@animal("escapes what it receives for HTML, as a filter against XSS", "notify.genuine")
class FilteredInput(Healthy):
    def received(self, pairs, query):
        return [(name, value.replace("<", "&lt;").replace(">", "&gt;")) for name, value in pairs]


@animal("verifies the query of its notify URL along with the form", "notify.genuine")
class QueryVerified(Healthy):
    def received(self, pairs, query):
        return [*pairs, *parse_qsl(query or "")]


@animal("verifies the form, then believes the query over it", "notify.reject.url-override")
class QueryBelieved(Healthy):
    def used(self, pairs, query):
        return [*pairs, *parse_qsl(query or "")]


@animal("verifies the first of two equal names and believes the last", "notify.reject.duplicate")
class LastOfTwoBelieved(Healthy):
    def received(self, pairs, query):
        return list(dict(reversed(pairs)).items())


@animal("verifies the last of two equal names and believes the first", "notify.reject.duplicate")
class FirstOfTwoBelieved(Healthy):
    def received(self, pairs, query):
        return list(dict(pairs).items())

    def used(self, pairs, query):
        return reversed(pairs)


@animal("asks for application/json and reads no form", "notify.genuine")
class WantsJson(Healthy):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if "json" not in content_type:
            return {"reply": "unsupported media type", "status": "415"}
        return super().notify(body_base64, content_type, method, query, now)


@animal("raises on notifications", "notify.genuine")
class NotifyRaises(Healthy):
    def believes(self, pairs, charset):
        raise TypeError("'NoneType' object is not subscriptable")


# --- replying -------------------------------------------------------------------------------------------


@animal("replies with a newline behind success", "notify.reply.exact")
class ReplyWithNewline(Healthy):
    def yes(self):
        return {"reply": "success\n"}


@animal("replies with a byte order mark before success", "notify.genuine")
class ReplyWithBom(Healthy):
    def yes(self):
        return {"reply": {"base64": base64.b64encode(b"\xef\xbb\xbfsuccess").decode()}}


@animal("replies with a page", "notify.genuine")
class ReplyPage(Healthy):
    def yes(self):
        return {"reply": "<html><body>success</body></html>"}


@animal("replies with JSON", "notify.genuine")
class ReplyJson(Healthy):
    def yes(self):
        return {"reply": '"success"'}


@animal("replies success with status 500", "notify.genuine")
class ReplyWithStatus500(Healthy):
    def yes(self):
        return {"reply": "success", "status": "500"}


@animal(
    "replies success to everything, and books only what is genuine",
    *(f"notify.reject.{kind}" for kind in ("changed", "no-sign", "bad-sign", "other-key", "other-type", "other-hash")),
    "notify.validate.seller",
)
class AlwaysSuccess(Healthy):
    def no(self, why):
        return self.yes()


# --- validating -----------------------------------------------------------------------------------------


@animal("does not verify notifications", *(f"notify.reject.{kind}" for kind in ("changed", "no-sign", "bad-sign", "other-key", "other-type", "other-hash")))
class NotificationsUnverified(Healthy):
    def believes(self, pairs, charset):
        return True


@animal(
    "asks the gateway whether the notify_id is known, and never verifies the sign",
    *(f"notify.reject.{kind}" for kind in ("changed", "no-sign", "bad-sign", "other-key", "other-type", "other-hash")),
)
class NotifyVerifyAlone(Healthy):
    def believes(self, pairs, charset):
        return asks_notify_verify(self, pairs)


def asks_notify_verify(shop, pairs):
    query = f"service=notify_verify&partner={shop.partner()}&notify_id={dict(pairs).get('notify_id', '')}"
    return shop.transmit(None, "GET", query, "") == b"true"


@animal("does not compare the seller", "notify.validate.seller")
class SellerNotCompared(Healthy):
    def is_ours(self, news):
        return True


@animal("does not compare the amount", "notify.validate.amount")
class AmountNotCompared(Healthy):
    def same_amount(self, awaited, paid):
        return True


@animal("compares amounts without their cents", "notify.validate.amount")
class CentsNotCompared(Healthy):
    def same_amount(self, awaited, paid):
        return int(awaited) == int(paid)


@animal("accepts less than was awaited, if only it is not more", "notify.validate.amount")
class LessIsFine(Healthy):
    def same_amount(self, awaited, paid):
        return paid <= awaited


@animal("does not compare the currency", "notify.validate.currency")
class CurrencyNotCompared(Healthy):
    def same_currency(self, awaited, paid):
        return True


@animal("does without notify_id", "notify.validate.complete")
class NotifyIdNotNeeded(Healthy):
    def is_complete(self, news):
        return super().is_complete({**news, "notify_id": news.get("notify_id") or "none"})


@animal("takes every genuine notification for a payment", "notify.status.believed", "notify.validate.complete")
class EveryStatusIsPaid(Healthy):
    def means_paid(self, status):
        return True

    def is_complete(self, news):
        return super().is_complete({**news, "trade_status": "any"})


@animal("takes TRADE_PENDING for paid", "notify.status.believed")
class PendingIsPaid(Healthy):
    def means_paid(self, status):
        return status == "TRADE_PENDING" or super().means_paid(status)


@animal("does not know TRADE_FINISHED", "notify.status.believed", "notify.genuine")
class FinishedUnknown(Healthy):
    def means_paid(self, status):
        return status == "TRADE_SUCCESS"


@animal("releases the goods before the payment", "notify.status.believed")
class ReleasesEarly(Healthy):
    def releases_goods(self, trade, news, becomes):
        return trade.status == "none"


@animal("records yen in hundredths", "request.carried-out", "notify.amount.believed", "money.refund.exact")
class YenInHundredths(Healthy):
    def paid_amount(self, news):
        total, currency = super().paid_amount(news)
        return (total / Decimal(100) if currency == "JPY" else total), currency

    def written(self, amount, currency):
        return f"{amount:.2f}"


# --- acting once ----------------------------------------------------------------------------------------


@animal("releases the goods with every notification", "notify.once.fulfilled")
class ReleasesAgain(Healthy):
    def releases_goods(self, trade, news, becomes):
        return becomes == "paid"


@animal("knows a replay by its notify_id alone", "notify.once.fulfilled")
class ReplayByIdAlone(Healthy):
    def releases_goods(self, trade, news, becomes):
        return becomes == "paid" and news["notify_id"] not in trade.seen


@animal("refuses a notification that it has seen", "notify.once.acknowledged")
class RefusesReplays(Healthy):
    def acknowledges_replays(self):
        return False


@animal("lets a late success reopen a closed trade", "notify.status.forward")
class ReopensClosed(Healthy):
    def may_go(self, before, after):
        return super().may_go(before, after) or (before, after) == ("closed", "paid")


@animal("lets WAIT_BUYER_PAY take a payment back", "notify.status.forward")
class UnpaysPaid(Healthy):
    def may_go(self, before, after):
        return super().may_go(before, after) or (before, after) == ("paid", "waiting")


# --- cousins --------------------------------------------------------------------------------------------


@cousin("replies SUCCESS")
class CapitalSuccess(Healthy):
    def yes(self):
        return {"reply": "SUCCESS"}


@cousin("raises on what it does not believe")
class RaisesOnForged(Healthy):
    def no(self, why):
        raise ValueError(why)


@cousin("verifies the sign and asks the gateway about the notify_id too")
class AsksNotifyVerify(Healthy):
    def believes(self, pairs, charset):
        return super().believes(pairs, charset) and asks_notify_verify(self, pairs)


@cousin("cannot be asked about trades")
class NoTrade(Healthy):
    level = 3  # what it believes cannot be asked
    operations = [op for op in Healthy.operations if op != "trade"]


@cousin("does not know trades that are not paid")
class OnlyPaidKept(Healthy):
    def state(self, trade):
        found = super().state(trade)
        return "none" if found in ("waiting", "closed") else found


@animal("refuses news of a payment that is more than an hour old, against replays", "notify.genuine")
class RefusesOldPayments(Healthy):
    def is_complete(self, news):
        return super().is_complete(news) and self.now - self.payment_time(news) <= timedelta(hours=1)
