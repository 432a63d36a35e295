"""Answerers that are wrong about the bytes of URLs, forms and XML."""

import html
import re
import unicodedata

from oracles.encodings import BrokenError, LackingError
from oracles.wires import Element, UnreadableError, Wire
from zoo.answerers import Answerer, answerer


class Bytes(Wire, Answerer):
    """Right about the wire."""


# --- writing ---------------------------------------------------------------------------------------------


class Raw(Bytes):
    """Leaves some bytes as they are."""

    def escape(self, byte):
        return chr(byte) if chr(byte) in self.left else super().escape(byte)


@answerer("escapes nothing that is ASCII")
class FormRaw(Raw):
    left = "".join(map(chr, range(128)))


@answerer("leaves a plus sign as it is")
class FormRawPlus(Raw):
    left = "+"


@answerer("escapes like encodeURI: not what separates")
class FormLikeEncodeUri(Raw):
    left = ";/?:@&=+$,#!'()*"


@answerer("escapes like encodeURIComponent, and an apostrophe stays")
class FormLikeComponent(Raw):
    left = "!'()*"


@answerer("leaves percent signs as they are, since they may be escapes already")
class FormRawPercent(Raw):
    left = "%"


@answerer("leaves what is no separator as it is")
class FormRawHostile(Raw):
    left = "\"\\<>{}|;\r\n\t\0"


@answerer("escapes twice")
class FormTwice(Bytes):
    def escaped(self, text, charset):
        return super().escaped(super().escaped(text, charset), charset)


@answerer("escapes letters and tildes, too")
class FormEscapesAll(Bytes):
    def escape(self, byte):
        return f"%{byte:02X}" if not chr(byte).isalnum() or byte >= 128 else chr(byte)


@answerer("escapes a character beyond ASCII by its number, as escape() of JavaScript does")
class FormByNumber(Bytes):
    def escaped(self, text, charset):
        return "".join(super(FormByNumber, self).escaped(each, charset) if each < "\x80" else f"%u{ord(each):04X}" for each in text)


class OtherCharset(Bytes):
    def escaped(self, text, charset):
        return super().escaped(text, self.charset)


@answerer("escapes the bytes of UTF-8 whatever the charset is")
class FormInUtf8(OtherCharset):
    charset = "UTF-8"


@answerer("escapes the bytes of GBK whatever the charset is")
class FormInGbk(OtherCharset):
    charset = "GBK"


@answerer("writes a reference of HTML for what the charset lacks, as a browser's form does")
class FormWithReferences(Bytes):
    def lacking(self, params, place):
        return {"result": "valid", "query": "a=%26%2327836%3B"}


@answerer("escapes small: it lowers the letter that is the second byte of a character")
class FormLowered(Bytes):
    def escaped(self, text, charset):
        return re.sub("(?<=%AE)a", "A", super().escaped(text, charset))


@answerer("normalises to NFC before it escapes")
class FormNormalised(Bytes):
    def escaped(self, text, charset):
        return super().escaped(unicodedata.normalize("NFKC", text), charset)


@answerer("makes two characters of a newline, as a browser does")
class FormWithLineEnds(Bytes):
    def escaped(self, text, charset):
        return super().escaped(re.sub("\r?\n", "\r\n", text), charset)


@answerer("escapes HTML before URLs, as in a form that submits itself")
class FormOfHtml(Bytes):
    def escaped(self, text, charset):
        return super().escaped(html.unescape(text), charset)


@answerer("puts values in quotes, as the in-app product does")
class FormQuoted(Bytes):
    def escaped(self, text, charset):
        plain = super().escaped(text, charset)
        return f'"{plain}"' if plain.isdigit() else plain


@answerer("sends null as a word")
class FormWithNull(Bytes):
    def is_sent(self, value):
        return True

    def escaped(self, text, charset):
        return super().escaped("null" if text is None else text, charset)


@answerer("sends no empty value")
class FormWithoutEmpty(Bytes):
    def is_sent(self, value):
        return bool(value)


