"""Animals that fall to an attack, each to one: see docs/attacks.md for what it costs them."""

import codecs
import html
import json
import os
import re
import time
import xml.etree.ElementTree as ET
from decimal import Decimal
from urllib.parse import parse_qsl

from zoo.crashers import Process
from zoo.keeper import Healthy, Lost, Reply, animal

BUT_AMOUNT = tuple(name for name in Healthy.never_inside if name != "total_fee")

# --- the boundary between two parameters ----------------------------------------------------------------


@animal("does not look for a parameter that hides in the value before it", "notify.boundary")
class BoundaryNotWatched(Healthy):
    def hides_a_parameter(self, news):
        return False


@animal("takes a payment without total_fee for the awaited amount", "notify.boundary", "notify.validate.amount")
class AmountTakenAsAwaited(Healthy):
    never_inside = BUT_AMOUNT

    def is_complete(self, news):
        return super().is_complete({"total_fee": "-", **news})

    def paid_amount(self, news):
        if "total_fee" in news:
            return super().paid_amount(news)
        awaited = self.trade_of(news["out_trade_no"]).awaited
        return awaited or (Decimal(0), news.get("trans_currency"))


@animal(
    "reads as much of an amount as looks like a number, as parseFloat does",
    "notify.boundary", "notify.validate.amount",
)
class AmountReadLeniently(Healthy):
    never_inside = BUT_AMOUNT

    def paid_amount(self, news):
        found = re.match(r"[0-9.]*", news["total_fee"])
        return super().paid_amount({**news, "total_fee": found[0]})


# --- names, values, ways in -----------------------------------------------------------------------------


@animal("verifies the names of the body, and then believes them as PHP writes them", "notify.reject.lookalike")
class NamesAsPhp(Healthy):
    def php(self, name):
        return re.sub(r"[ .]", "_", name.split("[")[0].lstrip(" "))

    def received(self, pairs, query):
        return [(name, value) for name, value in pairs if self.php(name) == name]

    def used(self, pairs, query):
        return [(self.php(name), value) for name, value in pairs]


@animal("verifies lower-case names alone, and reads names without regard to case", "notify.reject.lookalike")
class NamesWithoutCase(Healthy):
    def received(self, pairs, query):
        names = {name for name, _ in pairs}
        return [(name, value) for name, value in pairs if name == name.lower() or name.lower() not in names]

    def used(self, pairs, query):
        return [(name.lower(), value) for name, value in pairs]


@animal("where a sign does not hold, tries the values unescaped once more", "notify.reject.disguised")
class TriesUnescaped(Healthy):
    def believes(self, pairs, charset):
        again = [(name, html.unescape(value)) for name, value in pairs]
        return super().believes(pairs, charset) or super().believes(again, charset)


@animal("where a sign does not hold, tries the values trimmed", "notify.reject.disguised")
class TriesTrimmed(Healthy):
    def believes(self, pairs, charset):
        again = [(name, value.strip()) for name, value in pairs]
        return super().believes(pairs, charset) or super().believes(again, charset)


class SecondDoor(Healthy):
    """Books what comes another way, unverified."""

    def book_unverified(self, news, now):
        from datetime import datetime

        self.now = datetime.fromisoformat(now)
        self.book(self.trade_of(news["out_trade_no"]), news, *self.paid_amount(news))
        return self.yes()


@animal("believes notifications in JSON without a look at the sign", "notify.reject.content-type")
class JsonUnverified(SecondDoor):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        import base64

        if content_type == "application/json":
            return self.book_unverified(json.loads(base64.b64decode(body_base64)), now)
        return super().notify(body_base64, content_type, method, query, now)


@animal("pays orders by an unsigned link, to try it in the browser", "notify.post-only")
class LinkUnverified(SecondDoor):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if method == "GET":
            return self.book_unverified(dict(parse_qsl(query or "")), now)
        return super().notify(body_base64, content_type, method, query, now)


@animal("notes the notify_id of a GET, and takes the POST for a repeat", "notify.post-only")
class LinkTakesTheId(Healthy):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if method == "GET":
            news = dict(parse_qsl(query or ""))
            self.trade_of(news["out_trade_no"]).seen.add(news["notify_id"])
            return {"reply": "fail", "status": "405"}
        return super().notify(body_base64, content_type, method, query, now)

    def book(self, trade, news, total, currency):
        if not self.is_replay(trade, news):
            super().book(trade, news, total, currency)


@animal("closes trades without a look at the sign, since closing costs nothing", "notify.reject.closing")
class ClosingUnverified(Healthy):
    def believes(self, pairs, charset):
        return super().believes(pairs, charset) or dict(pairs).get("trade_status") == "TRADE_CLOSED"


@animal("believes news of refunds without a look at the sign", "notify.reject.refund")
class RefundNewsUnverified(Healthy):
    def believes(self, pairs, charset):
        return super().believes(pairs, charset) or self.is_refund_news(dict(pairs))


