"""Bodies on their way to one client that are not written at once: streams, and answers that drip."""

import asyncio
from collections.abc import Callable
from typing import Final

from alipay_qr_conformance.gateway.engine.response import Answer, stream_head
from alipay_qr_conformance.gateway.http.api import Stream

_MOST_UNSENT: Final = 64 * 1024
_SLICES: Final = 10


class Flow:
    """Sends a stream, no more than the client takes, until it is stopped or the client has gone."""

    def __init__(self, stream: Stream, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._stream = stream
        self._transport = transport
        self._loop = loop
        transport.write(stream_head(Answer(b"", content_type=stream.content_type, headers=stream.headers)))
        self._next = loop.call_soon(self._send)

    def stop(self) -> None:
        """Send nothing more."""
        self._next.cancel()

    def _send(self) -> None:
        if self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() < _MOST_UNSENT and (data := self._stream.read()):
            self._transport.write(b"%x\r\n%b\r\n" % (len(data), data))
        self._next = self._loop.call_later(self._stream.pause, self._send)


class Drip:
    """Sends a body in ten slices over so many seconds, then calls."""

    def __init__(
        self,
        body: bytes,
        seconds: float,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        sent: Callable[[], None],
    ) -> None:
        size = -(-len(body) // _SLICES)
        self._parts = (body[start : start + size] for start in range(0, len(body), size))
        self._pause = seconds / _SLICES
        self._transport = transport
        self._loop = loop
        self._sent = sent
        self._next: asyncio.Handle = loop.call_soon(self._send)

    def stop(self) -> None:
        """Send nothing more."""
        self._next.cancel()

    def _send(self) -> None:
        if (part := next(self._parts, None)) is None:
            self._sent()
            return
        self._transport.write(part)
        self._next = self._loop.call_later(self._pause, self._send)
