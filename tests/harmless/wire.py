"""Wire habits of the reference merchant: other bytes, the same request."""

import json
import re
import unicodedata
from select import select

from harmless.base import Healthy, harmless


@harmless()
class ByGetSignFirst(Healthy):
    """Sends by GET with sign and sign_type first (gateway page: GET or POST; no order is asked)."""

    method = "GET"

    def signed_request(self, service, fields):
        params = super().signed_request(service, fields)
        return params[-2:] + params[:-2]


@harmless()
class CharsetSmallInType(Healthy):
    """Writes utf-8 in Content-Type and UTF-8 in the form (RFC 2978 2.3: charsets have no letter case)."""

    def headers(self, body):
        return {
            "Content-Type": f"application/x-www-form-urlencoded;charset={self.declared_charset().lower()}"
        }


@harmless()
class MixedEscapes(Healthy):
    """Writes every second escape in small letters (RFC 3986 2.1: both are equal)."""

    def quote(self, data):
        first, *rest = super().quote(data).split("%")
        return first + "".join(
            "%" + (each[:2].lower() if at % 2 else each[:2]) + each[2:] for at, each in enumerate(rest)
        )


@harmless()
class ServiceLast(Healthy):
    """Sends service and partner behind everything else (signing page: only signed text has an order)."""

    def params_to_send(self, params):
        return params[2:] + params[:2]


@harmless()
class EscapesNames(Healthy):
    """Escapes the underscores in the names of parameters too (RFC 3986 2.4: any byte may be escaped)."""

    def form(self, params):
        charset = self.declared_charset()
        return "&".join(
            f"{name.replace('_', '%5F')}={self.quote(value.encode(charset))}" for name, value in params
        )


@harmless()
class SpreadJson(Healthy):
    """Writes biz_data with CRLF and tabs between its members, before it signs (RFC 8259 2: white space)."""

    def json(self, data):
        return json.dumps(data, ensure_ascii=False, indent="\t").replace("\n", "\r\n")


@harmless()
class JsonBlankFirst(Healthy):
    """Writes a blank around the braces of biz_data, before it signs (RFC 8259 2: white space)."""

    def json(self, data):
        return f"{{ {super().json(data)[1:-1]} }}"


@harmless()
class OneDecimal(Healthy):
    """Sends 1.50 as 1.5 and 1.00 as 1.0 (REFUND page: Number(9,2), the same value)."""

    def amount_on_the_wire(self, text, currency):
        return text[:-1] if "." in text and text.endswith("0") and len(text.split(".")[1]) == 2 else text


@harmless(cancel_timestamp="milliseconds")
class BothTimesInMilliseconds(Healthy):
    """Sends both times of a CANCEL in milliseconds (CANCEL page's example)."""

    def cancel_fields(self, out_trade_no, trade_no):
        stamp = str(int(self.now.timestamp() * 1000))
        return {
            **super().cancel_fields(out_trade_no, trade_no),
            "timestamp": stamp,
            "terminal_timestamp": stamp,
        }


@harmless()
class FillsInYuan(Healthy):
    """Fills in currency CNY where biz_data names none (CREATE page: CNY is the default)."""

    def biz_data(self, given):
        return {**given, "currency": given.get("currency") or "CNY"}


@harmless()
class CapitalCurrencies(Healthy):
    """Sends usd as USD (REFUND page: the code of a currency; the same currency)."""

    def refund(self, currency, **args):
        return super().refund(currency=currency.upper(), **args)


@harmless()
class TrimsReasons(Healthy):
    """Sends a refund_reason without blanks around it (REFUND page: a free text of the merchant's own)."""

    def refund_fields(self, args):
        return super().refund_fields({**args, "refund_reason": (args["refund_reason"] or "").strip(" ")})


@harmless()
class CutsReasons(Healthy):
    """Cuts a refund_reason to its 128 characters (REFUND page: String(128), a free text)."""

    def refund_fields(self, args):
        return super().refund_fields({**args, "refund_reason": (args["refund_reason"] or "")[:128]})


@harmless()
class ReasonsOnALine(Healthy):
    """Writes a refund_reason on one line and in NFC (REFUND page: a free text of the merchant's own)."""

    def refund_fields(self, args):
        on_a_line = re.sub(r"\r\n|\r|\n", " ", args["refund_reason"] or "")
        return super().refund_fields({**args, "refund_reason": unicodedata.normalize("NFC", on_a_line)})


@harmless()
class CharsetInBoth(Healthy):
    """Names _input_charset in the URL and in the body, as the demo for PHP does (demo code)."""

    def http_parts(self, params):
        method, query, _ = super().http_parts(params)
        return method, query, self.form(params)


@harmless()
class NamesWithoutValues(Healthy):
    """Sends optional parameters without a value, unsigned (signing page: empties are no part of the text)."""

    def signed_request(self, service, fields):
        *params, sign, sign_type = super().signed_request(service, fields)
        return [*params, *((name, "") for name, value in fields.items() if value is None), sign, sign_type]


@harmless()
class PassbackAsText(Healthy):
    """Sends passback_parameters as a text that holds JSON (CREATE page: a JSON string)."""

    def biz_data(self, given):
        texts = {
            name: super(PassbackAsText, self).json(value)
            for name, value in given.items()
            if name == "passback_parameters" and isinstance(value, dict)
        }
        return {**given, **texts}


@harmless()
class WaitsToContinue(Healthy):
    """Sends its body once the gateway said 100 Continue, or after half a second (RFC 9110 10.1.1)."""

    def put(self, line, method, path, data):
        if not data:
            super().put(line, method, path, data)
            return
        line.putrequest(method, path)
        more = {"Content-Length": str(len(data)), "Expect": "100-continue"}
        for header in {**self.headers(data), **more}.items():
            line.putheader(*header)
        line.endheaders()
        select([line.sock], [], [], 0.5)
        line.send(data)


@harmless()
class NamesItsProvider(Healthy):
    """Adds its service provider to each biz_data (CREATE page: sys_service_provider_id is optional)."""

    def biz_data(self, given):
        return {"sys_service_provider_id": "2088021966388155", **given}


@harmless()
class FillsInTheNumber(Healthy):
    """Names Alipay's number of a trade where it knows it (CANCEL and REFUND pages: optional)."""

    def book(self, trade, news, total, currency):
        trade.trade_no = news.get("trade_no")
        super().book(trade, news, total, currency)

    def cancel_fields(self, out_trade_no, trade_no):
        known = getattr(self.trade_of(out_trade_no), "trade_no", None)
        return super().cancel_fields(out_trade_no, trade_no or known)

    def refund_fields(self, args):
        known = getattr(self.trade_of(args["partner_trans_id"]), "trade_no", None)
        return super().refund_fields({**args, "alipay_trans_id": args["alipay_trans_id"] or known})


@harmless()
class GivesItsReason(Healthy):
    """Gives a reason of its own where none was asked for (REFUND page: refund_reason is optional)."""

    def refund_fields(self, args):
        return super().refund_fields({**args, "refund_reason": args["refund_reason"] or "Refund of goods"})
