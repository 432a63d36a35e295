"""Implementations that are wrong about the members of biz_data, and about what differs in Hong Kong."""

import re

from oracles.calls import FaultError
from faulty.answerers.registry import fault
from faulty.answerers.request import Form


@fault("lets halves of surrogate pairs pass")
class HalvesPass(Form):
    def is_legal(self, name, value):
        return super().is_legal(name, re.sub("[\ud800-\udfff]", "x", value))


@fault("takes characters outside the BMP for two halves")
class NothingOutsideTheBmp(Form):
    def is_legal(self, name, value):
        return max(value) < "\U00010000" and super().is_legal(name, value)


@fault("lets quotes pass in Hong Kong")
class QuotesInHongKong(Form):
    def is_legal(self, name, value):
        return super().is_legal(name, value.replace('"', "")) if self.profile == "hk" else super().is_legal(name, value)


@fault("lets no quotes pass anywhere")
class QuotesNowhere(Form):
    def is_legal(self, name, value):
        return not set(value) & set("\"'\uff02") and super().is_legal(name, value)


@fault("wants names in letters, digits and blanks")
class NamesOfLetters(Form):
    def is_legal(self, name, value):
        if name == "secondary_merchant_name" and not re.fullmatch("[A-Za-z ]*[A-Za-z]", value):
            return False
        return super().is_legal(name, value)


@fault("wants small letters and digits in ids")
class IdsInSmallLetters(Form):
    def is_legal(self, name, value):
        if name == "secondary_merchant_id" and not re.fullmatch("[a-z][a-z0-9_]+", value):
            return False
        return super().is_legal(name, value)


@fault("wants letters in ids of stores")
class StoreIdsWithDash(Form):
    def is_legal(self, name, value):
        if name == "store_id" and not re.fullmatch("[A-Z]-[0-9]+", value):
            return False
        return super().is_legal(name, value)


@fault("takes what Unicode calls a letter or digit for one")
class UnicodeWords(Form):
    def is_legal(self, name, value):
        ascii_only = "".join("a" if each.isalpha() else "0" if each.isdigit() else each for each in value)
        return super().is_legal(name, ascii_only if name in ("secondary_merchant_id", "store_id", "secondary_merchant_industry") else value)


@fault("takes any mark for part of an id or number")
class AnyMark(Form):
    def is_legal(self, name, value):
        if name in ("secondary_merchant_id", "store_id", "notify_mobile"):
            return True
        return super().is_legal(name, value)


@fault("takes any industry of up to four characters")
class AnyIndustry(Form):
    def is_legal(self, name, value):
        return name == "secondary_merchant_industry" or super().is_legal(name, value)


@fault("knows the industry of restaurants alone")
class RestaurantsOnly(Form):
    def is_legal(self, name, value):
        if name == "secondary_merchant_industry" and value not in ("5812", "4121"):
            return False
        return super().is_legal(name, value)


@fault("takes any text for a country")
class AnyCountry(Form):
    def is_legal(self, name, value):
        return name == "country_code" or super().is_legal(name, value)

    def limit(self, name):
        return None if name.endswith("country_code") else super().limit(name)


@fault("lets passback_parameters be nested, or be anything")
class PassbackOfAnything(Form):
    def is_flat(self, value):
        return True


@fault("wants something to come back")
class PassbackNotEmpty(Form):
    def is_flat(self, value):
        return bool(value) and super().is_flat(value)


@fault("lets one thing come back")
class PassbackOfOne(Form):
    def is_flat(self, value):
        return len(value) < 2 and super().is_flat(value)


@fault("knows no channel fee")
class NoFees(Form):
    def channel_fee(self, fee, data):
        raise FaultError("biz_data.channel_fee", "illegal", "ILLEGAL_ARGUMENT")


@fault("does not look at the channel fee")
class AnyFee(Form):
    def channel_fee(self, fee, data):
        pass


@fault("takes any number for a rate")
class AnyRate(Form):
    def is_rate(self, value):
        try:
            return float(value.strip().rstrip("%").replace(",", ".")) is not None
        except ValueError:
            return False


@fault("takes a rate for a percentage")
class RateIsPercentage(Form):
    def is_rate(self, value):
        return re.fullmatch(r"[0-5](\.\d+)?", value, re.ASCII) is not None


@fault("knows rates below five percent, not five percent itself")
class RateBelowFive(Form):
    def is_rate(self, value):
        return super().is_rate(value) and float(value) < 0.05


@fault("wants a rate of two decimals")
class RateOfTwoDecimals(Form):
    def is_rate(self, value):
        return re.fullmatch(r"0\.0[1-4]", value) is not None


@fault("wants a fixed fee of two decimals")
class FeeOfTwoDecimals(Form):
    def is_fee(self, value, currency):
        return "." in value and super().is_fee(value, currency)


@fault("takes any float for a fixed fee")
class FeeIsFloat(Form):
    def is_fee(self, value, currency):
        try:
            return float(value.strip("$")) is not None
        except ValueError:
            return value == "one"


@fault("takes a fixed fee in the settlement's currency in Hong Kong, too")
class FeeOfTheSettlement(Form):
    def channel_fee(self, fee, data):
        profile, self.profile = self.profile, "global"
        try:
            super().channel_fee(fee, data)
        finally:
            self.profile = profile


@fault("takes a fixed fee in Hong Kong's dollars everywhere")
class FeeOfHongKong(Form):
    def channel_fee(self, fee, data):
        profile, self.profile = self.profile, "hk"
        try:
            super().channel_fee(fee, data)
        finally:
            self.profile = profile


@fault("knows refund_reason in Hong Kong as elsewhere, and no other spelling")
class OneSpelling(Form):
    def parameters(self, service):
        profile, self.profile = self.profile, "global"
        try:
            return super().parameters(service)
        finally:
            self.profile = profile


@fault("knows refund_reson everywhere")
class BothSpellings(Form):
    def is_known(self, name, service):
        return name in ("refund_reson", "refund_reason") or super().is_known(name, service)


@fault("has the global edition's demands in Hong Kong")
class GlobalDemands(Form):
    def is_needed(self, name, service, params):
        return name in ("notify_url", "_input_charset") or super().is_needed(name, service, params)


@fault("wants a reason of letters, digits and blanks")
class PlainReason(Form):
    def error(self, name, params, service):
        if name.startswith("refund_reas") and not re.fullmatch("[a-z ]*[a-z]", params[name]):
            return "ILLEGAL_ARGUMENT"
        return super().error(name, params, service)
