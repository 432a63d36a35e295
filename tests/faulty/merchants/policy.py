"""Merchants that break `policy.*`: they do not keep their own word. `KEEPERS` names who keeps which."""

from alipay_qr_conformance.model.policy import Policy
from faulty.merchants.money import DeclinesStrangers, OneAtATime, RefundsInstead, SaysAsynchronous, WaitsForTheDecision
from faulty.merchants.money_cancel import CancelAfterRefund, CancelWithGrace
from faulty.merchants.notify import AsksNotifyVerify, CapitalSuccess
from faulty.merchants.request import ByGet, ChecksFirst, Milliseconds, Retries, ShortAmounts
from faulty.merchants.response import RetriesThrice
from faulty.reference import Healthy, Refund, Refused, fault, harmless
from harmless.base import VARIANTS


def declares(key, declared, text):
    """Register a merchant, the reference mostly, under a policy that it does not keep."""

    def register(kind):
        kind.policy, kind.level = Policy(**{key: declared}), 0
        return fault(text, f"policy.{key.replace('_', '-')}")(kind)

    return register


@declares("method", "GET", "declares GET, and sends by POST")
class SaysGet(Healthy):
    pass


@declares("is_sync", "explicit", "declares is_sync=N, and leaves it out")
class SaysExplicit(Healthy):
    pass


@declares("refund_notify_url", "always", "declares a notify_url for every REFUND, and leaves it out where it moves at once")
class SaysAlwaysUrl(Healthy):
    pass


@declares("cancel_timestamp", "milliseconds", "declares milliseconds for CANCEL, and sends the date")
class SaysMilliseconds(Healthy):
    pass


@declares("amount_form", "short", "declares 0.1, and sends 0.10")
class SaysShort(Healthy):
    pass


@declares("illegal_values", "refuse", "declares that it refuses illegal values, and sends an id that is too long")
class SaysChecked(Healthy):
    pass


@declares("reply", "SUCCESS", "declares SUCCESS, and replies success")
class SaysCapitals(Healthy):
    pass


@declares("repeated_names", "first", "declares that the first of two values counts, and refuses both")
class SaysFirst(Healthy):
    pass


@declares("notify_verify", "always", "declares that it asks Alipay about every notification, and never asks")
class SaysItAsks(Healthy):
    pass


@declares("retry_flag", "repeat", "declares that it repeats while retry_flag is Y, and reports at once")
class SaysItRepeats(Healthy):
    pass


@declares("after_unknown", "ask-again", "declares that it asks again after an unknown outcome, and does not")
class SaysItAsksAgain(Healthy):
    pass


@declares("cancel_band", "open", "declares the quarter of an hour after midnight open, and closes at midnight")
class SaysOpen(Healthy):
    pass


@declares("late_cancel", "refund", "declares that it refunds where it is too late to cancel, and only declines")
class SaysItRefunds(Healthy):
    pass


@declares("cancel_after_refund", "refund", "declares that it refunds the rest of a trade, and only declines to cancel it")
class SaysTheRest(Healthy):
    pass


@declares("unknown_trade_cancel", "refuse", "declares that it declines to cancel strangers, and sends")
class SaysNoStrangers(Healthy):
    pass


@declares("unknown_trade_refund", "refuse", "declares that it declines to refund strangers, and sends")
class SaysNoGifts(Healthy):
    pass


@declares("same_refund_id", "send", "declares that the gateway judges an id with other data, and judges it itself")
class SaysTheGatewayKnows(Healthy):
    pass


@declares("unknown_refund", "blocks", "declares that it settles one refund before the next, and does not wait")
class SaysOneAtATime(Healthy):
    pass


@declares("refund_while_undecided", "refuse", "declares that it waits for the end of a CANCEL, and refunds before it")
class SaysItWaits(Healthy):
    pass


@declares("refund_period", 90, "declares 90 days for refunds, and refunds for a year")
class SaysNinetyDays(Healthy):
    pass


