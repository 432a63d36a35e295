"""A history as far as it has come: the trade, what was done to it in words, and what is known of it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from alipay_qr.beijing import BEIJING
from alipay_qr.money import exponent, format_amount
from alipay_qr_conformance.checks.properties.history_steps import REFUNDS, Habits
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, number

Broken = Callable[[str, Failed], None]
"""What is told of a broken rule: its requirement, and the finding."""

_NOTHING: Final = Decimal(0)
_OF_THE_NEWS: Final = ("notify_id", "notify_action_type", "trade_status", "gmt_close")
"""Fields that differ between the news of a payment and later news of the same trade."""


class Tale:
    """What a history has come to.

    Args:
        trade: the paid trade that it is about.
        broken: told of each broken rule; it may raise, which ends the history.
        habits: of the shop.
    """

    def __init__(self, trade: PaidTrade, broken: Broken, habits: Habits | None = None) -> None:
        self.trade = trade
        self.habits = habits or Habits()
        self._tell = broken
        told = dict(trade.session.engine.notifications.unsigned(trade.trade, trade.session.now))
        self.first_news: dict[str, str | None] = {name: told.get(name) for name in _OF_THE_NEWS}
        """What a repeat of the news of the payment says, whatever became of the trade meanwhile."""
        self.lines = [f"{self._time()} a customer pays {trade.books.total} {trade.currency}"]
        self.last: tuple[str, str, bool] | None = None
        """Amount and id of the last refund that went out, and whether its money moves later."""
        self.unknown: dict[str, Decimal] = {}
        """Refunds whose outcome the subject was never told."""
        self.undecided = False
        """Whether a cancel has no end that the subject was told."""
        self.later: set[str] = set()
        """Refunds that were asked for and whose money moves later."""
        self.compared = True
        """Whether what is recorded is compared: until it is wrong once, for one fault is told once."""
        self.announced_again = False
        self.refused = False
        """Whether the gateway refused something: that it changes nothing has directed cases."""
        self.ended = False
        """Whether another rule than those of a history was broken: what follows is no longer judged."""

    @property
    def doubt(self) -> Decimal:
        """What the unknown refunds may have taken."""
        return sum(self.unknown.values(), _NOTHING)

    def _amount(self, units: int) -> str:
        return format_amount(Decimal(units).scaleb(-exponent(self.trade.currency)), self.trade.currency)

    def _id(self) -> str:
        return self.habits.id_form.format(self.trade.testbed.fresh("R"))

    def compare_payment(self, told: Mapping[str, Any]) -> None:
        """Tell of an amount that is recorded and was not paid."""
        found = told.get("paid")
        if self.compared and found is not None and number(found) != self.trade.books.total:
            self.compared = False
            expected = self.trade.books.total
            self._broken("notify.amount.believed", "notify.amount", expected=expected, found=found)

    def _compare(self, kind: str) -> None:
        """Compare what is recorded after a step with the books; the step says which rule is broken."""
        books = self.trade.books
        if not self.compared or books.state == "cancelled":
            return
        told = self.trade.recorded_as(self._fits)
        refunded = told.get("refunded")
        if refunded is None or self._fits(told):
            return
        found = number(refunded)
        self.compared = False
        way = REFUNDS.get(kind, REFUNDS["refund"])
        if way.fault:
            self.ended = True  # what is unproved or refused is not booked: judged elsewhere
            return
        later = way.later or kind == "refund-notification"
        if kind == "repeat" and self.last is not None:
            later = self.last[2]
        requirement = "money.refund.asynchronous" if later else "money.refund.booked"
        if kind == "repeat" and not later and (found or _NOTHING) > books.refunded:
            requirement = "money.refund.repeat"
        self._broken(requirement, "money.refunded", found=refunded, expected=books.refunded)

    def _fits(self, told: Mapping[str, Any]) -> bool:
        """Say whether what is recorded as refunded can be what moved."""
        books, found = self.trade.books, number(told.get("refunded"))
        return found is not None and books.refunded - self.doubt <= found <= books.refunded

    def _broken(self, requirement: str, key: str, **details: Any) -> None:
        evidence = {"story": "\n".join(self.lines), **self.trade.evidence()}
        self._tell(requirement, Failed(key, evidence, **details))

    def say(self, line: str) -> None:
        """Tell what happened now."""
        self.lines.append(f"{self._time()} {line}")

    def _time(self) -> str:
        now = self.trade.session.now.astimezone(BEIJING)
        if now.second or now.microsecond:
            return f"{now:%b %d %H:%M:%S}.{now.microsecond // 1000:03d}"
        return f"{now:%b %d %H:%M}"
