"""What the fixtures of the pytest plugin hand out: a gateway that judges, for a merchant's own tests."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from alipay_qr_conformance.gateway import Engine, Fault, Record
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.rules.request import Breach
from alipay_qr_conformance.sandbox import Sandbox, Settings
from alipay_qr_conformance.sandbox.request_log import Expected

if TYPE_CHECKING:
    from alipay_qr.merchant import Merchant
    from alipay_qr_conformance.sandbox import ControlClient

NOTIFY_URL = "https://merchant.example/alipay/notify"


class GatewayFixture:
    """A simulated gateway on loopback that records and judges every request.

    Attributes:
        url: what to put into the merchant's configuration as the gateway URL.
        now: the gateway's clock; None (the default) is real time. Set it to move time.
        engine: the simulated Alipay side, with all that it can do.
        control: the same over HTTP, for a test that drives a shop in another process.
    """

    def __init__(self, sign_type: str = "MD5", charset: str = "UTF-8") -> None:
        self.keys = TestKeys()
        self.sign_type = sign_type
        self.charset = charset
        md5 = sign_type == "MD5"
        self.engine = Engine(
            partner=self.keys.partner,
            md5_key=self.keys.md5_key if md5 else None,
            merchant_public_key=None if md5 else self.keys.merchant_public(sign_type),
            alipay_private_key=None if md5 else self.keys.alipay_private(sign_type),
            strict=True,
            announce=True,
        )
        settings = Settings(expected=Expected(sign_type, charset))
        self._sandbox = Sandbox(settings, self.keys, engine=self.engine)

    def __enter__(self) -> Self:
        self._sandbox.start()
        return self

    def __exit__(self, *_: object) -> None:
        if "control" in vars(self):
            self.control.close()
        self._sandbox.stop()

    @property
    def url(self) -> str:
        """The gateway's address."""
        return self._sandbox.gateway_url

    @cached_property
    def control(self) -> "ControlClient":
        """A client of the gateway's control API."""
        from alipay_qr_conformance.sandbox import ControlClient

        return ControlClient(self._sandbox.control_url, self._sandbox.token)

    @property
    def now(self) -> datetime | None:
        """The moment that the gateway's clock stands at; None while it runs."""
        return self._sandbox.clock.still

    @now.setter
    def now(self, at: datetime | None) -> None:
        if at is None:
            self._sandbox.clock.real()
        else:
            self._sandbox.clock.stand(at)

    @property
    def requests(self) -> list[Record]:
        """Every request since the test began, oldest first."""
        return self.engine.records

    @property
    def findings(self) -> list[Breach]:
        """Every rule that a request of this test broke."""
        return [breach for logged in self._sandbox.log.entries for breach in logged.breaches]

    def reset(self) -> None:
        """Forget all trades, requests, notifications and faults, and return to real time."""
        self._sandbox.reset()

    def merchant(self) -> "Merchant":
        """Return the reference merchant, configured for this gateway."""
        from alipay_qr.account import account
        from alipay_qr.merchant import Merchant

        settings = self.keys.settings(self.sign_type)
        ours = account(
            self.keys.partner,
            sign_type=self.sign_type,
            charset=self.charset,
            md5_key=settings["md5_key"],
            private_key=settings["merchant_private_key"]["pkcs8_pem"],
            alipay_public_key=settings["alipay_public_key"]["pem"],
        )
        return Merchant(ours, self.url, NOTIFY_URL, clock=self._sandbox.clock, allow_http=True)

    def pay(
        self, qrcode: str | None, total_fee: str, currency: str, *, out_trade_no: str | None = None
    ) -> str:
        """Let a customer pay a code; return the ``out_trade_no`` that Alipay chose.

        A code that was made with a ``notify_url`` on this machine gets its notification.
        """
        number = self.engine.pay(
            qrcode, total_fee, currency, self._sandbox.clock(), out_trade_no=out_trade_no
        )
        self.engine.commit()
        return number

    def notification(
        self, out_trade_no: str, overrides: Mapping[str, str | None] | None = None
    ) -> tuple[bytes, str]:
        """Return body and content type of the signed notification about a trade."""
        return self.engine.notifications.make(
            out_trade_no,
            self._sandbox.clock(),
            sign_type=self.sign_type,
            charset=self.charset,
            overrides=dict(overrides or {}),
        )

    def inject(self, fault: Fault) -> None:
        """Let the next matching request meet a fault."""
        self.engine.inject(fault)
