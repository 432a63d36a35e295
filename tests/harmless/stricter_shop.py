"""The reference merchant in shops that do less for a customer than they may; each declares it."""

import re
from datetime import timedelta
from decimal import Decimal

from alipay_qr_conformance import Refused
from harmless.base import Healthy, harmless


@harmless(cancel_margin=15)
class StopsBeforeMidnight(Healthy):
    """Cancels nothing in the last 15 minutes of the day (Cancel Flow 2 lets it, and does not make it)."""

    def may_cancel_now(self, trade):
        return super().may_cancel_now(trade) and (
            trade.paid_at is None or self.same_day(trade.paid_at, self.now + timedelta(minutes=15))
        )


@harmless(partial_refunds="refuse")
class WholeRefundsOnly(Healthy):
    """Refunds the whole or nothing (Refund Flow 3 permits parts and demands none)."""

    def fits(self, trade, amount):
        return super().fits(trade, amount) and amount == trade.total


@harmless(max_refunds=1)
class RefundsOnce(Healthy):
    """Makes one refund of a trade (Refund Flow 3 permits several and demands none)."""

    def fits(self, trade, amount):
        return super().fits(trade, amount) and not trade.refunds


@harmless(max_refunds=3)
class RefundsThrice(Healthy):
    """Makes three refunds of a trade at most (Refund Flow 3 permits several and demands none)."""

    def fits(self, trade, amount):
        return super().fits(trade, amount) and len(trade.refunds) < 3


@harmless(min_partial_refund="0.50")
class NoSmallChange(Healthy):
    """Refunds no part below 0.50 unless it is the rest (Refund Flow 3 permits parts and demands none)."""

    def fits(self, trade, amount):
        rest = trade.total - self.taken(trade)
        return super().fits(trade, amount) and (amount >= Decimal("0.50") or amount == rest)


@harmless(refund_period=180)
class HalfYear(Healthy):
    """Refunds for 180 days (Refund Flow 2: the period is the contract's)."""

    def may_refund_at_this_time(self, trade):
        return trade.paid_at is None or self.now - trade.paid_at <= timedelta(days=180)


@harmless(line_ends="refuse")
class OneLineValues(Healthy):
    """Refuses line ends in a value (no page makes them legal)."""

    def value(self, value):
        if value and re.search(r"[\r\n]", value):
            raise Refused("no line ends in a value")
        return value


class CancelsByRefund(Healthy):
    """Refunds the whole of a paid trade where it is told to cancel it."""

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        trade = self.trade_of(out_trade_no)
        if trade.status != "paid" or trade.undecided or self.taken(trade):
            return super().cancel(out_trade_no, trade_no, gateway_url, now)
        told = self.refund(
            out_trade_no,
            f"{out_trade_no}-all",
            self.written(trade.total, trade.currency),
            trade.currency,
            is_sync="Y",
            gateway_url=gateway_url,
            now=now,
        )
        return {**told, "action": "refund", "via": "refund"}


@harmless(largest_refund="500.00")
class TillRefunds500(Healthy):
    """Refunds at most 500.00 at a time, more at the head office (Refund Flow 3 permits, demands none)."""

    def fits(self, trade, amount):
        return super().fits(trade, amount) and amount <= Decimal("500.00")


@harmless(paid_cancel="refuse")
class GoodsHaveLeft(Healthy):
    """Cancels no trade that is known as paid: money goes back by REFUND (Cancel Flow 2: "is able to")."""

    def may_cancel_now(self, trade):
        return super().may_cancel_now(trade) and (trade.undecided or trade.paid_at is None)


@harmless(paid_cancel="refund")
class CancelButtonRefunds(CancelsByRefund):
    """Refunds a paid trade by REFUND where it is told to cancel it (Refund Flow 2: REFUND is applicable)."""


@harmless()
class CancelButtonRefundsUndeclared(CancelsByRefund):
    """Refunds a paid trade by REFUND where it is told to cancel it, undeclared (Refund Flow 2)."""


@harmless(create="cached")
class RemembersCodes(Healthy):
    """Answers CREATE of a known store from its books (CREATE page: later calls return the existing code)."""

    def create_qr_code(self, biz_data, notify_url=None, gateway_url=None, now=None):
        key = repr(sorted(biz_data.items(), key=repr))
        if key not in self.codes:
            told = super().create_qr_code(biz_data, notify_url, gateway_url, now)
            if told["outcome"] != "success":
                return told
            self.codes[key] = told
        return self.codes[key]


@harmless()
class PlainNumbers(Healthy):
    """Takes numbers of letters, digits, - and _ alone (CANCEL and REFUND pages: String(64), no more)."""

    def trade_of(self, number):
        self.check_number(number)
        return super().trade_of(number)

    def right_id(self, trade, refund_id):
        self.check_number(refund_id)
        return super().right_id(trade, refund_id)

    def check_number(self, number):
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", number):
            raise Refused("no number of ours")


@harmless()
class ShortNumbersOfItsOwn(Healthy):
    """Gives its refunds numbers of 32 characters at most (REFUND page: String(64), the merchant's own)."""

    def right_id(self, trade, refund_id):
        if len(refund_id) > 32:
            raise Refused("no number of ours")
        return super().right_id(trade, refund_id)


@harmless()
class NoQueryInItsUrl(Healthy):
    """Declines a CREATE whose notify_url has a query (help page 201602631377: register one without)."""

    def create_qr_code(self, biz_data, notify_url=None, **args):
        if "?" in (notify_url or ""):
            raise Refused("no query in a notify_url")
        return super().create_qr_code(biz_data, notify_url=notify_url, **args)
