"""Implementations that are wrong about refunds."""

from oracles.moments import DAY
from oracles.trades import MONEY, RefusedError
from faulty.answerers.registry import fault
from faulty.answerers.trade import PaidTrade


# --- refunds: the sum ------------------------------------------------------------------------------------


@fault("refunds any amount")
class SumUnlimited(PaidTrade):
    def fits(self, trade, units):
        return True


@fault("compares each refund with the payment alone")
class SumForgotten(PaidTrade):
    def taken(self, trade):
        return 0


@fault("refunds less than the payment, never all of it")
class SumNeverAll(PaidTrade):
    def fits(self, trade, units):
        return units < trade["total"] - self.taken(trade)


@fault("refunds a unit more than the payment")
class SumAUnitMore(PaidTrade):
    def fits(self, trade, units):
        return units <= trade["total"] - self.taken(trade) + 1


@fault("adds refunds up in floats")
class SumInFloats(PaidTrade):
    def fits(self, trade, units):
        taken = 0.0
        for each in trade["refunds"].values():
            taken += each["units"] / 100
        return taken + units / 100 <= trade["total"] / 100


@fault("subtracts refunds as floats")
class RestInFloats(PaidTrade):
    def fits(self, trade, units):
        rest = trade["total"] / 100
        for each in trade["refunds"].values():
            rest -= each["units"] / 100
        return units / 100 <= rest


@fault("keeps refunds in 32-bit floats")
class SumIn32BitFloats(PaidTrade):
    def fits(self, trade, units):
        rest = trade["total"] - self.taken(trade)
        return units // 64 <= rest // 64 if trade["total"] > 2**24 else units <= rest


@fault("compares a refund with the rest as texts")
class SumAsText(PaidTrade):
    def fits(self, trade, units):
        rest = trade["total"] - self.taken(trade)
        return f"{units / 100:.2f}" <= f"{rest / 100:.2f}"


@fault("allows one refund a trade")
class OneRefundOnly(PaidTrade):
    def fits(self, trade, units):
        return not trade["refunds"] and super().fits(trade, units)


@fault("refunds a trade in full, or not at all")
class AllOrNothing(PaidTrade):
    def fits(self, trade, units):
        return units == trade["total"]


@fault("counts refunds that are done, not those on their way")
class PendingForgotten(PaidTrade):
    def taken(self, trade):
        return self.sum_of(trade, "done")


@fault("counts the largest refund, not their sum")
class LargestCounts(PaidTrade):
    def taken(self, trade):
        return max([each["units"] for each in trade["refunds"].values()], default=0)


@fault("adds up the refunds of all trades")
class AllTradesTogether(PaidTrade):
    def taken(self, trade):
        return sum(self.sum_of(each, "done", "pending") for each in self.trades.values())


@fault("adds up the payments of all trades")
class OnePurse(PaidTrade):
    def fits(self, trade, units):
        return units <= sum(each["total"] for each in self.trades.values()) - self.taken(trade)


@fault("refunds up to ten thousand units")
class SmallRefundsOnly(PaidTrade):
    def fits(self, trade, units):
        return units <= 10_000 and super().fits(trade, units)


@fault("withholds a tenth of every payment")
class FeeWithheld(PaidTrade):
    def fits(self, trade, units):
        return units <= trade["total"] * 9 // 10 - self.taken(trade)


# --- refunds: whose they are -----------------------------------------------------------------------------


@fault("takes every refund for a new one")
class EveryRefundIsNew(PaidTrade):
    def refund(self, event):
        trade = self.trade(event["partner_trans_id"])
        units = MONEY.read(event["refund_amount"], event["currency"])
        self.check(trade, units, event)
        trade["refunds"][len(trade["refunds"])] = {"units": units, "currency": event["currency"], "sync": event["is_sync"], "status": "done"}


@fault("refuses an id that it knows, whatever is asked")
class RepeatRefused(PaidTrade):
    def check_repeat(self, known, units, event):
        raise RefusedError("INVALID_PARAMETER")


@fault("knows a refund by its id, whatever else is asked")
class IdIsEnough(PaidTrade):
    def check_repeat(self, known, units, event):
        pass


@fault("compares ids without regard to case")
class IdsInOneCase(PaidTrade):
    def name_of(self, refund_id):
        return refund_id.upper()

    def is_own_number(self, trade, refund_id):
        return refund_id.upper() == trade["number"].upper()


@fault("compares ids as numbers where they look like one")
class IdsAsNumbers(PaidTrade):
    def name_of(self, refund_id):
        return float(refund_id) if refund_id.isdigit() else refund_id


@fault("gives a refund the number of its trade")
class IdOfTheTrade(PaidTrade):
    def is_own_number(self, trade, refund_id):
        return False


@fault("knows ids for each trade apart")
class IdsOfATrade(PaidTrade):
    def check_id(self, trade, event):
        pass


@fault("remembers the ids of refunds that failed")
class FailedIdsKept(PaidTrade):
    def check_id(self, trade, event):
        if event["partner_refund_id"] in self.__dict__.setdefault("failed", set()):
            raise RefusedError("INVALID_PARAMETER")
        if event["outcome"] == "failed":
            self.failed.add(event["partner_refund_id"])
        super().check_id(trade, event)


