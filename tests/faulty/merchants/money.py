"""Harmless variants of bookkeeping."""

from datetime import datetime
from decimal import Decimal

from faulty.merchants.common import ManyAtOnce
from faulty.reference import Healthy, QUERY, Refused, harmless


@harmless("refunds with REFUND where it is too late to cancel")
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


@harmless("asks the gateway again where a refund that is done is repeated")
class AsksAgain(Healthy):
    def refund(self, **args):
        known = self.trade_of(args["partner_trans_id"]).refunds.get(args["partner_refund_id"])
        if known and known.status == "done" and known.amount == Decimal(args["refund_amount"]):
            known.status = "unknown"
        return super().refund(**args)


@harmless("repeats an unknown refund at once, under the same id")
class RepeatsAtOnce(Healthy):
    def ask_refund(self, url, args, refund):
        reply = super().ask_refund(url, args, refund)
        return super().ask_refund(url, args, refund) if reply.outcome == "unknown" else reply


@harmless("refuses other refunds while one is unknown")
class OneAtATime(Healthy):
    def check_new_refund(self, trade, amount):
        if any(each.status == "unknown" for each in trade.refunds.values()):
            raise Refused("another refund is not settled")
        super().check_new_refund(trade, amount)


@harmless("sends a refund that was asked for without is_sync with N")
class SaysAsynchronous(Healthy):
    def refund(self, **args):
        return super().refund(**{**args, "is_sync": args.get("is_sync") or "N"})


@harmless("refuses to cancel what it never saw")
class DeclinesStrangers(Healthy):
    def may_cancel_now(self, trade):
        if trade.status == "none":
            raise Refused("nobody told me of this trade")
        return super().may_cancel_now(trade)


@harmless("asks by a query what became of a cancel in doubt, and believes the answer")
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


# No finding.
@harmless("serves many calls at once, and each trade one after the other", found_by="blind 1")
class ManyTills(ManyAtOnce):
    def refund(self, **args):
        with self.lock:
            return super().refund(**args)

    def cancel(self, **args):
        with self.lock:
            return super().cancel(**args)

    def notify(self, **args):
        with self.lock:
            return super().notify(**args)


# No finding: while a CANCEL has no end, nobody knows whether anything is left to refund.
@harmless("refunds nothing while it is undecided whether the trade was cancelled", found_by="blind 2")
class WaitsForTheDecision(Healthy):
    def may_refund(self, trade):
        return super().may_refund(trade) and not trade.undecided


@harmless("looks twice what remains, before it writes a refund down and before it sends")
class LooksTwice(Healthy):
    def check_new_refund(self, trade, amount):
        super().check_new_refund(trade, amount)
        super().check_new_refund(trade, amount)


@harmless("adds refunds up in cents, as whole numbers")
class SumsInCents(Healthy):
    def fits(self, trade, amount):
        cents = [int(each * 100) for each in (self.taken(trade), amount, trade.total)]
        return cents[0] + cents[1] <= cents[2]


@harmless("keeps a trade's refunds in a list of their ids, too")
class ListsRefunds(Healthy):
    def check_new_refund(self, trade, amount):
        super().check_new_refund(trade, amount)
        trade.listed = [*getattr(trade, "listed", []), amount]
