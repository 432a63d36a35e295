"""Values and bases that merchants of several families share."""

import threading

from faulty.reference import Healthy


# What follows when text and sign are made wrongly in one place that everything uses.
EVERYWHERE = ("request.sign.valid", "verify.genuine", "notify.genuine", "response.genuine")


# A response that proves nothing is believed, and with it refunds and cancels that nobody proved.
UNPROVED = ("response.unproved", "money.refund.unknown", "money.cancel.unknown")


# Where every forgery of some shape is believed: each kind of sign is as good as none.
ANY_FORGERY = ("notify.reject.changed", "notify.reject.no-sign", "notify.reject.bad-sign",
               "notify.reject.other-key", "notify.reject.other-type")


def asks_notify_verify(shop, pairs):
    query = f"service=notify_verify&partner={shop.partner()}&notify_id={dict(pairs).get('notify_id', '')}"
    return shop.transmit(None, "GET", query, "") == b"true"


class SecondDoor(Healthy):
    """Books what comes another way, unverified."""

    def book_unverified(self, news, now):
        from datetime import datetime

        self.now = datetime.fromisoformat(now)
        self.book(self.trade_of(news["out_trade_no"]), news, *self.paid_amount(news))
        return self.yes()


class ManyAtOnce(Healthy):
    """Several calls at once: the clock belongs to each of them."""

    def __init__(self):
        self.here = threading.local()
        self.lock = threading.RLock()
        super().__init__()

    @property
    def now(self):
        return self.here.now

    @now.setter
    def now(self, moment):
        self.here.now = moment

    def hello(self, protocol):
        return {**super().hello(protocol), "parallel": True}


class TrustsAfter(Healthy):
    """Verifies news, but not those of a trade of which it has seen enough."""

    def trusts(self, trade):
        raise NotImplementedError

    def believes(self, pairs, charset):
        trade = self.trades.get(dict(pairs).get("out_trade_no"))
        return super().believes(pairs, charset) or (trade is not None and self.trusts(trade))
