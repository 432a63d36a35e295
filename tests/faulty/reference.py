"""The reference merchant, and how faulty merchants are registered.

`Healthy` is a whole small merchant behind the adapter protocol, as a Python subject. It shares no code with
the packages under test: its signing, its XML, its money and its days are its own, so that a fault of theirs
is not hidden by the same fault here. Every rule of the protocol is one short method, a *seam*; a faulty
merchant overrides one of them, and the line above it names its fault:

    @fault("signs the text in UTF-8, whatever _input_charset says", "sign.charset", ...)
    class AlwaysUtf8(Healthy):
        def encode(self, text, charset):
            return text.encode("utf-8")

The requirements behind the fault are those that it breaks, reasoned from the register. A harmless variant has
a habit and no fault: the kit must not accuse it.
"""

import base64
import hashlib
import hmac
import http.client
import json
import re
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from alipay_qr_conformance.subjects import Refused, Unsupported

BEIJING = timezone(timedelta(hours=8))
OPERATIONS = "hello configure reset presign sign verify expect create_qr_code cancel refund notify trade".split()
HASHES = {"RSA": hashes.SHA1(), "RSA2": hashes.SHA256()}
NO_CENTS = {"JPY", "KRW", "VND"}
IN_DOUBT = {
    "SYSTEM_ERROR",
    "SYSTEM_EXCEPTION",
    "SESSION_TIMEOUT",
    "ILLEGAL_TARGET_SERVICE",
    "ILLEGAL_ACCESS_SWITCH_SYSTEM",
    "ILLEGAL_SWITCH_SYSTEM",
    "EXTERFACE_IS_CLOSED",
}
CREATE = "alipay.commerce.qrcode.create"
CANCEL = "alipay.acquire.cancel"
REFUND = "alipay.acquire.overseas.spot.refund"
QUERY = "alipay.acquire.overseas.query"

MERCHANTS = {}
"""All registered merchants by name, harmless variants among them."""


def fault(text, *breaks, found_by=None):
    """Register a faulty merchant: its one fault, the requirements that it breaks, and who thought of it."""

    def register(kind):
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", kind.__name__).lower()
        assert name not in MERCHANTS, name
        kind.name, kind.fault, kind.breaks, kind.found_by = name, text, breaks, found_by
        MERCHANTS[name] = kind
        return kind

    return register


def harmless(habit, *, found_by=None):
    """Register a merchant that is right in another way than the reference."""
    return fault(habit, found_by=found_by)


class Forged(Exception):
    """A message that proves nothing."""


class Lost(Exception):
    """An exchange that broke off: nobody knows what became of the request."""


@dataclass
class Refund:
    id: str
    amount: Decimal
    currency: str
    sync: str
    status: str = "unknown"  # unknown, accepted, done, failed


@dataclass
class Trade:
    number: str
    status: str = "none"  # none, waiting, paid, closed, cancelled
    total: Decimal | None = None
    currency: str | None = None
    awaited: tuple | None = None
    paid_at: datetime | None = None
    fulfilled: int = 0
    undecided: bool = False
    refunds: dict = field(default_factory=dict)
    seen: set = field(default_factory=set)

    def sum_of(self, *statuses):
        return sum((each.amount for each in self.refunds.values() if each.status in statuses), Decimal(0))


@dataclass
class Reply:
    outcome: str
    code: str | None = None
    fields: dict = field(default_factory=dict)


@lru_cache(maxsize=32)
def private_key(pem):
    return serialization.load_pem_private_key(pem.encode(), None)


@lru_cache(maxsize=32)
def public_key(pem):
    return serialization.load_pem_public_key(pem.encode())


@lru_cache(maxsize=8192)
def signature(pem, data, hash_name):
    """An RSA signature; many merchants sign the same text, and each costs a millisecond."""
    return private_key(pem).sign(data, padding.PKCS1v15(), getattr(hashes, hash_name.upper())())


