"""Animals that lose money, or give it away."""

from datetime import datetime, timedelta
from decimal import Decimal

from zoo.keeper import BEIJING, QUERY, REFUND, Healthy, Refused, Reply, animal, cousin

# --- refunds: the sum -----------------------------------------------------------------------------------


@animal("does not add refunds up", "money.refund.sum")
class RefundsNotSummed(Healthy):
    def fits(self, trade, amount):
        return amount <= trade.total


@animal("refunds any amount", "money.refund.sum", "money.any-history")
class AnyAmountRefunded(Healthy):
    def fits(self, trade, amount):
        return True


@animal("adds refunds up in floats", "money.refund.exact")
class FloatSum(Healthy):
    def fits(self, trade, amount):
        total = 0.0
        for each in trade.refunds.values():
            total += float(each.amount) if each.status != "failed" else 0.0
        return total + float(amount) <= float(trade.total)


@animal("refunds less than the payment, never all of it", "money.refund.exact")
class NeverInFull(Healthy):
    def fits(self, trade, amount):
        return self.taken(trade) + amount < trade.total


@animal("refunds a cent more than the payment, to be on the safe side", "money.refund.sum")
class OneCentMore(Healthy):
    def fits(self, trade, amount):
        return self.taken(trade) + amount <= trade.total + Decimal("0.01")


@animal("allows one refund a trade", "money.refund.exact")
class OneRefundOnly(Healthy):
    def fits(self, trade, amount):
        return self.taken(trade) == 0 and super().fits(trade, amount)


@animal("does not count refunds that are pending", "money.refund.sum")
class PendingNotCounted(Healthy):
    def taken(self, trade):
        return trade.sum_of("done")


@animal("refunds a trade that it cancelled", "money.refund.sum")
class RefundAfterCancel(Healthy):
    def may_refund(self, trade):
        return True


@animal("does not compare the currency of a refund", "money.refund.currency")
class RefundInAnyCurrency(Healthy):
    def right_currency(self, trade, currency):
        return True


@animal("gives a refund the number of its trade", "money.refund.ids-differ")
class RefundUnderTradeNumber(Healthy):
    def right_id(self, trade, refund_id):
        return True


@animal("refunds on the day of the payment only", "money.refund.period")
class RefundSameDayOnly(Healthy):
    def may_refund_at_this_time(self, trade):
        return trade.paid_at is None or self.same_day(trade.paid_at, self.now)


@animal("refunds within 90 days", "money.refund.period")
class RefundWithin90Days(Healthy):
    def may_refund_at_this_time(self, trade):
        return trade.paid_at is None or self.now - trade.paid_at <= timedelta(days=90)


# --- refunds: ids and repeats ---------------------------------------------------------------------------


@animal("tries an unknown refund again under a new id", "money.refund.one-id", "money.refund.repeat")
class NewIdAfterUnknown(Healthy):
    def ask_refund(self, url, args, refund):
        reply = super().ask_refund(url, args, refund)
        if reply.outcome != "unknown":
            return reply
        return super().ask_refund(url, {**args, "partner_refund_id": args["partner_refund_id"] + "-2"}, refund)


@animal("refuses to repeat a refund whose outcome is unknown", "money.refund.repeat")
class RepeatRefused(Healthy):
    def may_repeat(self, known):
        return False


@animal("knows a refund by its id, whatever else was asked for", "money.refund.same-id")
class IdIsEnough(Healthy):
    def is_same_refund(self, known, amount, currency, sync):
        return True


@animal("books a repeated refund again", "money.refund.repeat")
class RepeatBookedAgain(Healthy):
    def may_repeat(self, known):
        return True

    def refund(self, **args):
        told = super().refund(**args)
        trade = self.trades[args["partner_trans_id"]]
        known = trade.refunds[args["partner_refund_id"]]
        calls = self.__dict__.setdefault("calls", {})
        calls[known.id] = calls.get(known.id, 0) + 1
        if calls[known.id] == 2 and known.status == "done":
            from copy import copy

            trade.refunds[known.id + "/again"] = copy(known)
        return told


# --- refunds: the books ---------------------------------------------------------------------------------


