"""Level 4: cancels, one story a case: the window of the Beijing day, unknown ends, and what is booked."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from alipay_qr.beijing import BEIJING, end_of_day, format_timestamp
from alipay_qr_conformance.checks.money import UNKNOWN, refusal, told
from alipay_qr_conformance.checks.sequels import told_finished
from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.verdicts import Keyword
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.notifications import deliver, notification
from alipay_qr_conformance.testbed.paid_trade import Answered, PaidTrade, outcome
from alipay_qr_conformance.testbed.testbed import Testbed

_CANCEL: Final = ("notify", "cancel")
_BELIEF: Final = (*_CANCEL, "trade")


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the stories."""
    yield from _windows(plan)
    for name, fault in UNKNOWN.items():
        yield Case("money.cancel.unknown", name, _unknown_cancel(fault), needs=_BELIEF)
    yield Case("money.cancel.booked", "paid", _cancel_booked, needs=_BELIEF)
    for name, business in (("business-failure", True), ("gateway-error", False)):
        run = _cancel_not_booked(business=business)
        yield Case("money.cancel.not-booked", name, run, needs=_BELIEF)


def _windows(plan: Plan) -> Iterator[Case]:
    for name, (paid_at, cancelled_at) in SAME_DAY.items():
        yield Case(
            "money.cancel.same-day", name, _cancel_in_time(paid_at, cancelled_at), needs=_CANCEL, clock=True
        )
    for name, (paid_at, cancelled_at) in NEXT_DAY.items():
        run = _cancel_too_late(plan, paid_at, cancelled_at)
        yield Case("money.cancel.window", name, run, needs=_CANCEL, clock=True)
    late = _told_after_midnight(plan)
    yield Case("money.cancel.window", "told-after-midnight", late, needs=_CANCEL, clock=True)
    for name, after in BAND.items() if plan.policy.cancel_band != "open" else ():
        yield Case("money.cancel.window-band", name, _cancel_in_band(after), needs=_CANCEL, clock=True)
    for name, zone in ZONES.items():
        yield Case(
            "money.cancel.same-day",
            f"told-in-{name}",
            _cancel_told_in(zone, late=False),
            needs=_CANCEL,
            clock=True,
        )
        late = _cancel_told_in(zone, late=True)
        yield Case("money.cancel.window", f"told-in-{name}", late, needs=_CANCEL, clock=True)
    for requirement, next_day in (("money.cancel.same-day", False), ("money.cancel.window", True)):
        run = _ordered_before_midnight(plan, next_day=next_day)
        yield Case(requirement, "ordered-the-day-before", run, needs=_CANCEL, clock=True)
    ended = _finished_after_midnight(plan)
    yield Case("money.cancel.window", "finished-after-midnight", ended, needs=_CANCEL, clock=True)
    yield Case(
        "money.cancel.not-booked", "refund-afterwards", _refund_after_refusal, needs=(*_CANCEL, "refund")
    )
    if plan.policy.cancel_after_refund != "send":
        yield from _after_refunds()


def _after_refunds() -> Iterator[Case]:
    needs = (*_CANCEL, "refund")
    yield Case("money.cancel.after-refund", "partly-refunded", _cancel_after_refund, needs=needs)
    for name, refund in (("unknown-refund", faults.drop("REFUND")), ("accepted-refund", None)):
        run = _cancel_after_open_refund(refund)
        yield Case("money.cancel.after-refund", name, run, needs=needs)


def _beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