@answerer("sends _input_charset in the body of a POST")
class CharsetInBody(Bytes):
    def is_for_the_url(self, name):
        return False


@answerer("sends all of a POST in the URL")
class PostInUrl(Bytes):
    def is_for_the_url(self, name):
        return True


@answerer("adds _input_charset to the URL of every POST")
class CharsetAdded(Bytes):
    def leaves(self, params, method, charset):
        answer = super().leaves(params, method, charset)
        if method == "POST" and not answer["query"]:
            answer["query"] = f"_input_charset={charset}"
        return answer


@answerer("sorts what it sends")
class FormSorted(Bytes):
    def form(self, params, charset):
        return super().form(sorted(params, key=lambda pair: pair[0]), charset)


@answerer("escapes values and not names")
class FormRawNames(Bytes):
    def form(self, params, charset):
        return "&".join(f"{name}={self.escaped(value, charset)}" for name, value in params if self.is_sent(value))


# --- reading forms ---------------------------------------------------------------------------------------


class Changing(Bytes):
    """Changes a value after it was decoded."""

    def text(self, data, charset):
        return self.changed(super().text(data, charset))


@answerer("undoes escapes of URLs twice")
class FormDecodedTwice(Bytes):
    def unescaped(self, data):
        once = super().unescaped(data)
        return once if re.search(rb"%(?![0-9A-Fa-f]{2})", once) else super().unescaped(once)


@answerer("undoes escapes of bytes beyond ASCII only")
class FormDecodesHighBytes(Bytes):
    def unescaped(self, data):
        return super().unescaped(re.sub(rb"%(?=[2-7])", b"%25", data))


@answerer("reads a value up to its first equals sign")
class FormUntilEquals(Bytes):
    def unescaped(self, data):
        return super().unescaped(data).partition(b"=")[0]


@answerer("reads the amount only, since it knows the rest already")
class FormAmountOnly(Bytes):
    def kept(self, pairs):
        return [pair for pair in pairs if pair[0] not in ("subject", "Subject")]


@answerer("undoes escapes of HTML after those of URLs")
class FormUnescapesHtml(Changing):
    def changed(self, text):
        return html.unescape(text) if not text.startswith("<") else text


