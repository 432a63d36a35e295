"""Response XML: bytes <-> `Response`.

    <alipay>
      <is_success>T</is_success>
      <request><param name="...">echo of a request parameter</param>...</request>
      <response><alipay>...the signed children...</alipay></response>
      <sign>...</sign><sign_type>MD5</sign_type>
    </alipay>

A gateway error is ``is_success`` F and ``error`` alone, unsigned. Signed are the children of the first
child of ``<response>``, whatever its name, unescaped and trimmed; ``is_success`` and ``request`` are not
(proved on a genuine response of 2016).

What comes in is hostile (`alipay_qr.wire.xml`), and refused where two readers could believe
different values. Codes of `WireError`:

    response.too-large  response.depth  response.elements  response.charset  response.undecodable
    response.dtd  response.malformed  response.root  response.duplicate  response.is-success
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final
from xml.etree.ElementTree import Element, tostring

from alipay_qr.errors import ParameterError, Unencodable, WireError
from alipay_qr.presign import Params, codec
from alipay_qr.wire.form import printable
from alipay_qr.wire.xml import decode_xml, malformed, parse_xml

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS: Final = " \t\r\n"
_IN_TEXT: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}  # the ampersand comes first
_IN_ATTRIBUTE: Final = _IN_TEXT | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


@dataclass(frozen=True, slots=True)
class Response:
    """A response; nothing of it may be believed before its signature holds.

    Args:
        is_success: the gateway took the request; no word yet on the business result.
        error: the gateway's error code, or None.
        container: the name of the first child of ``<response>``, or None if there is none.
        fields: the signed children by name, unescaped and trimmed.
        sign: trimmed, or None if absent; so is ``sign_type``.
        charset: UTF-8, GBK or GB2312, as the XML declaration says; UTF-8 without one.
        request: the echo of the request, in its order, untrimmed; unsigned.
        nested: the fields that hold elements. Their value is the XML of these elements, written afresh:
            what is signed of such a field is not documented (public code signs the inner XML).
    """

    is_success: bool
    error: str | None
    container: str | None
    fields: Mapping[str, str]
    sign: str | None
    sign_type: str | None
    charset: str
    request: tuple[tuple[str, str], ...]
    nested: tuple[str, ...] = ()


def read_response(data: bytes) -> Response:
    """Read the XML of a response, at most 1 MiB.

    Raises:
        WireError: the bytes are no response; ``code`` is one of the module's list.
    """
    text, charset = decode_xml(data)
    root = parse_xml(text)
    if root.tag != "alipay":
        raise WireError(f"the root element is {printable(root.tag)}, not alipay", code="response.root")
    top = _by_name(root)
    is_success = _text(top.get("is_success"))
    if is_success not in ("T", "F"):
        raise WireError("is_success is neither T nor F", code="response.is-success")
    container = _container(top.get("response"))
    children = {} if container is None else _by_name(container)
    request = top.get("request")
    return Response(
        is_success=is_success == "T",
        error=_text(top.get("error")),
        container=None if container is None else container.tag,
        fields={name: _value(child) for name, child in children.items()},
        sign=_text(top.get("sign")),
        sign_type=_text(top.get("sign_type")),
        charset=charset,
        request=() if request is None else tuple(_echo(request)),
        nested=tuple(name for name, child in children.items() if len(child)),
    )


def response_presign_params(response: Response) -> dict[str, str]:
    """Return the parameters that the response's signature covers."""
    return dict(response.fields)


def encode_response(
    fields: Params,
    *,
    container: str = "alipay",
    request: Iterable[tuple[str, str]] = (),
    sign: str | None,
    sign_type: str | None,
    charset: str = "UTF-8",
) -> bytes:
    """Write the XML of a successful response (``is_success`` T) in ``charset``.

    A character that the charset lacks becomes a numeric character reference: the signature covers the
    text, not its XML. Pairs may repeat a name, so that hostile responses can be written too.

    Args:
        fields: the signed children; None values are left out, blanks at the ends are written.
        container: the name of the element that holds them.
        request: the parameters to echo. Characters that XML cannot hold are echoed as U+FFFD.
        sign: the signature; None leaves the element out, as it does for ``sign_type``.
        sign_type: MD5, RSA or RSA2.
        charset: UTF-8, GBK or GB2312.

    Raises:
        UnknownCharset: ``charset`` is none of the protocol's.
        Unencodable: a field holds a character that XML cannot hold.
        ParameterError: a field's name, or ``container``, is no XML name.
    """
    pairs = fields.items() if hasattr(fields, "items") else fields
    children = _elements([(name, value) for name, value in pairs if value is not None])
    echo = _params(tuple(request))
    parts = ["<is_success>T</is_success>"]
    parts += [f"<request>{echo}</request>"] if echo else []
    parts += [f"<response><{_name(container)}>{children}</{container}></response>"]
    seal = (("sign", sign), ("sign_type", sign_type))
    parts += [_elements([(name, value) for name, value in seal if value is not None])]
    return _document("".join(parts), charset)


