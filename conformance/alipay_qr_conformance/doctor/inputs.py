"""What people have at hand -> parameters: URL, POST body, curl line, HAR entry, notification, response XML.

``pasted`` knows what else stands around a message: a raw HTTP request, an HTML form, a log line, a list.

Nothing is executed, fetched or expanded: a curl line is split by shell rules and read, ``@file`` in it is
refused. Bytes that are no text in the declared charset are read in the charset that they are text in, and
that is one of the mistakes.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote_from_bytes

from alipay_qr.errors import WireError
from alipay_qr.wire import Request, read_request, read_response, response_presign_params, split_form
from alipay_qr_conformance.doctor import pasted
from alipay_qr_conformance.doctor.curl import curl_request
from alipay_qr_conformance.doctor.input_error import InputError

Kind = Literal["url", "form", "curl", "har", "notification", "response"]
Pairs = tuple[tuple[str, str], ...]
Remarks = tuple[tuple[str, str], ...]

MAX_INPUT: Final = 16 * 1024 * 1024
_NOTIFICATION: Final = frozenset({"notify_id", "notify_type"})
_QUIET: Final = frozenset(
    {"charset.undecodable", "post.charset-not-in-query", "content-type", "charset.missing"}
)
_OPEN_PLATFORM: Final = frozenset({"app_id", "method", "biz_content"})
_SHOWN: Final = ("service", "partner", "notify_id", "sign")
_KNOWN: Final = _NOTIFICATION | {*_SHOWN, "sign_type", "_input_charset", "out_trade_no", "biz_data"}
"""A message that has none of them is something else, and may be anything, a secret too."""

_PEM: Final = re.compile(rb"-{3,}\s*BEGIN [A-Z ]*(?:KEY|CERTIFICATE)|.*PRIVATE KEY[A-Za-z() ]*---")
_BARE_KEY: Final = re.compile(rb"MI[A-Za-z0-9+/_-]{60,}={0,2}")
_LONGEST_KEY: Final = 16_384
"""Bytes; a key of 16,384 bits in base64 has fewer."""
_OTHER_CHARSETS: Final = (("utf-8", "UTF-8"), ("gb18030", "GBK"), ("latin-1", "ISO-8859-1"))


@dataclass(frozen=True, slots=True)
class Given:
    """A message as it was given.

    Attributes:
        kind: what the input was.
        params: all parameters, ``sign`` and ``sign_type`` among them.
        charset: the value of ``_input_charset`` as declared, or what stands for it.
        sent_in: the charset in which the bytes are text, where that is not ``charset``; else empty.
        received: True for messages that come from Alipay.
        notes: what else was odd about the bytes, one sentence each.
        remarks: what was done to the input before it was read: codes of `facts`, each with its detail.
    """

    kind: Kind
    params: Pairs
    charset: str
    sent_in: str
    received: bool
    notes: tuple[str, ...]
    remarks: Remarks = ()

    @property
    def sign(self) -> str | None:
        """The value of ``sign``; None where the message has none."""
        return next((value for name, value in self.params if name == "sign"), None)

    @property
    def sign_type(self) -> str:
        """The value of ``sign_type``, or an empty text."""
        return next((value for name, value in self.params if name == "sign_type"), "")


def read_input(data: bytes, *, charset: str | None = None, entry: int | None = None) -> Given:
    """Return the message in ``data``, whichever kind of thing it is.

    Args:
        data: the text as pasted or stored.
        charset: what an absent ``_input_charset`` means (UTF-8).
        entry: which entry of a HAR file, from 0; by default the first that has a sign.

    Raises:
        InputError: it is none of them, or too large.
    """
    if len(data) > MAX_INPUT:
        raise InputError("large", str(len(data)))
    text = data.removeprefix(b"\xef\xbb\xbf").strip()
    default = charset or "UTF-8"
    if not text:
        raise InputError("empty")
    if looks_like_key(text):
        raise InputError("key")
    if text.startswith(b"<"):
        form = pasted.html_form(text)
        return _response(text) if form is None else _request(form, "form", default)
    if re.match(rb"\$?\s*curl(\.exe)?\s", text):
        return _request(curl_request(_unicode(text)), "curl", default)
    if re.match(rb"(?i)https?://", text):
        query = text.partition(b"#")[0].partition(b"?")[2]
        return _request(Request("GET", query), "url", default)
    if request := pasted.http_request(text) or pasted.listed(text):
        return _request(request, "form", default)
    if text[:1] in {b"{", b"["}:
        return _request(*_json(text, entry), default)
    if found := pasted.cut_out(text):
        request, begins = found
        return _request(request, "form", default, (("input.cut-out", begins),))
    if b"=" not in text:
        raise InputError("unknown")
    unwrapped = re.sub(rb"[\r\n]+", b"", text)
    return _request(Request("POST", b"", unwrapped, pasted.FORM_TYPE), "form", default)


def looks_like_key(data: bytes) -> bool:
    """Say whether this is the text of a key, in PEM or as bare base64, and not a message."""
    if len(data) > _LONGEST_KEY:
        return False
    return _PEM.match(data) is not None or _BARE_KEY.fullmatch(b"".join(data.split())) is not None


def _unicode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _request(request: Request, kind: Kind, default: str, remarks: Remarks = ()) -> Given:
    reading = read_request(request, default)
    if any(name.startswith("amp;") for name, _ in reading.params):
        query, body = (part.replace(b"&amp;", b"&") for part in (request.query, request.body))
        request = request._replace(query=query, body=body)
        reading = read_request(request, default)
        remarks = (*remarks, ("input.html-escaped", ""))
    if not reading.params:
        raise InputError("no-parameters")
    if _KNOWN.isdisjoint(name for name, _ in reading.params):
        raise InputError("foreign", ", ".join(_SHOWN))
    if {name for name, _ in reading.params} >= _OPEN_PLATFORM:
        remarks = (*remarks, ("input.open-platform", ""))
    params, sent_in = reading.params, ""
    declared = next((value for name, value in params if name == "_input_charset" and value), default)
    if any(each.code == "charset.undecodable" for each in reading.irregularities):
        params, sent_in = _redecoded(request, params)
    received = not _NOTIFICATION.isdisjoint(name for name, _ in params)
    quiet = (
        _QUIET
        if kind in {"form", "url"} or received
        else _QUIET - {"post.charset-not-in-query", "content-type"}
    )
    notes = tuple(f"{each.code}: {each.detail}" for each in reading.irregularities if each.code not in quiet)
    if received and kind == "form":
        kind = "notification"
    return Given(kind, params, declared, sent_in, received, notes, remarks)


def _redecoded(request: Request, params: Pairs) -> tuple[Pairs, str]:
    """Return the parameters in the first charset in which all the bytes are text."""
    raw = split_form(request.query) + split_form(request.body if request.method == "POST" else b"")
    if len(raw) != len(params):
        raw = list(dict.fromkeys(raw))
    for codec, title in _OTHER_CHARSETS:
        try:
            return tuple((name.decode(codec), value.decode(codec)) for name, value in raw), title
        except UnicodeDecodeError:
            continue
    raise AssertionError("every byte is ISO-8859-1")  # pragma: no cover


def _response(data: bytes) -> Given:
    try:
        response = read_response(data)
    except WireError as error:
        raise InputError("xml", str(error)) from None
    if response.error is not None or response.container is None:
        success = "T" if response.is_success else "F"
        raise InputError("unsigned", f"is_success={success}, error={response.error}")
    params = [*response_presign_params(response).items()]
    if response.sign is not None:
        params.append(("sign", response.sign))
    if response.sign_type is not None:
        params.append(("sign_type", response.sign_type))
    return Given("response", tuple(params), response.charset, "", received=True, notes=())


def _json(data: bytes, entry: int | None) -> tuple[Request, Kind]:
    """Return the request of a HAR file or entry, or the one that an object of parameters stands for."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError("har", str(error)) from None
    if isinstance(tree, Mapping) and not _KNOWN.isdisjoint(tree):
        return pasted.fields_request((_utf8(name), _utf8(value)) for name, value in tree.items()), "form"
    requests = [request for request in map(_har_request, _entries(tree)) if request is not None]
    if not requests:
        raise InputError("har-empty")
    if entry is not None:
        if not 0 <= entry < len(requests):
            raise InputError("har-entry", str(len(requests)))
        return requests[entry], "har"
    signed = [each for each in requests if b"sign=" in each.query + each.body]
    return (signed or requests)[0], "har"


