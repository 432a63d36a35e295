"""``*.reject.*[any-sign-...]``: a signed message is accepted, and no single edit of it.

Each position of the sign, each name of a sign type with and without a sign, each parameter changed, and keys
that are none (`alipay_qr_conformance.checks.properties.sign_space`), through every way on which a message
reaches the subject: the operation ``verify`` with notifications and responses, and real notifications. Where
the genuine message is not accepted nothing is judged: who refuses everything has shown nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from alipay_qr.presign import presign
from alipay_qr.wire import encode_notification
from alipay_qr_conformance.checks.properties.sign_space import Wrong, wrong
from alipay_qr_conformance.checks.verify import is_malleable, softened
from alipay_qr_conformance.model.outcomes import Blocked, Failed, NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.plan import SIGN_TYPES, Plan, Setup
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs
from alipay_qr_conformance.subjects import Answer, Result
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import (
    deliver,
    deliver_many,
    fields_of,
    is_believed,
    paid,
    shown,
)
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Testbed

_KINDS: Final = ("bad-sign", "changed", "no-sign", "other-key", "other-type")
_SOURCES: Final = ("notification", "response")
_RESPONSE: Final[Pairs] = [
    ("result_code", "SUCCESS"),
    ("out_trade_no", "T1001"),
    ("trade_no", "2026030921001004"),
    ("retry_flag", "N"),
    ("action", "refund"),
]
_CHANGED: Final = {"notification": ("total_fee", "0.01"), "response": ("out_trade_no", "T1002")}


@dataclass(frozen=True, slots=True)
class _Item:
    kind: str
    source: str
    sign_type: str


def _asked(plan: Plan) -> Mapping[str, _Item]:  # noqa: ARG001 (the same in every plan)
    return {
        f"{kind}/{source}/{sign_type}": _Item(kind, source, sign_type)
        for sign_type in SIGN_TYPES
        for source in _SOURCES
        for kind in _KINDS
    }


@check(
    lambda _, item: [f"verify.reject.{item.kind}"],
    needs=("verify",),
    each=_asked,
    setups=lambda item: [Setup(item.sign_type)],
    name=lambda item: f"any-sign-{item.source}/{item.sign_type}",
    once_only=True,
)
def asked(bed: Testbed, item: _Item, _requirement: str) -> None:
    """A signed message is valid, and with any single edit it is not."""
    found = bed.once(f"any-sign/{item.source}", lambda: _ask_all(bed, item.source))
    accepted = found.get(item.kind)
    if isinstance(accepted, NoUsableAnswer):
        raise accepted
    if accepted is not None:
        name, params = accepted
        evidence = {"parameters": params, "source": item.source}
        raise softened(bed, params, name, Failed("verify.accepted", evidence, what=name))


def _ask_all(bed: Testbed, source: str) -> dict[str, tuple[str, Pairs] | NoUsableAnswer]:
    """Return, by class, the first wrong message that is accepted, or gets no usable answer."""
    if not bed.subject.supports("verify", source=source):
        raise Unsupported(message("needs.source", source=source))
    genuine = _genuine(bed, source)
    messages = list(_wrong(bed, genuine, _CHANGED[source]))
    calls = [_call(bed, genuine, source), *(_call(bed, params, source) for _, _, params in messages)]
    first, *answers = bed.ask_many(calls)
    if not _valid(bed.sort_out(*calls[0], first)):
        raise Blocked("see.requirement", requirement="verify.genuine")
    found: dict[str, tuple[str, Pairs] | NoUsableAnswer] = {}
    for (kind, name, params), call, answer in zip(messages, calls[1:], answers, strict=True):
        known = found.get(kind)
        if known is not None and (isinstance(known, NoUsableAnswer) or not is_malleable(bed, known[1])):
            continue  # a tolerant reader of signs may believe forged values too
        try:
            if _valid(bed.sort_out(*call, answer)) and (known is None or not is_malleable(bed, params)):
                found[kind] = name, params
        except NoUsableAnswer as none:
            found[kind] = none
    return found


def _valid(answer: Answer) -> bool:
    return isinstance(answer, Result) and answer.value.get("valid") is True


def _call(bed: Testbed, params: Pairs, source: str) -> tuple[str, dict[str, Any]]:
    given = [list(pair) for pair in params]
    return "verify", {"params": given, "charset": bed.setup.charset, "source": source}


def _wrong(bed: Testbed, genuine: Pairs, changed: tuple[str, str]) -> list[Wrong]:
    more = [bed.gateway_url, NOTIFY_URL, "merchant@example.com"]
    return list(wrong(genuine, changed, bed.setup.sign_type, bed.keys, more))


def _genuine(bed: Testbed, source: str) -> Pairs:
    if source == "notification":
        with bed.gateway() as session:
            return fields_of(bed, session, paid(bed, session))[0]
    signer = bed.keys.gateway_signer(bed.setup.sign_type)
    if signer is None:
        raise Unsupported(message("needs.keys", sign_type=bed.setup.sign_type))
    sign = signer.sign(presign(_RESPONSE, bed.setup.charset))
    return [*_RESPONSE, ("sign", sign), ("sign_type", signer.sign_type)]


# --- real notifications ---------------------------------------------------------------------------------


def _delivered(plan: Plan) -> Mapping[str, _Item]:  # noqa: ARG001 (the same in every plan)
    return {
        f"{kind}/{sign_type}": _Item(kind, "notification", sign_type)
        for sign_type in SIGN_TYPES
        for kind in _KINDS
    }


@check(
    lambda _, item: [f"notify.reject.{item.kind}"],
    needs=("notify",),
    each=_delivered,
    setups=lambda item: [Setup(item.sign_type)],
    name=lambda item: f"any-sign/{item.sign_type}",
    once_only=True,
)
def delivered(bed: Testbed, item: _Item, _requirement: str) -> None:
    """A signed notification is acknowledged, and with any single edit it is neither that nor booked."""
    found = bed.once("any-sign/delivered", lambda: _deliver_all(bed))
    if (believed := found.get(item.kind)) is not None:
        name, params, evidence = believed
        raise softened(bed, params, name, Failed("notify.believed", evidence, what=name))


def _deliver_all(bed: Testbed) -> dict[str, tuple[str, Pairs, Mapping[str, object]]]:
    """Return, by class, the first wrong notification that is believed or acknowledged."""
    with bed.gateway() as session:
        trade = paid(bed, session)
        genuine, header = fields_of(bed, session, trade)
        bodies = [_body(bed, params) for _, _, params in _wrong(bed, genuine, _CHANGED["notification"])]
        replies = deliver_many(bed, [(body, header, None) for body in bodies], session.now)
        refused = not any(reply.acknowledged for reply in replies) and not is_believed(bed, trade, replies[0])
        if not deliver(bed, _body(bed, genuine), header).acknowledged:
            raise Blocked("see.genuine")
        return {} if refused else _one_by_one(bed, session)


def _one_by_one(bed: Testbed, session: GatewaySession) -> dict[str, tuple[str, Pairs, Mapping[str, object]]]:
    """Deliver wrong notifications each for itself, about a new trade after one that was believed."""
    found: dict[str, tuple[str, Pairs, Mapping[str, object]]] = {}
    trade, messages, header = _new(bed, session)
    for place in range(len(messages)):
        kind, name, params = messages[place]
        known = found.get(kind)
        if known is not None and not is_malleable(bed, known[1]):
            continue
        reply = deliver(bed, _body(bed, params), header)
        if reply.acknowledged or is_believed(bed, trade, reply):
            if known is None or not is_malleable(bed, params):
                found[kind] = name, params, shown(params, reply)
            trade, messages, header = _new(bed, session)
    return found


def _new(bed: Testbed, session: GatewaySession) -> tuple[str, list[Wrong], str]:
    trade = paid(bed, session)
    genuine, header = fields_of(bed, session, trade)
    return trade, _wrong(bed, genuine, _CHANGED["notification"]), header


def _body(bed: Testbed, params: Pairs) -> bytes:
    return encode_notification(params, bed.setup.charset)
