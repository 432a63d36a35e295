"""The bundled subject: the reference merchant behind the adapter protocol.

`ReferenceAdapter` has one method per operation and translates only: texts into values on the way in,
values into texts on the way out, the merchant's refusals into `Refused`. Whoever writes an adapter in
another language can read it as a model. It judges nothing.
"""

import base64
import binascii
import os
import platform
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from alipay_qr.account import (
    TEST_ALIPAY_PUBLIC_KEY,
    TEST_MD5_KEY,
    TEST_PARTNER,
    TEST_PRIVATE_KEY_PHP,
    Account,
    account,
)
from alipay_qr.errors import AlipayQrError
from alipay_qr.merchant import MemoryStore, Merchant, Outcome
from alipay_qr.merchant.notification import verified as verified_notification
from alipay_qr.merchant.outcome import verified as verified_response
from alipay_qr.money import format_amount
from alipay_qr.presign import codec, presign
from alipay_qr.signing import SIGN_TYPES, sign_params, verify_params
from alipay_qr.wire import read_response
from alipay_qr_conformance.subjects.exceptions import Refused, Unsupported

CHARSETS: Final = ("UTF-8", "GBK", "GB2312")
CONNECT_SECONDS: Final = 3.0
OPERATIONS: Final = (
    "hello",
    "configure",
    "reset",
    "presign",
    "sign",
    "verify",
    "expect",
    "create_qr_code",
    "cancel",
    "refund",
    "notify",
    "trade",
)

Pairs = Sequence[Sequence[Any]]

_now: ContextVar[datetime | None] = ContextVar("now", default=None)


class ReferenceAdapter:
    """The reference merchant as a Python subject; its only clock is the ``now`` of each call.

    Before ``configure`` it has the published test credentials, and no gateway to send to.
    """

    def __init__(self) -> None:
        self._store = MemoryStore()
        self._settings: Mapping[str, Any] = _UNCONFIGURED
        self._account = _account(_UNCONFIGURED, "MD5", "UTF-8")
        self._merchant: Merchant | None = None
        self._forget_ca_file: Callable[[], object] | None = None

    # --- the session -------------------------------------------------------------------------------

    def hello(self, protocol: str = "1", **_: object) -> dict[str, object]:
        """Say what this subject can do."""
        if protocol != "1":
            raise Unsupported("this adapter speaks version 1")
        from alipay_qr._version import __version__

        local = {"sign_types": list(SIGN_TYPES), "charsets": list(CHARSETS)}
        return {
            "protocol": "1",
            "name": "reference merchant",
            "version": __version__,
            "language": "Python",
            "operations": list(OPERATIONS),
            "sign_types": list(SIGN_TYPES),
            "charsets": list(CHARSETS),
            "clock": True,
            "parallel": True,
            "features": ["bytes", "duplicates", "verify_body", "https"],
            "limits": {"sign": local, "verify": {**local, "sources": ["notification", "response"]}},
            "runtime": f"{platform.python_implementation()} {platform.python_version()}",
        }

    def configure(self, **settings: Any) -> dict[str, object]:
        """Replace all settings; trades stay."""
        with _declining():
            self._account = _account(settings, settings["sign_type"], settings["charset"])
            self.close()
            self._settings = settings
            seconds = float(settings["gateway_timeout"])
            self._merchant = Merchant(
                self._account,
                settings["gateway_url"],
                settings["notify_url"],
                store=self._store,
                clock=_clock,
                timeout=(min(CONNECT_SECONDS, seconds), seconds),
                allow_http=True,
                ca_file=self._ca_file(settings.get("gateway_ca_pem")),
            )
        return {}

    def reset(self) -> dict[str, object]:
        """Forget every trade."""
        self._store.clear()
        return {}

    def close(self) -> None:
        """Close the connections to the gateway and remove its CA file."""
        if self._merchant is not None:
            self._merchant.close()
            self._merchant = None
        if self._forget_ca_file is not None:
            self._forget_ca_file()
            self._forget_ca_file = None

    # --- level 1: signing --------------------------------------------------------------------------

    def presign(self, params: Pairs, charset: str) -> dict[str, object]:
        """Return the pre-sign bytes."""
        with _declining():
            return {"base64": _base64(presign(_unique(_pairs(params, charset)), charset))}

    def sign(self, params: Pairs, charset: str, sign_type: str) -> dict[str, object]:
        """Return the sign, made with the configured key of ``sign_type``."""
        with _declining():
            known = self._account if sign_type == self._account.sign_type else None
            signer = (known or _account(self._settings, sign_type, charset)).signer
            return {"sign": sign_params(_unique(_pairs(params, charset)), signer, charset)}

    def verify(
        self,
        source: str,
        params: Pairs | None = None,
        charset: str = "",
        body_base64: str = "",
        content_type: str = "",
    ) -> dict[str, object]:
        """Say whether a message is Alipay's, under the configured sign type."""
        with _declining():
            if params is not None:
                pairs = _pairs(params, charset)
                return {"valid": verify_params(pairs, self._account.verifier, charset)}
        body = _bytes(body_base64)
        try:
            if source == "response":
                return {"valid": verified_response(read_response(body), self._account)}
            verified_notification(body, content_type, self._account)
        except AlipayQrError:
            return {"valid": False}
        return {"valid": True}

    # --- level 2: requests -------------------------------------------------------------------------

    def create_qr_code(
        self,
        biz_data: Mapping[str, object],
        notify_url: str,
        gateway_url: str | None = None,
        now: str | None = None,
    ) -> dict[str, object]:
        """Really send a CREATE."""
        with self._at_work(now) as merchant:
            outcome = merchant.create_qr_code(biz_data, notify_url=notify_url, gateway_url=gateway_url)
        return _result(outcome, qrcode=outcome.qrcode, qrcode_img_url=outcome.qrcode_img_url)

    def cancel(
        self,
        out_trade_no: str,
        trade_no: str | None = None,
        gateway_url: str | None = None,
        now: str | None = None,
    ) -> dict[str, object]:
        """Really send a CANCEL."""
        with self._at_work(now) as merchant:
            outcome = merchant.cancel(out_trade_no, trade_no, gateway_url=gateway_url)
        return _result(outcome, action=outcome.action, via="cancel")

    def refund(self, now: str | None = None, **args: Any) -> dict[str, object]:
        """Really send a REFUND; the arguments are those of `Merchant.refund`."""
        known = {name: value for name, value in args.items() if name in _REFUND_ARGS}
        with self._at_work(now) as merchant:
            return _result(merchant.refund(**known))

    # --- levels 3 and 4: notifications and the books -----------------------------------------------

    def expect(
        self,
        total_fee: str,
        currency: str,
        out_trade_no: str | None = None,
        now: str | None = None,
    ) -> dict[str, object]:
        """Await a payment; it needs a number, because no notification names the QR code."""
        if out_trade_no is None:
            raise Unsupported("a notification does not name its QR code: out_trade_no is needed")
        with self._at_work(now) as merchant:
            merchant.expect(out_trade_no, total_fee, currency)
        return {}

    def notify(
        self,
        body_base64: str,
        content_type: str,
        method: str = "POST",
        now: str | None = None,
    ) -> dict[str, object]:
        """Hand over a notification; the query of the notify URL is no part of it."""
        if method != "POST":
            return {"reply": "fail", "status": "405"}
        with self._at_work(now) as merchant:
            return {"reply": merchant.receive_notification(_bytes(body_base64), content_type)}

    def trade(self, out_trade_no: str) -> dict[str, object]:
        """Return what is on record about a trade."""
        record = self._store.read(out_trade_no)
        if record.state == "none":
            return {"state": "none"}
        currency = record.currency
        return {
            "state": record.state,
            "paid": _amount(record.paid, currency),
            **({"currency": currency} if currency else {}),
            "refunded": _amount(record.refunded, currency),
            "pending": _amount(record.pending, currency),
            "fulfilled": str(record.fulfilled),
        }

    # --- behind the operations ---------------------------------------------------------------------

    @contextmanager
    def _at_work(self, now: str | None) -> Iterator[Merchant]:
        """Lend the merchant for one call, with the call's clock."""
        if self._merchant is None:
            raise Refused("configure was not called: there is no gateway to talk to")
        token = _now.set(datetime.fromisoformat(now) if now else None)
        try:
            with _declining():
                yield self._merchant
        finally:
            _now.reset(token)

    def _ca_file(self, pem: str | None) -> str | None:
        if not pem:
            return None
        handle, path = tempfile.mkstemp(suffix=".pem", prefix="alipay-qr-ca-")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(pem)
        self._forget_ca_file = weakref.finalize(self, Path(path).unlink, missing_ok=True)
        return path


