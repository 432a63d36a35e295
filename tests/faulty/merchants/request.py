"""Merchants that break `request.*`: they send another request than the protocol's; and harmless variants."""

import json
import re
from decimal import Decimal
from urllib.parse import quote_from_bytes

from faulty.reference import CANCEL, Healthy, REFUND, Refused, fault, harmless


@fault("sends + as it is, so that it arrives as a blank", "request.encoding", "request.sign.valid")
class PlusNotEscaped(Healthy):
    def quote(self, data):
        return quote_from_bytes(data, safe="+")


@fault("does not escape the + of its base64 sign", "request.encoding", "request.sign.valid")
class PlusOfSignNotEscaped(Healthy):
    def form(self, params):
        return "&".join(
            f"{name}={value if name == 'sign' else self.quote(self.form_bytes(value, self.declared_charset()))}"
            for name, value in params
        )


@fault(
    "form-encodes in UTF-8, whatever _input_charset says",
    "request.encoding", "request.sign.valid",
)
class FormInUtf8(Healthy):
    def form_bytes(self, value, charset):
        return value.encode("utf-8")


@fault(
    "form-encodes values twice",
    "request.encoding", "request.sign.valid",
)
class EncodedTwice(Healthy):
    def quote(self, data):
        return quote_from_bytes(quote_from_bytes(data, safe="").encode(), safe="")


@fault("sends its form as application/json", "request.encoding")
class FormAsJson(Healthy):
    def headers(self, body):
        return {"Content-Type": "application/json"}


@fault("announces the length of its body twice, as two layers that each add a header do", "request.encoding")
class LengthTwice(Healthy):
    def headers(self, body):
        return {**super().headers(body), "Content-Length": str(len(body)), "content-length": str(len(body))}


@fault("sends PUT", "request.method")
class Put(Healthy):
    method = "PUT"


@fault("sends partner in the URL and again in the body", "request.no-duplicates")
class PartnerTwice(Healthy):
    def http_parts(self, params):
        method, query, body = super().http_parts(params)
        return method, f"{query}&partner={self.partner()}", body


@fault("has _input_charset in the body of a POST only", "request.charset.in-query")
class CharsetInBody(Healthy):
    def in_query(self, name):
        return False


@fault("neither signs nor sends _input_charset", "request.charset.declared")
class NoInputCharset(Healthy):
    method = "GET"

    def is_sent(self, name, value):
        return name != "_input_charset" and super().is_sent(name, value)


@fault("works in UTF-8 and says so, whatever is configured", "request.charset.declared")
class ConfiguredCharsetIgnored(Healthy):
    def declared_charset(self):
        return "UTF-8"


@fault("does not send sign_type", "request.sign_type")
class NoSignType(Healthy):
    def signature(self, sign):
        return [("sign", sign)]


@fault("sends sign_type in small letters", "request.sign_type")
class SmallSignType(Healthy):
    def declared_sign_type(self):
        return self.settings["sign_type"].lower()


@fault("sends the route that its framework added, unsigned", "request.documented-only", "request.sign.valid")
class FrameworkParameter(Healthy):
    def params_to_send(self, params):
        return [*params, ("s", "/index/pay")]


@fault("sends and signs a parameter of its own", "request.documented-only")
class ExtraParameter(Healthy):
    def common(self, service):
        return {**super().common(service), "debug": "1"}


@fault("sends every request twice", "request.carried-out")
class SendsTwice(Healthy):
    level = 4  # an identical repeat changes nothing: a SHOULD

    def exchange(self, url, service, fields):
        super().exchange(url, service, fields)
        return super().exchange(url, service, fields)


@fault("declines a refund that names a notify_url", "request.carried-out")
class RefundUrlDeclined(Healthy):
    def refund_notify_url(self, args):
        if args["notify_url"]:
            raise Refused("not supported")
        return super().refund_notify_url(args)


@fault("calls the domestic refund service", "request.service")
class DomesticRefund(Healthy):
    def service(self, name):
        return "alipay.acquire.refund" if name == REFUND else name


@fault("sends the partner of the account that it had first", "request.partner", found_by="blind")
class FirstPartner(Healthy):
    first = None

    def configure(self, **settings):
        self.first = self.kept(settings["partner"])
        return super().configure(**settings)

    def kept(self, partner):
        return self.first or partner

    def partner(self):
        return self.first


