"""The schemas of ``refund_sequence.json`` and ``cancel_window.json``."""

from typing import Any, Final

from tools.vectors.amounts.schema import AMOUNT, CURRENCY
from tools.vectors.moments.schema import DAY, INSTANT
from tools.vectors.schemas import TEXT, Schema, record

STATE: Final[Schema] = {
    "enum": ["none", "waiting", "paid", "partly_refunded", "refunded", "cancelled", "closed", "undecided"]
}
OUTCOME: Final[Schema] = {
    "enum": ["success", "accepted", "failed", "unknown"],
    "description": "what the request came to: accepted: an asynchronous refund was taken, no money has moved; "
    "failed: a signed refusal; unknown: the answer was lost, unsigned or in doubt",
}
FEE: Final[Schema] = {"type": "string", "description": "an amount, in any legal spelling"}

_REFUND: Final[dict[str, Schema]] = {
    "partner_trans_id": {**TEXT, "description": "out_trade_no of the trade"},
    "partner_refund_id": TEXT,
    "refund_amount": FEE,
    "currency": CURRENCY,
    "is_sync": {"enum": ["Y", "N"]},
    "at": INSTANT,
    "outcome": OUTCOME,
}
_CANCEL: Final[dict[str, Schema]] = {"out_trade_no": TEXT, "at": INSTANT, "outcome": OUTCOME}
_PAYMENT: Final[dict[str, Schema]] = {
    "out_trade_no": TEXT,
    "total_fee": FEE,
    "currency": CURRENCY,
    "at": {**INSTANT, "description": "gmt_payment as an instant"},
}
_EVENTS: Final[dict[str, Schema]] = {
    "payment": record({"event": {"const": "payment"}, **_PAYMENT}),
    "expected": {
        **record({"event": {"const": "expected"}, **_PAYMENT}),
        "description": "the shop awaits this payment; nothing was notified",
    },
    "refund": record({"event": {"const": "refund"}, **_REFUND, "code": TEXT}, optional=("code",)),
    "refund_notified": {
        **record(
            {
                "event": {"const": "refund_notified"},
                "out_trade_no": TEXT,
                "partner_refund_id": TEXT,
                "refund_fee": FEE,
                "at": INSTANT,
            }
        ),
        "description": "a genuine notification with refundFPAction",
    },
    "cancel": record({"event": {"const": "cancel"}, **_CANCEL}),
    "closed": {
        **record({"event": {"const": "closed"}, "out_trade_no": TEXT, "at": INSTANT}),
        "description": "a genuine notification with TRADE_CLOSED",
    },
}
_HISTORY: Final[Schema] = {
    "type": "array",
    "items": {"oneOf": list(_EVENTS.values())},
    "description": "what happened so far, oldest first",
}
_ERROR: Final[Schema] = {**TEXT, "description": "why not: the gateway's error code"}
_BOOKS: Final[Schema] = record(
    {"state": STATE, **dict.fromkeys(("paid", "refunded", "pending", "remaining"), AMOUNT)}
)


def refund_parts() -> dict[str, Any]:
    """Return what the schema of ``refund_sequence`` has of its own."""
    return {
        "description": "a history and a REFUND in; valid: it may be sent, and this is what is booked",
        "group_inputs": record(
            {"refund_period_days": {"type": "integer", "description": "of the contract, from the payment on"}}
        ),
        "inputs": record({"history": _HISTORY, "next": record(_REFUND)}),
        "steps": record(
            {
                "before": {**_BOOKS, "description": "the books of the trade before the request"},
                "repeat": {
                    "type": "boolean",
                    "description": "whether it is a refund that was asked for before",
                },
                "after": {**_BOOKS, "description": "the books after its outcome"},
                "error": _ERROR,
            },
            optional=("repeat", "after", "error"),
        ),
    }


def cancel_parts() -> dict[str, Any]:
    """Return what the schema of ``cancel_window`` has of its own."""
    windows = ["beijing-day", "beijing-day-and-15-minutes", "24-hours"]
    return {
        "description": "a history, a clock and a CANCEL in; valid: it may be sent, and this is what it does",
        "group_inputs": record({"window": {"enum": windows, "description": "the seed's day, or a variant"}}),
        "inputs": record({"history": _HISTORY, "next": record(_CANCEL)}),
        "steps": record(
            {
                "before": {**STATE, "description": "the trade's state before the request"},
                "paid_day": {**DAY, "description": "the Beijing day of the payment"},
                "today": {**DAY, "description": "the Beijing day of the request"},
                "closes": {"type": "string", "description": "the first instant after the window, in GMT+8"},
                "milliseconds_left": {"type": "integer", "description": "until then; negative afterwards"},
                "action": {"enum": ["close", "refund"], "description": "absent: there is nothing to do"},
                "after": {**STATE, "description": "the trade's state after the outcome"},
                "error": _ERROR,
            },
            optional=("paid_day", "today", "closes", "milliseconds_left", "action", "after", "error"),
        ),
    }
