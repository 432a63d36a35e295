"""Animals that sign rightly and send something else, or ask for something wrong."""

import json
import struct
from urllib.parse import quote_from_bytes

from zoo.keeper import REFUND, Healthy, Refused, animal, cousin

# --- form and transport ---------------------------------------------------------------------------------


@animal("sends + as it is, so that it arrives as a blank", "request.encoding", "request.sign.valid")
class PlusNotEscaped(Healthy):
    def quote(self, data):
        return quote_from_bytes(data, safe="+")


@animal("does not escape the + of its base64 sign", "request.encoding", "request.sign.valid")
class PlusOfSignNotEscaped(Healthy):
    def form(self, params):
        return "&".join(
            f"{name}={value if name == 'sign' else self.quote(self.form_bytes(value, self.declared_charset()))}"
            for name, value in params
        )


@animal(
    "form-encodes in UTF-8, whatever _input_charset says",
    "request.encoding", "request.sign.valid",
)
class FormInUtf8(Healthy):
    def form_bytes(self, value, charset):
        return value.encode("utf-8")


@animal(
    "form-encodes values twice",
    "request.encoding", "request.sign.valid",
)
class EncodedTwice(Healthy):
    def quote(self, data):
        return quote_from_bytes(quote_from_bytes(data, safe="").encode(), safe="")


@animal(
    "writes an HTML form and does not escape it, so that values end at their first quote",
    "request.sign.valid", "request.create.biz_data", "request.values-verbatim",
)
class HtmlFormCut(Healthy):
    def params_to_send(self, params):
        return [(name, value.partition('"')[0]) for name, value in params]


@animal("trims values when it sends, having signed them whole", "request.sign.valid", "request.values-verbatim")
class TrimmedOnTheWire(Healthy):
    def params_to_send(self, params):
        return [(name, value.strip()) for name, value in params]


@animal("trims what the caller gave, and signs and sends that", "request.values-verbatim")
class TrimmedValues(Healthy):
    def params_to_sign(self, params):
        return [(name, value.strip()) for name, value in params]

    params_to_send = params_to_sign


@animal("leaves the reason of a refund out", "request.values-verbatim", "request.illegal.not-hidden")
class ReasonDropped(Healthy):
    def is_sent(self, name, value):
        return name != "refund_reason" and super().is_sent(name, value)


@animal("encodes JSON again between signing and sending", "request.sign.valid")
class JsonAgain(Healthy):
    def params_to_send(self, params):
        return [(name, json.dumps(json.loads(value)) if name == "biz_data" else value) for name, value in params]


@animal("announces the length of its body twice, as two layers that each add a header do", "request.encoding")
class LengthTwice(Healthy):
    def headers(self, body):
        return {**super().headers(body), "Content-Length": str(len(body)), "content-length": str(len(body))}


@animal("sends PUT", "request.method")
class Put(Healthy):
    method = "PUT"


@animal("sends partner in the URL and again in the body", "request.no-duplicates")
class PartnerTwice(Healthy):
    def http_parts(self, params):
        method, query, body = super().http_parts(params)
        return method, f"{query}&partner={self.partner()}", body


@animal("has _input_charset in the body of a POST only", "request.charset.in-query")
class CharsetInBody(Healthy):
    def in_query(self, name):
        return False


@animal("neither signs nor sends _input_charset", "request.charset.declared")
class NoInputCharset(Healthy):
    method = "GET"

    def is_sent(self, name, value):
        return name != "_input_charset" and super().is_sent(name, value)


@animal("works in UTF-8 and says so, whatever is configured", "request.charset.declared")
class ConfiguredCharsetIgnored(Healthy):
    def declared_charset(self):
        return "UTF-8"


@animal("does not send sign_type", "request.sign_type")
class NoSignType(Healthy):
    def signature(self, sign):
        return [("sign", sign)]


@animal("sends sign_type in small letters", "request.sign_type")
class SmallSignType(Healthy):
    def declared_sign_type(self):
        return self.settings["sign_type"].lower()


@animal("sends the route that its framework added, unsigned", "request.documented-only", "request.sign.valid")
class FrameworkParameter(Healthy):
    def params_to_send(self, params):
        return [*params, ("s", "/index/pay")]


@animal("sends and signs a parameter of its own", "request.documented-only")
class ExtraParameter(Healthy):
    def common(self, service):
        return {**super().common(service), "debug": "1"}


@animal("sends every request twice", "request.carried-out")
class SendsTwice(Healthy):
    def exchange(self, url, service, fields):
        super().exchange(url, service, fields)
        return super().exchange(url, service, fields)


@animal("declines a refund that names a notify_url", "request.carried-out")
class RefundUrlDeclined(Healthy):
    def refund_notify_url(self, args):
        if args["notify_url"]:
            raise Refused("not supported")
        return super().refund_notify_url(args)


# --- what is asked for ----------------------------------------------------------------------------------


