"""Reading requests that a strict HTTP parser refuses.

Real merchants send request lines with blanks or raw UTF-8 and GBK bytes in the URL, lines that end in LF
alone, two Content-Length fields, or ask for an upgrade together with a body. What they sent is evidence, so
it is read here as well as it can be: bytes in, a `RawRequest` out. Nothing raises, nothing is repaired: the
target and the body are the bytes that came.

A request may come in any pieces: what was read stays read, so that each byte costs once.
"""

import re
from typing import Final, NamedTuple

_REQUEST_LINE: Final = re.compile(
    rb"([A-Za-z]{1,20})[ \t]+((?:/|https?://|\*)[^\r\n]*?)(?:(?<![ \t])[ \t]+HTTP/\d(?:\.\d)?)?", re.DOTALL
)
_CHUNK_SIZE: Final = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[^\r\n]*")
_BLANK: Final = re.compile(rb"[\r\n]+")
_DIGITS: Final = re.compile(rb"\d{1,12}")
_MARK: Final = 2
"""Bytes of the line end behind a chunk."""


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


class RequestReader:
    """Reads the first request of a buffer from ``start`` on; `feed` makes the buffer longer.

    Attributes:
        body_start: where the head has ended; None before.
        readable: False once a head has ended whose first line is no request line.
        complete: whether the whole body has come.
    """

    def __init__(self, buffer: bytearray, start: int = 0) -> None:
        self._buffer = buffer
        self._position = start  # all before it is read
        self._searched = start  # no line ends between the position and here
        self._lines: list[bytes] = []
        self._headers: tuple[tuple[bytes, bytes], ...] = ()
        self._chunked = False
        self._stuck = False  # a line among the chunks that is none of theirs
        self._chunk: int | None = None  # bytes of the chunk that begins at the position
        self._last_chunk = False
        self._length = 0
        self._chunks: list[bytes] = []
        self._chunks_size = 0
        self.body_start: int | None = None
        self.readable = True
        self.complete = False
        self._advance()

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """The header fields, once the head has ended."""
        return self._headers

    @property
    def size(self) -> int:
        """Bytes in the buffer."""
        return len(self._buffer)

    @property
    def end(self) -> int:
        """Where the request ends; the end of the buffer while it is not complete."""
        return self._position if self.complete else len(self._buffer)

    @property
    def body_size(self) -> int:
        """Bytes of the body that came so far."""
        return self._chunks_size + self._unfinished()

    def feed(self, data: bytes) -> None:
        """Read what came."""
        self._buffer += data
        self._advance()

    def first(self, count: int) -> bytes:
        """Return the first bytes of the buffer."""
        return bytes(self._buffer[:count])

    def request(self, *, at_end: bool = False) -> RawRequest | None:
        """Return the request as far as it has come; None without a head or request line.

        With ``at_end`` nothing more will come, so what there is counts as the whole head and body.
        """
        lines, headers = self._lines, self._headers
        if self.body_start is None:
            if not at_end:
                return None
            lines = [*lines, bytes(self._buffer[self._position :])]
            headers = _header_fields(lines)
        line = _request_line(lines)
        if line is None:
            return None
        body = b"".join((*self._chunks, self._buffer[self._position : self._position + self._unfinished()]))
        complete = at_end or self.complete
        return RawRequest(line[1].decode("ascii"), line[2], headers, body, self.end, complete)

    def _advance(self) -> None:
        if self.body_start is None and not self._head():
            return
        if self.complete:
            return
        if self._chunked:
            self._read_chunks()
        elif len(self._buffer) - self._position >= self._length:
            self._take(self._length)
            self.complete = True

    def _line(self) -> bytes | None:
        """Return the next line without its end; None until that has come."""
        end = self._buffer.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._buffer)
            return None
        line = bytes(self._buffer[self._position : end])
        self._position = self._searched = end + 1
        return line.removesuffix(b"\r")

    def _head(self) -> bool:
        """Read lines until an empty one; those before the first are skipped."""
        while True:
            if not self._lines:
                self._skip()
            line = self._line()
            if line is None:
                return False
            if not line:
                break
            self._lines.append(line)
        self.body_start = self._position
        self.readable = _request_line(self._lines) is not None
        self._headers = _header_fields(self._lines)
        names = {name.lower(): value.lower() for name, value in self._headers}
        self._chunked = b"chunked" in names.get(b"transfer-encoding", b"")
        # Of several lengths the largest counts: better to read too much than to lose a parameter.
        self._length = max(
            (
                int(digits)
                for name, value in self._headers
                if name.lower() == b"content-length"
                for digits in _DIGITS.findall(value)
            ),
            default=0,
        )
        return True

    def _skip(self) -> None:
        if (blank := _BLANK.match(self._buffer, self._position)) is not None:
            self._position = blank.end()
        self._searched = max(self._searched, self._position)

    def _read_chunks(self) -> None:
        while not self._stuck:
            if self._chunk is not None:
                if len(self._buffer) - self._position < self._chunk + _MARK:
                    return
                self._take(self._chunk)
                self._chunk = None
                self._skip_mark()
            line = self._line()
            if line is None:
                return
            if self._last_chunk and not line:
                self.complete = True
                return
            self._read_size(line)

    def _read_size(self, line: bytes) -> None:
        """Read the size of a chunk; behind the last one stand trailers."""
        if self._last_chunk:
            self._stuck = b"\r" in line
        elif match := _CHUNK_SIZE.fullmatch(line):
            size = int(match[1], 16)
            self._last_chunk = size == 0
            self._chunk = size or None
        else:
            self._stuck = True

    def _take(self, count: int) -> None:
        self._chunks.append(bytes(self._buffer[self._position : self._position + count]))
        self._chunks_size += count
        self._position += count
        self._searched = self._position

    def _skip_mark(self) -> None:
        mark = self._buffer[self._position : self._position + _MARK]
        self._position += len(mark) - len(mark.lstrip(b"\r\n"))
        self._searched = self._position

    def _unfinished(self) -> int:
        """Return how many bytes of the part of the body that is awaited have come."""
        if self.body_start is None or self.complete:
            return 0
        awaited = (self._chunk or 0) if self._chunked else self._length
        return min(awaited, len(self._buffer) - self._position)


