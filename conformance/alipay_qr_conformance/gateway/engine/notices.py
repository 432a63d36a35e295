"""The fields of a notification: what the gateway tells ``notify_url`` about a trade.

The field set follows docs.antom.com/ac/3rdpartryqrcode/simplified_2 and public samples; which action goes
with which status, and that a cancel is reported as ``reverseAction``, is inferred from their names.
"""

import json
from datetime import datetime
from typing import Final

from alipay_qr.beijing import format_timestamp
from alipay_qr.ledger import Refund, State, Trade
from alipay_qr.money import format_amount
from alipay_qr_conformance.gateway.engine.services import TRADE_STATUS
from alipay_qr_conformance.gateway.store.memory import Code, Payment

_ACTION: Final = {
    State.WAITING: "createDirectPayTradeByBuyerAction",
    State.PAID: "payByAccountAction",
    State.PARTLY_REFUNDED: "payByAccountAction",
    State.REFUNDED: "refundFPAction",
    State.CANCELLED: "reverseAction",
    State.CLOSED: "closeTradeAction",
}


def notice_fields(
    payment: Payment, code: Code | None, partner: str, at: datetime, refund: Refund | None
) -> dict[str, str]:
    """Return the fields without ``notify_id``, ``sign`` and ``sign_type``.

    Args:
        payment: what is reported, in its present state.
        code: the code that was paid, if one was; it gives the subject and the settlement currency.
        partner: the seller.
        at: ``notify_time``.
        refund: the finished refund that is reported; None for the state of the trade.
    """
    trade = payment.trade
    total = format_amount(trade.total, trade.currency)
    fields = {
        "notify_time": format_timestamp(at),
        "notify_type": "trade_status_sync",
        "notify_action_type": "refundFPAction" if refund else _ACTION[trade.state],
        "out_trade_no": trade.out_trade_no,
        "trade_no": trade.trade_no,
        "trade_status": TRADE_STATUS[trade.state],
        "subject": "Merchant QR code payment",
        "gmt_create": format_timestamp(trade.paid_at or at),
        "seller_id": partner,
        "seller_email": "merchant@example.com",
        "buyer_id": "2088102000000001",
        "buyer_email": "bu***@example.com",
        "price": total,
        "quantity": "1",
        "total_fee": total,
        "discount": format_amount(trade.total - trade.total, trade.currency),
        "is_total_fee_adjust": "N",
        "use_coupon": "N",
        "payment_type": "1",
        "trans_currency": trade.currency,
    }
    return fields | _times(trade) | _code_fields(code) | _refund_fields(refund) | dict(payment.extra)


def _times(trade: Trade) -> dict[str, str]:
    fields = {}
    if trade.paid_at is not None:
        fields["gmt_payment"] = format_timestamp(trade.paid_at)
    if TRADE_STATUS[trade.state] == "TRADE_CLOSED" and trade.ended_at is not None:
        fields["gmt_close"] = format_timestamp(trade.ended_at)
    return fields


def _code_fields(code: Code | None) -> dict[str, str]:
    if code is None:
        return {}
    passback = code.data.get("passback_parameters")
    if isinstance(passback, dict):
        passback = json.dumps(passback, ensure_ascii=False, separators=(",", ":"))
    wanted = {
        "subject": code.data.get("store_name"),
        "settle_currency": code.data.get("currency"),
        "passback_parameters": passback,
    }
    return {name: value for name, value in wanted.items() if isinstance(value, str) and value}


def _refund_fields(refund: Refund | None) -> dict[str, str]:
    if refund is None:
        return {}
    return {
        "refund_status": "REFUND_SUCCESS",
        "refund_fee": format_amount(refund.amount, refund.currency),
        "out_biz_no": refund.partner_refund_id,
        "gmt_refund": format_timestamp(refund.requested_at),
    }
