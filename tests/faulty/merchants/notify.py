"""Merchants that break `notify.*`, and harmless variants of receiving."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

from faulty.merchants.common import SecondDoor, asks_notify_verify
from faulty.reference import BEIJING, Healthy, fault, harmless


@fault("replies with a newline behind success", "notify.reply.exact")
class ReplyWithNewline(Healthy):
    def yes(self):
        return {"reply": "success\n"}


@fault("takes every genuine notification for a payment", "notify.status.believed", "notify.validate.complete")
class EveryStatusIsPaid(Healthy):
    def means_paid(self, status):
        return True

    def is_complete(self, news):
        return super().is_complete({**news, "trade_status": "any"})


@fault("takes TRADE_PENDING for paid", "notify.status.believed")
class PendingIsPaid(Healthy):
    def means_paid(self, status):
        return status == "TRADE_PENDING" or super().means_paid(status)


@fault("does not know TRADE_FINISHED", "notify.status.believed")
class FinishedUnknown(Healthy):
    def means_paid(self, status):
        return status == "TRADE_SUCCESS"


@fault("releases the goods before the payment", "notify.status.believed")
class ReleasesEarly(Healthy):
    def releases_goods(self, trade, news, becomes):
        return trade.status == "none"


@fault("lets a late success reopen a closed trade", "notify.status.forward")
class ReopensClosed(Healthy):
    def may_go(self, before, after):
        return super().may_go(before, after) or (before, after) == ("closed", "paid")


@fault("lets WAIT_BUYER_PAY take a payment back", "notify.status.forward")
class UnpaysPaid(Healthy):
    def may_go(self, before, after):
        return super().may_go(before, after) or (before, after) == ("paid", "waiting")


@harmless("replies SUCCESS")
class CapitalSuccess(Healthy):
    def yes(self):
        return {"reply": "SUCCESS"}


@harmless("raises on what it does not believe")
class RaisesOnForged(Healthy):
    def no(self, why):
        raise ValueError(why)


@harmless("verifies the sign and asks the gateway about the notify_id too")
class AsksNotifyVerify(Healthy):
    def believes(self, pairs, charset):
        return super().believes(pairs, charset) and asks_notify_verify(self, pairs)


@harmless("cannot be asked about trades")
class NoTrade(Healthy):
    level = 3  # what it believes cannot be asked
    operations = [op for op in Healthy.operations if op != "trade"]


@harmless("does not know trades that are not paid")
class OnlyPaidKept(Healthy):
    def state(self, trade):
        found = super().state(trade)
        return "none" if found in ("waiting", "closed") else found


BUT_AMOUNT = tuple(name for name in Healthy.never_inside if name != "total_fee")


@fault("does not look for a parameter that hides in the value before it", "notify.boundary")
class BoundaryNotWatched(Healthy):
    def hides_a_parameter(self, news):
        return False


@fault("takes a payment without total_fee for the awaited amount", "notify.boundary", "notify.validate.amount")
class AmountTakenAsAwaited(Healthy):
    never_inside = BUT_AMOUNT

    def is_complete(self, news):
        return super().is_complete({"total_fee": "-", **news})

    def paid_amount(self, news):
        if "total_fee" in news:
            return super().paid_amount(news)
        awaited = self.trade_of(news["out_trade_no"]).awaited
        return awaited or (Decimal(0), news.get("trans_currency"))


@fault(
    "reads as much of an amount as looks like a number, as parseFloat does",
    "notify.boundary", "notify.validate.amount",
)
class AmountReadLeniently(Healthy):
    never_inside = BUT_AMOUNT

    def paid_amount(self, news):
        found = re.match(r"[0-9.]*", news["total_fee"])
        return super().paid_amount({**news, "total_fee": found[0]})


@fault("pays orders by an unsigned link, to try it in the browser", "notify.post-only")
class LinkUnverified(SecondDoor):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if method == "GET":
            return self.book_unverified(dict(parse_qsl(query or "")), now)
        return super().notify(body_base64, content_type, method, query, now)


@fault("notes the notify_id of a GET, and takes the POST for a repeat", "notify.post-only")
class LinkTakesTheId(Healthy):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if method == "GET":
            news = dict(parse_qsl(query or ""))
            self.trade_of(news["out_trade_no"]).seen.add(news["notify_id"])
            return {"reply": "fail", "status": "405"}
        return super().notify(body_base64, content_type, method, query, now)

    def book(self, trade, news, total, currency):
        if not self.is_replay(trade, news):
            super().book(trade, news, total, currency)


@fault("loses the notification that follows one that it could not read", "notify.hostile")
class DeafForOne(Healthy):
    deaf = False

    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if self.deaf:
            self.deaf = False
            return self.no("still busy")
        return super().notify(body_base64, content_type, method, query, now)

    def decode_value(self, data, charset):
        try:
            return super().decode_value(data, charset)
        except UnicodeDecodeError:
            self.deaf = True
            raise


@fault("lets late news pay a trade that it has cancelled", "notify.status.forward", "money.cancel.booked")
class ReopensCancelled(Healthy):
    def may_go(self, before, after):
        return super().may_go(before, after) or (before, after) == ("cancelled", "paid")


@fault("begins its sums anew with late news of a trade that is refunded", "notify.status.forward")
class ReopensRefunded(Healthy):
    def book(self, trade, news, total, currency):
        over = trade.total is not None and trade.sum_of("done") == trade.total
        if over and self.means_paid(news["trade_status"]) and not self.is_refund_news(news):
            trade.refunds = {}
        super().book(trade, news, total, currency)


@fault("takes any answer to notify_verify for a yes in which the word true stands", "notify.verify-query.strict")
class TrueSomewhere(Healthy):
    def believes(self, pairs, charset):
        query = f"service=notify_verify&partner={self.partner()}&notify_id={dict(pairs).get('notify_id', '')}"
        return super().believes(pairs, charset) and b"true" in self.transmit(None, "GET", query, "")


@fault("asks notify_verify and does not wait for its answer to decide", "notify.verify-query.strict")
class VerifyQueryIgnored(Healthy):
    def believes(self, pairs, charset):
        query = f"service=notify_verify&partner={self.partner()}&notify_id={dict(pairs).get('notify_id', '')}"
        self.transmit(None, "GET", query, "")
        return super().believes(pairs, charset)


# Level 4, MUST: goods leave for TRADE_SUCCESS and TRADE_FINISHED; an unknown status proves no payment.
@fault("takes a trade status it has never heard of for a payment", "notify.status.believed", found_by="blind 1")
class UnknownMeansPaid(Healthy):
    def means_paid(self, status):
        return status not in ("WAIT_BUYER_PAY", "TRADE_PENDING", "TRADE_CLOSED")


# Level 4, MUST: out_trade_no is a text of up to 64 characters; 28 digits do not fit into a double.
@fault("keeps trades by their number as a double, so that long numbers meet", "notify.trade.own", found_by="blind 2")
class TradeNumberAsDouble(Healthy):
    def key(self, number):
        return repr(float(number)) if number.isdigit() else number

    def trade_of(self, number):
        return self.trades.setdefault(self.key(number), super().trade_of(number))

    def trade(self, out_trade_no):
        known = self.trades.get(self.key(out_trade_no))
        if known is not None:
            self.trades[out_trade_no] = known
        return super().trade(out_trade_no)


# Level 3, MUST: Alipay tries for 25 hours; genuine news are genuine however late they are.
# Harmless after all: no page says whether a repeat keeps its notify_time, so that this may be right. What is sure,
# that the payment may be a day old, is judged (`RefusesOldPayments` among the listeners).
@harmless("refuses news that were written more than a quarter of an hour ago, against replays", found_by="blind 2")
class RefusesOldNews(Healthy):
    def is_complete(self, news):
        told = news.get("notify_time")
        if not told:
            return super().is_complete(news)
        at = datetime.strptime(told, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
        return super().is_complete(news) and self.now - at <= timedelta(minutes=15)


# Level 4, MUST: out_trade_no names the payment; another customer may await the same amount.
@fault(
    "books a payment on the oldest order that awaits this amount",
    "notify.trade.own",
    found_by="blind 2",
)
class PaysTheOldestAwaited(Healthy):
    def book(self, trade, news, total, currency):
        waiting = (each for each in self.trades.values() if each.status == "waiting")
        oldest = next((each for each in waiting if each.awaited == (total, currency)), trade)
        super().book(oldest if trade.status == "waiting" else trade, news, total, currency)


@fault("takes no payment for one that was pending before", "notify.status.believed")
class PendingForEver(Healthy):
    def __init__(self):
        super().__init__()
        self.pending = set()

    def book(self, trade, news, total, currency):
        if news["trade_status"] == "TRADE_PENDING":
            self.pending.add(trade.number)
        if news["trade_status"] != "TRADE_SUCCESS" or trade.number not in self.pending:
            super().book(trade, news, total, currency)


@harmless("prints a warning about a notification without a buyer, and believes it")
class WarnsOfNoBuyer(Healthy):
    def is_ours(self, news):
        import sys

        print("no buyer", file=sys.stderr) if not news.get("buyer_email") else None
        return super().is_ours(news)


@harmless("verifies a message of strangers twice before it believes it")
class VerifiesTwice(Healthy):
    def believes(self, pairs, charset):
        return super().believes(pairs, charset) and super().believes(list(reversed(pairs)), charset)


@harmless("acknowledges at once what it believed under the same sign before, having verified it anew")
class NotesGenuineSigns(Healthy):
    def __init__(self):
        super().__init__()
        self.right = set()

    def believes(self, pairs, charset):
        found = super().believes(pairs, charset)
        if found:
            self.right.add(dict(pairs)["sign"])
        return found and dict(pairs)["sign"] in self.right


class AsksAlipay(Healthy):
    """Asks notify_verify about a notification that it has verified, and reads the answer by `is_yes`."""

    def believes(self, pairs, charset):
        if not super().believes(pairs, charset):
            return False
        query = f"service=notify_verify&partner={self.partner()}&notify_id={dict(pairs).get('notify_id', '')}"
        return self.is_yes(self.transmit(None, "GET", query, "").decode("latin-1"))


@fault("takes an answer to notify_verify for a yes that ends in true", "notify.verify-query.strict")
class TrueInTheEnd(AsksAlipay):
    def is_yes(self, text):
        return text.endswith("true")


@fault("takes an answer to notify_verify for a yes that begins with true", "notify.verify-query.strict")
class TrueInFront(AsksAlipay):
    def is_yes(self, text):
        return text.startswith("true")


@fault("takes every answer to notify_verify for a yes that is neither false nor empty", "notify.verify-query.strict")
class NotFalseIsYes(AsksAlipay):
    def is_yes(self, text):
        return text.strip() not in ("", "false")


@fault("takes the first letter of the answer to notify_verify", "notify.verify-query.strict")
class FirstLetterIsYes(AsksAlipay):
    def is_yes(self, text):
        return text[:1].lower() in ("t", "y", "1")


@harmless("asks notify_verify and takes the bare word true alone for a yes")
class TrueAlone(AsksAlipay):
    def is_yes(self, text):
        return text == "true"


@fault("reads no form under a Content-Type that is not well formed, as Express 4 does", "notify.content-type")
class StrictContentType(Healthy):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if "; text/html;" in content_type:
            return self.no("an empty body")
        return super().notify(body_base64, content_type, method, query, now)


@fault("demands price and buyer of a notification", "notify.lean")
class DemandsPrice(Healthy):
    def is_complete(self, news):
        return super().is_complete(news) and {"price", "buyer_id"} <= news.keys()


@fault("verifies what comes by POST, and reads the body of PUT too", "notify.post-only", found_by="blind")
class PutBelieved(Healthy):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        self.verb = method
        return super().notify(body_base64, content_type, method, query, now)

    def believes(self, pairs, charset):
        return self.verb not in ("POST", "GET") or super().believes(pairs, charset)


@harmless("takes notifications by POST alone")
class PostAlone(Healthy):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if method != "POST":
            return {"reply": "", "status": "405"}
        return super().notify(body_base64, content_type, method, query, now)


@fault("takes order numbers for one that differ in capital letters alone", "notify.trade.own", found_by="blind")
class CollationOfTrades(Healthy):
    def trade_of(self, number):
        known = next((trade for name, trade in self.trades.items() if name.lower() == number.lower()), None)
        return known or super().trade_of(number)

    def trade(self, out_trade_no):
        names = {name.lower(): name for name in self.trades}
        return super().trade(names.get(out_trade_no.lower(), out_trade_no))
