"""Answerers that are wrong about the parameters of requests."""

import json
import re
import unicodedata
from urllib.parse import unquote, urlsplit

from oracles.calls import OPTIONAL, PLAIN, TAXI, Calls, FaultError
from zoo.answerers import Answerer, answerer


class Form(Calls, Answerer):
    """Right about parameters."""


# --- presence --------------------------------------------------------------------------------------------


@answerer("misses no parameter")
class NothingNeeded(Form):
    def is_needed(self, name, service, params):
        return False

    def needs_member(self, name, data):
        return False

    def settles(self, price, settlement):
        return not price or not settlement or super().settles(price, settlement)

    def biz_data(self, text):
        data = self.read(text)
        return super().biz_data(json.dumps({"trans_currency": "", "currency": "", **data}) if isinstance(data, dict) else text)


@answerer("misses an absent parameter, not an empty one")
class EmptyIsThere(Form):
    def parameter(self, params, name, service):
        if params.get(name) != "":
            super().parameter(params, name, service)

    def member(self, data, name):
        if data.get(name) != "":
            super().member(data, name)

    def settles(self, price, settlement):
        return "" in (price, settlement) or super().settles(price, settlement)


@answerer("takes a parameter without a value for a fault, also where it is optional")
class OptionalNotEmpty(Form):
    def parameter(self, params, name, service):
        if params.get(name, "x") == "":
            raise FaultError(name, "empty", "PARAMTER_IS_NULL")
        super().parameter(params, name, service)

    def member(self, data, name):
        if name in data and not data[name]:
            raise FaultError(f"biz_data.{name}", "empty", "PARAMTER_IS_NULL")
        super().member(data, name)


@answerer("declines whatever holds a null")
class NoNull(Form):
    def request(self, inputs):
        if any(value is None for _, value in inputs["params"]):
            return {"result": "invalid"}
        return super().request(inputs)


@answerer("demands every parameter of the page")
class EverythingNeeded(Form):
    def is_needed(self, name, service, params):
        return True


@answerer("takes the digit zero for nothing")
class ZeroIsNothing(Form):
    def missing(self, params, name):
        return "empty" if params.get(name) == "0" else super().missing(params, name)

    def member(self, data, name):
        super().member({**data, name: ""} if data.get(name) == "0" else data, name)

    def channel_fee(self, fee, data):
        super().channel_fee({**fee, "value": ""} if isinstance(fee, dict) and fee.get("value") == "0" else fee, data)


@answerer("takes a blank for nothing")
class BlankIsNothing(Form):
    def parameter(self, params, name, service):
        if params.get(name, "x").strip() == "" and params.get(name):
            raise FaultError(name, "empty", "PARAMTER_IS_NULL")
        super().parameter(params, name, service)

    def member(self, data, name):
        value = data.get(name)
        super().member({**data, name: value.strip()} if isinstance(value, str) else data, name)


@answerer("creates codes without notify_url, as the pages allow and the seed does not")
class NotifyUrlOptional(Form):
    def is_needed(self, name, service, params):
        return name != "notify_url" and super().is_needed(name, service, params)


@answerer("demands notify_url of every refund")
class NotifyUrlOfEveryRefund(Form):
    def is_needed(self, name, service, params):
        return name == "notify_url" or super().is_needed(name, service, params)


@answerer("demands _input_charset of a refund")
class CharsetOfRefund(Form):
    def is_needed(self, name, service, params):
        return name == "_input_charset" or super().is_needed(name, service, params)


@answerer("does without _input_charset everywhere")
class CharsetNowhere(Form):
    def is_needed(self, name, service, params):
        return name != "_input_charset" and super().is_needed(name, service, params)


@answerer("cancels without a timestamp")
class TimestampOptional(Form):
    def is_needed(self, name, service, params):
        return name != "timestamp" and super().is_needed(name, service, params)


@answerer("demands a store of a taxi")
class StoreOfTaxi(Form):
    def needs_member(self, name, data):
        return name.startswith("store") or super().needs_member(name, data)


@answerer("takes a taxi for any other shop")
class TaxiIsAShop(Form):
    def needs_member(self, name, data):
        return name not in TAXI and super().needs_member(name, data)


