"""Levels 2 to 4: what the policy file declares, the subject does.

The protocol leaves these cases open, and without a declaration each way is right. A probe looks what the
subject does, and says it in the words of the policy; another word than the declared one is a finding. A probe
that meets none of the ways says "neither": the word was not kept, whatever else is wrong.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from alipay_qr.beijing import BEIJING
from alipay_qr_conformance.checks import shop_policy
from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.calls import arguments, expect_reached
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.notifications import fields_of, paid, recorded, send
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, outcome
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_NEITHER: Final = "neither"
_EVENING: Final = datetime(2026, 3, 9, 20, 0, tzinfo=BEIJING)
_AFTER_MIDNIGHT: Final = datetime(2026, 3, 10, 0, 5, tzinfo=BEIJING)
_NEXT_MORNING: Final = datetime(2026, 3, 10, 9, 0, tzinfo=BEIJING)
_SENDING: Final = {True: "send", False: "refuse"}

Probe = Callable[[Testbed], str]


class _Declared(NamedTuple):
    """How a key of the policy is looked at."""

    probe: Probe
    needs: tuple[str, ...]
    clock: bool = False


# --- requests -----------------------------------------------------------------------------------------


def _sent(bed: Testbed, op: str, **more: str | None) -> dict[str, str]:
    """Let the subject send one legal call and return its parameters, with the method as ``:method``."""
    with bed.gateway() as session:
        answer = bed.ask(op, gateway_url=session.url, **(arguments(bed, session, op) | more))
        records = session.of(OPERATIONS[op])
    expect_reached(records, op, answer)
    return {**records[0].params, ":method": records[0].request.method}


def _method(bed: Testbed) -> str:
    ops = [op for op in OPERATIONS if bed.subject.supports(op)]
    methods = {_sent(bed, op)[":method"] for op in ops}
    return methods.pop() if len(methods) == 1 else _NEITHER


def _is_sync(bed: Testbed) -> str:
    found = _sent(bed, "refund", is_sync=None).get("is_sync")
    return {None: "absent", "": "absent", "N": "explicit"}.get(found, _NEITHER)


def _refund_notify_url(bed: Testbed) -> str:
    at_once, later = (bool(_sent(bed, "refund", is_sync=word).get("notify_url")) for word in ("Y", "N"))
    ways = {(True, True): "always", (False, True): "asynchronous", (False, False): "never"}
    return ways.get((at_once, later), _NEITHER)


def _cancel_timestamp(bed: Testbed) -> str:
    found = _sent(bed, "cancel").get("timestamp", "")
    if re.fullmatch(r"[0-9]{13}", found):
        return "milliseconds"
    return "date" if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", found) else _NEITHER


def _amount_form(bed: Testbed) -> str:
    found = _sent(bed, "refund", refund_amount="0.10").get("refund_amount", "")
    return {"0.10": "fixed", "0.1": "short"}.get(found, _NEITHER)


def _illegal_values(bed: Testbed) -> str:
    went = set()
    for illegal in ({"refund_amount": "1.005"}, {"partner_refund_id": "R" * 65}):
        with bed.gateway() as session:
            bed.ask("refund", gateway_url=session.url, **(arguments(bed, session, "refund") | illegal))
            went.add(bool(session.of(OPERATIONS["refund"])))
    return _SENDING[went.pop()] if len(went) == 1 else _NEITHER


# --- notifications and responses ----------------------------------------------------------------------


def _reply(bed: Testbed) -> str:
    with bed.gateway() as session:
        fields, kind = fields_of(bed, session, paid(bed, session))
        reply = send(bed, fields, kind)
    if not reply.acknowledged or reply.body is None:
        raise Blocked("see.genuine")
    return reply.body.strip().decode("ascii")


def _repeated_names(bed: Testbed) -> str:
    believed = []
    for forged_first in (False, True):
        with bed.gateway() as session:
            trade = paid(bed, session)
            genuine, kind = fields_of(bed, session, trade)
            extra = ("total_fee", "0.01")
            reply = send(bed, [extra, *genuine] if forged_first else [*genuine, extra], kind)
            found = recorded(bed, trade)
            is_paid = reply.acknowledged if found is None else found.get("state") == "paid"
            believed.append(is_paid)
    ways = {(False, False): "refuse", (True, False): "first", (False, True): "last"}
    return ways.get((believed[0], believed[1]), _NEITHER)


def _notify_verify(bed: Testbed) -> str:
    with bed.gateway() as session:
        fields, kind = fields_of(bed, session, paid(bed, session))
        if not send(bed, fields, kind).acknowledged:
            raise Blocked("see.genuine")
        return "always" if session.of("notify_verify") else "never"


def _retry_flag(bed: Testbed) -> str:
    failure = faults.business_error("SELLER_BALANCE_NOT_ENOUGH", "CANCEL", retry_flag="Y")
    return "repeat" if _requests(bed, "cancel", failure) > 1 else "report"


def _after_unknown(bed: Testbed) -> str:
    return "ask-again" if _requests(bed, "refund", faults.drop()) > 1 else "report"


def _requests(bed: Testbed, op: str, fault: faults.Fault) -> int:
    """Return how many requests of any kind one call sends that meets a fault first."""
    with bed.gateway() as session:
        args = arguments(bed, session, op)
        before = len(session.records)
        session.inject(fault, op)
        answer = bed.ask(op, gateway_url=session.url, **args)
        count = len(session.records) - before
        expect_reached(session.of(OPERATIONS[op]), op, answer)
    return count


# --- money --------------------------------------------------------------------------------------------


def _cancel_band(bed: Testbed) -> str:
    with bed.gateway(start=_EVENING) as session:
        trade = PaidTrade.open(bed, session)
        session.move(_AFTER_MIDNIGHT)
        trade.cancel()
        return "open" if trade.sent("cancel") else "closed"


def _instead(trade: PaidTrade, before: int) -> str:
    """Say what came of a CANCEL that is too late, or comes after a refund."""
    if trade.sent("cancel"):
        return "send"
    return "refund" if trade.sent("refund") > before else "refuse"


def _late_cancel(bed: Testbed) -> str:
    with bed.gateway(start=_EVENING) as session:
        trade = PaidTrade.open(bed, session)
        session.move(_NEXT_MORNING)
        trade.cancel()
        return _instead(trade, 0)


def _cancel_after_refund(bed: Testbed) -> str:
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        trade.given(trade.refund("1.00"), "success")
        before = trade.sent("refund")
        trade.cancel()
        return _instead(trade, before)


def _unknown_trade_cancel(bed: Testbed) -> str:
    with bed.gateway() as session:
        trade = PaidTrade.untold(bed, session)
        trade.cancel()
        return _SENDING[trade.sent("cancel") > 0]


def _unknown_trade_refund(bed: Testbed) -> str:
    with bed.gateway() as session:
        trade = PaidTrade.untold(bed, session)
        trade.refund("1.00")
        return _SENDING[trade.sent("refund") > 0]


def _same_refund_id(bed: Testbed) -> str:
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        trade.given(trade.refund("4.00", refund_id=refund_id), "success")
        before = trade.sent("refund")
        trade.refund("5.00", refund_id=refund_id)
        return _SENDING[trade.sent("refund") > before]


def _unknown_refund(bed: Testbed) -> str:
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(faults.drop("REFUND", commit=False, times=50), "refund")
        if outcome(trade.refund("6.00")) not in {"unknown", "raised"}:
            raise Blocked("see.requirement", requirement="response.transport")
        session.clear_faults()
        before = trade.sent("refund")
        trade.refund("1.00")
        return "binds" if trade.sent("refund") > before else "blocks"


def _refund_while_undecided(bed: Testbed) -> str:
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(faults.drop("CANCEL", commit=False, times=50), "cancel")
        if outcome(trade.cancel()) not in {"unknown", "raised"}:
            raise Blocked("see.requirement", requirement="response.transport")
        session.clear_faults()
        trade.refund("1.00")
        return _SENDING[trade.sent("refund") > 0]


def _refund_period(bed: Testbed) -> str:
    """Refund a day before the declared period ends, and two days after it."""
    days = bed.plan.policy.refund_period or 0
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.advance(timedelta(days=days - 1))
        trade.refund("1.00")
        before = trade.sent("refund")
        session.advance(timedelta(days=3))
        trade.refund("1.00")
        if not before:
            return f"less than {days - 1}"
        return f"more than {days + 2}" if trade.sent("refund") > before else str(days)


_REFUND: Final = ("notify", "refund")
_CANCEL: Final = ("notify", "cancel")
PROBES: Final[dict[str, _Declared]] = {
    "method": _Declared(_method, ()),
    "is_sync": _Declared(_is_sync, ("refund",)),
    "refund_notify_url": _Declared(_refund_notify_url, ("refund",)),
    "cancel_timestamp": _Declared(_cancel_timestamp, ("cancel",)),
    "amount_form": _Declared(_amount_form, ("refund",)),
    "illegal_values": _Declared(_illegal_values, ("refund",)),
    "reply": _Declared(_reply, ("notify",)),
    "repeated_names": _Declared(_repeated_names, ("notify",)),
    "notify_verify": _Declared(_notify_verify, ("notify",)),
    "retry_flag": _Declared(_retry_flag, ("cancel",)),
    "after_unknown": _Declared(_after_unknown, ("refund",)),
    "cancel_band": _Declared(_cancel_band, _CANCEL, clock=True),
    "late_cancel": _Declared(_late_cancel, _CANCEL, clock=True),
    "cancel_after_refund": _Declared(_cancel_after_refund, (*_CANCEL, "refund")),
    "unknown_trade_cancel": _Declared(_unknown_trade_cancel, ("cancel",)),
    "unknown_trade_refund": _Declared(_unknown_trade_refund, ("refund",)),
    "same_refund_id": _Declared(_same_refund_id, _REFUND),
    "unknown_refund": _Declared(_unknown_refund, _REFUND),
    "refund_while_undecided": _Declared(_refund_while_undecided, (*_CANCEL, "refund")),
    "refund_period": _Declared(_refund_period, _REFUND, clock=True),
    "currencies": _Declared(shop_policy.currencies, ("notify",)),
    "cancel_margin": _Declared(shop_policy.cancel_margin, _CANCEL, clock=True),
    "min_partial_refund": _Declared(shop_policy.min_partial_refund, _REFUND),
    "largest_refund": _Declared(shop_policy.largest_refund, _REFUND),
    "partial_refunds": _Declared(shop_policy.partial_refunds, _REFUND),
    "max_refunds": _Declared(shop_policy.max_refunds, _REFUND),
    "paid_cancel": _Declared(shop_policy.paid_cancel, _CANCEL),
    "full_refund": _Declared(shop_policy.full_refund, _REFUND),
    "create": _Declared(shop_policy.create, ("create_qr_code",)),
    "gateway_error": _Declared(shop_policy.gateway_error, ("refund",)),
    "line_ends": _Declared(shop_policy.line_ends, ("sign",)),
    "seller_id": _Declared(shop_policy.seller_id, ("notify",)),
}
"""Every key of the policy but the two that say who keeps a rule: those are judged with the rule."""


class _Word(NamedTuple):
    """What the policy declares for a key."""

    key: str
    said: str
    probe: _Declared


def _words(plan: Plan) -> dict[str, _Word]:
    """Return what the policy declares, by key."""
    said = {key: getattr(plan.policy, key) for key in plan.policy.declared()}
    return {key: _Word(key, str(said[key]), probe) for key, probe in PROBES.items() if key in said}


def _requirement(plan: Plan, word: _Word) -> list[str]:  # noqa: ARG001 (the word's own)
    return [f"policy.{word.key.replace('_', '-')}"]


@check(
    _requirement,
    each=_words,
    name=lambda word: word.said,
    needs=lambda word: word.probe.needs,
    clock=lambda word: word.probe.clock,
)
def kept(bed: Testbed, word: _Word, _: str) -> None:
    """Do what the policy file declares."""
    found = word.probe.probe(bed)
    if found != word.said:
        raise Failed("policy.broken", key=word.key, said=word.said, found=found)
