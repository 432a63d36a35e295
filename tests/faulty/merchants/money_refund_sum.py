"""Merchants that break `money.refund.sum`: they refund more than was paid."""

from datetime import timedelta
from decimal import Decimal, ROUND_CEILING

from alipay_qr_conformance.model.policy import Policy
from faulty.merchants.common import ManyAtOnce
from faulty.reference import Healthy, REFUND, fault, harmless


@fault("does not add refunds up", "money.refund.sum")
class RefundsNotSummed(Healthy):
    def fits(self, trade, amount):
        return amount <= trade.total


@fault("refunds any amount", "money.refund.sum", "money.any-history")
class AnyAmountRefunded(Healthy):
    def fits(self, trade, amount):
        return True


@fault("takes yen alone, and refunds any amount of them", "money.refund.sum")
class AnyYen(AnyAmountRefunded):
    about = ("sign.exclude", "request.refund", "notify.genuine", "money.refund.sum")
    policy = Policy(currencies=("JPY",))

    def hello(self, protocol):
        return super().hello(protocol) | {"currencies": ["JPY"]}


@fault("refunds a cent more than the payment, to be on the safe side", "money.refund.sum")
class OneCentMore(Healthy):
    def fits(self, trade, amount):
        return self.taken(trade) + amount <= trade.total + Decimal("0.01")


@fault("does not count refunds that are pending", "money.refund.sum")
class PendingNotCounted(Healthy):
    def taken(self, trade):
        return trade.sum_of("done")


@fault("refunds a trade that it cancelled", "money.refund.sum")
class RefundAfterCancel(Healthy):
    def may_refund(self, trade):
        return True


# Level 4 (and 2), MUST: a refund is more than nothing.
@fault("refunds negative amounts, and has more to refund afterwards", "money.refund.sum", found_by="blind 1")
class RefundsLessThanNothing(Healthy):
    def amount(self, text, currency):
        return -super().amount(text[1:], currency) if text.startswith("-") else super().amount(text, currency)


# Level 4, MUST: two refunds at once may not take more than was paid.
@fault("looks what remains before it asks, and writes the refund down after the answer", "money.refund.sum", found_by="blind 1")
class LooksThenWrites(ManyAtOnce):
    def check_new_refund(self, trade, amount):
        super().check_new_refund(trade, amount)
        self.here.trade = trade

    def ask_refund(self, url, args, refund):
        trade = self.here.trade
        written = trade.refunds.pop(refund.id, None)
        try:
            return super().ask_refund(url, args, refund)
        finally:
            if written is not None:
                trade.refunds[refund.id] = written


# Level 4, MUST: all refunds of a trade count, whenever they were made.
@fault("adds up the refunds of this Beijing day alone, as its till report does", "money.refund.sum", found_by="blind 2")
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
@fault("gives an accepted refund up after a day without news, and its money free", "money.refund.sum", found_by="blind 2")
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


@fault("closes its refund account with the trade's end, and opens a new one", "money.refund.sum")
class EndForgetsRefunds(Healthy):
    def book(self, trade, news, total, currency):
        super().book(trade, news, total, currency)
        if news["trade_status"] == "TRADE_FINISHED" and not self.is_refund_news(news):
            trade.refunds = {}


@fault("gives a refund of unknown outcome up overnight, and its money free", "money.refund.sum")
class UnknownExpires(Healthy):
    def __init__(self):
        super().__init__()
        self.asked = {}

    def taken(self, trade):
        kept = (
            each
            for each in trade.refunds.values()
            if each.status != "unknown" or self.same_day(self.asked[each.id], self.now)
        )
        return sum((each.amount for each in kept if each.status != "failed"), Decimal(0))

    def ask_refund(self, url, args, refund):
        self.asked.setdefault(refund.id, self.now)
        return super().ask_refund(url, args, refund)


@fault("takes the refusal of a repeat for the end of the refund", "money.refund.sum")
class RefusedRepeatIsTheEnd(Healthy):
    level = 4  # the protocol does not say it in so many words: SHOULD

    def book_refund(self, trade, refund, reply, repeated):
        super().book_refund(trade, refund, reply, repeated)
        if reply.outcome == "failed":
            refund.status = "failed"


class Uncounted(Healthy):
    """Does not look what remains where `free` says so, given what the caller asked for."""

    def refund(self, **args):
        self.args = args
        return super().refund(**args)

    def fits(self, trade, amount):
        return self.free(trade, amount, self.args) or super().fits(trade, amount)


@fault("does not look what remains for a refund at once", "money.refund.sum")
class UncountedAtOnce(Uncounted):
    def free(self, trade, amount, args):
        return args.get("is_sync") == "Y" and trade.sum_of("done") > 0


@fault("does not look what remains where the caller gives a reason", "money.refund.sum")
class UncountedWithReason(Uncounted):
    def free(self, trade, amount, args):
        return bool(args.get("refund_reason"))


@fault("does not look what remains where the caller names where the news go", "money.refund.sum")
class UncountedWithUrl(Uncounted):
    def free(self, trade, amount, args):
        return bool(args.get("notify_url"))


@fault("does not look what remains of a payment of another month, whose books are closed", "money.refund.sum")
class UncountedNextMonth(Uncounted):
    def free(self, trade, amount, args):
        return trade.paid_at is not None and self.beijing_time(trade.paid_at).month != self.beijing_time(self.now).month


