"""The sandbox put together: engine, store, server, notifier, log and control API.

    with Sandbox(Settings(db=Path("gateway.db"))) as sandbox:
        print(sandbox.gateway_url)

An answer leaves when the memory has kept what it acknowledges; a notification when its trade is kept.
"""

import gc
import json
import secrets
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from alipay_qr_conformance.gateway import (
    SCHEDULES,
    Answer,
    Delivery,
    Dialect,
    Engine,
    HttpRequest,
    MemoryStore,
    Notifier,
    Post,
    Server,
    SqliteStore,
)
from alipay_qr_conformance.gateway.http.gatekeeper import ALIPAY_HOSTS
from alipay_qr_conformance.gateway.http.tls import LOOPBACK_NAMES, make_tls
from alipay_qr_conformance.model.files import write_file
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.sandbox.clock import Clock
from alipay_qr_conformance.sandbox.console import Console
from alipay_qr_conformance.sandbox.control import Control
from alipay_qr_conformance.sandbox.explaining import Explaining
from alipay_qr_conformance.sandbox.journal import Journal
from alipay_qr_conformance.sandbox.request_log import Expected, LoggedRequest, RequestLog
from alipay_qr_conformance.sandbox.state import (
    CANCEL_WINDOWS,
    CONSOLE_PATH,
    CONTROL_PATH,
    PATHS,
    Settings,
    State,
)

_TURN: Final = 0.0005
"""Seconds after which a thread that reckons lets another one go on."""


def _new_token() -> str:
    return secrets.token_urlsafe(24)


def _silence(_: object) -> None:
    """Tell nobody."""


def settle() -> None:
    """Tune a process that serves one started sandbox and does nothing else.

    What its file held stays for good, so the garbage collector need not walk over it again; and since hardly
    anything here refers to itself in a circle, it need not look often. Each look stops all answers. The
    thread that answers waits only for moments until the others let it go on.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    sys.setswitchinterval(_TURN)


class Sandbox:
    """A gateway to point a shop at; see the module's docstring.

    Args:
        settings: what it is asked to be.
        keys: the account that it serves; the published test account by default.
        engine: one that is made already, instead of one for ``keys``.
        on_request, on_notification: called after each, in the server's and the notifier's thread.
        on_failure: called with each exception inside the server or the notifier, in its thread.

    Raises:
        StoreError: the file cannot be used (at once); see `SqliteStore`.
        OSError: the port cannot be had (at the start).
    """

    def __init__(
        self,
        settings: Settings | None = None,
        keys: TestKeys | None = None,
        *,
        engine: Engine | None = None,
        on_request: Callable[[LoggedRequest], None] = _silence,
        on_notification: Callable[[Delivery], None] = _silence,
        on_failure: Callable[[BaseException], None] = _silence,
    ) -> None:
        self.settings = settings or Settings()
        self.keys = keys or TestKeys()
        self.clock = Clock()
        self.token = _new_token()
        self.ca_file: Path | None = None
        self._on_request = on_request
        self._on_failure = on_failure
        self._exit = ExitStack()
        self._store: SqliteStore | MemoryStore = MemoryStore()
        seed = self.settings.seed or 0
        if self.settings.db is not None and engine is None:
            self._store = file = SqliteStore(
                self.settings.db, self.settings.seed, durable=self.settings.durable
            )
            self._exit.callback(file.close)
            seed = file.seed
            self.token = file.secret(_new_token)
        self.engine = engine or self._engine(seed)
        expected = self.settings.expected or Expected(profile=self.settings.profile)
        self.log = RequestLog(self.keys, expected, count=self.engine.handled)
        self.notifier = Notifier(
            self.engine.outbox,
            schedule=SCHEDULES[self.settings.schedule],
            time_scale=self.settings.time_scale,
            post=Post(self.settings.notify_hosts, query_in_body=self.engine.dialect.query_in_body),
            clock=self.clock,
            told=on_notification,
            failed=on_failure,
        )
        self.server = self._server()
        self.journal = Journal()
        self.engine.watch(self.journal.note)
        self.state = State(
            settings=self.settings,
            keys=self.keys,
            token=self.token,
            engine=self.engine,
            clock=self.clock,
            log=self.log,
            server=self.server,
            journal=self.journal,
            explaining=Explaining(self.journal),
            ca_file=self.ca_file,
        )

    def start(self) -> Self:
        """Listen, and take up the notifications that are pending.

        Raises:
            OSError: the address cannot be had.
        """
        for path in PATHS:
            self.server.mount_http(path, self._handle)
        self.server.mount_http("/health", self._health)
        self.server.mount_http(CONTROL_PATH, Control(self.state), own_pages=True, apart=True)
        if self.settings.console:
            self.server.mount_http(CONSOLE_PATH, Console(self.state), own_pages=True, apart=True)
            self.server.mount_http("/", self._root)
        try:
            self.server.start()
        except OSError:
            self._exit.close()
            raise
        self._exit.callback(self.log.diagnoses.close)
        self._exit.callback(self.state.explaining.close)
        self._exit.callback(self.server.stop)
        self.notifier.start()
        self._exit.callback(self.notifier.stop)
        return self

    def stop(self) -> None:
        """Stop, and let go of the file; all that was acknowledged is kept."""
        self._exit.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def gateway_url(self) -> str:
        """The address for a merchant's configuration."""
        return self.state.gateway_url

    @property
    def control_url(self) -> str:
        """The address of the control API."""
        return self.state.control_url

    def reset(self) -> None:
        """Forget all trades, requests, faults and notifications, and return to real time."""
        self.state.reset()

    def _engine(self, seed: int) -> Engine:
        return Engine(
            partner=self.keys.partner,
            md5_key=self.keys.md5_key,
            merchant_public_key=self.keys.merchant_public("RSA"),
            alipay_private_key=self.keys.alipay_private("RSA"),
            seed=seed,
            profile=self.settings.profile,
            terms=CANCEL_WINDOWS[self.settings.cancel_window],
            store=self._store,
            dialect=Dialect().but(self.settings.variants),
            announce=True,
            keep=100,
        )

    def _server(self) -> Server:
        settings = self.settings
        context = None
        if settings.tls:
            own = [settings.host] if settings.host != "0.0.0.0" else []  # noqa: S104
            made = make_tls(list(dict.fromkeys((*LOOPBACK_NAMES, *own, *ALIPAY_HOSTS))))
            context = made.context
            self.ca_file = settings.ca_file or self._temporary("alipay-qr-ca.pem")
            write_file(self.ca_file, made.ca_pem)
        return Server(
            ssl_context=context,
            commit=self.engine.commit,
            host=settings.host,
            port=settings.port,
            failed=self._on_failure,
        )

    def _temporary(self, name: str) -> Path:
        folder = tempfile.TemporaryDirectory(prefix="alipay-qr-")
        self._exit.callback(folder.cleanup)
        return Path(folder.name) / name

    def _handle(self, http: HttpRequest) -> Answer:
        answer = self.engine.handle(http.request, self.clock())
        logged = self.log.add(self.engine.records[-1])
        self.journal.note("request", str(logged.number))
        if logged.record.fault:
            self.journal.note("fault")
        self._on_request(logged)
        return answer

    def _root(self, http: HttpRequest) -> Answer:
        if http.path in {"", "/"}:
            return Answer(b"", 302, "text/plain", location=CONSOLE_PATH)
        return self.server.nothing_here(http)

    def _health(self, _: HttpRequest) -> Answer:
        told = {"status": "ok", "trades": len(self.engine.trades.all()), "time": self.clock().isoformat()}
        return Answer(json.dumps(told).encode(), content_type="application/json")
