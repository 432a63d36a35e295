"""Trades with dictionaries and whole numbers alone: shares no code with the packages under test.

Every decision is one short method, a seam: a faulty implementation in tests/faulty overrides one of them.
"""

from oracles.amounts import Amounts
from oracles.moments import DAY, MINUTE, Moments

MONEY, CLOCK = Amounts(), Moments()
OVER = ("refunded", "cancelled", "closed")
MAYBE_BY_ITSELF = ("TRADE_HAS_CLOSE", "RETURN_AMOUNT_EXCEED")


class RefusedError(Exception):
    """The gateway's code."""


class Trades:
    """Answers vectors of the kinds ``refund_sequence`` and ``cancel_window``."""

    def refund_sequence(self, inputs):
        self.period = inputs["refund_period_days"] * DAY
        self.tell(inputs["history"])
        asked = inputs["next"]
        number, refund_id = asked["partner_trans_id"], asked["partner_refund_id"]
        told = {"before": self.books(number, asked["currency"])}
        repeat = self.found(self.trade(number), refund_id) is not None
        try:
            self.refund(asked)
        except RefusedError as code:
            return {"result": "invalid", **told, "error": str(code)}
        after = self.books(number, asked["currency"])
        return {"result": "valid", **told, "repeat": repeat, "after": after}

    window = "beijing-day"

    def cancel_window(self, inputs):
        self.window, self.period = inputs["window"], 365 * DAY
        self.tell(inputs["history"])
        asked = inputs["next"]
        trade = self.trade(asked["out_trade_no"])
        now, told = CLOCK.instant(asked["at"]), {"before": self.state(trade)}
        if trade["paid_at"] is not None:
            closes = self.closes(trade["paid_at"])
            told |= {"paid_day": self.day(trade["paid_at"]), "today": self.day(now)}
            told |= {"closes": CLOCK.beijing(closes), "milliseconds_left": closes - now}
        action = self.action(trade) if asked["outcome"] == "success" else None
        try:
            self.cancel(asked)
        except RefusedError as code:
            return {"result": "invalid", **told, "error": str(code)}
        more = {"action": action} if action else {}
        return {"result": "valid", **told, **more, "after": self.state(trade)}

    # === the books ==================================================================================

    def tell(self, history):
        self.trades = {}
        for event in history:
            self.happen(event)

    def happen(self, event):
        getattr(self, event["event"])(event)

    def trade(self, number):
        new = {"status": "none", "total": None, "currency": None, "paid_at": None, "undecided": False}
        return self.trades.setdefault(number, {"number": number, **new, "refunds": {}})

    def books(self, number, currency):
        trade = self.trade(number)
        currency = trade["currency"] or currency
        amounts = {
            "paid": trade["total"] if trade["paid_at"] is not None else 0,
            "refunded": self.sum_of(trade, "done"),
            "pending": self.sum_of(trade, "pending"),
            "remaining": self.rest(trade),
        }
        written = {name: self.written(units, currency) for name, units in amounts.items()}
        return {"state": self.state(trade), **written}

    def written(self, units, currency):
        return MONEY.write(units, currency)

    def sum_of(self, trade, *statuses):
        return sum(each["units"] for each in trade["refunds"].values() if each["status"] in statuses)

    def rest(self, trade):
        if self.state(trade) in OVER or trade["paid_at"] is None:
            return 0
        return trade["total"] - self.taken(trade)

    def state(self, trade):
        if trade["undecided"]:
            return "undecided"
        done = self.sum_of(trade, "done")
        if trade["status"] == "paid" and done:
            return "refunded" if done == trade["total"] else self.partly()
        return trade["status"]

    # === the events =================================================================================

    def expected(self, event):
        units = MONEY.read(event["total_fee"], event["currency"])
        trade = self.trade(event["out_trade_no"])
        trade |= {"status": "waiting", "total": units, "currency": event["currency"]}
        return trade

    def payment(self, event):
        self.expected(event)
        trade = self.trade(event["out_trade_no"])
        trade |= {"status": "paid", "paid_at": self.paid_at(CLOCK.instant(event["at"]))}

    def closed(self, event):
        self.trade(event["out_trade_no"])["status"] = "closed"

    def refund_notified(self, event):
        trade = self.trade(event["out_trade_no"])
        self.finish(trade, event["partner_refund_id"], MONEY.read(event["refund_fee"], trade["currency"]))

    def refund(self, event):
        trade = self.trade(event["partner_trans_id"])
        known = self.found(trade, event["partner_refund_id"])
        units = MONEY.read(event["refund_amount"], event["currency"])
        self.check_id(trade, event)
        if known is not None:
            self.check_repeat(known, units, event)
        else:
            self.check(trade, units, event)
        self.book(trade, known, units, event)

    def cancel(self, event):
        trade = self.trade(event["out_trade_no"])
        if trade["status"] in ("cancelled", "closed"):
            return
        if self.has_refund(trade):
            raise RefusedError("REASON_TRADE_REFUND_FEE_ERR")
        if trade["paid_at"] is not None and not self.is_open(trade, CLOCK.instant(event["at"])):
            raise RefusedError("TRADE_CANCEL_TIME_OUT")
        self.book_cancel(trade, event["outcome"])

    # === the seams: refunds =========================================================================

    def found(self, trade, refund_id):
        return trade["refunds"].get(self.name_of(refund_id))

    def name_of(self, refund_id):
        return refund_id

    def check_id(self, trade, event):
        owners = [each for each in self.trades.values() if self.found(each, event["partner_refund_id"])]
        if any(owner is not trade for owner in owners):
            raise RefusedError("INVALID_PARAMETER")

    def check_repeat(self, known, units, event):
        if (known["units"], known["currency"], known["sync"]) != (units, event["currency"], event["is_sync"]):
            raise RefusedError("INVALID_PARAMETER")

    def check(self, trade, units, event):
        if self.is_own_number(trade, event["partner_refund_id"]) or event["currency"] != trade["currency"]:
            raise RefusedError("INVALID_PARAMETER")
        if self.state(trade) in OVER:
            raise RefusedError("TRADE_HAS_CLOSE")
        if trade["paid_at"] is None or self.is_expired(trade["paid_at"], CLOCK.instant(event["at"])):
            raise RefusedError("TRADE_STATUS_ERROR")
        if not self.fits(trade, units):
            raise RefusedError("RETURN_AMOUNT_EXCEED")

    def is_own_number(self, trade, refund_id):
        return refund_id == trade["number"]

    def is_expired(self, paid_at, now):
        return now - paid_at >= self.period

    def fits(self, trade, units):
        return units <= trade["total"] - self.taken(trade)

    def taken(self, trade):
        return self.sum_of(trade, "done", "pending")

    def partly(self):
        return "partly_refunded"

    def status_of(self, outcome):
        """What becomes of a refund that is not done yet; None: it is taken back."""
        return {"success": "done", "failed": None}.get(outcome, "pending")

    def stays_pending(self, code):
        """Whether a repeat that failed says nothing about the first attempt."""
        return code in MAYBE_BY_ITSELF

    def book(self, trade, known, units, event):
        status = self.status_of(event["outcome"])
        if known is not None and (known["status"] == "done" or self.is_no_news(status, event)):
            return
        name = self.name_of(event["partner_refund_id"])
        trade["refunds"].pop(name, None)
        if status is not None:
            made = {"units": units, "currency": event["currency"], "sync": event["is_sync"]}
            trade["refunds"][name] = {**made, "status": status}

    def is_no_news(self, status, event):
        return status is None and self.stays_pending(event.get("code"))

    def finish(self, trade, refund_id, units):
        known = self.found(trade, refund_id)
        if known is not None:
            known["status"] = "done"

    # === the seams: cancels =========================================================================

    def paid_at(self, instant):
        return instant

    def day(self, instant):
        return CLOCK.day(instant)

    def closes(self, paid_at):
        midnight = paid_at - (paid_at + self.ahead()) % DAY + DAY
        ends = {"beijing-day-and-15-minutes": midnight + 15 * MINUTE, "24-hours": paid_at + DAY}
        return ends.get(self.window, midnight)

    def ahead(self):
        """How far the clock that makes the day is ahead of UTC."""
        return DAY // 3

    def is_open(self, trade, now):
        return now < self.closes(trade["paid_at"])

    def has_refund(self, trade):
        return bool(trade["refunds"])

    def action(self, trade):
        return {"waiting": "close", "paid": "refund"}.get(trade["status"])

    def book_cancel(self, trade, outcome):
        trade["undecided"] = outcome == "unknown"
        if outcome == "success":
            trade["status"] = "cancelled"
