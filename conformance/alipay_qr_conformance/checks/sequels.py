"""Levels 3 and 4: what later news, a later day and the refusal of a repeat do to what was right before.

Alipay repeats a notification for more than a day, tells a trade's end after its payment, and refuses a
repeat for reasons that say nothing of the first request. None of it makes money or goods anew.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from alipay_qr_conformance.checks.money import not_sent, refusal
from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.notifications import (
    deliver,
    notification,
)
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, outcome
from alipay_qr_conformance.testbed.testbed import Testbed

_BOOKS: Final = ("notify", "trade")
_REFUND: Final = ("notify", "refund")
_LAST_REPEAT: Final = timedelta(hours=24, minutes=22)
"""When Alipay repeats a notification for the last time: the sum of its published intervals."""


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the cases."""
    if plan.level < 4:  # noqa: PLR2004 (the level of the money rules)
        return
    yield Case("money.refund.sum", "after-the-trade-finished", _after_the_end, needs=_REFUND)
    yield Case("money.refund.sum", "a-day-after-an-unknown-one", _after_unknown, needs=_REFUND, clock=True)
    yield Case("money.refund.sum", "after-a-refused-repeat", _after_refused_repeat, needs=_REFUND)
    yield Case("money.refund.asynchronous", "by-default", _by_default, needs=(*_REFUND, "trade"))
    yield Case("money.cancel.unknown", "refused-repeat", _refused_repeat, needs=("notify", "cancel", "trade"))


def told_finished(till: PaidTrade) -> bool:
    """Tell the subject that nothing more can happen to the trade; say whether it acknowledged."""
    overrides = {"trade_status": "TRADE_FINISHED", "notify_id": till.testbed.fresh("n")}
    return deliver(
        till.testbed, *notification(till.testbed, till.session, till.trade, overrides)
    ).acknowledged


# --- refunds ------------------------------------------------------------------------------------------


def _expect_none_left(bed: Testbed, till: PaidTrade, what: str) -> None:
    """Raise `Failed` if 6.00 more are refunded of 10.00, of which 6.00 are taken."""
    before = till.sent("refund")
    answer = till.refund("6.00")
    if outcome(answer) in {"success", "accepted"}:
        raise Failed("money.over", till.evidence(answer=answer), what=f"6.00 {what}")
    not_sent(bed.plan.policy.refund_sum, till, "refund", before, answer, f"6.00 {what}")


def _after_the_end(bed: Testbed) -> None:
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        till.given(till.refund("6.00"), "success")
        told_finished(till)
        till.expect_refunded("6.00")
        _expect_none_left(bed, till, "besides 6.00 before the trade was finished")


def _after_unknown(bed: Testbed) -> None:
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        session.inject(faults.drop())
        till.given(till.refund("6.00"), "unknown", "success", "raised")
        session.advance(timedelta(days=1))
        _expect_none_left(bed, till, "besides 6.00 of unknown outcome")


def _after_refused_repeat(bed: Testbed) -> None:
    """The gateway has no ear for the repeat: that says nothing of the first request (inferred: SHOULD)."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        session.inject(faults.drop())
        till.given(till.refund("6.00", refund_id=refund_id), "unknown", "success", "raised")
        session.inject(refusal(business=False, service="REFUND"))
        till.refund("6.00", refund_id=refund_id)
        session.engine.clear_faults()
        try:
            _expect_none_left(bed, till, "besides 6.00, the repeat of which was refused")
        except Failed as broken:
            broken.keyword = "SHOULD"
            raise


def _by_default(bed: Testbed) -> None:
    """Without ``is_sync`` a refund is asynchronous: its answer is an acceptance."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        till.expect_outcome(till.refund("4.00", is_sync=None), "accepted")
        till.expect_refunded("0")


# --- cancels ------------------------------------------------------------------------------------------


def _refused_repeat(bed: Testbed) -> None:
    """An error of the gateway for the repeat does not undo what the first CANCEL did (inferred: SHOULD)."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        session.inject(faults.drop())
        if outcome(till.cancel()) == "success":
            return  # it asked again within the call: nothing is left to repeat
        if till.recorded().get("state") != "undecided":
            raise Blocked("see.requirement", requirement="money.cancel.unknown")
        session.inject(refusal(business=False, service="CANCEL"))
        till.cancel()
        session.engine.clear_faults()
        try:
            till.expect_state("undecided", "cancelled")
        except Failed as broken:
            broken.keyword = "SHOULD"
            raise
