"""A loopback HTTP server in a thread: handlers below paths of their own.

    with Server() as server:
        url = server.mount("/gateway.do", lambda request: engine.handle(request, clock()))

A handler takes a `Request` (or, by `Server.mount_http`, an `HttpRequest` with its header fields) and gives
an `Answer`. Handlers run one at a time in the server's thread and must not wait: an answer that should come
late says so in `Answer.delay`, and other connections go on. One that was mounted ``apart`` works in a thread
beside, and may take its time. A handler that raises is answered with 500; its
exception waits in `Server.errors` for the owner. What no handler stands for waits in `Server.strays`. Pages
in a browser are answered with 403 (`gatekeeper`) before any handler is asked.

With ``commit``, answers that are ready in one turn of the loop wait for one call of it: what a client reads
was kept. If it raises, those clients read status 500 instead.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Final, Self

from alipay_qr.wire import Request
from alipay_qr_conformance.gateway.engine.response import Answer
from alipay_qr_conformance.gateway.http.api import Host, HttpRequest, Later, Release, Stray, Stream, Timeouts
from alipay_qr_conformance.gateway.http.connection import Connection
from alipay_qr_conformance.gateway.http.gatekeeper import Gatekeeper

Handler = Callable[[Request], Answer]
HttpHandler = Callable[[HttpRequest], Answer | Stream]

_LOOPBACK: Final = "127.0.0.1"
_KEPT: Final = 100
_MAX_SEGMENTS: Final = 16
_MOST_HELD: Final = 64
_BESIDE: Final = 8


class Server:
    """A server; by default on 127.0.0.1, at a port that the system chooses.

    Args:
        ssl_context: serve https with it.
        timeouts: for heads, bodies and idle connections.
        commit: called before answers leave, once for all that are ready.
        host: the address to listen on; others than loopback are the caller's own risk.
        port: 0 lets the system choose.
        failed: called with every exception of a handler or a commit, in the server's thread.

    ``errors`` and ``strays`` keep the last 100 of each.
    """

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext | None = None,
        timeouts: Timeouts | None = None,
        commit: Callable[[], None] | None = None,
        host: str = _LOOPBACK,
        port: int = 0,
        failed: Callable[[BaseException], None] = lambda _: None,
    ) -> None:
        self._failed = failed
        self.errors: list[BaseException] = []
        self.strays: list[Stray] = []
        self._ssl_context = ssl_context
        self._address = (host, port)
        self._commit = commit
        self._held: list[Release] = []
        self._host = Host(
            self._respond, self._stray, timeouts or Timeouts(), self._hold if commit is not None else None
        )
        self._gatekeeper = Gatekeeper(host, "https" if ssl_context else "http")
        self._mounts: dict[str, HttpHandler] = {}
        self._own_pages: set[HttpHandler] = set()
        self._apart: set[HttpHandler] = set()
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopped = asyncio.Event()
        self._port = 0

    def start(self) -> Self:
        """Listen and serve; returns when the first connection would be answered.

        Raises:
            RuntimeError: the server runs already.
            OSError: the address cannot be had; another program may listen there.
        """
        if self._loop is not None:
            raise RuntimeError("the server runs already")
        listener = socket.create_server(self._address, backlog=256)
        self._port = listener.getsockname()[1]
        self._stopped = asyncio.Event()
        self._loop = loop = new_loop()
        loop.set_exception_handler(self._unexpected)
        # The socket listens from here on: a connection waits in its backlog until the thread is there.
        self._thread = threading.Thread(
            target=self._run, args=(loop, listener), name=f"gateway:{self._port}", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close every connection and end the thread; do nothing if that has happened."""
        with self._lock:
            loop, self._loop = self._loop, None
            thread, self._thread = self._thread, None
        if loop is None or thread is None:
            return
        # An event stays set: `loop.stop` would be lost on a thread that has not begun to serve yet.
        loop.call_soon_threadsafe(self._stopped.set)
        thread.join()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def __enter__(self) -> Self:
        return self if self._loop is not None else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """The address without a path, such as ``http://127.0.0.1:40001``.

        Raises:
            RuntimeError: the server has never been started.
        """
        if not self._port:
            raise RuntimeError("start the server first: it has no port yet")
        host = self._address[0]
        shown = _LOOPBACK if host in {"", "0.0.0.0"} else host  # noqa: S104 (compared, not bound)
        return f"{'https' if self._ssl_context else 'http'}://{shown}:{self._port}"

    def mount(self, prefix: str, handler: Handler) -> str:
        """Let ``handler`` answer ``prefix`` and below; return the URL, as `mount_http`."""
        return self.mount_http(prefix, lambda http: handler(http.request))

    def mount_http(
        self, prefix: str, handler: HttpHandler, *, own_pages: bool = False, apart: bool = False
    ) -> str:
        """Let ``handler`` answer ``prefix`` and below, with the header fields.

        With ``own_pages`` it also answers pages that this server gave out; no others in any case. With
        ``apart`` it runs in another thread, beside the others and itself.

        Of several prefixes the longest counts; ``"/"`` takes what no other does. An earlier handler of the
        same prefix is replaced. Any thread may mount and unmount at any time.

        Returns:
            The URL of the prefix; an empty text if the server has not been started yet.

        Raises:
            ValueError: the prefix does not begin with a slash.
        """
        key = _key(prefix)
        with self._lock:
            self._mounts = {**self._mounts, key: handler}
            if own_pages:
                self._own_pages.add(handler)
            if apart:
                self._apart.add(handler)
        return f"{self.base_url}{key}" if self._port else ""

    def unmount(self, prefix: str) -> None:
        """Take the handler of a prefix away; requests to it are strays from now on.

        Raises:
            ValueError: the prefix does not begin with a slash.
        """
        key = _key(prefix)
        with self._lock:
            self._mounts = {each: handler for each, handler in self._mounts.items() if each != key}

    def nothing_here(self, http: HttpRequest) -> Answer:
        """Answer a request that nobody stands for, and keep it as a stray."""
        self._stray(Stray("no handler is mounted at this path", http.request.target[:4096]))
        return Answer(b"nothing is mounted at this path\n", 404, "text/plain")

    # --- the server's thread ------------------------------------------------------------------------

    def _run(self, loop: asyncio.AbstractEventLoop, listener: socket.socket) -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(
            loop.create_server(lambda: Connection(self._host), sock=listener, ssl=self._ssl_context)
        )
        try:
            loop.run_until_complete(self._stopped.wait())
        finally:
            server.close()
            loop.run_until_complete(self._abort_all())
            asyncio.set_event_loop(None)
            loop.close()

    async def _abort_all(self) -> None:
        """End every connection, also one that is still being accepted."""
        accepting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in accepting:
            task.cancel()
        await asyncio.gather(*accepting, return_exceptions=True)
        for connection in list(self._host.connections):
            connection.abort()
        for _ in range(3):  # closing a TLS connection takes a turn of the loop for each layer
            await asyncio.sleep(0)

    def _respond(self, http: HttpRequest) -> Answer | Stream | Later:
        """Ask the handler with the longest prefix; keep what it raises for the owner."""
        mounts = self._mounts
        path = "/".join(http.path.split("/", _MAX_SEGMENTS)[:_MAX_SEGMENTS]).rstrip("/")
        while (handler := mounts.get(path)) is None and path:
            path = path.rpartition("/")[0]
        if refusal := self._gatekeeper.refusal(http, own_page=handler in self._own_pages):
            self._stray(Stray(refusal, http.request.target[:4096]))
            return Answer(f"{refusal}\n".encode(), 403, "text/plain")
        if handler is None:
            return self.nothing_here(http)
        if handler not in self._apart:
            return self._handled(handler, http)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_BESIDE, thread_name_prefix=f"gateway:{self._port}:beside")
        submit, work = self._pool.submit, partial(self._handled, handler, http)
        return Later(lambda done: _ignore(submit(lambda: done(work()))))

    def _handled(self, handler: HttpHandler, http: HttpRequest) -> Answer | Stream:
        try:
            return handler(http)
        except Exception as error:  # noqa: BLE001 (a handler may raise anything; its owner is told)
            self._remember(error)
            return Answer(b"the handler failed\n", 500, "text/plain")

    def _hold(self, release: Release) -> None:
        """Keep an answer until the commit, after all requests that have arrived."""
        self._held.append(release)
        if len(self._held) == 1 and self._loop is not None:
            self._loop.call_soon(self._commit_or_wait, 0)

    def _commit_or_wait(self, before: int) -> None:
        """Commit once a turn of the loop brought nothing new, or enough."""
        if before < len(self._held) < _MOST_HELD and self._loop is not None:
            self._loop.call_soon(self._commit_or_wait, len(self._held))
        else:
            self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, []
        kept = False
        try:
            assert self._commit is not None  # noqa: S101 (answers are held for it alone)
            self._commit()
            kept = True
        except Exception as error:  # noqa: BLE001 (whatever it is, nothing may be acknowledged)
            self._remember(error)
        for release in held:
            release(kept)

    def _stray(self, stray: Stray) -> None:
        self.strays.append(stray)
        del self.strays[:-_KEPT]

    def _remember(self, error: BaseException) -> None:
        self.errors.append(error)
        del self.errors[:-_KEPT]
        self._failed(error)

    def _unexpected(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        self._remember(
            error if isinstance(error, BaseException) else RuntimeError(str(context.get("message")))
        )


def _ignore(_: object) -> None:
    """Want nothing of it: what could be raised has become an answer."""


def _key(prefix: str) -> str:
    if not prefix.startswith("/"):
        raise ValueError(f"prefix {prefix[:80]!r} does not begin with a slash")
    return prefix.rstrip("/")


def new_loop() -> asyncio.AbstractEventLoop:
    """Return a new event loop: uvloop's where it is installed (the extra ``fast``).

    Both serve alike; uvloop takes a third of the time for what is not the gateway's own work.
    """
    try:
        import uvloop
    except ImportError:
        return asyncio.SelectorEventLoop()
    return uvloop.new_event_loop()