@animal("loses the notification that follows one that it could not read", "notify.hostile")
class DeafForOne(Healthy):
    deaf = False

    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if self.deaf:
            self.deaf = False
            return self.no("still busy")
        return super().notify(body_base64, content_type, method, query, now)

    def decode_value(self, data, charset):
        try:
            return super().decode_value(data, charset)
        except UnicodeDecodeError:
            self.deaf = True
            raise


@animal("dies of a notification of more than a megabyte", "notify.hostile")
class DiesOfLongBody(Process):
    verdict = "crash"

    def notify(self, **args):
        if len(args["body_base64"]) > 1_000_000:
            os._exit(137)
        return super().notify(**args)


# --- once, and never back -------------------------------------------------------------------------------


@animal("forgets what it released with every fiftieth arrival of a payment", "notify.once.fulfilled")
class ForgetsAfterFifty(Healthy):
    def releases_goods(self, trade, news, becomes):
        trade.arrivals = getattr(trade, "arrivals", 0) + 1
        return super().releases_goods(trade, news, becomes) or (becomes == "paid" and trade.arrivals % 50 == 0)


@animal("looks whether goods were released, and releases them a moment later", "notify.once.fulfilled")
class RacesWithItself(Healthy):
    def hello(self, protocol):
        return {**super().hello(protocol), "parallel": True}

    def releases_goods(self, trade, news, becomes):
        found = super().releases_goods(trade, news, becomes)
        if found:
            time.sleep(0.02)
        return found


@animal("lets late news pay a trade that it has cancelled", "notify.status.forward", "money.cancel.booked")
class ReopensCancelled(Healthy):
    def may_go(self, before, after):
        return super().may_go(before, after) or (before, after) == ("cancelled", "paid")


@animal("begins its sums anew with late news of a trade that is refunded", "notify.status.forward")
class ReopensRefunded(Healthy):
    def book(self, trade, news, total, currency):
        over = trade.total is not None and trade.sum_of("done") == trade.total
        if over and self.means_paid(news["trade_status"]) and not self.is_refund_news(news):
            trade.refunds = {}
        super().book(trade, news, total, currency)


@animal("takes any answer to notify_verify for a yes in which the word true stands", "notify.verify-query.strict")
class TrueSomewhere(Healthy):
    def believes(self, pairs, charset):
        query = f"service=notify_verify&partner={self.partner()}&notify_id={dict(pairs).get('notify_id', '')}"
        return super().believes(pairs, charset) and b"true" in self.transmit(None, "GET", query, "")


@animal("asks notify_verify and does not wait for its answer to decide", "notify.verify-query.strict")
class VerifyQueryIgnored(Healthy):
    def believes(self, pairs, charset):
        query = f"service=notify_verify&partner={self.partner()}&notify_id={dict(pairs).get('notify_id', '')}"
        self.transmit(None, "GET", query, "")
        return super().believes(pairs, charset)


# --- answers --------------------------------------------------------------------------------------------


@animal("verifies the first of two equal elements, and believes the last", "response.unproved")
class LastElementBelieved(Healthy):
    def texts(self, element):
        self.verified = {child.tag: (child.text or "").strip() for child in reversed(element)}
        return super().texts(element)

    def is_proved(self, message, charset):
        signature = [pair for pair in message if pair[0] in ("sign", "sign_type")]
        return super().is_proved([*self.verified.items(), *signature], charset)


@animal("verifies a text as a whole, and reads it up to the first mark in it", "response.belongs")
class ReadsUpToTheMark(Healthy):
    def xml(self, data):
        self.raw = data.decode("latin-1")
        return super().xml(data)

    def result(self, fields, asked):
        cut = dict(re.findall(r"<(\w+)>([^<]*)<[!?]", self.raw))
        return super().result({**fields, **{name: cut[name] for name in fields if name in cut}}, asked)


@animal("takes an answer in a charset that it does not know for a failure", "response.hostile")
class UnknownCharsetIsFailed(Healthy):
    def xml(self, data):
        try:
            codecs.lookup(self.xml_charset(data))
        except LookupError:
            root = ET.Element("alipay")
            ET.SubElement(root, "is_success").text = "F"
            ET.SubElement(root, "error").text = "UNKNOWN_CHARSET"
            return root, "UTF-8"
        return super().xml(data)


@animal("dies of an answer whose elements are nested deeply", "response.hostile")
class DiesOfDepth(Process):
    verdict = "crash"

    def xml(self, data):
        if data.count(b"<a>") > 1000:
            os._exit(139)
        return super().xml(data)


@animal("limits the time of each read, not of the whole answer", "response.in-time")
class WaitsForEachByte(Healthy):
    def check_deadline(self, deadline, connection):
        pass


