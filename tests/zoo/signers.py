"""Animals that go wrong between the parameters and the sign."""

import base64
import html
import json
import re
import unicodedata
from urllib.parse import quote, unquote


from zoo.keeper import Healthy, Refused, animal, cousin

# What follows when text and sign are made wrongly in one place that everything uses.
EVERYWHERE = ("request.sign.valid", "verify.genuine", "notify.genuine", "response.genuine")


# --- charset --------------------------------------------------------------------------------------------


@animal(
    "signs the text in UTF-8, whatever _input_charset says",
    "sign.charset", "sign.charset.unencodable", *EVERYWHERE,
)
class AlwaysUtf8(Healthy):
    def bytes_to_sign(self, params, charset):
        return self.text(params).encode("utf-8")


@animal(
    "signs the text in GBK, whatever _input_charset says",
    "sign.charset", "sign.charset.unencodable", "request.sign.valid", "verify.genuine", "notify.genuine",
    "verify.reject.changed",  # what GBK lacks becomes a question mark, in what it verifies too
)
class AlwaysGbk(Healthy):
    def bytes_to_sign(self, params, charset):
        return self.text(params).encode("gbk", "replace")


@animal(
    "signs a question mark for each character that the charset lacks",
    "sign.charset.unencodable",
    "verify.reject.changed",  # a question mark that Alipay signed stands for any such character
)
class QuestionMarks(Healthy):
    def encode(self, text, charset):
        return text.encode(charset, "replace")


@animal("takes GBK for GB2312, because it holds more", "sign.charset.unencodable")
class GbkForGb2312(Healthy):
    def encode(self, text, charset):
        return super().encode(text, "GBK" if charset == "GB2312" else charset)


# --- which parameters -----------------------------------------------------------------------------------


@animal("signs sign_type too", "sign.exclude", *EVERYWHERE)
class SignTypeSigned(Healthy):
    def is_signed(self, name, value):
        return name != "sign" and not self.is_empty(value)

    def params_to_sign(self, params):
        return [*params, ("sign_type", self.settings["sign_type"])]


@animal("signs empty values", "sign.empty", "verify.genuine", "notify.genuine", "response.genuine")
class EmptiesSigned(Healthy):
    def is_empty(self, value):
        return value is None


@animal("signs a parameter without a value as the text null", "sign.null")
class NullAsText(Healthy):
    def is_empty(self, value):
        return value == ""

    def value(self, value):
        return "null" if value is None else value


@animal("signs a parameter without a value as name= with nothing behind it", "sign.null")
class NullAsNothing(Healthy):
    def is_empty(self, value):
        return value == ""

    def value(self, value):
        return value or ""


@animal(
    'takes the text "0" for no value when it makes the signed text',
    "sign.value.falsy", "verify.genuine", "notify.genuine",
)
class ZeroIsEmpty(Healthy):
    def is_empty(self, value):
        return value in (None, "", "0")


@animal('leaves out values that read "null" or "undefined"', "sign.value.falsy", "verify.genuine")
class NullTextIsEmpty(Healthy):
    def is_empty(self, value):
        return value in (None, "", "null", "undefined")


@animal("leaves out values that are nothing but blanks", "sign.value.whitespace")
class BlankIsEmpty(Healthy):
    def is_empty(self, value):
        return value is None or not value.strip()


@animal("signs no parameter whose name begins with sign", "sign.every-parameter", "verify.genuine")
class SignPrefixDropped(Healthy):
    def is_signed(self, name, value):
        return not name.lower().startswith("sign") and not self.is_empty(value)


@animal(
    "signs only the parameters that it knows by name",
    "sign.every-parameter", "verify.genuine", "notify.genuine", "response.genuine",
)
class KnownNamesOnly(Healthy):
    def is_signed(self, name, value):
        return not re.match(r"x_|zzz|Sign$|sign_$|signature$|s$|q$|id$|key$|p\d\d\d$", name) and super().is_signed(name, value)


# --- values ---------------------------------------------------------------------------------------------


