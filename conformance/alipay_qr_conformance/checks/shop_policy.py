"""Levels 2 to 4: probes of what a shop declines for reasons of its own, as its policy file declares it.

Each returns what the subject does, in the words of the policy; see `checks.policy`.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from alipay_qr.beijing import BEIJING, end_of_day
from alipay_qr.money import exponent, format_amount
from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Blocked
from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed.calls import encounter
from alipay_qr_conformance.testbed.notifications import deliver, fields_of, notification, paid, send
from alipay_qr_conformance.testbed.offer import Declined
from alipay_qr_conformance.testbed.paid_trade import PaidTrade
from alipay_qr_conformance.testbed.scenarios import BIZ_DATA, OPERATIONS, in_currency
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Testbed

_EVENING: Final = datetime(2026, 3, 9, 0, 5, tzinfo=BEIJING)
_OTHERS: Final = ("USD", "HKD", "EUR")


def _sends(trade: PaidTrade, op: str, press: Callable[[], object]) -> bool:
    """Say whether a call sends a request, be it declined rightly or not."""
    before = trade.sent(op)
    with suppress(Declined):
        press()
    return trade.sent(op) > before


def currencies(bed: Testbed) -> str:
    """Return the currencies that were taken: of the declared ones, and of one that was not declared."""
    declared = bed.plan.policy.currencies or ()
    other = next(each for each in _OTHERS if each not in declared) if set(_OTHERS) - set(declared) else ""
    tried = [each for each in (*declared, other) if (each and bed.plan.profile != "hk") or each == "HKD"]
    return str(tuple(each for each in tried if _takes(bed, each)))


def _takes(bed: Testbed, currency: str) -> bool:
    """Let a customer pay in a currency; say whether the shop acknowledges that."""
    with bed.gateway() as session:
        trade, amount = bed.fresh("T"), "100" if exponent(currency) == 0 else "1.00"
        session.engine.pay(None, amount, currency, session.now, out_trade_no=trade)
        return deliver(bed, *notification(bed, session, trade)).acknowledged


def cancel_margin(bed: Testbed) -> str:
    """Cancel two minutes before the declared margin begins, and within it."""
    margin = bed.plan.policy.cancel_margin or 0
    went = []
    for minutes in (margin + 2, margin - 0.5):
        with bed.gateway(start=_EVENING) as session:
            trade = PaidTrade.open(bed, session)
            session.move(end_of_day(_EVENING) - timedelta(minutes=minutes))
            went.append(_sends(trade, "cancel", trade.cancel))
    if not went[0]:
        return f"more than {margin + 2}"
    return f"less than {margin}" if went[1] else str(margin)


def min_partial_refund(bed: Testbed) -> str:
    """Refund the smallest part that is declared, and a cent less."""
    least = Decimal(bed.plan.policy.min_partial_refund or "0.01")
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session, str(4 * least))
        below = least - Decimal("0.01")
        if below > 0 and _sends(trade, "refund", lambda: trade.refund(f"{below:.2f}")):
            return f"less than {least}"
        if not _sends(trade, "refund", lambda: trade.refund(f"{least:.2f}")):
            return f"more than {least}"
    return str(bed.plan.policy.min_partial_refund)


def largest_refund(bed: Testbed) -> str:
    """Refund one more than the largest amount that is declared, and that amount."""
    said, currency = bed.plan.policy.largest_refund or "1.00", bed.plan.currency
    most = Decimal(said)
    more = format_amount(most + 1, currency)
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session, more)
        if _sends(trade, "refund", lambda: trade.refund(more)):
            return f"more than {said}"
        goes = _sends(trade, "refund", lambda: trade.refund(format_amount(most, currency)))
        return said if goes else f"less than {said}"


def partial_refunds(bed: Testbed) -> str:
    """Refund a part."""
    part = bed.plan.policy.min_partial_refund or "5.00"
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session, str(2 * Decimal(part)))
        return "send" if _sends(trade, "refund", lambda: trade.refund(part)) else "refuse"


def max_refunds(bed: Testbed) -> str:
    """Refund as often as is declared, and once more."""
    most, part = bed.plan.policy.max_refunds or 1, bed.plan.policy.min_partial_refund or "1.00"
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session, str((most + 2) * Decimal(part)))
        for made in range(most):
            if not _sends(trade, "refund", lambda: trade.refund(part)):
                return f"{made}"
        return f"more than {most}" if _sends(trade, "refund", lambda: trade.refund(part)) else str(most)


def paid_cancel(bed: Testbed) -> str:
    """Cancel a paid trade on its day."""
    return _instead(bed, PaidTrade.cancel) or "refuse"


def full_refund(bed: Testbed) -> str:
    """Refund the whole of a trade on its day."""
    return _instead(bed, lambda trade: trade.refund("10.00")) or "neither"


def _instead(bed: Testbed, press: Callable[[PaidTrade], object]) -> str:
    with bed.gateway() as session:
        trade = PaidTrade.open(bed, session)
        with suppress(Declined):
            press(trade)
        return " and ".join(op for op in ("cancel", "refund") if trade.sent(op))


def create(bed: Testbed) -> str:
    """Ask for the code of one store twice."""
    data = in_currency(bed.plan.currency, BIZ_DATA | {"store_id": bed.fresh("S")[:32]})
    with bed.gateway() as session:
        args = {"gateway_url": session.url, "biz_data": data, "notify_url": NOTIFY_URL}
        for _ in range(2):
            bed.answering.ask(bed, "create_qr_code", None, dict(args))
        count = len(session.of(OPERATIONS["create_qr_code"]))
    if not count:
        raise Blocked("nothing.reached", op="create_qr_code")
    return "sent" if count > 1 else "cached"


def gateway_error(bed: Testbed) -> str:
    """Refund, and meet an unsigned error of the gateway."""
    met = encounter(bed, "refund", faults.gateway_error("ILLEGAL_PARTNER", "REFUND"))
    return {"failed": "failed", "unknown": "unknown", "raised": "unknown"}.get(met.outcome, "neither")


def line_ends(bed: Testbed) -> str:
    """Sign a value with a line end."""
    params = [["service", "alipay.acquire.cancel"], ["out_trade_no", "T1"], ["note", "one\r\ntwo"]]
    try:
        answer = bed.ask("sign", params=params, charset=bed.setup.charset, sign_type=bed.setup.sign_type)
    except Declined:
        return "refuse"
    return "sign" if isinstance(answer, Result) else "refuse"


def seller_id(bed: Testbed) -> str:
    """Deliver a genuine notification without seller_id."""
    with bed.gateway() as session:
        fields, kind = fields_of(bed, session, paid(bed, session), {"seller_id": None})
        return "optional" if send(bed, fields, kind).acknowledged else "required"
