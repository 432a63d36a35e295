"""``money.cancel``: cancels after refunds, ends that are unknown, and what is recorded."""

from collections.abc import Callable
from typing import Any, Final

from alipay_qr_conformance.gateway import Fault, faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.subjects import Refusal
from alipay_qr_conformance.testbed.calls import told
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.notifications import deliver, fields_of, notification, send, shown
from alipay_qr_conformance.testbed.paid_trade import UNKNOWN, Answered, PaidTrade, outcome, refusal
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_CANCEL: Final = ("notify", "cancel")
_TRADE: Final = ("notify", "cancel", "trade")
_REFUND: Final = ("notify", "cancel", "refund")
_CAREFUL: Final = ("response.genuine", "response.unproved", "response.two-levels", "response.transport")

# --- after a refund -------------------------------------------------------------------------------------


def _is_refused(plan: Plan, *_: Any) -> bool:
    return plan.policy.cancel_after_refund != "send"


@check("money.cancel.after-refund", needs=_REFUND, when=_is_refused)
def partly_refunded(bed: Testbed) -> None:
    """A part of the payment was refunded: no cancel is sent, which would give that back a second time."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        trade.given(trade.refund("1.00"), "success")
        _expect_none_sent(trade, "a trade with a refund")


@check("money.cancel.after-refund", needs=_REFUND, when=_is_refused)
def unknown_refund(bed: Testbed) -> None:
    """A refund ended unknown, and may have moved the money: no cancel is sent."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(faults.drop("REFUND"), "refund")
        _after_open_refund(trade, trade.refund("1.00"))


@check("money.cancel.after-refund", needs=_REFUND, when=_is_refused)
def accepted_refund(bed: Testbed) -> None:
    """A refund was accepted, and will move the money: no cancel is sent."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        _after_open_refund(trade, trade.refund("1.00", is_sync="N"))


def _after_open_refund(trade: PaidTrade, answer: Answered) -> None:
    asked_again = outcome(answer) == "success" and trade.asked_again()  # then a refund has an end: no matter
    if outcome(answer) not in {"unknown", "accepted"} and not asked_again:
        raise Blocked("see.requirement", requirement="money.refund.unknown")
    _expect_none_sent(trade, "a trade with a refund that has no end yet")


def _expect_none_sent(trade: PaidTrade, what: str) -> None:
    answer = trade.cancel()
    if trade.sent("cancel"):
        raise Failed("money.sent", trade.evidence(answer=answer), op="cancel", what=what)


# --- unknown ends ---------------------------------------------------------------------------------------


def _answered_unknown() -> Fault:
    """Return a signed answer that says UNKNOWN, and no reason."""
    words = {"result_code": "UNKNOWN", "action": None}
    return Fault(reply=lambda reply: reply.changed(words), name="UNKNOWN")


@check("money.cancel.unknown", each=UNKNOWN, needs=_TRADE)
@check(
    "money.cancel.unknown",
    each={"answered-unknown": _answered_unknown},
    needs=_TRADE,
    builds_on=("response.two-levels",),
)
def unknown(bed: Testbed, fault: Callable[[], Fault]) -> None:
    """The outcome of a cancel is unknown: the trade is recorded as undecided, and the repeat succeeds."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(fault(), "cancel")
        answer = trade.cancel()
        if outcome(answer) == "success":
            trade.expect_asked_again()
            return
        trade.blocked_by_form(answer)
        trade.expect_state("undecided")
        trade.expect_outcome(trade.cancel(), "success")
        trade.expect_state("cancelled", "paid")  # whether it is booked is another requirement


