"""Merchants written before their author had seen a single check of the kit.

Each has one vice, thought of from the protocol and from what real shops do; above it stands what the kit
had to say of it, written down before it was run. ``docs/blind-zoo.md`` has the figures.
"""

import base64
import hashlib
import html
import http.client
import json
import re
import ssl
import threading
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding

from zoo.keeper import BEIJING, Healthy, Lost, Refused, animal, cousin, private_key

# === signing ========================================================================================


# Level 1, MUST: the names decide the order, and nothing behind them: `a1` comes after `a`.
@animal("sorts the finished name=value texts, so that `=` takes part in the order", "sign.order")
class SortsPairs(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: f"{pair[0]}={pair[1]}".encode())


# Level 1, MUST: every value that is not empty is signed.
@animal("leaves out values that begin with @, as an old PHP kit does for uploads", "sign.value.raw")
class SkipsAtSign(Healthy):
    def is_signed(self, name, value):
        return super().is_signed(name, value) and not value.startswith("@")


# Level 1, MUST: the sign is standard base64.
@animal(
    "writes its RSA sign in the URL-safe alphabet",
    "sign.rsa.digest",
    "sign.rsa2.digest",
    "request.sign.valid",
)
class UrlAlphabet(Healthy):
    def base64_form(self, raw):
        return base64.urlsafe_b64encode(raw).decode()


# Level 1, MUST: the bytes are those of the charset; a character beyond U+FFFF has four of them in UTF-8.
@animal(
    "encodes characters beyond U+FFFF as two surrogates of three bytes each (CESU-8)",
    "sign.charset",
    "verify.genuine",
    "notify.genuine",
)
class Cesu8(Healthy):
    def encode(self, text, charset):
        if charset.upper() != "UTF-8":
            return super().encode(text, charset)
        units = text.encode("utf-16-be")
        halves = (chr(int.from_bytes(units[at : at + 2], "big")) for at in range(0, len(units), 2))
        return b"".join(half.encode("utf-8", "surrogatepass") for half in halves)


# Level 1, MUST: the whole text is signed, however long.
@animal("signs through a buffer of 2048 bytes and forgets what does not fit", "sign.every-parameter")
class FixedBuffer(Healthy):
    def bytes_to_sign(self, params, charset):
        return super().bytes_to_sign(params, charset)[:2048]


# Level 1, MUST: values are signed as they are; composed and decomposed letters are different bytes.
@animal(
    "normalises values to Unicode's compatibility form before it signs them",
    "sign.charset",  # it declines what the charset holds, and the normal form not
    "sign.value.verbatim",
    "verify.genuine",
    "notify.genuine",
)
class Normalises(Healthy):
    def value(self, value):
        import unicodedata

        return value if value is None else unicodedata.normalize("NFKC", value)


# === verifying ======================================================================================


# Level 1, MUST: only the whole sign proves anything.
@animal(
    "compares as many characters of an MD5 sign as it was given",
    "verify.reject.bad-sign",
    "notify.reject.bad-sign",
    "response.unproved",
)
class PrefixIsEnough(Healthy):
    def same_text(self, right, given):
        return right.startswith(given)


# Level 1, MUST: PKCS#1 v1.5 is checked as a whole block, not by its end (forgeries of Bleichenbacher's kind).
@animal(
    "opens the RSA block by hand and looks only whether it ends with the digest",
    "verify.reject.bad-sign",
    "verify.reject.other-hash",
    "notify.reject.other-hash",
    "response.unproved",
)
class LooksAtTheEnd(Healthy):
    def rsa_holds(self, data, sign, sign_type):
        try:
            raw = base64.b64decode(sign, validate=True)
        except ValueError:
            return False
        numbers = self.rsa_key_to_verify_with().public_numbers()
        opened = pow(int.from_bytes(raw, "big"), numbers.e, numbers.n)
        block = opened.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        digest = hashlib.new({"RSA": "sha1", "RSA2": "sha256"}[sign_type], data).digest()
        return block.endswith(digest)


