"""Merchants that break `sign.*`, and harmless variants of signing."""

import base64
import re

from faulty.merchants.common import EVERYWHERE
from faulty.reference import Healthy, Refused, Unsupported, fault, harmless


@fault(
    "signs the text in UTF-8, whatever _input_charset says",
    "sign.charset", "sign.charset.unencodable", *EVERYWHERE,
)
class AlwaysUtf8(Healthy):
    def bytes_to_sign(self, params, charset):
        return self.text(params).encode("utf-8")


@fault(
    "signs the text in GBK, whatever _input_charset says",
    "sign.charset", "sign.charset.unencodable", "request.sign.valid", "verify.genuine", "notify.genuine",
    "verify.reject.changed",  # what GBK lacks becomes a question mark, in what it verifies too
)
class AlwaysGbk(Healthy):
    def bytes_to_sign(self, params, charset):
        return self.text(params).encode("gbk", "replace")


@fault(
    "signs a question mark for each character that the charset lacks",
    "sign.charset.unencodable",
    "verify.reject.changed",  # a question mark that Alipay signed stands for any such character
)
class QuestionMarks(Healthy):
    def encode(self, text, charset):
        return text.encode(charset, "replace")


@fault("takes GBK for GB2312, because it holds more", "sign.charset.unencodable")
class GbkForGb2312(Healthy):
    def encode(self, text, charset):
        return super().encode(text, "GBK" if charset == "GB2312" else charset)


@fault("signs sign_type too", "sign.exclude", *EVERYWHERE)
class SignTypeSigned(Healthy):
    def is_signed(self, name, value):
        return name != "sign" and not self.is_empty(value)

    def params_to_sign(self, params):
        return [*params, ("sign_type", self.settings["sign_type"])]


@fault("signs empty values", "sign.empty", "verify.genuine", "notify.genuine", "response.genuine")
class EmptiesSigned(Healthy):
    def is_empty(self, value):
        return value is None


@fault("signs a parameter without a value as the text null", "sign.null")
class NullAsText(Healthy):
    def is_empty(self, value):
        return value == ""

    def value(self, value):
        return "null" if value is None else value


@fault("signs a parameter without a value as name= with nothing behind it", "sign.null")
class NullAsNothing(Healthy):
    def is_empty(self, value):
        return value == ""

    def value(self, value):
        return value or ""


class WalksTheParameters(Healthy):
    """Makes the signed text in a loop over the sorted parameters."""

    def at_nothing(self, pairs, place):
        raise NotImplementedError

    def text(self, params):
        pairs = self.order([pair for pair in params if pair[0] not in ("sign", "sign_type")])
        for place, (_, value) in enumerate(pairs):
            if value is None:
                pairs = self.at_nothing(pairs, place)
                break
        return super().text(pairs)


@fault("drops a parameter that is null, and with it all that come behind it: break for continue", "sign.null")
class BreaksAtNull(WalksTheParameters):
    def at_nothing(self, pairs, place):
        return pairs[:place]


@harmless("drops parameters that are null before it signs, and goes on behind them")
class ContinuesAtNull(WalksTheParameters):
    def at_nothing(self, pairs, place):
        return [pair for pair in pairs if pair[1] is not None]


@fault("signs no parameter whose name begins with sign", "sign.every-parameter", "verify.genuine")
class SignPrefixDropped(Healthy):
    def is_signed(self, name, value):
        return not name.lower().startswith("sign") and not self.is_empty(value)


@fault(
    "signs only the parameters that it knows by name",
    "sign.every-parameter", "verify.genuine", "notify.genuine", "response.genuine",
)
class KnownNamesOnly(Healthy):
    def is_signed(self, name, value):
        return not re.match(r"x_|zzz|Sign$|sign_$|signature$|s$|q$|id$|key$|p\d\d\d$", name) and super().is_signed(name, value)


@fault(
    "trims values when it signs, not when it sends",
    "sign.any-message", "sign.value.whitespace", "verify.genuine", "notify.genuine", "request.sign.valid",
)
class Trimmer(Healthy):
    def value(self, value):
        return value.strip(" \t\r\n")


@fault("signs no more than 1000 characters of a value", "sign.every-parameter")
class ValueCut(Healthy):
    def value(self, value):
        return value[:1000]


@fault("sorts names without regard to case", "sign.order", "verify.genuine", "notify.genuine", "response.genuine")
class CaseInsensitiveOrder(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: pair[0].lower())


