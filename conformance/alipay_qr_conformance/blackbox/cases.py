"""Cases of a black box alone: real time, numbers of the shop's own, and what was observed.

paid-yesterday   without a clock the payment is moved instead: its news come late, as repeats do
asked-again      who chooses partner_refund_id keeps it, while the outcome of the refund is unknown
then-*           a hostile answer, and then an ordinary one
*-observed       what the shop sent by itself, by the rules of level 2 and the ledger
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from alipay_qr.beijing import beijing_day, format_timestamp
from alipay_qr_conformance.blackbox.answering import OnTheWire
from alipay_qr_conformance.blackbox.visibility import unchecked
from alipay_qr_conformance.blackbox.watch import YESTERDAY
from alipay_qr_conformance.checks.request.form import sent_from
from alipay_qr_conformance.checks.response.hostile import HOSTILE
from alipay_qr_conformance.gateway import Fault, Record, faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Keyword
from alipay_qr_conformance.rules.request import Wanted, judge
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.notifications import deliver, notification
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, number
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_LEVEL: Final = 4
_WORDS: Final = {"create_qr_code": "create", "cancel": "cancel", "refund": "refund"}
_WHOLE: Final = "10.00"


def cases(plan: Plan, drive: Mapping[str, Any]) -> Iterator[Case]:
    """Yield the cases; those about what was observed for operations without a command."""
    for name, change in HOSTILE.items():
        run = _then(name, change)
        yield Case("response.hostile", f"then-{name}", run, needs=("notify", "refund"))
    if plan.level >= _LEVEL:
        window = _paid_yesterday(plan)
        yield Case("money.cancel.window", "paid-yesterday", window, needs=("notify", "cancel"))
        yield Case("money.refund.one-id", "asked-again", _asked_again, needs=("notify", "refund"))
    for op in unchecked(drive):
        yield from _observed(op)
    if plan.level >= _LEVEL and {"cancel", "refund"} & set(unchecked(drive)):
        for requirement in _LEDGER:
            yield Case(requirement, "observed", _kept(plan, requirement), once_only=True)


# --- driven ---------------------------------------------------------------------------------------------


def _then(name: str, change: Callable[[bytes], bytes]) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            payment = PaidTrade.open(bed, session)
            payment.given(payment.refund("1.00"), "success")
            session.inject(
                Fault(answer=lambda each: replace(each, body=change(each.body)), name="body"), "refund"
            )
            payment.refund("1.00")
            if payment.sent("refund") < 2:  # noqa: PLR2004 (the second refund)
                raise Blocked("nothing.reached", op="refund")
            other = PaidTrade.open(bed, session)
            before = other.sent("refund")
            answer = other.refund("1.00")
            if other.sent("refund") == before:
                raise Failed("blackbox.silent-since", other.evidence(answer=answer), what=name)

    return run


def _paid_yesterday(plan: Plan) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            PaidTrade.open(bed, session)  # proves that news are believed at all
            paid_at, asked_at = session.now - YESTERDAY, session.now
            trade = bed.fresh("T")
            session.engine.pay(None, _WHOLE, plan.currency, paid_at, out_trade_no=trade)
            payment = PaidTrade(bed, session, trade, plan.currency)
            if not deliver(bed, *notification(bed, session, trade)).acknowledged:
                raise Blocked("see.genuine")
            answer = payment.cancel()
            if payment.sent("cancel"):
                keyword: Keyword | None = "SHOULD" if plan.policy.cancel_window == "gateway" else None
                evidence = payment.evidence(
                    answer=answer, paid=format_timestamp(paid_at), asked=format_timestamp(asked_at)
                )
                raise Failed("blackbox.late", evidence, keyword_=keyword)

    return run


def _asked_again(bed: Testbed) -> None:
    """The whole payment is refunded and the answer lost; who asks again means the same refund."""
    with bed.gateway() as session:
        payment = PaidTrade.open(bed, session, _WHOLE)
        refund_id = bed.fresh("R")
        session.inject(faults.drop(), "refund")
        payment.refund(_WHOLE, refund_id=refund_id)
        if not payment.sent("refund"):
            raise Blocked("nothing.reached", op="refund")
        payment.refund(_WHOLE, refund_id=refund_id)
        sent = {record.params.get("partner_refund_id") for record in session.of(OPERATIONS["refund"])}
    if len(sent) > 1:
        raise Failed("money.new-id", payment.evidence(sent=sorted(map(str, sent))))


# --- observed -------------------------------------------------------------------------------------------


def _observed(op: str) -> Iterator[Case]:
    alias = _WORDS[op]
    others = {f"request.{each}." for each in _WORDS.values() if each != alias}
    for row in register().values():
        if not row.id.startswith("request.") or row.excluded is not None or row.id in _NOT_OBSERVED:
            continue
        if any(row.id.startswith(each) for each in others):
            continue
        yield Case(row.id, f"{alias}-observed", _rule(op, row.id), once_only=True)


_NOT_OBSERVED: Final = frozenset(
    {
        "request.carried-out",
        "request.illegal.not-hidden",
        "request.values-verbatim",
        "request.refund.amount-exact",
        "request.https",
    }
)
"""Requirements that compare with what was asked for, which nobody knows of a button."""


def _rule(op: str, requirement: str) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        for record in _seen(bed, op):
            sent = sent_from(bed, record, Wanted(OPERATIONS[op]))
            for breach in judge(sent):
                if breach.requirement == requirement:
                    evidence = {**breach.evidence, **sent.evidence()}
                    more = {
                        "wrong_sign_": breach.wrong_sign,
                        "diagnosis_": breach.diagnosis,
                        **breach.details,
                    }
                    raise Failed(breach.key, evidence, **more)

    return run


def _wire(bed: Testbed) -> OnTheWire:
    """Return what was read from the wire; these cases are made for black boxes alone."""
    if not isinstance(bed.answering, OnTheWire):
        raise TypeError("a case of a black box met an adapter")
    return bed.answering


def _seen(bed: Testbed, *ops: str) -> list[Record]:
    wire, services = _wire(bed), {OPERATIONS[op] for op in ops}
    found = [record for record in wire.observed if record.service in services]
    if not found:
        watched, named = wire.box.box.watch, ", ".join(ops)
        if not watched:
            raise Unsupported(message("blackbox.not-driven", op=named))
        raise Unsupported(message("blackbox.not-observed", ops=named, seconds=f"{watched:g}"))
    return found


_LEDGER: Final[Mapping[str, str]] = {
    "money.refund.sum": "refund",
    "money.cancel.window": "cancel",
    "money.cancel.after-refund": "cancel",
}
"""The money rules whose breach shows on the wire, and the operation that breaks them."""


def _kept(plan: Plan, requirement: str) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        _seen(bed, _LEDGER[requirement])
        for broken, what, record in breaches(_wire(bed).observed, _wire(bed).paid):
            if broken != requirement:
                continue
            left = plan.policy.refund_sum if "refund" in requirement else plan.policy.cancel_window
            keyword: Keyword | None = "SHOULD" if left == "gateway" else None
            evidence = sent_from(bed, record).evidence()
            raise Failed("money.sent", evidence, keyword_=keyword, op=_LEDGER[requirement], what=what)

    return run


def breaches(
    records: Sequence[Record], paid: Mapping[str, tuple[Decimal, datetime]]
) -> Iterator[tuple[str, str, Record]]:
    """Yield (requirement, what was sent, the request) for each request that must not have been sent.

    Args:
        records: what came, oldest first.
        paid: by trade, the amount and the moment of the payment.
    """
    refunds: dict[str, dict[str, Decimal]] = {trade: {} for trade in paid}
    cancelled = set()
    for record in records:
        params = record.params
        if record.service == OPERATIONS["cancel"] and (trade := params.get("out_trade_no", "")) in paid:
            if beijing_day(record.at) != beijing_day(paid[trade][1]):
                yield "money.cancel.window", "a payment of another day", record
            elif refunds[trade]:
                yield "money.cancel.after-refund", "a trade with a refund", record
            elif _did(record):
                cancelled.add(trade)
        elif record.service == OPERATIONS["refund"] and (trade := params.get("partner_trans_id", "")) in paid:
            refund_id, amount = params.get("partner_refund_id", ""), number(params.get("refund_amount"))
            if amount is None or refund_id in refunds[trade]:
                continue
            if trade in cancelled or sum(refunds[trade].values(), amount) > paid[trade][0]:
                yield "money.refund.sum", f"{amount} of {paid[trade][0]}", record
            elif _did(record):
                refunds[trade][refund_id] = amount


def _did(record: Record) -> bool:
    return record.carried_out and b"<result_code>SUCCESS<" in record.answer.body
