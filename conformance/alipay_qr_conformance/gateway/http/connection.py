"""One connection of the simulated server: bytes -> requests -> answers, in order.

httptools parses what is regular. What it refuses (raw bytes or blanks in the URL, bare line feeds, two
lengths, an upgrade with a body) is read once more by `tolerant` from a bounded raw copy, handed on as it
came, answered, and the connection closed: such requests are the very evidence that is looked for.

Requests are answered one after the other. While an answer waits (`Answer.delay`), reading pauses, so what
a connection can make us hold is bounded by its head, its body and one read of the socket.
"""

import asyncio
import contextlib
import itertools
import re
from collections import deque
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from alipay_qr_conformance.gateway.engine.response import Answer, head_bytes
from alipay_qr_conformance.gateway.http.api import Host, HttpRequest, Later, Stray, Stream, to_http_request
from alipay_qr_conformance.gateway.http.deadline import Deadline
from alipay_qr_conformance.gateway.http.flow import Drip, Flow
from alipay_qr_conformance.gateway.http.tolerant import RawCopy, RequestReader

MAX_HEAD: Final = 64 * 1024
MAX_BODY: Final = 2 * 1024 * 1024
_MAX_WIRE: Final = MAX_HEAD + 8 * MAX_BODY  # a body in chunks of one byte takes six times its length
_MAX_DRAIN: Final = 32 * 1024 * 1024
_EVIDENCE: Final = 4096
_LINGER: Final = 3.0
_BEGIN: Final = re.compile(rb"[\r\n]*[A-Za-z]{1,20} ")
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class _Turn(NamedTuple):
    """A request that waits, or our own answer to what is none. ``status`` overrides the handler's, 0 not."""

    work: HttpRequest | Answer
    close: bool
    status: int = 0