@fault(
    "sorts names as a dictionary does, without regard to underscores",
    "sign.order", "request.sign.valid", "verify.genuine", "notify.genuine", "response.genuine",
)
class DictionaryOrder(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: (pair[0].replace("_", "").lower(), pair[0]))


@fault("sorts numbers in names by their value", "sign.order")
class NumericOrder(Healthy):
    def order(self, pairs):
        def key(pair):
            return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", pair[0])]

        return sorted(pairs, key=key)


@fault("puts _input_charset first by force", "sign.order")
class InputCharsetFirst(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: (pair[0] != "_input_charset", pair[0]))


# Alipay's answers come in alphabetical order: who does not sort verifies them all the same.
@fault("does not sort at all", "sign.order", "request.sign.valid", "verify.genuine", "notify.genuine")
class Unsorted(Healthy):
    def order(self, pairs):
        return pairs


@fault("sorts the joined pairs instead of the names", "sign.order")
class PairsSorted(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: f"{pair[0]}={pair[1]}")


@fault("leaves an & behind the last pair", "sign.join", *EVERYWHERE)
class TrailingAmpersand(Healthy):
    def join(self, pairs):
        return "".join(f"{pair}&" for pair in pairs)


@fault("writes a blank behind each &", "sign.join", *EVERYWHERE)
class BlankBehindAmpersand(Healthy):
    def join(self, pairs):
        return "& ".join(pairs)


@fault("puts values in quotes", "sign.join", *EVERYWHERE)
class QuotedValues(Healthy):
    def pair(self, name, value):
        return f'{name}="{value}"'


@fault("appends the MD5 key with an &", "sign.join", *EVERYWHERE)
class KeyBehindAmpersand(Healthy):
    def with_key(self, data):
        return data + b"&" + self.settings["md5_key"].encode()


@fault("puts the MD5 key before the text", "sign.md5.digest", *EVERYWHERE)
class KeyFirst(Healthy):
    def with_key(self, data):
        return self.settings["md5_key"].encode() + data


@fault("writes MD5 in capital letters", "sign.md5.digest", "request.sign.valid")
class UpperCaseHex(Healthy):
    def hex_form(self, digest):
        return digest.upper()


@fault("signs the newline that its key file ends in", "sign.md5.key-whitespace")
class KeyWithNewline(Healthy):
    def load_md5_key(self, text):
        return text


@fault("breaks base64 into lines", "sign.rsa.digest", "sign.rsa2.digest", "request.sign.valid")
class Base64Lines(Healthy):
    def base64_form(self, raw):
        return base64.encodebytes(raw).decode()


@fault("writes base64 in the alphabet for URLs", "sign.rsa.digest", "sign.rsa2.digest", "request.sign.valid")
class UrlSafeBase64(Healthy):
    def base64_form(self, raw):
        return base64.urlsafe_b64encode(raw).decode()


@fault("writes RSA signs in hex", "sign.rsa.digest", "sign.rsa2.digest", "request.sign.valid")
class RsaInHex(Healthy):
    def base64_form(self, raw):
        return raw.hex()


@fault("signs with SHA-256 under the name RSA", "sign.rsa.digest", "request.sign.valid")
class Sha256AsRsa(Healthy):
    def rsa(self, data, sign_type):
        return super().rsa(data, "RSA2")


@fault("signs with SHA-1 under the name RSA2", "sign.rsa2.digest", "request.sign.valid")
class Sha1AsRsa2(Healthy):
    def rsa(self, data, sign_type):
        return super().rsa(data, "RSA")


@fault("lists RSA2 and signs nothing with it", "sign.rsa2.digest", "request.sign.valid")
class EmptyRsa2(Healthy):
    def make_sign(self, params, charset, sign_type):
        return "" if sign_type == "RSA2" else super().make_sign(params, charset, sign_type)


@fault(
    "cannot load its private key, and sends the text null as sign",
    "sign.rsa.digest", "sign.rsa2.digest", "request.sign.valid",
)
class NullSignWithoutKey(Healthy):
    def rsa(self, data, sign_type):
        return b""

    def base64_form(self, raw):
        return base64.b64encode(raw).decode() or "null"


@fault("answers an unknown sign type with an empty sign", "sign.type.no-silent-sign")
class EmptySignForUnknownType(Healthy):
    def unknown_type(self, data, sign_type):
        return ""


@fault("signs with MD5 whatever sign type it does not know", "sign.type.no-silent-sign")
class Md5ForUnknownType(Healthy):
    def unknown_type(self, data, sign_type):
        return self.md5(data)


