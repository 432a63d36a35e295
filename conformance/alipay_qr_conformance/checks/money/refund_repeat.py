"""``money.refund.*``: a refund whose outcome is unknown, and its repeats under one id."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from alipay_qr_conformance.gateway import Fault
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.paid_trade import UNKNOWN, PaidTrade, outcome
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_REFUND: Final = ("notify", "refund")


@check("money.refund.repeat", each={f"after-{name}": fault for name, fault in UNKNOWN.items()}, needs=_REFUND)
def after_unknown(bed: Testbed, fault: Callable[[], Fault]) -> None:
    """A refund of unknown outcome is repeated under its id: it succeeds, and the money moves once."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        session.inject(fault(), "refund")
        trade.refund("4.00", refund_id=refund_id)
        trade.expect_outcome(trade.refund("4.00", refund_id=refund_id), "success")
        _moved_once(trade)


@check("money.refund.repeat", needs=_REFUND)
def after_success(bed: Testbed) -> None:
    """A refund that succeeded is asked for once more under its id: the money moves once."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        trade.given(trade.refund("4.00", refund_id=refund_id), "success")
        trade.refund("4.00", refund_id=refund_id)
        _moved_once(trade)


def _moved_once(trade: PaidTrade) -> None:
    moved, asked = trade.books.refunded, Decimal(trade.amount("4.00"))
    if moved != asked:
        key = "money.twice" if moved > asked else "money.never"
        raise Failed(key, trade.evidence(), what=trade.amount("4.00"))
    trade.expect_refunded("4.00")


@check("money.refund.same-id", needs=_REFUND)
def other_amount(bed: Testbed) -> None:
    """A second refund of another amount comes under the id of the first: it is refused."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        trade.given(trade.refund("4.00", refund_id=refund_id), "success")
        answer = trade.refund("5.00", refund_id=refund_id)
        if outcome(answer) not in {"refused", "failed", "raised", "unknown"}:
            what = f"{trade.amount('5.00')} under the id of {trade.amount('4.00')}"
            raise Failed("money.over", trade.evidence(answer=answer), what=what)
        trade.expect_refunded("4.00")


@check("money.refund.same-id", needs=_REFUND, builds_on=("response.two-levels",))
def other_trade(bed: Testbed) -> None:
    """A refund of another trade comes under the id of the first: none is reported that did not move."""
    with bed.gateway() as session:
        trade, refund_id = PaidTrade.open(bed, session), bed.fresh("R")
        trade.given(trade.refund("4.00", refund_id=refund_id), "success")
        other = PaidTrade.open(bed, session)
        answer = other.refund("4.00", refund_id=refund_id)
        if outcome(answer) in {"success", "accepted"} and not other.books.refunds:
            raise Failed("money.never", other.evidence(answer=answer), what=other.amount("4.00"))


@check("money.refund.unknown", each=UNKNOWN, needs=(*_REFUND, "trade"))
def unknown(bed: Testbed, fault: Callable[[], Fault]) -> None:
    """The outcome of a refund is unknown: no success is reported, and nothing is recorded as refunded."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        session.inject(fault(), "refund")
        found = outcome(trade.refund("4.00"))
        if found == "success":
            trade.expect_asked_again()
            return
        trade.expect_refunded("0")
        trade.expect_state("paid")
        if found == "unknown":
            trade.expect_pending("4.00")


@check("money.refund.one-id", each=UNKNOWN, needs=_REFUND)
def one_id(bed: Testbed, fault: Callable[[], Fault]) -> None:
    """The outcome of a refund is unknown: whatever is sent for it bears the same id."""
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        refund_id = bed.fresh("R")
        session.inject(fault(), "refund")
        trade.refund("4.00", refund_id=refund_id)
        sent = {
            dict(record.reading.params).get("partner_refund_id")
            for record in session.of(OPERATIONS["refund"])
        }
        if sent - {refund_id}:
            raise Failed("money.new-id", trade.evidence(asked=refund_id, sent=sorted(map(str, sent))))
