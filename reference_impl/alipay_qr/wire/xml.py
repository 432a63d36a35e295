"""XML that somebody else wrote: bytes -> text -> a small tree, or a `WireError`.

The bytes are decoded by their own declaration first, because expat knows no multibyte GBK. Then:
bounded in size, depth and elements; no DTD, no entities; no comments and processing instructions, which
split a value for some readers and not for others; no namespaces, which hide a name from some.
"""

import re
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from alipay_qr.errors import WireError
from alipay_qr.presign import CHARSETS, codec
from alipay_qr.wire.form import MAX_BYTES, printable

MAX_DEPTH: Final = 32
MAX_ELEMENTS: Final = 4_096

_UTF8_BOM: Final = b"\xef\xbb\xbf"
_UTF16_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
_DECLARATION: Final = re.compile(
    rb"""<\?xml\s+version\s*=\s*(?:"1\.0"|'1\.0')"""
    rb"""(?:\s+encoding\s*=\s*(?P<quote>["'])(?P<charset>[A-Za-z0-9._-]{1,40})(?P=quote))?"""
    rb"""(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>"""
)


def decode_xml(data: bytes) -> tuple[str, str]:
    """Return the text behind the XML declaration, and the charset that it names.

    Raises:
        WireError: ``response.too-large``, ``response.charset``, ``response.undecodable`` or
            ``response.malformed``.
    """
    if len(data) > MAX_BYTES:
        raise WireError(f"a response of {len(data)} bytes is none", code="response.too-large")
    if data.startswith(_UTF16_BOMS):
        raise WireError("the response is in UTF-16", code="response.charset")
    body = data.removeprefix(_UTF8_BOM)
    declaration = _DECLARATION.match(body)
    charset = "UTF-8"
    if declaration:
        charset = (declaration["charset"] or b"UTF-8").decode("ascii").upper()
        body = body[declaration.end() :]
    if body.startswith(b"<?xml"):  # the parser would take it, and ignore the charset that it names
        raise malformed("its declaration has not the form of XML 1.0, or stands twice")
    if charset not in CHARSETS or (charset != "UTF-8" and data.startswith(_UTF8_BOM)):
        raise WireError(
            f"the response declares {charset}",
            code="response.charset",
            hint=f"a response is in {', '.join(CHARSETS)}, and a byte order mark means UTF-8",
        )
    try:
        return body.decode(codec(charset)), charset
    except UnicodeDecodeError as error:
        raise WireError(
            f"byte {len(data) - len(body) + error.start} of the XML is no {charset}",
            code="response.undecodable",
        ) from None


def parse_xml(text: str) -> Element:
    """Return the root element of XML without its declaration.

    Raises:
        WireError: ``response.dtd``, ``response.malformed``, ``response.depth`` or ``response.elements``.
    """
    parser = DefusedXMLParser(target=_BoundedBuilder(), forbid_dtd=True)
    try:
        parser.feed(text)
        root: Element = parser.close()
    except DefusedXmlException:
        raise WireError("a response has no DTD and no entities", code="response.dtd") from None
    except ParseError as error:
        raise malformed(str(error)) from None
    return root


def malformed(why: str) -> WireError:
    """Return the error for XML that is none, or is read in two ways."""
    return WireError(f"the XML is malformed: {why}", code="response.malformed")


class _BoundedBuilder:
    """Builds the tree and stops as soon as it grows beyond what a response can be."""

    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise WireError(f"elements nest deeper than {MAX_DEPTH}", code="response.depth")
        if self._elements > MAX_ELEMENTS:
            raise WireError(f"there are more than {MAX_ELEMENTS} elements", code="response.elements")
        if "{" in tag:
            raise malformed("an element has a namespace")
        return self._tree.start(tag, attributes)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return self._tree.end(tag)

    def data(self, text: str) -> None:
        self._tree.data(text)

    def comment(self, _: str) -> None:
        raise malformed("a comment would split a value for some readers")

    def pi(self, target: str, _: str | None = None) -> None:
        raise malformed(f"it holds a processing instruction, {printable(target)}")

    def close(self) -> Element:
        return self._tree.close()
