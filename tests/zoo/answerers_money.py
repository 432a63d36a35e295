"""Everybody who answers vectors about amounts, times, refunds, cancels and the parameters of requests.

The faulty ones stand in a module for each topic; `RIGHT` says who is right.
"""

from zoo import (
    answerers_addresses,
    answerers_amounts,
    answerers_biz_data,
    answerers_calls,
    answerers_cancels,
    answerers_members,
    answerers_moments,
    answerers_reckoning,
    answerers_refunds,
    answerers_timestamps,
    answerers_trades,
    answerers_values,
)

RIGHT = {
    "amount": answerers_amounts.Money,
    "timestamp": answerers_moments.Clock,
    "request": answerers_calls.Form,
    "refund_sequence": answerers_trades.PaidTrade,
    "cancel_window": answerers_trades.PaidTrade,
}
"""Who is right about each kind."""

MODULES = (
    answerers_addresses,
    answerers_amounts,
    answerers_biz_data,
    answerers_calls,
    answerers_cancels,
    answerers_members,
    answerers_moments,
    answerers_reckoning,
    answerers_refunds,
    answerers_timestamps,
    answerers_values,
)
"""Where the faulty ones stand."""
