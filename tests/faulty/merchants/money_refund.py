"""Merchants that break `money.refund.*` but the sum."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from faulty.reference import Healthy, NO_CENTS, Refused, fault, harmless


@fault("adds refunds up in floats", "money.refund.exact")
class FloatSum(Healthy):
    def fits(self, trade, amount):
        total = 0.0
        for each in trade.refunds.values():
            total += float(each.amount) if each.status != "failed" else 0.0
        return total + float(amount) <= float(trade.total)


@fault("refunds less than the payment, never all of it", "money.refund.exact")
class NeverInFull(Healthy):
    def fits(self, trade, amount):
        return self.taken(trade) + amount < trade.total


@fault("allows one refund a trade", "money.refund.exact")
class OneRefundOnly(Healthy):
    def fits(self, trade, amount):
        return self.taken(trade) == 0 and super().fits(trade, amount)


@fault("does not compare the currency of a refund", "money.refund.currency")
class RefundInAnyCurrency(Healthy):
    def right_currency(self, trade, currency):
        return True


@fault("gives a refund the number of its trade", "money.refund.ids-differ")
class RefundUnderTradeNumber(Healthy):
    def right_id(self, trade, refund_id):
        return True


@fault("refunds on the day of the payment only", "money.refund.period")
class RefundSameDayOnly(Healthy):
    def may_refund_at_this_time(self, trade):
        return trade.paid_at is None or self.same_day(trade.paid_at, self.now)


@fault("refunds within 90 days", "money.refund.period")
class RefundWithin90Days(Healthy):
    def may_refund_at_this_time(self, trade):
        return trade.paid_at is None or self.now - trade.paid_at <= timedelta(days=90)


@fault("tries an unknown refund again under a new id", "money.refund.one-id", "money.refund.repeat")
class NewIdAfterUnknown(Healthy):
    def ask_refund(self, url, args, refund):
        reply = super().ask_refund(url, args, refund)
        if reply.outcome != "unknown":
            return reply
        return super().ask_refund(url, {**args, "partner_refund_id": args["partner_refund_id"] + "-2"}, refund)


@fault("refuses to repeat a refund whose outcome is unknown", "money.refund.repeat")
class RepeatRefused(Healthy):
    def may_repeat(self, known):
        return False


@fault("knows a refund by its id, whatever else was asked for", "money.refund.same-id", "money.refund.booked")
class IdIsEnough(Healthy):
    def is_same_refund(self, known, amount, currency, sync):
        return True


@fault("asks for another amount under an id in doubt, and books the first one", "money.refund.booked", found_by="blind")
class OtherAmountInDoubt(Healthy):
    def amount_in_doubt(self, known, amount):
        return known.amount

    def is_same_refund(self, known, amount, currency, sync):
        if known.status != "unknown":
            return super().is_same_refund(known, amount, currency, sync)
        self.asked = amount
        return True

    def book_refund(self, trade, refund, reply, repeated):
        super().book_refund(trade, refund, reply, repeated)
        if repeated and refund.status == "done":
            refund.amount = self.amount_in_doubt(refund, self.asked)


@harmless("asks for another amount under an id in doubt, and books the one that moved", found_by="blind")
class OtherAmountIsBooked(OtherAmountInDoubt):
    def amount_in_doubt(self, known, amount):
        return amount


@fault("books a repeated refund again", "money.refund.repeat")
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


@fault("books a refund that was refused", "money.refund.not-booked")
class RefusedIsBooked(Healthy):
    def when_refund_failed(self):
        return "done"


@fault("lets a refund that was refused bind its money", "money.refund.not-booked")
class RefusedBindsMoney(Healthy):
    level = 4  # SHOULD: the seed sums "refunding requests", and does not leave out those that failed

    def when_refund_failed(self):
        return "unknown"


# SHOULD: the adapter protocol counts what is unknown as pending.
@fault("tells accepted refunds alone as pending", "money.refund.unknown")
class UnknownIsNotPending(Healthy):
    level = 4

    def trade(self, out_trade_no):
        found, trade = super().trade(out_trade_no), self.trade_of(out_trade_no)
        accepted = {"pending": self.written(trade.sum_of("accepted"), trade.currency)} if "pending" in found else {}
        return {**found, **accepted}


@fault("books a refund whose outcome is unknown", "money.refund.unknown")
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


@fault("calls a trade paid that is refunded in part", "money.refund.booked")
class PartlyIsPaid(Healthy):
    def partly_refunded(self):
        return "paid"


@fault("books an accepted refund as done", "money.refund.asynchronous")
class AcceptedIsBooked(Healthy):
    def when_accepted(self):
        return "done"


@fault("reports an accepted refund as success", "money.refund.asynchronous")
class AcceptedIsSuccess(Healthy):
    def moves_at_once(self, sync):
        return True


@fault("takes no notice of the news that a refund is finished", "money.refund.asynchronous")
class FinishedNotHeard(Healthy):
    def book_finished_refund(self, trade, news):
        pass


# Level 4, MUST: after an unknown end the same refund is asked again, under the same id: else it is paid twice.
@fault(
    "repeats a refund whose answer was lost under a new id of its own",
    "money.refund.one-id",
    "money.refund.repeat",
    found_by="blind 1",
)
class NewIdForRetry(Healthy):
    def ask_refund(self, url, args, refund):
        reply = super().ask_refund(url, args, refund)
        if reply.outcome != "unknown":
            return reply
        return super().ask_refund(url, {**args, "partner_refund_id": args["partner_refund_id"] + "R"}, refund)


# Level 4, MUST: three refunds of 0.10 fit into 0.30: what remains may always be refunded.
@fault("adds refunds up as floats, so that the last tenth does not fit", "money.refund.exact", found_by="blind 1")
class FloatRest(Healthy):
    def fits(self, trade, amount):
        taken = sum(float(each.amount) for each in trade.refunds.values() if each.status != "failed")
        return taken + float(amount) <= float(trade.total)


# Level 4, MUST: the news of a refund is about the refund that out_biz_no names.
@fault("books all waiting refunds of a trade when one of them is done", "money.refund.asynchronous", found_by="blind 1")
class BooksAllRefunds(Healthy):
    def book_finished_refund(self, trade, news):
        if news.get("out_biz_no") in trade.refunds:
            for each in trade.refunds.values():
                if each.status in ("unknown", "accepted"):
                    each.status = "done"


# Level 4, MUST: a refund is one refund, however often its news come.
@fault(
    "books a refund once more when its news come again under a new notify_id", "money.refund.asynchronous",
    found_by="blind 1",
)
class BooksRefundAgain(Healthy):
    def book_finished_refund(self, trade, news):
        known = trade.refunds.get(news.get("out_biz_no"))
        if known and known.status == "done" and news.get("notify_id") not in trade.seen:
            copy = f"{known.id}#{len(trade.refunds)}"
            trade.refunds[copy] = replace(known, id=copy)
        super().book_finished_refund(trade, news)


# Level 4, MUST: the news of a finished refund are booked: refunded and pending change.
@fault(
    "lets only the first notification of a trade change anything",
    "money.refund.asynchronous",
    "notify.status.believed",
    found_by="blind 1",
)
class FirstNewsOnly(Healthy):
    def book(self, trade, news, total, currency):
        if not trade.seen:
            super().book(trade, news, total, currency)


# Level 4, MUST: the rest may be refunded, and `paid` is what was paid.
@fault("lowers what was paid by each refund, and counts the refunds besides", "money.refund.exact", "money.refund.booked", "money.any-history", "notify.amount.believed", found_by="blind 2")
class LowersWhatWasPaid(Healthy):
    def book_refund(self, trade, refund, reply, repeated):
        before = refund.status
        super().book_refund(trade, refund, reply, repeated)
        if refund.status == "done" and before != "done" and trade.total is not None:
            trade.total -= refund.amount


# Level 4, MUST: refunded is told in the trade's currency, and is what was refunded.
@fault("books the refund_amount_cny of the answer as what was refunded", "money.refund.booked", found_by="blind 2")
class BooksInYuan(Healthy):
    def book_refund(self, trade, refund, reply, repeated):
        super().book_refund(trade, refund, reply, repeated)
        in_yuan = reply.fields.get("refund_amount_cny")
        if refund.status == "done" and in_yuan:
            refund.amount = Decimal(in_yuan)


# Level 4, MUST: partner_refund_id is a text; two ids are two refunds, and the second one must leave.
@fault("keeps refund ids in a table that knows no capital letters", "money.refund.ids-verbatim", found_by="blind 2")
class IdsWithoutCase(Healthy):
    def refund(self, partner_trans_id, partner_refund_id, **rest):
        trade = self.trade_of(partner_trans_id)
        for known in trade.refunds:
            if known.lower() == partner_refund_id.lower():
                partner_refund_id = known
        return super().refund(partner_trans_id=partner_trans_id, partner_refund_id=partner_refund_id, **rest)


# Level 4, MUST: what the gateway refused was not refunded, and asking once more does not make it so.
@fault("answers success for every refund id that it has seen before", "money.refund.not-booked", found_by="blind 2")
class KnownIdIsSuccess(Healthy):
    def refund(self, partner_trans_id, partner_refund_id, **rest):
        known = self.trade_of(partner_trans_id).refunds.get(partner_refund_id)
        if known and known.status == "failed":
            return {"outcome": "success"}
        return super().refund(partner_trans_id=partner_trans_id, partner_refund_id=partner_refund_id, **rest)


# Level 4, MUST: the refund period is counted from the payment; New Year ends nothing.
@fault("refunds within the calendar year of the payment", "money.refund.period", found_by="blind 2")
class RefundsThisYearOnly(Healthy):
    def may_refund_at_this_time(self, trade):
        return trade.paid_at is None or self.beijing_time(self.now).year == self.beijing_time(trade.paid_at).year


# Level 4, MUST: a refund in part is one in part; refund_status says that it is done, not how much it was.
@fault("takes REFUND_SUCCESS in the news of a part for a refund of the whole", "money.refund.asynchronous", found_by="blind 2")
class PartIsWhole(Healthy):
    def book_finished_refund(self, trade, news):
        known = trade.refunds.get(news.get("out_biz_no"))
        super().book_finished_refund(trade, news)
        if known and known.status == "done" and news.get("refund_status") == "REFUND_SUCCESS":
            known.amount = trade.total


@fault("takes a refund without is_sync for one that is done at once", "money.refund.asynchronous")
class DoneByDefault(Healthy):
    def refund(self, is_sync=None, **args):
        told = super().refund(is_sync=is_sync, **args)
        if is_sync is None and told["outcome"] == "accepted":
            self.trade_of(args["partner_trans_id"]).refunds[args["partner_refund_id"]].status = "done"
            return {"outcome": "success"}
        return told


@fault("allows twelve refunds a trade", "money.refund.exact")
class TwelveRefunds(Healthy):
    def fits(self, trade, amount):
        return super().fits(trade, amount) and sum(each.status != "failed" for each in trade.refunds.values()) < 12


@fault("keeps its fee back from refunds in full of more than a thousand", "money.refund.exact")
class KeepsTheFee(Healthy):
    def fits(self, trade, amount):
        return super().fits(trade, amount) and not (trade.total > 1000 and self.taken(trade) + amount == trade.total)


@fault("refuses a last refund of less than five cents", "money.refund.exact")
class LastCentsKept(Healthy):
    def fits(self, trade, amount):
        return super().fits(trade, amount) and not (Decimal(0) < amount < Decimal("0.05") and self.taken(trade) > 0)


@fault("does not refund at weekends", "money.refund.period")
class RefundsOnWorkingDays(Healthy):
    def may_refund_at_this_time(self, trade):
        return super().may_refund_at_this_time(trade) and self.beijing_time(self.now).weekday() < 5


@fault("ends its refund year after 120 days", "money.refund.period")
class YearOfFourMonths(Healthy):
    def may_refund_at_this_time(self, trade):
        return trade.paid_at is None or self.now - trade.paid_at <= timedelta(days=120)


@fault("does not compare the currency of a refund once one was made", "money.refund.currency")
class CurrencyOfTheFirstRefund(Healthy):
    def right_currency(self, trade, currency):
        return bool(trade.refunds) or super().right_currency(trade, currency)


@fault("takes the currencies without decimals for one another", "money.refund.currency")
class YenAndWonAlike(Healthy):
    def right_currency(self, trade, currency):
        return {currency, trade.currency} <= NO_CENTS or super().right_currency(trade, currency)


@fault("drops dashes and underscores from refund ids", "money.refund.ids-verbatim")
class IdsWithoutDashes(Healthy):
    def refund(self, partner_trans_id, partner_refund_id, refund_amount, currency, **rest):
        trade = self.trade_of(partner_trans_id)
        bare = lambda text: text.replace("-", "").replace("_", "")  # noqa: E731
        known = next((each.id for each in trade.refunds.values() if bare(each.id) == bare(partner_refund_id)), partner_refund_id)
        return super().refund(partner_trans_id, known, refund_amount, currency, **rest)


@fault("books any accepted refund of the amount that the news tell", "money.refund.asynchronous")
class BooksByAmount(Healthy):
    def book_finished_refund(self, trade, news):
        for each in trade.refunds.values():
            if each.status in ("unknown", "accepted") and f"{each.amount:.2f}" == news.get("refund_fee"):
                each.status = "done"
                return


@fault("books the news of a refund only where it saw the answer that accepted it", "money.refund.asynchronous")
class UnknownNotEnded(Healthy):
    def book_finished_refund(self, trade, news):
        known = trade.refunds.get(news.get("out_biz_no"))
        if known and known.status == "accepted":
            known.status = "done"


@fault("says success where an accepted refund is repeated", "money.refund.asynchronous")
class AcceptedRepeatIsSuccess(Healthy):
    def refund(self, **args):
        known = self.trade_of(args["partner_trans_id"]).refunds.get(args["partner_refund_id"])
        told = super().refund(**args)
        return {"outcome": "success"} if known and told["outcome"] == "accepted" else told


@fault("takes the news of a refund in full for the end of the trade, and its goods for not sold", "money.refund.booked", "money.refund.exact")
class FullRefundIsNone(Healthy):
    def state(self, trade):
        found = super().state(trade)
        return "none" if found == "refunded" else found


@fault(
    "counts a refund of a hundred and more as pending for ever",
    "money.refund.booked",
    "money.refund.exact",
    "money.refund.sum",
)
class LargeRefundsPend(Healthy):
    def book_refund(self, trade, refund, reply, repeated):
        super().book_refund(trade, refund, reply, repeated)
        if refund.status == "done" and refund.amount >= 100:
            refund.status = "accepted"


@fault("calls a refund done whose id is known from another trade", "money.refund.same-id", found_by="blind")
class IdsOfAllTrades(Healthy):
    def refund(self, partner_trans_id, partner_refund_id, refund_amount, currency, **more):
        others = [trade for trade in self.trades.values() if trade.number != partner_trans_id]
        if any(each.id == partner_refund_id and each.status == "done" for trade in others for each in trade.refunds.values()):
            return {"outcome": "success"}
        return super().refund(partner_trans_id, partner_refund_id, refund_amount, currency, **more)


@harmless("refuses a refund whose id is known from another trade")
class IdsOfItsOwn(Healthy):
    def refund(self, partner_trans_id, partner_refund_id, refund_amount, currency, **more):
        others = [trade for trade in self.trades.values() if trade.number != partner_trans_id]
        if any(partner_refund_id in trade.refunds for trade in others):
            raise Refused("this id was used")
        return super().refund(partner_trans_id, partner_refund_id, refund_amount, currency, **more)