@answerer("knows taxis only where there is a taxi")
class TaxiMembersElsewhere(Form):
    def is_member(self, name):
        return name not in TAXI and super().is_member(name)


@answerer("demands what a merchant is, and no store")
class StoreOptional(Form):
    def needs_member(self, name, data):
        return not name.startswith("store") and super().needs_member(name, data)


@answerer("settles in CNY where no currency is given")
class CurrencyByDefault(Form):
    def read(self, text):
        data = super().read(text)
        return {**data, "currency": data.get("currency") or "CNY"} if isinstance(data, dict) else data


@answerer("demands country_code")
class CountryNeeded(Form):
    def needs_member(self, name, data):
        return name == "country_code" or super().needs_member(name, data)


# --- names -----------------------------------------------------------------------------------------------


@answerer("lets any parameter pass")
class AnyName(Form):
    def is_known(self, name, service):
        return True

    def is_member(self, name):
        return True


@answerer("knows parameters in any case, and with blanks")
class NamesInAnyCase(Form):
    def is_known(self, name, service):
        return super().is_known(name.strip().lower(), service)

    def is_member(self, name):
        return super().is_member(name.lower())


@answerer("knows the parameters of all services for each of them")
class NamesOfAllServices(Form):
    def is_known(self, name, service):
        return any(super(NamesOfAllServices, self).is_known(name, each) for each in ("CREATE", "CANCEL", "REFUND"))


@answerer("knows only what is compulsory")
class NamesNeededOnly(Form):
    def is_known(self, name, service):
        return name not in OPTIONAL[service] - {"_input_charset"} and super().is_known(name, service)

    def is_member(self, name):
        return name in PLAIN[:7] or name in TAXI


@answerer("knows services by any name that ends in refund")
class AnyRefund(Form):
    def service(self, name):
        return "REFUND" if name.strip().lower().endswith("refund") else super().service(name)


@answerer("takes a request without a service for a refund")
class RefundByDefault(Form):
    def service(self, name):
        return super().service(name or "alipay.acquire.overseas.spot.refund")

    def judge(self, params, service):
        return super().judge({**params, "service": params.get("service") or "refund"}, service)


# --- lengths ---------------------------------------------------------------------------------------------


@answerer("knows no limits of length")
class NoLimits(Form):
    def limit(self, name):
        return None


@answerer("counts a limit as the first length that is too long")
class LimitsExclusive(Form):
    def within(self, value, limit):
        return self.length(value) < limit or limit < 20  # what has one length only would never pass


@answerer("allows one character more than the limit")
class LimitsOneMore(Form):
    def within(self, value, limit):
        return self.length(value) <= limit + 1


@answerer("counts bytes of UTF-8, not characters")
class LengthInBytes(Form):
    def length(self, value):
        return len(value.encode("utf-8", "surrogatepass"))


@answerer("cuts off what is too long")
class CutsOff(Form):
    def parameter(self, params, name, service):
        limit = self.limit(name)
        value = params.get(name)
        super().parameter({**params, name: value[:limit]} if value and limit else params, name, service)


@answerer("knows no lower limit")
class NoLowerLimit(Form):
    def is_long_enough(self, value):
        return True


@answerer("wants 28 characters of Alipay's number")
class TradeNoOf28(Form):
    def is_long_enough(self, value):
        return len(value) == 28


@answerer("has the limits of Hong Kong everywhere")
class LimitsOfHongKong(Form):
    def limit(self, name):
        return 32 if name.endswith(("merchant_id", "merchant_name")) else super().limit(name)


@answerer("has the limits of the global edition in Hong Kong, too")
class LimitsOfTheWorld(Form):
    def limit(self, name):
        return 64 if name.endswith(("merchant_id", "merchant_name")) else super().limit(name)


@answerer("wants at least two characters of everything")
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


@answerer("strips values before it judges them")
class Stripped(Cleaning):
    def cleaned(self, value):
        return value.strip()


@answerer("judges values in capital letters")
class InCapitals(Cleaning):
    def cleaned(self, value):
        return value.upper() if len(value) < 20 and not value.startswith(("http", "{")) else value


@answerer("judges values after NFKC")
class Normalised(Cleaning):
    def cleaned(self, value):
        return "".join(str(unicodedata.digit(each, each)) for each in unicodedata.normalize("NFKC", value))


