"""Values of a running sandbox: its settings, and what its parts share."""

import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from alipay_qr.ledger import DAY_LONG_TERMS, GRACE_TERMS, SEED_TERMS
from alipay_qr_conformance.gateway import Engine, Server
from alipay_qr_conformance.gateway.store.sqlite import Durable
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.sandbox.clock import Clock
from alipay_qr_conformance.sandbox.explaining import Explaining
from alipay_qr_conformance.sandbox.journal import Journal
from alipay_qr_conformance.sandbox.request_log import Expected, RequestLog

PATHS: Final = ("/gateway.do", "/cooperate/gateway.do")
CONTROL_PATH: Final = "/control"
CONSOLE_PATH: Final = "/console"
CANCEL_WINDOWS: Final = {"day": SEED_TERMS, "day+15min": GRACE_TERMS, "24h": DAY_LONG_TERMS}
"""The seed's rule, and the variants of two other documents; see `Terms`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a sandbox.

    Args:
        host, port: where to listen; port 0 lets the system choose.
        db: the file of its memory; None keeps it in memory alone.
        durable: ``process`` or ``full``; see `SqliteStore`.
        seed: decides every id; None is 0, or what the file was made with.
        time_scale: how many times faster than published notifications are repeated.
        schedule: a name of `SCHEDULES`, the published ones.
        tls: serve https with a certificate authority of its own.
        ca_file: where to write what must be trusted then; a temporary file by default.
        notify_hosts: hosts beside loopback that notifications may go to.
        profile: ``global`` or ``hk``.
        cancel_window: a name of `CANCEL_WINDOWS`: until when a payment can be cancelled.
        variants: names of `VARIANTS`: other genuine forms in which it writes.
        expected: what the shop is known to be configured with.
        console: serve the page for a browser.
    """

    host: str = "127.0.0.1"
    port: int = 0
    db: Path | None = None
    durable: Durable = "process"
    seed: int | None = None
    time_scale: float = 1.0
    schedule: str = "web"
    tls: bool = False
    ca_file: Path | None = None
    notify_hosts: frozenset[str] = frozenset()
    profile: str = "global"
    cancel_window: str = "day"
    variants: tuple[str, ...] = ()
    expected: Expected | None = None
    console: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """A running sandbox for its parts; ``ca_file`` is what https clients must trust."""

    settings: Settings
    keys: TestKeys
    token: str
    engine: Engine
    clock: Clock
    log: RequestLog
    server: Server
    journal: Journal
    explaining: Explaining
    ca_file: Path | None = None

    @property
    def gateway_url(self) -> str:
        """The address for a merchant's configuration."""
        return self.server.base_url + PATHS[0]

    @property
    def control_url(self) -> str:
        """The address of the control API."""
        return self.server.base_url + CONTROL_PATH

    @property
    def console_url(self) -> str:
        """The link to the page, with its token in the fragment, which no browser sends."""
        return f"{self.server.base_url}{CONSOLE_PATH}#{self.token}"

    def pay_url(self, qrcode: str) -> str:
        """Return the link to a code's wallet page."""
        name = quote(qrcode.rpartition("/")[2], safe="")
        return f"{self.server.base_url}{CONSOLE_PATH}/pay/{name}#{self.pay_secret(qrcode)}"

    def pay_secret(self, qrcode: str) -> str:
        """Return what lets one code be paid, and nothing else."""
        return hmac.new(self.token.encode(), f"pay {qrcode}".encode(), "sha256").hexdigest()[:32]

    def reset(self) -> None:
        """Forget all trades, requests, faults and notifications, and return to real time."""
        self.engine.reset()
        self.log.forget()
        self.clock.real()
        self.journal.note("reset")