def _entries(tree: Any) -> Iterable[Any]:
    if isinstance(tree, list):
        return tree
    if isinstance(tree, Mapping):
        log = tree.get("log")
        entries = log.get("entries") if isinstance(log, Mapping) else tree.get("entries")
        return entries if isinstance(entries, list) else [tree]
    return []


def _har_request(entry: Any) -> Request | None:
    if not isinstance(entry, Mapping):
        return None
    request = entry.get("request", entry)
    if not isinstance(request, Mapping) or not isinstance(request.get("url"), str):
        return None
    query = request["url"].partition("#")[0].partition("?")[2].encode("utf-8", "replace")
    post = request.get("postData")
    if not isinstance(post, Mapping):
        return Request("GET", query)
    kind = str(post.get("mimeType") or "application/x-www-form-urlencoded")
    text = post.get("text")
    if isinstance(text, str) and text:
        return Request("POST", query, text.encode("utf-8", "replace"), kind)
    fields = [field for field in post.get("params") or [] if isinstance(field, Mapping)]
    return Request("POST", query, "&".join(map(_field, fields)).encode("ascii"), kind)


def _field(field: Mapping[str, Any]) -> str:
    name, value = (quote_from_bytes(_utf8(field.get(key)), safe="") for key in ("name", "value"))
    return f"{name}={value}"


def _utf8(value: object) -> bytes:
    """Return the text of a JSON value; what is no text is written as JSON writes it."""
    if value is None:
        return b""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")
