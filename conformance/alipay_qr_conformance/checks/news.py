"""Level 4: what news of refunds, late news and calls at the same moment do to the books."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.verdicts import Keyword
from alipay_qr_conformance.subjects import Refusal
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.notifications import deliver, notification
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, number, outcome
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_REFUND: Final = ("notify", "refund")
_BELIEF: Final = ("notify", "refund", "trade")
_CANCEL: Final = ("notify", "cancel", "trade")


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the cases."""
    yield Case("money.refund.asynchronous", "one-of-two", _one_of_two, needs=_BELIEF)
    yield Case("money.refund.asynchronous", "told-again", _told_again(new_id=False), needs=_BELIEF)
    yield Case("money.refund.asynchronous", "told-under-a-new-id", _told_again(new_id=True), needs=_BELIEF)
    yield Case("money.cancel.booked", "paid-news-come-late", _news_after_cancel, needs=_CANCEL)
    yield Case("money.cancel.unknown", "paid-news-come-again", _news_after_unknown, needs=_CANCEL)
    yield Case("money.refund.sum", "after-a-negative-one", _after_a_negative(plan), needs=_REFUND)
    yield Case("money.refund.sum", "at-once", _at_once(plan), needs=_REFUND)


def _refund_news(till: PaidTrade, refund_id: str, **overrides: str) -> None:
    bed, session = till.testbed, till.session
    if bed.hello.clock:
        session.advance(timedelta(minutes=1))
    body, kind = session.engine.notifications.make_refund(
        till.trade,
        refund_id,
        session.now,
        sign_type=bed.setup.sign_type,
        charset=bed.setup.charset,
        overrides=dict(overrides),
    )
    deliver(bed, body, kind)


def _one_of_two(bed: Testbed) -> None:
    """Two refunds wait; the news of one are not the news of both."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        first, second = bed.fresh("R"), bed.fresh("R")
        till.given(till.refund("4.00", refund_id=first, is_sync="N"), "accepted")
        till.given(till.refund("3.00", refund_id=second, is_sync="N"), "accepted")
        _refund_news(till, second)
        if number(till.recorded().get("refunded")) in {None, Decimal(0)}:
            raise Blocked("see.requirement", requirement="money.refund.asynchronous")
        till.expect_refunded("3.00")


def _told_again(*, new_id: bool) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            refund_id = bed.fresh("R")
            till.given(till.refund("4.00", refund_id=refund_id, is_sync="N"), "accepted")
            _refund_news(till, refund_id)
            if number(till.recorded().get("refunded")) != Decimal("4.00"):
                raise Blocked("see.requirement", requirement="money.refund.asynchronous")
            _refund_news(till, refund_id, **({"notify_id": f"n{refund_id}"} if new_id else {}))
            till.expect_refunded("4.00")

    return run


def _news_after_cancel(bed: Testbed) -> None:
    """The shop cancels a payment that it has not heard of; its news come late. Nobody pays for goods now."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)  # proves that news are believed at all
        deliver(bed, *notification(bed, session, till.trade, {"notify_id": bed.fresh("n")}))
        if str(till.recorded().get("fulfilled") or "0") not in {"0", "1"}:
            raise Blocked("see.requirement", requirement="notify.once.fulfilled")
        till.trade = bed.fresh("T")
        session.engine.pay(None, "10.00", till.currency, session.now, out_trade_no=till.trade)
        late = notification(bed, session, till.trade)
        answer = till.cancel()
        if isinstance(answer, Refusal):
            return  # it may decline to cancel what it never saw: then nothing comes late
        till.given(answer, "success")
        if till.recorded().get("state") != "cancelled":
            raise Blocked("see.requirement", requirement="money.cancel.booked")
        deliver(bed, *late)
        till.expect_state("cancelled")
        if str(till.recorded().get("fulfilled") or "0") != "0":
            raise Failed("money.goods-after-cancel", till.evidence())


def _news_after_unknown(bed: Testbed) -> None:
    """The old news of the payment, once more: they say nothing of the cancel."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        again = notification(bed, session, till.trade)
        session.inject(faults.drop(times=9))
        if outcome(till.cancel()) == "success" or till.recorded().get("state") != "undecided":
            raise Blocked("see.requirement", requirement="money.cancel.unknown")
        deliver(bed, *again)
        till.expect_state("undecided")


def _after_a_negative(plan: Plan) -> Callable[[Testbed], None]:
    """A negative refund of unknown outcome must not make room for more than was paid."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            session.inject(faults.drop(commit=False))
            till.refund("-5.00")
            _expect_none_sent(plan, till, [till.refund_args("14.00", bed.fresh("R"))])

    return run


def _at_once(plan: Plan) -> Callable[[Testbed], None]:
    """Refunds at the same moment (one after the other if not parallel), of which only one fits."""

    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            till = PaidTrade.open(bed, session)
            session.inject(faults.timeout(0.2, times=4))  # each is under way while the others are asked for
            _expect_none_sent(
                plan, till, [till.refund_args("6.00", bed.fresh("R")) for _ in range(4)], fitting=1
            )

    return run


def _expect_none_sent(plan: Plan, till: PaidTrade, calls: list[dict[str, Any]], *, fitting: int = 0) -> None:
    """Raise `Failed` if more of these refunds are sent than fit into the payment."""
    till.testbed.ask_many([("refund", args) for args in calls], till.session.now)
    ids = {args["partner_refund_id"] for args in calls}
    records = [
        record
        for record in till.session.of(OPERATIONS["refund"])
        if record.params.get("partner_refund_id") in ids
    ]
    sent = {record.params.get("partner_refund_id") for record in records}
    refused = [record.code for record in records if record.code]
    if fitting and refused:  # what is refused makes room for the next
        raise Blocked("gateway.refused", op="refund", code=refused[0])
    if len(sent) > fitting:
        keyword: Keyword | None = "SHOULD" if plan.policy.refund_sum == "gateway" else None
        what = f"{len(sent)} x {calls[0]['refund_amount']}"
        raise Failed("money.sent", till.evidence(), keyword_=keyword, op="refund", what=what)
