"""Level 4: the money rules, one story a case.

The refund sum and the cancel window are judged on the wire: a request that must not be sent is a
finding although the gateway refuses it, unless the policy leaves that rule to the gateway; then sending
is a remark (SHOULD). Booking what was refused or never proved is a finding under every policy.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

from alipay_qr.beijing import BEIJING, end_of_day, format_timestamp
from alipay_qr.gateway import faults
from alipay_qr_conformance.casebook import Broken, Case, NotJudged, Plan
from alipay_qr_conformance.checks.till import Answered, Till, outcome
from alipay_qr_conformance.counter import deliver, notification
from alipay_qr_conformance.lab import Lab
from alipay_qr_conformance.verdicts import Keyword

_REFUND: Final = ("notify", "refund")
_CANCEL: Final = ("notify", "cancel")
_BELIEF: Final = ("notify", "refund", "trade")


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the stories."""
    yield from _refund_sums(plan)
    yield from _refund_repeats()
    yield from _windows(plan)
    yield from _beliefs()


def _refund_sums(plan: Plan) -> Iterator[Case]:
    for name, (total, currency, parts) in EXACT_SUMS.items():
        if currency and not plan.takes(currency):
            continue
        yield Case("money.refund.exact", name, _exact(total, currency, parts), needs=_REFUND)
    for name, (total, currency, parts, over) in OVER.items():
        if currency and not plan.takes(currency):
            continue
        yield Case("money.refund.sum", name, _over(plan, total, currency, parts, over), needs=_REFUND)
    yield Case("money.refund.sum", "above-the-rest-of-an-accepted-one", _over_pending(plan), needs=_REFUND)
    yield Case("money.refund.sum", "after-cancel", _refund_after_cancel(plan), needs=(*_REFUND, "cancel"))
    yield Case("money.refund.currency", "other-currency", _other_currency, needs=_REFUND)
    yield Case("money.refund.ids-differ", "same-as-the-trade", _same_ids, needs=_REFUND)
    yield Case(
        "money.refund.period", "thirty-days-later", _later(timedelta(days=30)), needs=_REFUND, clock=True
    )
    yield Case(
        "money.refund.period", "half-a-year-later", _later(timedelta(days=180)), needs=_REFUND, clock=True
    )


def _refund_repeats() -> Iterator[Case]:
    for name, fault in UNKNOWN.items():
        yield Case("money.refund.repeat", f"after-{name}", _repeat_after(fault), needs=_REFUND)
        yield Case("money.refund.unknown", name, _unknown_refund(fault), needs=_BELIEF)
        yield Case("money.refund.one-id", name, _one_id(fault), needs=_REFUND)
        yield Case("money.cancel.unknown", name, _unknown_cancel(fault), needs=(*_CANCEL, "trade"))
    yield Case("money.refund.repeat", "after-success", _repeat_after_success, needs=_REFUND)
    yield Case("money.refund.same-id", "other-amount", _same_id_other_amount, needs=_REFUND)


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
    for name, after in BAND.items():
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
    yield Case(
        "money.cancel.after-refund", "partly-refunded", _cancel_after_refund, needs=(*_CANCEL, "refund")
    )


def _beliefs() -> Iterator[Case]:
    yield Case("money.refund.booked", "partial", _booked(["2.50"]), needs=_BELIEF)
    yield Case("money.refund.booked", "two-parts", _booked(["2.50", "0.01"]), needs=_BELIEF)
    yield Case("money.refund.booked", "in-full", _booked(["10.00"]), needs=_BELIEF)
    yield Case("money.refund.not-booked", "business-failure", _not_booked(business=True), needs=_BELIEF)
    yield Case("money.refund.not-booked", "gateway-error", _not_booked(business=False), needs=_BELIEF)
    yield Case("money.refund.asynchronous", "accepted", _accepted, needs=_BELIEF)
    yield Case("money.refund.asynchronous", "finished", _finished, needs=_BELIEF)
    yield Case("money.cancel.booked", "paid", _cancel_booked, needs=(*_CANCEL, "trade"))
    yield Case(
        "money.cancel.not-booked",
        "business-failure",
        _cancel_not_booked(business=True),
        needs=(*_CANCEL, "trade"),
    )
    yield Case(
        "money.cancel.not-booked",
        "gateway-error",
        _cancel_not_booked(business=False),
        needs=(*_CANCEL, "trade"),
    )


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