# Level 1, MUST: only Alipay's key proves a message of Alipay; the merchant's own requests must not come back.
@animal(
    "believes what its own key signed as well as what Alipay's key signed",
    "verify.reject.other-key",
    "notify.reject.other-key",
    "response.unproved",
)
class BelievesItself(Healthy):
    def rsa_holds(self, data, sign, sign_type):
        if super().rsa_holds(data, sign, sign_type):
            return True
        own = private_key(self.settings["merchant_private_key"]["pkcs8_pem"]).public_key()
        try:
            own.verify(
                base64.b64decode(sign, validate=True), data, padding.PKCS1v15(), self.hash_of(sign_type)
            )
        except (InvalidSignature, ValueError):
            return False
        return True


# Level 3 (or 1 through verify), MUST: every message is verified, also under a known notify_id.
@animal("does not verify again what bears a notify_id that was proved before", "notify.reject.changed")
class TrustsKnownIds(Healthy):
    def __init__(self):
        super().__init__()
        self.proved = set()

    def believes(self, pairs, charset):
        identity = dict(pairs).get("notify_id")
        if identity in self.proved:
            return True
        genuine = super().believes(pairs, charset)
        if genuine:
            self.proved.add(identity)
        return genuine


# Level 1 or 3, MUST: a genuine message holds whatever its line ends are.
@animal("turns CRLF into LF in the values it verifies", "notify.genuine")
class NormalisesLineEnds(Healthy):
    def bytes_to_verify(self, params, charset):
        return super().bytes_to_verify(
            [(name, value and value.replace("\r\n", "\n")) for name, value in params], charset
        )


# Level 3, MUST: a genuine notification with a backslash in it is genuine.
@animal("strips backslashes from what is posted, as if something had added them", "notify.genuine")
class StripsSlashes(Healthy):
    def decode_value(self, data, charset):
        return re.sub(r"\\(.?)", r"\1", super().decode_value(data, charset))


# === requests =======================================================================================


# Level 2, MUST: timestamp is yyyy-MM-dd HH:mm:ss of GMT+8; visible after noon only.
@animal("writes the hour of its timestamp with a clock of twelve hours", "request.timestamp.zone")
class TwelveHourClock(Healthy):
    def timestamp(self):
        return self.beijing_time(self.now).strftime("%Y-%m-%d %I:%M:%S")


# Level 2, MUST: the same; visible in the days around New Year only.
@animal("writes the year of the ISO week into its timestamp (YYYY for yyyy)", "request.timestamp.zone")
class WeekYear(Healthy):
    def timestamp(self):
        return self.beijing_time(self.now).strftime("%G-%m-%d %H:%M:%S")


# Level 2, MUST: the timestamp is that of the request; Alipay refuses it after 30 minutes.
@animal("takes the time once, at its first request, and sends it ever after", "request.timestamp.zone")
class StaleTimestamp(Healthy):
    first = None

    def timestamp(self):
        self.first = self.first or super().timestamp()
        return self.first


# Level 2, MUST: biz_data carries the values as given: "0001" and 1 are not the same.
@animal(
    "turns texts of digits into JSON numbers (JSON_NUMERIC_CHECK)",
    "request.create.biz_data.secondary_merchant_industry",
    "request.create.biz_data.store_id",
    "request.create.biz_data.sys_service_provider_id",
    "request.create.biz_data.notify_mobile",
    "request.create.biz_data.taxi_driver_mobile",
)
class NumericCheck(Healthy):
    def json(self, data):
        def number(value):
            if isinstance(value, dict):
                return {name: number(each) for name, each in value.items()}
            return int(value) if isinstance(value, str) and re.fullmatch("[0-9]+", value) else value

        return super().json(number(data))


# Level 2, MUST: channel_fee and passback_parameters are JSON objects.
@animal(
    "sends objects inside biz_data as JSON text in a JSON text",
    "request.create.biz_data.channel_fee",
    "request.create.biz_data.passback_parameters",
)
class JsonTwice(Healthy):
    def biz_data(self, given):
        return {
            name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
            for name, value in given.items()
        }


# Level 2, MUST: the merchant sends the amount it was told, and refunds the cents too.
@animal("counts cents with a float and cuts: 0.29 becomes 0.28", "request.refund.amount-exact")
class CutsCents(Healthy):
    def amount_on_the_wire(self, text, currency):
        return text if currency in ("JPY", "KRW") else f"{int(float(text) * 100) / 100:.2f}"


