"""What happened to every trade, and what may happen next.

A real shop keeps this in its database, one transaction per call. Nothing is booked here that Alipay has not
signed. Amounts are Decimals, made of text: a float cannot hold 0.10 exactly.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from signing import Refused

BEIJING = timezone(timedelta(hours=8))
NOTHING = Decimal(0)
DECIMALS = dict.fromkeys(
    "AED AUD CAD CHF CNY CZK DKK EUR GBP HKD IDR ILS LKR MUR MYR NOK NZD PHP RUB SEK SGD THB USD ZAR".split(), 2
) | dict.fromkeys(("JPY", "KRW", "VND"), 0)
AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?")


def decimals_of(currency):
    if currency not in DECIMALS:
        raise Refused("the currency is unknown")
    return DECIMALS[currency]


def parse_amount(text, currency):
    decimals = decimals_of(currency)
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise Refused("an amount is written like 12.30, without sign, blanks or exponent")
    if len(match[1] or "") > decimals:
        raise Refused(f"{currency} has {decimals} decimals")
    return Decimal(text)


def read_amount(text, currency):
    """In what Alipay sends, JPY 100 may be written 100.00: the same amount, exactly."""
    return parse_amount(re.sub(r"\.0{1,2}\Z", "", text) if decimals_of(currency) == 0 else text, currency)


def format_amount(amount, currency):
    return f"{amount:.{decimals_of(currency)}f}"


def parse_beijing(text):
    """Alipay's clock is GMT+8, wherever the shop stands."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text, re.ASCII):
        raise Refused("a time is written yyyy-MM-dd HH:mm:ss")
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError:
        raise Refused("a time names no day of the calendar") from None


def format_beijing(moment):
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def same_beijing_day(a, b):
    return a is not None and a.astimezone(BEIJING).date() == b.astimezone(BEIJING).date()


@dataclass
class Trade:
    out_trade_no: str
    status: str = "none"  # none, waiting, paid, cancelled or closed; see also Ledger.state
    undecided: bool = False  # a CANCEL is under way, or ended without a clear answer
    trade_no: str | None = None
    total: Decimal | None = None
    currency: str | None = None
    was_paid: bool = False
    paid_at: datetime | None = None
    fulfilled: int = 0


@dataclass
class Refund:
    id: str
    out_trade_no: str
    amount: Decimal
    currency: str
    state: str = "unknown"  # unknown, accepted, done or failed

    @property
    def pending(self):
        return self.state in ("unknown", "accepted")


@dataclass(frozen=True)
class News:
    """What a notification says whose signature holds."""

    out_trade_no: str
    trade_no: str | None
    status: str | None
    total: Decimal | None
    currency: str | None
    paid_at: datetime | None
    qrcode: str | None
    is_refund: bool
    refund_id: str | None
    refund_fee: Decimal | None


