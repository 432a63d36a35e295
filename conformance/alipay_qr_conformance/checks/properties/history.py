"""The history of one trade, played step by step, compared with the gateway's books, told in words.

A broken rule is told by the requirement that it breaks. Where the sources leave a choice each way is right:
while a refund or a cancel has no end a subject may refuse others; a cancel without an end may be repeated at
any time.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from alipay_qr.beijing import beijing_day, end_of_day
from alipay_qr.ledger import Trade
from alipay_qr.money import exponent, format_amount
from alipay_qr_conformance.checks.properties.covering import Row
from alipay_qr_conformance.checks.properties.forged_news import (
    books_of,
    charset_of,
    is_unchanged,
    message_about,
    requirement_of,
)
from alipay_qr_conformance.checks.properties.forgery_space import PLAIN_FORGERIES, plain
from alipay_qr_conformance.checks.properties.history_steps import REFUNDS, Habits, Step
from alipay_qr_conformance.checks.properties.history_tale import Broken, Tale
from alipay_qr_conformance.checks.properties.trade_states import Target
from alipay_qr_conformance.checks.verify import softened
from alipay_qr_conformance.gateway import Fault, faults
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.testbed.notifications import (
    deliver,
    fields_of,
    recorded_in_the_end,
    send,
    shown,
)
from alipay_qr_conformance.testbed.offer import Declined
from alipay_qr_conformance.testbed.paid_trade import Answered, PaidTrade, outcome, refusal
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL

_BAND: Final = timedelta(minutes=15)
_NOTHING: Final = Decimal(0)
_EXCEEDS: Final = b">RETURN_AMOUNT_EXCEED<"
"""Stands in an answer that refuses because less remained."""
_RIGHT: Final = {"lost": ("unknown", "raised"), "refused": ("failed", "raised", "refused")}
"""By fault: the outcomes after which a history goes on."""


class History(Tale):
    """One trade's history, played step by step. Amounts of steps are in the smallest unit of its currency."""

    def __init__(self, trade: PaidTrade, broken: Broken, habits: Habits | None = None) -> None:
        super().__init__(trade, broken, habits)
        self._steps: Mapping[str, Callable[..., object]] = {
            "wait": self._wait,
            "midnight": self._to_midnight,
            "refund-too-much": self._refund_too_much,
            "refund-the-rest": self._refund_the_rest,
            "two-refunds": self._two_refunds,
            "other-currency": self._other_currency,
            "repeat": self._repeat,
            "cancel": self._cancel,
            "lost-cancel": self._lost_cancel,
            "refused-cancel": self._refused_cancel,
            "refund-notification": self._notify_refund,
            "foreign-refund-notification": self._notify_refund_of_the_portal,
            "payment-notification": self._notify_payment,
            "announce": self._announce,
            "configure": self._configure,
            "other-trade": self._other_trade,
            "forgery": self._forgery,
        }

    def play(self, step: Step) -> None:
        """Play one step, compare unless it did so itself, and tell of what is broken."""
        kind, *args = step
        if self.ended and kind != "forgery":
            return
        same: object = False
        try:
            if kind in REFUNDS:
                self._refund(self._amount(*args), self._id(), kind)
            else:
                same = self._steps[kind](*args)
        except Declined as declined:  # its policy says so: this step alone is left out
            self.trade.session.clear_faults()
            self.say(f"the shop declines: {declined.reason.en}")
        if not self.ended and not same:
            self._compare(kind)

    def _wait(self, minutes: int) -> None:
        self.trade.session.advance(timedelta(minutes=minutes))
        self.say(f"{minutes} minutes have passed")

    def _configure(self) -> None:
        if self.trade.testbed.subject.configure_again():
            self.say("the shop is configured again, with the same settings")

    def _to_midnight(self, milliseconds: int) -> None:
        paid_at, after = self.trade.books.paid_at, timedelta(milliseconds=milliseconds)
        if paid_at is not None and end_of_day(paid_at) + after > self.trade.session.now:
            self.trade.session.move(end_of_day(paid_at) + after)
            self.say(f"it is {after.total_seconds():+g} s from the end of the day")

    # --- refunds ----------------------------------------------------------------------------------

    def _repeat(self) -> None:
        if self.last:
            amount, refund_id, later = self.last
            self._refund(amount, refund_id, "later-refund" if later else "refund", repeated=True)

    def _refund_the_rest(self) -> None:
        if (rest := self.trade.books.remaining - self.doubt) > 0:
            self._refund(format_amount(rest, self.trade.currency), self._id())

    def _refund_too_much(self) -> None:
        """Ask for the smallest unit more than may be left, whatever became of the unknown refunds."""
        unit = Decimal(1).scaleb(-exponent(self.trade.currency))
        self._refund(format_amount(self.trade.books.remaining + unit, self.trade.currency), self._id())

    def _refund(self, amount: str, refund_id: str, kind: str = "refund", *, repeated: bool = False) -> None:
        trade, before, way = self.trade, self.trade.books, REFUNDS[kind]
        known = any(refund.partner_refund_id == refund_id for refund in before.refunds)
        legal = known or Decimal(amount) <= before.remaining
        sent = trade.sent("refund")
        if way.fault:
            fault = faults.drop("REFUND") if way.fault == "lost" else refusal(business=True, service="REFUND")
            trade.session.inject(fault, "refund")
        answer = trade.refund(
            amount, refund_id=refund_id, is_sync="N" if way.later else "Y", **self._more(way.later)
        )
        found = outcome(answer)
        how = "repeats the refund of" if repeated else "refunds"
        self.say(f"the shop {how} {amount} {trade.currency} ({refund_id}){way.told}: {found}")
        if way.later:
            self.later.add(refund_id)
        reached = trade.sent("refund") > sent
        if way.fault:
            trade.session.clear_faults()
        if reached and trade.session.of(OPERATIONS["refund"])[-1].params.get("refund_amount") != amount:
            self.ended = True  # how amounts are written is judged elsewhere
        elif not legal:
            self._judge_illegal(amount, found, before, reached=reached)
        elif way.fault:
            self._after_fault(way.fault, found, reached=reached)
        elif found != ("accepted" if way.later else "success"):
            self._judge_refused(amount, answer, before, known=known, later=way.later)
        if reached and legal and way.fault != "refused":
            self.last = (amount, refund_id, way.later)
        if way.fault == "lost" and reached and legal and found != "success" and not known:
            self.unknown[refund_id] = Decimal(amount)
        if found == "success":
            self.unknown.pop(refund_id, None)
        if repeated and way.later and not self._is_pending():
            self.compared = False  # a shop may doubt, until news come, what it asks for once more

    def _after_fault(self, fault: str, found: str, *, reached: bool) -> None:
        """End the history where a fault was not met as it should be: that is judged elsewhere."""
        self.ended = not reached or found not in _RIGHT[fault]
        self.refused |= fault == "refused"

    def _more(self, later: bool) -> dict[str, Any]:  # noqa: FBT001 (of a refund)
        more: dict[str, Any] = {"notify_url": NOTIFY_URL} if later else {}
        if self.habits.trade_no:
            more["alipay_trans_id"] = self.trade.books.trade_no
        return {**more, **self.habits.args}

    def _judge_illegal(self, amount: str, found: str, before: Trade, *, reached: bool) -> None:
        if reached and self._must_refuse(before):
            self._broken("money.refund.sum", "money.story-sent", what=amount)
        elif found in {"success", "accepted"}:
            self._broken("money.refund.sum", "money.story-over", what=amount)

    def _judge_refused(
        self, amount: str, answer: Answered, before: Trade, *, known: bool, later: bool
    ) -> None:
        """Judge a legal refund that did not end as it should."""
        found = outcome(answer)
        if later and found == "success" and (not known or self._is_pending()):
            self.ended = True
            self._broken("money.refund.asynchronous", "money.guessed", found=found)
            return
        if known or self._may_refuse(amount, before, found):
            return
        if later or not self._is_plain(before):
            self.ended = True
            return
        self.trade.blocked_by_form(answer)
        self._broken("money.refund.exact", "money.story-refused", what=amount, found=found)

    def _is_plain(self, before: Trade) -> bool:
        """Say whether nothing but the sum can stop a refund: what else may has cases of its own."""
        now = self.trade.session.now
        same_day = beijing_day(now) == beijing_day(before.paid_at or now)
        return same_day and self.compared and not self.refused and self.habits == Habits()

    def _is_pending(self) -> bool:
        last = self.last[1] if self.last else ""
        return any(not each.done and each.partner_refund_id == last for each in self.trade.books.refunds)

    def _must_refuse(self, before: Trade) -> bool:
        """Say whether sending what does not fit is the merchant's fault: not after a lost cancel."""
        return before.state != "cancelled" and self.trade.testbed.plan.policy.refund_sum == "merchant"

    def _may_refuse(self, amount: str, before: Trade, found: str) -> bool:
        """Say whether a legal refund may be declined: in doubt, while one is on its way, or too late."""
        in_doubt = self.unknown or self.undecided or before.pending
        too_much = Decimal(amount) > before.remaining - self.doubt
        return too_much or (found == "refused" and bool(in_doubt)) or self._period_is_over(before)

    def _period_is_over(self, trade: Trade) -> bool:
        days, paid_at = self.trade.testbed.plan.policy.refund_period, trade.paid_at
        if days is None or paid_at is None:
            return False
        return self.trade.session.now >= paid_at + timedelta(days=days)

    def _two_refunds(self, units: int) -> None:
        """Two refunds of the same amount at the same moment: what fits may go out, in any order."""
        trade, before, amount = self.trade, self.trade.books, self._amount(units)
        fitting = min(2, int(before.remaining / Decimal(amount)))
        ids = [self._id(), self._id()]
        calls = [("refund", trade.refund_args(amount, each) | self._more(later=False)) for each in ids]
        seen = len(trade.session.of(OPERATIONS["refund"]))
        answers = trade.testbed.ask_many(calls, trade.session.now)
        found = [
            outcome(trade.testbed.sort_out("refund", args, answer))
            for (_, args), answer in zip(calls, answers, strict=True)
        ]
        told = " and ".join(f"{each}: {word}" for each, word in zip(ids, found, strict=True))
        self.say(f"the shop refunds {amount} {trade.currency} twice at once ({told})")
        sent = trade.session.of(OPERATIONS["refund"])[seen:]
        exceeds = any(_EXCEEDS in each.answer.body for each in sent)
        if exceeds and self._must_refuse(before):
            self._broken("money.refund.sum", "money.story-sent", what=amount)
        elif found.count("success") > fitting:
            self._broken("money.refund.sum", "money.story-over", what=amount)

    def _other_currency(self, currency: str) -> None:
        """The smallest amount in another currency: nothing may leave."""
        trade, sent = self.trade, self.trade.sent("refund")
        if "currency" not in trade.testbed.told("refund", {"currency": currency}):
            return
        amount = format_amount(Decimal(1).scaleb(-exponent(currency)), currency)
        answer = trade.refund(amount, refund_id=self._id(), currency=currency, **self._more(later=False))
        self.say(f"the shop refunds {amount} {currency}: {outcome(answer)}")
        if trade.sent("refund") > sent or outcome(answer) in {"success", "accepted"}:
            what = f"{amount} {currency} of a payment in {trade.currency}"
            self._broken("money.refund.currency", "money.sent", op="refund", what=what)

    # --- news -------------------------------------------------------------------------------------

    def _notify_refund(self) -> None:
        trade = self.trade
        waiting = [each for each in trade.books.refunds if not each.done]
        if not waiting:
            return
        told = waiting[-1]  # the last one first: news need not come in order
        trade.notify_refund(told.partner_refund_id)
        self.unknown.pop(told.partner_refund_id, None)
        self.say(
            f"a notification: the refund of {told.amount} {trade.currency} "
            f"({told.partner_refund_id}) has moved"
        )

    def _notify_refund_of_the_portal(self) -> None:
        """News of a refund that Alipay's portal made: none of the shop's own has moved by it."""
        waiting = next((each for each in self.trade.books.refunds if not each.done), None)
        if waiting is None:
            return
        self.trade.notify_refund(waiting.partner_refund_id, out_biz_no=self.trade.testbed.fresh("P"))
        self.say(f"a notification: a refund of {waiting.amount} that the portal made has moved")
        self.unknown["portal"] = waiting.amount  # it may count against what remains
        self.compared = False  # what a shop records of it is its own matter

    def _notify_payment(self, form: str = "the same") -> None:
        trade, before = self.trade, self.trade.recorded_as(self._shows_the_cancel)
        is_new = form != "the same"
        overrides = self.first_news | ({"notify_id": trade.testbed.fresh("n")} if is_new else {})
        fields, header = fields_of(trade.testbed, trade.session, trade.trade, overrides)
        reply = send(trade.testbed, fields, header)
        self.say(f"the payment is notified again, {form}: {reply.body!r}")
        if not reply.acknowledged:
            if not is_new:  # repeats keep their id: no page says that the same news comes under another
                self._broken("notify.once.acknowledged", "notify.not-acknowledged")
            return
        after = recorded_in_the_end(trade.testbed, trade.trade)
        count = after.get("fulfilled")
        if count is not None and not self.announced_again and str(count) not in {"0", "1"}:
            self._broken("notify.once.fulfilled", "notify.twice", count=count)
        self._judge_news(before, after)

    def _shows_the_cancel(self, told: Mapping[str, Any]) -> bool:
        return self.undecided or self.trade.books.state != "cancelled" or told.get("state") == "cancelled"

    def _judge_news(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self.compare_payment(after)
        if self.announced_again or not self.compared:
            return
        for name in ("state", "refunded"):
            if before.get(name) != after.get(name):
                told = {"before": before.get(name), "after": after.get(name)}
                requirement = "money.cancel.unknown" if self.undecided else "notify.status.forward"
                self._broken(requirement, "notify.backwards", **told)
                self.compared = False
                return

    def _forgery(self, coordinates: Row | None = None) -> bool:
        """A forged notification, the plainest one where nothing else is said; True: all is as it was."""
        bed, trade = self.trade.testbed, self.trade
        waiting = [each.partner_refund_id for each in trade.books.refunds if not each.done]
        here = {"state": "any", "forgery": PLAIN_FORGERIES[0]}
        here |= {"currency": trade.currency, "amount": f"{trade.books.total}"}
        row = plain(bed.plan) | here | (coordinates or {})
        made = message_about(bed, Target(trade.session, trade.trade, [*waiting, "R-forged"][0]), row)
        if made is None:
            return True
        (fields, body, header), before = made, books_of(bed, trade.trade)
        reply = deliver(bed, body, header)
        after, news = books_of(bed, trade.trade), row.get("news", "payment")
        if is_unchanged(before, after) and (news != "payment" or not reply.acknowledged):
            return True
        self.say(f"a forged notification of a {news} comes ({row['forgery']}): {reply.body!r}")
        evidence = {"story": "\n".join(self.lines), **shown(fields, reply, after), "recorded_before": before}
        broken = Failed("forgery.believed", evidence, what=row["forgery"], where=f"news: {news}")
        self._tell(
            requirement_of(bed, row), softened(bed, fields, row["forgery"], broken, charset_of(bed, row))
        )
        return False

    def _announce(self) -> None:
        trade = self.trade
        if not trade.testbed.subject.supports("expect"):
            return
        total = format_amount(trade.books.total, trade.currency)
        trade.testbed.ask("expect", out_trade_no=trade.trade, total_fee=total, currency=trade.currency)
        self.announced_again = True
        self.say("the order is announced once more")

    def _other_trade(self) -> None:
        """Another trade lives its life, up to a refund or a cancel: what is known of this one stays."""
        bed, done, before = self.trade.testbed, [], self.trade.recorded()
        other = PaidTrade.open(bed, self.trade.session)
        if bed.subject.supports("refund"):
            done.append(f"refunded: {outcome(other.refund('4.00'))}")
        other = PaidTrade.open(bed, self.trade.session)
        if bed.subject.supports("cancel"):
            done.append(f"cancelled: {outcome(other.cancel())}")
        self.say(f"other trades are paid and {', '.join(done)}")
        after = self.trade.recorded().get("state")
        if self.undecided and before.get("state") == "undecided" != after:
            self._broken("money.cancel.unknown", "money.state", found=after, expected="undecided")

    # --- cancels ----------------------------------------------------------------------------------

    def _lost_cancel(self) -> None:
        self._cancel("lost", faults.drop("CANCEL", commit=False), ", the request is lost")

    def _refused_cancel(self) -> None:
        self._cancel("refused", refusal(business=True, service="CANCEL"), ", and the gateway refuses")

    def _cancel(self, kind: str = "", fault: Fault | None = None, how: str = "") -> None:
        trade, before = self.trade, self.trade.books
        sent, now = trade.sent("cancel"), trade.session.now
        if fault is not None:
            trade.session.inject(fault, "cancel")
        answer = trade.cancel(trade_no=before.trade_no if self.habits.trade_no else None)
        found = outcome(answer)
        self.say(f"the shop cancels{how}: {found}")
        reached = trade.sent("cancel") > sent
        if fault is not None:
            trade.session.clear_faults()
            self._after_fault(kind, found, reached=reached)
        was_undecided, self.undecided = self.undecided, self._is_undecided(found, reached=reached)
        if before.state == "cancelled" or before.refunds or before.paid_at is None:
            return
        self._judge_late(before, reached=reached and not was_undecided)
        same_day = beijing_day(now) == beijing_day(before.paid_at)
        if same_day and fault is None and found != "success" and not self.unknown:
            trade.blocked_by_form(answer)
            rule = "money.cancel.unknown" if was_undecided else "money.cancel.same-day"
            self._broken(rule, "money.story-refused", what="CANCEL", found=found)

    def _judge_late(self, before: Trade, *, reached: bool) -> None:
        now, policy = self.trade.session.now, self.trade.testbed.plan.policy
        if not reached or before.paid_at is None:
            return
        if beijing_day(now - _BAND) > beijing_day(before.paid_at):
            if policy.cancel_window == "merchant":
                self._broken("money.cancel.window", "money.story-late")
        elif beijing_day(now) > beijing_day(before.paid_at) and policy.cancel_band != "open":
            self._broken("money.cancel.window-band", "money.story-late")

    def _is_undecided(self, found: str, *, reached: bool) -> bool:
        """Say whether a cancel may still take effect: that its repeat was refused undoes nothing."""
        if found == "success":
            return False
        return self.undecided or (reached and found in {"unknown", "raised"})
