"""The independent merchant's dealings with the gateway: it signs, sends, reads, and makes codes."""

import base64
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

from alipay_qr_conformance import Refused, Unsupported
from harmless import independent_wire as wire
from harmless.habits import Habits
from harmless.independent_line import Line

BEIJING = timezone(timedelta(hours=8))
CREATE = "alipay.commerce.qrcode.create"
CANCEL = "alipay.acquire.cancel"
REFUND = "alipay.acquire.overseas.spot.refund"
QUERY = "alipay.acquire.overseas.query"
OPERATIONS = ["hello", "configure", "reset", "presign", "sign", "verify", "expect", "notify", "trade"]
OPERATIONS += ["create_qr_code", "cancel", "refund"]
IN_DOUBT = {"SYSTEM_ERROR", "UNKNOW", "UNKNOWN"}
SWITCHING = {
    "SESSION_TIMEOUT",
    "ILLEGAL_TARGET_SERVICE",
    "ILLEGAL_ACCESS_SWITCH_SYSTEM",
    "ILLEGAL_SWITCH_SYSTEM",
    "EXTERFACE_IS_CLOSED",
}
ECHOED = {
    CREATE: ("qrcode", "error", "detail_error_code"),
    CANCEL: ("out_trade_no",),
    REFUND: ("partner_refund_id", "partner_trans_id"),
    QUERY: ("partner_trans_id", "out_trade_no"),
}
FOREIGN = {
    CREATE: {"retry_flag", "partner_refund_id", "alipay_trans_status"},
    CANCEL: {"qrcode", "partner_refund_id", "alipay_trans_status"},
    REFUND: {"qrcode", "retry_flag", "alipay_trans_status"},
    QUERY: {"qrcode", "retry_flag", "partner_refund_id"},
}
"""By service: fields of which it answers none."""


@dataclass
class Reading:
    outcome: str
    code: str | None = None
    fields: dict = field(default_factory=dict)


