"""What the money checks do with a trade, and what they look at.

A `PaidTrade` is one paid trade with the gateway's books and what the subject has recorded, side by side.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from alipay_qr.ledger import Trade
from alipay_qr_conformance.gateway import Fault, faults
from alipay_qr_conformance.model import constants
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unread, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Keyword
from alipay_qr_conformance.subjects import Raised, Refusal, Result
from alipay_qr_conformance.subjects.operations import UNREAD
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.notifications import (
    Reply,
    deliver,
    notification,
    paid,
    paid_trade,
    recorded,
)
from alipay_qr_conformance.testbed.offer import in_units
from alipay_qr_conformance.testbed.scenarios import OPERATIONS
from alipay_qr_conformance.testbed.testbed import NOTIFY_URL, Testbed

Answered = Result | Refusal | Raised

UNKNOWN: Final[Mapping[str, Callable[[], Fault]]] = {
    "dropped-after-commit": faults.drop,
    "dropped-before-commit": lambda: faults.drop(commit=False),
    "system-error": lambda: faults.gateway_error("SYSTEM_ERROR", commit=True),
    "unproved": faults.wrong_signature,
}
"""What leaves the outcome of a call unknown."""


def refusal(*, business: bool, service: str) -> Fault:
    """Return a refusal: a signed business failure, or an unsigned gateway error."""
    if business:
        flag = "N" if service == "CANCEL" else None
        return faults.business_error("SELLER_BALANCE_NOT_ENOUGH", service, retry_flag=flag)
    return faults.gateway_error("HAS_NO_PRIVILEGE", service)


@dataclass
class PaidTrade:
    """One trade that the customer paid and the subject acknowledged."""

    testbed: Testbed
    session: GatewaySession
    trade: str
    currency: str
    seed: int = 0
    """Which draws the amounts of a plain trade; 0 where a case has amounts of its own."""
    _asked: str = "refund"
    _before: tuple[int, int] = (0, 0)
    """The last operation, and how many requests (of it, of all) there were before it."""

    @classmethod
    def open(
        cls, bed: Testbed, session: GatewaySession, total: str | None = None, currency: str | None = None
    ) -> "PaidTrade":
        """Let a customer pay; without a total a plain trade: 10.00, or what the seed draws for them.

        Raises:
            Blocked: the subject did not acknowledge the genuine notification.
        """
        currency = currency or bed.plan.currency
        if total is None:
            return cls(bed, session, paid_trade(bed, session, bed.total, currency), currency, bed.plan.seed)
        return cls(bed, session, paid_trade(bed, session, in_units(total, currency), currency), currency)

    @classmethod
    def untold(cls, bed: Testbed, session: GatewaySession) -> "PaidTrade":
        """Let a customer pay; the subject is told nothing of it."""
        currency = bed.plan.currency
        return cls(bed, session, paid(bed, session, bed.total, currency), currency, bed.plan.seed)

    def amount(self, text: str) -> str:
        """Return a case's amount as it is of this trade, whose seed and currency write it."""
        return in_units(constants.worth(self.seed, text), self.currency)

    def refund(
        self, amount: str, *, refund_id: str | None = None, now: datetime | None = None, **more: Any
    ) -> Answered:
        """Ask the subject for a refund; synchronous unless ``is_sync`` says otherwise."""
        args = self.refund_args(amount, refund_id or self.testbed.fresh("R"))
        if more.get("is_sync", "Y") != "Y" and self.testbed.plan.policy.refund_notify_url == "never":
            args["notify_url"] = NOTIFY_URL  # who names none by itself is given one, or would never be told
        return self._ask("refund", now, args | more)

    def refund_args(self, amount: str, refund_id: str) -> dict[str, Any]:
        """Return the arguments of a synchronous refund of this trade, at this gateway."""
        return {
            "partner_trans_id": self.trade,
            "partner_refund_id": refund_id,
            "refund_amount": self.amount(amount),
            "currency": self.currency,
            "is_sync": "Y",
            "gateway_url": self.session.url,
        }

    def cancel(self, *, now: datetime | None = None, trade_no: str | None = None) -> Answered:
        """Ask the subject to cancel the trade, by Alipay's number as well where it is given."""
        args = {"gateway_url": self.session.url, "out_trade_no": self.trade, "trade_no": trade_no}
        return self._ask("cancel", now, args)

    def notify(self, **overrides: str | None) -> Reply:
        """Deliver a notification of the trade, with some fields changed before they are signed."""
        return deliver(self.testbed, *notification(self.testbed, self.session, self.trade, overrides))

    def finish(self) -> None:
        """Tell the subject that nothing more can happen to the trade."""
        self.notify(trade_status="TRADE_FINISHED", notify_id=self.testbed.fresh("n"))

    def notify_refund(self, refund_id: str, **overrides: str) -> None:
        """Deliver a notification that a refund has moved."""
        body, content_type = self.session.engine.notifications.make_refund(
            self.trade,
            refund_id,
            self.session.now,
            sign_type=self.testbed.setup.sign_type,
            charset=self.testbed.setup.charset,
            overrides=overrides,
        )
        deliver(self.testbed, body, content_type)

    @property
    def books(self) -> Trade:
        """The trade as Alipay has it."""
        return self.session.engine.trades.get(self.trade)

    def sent(self, op: str) -> int:
        """Return how many requests of an operation reached the gateway."""
        return len(self.session.of(OPERATIONS[op]))

    def recorded(self) -> Mapping[str, Any]:
        """Return what the subject has recorded; empty where it cannot say."""
        return recorded(self.testbed, self.trade) or {}

    def recorded_as(self, fits: Callable[[Mapping[str, Any]], bool]) -> Mapping[str, Any]:
        """Return what the subject has recorded, once it fits or may not change any more."""
        bed = self.testbed
        return (bed.booking.until(bed, self.trade, fits) or {}) if bed.subject.supports("trade") else {}

    def shows(self, state: str) -> bool:
        """Say whether a state is recorded, or is before the time is over that it has."""
        return self.recorded_as(lambda told: told.get("state") == state).get("state") == state

    def evidence(self, **more: object) -> dict[str, object]:
        """Return the gateway's books and what the subject has recorded."""
        books = self.books
        stands = f"{books.state}, paid {books.total} {books.currency}, "
        stands += f"refunded {books.refunded}, pending {books.pending}"
        return {"trade": self.trade, "at_the_gateway": stands, "recorded": self.recorded() or "-", **more}

    def expect_state(self, *states: str) -> None:
        """Raise `Failed` unless one of these states is recorded."""
        found = self.recorded_as(lambda told: told.get("state") in states).get("state")
        if found is not None and found not in states:
            raise Failed("money.state", self.evidence(), found=found, expected=" / ".join(states))

    def agrees(self) -> bool:
        """Say whether the subject has recorded what stands at the gateway: then no booking rule is broken.

        A shop may refund a paid trade where it is told to cancel it, or cancel it where the whole is to be
        refunded (Refund Flow 2, Cancel Flow 3). Sums of refunds are not compared after a cancel.
        """
        return self._fits_the_books(self.recorded_as(self._fits_the_books))

    def _fits_the_books(self, found: Mapping[str, Any]) -> bool:
        books = self.books
        if books.state == "cancelled":
            return found.get("state") == "cancelled"
        whole = "refunded" if books.refunded == books.total else "partly_refunded"
        stands = whole if books.refunded else "paid"
        sums = found.get("refunded")
        return found.get("state") == stands and (sums is None or number(sums) == books.refunded)

    def expect_booked(self, state: str, refunded: str | Decimal | None = None) -> None:
        """Raise `Failed` unless this is recorded of a step that was proved, or what stands at the gateway."""
        if self.agrees():
            return
        if refunded is not None:
            self.expect_refunded(refunded)
        self.expect_state(state)

    def expect_refunded(self, amount: str | Decimal) -> None:
        """Raise `Failed` unless it is recorded that this much went back."""
        self._expect_told("money.refunded", amount)

    def expect_pending(self, amount: str | Decimal) -> None:
        """Raise `Failed`, a SHOULD of the adapter protocol, unless this is told as pending, or nothing is."""
        self._expect_told("money.pending", amount, "SHOULD")

    def _expect_told(self, key: str, amount: str | Decimal, keyword: Keyword | None = None) -> None:
        wanted = amount if isinstance(amount, Decimal) else Decimal(self.amount(amount))
        name = key.partition(".")[2]
        found = self.recorded_as(lambda told: number(told.get(name)) == wanted).get(name)
        if found is not None and number(found) != wanted:
            raise Failed(key, self.evidence(), keyword_=keyword, found=found, expected=str(wanted))

    def expect_outcome(self, answer: Answered, *outcomes: str) -> None:
        """Raise `Failed` unless a legal call ended as it should.

        Raises:
            Blocked: it did not, but no money rule is to blame; see `blocked_by_form`.
        """
        found = outcome(answer)
        if found not in outcomes:
            self.blocked_by_form(answer)
            raise Failed(
                "money.outcome",
                self.evidence(answer=words(answer)),
                found=found,
                expected=" / ".join(outcomes),
            )

    def blocked_by_form(self, answer: Answered) -> None:
        """Raise `Blocked` where the last call failed because of its form, or of how its answer is read."""
        of_it, of_all = self._before
        records = self.session.of(OPERATIONS[self._asked])[of_it:]
        if not records:
            if len(self.session.records) > of_all:  # it asked for another service
                if self.agrees():
                    raise Unsupported(message("fault.unmet", op=self._asked), optional=True)
                raise Blocked("nothing.reached", op=self._asked)
            return
        last = records[-1]
        if last.code:
            raise Blocked("gateway.refused", op=self._asked, code=last.code)
        done = last.carried_out and not last.fault and b"<result_code>SUCCESS<" in last.answer.body
        if done and outcome(answer) in {"unknown", "failed", "raised"}:
            raise Blocked("see.requirement", requirement="response.genuine")

    def expect_asked_again(self) -> None:
        """Raise `Failed` unless the subject asked again within the call, and so may know of its success."""
        if not self.asked_again():
            raise Failed("money.guessed", self.evidence(), found="success")

    def asked_again(self) -> bool:
        """Say whether the last call sent more after its first request: the same again, or a query."""
        since = self.session.records[self._before[1] :]
        service = OPERATIONS[self._asked]
        first = next((place for place, each in enumerate(since) if each.service == service), len(since))
        return len(since) > first + 1

    def _ask(self, op: str, now: datetime | None, args: dict[str, Any]) -> Answered:
        """Make a call; what it came to may be recorded as late as news are, where those are waited for."""
        bed = self.testbed
        bed.booking.settle(bed, self.trade)
        self._asked, self._before = op, (self.sent(op), len(self.session.records))
        answer = bed.ask(op, now=now, **args)
        if isinstance(answer, Result) and answer.value.get("outcome") != "failed":
            bed.booking.asked(self.trade)
        return answer

    def given(self, answer: Answered, *outcomes: str) -> None:
        """Raise `Blocked` unless a step that the case only builds on went well."""
        if outcome(answer) not in outcomes:
            raise Blocked("money.step", what=words(answer))


def outcome(answer: Answered) -> str:
    """Return the outcome, or "refused", "raised".

    Raises:
        Unread: the subject reads no answers, so that no outcome is known.
    """
    match answer:
        case Result(value={"outcome": found}) if found in UNREAD:
            raise Unread(message("answer.not-read", outcome=found))
        case Result(value=value):
            return str(value.get("outcome"))
        case Refusal():
            return "refused"
        case Raised():
            return "raised"


def words(answer: Answered) -> str:
    """Return an answer in words."""
    match answer:
        case Result(value=value):
            return str(value)
        case Refusal(reason=reason):
            return f"refused: {reason}"
        case Raised():
            return f"raised: {answer.message}"


def number(text: object) -> Decimal | None:
    """Return a decimal, None where there is none."""
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None
