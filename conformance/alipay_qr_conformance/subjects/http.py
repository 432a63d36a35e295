"""An adapter that is a URL: one POST a call, over connections that are kept.

`http.client` rather than `requests`: on loopback it makes three to four times as many calls a second, it
follows no redirect and reads no proxy settings, and the module is there anyway. What it lacks, a limit for
the whole exchange instead of one for every read, `_Line` adds: a server that sends a byte now and then
hangs like one that sends none.

The kit neither starts nor stops the server, and calls whatever URL the user names. A refused or broken
connection is a `Crash` without an exit status, a status other than 200 or a body that is no answer is
`Garbled`. A connection that brought trouble is closed, so that a late answer dies with it.
"""

import io
import selectors
import socket
import threading
import time
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from alipay_qr_conformance.subjects.answers import Answer, Crash, Failed, Garbled, Hang
from alipay_qr_conformance.subjects.exceptions import AdapterFault
from alipay_qr_conformance.subjects.message import LARGEST_ID, decode, encode, excerpt, too_much
from alipay_qr_conformance.subjects.transport import WINDOW, AnyCall, Bounds, Transport, moment

if TYPE_CHECKING:
    from http.client import HTTPException, HTTPResponse

    from _typeshed import ReadableBuffer as Buffer

_OK: Final = 200
_HEADERS: Final = {"Content-Type": "application/json", "Accept": "application/json"}


