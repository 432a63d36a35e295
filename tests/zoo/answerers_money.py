"""Everybody who answers vectors about amounts, times, refunds, cancels and the parameters of requests.

The faulty ones stand in a module for each kind; `RIGHT` says who is right.
"""

from zoo import answerers_amounts, answerers_calls, answerers_moments, answerers_trades

RIGHT = {
    "amount": answerers_amounts.Money,
    "timestamp": answerers_moments.Clock,
    "request": answerers_calls.Form,
    "refund_sequence": answerers_trades.Till,
    "cancel_window": answerers_trades.Till,
}
"""Who is right about each kind."""

MODULES = (answerers_amounts, answerers_calls, answerers_moments, answerers_trades)
