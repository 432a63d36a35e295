"""What may happen to a trade: refunds up to the exact payment, cancels on its Beijing day."""

from typing import Any

from tools.vectors import expected as answers
from tools.vectors.question import groups, questions_of
from tools.vectors.trades import apart, cancels, identity, outcomes, sums, windows


def refund_groups() -> list[dict[str, Any]]:
    """Return the groups of ``refund_sequence.json``: one a refund period."""
    asked = questions_of((sums, identity, outcomes, apart))
    return groups("refund_sequence", asked, answers.refund_sequence)


def cancel_groups() -> list[dict[str, Any]]:
    """Return the groups of ``cancel_window.json``: one a reading of the window."""
    return groups("cancel_window", questions_of((windows, cancels)), answers.cancel_window)
