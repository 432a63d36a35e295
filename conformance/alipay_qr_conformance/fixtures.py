"""What the fixtures of the pytest plugin hand out: a gateway that judges, for a merchant's own tests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from alipay_qr.gateway import Answer, Engine, Fault, Record, Server
from alipay_qr.wire import Request
from alipay_qr_conformance.keyring import Keyring
from alipay_qr_conformance.rules import Breach, Sent, judge

if TYPE_CHECKING:
    from alipay_qr.merchant import Merchant

NOTIFY_URL = "https://merchant.example/alipay/notify"


class GatewayFixture:
    """A simulated gateway on loopback that records and judges every request.

    Attributes:
        url: what to put into the merchant's configuration as the gateway URL.
        now: the gateway's clock; None (the default) is real time. Set it to move time.
        engine: the simulated Alipay side, with all that it can do.
    """

    def __init__(self, sign_type: str = "MD5", charset: str = "UTF-8") -> None:
        self.keys = Keyring()
        self.sign_type = sign_type
        self.charset = charset
        self.now: datetime | None = None
        self._server = Server()
        self.engine = self._engine()

    def __enter__(self) -> Self:
        self._server.start()
        self._server.mount("/gateway.do", self._handle)
        self._server.mount("/cooperate/gateway.do", self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        """The gateway's address."""
        return self._server.base_url + "/gateway.do"

    @property
    def requests(self) -> list[Record]:
        """Every request since the test began, oldest first."""
        return self.engine.records

    @property
    def findings(self) -> list[Breach]:
        """Every rule that a request of this test broke."""
        return [breach for record in self.requests for breach in judge(self._sent(record))]

    def reset(self) -> None:
        """Forget all trades, requests and faults, and return to real time."""
        self.now = None
        self.engine = self._engine()

    def merchant(self) -> "Merchant":
        """Return the reference merchant, configured for this gateway."""
        from alipay_qr.account import test_account
        from alipay_qr.merchant import Merchant

        account = test_account(self.sign_type, self.charset)
        return Merchant(account, self.url, NOTIFY_URL, clock=self._clock, allow_http=True)

    def pay(
        self, qrcode: str | None, total_fee: str, currency: str, *, out_trade_no: str | None = None
    ) -> str:
        """Let a customer pay a code; return the ``out_trade_no`` that Alipay chose."""
        return self.engine.pay(qrcode, total_fee, currency, self._clock(), out_trade_no=out_trade_no)

    def notification(
        self, out_trade_no: str, overrides: Mapping[str, str | None] | None = None
    ) -> tuple[bytes, str]:
        """Return body and content type of the signed notification about a trade."""
        return self.engine.notification(
            out_trade_no,
            self._clock(),
            sign_type=self.sign_type,
            charset=self.charset,
            overrides=dict(overrides or {}),
        )

    def inject(self, fault: Fault) -> None:
        """Let the next matching request meet a fault."""
        self.engine.inject(fault)

    def _engine(self) -> Engine:
        md5 = self.sign_type == "MD5"
        return Engine(
            partner=self.keys.partner,
            md5_key=self.keys.md5_key if md5 else None,
            merchant_public_key=None if md5 else self.keys.merchant_public(self.sign_type),
            alipay_private_key=None if md5 else self.keys.alipay_private(self.sign_type),
            strict=True,
        )

    def _handle(self, request: Request) -> Answer:
        return self.engine.handle(request, self._clock())

    def _clock(self) -> datetime:
        return self.now or datetime.now(UTC)

    def _sent(self, record: Record) -> Sent:
        return Sent(
            request=record.request,
            reading=record.reading,
            partner=self.keys.partner,
            sign_type=self.sign_type,
            charset=self.charset,
            now=record.at,
            verifier=self.keys.request_verifier(self.sign_type),
        )