class Connection(asyncio.Protocol):
    """An `asyncio.Protocol` that serves one client, in the server's thread."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._loop = asyncio.get_running_loop()
        self._parser = HttpRequestParser(self)
        self._turns: deque[_Turn] = deque()
        self._waiting: asyncio.TimerHandle | None = None  # for the delay of an answer
        self._deadline = Deadline(self._loop, self._time_is_up)  # of head, body, or idleness
        self._flow: Flow | Drip | None = None
        self._raw = RawCopy()  # since the last moment at which no request was open
        self._finished = 0  # requests that are complete within _raw
        self._open = False  # a request has begun and is not complete
        self._in_head = True
        self._too_long = False
        self._reader: RequestReader | None = None  # once the parser has given up
        self._refused = ""  # why the parser has given up
        self._upgrading = False
        self._drained = 0
        self._closing = False
        self._busy = False
        self._ended = False
        self._new_message()

    # --- asyncio ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a head."""
        self._transport = cast("asyncio.Transport", transport)  # a stream server makes no other
        self._host.connections.add(self)
        self._deadline.set(self._host.timeouts.idle)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (why does not matter here)
        """Forget what still waits."""
        self._host.connections.discard(self)
        self._closing = True
        self._turns.clear()
        self._deadline.stop()
        if self._waiting is not None:
            self._waiting.cancel()
        if self._flow is not None:
            self._flow.stop()

    def eof_received(self) -> bool:
        """Read the rest of an irregular request; stay open while an answer waits."""
        if self._reader is not None and not self._closing:
            self._read_tolerantly(self._reader, at_end=True)
        elif self._open and not self._closing:
            self._stray("the connection ended within a request")
        if self._busy:
            self._closing = True
            return True
        return False

    def data_received(self, data: bytes) -> None:
        """Feed the parser, or the tolerant reader once the parser has given up."""
        if self._closing:
            self._drained += len(data)
            if self._drained > _MAX_DRAIN:
                self._transport.abort()
            return
        if self._reader is not None:
            self._reader.feed(data)
            self._read_tolerantly(self._reader)
            return
        self._raw.append(data)
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self._be_tolerant()
        except HttpParserError as error:
            if self._closing:
                self._stray("bytes after the last request")
                return
            self._refused = str(error)
            self._be_tolerant()
        else:
            self._bound_raw()

    def abort(self) -> None:
        """End the connection at once."""
        self._transport.abort()

    # --- httptools ----------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._new_message()
        self._open = self._in_head = True
        self._deadline.set(self._host.timeouts.head)

    def on_url(self, part: bytes) -> None:
        """Collect the request target; it may come in parts."""
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header field; what stands behind a body is none."""
        if self._in_head:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Wait for the body, and say so to a client that asks first."""
        self._in_head = False
        self._too_long = sum(map(len, itertools.chain(*self._headers)), len(self._target)) > MAX_HEAD
        self._upgrading = self._parser.should_upgrade()
        self._deadline.set(self._host.timeouts.body)
        if not self._upgrading:
            self._go_ahead(tuple(self._headers))

    def on_body(self, part: bytes) -> None:
        """Collect the body; beyond its bound answer 413 and throw the rest away."""
        if self._closing:
            return
        self._body.append(part)
        self._body_size += len(part)
        if self._body_size > MAX_BODY:
            self._finish(status=413)

    def on_message_complete(self) -> None:
        """Hand the request on, unless it asks for an upgrade: its body comes after."""
        if self._closing or self._upgrading:
            return
        self._finish(status=431 if self._too_long else 0)

    def _finish(self, status: int = 0) -> None:
        self._open = False
        self._finished += 1
        request = to_http_request(
            self._parser.get_method().decode("ascii"),
            self._target,
            tuple(self._headers),
            b"".join(self._body)[:MAX_BODY],
        )
        self._take(_Turn(request, close=bool(status) or not self._parser.should_keep_alive(), status=status))

    def _new_message(self) -> None:
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._body_size = 0

    # --- what the parser refuses --------------------------------------------------------------------

    def _bound_raw(self) -> None:
        """Keep of the raw copy what belongs to the open request, and give up one that is too long."""
        if not self._open:
            self._raw.clear()
            self._finished = 0
            return
        self._forget_finished()
        if self._in_head and self._raw.size > MAX_HEAD:
            self._be_tolerant()
        elif self._raw.size > _MAX_WIRE and not self._closing:
            self._finish(status=413)

    def _be_tolerant(self) -> None:
        """Read the refused request from the raw copy, behind those handed on already."""
        finished = self._forget_finished()
        self._reader = reader = RequestReader(self._raw.whole())
        if finished and not _BEGIN.match(reader.first(_EVIDENCE)):
            # More bytes than Content-Length announced. An answer to them would be taken for the next one's.
            self._stray("bytes after the body of a request")
            self._closing = True
            if not self._busy:
                self._transport.close()
            return
        self._open = True
        self._deadline.set(self._host.timeouts.body)
        if not reader.complete:
            self._go_ahead(reader.headers)
        self._read_tolerantly(reader)

    def _read_tolerantly(self, reader: RequestReader, *, at_end: bool = False) -> None:
        head = reader.body_start
        too_long = (reader.size if head is None else head - 4) > MAX_HEAD
        too_large = reader.body_size > MAX_BODY or reader.size > MAX_HEAD + MAX_BODY
        if reader.readable and not (at_end or too_long or too_large or reader.complete):
            return
        raw = reader.request(at_end=at_end or too_long)
        if raw is None:
            self._refuse(400, "no request line")
            return
        self._open = False
        status = 431 if too_long else 413 if too_large else 0
        body = raw.body[:MAX_BODY]
        request = to_http_request(raw.method, raw.target[:MAX_HEAD], raw.headers, body, self._refused)
        self._take(_Turn(request, close=True, status=status))

    def _refuse(self, status: int, reason: str) -> None:
        """Answer by ourselves what no handler could be found for."""
        self._stray(reason)
        self._open = False
        self._take(_Turn(Answer(f"{reason}\n".encode(), status, "text/plain"), close=True))

    def _stray(self, reason: str) -> None:
        self._host.stray(Stray(reason, (self._reader or self._raw).first(_EVIDENCE)))

    def _forget_finished(self) -> int:
        """Cut the requests handed on already off the raw copy and return their number."""
        count, self._finished = self._finished, 0
        if count:
            self._raw.forget(count)
        return count

    # --- answers ------------------------------------------------------------------------------------

    def _take(self, turn: _Turn) -> None:
        self._deadline.lift()
        if turn.close:
            self._closing = True
        self._turns.append(turn)
        if not self._busy:
            self._next()

    def _next(self) -> None:
        """Answer the requests in their order, until one of them has to wait."""
        while self._turns and not self._busy:
            turn = self._turns.popleft()
            answer = turn.work if isinstance(turn.work, Answer) else self._host.respond(turn.work)
            if isinstance(answer, Later):
                self._busy = True
                self._pause()
                answer.then(partial(self._made_elsewhere, turn))
            elif isinstance(answer, Stream):
                self._begin_stream(answer)
            else:
                self._keep(turn, answer)
        if not self._busy:
            if self._closing:
                self._end()
            else:
                self._deadline.set(self._host.timeouts.idle)

    def _made_elsewhere(self, turn: _Turn, answer: Answer | Stream) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(self._made, turn, answer)

    def _made(self, turn: _Turn, answer: Answer | Stream) -> None:
        self._resume()
        if self._transport.is_closing():
            return
        if isinstance(answer, Stream):
            self._begin_stream(answer)
        else:
            self._keep(turn, answer)
            self._next()

    def _begin_stream(self, stream: Stream) -> None:
        """Send what is new for as long as the client stays; nothing else is answered here any more."""
        self._busy = True
        self._turns.clear()
        self._flow = Flow(stream, self._transport, self._loop)

    def _keep(self, turn: _Turn, answer: Answer) -> None:
        """Let an answer wait for the commit of what it acknowledges."""
        if turn.status:
            answer = replace(answer, status=turn.status)
        if self._host.hold is not None:
            self._busy = True
            self._host.hold(partial(self._release, turn, answer))
        else:
            self._begin_answer(turn, answer)

    def _release(self, turn: _Turn, answer: Answer, kept: bool) -> None:  # noqa: FBT001 (a callback)
        """Go on with an answer after its commit; one that was not kept is never given."""
        self._busy = False
        if self._transport.is_closing():
            return
        if not kept:
            answer = Answer(b"the answer could not be kept, so it is not given\n", 500, "text/plain")
        self._begin_answer(turn, answer)
        self._next()

    def _begin_answer(self, turn: _Turn, answer: Answer) -> None:
        if answer.delay > 0:
            self._busy = True
            self._pause()
            self._waiting = self._loop.call_later(answer.delay, self._late, turn, answer)
        else:
            self._answer(turn, answer)

    def _late(self, turn: _Turn, answer: Answer) -> None:
        self._resume()
        self._answer(turn, answer)
        self._next()

    def _answer(self, turn: _Turn, answer: Answer) -> None:
        if answer.drop:
            self._turns.clear()
            self._closing = True
            self._transport.close()
            return
        close = turn.close or answer.truncate is not None
        with_body = isinstance(turn.work, Answer) or turn.work.request.method != "HEAD"
        self._send(answer, close=close, with_body=with_body)

    def _send(self, answer: Answer, *, close: bool, with_body: bool) -> None:
        body = answer.body[: answer.truncate] if with_body else b""
        head = head_bytes(answer, close=close)
        if answer.slow > 0 and body:
            self._busy = True
            self._pause()
            self._transport.write(head)
            self._flow = Drip(body, answer.slow, self._transport, self._loop, partial(self._dripped, close))
            return
        self._transport.write(head + body)
        if close:
            self._end()

    def _dripped(self, close: bool) -> None:  # noqa: FBT001 (a callback)
        self._resume()
        if close:
            self._end()
        else:
            self._next()

    def _end(self) -> None:
        """Close after an answer, but read what still comes, or the answer would be lost."""
        self._turns.clear()
        self._closing = True
        ended, self._ended = self._ended, True
        if ended:
            return
        if self._body_size > MAX_BODY or self._raw.size > _MAX_WIRE or self._reader is not None:
            with contextlib.suppress(OSError, RuntimeError, NotImplementedError):
                if self._transport.can_write_eof():
                    self._transport.write_eof()
            self._deadline.set(_LINGER)
        else:
            self._transport.close()

    def _pause(self) -> None:
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def _resume(self) -> None:
        self._busy = False
        self._waiting = None
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _go_ahead(self, headers: tuple[tuple[bytes, bytes], ...]) -> None:
        if any(name.lower() == b"expect" and value.lower() == b"100-continue" for name, value in headers):
            self._transport.write(_CONTINUE)

    def _time_is_up(self) -> None:
        if self._closing or not self._open:
            self._transport.abort()
        elif self._reader is not None:
            self._read_tolerantly(self._reader, at_end=True)
        else:
            self._refuse(408, "the request did not end in time")