@animal(
    "trims values when it signs, not when it sends",
    "sign.any-message", "sign.value.whitespace", "verify.genuine", "notify.genuine", "request.sign.valid",
)
class Trimmer(Healthy):
    def value(self, value):
        return value.strip(" \t\r\n")


@animal("signs line ends of Windows as plain ones", "sign.value.whitespace", "notify.genuine", "verify.genuine")
class NewlineNormaliser(Healthy):
    def value(self, value):
        return value.replace("\r\n", "\n")


@animal("makes one blank of several", "sign.value.whitespace", "verify.genuine", "notify.genuine")
class BlankCollapser(Healthy):
    def value(self, value):
        return re.sub("  +", " ", value)


@animal("URL-encodes values before it signs them", "sign.value.raw", *EVERYWHERE)
class UrlEncodedBeforeSigning(Healthy):
    def value(self, value):
        return quote(value, safe="", encoding="utf-8")


@animal(
    "URL-decodes values once more before it signs them",
    "sign.value.raw", "request.sign.valid", "verify.genuine", "notify.genuine", "response.genuine",
)
class DecodedTwice(Healthy):
    def value(self, value):
        return unquote(value)


@animal("escapes values for HTML before it signs them", "sign.value.raw", *EVERYWHERE)
class HtmlEscaper(Healthy):
    def value(self, value):
        return html.escape(value)


@animal(
    "takes backslashes out of values before it signs them",
    "sign.value.raw", "request.sign.valid", "notify.genuine", "response.genuine", "verify.genuine",
)
class StripSlashes(Healthy):
    def value(self, value):
        return re.sub(r"\\(.)", r"\1", value)