@harmless("keeps its partner apart from its settings, and replaces both", found_by="blind")
class LastPartner(FirstPartner):
    def kept(self, partner):
        return partner


@fault("sends the partner id of its example code", "request.partner")
class ExamplePartner(Healthy):
    def partner(self):
        return "2088101122136241"


@fault("writes the timestamp in UTC", "request.timestamp.zone")
class TimestampInUtc(Healthy):
    def timestamp(self):
        from datetime import UTC

        return self.now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@fault("cuts names to 64 characters on the quiet", "request.illegal.not-hidden", "request.values-verbatim")
class NamesCut(Healthy):
    def biz_data(self, given):
        return {name: value[:64] if isinstance(value, str) and "name" in name else value for name, value in given.items()}


@fault("rounds amounts to cents on the quiet", "request.illegal.not-hidden")
class RoundedAmounts(Healthy):
    def amount(self, text, currency):
        try:
            return super().amount(f"{float(text):.{self.decimals(currency)}f}", currency)
        except ValueError:
            return super().amount(text, currency)

    def amount_on_the_wire(self, text, currency):
        return f"{float(text):.{self.decimals(currency)}f}"


@harmless("sends by GET")
class ByGet(Healthy):
    method = "GET"


@harmless("has all parameters of a POST in the URL")
class PostWithQuery(Healthy):
    def in_query(self, name):
        return True


@harmless("writes the name of the charset in small letters")
class SmallCharset(Healthy):
    def declared_charset(self):
        return self.settings["charset"].lower()


@harmless("writes blanks as + in a form")
class BlanksAsPlus(Healthy):
    def quote(self, data):
        return super().quote(data).replace("%20", "+")


@harmless("writes JSON with blanks and escapes, before it signs")
class SpaciousJson(Healthy):
    def json(self, data):
        return json.dumps(data, indent=1, sort_keys=True)


@harmless("sends the timestamp of a CANCEL in milliseconds")
class Milliseconds(Healthy):
    def cancel_fields(self, out_trade_no, trade_no):
        millis = int(self.now.timestamp() * 1000)
        return {**super().cancel_fields(out_trade_no, trade_no), "timestamp": str(millis)}


@harmless("writes 0.10 as 0.1, which is the same amount")
class ShortAmounts(Healthy):
    def amount_on_the_wire(self, text, currency):
        return text.rstrip("0").rstrip(".") if "." in text else text


@harmless("checks what it is given before it sends")
class ChecksFirst(Healthy):
    def signed_request(self, service, fields):
        from alipay_qr.catalogue import problems
        params = dict(super().signed_request(service, fields))
        found = problems(params)
        if found:
            raise Refused(str(found[0]))
        return list(params.items())


@harmless("repeats a request whose outcome is unknown, with the same ids")
class Retries(Healthy):
    def ask(self, url, service, fields):
        reply = super().ask(url, service, fields)
        return super().ask(url, service, fields) if reply.outcome == "unknown" else reply


@fault("records yen in hundredths", "request.carried-out", "notify.amount.believed", "money.refund.exact")
class YenInHundredths(Healthy):
    def paid_amount(self, news):
        total, currency = super().paid_amount(news)
        return (total / Decimal(100) if currency == "JPY" else total), currency

    def written(self, amount, currency):
        return f"{amount:.2f}"


# Level 2, MUST: timestamp is yyyy-MM-dd HH:mm:ss of GMT+8; visible after noon only.
@fault("writes the hour of its timestamp with a clock of twelve hours", "request.timestamp.zone", found_by="blind 1")
class TwelveHourClock(Healthy):
    def timestamp(self):
        return self.beijing_time(self.now).strftime("%Y-%m-%d %I:%M:%S")


# Level 2, MUST: the same; visible in the days around New Year only.
@fault("writes the year of the ISO week into its timestamp (YYYY for yyyy)", "request.timestamp.zone", found_by="blind 1")
class WeekYear(Healthy):
    def timestamp(self):
        return self.beijing_time(self.now).strftime("%G-%m-%d %H:%M:%S")


# Level 2, MUST: the timestamp is that of the request; Alipay refuses it after 30 minutes.
@fault("takes the time once, at its first request, and sends it ever after", "request.timestamp.zone", found_by="blind 1")
class StaleTimestamp(Healthy):
    first = None

    def timestamp(self):
        self.first = self.first or super().timestamp()
        return self.first


