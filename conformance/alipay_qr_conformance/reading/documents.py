"""Documents of JSON that hold requests: Postman's collections, lists of HAR entries, exports of proxies.

{"item": [{"request": {"method": "POST", "url": {"raw": "..."}, "body": {"mode": "urlencoded", ...}}}]}
[{"request": {"url": "...", "postData": {...}}}, ...]
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from alipay_qr_conformance.reading.exchange import Exchange
from alipay_qr_conformance.reading.har import exchange_of, params_body
from alipay_qr_conformance.reading.octets import to_bytes

MAX_DOCUMENT: Final = 1024 * 1024
_DEEPEST: Final = 16


def document_exchanges(data: bytes) -> Iterator[Exchange]:
    """Yield the requests of a document, at most `MAX_DOCUMENT` bytes, in their order."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return
    yield from _walk(tree, 0)


def _walk(value: Any, depth: int) -> Iterator[Exchange]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        request = value.get("request", value)
        found = _postman(request) if isinstance(request, Mapping) else None
        if found is None and isinstance(request, Mapping) and isinstance(request.get("url"), str):
            found = exchange_of(value) if "?" in request["url"] or "postData" in request else None
        if found is not None:
            yield found
            return
    children = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for each in children:
        if isinstance(each, Mapping | list):
            yield from _walk(each, depth + 1)


def _postman(request: Mapping[str, Any]) -> Exchange | None:
    url, body = request.get("url"), request.get("body")
    if isinstance(url, Mapping):
        url = url.get("raw")
    if not isinstance(url, str) or not ("body" in request or isinstance(request.get("url"), Mapping)):
        return None
    found = Exchange("collection", 0, method=str(request.get("method") or "GET"), url=to_bytes(url))
    if isinstance(body, Mapping):
        if isinstance(body.get("raw"), str):
            found.body = to_bytes(body["raw"])
        for mode in ("urlencoded", "formdata"):
            if isinstance(body.get(mode), list):
                fields = [
                    (str(each.get("key") or ""), str(each.get("value") or ""))
                    for each in body[mode]
                    if isinstance(each, Mapping) and not each.get("disabled")
                ]
                found.body = params_body(fields, encoded=False)
    return found
