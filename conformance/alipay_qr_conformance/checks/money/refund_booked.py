"""``money.refund.*``: what is recorded of a refund: that it moved, that it was refused, or that it waits."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from alipay_qr_conformance.gateway import Fault
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.subjects import Refusal
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.paid_trade import UNKNOWN, PaidTrade, number, outcome, refusal
from alipay_qr_conformance.testbed.testbed import Testbed

_REFUND: Final = ("notify", "refund")
_TRADE: Final = ("notify", "refund", "trade")


@check(
    "money.refund.booked",
    each={"partial": ("2.50",), "two-parts": ("2.50", "0.01"), "in-full": ("10.00",)},
    needs=_TRADE,
)
def booked(bed: Testbed, parts: tuple[str, ...]) -> None:
    """Refunds that succeeded are recorded: their sum, and whether the trade is refunded in part or whole."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        for part in parts:
            trade.given(trade.refund(part), "success")
        total = sum(map(Decimal, parts), Decimal(0))
        trade.expect_booked("refunded" if total == Decimal("10.00") else "partly_refunded", f"{total:.2f}")


@check("money.refund.booked", needs=_TRADE)
def with_its_worth_in_yuan(bed: Testbed) -> None:
    """The answer tells what the refund is worth in yuan: what is recorded is in the trade's currency."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        worth = {"refund_amount_cny": "28.57", "exchange_rate": "7.142857"}
        session.inject(Fault(reply=lambda reply: reply.changed(worth), name="worth in yuan"), "refund")
        trade.given(trade.refund("4.00"), "success")
        trade.expect_refunded("4.00")


@check("money.refund.booked", needs=_TRADE, name="other-amount-after-dropped")
def other_amount_later(bed: Testbed) -> None:
    """A refund never arrives, and another amount comes under its id: what moved is recorded, if anything."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        session.inject(UNKNOWN["dropped-before-commit"](), "refund")
        trade.refund("4.00", refund_id=refund_id)
        trade.refund("5.00", refund_id=refund_id)
        trade.expect_refunded(trade.books.refunded)


@check("money.refund.not-booked", each={"business-failure": True, "gateway-error": False}, needs=_TRADE)
def not_booked(bed: Testbed, business: bool) -> None:  # noqa: FBT001 (a row of the table)
    """A refund is refused: it is not recorded, and binds no money."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(refusal(business=business, service="REFUND"), "refund")
        answer = trade.refund("4.00")
        if trade.asked_again() and trade.books.refunded:
            return  # asked again within the call, the gateway did not refuse any more
        trade.expect_refunded("0")
        trade.expect_state("paid")
        if outcome(answer) != "failed":
            return
        again = trade.refund("9.00")
        if isinstance(again, Refusal):  # the seed sums "refunding requests": who counts those that failed may
            evidence = trade.evidence(operation="refund", reason=again.reason)
            raise Failed("legal.refused", evidence, keyword_="SHOULD")
        trade.expect_outcome(again, "success")


@check("money.refund.not-booked", needs=_REFUND)
def asked_again(bed: Testbed) -> None:
    """The gateway refuses a refund twice under one id: neither success nor a refund is recorded."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        failure = refusal(business=True, service="REFUND")
        session.inject(replace(failure, times=20), "refund")  # a subject may ask again within a call
        trade.given(trade.refund("4.00", refund_id=refund_id), "failed")
        answer = trade.refund("4.00", refund_id=refund_id)
        if outcome(answer) in {"success", "accepted"}:
            what = f"{trade.amount('4.00')} {trade.currency}"
            raise Failed("money.refused-success", trade.evidence(answer=answer), what=what)
        trade.expect_refunded("0")


# --- asynchronous ---------------------------------------------------------------------------------------


@check("money.refund.asynchronous", needs=_TRADE)
def accepted(bed: Testbed) -> None:
    """An asynchronous refund is reported as accepted, and not yet recorded as refunded."""
    _expect_accepted(bed, "N")


@check("money.refund.asynchronous", needs=_TRADE)
def by_default(bed: Testbed) -> None:
    """Without ``is_sync`` a refund is asynchronous: it is reported as accepted, and not yet recorded."""
    _expect_accepted(bed, None)


def _expect_accepted(bed: Testbed, is_sync: str | None) -> None:
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        trade.expect_outcome(trade.refund("4.00", is_sync=is_sync), "accepted")
        trade.expect_refunded("0")


@check("money.refund.asynchronous", needs=_TRADE)
def finished(bed: Testbed) -> None:
    """A notification says that an accepted refund has moved: it is recorded as refunded."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        refund_id = _accept(trade, "4.00")
        if bed.hello.clock:
            session.advance(timedelta(minutes=5))
        trade.notify_refund(refund_id)
        trade.expect_refunded("4.00")


@check("money.refund.asynchronous", needs=_TRADE)
def one_of_two(bed: Testbed) -> None:
    """Two refunds are accepted, and one is notified: that one is recorded as refunded, not both."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        _accept(trade, "4.00")
        second = _accept(trade, "3.00", second=True)
        _notify_later(trade, second)
        if _refunded(trade) in {None, Decimal(0)}:
            raise Blocked("see.requirement", requirement="money.refund.asynchronous")
        trade.expect_refunded("3.00")


@check("money.refund.asynchronous", each={"told-again": False, "told-under-a-new-id": True}, needs=_TRADE)
def told_again(bed: Testbed, new_id: bool) -> None:  # noqa: FBT001 (a row of the table)
    """The notification of a refund comes twice: it is recorded once."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        refund_id = _accept(trade, "4.00")
        _notify_later(trade, refund_id)
        if _refunded(trade) != Decimal(trade.amount("4.00")):
            raise Blocked("see.requirement", requirement="money.refund.asynchronous")
        _notify_later(trade, refund_id, **({"notify_id": f"n{refund_id}"} if new_id else {}))
        trade.expect_refunded("4.00")


def _refunded(trade: PaidTrade) -> Decimal | None:
    """Return the sum that the subject says went back; raise `Unsupported` where it tells none."""
    told = trade.recorded().get("refunded")
    if told is None:
        raise Unsupported(message("notify.no-amount"), optional=True)
    return number(told)


def _accept(trade: PaidTrade, amount: str, *, second: bool = False) -> str:
    """Let the gateway accept a refund, and return its id."""
    refund_id = trade.testbed.fresh("R")
    answer = trade.refund(amount, refund_id=refund_id, is_sync="N")
    if second and isinstance(answer, Refusal):  # who waits for the end of the first one may
        raise Unsupported(message("declined.rightly", reason=answer.reason), optional=True)
    trade.given(answer, "accepted")
    return refund_id


def _notify_later(trade: PaidTrade, refund_id: str, **overrides: str) -> None:
    if trade.testbed.hello.clock:
        trade.session.advance(timedelta(minutes=1))
    trade.notify_refund(refund_id, **overrides)