@check("money.cancel.unknown", needs=_TRADE)
def refused_repeat(bed: Testbed) -> None:
    """The gateway refuses the repeat of an unknown cancel, which undoes nothing: it stays undecided."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(faults.drop(), "cancel")
        if outcome(trade.cancel()) == "success":
            return  # it asked again within the call: nothing is left to repeat
        if not trade.shows("undecided"):
            raise Blocked("see.requirement", requirement="money.cancel.unknown")
        session.inject(refusal(business=False, service="CANCEL"), "cancel")
        trade.cancel()
        session.clear_faults()
        try:
            trade.expect_state("undecided", "cancelled")
        except Failed as broken:
            broken.keyword = "SHOULD"  # inferred: no source says so
            raise


@check("money.cancel.unknown", needs=_TRADE, name="paid-news-come-again")
def paid_again(bed: Testbed) -> None:
    """The notification of the payment comes again after an unknown cancel: the trade stays undecided."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        again = notification(bed, session, trade.trade)
        if _left_undecided(trade):
            deliver(bed, *again)
            trade.expect_state("undecided")


@check("money.cancel.unknown", needs=_TRADE)
def after_a_restart(bed: Testbed) -> None:
    """After an unknown cancel the same settings come once more, which keeps trades: it stays undecided."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        if _left_undecided(trade):
            if not bed.subject.configure_again():
                raise Unsupported(message("needs.operation", op="configure"), optional=True)
            trade.expect_state("undecided")


def _left_undecided(trade: PaidTrade) -> bool:
    """Lose every answer to a cancel; say whether it was left undecided, or asked again until it was done.

    Raises:
        Blocked: something else is recorded, which has a case of its own.
    """
    trade.session.inject(faults.drop(times=9), "cancel")
    if outcome(trade.cancel()) == "success":
        trade.expect_asked_again()
        return False
    if not trade.shows("undecided"):
        raise Blocked("see.requirement", requirement="money.cancel.unknown")
    return True


# --- what is recorded -----------------------------------------------------------------------------------


@check("money.cancel.booked", needs=_TRADE, name="paid")
def booked(bed: Testbed) -> None:
    """A cancel succeeds: the trade is recorded as cancelled."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        trade.given(trade.cancel(), "success")
        trade.expect_booked("cancelled")


@check("money.cancel.booked", needs=_TRADE, name="paid-news-come-late")
def paid_late(bed: Testbed) -> None:
    """A payment is cancelled before its notification comes: it stays cancelled, and no goods leave."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)  # proves that notifications are believed at all
        trade.notify(notify_id=bed.fresh("n"))
        if str(trade.recorded().get("fulfilled") or "0") not in {"0", "1"}:
            raise Blocked("see.requirement", requirement="notify.once.fulfilled")
        trade = PaidTrade.untold(bed, session)
        late = notification(bed, session, trade.trade)
        answer = trade.cancel()
        if isinstance(answer, Refusal):
            return  # it may decline to cancel what it never saw: then nothing comes late
        trade.given(answer, "success")
        if not trade.shows("cancelled"):
            raise Blocked("see.requirement", requirement="money.cancel.booked")
        deliver(bed, *late)
        trade.expect_state("cancelled")
        if str(trade.recorded().get("fulfilled") or "0") != "0":
            raise Failed("money.goods-after-cancel", trade.evidence())


@check("money.cancel.not-booked", each={"business-failure": True, "gateway-error": False}, needs=_TRADE)
def not_booked(bed: Testbed, business: bool) -> None:  # noqa: FBT001 (a row of the table)
    """A cancel is refused: the trade is not recorded as cancelled."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(refusal(business=business, service="CANCEL"), "cancel")
        trade.cancel()
        if trade.books.state == "cancelled":
            return  # asked again within the call, the gateway did not refuse any more
        if trade.agrees():
            return  # it refunds instead, and has recorded that
        trade.expect_state("paid", "undecided")  # undecided is no booking; how answers are read is level 3


