"""The sandbox put together: engine, memory, server, notifier, witness and control API.

    with Sandbox(Settings(db=Path("gateway.db"))) as sandbox:
        print(sandbox.gateway_url)

An answer leaves when the memory has kept what it acknowledges; a notification when its trade is kept.
"""

import gc
import json
import secrets
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from alipay_qr.ledger import DAY_LONG_TERMS, GRACE_TERMS, SEED_TERMS
from alipay_qr_conformance.gateway import (
    SCHEDULES,
    Answer,
    Delivery,
    Engine,
    HttpRequest,
    MemoryStore,
    Notifier,
    Post,
    Server,
    SqliteStore,
)
from alipay_qr_conformance.gateway.http.tls import LOOPBACK_NAMES, make_tls
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.sandbox.clock import Clock
from alipay_qr_conformance.sandbox.control import PREFIX, Control
from alipay_qr_conformance.sandbox.request_log import Expected, LoggedRequest, Witness

PATHS: Final = ("/gateway.do", "/cooperate/gateway.do")
CANCEL_WINDOWS: Final = {"day": SEED_TERMS, "day+15min": GRACE_TERMS, "24h": DAY_LONG_TERMS}
"""The seed's rule, and the variants of two other documents; see `Terms`."""


def _silence(_: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a sandbox is asked to be.

    Args:
        host, port: where to listen; port 0 lets the system choose.
        db: the file of its memory; None keeps it in memory alone.
        seed: decides every id; None is 0, or what the file was made with.
        time_scale: how many times faster than published notifications are repeated.
        schedule: ``web`` or ``help``, the two published schedules.
        tls: serve https with a certificate authority of its own.
        ca_file: where to write what must be trusted then; a temporary file by default.
        notify_hosts: hosts beside loopback that notifications may go to.
        profile: ``global`` or ``hk``.
        cancel_window: a name of `CANCEL_WINDOWS`: until when a payment can be cancelled.
        expected: what the shop is known to be configured with.
    """

    host: str = "127.0.0.1"
    port: int = 0
    db: Path | None = None
    seed: int | None = None
    time_scale: float = 1.0
    schedule: str = "web"
    tls: bool = False
    ca_file: Path | None = None
    notify_hosts: frozenset[str] = frozenset()
    profile: str = "global"
    cancel_window: str = "day"
    expected: Expected | None = None


def settle() -> None:
    """Prepare a process that serves one sandbox, started already, and does nothing else.

    What its file held stays for good, so the garbage collector need not walk over it again; and since hardly
    anything here refers to itself in a circle, it need not look often. Each look stops all answers.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class Sandbox:
    """A gateway to point a shop at; see the module's docstring.

    Args:
        settings: what it is asked to be.
        keys: the account that it serves; the published test account by default.
        engine: one that is made already, instead of one for ``keys``.
        on_request, on_notification: called after each, in the server's and the notifier's thread.

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
    ) -> None:
        self.settings = settings or Settings()
        self.keys = keys or TestKeys()
        self.clock = Clock()
        self.token = secrets.token_urlsafe(24)
        self.ca_file: Path | None = None
        self._on_request = on_request
        self._exit = ExitStack()
        self._store: SqliteStore | MemoryStore = MemoryStore()
        seed = self.settings.seed or 0
        if self.settings.db is not None and engine is None:
            self._store = file = SqliteStore(self.settings.db, self.settings.seed)
            self._exit.callback(file.close)
            seed = file.seed
        self.engine = engine or self._engine(seed)
        expected = self.settings.expected or Expected(profile=self.settings.profile)
        self.witness = Witness(self.keys, expected)
        self.notifier = Notifier(
            self.engine.outbox,
            schedule=SCHEDULES[self.settings.schedule],
            time_scale=self.settings.time_scale,
            post=Post(self.settings.notify_hosts),
            told=on_notification,
        )
        self.server = self._server()

    def start(self) -> Self:
        """Listen, and take up the notifications that are pending.

        Raises:
            OSError: the address cannot be had.
        """
        for path in PATHS:
            self.server.mount_http(path, self._handle)
        self.server.mount_http("/health", self._health)
        self.server.mount_http(PREFIX, Control(self))
        try:
            self.server.start()
        except OSError:
            self._exit.close()
            raise
        self._exit.callback(self.server.stop)
        self.notifier.start()
        self._exit.callback(self.notifier.stop)
        return self

    def stop(self) -> None:
        """Stop listening and carrying, and let go of the file; all that was acknowledged is kept."""
        self._exit.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def gateway_url(self) -> str:
        """What to put into a merchant's configuration."""
        return self.server.base_url + PATHS[0]

    @property
    def control_url(self) -> str:
        """Where the control API is."""
        return self.server.base_url + PREFIX

    def reset(self) -> None:
        """Forget all trades, requests, faults and notifications, and return to real time."""
        self.engine.reset()
        self.witness.forget()
        self.clock.real()

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
            announce=True,
            keep=100,
        )

    def _server(self) -> Server:
        settings = self.settings
        context = None
        if settings.tls:
            names = dict.fromkeys((*LOOPBACK_NAMES, *([settings.host] if settings.host != "0.0.0.0" else [])))  # noqa: S104
            made = make_tls(list(names))
            context = made.context
            self.ca_file = settings.ca_file or self._temporary("alipay-qr-ca.pem")
            self.ca_file.write_bytes(made.ca_pem)
        return Server(ssl_context=context, commit=self.engine.commit, host=settings.host, port=settings.port)

    def _temporary(self, name: str) -> Path:
        folder = tempfile.TemporaryDirectory(prefix="alipay-qr-")
        self._exit.callback(folder.cleanup)
        return Path(folder.name) / name

    def _handle(self, http: HttpRequest) -> Answer:
        answer = self.engine.handle(http.request, self.clock())
        self._on_request(self.witness.see(self.engine.records[-1]))
        return answer

    def _health(self, _: HttpRequest) -> Answer:
        told = {"status": "ok", "trades": len(self.engine.trades.all()), "time": self.clock().isoformat()}
        return Answer(json.dumps(told).encode(), content_type="application/json")
