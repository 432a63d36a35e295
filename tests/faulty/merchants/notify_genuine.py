"""Merchants that break `notify.genuine`: they refuse genuine notifications."""

import base64
import re
from datetime import timedelta
from urllib.parse import parse_qsl

from faulty.reference import Healthy, fault, harmless


@fault("reads notifications as UTF-8, whatever their charset", "notify.genuine")
class NotificationsInUtf8(Healthy):
    def form_charset(self, content_type):
        return "UTF-8"


@fault("decodes the form twice", "notify.genuine")
class FormDecodedTwice(Healthy):
    def decode_value(self, data, charset):
        from urllib.parse import unquote_to_bytes

        return unquote_to_bytes(unquote_to_bytes(self.plus(data))).decode(charset)


@fault("does not read + as a blank", "notify.genuine")
class PlusStays(Healthy):
    level = 1  # no payment stands: a refund or a cancellation shows nothing

    def plus(self, data):
        return data


@fault("trims what it receives", "notify.genuine")
class TrimsReceived(Healthy):
    def received(self, pairs, query):
        return [(name, value.strip()) for name, value in pairs]


@fault("escapes what it receives for HTML, as a filter against XSS", "notify.genuine")
class FilteredInput(Healthy):
    def received(self, pairs, query):
        return [(name, value.replace("<", "&lt;").replace(">", "&gt;")) for name, value in pairs]


@fault("verifies the query of its notify URL along with the form", "notify.genuine")
class QueryVerified(Healthy):
    level = 4  # SHOULD: Alipay's own advice is a notify URL without a query

    def received(self, pairs, query):
        return [*pairs, *parse_qsl(query or "")]


@fault("asks for application/json and reads no form", "notify.genuine")
class WantsJson(Healthy):
    level = 1  # no payment stands: a refund or a cancellation shows nothing

    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if "json" not in content_type:
            return {"reply": "unsupported media type", "status": "415"}
        return super().notify(body_base64, content_type, method, query, now)


@fault("raises on notifications", "notify.genuine")
class NotifyRaises(Healthy):
    level = 1  # no payment stands: a refund or a cancellation shows nothing

    def believes(self, pairs, charset):
        raise TypeError("'NoneType' object is not subscriptable")


@fault("replies with a byte order mark before success", "notify.genuine")
class ReplyWithBom(Healthy):
    def yes(self):
        return {"reply": {"base64": base64.b64encode(b"\xef\xbb\xbfsuccess").decode()}}


@fault("replies with a page", "notify.genuine")
class ReplyPage(Healthy):
    level = 1  # no payment stands: a refund or a cancellation shows nothing

    def yes(self):
        return {"reply": "<html><body>success</body></html>"}


@fault("replies with JSON", "notify.genuine")
class ReplyJson(Healthy):
    level = 1  # no payment stands: a refund or a cancellation shows nothing

    def yes(self):
        return {"reply": '"success"'}


@fault("replies success with status 500", "notify.genuine")
class ReplyWithStatus500(Healthy):
    def yes(self):
        return {"reply": "success", "status": "500"}


@fault("refuses news of a payment that is more than an hour old, against replays", "notify.genuine", "notify.once.acknowledged", "money.refund.asynchronous")
class RefusesOldPayments(Healthy):
    def is_complete(self, news):
        return super().is_complete(news) and self.now - self.payment_time(news) <= timedelta(hours=1)


# Level 1 or 3, MUST: a genuine message holds whatever its line ends are.
@fault("turns CRLF into LF in the values it verifies", "notify.genuine", found_by="blind 1")
class NormalisesLineEnds(Healthy):
    def bytes_to_verify(self, params, charset):
        return super().bytes_to_verify(
            [(name, value and value.replace("\r\n", "\n")) for name, value in params], charset
        )


# Level 3, MUST: a genuine notification with a backslash in it is genuine.
@fault("strips backslashes from what is posted, as if something had added them", "notify.genuine", found_by="blind 1")
class StripsSlashes(Healthy):
    def decode_value(self, data, charset):
        return re.sub(r"\\(.?)", r"\1", super().decode_value(data, charset))


# Level 3 or 4, MUST: a forged message leaves nothing behind: the genuine one after it is booked.
@fault("notes a notify_id as seen before it has verified the message", "notify.genuine", found_by="blind 1")
class NotesBeforeVerifying(Healthy):
    def __init__(self):
        super().__init__()
        self.heard = set()

    def reset(self):
        self.heard = set()
        return super().reset()

    def believes(self, pairs, charset):
        identity = dict(pairs).get("notify_id")
        self.repeated = identity in self.heard
        self.heard.add(identity)
        return super().believes(pairs, charset)

    def book(self, trade, news, total, currency):
        if not self.repeated:
            super().book(trade, news, total, currency)