UNKNOWN: Final = {
    "dropped-after-commit": faults.drop,
    "dropped-before-commit": lambda: faults.drop(commit=False),
    "system-error": lambda: faults.gateway_error("SYSTEM_ERROR", commit=True),
    "unproved": faults.wrong_signature,
}
"""What leaves the outcome of a call unknown."""


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


# --- refunds: the sum ----------------------------------------------------------------------------------


def _exact(total: str, currency: str | None, parts: list[str]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session, total, currency)
            for part in parts:
                till.must(till.refund(part), "success")
            till.expect_refunded(Decimal(total))
            till.expect_state("refunded")

    return run


def _over(plan: Plan, total: str, currency: str | None, parts: list[str], over: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session, total, currency)
            for part in parts:
                till.prepared(till.refund(part), "success")
            before = till.sent("refund")
            answer = till.refund(over)
            _not_allowed(till, answer, f"{over} {till.currency}")
            _not_sent(plan.policy.refund_sum, till, "refund", before, answer, over)

    return run


def _over_pending(plan: Plan) -> Callable[[Lab], None]:
    """What is accepted and has not moved yet counts as well."""

    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session)
            till.prepared(till.refund("6.00", is_sync="N"), "accepted")
            before = till.sent("refund")
            answer = till.refund("4.01")
            if outcome(answer) in {"success", "accepted"}:
                raise Broken(
                    "money.over", till.evidence(answer=answer), what="4.01 besides 6.00 that are pending"
                )
            _not_sent(
                plan.policy.refund_sum, till, "refund", before, answer, "4.01 besides 6.00 that are pending"
            )

    return run


def _not_allowed(till: Till, answer: Answered, what: str) -> None:
    if outcome(answer) in {"success", "accepted"}:
        raise Broken("money.over", till.evidence(answer=answer), what=what)
    till.expect_refunded(till.books.refunded)


def _not_sent(keeper: str, till: Till, op: str, before: int, answer: Answered, what: str) -> None:
    if till.sent(op) > before:
        keyword: Keyword | None = "SHOULD" if keeper == "gateway" else None
        raise Broken("money.sent", till.evidence(answer=answer), keyword_=keyword, op=op, what=what)


def _refund_after_cancel(plan: Plan) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session)
            till.prepared(till.cancel(), "success")
            before = till.sent("refund")
            answer = till.refund("1.00")
            if outcome(answer) in {"success", "accepted"}:
                raise Broken("money.over", till.evidence(answer=answer), what="1.00")
            _not_sent(plan.policy.refund_sum, till, "refund", before, answer, "1.00 after the cancel")

    return run


def _other_currency(lab: Lab) -> None:
    with lab.gateway() as session:
        till = Till.open(lab, session)
        before = till.sent("refund")
        answer = till.refund("1.00", currency=lab.plan.other_currency)
        if outcome(answer) in {"success", "accepted"} or till.sent("refund") > before:
            raise Broken(
                "money.sent",
                till.evidence(answer=answer),
                op="refund",
                what="1.00 in another currency than the payment",
            )


def _same_ids(lab: Lab) -> None:
    with lab.gateway() as session:
        till = Till.open(lab, session)
        before = till.sent("refund")
        answer = till.refund("1.00", refund_id=till.trade)
        if outcome(answer) in {"success", "accepted"} or till.sent("refund") > before:
            raise Broken(
                "money.sent",
                till.evidence(answer=answer),
                op="refund",
                what="partner_refund_id = partner_trans_id",
            )


def _later(by: timedelta) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session)
            session.advance(by)
            till.must(till.refund("4.00"), "success")

    return run


# --- refunds: unknown outcomes and repeats -------------------------------------------------------------


def _repeat_after(fault: Callable[[], faults.Fault]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session)
            refund_id = lab.fresh("R")
            session.inject(fault())
            till.refund("4.00", refund_id=refund_id)
            till.must(till.refund("4.00", refund_id=refund_id), "success")
            _moved_once(till)

    return run


