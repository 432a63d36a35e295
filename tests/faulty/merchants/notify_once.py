"""Merchants that break `notify.once.*`: one payment counts twice."""

import threading
import time
from datetime import timedelta

from faulty.merchants.common import ManyAtOnce
from faulty.reference import Healthy, fault


@fault("releases the goods with every notification", "notify.once.fulfilled")
class ReleasesAgain(Healthy):
    def releases_goods(self, trade, news, becomes):
        return becomes == "paid"


@fault("knows a replay by its notify_id alone", "notify.once.fulfilled")
class ReplayByIdAlone(Healthy):
    def releases_goods(self, trade, news, becomes):
        return becomes == "paid" and news["notify_id"] not in trade.seen


@fault("refuses a notification that it has seen", "notify.once.acknowledged")
class RefusesReplays(Healthy):
    def acknowledges_replays(self):
        return False


@fault("forgets what it released with every fiftieth arrival of a payment", "notify.once.fulfilled")
class ForgetsAfterFifty(Healthy):
    def releases_goods(self, trade, news, becomes):
        trade.arrivals = getattr(trade, "arrivals", 0) + 1
        return super().releases_goods(trade, news, becomes) or (becomes == "paid" and trade.arrivals % 50 == 0)


@fault("looks whether goods were released, and releases them a moment later", "notify.once.fulfilled")
class RacesWithItself(Healthy):
    def hello(self, protocol):
        return {**super().hello(protocol), "parallel": True}

    def releases_goods(self, trade, news, becomes):
        found = super().releases_goods(trade, news, becomes)
        if found:
            time.sleep(0.02)
        return found


# Level 4, MUST: paid once, delivered once, also when the same news come twice at the same moment.
@fault("looks whether goods have left, works a little, and writes it down then", "notify.once.fulfilled", found_by="blind 1")
class DeliversInARace(ManyAtOnce):
    def refund(self, **args):
        with self.lock:
            return super().refund(**args)

    def releases_goods(self, trade, news, becomes):
        due = super().releases_goods(trade, news, becomes)
        threading.Event().wait(0.01)
        return due


# Level 4, MUST: paid once, delivered once, also when the trade is finished later.
@fault("releases goods at TRADE_SUCCESS, and again at TRADE_FINISHED", "notify.once.fulfilled", found_by="blind 2")
class ReleasesAtTheEndAgain(Healthy):
    def releases_goods(self, trade, news, becomes):
        finished = news.get("trade_status") == "TRADE_FINISHED"
        first = finished and not getattr(trade, "finished", False)
        trade.finished = finished or getattr(trade, "finished", False)
        return super().releases_goods(trade, news, becomes) or (first and trade.status == "paid")


@fault("remembers for a day what it released", "notify.once.fulfilled")
class RemembersForADay(Healthy):
    def __init__(self):
        super().__init__()
        self.released = {}

    def releases_goods(self, trade, news, becomes):
        last = self.released.get(trade.number)
        forgotten = last is not None and self.now - last > timedelta(days=1)
        releases = becomes == "paid" and forgotten or super().releases_goods(trade, news, becomes)
        if releases:
            self.released[trade.number] = self.now
        return releases
