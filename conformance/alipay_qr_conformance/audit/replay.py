"""Refunds and cancels of a paid trade, replayed in `alipay_qr.ledger`, which decides."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from alipay_qr.errors import AlipayQrError, RuleError
from alipay_qr.ledger import (
    GRACE_TERMS,
    Trade,
    cancel,
    cancel_deadline,
    drop_refund,
    find_refund,
    finish_refund,
    refund,
)
from alipay_qr.money import parse_amount
from alipay_qr_conformance.audit.kit import Policy
from alipay_qr_conformance.audit.reply import DONE, NOT_RECORDED, REFUSED
from alipay_qr_conformance.audit.tally import Cause, Tally
from alipay_qr_conformance.audit.timeline import ENDED, Event

_SUM: Final = "money.refund.sum"
_WINDOW: Final = "money.cancel.window"
OF_REFUNDS: Final = (_SUM, "money.refund.currency", "money.refund.ids-differ")
OF_CANCELS: Final = (_WINDOW, "money.cancel.window-band", "money.cancel.after-refund")
_MONEY_OVER: Final = frozenset({"RETURN_AMOUNT_EXCEED", "TRADE_HAS_CLOSE"})


class Replay:
    """Replays refunds and cancels of a paid trade in the ledger."""

    def __init__(
        self, trade: Trade, find: Callable[..., None], tally: Tally, over: set[int], policy: Policy
    ) -> None:
        self._trade = trade
        self._left_to_gateway = {
            name
            for name, keeper in ((_SUM, policy.refund_sum), (_WINDOW, policy.cancel_window))
            if keeper == "gateway"
        }
        self._over = over
        self._find = find
        self._tally = tally
        self._undecided = False
        self._timeless = False

    def step(self, event: Event) -> None:
        """Take one event."""
        if event.kind == "R":
            self._refund(event)
        elif event.kind == "C":
            self._cancel(event)
        elif event.kind == "N" and event.texts[9]:
            self._refund_news(event.texts[9], event.texts[8])

    def finish(self, moves: list[Event]) -> None:
        """Count what was judged."""
        kinds = {each.kind for each in moves}
        judged, not_judged = self._tally.judged, self._tally.not_judged
        if "R" in kinds:
            for name in OF_REFUNDS:
                if self._undecided:
                    not_judged[name, "cancel-undecided"] += 1
                else:
                    judged[name] += 1
        if "C" in kinds:
            for name in OF_CANCELS:
                if self._timeless and name != "money.cancel.after-refund":
                    not_judged[name, "no-time"] += 1
                else:
                    judged[name] += 1

    def _refund_news(self, refund_id: str, status: str) -> None:
        try:
            known = find_refund(self._trade, refund_id)
            if known is None:
                return
            if status in {"", "REFUND_SUCCESS"}:
                self._trade = finish_refund(self._trade, refund_id)
            elif not known.done:
                self._trade = drop_refund(self._trade, refund_id)
        except RuleError:  # pragma: no cover - both were looked up before
            return

    def _refund(self, event: Event) -> None:
        refund_id, amount, currency, sync, trade_no, ended = event.texts
        if self._undecided:
            return
        if trade_no and self._trade.trade_no and trade_no != self._trade.trade_no:
            self._tally.remarks["trade-no-differs"] += 1
        try:
            after, _ = refund(
                self._trade,
                partner_refund_id=refund_id,
                amount=_amount(amount, currency),
                currency=currency,
                at=self._trade.paid_at or datetime.fromtimestamp(0, UTC),
                done=ended == DONE and sync == "Y",
            )
        except RuleError as error:
            self._refused(error, event, ended)
            return
        except AlipayQrError:
            return  # no amount is the parameter's own breach
        if ended != REFUSED:
            self._trade = after

    def _refused(self, error: RuleError, event: Event, ended: str) -> None:
        """Turn what the ledger refuses into a finding; less weighs what the gateway refused as well."""
        weight = "SHOULD" if ended in {REFUSED, NOT_RECORDED} else None
        details = (("ended", ENDED[ended]),)
        if error.code in _MONEY_OVER:
            self._over.add(id(event))
            weight = "SHOULD" if _SUM in self._left_to_gateway else weight
            self._find(_SUM, Cause("audit.refund-over", details), event, weight)
        elif error.code == "INVALID_PARAMETER" and event.texts[2] != self._trade.currency:
            self._find("money.refund.currency", Cause("audit.refund-currency", details), event, weight)

    def _cancel(self, event: Event) -> None:
        trade_no, ended = event.texts
        if trade_no and self._trade.trade_no:
            self._tally.judged["money.cancel.own-trade"] += 1
            if trade_no != self._trade.trade_no:
                self._find("money.cancel.own-trade", Cause("audit.cancel-other-trade"), event)
                return
        if event.moment is None:
            self._timeless = True
            self._undecided = self._undecided or ended != REFUSED
            return
        try:
            after, _ = cancel(self._trade, event.moment)
        except RuleError as error:
            if error.code == "TRADE_CANCEL_TIME_OUT":
                self._late(event, ended)
            return
        if ended == DONE:
            self._trade = after
        elif ended != REFUSED:
            self._undecided = True

    def _late(self, event: Event, ended: str) -> None:
        details = (("ended", ENDED[ended]),)
        paid, moment = self._trade.paid_at, event.moment
        if self._undecided:
            return  # the repeat of a cancel that was in time, and whose outcome is unknown
        if paid is None or moment is None:  # pragma: no cover - only a cancel with both is late
            return
        if moment < cancel_deadline(paid, GRACE_TERMS):
            self._find("money.cancel.window-band", Cause("audit.cancel-in-band", details), event)
            return
        left = _WINDOW in self._left_to_gateway
        weight = "SHOULD" if left or ended in {REFUSED, NOT_RECORDED} else None
        self._find(_WINDOW, Cause("audit.cancel-late", details), event, weight)
        if ended == DONE:
            self._undecided = (
                True  # carried out against the rule: nobody knows what the ledger of Alipay says
            )


def _amount(text: str, currency: str) -> Decimal:
    return parse_amount(text, currency)