@answerer("judges values without a newline at their end, as $ does")
class BeforeNewline(Cleaning):
    def cleaned(self, value):
        return value.removesuffix("\n")


@answerer("decodes values before it judges them")
class Decoded(Cleaning):
    def cleaned(self, value):
        return unquote(value).replace("&quot;", '"')

    def biz_data(self, text):
        return super().biz_data(self.cleaned(text))


@answerer("asks of no value whether it is legal")
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


@answerer("takes any sixteen characters for a partner")
class AnyPartner(Form):
    def is_partner(self, value):
        return len(value) >= 15

    def limit(self, name):
        return None if name == "partner" else super().limit(name)


@answerer("knows UTF-8 alone")
class Utf8Only(Form):
    def is_charset(self, value):
        return value == "UTF-8"


@answerer("knows every charset that its language knows")
class AnyCharset(Form):
    def is_charset(self, value):
        try:
            "".encode(value.strip())
        except LookupError:
            return False
        return True


@answerer("wants numbers of trades in letters and digits")
class NumbersOfLetters(Form):
    def error(self, name, params, service):
        if name.endswith(("trade_no", "_id")) and not re.fullmatch("[A-Za-z0-9]+", params[name]):
            return "ILLEGAL_ARGUMENT"
        return super().error(name, params, service)


@answerer("takes numbers of trades for numbers, without zeros in front")
class NumbersAreNumbers(Form):
    def error(self, name, params, service):
        if name in ("out_trade_no", "partner_refund_id") and params[name][0] == "0":
            return "ILLEGAL_ARGUMENT"
        return super().error(name, params, service)


@answerer("compares the numbers of refund and payment as numbers")
class IdsDifferAsNumbers(Form):
    def ids_differ(self, params):
        return params["partner_refund_id"].lstrip("0") != params["partner_trans_id"].lstrip("0")


@answerer("lets a refund have the number of its payment")
class IdsMayBeOne(Form):
    def ids_differ(self, params):
        return True


@answerer("refunds nothing, too")
class RefundOfNothing(Form):
    def is_refundable(self, units):
        return True


@answerer("takes every float for an amount")
class AmountIsFloat(Form):
    def is_amount(self, value, currency):
        try:
            return float(value) != 0
        except ValueError:
            return False


@answerer("drops what is no digit or point from an amount")
class AmountIsPicked(Form):
    def is_amount(self, value, currency):
        return super().is_amount("".join(each for each in value if each in "0123456789."), currency)


@answerer("refunds amounts with two decimals only")
class AmountWithDecimals(Form):
    def is_amount(self, value, currency):
        return re.search(r"\.\d\d$", value) is not None and super().is_amount(value, currency)


@answerer("refunds yen with two decimals")
class AmountOfCents(Form):
    def is_amount(self, value, currency):
        return super().is_amount(value, "USD")

    def is_fee(self, value, currency):
        return super().is_fee(value, "USD")


@answerer("refunds up to a thousand")
class AmountUpToAThousand(Form):
    def is_refundable(self, units):
        return 0 < units <= 100_000


@answerer("takes any three letters for a currency")
class AnyThreeLetters(Form):
    def is_currency(self, value):
        return re.fullmatch("[A-Za-z]{3}", value) is not None


@answerer("takes any text for a currency")
class AnyMoney(Form):
    def is_currency(self, value):
        return True

    def settles(self, price, settlement):
        return True


@answerer("knows dollars and yuan only")
class DollarsAndYuan(Form):
    def is_currency(self, value):
        return value in ("USD", "CNY")


@answerer("refunds in any currency in Hong Kong")
class HongKongInAnyCurrency(Form):
    def is_refunded(self, value):
        return True


@answerer("knows Hong Kong's dollars only")
class HongKongEverywhere(Form):
    def is_refunded(self, value):
        return value == "HKD"


@answerer("settles in any currency")
class AnySettlement(Form):
    def settles(self, price, settlement):
        return True


@answerer("settles in the currency of the price alone")
class SettledInThePrice(Form):
    def settles(self, price, settlement):
        return price == settlement


@answerer("takes the wording of sign types lightly")
class AnySignType(Form):
    def is_sign_type(self, value):
        return value.upper().replace("-", "").strip() in ("MD5", "RSA", "RSA2", "SHA256")