@animal("books a refund that was refused", "money.refund.not-booked")
class RefusedIsBooked(Healthy):
    def when_refund_failed(self):
        return "done"


@animal("lets a refund that was refused bind its money", "money.refund.not-booked")
class RefusedBindsMoney(Healthy):
    def when_refund_failed(self):
        return "unknown"


@animal("books a refund whose outcome is unknown", "money.refund.unknown")
class UnknownIsBooked(Healthy):
    def when_refund_is_unknown(self):
        return "done"

    def may_repeat(self, known):
        return True

    def refund(self, **args):
        # It asks again all the same when it is asked to.
        known = self.trade_of(args["partner_trans_id"]).refunds.get(args["partner_refund_id"])
        if known and known.status == "done" and known.__dict__.get("doubt"):
            known.status = "unknown"
        told = super().refund(**args)
        known = self.trade_of(args["partner_trans_id"]).refunds.get(args["partner_refund_id"])
        known.doubt = told["outcome"] == "unknown"
        return told


@animal("calls a trade paid that is refunded in part", "money.refund.booked")
class PartlyIsPaid(Healthy):
    def partly_refunded(self):
        return "paid"


@animal("books an accepted refund as done", "money.refund.asynchronous")
class AcceptedIsBooked(Healthy):
    def when_accepted(self):
        return "done"


@animal("reports an accepted refund as success", "money.refund.asynchronous")
class AcceptedIsSuccess(Healthy):
    def moves_at_once(self, sync):
        return True


@animal("takes no notice of the news that a refund is finished", "money.refund.asynchronous")
class FinishedNotHeard(Healthy):
    def book_finished_refund(self, trade, news):
        pass


# --- cancel: the window ---------------------------------------------------------------------------------


@animal("cancels within 24 hours of the payment", "money.cancel.window", "money.cancel.window-band")
class CancelWithin24Hours(Healthy):
    def same_day(self, paid_at, now):
        return now - paid_at < timedelta(hours=24)


@animal(
    "cancels on the UTC day of the payment",
    "money.cancel.same-day", "money.cancel.window", "money.cancel.window-band",
)
class CancelByUtcDay(Healthy):
    def same_day(self, paid_at, now):
        from datetime import UTC

        return paid_at.astimezone(UTC).date() == now.astimezone(UTC).date()


@animal("takes the day from the clock on its wall", "money.cancel.same-day", "money.cancel.window")
class CancelByLocalDay(Healthy):
    def same_day(self, paid_at, now):
        return paid_at.date() == now.date()


@animal("compares the day of the month alone", "money.cancel.window")
class CancelByDayOfMonth(Healthy):
    def same_day(self, paid_at, now):
        return self.beijing_time(paid_at).day == self.beijing_time(now).day


@animal("compares month and day, not the year", "money.cancel.window")
class CancelByDayOfYear(Healthy):
    def same_day(self, paid_at, now):
        return self.beijing_time(paid_at).strftime("%m%d") == self.beijing_time(now).strftime("%m%d")


@animal("takes the day on which the notification arrived for the day of the payment", "money.cancel.window")
class CancelByArrival(Healthy):
    def payment_time(self, news):
        return self.now


@animal("cancels at any time", "money.any-history", "money.cancel.window", "money.cancel.window-band")
class CancelAtAnyTime(Healthy):
    def may_cancel_now(self, trade):
        return True


@animal("cancels until a quarter past midnight", "money.cancel.window-band")
class CancelWithGrace(Healthy):
    def same_day(self, paid_at, now):
        return super().same_day(paid_at, now - timedelta(minutes=15)) or super().same_day(paid_at, now)


@animal("closes its window an hour before midnight", "money.cancel.same-day")
class CancelUntilEleven(Healthy):
    def same_day(self, paid_at, now):
        return super().same_day(paid_at, now + timedelta(hours=1))


@animal("cancels within the hour", "money.cancel.same-day")
class CancelWithinTheHour(Healthy):
    def same_day(self, paid_at, now):
        return super().same_day(paid_at, now) and now - paid_at <= timedelta(hours=1)


@animal("cancels a trade that has a refund", "money.cancel.after-refund")
class CancelAfterRefund(Healthy):
    def may_cancel_after_refunds(self, trade):
        return True


