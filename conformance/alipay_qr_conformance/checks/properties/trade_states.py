"""The states of a trade, and the genuine calls and notifications that lead there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from alipay_qr.money import exponent
from alipay_qr_conformance.checks.properties import forgery_space as space
from alipay_qr_conformance.checks.properties.covering import Row
from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Blocked
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import fields_of, send
from alipay_qr_conformance.testbed.paid_trade import PaidTrade
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Testbed


@dataclass(frozen=True, slots=True)
class Target:
    """A trade in its state, and what forged news of a refund would name."""

    session: GatewaySession
    trade: str
    refund_id: str = ""


def prepared(bed: Testbed, session: GatewaySession, row: Row) -> Target | None:
    """Return a new trade in the row's state; None where it does not come there with these coordinates.

    Raises:
        Blocked: not even the ordinary trade comes there.
    """
    fresh = bed.fresh("T")
    trade = space.number(row["number"], fresh)
    currency, amount = row["currency"], row["amount"]
    if row["state"] == "awaited":
        bed.ask("expect", out_trade_no=trade, total_fee=amount, currency=currency)
    session.engine.pay(None, amount, currency, session.now, out_trade_no=trade)
    try:
        return STEPS[row["state"]](bed, PaidTrade(bed, session, trade, currency), row)
    except Blocked:
        ordinary = space.plain(bed.plan)
        if all(row[name] == ordinary[name] for name in ("currency", "amount", "number", "moment")):
            raise
        return None


def _nothing(bed: Testbed, trade: PaidTrade, row: Row) -> Target:  # noqa: ARG001 (a step as the others)
    return Target(trade.session, trade.trade)


def _waiting(bed: Testbed, trade: PaidTrade, row: Row) -> Target:
    _genuine(bed, trade, trade_status="WAIT_BUYER_PAY", notify_id=f"w{trade.trade}", gmt_payment=None)
    return _nothing(bed, trade, row)


def _closed(bed: Testbed, trade: PaidTrade, row: Row) -> Target:
    _genuine(bed, trade, trade_status="TRADE_CLOSED", notify_id=f"c{trade.trade}", gmt_payment=None)
    return _nothing(bed, trade, row)


def _paid(bed: Testbed, trade: PaidTrade, row: Row) -> Target:
    _genuine(bed, trade)
    return Target(trade.session, trade.trade, _awaited_refund(bed, trade, row))


def _genuine(bed: Testbed, trade: PaidTrade, **overrides: str | None) -> None:
    fields, header = fields_of(bed, trade.session, trade.trade, overrides)
    if not send(bed, fields, header).acknowledged:
        raise Blocked("see.genuine")


def _awaited_refund(bed: Testbed, trade: PaidTrade, row: Row) -> str:
    """Return the id of a refund of which forged news may tell, asked for where the row has such news."""
    refund_id = bed.fresh("R")
    if row.get("news") == "refund" and bed.subject.supports("refund"):
        trade.given(
            trade.refund(part(row, 4), refund_id=refund_id, is_sync="N", notify_url=NOTIFY_URL),
            "accepted",
            "success",
        )
    return refund_id


def part(row: Row, parts: int) -> str:
    """Return a part of the amount, of the smallest unit at least."""
    places = exponent(row["currency"])
    units = int(row["amount"].replace(".", ""))
    some = max(units // parts, 1)
    return f"{some / 10**places:.{places}f}"


def _refunding(parts: int, **more: str) -> Callable[[Testbed, PaidTrade, Row], Target]:
    """Lead to a refund of a part that ends in success, or as ``more`` says."""

    def step(bed: Testbed, trade: PaidTrade, row: Row) -> Target:
        _genuine(bed, trade)
        refund_id = bed.fresh("R")
        trade.given(
            trade.refund(
                part(row, parts),
                refund_id=refund_id,
                is_sync=more.get("is_sync", "Y"),
                notify_url=NOTIFY_URL,
            ),
            more.get("outcome", "success"),
        )
        if more:
            return Target(trade.session, trade.trade, refund_id)
        return Target(
            trade.session, trade.trade, _awaited_refund(bed, trade, row) if parts > 1 else refund_id
        )

    return step


def _refund_unknown(bed: Testbed, trade: PaidTrade, row: Row) -> Target:
    _genuine(bed, trade)
    refund_id = bed.fresh("R")
    trade.session.inject(faults.drop("REFUND"), "refund")
    trade.refund(part(row, 2), refund_id=refund_id)
    return Target(trade.session, trade.trade, refund_id)


def _cancelling(fault: Callable[[], Any] | None) -> Callable[[Testbed, PaidTrade, Row], Target]:
    def step(bed: Testbed, trade: PaidTrade, row: Row) -> Target:
        _genuine(bed, trade)
        if fault is not None:
            trade.session.inject(fault(), "cancel")
            trade.cancel()
        else:
            trade.given(trade.cancel(), "success")
        return _nothing(bed, trade, row)

    return step


def _refused() -> Any:
    return faults.business_error("SELLER_BALANCE_NOT_ENOUGH", "CANCEL", retry_flag="N")


STEPS: Final[Mapping[str, Callable[[Testbed, PaidTrade, Row], Target]]] = {
    "unknown": _nothing,
    "awaited": _nothing,
    "waiting": _waiting,
    "paid": _paid,
    "partly-refunded": _refunding(2),
    "refunded": _refunding(1),
    "refund-pending": _refunding(2, is_sync="N", outcome="accepted"),
    "refund-unknown": _refund_unknown,
    "cancelled": _cancelling(None),
    "cancel-refused": _cancelling(_refused),
    "undecided": _cancelling(lambda: faults.drop("CANCEL", commit=False)),
    "closed": _closed,
}