@answerer("takes every letter or word for yes or no")
class AnyAnswer(Form):
    def is_yes_or_no(self, value):
        return True

    def limit(self, name):
        return None if name == "is_sync" else super().limit(name)


@answerer("knows is_sync as Y alone")
class YesOnly(Form):
    def is_yes_or_no(self, value):
        return value == "Y"


@answerer("takes any biz_type")
class AnyBizType(Form):
    def is_biz_type(self, value):
        return True


@answerer("takes milliseconds for CREATE and other forms for CANCEL")
class AnyTimestamp(Form):
    def is_timestamp(self, value, service):
        return True


@answerer("knows no leap day")
class NoLeapDay(Form):
    def is_timestamp(self, value, service):
        return "-02-29" not in value and super().is_timestamp(value, service)


@answerer("knows no midnight")
class NoMidnight(Form):
    def is_timestamp(self, value, service):
        return " 00:00:00" not in value and super().is_timestamp(value, service)


@answerer("takes CANCEL's timestamp in the form of CREATE alone")
class LongFormOnly(Form):
    def is_timestamp(self, value, service):
        return super().is_timestamp(value, "CREATE")


# --- addresses -------------------------------------------------------------------------------------------


@answerer("takes any text for an address")
class AnyAddress(Form):
    def is_url(self, value):
        return True


@answerer("takes for an address what a parser finds a host in")
class AddressWithHost(Form):
    def is_url(self, value):
        try:
            return bool(urlsplit(value).netloc)
        except ValueError:
            return False


@answerer("takes https alone")
class HttpsOnly(Form):
    def schemes(self):
        return {"https"}


@answerer("takes an address in small letters alone")
class AddressInSmallLetters(Form):
    def is_url(self, value):
        return value == value.lower() and super().is_url(value)


@answerer("knows no ports but the usual ones")
class UsualPorts(Form):
    def is_port(self, text):
        return not text


@answerer("takes any number for a port")
class AnyPort(Form):
    def is_port(self, text):
        return re.fullmatch(r"(?::\w+)?", text) is not None


@answerer("knows hosts by their names alone")
class NamedHosts(Form):
    def is_host(self, text):
        return not text[:1].isdigit() and text[:1] != "[" and super().is_host(text)


@answerer("wants a path")
class PathNeeded(Form):
    def is_path(self, text):
        return len(text) > 1 and super().is_path(text)


@answerer("takes no query and no encoded path")
class PathOfLetters(Form):
    def is_path(self, text):
        return re.fullmatch(r"[A-Za-z/]*", text) is not None


@answerer("takes letters and points for the name of a host")
class HostOfLetters(Form):
    def is_host(self, text):
        return "-" not in text and super().is_host(text)


@answerer("wants PHP")
class AddressOfPhp(Form):
    def is_url(self, value):
        return ".php" not in value and super().is_url(value)


# --- biz_data --------------------------------------------------------------------------------------------


@answerer("takes biz_data for a text like any other")
class BizDataUnread(Form):
    def biz_data(self, text):
        return super().read(text)


@answerer("believes the last of two members")
class LastWins(Form):
    def object(self, pairs):
        return dict(pairs)


@answerer("believes the first of two members")
class FirstWins(Form):
    def object(self, pairs):
        return dict(reversed(pairs))


@answerer("finds members that stand twice by their text, not by their name")
class TwiceByText(Form):
    def read(self, text):
        names = re.findall(r'"((?:[^"\\]|\\.)*)":', text)
        try:
            return super().read(text) if len(set(names)) != len(names) else json.loads(text)
        except ValueError:
            return None


@answerer("reads biz_data as JavaScript, or whatever comes near")
class ReadAsJavaScript(Form):
    def read(self, text):
        text = re.sub(r"/\*.*?\*/", "", text.removeprefix("\ufeff")).replace("'", '"').replace("&quot;", '"')
        text = re.sub(r"([{,])(\w+):", r'\1"\2":', text)
        text = re.sub(r",\s*}", "}", text).replace("undefined", '"undefined"').replace("None", '"None"').replace("NaN", '"NaN"')
        try:
            return json.JSONDecoder(strict=False, object_pairs_hook=self.object).decode(text.replace("\\x", "x"))
        except ValueError:
            return None