class Client:
    """Whatever needs no books."""

    habits = Habits()
    greeting = MappingProxyType({})  # what hello says otherwise

    def __init__(self):
        self.keys, self.codes, self.now = {}, {}, None
        self.line = Line(self.habits)

    # --- the session ------------------------------------------------------------------------------------

    def hello(self, protocol="1"):
        if protocol != "1":
            raise Unsupported("this adapter speaks 1")
        return {
            "protocol": "1",
            "name": "independent merchant",
            "version": "1",
            "language": "Python",
            "operations": OPERATIONS,
            "sign_types": ["MD5", "RSA", "RSA2"],
            "charsets": ["UTF-8", "GBK", "GB2312"],
            "clock": True,
            "parallel": False,
            **self.greeting,
        }

    def close(self):
        self.line.close()

    def configure(self, **settings):
        self.line.close()
        self.keys = settings
        return {}

    def tell_time(self, now):
        told = datetime.now(UTC) if now is None else datetime.fromisoformat(now)
        self.now = told.astimezone(timezone(timedelta(minutes=self.habits.zone_minutes)))

    # --- signing ----------------------------------------------------------------------------------------

    def presign(self, params, charset):
        data = wire.signed_bytes(params, charset)
        if self.habits.presign_as_text:
            return {"text": data.decode(charset)}
        return {"base64": base64.b64encode(data).decode()}

    def sign(self, params, charset, sign_type):
        names = [name for name, _ in params]
        if self.habits.refuses_odd_names and not all(re.fullmatch(r"[A-Za-z0-9_]+", each) for each in names):
            raise Refused("no such parameter is defined")
        self.decline_characters([value or "" for _, value in params])
        data = wire.signed_bytes(params, charset)
        return {"sign": wire.make_sign(data, sign_type, self.keys, self.habits.private_form)}

    def verify(self, params, charset):
        if not self.proved(params, charset) and self.habits.invalid_is_refused:
            raise Refused("not genuine")
        return {"valid": self.proved(params, charset)}

    def proved(self, params, charset):
        given = dict(params)
        if (
            len(given) != len(params)
            or given.get("sign_type") != self.keys["sign_type"]
            or not given.get("sign")
        ):
            return False
        try:
            data = wire.signed_bytes(params, charset)
        except Refused:
            return False
        return wire.sign_holds(data, given["sign"], given["sign_type"], self.keys, self.habits.public_form)

    def decline_characters(self, texts):
        for text in texts:
            if self.habits.refuses_line_ends and re.search(r"[\r\n]", text):
                raise Refused("no line ends in a value")
            if self.habits.refuses_controls and re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
                raise Refused("no control characters in a value")

    # --- sending ----------------------------------------------------------------------------------------

    def ask(self, url, service, fields):
        """Send one request and say what its answer proves."""
        habits, charset = self.habits, self.keys["charset"]
        self.decline_characters([value for value in fields.values() if value])
        named = charset.lower() if habits.charset_case == "lower" else charset
        common = {"service": service, "partner": self.keys["partner"], "_input_charset": named}
        params = [(name, value) for name, value in {**common, **fields}.items() if value]
        data = wire.signed_bytes(params, charset)
        sign = wire.make_sign(data, self.keys["sign_type"], self.keys, habits.private_form)
        params = wire.ordered([*params, ("sign", sign), ("sign_type", self.keys["sign_type"])], habits)
        in_url = habits.method == "GET" or habits.all_in_url
        query = wire.form([each for each in params if in_url or each[0] == "_input_charset"], charset, habits)
        body = (
            None
            if in_url
            else wire.form([each for each in params if each[0] != "_input_charset"], charset, habits)
        )
        kind = wire.CONTENT_TYPES[habits.content_type].format(named)
        body = b"" if body is None and habits.method == "POST" else body and body.encode("ascii")
        limit = habits.time_limit or float(self.keys["gateway_timeout"])
        try:
            status, data = self.line.send(
                url or self.keys["gateway_url"], habits.method, query, body, kind, limit
            )
            return self.reading(data, fields, service) if status == 200 else Reading("unknown")
        except wire.Lost:
            return Reading("unknown")

    def ask_until_known(self, url, service, fields):
        reading = self.ask(url, service, fields)
        for _ in range(self.habits.repeats):
            if reading.outcome == "unknown":
                reading = self.ask(url, service, fields)
        if self.habits.repeats_retry_flag and reading.fields.get("retry_flag") == "Y":
            reading = self.ask(url, service, fields)
        return reading

    def query(self, url, number):
        return self.ask(url, QUERY, {"partner_trans_id": number})

    def reading(self, data, asked, service):
        root, charset = wire.read_xml(data)
        top, response = dict(wire.children(root)), root.find("response")
        if top.get("is_success") == "F" and "sign" not in top:
            return Reading(
                "unknown" if self.in_doubt(top.get("error"), unsigned=True) else "failed", top.get("error")
            )
        if top.get("is_success") != "T" or response is None or not len(response):
            return Reading("unknown")
        pairs = wire.children(response[0])
        sealed = [(name, top[name]) for name in ("sign", "sign_type") if name in top]
        if len(dict(pairs)) != len(pairs) or not self.proved([*pairs, *sealed], charset):
            return Reading("unknown")
        fields = dict(pairs)
        names = ("out_trade_no", "partner_trans_id", "partner_refund_id", "currency")
        if any(fields[name] != asked[name] for name in names if fields.get(name) and asked.get(name)):
            return Reading("unknown")
        return self.concluded(fields, service)

    def concluded(self, fields, service):
        code, result = fields.get("detail_error_code") or fields.get("error"), fields.get("result_code")
        echoed = any(fields.get(name) for name in ECHOED[service])
        if not echoed and (self.habits.needs_echo or FOREIGN[service] & set(fields)):
            return Reading("unknown", code, fields)
        if result == "SUCCESS" or (result is None and fields.get("qrcode")):
            return Reading("success", None, fields)
        again = self.habits.doubts_retry_flag and fields.get("retry_flag") == "Y"
        sure = result in ("FAIL", "FAILED") and not self.in_doubt(code) and not again
        return Reading("failed" if sure else "unknown", code, fields)

    def in_doubt(self, code, *, unsigned=False):
        if unsigned and self.habits.doubts_gateway_errors:
            return True
        return code in IN_DOUBT or (self.habits.doubts_switching and code in SWITCHING)

    def told(self, outcome, **more):
        return {
            "outcome": outcome,
            **{key: value for key, value in more.items() if value and key in self.habits.tells},
        }

    def timestamp(self):
        return self.now.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")

    # --- CREATE -----------------------------------------------------------------------------------------

    def create_qr_code(self, biz_data, notify_url, gateway_url=None, now=None):
        self.tell_time(now)
        key = repr(sorted(biz_data.items(), key=repr))
        if self.habits.cached_create and key in self.codes:
            return self.codes[key]
        fields = {
            "timestamp": self.timestamp(),
            "notify_url": notify_url,
            "biz_type": "OVERSEASHOPQRCODE",
            "biz_data": wire.json_text(biz_data, self.habits),
        }
        reading = self.ask_until_known(gateway_url, CREATE, fields)
        found = self.told(
            reading.outcome, code=reading.code, qrcode_img_url=reading.fields.get("qrcode_img_url")
        )
        if reading.outcome == "success":
            found["qrcode"] = reading.fields["qrcode"]
            self.codes[key] = found
        return found