def _repeat_after_success(lab: Lab) -> None:
    with lab.gateway() as session:
        till = Till.open(lab, session)
        refund_id = lab.fresh("R")
        till.prepared(till.refund("4.00", refund_id=refund_id), "success")
        till.refund("4.00", refund_id=refund_id)
        _moved_once(till)


def _moved_once(till: Till) -> None:
    moved = till.books.refunded
    if moved != Decimal("4.00"):
        raise Broken(
            "money.twice" if moved > Decimal("4.00") else "money.never", till.evidence(), what="4.00"
        )
    till.expect_refunded("4.00")


def _same_id_other_amount(lab: Lab) -> None:
    with lab.gateway() as session:
        till = Till.open(lab, session)
        refund_id = lab.fresh("R")
        till.prepared(till.refund("4.00", refund_id=refund_id), "success")
        answer = till.refund("5.00", refund_id=refund_id)
        if outcome(answer) not in {"refused", "failed", "raised", "unknown"}:
            raise Broken("money.over", till.evidence(answer=answer), what="5.00 under the id of 4.00")
        till.expect_refunded("4.00")


def _unknown_refund(fault: Callable[[], faults.Fault]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session)
            session.inject(fault())
            if outcome(till.refund("4.00")) == "success":
                _told(till, "success")
                return
            till.expect_refunded("0")
            till.expect_state("paid")

    return run


def _told(till: Till, found: str) -> None:
    """Raise `Broken` unless the subject asked again within the call, and so may have been told."""
    if not till.asked_again():
        raise Broken("money.guessed", till.evidence(), found=found)


def _one_id(fault: Callable[[], faults.Fault]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session)
            refund_id = lab.fresh("R")
            session.inject(fault())
            till.refund("4.00", refund_id=refund_id)
            sent = {
                dict(record.reading.params).get("partner_refund_id")
                for record in session.of("alipay.acquire.overseas.spot.refund")
            }
            if sent - {refund_id}:
                raise Broken("money.new-id", till.evidence(asked=refund_id, sent=sorted(map(str, sent))))

    return run


def _unknown_cancel(fault: Callable[[], faults.Fault]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session)
            session.inject(fault())
            answer = till.cancel()
            if outcome(answer) == "success":
                _told(till, "success")
                return
            till.fair(answer)
            till.expect_state("undecided")
            till.must(till.cancel(), "success")
            till.expect_state("cancelled", "paid")  # whether it is booked is another requirement

    return run


# --- cancel: the window --------------------------------------------------------------------------------


def _cancel_in_time(paid_at: datetime, cancelled_at: datetime) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway(start=paid_at) as session:
            till = Till.open(lab, session)
            session.move(cancelled_at)
            till.must(till.cancel(), "success")

    return run


def _cancel_too_late(plan: Plan, paid_at: datetime, cancelled_at: datetime) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway(start=paid_at) as session:
            till = Till.open(lab, session)
            session.move(cancelled_at)
            _late(plan.policy.cancel_window, till, till.cancel(), paid_at, cancelled_at)

    return run


def _told_after_midnight(plan: Plan) -> Callable[[Lab], None]:
    """The notification comes on the next day: it is gmt_payment that counts, not the arrival."""
    paid_at, told_at = _beijing("2026-03-09 23:50:00"), _beijing("2026-03-10 00:20:00")
    asked_at = _beijing("2026-03-10 09:00:00")

    def run(lab: Lab) -> None:
        with lab.gateway(start=paid_at) as session:
            trade = lab.fresh("T")
            session.engine.pay(None, "10.00", lab.plan.currency, paid_at, out_trade_no=trade)
            till = Till(lab, session, trade, lab.plan.currency)
            session.move(told_at)
            if not deliver(lab, *notification(lab, session, trade)).acknowledged:
                raise NotJudged("see.genuine")
            session.move(asked_at)
            _late(plan.policy.cancel_window, till, till.cancel(), paid_at, asked_at)

    return run


