"""The merchant's side of a check: signed requests to the gateway, payments, and a notify_url that listens.

A payment happens outside the merchant's interface. Ours has a control API for it; any other gateway can offer
the same call: ``POST {"qrcode", "total_fee", "currency"}`` answered with ``{"out_trade_no"}``. Without it the
checks of trades and of notifications cannot be made, and say so.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from alipay_qr.beijing import format_timestamp
from alipay_qr.errors import AlipayQrError
from alipay_qr.presign import presign
from alipay_qr.signing import Signer, Verifier, sign_params
from alipay_qr.wire import Response, get_url, post_parts, read_response, response_presign_params
from alipay_qr_conformance.gateway import Answer, HttpRequest, Server
from alipay_qr_conformance.model.outcomes import Unsupported, quoted
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.model.texts import message

Params = dict[str, str]
CREATE = "alipay.commerce.qrcode.create"
CANCEL = "alipay.acquire.cancel"
REFUND = "alipay.acquire.overseas.spot.refund"
_MOST = 1 << 20
EXAMPLES: Final = {"quick": 8, "default": 25, "deep": 300}
"""By depth: how many examples a property tries over HTTP."""


@dataclass(frozen=True)
class GatewayTarget:
    """How to reach the gateway under test, and what it may do.

    Args:
        url: the gateway.
        pay_url: answers payments (see the module's text); None where there is none.
        token: a bearer token for ``pay_url``.
        ca_file: what to trust, for https.
        time_scale: how many times faster than published the gateway repeats notifications.
        sign_type: MD5, RSA or RSA2.
        keys: of the account.
    """

    url: str
    pay_url: str | None = None
    token: str = field(default="", repr=False)
    ca_file: str | None = None
    time_scale: float = 1.0
    sign_type: str = "MD5"
    keys: TestKeys = field(default_factory=TestKeys)


class Reply(NamedTuple):
    """What the gateway answered; ``response`` is None where it is no answer of the protocol."""

    sent: Params
    status: int
    body: bytes
    response: Response | None

    @property
    def done(self) -> bool:
        """Whether it says, on both levels, that the request was carried out."""
        return self.response is not None and self.response.is_success and self.result == "SUCCESS"

    @property
    def result(self) -> str:
        """The ``result_code``; SUCCESS where a successful answer has none (CREATE of older editions)."""
        if self.response is None or not self.response.is_success:
            return ""
        return self.response.fields.get("result_code", "SUCCESS")

    @property
    def error(self) -> str:
        """The code of the refusal, on whichever level it stands."""
        if self.response is None:
            return f"no answer of the protocol (status {self.status})"
        fields = self.response.fields
        return self.response.error or fields.get("detail_error_code") or fields.get("error") or self.result

    def evidence(self) -> dict[str, object]:
        """Return request and answer."""
        return {"sent": self.sent, "status": self.status, "answer": self.body.decode("utf-8", "replace")}


class GatewayClient:
    """One merchant with fresh numbers, and its notify_url."""

    def __init__(self, target: GatewayTarget) -> None:
        import requests

        self.target = target
        self.keys = target.keys
        signer, verifier = self._keys()
        self.signer, self.verifier = signer, verifier
        self.received: list[Params] = []
        self.replies: dict[str, list[bytes]] = {}
        self._news = threading.Condition()
        self._session: requests.Session = requests.Session()
        self._session.trust_env = False
        self._session.verify = target.ca_file or True
        self._server = Server().start()
        self.notify_url = self._server.mount_http("/notify", self._notified)
        self._run = f"{time.time_ns():x}"
        self._count = 0

    def close(self) -> None:
        """Stop listening."""
        self._session.close()
        self._server.stop()

    def _keys(self) -> tuple[Signer, Verifier]:
        from alipay_qr.signing import Md5, RsaSigner, RsaVerifier

        if self.target.sign_type == "MD5":
            shared = Md5(self.keys.md5_key or "")
            return shared, shared
        alipay = self.keys.alipay_private("RSA")
        if alipay is None:
            raise Unsupported(message("gateway.needs.alipay-key"))
        private = self.keys.merchant_private("RSA")
        verifier = RsaVerifier(alipay.public_key(), self.target.sign_type)
        return RsaSigner(private, self.target.sign_type), verifier

    # --- what a merchant does -----------------------------------------------------------------------

    def fresh(self, prefix: str) -> str:
        """Return an id that this run has not used."""
        self._count += 1
        return f"{prefix}{self._run}{self._count}"

    def create(self, store: str | None = None, charset: str = "UTF-8", **biz: object) -> Params:
        """Return the parameters of a legal CREATE."""
        import json

        data = {
            "secondary_merchant_industry": "5311",
            "secondary_merchant_id": "kit_001",
            "secondary_merchant_name": "Kit",
            "store_id": store or self.fresh("S"),
            "store_name": "Kit",
            "trans_currency": "USD",
            "currency": "USD",
            **biz,
        }
        return self._common(CREATE, charset) | {
            "timestamp": format_timestamp(datetime.now(UTC)),
            "notify_url": self.notify_url,
            "biz_type": "OVERSEASHOPQRCODE",
            "biz_data": json.dumps(data, ensure_ascii=False),
        }

    def cancel(self, out_trade_no: str) -> Params:
        """Return the parameters of a legal CANCEL."""
        timestamp = format_timestamp(datetime.now(UTC))
        return self._common(CANCEL) | {"timestamp": timestamp, "out_trade_no": out_trade_no}

    def refund(self, out_trade_no: str, amount: str, currency: str = "USD", refund_id: str = "") -> Params:
        """Return the parameters of a legal synchronous REFUND."""
        return self._common(REFUND) | {
            "notify_url": self.notify_url,
            "partner_trans_id": out_trade_no,
            "partner_refund_id": refund_id or self.fresh("R"),
            "refund_amount": amount,
            "currency": currency,
            "is_sync": "Y",
        }

    def signed(self, params: Params) -> Params:
        """Return parameters with their right sign."""
        charset = params.get("_input_charset", "UTF-8")
        return params | {"sign": sign_params(params, self.signer, charset)}

    def send(self, params: Params, *, sign: bool = True, method: str = "GET") -> Reply:
        """Send parameters, signed unless told otherwise, and read the answer.

        Raises:
            Unsupported: nobody answers.
        """
        import requests

        whole = self.signed(params) if sign else params
        charset = params.get("_input_charset", "UTF-8")
        try:
            if method == "POST":
                url, body, content_type = post_parts(self.target.url, whole, charset)
                answer = self._session.post(
                    url, data=body, headers={"Content-Type": content_type}, timeout=15, allow_redirects=False
                )
            else:
                answer = self._session.get(
                    get_url(self.target.url, whole, charset), timeout=15, allow_redirects=False
                )
        except requests.RequestException as error:
            raise Unsupported(message("gateway.silent", error=error)) from None
        body_bytes = answer.content[:_MOST]
        try:
            response = read_response(body_bytes)
        except AlipayQrError:
            response = None
        return Reply(whole, answer.status_code, body_bytes, response)

    def holds(self, reply: Reply) -> bool:
        """Say whether an answer's signature holds."""
        response = reply.response
        if response is None or not response.sign or response.sign_type != self.target.sign_type:
            return False
        text = presign(response_presign_params(response), response.charset)
        return self.verifier.verify(text, response.sign)

    def code(self) -> str:
        """Make a code for a shop of its own.

        Raises:
            Unsupported: the gateway makes none.
        """
        reply = self.send(self.create())
        code = reply.response.fields.get("qrcode", "") if reply.response else ""
        if not reply.done or not code:
            raise Unsupported(message("gateway.no-code", error=reply.error))
        return code

    def pay(self, total: str = "10.00", currency: str = "USD", code: str = "") -> str:
        """Let a customer pay; returns ``out_trade_no``.

        Raises:
            Unsupported: there is no ``pay_url``, or it did not do it.
        """
        if not self.target.pay_url:
            raise Unsupported(message("gateway.needs.payment"))
        order = {"qrcode": code or self.code(), "total_fee": total, "currency": currency}
        headers = {"Authorization": f"Bearer {self.target.token}"}
        answer = self._session.post(self.target.pay_url, json=order, headers=headers, timeout=15)
        try:
            return str(answer.json()["out_trade_no"])
        except (ValueError, KeyError, TypeError):
            raise Unsupported(
                message("gateway.not-paid", status=answer.status_code, text=answer.text[:200])
            ) from None

    # --- what reaches notify_url --------------------------------------------------------------------

    def wait(self, wanted: Mapping[str, str], count: int = 1, seconds: float = 3.0) -> list[Params]:
        """Return the notifications with these values, once there are ``count`` or time is up."""

        def found() -> list[Params]:
            return [each for each in self.received if wanted.items() <= each.items()]

        with self._news:
            self._news.wait_for(lambda: len(found()) >= count, timeout=seconds)
            return found()

    def _notified(self, http: HttpRequest) -> Answer:
        try:
            pairs = parse_qsl(http.request.body.decode("ascii"), keep_blank_values=True, encoding="utf-8")
        except (UnicodeDecodeError, ValueError):
            pairs = []
        fields = dict(pairs)
        with self._news:
            self.received.append(fields)
            replies = self.replies.get(fields.get("out_trade_no", ""), self.replies.get("", []))
            reply = replies.pop(0) if replies else b"success"
            self._news.notify_all()
        return Answer(reply, content_type="text/plain")

    def _common(self, service: str, charset: str = "UTF-8") -> Params:
        return {
            "service": service,
            "partner": self.keys.partner,
            "_input_charset": charset,
            "sign_type": self.target.sign_type,
        }


def without(params: Params, names: Iterable[str]) -> Params:
    """Return parameters without some of them."""
    gone = set(names)
    return {name: value for name, value in params.items() if name not in gone}


def show(value: Any) -> str:
    """Return a value as a short text."""
    return quoted(value)[:200]
