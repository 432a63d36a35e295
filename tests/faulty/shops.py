"""Black boxes: shops that know a gateway URL, an account and nothing of tests; faulty ones have one fault each.

A shop is a web server with its notify URL at /notify, and buttons at /create, /cancel and /refund. It shares no
code with the kit.
"""

import base64
import hashlib
import hmac
import html
import http.client
import json
import re
import threading
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote_from_bytes, unquote_to_bytes, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

BEIJING = timezone(timedelta(hours=8))
SHOPS = {}
"""All faulty shops by class name."""


def fault(text, *breaks):
    """Register a faulty shop: its one fault, and the requirements that it breaks."""

    def register(kind):
        kind.fault, kind.breaks = text, breaks
        SHOPS[kind.__name__] = kind
        return kind

    return register


class Trade:
    def __init__(self, total, currency, paid_at):
        self.total, self.currency, self.paid_at = total, currency, paid_at
        self.refunds = {}
        self.cancelled = False

    def taken(self):
        return sum(amount for amount, _ in self.refunds.values())


class Shop:
    """The healthy one."""

    partner = "2088021966388155"
    sign_type = "MD5"
    key = "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6"
    charset = "UTF-8"
    needed = ("notify_id", "notify_time", "notify_type", "out_trade_no", "trade_status", "total_fee", "trans_currency")
    paid = ("TRADE_SUCCESS", "TRADE_FINISHED")
    chooses_ids = False

    def __init__(self, gateway):
        self.gateway = gateway
        self.trades = {}
        self.lock = threading.Lock()
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *words):
                pass

            def do_GET(self):
                shop.serve(self, b"")

            def do_POST(self):
                shop.serve(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def serve(self, handler, body):
        parts = urlsplit(handler.path)
        if parts.path == "/notify":
            status, text = 405, "fail"
            if handler.command == "POST":
                status, text = 200, self.notify(body, handler.headers.get("Content-Type") or "")
        else:
            asked = {name: value for name, value in parse_qsl(parts.query, keep_blank_values=True)}
            status, text = 200, getattr(self, "press_" + parts.path[1:])(asked)
        self.answer(handler, status, text.encode())

    def answer(self, handler, status, data):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    # --- signing ----------------------------------------------------------------------------------------

    def presign(self, params):
        kept = {k: v for k, v in params.items() if v not in (None, "") and k not in ("sign", "sign_type")}
        return "&".join(f"{name}={kept[name]}" for name in sorted(kept))

    def sign(self, params, charset):
        return hashlib.md5(self.presign(params).encode(charset) + self.key.encode()).hexdigest()

    def genuine(self, params, charset):
        if params.get("sign_type") != self.sign_type:
            return False
        return self.is_of_alipay(self.presign(params).encode(charset), params.get("sign", ""))

    def is_of_alipay(self, data, sign):
        return hmac.compare_digest(hashlib.md5(data + self.key.encode()).hexdigest().encode(), sign.encode())

    # --- notifications ----------------------------------------------------------------------------------

    def notify(self, body, content_type):
        try:
            kind, *more = [part.strip() for part in content_type.split(";")]  # text/html may stand between them
            if kind != "application/x-www-form-urlencoded":
                return "fail"
            charset = next((part.partition("=")[2] for part in more if part.startswith("charset=")), self.charset)
            pairs = self.form(body, charset)
            news = dict(pairs)
            if len(news) != len(pairs) or not self.believes(news, charset):
                return "fail"
        except (ValueError, LookupError):
            return "fail"
        with self.lock:
            self.book(news)
        return self.yes()

    def form(self, body, charset):
        parts = [part.partition(b"=") for part in body.split(b"&") if part]
        read = lambda data: unquote_to_bytes(data.replace(b"+", b" ")).decode(charset)
        return [(read(name), read(value)) for name, _, value in parts]

    def believes(self, news, charset):
        return self.genuine(news, charset) and self.complete(news) and self.ours(news) and not self.hides(news)

    def complete(self, news):
        needed = (*self.needed, "gmt_payment") if news.get("trade_status") in self.paid else self.needed
        return all(news.get(name) for name in needed)

    def ours(self, news):
        return news.get("seller_id", self.partner) == self.partner

    def hides(self, news):
        names = "|".join((*self.needed, "seller_id"))
        return any(re.search(rf"&({names})=", value) for value in news.values())

    def yes(self):
        return "success"

    def book(self, news):
        if news["trade_status"] in self.paid and news["out_trade_no"] not in self.trades:
            paid_at = datetime.fromisoformat(news["gmt_payment"]).replace(tzinfo=BEIJING)
            self.trades[news["out_trade_no"]] = Trade(Decimal(news["total_fee"]), news["trans_currency"], paid_at)

    # --- buttons ----------------------------------------------------------------------------------------

    def press_create(self, asked):
        return self.call("alipay.commerce.qrcode.create", {
            "timestamp": self.now(), "notify_url": f"http://127.0.0.1:{self.port}/notify",
            "biz_type": "OVERSEASHOPQRCODE",
            "biz_data": json.dumps({
                "secondary_merchant_industry": "5311", "secondary_merchant_id": "shop_001",
                "secondary_merchant_name": "测试商店", "store_id": "A-101", "store_name": "北京 第1店",
                "trans_currency": "USD", "currency": "USD"}, ensure_ascii=False)})

    def press_cancel(self, asked):
        with self.lock:
            trade = self.trades.get(asked["out_trade_no"])
            if not asked["out_trade_no"] or (trade and (self.too_late(trade) or trade.refunds)):
                return "refused"
        found = self.call("alipay.acquire.cancel", {"timestamp": self.now(), **asked})
        if trade and found == "SUCCESS":
            trade.cancelled = True
        return found

    def too_late(self, trade):
        return trade.paid_at.astimezone(BEIJING).date() != datetime.now(BEIJING).date()

    def press_refund(self, asked):
        with self.lock:
            number, text = asked["out_trade_no"], asked["refund_amount"]
            trade = self.trades.get(number)
            if trade is None or trade.cancelled or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", text):
                return "refused"
            amount = Decimal(text)
            refund_id = self.refund_id(trade, amount, asked.get("partner_refund_id"))
            known = trade.refunds.get(refund_id)
            if not refund_id or refund_id == number or amount <= 0 or asked.get("currency", trade.currency) != trade.currency:
                return "refused"
            if known is None and not self.fits(trade, amount) or known and known[0] != amount:
                return "refused"
            trade.refunds[refund_id] = (amount, "unknown")
        params = {"partner_trans_id": number, "partner_refund_id": refund_id, "refund_amount": text,
                  "currency": trade.currency, "is_sync": asked.get("is_sync") or "Y",
                  "notify_url": f"http://127.0.0.1:{self.port}/notify"}
        if asked.get("refund_reason"):
            params["refund_reason"] = asked["refund_reason"]
        found = self.call("alipay.acquire.overseas.spot.refund", params)
        with self.lock:
            if found == "failed" and known is None:
                del trade.refunds[refund_id]
            else:
                trade.refunds[refund_id] = (amount, found)
        return found

    def fits(self, trade, amount):
        return trade.taken() + amount <= trade.total

    def refund_id(self, trade, amount, told):
        if not self.chooses_ids:
            return told
        unknown = [key for key, found in trade.refunds.items() if found == (amount, "unknown")]
        return unknown[0] if unknown else f"S{id(trade)}x{len(trade.refunds)}"

    # --- the gateway ------------------------------------------------------------------------------------

    def now(self):
        return datetime.now(BEIJING).strftime("%Y-%m-%d %H:%M:%S")

    def call(self, service, params):
        params = {"service": service, "partner": self.partner, "_input_charset": self.charset, **params}
        params["sign"], params["sign_type"] = self.sign(params, self.charset), self.sign_type
        query = "&".join(f"{k}={quote_from_bytes(v.encode(self.charset), safe='')}" for k, v in params.items())
        return self.read(params, *self.get(query))

    def get(self, query):
        url = urlsplit(self.gateway)
        line = http.client.HTTPConnection(url.hostname, url.port, timeout=2)
        try:
            line.request("GET", f"{url.path}?{query}")
            answer = line.getresponse()
            return answer.status, answer.getheader("Location"), answer.read()
        except (OSError, http.client.HTTPException):
            return 0, None, b""
        finally:
            line.close()

    def read(self, sent, status, location, body):
        """SUCCESS, failed or unknown; a regular expression has no entities to expand."""
        text = body.decode(self.charset, "replace")
        if status != 200 or "<!" in text:
            return "unknown"
        if re.search("<is_success>F<", text):
            return "unknown" if "SYSTEM_ERROR" in text else "failed"
        part = re.search(r"<response>\s*<(\w+)>(.*?)</\1>\s*</response>", text, re.S)
        if not part:
            return "unknown"
        fields = {k: html.unescape(v).strip() for k, v in re.findall(r"<(\w+)>([^<]*)</\1>", part[2])}
        for name in ("sign", "sign_type"):
            fields[name] = (re.findall(rf"<{name}>([^<]*)</{name}>", text.replace(part[0], "")) or [""])[0]
        numbers = ("out_trade_no", "partner_trans_id", "partner_refund_id")
        strange = any(fields.get(name, sent.get(name)) != sent.get(name) for name in numbers)
        if not self.genuine(fields, self.charset) or strange:
            return "unknown"
        if "SYSTEM_ERROR" in fields.get("detail_error_code", ""):
            return "unknown"
        return {"SUCCESS": "SUCCESS", "FAIL": "failed", "FAILED": "failed"}.get(fields.get("result_code"), "unknown")


class ChoosesIds(Shop):
    """Healthy too: it chooses partner_refund_id, as most shops do."""

    chooses_ids = True


class InGbk(Shop):
    """Healthy too."""

    charset = "GBK"


class InRsa2(Shop):
    """Healthy too; ``own`` and ``alipay`` are the keys that its owner was given."""

    sign_type = "RSA2"
    own = alipay = None

    def sign(self, params, charset):
        sign = self.own.sign(self.presign(params).encode(charset), PKCS1v15(), SHA256())
        return base64.b64encode(sign).decode()

    def is_of_alipay(self, data, sign):
        try:
            self.alipay.verify(base64.b64decode(sign, validate=True), data, PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True


# --- one fault each --------------------------------------------------------------------------------------


@fault("does not look at the sign of a notification", "notify.reject.changed", "notify.reject.no-sign",
     "notify.reject.bad-sign", "notify.reject.other-key", "notify.reject.other-type")
class BelievesAll(Shop):
    def genuine(self, params, charset):
        return True

    def read(self, sent, status, location, body):
        self.genuine = super().genuine
        try:
            return super().read(sent, status, location, body)
        finally:
            del self.genuine


@fault("takes what is not signed for a test", "notify.reject.no-sign")
class UnsignedBelieved(Shop):
    def genuine(self, params, charset):
        return not params.get("sign") or super().genuine(params, charset)


@fault("takes money that was paid to somebody else", "notify.validate.seller")
class AnySeller(Shop):
    def ours(self, news):
        return True


@fault("answers with a page", "notify.genuine")
class AnswersWithAPage(Shop):
    def yes(self):
        return "<html>success</html>"


@fault("keeps a genuine notification only once, and fails on its repeat", "notify.once.acknowledged")
class RepeatFails(Shop):
    def __init__(self, gateway):
        self.told = set()
        super().__init__(gateway)

    def complete(self, news):
        return super().complete(news) and news["notify_id"] not in self.told

    def book(self, news):
        self.told.add(news["notify_id"])
        super().book(news)


@fault("pays orders by a link as well", "notify.post-only")
class LinkBelieved(Shop):
    def serve(self, handler, body):
        if handler.command == "GET" and handler.path.startswith("/notify"):
            return self.answer(handler, 200, b"success")
        return super().serve(handler, body)


@fault("writes the time of London", "request.timestamp.zone")
class London(Shop):
    def now(self):
        return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


@fault("signs in capital letters", "request.sign.valid")
class CapitalSign(Shop):
    def call(self, service, params):
        self.shouting = True
        try:
            return super().call(service, params)
        finally:
            self.shouting = False

    def sign(self, params, charset):
        found = super().sign(params, charset)
        return found.upper() if getattr(self, "shouting", False) and "service" in params else found


@fault("sends three decimals", "request.refund.refund_amount")
class ThreeDecimals(Shop):
    def call(self, service, params):
        if "refund_amount" in params:
            params = {**params, "refund_amount": f"{Decimal(params['refund_amount']):.3f}"}
        return super().call(service, params)


@fault("leaves the sum of refunds to chance", "money.refund.sum", "money.any-history")
class RefundsAnySum(Shop):
    def fits(self, trade, amount):
        return True


@fault("cancels on the next day too", "money.cancel.window")
class CancelsYesterday(Shop):
    def too_late(self, trade):
        return False


@fault("makes a new number for each attempt", "money.refund.one-id")
class NewIdEachTime(ChoosesIds):
    def refund_id(self, trade, amount, told):
        return f"S{id(trade)}x{len(trade.refunds)}"

    def fits(self, trade, amount):
        return sum(a for a, found in trade.refunds.values() if found == "SUCCESS") + amount <= trade.total


@fault("follows a redirection with what it has signed", "response.redirect")
class Follows(Shop):
    def get(self, query):
        status, location, body = super().get(query)
        if location:
            before, self.gateway = self.gateway, location
            try:
                return super().get(query)
            finally:
                self.gateway = before
        return status, location, body


@fault("believes any answer, and will not repeat what it believes", "money.refund.repeat")
class AnswersBelieved(Shop):
    def press_refund(self, asked):
        trade = self.trades.get(asked["out_trade_no"])
        if trade and trade.refunds.get(asked.get("partner_refund_id"), ("", ""))[1] == "unproved":
            return "refused"
        return super().press_refund(asked)

    def read(self, sent, status, location, body):
        found = super().read(sent, status, location, body)
        return "unproved" if found == "unknown" and b"<result_code>SUCCESS<" in body else found


# --- hostile ones ----------------------------------------------------------------------------------------


class Hangs(Shop):
    """Takes a notification and never answers."""

    def notify(self, body, content_type):
        threading.Event().wait(60)


class Floods(Shop):
    """Answers without end."""

    def answer(self, handler, status, data):
        handler.send_response(status)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"success " * 8192)
        except OSError:
            pass


class Redirects(Shop):
    """Sends the notification elsewhere; whoever follows is acknowledged."""

    def serve(self, handler, body):
        if handler.path.startswith("/notify"):
            handler.send_response(307)
            handler.send_header("Location", f"http://127.0.0.1:{self.port}/press")
            handler.end_headers()
            return None
        return super().serve(handler, body)

    def press_press(self, asked):
        return "success"


class Closes(Shop):
    """Closes the connection without a word."""

    def answer(self, handler, status, data):
        handler.close_connection = True


class Trickles(Shop):
    """Sends a byte now and then."""

    def answer(self, handler, status, data):
        handler.send_response(status)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b" ")
                threading.Event().wait(0.05)
        except OSError:
            pass


class EndsOnALostAnswer(Shop):
    """Ends, as a process does whose exception nobody catches, where the gateway drops the connection."""

    def get(self, query):
        found = super().get(query)
        if not found[0]:
            self.end()
        return found

    def end(self):
        self.close()


class IsStartedAgain(EndsOnALostAnswer):
    """The same, watched over by somebody who starts it again."""

    def end(self):
        port, handler = self.port, self.server.RequestHandlerClass
        self.close()

        def start():
            self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
            self.server.daemon_threads = True
            threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

        threading.Timer(0.3, start).start()