# Level 3, MUST: `success` counts with status 200; a redirection acknowledges nothing.
@fault("says success with status 302, on its way to a thank-you page", "notify.genuine", found_by="blind 1")
class ThanksElsewhere(Healthy):
    def yes(self):
        return {"reply": "success", "status": "302"}


# Level 3, MUST: the letter case of the charset varies in the header.
@harmless("knows the charset of a notification in capitals alone, and reads the bytes of any other one by one", found_by="blind 3")
class CharsetInCapitals(Healthy):
    def form_charset(self, content_type):
        found = super().form_charset(content_type)
        return found if found in ("UTF-8", "GBK", "GB2312") else "latin-1"


# Level 3, MUST: TRADE_CLOSED follows a refund in full, and is genuine.
@fault("refuses the news that a trade has closed which it refunded in full", "notify.genuine", found_by="blind 3")
class RefusesTheClose(Healthy):
    def is_ours(self, news):
        trade = self.trades.get(news["out_trade_no"])
        if trade and trade.total is not None and self.means_closed(news["trade_status"]) and trade.sum_of("done") == trade.total:
            return False
        return super().is_ours(news)


@fault("stumbles over a notification without buyer_email, and says so in a traceback alone", "notify.genuine")
class StumblesOverBuyer(Healthy):
    def is_ours(self, news):
        return "@" in news["buyer_email"] and super().is_ours(news)


@fault("takes the quantity of a notification for a number, and raises where there is none", "notify.genuine")
class StumblesOverQuantity(Healthy):
    def is_complete(self, news):
        return super().is_complete(news) and int(news["quantity"]) > 0


@fault("keeps the amount that it was told first where an order is announced again", "notify.genuine", "notify.validate.amount")
class FirstAnnouncementStays(Healthy):
    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None):
        known = out_trade_no and self.trade_of(out_trade_no).awaited
        found = super().expect(total_fee=total_fee, currency=currency, out_trade_no=out_trade_no, qrcode=qrcode)
        if known:
            self.trade_of(out_trade_no).awaited = known
        return found


@fault("refuses a payment that names no seller", "notify.genuine", "notify.lean")
class SellerNeeded(Healthy):
    def is_ours(self, news):
        return news.get("seller_id") == self.settings["partner"]


@fault("reads no more of a notification than four kilobytes", "notify.genuine", found_by="blind")
class FourKilobytes(Healthy):
    def read_form(self, body, charset):
        return super().read_form(body[:4096], charset)


@harmless("refuses notifications of more than 64 kilobytes")
class SixtyFourKilobytes(Healthy):
    def read_form(self, body, charset):
        return super().read_form(body[:65536], charset)


@fault("compares amounts as texts, of which one has thousands separators", "notify.genuine",
       "money.refund.asynchronous", found_by="blind")
class ThousandsSeparated(Healthy):
    def same_amount(self, awaited, paid):
        return f"{awaited:,.2f}" == f"{paid:.2f}"


@fault("refuses the news of a refund that it did not send: the portal is not its concern", "notify.genuine")
class OwnRefundsOnly(Healthy):
    level = 4  # a SHOULD: no page speaks of refunds in the portal

    def believes(self, pairs, charset):
        news = dict(pairs)
        known = getattr(self.trades.get(news.get("out_trade_no")), "refunds", {})
        foreign = self.is_refund_news(news) and news.get("out_biz_no") not in known
        return not foreign and super().believes(pairs, charset)


class KnowsIds(Healthy):
    """Books a notification once, and knows it by its id, whosever payment it tells of."""

    known_by = slice(None)

    def __init__(self):
        super().__init__()
        self.heard = {}

    def reset(self):
        self.heard = {}
        return super().reset()

    def book(self, trade, news, total, currency):
        told = news["out_trade_no"], news.get("trade_status"), news.get("refund_status")
        if self.heard.setdefault(news["notify_id"][self.known_by], told) == told:
            super().book(trade, news, total, currency)


@fault("tells notifications apart by the first sixteen characters of their ids", "notify.genuine", found_by="blind 4")
class IdsByTheirBeginning(KnowsIds):
    known_by = slice(16)


@fault("tells notifications apart by the last sixteen characters of their ids", "notify.genuine")
class IdsByTheirEnd(KnowsIds):
    known_by = slice(-16, None)


@harmless("tells notifications apart by their whole ids")
class IdsAsAWhole(KnowsIds):
    pass