@fault("prints its MD5 key where it complains about a sign type", "sign.key.not-told")
class TellsItsKey(Healthy):
    def unknown_type(self, data, sign_type):
        raise Refused(f"{sign_type} is no sign type for {data.decode()}{self.settings['md5_key']}")


@harmless("takes sign types in any case and signs rightly")
class AnyCaseSignType(Healthy):
    def make_sign(self, params, charset, sign_type):
        return super().make_sign(params, charset, sign_type.upper())


@harmless("shows the pre-sign text as text")
class PresignAsText(Healthy):
    def presign(self, params, charset):
        self.bytes_to_sign(params, charset)
        return {"text": self.text(params)}


@harmless("has neither presign nor verify")
class NoPresign(Healthy):
    operations = [op for op in Healthy.operations if op not in ("presign", "verify")]


@harmless("speaks MD5 and UTF-8 alone")
class Md5Only(Healthy):
    sign_types = ("MD5",)
    charsets = ("UTF-8",)


# Level 1, MUST: the names decide the order, and nothing behind them: `a1` comes after `a`.
@fault("sorts the finished name=value texts, so that `=` takes part in the order", "sign.order", found_by="blind 1")
class SortsPairs(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: f"{pair[0]}={pair[1]}".encode())


# Level 1, MUST: the sign is standard base64.
@fault(
    "writes its RSA sign in the URL-safe alphabet",
    "sign.rsa.digest",
    "sign.rsa2.digest",
    "request.sign.valid",
    found_by="blind 1",
)
class UrlAlphabet(Healthy):
    def base64_form(self, raw):
        return base64.urlsafe_b64encode(raw).decode()


# Level 1, MUST: the bytes are those of the charset; a character beyond U+FFFF has four of them in UTF-8.
@fault(
    "encodes characters beyond U+FFFF as two surrogates of three bytes each (CESU-8)",
    "sign.charset",
    "verify.genuine",
    "notify.genuine",
    found_by="blind 1",
)
class Cesu8(Healthy):
    def encode(self, text, charset):
        if charset.upper() != "UTF-8":
            return super().encode(text, charset)
        units = text.encode("utf-16-be")
        halves = (chr(int.from_bytes(units[at : at + 2], "big")) for at in range(0, len(units), 2))
        return b"".join(half.encode("utf-8", "surrogatepass") for half in halves)


# Level 1, MUST: the whole text is signed, however long.
@fault("signs through a buffer of 2048 bytes and forgets what does not fit", "sign.every-parameter", found_by="blind 1")
class FixedBuffer(Healthy):
    def bytes_to_sign(self, params, charset):
        return super().bytes_to_sign(params, charset)[:2048]


# Level 1, MUST: values are signed as they are; composed and decomposed letters are different bytes.
@fault(
    "normalises values to Unicode's compatibility form before it signs them",
    "sign.charset",  # it declines what the charset holds, and the normal form not
    "sign.value.verbatim",
    "verify.genuine",
    "notify.genuine",
    found_by="blind 1",
)
class Normalises(Healthy):
    def value(self, value):
        import unicodedata

        return value if value is None else unicodedata.normalize("NFKC", value)


# Level 2, MUST: a secret stays where it is: no answer to the other side and no message holds it.
@fault("quotes its MD5 key when it explains why it refuses a text", "sign.key.not-told", found_by="blind 1")
class QuotesItsKey(Healthy):
    def encode(self, text, charset):
        try:
            return text.encode(charset)
        except UnicodeEncodeError:
            raise Refused(f"cannot encode {text}{self.settings['md5_key']} in {charset}") from None


@fault("sorts names as numbers where they are numbers", "sign.order")
class NumbersFirst(Healthy):
    def order(self, pairs):
        return sorted(pairs, key=lambda pair: (not pair[0].isdecimal(), int(pair[0]) if pair[0].isdecimal() else 0, pair[0].encode()))


@fault("answers nothing to sign but a name for the sign type that it cannot do", "sign.type.no-silent-sign")
class TypeForASign(Healthy):
    def unknown_type(self, data, sign_type):
        return sign_type


@harmless("declines to sign for DSA, and verifies as ever")
class DeclinesDsa(Healthy):
    def sign(self, params, charset, sign_type):
        if sign_type not in self.sign_types:
            raise Unsupported(f"{sign_type} is not listed")
        return super().sign(params, charset, sign_type)