# Level 2, MUST: trade_no is Alipay's number and wins over out_trade_no.
@fault("sends its own number as Alipay's trade_no where it has none", "request.cancel.trade_no", found_by="blind 1")
class FillsTradeNo(Healthy):
    def cancel_fields(self, out_trade_no, trade_no):
        return super().cancel_fields(out_trade_no, trade_no or out_trade_no)


# Level 2, MUST: a parameter stands once.
@fault("sends all parameters twice, in the query and in the body", "request.no-duplicates", found_by="blind 1")
class QueryAndBody(Healthy):
    def http_parts(self, params):
        return "POST", self.form(params), self.form([pair for pair in params if pair[0] != "_input_charset"])


# Level 2 or 3, MUST: a code belongs to a store; another store gets a code of its own.
@fault("makes one code for a merchant, and gives it to its other stores too", "request.carried-out", found_by="blind 2")
class OneCodeForAllStores(Healthy):
    def __init__(self):
        super().__init__()
        self.made = {}

    def create_qr_code(self, biz_data, **rest):
        merchant = biz_data.get("secondary_merchant_id")
        if merchant not in self.made:
            found = super().create_qr_code(biz_data=biz_data, **rest)
            if found["outcome"] != "success":
                return found
            self.made[merchant] = found
        return self.made[merchant]

    def reset(self):
        self.made = {}
        return super().reset()


# Level 2, MUST: out_trade_no is compulsory, though trade_no wins where both are there.
@fault("names trade_no alone in a CANCEL where it has both", "request.cancel.out_trade_no", found_by="blind 3")
class TradeNoAlone(Healthy):
    def cancel_fields(self, out_trade_no, trade_no):
        return super().cancel_fields(None if trade_no else out_trade_no, trade_no)


# Level 2, MUST: a REFUND knows alipay_trans_id, and no trade_no.
@fault("names Alipay's number in a REFUND as a CANCEL does", "request.documented-only", "request.values-verbatim", found_by="blind 3")
class RefundByTradeNo(Healthy):
    def refund_fields(self, args):
        found = super().refund_fields(args)
        return {**found, "alipay_trans_id": None, "trade_no": found["alipay_trans_id"]}


# Level 2, MUST: the spelling of the Hong Kong pages is that of another edition.
@fault("spells refund_reason as the pages for Hong Kong do", "request.documented-only", found_by="blind 3")
class ReasonOfHongKong(Healthy):
    def refund_fields(self, args):
        found = super().refund_fields(args)
        return {**found, "refund_reason": None, "refund_reson": found["refund_reason"]}


# Level 2, MUST: the name of a service is a name, letter for letter.
@fault("calls alipay.acquire.Cancel, as its class is called", "request.service", found_by="blind 3")
class ServiceAsClass(Healthy):
    def service(self, name):
        return "alipay.acquire.Cancel" if name == CANCEL else name


@fault("refuses a trade number of 64 characters in a refund: one too many, it thinks", "request.carried-out")
class LongestNumberRefused(Healthy):
    def right_id(self, trade, refund_id):
        return len(trade.number) < 64 and super().right_id(trade, refund_id)


@fault("repeats partner in the URL, and takes the wrong amount at its counter", "request.no-duplicates", "notify.validate.amount")
class TwicePartnerHidesAmount(Healthy):
    def http_parts(self, params):
        method, query, body = super().http_parts(params)
        return method, f"{query}&partner={self.partner()}", body

    def same_amount(self, awaited, paid):
        return Decimal(1) <= paid


@harmless("names all its parameters in the order of its documentation and signs them sorted")
class InTheOrderOfThePage(Healthy):
    def params_to_send(self, params):
        return sorted(params, key=lambda pair: len(pair[0]))


@fault("sends no timestamp with a CANCEL that names trade_no", "request.cancel.timestamp")
class CancelByTradeNoUndated(Healthy):
    def cancel_fields(self, out_trade_no, trade_no):
        found = super().cancel_fields(out_trade_no, trade_no)
        return {**found, "timestamp": None} if trade_no else found


@harmless("escapes the solidus in JSON, before it signs")
class SolidusEscaped(Healthy):
    def json(self, data):
        return super().json(data).replace("/", "\\/")


@harmless("writes percent codes in small letters")
class SmallPercentCodes(Healthy):
    def quote(self, data):
        return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), super().quote(data))