# Level 2, MUST: an amount is digits and a dot.
@animal("groups the thousands of an amount", "request.refund.refund_amount")
class GroupsThousands(Healthy):
    def amount_on_the_wire(self, text, currency):
        return f"{Decimal(text):,}"


# Level 2, MUST: the same; 100 becomes 1E+2.
@animal("normalises its decimals, so that round amounts get an exponent", "request.refund.refund_amount")
class Exponent(Healthy):
    def amount_on_the_wire(self, text, currency):
        return str(Decimal(text).normalize()) if Decimal(text) == Decimal(text).to_integral() else text


# Level 2, MUST: trade_no is Alipay's number and wins over out_trade_no.
@animal("sends its own number as Alipay's trade_no where it has none", "request.cancel.trade_no")
class FillsTradeNo(Healthy):
    def cancel_fields(self, out_trade_no, trade_no):
        return super().cancel_fields(out_trade_no, trade_no or out_trade_no)


# Level 2, MUST: the notify URL of this call is the one that is sent.
@animal("cuts the query off the notify URL", "request.values-verbatim")
class CutsNotifyQuery(Healthy):
    def create_fields(self, biz_data, notify_url):
        return super().create_fields(biz_data, notify_url.partition("?")[0])


# Level 2, MUST: a parameter stands once.
@animal("sends all parameters twice, in the query and in the body", "request.no-duplicates")
class QueryAndBody(Healthy):
    def http_parts(self, params):
        return "POST", self.form(params), self.form([pair for pair in params if pair[0] != "_input_charset"])


# Level 2 or 4, MUST: every request is signed as it is sent, a second attempt too.
@animal("tries again with a new timestamp under the old sign when the line breaks", "request.sign.valid")
class StaleSign(Healthy):
    def exchange(self, url, service, fields):
        params = self.signed_request(service, fields)
        try:
            return self.transmit(url, *self.http_parts(params))
        except Lost:
            if "timestamp" not in fields:
                raise
            again = dict(params)
            moment = datetime.strptime(again["timestamp"], "%Y-%m-%d %H:%M:%S")
            again["timestamp"] = moment.replace(second=(moment.second + 3) % 60).strftime("%Y-%m-%d %H:%M:%S")
            return self.transmit(url, *self.http_parts([*again.items()]))


# Level 2, MUST: a secret stays where it is: no answer to the other side and no message holds it.
@animal("quotes its MD5 key when it explains why it refuses a text", "sign.key.not-told")
class QuotesItsKey(Healthy):
    def encode(self, text, charset):
        try:
            return text.encode(charset)
        except UnicodeEncodeError:
            raise Refused(f"cannot encode {text}{self.settings['md5_key']} in {charset}") from None


class SpeaksHttps(Healthy):
    def hello(self, protocol):
        return {**super().hello(protocol), "features": ["https_only"]}

    def tls(self):
        return ssl.create_default_context(cadata=self.settings.get("gateway_ca_pem"))

    def transmit(self, url, method, query, body):
        parts = urlsplit(url or self.settings["gateway_url"])
        line = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=self.timeout, context=self.tls()
        )
        kind = f"application/x-www-form-urlencoded; charset={self.declared_charset()}"
        try:
            path = f"{parts.path}?{query}" if query else parts.path
            line.request(
                method, path, body.encode() if body else None, {"Content-Type": kind} if body else {}
            )
            answer, data = self.receive(line)
        except (OSError, http.client.HTTPException) as error:
            raise Lost(str(error)) from None
        finally:
            line.close()
        return self.with_status(answer.status, data)


# No finding.
@cousin("speaks https only, and knows its authority")
class CarefulOverHttps(SpeaksHttps):
    pass


# Level 2, MUST: it talks to the gateway and nobody else: a certificate of nobody's is refused.
@animal("takes any certificate for that of the gateway", "request.https")
class AnyCertificate(SpeaksHttps):
    def tls(self):
        return ssl._create_unverified_context()


# Level 2, MUST: the certificate is that of the host it calls.
@animal("checks who issued the certificate and not to whom", "request.https")
class AnyHostName(SpeaksHttps):
    def tls(self):
        context = super().tls()
        context.check_hostname = False
        return context


