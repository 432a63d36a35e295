"""Notifications as cases deliver them: a paid trade, what it is notified by, and what came of it.

Alipay names the trade and tells the merchant by a signed notification. A subject either is handed the
body (operation ``notify``) or listens itself (``notify_url`` in its hello); both ways end in a `Reply`.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

from alipay_qr.errors import AmountError
from alipay_qr.presign import presign
from alipay_qr.wire import encode_notification, read_notification
from alipay_qr_conformance.model.outcomes import Blocked, Failed, NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs, replace, without
from alipay_qr_conformance.subjects import Raised, Refusal, Result
from alipay_qr_conformance.testbed.booking import UNPAID, seconds_to_book, seconds_to_send
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.offer import expect_currency, expect_no_right_to_refuse
from alipay_qr_conformance.testbed.testbed import Testbed

LAST_REPEAT: Final = timedelta(hours=24, minutes=22)
"""How long after the first attempt Alipay tries for the last time: the sum of its published intervals."""

ACKNOWLEDGED: Final = frozenset({b"success", b"SUCCESS"})
_AROUND: Final = re.compile(rb"(?i)(?<![a-z_])success(?![a-z_]|[\"']?\s{0,9}[:=])")


@dataclass(frozen=True, slots=True)
class Reply:
    """How the subject answered a notification; ``body`` None means that it declined or raised."""

    body: bytes | None
    status: str = "200"
    reason: str = ""

    @property
    def acknowledged(self) -> bool:
        """Whether Alipay would stop sending: ``success`` or ``SUCCESS``, blanks around it forgiven."""
        return self.body is not None and self.status == "200" and self.body.strip() in ACKNOWLEDGED

    @property
    def defect(self) -> str:
        """Why a reply that does not acknowledge does not: a key of the findings."""
        if self.body is None or self.status != "200":
            return "notify.refused"
        if self.body.removeprefix(b"\xef\xbb\xbf").strip() in ACKNOWLEDGED:
            return "notify.reply-bom"
        return "notify.reply-around" if _AROUND.search(self.body) else "notify.not-acknowledged"


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
    trade = ""
    if bed.booking.delay:
        trade = dict(parse_qsl(body.decode("latin-1"))).get("out_trade_no", "")
        bed.booking.before(bed, trade)
    reply = _delivered(bed, body, content_type, now=now, query=query, method=method)
    if reply.acknowledged and bed.booking.delay is None:
        _measure(bed)
        trade = dict(parse_qsl(body.decode("latin-1"))).get("out_trade_no", "")
    if reply.acknowledged:
        bed.booking.acknowledged(trade)
    return reply


def _delivered(
    bed: Testbed,
    body: bytes,
    content_type: str,
    *,
    now: datetime | None = None,
    query: str | None = None,
    method: str | None = None,
) -> Reply:
    if bed.hello.notify_url and not bed.subject.supports("notify"):
        reply = call_url(bed.hello.notify_url, "POST", body, content_type, query)
        bed.evidence.note("notify", bed.setup, done=reply.acknowledged)
        return reply
    if not bed.subject.supports("notify"):
        raise Unsupported(message("needs.operation", op="notify"))
    encoded = base64.b64encode(body).decode("ascii")
    answer = bed.ask(
        "notify", now=now, body_base64=encoded, content_type=content_type, query=query, method=method
    )
    return reply_of(answer)


def deliver_many(
    bed: Testbed, messages: Sequence[tuple[bytes, str, str | None]], now: datetime
) -> list[Reply]:
    """Deliver bodies with their content types and queries, together where the subject takes many calls."""
    if not bed.subject.supports("notify"):
        return [deliver(bed, body, header, query=query) for body, header, query in messages]
    calls: list[tuple[str, dict[str, Any]]] = []
    for body, header, query in messages:
        args = {"body_base64": base64.b64encode(body).decode("ascii"), "content_type": header}
        calls.append(("notify", args if query is None else {**args, "query": query}))
    answers = bed.ask_many(calls, now if bed.hello.clock else None)
    return [
        reply_of(bed.sort_out(op, args, answer)) for (op, args), answer in zip(calls, answers, strict=True)
    ]


def reply_of(answer: Result | Refusal | Raised) -> Reply:
    """Return what an answer to ``notify`` says the subject replied."""
    match answer:
        case Result(value=value):
            return Reply(_reply_bytes(value.get("reply")), str(value.get("status") or "200"))
        case Refusal(reason=reason):
            return Reply(None, reason=reason)
        case Raised():
            return Reply(None, reason=answer.message)


def _measure(bed: Testbed) -> None:
    """Find out how long after its acknowledgement the subject books: two payments that no case judges."""
    bed.booking.delay = 0.0
    with (
        suppress(Blocked, NoUsableAnswer, Unsupported, AmountError),  # the last: who takes yen alone
        bed.drawing_for("the booking"),  # what the cases draw does not depend on it
        bed.gateway() as session,
    ):
        found = [_seconds(bed, session, f"Q{bed.plan.seed:03d}{number}") for number in (1, 2)]
        bed.booking.delay = max((each for each in found if each is not None), default=0.0)


def _seconds(bed: Testbed, session: GatewaySession, trade: str) -> float | None:
    trade = bed.answering.named(bed, trade)
    currency = bed.plan.currency
    session.engine.pay(None, "10.00", currency, session.now, out_trade_no=trade)
    if not _delivered(bed, *notification(bed, session, trade)).acknowledged:
        return None
    if bed.subject.supports("trade"):
        return seconds_to_book(bed, trade)
    if not bed.subject.supports("refund"):
        return None
    refund = {"partner_trans_id": trade, "partner_refund_id": f"R{trade}", "refund_amount": "1.00"}
    more = {"currency": currency, "is_sync": "Y", "gateway_url": session.url}
    return seconds_to_send(bed, refund | more, "10.01")


def announce_payment(
    bed: Testbed,
    session: GatewaySession,
    out_trade_no: str,
    total_fee: str,
    currency: str,
    *,
    at: datetime | None = None,
    wait: bool = True,
) -> str:
    """Let a customer pay, and tell the subject where it listens; return Alipay's ``trade_no``.

    Whether the subject believed it is not judged here. Who announces many payments waits for none before the
    last (``wait``): see `Booking.settle`.
    """
    at = at or session.now
    expect_currency(bed, currency)
    session.engine.pay(None, total_fee, currency, at, out_trade_no=out_trade_no)
    if can_listen(bed):
        body, content_type = notification(bed, session, out_trade_no)
        deliver(bed, body, content_type)
        if wait:
            bed.booking.settle(bed, out_trade_no)
    return session.engine.trades.get(out_trade_no).trade_no


def paid_trade(
    bed: Testbed, session: GatewaySession, total_fee: str, currency: str, *, at: datetime | None = None
) -> str:
    """Let a customer pay and return the ``out_trade_no`` of a trade that the subject acknowledged.

    Raises:
        Blocked: the subject refused the genuine notification, so nothing that builds on it can be judged.
    """
    expect_currency(bed, currency)
    trade = bed.fresh("T")
    session.engine.pay(None, total_fee, currency, at or session.now, out_trade_no=trade)
    reply = deliver(bed, *notification(bed, session, trade))
    if not reply.acknowledged:
        raise Blocked("see.genuine")
    bed.booking.settle(bed, trade)
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


def call_url(url: str, method: str, body: bytes, content_type: str = "", query: str | None = None) -> Reply:
    """Call a subject that listens itself, once: no redirects, a bounded reply, no wait for what it books."""
    import requests

    target = f"{url}{'&' if '?' in url else '?'}{query}" if query else url
    headers = {"Content-Type": content_type} if content_type else {}
    with requests.Session() as http:
        http.trust_env = False
        try:
            with http.request(
                method, target, data=body, headers=headers, timeout=10, allow_redirects=False, stream=True
            ) as answer:
                text = answer.raw.read(64 * 1024, decode_content=True)
                return Reply(text, str(answer.status_code))
        except requests.RequestException as error:
            return Reply(None, reason=type(error).__name__)


# --- by their fields ----------------------------------------------------------------------------------


def paid(bed: Testbed, session: GatewaySession, amount: str = "", currency: str | None = None) -> str:
    """Let a customer pay a new trade; the subject does not know of it yet."""
    currency = currency or bed.plan.currency
    expect_currency(bed, currency)
    trade = bed.fresh("T")
    session.engine.pay(None, amount or bed.price, currency, session.now, out_trade_no=trade)
    return trade


def recorded(bed: Testbed, trade: str) -> Mapping[str, object] | None:
    """Return what the subject has recorded of a trade; None where it has no ``trade`` or cannot say."""
    return bed.booking.look(bed, trade) if bed.subject.supports("trade") else None


def recorded_in_the_end(bed: Testbed, trade: str) -> Mapping[str, object]:
    """Return what the subject has recorded of a trade once nothing more can come; empty if it cannot say."""
    return (bed.booking.look(bed, trade, to_the_end=True) or {}) if bed.subject.supports("trade") else {}


def resigned(bed: Testbed, fields: Pairs) -> Pairs:
    """Return the fields signed anew with Alipay's key."""
    signer = bed.keys.gateway_signer(bed.setup.sign_type)
    if signer is None:
        raise Unsupported(message("needs.keys", sign_type=bed.setup.sign_type))
    bare = without(fields, "sign", "sign_type")
    return [*bare, ("sign_type", signer.sign_type), ("sign", signer.sign(presign(bare, bed.setup.charset)))]


