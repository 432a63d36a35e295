"""HTML: what a browser would send for a form, and XML that lists parameters.

<form action="..."><input name="sign" value="...">      all its fields, a submit button with a name too
<xml><notify_id>...</notify_id><sign>...</sign></xml>   elements with the protocol's names
<param name="sign">...</param>, <add key= value= />     the same in other ways, JMeter's too
"""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from alipay_qr_conformance.reading.draft import Draft
from alipay_qr_conformance.reading.message import Pairs
from alipay_qr_conformance.reading.names import FRAME, KNOWN, is_message
from alipay_qr_conformance.reading.patterns import later

_FORM: Final = later(r"(?i)<form\b|<input\b")
_FORM_END: Final = later(r"(?i)</form\s*>")
_LONGEST_FORM: Final = 262_144
_MOST_TAGS: Final = 1000
_ELEMENT: Final = later(
    r"<([A-Za-z_]\w{0,63})>\s{0,80}(?:<!\[CDATA\[((?:[^\]<]|\](?!\]>)|<(?!!\[CDATA\[))*+)\]\]>|([^<]{0,65536}))\s{0,80}</\1>",
    re.DOTALL,
)
_PARAM: Final = later(
    r"<\w{1,20} (?:name|key)=[\"'](\w{1,64})[\"']"
    r"(?:>\s{0,80}<!\[CDATA\[((?:[^\]<]|\](?!\]>)|<(?!!)){0,65536}+)\]\]>|"
    r"(?:>|[^<>]{0,80}\bvalue=[\"'])([^<\"]{0,65536})[<\"])"
)
_ARGUMENT: Final = later(
    r"elementProp name=\"(\w{1,64})\"(?:(?!Argument\.value|elementProp name).){0,400}"
    r"Argument\.value\">([^<\"]{0,65536})<",
    re.DOTALL,
)
_PART: Final = later(
    r"form-data; ?name=\"?(\w{1,64})\"?[^\r\n]{0,200}\r?\n(?:[\w-]{1,40}:[^\r\n]{0,200}\r?\n){0,8}\r?\n"
    r"([^\r\n]*(?:\r?\n(?!--)[^\r\n]*){0,200})"
)


def html_forms(text: str) -> Iterator[Draft]:
    """Yield what a browser sends for each form: values end at their quote, entities are read."""
    at = 0
    while (begin := _FORM.search(text, at)) is not None:
        end = _FORM_END.search(text, begin.end())
        stop = end.end() if end else len(text)
        at = stop
        part = text[begin.start() : stop]
        if len(part) > _LONGEST_FORM or part.count("<") > _MOST_TAGS:
            continue
        form = _Form()
        form.feed(part)
        form.close()
        query = form.action.partition("#")[0].partition("?")[2]
        if is_message(
            [*(name for name, _ in form.fields), *(each.partition("=")[0] for each in query.split("&"))]
        ):
            yield Draft(
                begin.start(), stop, "html", params=tuple(form.fields), form=(query, ""), certain=True
            )
            if query:
                yield Draft(begin.start(), stop, "html", params=tuple(form.fields))


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given.get("action", "")
        elif tag in {"input", "button", "textarea", "select"} and (name := given.get("name")):
            self.fields.append((name, given.get("value", "")))


def multipart(text: str) -> Iterator[Draft]:
    """Yield the messages of multipart bodies: each part is a field."""
    found: list[tuple[str, str]] = []
    start = end = 0
    for part in _PART.finditer(text):
        if part[1] in dict(found):
            yield from _listed(start, end, tuple(found))
            found = []
        start = start if found else part.start()
        end = part.end()
        found.append((part[1], part[2]))
    yield from _listed(start, end, tuple(found))


def elements(text: str) -> Iterator[Draft]:
    """Yield the messages whose parameters are elements of XML, or named by an attribute."""
    for shape in (_ELEMENT, _PARAM, _ARGUMENT):
        found: list[tuple[str, str]] = []
        start = end = 0
        for match in shape.finditer(text):
            cdata = shape is not _ARGUMENT and match[2] is not None
            name, value = match[1], match[2] if cdata else html.unescape(match[match.re.groups])
            if name in dict(found):
                yield from _listed(start, end, tuple(found))
                found = []
            if not found:
                start = match.start()
            if name not in FRAME:
                found.append((name, value.strip()))
            end = match.end()
        yield from _listed(start, end, tuple(found))


def _listed(start: int, end: int, found: Pairs) -> Iterator[Draft]:
    if is_message(name for name, _ in found):
        yield Draft(start, end, "xml", params=found)
        known = tuple(pair for pair in found if pair[0] in KNOWN)
        if known != found:
            yield Draft(start, end, "xml", params=known)
