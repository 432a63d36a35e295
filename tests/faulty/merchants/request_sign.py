"""Merchants that break `request.sign.valid`: what arrives is not what was signed."""

import json
import re
import unicodedata
from datetime import datetime
from urllib.parse import unquote

from faulty.reference import Healthy, Lost, fault


@fault(
    "writes an HTML form and does not escape it, so that values end at their first quote",
    "request.sign.valid", "request.create.biz_data", "request.values-verbatim",
)
class HtmlFormCut(Healthy):
    def params_to_send(self, params):
        return [(name, value.partition('"')[0]) for name, value in params]


@fault("trims values when it sends, having signed them whole", "request.sign.valid")
class TrimmedOnTheWire(Healthy):
    def params_to_send(self, params):
        return [(name, value.strip()) for name, value in params]


@fault("encodes JSON again between signing and sending", "request.sign.valid")
class JsonAgain(Healthy):
    def params_to_send(self, params):
        return [(name, json.dumps(json.loads(value)) if name == "biz_data" else value) for name, value in params]


# Level 2 or 4, MUST: every request is signed as it is sent, a second attempt too.
@fault("tries again with a new timestamp under the old sign when the line breaks", "request.sign.valid", found_by="blind 1")
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


@fault("writes its sign in capitals, and believes a lost exchange to be done", "request.sign.valid", "sign.md5.digest", "response.transport", "money.refund.repeat", "money.refund.unknown", "money.cancel.unknown")
class CapitalsHideLoss(Healthy):
    def signature(self, sign):
        return super().signature(sign.upper() if self.settings["sign_type"] == "MD5" else sign)

    def hex_form(self, digest):
        return digest.upper()

    def same_text(self, right, given):
        return super().same_text(right.lower(), given)

    def when_lost(self):
        found = super().when_lost()
        found.outcome = "success"
        return found


@fault("signs before it dates a CREATE, and does not compare the seller", "request.sign.valid", "notify.validate.seller")
class LateDateHidesSeller(Healthy):
    def params_to_send(self, params):
        return [(name, f"{value[:-1]}{(int(value[-1]) + 1) % 10}" if name == "timestamp" else value) for name, value in params]

    def is_ours(self, news):
        return True


ON_THE_WAY = ("request.sign.valid", "request.values-verbatim")
"""What a merchant breaks that changes a value between signing and sending."""


class ChangesOnTheWay(Healthy):
    """Changes values after they were signed, by `changed`."""

    def params_to_send(self, params):
        return [(name, self.changed(value)) for name, value in params]


@fault("strips backslashes in a filter behind its signer", *ON_THE_WAY, "request.create.biz_data")
class SlashesStrippedOnTheWay(ChangesOnTheWay):
    def changed(self, value):
        return re.sub(r"\\(.)", r"\1", value, flags=re.S)


@fault("cuts a value at its first #, as an address ends there", *ON_THE_WAY, "request.create.biz_data")
class CutAtHash(ChangesOnTheWay):
    def changed(self, value):
        return value.partition("#")[0]


@fault("cuts a value at its first semicolon", *ON_THE_WAY, "request.create.biz_data")
class CutAtSemicolon(ChangesOnTheWay):
    def changed(self, value):
        return value.partition(";")[0]


@fault("makes one line of several behind its signer", "request.sign.valid")
class OneLineOnTheWay(ChangesOnTheWay):
    def changed(self, value):
        return re.sub(r"\s*\r?\n\s*", " ", value)


@fault("drops characters beyond sixteen bits behind its signer, as its database does", *ON_THE_WAY)
class SixteenBitsOnTheWay(ChangesOnTheWay):
    def changed(self, value):
        return "".join(each for each in value if ord(each) < 0x10000)


@fault("composes accents behind its signer", *ON_THE_WAY)
class ComposedOnTheWay(ChangesOnTheWay):
    def changed(self, value):
        return unicodedata.normalize("NFC", value)


@fault("takes tags out of values behind its signer", *ON_THE_WAY)
class TagsStrippedOnTheWay(ChangesOnTheWay):
    def changed(self, value):
        return re.sub(r"<[a-z/][^>]*>", "", value)


@fault("fills in ${...} behind its signer, from a template that knows no such name", *ON_THE_WAY)
class TemplateOnTheWay(ChangesOnTheWay):
    def changed(self, value):
        return re.sub(r"\$\{?\w+\}?", "", value)


@fault("escapes a bare & for HTML behind its signer", *ON_THE_WAY)
class AmpersandEscapedOnTheWay(ChangesOnTheWay):
    def changed(self, value):
        return value.replace("&", "&amp;")


@fault("decodes percent codes of a value behind its signer", *ON_THE_WAY)
class PercentDecodedOnTheWay(ChangesOnTheWay):
    def changed(self, value):
        return value if value.startswith("http") else unquote(value, errors="strict") if "%" in value else value


@fault("sends an ASCII hyphen for each dash that it signed", *ON_THE_WAY)
class DashesOnTheWay(ChangesOnTheWay):
    def changed(self, value):
        return re.sub("[\u2010-\u2015]", "-", value)


@fault("drops a refund reason that is the word none", *ON_THE_WAY)
class NoneDroppedOnTheWay(Healthy):
    def params_to_send(self, params):
        return [(name, value) for name, value in params if value.lower() not in ("none", "null", "nil")]
