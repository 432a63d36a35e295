"""The counter: how a customer's payment reaches the subject, as a case needs it.

Alipay names the trade and tells the merchant by a signed notification. A subject either is handed the
body (operation ``notify``) or listens itself (``notify_url`` in its hello); both ways end in a `Reply`.
"""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from alipay_qr_conformance.model.outcomes import Blocked, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.subjects import Raised, Refusal, Result
from alipay_qr_conformance.testbed.testbed import GatewaySession, Testbed

SETTLED_WITHIN: Final = 2.0
"""Seconds in which a subject that listens itself books what it acknowledged (adapter protocol, reply)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """How the subject answered a notification; ``body`` None means that it declined or raised."""

    body: bytes | None
    status: str = "200"
    reason: str = ""

    @property
    def acknowledged(self) -> bool:
        """Whether Alipay would stop sending: ``success`` or ``SUCCESS``, blanks around it forgiven."""
        return (
            self.body is not None and self.status == "200" and self.body.strip() in {b"success", b"SUCCESS"}
        )


def can_listen(bed: Testbed) -> bool:
    """Say whether the subject takes notifications at all."""
    return bed.subject.supports("notify") or bool(bed.hello.notify_url)


def deliver(
    bed: Testbed,
    body: bytes,
    content_type: str,
    *,
    now: datetime | None = None,
    query: str | None = None,
    method: str | None = None,
) -> Reply:
    """Hand a notification to the subject and return its reply.

    Raises:
        Unsupported: the subject takes no notifications.
        NoUsableAnswer: the adapter gave no usable answer.
    """
    if bed.hello.notify_url and not bed.subject.supports("notify"):
        return _posted(bed, bed.hello.notify_url, body, content_type, query)
    if not bed.subject.supports("notify"):
        raise Unsupported(message("needs.operation", op="notify"))
    encoded = base64.b64encode(body).decode("ascii")
    answer = bed.ask(
        "notify", now=now, body_base64=encoded, content_type=content_type, query=query, method=method
    )
    match answer:
        case Result(value=value):
            return Reply(_reply_bytes(value.get("reply")), str(value.get("status") or "200"))
        case Refusal(reason=reason):
            return Reply(None, reason=reason)
        case Raised():
            return Reply(None, reason=answer.message)


def announce_payment(
    bed: Testbed,
    session: GatewaySession,
    out_trade_no: str,
    total_fee: str,
    currency: str,
    *,
    at: datetime | None = None,
) -> str:
    """Let a customer pay, and tell the subject where it listens; return Alipay's ``trade_no``.

    Whether the subject believed it is not judged here.
    """
    at = at or session.now
    session.engine.pay(None, total_fee, currency, at, out_trade_no=out_trade_no)
    if can_listen(bed):
        body, content_type = notification(bed, session, out_trade_no)
        deliver(bed, body, content_type)
    return session.engine.trades.get(out_trade_no).trade_no


def paid_trade(
    bed: Testbed, session: GatewaySession, total_fee: str, currency: str, *, at: datetime | None = None
) -> str:
    """Let a customer pay and return the ``out_trade_no`` of a trade that the subject acknowledged.

    Raises:
        Blocked: the subject refused the genuine notification, so nothing that builds on it can be judged.
    """
    trade = bed.fresh("T")
    session.engine.pay(None, total_fee, currency, at or session.now, out_trade_no=trade)
    reply = deliver(bed, *notification(bed, session, trade))
    if not reply.acknowledged:
        raise Blocked("see.genuine")
    return trade


def notification(
    bed: Testbed,
    session: GatewaySession,
    out_trade_no: str,
    overrides: Mapping[str, str | None] | None = None,
) -> tuple[bytes, str]:
    """Return body and content type of a genuine notification in the setup's sign type and charset."""
    return session.engine.notifications.make(
        out_trade_no,
        session.now,
        sign_type=bed.setup.sign_type,
        charset=bed.setup.charset,
        overrides=dict(overrides or {}),
    )


def _reply_bytes(reply: Any) -> bytes:
    if isinstance(reply, dict):
        try:
            return base64.b64decode(str(reply.get("base64", "")), validate=True)
        except ValueError:
            return b""
    return str(reply if reply is not None else "").encode("utf-8", "surrogatepass")


def _posted(bed: Testbed, url: str, body: bytes, content_type: str, query: str | None) -> Reply:
    """Post, and wait for a subject that acknowledges first and books afterwards."""
    trade = dict(parse_qsl(body.decode("latin-1"))).get("out_trade_no", "")
    before = _belief(bed, trade)
    reply = _post(url, body, content_type, query)
    deadline = time.monotonic() + SETTLED_WITHIN
    while before is not None and reply.acknowledged and _belief(bed, trade) == before:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return reply


def _belief(bed: Testbed, trade: str) -> object:
    """Return what the subject believes about a trade, None where it cannot be asked."""
    if not trade or not bed.subject.supports("trade"):
        return None
    answer = bed.ask("trade", out_trade_no=trade)
    return answer.value if isinstance(answer, Result) else None


def _post(url: str, body: bytes, content_type: str, query: str | None) -> Reply:
    """Post to a subject that listens itself; no redirects, a bounded reply."""
    import requests

    target = f"{url}{'&' if '?' in url else '?'}{query}" if query else url
    with requests.Session() as http:
        http.trust_env = False
        try:
            with http.post(
                target,
                data=body,
                headers={"Content-Type": content_type},
                timeout=10,
                allow_redirects=False,
                stream=True,
            ) as answer:
                return Reply(answer.raw.read(64 * 1024, decode_content=True), str(answer.status_code))
        except requests.RequestException as error:
            return Reply(None, reason=type(error).__name__)
