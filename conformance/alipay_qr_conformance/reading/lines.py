"""Recordings of one record a line: access logs, JSON lines, lines of an application's log.

Read are the combined format of nginx and Apache with whatever stands behind it, AWS load balancers, Caddy's
and nginx' JSON, JSON lines with the usual names, and a request line or message in the middle of other text. A
line is bounded, and looked at alone.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, BinaryIO, Final

from alipay_qr_conformance.reading.exchange import Exchange, Pairs, Skipped
from alipay_qr_conformance.reading.har import exchange_of, header
from alipay_qr_conformance.reading.octets import to_bytes
from alipay_qr_conformance.reading.patterns import later

MAX_LINE: Final = 4 * 1024 * 1024
_BLOCK: Final = 256 * 1024
_REQUEST: Final = later(
    rb'"(GET|POST|PUT|HEAD|DELETE|PATCH|OPTIONS) ([^ "]{1,65536}) HTTP/[0-9.]{1,3}"(?: (\d{3}) (\d{1,12}|-))?'
)
_TIME: Final = later(rb"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]")
_ALB_TIME: Final = later(rb"(?:https?|h2|wss?|grpcs) (\d{4}-\d\d-\d\dT[0-9:.]{8,18}Z) ")
_LINE_TIME: Final = later(rb"\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)")
_QUOTED: Final = later(rb'"([^"]*)"')
_WORD: Final = later(rb"[^\s\"'<>]+")
_PAIR: Final = later(rb"[A-Za-z_][\w.-]{0,64}=")
_HEX_ESCAPE: Final = later(rb"\\x([0-9A-Fa-f]{2})")
_KNOWN: Final = frozenset({"notify_id", "notify_type", "service", "sign", "partner", "sign_type"})
_ENOUGH: Final = 2

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "method": ("method", "request_method", "http_method", "verb", "requestMethod", "httpMethod"),
    "url": (
        "url",
        "uri",
        "request_uri",
        "target",
        "request_url",
        "full_url",
        "requestUrl",
        "requestUri",
        "path",
    ),
    "query": ("query_string", "args", "query", "queryString"),
    "body": (
        "body",
        "request_body",
        "payload",
        "form",
        "raw_body",
        "requestBody",
        "post_data",
        "raw",
        "postData",
    ),
    "params": ("params", "parameters", "form", "body", "data", "post", "payload", "query", "request"),
    "content_type": ("content_type", "contentType", "request_content_type"),
    "status": ("status", "status_code", "response_status", "statusCode", "code"),
    "reply": ("response_body", "reply", "resp_body", "response", "responseBody", "resp"),
    "reply_size": ("body_bytes_sent", "bytes_sent", "size", "bytes"),
    "time": ("time", "ts", "timestamp", "@timestamp", "time_iso8601", "time_local", "datetime", "date"),
    "text": ("msg", "message", "log", "line", "event"),
}
"""The names that JSON lines have for what an exchange has; a caller may put others before them."""


def line_exchanges(
    stream: BinaryIO, names: Mapping[str, tuple[str, ...]] = NAMES, *, end: int = -1
) -> Iterator[Exchange | Skipped]:
    """Yield the exchange of each line; a line without one is `Skipped`, an empty line is nothing.

    Args:
        stream: at the beginning of a line.
        names: as `NAMES`.
        end: bytes after which no further line begins; -1: to the end.
    """
    offset = number = 0
    while end < 0 or offset < end:
        line = stream.readline(MAX_LINE)
        if not line:
            return
        size, number = len(line), number + 1
        if size == MAX_LINE and not line.endswith(b"\n"):
            size += _rest(stream)
            yield Skipped(offset, number, -1, "too-long", line[:80])
        elif not line.isspace():
            found = line_exchange(line, offset, number, names)
            yield found if found is not None else Skipped(offset, number, -1, "no-exchange", line[:80])
        offset += size


def _rest(stream: BinaryIO) -> int:
    """Skip to the end of the line; return how many bytes that were."""
    size = 0
    while block := stream.readline(_BLOCK):
        size += len(block)
        if block.endswith(b"\n"):
            break
    return size


def line_exchange(
    line: bytes, offset: int = 0, number: int = 0, names: Mapping[str, tuple[str, ...]] = NAMES
) -> Exchange | None:
    """Return the exchange that one line tells of; None where there is none."""
    if line[:1] == b"{":
        return json_exchange(line, offset, number, names)
    request = _REQUEST.search(line)
    if request is not None:
        return _access(line, request, offset, number)
    return text_exchange(line, offset, number)


def _access(line: bytes, request: re.Match[bytes], offset: int, number: int) -> Exchange:
    time = _TIME.search(line, 0, request.start()) or _ALB_TIME.match(line)
    method, status, size = request[1].decode("ascii"), request[3], request[4]
    found = Exchange("access-log", offset, number, method=method, url=request[2])
    if status is None and time is not None:  # a load balancer has its numbers before the request
        numbers = line[: request.start()].split(b" ")
        status = next((each for each in numbers if len(each) == 3 and each.isdigit()), None)  # noqa: PLR2004 (a status)
    elif size is not None:
        found.reply_size = 0 if size == b"-" else int(size)
    found.status = int(status) if status else None
    found.time = time[1].decode("ascii") if time else ""
    if method == "GET":
        found.body = b""
    else:
        quoted = (each for each in _QUOTED.findall(line, request.end()) if b"sign=" in each and b"&" in each)
        body = next(quoted, None)
        found.body = body and _HEX_ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), body)
    return found


def json_exchange(
    line: bytes, offset: int = 0, number: int = 0, names: Mapping[str, tuple[str, ...]] = NAMES
) -> Exchange | None:
    """Return the exchange of a JSON line: of its own members, of ``request``, or of the text in it."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return text_exchange(line, offset, number)
    return record_exchange(record, offset, number, names)


