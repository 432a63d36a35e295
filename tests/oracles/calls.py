"""The parameters of a request by tables written from the pages: shares no code with the packages under test.

Every decision is one short method, a seam: a faulty implementation in tests/faulty overrides one of them.
"""

import json

from oracles.amounts import Amounts, NoAmountError
from oracles.moments import Moments, NoTimestampError

SERVICES = {
    "alipay.commerce.qrcode.create": "CREATE",
    "alipay.acquire.cancel": "CANCEL",
    "alipay.acquire.overseas.spot.refund": "REFUND",
}
DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CAPITALS = LETTERS[:26]
NAMED = (
    "AED AUD CAD CHF CNY CZK DKK EUR GBP HKD IDR ILS JPY KRW "
    "LKR MUR MYR NOK NZD PHP RUB SEK SGD THB USD VND ZAR"
)
COMMON = ["service", "partner", "_input_charset", "sign_type", "sign"]
PARAMETERS = {
    "CREATE": [*COMMON, "timestamp", "notify_url", "biz_type", "biz_data"],
    "CANCEL": [*COMMON, "timestamp", "terminal_timestamp", "out_trade_no", "trade_no"],
    "REFUND": [
        *[*COMMON, "notify_url", "partner_trans_id", "alipay_trans_id", "partner_refund_id"],
        *["refund_amount", "currency", "refund_reason", "is_sync"],
    ],
}
OPTIONAL = {
    "CREATE": set(),
    "CANCEL": {"terminal_timestamp", "trade_no"},
    "REFUND": {"_input_charset", "alipay_trans_id", "refund_reason", "refund_reson", "is_sync"},
}
LIMITS = {
    "partner": 16,
    "timestamp": 19,
    "terminal_timestamp": 19,
    "notify_url": 200,
    "biz_data": 2000,
    "out_trade_no": 64,
    "trade_no": 64,
    "partner_trans_id": 64,
    "alipay_trans_id": 64,
    "partner_refund_id": 64,
    "currency": 10,
    "refund_reason": 128,
    "refund_reson": 128,
    "is_sync": 1,
    "biz_data.secondary_merchant_industry": 4,
    "biz_data.secondary_merchant_id": 64,
    "biz_data.secondary_merchant_name": 64,
    "biz_data.store_id": 32,
    "biz_data.country_code": 2,
}
STORE = ["store_id", "store_name"]
TAXI = ["taxi_operation_id", "taxi_number", "taxi_driver_name", "taxi_driver_mobile"]
NEEDED = ["secondary_merchant_industry", "secondary_merchant_id", "secondary_merchant_name"]
MONEYS = ["trans_currency", "currency"]
PLAIN = [*NEEDED, *STORE, *MONEYS, *TAXI, "country_code", "address", "sys_service_provider_id"]
PLAIN += ["notify_mobile", "notify_wangwang", "notify_alipay_account"]
OWN_CODES = {"service": "SERVICE", "partner": "PARTNER", "sign_type": "SIGN_TYPE", "sign": "SIGN"}


class FaultError(Exception):
    """A parameter, the kind of its fault, the gateway's code."""


def made_of(value, characters):
    return all(each in characters for each in value)


