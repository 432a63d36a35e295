"""Merchants that break `sign.value.*`: they sign another value than the one they send."""

import html
import json
import re
import unicodedata
from urllib.parse import quote, unquote

from faulty.merchants.common import EVERYWHERE
from faulty.reference import Healthy, fault


@fault(
    'takes the text "0" for no value when it makes the signed text',
    "sign.value.falsy", "verify.genuine", "notify.genuine",
)
class ZeroIsEmpty(Healthy):
    def is_empty(self, value):
        return value in (None, "", "0")


@fault('leaves out values that read "null" or "undefined"', "sign.value.falsy", "verify.genuine")
class NullTextIsEmpty(Healthy):
    def is_empty(self, value):
        return value in (None, "", "null", "undefined")


@fault("leaves out values that are nothing but blanks", "sign.value.whitespace")
class BlankIsEmpty(Healthy):
    def is_empty(self, value):
        return value is None or not value.strip()


@fault("signs line ends of Windows as plain ones", "sign.value.whitespace", "notify.genuine", "verify.genuine")
class NewlineNormaliser(Healthy):
    def value(self, value):
        return value.replace("\r\n", "\n")


@fault("makes one blank of several", "sign.value.whitespace", "verify.genuine", "notify.genuine")
class BlankCollapser(Healthy):
    def value(self, value):
        return re.sub("  +", " ", value)


@fault("URL-encodes values before it signs them", "sign.value.raw", *EVERYWHERE)
class UrlEncodedBeforeSigning(Healthy):
    def value(self, value):
        return quote(value, safe="", encoding="utf-8")


@fault(
    "URL-decodes values once more before it signs them",
    "sign.value.raw", "request.sign.valid", "verify.genuine", "notify.genuine", "response.genuine",
)
class DecodedTwice(Healthy):
    def value(self, value):
        return unquote(value)


@fault("escapes values for HTML before it signs them", "sign.value.raw", *EVERYWHERE)
class HtmlEscaper(Healthy):
    def value(self, value):
        return html.escape(value)


@fault(
    "takes backslashes out of values before it signs them",
    "sign.value.raw", "request.sign.valid", "notify.genuine", "response.genuine", "verify.genuine",
)
class StripSlashes(Healthy):
    def value(self, value):
        return re.sub(r"\\(.)", r"\1", value)


@fault(
    "parses JSON values and signs them written afresh",
    "sign.value.verbatim", "verify.genuine", "notify.genuine",
)
class JsonRewriter(Healthy):
    def value(self, value):
        if not value.startswith("{"):
            return value
        try:
            return self.json(json.loads(value))
        except ValueError:
            return value

    def json(self, data):
        return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


@fault("normalises Unicode before it signs", "sign.value.verbatim", "notify.genuine", "verify.genuine")
class NfcNormaliser(Healthy):
    def value(self, value):
        return unicodedata.normalize("NFC", value)


@fault("signs plain numbers without zeros at their ends", "sign.value.verbatim", *EVERYWHERE)
class ShortNumbers(Healthy):
    def value(self, value):
        return re.sub(r"^([1-9]\d*\.\d*?|0\.\d*?[1-9])0+$", lambda found: found[1].rstrip("."), value)


@fault(
    "signs a text with a percent sign differently the first time",
    "sign.value.raw", "request.sign.valid",
)
class Unstable(Healthy):
    def make_sign(self, params, charset, sign_type):
        data = self.bytes_to_sign(params, charset)
        known = self.__dict__.setdefault("known", set())
        if b"%" in data and (data, sign_type) not in known:
            known.add((data, sign_type))
            params = [(name, (value or "").replace("%", "%25")) for name, value in params]
        return super().make_sign(params, charset, sign_type)


# Level 1, MUST: every value that is not empty is signed.
@fault("leaves out values that begin with @, as an old PHP kit does for uploads", "sign.value.raw", found_by="blind 1")
class SkipsAtSign(Healthy):
    def is_signed(self, name, value):
        return super().is_signed(name, value) and not value.startswith("@")
