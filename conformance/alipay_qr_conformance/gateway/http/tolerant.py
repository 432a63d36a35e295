"""Reading requests that a strict HTTP parser refuses.

Real merchants send request lines with blanks or raw UTF-8 and GBK bytes in the URL, lines that end in LF
alone, two Content-Length fields, or ask for an upgrade together with a body. What they sent is evidence, so
it is read here as well as it can be: bytes in, a `RawRequest` out. Nothing raises, nothing is repaired: the
target and the body are the bytes that came.
"""

import re
from typing import Final, NamedTuple

_REQUEST_LINE: Final = re.compile(
    rb"([A-Za-z]{1,20})[ \t]+((?:/|https?://|\*)[^\r\n]*?)(?:(?<![ \t])[ \t]+HTTP/\d(?:\.\d)?)?", re.DOTALL
)
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE: Final = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[^\r\n]*\r?\n")
_TRAILERS: Final = re.compile(rb"(?:[^\r\n]+\r?\n)*\r?\n")
_DIGITS: Final = re.compile(rb"\d{1,12}")


class RawRequest(NamedTuple):
    """A request as it stood on the wire.

    ``end`` is where it ends in the buffer; ``complete`` is False while its body still lacks bytes.
    """

    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    end: int
    complete: bool

    def header(self, name: bytes) -> bytes:
        """Return the first value of a header field, or nothing; ``name`` in small letters."""
        return next((value for each, value in self.headers if each.lower() == name), b"")


def read_raw(buffer: bytes, *, at_end: bool = False) -> RawRequest | None:
    """Return the first request of a buffer; None without a head or request line.

    Args:
        buffer: the bytes of a connection, from the begin of a request on.
        at_end: nothing more will come, so what there is counts as the whole head and body.
    """
    start = len(buffer) - len(buffer.lstrip(b"\r\n"))
    blank_line = _HEAD_END.search(buffer, start)
    if blank_line is None and not at_end:
        return None
    head_end, body_start = blank_line.span() if blank_line else (len(buffer), len(buffer))
    line, *fields = re.split(rb"\r?\n", buffer[start:head_end])
    request_line = _REQUEST_LINE.fullmatch(line.rstrip(b" \t"))
    if request_line is None:
        return None
    headers = tuple(_header_field(field) for field in fields)
    body, length = _body(buffer[body_start:], headers)
    return RawRequest(
        method=request_line[1].decode("ascii"),
        target=request_line[2],
        headers=headers,
        body=body,
        end=body_start + (len(buffer) - body_start if length is None else length),
        complete=at_end or length is not None,
    )


def has_head(buffer: bytes) -> bool:
    """Say whether a buffer holds a whole head, readable or not."""
    return _HEAD_END.search(buffer.lstrip(b"\r\n")) is not None


def split_target(target: bytes) -> tuple[str, bytes]:
    """Return path and query of a request target, the query as bytes.

    A fragment is not cut off: a ``#`` that a merchant forgot to encode belongs to what was sent.
    """
    address, _, query = target.partition(b"?")
    if not address.startswith(b"/"):
        _, _, rest = address.partition(b"://")
        _, slash, path = rest.partition(b"/")
        address = slash + path
    return address.decode("latin-1"), query


def _header_field(field: bytes) -> tuple[bytes, bytes]:
    name, _, value = field.partition(b":")
    return name.strip(), value.strip()


def _body(rest: bytes, headers: tuple[tuple[bytes, bytes], ...]) -> tuple[bytes, int | None]:
    """Return the body and its length on the wire; None where bytes are missing.

    Of several lengths the largest counts: better to read too much than to lose a parameter.
    """
    names = {name.lower(): value.lower() for name, value in headers}
    if b"chunked" in names.get(b"transfer-encoding", b""):
        return _chunks(rest)
    lengths = [
        int(digits)
        for name, value in headers
        if name.lower() == b"content-length"
        for digits in _DIGITS.findall(value)
    ]
    length = max(lengths, default=0)
    return rest[:length], length if len(rest) >= length else None


def _chunks(rest: bytes) -> tuple[bytes, int | None]:
    body: list[bytes] = []
    position = 0
    while match := _CHUNK_SIZE.match(rest, position):
        size = int(match[1], 16)
        position = match.end()
        if size == 0:
            end = _TRAILERS.match(rest, position)
            return b"".join(body), end.end() if end else None
        body.append(rest[position : position + size])
        position += size
        line_end = rest[position : position + 2]
        position += len(line_end) - len(line_end.lstrip(b"\r\n"))
    return b"".join(body), None
