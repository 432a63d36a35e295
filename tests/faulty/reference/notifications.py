"""Take notifications, and keep the books."""

import base64
import re
from datetime import datetime
from decimal import InvalidOperation
from urllib.parse import unquote_to_bytes

from alipay_qr_conformance.subjects import Refused, Unsupported
from faulty.reference.values import BEIJING


class Notifications:
    # === notifications ==================================================================================

    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None):
        if out_trade_no is None:
            raise Unsupported("no notification names its code")
        trade = self.trade_of(out_trade_no)
        trade.status, trade.awaited = "waiting", (self.amount(total_fee, currency), currency)
        return {}

    def form_charset(self, content_type):
        found = re.search(r"charset=([\w-]+)", content_type)
        return found[1] if found else self.settings["charset"]

    def plus(self, data):
        return data.replace(b"+", b" ")

    def decode_value(self, data, charset):
        return unquote_to_bytes(self.plus(data)).decode(charset)

    def read_form(self, body, charset):
        pairs = []
        for part in body.split(b"&"):
            name, _, value = part.partition(b"=")
            pairs.append((self.decode_value(name, charset), self.decode_value(value, charset)))
        return pairs

    def received(self, pairs, query):
        """The pairs that are verified."""
        return pairs

    def used(self, pairs, query):
        """The pairs that are believed, once verified."""
        return pairs

    def refuses_duplicates(self):
        return True

    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        self.now = datetime.fromisoformat(now)
        charset = self.form_charset(content_type)
        try:
            posted = self.read_form(base64.b64decode(body_base64), charset)
            pairs = self.received(posted, query)
            if self.refuses_duplicates() and len(dict(pairs)) != len(pairs):
                return self.no("a name stands twice")
            if not self.believes(pairs, charset):
                return self.no("the signature does not hold")
            news = dict(self.used(posted, query))
            if not self.is_complete(news):
                return self.no("a field is missing")
            if self.hides_a_parameter(news):
                return self.no("a value holds another parameter")
            if not self.is_ours(news):
                return self.no("somebody else's payment")
            total, currency = self.paid_amount(news)
        except (UnicodeDecodeError, InvalidOperation, Refused):
            return self.no("not legible")
        trade = self.trade_of(news["out_trade_no"])
        if not self.fits_what_is_awaited(trade, total, currency):
            return self.no("another amount than was awaited")
        if self.is_replay(trade, news) and not self.acknowledges_replays():
            return self.no("seen before")
        self.book(trade, news, total, currency)
        return self.yes()

    def believes(self, pairs, charset):
        return self.is_genuine(pairs, charset)

    def yes(self):
        return {"reply": "success"}

    def no(self, why):
        return {"reply": "fail"}

    def is_complete(self, news):
        return all(news.get(name) for name in ("notify_id", "out_trade_no", "trade_status", "total_fee"))

    never_inside = ("seller_id", "total_fee", "trans_currency", "out_trade_no", "trade_status", "notify_id")

    def hides_a_parameter(self, news):
        """Whether the boundary between two parameters may have been moved: the signature would still hold."""
        return any(f"&{name}=" in value for value in news.values() for name in self.never_inside)

    def is_ours(self, news):
        return news.get("seller_id") in (None, "", self.settings["partner"])

    def paid_amount(self, news):
        currency = news.get("trans_currency") or "CNY"
        return self.amount(news["total_fee"], currency), currency

    def same_amount(self, awaited, paid):
        return awaited == paid

    def same_currency(self, awaited, paid):
        return awaited == paid

    def fits_what_is_awaited(self, trade, total, currency):
        if trade.awaited is None:
            return True
        return self.same_amount(trade.awaited[0], total) and self.same_currency(trade.awaited[1], currency)

    def is_replay(self, trade, news):
        return news.get("notify_id") in trade.seen

    def acknowledges_replays(self):
        return True

    def means_paid(self, status):
        return status in ("TRADE_SUCCESS", "TRADE_FINISHED")

    def means_closed(self, status):
        return status == "TRADE_CLOSED"

    def may_go(self, before, after):
        """Whether a status may follow another one."""
        ranks = {"none": 0, "waiting": 1, "paid": 2, "closed": 3, "cancelled": 3}
        return ranks[after] > ranks[before]

    def is_refund_news(self, news):
        return news.get("notify_action_type") == "refundFPAction"

    def releases_goods(self, trade, news, becomes):
        return becomes == "paid" and trade.status in ("none", "waiting")

    def book(self, trade, news, total, currency):
        if self.is_refund_news(news):
            self.book_finished_refund(trade, news)
        status = news.get("trade_status")
        becomes = "paid" if self.means_paid(status) else "closed" if self.means_closed(status) else "waiting"
        if self.releases_goods(trade, news, becomes):
            trade.fulfilled += 1
        fully_refunded = trade.total is not None and trade.sum_of("done") == trade.total
        if self.may_go(trade.status, becomes) and not (becomes == "closed" and fully_refunded):
            trade.status = becomes
        if becomes == "paid" and trade.paid_at is None:
            trade.total, trade.currency, trade.paid_at = total, currency, self.payment_time(news)
        trade.seen.add(news.get("notify_id"))

    def payment_time(self, news):
        return datetime.strptime(news["gmt_payment"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)

    def book_finished_refund(self, trade, news):
        known = trade.refunds.get(news.get("out_biz_no"))
        if known and known.status in ("unknown", "accepted"):
            known.status = "done"

    # === the books ======================================================================================

    def state(self, trade):
        if trade.undecided:
            return "undecided"
        done = trade.sum_of("done")
        if trade.status != "cancelled" and done:
            return "refunded" if done == trade.total else self.partly_refunded()
        return trade.status

    def partly_refunded(self):
        return "partly_refunded"

    def written(self, amount, currency):
        return f"{amount:.{self.decimals(currency)}f}"

    def trade(self, out_trade_no):
        trade = self.trades.get(out_trade_no)
        if trade is None:
            return {"state": "none"}
        found = {"state": self.state(trade), "fulfilled": str(trade.fulfilled)}
        if trade.total is not None:
            found |= {
                "paid": self.written(trade.total, trade.currency),
                "currency": trade.currency,
                "refunded": self.written(trade.sum_of("done"), trade.currency),
                "pending": self.written(trade.sum_of("unknown", "accepted"), trade.currency),
            }
        return found
