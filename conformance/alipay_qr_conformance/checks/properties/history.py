"""The history of one trade, played step by step, compared with the gateway's books, told in words.

Where the sources leave a choice each way is right: while a refund or a cancel has no end a subject may refuse
others; a cancel without an end may be repeated at any time.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from alipay_qr.beijing import BEIJING, beijing_day, end_of_day
from alipay_qr.ledger import Trade
from alipay_qr_conformance.gateway import Record, faults
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.testbed.paid_trade import PaidTrade, number, outcome
from alipay_qr_conformance.testbed.scenarios import OPERATIONS

Step = tuple[Any, ...]
_BAND: Final = timedelta(minutes=15)
_NOTHING: Final = Decimal(0)
_EXCEEDS: Final = b">RETURN_AMOUNT_EXCEED<"


class History:
    """One trade's history. Amounts of steps are in the smallest unit of its currency."""

    def __init__(self, trade: PaidTrade) -> None:
        self.trade = trade
        self.lines = [f"{self._time()} a customer pays {trade.books.total} {trade.currency}"]
        self.last: tuple[str, str, bool] | None = None
        """Amount and id of the last refund that went out, and whether its money moves later."""
        self.unknown: dict[str, Decimal] = {}
        """Refunds whose outcome the subject was never told."""
        self.undecided = False
        """Whether a cancel has no end that the subject was told."""

    @property
    def doubt(self) -> Decimal:
        """What the unknown refunds may have taken."""
        return sum(self.unknown.values(), _NOTHING)

    def play(self, step: Step) -> None:
        """Play one step and compare.

        Raises:
            Failed: a rule was broken; the evidence holds the history so far.
        """
        match step:
            case ("wait", minutes):
                self.trade.session.advance(timedelta(minutes=minutes))
                self.lines.append(f"{self._time()} {minutes} minutes have passed")
            case ("midnight", milliseconds):
                self._to_midnight(timedelta(milliseconds=milliseconds))
            case ("refund" | "lost-refund" | "later-refund" as kind, units):
                refund_id = self.trade.testbed.fresh("R")
                self._refund(
                    self._amount(units), refund_id, lost=kind == "lost-refund", later=kind == "later-refund"
                )
            case ("two-refunds", units):
                self._two_refunds(self._amount(units))
            case ("repeat",) if self.last:
                amount, refund_id, later = self.last
                self._refund(amount, refund_id, later=later, repeated=True)
            case ("cancel" | "lost-cancel" as kind,):
                self._cancel(lost=kind == "lost-cancel")
            case ("refund-notification",):
                self._notify_refund()
            case ("payment-notification",):
                self.trade.notify()
                self.lines.append(f"{self._time()} the payment is notified again")
        self._compare()

    def _to_midnight(self, after: timedelta) -> None:
        paid_at = self.trade.books.paid_at
        if paid_at is not None and end_of_day(paid_at) + after > self.trade.session.now:
            self.trade.session.move(end_of_day(paid_at) + after)
            self.lines.append(f"{self._time()} it is {after.total_seconds():+g} s from the end of the day")

    def _amount(self, units: int) -> str:
        return str(units) if self.trade.currency == "JPY" else f"{Decimal(units).scaleb(-2):.2f}"

    # --- refunds ----------------------------------------------------------------------------------

    def _refund(
        self, amount: str, refund_id: str, *, lost: bool = False, later: bool = False, repeated: bool = False
    ) -> None:
        trade, before = self.trade, self.trade.books
        known = any(refund.partner_refund_id == refund_id for refund in before.refunds)
        legal = known or Decimal(amount) <= before.remaining
        sent = trade.sent("refund")
        if lost:
            trade.session.inject(faults.drop("REFUND"), "refund")
        answer = trade.refund(amount, refund_id=refund_id, is_sync="N" if later else "Y")
        found = outcome(answer)
        how = "repeats the refund of" if repeated else "refunds"
        more = ", the money to move later" if later else ", the answer is lost" if lost else ""
        self.lines.append(
            f"{self._time()} the shop {how} {amount} {trade.currency} ({refund_id}){more}: {found}"
        )
        reached = trade.sent("refund") > sent
        if lost and not reached:
            trade.session.clear_faults()
        if reached and not legal and self._must_refuse(before):
            raise self._broken("money.story-sent", what=f"{amount}")
        if not legal and found in {"success", "accepted"}:
            raise self._broken("money.story-over", what=f"{amount}")
        right = "accepted" if later else "success"
        if (
            legal
            and not lost
            and found != right
            and not known
            and not self._may_refuse(amount, before, found)
        ):
            trade.blocked_by_form(answer)
            raise self._broken("money.story-refused", what=f"{amount}", found=found)
        if reached and legal:
            self.last = (amount, refund_id, later)
        if lost and reached and legal and found != "success" and not known:
            self.unknown[refund_id] = Decimal(amount)
        if found == "success":
            self.unknown.pop(refund_id, None)

    def _must_refuse(self, before: Trade) -> bool:
        """Say whether sending what does not fit is the merchant's fault: not after a lost cancel."""
        return before.state != "cancelled" and self.trade.testbed.plan.policy.refund_sum == "merchant"

    def _may_refuse(self, amount: str, before: Trade, found: str) -> bool:
        """Say whether a legal refund may be declined: nobody knows what remains, or the period is over."""
        in_doubt = self.unknown or self.undecided
        too_much = Decimal(amount) > before.remaining - self.doubt
        return too_much or (found == "refused" and bool(in_doubt)) or self._period_is_over(before)

    def _period_is_over(self, trade: Trade) -> bool:
        days, paid_at = self.trade.testbed.plan.policy.refund_period, trade.paid_at
        if days is None or paid_at is None:
            return False
        return self.trade.session.now >= paid_at + timedelta(days=days)

    def _two_refunds(self, amount: str) -> None:
        """Two refunds of the same amount at the same moment: what fits may go out, in any order."""
        trade, before = self.trade, self.trade.books
        fitting = min(2, int(before.remaining / Decimal(amount)))
        ids = [trade.testbed.fresh("R"), trade.testbed.fresh("R")]
        calls = [("refund", trade.refund_args(amount, each)) for each in ids]
        seen = len(trade.session.of(OPERATIONS["refund"]))
        answers = trade.testbed.ask_many(calls, trade.session.now)
        found = [
            outcome(trade.testbed.sort_out("refund", args, answer))
            for (_, args), answer in zip(calls, answers, strict=True)
        ]
        told = " and ".join(f"{each}: {word}" for each, word in zip(ids, found, strict=True))
        self.lines.append(f"{self._time()} the shop refunds {amount} {trade.currency} twice at once ({told})")
        if any(map(_exceeds, trade.session.of(OPERATIONS["refund"])[seen:])) and self._must_refuse(before):
            raise self._broken("money.story-sent", what=f"{amount}")
        if found.count("success") > fitting:
            raise self._broken("money.story-over", what=f"{amount}")

    def _notify_refund(self) -> None:
        trade = self.trade
        waiting = next((each for each in trade.books.refunds if not each.done), None)
        if waiting is None:
            return
        trade.notify_refund(waiting.partner_refund_id)
        self.unknown.pop(waiting.partner_refund_id, None)
        self.lines.append(
            f"{self._time()} a notification: the refund of {waiting.amount} {trade.currency} "
            f"({waiting.partner_refund_id}) has moved"
        )

    # --- cancels ----------------------------------------------------------------------------------

    def _cancel(self, *, lost: bool) -> None:
        trade, before = self.trade, self.trade.books
        sent, now = trade.sent("cancel"), trade.session.now
        if lost:
            trade.session.inject(faults.drop("CANCEL", commit=False), "cancel")
        answer = trade.cancel()
        found = outcome(answer)
        lose = ", the request is lost" if lost else ""
        self.lines.append(f"{self._time()} the shop cancels{lose}: {found}")
        reached = trade.sent("cancel") > sent
        if lost and not reached:
            trade.session.clear_faults()
        was_undecided, self.undecided = self.undecided, self._is_undecided(found, reached=reached)
        if before.state == "cancelled" or before.refunds or before.paid_at is None:
            return
        in_band = beijing_day(now - _BAND) <= beijing_day(before.paid_at)
        if (
            reached
            and not in_band
            and not was_undecided
            and trade.testbed.plan.policy.cancel_window == "merchant"
        ):
            raise self._broken("money.story-late")
        same_day = beijing_day(now) == beijing_day(before.paid_at)
        if same_day and not lost and found != "success" and not self.unknown:
            trade.blocked_by_form(answer)
            raise self._broken("money.story-refused", what="CANCEL", found=found)

    def _is_undecided(self, found: str, *, reached: bool) -> bool:
        if found in {"success", "failed"}:
            return False
        return self.undecided or (reached and found in {"unknown", "raised"})

    # --- the books --------------------------------------------------------------------------------

    def _compare(self) -> None:
        books = self.trade.books
        refunded = self.trade.recorded().get("refunded")
        if refunded is None or books.state == "cancelled":
            return
        found = number(refunded)
        if found is None or not books.refunded - self.doubt <= found <= books.refunded:
            raise self._broken("money.refunded", found=refunded, expected=books.refunded)
        if found > books.total:
            raise self._broken("money.story-over", what=str(refunded))

    def _broken(self, key: str, **details: Any) -> Failed:
        return Failed(key, {"story": "\n".join(self.lines), **self.trade.evidence()}, **details)

    def _time(self) -> str:
        now = self.trade.session.now.astimezone(BEIJING)
        exact = now.second or now.microsecond
        return (
            now.strftime("%a %H:%M:%S.") + f"{now.microsecond // 1000:03d}"
            if exact
            else now.strftime("%a %H:%M")
        )


def _exceeds(record: Record) -> bool:
    return _EXCEEDS in record.answer.body