def fields_of(
    bed: Testbed, session: GatewaySession, trade: str, overrides: Mapping[str, str | None] | None = None
) -> tuple[Pairs, str]:
    """Return the fields of a genuine notification, and its content type."""
    body, content_type = notification(bed, session, trade, overrides)
    return read_notification(body, content_type, bed.setup.charset), content_type


def send(bed: Testbed, fields: Pairs, content_type: str, *, query: str | None = None) -> Reply:
    """Deliver fields as they are."""
    return deliver(bed, encode_notification(fields, bed.setup.charset), content_type, query=query)


def given(bed: Testbed, fields: Pairs, content_type: str) -> None:
    """Deliver a genuine notification that the case only builds on.

    Raises:
        Blocked: it is not acknowledged.
    """
    if not send(bed, fields, content_type).acknowledged:
        raise Blocked("see.genuine")


def shown(fields: Pairs, reply: Reply, trade: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return evidence: what was delivered, what came back, what is recorded of the trade."""
    came = reply.body if reply.body is not None else f"(declined: {reply.reason})"
    found: dict[str, object] = {"notification": fields, "reply": came, "status": reply.status}
    return found if trade is None else {**found, "trade": dict(trade)}


def expect_ack(bed: Testbed, fields: Pairs, reply: Reply) -> None:
    """Raise `Failed` unless the reply acknowledges; the evidence holds the text that was to be verified."""
    if not reply.acknowledged:
        expect_no_right_to_refuse(bed, fields)
        text = presign(without(fields, "sign", "sign_type"), bed.setup.charset)
        evidence = {**shown(fields, reply), "expected_presign": text.decode(bed.setup.charset.lower())}
        raise Failed(reply.defect, evidence)


# --- forged -------------------------------------------------------------------------------------------


def changed(bed: Testbed, session: GatewaySession) -> tuple[str, Pairs, str]:
    """Return a paid trade, and its notification with another amount than was signed: the plainest forgery."""
    trade = paid(bed, session)
    fields, content_type = fields_of(bed, session, trade)
    return trade, replace(fields, "total_fee", "0.01"), content_type


def is_believed(bed: Testbed, trade: str, reply: Reply) -> bool:
    """Say whether a payment is recorded; by the reply where there is no ``trade``."""
    found = recorded(bed, trade)
    if found is None:
        return reply.acknowledged
    return found.get("state") not in UNPAID or str(found.get("fulfilled") or "0") != "0"


def expect_disbelief(bed: Testbed, trade: str, fields: Pairs, reply: Reply, what: str) -> None:
    """Raise `Failed` where a payment is recorded."""
    if is_believed(bed, trade, reply):
        raise Failed("notify.believed", shown(fields, reply, recorded(bed, trade)), what=what)


def expect_refusal(bed: Testbed, trade: str, fields: Pairs, reply: Reply, what: str) -> None:
    """Raise `Failed` where a payment is recorded, or the message is acknowledged although none is."""
    found = recorded(bed, trade)
    if found is not None and found.get("state") not in UNPAID:
        raise Failed("notify.believed", shown(fields, reply, found), what=what)
    if reply.acknowledged:
        raise Failed("notify.acknowledged", shown(fields, reply, found), what=what)