def record_exchange(
    record: object, offset: int = 0, number: int = 0, names: Mapping[str, tuple[str, ...]] = NAMES
) -> Exchange | None:
    """Return what a decoded JSON record tells; None where it tells of no exchange."""
    if not isinstance(record, dict):
        return None
    telling = _telling(names["url"], names["query"], names["body"], names["params"])
    if record.keys().isdisjoint(telling):  # most lines of a log: they cost no search
        found = _in_text(record, names)
    else:
        request = record.get("request")
        inner = request if isinstance(request, dict) else record
        found = exchange_of(record, offset, -1) if "postData" in inner else None
        if found is None:
            found = _named(record, inner, names)
    if found is None:
        return None
    found.source, found.offset, found.line, found.entry = "json-line", offset, number, -1
    found.time = found.time or _first(record, names["time"])
    return found


@lru_cache(maxsize=16)
def _telling(*names: tuple[str, ...]) -> frozenset[str]:
    """Return the members of which a record that tells of an exchange by itself has one at least."""
    return _KNOWN.union(("request", "postData"), *names)


def _in_text(record: Mapping[str, Any], names: Mapping[str, tuple[str, ...]]) -> Exchange | None:
    for name in names["text"]:
        text = record.get(name)
        if isinstance(text, str) and (found := line_exchange(to_bytes(text), names=names)) is not None:
            return found
    return None


def _named(
    record: Mapping[str, Any], inner: Mapping[str, Any], names: Mapping[str, tuple[str, ...]]
) -> Exchange | None:
    url, body = _first(inner, names["url"]), _first(inner, names["body"])
    query = _first(inner, names["query"])
    if query and "?" not in url:
        url = f"{url}?{query.removeprefix('?')}"
    params = _own_params(record, inner, names)
    if not ("=" in url or "=" in body or params):
        if (found := _in_text(record, names)) is not None:
            return found
        if not url or not _first(inner, names["method"]):
            return None
    found = Exchange(
        "json-line",
        0,
        method=_first(inner, names["method"]) or ("POST" if body or params else "GET"),
        url=to_bytes(url),
        content_type=_first(inner, names["content_type"]) or header(inner.get("headers"), "content-type"),
        body=to_bytes(body) if body else None,
        params=params,
    )
    if found.method == "GET" and not body:
        found.body = b""
    status, size = _first(record, names["status"]), _first(record, names["reply_size"])
    found.status = int(status) if status.isdigit() and len(status) == 3 else None  # noqa: PLR2004 (a status)
    found.reply_size = int(size) if size.isdigit() and len(size) < 16 else -1  # noqa: PLR2004 (a size)
    if reply := next((record[name] for name in names["reply"] if isinstance(record.get(name), str)), None):
        found.reply = to_bytes(reply)
    return found


def _own_params(
    record: Mapping[str, Any], inner: Mapping[str, Any], names: Mapping[str, tuple[str, ...]]
) -> Pairs | None:
    """Return the decoded pairs where the record, or an object in it, holds those of a message."""
    for each in (
        record,
        inner,
        *(record.get(name) for name in names["params"]),
        *(inner.get(name) for name in names["params"]),
    ):
        if isinstance(each, dict) and len(_KNOWN & each.keys()) >= _ENOUGH:
            return tuple(
                (str(name), _value(value))
                for name, value in each.items()
                if isinstance(value, str | int | float) or value is None or isinstance(value, list)
            )
    return None


def _value(value: object) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = record.get(name)
        if isinstance(value, str | int | float) and value != "":
            return str(value)
    return ""


def text_exchange(line: bytes, offset: int = 0, number: int = 0) -> Exchange | None:
    """Return the signed form in the middle of a line of text; None where there is none."""
    if b"sign=" not in line:
        return None
    for word in _WORD.findall(line):
        if b"sign=" not in word or b"&" not in word:
            continue
        time = _LINE_TIME.match(line)
        stamp = time[1].decode("ascii") if time else ""
        address, mark, query = word.partition(b"?")
        if mark and b"sign=" in query and not (b"=" in address or b"&" in address):
            return Exchange("log-line", offset, number, method="GET", url=word, body=b"", time=stamp)
        if (begin := _PAIR.search(word)) is not None:
            return Exchange("log-line", offset, number, method="POST", body=word[begin.start() :], time=stamp)
    return None
