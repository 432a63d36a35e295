"""``wire``: parameters to bytes, bytes to parameters, and what the XML of a response says.

params and method    how a request of the merchant leaves, in ``charset``
form, form_hex       the body of a notification in ``charset``: which parameters are these?
query, body          a request that reaches the gateway and declares its own charset
xml_hex              a response, which declares its own charset, too
"""

from collections.abc import Mapping
from typing import Any, Final

from alipay_qr.errors import Unencodable, WireError
from alipay_qr.wire import Request, get_url, post_parts, read_notification, read_request, read_response
from alipay_qr.wire.form import FORM_TYPE
from alipay_qr.wire.xml import decode_xml
from tools.vectors.expected.charset import unencodable

Answer = dict[str, Any]

_ADDRESS: Final = "https://mapi.alipaydev.com/gateway.do"
_UNREADABLE: Final = frozenset({"charset.undecodable", "charset.unknown", "charset.differs"})


def wire(inputs: Mapping[str, Any]) -> Answer:
    """Answer a vector of the kind ``wire``."""
    if "params" in inputs:
        return _leaves(
            [(name, value) for name, value in inputs["params"]], inputs["method"], inputs["charset"]
        )
    if "query" in inputs:
        return _arrives(inputs["query"], inputs.get("body", ""))
    try:
        if "xml_hex" in inputs:
            return said(bytes.fromhex(inputs["xml_hex"]))
        form = bytes.fromhex(inputs["form_hex"]) if "form_hex" in inputs else inputs["form"].encode("ascii")
        return {"result": "valid", "params": read_notification(form, FORM_TYPE, inputs["charset"])}
    except WireError as error:
        return {"result": "invalid", "fault": error.code}


def said(data: bytes) -> Answer:
    """Return what the XML of a response says, step by step.

    Raises:
        WireError: it is none.
    """
    response = read_response(data)
    told = {
        "error": response.error,
        "container": response.container,
        "children": list(response.fields.items()) or None,
        "sign": response.sign,
        "sign_type": response.sign_type,
    }
    return {
        "result": "valid",
        "charset": response.charset,
        "text": decode_xml(data)[0],
        "is_success": response.is_success,
        **{name: value for name, value in told.items() if value is not None},
    }


def _leaves(params: list[tuple[str, str | None]], method: str, charset: str) -> Answer:
    try:
        if method == "GET":
            return {"result": "valid", "query": get_url(_ADDRESS, params, charset).partition("?")[2]}
        url, body, _ = post_parts(_ADDRESS, params, charset)
    except Unencodable:
        return {"result": "invalid", "unencodable": _first_lacking(params, charset)}
    return {"result": "valid", "query": url.partition("?")[2], "body": body.decode("ascii")}


def _first_lacking(params: list[tuple[str, str | None]], charset: str) -> Answer:
    """Say which character is the first that the charset lacks, and where it stands in its value or name."""
    for text in (text for pair in params for text in pair if text):
        try:
            return unencodable(text, charset)
        except ValueError:
            continue
    raise ValueError("every character can be encoded")


def _arrives(query: str, body: str) -> Answer:
    method = "POST" if body else "GET"
    reading = read_request(Request(method, query.encode("ascii"), body.encode("ascii"), FORM_TYPE))
    for irregularity in reading.irregularities:
        if irregularity.code in _UNREADABLE:
            return {"result": "invalid", "fault": irregularity.code}
    return {"result": "valid", "charset": reading.charset, "params": list(reading.params)}
