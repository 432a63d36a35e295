"""Flow files of mitmproxy -> exchanges, whatever version wrote them: few of their names are looked at.

A file is one flow after the other, each a tnetstring: length, ``:``, data, and a mark of its type. Files
may be concatenated. Nothing is believed of a length that the file does not have, and nesting is bounded.
"""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from alipay_qr_conformance.reading.exchange import Exchange, Skipped

LARGEST_FLOW: Final = 64 * 1024 * 1024
"""Bytes of one flow, with both bodies."""
_DEEPEST: Final = 16
_LONGEST_LENGTH: Final = 12
_KEY: Final = b"7:request"
"""What every flow of HTTP holds."""


class _BrokenError(ValueError):
    """The bytes are no tnetstring."""


def is_flows(head: bytes) -> bool:
    """Say whether a file that begins with ``head`` holds flows."""
    digits, colon, _ = head[: _LONGEST_LENGTH + 1].partition(b":")
    return bool(colon) and digits.isdigit() and (_KEY in head or b"7:version" in head)


def flow_exchanges(stream: BinaryIO) -> Iterator[Exchange | Skipped]:
    """Yield the exchange of each flow; one that is none, too long or cut off is `Skipped`.

    What is behind a broken flow is not read: nobody knows where the next begins.
    """
    offset = number = 0
    while True:
        digits = b""
        while len(digits) <= _LONGEST_LENGTH and (byte := stream.read(1)) not in {b":", b""}:
            digits += byte
        if not digits:
            return
        if not digits.isdigit() or len(digits) > _LONGEST_LENGTH or int(digits) > LARGEST_FLOW:
            reason = "too-long" if digits.isdigit() else "broken"
            yield Skipped(offset, 0, number, reason, digits)
            return
        size = int(digits)
        data = stream.read(size + 1)
        if len(data) <= size:
            yield Skipped(offset, 0, number, "broken", data[:80])
            return
        try:
            found = _exchange(_value(data[:-1], data[-1:], 0), offset, number)
        except _BrokenError:
            found = None
        yield Skipped(offset, 0, number, "no-exchange", data[:80]) if found is None else found
        offset += len(digits) + size + 2
        number += 1


def _value(data: bytes, mark: bytes, depth: int) -> Any:
    """Return the value of a tnetstring; texts and bytes alike as bytes."""
    if depth > _DEEPEST:
        raise _BrokenError
    if mark in {b",", b";"}:
        return data
    if mark in {b"#", b"^"}:
        try:
            return int(data) if mark == b"#" else float(data)
        except ValueError:
            raise _BrokenError from None
    if mark == b"!":
        return data == b"true"
    if mark == b"~":
        return None
    values = list(_values(data, depth + 1))
    if mark == b"]":
        return values
    if mark != b"}" or len(values) % 2:
        raise _BrokenError
    return {
        key: value for key, value in zip(values[::2], values[1::2], strict=True) if isinstance(key, bytes)
    }


def _values(data: bytes, depth: int) -> Iterator[Any]:
    at = 0
    while at < len(data):
        colon = data.find(b":", at, at + _LONGEST_LENGTH + 1)
        digits = data[at:colon]
        if colon < 0 or not digits.isdigit():
            raise _BrokenError
        end = colon + 1 + int(digits)
        if end >= len(data):
            raise _BrokenError
        yield _value(data[colon + 1 : end], data[end : end + 1], depth)
        at = end + 1


def _exchange(flow: Any, offset: int, number: int) -> Exchange | None:
    request = flow.get(b"request") if isinstance(flow, Mapping) else None
    if not isinstance(request, Mapping):
        return None
    path = request.get(b"path")
    if not isinstance(path, bytes):
        return None
    response = flow.get(b"response")
    response = response if isinstance(response, Mapping) else {}
    status = response.get(b"status_code", response.get(b"code"))
    began = request.get(b"timestamp_start")
    content, reply = request.get(b"content"), response.get(b"content")
    return Exchange(
        source="flow",
        offset=offset,
        entry=number,
        method=_text(request.get(b"method")),
        url=path,
        content_type=_header(request, b"content-type"),
        body=content if isinstance(content, bytes) else None,
        status=status if isinstance(status, int) else None,
        reply=reply if isinstance(reply, bytes) and not _header(response, b"content-encoding") else None,
        time=f"{began:.3f}" if isinstance(began, float) else "",
    )


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else ""


def _header(message: Mapping[Any, Any], name: bytes) -> str:
    """Return a header field; files of old versions hold lists of pairs, too."""
    fields = message.get(b"headers")
    for field in fields if isinstance(fields, list) else ():
        if isinstance(field, list) and [str(each).lower() for each in field[:1]] == [str(name)]:
            return _text(field[-1])
    return ""
