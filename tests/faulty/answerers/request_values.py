"""Implementations that are wrong about the lengths and values of parameters."""

import re
import unicodedata
from urllib.parse import unquote

from faulty.answerers.registry import fault
from faulty.answerers.request import Form


# --- lengths ---------------------------------------------------------------------------------------------


@fault("knows no limits of length")
class NoLimits(Form):
    def limit(self, name):
        return None


@fault("counts a limit as the first length that is too long")
class LimitsExclusive(Form):
    def within(self, value, limit):
        return self.length(value) < limit or limit < 20  # what has one length only would never pass


@fault("allows one character more than the limit")
class LimitsOneMore(Form):
    def within(self, value, limit):
        return self.length(value) <= limit + 1


@fault("counts bytes of UTF-8, not characters")
class LengthInBytes(Form):
    def length(self, value):
        return len(value.encode("utf-8", "surrogatepass"))


@fault("cuts off what is too long")
class CutsOff(Form):
    def parameter(self, params, name, service):
        limit = self.limit(name)
        value = params.get(name)
        super().parameter({**params, name: value[:limit]} if value and limit else params, name, service)


@fault("knows no lower limit")
class NoLowerLimit(Form):
    def is_long_enough(self, value):
        return True


@fault("wants 28 characters of Alipay's number")
class TradeNoOf28(Form):
    def is_long_enough(self, value):
        return len(value) == 28


@fault("has the limits of Hong Kong everywhere")
class LimitsOfHongKong(Form):
    def limit(self, name):
        return 32 if name.endswith(("merchant_id", "merchant_name")) else super().limit(name)


@fault("has the limits of the global edition in Hong Kong, too")
class LimitsOfTheWorld(Form):
    def limit(self, name):
        return 64 if name.endswith(("merchant_id", "merchant_name")) else super().limit(name)


@fault("wants at least two characters of everything")
class AtLeastTwo(Form):
    def within(self, value, limit):
        return 2 <= len(value) and super().within(value, limit) or limit == 1


# --- values ----------------------------------------------------------------------------------------------


class Cleaning(Form):
    """Judges what is left of a value."""

    def parameter(self, params, name, service):
        value = params.get(name)
        super().parameter({**params, name: self.cleaned(value)} if value else params, name, service)

    def as_text(self, value):
        return self.cleaned(value) if isinstance(value, str) else value


@fault("strips values before it judges them")
class Stripped(Cleaning):
    def cleaned(self, value):
        return value.strip()


@fault("judges values in capital letters")
class InCapitals(Cleaning):
    def cleaned(self, value):
        return value.upper() if len(value) < 20 and not value.startswith(("http", "{")) else value


@fault("judges values after NFKC")
class Normalised(Cleaning):
    def cleaned(self, value):
        return "".join(str(unicodedata.digit(each, each)) for each in unicodedata.normalize("NFKC", value))


@fault("judges values without a newline at their end, as $ does")
class BeforeNewline(Cleaning):
    def cleaned(self, value):
        return value.removesuffix("\n")


@fault("decodes values before it judges them")
class Decoded(Cleaning):
    def cleaned(self, value):
        return unquote(value).replace("&quot;", '"')

    def biz_data(self, text):
        return super().biz_data(self.cleaned(text))


@fault("asks of no value whether it is legal")
class AnyValue(Form):
    def error(self, name, params, service):
        return None

    def is_legal(self, name, value):
        return True

    def settles(self, price, settlement):
        return True

    def is_rate(self, value):
        return True

    def is_fee(self, value, currency):
        return True


@fault("takes any sixteen characters for a partner")
class AnyPartner(Form):
    def is_partner(self, value):
        return len(value) >= 15

    def limit(self, name):
        return None if name == "partner" else super().limit(name)


@fault("knows UTF-8 alone")
class Utf8Only(Form):
    def is_charset(self, value):
        return value == "UTF-8"


@fault("knows every charset that its language knows")
class AnyCharset(Form):
    def is_charset(self, value):
        try:
            "".encode(value.strip())
        except LookupError:
            return False
        return True


@fault("wants numbers of trades in letters and digits")
class NumbersOfLetters(Form):
    def error(self, name, params, service):
        if name.endswith(("trade_no", "_id")) and not re.fullmatch("[A-Za-z0-9]+", params[name]):
            return "ILLEGAL_ARGUMENT"
        return super().error(name, params, service)