SAME_DAY: Final = {
    "at-once": (_beijing("2026-03-09 10:00:00"), _beijing("2026-03-09 10:00:30")),
    "first-to-last-second": (_beijing("2026-03-09 00:00:00"), _beijing("2026-03-09 23:59:59")),
    "last-minute": (_beijing("2026-03-09 23:58:00"), _beijing("2026-03-09 23:59:30")),
    "last-millisecond": (_beijing("2026-03-09 12:00:00"), _beijing("2026-03-09 23:59:59.999")),
    "leap-day": (_beijing("2028-02-29 08:00:00"), _beijing("2028-02-29 23:00:00")),
    "utc-midnight-between": (_beijing("2026-03-09 07:59:00"), _beijing("2026-03-09 08:01:00")),
    "european-dst-night": (_beijing("2026-03-29 08:30:00"), _beijing("2026-03-29 09:30:00")),
}
NEXT_DAY: Final = {
    "sixteen-minutes-into-the-day": (_beijing("2026-03-09 23:59:00"), _beijing("2026-03-10 00:16:00")),
    "next-morning": (_beijing("2026-03-09 18:00:00"), _beijing("2026-03-10 09:00:00")),
    "within-24-hours": (_beijing("2026-03-09 23:00:00"), _beijing("2026-03-10 22:00:00")),
    "same-utc-day": (_beijing("2026-03-09 23:00:00"), _beijing("2026-03-10 07:30:00")),
    "after-the-leap-day": (_beijing("2028-02-29 20:00:00"), _beijing("2028-03-01 00:30:00")),
    "next-year": (_beijing("2026-12-31 23:30:00"), _beijing("2027-01-01 00:30:00")),
    "same-day-next-month": (_beijing("2026-03-09 10:00:00"), _beijing("2026-04-09 10:00:00")),
    "same-date-next-year": (_beijing("2026-03-09 10:00:00"), _beijing("2027-03-09 10:00:00")),
}
BAND: Final = {
    "midnight": timedelta(0),
    "one-millisecond-after": timedelta(milliseconds=1),
    "fourteen-minutes-after": timedelta(minutes=14),
}
ZONES: Final = {
    "UTC": UTC,
    "minus-eight": timezone(timedelta(hours=-8)),
    "plus-thirteen": timezone(timedelta(hours=13)),
}


# --- the window ---------------------------------------------------------------------------------------------


def _cancel_in_time(paid_at: datetime, cancelled_at: datetime) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway(start=paid_at) as session:
            till = PaidTrade.open(bed, session)
            session.move(cancelled_at)
            till.expect_outcome(till.cancel(), "success")

    return run


def _cancel_too_late(plan: Plan, paid_at: datetime, cancelled_at: datetime) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway(start=paid_at) as session:
            till = PaidTrade.open(bed, session)
            session.move(cancelled_at)
            _late(plan.policy.cancel_window, till, till.cancel(), paid_at, cancelled_at)

    return run


def _told_after_midnight(plan: Plan) -> Callable[[Testbed], None]:
    """The notification comes on the next day: it is gmt_payment that counts, not the arrival."""
    paid_at, told_at = _beijing("2026-03-09 23:50:00"), _beijing("2026-03-10 00:20:00")
    asked_at = _beijing("2026-03-10 09:00:00")

    def run(bed: Testbed) -> None:
        with bed.gateway(start=paid_at) as session:
            trade = bed.fresh("T")
            session.engine.pay(None, "10.00", bed.plan.currency, paid_at, out_trade_no=trade)
            till = PaidTrade(bed, session, trade, bed.plan.currency)
            session.move(told_at)
            if not deliver(bed, *notification(bed, session, trade)).acknowledged:
                raise Blocked("see.genuine")
            session.move(asked_at)
            _late(plan.policy.cancel_window, till, till.cancel(), paid_at, asked_at)

    return run


def _ordered_before_midnight(plan: Plan, *, next_day: bool) -> Callable[[Testbed], None]:
    """The order is older than the payment: ``gmt_create`` names one day, ``gmt_payment`` the next."""
    ordered_at, paid_at = _beijing("2026-03-09 23:55:00"), _beijing("2026-03-10 00:05:00")
    asked_at = _beijing("2026-03-11 00:30:00" if next_day else "2026-03-10 12:00:00")

    def run(bed: Testbed) -> None:
        with bed.gateway(start=paid_at) as session:
            trade = bed.fresh("T")
            session.engine.pay(None, "10.00", bed.plan.currency, paid_at, out_trade_no=trade)
            till = PaidTrade(bed, session, trade, bed.plan.currency)
            news = notification(bed, session, trade, {"gmt_create": format_timestamp(ordered_at)})
            if not deliver(bed, *news).acknowledged:
                raise Blocked("see.genuine")
            session.move(asked_at)
            answer = till.cancel()
            if next_day:
                _late(plan.policy.cancel_window, till, answer, paid_at, asked_at)
            else:
                till.expect_outcome(answer, "success")

    return run