def encode_error(code: str, charset: str = "UTF-8") -> bytes:
    """Write a gateway error: ``is_success`` F and the error code, unsigned.

    Raises:
        UnknownCharset, Unencodable: as `encode_response`.
    """
    return _document(f"<is_success>F</is_success>{_element('error', code)}", charset)


def _by_name(parent: Element) -> dict[str, Element]:
    """Return the children by name; none may stand twice."""
    children = {child.tag: child for child in parent}
    if len(children) != len(parent):
        raise WireError(f"a child of {printable(parent.tag)} stands twice", code="response.duplicate")
    return children


def _container(response: Element | None) -> Element | None:
    if response is None or not len(response):
        return None
    if len(response) > 1:
        raise WireError("<response> holds two results", code="response.duplicate")
    return response[0]


def _text(element: Element | None) -> str | None:
    if element is None:
        return None
    if len(element):
        raise malformed(f"{printable(element.tag)} holds elements instead of text")
    return (element.text or "").strip(_BLANKS)


def _value(child: Element) -> str:
    inner = (tostring(element, "unicode", short_empty_elements=False) for element in child)
    return "".join([child.text or "", *inner]).strip(_BLANKS)


def _echo(request: Element) -> Iterable[tuple[str, str]]:
    for param in request:
        if param.tag == "param":
            yield param.get("name", ""), "".join(param.itertext())


def _document(content: str, charset: str) -> bytes:
    text = f'<?xml version="1.0" encoding="{charset.upper()}"?>\n<alipay>{content}</alipay>'
    return text.encode(codec(charset), "xmlcharrefreplace")


def _elements(pairs: list[tuple[str, str]]) -> str:
    """Write elements; look once for all of them whether there is anything to escape."""
    if _plain("".join([value for _, value in pairs])):
        return "".join([f"<{_name(name)}>{value}</{name}>" for name, value in pairs])
    return "".join([_element(name, value) for name, value in pairs])


def _plain(text: str) -> bool:
    """Say whether text stands in XML as it is, between tags and in an attribute."""
    return text.isprintable() and not ("&" in text or "<" in text or ">" in text or '"' in text)


def _element(name: str, value: str) -> str:
    if not value.isprintable() and (illegal := _NOT_XML.search(value)):
        raise Unencodable(
            f"XML cannot hold the character U+{ord(illegal[0]):04X} of {name}",
            code="response.character",
            hint="leave control characters out",
        )
    return f"<{_name(name)}>{_escaped(value, _IN_TEXT)}</{name}>"


def _params(pairs: tuple[tuple[str, str], ...]) -> str:
    """Write the echo, of which usually nothing has to be escaped either."""
    if _plain("".join(chain.from_iterable(pairs))):
        return "".join([f'<param name="{name}">{value}</param>' for name, value in pairs])
    return "".join([_param(name, value) for name, value in pairs])


def _param(name: str, value: str) -> str:
    return f'<param name="{_escaped(name, _IN_ATTRIBUTE)}">{_escaped(value, _IN_TEXT)}</param>'


def _escaped(text: str, references: Mapping[str, str]) -> str:
    """Return text as XML holds it, U+FFFD for what XML cannot hold."""
    if not text.isprintable():
        text = _NOT_XML.sub("\ufffd", text)
    for character, reference in references.items():
        if character in text:
            text = text.replace(character, reference)
    return text


@lru_cache(maxsize=256)
def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ParameterError(
            f"{name[:40]!r} is no name of an XML element",
            code="response.name",
            hint="use letters, digits and underscores",
        )
    return name
