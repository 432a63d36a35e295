"""Who is right about refunds and cancels; the faulty ones stand in modules of their own."""

from oracles.trades import RefusedError, Trades
from faulty.answerers.registry import Implementation


class PaidTrade(Trades, Implementation):
    """Right about trades; what a faulty one refuses of a history has not happened to it."""

    def happen(self, event):
        try:
            super().happen(event)
        except RefusedError:
            pass

    def written(self, units, currency):
        return super().written(units, currency) if units >= 0 else f"-{super().written(-units, currency)}"