@animal("calls the domestic refund service", "request.service")
class DomesticRefund(Healthy):
    def service(self, name):
        return "alipay.acquire.refund" if name == REFUND else name


@animal("sends the partner id of its example code", "request.partner")
class ExamplePartner(Healthy):
    def partner(self):
        return "2088101122136241"


@animal("writes the timestamp in UTC", "request.timestamp.zone")
class TimestampInUtc(Healthy):
    def timestamp(self):
        from datetime import UTC

        return self.now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@animal("writes the timestamp in ISO 8601", "request.create.timestamp", "request.cancel.timestamp")
class IsoTimestamp(Healthy):
    def timestamp(self):
        return super().timestamp().replace(" ", "T")


@animal("forgets biz_type", "request.create.biz_type")
class NoBizType(Healthy):
    def is_sent(self, name, value):
        return name != "biz_type" and super().is_sent(name, value)


@animal("forgets notify_url where it makes a code", "request.create.notify_url")
class NoNotifyUrl(Healthy):
    def create_fields(self, biz_data, notify_url):
        return {**super().create_fields(biz_data, notify_url), "notify_url": None}


@animal(
    "sends the MCC with a zero before it",
    "request.create.biz_data.secondary_merchant_industry", "request.values-verbatim", "request.illegal.not-hidden",
)
class LongIndustry(Healthy):
    def biz_data(self, given):
        return {**given, "secondary_merchant_industry": "0" + given.get("secondary_merchant_industry", "")}


@animal("cuts names to 64 characters on the quiet", "request.illegal.not-hidden")
class NamesCut(Healthy):
    def biz_data(self, given):
        return {name: value[:64] if isinstance(value, str) and "name" in name else value for name, value in given.items()}


@animal("rounds amounts to cents on the quiet", "request.illegal.not-hidden")
class RoundedAmounts(Healthy):
    def amount(self, text, currency):
        try:
            return super().amount(f"{float(text):.{self.decimals(currency)}f}", currency)
        except ValueError:
            return super().amount(text, currency)

    def amount_on_the_wire(self, text, currency):
        return f"{float(text):.{self.decimals(currency)}f}"


@animal("writes two decimals whatever the currency", "request.refund.refund_amount")
class YenWithCents(Healthy):
    def amount_on_the_wire(self, text, currency):
        return f"{float(text):.2f}"


@animal("multiplies amounts as floats and prints what comes out", "request.refund.refund_amount", "request.refund.amount-exact")
class FloatsPrinted(Healthy):
    def amount_on_the_wire(self, text, currency):
        return str(float(text) * 3 / 3) if currency != "JPY" else str(float(text))


@animal("keeps amounts in single precision", "request.refund.amount-exact")
class SinglePrecision(Healthy):
    def amount_on_the_wire(self, text, currency):
        return f"{struct.unpack('f', struct.pack('f', float(text)))[0]:.{self.decimals(currency)}f}"


@animal("cuts a float to whole cents, and loses one now and then", "request.refund.amount-exact")
class LosesCents(Healthy):
    def amount_on_the_wire(self, text, currency):
        digits = self.decimals(currency)
        return f"{int(float(text) * 10**digits) / 10**digits:.{digits}f}"


# --- cousins --------------------------------------------------------------------------------------------


@cousin("sends by GET")
class ByGet(Healthy):
    method = "GET"


@cousin("has all parameters of a POST in the URL")
class PostWithQuery(Healthy):
    def in_query(self, name):
        return True


@cousin("writes the name of the charset in small letters")
class SmallCharset(Healthy):
    def declared_charset(self):
        return self.settings["charset"].lower()


@cousin("writes blanks as + in a form")
class BlanksAsPlus(Healthy):
    def quote(self, data):
        return super().quote(data).replace("%20", "+")


@cousin("writes JSON with blanks and escapes, before it signs")
class SpaciousJson(Healthy):
    def json(self, data):
        return json.dumps(data, indent=1, sort_keys=True)


@cousin("sends the timestamp of a CANCEL in milliseconds")
class Milliseconds(Healthy):
    def cancel_fields(self, out_trade_no, trade_no):
        millis = int(self.now.timestamp() * 1000)
        return {**super().cancel_fields(out_trade_no, trade_no), "timestamp": str(millis)}


@cousin("writes 0.10 as 0.1, which is the same amount")
class ShortAmounts(Healthy):
    def amount_on_the_wire(self, text, currency):
        return text.rstrip("0").rstrip(".") if "." in text else text


@cousin("checks what it is given before it sends")
class ChecksFirst(Healthy):
    def signed_request(self, service, fields):
        from alipay_qr.catalogue import problems
        params = dict(super().signed_request(service, fields))
        found = problems(params)
        if found:
            raise Refused(str(found[0]))
        return list(params.items())


@cousin("repeats a request whose outcome is unknown, with the same ids")
class Retries(Healthy):
    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        return super().ask(url, service, fields) if reply.outcome == "unknown" else reply