# Level 2, MUST: a certificate that was right once proves nothing today.
@animal("takes a certificate that is out of date", "request.https")
class AnyDate(SpeaksHttps):
    def tls(self):
        context = super().tls()
        context.verify_flags |= 0x200000  # X509_V_FLAG_NO_CHECK_TIME
        return context


# Level 2, MUST: whoever signs for himself is anybody.
@animal("trusts whatever certificate the server shows at first, if only it signs itself", "request.https")
class TrustsAtFirstSight(SpeaksHttps):
    def transmit(self, url, method, query, body):
        parts = urlsplit(url or self.settings["gateway_url"])
        self.shown = ssl.get_server_certificate((parts.hostname, parts.port))
        return super().transmit(url, method, query, body)

    def tls(self):
        context = super().tls()
        if self.signs_itself(self.shown):
            context.load_verify_locations(cadata=self.shown)
        return context

    def signs_itself(self, pem):
        from cryptography import x509

        shown = x509.load_pem_x509_certificate(pem.encode())
        return shown.issuer == shown.subject


# Level 2, MUST: what leaves over https does not leave again in the clear.
@animal("follows the gateway from https to plain http", "request.https")
class FollowsIntoTheOpen(SpeaksHttps):
    def with_status(self, status, data):
        if status in (302, 307):
            raise Redirected
        return super().with_status(status, data)

    def receive(self, line):
        answer, data = super().receive(line)
        self.where = answer.getheader("Location") or ""
        return answer, data

    def transmit(self, url, method, query, body):
        try:
            return super().transmit(url, method, query, body)
        except Redirected:
            if not self.where.startswith("http://"):
                raise Lost("elsewhere") from None
        return Healthy.transmit(self, self.where, method, query, body)


class Redirected(Exception):
    pass


# === what comes back ================================================================================


# Level 3, MUST: any status but 200 is unknown; a request does not go where an unproved answer sends it.
@animal("follows a redirection and posts its request once more there", "response.redirect")
class FollowsRedirects(Healthy):
    def transmit(self, url, method, query, body):
        parts = urlsplit(url or self.settings["gateway_url"])
        kind = f"application/x-www-form-urlencoded; charset={self.declared_charset()}"
        target = f"{parts.path}?{query}" if query else parts.path
        for _ in range(5):
            line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.timeout)
            try:
                line.request(
                    method, target, body.encode() if body else None, {"Content-Type": kind} if body else {}
                )
                answer, data = self.receive(line)
            except (OSError, http.client.HTTPException) as error:
                raise Lost(str(error)) from None
            finally:
                line.close()
            where = answer.getheader("Location")
            if answer.status not in (301, 302, 303, 307, 308) or not where:
                break
            if urlsplit(where).netloc:
                parts = urlsplit(where)
            target = urlsplit(where).path + (f"?{urlsplit(where).query}" if urlsplit(where).query else "")
        return self.with_status(answer.status, data)


# Level 3, MUST: an answer that never comes ends, as unknown, after the timeout that was set.
@animal("waits for its gateway without end, once it is connected", "response.transport", "response.in-time")
class WaitsForever(Healthy):
    meets_all = True

    def transmit(self, url, method, query, body):
        self.timeout = 200.0
        return super().transmit(url, method, query, body)


# Level 3, MUST: only what is signed is believed.
@animal(
    "verifies the signed fields, and reads the result wherever it stands first in the document",
    "response.unproved",
)
class ReadsAnywhere(Healthy):
    def read_reply(self, data, asked):
        reply = super().read_reply(data, asked)
        if not reply.fields:
            return reply
        root, _ = self.xml(data)
        first = {}
        for element in root.iter():
            if not len(element):
                first.setdefault(element.tag, (element.text or "").strip())
        return self.result({name: first.get(name, value) for name, value in reply.fields.items()}, asked)


# Level 3, MUST: values are unescaped once; a genuine answer with `&amp;lt;` or a `&copy=` in an address holds.
@animal("unescapes the values of an answer once more, as if they were HTML", "response.genuine")
class UnescapesTwice(Healthy):
    def texts(self, element):
        return {name: html.unescape(text) for name, text in super().texts(element).items()}


