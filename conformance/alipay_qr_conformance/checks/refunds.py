"""Level 4: refunds, one story a case: their sum, their numbers, their repeats, and what is booked."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from alipay_qr.beijing import BEIJING
from alipay_qr_conformance.checks.money import UNKNOWN, not_sent, refusal, told
from alipay_qr_conformance.gateway import Fault, faults
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.notifications import deliver
from alipay_qr_conformance.testbed.paid_trade import Answered, PaidTrade, outcome
from alipay_qr_conformance.testbed.testbed import DEFAULT_START, Testbed

_REFUND: Final = ("notify", "refund")
_BELIEF: Final = ("notify", "refund", "trade")
LATER: Final = {
    "thirty-days-later": (timedelta(days=30), DEFAULT_START),
    "half-a-year-later": (timedelta(days=180), DEFAULT_START),
    "next-year": (timedelta(days=2), datetime(2026, 12, 31, 18, 0, tzinfo=BEIJING)),
}
"""How long after the payment, and when that was."""


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the stories."""
    yield from _sums(plan)
    yield from _repeats()
    yield from _beliefs()


def _sums(plan: Plan) -> Iterator[Case]:
    for name, (total, currency, parts) in EXACT_SUMS.items():
        if currency and not plan.takes(currency):
            continue
        yield Case("money.refund.exact", name, _exact(total, currency, parts), needs=_REFUND)
    for name, (total, currency, parts, over) in OVER.items():
        if currency and not plan.takes(currency):
            continue
        yield Case("money.refund.sum", name, _over(plan, total, currency, parts, over), needs=_REFUND)
    pending = _over_pending(plan, timedelta(0))
    yield Case("money.refund.sum", "above-the-rest-of-an-accepted-one", pending, needs=_REFUND)
    pending = _over_pending(plan, timedelta(days=3))
    yield Case("money.refund.sum", "accepted-three-days-ago", pending, needs=_REFUND, clock=True)
    yield Case("money.refund.sum", "on-two-days", _over_on_two_days(plan), needs=_REFUND, clock=True)
    yield Case("money.refund.sum", "after-cancel", _refund_after_cancel(plan), needs=(*_REFUND, "cancel"))
    yield Case("money.refund.currency", "other-currency", _other_currency, needs=_REFUND)
    yield Case("money.refund.ids-differ", "same-as-the-trade", _same_ids, needs=_REFUND)
    for name, (after, start) in LATER.items():
        if plan.policy.refund_period is None or after < timedelta(days=plan.policy.refund_period):
            yield Case("money.refund.period", name, _later(after, start), needs=_REFUND, clock=True)


def _repeats() -> Iterator[Case]:
    for name, fault in UNKNOWN.items():
        yield Case("money.refund.repeat", f"after-{name}", _repeat_after(fault), needs=_REFUND)
        yield Case("money.refund.unknown", name, _unknown_refund(fault), needs=_BELIEF)
        yield Case("money.refund.one-id", name, _one_id(fault), needs=_REFUND)
    yield Case("money.refund.repeat", "after-success", _repeat_after_success, needs=_REFUND)
    yield Case("money.refund.same-id", "other-amount", _same_id_other_amount, needs=_REFUND)


def _beliefs() -> Iterator[Case]:
    yield Case("money.refund.booked", "partial", _booked(["2.50"]), needs=_BELIEF)
    yield Case("money.refund.booked", "two-parts", _booked(["2.50", "0.01"]), needs=_BELIEF)
    yield Case("money.refund.booked", "in-full", _booked(["10.00"]), needs=_BELIEF)
    yield Case("money.refund.not-booked", "business-failure", _not_booked(business=True), needs=_BELIEF)
    yield Case("money.refund.not-booked", "asked-again", _refused_twice, needs=_REFUND)
    yield Case("money.refund.booked", "with-its-worth-in-yuan", _in_yuan, needs=_BELIEF)
    yield Case("money.refund.not-booked", "gateway-error", _not_booked(business=False), needs=_BELIEF)
    yield Case("money.refund.asynchronous", "accepted", _accepted, needs=_BELIEF)
    yield Case("money.refund.asynchronous", "finished", _finished, needs=_BELIEF)


