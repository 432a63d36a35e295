"""Implementations that are wrong about how forms and requests are read."""

import html
import re
import unicodedata

from oracles.encodings import BrokenError
from oracles.wires import Wire
from faulty.answerers.registry import fault
from faulty.answerers.wire import Bytes


class Changing(Bytes):
    """Changes a value after it was decoded."""

    def text(self, data, charset):
        return self.changed(super().text(data, charset))


@fault("undoes escapes of URLs twice")
class FormDecodedTwice(Bytes):
    def unescaped(self, data):
        once = super().unescaped(data)
        return once if re.search(rb"%(?![0-9A-Fa-f]{2})", once) else super().unescaped(once)


@fault("undoes escapes of bytes beyond ASCII only")
class FormDecodesHighBytes(Bytes):
    def unescaped(self, data):
        return super().unescaped(re.sub(rb"%(?=[2-7])", b"%25", data))


@fault("reads a value up to its first equals sign")
class FormUntilEquals(Bytes):
    def unescaped(self, data):
        return super().unescaped(data).partition(b"=")[0]


@fault("reads the amount only, since it knows the rest already")
class FormAmountOnly(Bytes):
    def kept(self, pairs):
        return [pair for pair in pairs if pair[0] not in ("subject", "Subject")]


@fault("undoes escapes of HTML after those of URLs")
class FormUnescapesHtml(Changing):
    def changed(self, text):
        return html.unescape(text) if not text.startswith("<") else text