@answerer("reads biz_data as far as it goes")
class ReadAsFarAsItGoes(Form):
    def read(self, text):
        for repaired in (text, text + "}", text + '"}', text + '":""}'):
            try:
                found, _ = json.JSONDecoder(object_pairs_hook=self.object).raw_decode(repaired.lstrip("\ufeff "))
            except ValueError:
                continue
            if isinstance(found, dict):
                return found
        return {}


@answerer("unwraps biz_data until an object comes out")
class Unwrapped(Form):
    def read(self, text):
        found = super().read(text)
        if isinstance(found, list) and found:
            return found[0]
        return super().read(found) if isinstance(found, str) else found


@answerer("takes no JSON for an object without members")
class NoJsonIsNothing(Form):
    def biz_data(self, text):
        found = super().read(text)
        return super().biz_data(text) if isinstance(found, dict) else {}


@answerer("wants biz_data without spaces and escapes")
class CompactOnly(Form):
    def read(self, text):
        found = super().read(text)
        right = isinstance(found, dict) and json.dumps(found, ensure_ascii=False, separators=(",", ":")) == text
        return found if right else None


@answerer("wants the members of biz_data in the order of the page")
class OrderOfThePage(Form):
    def read(self, text):
        found = super().read(text)
        places = [PLAIN.index(name) for name in found if name in PLAIN[:7]] if isinstance(found, dict) else []
        return found if places == sorted(places) else None


@answerer("wants biz_data in ASCII")
class AsciiOnly(Form):
    def read(self, text):
        return super().read(text) if text.isascii() else None


@answerer("makes texts of all values in biz_data")
class EverythingIsText(Form):
    def is_text(self, value):
        return True

    def as_text(self, value):
        return value if isinstance(value, str) else str(value)


@answerer("lets a member be of any type, and looks at texts alone")
class AnyType(Form):
    def member(self, data, name):
        if isinstance(data.get(name, ""), str) or data[name] is None:
            super().member(data, name)

    def settles(self, price, settlement):
        return not isinstance(price, str) or super().settles(price, settlement)


@answerer("lets halves of surrogate pairs pass")
class HalvesPass(Form):
    def is_legal(self, name, value):
        return super().is_legal(name, re.sub("[\ud800-\udfff]", "x", value))


@answerer("takes characters outside the BMP for two halves")
class NothingOutsideTheBmp(Form):
    def is_legal(self, name, value):
        return max(value) < "\U00010000" and super().is_legal(name, value)


@answerer("lets quotes pass in Hong Kong")
class QuotesInHongKong(Form):
    def is_legal(self, name, value):
        return super().is_legal(name, value.replace('"', "")) if self.profile == "hk" else super().is_legal(name, value)


@answerer("lets no quotes pass anywhere")
class QuotesNowhere(Form):
    def is_legal(self, name, value):
        return not set(value) & set("\"'\uff02") and super().is_legal(name, value)


@answerer("wants names in letters, digits and blanks")
class NamesOfLetters(Form):
    def is_legal(self, name, value):
        if name == "secondary_merchant_name" and not re.fullmatch("[A-Za-z ]*[A-Za-z]", value):
            return False
        return super().is_legal(name, value)


@answerer("wants small letters and digits in ids")
class IdsInSmallLetters(Form):
    def is_legal(self, name, value):
        if name == "secondary_merchant_id" and not re.fullmatch("[a-z][a-z0-9_]+", value):
            return False
        return super().is_legal(name, value)


@answerer("wants letters in ids of stores")
class StoreIdsWithDash(Form):
    def is_legal(self, name, value):
        if name == "store_id" and not re.fullmatch("[A-Z]-[0-9]+", value):
            return False
        return super().is_legal(name, value)


@answerer("takes what Unicode calls a letter or digit for one")
class UnicodeWords(Form):
    def is_legal(self, name, value):
        ascii_only = "".join("a" if each.isalpha() else "0" if each.isdigit() else each for each in value)
        return super().is_legal(name, ascii_only if name in ("secondary_merchant_id", "store_id", "secondary_merchant_industry") else value)


@answerer("takes any mark for part of an id or number")
class AnyMark(Form):
    def is_legal(self, name, value):
        if name in ("secondary_merchant_id", "store_id", "notify_mobile"):
            return True
        return super().is_legal(name, value)


