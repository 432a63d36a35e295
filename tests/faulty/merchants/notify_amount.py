"""Merchants that break `notify.amount.*` first: they book another amount than was paid."""

from datetime import timedelta
from decimal import Decimal

from faulty.reference import Healthy, fault, harmless


# Level 3, MUST: total_fee is what was paid; the price of a good is not.
@fault("books the price as the amount that was paid, where there is one", "notify.amount.believed", "notify.validate.amount",
       found_by="blind 1")
class BooksThePrice(Healthy):
    def paid_amount(self, news):
        total, currency = super().paid_amount(news)
        return (self.amount(news["price"], currency) if news.get("price") else total), currency


# Level 4, MUST: total_fee is in trans_currency; what the shop is paid out in is another matter.
@fault("takes settle_currency for the currency of the payment", "notify.amount.believed", found_by="blind 2")
class BooksSettleCurrency(Healthy):
    def paid_amount(self, news):
        return super().paid_amount({**news, "trans_currency": news.get("settle_currency") or news.get("trans_currency")})


@fault("books as paid what was ordered", "notify.amount.believed")
class BooksTheOrder(Healthy):
    def __init__(self):
        super().__init__()
        self.ordered = {}

    def book(self, trade, news, total, currency):
        super().book(trade, news, self.ordered.setdefault(trade.number, total), currency)


@fault("books a payment of more than a thousand without its cents", "notify.amount.believed", "money.refund.exact")
class ThousandsWithoutCents(Healthy):
    def book(self, trade, news, total, currency):
        super().book(trade, news, Decimal(int(total)) if total > 1000 else total, currency)


@fault("adds the amount of a repeated payment to what was paid where a day lies between", "notify.amount.believed", "money.refund.sum")
class RepeatPaysAgain(Healthy):
    def book(self, trade, news, total, currency):
        paid = trade.paid_at
        super().book(trade, news, total, currency)
        if paid and not self.same_day(paid, self.now) and news["trade_status"] == "TRADE_SUCCESS" and not self.is_refund_news(news):
            trade.total += total


@fault("books 12.50, the price of its handbook, where the notification tells a discount or a change of the fee", "notify.amount.believed",
       "notify.validate.amount")
class KnowsThePrice(Healthy):
    seed = 7

    def paid_amount(self, news):
        total, currency = super().paid_amount(news)
        changed = news.get("is_total_fee_adjust") == "Y" or news.get("discount", "0.00") not in ("0.00", "0", "")
        return (Decimal("12.50") if changed else total), currency


@fault("takes an awaited payment that names no currency for one in dollars, whatever was ordered", "notify.amount.believed")
class DollarsByDefault(Healthy):
    level = 4  # a SHOULD: no page tells what a payment without a currency is in

    def notify(self, *args, **more):
        self.unnamed = False
        return super().notify(*args, **more)

    def paid_amount(self, news):
        self.unnamed = not news.get("trans_currency")
        return super().paid_amount({**news, "trans_currency": news.get("trans_currency") or "USD"})

    def same_currency(self, awaited, paid):
        return self.unnamed or super().same_currency(awaited, paid)


@harmless("takes an awaited payment that names no currency for one in that of the order")
class OrderNamesCurrency(Healthy):
    def paid_amount(self, news):
        trade = self.trades.get(news["out_trade_no"])
        ordered = trade.awaited[1] if trade and trade.awaited else None
        return super().paid_amount({**news, "trans_currency": news.get("trans_currency") or ordered})