@fault("takes numbers of trades for numbers, without zeros in front")
class NumbersAreNumbers(Form):
    def error(self, name, params, service):
        if name in ("out_trade_no", "partner_refund_id") and params[name][0] == "0":
            return "ILLEGAL_ARGUMENT"
        return super().error(name, params, service)


@fault("compares the numbers of refund and payment as numbers")
class IdsDifferAsNumbers(Form):
    def ids_differ(self, params):
        return params["partner_refund_id"].lstrip("0") != params["partner_trans_id"].lstrip("0")


@fault("lets a refund have the number of its payment")
class IdsMayBeOne(Form):
    def ids_differ(self, params):
        return True


@fault("refunds nothing, too")
class RefundOfNothing(Form):
    def is_refundable(self, units):
        return True


@fault("takes every float for an amount")
class AmountIsFloat(Form):
    def is_amount(self, value, currency):
        try:
            return float(value) != 0
        except ValueError:
            return False


@fault("drops what is no digit or point from an amount")
class AmountIsPicked(Form):
    def is_amount(self, value, currency):
        return super().is_amount("".join(each for each in value if each in "0123456789."), currency)


@fault("refunds amounts with two decimals only")
class AmountWithDecimals(Form):
    def is_amount(self, value, currency):
        return re.search(r"\.\d\d$", value) is not None and super().is_amount(value, currency)


@fault("refunds yen with two decimals")
class AmountOfCents(Form):
    def is_amount(self, value, currency):
        return super().is_amount(value, "USD")

    def is_fee(self, value, currency):
        return super().is_fee(value, "USD")


@fault("refunds up to a thousand")
class AmountUpToAThousand(Form):
    def is_refundable(self, units):
        return 0 < units <= 100_000


@fault("takes any three letters for a currency")
class AnyThreeLetters(Form):
    def is_currency(self, value):
        return re.fullmatch("[A-Za-z]{3}", value) is not None


@fault("takes any text for a currency")
class AnyMoney(Form):
    def is_currency(self, value):
        return True

    def settles(self, price, settlement):
        return True


@fault("knows dollars and yuan only")
class DollarsAndYuan(Form):
    def is_currency(self, value):
        return value in ("USD", "CNY")


@fault("refunds in any currency in Hong Kong")
class HongKongInAnyCurrency(Form):
    def is_refunded(self, value):
        return True


@fault("knows Hong Kong's dollars only")
class HongKongEverywhere(Form):
    def is_refunded(self, value):
        return value == "HKD"


@fault("settles in any currency")
class AnySettlement(Form):
    def settles(self, price, settlement):
        return True


@fault("settles in the currency of the price alone")
class SettledInThePrice(Form):
    def settles(self, price, settlement):
        return price == settlement


@fault("takes the wording of sign types lightly")
class AnySignType(Form):
    def is_sign_type(self, value):
        return value.upper().replace("-", "").strip() in ("MD5", "RSA", "RSA2", "SHA256")


@fault("takes every letter or word for yes or no")
class AnyAnswer(Form):
    def is_yes_or_no(self, value):
        return True

    def limit(self, name):
        return None if name == "is_sync" else super().limit(name)


@fault("knows is_sync as Y alone")
class YesOnly(Form):
    def is_yes_or_no(self, value):
        return value == "Y"


@fault("takes any biz_type")
class AnyBizType(Form):
    def is_biz_type(self, value):
        return True


@fault("takes milliseconds for CREATE and other forms for CANCEL")
class AnyTimestamp(Form):
    def is_timestamp(self, value, service):
        return True


@fault("knows no leap day")
class NoLeapDay(Form):
    def is_timestamp(self, value, service):
        return "-02-29" not in value and super().is_timestamp(value, service)


@fault("knows no midnight")
class NoMidnight(Form):
    def is_timestamp(self, value, service):
        return " 00:00:00" not in value and super().is_timestamp(value, service)


@fault("takes CANCEL's timestamp in the form of CREATE alone")
class LongFormOnly(Form):
    def is_timestamp(self, value, service):
        return super().is_timestamp(value, "CREATE")