@declares("currencies", ("USD",), "declares that it takes USD alone, and takes HKD")
class SaysDollars(Healthy):
    pass


@declares("cancel_margin", 30, "declares that it cancels nothing in the last half hour, and cancels")
class SaysHalfAnHour(Healthy):
    pass


@declares("min_partial_refund", "5.00", "declares no part below 5.00, and refunds 4.99")
class SaysNoSmallChange(Healthy):
    pass


@declares("largest_refund", "5.00", "declares that no refund exceeds 5.00, and makes one of 6.00")
class SaysSmallChangeAlone(Healthy):
    pass


@declares("partial_refunds", "refuse", "declares that it refunds no parts, and refunds a part")
class SaysAllOrNothing(Healthy):
    pass


@declares("max_refunds", 2, "declares two refunds of a trade at most, and makes three")
class SaysTwice(Healthy):
    pass


@declares("paid_cancel", "refund", "declares that it refunds a paid trade instead of a cancel, and cancels it")
class SaysItRefundsThePaid(Healthy):
    pass


@declares("full_refund", "cancel", "declares that it cancels where the whole is to be refunded, and refunds")
class SaysItCancelsTheWhole(Healthy):
    pass


@declares("create", "cached", "declares that it has the codes of known stores, and asks each time")
class SaysItRemembers(Healthy):
    pass


@declares("gateway_error", "unknown", "declares that it doubts unsigned errors, and reports them as failed")
class SaysItDoubts(Healthy):
    pass


@declares("line_ends", "refuse", "declares that it refuses line ends in values, and signs them")
class SaysOneLine(Healthy):
    pass


@declares("seller_id", "required", "declares that it needs seller_id, and believes a notification without it")
class SaysItWantsASeller(Healthy):
    pass


@harmless("names its notify_url in every REFUND")
class AlwaysNamesUrl(Healthy):
    about = ("request.", "money.refund.")

    def refund_notify_url(self, args):
        return args["notify_url"] or self.settings["notify_url"]


@harmless("names no notify_url in a REFUND but the one that it is given")
class NeverNamesUrl(Healthy):
    about = ("request.", "money.refund.")

    def refund_notify_url(self, args):
        return args["notify_url"]


@harmless("lets the gateway judge what is illegal")
class SendsAnything(Healthy):
    about = ("request.", "money.")

    def amount(self, text, currency):
        try:
            return super().amount(text, currency)
        except Refused:
            return self.unjudged(text)

    def unjudged(self, text):
        return super().amount("1.00", "USD") if text == "1.005" else super().amount(text, "USD")


class OneValueCounts(Healthy):
    about = ("notify.",)

    def refuses_duplicates(self):
        return False

    def used(self, pairs, query):
        return self.received(pairs, query)


@harmless("verifies and uses the first of two equal names")
class FirstValueCounts(OneValueCounts):
    def received(self, pairs, query):
        return list(dict(reversed(pairs)).items())


@harmless("verifies and uses the last of two equal names")
class LastValueCounts(OneValueCounts):
    def received(self, pairs, query):
        return list(dict(pairs).items())


@harmless("refunds the rest of a trade that was refunded in part, where it is asked to cancel it")
class RefundsTheRest(Healthy):
    about = ("money.cancel.", "money.any-history")

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        trade = self.trade_of(out_trade_no)
        if not trade.total or not self.taken(trade) or trade.sum_of("unknown", "accepted"):
            return super().cancel(out_trade_no, trade_no, gateway_url, now)
        rest = trade.total - self.taken(trade)
        if not rest:
            raise Refused("nothing is left")
        told = self.refund(out_trade_no, f"{out_trade_no}-rest", self.written(rest, trade.currency), trade.currency,
                           is_sync="Y", gateway_url=gateway_url, now=now)
        return {**told, "action": "refund", "via": "refund"}


@harmless("refuses to refund what it never saw")
class DeclinesGifts(Healthy):
    about = ("response.", "money.refund.")

    def check_new_refund(self, trade, amount):
        if trade.total is None:
            raise Refused("nobody told me of this trade")
        super().check_new_refund(trade, amount)


