"""``money.refund.*``: how much is refunded, under which ids, in which currency, and for how long."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from alipay_qr.beijing import BEIJING
from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Keyword
from alipay_qr_conformance.subjects import Refusal
from alipay_qr_conformance.testbed.case import check, precondition
from alipay_qr_conformance.testbed.offer import in_units
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, outcome, refusal
from alipay_qr_conformance.testbed.scenarios import CLOSE, OPERATIONS, Pair
from alipay_qr_conformance.testbed.testbed import DEFAULT_START, Testbed

_REFUND: Final = ("notify", "refund")
_TAKEN: Final = {"success", "accepted"}
_SHORT: Final = 32
"""Characters: who declines a longer number has shorter ones of its own (String(64) is Alipay's limit)."""


@precondition("money.refund.exact")
def two_refunds_succeed(bed: Testbed) -> None:
    """Raise `Blocked` where two refunds of a trade do not go through, under ids that nobody could confuse."""

    def attempt() -> bool:
        with bed.gateway() as session:
            trade = PaidTrade.open(bed, session)
            return all(outcome(trade.refund("1.00")) == "success" for _ in range(2))

    if not bed.once("money.refund.exact", attempt):
        raise Blocked("see.requirement", requirement="money.refund.exact")


class _Parts(NamedTuple):
    """A payment, its currency (None: the ordinary one), and refunds that pass."""

    total: str
    currency: str | None
    parts: tuple[str, ...]
    over: str = ""
    """One refund more, that must not pass."""

    @staticmethod
    def is_taken(plan: Plan, row: "_Parts") -> bool:
        """Say whether the plan's edition refunds payments in this currency."""
        return row.currency is None or plan.takes(row.currency)

    def open(self, bed: Testbed, session: Any) -> PaidTrade:
        """Let a customer pay."""
        return PaidTrade.open(bed, session, self.total, self.currency)


EXACT: Final = {
    "in-full": _Parts("10.00", None, ("10.00",)),
    "two-halves": _Parts("10.00", None, ("5.00", "5.00")),
    "one-tenth-and-two-tenths": _Parts("0.30", None, ("0.10", "0.20")),
    "three-thirds": _Parts("10.00", None, ("3.33", "3.33", "3.34")),
    "eleven-parts": _Parts("1.10", None, ("0.10",) * 11),
    "cents": _Parts("0.03", None, ("0.01",) * 3),
    "large": _Parts("1234567.89", None, ("1234567.88", "0.01")),
    "yen": _Parts("301", "JPY", ("100", "200", "1")),
}
"""Parts that together are exactly the payment."""

OVER: Final = {
    "one-cent-above": _Parts("10.00", None, (), "10.01"),
    "twice-the-payment": _Parts("10.00", None, (), "20.00"),
    "one-cent-above-the-rest": _Parts("10.00", None, ("6.00",), "4.01"),
    "after-the-whole": _Parts("10.00", None, ("10.00",), "0.01"),
    "one-cent-above-many": _Parts("1.00", None, ("0.10",) * 9, "0.11"),
    "one-tenth-and-two-tenths": _Parts("0.30", None, ("0.10", "0.20"), "0.01"),
    "one-yen-above": _Parts("300", "JPY", ("200",), "101"),
    "a-cent-lost-in-doubles": _Parts("1.17", None, ("0.58", "0.58"), "0.02"),  # 0.58 * 100 is 57.99...
    "below-a-tenth": _Parts("0.10", None, ("0.04", "0.04"), "0.04"),
    "below-one": _Parts("10.00", None, ("9.90",), "0.90"),
}
"""Refunds that pass, and one that must not."""


@check("money.refund.exact", each=EXACT, needs=_REFUND, when=_Parts.is_taken)
def exact(bed: Testbed, row: _Parts) -> None:
    """Parts that together are exactly the payment are all refunded, and the trade is recorded as refunded."""
    with bed.gateway() as session:
        trade = row.open(bed, session)
        for part in row.parts:
            trade.expect_outcome(trade.refund(part), "success")
        trade.expect_booked("refunded", row.total)


# --- the sum --------------------------------------------------------------------------------------------


def _expect_refusal(trade: PaidTrade, amount: str, where: str = "", *, booked: bool = False) -> None:
    """Raise `Failed` if a refund that does not fit is carried out, recorded (``booked``), or sent.

    Sending is the gateway's to refuse where the policy says so. ``where`` tells beside what, in words.
    """
    what = f"{trade.amount(amount)} {where or trade.currency}"
    before = trade.sent("refund")
    answer = trade.refund(amount)
    if outcome(answer) in _TAKEN:
        raise Failed("money.over", trade.evidence(answer=answer), what=what)
    if booked:
        trade.expect_refunded(trade.books.refunded)
    if trade.sent("refund") > before:
        raise Failed(
            "money.sent", trade.evidence(answer=answer), keyword_=_keyword(trade), op="refund", what=what
        )


def _keyword(trade: PaidTrade) -> Keyword | None:
    return "SHOULD" if trade.testbed.plan.policy.refund_sum == "gateway" else None


@check("money.refund.sum", each=OVER, needs=_REFUND, when=_Parts.is_taken)
def over(bed: Testbed, row: _Parts) -> None:
    """A refund exceeds what is left of the payment: it is refused, and not sent."""
    with bed.gateway() as session:
        trade = row.open(bed, session)
        for part in row.parts:
            trade.given(trade.refund(part), "success")
        done = trade.books
        if done.state != "cancelled" and done.refunded != sum(
            Decimal(in_units(part, trade.currency)) for part in row.parts
        ):
            raise Blocked("see.requirement", requirement="request.refund.amount-exact")
        _expect_refusal(trade, row.over, booked=True)


@check("money.refund.sum", needs=_REFUND)
def above_the_rest_of_an_accepted_one(bed: Testbed) -> None:
    """A refund is accepted and has not moved yet: it counts, and what exceeds the rest is refused."""
    _over_accepted(bed, timedelta(0))


@check("money.refund.sum", needs=_REFUND, clock=True)
def accepted_three_days_ago(bed: Testbed) -> None:
    """A refund was accepted three days ago, and Alipay tries for 180 days: it still counts."""
    _over_accepted(bed, timedelta(days=3))


def _over_accepted(bed: Testbed, later: timedelta) -> None:
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        trade.given(trade.refund("6.00", is_sync="N"), "accepted")
        if later:
            session.advance(later)
        _expect_refusal(trade, "4.01", f"besides {trade.amount('6.00')} that are pending")


@check("money.refund.sum", needs=_REFUND, clock=True)
def on_two_days(bed: Testbed) -> None:
    """What was refunded yesterday counts today: what exceeds the rest is refused."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        trade.given(trade.refund("6.00"), "success")
        session.advance(timedelta(days=1))
        _expect_refusal(trade, "4.01", f"after {trade.amount('6.00')} of yesterday", booked=True)


@check("money.refund.sum", needs=(*_REFUND, "cancel"))
def after_cancel(bed: Testbed) -> None:
    """The payment was cancelled: nothing is left to refund."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        trade.given(trade.cancel(), "success")
        _expect_refusal(trade, "1.00", "after the cancel")


@check("money.refund.sum", needs=_REFUND)
def after_the_trade_finished(bed: Testbed) -> None:
    """TRADE_FINISHED comes after a refund: what was refunded still counts."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        trade.given(trade.refund("6.00"), "success")
        trade.finish()
        trade.expect_refunded("6.00")
        _expect_refusal(trade, "6.00", f"besides {trade.amount('6.00')} before the trade was finished")


@check("money.refund.sum", needs=_REFUND, clock=True)
def a_day_after_an_unknown_one(bed: Testbed) -> None:
    """A day ago a refund ended unknown: it may have moved the money, and counts."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(faults.drop(), "refund")
        trade.given(trade.refund("6.00"), "unknown", "success", "raised")
        session.advance(timedelta(days=1))
        _expect_refusal(trade, "6.00", f"besides {trade.amount('6.00')} of unknown outcome")


@check("money.refund.sum", needs=_REFUND)
def after_a_refused_repeat(bed: Testbed) -> None:
    """The gateway refuses the repeat of an unknown refund, which undoes nothing: the first one counts."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        session.inject(faults.drop(), "refund")
        trade.given(trade.refund("6.00", refund_id=refund_id), "unknown", "success", "raised")
        session.inject(refusal(business=False, service="REFUND"), "refund")
        trade.refund("6.00", refund_id=refund_id)
        session.clear_faults()
        try:
            _expect_refusal(trade, "6.00", f"besides {trade.amount('6.00')}, the repeat of which was refused")
        except Failed as broken:
            broken.keyword = "SHOULD"  # inferred: no source says so
            raise


@check("money.refund.sum", needs=_REFUND)
def after_a_negative_one(bed: Testbed) -> None:
    """A negative refund ends unknown: it makes no room for more than was paid."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(faults.drop(commit=False), "refund")
        trade.refund("-5.00")
        _expect_sent_at_most(trade, [trade.refund_args("14.00", bed.fresh("R"))], 0)


@check("money.refund.sum", needs=_REFUND)
def at_once(bed: Testbed) -> None:
    """Four refunds come at the same moment (in turn if not parallel), and one of them fits: one is sent."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(
            faults.timeout(0.2, times=4), "refund"
        )  # each is under way while the others are asked for
        _expect_sent_at_most(trade, [trade.refund_args("6.00", bed.fresh("R")) for _ in range(4)], 1)


def _expect_sent_at_most(trade: PaidTrade, calls: list[dict[str, Any]], fitting: int) -> None:
    """Raise `Failed` if more of these refunds are sent than fit into the payment."""
    trade.testbed.ask_many([("refund", args) for args in calls], trade.session.now)
    ids = {args["partner_refund_id"] for args in calls}
    records = [
        record
        for record in trade.session.of(OPERATIONS["refund"])
        if record.params.get("partner_refund_id") in ids
    ]
    sent = {record.params.get("partner_refund_id") for record in records}
    refused = [record.code for record in records if record.code]
    if fitting and refused:  # what is refused makes room for the next
        raise Blocked("gateway.refused", op="refund", code=refused[0])
    if len(sent) > fitting:
        what = f"{len(sent)} x {calls[0]['refund_amount']}"
        raise Failed("money.sent", trade.evidence(), keyword_=_keyword(trade), op="refund", what=what)


# --- currency, ids, period ------------------------------------------------------------------------------


@check("money.refund.currency", needs=_REFUND)
def other_currency(bed: Testbed) -> None:
    """A refund in another currency than the payment is refused, and not sent."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        what = f"{trade.amount('1.00')} in another currency than the payment"
        _expect_not_sent(trade, what, currency=bed.plan.other_currency)


@check("money.refund.ids-differ", needs=_REFUND)
def same_as_the_trade(bed: Testbed) -> None:
    """A refund under the number of its trade is refused, and not sent."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        _expect_not_sent(trade, "partner_refund_id = partner_trans_id", refund_id=trade.trade)


def _expect_not_sent(trade: PaidTrade, what: str, **more: Any) -> None:
    before = trade.sent("refund")
    answer = trade.refund("1.00", **more)
    if outcome(answer) in _TAKEN or trade.sent("refund") > before:
        evidence = trade.evidence(answer=answer)
        raise Failed("money.sent", evidence, keyword_=_keyword(trade), op="refund", what=what)


@check("money.refund.ids-verbatim", each=CLOSE, needs=_REFUND, builds_on=("money.refund.exact",))
def two_refunds(bed: Testbed, pair: Pair) -> None:
    """Two refunds of a trade have numbers that are close to each other: both are carried out."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        first, second = pair(bed.fresh(""))
        answer = trade.refund("1.00", refund_id=first)
        if isinstance(answer, Refusal) and len(first) > _SHORT:
            raise Unsupported(message("declined.rightly", reason=answer.reason), optional=True)
        trade.given(answer, "success")
        answer = trade.refund("1.00", refund_id=second)
        moved = {refund.partner_refund_id for refund in trade.books.refunds}
        if outcome(answer) == "success" and moved == {first, second}:
            return
        trade.blocked_by_form(answer)
        raise Failed("money.refund.other-trade", trade.evidence(answer=answer), first=first, second=second)


LATER: Final = {
    "thirty-days-later": (timedelta(days=30), DEFAULT_START),
    "half-a-year-later": (timedelta(days=180), DEFAULT_START),
    "next-year": (timedelta(days=2), datetime(2026, 12, 31, 18, 0, tzinfo=BEIJING)),
}
"""How long after the payment, and when that was."""


def _within_the_period(plan: Plan, row: tuple[timedelta, datetime]) -> bool:
    days = plan.policy.refund_period
    return days is None or row[0] < timedelta(days=days)


@check("money.refund.period", each=LATER, needs=_REFUND, clock=True, when=_within_the_period)
def later(bed: Testbed, row: tuple[timedelta, datetime]) -> None:
    """A refund long after the payment, and within the period of the contract, is carried out."""
    after, start = row
    with bed.gateway(start=start) as session:
        trade = PaidTrade.open(bed, session)
        session.advance(after)
        trade.expect_outcome(trade.refund("4.00"), "success")