class RawCopy:
    """The bytes that came, in their pieces."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def append(self, piece: bytes) -> None:
        """Keep what came."""
        self._pieces.append(piece)
        self.size += len(piece)

    def clear(self) -> None:
        """Forget all."""
        self._pieces.clear()
        self.size = 0

    def forget(self, requests: int) -> None:
        """Forget so many requests from the start on."""
        whole, position = self.whole(), 0
        for _ in range(requests):
            position = RequestReader(whole, position).end
        self._pieces = [bytes(whole[position:])]
        self.size = len(whole) - position

    def first(self, count: int) -> bytes:
        """Return the first bytes."""
        return b"".join(self._pieces)[:count]

    def whole(self) -> bytearray:
        """Return all bytes."""
        return bytearray().join(self._pieces)


def read_raw(buffer: bytes, *, at_end: bool = False) -> RawRequest | None:
    """Return the first request of a buffer; see `RequestReader.request`."""
    return RequestReader(bytearray(buffer)).request(at_end=at_end)


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


def _request_line(lines: list[bytes]) -> re.Match[bytes] | None:
    return _REQUEST_LINE.fullmatch(lines[0].rstrip(b" \t"))


def _header_fields(lines: list[bytes]) -> tuple[tuple[bytes, bytes], ...]:
    """Return the fields of a head, whose first line is the request line."""
    parts = (line.partition(b":") for line in lines[1:] if line)
    return tuple((name.strip(), value.strip()) for name, _, value in parts)
