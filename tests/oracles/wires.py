"""The wire again: escapes by their bytes, XML by its tokens; no urllib, no parser of XML, no code under test.

Every decision is one short method, a seam: a faulty implementation in tests/faulty overrides one of them.
"""

import re

from oracles.encodings import NAMES, BrokenError, Encodings, LackingError

KEPT = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~"
DIGITS = b"0123456789abcdefABCDEF"
ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    r"|<(?P<close>/?)(?P<tag>[A-Za-z_][A-Za-z0-9_.-]*)"
    r"(?P<attributes>(?:\s+[A-Za-z_]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(?P<empty>/?)>"
    r"|(?P<text>[^<]+)",
    re.DOTALL,
)
DECLARATION = re.compile(
    r"<\?xml version=[\"']1\.0[\"'](?: encoding=[\"']([A-Za-z0-9_-]+)[\"'])?(?: standalone=[\"']\w+[\"'])?\?>"
)
BLANKS = " \t\r\n"


class UnreadableError(Exception):
    """Why it cannot be read."""


class Element:
    def __init__(self, tag):
        self.tag, self.text, self.children, self.attributes = tag, "", [], ""


class Wire:
    """Answers vectors of the kind ``wire``; says no more of what cannot be read."""

    encodings = Encodings()

    def wire(self, inputs):
        try:
            if "params" in inputs:
                return self.leaves(inputs["params"], inputs["method"], inputs["charset"])
            if "query" in inputs:
                return self.arrives(inputs["query"].encode(), inputs.get("body", "").encode())
            if "xml_hex" in inputs:
                return self.said(bytes.fromhex(inputs["xml_hex"]))
            return {"result": "valid", "params": self.pairs(inputs["form"].encode(), inputs["charset"])}
        except (UnreadableError, BrokenError):
            return {"result": "invalid"}
        except LackingError as error:
            return self.lacking(inputs["params"], error.args[0])

    def lacking(self, params, place):
        (text,) = [value for _, value in params]
        return {
            "result": "invalid",
            "unencodable": {"character": f"U+{ord(text[place]):04X}", "position": place},
        }

    def leaves(self, params, method, charset):
        if method == "GET":
            return {"result": "valid", "query": self.form(params, charset)}
        first = [pair for pair in params if self.is_for_the_url(pair[0])]
        return {
            "result": "valid",
            "query": self.form(first, charset),
            "body": self.form([pair for pair in params if pair not in first], charset),
        }

    def form(self, params, charset):
        return "&".join(
            f"{self.escaped(name, charset)}={self.escaped(value, charset)}"
            for name, value in params
            if self.is_sent(value)
        )

    def arrives(self, query, body):
        found = [
            value
            for part in (query, body)
            for name, value in self.raw_pairs(part)
            if name == b"_input_charset"
        ]
        charset = self.declared(list(dict.fromkeys(found)))
        in_query, in_body = self.pairs(query, charset), self.pairs(body, charset)
        repeated = [pair for pair in in_body if pair[0] != "_input_charset" or pair not in in_query]
        return {"result": "valid", "charset": charset, "params": in_query + repeated}

    def raw_pairs(self, data):
        parts = (segment.partition(b"=") for segment in self.segments(data))
        return [(self.unescaped(name), self.unescaped(value)) for name, _, value in parts]

    def pairs(self, data, charset):
        return self.kept([[self.text(each, charset) for each in pair] for pair in self.raw_pairs(data)])

    def said(self, data):
        text, charset = self.decoded(data)
        self.check(text)
        root = self.tree(text)
        if root.tag != "alipay":
            raise UnreadableError("another root")
        top = self.by_name(root)
        if "is_success" not in top or self.value(top["is_success"]) not in ("T", "F"):
            raise UnreadableError("no is_success")
        told = {name: self.value(top[name]) for name in ("error", "sign", "sign_type") if name in top}
        if "response" in top:
            container = self.container(top["response"])
            told["container"] = container.tag
            told["children"] = [[each.tag, self.value(each)] for each in container.children]
            self.by_name(container)
        return {
            "result": "valid",
            "charset": charset,
            "text": text,
            "is_success": self.value(top["is_success"]) == "T",
            **told,
        }

    def tree(self, text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        document = Element("")
        open_ones, place = [document], 0
        while place < len(text):
            token = TOKEN.match(text, place)
            if token is None:
                raise UnreadableError("no token")
            place = token.end()
            self.take(token, open_ones)
        if len(open_ones) > 1 or len(document.children) != 1 or document.text.strip(BLANKS):
            raise UnreadableError("not one element")
        return document.children[0]

    def take(self, token, open_ones):
        if token["tag"] is None:
            plain = token["cdata"] if token["cdata"] is not None else self.unreferenced(token["text"])
            if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", plain):
                raise UnreadableError("no character of XML")
            open_ones[-1].text += plain
        elif token["close"]:
            if open_ones.pop().tag != token["tag"]:
                raise UnreadableError("another element ends")
        else:
            element = Element(token["tag"])
            element.attributes = token["attributes"]
            open_ones[-1].children.append(element)
            if not token["empty"]:
                open_ones.append(element)

    # === the seams ==================================================================================

    def is_for_the_url(self, name):
        return name == "_input_charset"

    def is_sent(self, value):
        return value is not None

    def escaped(self, text, charset):
        return "".join(self.escape(byte) for byte in self.encodings.written(text, charset))

    def escape(self, byte):
        return chr(byte) if byte in KEPT else "+" if byte == 0x20 else f"%{byte:02X}"

    def segments(self, data):
        return [segment for segment in data.split(b"&") if segment]

    def unescaped(self, data):
        data = data.replace(b"+", b" ")
        head, *rest = data.split(b"%")
        return head + b"".join(bytes([int(each[:2], 16)]) + each[2:] for each in rest)

    def text(self, data, charset):
        return self.encodings.read(data, charset)

    def kept(self, pairs):
        return pairs

    def declared(self, values):
        if not values:
            return "UTF-8"
        name = values[0].decode("latin-1").upper()
        if len(values) > 1 or name not in NAMES:
            raise UnreadableError("no charset, or two")
        return name

    def decoded(self, data):
        """The text behind the declaration, and the charset."""
        marked = data.startswith(b"\xef\xbb\xbf")
        data = data[3:] if marked else data
        head = data[:200].decode("latin-1")
        declaration = DECLARATION.match(head)
        charset = (declaration[1] or "UTF-8").upper() if declaration else "UTF-8"
        if charset not in NAMES:
            raise UnreadableError("another charset")
        return self.text(data[declaration.end() if declaration else 0 :], charset), charset

    def check(self, text):
        if "<!DOCTYPE" in text:
            raise UnreadableError("a document type")

    def unreferenced(self, text):
        def meant(match):
            if match[1] is None:
                raise UnreadableError("a bare ampersand")
            return self.reference(match[1])

        if "]]>" in text:
            raise UnreadableError("the end of CDATA")
        return re.sub(r"&(?:(#?\w+);)?", meant, text)

    def reference(self, name):
        if name[0] != "#":
            if name not in ENTITIES:
                raise UnreadableError("an entity")
            return ENTITIES[name]
        number = int(name[1:].lstrip("x"), 16 if name[1] == "x" else 10)
        if not 0 < number <= 0x10FFFF or 0xD800 <= number < 0xE000:
            raise UnreadableError("no character")
        return chr(number)

    def by_name(self, parent):
        found = {each.tag: each for each in parent.children}
        if len(found) < len(parent.children):
            raise UnreadableError("twice")
        return found

    def container(self, response):
        if len(response.children) != 1:
            raise UnreadableError("not one result")
        return response.children[0]

    def value(self, element):
        if element.children:
            raise UnreadableError("elements instead of text")
        return element.text.strip(BLANKS)
