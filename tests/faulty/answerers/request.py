"""Implementations that are wrong about which parameters a request has."""

import json

from oracles.calls import OPTIONAL, PLAIN, TAXI, Calls, FaultError
from faulty.answerers.registry import Implementation, fault


class Form(Calls, Implementation):
    """Right about parameters, their values and the members of biz_data."""


# --- presence --------------------------------------------------------------------------------------------


@fault("misses no parameter")
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


@fault("misses an absent parameter, not an empty one")
class EmptyIsThere(Form):
    def parameter(self, params, name, service):
        if params.get(name) != "":
            super().parameter(params, name, service)

    def member(self, data, name):
        if data.get(name) != "":
            super().member(data, name)

    def settles(self, price, settlement):
        return "" in (price, settlement) or super().settles(price, settlement)


@fault("takes a parameter without a value for a fault, also where it is optional")
class OptionalNotEmpty(Form):
    def parameter(self, params, name, service):
        if params.get(name, "x") == "":
            raise FaultError(name, "empty", "PARAMTER_IS_NULL")
        super().parameter(params, name, service)

    def member(self, data, name):
        if name in data and not data[name]:
            raise FaultError(f"biz_data.{name}", "empty", "PARAMTER_IS_NULL")
        super().member(data, name)


@fault("declines whatever holds a null")
class NoNull(Form):
    def request(self, inputs):
        if any(value is None for _, value in inputs["params"]):
            return {"result": "invalid"}
        return super().request(inputs)


@fault("demands every parameter of the page")
class EverythingNeeded(Form):
    def is_needed(self, name, service, params):
        return True


@fault("takes the digit zero for nothing")
class ZeroIsNothing(Form):
    def missing(self, params, name):
        return "empty" if params.get(name) == "0" else super().missing(params, name)

    def member(self, data, name):
        super().member({**data, name: ""} if data.get(name) == "0" else data, name)

    def channel_fee(self, fee, data):
        super().channel_fee({**fee, "value": ""} if isinstance(fee, dict) and fee.get("value") == "0" else fee, data)


@fault("takes a blank for nothing")
class BlankIsNothing(Form):
    def parameter(self, params, name, service):
        if params.get(name, "x").strip() == "" and params.get(name):
            raise FaultError(name, "empty", "PARAMTER_IS_NULL")
        super().parameter(params, name, service)

    def member(self, data, name):
        value = data.get(name)
        super().member({**data, name: value.strip()} if isinstance(value, str) else data, name)


@fault("creates codes without notify_url, as the pages allow and the seed does not")
class NotifyUrlOptional(Form):
    def is_needed(self, name, service, params):
        return name != "notify_url" and super().is_needed(name, service, params)


@fault("demands notify_url of every refund")
class NotifyUrlOfEveryRefund(Form):
    def is_needed(self, name, service, params):
        return name == "notify_url" or super().is_needed(name, service, params)


@fault("demands _input_charset of a refund")
class CharsetOfRefund(Form):
    def is_needed(self, name, service, params):
        return name == "_input_charset" or super().is_needed(name, service, params)


@fault("does without _input_charset everywhere")
class CharsetNowhere(Form):
    def is_needed(self, name, service, params):
        return name != "_input_charset" and super().is_needed(name, service, params)


@fault("cancels without a timestamp")
class TimestampOptional(Form):
    def is_needed(self, name, service, params):
        return name != "timestamp" and super().is_needed(name, service, params)


@fault("demands a store of a taxi")
class StoreOfTaxi(Form):
    def needs_member(self, name, data):
        return name.startswith("store") or super().needs_member(name, data)


@fault("takes a taxi for any other shop")
class TaxiIsAShop(Form):
    def needs_member(self, name, data):
        return name not in TAXI and super().needs_member(name, data)


@fault("knows taxis only where there is a taxi")
class TaxiMembersElsewhere(Form):
    def is_member(self, name):
        return name not in TAXI and super().is_member(name)


@fault("demands what a merchant is, and no store")
class StoreOptional(Form):
    def needs_member(self, name, data):
        return not name.startswith("store") and super().needs_member(name, data)


@fault("settles in CNY where no currency is given")
class CurrencyByDefault(Form):
    def read(self, text):
        data = super().read(text)
        return {**data, "currency": data.get("currency") or "CNY"} if isinstance(data, dict) else data


@fault("demands country_code")
class CountryNeeded(Form):
    def needs_member(self, name, data):
        return name == "country_code" or super().needs_member(name, data)


# --- names -----------------------------------------------------------------------------------------------


@fault("lets any parameter pass")
class AnyName(Form):
    def is_known(self, name, service):
        return True

    def is_member(self, name):
        return True


@fault("knows parameters in any case, and with blanks")
class NamesInAnyCase(Form):
    def is_known(self, name, service):
        return super().is_known(name.strip().lower(), service)

    def is_member(self, name):
        return super().is_member(name.lower())


@fault("knows the parameters of all services for each of them")
class NamesOfAllServices(Form):
    def is_known(self, name, service):
        return any(super(NamesOfAllServices, self).is_known(name, each) for each in ("CREATE", "CANCEL", "REFUND"))


@fault("knows only what is compulsory")
class NamesNeededOnly(Form):
    def is_known(self, name, service):
        return name not in OPTIONAL[service] - {"_input_charset"} and super().is_known(name, service)

    def is_member(self, name):
        return name in PLAIN[:7] or name in TAXI


@fault("knows services by any name that ends in refund")
class AnyRefund(Form):
    def service(self, name):
        return "REFUND" if name.strip().lower().endswith("refund") else super().service(name)


@fault("takes a request without a service for a refund")
class RefundByDefault(Form):
    def service(self, name):
        return super().service(name or "alipay.acquire.overseas.spot.refund")

    def judge(self, params, service):
        return super().judge({**params, "service": params.get("service") or "refund"}, service)