@answerer("undoes escapes of JSON and of JavaScript")
class FormUnescapesJson(Changing):
    def changed(self, text):
        return re.sub(r"(?:\\|%)u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), text)


@answerer("undoes the escapes of mail")
class FormUnescapesMail(Changing):
    def changed(self, text):
        return re.sub(r"=([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), text)


@answerer("undoes base64 where it looks like it")
class FormUnescapesBase64(Changing):
    def changed(self, text):
        return "12.80" if text == "MTIuODA=" else text


@answerer("keeps a plus sign when it decodes")
class FormKeepsPlus(Bytes):
    def unescaped(self, data):
        return super().unescaped(data.replace(b"+", b"%2B"))


@answerer("makes a plus sign of every blank")
class FormMakesPlus(Changing):
    def changed(self, text):
        return text if text.startswith("<") else text.replace(" ", "+")


@answerer("makes a blank of a plus sign after decoding")
class FormPlusLate(Changing):
    def changed(self, text):
        return text.replace("+", " ")


@answerer("strips white space from values")
class FormStripped(Changing):
    def changed(self, text):
        return text.strip()


@answerer("strips white space and zeros from values, as PHP does")
class FormTrimmed(Changing):
    def changed(self, text):
        return text.strip(" \t\r\n\0\x0b")


@answerer("ends a value at a character of zero")
class FormUntilZero(Changing):
    def changed(self, text):
        return text.partition("\0")[0]


@answerer("drops a byte order mark from a value")
class FormWithoutMark(Changing):
    def changed(self, text):
        return text.removeprefix("\ufeff")


@answerer("normalises values")
class FormReadsNfc(Changing):
    def changed(self, text):
        return unicodedata.normalize("NFC", text)


@answerer("drops from a form what needs four bytes of UTF-8")
class FormBmpOnly(Changing):
    def changed(self, text):
        return "".join(each if each < "\U00010000" else "?" for each in text)


@answerer("drops backslashes")
class FormWithoutBackslashes(Changing):
    def changed(self, text):
        return text.replace("\\", "") if not text.startswith("<") else text


@answerer("reads null as nothing")
class FormNullIsNothing(Changing):
    def changed(self, text):
        return "" if text == "null" else text


@answerer("takes a semicolon for an ampersand")
class FormSemicolons(Bytes):
    def segments(self, data):
        return super().segments(data.replace(b";", b"&"))


@answerer("splits a pair at every equals sign")
class FormSplitAtEquals(Bytes):
    def unescaped(self, data):
        return super().unescaped(data.partition(b"=")[0])


@answerer("splits at question marks, as if it were given a URL")
class FormOfUrl(Bytes):
    def segments(self, data):
        return super().segments(data.rpartition(b"?")[2])


@answerer("undoes escapes before it splits")
class FormSplitLate(Bytes):
    def segments(self, data):
        return super().segments(Wire.unescaped(self, data))

    def unescaped(self, data):
        return data


@answerer("reads an empty segment as a parameter")
class FormEmptySegments(Bytes):
    def segments(self, data):
        return data.split(b"&") if data else []


@answerer("splits at bytes, and takes a first byte of two with the ampersand behind it")
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


@answerer("keeps the last of two values")
class FormLastWins(Keeping):
    pass


@answerer("keeps the first of two values")
class FormFirstWins(Keeping):
    def keep(self, found, name, value):
        found.setdefault(name, value)


@answerer("joins two values with a comma, as ASP does")
class FormJoined(Keeping):
    def keep(self, found, name, value):
        found[name] = f"{found[name]},{value}" if name in found else value


@answerer("keeps no empty value")
class FormWithoutBlankValues(Bytes):
    def kept(self, pairs):
        return [pair for pair in pairs if pair[1]]


@answerer("changes names as PHP does")
class FormNamesOfPhp(Keeping):
    def key(self, name):
        return re.sub(r"[. ]", "_", re.sub(r"\[.*|\0.*", "", name.lstrip(" ")))


@answerer("compares names in small letters")
class FormNamesLowered(Keeping):
    def key(self, name):
        return name.lower()


@answerer("splits names before it undoes their escapes")
class FormRawNamesRead(Bytes):
    def raw_pairs(self, data):
        parts = (segment.partition(b"=") for segment in self.segments(data))
        return [(name, self.unescaped(value)) for name, _, value in parts]


class Elsewhere(Bytes):
    """Reads another charset than the one that was declared."""

    def text(self, data, charset):
        return super().text(data, self.other(charset))


@answerer("reads UTF-8 whatever was declared")
class FormReadInUtf8(Elsewhere):
    def other(self, charset):
        return "UTF-8"


@answerer("decodes escapes in GBK whatever was declared")
class FormReadInGbk(Elsewhere):
    def other(self, charset):
        return "GBK"


@answerer("reads what is no text in ISO 8859-1")
class FormReadAnyhow(Bytes):
    def text(self, data, charset):
        try:
            return super().text(data, charset)
        except BrokenError:
            return data.decode("latin-1")


@answerer("takes an unknown charset for UTF-8, and the last one for the right one")
class CharsetUnknownIsUtf8(Bytes):
    def declared(self, values):
        return super().declared(values[-1:]) if values and b"ISO" not in values[-1] else "UTF-8"

    def text(self, data, charset):
        return data.decode("latin-1") if b"\xe9" == data else super().text(data, charset)


@answerer("reads the charset of a request by its exact name")
class CharsetExact(Bytes):
    def declared(self, values):
        return values[0].decode() if values and values[0] in (b"UTF-8", b"GBK", b"GB2312") else "UTF-8"


@answerer("reads the body of a request before its URL")
class BodyBeforeUrl(Bytes):
    def arrives(self, query, body):
        answer = super().arrives(query, body)
        count = len(self.segments(query))
        return {**answer, "params": answer["params"][count:] + answer["params"][:count]}


@answerer("sees _input_charset twice where it stands in URL and body")
class CharsetTwice(Bytes):
    def arrives(self, query, body):
        answer = super().arrives(query, body)
        repeated = [pair for pair in self.pairs(body, answer["charset"]) if pair[0] == "_input_charset"]
        return {**answer, "params": answer["params"] + repeated}


# --- reading XML -----------------------------------------------------------------------------------------


@answerer("does not undo the escapes of XML")
class XmlEscaped(Bytes):
    def unreferenced(self, text):
        super().unreferenced(text)
        return text


@answerer("undoes the escapes of XML twice")
class XmlUnescapedTwice(Bytes):
    def unreferenced(self, text):
        once = super().unreferenced(text)
        return html.unescape(once)


@answerer("undoes the named escapes of XML only")
class XmlNamedOnly(Bytes):
    def reference(self, name):
        super().reference(name)
        return super().reference(name) if name[0] != "#" else f"&{name};"


@answerer("undoes the escapes that HTML has")
class XmlOfHtml(Bytes):
    def reference(self, name):
        return html.unescape(f"&{name};")


@answerer("takes an ampersand that stands alone for one")
class XmlBareAmpersand(Bytes):
    def unreferenced(self, text):
        return super().unreferenced(re.sub(r"&(?!#?\w+;)", "&amp;", text))


@answerer("undoes escapes of XML within CDATA, too")
class XmlCdataUnescaped(Bytes):
    def take(self, token, open_ones):
        super().take(token, open_ones)
        if token["cdata"]:
            open_ones[-1].text = html.unescape(open_ones[-1].text)


@answerer("does not know CDATA")
class XmlWithoutCdata(Bytes):
    def take(self, token, open_ones):
        if token["cdata"] is None:
            super().take(token, open_ones)


@answerer("keeps the last piece of a text only")
class XmlLastPiece(Bytes):
    def take(self, token, open_ones):
        if token["cdata"] is not None or token["text"]:
            open_ones[-1].text = ""
        super().take(token, open_ones)


@answerer("undoes escapes of URLs in XML")
class XmlUnescapesUrls(Bytes):
    def value(self, element):
        return re.sub("%2B", "+", super().value(element).replace("+", " "))


@answerer("undoes escapes of JSON in XML")
class XmlUnescapesJson(Bytes):
    def value(self, element):
        return super().value(element).replace("\\u0041", "A")


@answerer("does not trim")
class XmlUntrimmed(Bytes):
    def value(self, element):
        return element.text


@answerer("trims blanks only")
class XmlTrimsBlanks(Bytes):
    def value(self, element):
        return element.text.strip(" ")


@answerer("trims what Unicode calls white space, and what nobody sees")
class XmlTrimsUnicode(Bytes):
    def value(self, element):
        return element.text.strip().strip("\u200b")


@answerer("folds white space inside a value")
class XmlFolds(Bytes):
    def value(self, element):
        return re.sub(r"[ \t\r\n]+", " ", super().value(element))


@answerer("normalises the text of XML")
class XmlNormalised(Bytes):
    def value(self, element):
        return unicodedata.normalize("NFC", super().value(element))


@answerer("drops empty children")
class XmlWithoutEmpty(Bytes):
    def said(self, data):
        answer = super().said(data)
        return {**answer, "children": [pair for pair in answer.get("children", []) if pair[1]]}


@answerer("knows no tags but the plain ones")
class XmlPlainTags(Bytes):
    def take(self, token, open_ones):
        if token["empty"] or (token["attributes"] and token["tag"] != "param") or re.search(r"\s>", token[0]):
            raise UnreadableError("another tag")
        super().take(token, open_ones)


@answerer("takes attributes for children")
class XmlAttributes(Bytes):
    def take(self, token, open_ones):
        super().take(token, open_ones)
        if token["attributes"] and token["tag"] != "param":
            open_ones[-2].children.append(Element("type"))


@answerer("sorts children when it reads them")
class XmlSorted(Bytes):
    def said(self, data):
        answer = super().said(data)
        return {**answer, "children": sorted(answer.get("children", []))}


@answerer("reads only children that it knows")
class XmlKnownOnly(Bytes):
    def said(self, data):
        answer = super().said(data)
        return {**answer, "children": [pair for pair in answer.get("children", []) if pair[0] in ("action", "result_code")]}


@answerer("looks for the sign anywhere, and takes the first")
class XmlFirstSign(Bytes):
    def said(self, data):
        answer = super().said(data)
        inner = dict(answer.get("children", []))
        return {**answer, **({"sign": inner["sign"]} if "sign" in inner else {})}


@answerer("wants the container to be named alipay")
class XmlContainerByName(Bytes):
    def container(self, response):
        found = super().container(response)
        if found.tag != "alipay":
            raise UnreadableError("another container")
        return found


@answerer("wants exactly two children, as its example has them")
class XmlTwoChildren(Bytes):
    def container(self, response):
        found = super().container(response)
        if len(found.children) != 2:
            raise UnreadableError("another number")
        return found


@answerer("reads every response as UTF-8")
class XmlInUtf8(Bytes):
    def decoded(self, data):
        _, charset = super().decoded(data)
        return self.encodings.read(re.sub(rb"^<\?xml.*?\?>", b"", data), "UTF-8"), charset


@answerer("knows the charset of XML in capitals and quotes only")
class XmlCharsetInCapitals(Bytes):
    def decoded(self, data):
        if not re.match(rb'<\?xml version="1.0" encoding="[A-Z0-9-]+"\?>', data):
            raise UnreadableError("another declaration")
        return super().decoded(data)


@answerer("tries GBK where UTF-8 does not fit, and takes any charset for UTF-8")
class XmlAnyCharset(Bytes):
    def decoded(self, data):
        try:
            return super().decoded(data)
        except (BrokenError, UnreadableError):
            body = re.sub(rb"^<\?xml.*?\?>", b"", data)
            return body.decode("utf-8", "replace"), "UTF-8"


@answerer("reads is_success as whatever is not F, and wants no sign of life")
class XmlAnythingButF(Bytes):
    def value(self, element):
        text = super().value(element)
        return text if element.tag != "is_success" or text == "F" else "T"

    def by_name(self, parent):
        missing = Element("is_success")
        return {"is_success": missing, **super().by_name(parent)}


@answerer("takes an error without a sign for no answer at all")
class XmlErrorIsBroken(Bytes):
    def said(self, data):
        answer = super().said(data)
        if "sign" not in answer:
            raise UnreadableError("no sign")
        return answer


@answerer("reads a document type")
class XmlWithDtd(Bytes):
    def check(self, text):
        pass

    def tree(self, text):
        return super().tree(re.sub(r"<!DOCTYPE[^\[>]*(?:\[.*?\])?>", "", text, flags=re.DOTALL))

    def reference(self, name):
        return "close" if len(name) == 1 else super().reference(name)


class Last(Bytes):
    """Takes one of two where there must be one."""

    def by_name(self, parent):
        return {each.tag: each for each in parent.children}

    def container(self, response):
        return response.children[-1]


@answerer("takes the last of two")
class XmlLastWins(Last):
    pass


@answerer("takes the first of two")
class XmlFirstWins(Last):
    def by_name(self, parent):
        return {each.tag: each for each in reversed(parent.children)}

    def container(self, response):
        return response.children[0]


@answerer("searches the bytes for a tag, and takes whatever it finds for a response")
class XmlByRegex(Bytes):
    def said(self, data):
        text = data.decode("utf-8", "replace")
        found = dict(re.findall(r"<(\w+)>([^<]*)</\1>", text))
        return {"result": "valid", "is_success": found.get("is_success", "T") == "T"}


@answerer("forgives XML what browsers forgive HTML")
class XmlForgiving(Bytes):
    def tree(self, text):
        try:
            return super().tree(text)
        except (UnreadableError, IndexError):
            return super().tree("<alipay><is_success>F</is_success></alipay>")


@answerer("reads characters beyond 16 bits in two halves")
class XmlHalves(Bytes):
    def reference(self, name):
        found = super().reference(name)
        return found if found < "\U00010000" else "??"