EXACT_SUMS: Final = {
    "in-full": ("10.00", None, ["10.00"]),
    "two-halves": ("10.00", None, ["5.00", "5.00"]),
    "one-tenth-and-two-tenths": ("0.30", None, ["0.10", "0.20"]),
    "three-thirds": ("10.00", None, ["3.33", "3.33", "3.34"]),
    "eleven-parts": ("1.10", None, ["0.10"] * 11),
    "cents": ("0.03", None, ["0.01"] * 3),
    "large": ("1234567.89", None, ["1234567.88", "0.01"]),
    "yen": ("301", "JPY", ["100", "200", "1"]),
}
"""Payment, currency (None: the ordinary one), and the parts that together are exactly the payment."""

OVER: Final = {
    "one-cent-above": ("10.00", None, [], "10.01"),
    "twice-the-payment": ("10.00", None, [], "20.00"),
    "one-cent-above-the-rest": ("10.00", None, ["6.00"], "4.01"),
    "after-the-whole": ("10.00", None, ["10.00"], "0.01"),
    "one-cent-above-many": ("1.00", None, ["0.10"] * 9, "0.11"),
    "one-tenth-and-two-tenths": ("0.30", None, ["0.10", "0.20"], "0.01"),
    "one-yen-above": ("300", "JPY", ["200"], "101"),
}
"""Payment, refunds that pass, and one that must not."""


# --- the sum ------------------------------------------------------------------------------------------------


def _exact(total: str, currency: str | None, parts: list[str]) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session, total, currency)
            for part in parts:
                till.expect_outcome(till.refund(part), "success")
            till.expect_refunded(Decimal(total))
            till.expect_state("refunded")

    return run


def _over(
    plan: Plan, total: str, currency: str | None, parts: list[str], over: str
) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session, total, currency)
            for part in parts:
                till.given(till.refund(part), "success")
            before = till.sent("refund")
            answer = till.refund(over)
            _not_allowed(till, answer, f"{over} {till.currency}")
            not_sent(plan.policy.refund_sum, till, "refund", before, answer, over)

    return run


def _over_pending(plan: Plan, later: timedelta) -> Callable[[Testbed], None]:
    """What is accepted and has not moved yet counts as well, for as long as Alipay tries (180 days)."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            till.given(till.refund("6.00", is_sync="N"), "accepted")
            if later:
                session.advance(later)
            before = till.sent("refund")
            answer = till.refund("4.01")
            if outcome(answer) in {"success", "accepted"}:
                raise Failed(
                    "money.over", till.evidence(answer=answer), what="4.01 besides 6.00 that are pending"
                )
            not_sent(
                plan.policy.refund_sum, till, "refund", before, answer, "4.01 besides 6.00 that are pending"
            )

    return run


def _over_on_two_days(plan: Plan) -> Callable[[Testbed], None]:
    """What was refunded yesterday counts today."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            till.given(till.refund("6.00"), "success")
            session.advance(timedelta(days=1))
            before = till.sent("refund")
            answer = till.refund("4.01")
            _not_allowed(till, answer, f"4.01 {till.currency}")
            not_sent(plan.policy.refund_sum, till, "refund", before, answer, "4.01 after 6.00 of yesterday")

    return run


def _not_allowed(till: PaidTrade, answer: Answered, what: str) -> None:
    if outcome(answer) in {"success", "accepted"}:
        raise Failed("money.over", till.evidence(answer=answer), what=what)
    till.expect_refunded(till.books.refunded)


def _refund_after_cancel(plan: Plan) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            till.given(till.cancel(), "success")
            before = till.sent("refund")
            answer = till.refund("1.00")
            if outcome(answer) in {"success", "accepted"}:
                raise Failed("money.over", till.evidence(answer=answer), what="1.00")
            not_sent(plan.policy.refund_sum, till, "refund", before, answer, "1.00 after the cancel")

    return run


def _other_currency(bed: Testbed) -> None:
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        before = till.sent("refund")
        answer = till.refund("1.00", currency=bed.plan.other_currency)
        if outcome(answer) in {"success", "accepted"} or till.sent("refund") > before:
            raise Failed(
                "money.sent",
                till.evidence(answer=answer),
                op="refund",
                what="1.00 in another currency than the payment",
            )


def _same_ids(bed: Testbed) -> None:
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        before = till.sent("refund")
        answer = till.refund("1.00", refund_id=till.trade)
        if outcome(answer) in {"success", "accepted"} or till.sent("refund") > before:
            raise Failed(
                "money.sent",
                till.evidence(answer=answer),
                op="refund",
                what="partner_refund_id = partner_trans_id",
            )


def _later(by: timedelta, start: datetime) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway(start=start) as session:
            till = PaidTrade.open(bed, session)
            session.advance(by)
            till.expect_outcome(till.refund("4.00"), "success")

    return run


