"""Merchants that break `request.refund.*`."""

import struct
from decimal import Decimal

from faulty.reference import Healthy, fault, harmless


@fault("writes two decimals whatever the currency", "request.refund.refund_amount")
class YenWithCents(Healthy):
    def amount_on_the_wire(self, text, currency):
        return f"{float(text):.2f}"


@fault("multiplies amounts as floats and prints what comes out", "request.refund.refund_amount", "request.refund.amount-exact")
class FloatsPrinted(Healthy):
    def amount_on_the_wire(self, text, currency):
        return str(float(text) * 3 / 3) if currency != "JPY" else str(float(text))


@fault("keeps amounts in single precision", "request.refund.amount-exact")
class SinglePrecision(Healthy):
    def amount_on_the_wire(self, text, currency):
        return f"{struct.unpack('f', struct.pack('f', float(text)))[0]:.{self.decimals(currency)}f}"


@fault("rounds francs to five rappen, its least coin", "request.refund.amount-exact", found_by="blind")
class RoundsToItsCoin(Healthy):
    rest = False

    def amount_on_the_wire(self, text, currency):
        if currency != "CHF":
            return text
        coins = (Decimal(text) * 20).quantize(Decimal(1))
        rest = Decimal(text) - coins / 20
        return f"{coins / 20 + rest * self.rest:.2f}"


@harmless("counts francs in coins of five rappen, and the rest beside them", found_by="blind")
class CountsCoins(RoundsToItsCoin):
    rest = True


@fault("cuts a float to whole cents, and loses one now and then", "request.refund.amount-exact")
class LosesCents(Healthy):
    def amount_on_the_wire(self, text, currency):
        digits = self.decimals(currency)
        return f"{int(float(text) * 10**digits) / 10**digits:.{digits}f}"


# Level 2, MUST: the merchant sends the amount it was told, and refunds the cents too.
@fault("counts cents with a float and cuts: 0.29 becomes 0.28", "request.refund.amount-exact", found_by="blind 1")
class CutsCents(Healthy):
    def amount_on_the_wire(self, text, currency):
        return text if currency in ("JPY", "KRW") else f"{int(float(text) * 100) / 100:.2f}"


# Level 2, MUST: an amount is digits and a dot.
@fault("groups the thousands of an amount", "request.refund.refund_amount", found_by="blind 1")
class GroupsThousands(Healthy):
    def amount_on_the_wire(self, text, currency):
        return f"{Decimal(text):,}"


# Level 2, MUST: the same; 100 becomes 1E+2.
@fault("normalises its decimals, so that round amounts get an exponent", "request.refund.refund_amount", found_by="blind 1")
class Exponent(Healthy):
    def amount_on_the_wire(self, text, currency):
        return str(Decimal(text).normalize()) if Decimal(text) == Decimal(text).to_integral() else text


# Level 2, MUST: Number(9,2) has more digits than %g prints.
@fault("writes amounts with six digits at most (%g)", "request.refund.amount-exact", "request.refund.refund_amount", found_by="blind 3")
class SixDigits(Healthy):
    def amount_on_the_wire(self, text, currency):
        return f"{float(text):g}"


# Level 2, MUST: a number has no separators.
@fault("writes amounts of a thousand and more with a comma", "request.refund.refund_amount", found_by="blind 3")
class CommaInThousands(Healthy):
    def amount_on_the_wire(self, text, currency):
        whole, point, cents = text.partition(".")
        return f"{int(whole):,}{point}{cents}"


# Level 2, MUST: yen and won have no decimals.
@fault("writes two decimals for every currency", "request.refund.refund_amount", found_by="blind 3")
class DecimalsForAll(Healthy):
    def amount_on_the_wire(self, text, currency):
        return text if "." in text else f"{text}.00"


# Level 2, MUST: is_sync is Y or N; where it is not Y, the money moves later, and the news need an address.
@fault("writes is_sync in small letters", "request.refund.is_sync", "request.values-verbatim", "request.illegal.not-hidden", "request.refund.notify_url", found_by="blind 3")
class SmallIsSync(Healthy):
    def refund_fields(self, args):
        return {**super().refund_fields(args), "is_sync": args["is_sync"] and args["is_sync"].lower()}


@fault("sends a refund's amount with three decimals, and never books one", "request.refund.refund_amount", "money.refund.booked", "money.refund.exact", "money.refund.sum")
class ThreeDecimalsHideBooks(Healthy):
    def amount_on_the_wire(self, text, currency):
        return f"{text}0" if "." in text else text

    def when_refunded(self):
        return "accepted"


@fault("sends no currency with a refund in Hong Kong dollars, its default", "request.refund.currency")
class CurrencyByDefault(Healthy):
    def refund_fields(self, args):
        return {**super().refund_fields(args), "currency": None if args["currency"] == "HKD" else args["currency"]}


class WritesBaht(Healthy):
    """Writes an amount in baht by itself."""

    def baht(self, amount):
        raise NotImplementedError

    def amount_on_the_wire(self, text, currency):
        return self.baht(Decimal(text)) if currency == "THB" else text


@fault("rounds baht to whole ones, for satang are hardly used", "request.refund.amount-exact")
class WholeBaht(WritesBaht):
    def baht(self, amount):
        return f"{amount:.0f}"


@harmless("counts baht in satang, and writes them with two decimals")
class CountsSatang(WritesBaht):
    def baht(self, amount):
        satang = int(amount * 100)
        return f"{satang // 100}.{satang % 100:02d}"
