"""Merchants that break `notify.validate.*`: they book what was not agreed."""

import struct
from decimal import Decimal

from faulty.reference import Healthy, Refused, fault, harmless

ABOUT = ("notify.validate.", "sign.join", "request.carried-out")
"""What shows what a merchant compares, and that it signs and sends."""


@fault("does not compare the seller", "notify.validate.seller")
class SellerNotCompared(Healthy):
    def is_ours(self, news):
        return True


@fault("does not compare the amount", "notify.validate.amount")
class AmountNotCompared(Healthy):
    def same_amount(self, awaited, paid):
        return True


@fault("compares amounts without their cents", "notify.validate.amount")
class CentsNotCompared(Healthy):
    def same_amount(self, awaited, paid):
        return int(awaited) == int(paid)


@fault("accepts less than was awaited, if only it is not more", "notify.validate.amount")
class LessIsFine(Healthy):
    def same_amount(self, awaited, paid):
        return paid <= awaited


@fault("does not compare the currency", "notify.validate.currency")
class CurrencyNotCompared(Healthy):
    def same_currency(self, awaited, paid):
        return True


@fault("does without notify_id", "notify.validate.complete")
class NotifyIdNotNeeded(Healthy):
    def is_complete(self, news):
        return super().is_complete({**news, "notify_id": news.get("notify_id") or "none"})


# Level 3, MUST: the amount is the awaited one to the last cent.
@fault("takes an amount for the awaited one that differs by a cent", "notify.validate.amount", found_by="blind 1")
class ACentMoreOrLess(Healthy):
    def same_amount(self, awaited, paid):
        return abs(awaited - paid) <= Decimal("0.01")


# Level 3, MUST: Alipay sends a refused notification again; it is as wrong as before.
@fault("forgets what it awaited as soon as one notification did not fit", "notify.validate.amount", found_by="blind 1")
class GivesInTheSecondTime(Healthy):
    def fits_what_is_awaited(self, trade, total, currency):
        fits = super().fits_what_is_awaited(trade, total, currency)
        trade.awaited = None
        return fits


# Level 3, MUST: 8.8 and 8.80 are the same amount.
@fault("compares the amount that it awaited letter by letter", "notify.validate.amount", found_by="blind 2")
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


@fault("takes any seller whose number begins with its own", "notify.validate.seller", found_by="blind")
class SellerPrefix(Healthy):
    def is_ours(self, news):
        return not news.get("seller_id") or news["seller_id"].startswith(self.settings["partner"])


@fault("forgets at a restart what it awaits", "notify.validate.amount", found_by="blind")
class RestartForgetsAwaited(Healthy):
    def configure(self, **settings):
        for trade in self.trades.values():
            trade.awaited = None
        return super().configure(**settings)


@fault("hands out goods for any payment at its static code, whatever it awaits there", "notify.validate.amount")
class AnySumAtTheCode(Healthy):
    level = 4  # a SHOULD: no page says that the news name the code

    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None):
        return super().expect(total_fee, currency, out_trade_no) if out_trade_no else {}


@harmless("awaits payments at a static code, and hands out goods for what it awaits there alone")
class AwaitsAtTheCode(Healthy):
    def __init__(self):
        super().__init__()
        self.at_code = []

    def reset(self):
        self.at_code = []
        return super().reset()

    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None):
        if out_trade_no:
            return super().expect(total_fee, currency, out_trade_no)
        self.at_code.append((self.amount(total_fee, currency), currency))
        return {}

    def releases_goods(self, trade, news, becomes):
        known = not self.at_code or trade.awaited or self.paid_amount(news) in self.at_code
        return known and super().releases_goods(trade, news, becomes)


class GrantsAny(Healthy):
    """Takes another amount where the news give a reason for it."""

    about = ABOUT

    def paid_amount(self, news):
        self.granted = self.grants(news)
        return super().paid_amount(news)

    def same_amount(self, awaited, paid):
        return self.granted or super().same_amount(awaited, paid)


@fault("takes any amount where a coupon was used", "notify.validate.amount", found_by="blind")
class CouponExplainsLess(GrantsAny):
    def grants(self, news):
        return news.get("use_coupon") == "Y"


@fault("takes any amount of an order whose price the seller changed at Alipay", "notify.validate.amount", found_by="blind")
class AdjustedPrice(GrantsAny):
    level = 3  # a SHOULD: no page says what a shop makes of that

    def grants(self, news):
        return news.get("is_total_fee_adjust") == "Y"


@fault("takes any seller where the news name no buyer_id", "notify.validate.seller", found_by="blind")
class SellerWithTheBuyer(Healthy):
    about = ABOUT

    def is_ours(self, news):
        return not news.get("buyer_id") or super().is_ours(news)


class ComparesAmounts(Healthy):
    about = ABOUT


@fault("compares amounts in cents by (int) (amount * 100) in doubles", "notify.validate.amount", found_by="blind")
class CentsByTruncation(ComparesAmounts):
    def same_amount(self, awaited, paid):
        return int(float(awaited) * 100) == int(float(paid) * 100)


@fault("compares amounts as single floats", "notify.validate.amount", found_by="blind")
class SingleFloats(ComparesAmounts):
    def same_amount(self, awaited, paid):
        return struct.pack("f", float(awaited)) == struct.pack("f", float(paid))


@fault("compares the whole part alone where a whole amount is awaited", "notify.validate.amount", found_by="blind")
class WholePartAlone(ComparesAmounts):
    def same_amount(self, awaited, paid):
        return int(awaited) == int(paid) if awaited == int(awaited) else awaited == paid


@harmless("compares amounts in cents, rounded from doubles, and takes coupons as they come", found_by="blind")
class CentsByRounding(ComparesAmounts):
    def same_amount(self, awaited, paid):
        return round(float(awaited) * 100) == round(float(paid) * 100)


@fault("notes the amount of an announced payment before it verifies who announced it", "notify.validate.amount", found_by="blind")
class NotesBeforeItVerifies(Healthy):
    def noted(self, trade, amount):
        trade.awaited = (amount, trade.awaited[1])

    def believes(self, pairs, charset):
        news = dict(pairs)
        trade = self.trades.get(news.get("out_trade_no"))
        if trade and trade.awaited and news.get("trade_status") == "WAIT_BUYER_PAY":
            self.noted(trade, self.amount(news["total_fee"], trade.awaited[1]))
        return super().believes(pairs, charset)


@harmless("notes what an unproved announcement says, beside what it awaits", found_by="blind")
class NotesBesideIt(NotesBeforeItVerifies):
    def noted(self, trade, amount):
        trade.told = amount