# --- unknown outcomes and repeats ---------------------------------------------------------------------------


def _repeat_after(fault: Callable[[], faults.Fault]) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            refund_id = bed.fresh("R")
            session.inject(fault())
            till.refund("4.00", refund_id=refund_id)
            till.expect_outcome(till.refund("4.00", refund_id=refund_id), "success")
            _moved_once(till)

    return run


def _repeat_after_success(bed: Testbed) -> None:
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        till.given(till.refund("4.00", refund_id=refund_id), "success")
        till.refund("4.00", refund_id=refund_id)
        _moved_once(till)


def _moved_once(till: PaidTrade) -> None:
    moved = till.books.refunded
    if moved != Decimal("4.00"):
        raise Failed(
            "money.twice" if moved > Decimal("4.00") else "money.never", till.evidence(), what="4.00"
        )
    till.expect_refunded("4.00")


def _same_id_other_amount(bed: Testbed) -> None:
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        till.given(till.refund("4.00", refund_id=refund_id), "success")
        answer = till.refund("5.00", refund_id=refund_id)
        if outcome(answer) not in {"refused", "failed", "raised", "unknown"}:
            raise Failed("money.over", till.evidence(answer=answer), what="5.00 under the id of 4.00")
        till.expect_refunded("4.00")


def _unknown_refund(fault: Callable[[], faults.Fault]) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            session.inject(fault())
            if outcome(till.refund("4.00")) == "success":
                told(till, "success")
                return
            till.expect_refunded("0")
            till.expect_state("paid")

    return run


def _one_id(fault: Callable[[], faults.Fault]) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            refund_id = bed.fresh("R")
            session.inject(fault())
            till.refund("4.00", refund_id=refund_id)
            sent = {
                dict(record.reading.params).get("partner_refund_id")
                for record in session.of("alipay.acquire.overseas.spot.refund")
            }
            if sent - {refund_id}:
                raise Failed("money.new-id", till.evidence(asked=refund_id, sent=sorted(map(str, sent))))

    return run


# --- belief -------------------------------------------------------------------------------------------------


def _booked(parts: list[str]) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            for part in parts:
                till.given(till.refund(part), "success")
            total = sum(map(Decimal, parts))
            till.expect_refunded(Decimal(total))
            till.expect_state("refunded" if total == Decimal("10.00") else "partly_refunded")

    return run


def _not_booked(*, business: bool) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            session.inject(refusal(business=business, service="REFUND"))
            answer = till.refund("4.00")
            if till.asked_again() and till.books.refunded:
                return  # asked again within the call, the gateway did not refuse any more
            till.expect_refunded("0")
            till.expect_state("paid")
            if outcome(answer) == "failed":
                till.expect_outcome(
                    till.refund("9.00"), "success"
                )  # what was refused must not bind any money either

    return run


def _refused_twice(bed: Testbed) -> None:
    """What the gateway refused twice under one id was not refunded."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        failure = refusal(business=True, service="REFUND")
        session.inject(replace(failure, times=20))  # a subject may ask again within a call
        till.given(till.refund("4.00", refund_id=refund_id), "failed")
        answer = till.refund("4.00", refund_id=refund_id)
        if outcome(answer) in {"success", "accepted"}:
            raise Failed("money.refused-success", till.evidence(answer=answer), what=f"4.00 {till.currency}")
        till.expect_refunded("0")


def _in_yuan(bed: Testbed) -> None:
    """The answer may tell what the refund is worth in CNY; what was refunded is in the trade's currency."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        worth = {"refund_amount_cny": "28.57", "exchange_rate": "7.142857"}
        session.inject(Fault(reply=lambda reply: reply.changed(worth), name="worth in yuan"))
        till.given(till.refund("4.00"), "success")
        till.expect_refunded("4.00")


def _accepted(bed: Testbed) -> None:
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        till.expect_outcome(till.refund("4.00", is_sync="N"), "accepted")
        till.expect_refunded("0")


def _finished(bed: Testbed) -> None:
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        till.given(till.refund("4.00", refund_id=refund_id, is_sync="N"), "accepted")
        session.advance(timedelta(minutes=5)) if bed.hello.clock else None
        engine = session.engine
        body, kind = engine.notifications.make_refund(
            till.trade, refund_id, session.now, sign_type=bed.setup.sign_type, charset=bed.setup.charset
        )
        deliver(bed, body, kind)
        till.expect_refunded("4.00")