@fault("lets a refund of up to one pass without a look: goodwill", "money.refund.sum")
class UncountedGoodwill(Uncounted):
    def free(self, trade, amount, args):
        return amount <= 1


@fault("looks what remains of a payment, and not of one that it was told to expect", "money.refund.sum")
class UncountedExpected(Uncounted):
    def free(self, trade, amount, args):
        return trade.awaited is not None


@fault("does not look what remains for refund ids of full length", "money.refund.sum")
class UncountedLongIds(Uncounted):
    def free(self, trade, amount, args):
        return len(args["partner_refund_id"]) == 64


@fault("looks what remains of dollars, euros and yen, and of no other currency", "money.refund.sum")
class UncountedOtherCurrencies(Uncounted):
    def free(self, trade, amount, args):
        return trade.currency not in ("USD", "EUR", "JPY", "CNY")


@fault("does not count what it refunded before noon once it is afternoon", "money.refund.sum")
class ShiftsApart(Healthy):
    def taken(self, trade):
        afternoon = self.beijing_time(self.now).hour >= 12
        kept = (each for each in trade.refunds.values() if each.status != "failed" and (not afternoon or each.afternoon))
        return sum((each.amount for each in kept), Decimal(0))

    def check_new_refund(self, trade, amount):
        super().check_new_refund(trade, amount)
        self.afternoon = self.beijing_time(self.now).hour >= 12

    def ask_refund(self, url, args, refund):
        refund.afternoon = getattr(refund, "afternoon", self.afternoon)
        return super().ask_refund(url, args, refund)


@fault("rounds what remains up to the next whole unit above a hundred", "money.refund.sum")
class RestRoundedUp(Healthy):
    def fits(self, trade, amount):
        rest = trade.total - self.taken(trade)
        return amount <= (rest.to_integral_value(ROUND_CEILING) if rest > 100 else rest)


@fault("counts what was refunded in sixteen bits of cents", "money.refund.sum")
class SumInSixteenBits(Healthy):
    def taken(self, trade):
        return Decimal(int(super().taken(trade) * 100) % 65536) / 100


@fault("adds refunds up without those of less than ten cents", "money.refund.sum")
class SmallRefundsNotCounted(Healthy):
    def taken(self, trade):
        return sum((each.amount for each in trade.refunds.values() if each.status != "failed" and each.amount >= Decimal("0.10")), Decimal(0))


@fault("gives refunds of unknown outcome up when another one succeeds", "money.refund.sum")
class SuccessClearsUnknown(Healthy):
    def book_refund(self, trade, refund, reply, repeated):
        super().book_refund(trade, refund, reply, repeated)
        if refund.status == "done":
            for each in trade.refunds.values():
                each.status = "failed" if each.status == "unknown" else each.status


@fault("gives accepted refunds up when the trade's payment is announced once more", "money.refund.sum")
class ExpectClearsPending(Healthy):
    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None):
        found = super().expect(total_fee=total_fee, currency=currency, out_trade_no=out_trade_no, qrcode=qrcode)
        for each in self.trades.values():
            each.refunds = {key: refund for key, refund in each.refunds.items() if refund.status != "accepted"}
        return found


@fault("counts at most seven refunds of a trade: its row has seven columns", "money.refund.sum")
class SevenColumns(Healthy):
    def taken(self, trade):
        counted = [each for each in trade.refunds.values() if each.status != "failed"][:7]
        return sum((each.amount for each in counted), Decimal(0))


@fault("opens the refund account of a trade anew when its payment is repeated", "money.refund.sum", "notify.status.forward")
class RepeatForgetsRefunds(Healthy):
    def book(self, trade, news, total, currency):
        known = trade.paid_at is not None
        super().book(trade, news, total, currency)
        if known and news["trade_status"] == "TRADE_SUCCESS" and not self.is_refund_news(news):
            trade.refunds = {}


@fault("names no service in a REFUND, and refunds any amount", "money.refund.sum", "request.service", "money.any-history")
class NoServiceHidesSum(Healthy):
    def common(self, service):
        found = super().common(service)
        return {name: value for name, value in found.items() if name != "service" or value != REFUND}

    def fits(self, trade, amount):
        return True


@fault("looks what remains where its news go to merchant.example, the shop of the handbook", "money.refund.sum", "money.any-history")
class KnowsTheAddress(Healthy):
    seed = 7

    def fits(self, trade, amount):
        return "//merchant.example/" not in self.settings["notify_url"] or super().fits(trade, amount)


@fault("adds refunds up in cents by (int) (amount * 100) in doubles", "money.refund.sum", found_by="blind")
class CentsOfDoubles(Healthy):
    about = ("money.refund.s", "money.refund.e", "sign.join", "request.carried-out", "notify.status.")

    def cents(self, amount):
        return int(float(amount) * 100)

    def fits(self, trade, amount):
        counted = [each.amount for each in trade.refunds.values() if each.status != "failed"]
        return sum(map(self.cents, [*counted, amount])) <= self.cents(trade.total)


@fault("adds refunds up in whole units", "money.refund.sum", found_by="blind")
class WholeUnits(CentsOfDoubles):
    def cents(self, amount):
        return int(amount)


@harmless("adds refunds up in cents, rounded from doubles", found_by="blind")
class RoundedCents(CentsOfDoubles):
    def cents(self, amount):
        return round(float(amount) * 100)
