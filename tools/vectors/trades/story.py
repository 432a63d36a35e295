"""The events of which a trade's history is told, in few words.

The usual trade is T1: 12.80 USD, paid at ten in the morning of 2026-11-23 in Beijing. What happens to it
happens at eleven, what is asked next at noon, unless a story says otherwise.
"""

from typing import Any, Final

from tools.vectors.question import Inputs

Event = dict[str, Any]

TEN: Final = "2026-11-23T10:00:00.000+08:00"
ELEVEN: Final = "2026-11-23T11:00:00.000+08:00"
NOON: Final = "2026-11-23T12:00:00.000+08:00"


def pay(total: str = "12.80", currency: str = "USD", *, trade: str = "T1", at: str = TEN) -> Event:
    """The customer has paid; the notification was booked."""
    return {"event": "payment", "out_trade_no": trade, "total_fee": total, "currency": currency, "at": at}


def expect(total: str = "12.80", currency: str = "USD", *, trade: str = "T1", at: str = TEN) -> Event:
    """The shop awaits a payment of which no notification came."""
    return {"event": "expected", "out_trade_no": trade, "total_fee": total, "currency": currency, "at": at}


def refund(  # noqa: PLR0913 (the parameters of REFUND)
    amount: str,
    number: str = "R1",
    *,
    trade: str = "T1",
    currency: str = "USD",
    sync: str = "Y",
    outcome: str = "success",
    code: str = "",
    at: str = ELEVEN,
) -> Event:
    """A REFUND was sent, and came to ``outcome``."""
    asked = ask(amount, number, trade=trade, currency=currency, sync=sync, outcome=outcome, at=at)
    return {"event": "refund", **asked, **({"code": code} if code else {})}


def taken(amount: str, number: str = "R1", **more: str) -> Event:
    """An asynchronous REFUND was accepted: no money has moved yet."""
    return refund(amount, number, **{"sync": "N", "outcome": "accepted", **more})


def notified(amount: str, number: str = "R1", *, trade: str = "T1", at: str = ELEVEN) -> Event:
    """Alipay notified that a refund is finished (refundFPAction)."""
    return {
        "event": "refund_notified",
        "out_trade_no": trade,
        "partner_refund_id": number,
        "refund_fee": amount,
        "at": at,
    }


def cancel(outcome: str = "success", *, trade: str = "T1", at: str = ELEVEN) -> Event:
    """A CANCEL was sent, and came to ``outcome``."""
    return {"event": "cancel", "out_trade_no": trade, "outcome": outcome, "at": at}


def closed(*, trade: str = "T1", at: str = ELEVEN) -> Event:
    """Alipay notified that the trade is closed (TRADE_CLOSED)."""
    return {"event": "closed", "out_trade_no": trade, "at": at}


def ask(
    amount: str,
    number: str = "R100",
    *,
    trade: str = "T1",
    currency: str = "USD",
    sync: str = "Y",
    outcome: str = "success",
    at: str = NOON,
) -> Event:
    """The REFUND that is asked for next."""
    return {
        "partner_trans_id": trade,
        "partner_refund_id": number,
        "refund_amount": amount,
        "currency": currency,
        "is_sync": sync,
        "at": at,
        "outcome": outcome,
    }


def story(*events: Event, then: Event) -> Inputs:
    """A history, and the request that comes next."""
    return {"history": list(events), "next": then}