@animal(
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


@animal("normalises Unicode before it signs", "sign.value.verbatim", "notify.genuine", "verify.genuine")
class NfcNormaliser(Healthy):
    def value(self, value):
        return unicodedata.normalize("NFC", value)


@animal("signs plain numbers without zeros at their ends", "sign.value.verbatim", *EVERYWHERE)
class ShortNumbers(Healthy):
    def value(self, value):
        return re.sub(r"^([1-9]\d*\.\d*?|0\.\d*?[1-9])0+$", lambda found: found[1].rstrip("."), value)


@animal("signs no more than 1000 characters of a value", "sign.every-parameter")
class ValueCut(Healthy):
    def value(self, value):
        return value[:1000]


# --- order and joining ----------------------------------------------------------------------------------


@animal("sorts names without regard to case", "sign.order", "verify.genuine", "notify.genuine", "response.genuine")
class CaseInsensitiveOrder(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: pair[0].lower())


@animal(
    "sorts names as a dictionary does, without regard to underscores",
    "sign.order", "request.sign.valid", "verify.genuine", "notify.genuine", "response.genuine",
)
class DictionaryOrder(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: (pair[0].replace("_", "").lower(), pair[0]))


@animal("sorts numbers in names by their value", "sign.order")
class NumericOrder(Healthy):
    def order(self, pairs):
        def key(pair):
            return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", pair[0])]

        return sorted(pairs, key=key)


@animal("puts _input_charset first by force", "sign.order")
class InputCharsetFirst(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: (pair[0] != "_input_charset", pair[0]))


@animal("does not sort at all", "sign.order", *EVERYWHERE)
class Unsorted(Healthy):
    def order(self, pairs):
        return pairs


@animal("sorts the joined pairs instead of the names", "sign.order")
class PairsSorted(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: f"{pair[0]}={pair[1]}")


@animal("leaves an & behind the last pair", "sign.join", *EVERYWHERE)
class TrailingAmpersand(Healthy):
    def join(self, pairs):
        return "".join(f"{pair}&" for pair in pairs)


@animal("writes a blank behind each &", "sign.join", *EVERYWHERE)
class BlankBehindAmpersand(Healthy):
    def join(self, pairs):
        return "& ".join(pairs)


@animal("puts values in quotes", "sign.join", *EVERYWHERE)
class QuotedValues(Healthy):
    def pair(self, name, value):
        return f'{name}="{value}"'


@animal("appends the MD5 key with an &", "sign.join", *EVERYWHERE)
class KeyBehindAmpersand(Healthy):
    def with_key(self, data):
        return data + b"&" + self.settings["md5_key"].encode()


# --- digest, key, form ----------------------------------------------------------------------------------


@animal("puts the MD5 key before the text", "sign.md5.digest", *EVERYWHERE)
class KeyFirst(Healthy):
    def with_key(self, data):
        return self.settings["md5_key"].encode() + data


@animal("writes MD5 in capital letters", "sign.md5.digest", "request.sign.valid")
class UpperCaseHex(Healthy):
    def hex_form(self, digest):
        return digest.upper()


@animal("signs the newline that its key file ends in", "sign.md5.key-whitespace")
class KeyWithNewline(Healthy):
    def load_md5_key(self, text):
        return text


@animal("breaks base64 into lines", "sign.rsa.digest", "sign.rsa2.digest", "request.sign.valid")
class Base64Lines(Healthy):
    def base64_form(self, raw):
        return base64.encodebytes(raw).decode()


@animal("writes base64 in the alphabet for URLs", "sign.rsa.digest", "sign.rsa2.digest", "request.sign.valid")
class UrlSafeBase64(Healthy):
    def base64_form(self, raw):
        return base64.urlsafe_b64encode(raw).decode()


@animal("writes RSA signs in hex", "sign.rsa.digest", "sign.rsa2.digest", "request.sign.valid")
class RsaInHex(Healthy):
    def base64_form(self, raw):
        return raw.hex()


@animal("signs with SHA-256 under the name RSA", "sign.rsa.digest", "request.sign.valid")
class Sha256AsRsa(Healthy):
    def rsa(self, data, sign_type):
        return super().rsa(data, "RSA2")


@animal("signs with SHA-1 under the name RSA2", "sign.rsa2.digest", "request.sign.valid")
class Sha1AsRsa2(Healthy):
    def rsa(self, data, sign_type):
        return super().rsa(data, "RSA")


@animal("lists RSA2 and signs nothing with it", "sign.rsa2.digest", "request.sign.valid")
class EmptyRsa2(Healthy):
    def make_sign(self, params, charset, sign_type):
        return "" if sign_type == "RSA2" else super().make_sign(params, charset, sign_type)


@animal(
    "cannot load its private key, and sends the text null as sign",
    "sign.rsa.digest", "sign.rsa2.digest", "request.sign.valid",
)
class NullSignWithoutKey(Healthy):
    def rsa(self, data, sign_type):
        return b""

    def base64_form(self, raw):
        return base64.b64encode(raw).decode() or "null"


@animal("answers an unknown sign type with an empty sign", "sign.type.no-silent-sign")
class EmptySignForUnknownType(Healthy):
    def unknown_type(self, data, sign_type):
        return ""


@animal("signs with MD5 whatever sign type it does not know", "sign.type.no-silent-sign")
class Md5ForUnknownType(Healthy):
    def unknown_type(self, data, sign_type):
        return self.md5(data)


@animal("prints its MD5 key where it complains about a sign type", "sign.key.not-told")
class TellsItsKey(Healthy):
    def unknown_type(self, data, sign_type):
        raise Refused(f"{sign_type} is no sign type for {data.decode()}{self.settings['md5_key']}")


@animal(
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


# --- cousins: right in another way ----------------------------------------------------------------------


@cousin("takes sign types in any case and signs rightly")
class AnyCaseSignType(Healthy):
    def make_sign(self, params, charset, sign_type):
        return super().make_sign(params, charset, sign_type.upper())


@cousin("shows the pre-sign text as text")
class PresignAsText(Healthy):
    def presign(self, params, charset):
        self.bytes_to_sign(params, charset)
        return {"text": self.text(params)}


@cousin("has neither presign nor verify")
class NoPresign(Healthy):
    operations = [op for op in Healthy.operations if op not in ("presign", "verify")]


@cousin("speaks MD5 and UTF-8 alone")
class Md5Only(Healthy):
    sign_types = ("MD5",)
    charsets = ("UTF-8",)
