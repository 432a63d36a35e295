"""Implementations that are wrong about how XML is read."""

import html
import re
import unicodedata

from oracles.encodings import BrokenError
from oracles.wires import Element, UnreadableError
from faulty.answerers.registry import fault
from faulty.answerers.wire import Bytes


@fault("does not undo the escapes of XML")
class XmlEscaped(Bytes):
    def unreferenced(self, text):
        super().unreferenced(text)
        return text


@fault("undoes the escapes of XML twice")
class XmlUnescapedTwice(Bytes):
    def unreferenced(self, text):
        once = super().unreferenced(text)
        return html.unescape(once)


@fault("undoes the named escapes of XML only")
class XmlNamedOnly(Bytes):
    def reference(self, name):
        super().reference(name)
        return super().reference(name) if name[0] != "#" else f"&{name};"


@fault("undoes the escapes that HTML has")
class XmlOfHtml(Bytes):
    def reference(self, name):
        return html.unescape(f"&{name};")


@fault("takes an ampersand that stands alone for one")
class XmlBareAmpersand(Bytes):
    def unreferenced(self, text):
        return super().unreferenced(re.sub(r"&(?!#?\w+;)", "&amp;", text))


@fault("undoes escapes of XML within CDATA, too")
class XmlCdataUnescaped(Bytes):
    def take(self, token, open_ones):
        super().take(token, open_ones)
        if token["cdata"]:
            open_ones[-1].text = html.unescape(open_ones[-1].text)


@fault("does not know CDATA")
class XmlWithoutCdata(Bytes):
    def take(self, token, open_ones):
        if token["cdata"] is None:
            super().take(token, open_ones)


@fault("keeps the last piece of a text only")
class XmlLastPiece(Bytes):
    def take(self, token, open_ones):
        if token["cdata"] is not None or token["text"]:
            open_ones[-1].text = ""
        super().take(token, open_ones)


@fault("undoes escapes of URLs in XML")
class XmlUnescapesUrls(Bytes):
    def value(self, element):
        return re.sub("%2B", "+", super().value(element).replace("+", " "))


@fault("undoes escapes of JSON in XML")
class XmlUnescapesJson(Bytes):
    def value(self, element):
        return super().value(element).replace("\\u0041", "A")


@fault("does not trim")
class XmlUntrimmed(Bytes):
    def value(self, element):
        return element.text


@fault("trims blanks only")
class XmlTrimsBlanks(Bytes):
    def value(self, element):
        return element.text.strip(" ")


@fault("trims what Unicode calls white space, and what nobody sees")
class XmlTrimsUnicode(Bytes):
    def value(self, element):
        return element.text.strip().strip("\u200b")


@fault("folds white space inside a value")
class XmlFolds(Bytes):
    def value(self, element):
        return re.sub(r"[ \t\r\n]+", " ", super().value(element))


@fault("normalises the text of XML")
class XmlNormalised(Bytes):
    def value(self, element):
        return unicodedata.normalize("NFC", super().value(element))


@fault("drops empty children")
class XmlWithoutEmpty(Bytes):
    def said(self, data):
        answer = super().said(data)
        return {**answer, "children": [pair for pair in answer.get("children", []) if pair[1]]}


@fault("knows no tags but the plain ones")
class XmlPlainTags(Bytes):
    def take(self, token, open_ones):
        if token["empty"] or (token["attributes"] and token["tag"] != "param") or re.search(r"\s>", token[0]):
            raise UnreadableError("another tag")
        super().take(token, open_ones)


@fault("takes attributes for children")
class XmlAttributes(Bytes):
    def take(self, token, open_ones):
        super().take(token, open_ones)
        if token["attributes"] and token["tag"] != "param":
            open_ones[-2].children.append(Element("type"))


@fault("sorts children when it reads them")
class XmlSorted(Bytes):
    def said(self, data):
        answer = super().said(data)
        return {**answer, "children": sorted(answer.get("children", []))}


@fault("reads only children that it knows")
class XmlKnownOnly(Bytes):
    def said(self, data):
        answer = super().said(data)
        return {**answer, "children": [pair for pair in answer.get("children", []) if pair[0] in ("action", "result_code")]}


@fault("looks for the sign anywhere, and takes the first")
class XmlFirstSign(Bytes):
    def said(self, data):
        answer = super().said(data)
        inner = dict(answer.get("children", []))
        return {**answer, **({"sign": inner["sign"]} if "sign" in inner else {})}


@fault("wants the container to be named alipay")
class XmlContainerByName(Bytes):
    def container(self, response):
        found = super().container(response)
        if found.tag != "alipay":
            raise UnreadableError("another container")
        return found


@fault("wants exactly two children, as its example has them")
class XmlTwoChildren(Bytes):
    def container(self, response):
        found = super().container(response)
        if len(found.children) != 2:
            raise UnreadableError("another number")
        return found


@fault("reads every response as UTF-8")
class XmlInUtf8(Bytes):
    def decoded(self, data):
        _, charset = super().decoded(data)
        return self.encodings.read(re.sub(rb"^<\?xml.*?\?>", b"", data), "UTF-8"), charset


@fault("knows the charset of XML in capitals and quotes only")
class XmlCharsetInCapitals(Bytes):
    def decoded(self, data):
        if not re.match(rb'<\?xml version="1.0" encoding="[A-Z0-9-]+"\?>', data):
            raise UnreadableError("another declaration")
        return super().decoded(data)


@fault("tries GBK where UTF-8 does not fit, and takes any charset for UTF-8")
class XmlAnyCharset(Bytes):
    def decoded(self, data):
        try:
            return super().decoded(data)
        except (BrokenError, UnreadableError):
            body = re.sub(rb"^<\?xml.*?\?>", b"", data)
            return body.decode("utf-8", "replace"), "UTF-8"


@fault("reads is_success as whatever is not F, and wants no sign of life")
class XmlAnythingButF(Bytes):
    def value(self, element):
        text = super().value(element)
        return text if element.tag != "is_success" or text == "F" else "T"

    def by_name(self, parent):
        missing = Element("is_success")
        return {"is_success": missing, **super().by_name(parent)}


@fault("takes an error without a sign for no answer at all")
class XmlErrorIsBroken(Bytes):
    def said(self, data):
        answer = super().said(data)
        if "sign" not in answer:
            raise UnreadableError("no sign")
        return answer


@fault("reads a document type")
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


@fault("takes the last of two")
class XmlLastWins(Last):
    pass


@fault("takes the first of two")
class XmlFirstWins(Last):
    def by_name(self, parent):
        return {each.tag: each for each in reversed(parent.children)}

    def container(self, response):
        return response.children[0]


@fault("searches the bytes for a tag, and takes whatever it finds for a response")
class XmlByRegex(Bytes):
    def said(self, data):
        text = data.decode("utf-8", "replace")
        found = dict(re.findall(r"<(\w+)>([^<]*)</\1>", text))
        return {"result": "valid", "is_success": found.get("is_success", "T") == "T"}


@fault("forgives XML what browsers forgive HTML")
class XmlForgiving(Bytes):
    def tree(self, text):
        try:
            return super().tree(text)
        except (UnreadableError, IndexError):
            return super().tree("<alipay><is_success>F</is_success></alipay>")


@fault("reads characters beyond 16 bits in two halves")
class XmlHalves(Bytes):
    def reference(self, name):
        found = super().reference(name)
        return found if found < "\U00010000" else "??"
