"""The reference merchant with queues: it acknowledges first, and books or releases later."""

import base64
import threading
import time
from urllib.parse import parse_qsl

from harmless.base import Healthy, harmless


def later(seconds, do, *args):
    timer = threading.Timer(seconds, do, args)
    timer.daemon = True
    timer.start()


class BooksLater(Healthy):
    """Acknowledges, and books after `delay` seconds."""

    def book(self, trade, news, total, currency):
        later(self.delay, self.book_now, self.trades, trade, news, total, currency)

    def book_now(self, books, *args):
        if books is self.trades:  # not reset meanwhile
            super().book(*args)


@harmless()
class QueueOf50Ms(BooksLater):
    """Books 50 ms after its acknowledgement (adapter protocol: a trade is polled up to 2 s)."""

    delay = 0.05


@harmless()
class QueueOf200Ms(BooksLater):
    """Books 200 ms after its acknowledgement (adapter protocol: a trade is polled up to 2 s)."""

    delay = 0.2


@harmless()
class QueueOf800Ms(BooksLater):
    """Books 800 ms after its acknowledgement (adapter protocol: a trade is polled up to 2 s)."""

    delay = 0.8


@harmless()
class QueueOf1500Ms(BooksLater):
    """Books 1.5 s after its acknowledgement (adapter protocol: a trade is polled up to 2 s)."""

    delay = 1.5


class ReleasesLater(Healthy):
    """Books at once, and releases the goods after `delay` seconds."""

    def releases_goods(self, trade, news, becomes):
        if super().releases_goods(trade, news, becomes):
            later(self.delay, self.release, trade)
        return False

    def release(self, trade):
        trade.fulfilled += 1


@harmless()
class ReleasesIn100Ms(ReleasesLater):
    """Releases the goods 100 ms after booking (once does not mean at once)."""

    delay = 0.1


@harmless()
class ReleasesIn1500Ms(ReleasesLater):
    """Releases the goods 1.5 s after booking (once does not mean at once)."""

    delay = 1.5


@harmless()
class ReadsACopy(Healthy):
    """Shows its books from a copy that is 300 ms behind (adapter protocol: a trade is polled up to 2 s)."""

    delay = 0.3

    def __init__(self):
        super().__init__()
        self.copies = {}

    def reset(self):
        self.copies = {}
        return super().reset()

    def note(self, number, *, before):
        moment = time.monotonic() - (self.delay if before else 0)
        self.copies.setdefault(number, []).append((moment, super().trade(number)))

    def noted(self, number, do, **args):
        if number not in self.copies:
            self.note(number, before=True)
        try:
            return do(**args)
        finally:
            self.note(number, before=False)

    def notify(self, **args):
        fields = dict(parse_qsl(base64.b64decode(args["body_base64"]).decode("latin-1")))
        return self.noted(fields.get("out_trade_no", ""), super().notify, **args)

    def expect(self, total_fee, currency, out_trade_no=None):
        awaited = {"total_fee": total_fee, "currency": currency, "out_trade_no": out_trade_no}
        return self.noted(out_trade_no, super().expect, **awaited)

    def refund(self, **args):
        return self.noted(args["partner_trans_id"], super().refund, **args)

    def cancel(self, **args):
        return self.noted(args["out_trade_no"], super().cancel, **args)

    def trade(self, out_trade_no):
        known = self.copies.get(out_trade_no, [])
        old = [told for moment, told in known if moment <= time.monotonic() - self.delay]
        return old[-1] if old else {"state": "none"}