class HttpTransport(Transport):
    """Talks to a URL that begins with http:// or https://."""

    def __init__(self, url: str, *, bounds: Bounds | None = None) -> None:
        self._url = _Url(url)
        self._bounds = bounds or Bounds()
        self._warnings: list[str] = []
        self._broken = False
        self._last_id = 0
        self._connections: list[_Connection] = []

    @property
    def bounds(self) -> Bounds:
        """How long it waits and how much it reads."""
        return self._bounds

    @property
    def broken(self) -> bool:
        """Whether the server hung or broke a connection, and so may have lost its state."""
        return self._broken

    @property
    def warnings(self) -> list[str]:
        """What the adapter does wrong without costing a case, each told once."""
        return self._warnings

    def call_many(
        self, calls: Sequence[AnyCall], timeout: float = 10.0, window: int = WINDOW
    ) -> list[Answer | None]:
        """Make many calls over up to ``window`` connections; see `Transport.call_many`.

        Every call has a connection and a time limit of its own, so a fault has one culprit.
        """
        bodies = []
        for index, (op, args, now) in enumerate(calls):
            number = (self._last_id + index) % LARGEST_ID + 1
            bodies.append((number, encode(number, op, args, moment(now))))
        self._broken = False
        answers: list[Answer | None] = [None] * len(bodies)
        following = count()
        width = min(window, len(bodies))
        share = self._bounds.share(len(bodies))
        while len(self._connections) < width:
            self._connections.append(_Connection(self._url, self._bounds.line))

        def work(connection: _Connection) -> None:
            while not self._broken and (index := next(following)) < len(bodies):
                answers[index] = connection.post(*bodies[index], timeout, share)
                if isinstance(answers[index], Hang | Crash):
                    self._broken = True

        if width > 1:
            threads = [
                threading.Thread(target=work, args=(each,), name="http subject", daemon=True)
                for each in self._connections[:width]
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        elif width:
            work(self._connections[0])
        self._last_id = (self._last_id + len(bodies)) % LARGEST_ID
        return answers

    def restart(self) -> None:
        """Close the connections; whether the server starts again is not the kit's business."""
        self.close()
        self._broken = False

    def close(self) -> None:
        """Close the connections."""
        for connection in self._connections:
            connection.close()

    def evidence(self) -> str:
        """Return nothing: a server's log is where it runs."""
        return ""


class _Url:
    """A URL taken to pieces."""

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isascii() or " " in url:
            raise AdapterFault(
                f"{url[:200]!r} is no URL of an adapter",
                code="adapter.not-found",
                hint="write http://127.0.0.1:8000/ or the like",
            )
        self.text = url
        self.secure = parts.scheme == "https"
        self.host = parts.hostname
        self.port = port
        self.target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class _Connection:
    """One kept connection."""

    def __init__(self, url: _Url, longest: int) -> None:
        from http.client import HTTPConnection, HTTPSConnection

        self._url = url
        self._longest = longest
        make = HTTPSConnection if url.secure else HTTPConnection
        self._http = make(url.host, url.port)
        self._line: _Line | None = None

    def post(self, number: int, body: bytes, timeout: float, longest: int) -> Answer:
        """Make one exchange within ``timeout`` seconds; the answer has at most ``longest`` bytes."""
        from http.client import HTTPException, IncompleteRead

        deadline = time.monotonic() + timeout
        try:
            self._open(timeout, deadline)
            self._http.request("POST", self._url.target, body, _HEADERS)
            answer = self._read(number, self._http.getresponse(), longest)
        except TimeoutError:
            answer = Hang(timeout)
        except IncompleteRead:
            answer = _cut()
        except HTTPException as error:
            # A connection that ends before a status line is a `RemoteDisconnected`, which is both.
            answer = _gone(error) if isinstance(error, OSError) else _no_http(error)
        except OSError as error:
            answer = _gone(error)
        if isinstance(answer, Hang | Crash | Garbled):
            self.close()
        return answer

    def close(self) -> None:
        """Close it; the next exchange opens it again."""
        self._http.close()
        self._line = None

    def _open(self, timeout: float, deadline: float) -> None:
        # A server may close a kept connection between two calls. Looking before writing spares the
        # question whether a request that met a closed connection was carried out.
        if self._line is not None and (self._http.sock is None or self._line.readable()):
            self.close()
        if self._line is None:
            self._http.timeout = timeout
            self._http.connect()
            self._line = _Line(self._http.sock)
            self._http.sock = self._line
        self._line.deadline = deadline

    def _read(self, number: int, response: "HTTPResponse", longest: int) -> Answer:
        if response.status != _OK:
            start = excerpt(response.read(1000))
            return Garbled(f"status {response.status}, expected 200 for every answer; its body: {start}")
        body = response.read(longest + 1)
        if len(body) > longest:
            return too_much(longest) if longest < self._longest else _too_long(longest)
        if response.length:
            return _cut()
        came = decode(body)
        if came.id not in {number, None}:
            return Garbled(f"the answer to id {number} has id {came.id}: echo the id of the request")
        return came.answer


class _Line:
    """A socket whose reads and writes share one deadline; as much of a socket as `http.client` uses."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.deadline = 0.0

    def readable(self) -> bool:
        """Say whether something came unasked: an end of the connection, or bytes of nobody."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, selectors.EVENT_READ)
            return bool(selector.select(0))

    def sendall(self, data: bytes) -> None:
        """Send all of ``data`` within the deadline."""
        self.wait()
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return a stream for one response. Like a socket's own it outlives `close`."""
        return io.BufferedReader(_Stream(self, self._sock.makefile("rb", buffering=0)), 65536)

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def wait(self) -> None:
        """Give the next read or write the time that is left."""
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the exchange took too long")
        self._sock.settimeout(remaining)


class _Stream(io.RawIOBase):
    def __init__(self, line: _Line, raw: io.RawIOBase) -> None:
        self._line = line
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int | None:
        self._line.wait()
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._raw.close()


def _too_long(longest: int) -> Failed:
    return Garbled(f"an answer is longer than {longest} bytes")


def _cut() -> Failed:
    return Crash(None, "", "the connection ended in the middle of an answer")


def _gone(error: OSError) -> Failed:
    reason = error.strerror or str(error) or type(error).__name__
    return Crash(None, "", f"the connection failed: {reason}")


def _no_http(error: "HTTPException") -> Failed:
    return Garbled(
        f"what came back is no HTTP response: {type(error).__name__}: {excerpt(str(error).encode())}"
    )