def _finished_after_midnight(plan: Plan) -> Callable[[Testbed], None]:
    """Later news of the trade, on the next day, do not make it a payment of that day."""
    paid_at, told_at = _beijing("2026-03-09 20:00:00"), _beijing("2026-03-10 09:00:00")
    asked_at = _beijing("2026-03-10 10:00:00")

    def run(bed: Testbed) -> None:
        with bed.gateway(start=paid_at) as session:
            till = PaidTrade.open(bed, session)
            session.move(told_at)
            told_finished(till)
            session.move(asked_at)
            _late(plan.policy.cancel_window, till, till.cancel(), paid_at, asked_at)

    return run


def _late(keeper: str, till: PaidTrade, answer: Answered, paid_at: datetime, cancelled_at: datetime) -> None:
    times: dict[str, Any] = {"paid": format_timestamp(paid_at), "asked": format_timestamp(cancelled_at)}
    if till.recorded().get("state") == "cancelled" and till.books.state != "cancelled":
        raise Failed("money.cancel-booked", till.evidence(answer=answer, **times))
    if till.sent("cancel"):
        keyword: Keyword | None = "SHOULD" if keeper == "gateway" else None
        raise Failed("money.late", till.evidence(answer=answer), keyword_=keyword, **times)


def _cancel_in_band(after: timedelta) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        paid_at = _beijing("2026-03-09 20:00:00")
        with bed.gateway(start=paid_at) as session:
            till = PaidTrade.open(bed, session)
            session.move(end_of_day(paid_at) + after)
            _late("merchant", till, till.cancel(), paid_at, session.now)

    return run


def _cancel_told_in(zone: timezone, *, late: bool) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        paid_at = _beijing("2026-03-09 22:30:00")
        asked_at = _beijing("2026-03-10 00:30:00" if late else "2026-03-09 23:30:00")
        with bed.gateway(start=paid_at) as session:
            till = PaidTrade.open(bed, session)
            session.move(asked_at)
            answer = till.cancel(now=asked_at.astimezone(zone))
            if late:
                _late(bed.plan.policy.cancel_window, till, answer, paid_at, asked_at)
            else:
                till.expect_outcome(answer, "success")

    return run


def _cancel_after_refund(bed: Testbed) -> None:
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        till.given(till.refund("1.00"), "success")
        answer = till.cancel()
        if till.sent("cancel"):
            raise Failed(
                "money.sent", till.evidence(answer=answer), op="cancel", what="a trade with a refund"
            )


def _cancel_after_open_refund(fault: faults.Fault | None) -> Callable[[Testbed], None]:
    """A refund without an end may be one: a CANCEL would give the money back a second time."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            if fault is not None:
                session.inject(fault)
            if outcome(till.refund("1.00", is_sync="Y" if fault else "N")) not in {"unknown", "accepted"}:
                raise Blocked("see.requirement", requirement="money.refund.unknown")
            answer = till.cancel()
            if till.sent("cancel"):
                what = "a trade with a refund that has no end yet"
                raise Failed("money.sent", till.evidence(answer=answer), op="cancel", what=what)

    return run


# --- unknown ends, and belief -------------------------------------------------------------------------------


def _unknown_cancel(fault: Callable[[], faults.Fault]) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            session.inject(fault())
            answer = till.cancel()
            if outcome(answer) == "success":
                told(till, "success")
                return
            till.blocked_by_form(answer)
            till.expect_state("undecided")
            till.expect_outcome(till.cancel(), "success")
            till.expect_state("cancelled", "paid")  # whether it is booked is another requirement

    return run


def _cancel_booked(bed: Testbed) -> None:
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        till.given(till.cancel(), "success")
        till.expect_state("cancelled")


def _cancel_not_booked(*, business: bool) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            session.inject(refusal(business=business, service="CANCEL"))
            till.cancel()
            if till.books.state == "cancelled":
                return  # asked again within the call, the gateway did not refuse any more
            till.expect_state(
                "paid", "undecided"
            )  # undecided is no booking; how the answer is read is level 3

    return run


def _refund_after_refusal(bed: Testbed) -> None:
    """A CANCEL that was refused has changed nothing: the payment can be refunded."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        session.inject(refusal(business=True, service="CANCEL"))
        if outcome(till.cancel()) != "failed" or till.books.state == "cancelled":
            raise Blocked("see.requirement", requirement="response.two-levels")
        till.expect_outcome(till.refund("4.00"), "success")