def _late(keeper: str, till: Till, answer: Answered, paid_at: datetime, cancelled_at: datetime) -> None:
    times: dict[str, Any] = {"paid": format_timestamp(paid_at), "asked": format_timestamp(cancelled_at)}
    if till.belief().get("state") == "cancelled" and till.books.state != "cancelled":
        raise Broken("money.cancel-booked", till.evidence(answer=answer, **times))
    if till.sent("cancel"):
        keyword: Keyword | None = "SHOULD" if keeper == "gateway" else None
        raise Broken("money.late", till.evidence(answer=answer), keyword_=keyword, **times)


def _cancel_in_band(after: timedelta) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        paid_at = _beijing("2026-03-09 20:00:00")
        with lab.gateway(start=paid_at) as session:
            till = Till.open(lab, session)
            session.move(end_of_day(paid_at) + after)
            _late("merchant", till, till.cancel(), paid_at, session.now)

    return run


def _cancel_told_in(zone: timezone, *, late: bool) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        paid_at = _beijing("2026-03-09 22:30:00")
        asked_at = _beijing("2026-03-10 00:30:00" if late else "2026-03-09 23:30:00")
        with lab.gateway(start=paid_at) as session:
            till = Till.open(lab, session)
            session.move(asked_at)
            answer = till.cancel(now=asked_at.astimezone(zone))
            if late:
                _late(lab.plan.policy.cancel_window, till, answer, paid_at, asked_at)
            else:
                till.must(answer, "success")

    return run


def _cancel_after_refund(lab: Lab) -> None:
    with lab.gateway() as session:
        till = Till.open(lab, session)
        till.prepared(till.refund("1.00"), "success")
        answer = till.cancel()
        if till.sent("cancel"):
            raise Broken(
                "money.sent", till.evidence(answer=answer), op="cancel", what="a trade with a refund"
            )


# --- belief --------------------------------------------------------------------------------------------


def _booked(parts: list[str]) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session)
            for part in parts:
                till.prepared(till.refund(part), "success")
            total = sum(map(Decimal, parts))
            till.expect_refunded(Decimal(total))
            till.expect_state("refunded" if total == Decimal("10.00") else "partly_refunded")

    return run


def _refusal(*, business: bool, service: str) -> faults.Fault:
    if business:
        return faults.business_error(
            "SELLER_BALANCE_NOT_ENOUGH", service, retry_flag="N" if service == "CANCEL" else None
        )
    return faults.gateway_error("HAS_NO_PRIVILEGE", service)


def _not_booked(*, business: bool) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session)
            session.inject(_refusal(business=business, service="REFUND"))
            answer = till.refund("4.00")
            if till.asked_again() and till.books.refunded:
                return  # asked again within the call, the gateway did not refuse any more
            till.expect_refunded("0")
            till.expect_state("paid")
            if outcome(answer) == "failed":
                till.must(till.refund("9.00"), "success")  # what was refused must not bind any money either

    return run


def _accepted(lab: Lab) -> None:
    with lab.gateway() as session:
        till = Till.open(lab, session)
        till.must(till.refund("4.00", is_sync="N"), "accepted")
        till.expect_refunded("0")


def _finished(lab: Lab) -> None:
    with lab.gateway() as session:
        till = Till.open(lab, session)
        refund_id = lab.fresh("R")
        till.prepared(till.refund("4.00", refund_id=refund_id, is_sync="N"), "accepted")
        session.advance(timedelta(minutes=5)) if lab.hello.clock else None
        engine = session.engine
        body, kind = engine.refund_notification(
            till.trade, refund_id, session.now, sign_type=lab.setup.sign_type, charset=lab.setup.charset
        )
        deliver(lab, body, kind)
        till.expect_refunded("4.00")


def _cancel_booked(lab: Lab) -> None:
    with lab.gateway() as session:
        till = Till.open(lab, session)
        till.prepared(till.cancel(), "success")
        till.expect_state("cancelled")


def _cancel_not_booked(*, business: bool) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        with lab.gateway() as session:
            till = Till.open(lab, session)
            session.inject(_refusal(business=business, service="CANCEL"))
            till.cancel()
            if till.books.state == "cancelled":
                return  # asked again within the call, the gateway did not refuse any more
            till.expect_state(
                "paid", "undecided"
            )  # undecided is no booking; how the answer is read is level 3

    return run
