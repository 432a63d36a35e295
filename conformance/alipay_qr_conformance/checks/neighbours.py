"""Levels 3 and 4: two trades, or two refunds, side by side: what is meant for one must not reach the other.

Numbers are texts: a shop that keeps them as numbers, in a column that is too short, or in a table that knows
no capital letters, meets two of them as one. And what it remembers of the last message is not about the next.
"""

from collections.abc import Callable, Iterator
from typing import Final

from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.notifications import fields_of, recorded, send
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, number, outcome
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import GatewaySession, Testbed

_BOOKS: Final = ("notify", "trade")


def cases(plan: Plan) -> Iterator[Case]:
    """Yield the cases."""
    for name, pair in TRADES.items():
        yield Case("notify.trade.own", name, _two_trades(pair), needs=_BOOKS)
    yield Case("notify.trade.own", "same-amount-awaited", _same_amount, needs=(*_BOOKS, "expect"))
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


def _two_trades(pair: Pair) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        with bed.gateway() as session:
            first, second = pair(bed.fresh(""))
            for trade, total in ((first, "10.00"), (second, "20.00")):
                session.engine.pay(None, total, "USD", session.now, out_trade_no=trade)
            _told(bed, session, second)
            _unpaid(bed, first, second)
            _told(bed, session, first)
            _worth(bed, first, "10.00")
            _worth(bed, second, "20.00")

    return run


def _same_amount(bed: Testbed) -> None:
    """Two customers owe the same; the second one pays."""
    with bed.gateway() as session:
        first, second = bed.fresh("T"), bed.fresh("T")
        for trade in (first, second):
            bed.ask("expect", out_trade_no=trade, total_fee="12.50", currency="USD")
        session.engine.pay(None, "12.50", "USD", session.now, out_trade_no=second)
        _told(bed, session, second)
        _unpaid(bed, first, second)
        _worth(bed, second, "12.50")


def _told(bed: Testbed, session: GatewaySession, trade: str) -> None:
    fields, kind = fields_of(bed, session, trade)
    if not send(bed, fields, kind).acknowledged:
        raise Blocked("see.genuine")


def _unpaid(bed: Testbed, trade: str, paid: str) -> None:
    belief = recorded(bed, trade) or {}
    if belief.get("state") not in {"none", "waiting"}:
        raise Failed("neighbour.paid", {"believed": belief}, trade=trade, paid=paid)


def _worth(bed: Testbed, trade: str, total: str) -> None:
    belief = recorded(bed, trade) or {}
    found = belief.get("paid")
    wrong = found is not None and number(found) != number(total)
    if belief.get("state") != "paid" or wrong:
        raise Failed("neighbour.mixed", {"believed": belief}, trade=trade, expected=total)


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