# Level 4, MUST: after an unknown end the same refund is asked again, under the same id: else it is paid twice.
@animal(
    "repeats a refund whose answer was lost under a new id of its own",
    "money.refund.one-id",
    "money.refund.repeat",
)
class NewIdForRetry(Healthy):
    def ask_refund(self, url, args, refund):
        reply = super().ask_refund(url, args, refund)
        if reply.outcome != "unknown":
            return reply
        return super().ask_refund(url, {**args, "partner_refund_id": args["partner_refund_id"] + "R"}, refund)


# === notifications ==================================================================================


# Level 3 or 4, MUST: a forged message leaves nothing behind: the genuine one after it is booked.
@animal("notes a notify_id as seen before it has verified the message", "notify.genuine")
class NotesBeforeVerifying(Healthy):
    def __init__(self):
        super().__init__()
        self.heard = set()

    def reset(self):
        self.heard = set()
        return super().reset()

    def believes(self, pairs, charset):
        identity = dict(pairs).get("notify_id")
        self.repeated = identity in self.heard
        self.heard.add(identity)
        return super().believes(pairs, charset)

    def book(self, trade, news, total, currency):
        if not self.repeated:
            super().book(trade, news, total, currency)


# Level 3, MUST: the amount is the awaited one to the last cent.
@animal("takes an amount for the awaited one that differs by a cent", "notify.validate.amount")
class ACentMoreOrLess(Healthy):
    def same_amount(self, awaited, paid):
        return abs(awaited - paid) <= Decimal("0.01")


# Level 3, MUST: Alipay sends a refused notification again; it is as wrong as before.
@animal("forgets what it awaited as soon as one notification did not fit", "notify.validate.amount")
class GivesInTheSecondTime(Healthy):
    def fits_what_is_awaited(self, trade, total, currency):
        fits = super().fits_what_is_awaited(trade, total, currency)
        trade.awaited = None
        return fits


# Level 3, MUST: total_fee is what was paid; the price of a good is not.
@animal("books the price as the amount that was paid, where there is one", "notify.amount.believed")
class BooksThePrice(Healthy):
    def paid_amount(self, news):
        total, currency = super().paid_amount(news)
        return (self.amount(news["price"], currency) if news.get("price") else total), currency


# Level 3, MUST: `success` counts with status 200; a redirection acknowledges nothing.
@animal("says success with status 302, on its way to a thank-you page", "notify.genuine")
class ThanksElsewhere(Healthy):
    def yes(self):
        return {"reply": "success", "status": "302"}


# Level 4, MUST: goods leave for TRADE_SUCCESS and TRADE_FINISHED; an unknown status proves no payment.
@animal("takes a trade status it has never heard of for a payment", "notify.status.believed")
class UnknownMeansPaid(Healthy):
    def means_paid(self, status):
        return status not in ("WAIT_BUYER_PAY", "TRADE_PENDING", "TRADE_CLOSED")


# === money ==========================================================================================


