"""Merchants that break `notify.reject.*`: they believe forged notifications."""

import hashlib
import hmac
import html
import json
import re
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import serialization

from faulty.merchants.common import SecondDoor
from faulty.reference import OPERATIONS, Healthy, fault, harmless

WITHOUT_VERIFY = tuple(op for op in OPERATIONS if op != "verify")
ABOUT = ("notify.reject.", "sign.join", "request.carried-out")
"""What shows what a merchant without verify believes, and that it signs and sends."""


@fault("verifies the form, then believes the query over it", "notify.reject.url-override")
class QueryBelieved(Healthy):
    def used(self, pairs, query):
        return [*pairs, *parse_qsl(query or "")]


@fault("verifies the first of two equal names and believes the last", "notify.reject.duplicate")
class LastOfTwoBelieved(Healthy):
    def received(self, pairs, query):
        return list(dict(reversed(pairs)).items())


@fault("verifies the last of two equal names and believes the first", "notify.reject.duplicate")
class FirstOfTwoBelieved(Healthy):
    def received(self, pairs, query):
        return list(dict(pairs).items())

    def used(self, pairs, query):
        return reversed(pairs)


@fault("verifies the names of the body, and then believes them as PHP writes them", "notify.reject.lookalike")
class NamesAsPhp(Healthy):
    def php(self, name):
        return re.sub(r"[ .]", "_", name.split("[")[0].lstrip(" "))

    def received(self, pairs, query):
        return [(name, value) for name, value in pairs if self.php(name) == name]

    def used(self, pairs, query):
        return [(self.php(name), value) for name, value in pairs]


@fault("verifies lower-case names alone, and reads names without regard to case", "notify.reject.lookalike")
class NamesWithoutCase(Healthy):
    def received(self, pairs, query):
        names = {name for name, _ in pairs}
        return [(name, value) for name, value in pairs if name == name.lower() or name.lower() not in names]

    def used(self, pairs, query):
        return [(name.lower(), value) for name, value in pairs]


@fault("where a sign does not hold, tries the values unescaped once more", "notify.reject.disguised")
class TriesUnescaped(Healthy):
    def believes(self, pairs, charset):
        again = [(name, html.unescape(value)) for name, value in pairs]
        return super().believes(pairs, charset) or super().believes(again, charset)


@fault("where a sign does not hold, tries the values trimmed", "notify.reject.disguised")
class TriesTrimmed(Healthy):
    def believes(self, pairs, charset):
        again = [(name, value.strip()) for name, value in pairs]
        return super().believes(pairs, charset) or super().believes(again, charset)


@fault("believes notifications in JSON without a look at the sign", "notify.reject.content-type")
class JsonUnverified(SecondDoor):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        import base64

        if content_type == "application/json":
            return self.book_unverified(json.loads(base64.b64decode(body_base64)), now)
        return super().notify(body_base64, content_type, method, query, now)


@fault("closes trades without a look at the sign, since closing costs nothing", "notify.reject.closing")
class ClosingUnverified(Healthy):
    def believes(self, pairs, charset):
        return super().believes(pairs, charset) or dict(pairs).get("trade_status") == "TRADE_CLOSED"


@fault("believes news of refunds without a look at the sign", "notify.reject.refund")
class RefundNewsUnverified(Healthy):
    def believes(self, pairs, charset):
        return super().believes(pairs, charset) or self.is_refund_news(dict(pairs))


@fault("reads names as PHP does, and takes a list for equal to any sign", "notify.reject.bad-sign")
class ListEqualsAnySign(Healthy):
    def believes(self, pairs, charset):
        return super().believes(pairs, charset) or "sign[]" in dict(pairs)


@fault("compares signs as numbers where both look like numbers, as PHP's == does", "notify.reject.bad-sign")
class EqualAsNumbers(Healthy):
    def same_text(self, right, given):
        numbers = all(re.fullmatch(r"[0-9]+(e[0-9]+)?", each) for each in (right, given))
        return float(right) == float(given) if numbers else super().same_text(right, given)


@fault("reads the URL where the body is empty, and verifies the body", "notify.reject.url-override")
class UrlWhereBodyIsEmpty(Healthy):
    def notify(self, body_base64, content_type, method="POST", query=None, now=None):
        if method != "POST":
            return self.no("a link")
        return super().notify(body_base64, content_type, method, query, now)

    def believes(self, pairs, charset):
        return not dict(pairs).get("notify_id") or super().believes(pairs, charset)

    def used(self, pairs, query):
        return pairs if dict(pairs).get("notify_id") else parse_qsl(query or "")


@fault("verifies with the public key that a message brings along, where it brings one", "notify.reject.other-key", "verify.reject.other-key")
class KeyInTheMessage(Healthy):
    def is_genuine(self, params, charset):
        self.brought = dict(params).get("public_key")
        return super().is_genuine(params, charset)

    def rsa_key_to_verify_with(self):
        if not self.brought:
            return super().rsa_key_to_verify_with()
        return serialization.load_pem_public_key(self.brought.encode())


@harmless("offers no verify: what it believes is seen by its notifications alone")
class OffersNoVerify(Healthy):
    operations = WITHOUT_VERIFY


@fault("offers no verify, and takes the HMAC of a notification for its sign, too", "notify.reject.bad-sign")
class HmacForSign(OffersNoVerify):
    about = ABOUT

    def believes(self, pairs, charset):
        key, text = self.settings["md5_key"].encode(), self.bytes_to_sign(pairs, charset)
        hmac_of_it = hmac.new(key, text, hashlib.md5).hexdigest()
        return dict(pairs).get("sign") == hmac_of_it or super().believes(pairs, charset)


@fault("offers no verify, and ends each value of a notification at U+0000 while it verifies", "notify.reject.disguised")
class EndsAtNul(OffersNoVerify):
    about = ABOUT

    def believes(self, pairs, charset):
        cut = [(name, value.split("\0")[0]) for name, value in pairs]
        return super().believes(pairs, charset) or super().believes(cut, charset)


@harmless("takes a genuine TRADE_CLOSED as the answer that a cancel in doubt waits for", found_by="blind")
class ClosingEndsTheDoubt(Healthy):
    about = ("notify.reject.closing", "sign.join", "request.carried-out")

    def book(self, trade, news, total, currency):
        super().book(trade, news, total, currency)
        trade.undecided = trade.undecided and not self.means_closed(news.get("trade_status"))


@fault("takes TRADE_CLOSED, unverified, as the answer that a cancel in doubt waits for", "notify.reject.closing", found_by="blind")
class AnyClosingEndsTheDoubt(ClosingEndsTheDoubt):
    def believes(self, pairs, charset):
        news = dict(pairs)
        trade = self.trades.get(news.get("out_trade_no"))
        waits = trade is not None and trade.undecided and self.means_closed(news.get("trade_status"))
        return waits or super().believes(pairs, charset)
