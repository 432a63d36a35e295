"""Carry out CREATE, CANCEL and REFUND, and book what came of them."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from alipay_qr_conformance.subjects import Refused
from faulty.reference.values import CANCEL, CREATE, NO_CENTS, REFUND, Refund, Trade


class Calls:
    # === CREATE =========================================================================================

    def biz_data(self, given):
        return given

    def create_fields(self, biz_data, notify_url):
        return {
            "timestamp": self.timestamp(),
            "notify_url": notify_url,
            "biz_type": "OVERSEASHOPQRCODE",
            "biz_data": self.json(self.biz_data(biz_data)),
        }

    def create_qr_code(self, biz_data, notify_url=None, gateway_url=None, now=None):
        self.now = datetime.fromisoformat(now)
        fields = self.create_fields(biz_data, notify_url or self.settings["notify_url"])
        reply = self.ask(gateway_url, CREATE, fields)
        return self.told(reply, **self.code_of(reply))

    def code_of(self, reply):
        return {name: reply.fields.get(name) for name in ("qrcode", "qrcode_img_url")}

    # === CANCEL =========================================================================================

    def trade_of(self, number):
        return self.trades.setdefault(number, Trade(number))

    def same_day(self, paid_at, now):
        return self.beijing_time(paid_at).date() == self.beijing_time(now).date()

    def may_cancel_now(self, trade):
        return trade.paid_at is None or self.same_day(trade.paid_at, self.now)

    def may_cancel_after_refunds(self, trade):
        return trade.sum_of("unknown", "accepted", "done") == 0

    def when_cancel_is_unknown(self, trade):
        trade.undecided = True

    def when_cancel_failed(self, trade, was_undecided):
        trade.undecided = was_undecided

    def book_cancel(self, trade):
        trade.status, trade.undecided = "cancelled", False

    def cancel_fields(self, out_trade_no, trade_no):
        return {"timestamp": self.timestamp(), "out_trade_no": out_trade_no, "trade_no": trade_no}

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        self.now = datetime.fromisoformat(now)
        trade = self.trade_of(out_trade_no)
        if not self.may_cancel_now(trade):
            raise Refused("its Beijing day is over: refund it")
        if not self.may_cancel_after_refunds(trade):
            raise Refused("it has a refund: refund the rest")
        was_undecided = trade.undecided
        reply = self.ask(gateway_url, CANCEL, self.cancel_fields(out_trade_no, trade_no))
        if reply.outcome == "success":
            self.book_cancel(trade)
        elif reply.outcome == "unknown":
            self.when_cancel_is_unknown(trade)
        else:
            self.when_cancel_failed(trade, was_undecided)
        return self.told(reply, action=reply.fields.get("action"), via="cancel")

    # === REFUND =========================================================================================

    def decimals(self, currency):
        return 0 if currency in NO_CENTS else 2

    def amount(self, text, currency):
        if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", text):
            raise Refused("no amount")
        value = Decimal(text)
        if value != value.quantize(Decimal(1).scaleb(-self.decimals(currency))):
            raise Refused("too many decimals for this currency")
        return value

    def taken(self, trade):
        """What may not be refunded any more."""
        return trade.sum_of("unknown", "accepted", "done")

    def fits(self, trade, amount):
        return self.taken(trade) + amount <= trade.total

    def may_refund(self, trade):
        return trade.status not in ("cancelled", "closed")

    def may_refund_at_this_time(self, trade):
        return trade.paid_at is None or self.now - trade.paid_at <= timedelta(days=365)

    def right_currency(self, trade, currency):
        return trade.currency in (None, currency)

    def right_id(self, trade, refund_id):
        return refund_id != trade.number

    def is_same_refund(self, known, amount, currency, sync):
        return (known.amount, known.currency, known.sync) == (amount, currency, sync)

    def may_repeat(self, known):
        return True

    def refund_notify_url(self, args):
        """Where the news of a refund goes that does not move at once."""
        return args["notify_url"] or (None if args["is_sync"] == "Y" else self.settings["notify_url"])

    def refund_fields(self, args):
        amount = self.amount_on_the_wire(args["refund_amount"], args["currency"])
        return {**args, "refund_amount": amount, "notify_url": self.refund_notify_url(args)}

    def refund(self, partner_trans_id, partner_refund_id, refund_amount, currency, refund_reason=None,
               is_sync=None, alipay_trans_id=None, notify_url=None, gateway_url=None, now=None):
        self.now = datetime.fromisoformat(now)
        trade = self.trade_of(partner_trans_id)
        amount, sync = self.amount(refund_amount, currency), is_sync or "N"
        if not self.right_id(trade, partner_refund_id):
            raise Refused("the refund needs an id of its own")
        if not self.right_currency(trade, currency):
            raise Refused("it was paid in another currency")
        known = trade.refunds.get(partner_refund_id)
        if known and known.status != "failed":
            if not self.is_same_refund(known, amount, currency, sync):
                raise Refused("this id stands for another refund")
            if known.status == "done":
                return {"outcome": "success"}
            if not self.may_repeat(known):
                raise Refused("this id was used")
            repeated = True
        else:
            self.check_new_refund(trade, amount)
            known, repeated = Refund(partner_refund_id, amount, currency, sync), False
            trade.refunds[partner_refund_id] = known
        args = {
            "partner_trans_id": partner_trans_id,
            "partner_refund_id": partner_refund_id,
            "refund_amount": refund_amount,
            "currency": currency,
            "refund_reason": refund_reason,
            "is_sync": is_sync,
            "alipay_trans_id": alipay_trans_id,
            "notify_url": notify_url,
        }
        reply = self.ask_refund(gateway_url, args, known)
        if reply.outcome == "success" and not self.moves_at_once(sync):
            reply.outcome = "accepted"
        self.book_refund(trade, known, reply, repeated)
        return self.told(reply)

    def check_new_refund(self, trade, amount):
        if not self.may_refund(trade):
            raise Refused("the trade is over")
        if not self.may_refund_at_this_time(trade):
            raise Refused("the refund period is over")
        if trade.total is not None and not self.fits(trade, amount):
            raise Refused("less remains")

    def ask_refund(self, url, args, refund):
        return self.ask(url, REFUND, self.refund_fields(args))

    def moves_at_once(self, sync):
        return sync == "Y"

    def book_refund(self, trade, refund, reply, repeated):
        refund.status = {
            "success": self.when_refunded(),
            "accepted": self.when_accepted(),
            "unknown": self.when_refund_is_unknown(),
            "failed": refund.status if repeated else self.when_refund_failed(),
        }[reply.outcome]

    def when_refunded(self):
        return "done"

    def when_accepted(self):
        return "accepted"

    def when_refund_is_unknown(self):
        return "unknown"

    def when_refund_failed(self):
        return "failed"