# --- cancel: the books ----------------------------------------------------------------------------------


@animal("does not book its cancels", "money.cancel.booked", "money.refund.sum")
class CancelNotBooked(Healthy):
    def book_cancel(self, trade):
        trade.undecided = False


@animal("books a cancel that was refused", "money.cancel.not-booked")
class RefusedCancelBooked(Healthy):
    def when_cancel_failed(self, trade, was_undecided):
        self.book_cancel(trade)


@animal(
    "cancels at any time, and books it before it asks",
    "money.cancel.window", "money.cancel.window-band", "money.cancel.not-booked", "money.cancel.unknown",
)
class CancelBookedFirst(Healthy):
    def may_cancel_now(self, trade):
        return True

    def when_cancel_is_unknown(self, trade):
        self.book_cancel(trade)

    def when_cancel_failed(self, trade, was_undecided):
        self.book_cancel(trade)


@animal("books a cancel whose outcome is unknown", "money.cancel.unknown")
class UnknownCancelBooked(Healthy):
    def when_cancel_is_unknown(self, trade):
        self.book_cancel(trade)


@animal("takes a cancel whose outcome is unknown for one that was not made", "money.cancel.unknown")
class UnknownCancelForgotten(Healthy):
    def when_cancel_is_unknown(self, trade):
        pass


@animal("stays undecided for ever", "money.cancel.unknown")
class UndecidedForEver(Healthy):
    def may_cancel_now(self, trade):
        if trade.undecided:
            raise Refused("nobody knows what became of the first one")
        return super().may_cancel_now(trade)


# --- cousins --------------------------------------------------------------------------------------------


@cousin("refunds with REFUND where it is too late to cancel")
class RefundsInstead(Healthy):
    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        self.now = datetime.fromisoformat(now)
        trade = self.trade_of(out_trade_no)
        if trade.paid_at is None or self.may_cancel_now(trade):
            return super().cancel(out_trade_no, trade_no, gateway_url, now)
        rest = trade.total - self.taken(trade)
        told = self.refund(out_trade_no, f"{out_trade_no}-all", self.written(rest, trade.currency), trade.currency,
                           is_sync="Y", gateway_url=gateway_url, now=now)
        return {**told, "via": "refund"}


@cousin("asks the gateway again where a refund that is done is repeated")
class AsksAgain(Healthy):
    def refund(self, **args):
        known = self.trade_of(args["partner_trans_id"]).refunds.get(args["partner_refund_id"])
        if known and known.status == "done" and known.amount == Decimal(args["refund_amount"]):
            known.status = "unknown"
        return super().refund(**args)


@cousin("repeats an unknown refund at once, under the same id")
class RepeatsAtOnce(Healthy):
    def ask_refund(self, url, args, refund):
        reply = super().ask_refund(url, args, refund)
        return super().ask_refund(url, args, refund) if reply.outcome == "unknown" else reply


@cousin("refuses other refunds while one is unknown")
class OneAtATime(Healthy):
    def check_new_refund(self, trade, amount):
        if any(each.status == "unknown" for each in trade.refunds.values()):
            raise Refused("another refund is not settled")
        super().check_new_refund(trade, amount)


@cousin("sends a refund that was asked for without is_sync with N")
class SaysAsynchronous(Healthy):
    def refund(self, **args):
        return super().refund(**{**args, "is_sync": args.get("is_sync") or "N"})


@cousin("refuses to cancel what it never saw")
class DeclinesStrangers(Healthy):
    def may_cancel_now(self, trade):
        if trade.status == "none":
            raise Refused("nobody told me of this trade")
        return super().may_cancel_now(trade)


@cousin("asks by a query what became of a cancel in doubt, and believes the answer")
class AsksWhatBecame(Healthy):
    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        told = super().cancel(out_trade_no, trade_no, gateway_url, now)
        if told["outcome"] != "unknown":
            return told
        reply = self.ask(gateway_url, QUERY, {"partner_trans_id": out_trade_no})
        if reply.fields.get("alipay_trans_status") != "TRADE_CLOSED":
            return told
        self.book_cancel(self.trade_of(out_trade_no))
        return self.told(reply, via="cancel")