@harmless("lets the gateway judge an id that comes with other data")
class SendsSameId(Healthy):
    about = ("money.refund.", "money.any-history")

    def refund(self, partner_trans_id, partner_refund_id, refund_amount, currency, **rest):
        trade = self.trade_of(partner_trans_id)
        known = trade.refunds.get(partner_refund_id)
        same = not known or self.is_same_refund(known, self.amount(refund_amount, currency), currency, rest.get("is_sync") or "N")
        if same:
            return super().refund(partner_trans_id, partner_refund_id, refund_amount, currency, **rest)
        try:
            trade.refunds[partner_refund_id] = Refund(partner_refund_id, self.amount("0.00", currency), currency, "N", "failed")
            return super().refund(partner_trans_id, partner_refund_id, refund_amount, currency, **rest)
        finally:
            trade.refunds[partner_refund_id] = known


def keeper(name, family="stricter_shop"):
    """A harmless variant, which keeps its word."""
    return VARIANTS[f"{family}/{name}"].make


KEEPERS = {
    "method": {"POST": Healthy, "GET": ByGet},
    "is_sync": {"absent": Healthy, "explicit": SaysAsynchronous},
    "refund_notify_url": {"asynchronous": Healthy, "always": AlwaysNamesUrl, "never": NeverNamesUrl},
    "cancel_timestamp": {"date": Healthy, "milliseconds": Milliseconds},
    "amount_form": {"fixed": Healthy, "short": ShortAmounts},
    "illegal_values": {"refuse": ChecksFirst, "send": SendsAnything},
    "reply": {"success": Healthy, "SUCCESS": CapitalSuccess},
    "repeated_names": {"refuse": Healthy, "first": FirstValueCounts, "last": LastValueCounts},
    "notify_verify": {"never": Healthy, "always": AsksNotifyVerify},
    "retry_flag": {"report": Healthy, "repeat": RetriesThrice},
    "after_unknown": {"report": Healthy, "ask-again": Retries},
    "cancel_band": {"closed": Healthy, "open": CancelWithGrace},
    "late_cancel": {"refuse": Healthy, "refund": RefundsInstead},
    "cancel_after_refund": {"refuse": Healthy, "refund": RefundsTheRest, "send": CancelAfterRefund},
    "unknown_trade_cancel": {"send": Healthy, "refuse": DeclinesStrangers},
    "unknown_trade_refund": {"send": Healthy, "refuse": DeclinesGifts},
    "same_refund_id": {"refuse": Healthy, "send": SendsSameId},
    "unknown_refund": {"binds": Healthy, "blocks": OneAtATime},
    "refund_while_undecided": {"send": Healthy, "refuse": WaitsForTheDecision},
    "refund_period": {365: Healthy},
    "currencies": {("USD",): keeper("usd-only")},
    "cancel_margin": {15: keeper("stops-before-midnight")},
    "min_partial_refund": {"0.50": keeper("no-small-change")},
    "largest_refund": {"500.00": keeper("till-refunds500")},
    "partial_refunds": {"send": Healthy, "refuse": keeper("whole-refunds-only")},
    "max_refunds": {1: keeper("refunds-once"), 3: keeper("refunds-thrice")},
    "paid_cancel": {"cancel": Healthy, "refund": keeper("cancel-button-refunds"), "refuse": keeper("goods-have-left")},
    "full_refund": {"refund": Healthy, "cancel": keeper("whole-refund-cancels")},
    "create": {"sent": Healthy, "cached": keeper("remembers-codes")},
    "gateway_error": {"failed": Healthy, "unknown": keeper("unsigned-is-unknown", "caution")},
    "line_ends": {"sign": Healthy, "refuse": keeper("one-line-values")},
    "seller_id": {"optional": Healthy, "required": keeper("seller-required")},
}
"""Who keeps each word that a policy may declare."""
