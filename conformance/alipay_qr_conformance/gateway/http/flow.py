"""The body of a `Stream` on its way to one client: chunks, no more than the client takes."""

import asyncio
from typing import Final

from alipay_qr_conformance.gateway.engine.response import Answer, stream_head
from alipay_qr_conformance.gateway.http.api import Stream

_MOST_UNSENT: Final = 64 * 1024


class Flow:
    """Sends head and body of a stream until it is stopped, or the client has gone."""

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