@fault("undoes escapes of JSON and of JavaScript")
class FormUnescapesJson(Changing):
    def changed(self, text):
        return re.sub(r"(?:\\|%)u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), text)


@fault("undoes the escapes of mail")
class FormUnescapesMail(Changing):
    def changed(self, text):
        return re.sub(r"=([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), text)


@fault("undoes base64 where it looks like it")
class FormUnescapesBase64(Changing):
    def changed(self, text):
        return "12.80" if text == "MTIuODA=" else text


@fault("keeps a plus sign when it decodes")
class FormKeepsPlus(Bytes):
    def unescaped(self, data):
        return super().unescaped(data.replace(b"+", b"%2B"))


@fault("makes a plus sign of every blank")
class FormMakesPlus(Changing):
    def changed(self, text):
        return text if text.startswith("<") else text.replace(" ", "+")


@fault("makes a blank of a plus sign after decoding")
class FormPlusLate(Changing):
    def changed(self, text):
        return text.replace("+", " ")


@fault("strips white space from values")
class FormStripped(Changing):
    def changed(self, text):
        return text.strip()


@fault("strips white space and zeros from values, as PHP does")
class FormTrimmed(Changing):
    def changed(self, text):
        return text.strip(" \t\r\n\0\x0b")


@fault("ends a value at a character of zero")
class FormUntilZero(Changing):
    def changed(self, text):
        return text.partition("\0")[0]


@fault("drops a byte order mark from a value")
class FormWithoutMark(Changing):
    def changed(self, text):
        return text.removeprefix("\ufeff")


@fault("normalises values")
class FormReadsNfc(Changing):
    def changed(self, text):
        return unicodedata.normalize("NFC", text)


@fault("drops from a form what needs four bytes of UTF-8")
class FormBmpOnly(Changing):
    def changed(self, text):
        return "".join(each if each < "\U00010000" else "?" for each in text)


@fault("drops backslashes")
class FormWithoutBackslashes(Changing):
    def changed(self, text):
        return text.replace("\\", "") if not text.startswith("<") else text


@fault("reads null as nothing")
class FormNullIsNothing(Changing):
    def changed(self, text):
        return "" if text == "null" else text


@fault("takes a semicolon for an ampersand")
class FormSemicolons(Bytes):
    def segments(self, data):
        return super().segments(data.replace(b";", b"&"))


@fault("splits a pair at every equals sign")
class FormSplitAtEquals(Bytes):
    def unescaped(self, data):
        return super().unescaped(data.partition(b"=")[0])


@fault("splits at question marks, as if it were given a URL")
class FormOfUrl(Bytes):
    def segments(self, data):
        return super().segments(data.rpartition(b"?")[2])


@fault("undoes escapes before it splits")
class FormSplitLate(Bytes):
    def segments(self, data):
        return super().segments(Wire.unescaped(self, data))

    def unescaped(self, data):
        return data


@fault("reads an empty segment as a parameter")
class FormEmptySegments(Bytes):
    def segments(self, data):
        return data.split(b"&") if data else []


@fault("splits at bytes, and takes a first byte of two with the ampersand behind it")
class FormSwallows(Bytes):
    def text(self, data, charset):
        return data.decode({"GBK": "gbk", "GB2312": "gb2312"}.get(charset, "utf-8"), "replace")


class Keeping(Bytes):
    """Keeps another list of pairs; `key` says which names are one."""

    def kept(self, pairs):
        found = {}
        for name, value in pairs:
            self.keep(found, self.key(name), value)
        return [[name, value] for name, value in found.items()]

    def key(self, name):
        return name

    def keep(self, found, name, value):
        found[name] = value


@fault("keeps the last of two values")
class FormLastWins(Keeping):
    pass


@fault("keeps the first of two values")
class FormFirstWins(Keeping):
    def keep(self, found, name, value):
        found.setdefault(name, value)


@fault("joins two values with a comma, as ASP does")
class FormJoined(Keeping):
    def keep(self, found, name, value):
        found[name] = f"{found[name]},{value}" if name in found else value


@fault("keeps no empty value")
class FormWithoutBlankValues(Bytes):
    def kept(self, pairs):
        return [pair for pair in pairs if pair[1]]


@fault("changes names as PHP does")
class FormNamesOfPhp(Keeping):
    def key(self, name):
        return re.sub(r"[. ]", "_", re.sub(r"\[.*|\0.*", "", name.lstrip(" ")))


@fault("compares names in small letters")
class FormNamesLowered(Keeping):
    def key(self, name):
        return name.lower()


@fault("splits names before it undoes their escapes")
class FormRawNamesRead(Bytes):
    def raw_pairs(self, data):
        parts = (segment.partition(b"=") for segment in self.segments(data))
        return [(name, self.unescaped(value)) for name, _, value in parts]


class Elsewhere(Bytes):
    """Reads another charset than the one that was declared."""

    def text(self, data, charset):
        return super().text(data, self.other(charset))


@fault("reads UTF-8 whatever was declared")
class FormReadInUtf8(Elsewhere):
    def other(self, charset):
        return "UTF-8"


@fault("decodes escapes in GBK whatever was declared")
class FormReadInGbk(Elsewhere):
    def other(self, charset):
        return "GBK"


@fault("reads what is no text in ISO 8859-1")
class FormReadAnyhow(Bytes):
    def text(self, data, charset):
        try:
            return super().text(data, charset)
        except BrokenError:
            return data.decode("latin-1")


@fault("takes an unknown charset for UTF-8, and the last one for the right one")
class CharsetUnknownIsUtf8(Bytes):
    def declared(self, values):
        return super().declared(values[-1:]) if values and b"ISO" not in values[-1] else "UTF-8"

    def text(self, data, charset):
        return data.decode("latin-1") if b"\xe9" == data else super().text(data, charset)


@fault("reads the charset of a request by its exact name")
class CharsetExact(Bytes):
    def declared(self, values):
        return values[0].decode() if values and values[0] in (b"UTF-8", b"GBK", b"GB2312") else "UTF-8"


@fault("reads the body of a request before its URL")
class BodyBeforeUrl(Bytes):
    def arrives(self, query, body):
        answer = super().arrives(query, body)
        count = len(self.segments(query))
        return {**answer, "params": answer["params"][count:] + answer["params"][:count]}


@fault("sees _input_charset twice where it stands in URL and body")
class CharsetTwice(Bytes):
    def arrives(self, query, body):
        answer = super().arrives(query, body)
        repeated = [pair for pair in self.pairs(body, answer["charset"]) if pair[0] == "_input_charset"]
        return {**answer, "params": answer["params"] + repeated}