class Calls:
    """Answers vectors of the kind ``request``."""

    def request(self, inputs):
        self.profile = inputs["profile"]
        params = {name: value for name, value in inputs["params"] if value is not None}
        service = self.service(params.get("service", ""))
        told = {"service": service} if service else {}
        try:
            read = self.judge(params, service)
        except FaultError as fault:
            parameter, kind, error = fault.args
            problems = [{"parameter": parameter, "kind": kind, "error": error}]
            return {"result": "invalid", **told, "problems": problems, "error": error}
        return {"result": "valid", **told, **({} if read is None else {"biz_data": read})}

    def service(self, name):
        return SERVICES.get(name)

    def judge(self, params, service):
        if service is None:
            raise FaultError("service", self.missing(params, "service") or "illegal", "ILLEGAL_SERVICE")
        for name in self.parameters(service):
            self.parameter(params, name, service)
        if "partner_refund_id" in params and not self.ids_differ(params):
            raise FaultError("partner_refund_id", "conflict", "INVALID_PARAMETER")
        read = self.biz_data(params["biz_data"]) if params.get("biz_data") else None
        for name in params:
            if not self.is_known(name, service):
                shown = name if made_of(name, LETTERS + DIGITS + "_.-") else ascii(name)
                raise FaultError(shown, "undocumented", "ILLEGAL_ARGUMENT")
        return read

    def parameter(self, params, name, service):
        if kind := self.missing(params, name):
            if self.is_needed(name, service, params):
                raise FaultError(name, kind, self.code(name, "PARAMTER_IS_NULL"))
            return
        self.fits(name, params[name], name)
        if error := self.error(name, params, service):
            raise FaultError(name, "illegal", self.code(name, error))

    def code(self, name, error):
        return f"ILLEGAL_{OWN_CODES[name]}" if name in OWN_CODES else error

    def fits(self, name, value, code_of=""):
        limit = self.limit(name)
        if limit is not None and not self.within(value, limit):
            raise FaultError(name, "too-long", self.code(code_of, "ILLEGAL_LENGTH"))

    def error(self, name, params, service):
        """The gateway's code for a value that is there and short enough, or None."""
        value = params[name]
        if name == "refund_amount":
            return None if self.is_amount(value, params.get("currency", "")) else "ILLEGAL_MONEY_FORMAT"
        if name in {"timestamp", "terminal_timestamp"}:
            return None if self.is_timestamp(value, service) else "ILLEGAL_DATA_FORMAT"
        if name == "currency":
            return None if self.is_currency(value) and self.is_refunded(value) else "ILLEGAL_CURRENCY"
        if name == "trade_no":
            return None if self.is_long_enough(value) else "ILLEGAL_LENGTH"
        if name == "_input_charset":
            return None if self.is_charset(value) else "ILLEGAL_CHARSET"
        checks = {
            "partner": self.is_partner,
            "sign_type": self.is_sign_type,
            "notify_url": self.is_url,
            "biz_type": self.is_biz_type,
            "is_sync": self.is_yes_or_no,
        }
        return None if name not in checks or checks[name](value) else "ILLEGAL_ARGUMENT"

    # === the seams: a request as a whole ============================================================

    def parameters(self, service):
        named = PARAMETERS[service]
        hk = self.profile == "hk"
        return [{"refund_reason": "refund_reson"}.get(name, name) if hk else name for name in named]

    def missing(self, params, name):
        """``absent``, ``empty`` or nothing."""
        if name not in params:
            return "absent"
        return "" if params[name] else "empty"

    def is_needed(self, name, service, params):
        if service == "REFUND" and name == "notify_url":
            return self.profile == "global" and params.get("is_sync") != "Y"
        return name not in OPTIONAL[service]

    def is_known(self, name, service):
        return name in self.parameters(service)

    def ids_differ(self, params):
        return params["partner_refund_id"] != params.get("partner_trans_id")

    def limit(self, name):
        short = self.profile == "hk" and name.endswith(("merchant_id", "merchant_name"))
        return 32 if short else LIMITS.get(name)

    def within(self, value, limit):
        return self.length(value) <= limit

    def length(self, value):
        return len(value)

    # === the seams: values ==========================================================================

    def is_partner(self, value):
        return len(value) == 16 and value[:4] == "2088" and made_of(value, DIGITS)

    def is_charset(self, value):
        return value.upper() in {"UTF-8", "GBK", "GB2312"}

    def is_sign_type(self, value):
        return value in {"MD5", "RSA", "RSA2"}

    def is_biz_type(self, value):
        return value == "OVERSEASHOPQRCODE"

    def is_yes_or_no(self, value):
        return value in {"Y", "N"}

    def is_long_enough(self, value):
        return len(value) >= 16

    def is_timestamp(self, value, service):
        try:
            Moments().read(value, service)
        except NoTimestampError:
            return False
        return True

    def is_amount(self, value, currency):
        try:
            return self.is_refundable(Amounts().read(value, currency))
        except NoAmountError:
            return False

    def is_refundable(self, units):
        return units > 0

    def is_currency(self, value):
        return value in NAMED.split()

    def is_refunded(self, value):
        return self.profile == "global" or value == "HKD"

    def is_url(self, value):
        scheme, mark, rest = value.partition("://")
        if scheme.lower() not in self.schemes() or not mark:
            return False
        end = min([rest.index(each) for each in "/?" if each in rest], default=len(rest))
        return self.is_host(rest[:end]) and self.is_path(rest[end:])

    def schemes(self):
        return {"http", "https"}

    def is_host(self, text):
        if text[:1] == "[":
            host, _, port = text[1:].partition("]")
            return made_of(host.lower(), DIGITS + "abcdef:.") and self.is_port(port)
        host, colon, port = text.partition(":")
        return bool(host) and made_of(host, LETTERS + DIGITS + ".-_") and self.is_port(colon + port)

    def is_port(self, text):
        if not text:
            return True
        digits = text[1:]
        if text[0] != ":" or not digits or not made_of(digits, DIGITS):
            return False
        return len(digits) <= 5 and 0 < int(digits) < 2**16

    def is_path(self, text):
        return all(each > " " and each not in '#\\<>"\x7f' for each in text)

    # === the seams: biz_data ========================================================================

    def biz_data(self, text):
        data = self.read(text)
        if not isinstance(data, dict):
            raise FaultError("biz_data", "illegal", "ILLEGAL_ARGUMENT")
        for name in PLAIN:
            self.member(data, name)
        if "channel_fee" in data:
            self.channel_fee(self.opened(data["channel_fee"]), data)
        if "passback_parameters" in data and not self.is_flat(self.opened(data["passback_parameters"])):
            raise FaultError("biz_data.passback_parameters", "illegal", "ILLEGAL_ARGUMENT")
        if not self.settles(data["trans_currency"], data["currency"]):
            raise FaultError("biz_data.currency", "conflict", "ILLEGAL_CURRENCY")
        for name in data:
            if not self.is_member(name):
                raise FaultError(f"biz_data.{name}", "undocumented", "ILLEGAL_ARGUMENT")
        return data

    def read(self, text):
        """The value that a text of JSON holds; what stands twice is nowhere right."""
        try:
            return json.loads(text, object_pairs_hook=self.object, parse_constant=self.no_constant)
        except ValueError:
            return None

    def no_constant(self, name):
        raise ValueError(name)

    def object(self, pairs):
        names = [name for name, _ in pairs]
        for name in names:
            if names.count(name) > 1:
                place = "biz_data.channel_fee" if "type" in names else "biz_data"
                raise FaultError(f"{place}.{name}", "illegal", "ILLEGAL_ARGUMENT")
        return dict(pairs)

    def needs_member(self, name, data):
        taxi = data.get("secondary_merchant_industry") == "4121"
        return name in NEEDED + MONEYS + (TAXI if taxi else STORE)

    def member(self, data, name):
        place, value = f"biz_data.{name}", data.get(name)
        if value is None or value == "":
            if self.needs_member(name, data):
                raise FaultError(place, "absent" if value is None else "empty", "PARAMTER_IS_NULL")
            return
        if not self.is_text(value):
            raise FaultError(place, "illegal", self.code_of_member(name))
        self.fits(place, self.as_text(value))
        if not self.is_legal(name, self.as_text(value)):
            raise FaultError(place, "illegal", self.code_of_member(name))

    def code_of_member(self, name):
        if name in MONEYS:
            return "ILLEGAL_CURRENCY"
        formed = [*NEEDED[:2], "store_id", "country_code", "notify_mobile"]
        return "REGEXP_MATCH_FAIL" if name in formed else "ILLEGAL_ARGUMENT"

    def is_text(self, value):
        return isinstance(value, str)

    def as_text(self, value):
        return value

    def is_legal(self, name, value):
        if any("\ud800" <= each <= "\udfff" for each in value):
            return False
        if self.profile == "hk" and '"' in value:
            return False
        if name in MONEYS:
            return self.is_currency(value)
        if name == "secondary_merchant_industry":
            return len(value) == 4 and made_of(value, DIGITS)
        if name == "country_code":
            return len(value) == 2 and made_of(value, CAPITALS)
        allowed = {"secondary_merchant_id": "_", "store_id": "_-"}
        if name in allowed:
            return made_of(value, LETTERS + DIGITS + allowed[name])
        return name != "notify_mobile" or made_of(value, DIGITS)

    def is_member(self, name):
        return name in {*PLAIN, "channel_fee", "passback_parameters"}

    def settles(self, price, settlement):
        return price == "CNY" or settlement in {"CNY", price}

    def opened(self, value):
        """The object of a member that may stand there as its text."""
        found = self.read(value) if isinstance(value, str) else None
        return found if isinstance(found, dict) else value

    def is_flat(self, value):
        return isinstance(value, dict) and not any(isinstance(each, dict | list) for each in value.values())

    def channel_fee(self, fee, data):
        place = "biz_data.channel_fee"
        if not isinstance(fee, dict):
            raise FaultError(place, "illegal", "ILLEGAL_ARGUMENT")
        for name in fee:
            if name not in {"type", "value"}:
                raise FaultError(f"{place}.{name}", "undocumented", "ILLEGAL_ARGUMENT")
        for name in ("type", "value"):
            if not fee.get(name):
                kind = "absent" if fee.get(name) is None else "empty"
                raise FaultError(f"{place}.{name}", kind, "PARAMTER_IS_NULL")
        if fee["type"] not in {"FIXED", "RATE"}:
            raise FaultError(f"{place}.type", "illegal", "ILLEGAL_ARGUMENT")
        currency = "HKD" if self.profile == "hk" else data["currency"]
        legal = self.is_rate(fee["value"]) if fee["type"] == "RATE" else self.is_fee(fee["value"], currency)
        if not legal:
            raise FaultError(f"{place}.value", "illegal", "ILLEGAL_ARGUMENT")

    def is_rate(self, value):
        """0 to 0.05: in hundred-millionths, without a float."""
        whole, point, fraction = value.partition(".")
        if whole != "0" or not made_of(fraction, DIGITS) or (point and not fraction) or len(fraction) > 8:
            return False
        return int(fraction.ljust(8, "0") or "0") <= 5_000_000

    def is_fee(self, value, currency):
        try:
            Amounts().read(value, currency)
        except NoAmountError:
            return False
        return True