_REFUND_ARGS: Final = frozenset(
    {
        "partner_trans_id",
        "partner_refund_id",
        "refund_amount",
        "currency",
        "refund_reason",
        "is_sync",
        "alipay_trans_id",
        "notify_url",
        "gateway_url",
    }
)

_UNCONFIGURED: Final[Mapping[str, Any]] = {
    "partner": TEST_PARTNER,
    "md5_key": TEST_MD5_KEY,
    "merchant_private_key": {"pkcs8_pem": TEST_PRIVATE_KEY_PHP},
    "alipay_public_key": {"pem": TEST_ALIPAY_PUBLIC_KEY},
}


def _account(settings: Mapping[str, Any], sign_type: str, charset: str) -> Account:
    codec(charset)
    found = _loaded(
        settings["partner"],
        sign_type=sign_type,
        md5_key=settings["md5_key"],
        private_key=settings["merchant_private_key"]["pkcs8_pem"],
        alipay_public_key=settings["alipay_public_key"]["pem"],
    )
    return replace(found, charset=charset)


_loaded: Final = lru_cache(maxsize=16)(account)  # to read a private key takes as long as a hundred calls


@contextmanager
def _declining() -> Iterator[None]:
    """Turn what the merchant raises before it sends anything into a refusal."""
    try:
        yield
    except AlipayQrError as error:
        raise Refused(f"{error.code}: {error}") from error


def _clock() -> datetime:
    return _now.get() or datetime.now(UTC)


def _pairs(params: Pairs, charset: str) -> list[tuple[str, str | None]]:
    return [(name, _text(value, charset)) for name, value in params]


def _text(value: object, charset: str) -> str | None:
    """Return a value of the protocol as text; bytes must be text of the message's charset."""
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        raise Refused("a value is neither text nor base64")
    try:
        return _bytes(str(value.get("base64"))).decode(charset)
    except (UnicodeDecodeError, LookupError):
        raise Refused(f"a value is no text in {charset[:20]}") from None


def _unique(pairs: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Refused("a name stands twice: two readers could believe different values")
    return pairs


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Refused("the bytes are no base64") from None


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _result(outcome: Outcome, **more: str | None) -> dict[str, object]:
    found = {"outcome": outcome.outcome, "code": outcome.code, **more}
    return {name: value for name, value in found.items() if value is not None}


def _amount(amount: Decimal, currency: str) -> str:
    return format_amount(amount, currency) if currency else str(amount)
