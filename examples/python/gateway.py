"""Talks to Alipay's gateway: a form goes out by POST, XML comes back."""

import contextlib
import http.client
import logging
import re
import socket
import ssl
import threading
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes, urlsplit

from signing import Refused, decode, encode, sign, verify

LARGEST_ANSWER = 1 << 20
BLANKS = " \t\r\n"  # XML's own: strip() alone would take full-width ones too, which are part of a value
DECLARATION = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""", re.ASCII)

# Codes after which nobody knows whether the request was carried out.
SYSTEM_ERRORS = {
    "SYSTEM_ERROR",
    "SYSTEM_EXCEPTION",
    "SESSION_TIMEOUT",
    "ILLEGAL_TARGET_SERVICE",
    "ILLEGAL_ACCESS_SWITCH_SYSTEM",
    "ILLEGAL_SWITCH_SYSTEM",
    "EXTERFACE_IS_CLOSED",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    """What came of a request.

    success: signed, and the business result is SUCCESS. failed: refused, and nothing was done. unknown: it
    may or may not have been done; repeat it with the same ids. A failure that is not signed (a gateway
    error) speaks of this one request only, not of earlier attempts.
    """

    outcome: str
    code: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    signed: bool = False

    def unless_about(self, ours):
        """A signed answer proves something only about the ids that it names."""
        return Reply("unknown") if self.outcome == "success" and not ours else self


def prepare(account, service, fields, gateway_url=None):
    """Sign and encode a request: (url, body). Whatever is wrong is found here, before anything is sent."""
    url = gateway_url or account.gateway_url
    parts = urlsplit(url)
    if parts.scheme != "https" and (parts.scheme, parts.hostname) not in {
        ("http", "127.0.0.1"),
        ("http", "localhost"),
        ("http", "::1"),
    }:
        raise Refused("the gateway is reached by https only")
    common = {"service": service, "partner": account.partner, "_input_charset": account.charset}
    pairs = [(name, value) for name, value in {**common, **fields}.items() if value]
    pairs.append(("sign", sign(account, pairs, account.charset, account.sign_type)))
    pairs.append(("sign_type", account.sign_type))
    # The gateway reads the charset from the URL, before it can read the body.
    body = "&".join(
        f"{name}={quote_from_bytes(encode(value, account.charset), safe='')}"
        for name, value in pairs
        if name != "_input_charset"
    )
    return f"{url}{'&' if parts.query else '?'}_input_charset={account.charset}", body.encode("ascii")


def send(account, url, body):
    """Send a prepared request; whatever happens on the way, the answer is a reply."""
    try:
        return _read(account, _post(account, url, body))
    except (OSError, http.client.HTTPException, ET.ParseError, Refused) as error:
        log.warning("no usable answer: %s", error)
        return Reply("unknown")


def _post(account, url, body):
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context(cadata=account.ca_pem)
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=account.timeout, context=context)
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=account.timeout)
    connection.connect()

    # The timeout of a socket is for each of its reads: a gateway that trickles would hold us for ever.
    expired = threading.Event()

    def give_up(line=connection.sock):
        expired.set()
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(account.timeout, give_up)
    timer.daemon = True
    timer.start()
    try:
        headers = {"Content-Type": f"application/x-www-form-urlencoded; charset={account.charset}"}
        connection.request("POST", f"{parts.path or '/'}?{parts.query}", body, headers)
        response = connection.getresponse()
        answer = response.read(LARGEST_ANSWER)
        # A redirect is not followed: whoever sends it is not the gateway.
        if response.status != 200 or response.length or response.read(1) or expired.is_set():
            raise http.client.HTTPException(f"status {response.status}, or no complete answer")
        return answer
    finally:
        timer.cancel()
        connection.close()


def _read(account, data):
    declared = DECLARATION.match(data)
    charset = declared.group(1).decode("ascii") if declared else "UTF-8"
    text = decode(data, charset).removeprefix("\ufeff")
    if "<!DOCTYPE" in text:
        raise Refused("the answer has a DTD")
    root = ET.fromstring(text)
    parts = _children(root)
    if root.tag != "alipay":
        raise Refused("no answer of the gateway")
    is_success, error = (_text(parts.get(name)) for name in ("is_success", "error"))

    if is_success == "F" and "sign" not in parts:
        undone = error and error not in SYSTEM_ERRORS
        return Reply("failed" if undone else "unknown", error or None)
    # What is signed: the children of the first child of <response>, whatever that is called.
    response = parts.get("response")
    if is_success not in ("T", "F") or response is None or not len(response):
        return Reply("unknown")
    children = _children(response[0])
    fields = {name: _text(child) for name, child in children.items()}
    signature = [(name, _text(parts.get(name))) for name in ("sign", "sign_type")]
    if any(len(child) for child in children.values()) or not verify(account, [*fields.items(), *signature], charset):
        return Reply("unknown")

    code = fields.get("detail_error_code") or fields.get("error") or error or None
    made = fields.get("qrcode")  # CREATE may be answered without result_code
    result = fields.get("result_code", "SUCCESS" if made else None)
    if is_success == "T" and result == "SUCCESS":
        return Reply("success", None, fields, signed=True)
    if (is_success == "F" or result in ("FAIL", "FAILED")) and code not in SYSTEM_ERRORS:
        return Reply("failed", code, fields, signed=True)
    return Reply("unknown", code)


def _children(parent):
    children = {child.tag: child for child in parent}
    if len(children) != len(parent):
        raise Refused("an element stands twice: which one would count?")
    return children


def _text(element):
    return "" if element is None else (element.text or "").strip(BLANKS)