@animal("follows a permanent redirection with its signed request", "response.redirect")
class FollowsPermanently(Healthy):
    location = None

    def receive(self, line):
        answer, data = super().receive(line)
        self.location = answer.headers.get("Location") if answer.status == 308 else None
        return answer, data

    def transmit(self, url, method, query, body):
        self.location = None
        try:
            return super().transmit(url, method, query, body)
        except Lost:
            if self.location is None:
                raise
            return super().transmit(self.location, method, query, body)


@animal("believes a signed SUCCESS that does not say what it answers", "response.other-service")
class AnyServiceBelieved(Healthy):
    def names_it(self, fields, asked):
        return True


@animal("verifies the values of an answer with the blanks around them", "response.trimmed")
class AnswersNotTrimmed(Healthy):
    def texts(self, element):
        if element.find("is_success") is not None:
            return super().texts(element)
        return {child.tag: child.text or "" for child in element}


@animal("takes a code that it has seen before for no code", "response.existing-code")
class WantsNewCode(Healthy):
    def code_of(self, reply):
        found = super().code_of(reply)
        known = found["qrcode"] in self.codes
        self.codes[found["qrcode"]] = True
        return {} if known else found


@animal("hands the picture's address on as it stands in the XML", "response.image-url")
class PictureEscaped(Healthy):
    def code_of(self, reply):
        found = super().code_of(reply)
        address = found["qrcode_img_url"]
        return {**found, "qrcode_img_url": address and address.replace("&", "&amp;")}


# --- an own cancel --------------------------------------------------------------------------------------


@animal("takes a cancel that closed an unpaid trade for a failure", "money.cancel.unpaid")
class CloseIsFailed(Healthy):
    def result(self, fields, asked):
        reply = super().result(fields, asked)
        return Reply("failed") if fields.get("action") == "close" else reply


@animal("refuses the news that a trade is closed which it cancelled itself", "money.cancel.closed-notice")
class RefusesClosedNews(Healthy):
    def is_ours(self, news):
        cancelled = self.trade_of(news["out_trade_no"]).status == "cancelled"
        return super().is_ours(news) and not (cancelled and self.means_closed(news["trade_status"]))


# --- signs that are none --------------------------------------------------------------------------------


@animal(
    "verifies nothing where no sign type is named",
    "verify.reject.other-type", "notify.reject.other-type", "response.unproved",
)
class NoTypeNoCheck(Healthy):
    def type_to_verify_with(self, claimed):
        return "unnamed" if claimed is None else super().type_to_verify_with(claimed)

    def holds(self, data, sign, sign_type):
        return sign_type == "unnamed" or super().holds(data, sign, sign_type)


@animal(
    "lets its sign type pass in small letters, and has no branch for those",
    "verify.reject.other-type", "notify.reject.other-type", "response.unproved",
)
class SmallLettersPass(Healthy):
    def type_to_verify_with(self, claimed):
        known = (claimed or "").upper() == self.settings["sign_type"]
        return claimed if known else None

    def holds(self, data, sign, sign_type):
        return sign_type.islower() or super().holds(data, sign, sign_type)


class SecondKey(Healthy):
    """Tries the text that it makes of a key that is not there."""

    absent = ""

    def md5_holds(self, data, sign):
        return super().md5_holds(data, sign) or self.same_text(self.md5_of(data + self.absent.encode()), sign)

    def md5_of(self, data):
        import hashlib

        return hashlib.md5(data).hexdigest()


@animal(
    "falls back on a sandbox key that is not set: the text undefined",
    "verify.reject.other-key", "notify.reject.other-key", "response.unproved",
)
class KeyOfUndefined(SecondKey):
    absent = "undefined"


@animal(
    "falls back on a sandbox key that is not set: the text None",
    "verify.reject.other-key", "notify.reject.other-key", "response.unproved",
)
class KeyOfNone(SecondKey):
    absent = "None"


@animal("reads names as PHP does, and takes a list for equal to any sign", "notify.reject.bad-sign")
class ListEqualsAnySign(Healthy):
    def believes(self, pairs, charset):
        return super().believes(pairs, charset) or "sign[]" in dict(pairs)


@animal("compares signs as numbers where both look like numbers, as PHP's == does", "notify.reject.bad-sign")
class EqualAsNumbers(Healthy):
    def same_text(self, right, given):
        numbers = all(re.fullmatch(r"[0-9]+(e[0-9]+)?", each) for each in (right, given))
        return float(right) == float(given) if numbers else super().same_text(right, given)


@animal("reads the URL where the body is empty, and verifies the body", "notify.reject.url-override")
class UrlWhereBodyIsEmpty(Healthy):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if method != "POST":
            return self.no("a link")
        return super().notify(body_base64, content_type, method, query, now)

    def believes(self, pairs, charset):
        return not dict(pairs).get("notify_id") or super().believes(pairs, charset)

    def used(self, pairs, query):
        return pairs if dict(pairs).get("notify_id") else parse_qsl(query or "")