class Ledger:
    def __init__(self):
        self._trades = {}
        self._refunds = {}
        self._awaited = []  # payments on a static code, whose number only Alipay knows

    def find(self, out_trade_no):
        return self._trades.get(out_trade_no)

    def find_refund(self, refund_id):
        return self._refunds.get(refund_id)

    def _open(self, out_trade_no):
        return self._trades.setdefault(out_trade_no, Trade(out_trade_no))

    # --- payments -------------------------------------------------------------------------------------

    def expect(self, out_trade_no, qrcode, total, currency):
        if out_trade_no is None:
            self._awaited.append((qrcode, total, currency))
            return
        trade = self._open(out_trade_no)
        if trade.status == "none" and not trade.undecided:
            trade.status = "waiting"
        if not trade.was_paid:
            trade.total, trade.currency = total, currency

    def book(self, news):
        """Book what a notification says. Saying it again changes nothing, and no trade ever goes back."""
        known = self.find(news.out_trade_no) or Trade(news.out_trade_no)
        self._compare(known, news)
        if news.is_refund:
            self._check_refund(known, news)
        elif known.total is None:
            self._take_awaited(news)
        trade = self._open(news.out_trade_no)
        trade.trade_no = trade.trade_no or news.trade_no
        if trade.total is None:
            trade.total, trade.currency = news.total, news.currency

        if news.status in ("WAIT_BUYER_PAY", "TRADE_PENDING") and trade.status == "none":
            trade.status = "waiting"
        if news.status in ("TRADE_SUCCESS", "TRADE_FINISHED"):
            self._book_payment(trade, news)
        if news.is_refund:
            self._book_refund(trade, news)
        if news.status == "TRADE_CLOSED":
            self._book_closing(trade)

    def _compare(self, trade, news):
        """News that contradict what is known or announced are not booked, however well they are signed."""
        if trade.trade_no and news.trade_no and trade.trade_no != news.trade_no:
            raise Refused("the trade has another trade_no")
        if trade.total is None and news.total is None:
            raise Refused("the amount is missing")
        if None not in (trade.total, news.total) and (trade.total, trade.currency) != (news.total, news.currency):
            raise Refused("the amount or the currency is another")

    def _take_awaited(self, news):
        """Where payments are awaited on static codes, a new trade must be one of them."""
        for awaited in self._awaited:
            qrcode, *price = awaited
            if price == [news.total, news.currency] and (None in (qrcode, news.qrcode) or qrcode == news.qrcode):
                self._awaited.remove(awaited)
                return
        if self._awaited:
            raise Refused("another amount is awaited")

    def _book_payment(self, trade, news):
        if trade.was_paid:
            return
        trade.was_paid, trade.paid_at = True, news.paid_at
        if trade.status in ("none", "waiting"):
            trade.status = "paid"
            if not trade.undecided and not news.is_refund:
                trade.fulfilled += 1  # the goods leave the shop here, once

    def _book_closing(self, trade):
        if trade.undecided:
            self.cancel_done(trade)
        elif trade.status != "cancelled" and not (self._has_refund(trade) and self._remaining(trade) == 0):
            trade.status = "closed"  # not by a full refund of ours: that has a state of its own

    # --- refunds --------------------------------------------------------------------------------------

    def may_refund(self, refund, trade_no, now):
        """May a new refund be asked for?"""
        trade = self.find(refund.out_trade_no)
        if trade is None or not trade.was_paid:
            raise Refused("no payment of this trade is known")
        if trade_no and trade.trade_no and trade_no != trade.trade_no:
            raise Refused("the trade has another trade_no")
        if trade.status != "paid":
            raise Refused(f"the trade is {trade.status}")
        if trade.undecided and same_beijing_day(trade.paid_at, now):
            raise Refused("a cancel of this trade has no clear answer yet: repeat it first")
        if refund.currency != trade.currency:
            raise Refused(f"the trade was paid in {trade.currency}")
        if refund.amount > self._remaining(trade):
            raise Refused("more than what remains of the payment")

    def refund_sent(self, refund):
        """Noted before the request is sent: if the program dies now, the money counts as spent."""
        refund.state = "unknown"
        self._refunds[refund.id] = refund

    def refund_done(self, refund):
        refund.state = "done"
        self._trades[refund.out_trade_no].undecided = False  # it proves that the trade had not been cancelled

    def _check_refund(self, trade, news):
        if news.refund_id is None:
            if trade.status == "cancelled":
                return  # the money that our own CANCEL gave back
            raise Refused("out_biz_no is missing")
        refund = self.find_refund(news.refund_id)
        amount = news.refund_fee or (refund.amount if refund else None)
        if amount is None:
            raise Refused("refund_fee is missing")
        if refund and (refund.out_trade_no, refund.amount) != (news.out_trade_no, amount):
            raise Refused("the refund was asked for with other data")
        rest = news.total if trade.total is None else self._remaining(trade)
        if (refund is None or refund.state == "failed") and amount > rest:
            raise Refused("more than what remains of the payment")

    def _book_refund(self, trade, news):
        if news.refund_id is None:
            return
        if trade.status in ("none", "waiting"):  # what is refunded was paid, even if that news never came
            trade.status, trade.was_paid, trade.paid_at = "paid", True, news.paid_at
        refund = self.find_refund(news.refund_id)
        if refund is None:
            refund = Refund(news.refund_id, trade.out_trade_no, news.refund_fee, trade.currency)
            self._refunds[refund.id] = refund
        self.refund_done(refund)

    def _has_refund(self, trade):
        return self.refunded(trade.out_trade_no) + self.pending(trade.out_trade_no) > 0

    def _remaining(self, trade):
        return trade.total - self.refunded(trade.out_trade_no) - self.pending(trade.out_trade_no)

    def refunded(self, out_trade_no):
        return sum((each.amount for each in self._of(out_trade_no) if each.state == "done"), NOTHING)

    def pending(self, out_trade_no):
        return sum((each.amount for each in self._of(out_trade_no) if each.pending), NOTHING)

    def _of(self, out_trade_no):
        return [refund for refund in self._refunds.values() if refund.out_trade_no == out_trade_no]

    # --- cancelling -----------------------------------------------------------------------------------

    def may_cancel(self, out_trade_no, trade_no, now):
        trade = self.find(out_trade_no)
        if trade is None:
            return  # a payment that never arrived here may still be rolled back
        if trade_no and trade.trade_no and trade_no != trade.trade_no:
            raise Refused("the trade has another trade_no")
        if trade.status == "closed":
            raise Refused("the trade is closed")
        if self._has_refund(trade):
            raise Refused("a refund was made: refund the rest instead")
        if trade.was_paid and not same_beijing_day(trade.paid_at, now):
            raise Refused("the day of the payment is over in Beijing: refund instead")

    def cancel_sent(self, out_trade_no):
        """Noted before the request is sent."""
        trade = self._open(out_trade_no)
        trade.undecided = trade.status != "cancelled"
        return trade

    def cancel_done(self, trade):
        trade.undecided = False
        trade.status = "cancelled"

    # --- looking --------------------------------------------------------------------------------------

    def state(self, out_trade_no):
        trade = self.find(out_trade_no)
        if trade is None:
            return "none"
        if trade.undecided:
            return "undecided"
        refunded = self.refunded(out_trade_no)
        if trade.status != "paid" or not refunded:
            return trade.status
        return "refunded" if refunded == trade.total else "partly_refunded"