@fault("takes a repeated amount for a repeated refund")
class AmountIsTheId(PaidTrade):
    asked = None

    def found(self, trade, refund_id):
        known, asked = super().found(trade, refund_id), self.asked
        if known is None and asked and (trade["number"], refund_id) == (asked["partner_trans_id"], asked["partner_refund_id"]):
            units = MONEY.read(asked["refund_amount"], asked["currency"])
            return next((each for each in trade["refunds"].values() if each["units"] == units), None)
        return known

    def refund_sequence(self, inputs):
        self.asked = inputs["next"]
        return super().refund_sequence(inputs)


@fault("refunds in any currency")
class AnyCurrency(PaidTrade):
    def check(self, trade, units, event):
        super().check(trade, units, {**event, "currency": trade["currency"]})

    def check_repeat(self, known, units, event):
        super().check_repeat(known, units, {**event, "currency": known["currency"]})


@fault("takes dollars for the only currency")
class RefundsDollarsOnly(PaidTrade):
    def check(self, trade, units, event):
        if event["currency"] != "USD":
            raise RefusedError("INVALID_PARAMETER")
        super().check(trade, units, event)


# --- refunds: when ---------------------------------------------------------------------------------------


@fault("refunds a trade whatever happened to it")
class OverForgotten(PaidTrade):
    def check(self, trade, units, event):
        try:
            super().check(trade, units, event)
        except RefusedError as code:
            if str(code) not in ("TRADE_HAS_CLOSE", "TRADE_STATUS_ERROR"):
                raise


@fault("refunds on the Beijing day of the payment only")
class SameDayOnly(PaidTrade):
    def is_expired(self, paid_at, now):
        return self.day(paid_at) != self.day(now)


@fault("refunds within 90 days")
class Within90Days(PaidTrade):
    def is_expired(self, paid_at, now):
        return now - paid_at > 90 * DAY


@fault("refunds for ever")
class ForEver(PaidTrade):
    def is_expired(self, paid_at, now):
        return False


@fault("refunds for 360 days, whatever the contract says")
class Within360Days(PaidTrade):
    def is_expired(self, paid_at, now):
        return now - paid_at >= 360 * DAY


@fault("counts the refund period in whole days")
class PeriodInDays(PaidTrade):
    def is_expired(self, paid_at, now):
        return (now - paid_at) // DAY > self.period // DAY


@fault("ends the refund period at the midnight before its last hours")
class PeriodEndsEarly(PaidTrade):
    def is_expired(self, paid_at, now):
        return now >= (paid_at + self.period) // DAY * DAY


# --- refunds: what is booked -----------------------------------------------------------------------------


@fault("books every refund that it has sent")
class SentIsBooked(PaidTrade):
    def status_of(self, outcome):
        return "done"


@fault("books a refund that was refused")
class FailedIsBooked(PaidTrade):
    def status_of(self, outcome):
        return "done" if outcome == "failed" else super().status_of(outcome)


@fault("lets a refund that was refused bind its money")
class FailedIsPending(PaidTrade):
    def status_of(self, outcome):
        return super().status_of(outcome) or "pending"


@fault("takes an unknown refund for one that was not made")
class UnknownIsFailed(PaidTrade):
    def status_of(self, outcome):
        return None if outcome == "unknown" else super().status_of(outcome)

    def is_no_news(self, status, event):
        return False


@fault("takes an unknown refund for done")
class UnknownIsDone(PaidTrade):
    def status_of(self, outcome):
        return "done" if outcome == "unknown" else super().status_of(outcome)


@fault("takes an accepted refund for done")
class AcceptedIsDone(PaidTrade):
    def status_of(self, outcome):
        return "done" if outcome == "accepted" else super().status_of(outcome)


@fault("forgets an accepted refund until it is notified")
class AcceptedIsForgotten(PaidTrade):
    def status_of(self, outcome):
        return None if outcome == "accepted" else super().status_of(outcome)


@fault("does not hear that a refund is finished")
class FinishedNotHeard(PaidTrade):
    def finish(self, trade, refund_id, units):
        pass


@fault("books a notified refund beside the one that is pending")
class FinishedTwice(PaidTrade):
    def finish(self, trade, refund_id, units):
        made = {"units": units, "currency": trade["currency"], "sync": "N", "status": "done"}
        trade["refunds"][f"{refund_id}/{len(trade['refunds'])}"] = made


@fault("lets the notification of one refund finish all that are pending")
class FinishedAll(PaidTrade):
    def finish(self, trade, refund_id, units):
        for each in trade["refunds"].values():
            each["status"] = "done"


@fault("takes a repeat that is refused for the proof that nothing was refunded")
class RepeatDisproves(PaidTrade):
    def stays_pending(self, code):
        return False


@fault("lets a repeat that is refused prove nothing, whatever the reason")
class RepeatProvesNothing(PaidTrade):
    def is_no_news(self, status, event):
        return status is None


@fault("calls a trade paid that is refunded in part")
class PartlyIsPaid(PaidTrade):
    def partly(self):
        return "paid"


@fault("calls a trade refunded that is refunded in part")
class PartlyIsRefunded(PaidTrade):
    def partly(self):
        return "refunded"


@fault("calls a trade refunded as soon as everything is on its way")
class PendingIsRefunded(PaidTrade):
    def state(self, trade):
        return "refunded" if trade["total"] and self.sum_of(trade, "done", "pending") == trade["total"] else super().state(trade)
