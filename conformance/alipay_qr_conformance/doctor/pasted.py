"""What people paste around a message: log lines, quotes, raw HTTP, an HTML form, a list of fields.

    http_request(text)   ``POST /gateway.do HTTP/1.1`` with its headers and body
    html_form(text)      the fields that a browser would send
    listed(text)         one field a line: ``name=value``, or ``[name] => value`` as PHP's print_r writes it;
                         ``{name=value, name=value}`` as a Java Map prints itself
    cut_out(text)        a URL or a body that stands in the middle of other text

Each returns None where the text is something else. Nothing is executed or fetched.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Final
from urllib.parse import quote_from_bytes

from alipay_qr.wire import Request

FORM_TYPE: Final = "application/x-www-form-urlencoded"

_HTTP: Final = re.compile(rb"(GET|POST) ([^ \r\n]+) HTTP/1\.[01]\r?\n")
_HEADER_END: Final = re.compile(rb"\r?\n\r?\n")
_PAIR_LINE: Final = re.compile(rb"([A-Za-z_]\w*)=(.*)")
_PRINT_R_LINE: Final = re.compile(rb"\[([A-Za-z_]\w*)\] => ?(.*)")
_PRINT_R_FRAME: Final = frozenset({b"Array", b"(", b")", b""})
_JAVA_MAP: Final = re.compile(rb"\{([A-Za-z_]\w*=.*)\}", re.DOTALL)
_JAVA_COMMA: Final = re.compile(rb", (?=[A-Za-z_]\w*=)")
_JOINED: Final = re.compile(rb"&\w+=")
_LONE: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_AROUND: Final = re.compile(rb"""[\s"'<>]+""")
_NAME: Final = re.compile(rb"""[\s"']([A-Za-z_]\w*=)""")
_ADDRESS: Final = re.compile(rb"[^=&]*[./][^=&]*")
_SIGNED: Final = re.compile(rb"(?:\A|&)sign=")
_LONGEST_TEXT: Final = 65_536
"""Bytes of text that are searched for a message, or read as HTML or as a list."""
_MOST_TAGS: Final = 256
"""A form of the protocol has some twenty; a parser of HTML may look at the whole text again for each."""


def http_request(text: bytes) -> Request | None:
    """Return the request that a tool or a log shows with its request line."""
    first = _HTTP.match(text)
    if first is None:
        return None
    end = _HEADER_END.search(text, first.end() - 2)
    head, body = (text[: end.start()], text[end.end() :]) if end else (text, b"")
    kind = re.search(rb"(?im)^content-type:[ \t]*([^\r\n]*)", head)
    query = first[2].partition(b"#")[0].partition(b"?")[2]
    if first[1] == b"GET":
        return Request("GET", query)
    return Request("POST", query, body, kind[1].decode("latin-1") if kind else FORM_TYPE)


def html_form(text: bytes) -> Request | None:
    """Return what a browser sends for the fields of a form: values end at their quote, entities are read."""
    if len(text) > _LONGEST_TEXT or text.count(b"<") > _MOST_TAGS:
        return None
    if re.search(rb"(?i)<input\b", text) is None:
        return None
    form = _Form()
    form.feed(text.decode("utf-8", "surrogateescape"))
    form.close()
    query = form.action.partition("#")[0].partition("?")[2]
    return Request("POST", _bytes(query), _encoded(form.fields), FORM_TYPE)


def listed(text: bytes) -> Request | None:
    """Return the fields of a printed list or map. Values are taken as they stand there, not decoded."""
    if len(text) > _LONGEST_TEXT:
        return None
    if printed := _JAVA_MAP.fullmatch(text):
        return fields_request(_pair(field) for field in _JAVA_COMMA.split(printed[1]))
    lines = [line.strip() for line in text.splitlines()]
    for shape, frame in ((_PRINT_R_LINE, _PRINT_R_FRAME), (_PAIR_LINE, frozenset({b""}))):
        found = [shape.fullmatch(line) for line in lines if line not in frame]
        fields = [(match[1], match[2]) for match in found if match is not None]
        if len(fields) > 1 and len(fields) == len(found) and _JOINED.search(text) is None:
            return fields_request(fields)
    return None


def cut_out(text: bytes) -> tuple[Request, str] | None:
    """Return the first signed URL, or signed body, in the middle of other text, and where it begins."""
    if _PAIR_LINE.match(text) or len(text) > _LONGEST_TEXT:
        return None
    for word in _AROUND.split(text):
        address, mark, query = word.partition(b"?")
        if mark and _ADDRESS.fullmatch(address) and _SIGNED.search(query):
            request = Request("GET", query.partition(b"#")[0])
        elif _PAIR_LINE.match(word) and _SIGNED.search(word):
            request = Request("POST", b"", word, FORM_TYPE)
        else:
            continue
        return request, _beginning(word)
    # Raw blanks or quotes are inside the message too: only what stands before its first name is cut off.
    begin = _NAME.search(text)
    if begin is None or not _SIGNED.search(text):
        return None
    body = text[begin.start(1) :]
    return Request("POST", b"", body, FORM_TYPE), _beginning(body)


def _beginning(message: bytes) -> str:
    return message[:60].decode("ascii", "backslashreplace")


def fields_request(fields: Iterable[tuple[bytes, bytes]]) -> Request:
    """Return the request that carries these fields, encoded."""
    return Request("POST", b"", _encoded(fields), FORM_TYPE)


def _pair(field: bytes) -> tuple[bytes, bytes]:
    name, _, value = field.partition(b"=")
    return name, value


def _encoded(fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    return "&".join("=".join(quote_from_bytes(each, safe="") for each in field) for field in fields).encode()


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: list[tuple[bytes, bytes]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.action = given.get("action") or ""
        elif tag == "input" and (name := given.get("name")):
            value = given.get("value") or ""
            self.fields.append((_bytes(name), _bytes(value)))


def _bytes(text: str) -> bytes:
    # An entity may name half a surrogate pair, and a byte that is no UTF-8 has become one.
    return text.encode("utf-8", "surrogateescape" if not _LONE.search(text) else "replace")
