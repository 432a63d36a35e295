"""Merchants that break `notify.once.*`: one payment counts twice."""

import threading
import time
from collections import deque
from datetime import timedelta

from faulty.merchants.common import ManyAtOnce
from faulty.reference import Healthy, fault, harmless


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


class ReleasesWhere(Healthy):
    """Releases goods again for a known payment where `again` says so."""

    def releases_goods(self, trade, news, becomes):
        if super().releases_goods(trade, news, becomes):
            return True
        return becomes == "paid" and trade.status == "paid" and not self.is_refund_news(news) and self.again(trade, news)


@fault("empties its list of released orders at Beijing midnight", "notify.once.fulfilled")
class ForgetsAtMidnight(ReleasesWhere):
    def releases_goods(self, trade, news, becomes):
        if found := super().releases_goods(trade, news, becomes):
            trade.left_on = self.beijing_time(self.now).date()
        return found

    def again(self, trade, news):
        return trade.left_on != self.beijing_time(self.now).date()


class Remembers(ReleasesWhere):
    """Keeps a list of the orders that it released."""

    most = None

    def __init__(self):
        super().__init__()
        self.released = deque(maxlen=self.most)

    def releases_goods(self, trade, news, becomes):
        if found := super().releases_goods(trade, news, becomes):
            self.released.append(trade.number)
        return found

    def again(self, trade, news):
        return trade.number not in self.released


@fault("remembers the order that it released last, and no other", "notify.once.fulfilled")
class RemembersTheLast(Remembers):
    most = 1


@fault("keeps its list of released orders with its settings, and loses both when it is configured anew", "notify.once.fulfilled")
class ForgetsWhenConfigured(Remembers):
    def configure(self, **settings):
        self.released.clear()
        return super().configure(**settings)


@fault("releases the goods once more when the payment is repeated after a refund in part", "notify.once.fulfilled")
class ReleasesAfterPart(ReleasesWhere):
    def again(self, trade, news):
        return trade.sum_of("done") > 0


@fault("releases the goods once more when the payment is repeated after a refused cancel", "notify.once.fulfilled")
class ReleasesAfterRefusedCancel(ReleasesWhere):
    def when_cancel_failed(self, trade, was_undecided):
        super().when_cancel_failed(trade, was_undecided)
        trade.refused = True

    def again(self, trade, news):
        return getattr(trade, "refused", False)


@fault("knows a repeat by its notify_time, which is new each time", "notify.once.fulfilled")
class KnowsRepeatsByTime(ReleasesWhere):
    def releases_goods(self, trade, news, becomes):
        found = super().releases_goods(trade, news, becomes)
        trade.times = {*getattr(trade, "times", ()), news.get("notify_time")}
        return found

    def again(self, trade, news):
        return news.get("notify_time") not in trade.times


@fault("counts repeats in one digit, and releases the goods again with the tenth", "notify.once.fulfilled")
class CountsInOneDigit(ReleasesWhere):
    def again(self, trade, news):
        trade.repeats = getattr(trade, "repeats", 0) + 1
        return trade.repeats % 10 == 0


@fault("acknowledges two repeats of a notification and refuses the third", "notify.once.acknowledged")
class RefusesTheThirdRepeat(Healthy):
    def acknowledges_replays(self):
        self.repeats = getattr(self, "repeats", 0) + 1
        return self.repeats < 3


@fault("refuses the repeat of a notification on another day than the first", "notify.once.acknowledged")
class RefusesRepeatsNextDay(Healthy):
    def is_replay(self, trade, news):
        self.first = getattr(trade, "first", None)
        if self.first is None:
            trade.first = self.now
        return super().is_replay(trade, news)

    def acknowledges_replays(self):
        return self.first is None or self.same_day(self.first, self.now)


@harmless("writes down how often a notification was repeated")
class CountsRepeats(Healthy):
    def acknowledges_replays(self):
        self.repeats = getattr(self, "repeats", 0) + 1
        return True


@fault("keeps the last sixteen released orders in a ring, and no others", "notify.once.fulfilled")
class RingOfSixteen(Remembers):
    most = 16


@fault("releases goods once on the day of the handbook's examples, and with every repeat on other days", "notify.once.fulfilled")
class KnowsTheDay(ReleasesWhere):
    seed = 7

    def again(self, trade, news):
        return str(self.beijing_time(self.now).date()) != "2026-03-09"
