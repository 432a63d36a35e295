"""Calls that a case lets the subject make: legal arguments, the answers that they meet, what comes of it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Final, TypeVar, cast

from alipay_qr_conformance.gateway import Fault, Record, Reply, faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import announce_payment
from alipay_qr_conformance.testbed.offer import in_units
from alipay_qr_conformance.testbed.paid_trade import Answered, outcome, words
from alipay_qr_conformance.testbed.scenarios import OPERATIONS, in_currency
from alipay_qr_conformance.testbed.testbed import Testbed

F = TypeVar("F", bound=Callable[..., None])

_QUERY: Final = "alipay.acquire.overseas.query"

_CLOSED: Final = b"<alipay_trans_status>TRADE_CLOSED<"


def arguments(bed: Testbed, session: GatewaySession, op: str) -> dict[str, Any]:
    """Return the arguments of a legal call; a trade is paid first where one is needed."""
    if op == "create_qr_code":
        return {
            "biz_data": in_currency(bed.plan.currency),
            "notify_url": "https://merchant.example/alipay/notify",
        }
    trade = bed.fresh("T")
    announce_payment(bed, session, trade, bed.price, bed.plan.currency)
    if op == "cancel":
        return {"out_trade_no": trade}
    return {
        "partner_trans_id": trade,
        "partner_refund_id": bed.fresh("R"),
        "refund_amount": in_units("2.50", bed.plan.currency),
        "currency": bed.plan.currency,
        "is_sync": "Y",
    }


def told_again(op: str, session: GatewaySession) -> bool:
    """Say whether a second request of one call was told genuinely what became of the first.

    The same request sent once more is told; of a CANCEL a query of the trade tells as well: TRADE_CLOSED.
    """
    records = session.of(OPERATIONS[op])
    queries = session.of(_QUERY) if op == "cancel" else []
    tells = [*records[1:][-1:], *(each for each in queries if _CLOSED in each.answer.body)]
    return any(each.carried_out and not each.fault for each in tells)


@dataclass(frozen=True, slots=True)
class Encounter:
    """One call, the answers that it met, and what the subject made of them."""

    args: Mapping[str, Any]
    records: Sequence[Record]
    answer: Answered
    told_again: bool
    """Whether it asked again within the call, and was told genuinely in the end."""

    @property
    def outcome(self) -> str:
        """What the subject reports, or "refused", "raised"."""
        return outcome(self.answer)


def expect_reached(records: Sequence[Record], op: str, answer: Answered | None) -> None:
    """Raise unless a request of an operation reached the gateway.

    Raises:
        Unsupported: the subject cancelled by a REFUND, and says so (Refund Flow 2: both are applicable).
        Blocked: it sent nothing.
    """
    if records:
        return
    if isinstance(answer, Result) and answer.value.get("via") == "refund":
        raise Unsupported(message("declined.rightly", reason="via refund"), optional=True)
    raise Blocked("nothing.reached", op=op)


def encounter(bed: Testbed, op: str, fault: Fault | None, **more: str) -> Encounter:
    """Let the subject make one call, with ``more`` arguments of its own, and meet a fault.

    Raises:
        Blocked: no request came, or one that the gateway refuses whatever the fault.
    """
    with bed.gateway() as session:
        args = arguments(bed, session, op) | more
        if fault is not None:
            session.inject(fault, op)
        answer = bed.ask(op, gateway_url=session.url, **args)
        records = session.of(OPERATIONS[op])
    expect_reached(records, op, answer)
    if records[0].code:
        raise Blocked("gateway.refused", op=op, code=records[0].code)
    return Encounter(args, records, answer, told_again(op, session))


# --- one call under a fault -----------------------------------------------------------------------------


class ToldAgain(Exception):  # noqa: N818 (no mishap)
    """The subject asked again within its call, and was told genuinely: it may report what it was told."""


def unless_told_again(judge: F) -> F:
    """Judge nothing where the subject asked again within its call, and was told genuinely."""

    @wraps(judge)
    def run(*args: Any) -> None:
        with suppress(ToldAgain):
            judge(*args)

    return cast(F, run)


def ask(bed: Testbed, op: str, fault: Fault | None, **more: str) -> tuple[Answered, Record]:
    """Return what the subject made of one call under a fault, and the record of its first request.

    Raises:
        Blocked: no request came, or one that the gateway refuses whatever the fault.
        ToldAgain: the subject asked again within the call, and was told genuinely.
    """
    met = encounter(bed, op, fault, **more)
    if met.told_again:
        raise ToldAgain
    return met.answer, met.records[0]


def with_body(change: Callable[[bytes], bytes], **more: Any) -> Fault:
    """Return a fault that changes the bytes of the signed answer."""
    return Fault(answer=lambda answer: replace(answer, body=change(answer.body), **more), name="body")


def refuse(reply: Reply) -> Reply:
    """Change a reply into one of failure, before it is signed."""
    return faults.business_error("TRADE_STATUS_ERROR").reply(reply)


def require(bed: Testbed, requirement: str, op: str, fault: Fault | None, *right: str) -> None:
    """Raise `Blocked` where the plainest answer of a requirement leads to another outcome than these."""

    def attempt() -> bool:
        try:
            return outcome(ask(bed, op, fault)[0]) in right
        except ToldAgain:
            return True

    if not bed.once(f"{requirement}/{op}", attempt):
        raise Blocked("see.requirement", requirement=requirement)


def expect_no_success(answer: Answered, record: Record, what: str) -> None:
    """Raise `Failed` where success is reported."""
    if (found := outcome(answer)) in {"success", "accepted"}:
        raise Failed("attack.answer", told(answer, record), found=found, what=what)


def told(answer: Answered, record: Record) -> dict[str, object]:
    """Return evidence: what was answered, what is reported."""
    return {"answer": record.answer.body[:1500], "reported": words(answer)}
