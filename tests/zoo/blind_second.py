"""The second blind zoo: merchants thought of from the protocol's facts alone, as shops err with money and time.

Each has one vice; above it stands what the kit had to say of it, written down before the kit was run against
it and before its author had read a check. ``docs/blind-zoo.md`` has the figures.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from zoo.crashers import Process
from zoo.keeper import BEIJING, CANCEL, REFUND, Healthy, Refused, Reply, animal, cousin

# === the sum of the refunds =========================================================================


# Level 4, MUST: all refunds of a trade count, whenever they were made.
@animal("adds up the refunds of this Beijing day alone, as its till report does", "money.refund.sum")
class SumsTodayOnly(Healthy):
    def __init__(self):
        super().__init__()
        self.days = {}

    def check_new_refund(self, trade, amount):
        self.asked_today = [
            each for each in trade.refunds.values() if self.days.get(id(each)) == self.today()
        ]
        super().check_new_refund(trade, amount)

    def today(self):
        return self.beijing_time(self.now).date()

    def taken(self, trade):
        return sum((each.amount for each in self.asked_today if each.status != "failed"), Decimal(0))

    def ask_refund(self, url, args, refund):
        self.days[id(refund)] = self.today()
        return super().ask_refund(url, args, refund)


# Level 4, MUST: an accepted refund stays promised; Alipay tries for up to 180 days where funds are short.
@animal("gives an accepted refund up after a day without news, and its money free", "money.refund.sum")
class AcceptedExpires(Healthy):
    def __init__(self):
        super().__init__()
        self.asked = {}

    def taken(self, trade):
        still = (
            each
            for each in trade.refunds.values()
            if each.status != "accepted" or self.now - self.asked[id(each)] <= timedelta(days=1)
        )
        return sum((each.amount for each in still if each.status != "failed"), Decimal(0))

    def ask_refund(self, url, args, refund):
        self.asked[id(refund)] = self.now
        return super().ask_refund(url, args, refund)


# Level 4, MUST: the rest may be refunded, and `paid` is what was paid.
@animal("lowers what was paid by each refund, and counts the refunds besides", "money.refund.exact", "money.refund.booked", "money.any-history")
class LowersWhatWasPaid(Healthy):
    def book_refund(self, trade, refund, reply, repeated):
        before = refund.status
        super().book_refund(trade, refund, reply, repeated)
        if refund.status == "done" and before != "done" and trade.total is not None:
            trade.total -= refund.amount


# Level 4, MUST: refunded is told in the trade's currency, and is what was refunded.
@animal("books the refund_amount_cny of the answer as what was refunded", "money.refund.booked")
class BooksInYuan(Healthy):
    def book_refund(self, trade, refund, reply, repeated):
        super().book_refund(trade, refund, reply, repeated)
        in_yuan = reply.fields.get("refund_amount_cny")
        if refund.status == "done" and in_yuan:
            refund.amount = Decimal(in_yuan)


# === the numbers of refunds and trades ==============================================================


# Level 4, MUST: partner_refund_id is a text; two ids are two refunds, and the second one must leave.
@animal("keeps refund ids in a table that knows no capital letters", "money.refund.ids-verbatim")
class IdsWithoutCase(Healthy):
    def refund(self, partner_trans_id, partner_refund_id, **rest):
        trade = self.trade_of(partner_trans_id)
        for known in trade.refunds:
            if known.lower() == partner_refund_id.lower():
                partner_refund_id = known
        return super().refund(partner_trans_id=partner_trans_id, partner_refund_id=partner_refund_id, **rest)


# Level 4, MUST: out_trade_no is a text of up to 64 characters; 28 digits do not fit into a double.
@animal("keeps trades by their number as a double, so that long numbers meet", "notify.trade.own")
class TradeNumberAsDouble(Healthy):
    def key(self, number):
        return repr(float(number)) if number.isdigit() else number

    def trade_of(self, number):
        return self.trades.setdefault(self.key(number), super().trade_of(number))

    def trade(self, out_trade_no):
        known = self.trades.get(self.key(out_trade_no))
        if known is not None:
            self.trades[out_trade_no] = known
        return super().trade(out_trade_no)


# Level 4, MUST: what the gateway refused was not refunded, and asking once more does not make it so.
@animal("answers success for every refund id that it has seen before", "money.refund.not-booked")
class KnownIdIsSuccess(Healthy):
    def refund(self, partner_trans_id, partner_refund_id, **rest):
        known = self.trade_of(partner_trans_id).refunds.get(partner_refund_id)
        if known and known.status == "failed":
            return {"outcome": "success"}
        return super().refund(partner_trans_id=partner_trans_id, partner_refund_id=partner_refund_id, **rest)


# Level 4 (or 2), MUST: trade_no wins over out_trade_no, so a wrong one cancels somebody else's payment.
@animal("sends with every CANCEL the trade_no that it heard last", "money.cancel.own-trade")
class LastTradeNo(Healthy):
    heard = None

    def book(self, trade, news, total, currency):
        self.heard = news.get("trade_no") or self.heard
        super().book(trade, news, total, currency)

    def cancel_fields(self, out_trade_no, trade_no):
        return super().cancel_fields(out_trade_no, trade_no or self.heard)


# Level 2 or 3, MUST: a code belongs to a store; another store gets a code of its own.
@animal("makes one code for a merchant, and gives it to its other stores too", "request.carried-out")
class OneCodeForAllStores(Healthy):
    def __init__(self):
        super().__init__()
        self.made = {}

    def create_qr_code(self, biz_data, **rest):
        merchant = biz_data.get("secondary_merchant_id")
        if merchant not in self.made:
            found = super().create_qr_code(biz_data=biz_data, **rest)
            if found["outcome"] != "success":
                return found
            self.made[merchant] = found
        return self.made[merchant]

    def reset(self):
        self.made = {}
        return super().reset()


# === time ===========================================================================================


# Level 4, MUST: the refund period is counted from the payment; New Year ends nothing.
@animal("refunds within the calendar year of the payment", "money.refund.period")
class RefundsThisYearOnly(Healthy):
    def may_refund_at_this_time(self, trade):
        return trade.paid_at is None or self.beijing_time(self.now).year == self.beijing_time(trade.paid_at).year


# Level 4, MUST: gmt_payment alone fixes the day; the order may be older.
@animal("takes the day on which the order was made for that of the payment", "money.cancel.same-day")
class DayOfCreation(Healthy):
    def payment_time(self, news):
        made = news.get("gmt_create") or news["gmt_payment"]
        return datetime.strptime(made, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)


# Level 3, MUST: Alipay tries for 25 hours; genuine news are genuine however late they are.
# A cousin after all: no page says whether a repeat keeps its notify_time, so that this may be right. What is sure,
# that the payment may be a day old, is judged (`RefusesOldPayments` among the listeners).
@cousin("refuses news that were written more than a quarter of an hour ago, against replays")
class RefusesOldNews(Healthy):
    def is_complete(self, news):
        told = news.get("notify_time")
        if not told:
            return super().is_complete(news)
        at = datetime.strptime(told, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
        return super().is_complete(news) and self.now - at <= timedelta(minutes=15)


# === cancelling =====================================================================================


# Level 4, MUST: no CANCEL after a refund, and a refund without an end may be one.
@animal("cancels a trade while the end of its refund is unknown", "money.cancel.after-refund")
class CancelsOverUnknownRefund(Healthy):
    def may_cancel_after_refunds(self, trade):
        return trade.sum_of("accepted", "done") == 0


# Level 4, MUST: a CANCEL that was refused has changed nothing: the payment can be refunded.
@animal("never refunds a trade whose CANCEL was refused", "money.cancel.not-booked")
class RefusedCancelLocks(Healthy):
    def __init__(self):
        super().__init__()
        self.locked = set()

    def when_cancel_failed(self, trade, was_undecided):
        super().when_cancel_failed(trade, was_undecided)
        self.locked.add(trade.number)

    def may_refund(self, trade):
        return super().may_refund(trade) and trade.number not in self.locked


# Level 3 or 4, MUST: a CANCEL that had nothing to do is a success, and its answer names no action.
@animal("takes a CANCEL whose answer names no action for one without an end", "response.genuine", "money.cancel.unpaid")
class ActionNeeded(Healthy):
    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        if service == CANCEL and reply.outcome == "success" and not reply.fields.get("action"):
            return Reply("unknown")
        return reply


# Level 3, MUST: retry_flag=Y invites a repeat; an operation ends all the same.
@animal("repeats its CANCEL for as long as the answer says retry_flag=Y", "response.retry-flag")
class RetriesForEver(Process):
    verdict = "hang"

    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        while reply.fields.get("retry_flag") == "Y" and reply.outcome != "success":
            reply = super().ask(url, service, fields)
        return reply


# Level 3 or 4, MUST: FAIL is a failure, whatever its code seems to say; the money did not move.
@animal("takes TRADE_HAS_CLOSE for news that the refund was made before", "response.two-levels")
class HasCloseIsRefunded(Healthy):
    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        if service == REFUND and reply.outcome == "failed" and reply.code == "TRADE_HAS_CLOSE":
            return Reply("success", None, reply.fields)
        return reply


# === notifications ==================================================================================


# Level 4, MUST: out_trade_no names the payment; another customer may await the same amount.
@animal(
    "books a payment on the oldest order that awaits this amount",
    "notify.trade.own",
    "notify.status.believed",  # an earlier order of the same amount takes the payment that was pending
)
class PaysTheOldestAwaited(Healthy):
    def book(self, trade, news, total, currency):
        waiting = (each for each in self.trades.values() if each.status == "waiting")
        oldest = next((each for each in waiting if each.awaited == (total, currency)), trade)
        super().book(oldest if trade.status == "waiting" else trade, news, total, currency)


# Level 4, MUST: paid once, delivered once, also when the trade is finished later.
@animal("releases goods at TRADE_SUCCESS, and again at TRADE_FINISHED", "notify.once.fulfilled")
class ReleasesAtTheEndAgain(Healthy):
    def releases_goods(self, trade, news, becomes):
        finished = news.get("trade_status") == "TRADE_FINISHED"
        first = finished and not getattr(trade, "finished", False)
        trade.finished = finished or getattr(trade, "finished", False)
        return super().releases_goods(trade, news, becomes) or (first and trade.status == "paid")


# Level 4, MUST: total_fee is in trans_currency; what the shop is paid out in is another matter.
@animal("takes settle_currency for the currency of the payment", "notify.amount.believed")
class BooksSettleCurrency(Healthy):
    def paid_amount(self, news):
        return super().paid_amount({**news, "trans_currency": news.get("settle_currency") or news.get("trans_currency")})


# Level 3, MUST: 8.8 and 8.80 are the same amount.
@animal("compares the amount that it awaited letter by letter", "notify.validate.amount")
class AmountsAsText(Healthy):
    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None):
        found = super().expect(total_fee, currency, out_trade_no, qrcode)
        self.trade_of(out_trade_no).awaited_text = total_fee
        return found

    def paid_amount(self, news):
        awaited = getattr(self.trade_of(news["out_trade_no"]), "awaited_text", news["total_fee"])
        if awaited != news["total_fee"]:
            raise Refused("another amount")
        return super().paid_amount(news)


# Level 4, MUST: a refund in part is one in part; refund_status says that it is done, not how much it was.
@animal("takes REFUND_SUCCESS in the news of a part for a refund of the whole", "money.refund.asynchronous")
class PartIsWhole(Healthy):
    def book_finished_refund(self, trade, news):
        known = trade.refunds.get(news.get("out_biz_no"))
        super().book_finished_refund(trade, news)
        if known and known.status == "done" and news.get("refund_status") == "REFUND_SUCCESS":
            known.amount = trade.total


# === habits that are none ===========================================================================


# No finding: a repeat inside one operation is legal, and it ends.
@cousin("repeats a CANCEL three times at most while the answer says retry_flag=Y")
class RetriesThrice(Healthy):
    def ask(self, url, service, fields):
        for _ in range(3):
            reply = super().ask(url, service, fields)
            if service != CANCEL or reply.fields.get("retry_flag") != "Y":
                break
        return reply


# No finding: while a CANCEL has no end, nobody knows whether anything is left to refund.
@cousin("refunds nothing while it is undecided whether the trade was cancelled")
class WaitsForTheDecision(Healthy):
    def may_refund(self, trade):
        return super().may_refund(trade) and not trade.undecided