@check("money.cancel.not-booked", needs=_TRADE)
def repeat_refused(bed: Testbed) -> None:
    """A cancel never arrived, and its repeat is refused: nothing was cancelled, and nothing is booked."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(faults.drop(commit=False), "cancel")
        trade.cancel()
        if trade.books.state != "cancelled" and trade.shows("cancelled"):
            raise Blocked("see.requirement", requirement="money.cancel.unknown")
        session.inject(refusal(business=True, service="CANCEL"), "cancel")
        trade.cancel()
        if trade.books.state == "cancelled" or trade.agrees():
            return  # asked again within a call, the gateway carried it out; or it refunds instead
        trade.expect_state("paid", "undecided")


@check("money.cancel.not-booked", needs=_REFUND)
def refund_afterwards(bed: Testbed) -> None:
    """A cancel is refused and has changed nothing: the payment can be refunded."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(refusal(business=True, service="CANCEL"), "cancel")
        answer = trade.cancel()
        if not trade.sent("cancel") and trade.agrees():
            return  # it refunds instead: nothing was refused
        if outcome(answer) != "failed" or trade.books.state == "cancelled":
            raise Blocked("see.requirement", requirement="response.two-levels")
        trade.expect_outcome(trade.refund("4.00"), "success")


@check("money.cancel.closed-notice", needs=_TRADE, name="one")
def closed_notice(bed: Testbed) -> None:
    """TRADE_CLOSED comes for what the subject has cancelled: it is acknowledged, and changes nothing else."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        trade.given(trade.cancel(), "success")
        before = trade.recorded()
        if before.get("state") != "cancelled" and trade.agrees():
            return  # it refunded instead: nothing was closed
        if before.get("state") != "cancelled":
            raise Blocked("see.requirement", requirement="money.cancel.booked")
        closing = {"trade_status": "TRADE_CLOSED", "notify_id": f"c{trade.trade}"}
        fields, content_type = fields_of(bed, session, trade.trade, closing)
        reply = send(bed, fields, content_type)
        after = trade.recorded()
    evidence = shown(fields, reply, after)
    if not reply.acknowledged:
        raise Failed("attack.closed-notice", evidence, what=reply.reason or reply.status)
    released = {before.get("fulfilled"), "1"}  # once, and perhaps after the cancel
    if after.get("state") not in {"cancelled", "closed"} or after.get("fulfilled") not in released:
        raise Failed("attack.closed-notice", evidence, what=after)


# --- which trade ----------------------------------------------------------------------------------------


@check(
    "money.cancel.unpaid", each={"unknown": None, "closed": "close"}, needs=("cancel",), builds_on=_CAREFUL
)
def unpaid(bed: Testbed, action: str | None) -> None:
    """A cancel of a trade that was never paid may be declined; where it is sent, success is reported."""
    with bed.gateway() as session:
        session.inject(Fault(reply=lambda reply: reply.changed({"action": action}), name="action"), "cancel")
        answer = bed.ask("cancel", gateway_url=session.url, out_trade_no=bed.fresh("T"))
        records = session.of(OPERATIONS["cancel"])
    if not records or b"<result_code>SUCCESS</result_code>" not in records[0].answer.body:
        return
    if (found := outcome(answer)) != "success":
        raise Failed("attack.answer", told(answer, records[0]), found=found, what=f"action {action or '-'}")


@check("money.cancel.unpaid", needs=_CANCEL, builds_on=("notify.genuine",))
def waiting(bed: Testbed) -> None:
    """An order waits for its payment: its cancel is sent, or declined; that it failed nobody has said."""
    with bed.gateway() as session:
        trade = PaidTrade.untold(bed, session)
        trade.notify(trade_status="WAIT_BUYER_PAY", notify_id=bed.fresh("w"), gmt_payment=None)
        answer = trade.cancel()
        if outcome(answer) == "failed" and not session.records:
            raise Failed("money.guessed", trade.evidence(answer=answer), found="failed")


@check("money.cancel.own-trade", needs=_CANCEL)
def after_another_payment(bed: Testbed) -> None:
    """Another trade is paid after this one: the cancel does not name the ``trade_no`` of the other."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        other = PaidTrade.open(bed, session)
        trade.cancel()
        for record in session.of(OPERATIONS["cancel"]):
            sent = record.params.get("trade_no")
            if sent == other.books.trade_no:  # one that nobody has is ``request.cancel.trade_no``'s
                evidence = {"sent": dict(record.params), "trade_no of the other": other.books.trade_no}
                raise Failed("money.cancel.other-trade", evidence, sent=sent, expected=trade.books.trade_no)
