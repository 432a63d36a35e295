"""Notifications as cases deliver them: a paid trade, the fields of its news, and what came of it."""

from collections.abc import Mapping

from alipay_qr.presign import presign
from alipay_qr.wire import encode_notification, read_notification
from alipay_qr_conformance.casebook import Broken, CannotDo, NotJudged
from alipay_qr_conformance.counter import Reply, deliver, notification
from alipay_qr_conformance.forgeries import Pairs, without
from alipay_qr_conformance.lab import Lab, Session
from alipay_qr_conformance.messages import message
from alipay_qr_conformance.subjects import Result


def paid(lab: Lab, session: Session, amount: str = "12.50", currency: str = "USD") -> str:
    """Let a customer pay a new trade; the subject does not know of it yet."""
    trade = lab.fresh("T")
    session.engine.pay(None, amount, currency, session.now, out_trade_no=trade)
    return trade


def state(lab: Lab, trade: str) -> dict[str, object] | None:
    """Return what the subject believes about a trade; None where it has no ``trade`` or cannot say."""
    if not lab.subject.supports("trade"):
        return None
    answer = lab.ask("trade", out_trade_no=trade)
    return answer.value if isinstance(answer, Result) else None


def resigned(lab: Lab, fields: Pairs) -> Pairs:
    """Return the fields signed anew with Alipay's key."""
    signer = lab.keys.gateway_signer(lab.setup.sign_type)
    if signer is None:
        raise CannotDo(message("needs.keys", sign_type=lab.setup.sign_type))
    bare = without(fields, "sign", "sign_type")
    return [*bare, ("sign_type", signer.sign_type), ("sign", signer.sign(presign(bare, lab.setup.charset)))]


def fields_of(
    lab: Lab, session: Session, trade: str, overrides: Mapping[str, str | None] | None = None
) -> tuple[Pairs, str]:
    """Return the fields of a genuine notification, and its content type."""
    body, content_type = notification(lab, session, trade, overrides)
    return read_notification(body, content_type, lab.setup.charset), content_type


def send(lab: Lab, fields: Pairs, content_type: str, **more: str) -> Reply:
    """Deliver fields as they are."""
    return deliver(lab, encode_notification(fields, lab.setup.charset), content_type, **more)  # type: ignore[arg-type] # query, method


def shown(fields: Pairs, reply: Reply, belief: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return evidence: what was delivered, what came back, what is believed."""
    came = reply.body if reply.body is not None else f"(declined: {reply.reason})"
    found: dict[str, object] = {"notification": fields, "reply": came, "status": reply.status}
    return found if belief is None else {**found, "trade": dict(belief)}


def expect_ack(lab: Lab, fields: Pairs, reply: Reply) -> None:
    """Raise `Broken` unless the reply acknowledges; the evidence holds the text that was to be verified."""
    if not reply.acknowledged:
        text = presign(without(fields, "sign", "sign_type"), lab.setup.charset)
        evidence = {**shown(fields, reply), "expected_presign": text.decode(lab.setup.charset.lower())}
        key = "notify.refused" if reply.body is None or reply.status != "200" else "notify.not-acknowledged"
        raise Broken(key, evidence)


def genuine_first(lab: Lab, session: Session, trade: str) -> None:
    """Deliver the genuine payment; without it nothing that builds on it can be judged."""
    fields, content_type = fields_of(lab, session, trade)
    if not send(lab, fields, content_type).acknowledged:
        raise NotJudged("see.genuine")


def plain_first(lab: Lab) -> None:
    """Raise `NotJudged` where not even the plainest genuine notification is acknowledged."""

    def attempt() -> bool:
        with lab.gateway() as session:
            fields, content_type = fields_of(lab, session, paid(lab, session))
            return send(lab, fields, content_type).acknowledged

    if not lab.once("plain-notification", attempt):
        raise NotJudged("see.genuine")