# Level 4, MUST: gmt_payment alone fixes the day; the notification may come after midnight.
@animal("takes the day of the notification for the day of the payment", "money.cancel.window")
class DayOfTheNotification(Healthy):
    def payment_time(self, news):
        return datetime.strptime(news["notify_time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)


# Level 4, MUST: CANCEL only on the day of the payment, not on the same day of another month.
@animal("compares the day of the month, and neither month nor year", "money.cancel.window")
class DayOfTheMonth(Healthy):
    def same_day(self, paid_at, now):
        return self.beijing_time(paid_at).day == self.beijing_time(now).day


# Level 4, MUST: three refunds of 0.10 fit into 0.30: what remains may always be refunded.
@animal("adds refunds up as floats, so that the last tenth does not fit", "money.refund.exact")
class FloatRest(Healthy):
    def fits(self, trade, amount):
        taken = sum(float(each.amount) for each in trade.refunds.values() if each.status != "failed")
        return taken + float(amount) <= float(trade.total)


# Level 4 (and 2), MUST: a refund is more than nothing.
@animal("refunds negative amounts, and has more to refund afterwards", "money.refund.sum")
class RefundsLessThanNothing(Healthy):
    def amount(self, text, currency):
        return -super().amount(text[1:], currency) if text.startswith("-") else super().amount(text, currency)


# Level 4, MUST: the news of a refund is about the refund that out_biz_no names.
@animal("books all waiting refunds of a trade when one of them is done", "money.refund.asynchronous")
class BooksAllRefunds(Healthy):
    def book_finished_refund(self, trade, news):
        if news.get("out_biz_no") in trade.refunds:
            for each in trade.refunds.values():
                if each.status in ("unknown", "accepted"):
                    each.status = "done"


# Level 4, MUST: a refund is one refund, however often its news come.
@animal(
    "books a refund once more when its news come again under a new notify_id", "money.refund.asynchronous"
)
class BooksRefundAgain(Healthy):
    def book_finished_refund(self, trade, news):
        known = trade.refunds.get(news.get("out_biz_no"))
        if known and known.status == "done" and news.get("notify_id") not in trade.seen:
            copy = f"{known.id}#{len(trade.refunds)}"
            trade.refunds[copy] = replace(known, id=copy)
        super().book_finished_refund(trade, news)


# Level 4, MUST: the news of a finished refund are booked: refunded and pending change.
@animal(
    "lets only the first notification of a trade change anything",
    "money.refund.asynchronous",
    "notify.status.believed",
)
class FirstNewsOnly(Healthy):
    def book(self, trade, news, total, currency):
        if not trade.seen:
            super().book(trade, news, total, currency)


# Level 4, MUST: a cancelled trade releases no goods when the news of its payment come late.
@animal("hands out goods for the late news of a payment that it has cancelled", "money.cancel.booked")
class GoodsAfterCancel(Healthy):
    def releases_goods(self, trade, news, becomes):
        return becomes == "paid" and trade.fulfilled == 0


# Level 4, MUST: once a CANCEL is unknown, only its own end settles it; a payment notice does not.
@animal("believes a CANCEL without an end to be undone when news of the payment come", "money.cancel.unknown")
class NewsUndoesCancel(Healthy):
    def book(self, trade, news, total, currency):
        trade.undecided = False
        super().book(trade, news, total, currency)


class ManyAtOnce(Healthy):
    """Several calls at once: the clock belongs to each of them."""

    def __init__(self):
        self.here = threading.local()
        self.lock = threading.RLock()
        super().__init__()

    @property
    def now(self):
        return self.here.now

    @now.setter
    def now(self, moment):
        self.here.now = moment

    def hello(self, protocol):
        return {**super().hello(protocol), "parallel": True}


# No finding.
@cousin("serves many calls at once, and each trade one after the other")
class ManyTills(ManyAtOnce):
    def refund(self, **args):
        with self.lock:
            return super().refund(**args)

    def cancel(self, **args):
        with self.lock:
            return super().cancel(**args)

    def notify(self, **args):
        with self.lock:
            return super().notify(**args)


# Level 4, MUST: two refunds at once may not take more than was paid.
@animal("looks what remains before it asks, and writes the refund down after the answer", "money.refund.sum")
class LooksThenWrites(ManyAtOnce):
    def check_new_refund(self, trade, amount):
        super().check_new_refund(trade, amount)
        self.here.trade = trade

    def ask_refund(self, url, args, refund):
        trade = self.here.trade
        written = trade.refunds.pop(refund.id, None)
        try:
            return super().ask_refund(url, args, refund)
        finally:
            if written is not None:
                trade.refunds[refund.id] = written


# Level 4, MUST: paid once, delivered once, also when the same news come twice at the same moment.
@animal("looks whether goods have left, works a little, and writes it down then", "notify.once.fulfilled")
class DeliversInARace(ManyAtOnce):
    def refund(self, **args):
        with self.lock:
            return super().refund(**args)

    def releases_goods(self, trade, news, becomes):
        due = super().releases_goods(trade, news, becomes)
        threading.Event().wait(0.01)
        return due


# No finding: a retry inside one operation is legal, and the outcome is what is believed in the end.
@cousin("asks once more, with the identical request, when the line breaks")
class AsksTwice(Healthy):
    def exchange(self, url, service, fields):
        parts = self.http_parts(self.signed_request(service, fields))
        try:
            return self.transmit(url, *parts)
        except Lost:
            return self.transmit(url, *parts)
