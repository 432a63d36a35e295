"""The rows of the gateway's file: codes, payments and deliveries as JSON text, and back.

Amounts are texts, moments ISO 8601 with their zone, bytes Latin-1 texts, so that nothing is rounded.
"""

import json
from datetime import datetime
from decimal import Decimal
from typing import Final

from alipay_qr.ledger import Refund, State, Trade
from alipay_qr_conformance.gateway.store.memory import Attempt, Code, Delivery, Payment, Shop

_text: Final = json.JSONEncoder(separators=(",", ":")).encode


def code_text(code: Code) -> str:
    """Return a code as JSON."""
    return _text(
        [code.qrcode, code.image_url, code.shop, code.data, code.notify_url, code.status, code.made_by]
    )


def code_of(text: str) -> Code:
    """Return the code that `code_text` wrote."""
    qrcode, image_url, shop, data, notify_url, status, made_by = json.loads(text)
    return Code(qrcode, image_url, Shop(*shop), data, notify_url, status, tuple(made_by))


def payment_text(payment: Payment) -> str:
    """Return a payment with its trade and refunds as JSON."""
    trade = payment.trade
    refunds = [
        [each.partner_refund_id, str(each.amount), each.currency, each.requested_at.isoformat(), each.done]
        for each in trade.refunds
    ]
    return _text(
        [
            trade.out_trade_no,
            trade.currency,
            str(trade.total),
            trade.state,
            trade.trade_no,
            _moment(trade.paid_at),
            _moment(trade.ended_at),
            refunds,
            payment.qrcode,
            payment.extra,
            payment.notify_url,
        ]
    )


def payment_of(text: str) -> Payment:
    """Return the payment that `payment_text` wrote."""
    number, currency, total, state, trade_no, paid, ended, refunds, qrcode, extra, notify_url = json.loads(
        text
    )
    trade = Trade(
        number,
        currency,
        Decimal(total),
        State(state),
        trade_no,
        _at(paid),
        _at(ended),
        tuple(
            Refund(refund_id, Decimal(amount), unit, datetime.fromisoformat(at), done)
            for refund_id, amount, unit, at, done in refunds
        ),
    )
    return Payment(trade, qrcode, tuple((name, value) for name, value in extra), notify_url)


def delivery_text(delivery: Delivery) -> str:
    """Return a notification on its way as JSON."""
    attempts = [
        [each.at, each.late, each.seconds, each.status, each.reply.decode("latin-1"), each.error]
        for each in delivery.attempts
    ]
    return _text(
        [
            delivery.number,
            delivery.out_trade_no,
            delivery.event,
            delivery.url,
            delivery.body.decode("latin-1"),
            delivery.content_type,
            delivery.due,
            delivery.state,
            delivery.repeats,
            attempts,
            *([] if delivery.way == "body" else [delivery.way]),
        ]
    )


def delivery_of(text: str) -> Delivery:
    """Return the delivery that `delivery_text` wrote."""
    number, out_trade_no, event, url, body, content_type, due, state, repeats, attempts, *way = json.loads(
        text
    )
    made = tuple(
        Attempt(at, late, seconds, status, reply.encode("latin-1"), error)
        for at, late, seconds, status, reply, error in attempts
    )
    return Delivery(
        number,
        out_trade_no,
        event,
        url,
        body.encode("latin-1"),
        content_type,
        due,
        state,
        repeats,
        made,
        *way,
    )


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