class Healthy:
    name = "healthy"
    fault = "none"
    breaks = ()

    def __init__(self):
        self.settings = {}
        self.trades = {}
        self.codes = {}
        self.now = None

    # === the session ================================================================================

    operations = OPERATIONS
    sign_types = ("MD5", "RSA", "RSA2")
    charsets = ("UTF-8", "GBK", "GB2312")

    def hello(self, protocol):
        if protocol != "1":
            raise Unsupported("protocol 1 only")
        return {
            "protocol": "1",
            "name": f"merchant {self.name}",
            "version": "1",
            "language": "Python",
            "operations": list(self.operations),
            "sign_types": list(self.sign_types),
            "charsets": list(self.charsets),
            "clock": True,
            "parallel": False,
        }

    def configure(self, **settings):
        self.settings = {**settings, "md5_key": self.load_md5_key(settings["md5_key"])}
        self.timeout = float(settings["gateway_timeout"])
        return {}

    def load_md5_key(self, text):
        return text.strip()

    def reset(self):
        self.trades, self.codes = {}, {}
        return {}

    # === signing: from parameters to a sign =========================================================

    def is_signed(self, name, value):
        """Whether a parameter is part of the signed text."""
        return name not in ("sign", "sign_type") and not self.is_empty(value)

    def is_empty(self, value):
        return value is None or value == ""

    def order(self, pairs):
        return sorted(pairs, key=lambda pair: pair[0].encode())

    def value(self, value):
        """The text of a value, as it is signed."""
        return value

    def pair(self, name, value):
        return f"{name}={value}"

    def join(self, pairs):
        return "&".join(pairs)

    def encode(self, text, charset):
        try:
            return text.encode(charset)
        except UnicodeEncodeError:
            raise Refused(f"a character does not exist in {charset}") from None

    def text(self, params):
        kept = [(name, self.value(value)) for name, value in params if self.is_signed(name, value)]
        return self.join([self.pair(name, value) for name, value in self.order(kept)])

    def bytes_to_sign(self, params, charset):
        return self.encode(self.text(params), charset)

    def bytes_to_verify(self, params, charset):
        return self.bytes_to_sign(params, charset)

    def md5(self, data):
        return hashlib.md5(self.with_key(data)).hexdigest()

    def with_key(self, data):
        return data + self.settings["md5_key"].encode()

    def rsa(self, data, sign_type):
        pem = self.settings["merchant_private_key"]["pkcs8_pem"]
        return signature(pem, data, self.hash_of(sign_type).name)

    def hash_of(self, sign_type):
        return HASHES[sign_type]

    def hex_form(self, digest):
        return digest

    def base64_form(self, raw):
        return base64.b64encode(raw).decode()

    def unknown_type(self, data, sign_type):
        raise Refused(f"unknown sign type {sign_type!r}")

    def make_sign(self, params, charset, sign_type):
        data = self.bytes_to_sign(params, charset)
        if sign_type == "MD5":
            return self.hex_form(self.md5(data))
        if sign_type in HASHES:
            return self.base64_form(self.rsa(data, sign_type))
        return self.unknown_type(data, sign_type)

    # === verifying ==================================================================================

    def rsa_key_to_verify_with(self):
        return public_key(self.settings["alipay_public_key"]["pem"])

    def hashes_to_verify_with(self, sign_type):
        return [self.hash_of(sign_type)]

    def same_text(self, right, given):
        return hmac.compare_digest(right.encode(), given.encode())

    def md5_holds(self, data, sign):
        return self.same_text(self.md5(data), sign)

    def rsa_holds(self, data, sign, sign_type):
        try:
            raw = base64.b64decode(sign, validate=True)
        except ValueError:
            return False
        for each in self.hashes_to_verify_with(sign_type):
            try:
                self.rsa_key_to_verify_with().verify(raw, data, padding.PKCS1v15(), each)
            except InvalidSignature:
                continue
            return True
        return False

    def type_to_verify_with(self, claimed):
        """The sign type by which a message is judged; None where it is refused unseen."""
        return self.settings["sign_type"] if claimed == self.settings["sign_type"] else None

    def holds(self, data, sign, sign_type):
        return self.md5_holds(data, sign) if sign_type == "MD5" else self.rsa_holds(data, sign, sign_type)

    def when_sign_is_absent(self):
        return False

    def is_genuine(self, params, charset):
        given = dict(params)
        if self.refuses_duplicates() and len(given) != len(params):
            return False
        if not given.get("sign"):
            return self.when_sign_is_absent()
        sign_type = self.type_to_verify_with(given.get("sign_type"))
        if sign_type is None:
            return False
        try:
            data = self.bytes_to_verify(params, charset)
        except Refused:
            return False
        return self.holds(data, given["sign"], sign_type)

    # === operations of level 1 ======================================================================

    def presign(self, params, charset):
        return {"base64": base64.b64encode(self.bytes_to_sign(params, charset)).decode()}

    def sign(self, params, charset, sign_type):
        return {"sign": self.make_sign(params, charset, sign_type)}

    def verify(self, params, charset):
        return {"valid": bool(self.is_genuine(params, charset))}

    # === sending ====================================================================================

    def beijing_time(self, moment):
        return moment.astimezone(BEIJING)

    def timestamp(self):
        return self.beijing_time(self.now).strftime("%Y-%m-%d %H:%M:%S")

    def declared_charset(self):
        return self.settings["charset"]

    def declared_sign_type(self):
        return self.settings["sign_type"]

    def partner(self):
        return self.settings["partner"]

    def service(self, name):
        return name

    def common(self, service):
        return {
            "service": self.service(service),
            "partner": self.partner(),
            "_input_charset": self.declared_charset(),
        }

    def json(self, data):
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    def amount_on_the_wire(self, text, currency):
        return text

    def is_sent(self, name, value):
        return value is not None and value != ""

    def params_to_sign(self, params):
        return params

    def params_to_send(self, params):
        """What leaves, given what was signed."""
        return params

    def signed_request(self, service, fields):
        given = {**self.common(service), **fields}
        params = [(name, value) for name, value in given.items() if self.is_sent(name, value)]
        sign = self.make_sign(self.params_to_sign(params), self.declared_charset(), self.settings["sign_type"])
        return [*self.params_to_send(params), *self.signature(sign)]

    def signature(self, sign):
        return [("sign", sign), ("sign_type", self.declared_sign_type())]

    def quote(self, data):
        return quote_from_bytes(data, safe="")

    def form_bytes(self, value, charset):
        return self.encode(value, charset)

    def form(self, params):
        charset = self.declared_charset()
        return "&".join(f"{name}={self.quote(self.form_bytes(value, charset))}" for name, value in params)

    method = "POST"

    def in_query(self, name):
        return self.method == "GET" or name == "_input_charset"

    def http_parts(self, params):
        """Method, query and body of a request."""
        query = [pair for pair in params if self.in_query(pair[0])]
        body = [pair for pair in params if not self.in_query(pair[0])]
        return self.method, self.form(query), self.form(body)

    def exchange(self, url, service, fields):
        """Send a request and return the bytes of the answer; raises `Lost`."""
        return self.transmit(url, *self.http_parts(self.signed_request(service, fields)))

    def transmit(self, url, method, query, body):
        parts = urlsplit(url or self.settings["gateway_url"])
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.timeout)
        data = body.encode() if body else None
        try:
            path = f"{parts.path}?{query}" if query else parts.path
            line.request(method, path, data, self.headers(data) if data else {})
            answer, data = self.receive(line)
        except (OSError, http.client.HTTPException) as error:
            raise Lost(str(error)) from None
        finally:
            line.close()
        return self.with_status(answer.status, data)

    def headers(self, body):
        return {"Content-Type": f"application/x-www-form-urlencoded; charset={self.declared_charset()}"}

    def receive(self, line):
        """Head and body, within the time limit as a whole."""
        deadline = time.monotonic() + self.timeout
        answer, parts, connection = line.getresponse(), [], line.sock
        while part := answer.read1(65536):
            parts.append(part)
            self.check_deadline(deadline, connection)
        if answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
        return answer, b"".join(parts)

    def check_deadline(self, deadline, connection):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection is not None:
            connection.settimeout(left)

    def with_status(self, status, data):
        if status != 200:
            raise Lost(f"status {status}")
        return data

    # === what comes back ============================================================================

    def ask(self, url, service, fields):
        """Send, and say what is proved."""
        try:
            return self.read_reply(self.exchange(url, service, fields), fields)
        except Lost:
            return self.when_lost()
        except Forged:
            return self.when_unproved()

    def when_lost(self):
        return Reply("unknown")

    def when_unproved(self):
        return Reply("unknown")

    def xml_charset(self, data):
        found = re.match(rb'<\?xml[^>]*encoding="([A-Za-z0-9-]+)"', data)
        return found[1].decode() if found else "UTF-8"

    def allows_doctype(self):
        return False

    def xml(self, data):
        charset = self.xml_charset(data)
        try:
            text = data.decode(charset)
            if "<!DOCTYPE" in text and not self.allows_doctype():
                raise Lost("a document type")
            return ET.fromstring(re.sub(r"^<\?xml.*?\?>", "", text)), charset
        except (UnicodeDecodeError, LookupError, ET.ParseError) as error:
            raise Lost(str(error)) from None

    def result_of(self, root):
        """The element whose children are signed."""
        response = root.find("response")
        return response[0] if response is not None and len(response) else None

    def texts(self, element):
        return {child.tag: (child.text or "").strip(" \t\r\n") for child in element}

    def read_reply(self, data, asked):
        root, charset = self.xml(data)
        top = self.texts(root)
        if top.get("is_success") == "F" and "sign" not in top:
            return self.gateway_error(top.get("error"))
        result = self.result_of(root)
        if top.get("is_success") != "T" or result is None:
            raise Lost("no result")
        fields = self.texts(result)
        message = [*fields.items()]
        message += [(name, top[name]) for name in ("sign", "sign_type") if name in top]
        if not self.is_proved(message, charset):
            raise Forged
        return self.result(fields, asked)

    def is_proved(self, message, charset):
        return self.is_genuine(message, charset)

    def in_doubt(self, code):
        return code in IN_DOUBT

    def gateway_error(self, code):
        return Reply("unknown" if self.in_doubt(code) else "failed", self.report_code(code))

    def report_code(self, code):
        return code

    def belongs(self, fields, asked):
        names = ("out_trade_no", "partner_trans_id", "partner_refund_id", "currency")
        return all(fields[name] == asked[name] for name in names if name in fields and asked.get(name))

    def names_it(self, fields, asked):
        """Whether the signed part says at all which request it answers."""
        return all(fields.get(name) for name in ("out_trade_no", "partner_refund_id") if asked.get(name))

    def is_success(self, fields):
        return fields.get("result_code") == "SUCCESS"

    def is_failure(self, fields):
        return fields.get("result_code") in ("FAIL", "FAILED")

    def result(self, fields, asked):
        code = fields.get("detail_error_code") or fields.get("error")
        if self.is_success(fields):
            ours = self.names_it(fields, asked) and self.belongs(fields, asked)
            return Reply("success", None, fields) if ours else Reply("unknown")
        if self.is_failure(fields) and not self.in_doubt(code):
            return Reply("failed", self.report_code(code), fields)
        return Reply("unknown", code, fields)

    def told(self, reply, **more):
        found = {"outcome": reply.outcome, "code": reply.code, **more}
        return {name: value for name, value in found.items() if value is not None}

    # === CREATE =====================================================================================

    def biz_data(self, given):
        return given

    def create_fields(self, biz_data, notify_url):
        return {
            "timestamp": self.timestamp(),
            "notify_url": notify_url,
            "biz_type": "OVERSEASHOPQRCODE",
            "biz_data": self.json(self.biz_data(biz_data)),
        }

    def create_qr_code(self, biz_data, notify_url=None, gateway_url=None, now=None):
        self.now = datetime.fromisoformat(now)
        fields = self.create_fields(biz_data, notify_url or self.settings["notify_url"])
        reply = self.ask(gateway_url, CREATE, fields)
        return self.told(reply, **self.code_of(reply))

    def code_of(self, reply):
        return {name: reply.fields.get(name) for name in ("qrcode", "qrcode_img_url")}

    # === CANCEL =====================================================================================

    def trade_of(self, number):
        return self.trades.setdefault(number, Trade(number))

    def same_day(self, paid_at, now):
        return self.beijing_time(paid_at).date() == self.beijing_time(now).date()

    def may_cancel_now(self, trade):
        return trade.paid_at is None or self.same_day(trade.paid_at, self.now)

    def may_cancel_after_refunds(self, trade):
        return trade.sum_of("unknown", "accepted", "done") == 0

    def when_cancel_is_unknown(self, trade):
        trade.undecided = True

    def when_cancel_failed(self, trade, was_undecided):
        trade.undecided = was_undecided

    def book_cancel(self, trade):
        trade.status, trade.undecided = "cancelled", False

    def cancel_fields(self, out_trade_no, trade_no):
        return {"timestamp": self.timestamp(), "out_trade_no": out_trade_no, "trade_no": trade_no}

    def cancel(self, out_trade_no, trade_no=None, gateway_url=None, now=None):
        self.now = datetime.fromisoformat(now)
        trade = self.trade_of(out_trade_no)
        if not self.may_cancel_now(trade):
            raise Refused("its Beijing day is over: refund it")
        if not self.may_cancel_after_refunds(trade):
            raise Refused("it has a refund: refund the rest")
        was_undecided = trade.undecided
        reply = self.ask(gateway_url, CANCEL, self.cancel_fields(out_trade_no, trade_no))
        if reply.outcome == "success":
            self.book_cancel(trade)
        elif reply.outcome == "unknown":
            self.when_cancel_is_unknown(trade)
        else:
            self.when_cancel_failed(trade, was_undecided)
        return self.told(reply, action=reply.fields.get("action"), via="cancel")

    # === REFUND =====================================================================================

    def decimals(self, currency):
        return 0 if currency in NO_CENTS else 2

    def amount(self, text, currency):
        if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", text):
            raise Refused("no amount")
        value = Decimal(text)
        if value != value.quantize(Decimal(1).scaleb(-self.decimals(currency))):
            raise Refused("too many decimals for this currency")
        return value

    def taken(self, trade):
        """What may not be refunded any more."""
        return trade.sum_of("unknown", "accepted", "done")

    def fits(self, trade, amount):
        return self.taken(trade) + amount <= trade.total

    def may_refund(self, trade):
        return trade.status not in ("cancelled", "closed")

    def may_refund_at_this_time(self, trade):
        return trade.paid_at is None or self.now - trade.paid_at <= timedelta(days=365)

    def right_currency(self, trade, currency):
        return trade.currency in (None, currency)

    def right_id(self, trade, refund_id):
        return refund_id != trade.number

    def is_same_refund(self, known, amount, currency, sync):
        return (known.amount, known.currency, known.sync) == (amount, currency, sync)

    def may_repeat(self, known):
        return True

    def refund_notify_url(self, args):
        """Where the news of a refund goes that does not move at once."""
        return args["notify_url"] or (None if args["is_sync"] == "Y" else self.settings["notify_url"])

    def refund_fields(self, args):
        amount = self.amount_on_the_wire(args["refund_amount"], args["currency"])
        return {**args, "refund_amount": amount, "notify_url": self.refund_notify_url(args)}

    def refund(self, partner_trans_id, partner_refund_id, refund_amount, currency, refund_reason=None,
               is_sync=None, alipay_trans_id=None, notify_url=None, gateway_url=None, now=None):
        self.now = datetime.fromisoformat(now)
        trade = self.trade_of(partner_trans_id)
        amount, sync = self.amount(refund_amount, currency), is_sync or "N"
        if not self.right_id(trade, partner_refund_id):
            raise Refused("the refund needs an id of its own")
        if not self.right_currency(trade, currency):
            raise Refused("it was paid in another currency")
        known = trade.refunds.get(partner_refund_id)
        if known and known.status != "failed":
            if not self.is_same_refund(known, amount, currency, sync):
                raise Refused("this id stands for another refund")
            if known.status == "done":
                return {"outcome": "success"}
            if not self.may_repeat(known):
                raise Refused("this id was used")
            repeated = True
        else:
            self.check_new_refund(trade, amount)
            known, repeated = Refund(partner_refund_id, amount, currency, sync), False
            trade.refunds[partner_refund_id] = known
        args = {
            "partner_trans_id": partner_trans_id,
            "partner_refund_id": partner_refund_id,
            "refund_amount": refund_amount,
            "currency": currency,
            "refund_reason": refund_reason,
            "is_sync": is_sync,
            "alipay_trans_id": alipay_trans_id,
            "notify_url": notify_url,
        }
        reply = self.ask_refund(gateway_url, args, known)
        if reply.outcome == "success" and not self.moves_at_once(sync):
            reply.outcome = "accepted"
        self.book_refund(trade, known, reply, repeated)
        return self.told(reply)

    def check_new_refund(self, trade, amount):
        if not self.may_refund(trade):
            raise Refused("the trade is over")
        if not self.may_refund_at_this_time(trade):
            raise Refused("the refund period is over")
        if trade.total is not None and not self.fits(trade, amount):
            raise Refused("less remains")

    def ask_refund(self, url, args, refund):
        return self.ask(url, REFUND, self.refund_fields(args))

    def moves_at_once(self, sync):
        return sync == "Y"

    def book_refund(self, trade, refund, reply, repeated):
        refund.status = {
            "success": self.when_refunded(),
            "accepted": self.when_accepted(),
            "unknown": self.when_refund_is_unknown(),
            "failed": refund.status if repeated else self.when_refund_failed(),
        }[reply.outcome]

    def when_refunded(self):
        return "done"

    def when_accepted(self):
        return "accepted"

    def when_refund_is_unknown(self):
        return "unknown"

    def when_refund_failed(self):
        return "failed"

    # === notifications ==============================================================================

    def expect(self, total_fee, currency, out_trade_no=None, qrcode=None):
        if out_trade_no is None:
            raise Unsupported("no notification names its code")
        trade = self.trade_of(out_trade_no)
        trade.status, trade.awaited = "waiting", (self.amount(total_fee, currency), currency)
        return {}

    def form_charset(self, content_type):
        found = re.search(r"charset=([\w-]+)", content_type)
        return found[1] if found else self.settings["charset"]

    def plus(self, data):
        return data.replace(b"+", b" ")

    def decode_value(self, data, charset):
        return unquote_to_bytes(self.plus(data)).decode(charset)

    def read_form(self, body, charset):
        pairs = []
        for part in body.split(b"&"):
            name, _, value = part.partition(b"=")
            pairs.append((self.decode_value(name, charset), self.decode_value(value, charset)))
        return pairs

    def received(self, pairs, query):
        """The pairs that are verified."""
        return pairs

    def used(self, pairs, query):
        """The pairs that are believed, once verified."""
        return pairs

    def refuses_duplicates(self):
        return True

    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        self.now = datetime.fromisoformat(now)
        charset = self.form_charset(content_type)
        try:
            posted = self.read_form(base64.b64decode(body_base64), charset)
            pairs = self.received(posted, query)
            if self.refuses_duplicates() and len(dict(pairs)) != len(pairs):
                return self.no("a name stands twice")
            if not self.believes(pairs, charset):
                return self.no("the signature does not hold")
            news = dict(self.used(posted, query))
            if not self.is_complete(news):
                return self.no("a field is missing")
            if self.hides_a_parameter(news):
                return self.no("a value holds another parameter")
            if not self.is_ours(news):
                return self.no("somebody else's payment")
            total, currency = self.paid_amount(news)
        except (UnicodeDecodeError, InvalidOperation, Refused):
            return self.no("not legible")
        trade = self.trade_of(news["out_trade_no"])
        if not self.fits_what_is_awaited(trade, total, currency):
            return self.no("another amount than was awaited")
        if self.is_replay(trade, news) and not self.acknowledges_replays():
            return self.no("seen before")
        self.book(trade, news, total, currency)
        return self.yes()

    def believes(self, pairs, charset):
        return self.is_genuine(pairs, charset)

    def yes(self):
        return {"reply": "success"}

    def no(self, why):
        return {"reply": "fail"}

    def is_complete(self, news):
        return all(news.get(name) for name in ("notify_id", "out_trade_no", "trade_status", "total_fee"))

    never_inside = ("seller_id", "total_fee", "trans_currency", "out_trade_no", "trade_status", "notify_id")

    def hides_a_parameter(self, news):
        """Whether the boundary between two parameters may have been moved: the signature would still hold."""
        return any(f"&{name}=" in value for value in news.values() for name in self.never_inside)

    def is_ours(self, news):
        return news.get("seller_id") in (None, "", self.settings["partner"])

    def paid_amount(self, news):
        currency = news.get("trans_currency") or "CNY"
        return self.amount(news["total_fee"], currency), currency

    def same_amount(self, awaited, paid):
        return awaited == paid

    def same_currency(self, awaited, paid):
        return awaited == paid

    def fits_what_is_awaited(self, trade, total, currency):
        if trade.awaited is None:
            return True
        return self.same_amount(trade.awaited[0], total) and self.same_currency(trade.awaited[1], currency)

    def is_replay(self, trade, news):
        return news.get("notify_id") in trade.seen

    def acknowledges_replays(self):
        return True

    def means_paid(self, status):
        return status in ("TRADE_SUCCESS", "TRADE_FINISHED")

    def means_closed(self, status):
        return status == "TRADE_CLOSED"

    def may_go(self, before, after):
        """Whether a status may follow another one."""
        ranks = {"none": 0, "waiting": 1, "paid": 2, "closed": 3, "cancelled": 3}
        return ranks[after] > ranks[before]

    def is_refund_news(self, news):
        return news.get("notify_action_type") == "refundFPAction"

    def releases_goods(self, trade, news, becomes):
        return becomes == "paid" and trade.status in ("none", "waiting")

    def book(self, trade, news, total, currency):
        if self.is_refund_news(news):
            self.book_finished_refund(trade, news)
        status = news.get("trade_status")
        becomes = "paid" if self.means_paid(status) else "closed" if self.means_closed(status) else "waiting"
        if self.releases_goods(trade, news, becomes):
            trade.fulfilled += 1
        fully_refunded = trade.total is not None and trade.sum_of("done") == trade.total
        if self.may_go(trade.status, becomes) and not (becomes == "closed" and fully_refunded):
            trade.status = becomes
        if becomes == "paid" and trade.paid_at is None:
            trade.total, trade.currency, trade.paid_at = total, currency, self.payment_time(news)
        trade.seen.add(news.get("notify_id"))

    def payment_time(self, news):
        return datetime.strptime(news["gmt_payment"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)

    def book_finished_refund(self, trade, news):
        known = trade.refunds.get(news.get("out_biz_no"))
        if known and known.status in ("unknown", "accepted"):
            known.status = "done"

    # === the books ==================================================================================

    def state(self, trade):
        if trade.undecided:
            return "undecided"
        done = trade.sum_of("done")
        if trade.status != "cancelled" and done:
            return "refunded" if done == trade.total else self.partly_refunded()
        return trade.status

    def partly_refunded(self):
        return "partly_refunded"

    def written(self, amount, currency):
        return f"{amount:.{self.decimals(currency)}f}"

    def trade(self, out_trade_no):
        trade = self.trades.get(out_trade_no)
        if trade is None:
            return {"state": "none"}
        found = {"state": self.state(trade), "fulfilled": str(trade.fulfilled)}
        if trade.total is not None:
            found |= {
                "paid": self.written(trade.total, trade.currency),
                "currency": trade.currency,
                "refunded": self.written(trade.sum_of("done"), trade.currency),
                "pending": self.written(trade.sum_of("unknown", "accepted"), trade.currency),
            }
        return found