@answerer("takes any industry of up to four characters")
class AnyIndustry(Form):
    def is_legal(self, name, value):
        return name == "secondary_merchant_industry" or super().is_legal(name, value)


@answerer("knows the industry of restaurants alone")
class RestaurantsOnly(Form):
    def is_legal(self, name, value):
        if name == "secondary_merchant_industry" and value not in ("5812", "4121"):
            return False
        return super().is_legal(name, value)


@answerer("takes any text for a country")
class AnyCountry(Form):
    def is_legal(self, name, value):
        return name == "country_code" or super().is_legal(name, value)

    def limit(self, name):
        return None if name.endswith("country_code") else super().limit(name)


@answerer("lets passback_parameters be nested, or be anything")
class PassbackOfAnything(Form):
    def is_flat(self, value):
        return True


@answerer("wants something to come back")
class PassbackNotEmpty(Form):
    def is_flat(self, value):
        return bool(value) and super().is_flat(value)


@answerer("lets one thing come back")
class PassbackOfOne(Form):
    def is_flat(self, value):
        return len(value) < 2 and super().is_flat(value)


@answerer("knows no channel fee")
class NoFees(Form):
    def channel_fee(self, fee, data):
        raise FaultError("biz_data.channel_fee", "illegal", "ILLEGAL_ARGUMENT")


@answerer("does not look at the channel fee")
class AnyFee(Form):
    def channel_fee(self, fee, data):
        pass


@answerer("takes any number for a rate")
class AnyRate(Form):
    def is_rate(self, value):
        try:
            return float(value.strip().rstrip("%").replace(",", ".")) is not None
        except ValueError:
            return False


@answerer("takes a rate for a percentage")
class RateIsPercentage(Form):
    def is_rate(self, value):
        return re.fullmatch(r"[0-5](\.\d+)?", value, re.ASCII) is not None


@answerer("knows rates below five percent, not five percent itself")
class RateBelowFive(Form):
    def is_rate(self, value):
        return super().is_rate(value) and float(value) < 0.05


@answerer("wants a rate of two decimals")
class RateOfTwoDecimals(Form):
    def is_rate(self, value):
        return re.fullmatch(r"0\.0[1-4]", value) is not None


@answerer("wants a fixed fee of two decimals")
class FeeOfTwoDecimals(Form):
    def is_fee(self, value, currency):
        return "." in value and super().is_fee(value, currency)


@answerer("takes any float for a fixed fee")
class FeeIsFloat(Form):
    def is_fee(self, value, currency):
        try:
            return float(value.strip("$")) is not None
        except ValueError:
            return value == "one"


@answerer("takes a fixed fee in the settlement's currency in Hong Kong, too")
class FeeOfTheSettlement(Form):
    def channel_fee(self, fee, data):
        profile, self.profile = self.profile, "global"
        try:
            super().channel_fee(fee, data)
        finally:
            self.profile = profile


@answerer("takes a fixed fee in Hong Kong's dollars everywhere")
class FeeOfHongKong(Form):
    def channel_fee(self, fee, data):
        profile, self.profile = self.profile, "hk"
        try:
            super().channel_fee(fee, data)
        finally:
            self.profile = profile


@answerer("knows refund_reason in Hong Kong as elsewhere, and no other spelling")
class OneSpelling(Form):
    def parameters(self, service):
        profile, self.profile = self.profile, "global"
        try:
            return super().parameters(service)
        finally:
            self.profile = profile


@answerer("knows refund_reson everywhere")
class BothSpellings(Form):
    def is_known(self, name, service):
        return name in ("refund_reson", "refund_reason") or super().is_known(name, service)


@answerer("has the global edition's demands in Hong Kong")
class GlobalDemands(Form):
    def is_needed(self, name, service, params):
        return name in ("notify_url", "_input_charset") or super().is_needed(name, service, params)


@answerer("wants a reason of letters, digits and blanks")
class PlainReason(Form):
    def error(self, name, params, service):
        if name.startswith("refund_reas") and not re.fullmatch("[a-z ]*[a-z]", params[name]):
            return "ILLEGAL_ARGUMENT"
        return super().error(name, params, service)
