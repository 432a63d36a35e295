"""Levels 3 and 4: two trades, or two refunds, side by side: what is meant for one must not reach the other.

Numbers are texts: a shop that keeps them as numbers, in a column that is too short, or in a table that knows
no capital letters, meets two of them as one. And what it remembers of the last message is not about the next.
"""

from collections.abc import Callable, Iterator
from typing import Final

from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, outcome
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import Testbed

_BOOKS: Final = ("notify", "trade")


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the cases."""
    if plan.level < 4:  # noqa: PLR2004 (the level of the money rules)
        return
    yield Case("money.cancel.own-trade", "after-another-payment", _own_trade_no, needs=("notify", "cancel"))
    for name, pair in REFUNDS.items():
        yield Case("money.refund.ids-verbatim", name, _two_refunds(pair), needs=("notify", "refund"))


Pair = Callable[[str], tuple[str, str]]
"""Two numbers that are close to each other, made of digits that were never used."""

TRADES: Final[dict[str, Pair]] = {
    "long-numbers": lambda digits: (f"20260309210010040{digits}1", f"20260309210010040{digits}2"),
    "zeros-in-front": lambda digits: (f"1{digits}", f"001{digits}"),
    "last-of-64": lambda digits: (f"T{digits:x<62}1", f"T{digits:x<62}2"),
}
REFUNDS: Final[dict[str, Pair]] = TRADES | {
    "case-alone": lambda digits: (f"Ra{digits}", f"RA{digits}"),
}


def _own_trade_no(bed: Testbed) -> None:
    """``trade_no`` wins over ``out_trade_no``: a wrong one cancels somebody else's payment."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        other = PaidTrade.open(bed, session)
        till.cancel()
        for record in session.of(OPERATIONS["cancel"]):
            sent = record.params.get("trade_no")
            if sent == other.books.trade_no:  # one that nobody has is ``request.cancel.trade_no``'s
                evidence = {"sent": dict(record.params), "trade_no of the other": other.books.trade_no}
                raise Failed("neighbour.cancelled", evidence, sent=sent, expected=till.books.trade_no)


def _two_refunds(pair: Pair) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            if not bed.once("two-refunds", lambda: _refunds_twice(bed)):
                raise Blocked("see.requirement", requirement="money.refund.exact")
            till = PaidTrade.open(bed, session)
            first, second = pair(bed.fresh(""))
            till.given(till.refund("1.00", refund_id=first), "success")
            answer = till.refund("1.00", refund_id=second)
            moved = {refund.partner_refund_id for refund in till.books.refunds}
            if outcome(answer) == "success" and moved == {first, second}:
                return
            till.blocked_by_form(answer)
            raise Failed("neighbour.refund", till.evidence(answer=answer), first=first, second=second)

    return run


def _refunds_twice(bed: Testbed) -> bool:
    """Say whether two refunds of a trade go through at all, under ids that nobody could confuse."""
    with bed.gateway() as session:
        till = PaidTrade.open(bed, session)
        return all(outcome(till.refund("1.00")) == "success" for _ in range(2))
