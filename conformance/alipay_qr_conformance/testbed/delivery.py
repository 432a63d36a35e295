"""Notifications as cases deliver them: a paid trade, the fields of its news, and what came of it."""

from collections.abc import Mapping

from alipay_qr.presign import presign
from alipay_qr.wire import encode_notification, read_notification
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs, without
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.notifications import Reply, deliver, notification
from alipay_qr_conformance.testbed.testbed import GatewaySession, Testbed


def paid(bed: Testbed, session: GatewaySession, amount: str = "12.50", currency: str = "USD") -> str:
    """Let a customer pay a new trade; the subject does not know of it yet."""
    trade = bed.fresh("T")
    session.engine.pay(None, amount, currency, session.now, out_trade_no=trade)
    return trade


def state(bed: Testbed, trade: str) -> dict[str, object] | None:
    """Return what the subject believes about a trade; None where it has no ``trade`` or cannot say."""
    if not bed.subject.supports("trade"):
        return None
    answer = bed.ask("trade", out_trade_no=trade)
    return answer.value if isinstance(answer, Result) else None


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


def send(bed: Testbed, fields: Pairs, content_type: str, **more: str) -> Reply:
    """Deliver fields as they are."""
    return deliver(bed, encode_notification(fields, bed.setup.charset), content_type, **more)  # type: ignore[arg-type] # query, method


def shown(fields: Pairs, reply: Reply, belief: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return evidence: what was delivered, what came back, what is believed."""
    came = reply.body if reply.body is not None else f"(declined: {reply.reason})"
    found: dict[str, object] = {"notification": fields, "reply": came, "status": reply.status}
    return found if belief is None else {**found, "trade": dict(belief)}


def expect_ack(bed: Testbed, fields: Pairs, reply: Reply) -> None:
    """Raise `Failed` unless the reply acknowledges; the evidence holds the text that was to be verified."""
    if not reply.acknowledged:
        text = presign(without(fields, "sign", "sign_type"), bed.setup.charset)
        evidence = {**shown(fields, reply), "expected_presign": text.decode(bed.setup.charset.lower())}
        key = "notify.refused" if reply.body is None or reply.status != "200" else "notify.not-acknowledged"
        raise Failed(key, evidence)


def genuine_first(bed: Testbed, session: GatewaySession, trade: str) -> None:
    """Deliver the genuine payment; without it nothing that builds on it can be judged."""
    fields, content_type = fields_of(bed, session, trade)
    if not send(bed, fields, content_type).acknowledged:
        raise Blocked("see.genuine")


def plain_first(bed: Testbed) -> None:
    """Raise `Blocked` where not even the plainest genuine notification is acknowledged."""

    def attempt() -> bool:
        with bed.gateway() as session:
            fields, content_type = fields_of(bed, session, paid(bed, session))
            return send(bed, fields, content_type).acknowledged

    if not bed.once("plain-notification", attempt):
        raise Blocked("see.genuine")
