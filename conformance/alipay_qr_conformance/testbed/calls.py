"""Calls that a case lets the subject make: legal arguments, the answers that they meet, what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alipay_qr_conformance.gateway import Fault, Record
from alipay_qr_conformance.model.outcomes import Blocked
from alipay_qr_conformance.testbed.notifications import announce_payment
from alipay_qr_conformance.testbed.paid_trade import Answered, outcome
from alipay_qr_conformance.testbed.scenarios import BIZ_DATA, OPERATIONS
from alipay_qr_conformance.testbed.testbed import GatewaySession, Testbed

_QUERY: Final = "alipay.acquire.overseas.query"

_CLOSED: Final = b"<alipay_trans_status>TRADE_CLOSED<"


def arguments(bed: Testbed, session: GatewaySession, op: str) -> dict[str, Any]:
    """Return the arguments of a legal call; a trade is paid first where one is needed."""
    if op == "create_qr_code":
        return {"biz_data": BIZ_DATA, "notify_url": "https://merchant.example/alipay/notify"}
    trade = bed.fresh("T")
    announce_payment(bed, session, trade, "12.50", bed.plan.currency)
    if op == "cancel":
        return {"out_trade_no": trade}
    return {
        "partner_trans_id": trade,
        "partner_refund_id": bed.fresh("R"),
        "refund_amount": "2.50",
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


def encounter(bed: Testbed, op: str, fault: Fault | None, **more: str) -> Encounter:
    """Let the subject make one call, with ``more`` arguments of its own, and meet a fault.

    Raises:
        Blocked: no request came, or one that the gateway refuses whatever the fault.
    """
    with bed.gateway() as session:
        args = arguments(bed, session, op) | more
        if fault is not None:
            session.inject(fault)
        answer = bed.ask(op, gateway_url=session.url, **args)
        records = session.of(OPERATIONS[op])
    if not records:
        raise Blocked("nothing.reached", op=op)
    if records[0].code:
        raise Blocked("gateway.refused", op=op, code=records[0].code)
    return Encounter(args, records, answer, told_again(op, session))
