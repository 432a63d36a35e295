"""An independent correct merchant behind the adapter protocol; `Habits` are the ways in which it may differ.

Written from the adapter protocol and the protocol's own pages alone. Every value of every habit is legal.
"""

import base64
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import unquote_to_bytes

from alipay_qr_conformance import Refused, Unsupported
from harmless import independent_wire as wire
from harmless.independent_client import BEIJING, CANCEL, REFUND, Client

WHOLE = {"JPY", "KRW"}
PAID = {"TRADE_SUCCESS", "TRADE_FINISHED"}


@dataclass
class Refund:
    amount: Decimal
    currency: str
    sync: str
    status: str = "unknown"


@dataclass
class Trade:
    number: str
    status: str = "none"
    total: Decimal | None = None
    currency: str | None = None
    paid_at: datetime | None = None
    awaited: tuple | None = None
    undecided: bool = False
    released: int = 0
    refunds: dict = field(default_factory=dict)

    def taken(self, *statuses):
        return sum((each.amount for each in self.refunds.values() if each.status in statuses), Decimal(0))

    @property
    def bound(self):
        return self.taken("done", "accepted", "unknown")


class Independent(Client):
    """One merchant with the habits of a variant."""

    def __init__(self):
        super().__init__()
        self.trades, self.lock, self.queue = {}, threading.RLock(), deque()

    def reset(self):
        with self.lock:
            self.trades, self.codes, self.queue = {}, {}, deque()
        return {}

    # --- CANCEL -----------------------------------------------------------------------------------------

    def trade_of(self, number):
        if self.habits.verify_only:
            return Trade(number)  # a library keeps no books
        with self.lock:
            return self.trades.setdefault(number, Trade(number))

    def is_late(self, trade):
        if trade.paid_at is None:
            return False
        ends = trade.paid_at.astimezone(BEIJING).replace(hour=0, minute=0, second=0) + timedelta(days=1)
        return self.now >= ends - timedelta(minutes=self.habits.cancel_margin)

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        self.tell_time(now)
        self.settle_queue()
        trade, habits = self.trade_of(out_trade_no), self.habits
        if trade.status == "none" and habits.declines_unknown_cancel:
            raise Refused("this trade is not known here")
        if trade.status != "cancelled" and trade.paid_at is not None:
            open_to_refund = not trade.bound and not trade.undecided
            if self.is_late(trade):
                if habits.late_cancel == "refund" and open_to_refund:
                    return self.refund_rest(trade, gateway_url, now)
                raise Refused("its day is over")
            if trade.bound and habits.after_refund != "send":
                if habits.after_refund == "rest" and trade.bound == trade.taken("done") < trade.total:
                    return self.refund_rest(trade, gateway_url, now)
                raise Refused("there is a refund")
            if habits.paid_cancel == "refund" and open_to_refund:
                return self.refund_rest(trade, gateway_url, now)
        return self.send_cancel(trade, trade_no, gateway_url)

    def send_cancel(self, trade, trade_no, url):
        if "cancel" in self.habits.query_before:
            self.query(url, trade.number)
        stamp = self.timestamp()
        if self.habits.cancel_timestamp == "milliseconds":
            stamp = str(int(self.now.timestamp() * 1000))
        fields = {"timestamp": stamp, "out_trade_no": trade.number, "trade_no": trade_no}
        if self.habits.terminal_timestamp:
            fields["terminal_timestamp"] = stamp
        reading = self.ask_until_known(url, CANCEL, fields)
        if reading.outcome == "unknown" and self.habits.query_after_unknown:
            status = self.query(url, trade.number).fields.get("alipay_trans_status")
            reading.outcome = "success" if status == "TRADE_CLOSED" else "unknown"
        if reading.outcome == "success":
            trade.status, trade.undecided = "cancelled", False
        elif reading.outcome == "unknown" and trade.status != "cancelled":
            trade.undecided = True
        return self.told(
            reading.outcome, code=reading.code, action=reading.fields.get("action"), via="cancel"
        )

    def refund_rest(self, trade, url, now):
        rest = self.written(trade.total - trade.bound, trade.currency)
        told = self.refund(
            trade.number, f"{trade.number}-rest", rest, trade.currency, None, "Y", None, None, url, now
        )
        return {**told, **self.told("", action="refund", via="refund"), "outcome": told["outcome"]}

    # --- REFUND -----------------------------------------------------------------------------------------

    def amount(self, text, currency):
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", text):
            raise Refused("no amount")
        value = Decimal(text)
        if value <= 0 or (currency in WHOLE and value != int(value)):
            raise Refused("no amount of this currency")
        return value

    def amount_sent(self, text, currency):
        value = Decimal(text)
        if self.habits.amounts == "given" or currency in WHOLE:
            return text
        if self.habits.amounts == "two":
            return f"{value:.2f}"
        short = f"{value.normalize():f}"
        return f"{value:.1f}" if self.habits.amounts == "one" and value == round(value, 1) else short

    def refund(  # noqa: PLR0917 (the operation's arguments)
        self,
        partner_trans_id,
        partner_refund_id,
        refund_amount,
        currency,
        refund_reason=None,
        is_sync=None,
        alipay_trans_id=None,
        notify_url=None,
        gateway_url=None,
        now=None,
    ):
        self.tell_time(now)
        self.settle_queue()
        trade, sync = self.trade_of(partner_trans_id), is_sync or "N"
        asked = Refund(self.amount(refund_amount, currency), currency, sync)
        if partner_refund_id == partner_trans_id:
            raise Refused("a refund has an id of its own")
        if trade.currency not in (None, currency):
            raise Refused("it was paid in another currency")
        known = trade.refunds.get(partner_refund_id)
        if known is not None and known.status != "failed":
            if (known.amount, known.currency, known.sync) != (asked.amount, currency, sync):
                raise Refused("this id names another refund")
            if known.status == "done" and not self.habits.asks_again:
                return self.told("success")
        else:
            self.decline_refund(trade, asked)
            if self.is_whole_and_today(trade, asked):
                return {**self.send_cancel(trade, None, gateway_url)}
            known = None
        fields = {
            "partner_trans_id": partner_trans_id,
            "partner_refund_id": partner_refund_id,
            "refund_amount": self.amount_sent(refund_amount, currency),
            "currency": currency,
            "refund_reason": refund_reason,
            "is_sync": sync if self.habits.explicit_is_sync else is_sync,
            "alipay_trans_id": alipay_trans_id,
            "notify_url": notify_url or self.own_notify_url(sync),
        }
        return self.send_refund(trade, known or asked, fields, gateway_url, repeated=known is not None)

    def own_notify_url(self, sync):
        way = self.habits.refund_notify_url
        return self.keys["notify_url"] if way == "always" or (way == "asynchronous" and sync == "N") else None

    def is_whole_and_today(self, trade, asked):
        if self.habits.full_refund != "cancel" or trade.total != asked.amount or trade.bound:
            return False
        return trade.status == "paid" and not trade.undecided and not self.is_late(trade)

    def decline_refund(self, trade, asked):
        habits = self.habits
        if trade.status in ("cancelled", "closed"):
            raise Refused("the trade is over")
        if trade.total is None and habits.declines_unknown_refund:
            raise Refused("this trade is not known here")
        if trade.undecided and habits.waits_for_undecided_cancel:
            raise Refused("a cancel is undecided")
        if trade.taken("unknown") and habits.waits_for_unknown_refund:
            raise Refused("another refund is undecided")
        if trade.paid_at is not None and self.now - trade.paid_at > timedelta(days=habits.refund_days):
            raise Refused("the refund period is over")
        if habits.currencies is not None and asked.currency not in habits.currencies:
            raise Refused("not our currency")
        if habits.max_refunds is not None and len(trade.refunds) >= habits.max_refunds:
            raise Refused("no further refund of this trade")
        if trade.total is None:
            return
        if trade.bound + asked.amount > trade.total:
            raise Refused("less is left")
        if asked.amount != trade.total and not habits.partial_refunds:
            raise Refused("whole refunds only")
        least = habits.min_partial_refund
        if least is not None and asked.amount < Decimal(least) and asked.amount != trade.total - trade.bound:
            raise Refused(f"at least {least}")

    def send_refund(self, trade, asked, fields, url, *, repeated):
        trade.refunds[fields["partner_refund_id"]] = asked
        if "refund" in self.habits.query_before:
            self.query(url, trade.number)
        reading = self.ask_until_known(url, REFUND, fields)
        if reading.outcome == "unknown" and self.habits.query_after_unknown:
            self.query(url, trade.number)  # a refund in doubt stays so: the answer does not name it
        outcome = "accepted" if reading.outcome == "success" and asked.sync == "N" else reading.outcome
        if outcome == "failed":
            asked.status = asked.status if repeated else "failed"
        elif asked.status != "done":
            asked.status = {"success": "done"}.get(outcome, outcome)
        return self.told(outcome, code=reading.code)

    # --- notifications ----------------------------------------------------------------------------------

    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None):
        if out_trade_no is None:
            raise Unsupported("a notification does not name its code")
        trade = self.trade_of(out_trade_no)
        trade.status, trade.awaited = "waiting", (Decimal(total_fee), currency)
        return {}

    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        self.tell_time(now)
        if self.habits.replies_after:
            time.sleep(self.habits.replies_after)
        try:
            news = self.believed(base64.b64decode(body_base64), content_type) if method == "POST" else None
        except (ValueError, LookupError, InvalidOperation, Refused):
            news = None
        if news is None:
            return {"reply": self.habits.no_reply, "status": self.habits.no_status}
        if not self.habits.verify_only:
            self.book_in_turn(news)
        return {"reply": self.habits.reply, "status": "200"}

    def believed(self, body, content_type):
        """What a genuine notification says, or None."""
        found = re.search(r'charset="?([A-Za-z0-9-]+)', content_type, re.IGNORECASE)
        charset = found[1] if found else self.keys["charset"]
        parts = (part.partition(b"=") for part in body.split(b"&") if part)
        read = [
            tuple(unquote_to_bytes(text.replace(b"+", b" ")).decode(charset) for text in (name, value))
            for name, _, value in parts
        ]
        if not self.proved(read, charset):
            return None
        news = dict(read)
        if self.habits.verify_only:
            return news
        needed = ("notify_id", "out_trade_no", "trade_status", "total_fee")
        inside = "|".join((*needed, "seller_id", "trans_currency", "currency"))
        if not all(news.get(name) for name in needed) or re.search(f"&({inside})=", "\n".join(news.values())):
            return None
        if (
            news.get("seller_id", "" if self.habits.seller_required else self.keys["partner"])
            != self.keys["partner"]
        ):
            return None
        return (
            news if self.is_awaited(news) and self.is_fresh(news) and self.is_known_to_alipay(news) else None
        )

    def paid(self, news):
        currency = news.get("trans_currency") or news.get("currency") or "CNY"
        return self.amount(news["total_fee"], currency), currency

    def is_awaited(self, news):
        currencies = self.habits.currencies
        if currencies is not None and self.paid(news)[1] not in currencies:
            return False
        known = self.trades.get(news["out_trade_no"])
        return known is None or known.awaited is None or known.awaited == self.paid(news)

    def is_fresh(self, news):
        hours, told = self.habits.oldest_news_hours, news.get("notify_time")
        return hours is None or not told or self.now - self.moment(told) < timedelta(hours=hours)

    def is_known_to_alipay(self, news):
        if not self.habits.notify_verify:
            return True
        query = f"service=notify_verify&partner={self.keys['partner']}&notify_id={news['notify_id']}"
        limit = float(self.keys["gateway_timeout"])
        try:
            found = self.line.send(self.keys["gateway_url"], "GET", query, None, "", limit)
        except wire.Lost:
            return False
        return found == (200, b"true")

    def moment(self, text):
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)

    # --- the books --------------------------------------------------------------------------------------

    def book_in_turn(self, news):
        with self.lock:
            self.queue.append(news)
        if not self.habits.books_after:
            self.settle_queue(force=True)
        else:
            later = threading.Timer(self.habits.books_after, self.book_next, [self.queue])
            later.daemon = True
            later.start()

    def book_next(self, queue):
        with self.lock:
            if queue:
                self.book(queue.popleft())

    def settle_queue(self, *, force=False):
        if force or self.habits.waits_for_queue:
            with self.lock:
                while self.queue:
                    self.book(self.queue.popleft())

    def book(self, news):
        trade, status = self.trade_of(news["out_trade_no"]), news["trade_status"]
        refunded = trade.refunds.get(news.get("out_biz_no"))
        if news.get("notify_action_type") == "refundFPAction" and refunded and refunded.status != "failed":
            refunded.status = "done"
        paid = status in PAID and not (self.habits.finished_is_no_payment and status == "TRADE_FINISHED")
        if paid and trade.status in ("none", "waiting"):
            trade.status, (trade.total, trade.currency) = "paid", self.paid(news)
            trade.paid_at = self.moment(news.get("gmt_payment") or news["notify_time"])
            self.release(trade)
        elif status == "TRADE_CLOSED" and trade.status in ("none", "waiting", "paid"):
            if trade.total is None or trade.taken("done") != trade.total:
                trade.status = "closed"
        elif status in ("WAIT_BUYER_PAY", "TRADE_PENDING") and trade.status == "none":
            trade.status = "waiting"

    def release(self, trade):
        def now():
            trade.released += 1

        if not self.habits.releases_after:
            return now()
        later = threading.Timer(self.habits.releases_after, now)
        later.daemon = True
        return later.start()

    def written(self, amount, currency):
        return f"{amount:.0f}" if currency in WHOLE else f"{amount:.2f}"

    def trade(self, out_trade_no):
        with self.lock:
            trade = self.trades.get(out_trade_no)
            if trade is None:
                return {"state": "none"}
            found = {"state": self.state(trade), "fulfilled": str(trade.released)}
            if trade.total is not None:
                written = {
                    "paid": trade.total,
                    "refunded": trade.taken("done"),
                    "pending": trade.taken("unknown", "accepted"),
                }
                found |= {name: self.written(value, trade.currency) for name, value in written.items()}
                found["currency"] = trade.currency
        return {key: value for key, value in found.items() if key in ("state", "paid", *self.habits.tells)}

    def state(self, trade):
        if trade.undecided and trade.status != "cancelled":
            return "undecided"
        done = trade.taken("done")
        if done and trade.status != "cancelled":
            return "refunded" if done == trade.total else "partly_refunded"
        return trade.status
