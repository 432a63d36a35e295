"""Values that connection and server share: request, stray bytes, time limits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from alipay_qr.wire import Request
from alipay_qr_conformance.gateway.engine.response import Answer
from alipay_qr_conformance.gateway.http.tolerant import split_target


class HttpRequest(NamedTuple):
    """A request with its path and header fields, as sent."""

    request: Request
    path: str
    headers: tuple[tuple[bytes, bytes], ...]

    def header(self, name: str) -> str:
        """Return the first value of a header field, or an empty text."""
        wanted = name.lower().encode("latin-1")
        return next((value for each, value in self.headers if each.lower() == wanted), b"").decode("latin-1")


def to_http_request(
    method: str, target: bytes, headers: tuple[tuple[bytes, bytes], ...], body: bytes, refused: str = ""
) -> HttpRequest:
    """Return a request of its parts; ``refused`` says what a strict parser found wrong with it."""
    path, query = split_target(target)
    content_type = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    request = Request(method, query, body, content_type.decode("latin-1"), target, refused)
    return HttpRequest(request, path, headers)


class Later(NamedTuple):
    """An answer that another thread makes: ``then`` takes what is to be done with it, in any thread."""

    then: Callable[[Callable[["Answer | Stream"], None]], None]


class Stream(NamedTuple):
    """An answer without an end: ``read`` returns what is new, in the server's thread.

    It is asked every ``pause`` seconds, unless the client is slow to take what it was given before.
    """

    read: Callable[[], bytes]
    pause: float
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()


class Stray(NamedTuple):
    """Bytes that reached no handler; ``sent`` holds the first 4 KiB of them."""

    reason: str
    sent: bytes


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in seconds: for a head, for a body, idle between requests."""

    head: float = 10.0
    body: float = 30.0
    idle: float = 75.0


Release = Callable[[bool], None]
"""Lets a held answer go; told whether what it acknowledges was kept."""


class Abortable(Protocol):
    """A connection, as the server sees it."""

    def abort(self) -> None:
        """End the connection at once."""
        ...


class Host:
    """The server as its connections see it.

    Where there is a ``hold``, every answer of a handler waits for it.
    """

    __slots__ = ("connections", "hold", "respond", "stray", "timeouts")

    def __init__(
        self,
        respond: Callable[[HttpRequest], Answer | Stream | Later],
        stray: Callable[[Stray], None],
        timeouts: Timeouts,
        hold: Callable[[Release], None] | None = None,
    ) -> None:
        self.respond = respond
        self.stray = stray
        self.timeouts = timeouts
        self.hold = hold
        self.connections: set[Abortable] = set()
