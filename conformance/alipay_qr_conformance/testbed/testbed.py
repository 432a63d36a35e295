"""The testbed: what a case may use.

A `Testbed` belongs to one run. It holds the subject, configured as the case's setup says, the keys, and a
simulated gateway on loopback. A case asks the subject (`ask`), opens a gateway of its own (`gateway`, so
that cases cannot see each other's trades), and draws fresh ids (`fresh`).

Time: a subject that takes ``now``, or whose process takes the time from a file of the kit's, lives on
virtual time, which the case moves and the gateway follows; another one lives on real time, and cases that
need a clock are unsupported for it.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, TypeVar

from alipay_qr.wire import Request
from alipay_qr_conformance.gateway import Answer, Server
from alipay_qr_conformance.model import constants
from alipay_qr_conformance.model.outcomes import Failed, Unsupported
from alipay_qr_conformance.model.plan import Plan, Question, Setup
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.subjects import (
    Hang,
    Hello,
    Raised,
    Refusal,
    Result,
    Subject,
)
from alipay_qr_conformance.subjects.operations import HANDED
from alipay_qr_conformance.testbed.answering import Answering, OverAdapter
from alipay_qr_conformance.testbed.booking import Booking
from alipay_qr_conformance.testbed.browser import open_page
from alipay_qr_conformance.testbed.create_form import CreateForm
from alipay_qr_conformance.testbed.evidence import Evidence
from alipay_qr_conformance.testbed.gateway_client import GatewayClient, GatewayTarget
from alipay_qr_conformance.testbed.gateway_session import GatewaySession
from alipay_qr_conformance.testbed.hangs import Hangs
from alipay_qr_conformance.testbed.memo import Drawn, Memo
from alipay_qr_conformance.testbed.offer import expect_no_right_to_decline, expect_offered, in_units

if TYPE_CHECKING:
    from alipay_qr_conformance.gateway.http.tls import Tls
    from alipay_qr_conformance.model.test_account import TestKeys
    from alipay_qr_conformance.subjects import Answer as SubjectAnswer

T = TypeVar("T")

DEFAULT_START: Final = constants.START
"""Where virtual time starts: an ordinary Monday morning in Beijing."""

NOTIFY_URL: Final = "https://merchant.example/alipay/notify"


class Prefetched(NamedTuple):
    """An answer that came before the case that asks for it."""

    question: Question
    answer: "SubjectAnswer"


@dataclass
class Testbed:
    """Everything a case may use; one per run."""

    __test__: ClassVar = False  # pytest would take it for a test class

    subject: Subject
    hello: Hello
    keys: "TestKeys"
    plan: Plan
    setup: Setup = field(default_factory=Setup)
    former: "TestKeys | None" = None
    """The account before the present one, in a setup with another account."""
    configured: "SubjectAnswer | None" = None
    """What the subject answered to the last ``configure``."""
    answering: Answering = field(default_factory=OverAdapter)
    target: GatewayTarget | None = None
    """The gateway under test, where that is the role."""
    on_exchange: Callable[[Request, Answer], None] | None = None
    """Told of every exchange with a gateway: a replay shows every byte."""
    _client: GatewayClient | None = None
    _server: Server | None = None
    _tls: "Tls | None" = None
    _address: str | None = None
    memo: Memo = field(default_factory=Memo)
    session: GatewaySession | None = None
    """The gateway that is open now."""
    drawn: Drawn = field(default_factory=Drawn)
    owner: str = ""
    """For whom numbers are drawn: the present case, or what several share while it is made."""
    number: str = "0"
    """The last number that was drawn."""
    acting: "Testbed | None" = None
    """Whose case acts now, where several run beside one another."""
    is_beside: bool = False
    create_form: CreateForm = field(default_factory=CreateForm)
    prefetched: "Prefetched | None" = None
    """What the subject answered already to a question of this case: it is not asked that again."""
    booking: Booking = field(default_factory=Booking)
    evidence: Evidence = field(default_factory=Evidence)
    hangs: Hangs = field(default_factory=Hangs)

    # --- the subject -------------------------------------------------------------------------------

    def ask(self, op: str, *, now: datetime | None = None, **args: Any) -> Result | Refusal | Raised:
        """Let the subject do one operation; arguments that are None are left out.

        Raises:
            Unsupported: the subject says it does not do this.
            NoUsableAnswer: it hung, died, stayed silent or answered nonsense.
            Blocked: it hung at this operation so often that it is not asked any more.
        """
        given = self.addressed({name: each for name, each in args.items() if each is not None})
        expect_offered(self, op, given)
        before = len(self.session.records) if self.session else 0
        answer = self.answering.ask(self, op, now, given)
        unsent = self.session is not None and len(self.session.records) == before
        if op == "create_qr_code" and isinstance(answer, Result) and unsent:
            self.reset()  # it may have a code of this store in its books, and answer from them
            return self.answering.ask(self, op, now, given)
        return answer

    def call(self, op: str, now: datetime | None, given: dict[str, Any]) -> Result | Refusal | Raised:
        """Make one call over the subject's transport; see `ask`."""
        self.hangs.have_patience(op)
        prefetched = self.prefetched
        if prefetched is not None and prefetched.question == (op, given) and now is None:
            answer, self.prefetched = prefetched.answer, None
        else:
            tell = self._tell(now)
            answer = self.create_form.ask(op, self.session, lambda: self.subject.call(op, given, tell))
        self.hangs.note(op, answer)
        self.evidence.note_answer(self, op, answer)
        return self.sort_out(op, given, answer)

    def prefetch(self, questions: Sequence[Question]) -> list[Prefetched | None]:
        """Ask what several cases are going to ask, in one go; None where a case has to ask itself."""
        answers = self.subject.prefetch([(*each, self._tell(None)) for each in questions])
        return [
            None if answer is None else Prefetched(question, answer)
            for question, answer in zip(questions, answers, strict=True)
        ]

    def ask_many(
        self, calls: "list[tuple[str, dict[str, Any]]]", now: datetime | None = None
    ) -> "list[SubjectAnswer]":
        """Let the subject do many operations, in flight together where it can.

        Raises:
            Blocked: see `ask`.
        """
        return self.answering.ask_many(self, calls, now)

    def call_many(
        self, calls: "list[tuple[str, dict[str, Any]]]", now: datetime | None
    ) -> "list[SubjectAnswer]":
        """Make many calls over the subject's transport; see `ask_many`."""
        for op in {op for op, _ in calls}:
            self.hangs.have_patience(op)
        answers = self.subject.call_many([(op, args, self._tell(now)) for op, args in calls])
        for (op, _), answer in zip(calls, answers, strict=True):
            self.hangs.note(op, answer)
            self.evidence.note_answer(self, op, answer)
        return answers

    def sort_out(self, op: str, args: dict[str, Any], answer: "SubjectAnswer") -> Result | Refusal | Raised:
        """Return an answer that a case can judge, or raise what ends the case."""
        self.evidence.expect_no_choice(op, self.setup, args, answer)
        if isinstance(answer, Hang):
            last = self.session.records[-1] if self.session and self.session.records else None
            self.hangs.expect_first(op, (last.service, last.fault) if last else ("", ""), self.evidence.case)
        found = self.answering.usable(op, args, answer)
        if isinstance(found, Result) and found.value.get("outcome") == HANDED:
            open_page(self, found.value)
        if isinstance(found, Refusal):
            expect_no_right_to_decline(self, op, args)
        return found

    def told(self, op: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return those of an operation's arguments that the subject is really told."""
        return self.answering.told(op, self.addressed(args))

    def addressed(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Return an operation's arguments with the shop's address of this seed, where it can be told one."""
        seed = self.plan.seed if isinstance(self.answering, OverAdapter) else 0
        return constants.addressed(seed, args)

    def _tell(self, now: datetime | None) -> datetime | None:
        return (now or (self.session.now if self.session else self.start)) if self.hello.clock else None

    @property
    def start(self) -> datetime:
        """When a case begins that is about no moment."""
        return constants.start(self.plan.seed)

    @property
    def price(self) -> str:
        """What is paid in a case that is about no amount."""
        return in_units(constants.price(self.plan.seed), self.plan.currency)

    @property
    def total(self) -> str:
        """What is paid for a trade of which the cases about money refund parts."""
        return in_units(constants.worth(self.plan.seed, "10.00"), self.plan.currency)

    # --- the gateway -------------------------------------------------------------------------------

    @contextmanager
    def gateway(self, *, strict: bool = False, start: datetime | None = None) -> Iterator[GatewaySession]:
        """Open a simulated gateway that only this case uses.

        By default it forgives signatures, so that one fault does not hide the others; a strict one
        refuses what Alipay would refuse.
        """
        self.number = self.drawn.next(self.owner)
        engine = self.answering.engine(self, strict=strict)
        prefix = f"/s{self.number}"
        now = (start or self.start) if self.hello.clock else None
        session = GatewaySession(engine, self.server.base_url + prefix + "/gateway.do", now)
        session.on_exchange = self.on_exchange
        session.when_late = self.subject.clock.run if self.hello.faketime and self.subject.clock else None
        outer, self.session = self.session, session
        self.server.mount(prefix, session.handle)
        try:
            yield session
        except Failed:
            if session.unmet:  # judged would be an answer that the fault did not touch
                raise Unsupported(message("fault.unmet", op=session.unmet), optional=True) from None
            raise
        finally:
            self.server.unmount(prefix)
            self.session = outer

    @property
    def server(self) -> Server:
        """The loopback server of the run, started when first needed."""
        if self._server is None:
            self._server = self.answering.serve(self, self._answer)
        return self._server

    def _answer(self, request: Request) -> Answer:
        return self.answering.answer(self.acting or self, request)

    @property
    def only_https(self) -> bool:
        """Whether the subject speaks to gateways over https alone."""
        return "https_only" in self.hello.features

    @property
    def tls(self) -> "Tls":
        """The run's authority and certificates, made when first needed."""
        if self._tls is None:
            from alipay_qr_conformance.gateway.http.tls import make_tls

            self._tls = make_tls(other=["gateway.example"], false_ones=True, valid=self._lifetime)
        return self._tls

    @property
    def _lifetime(self) -> tuple[datetime, datetime] | None:
        """Certificates must hold at every moment to which the process's own clock may be moved."""
        held = datetime(2000, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
        return held if self.subject.clock is not None else None

    @property
    def address(self) -> str | None:
        """The gateway's scheme, host and port, None while it was not needed."""
        return self._server.base_url if self._server else self._address

    @property
    def gateway_url(self) -> str:
        """The address that the subject is configured with; calls name a session's own."""
        return self.server.base_url + "/gateway.do"

    @property
    def client(self) -> GatewayClient:
        """What speaks to the gateway under test, made when first needed.

        Raises:
            RuntimeError: no gateway is under test: a fault of the kit.
        """
        if self.target is None:
            raise RuntimeError("a check of a gateway met a testbed without one")
        if self._client is None:
            self._client = GatewayClient(self.target)
        return self._client

    def close(self) -> None:
        """Stop the gateway and the subject."""
        if self._client is not None:
            self._client.close()
            self._client = None
        self.answering.leave(self._server)
        if self._server is not None:
            self._address = self._server.base_url
            self._server.stop()
            self._server = None
        self.subject.close()

    def beside(self) -> "Testbed":
        """Return a testbed for a case that runs beside others of this run, in the same setup."""
        _ = self.server  # one for all of them
        own = self.evidence.beside()
        return replace(self, session=None, prefetched=None, evidence=own, is_beside=True)

    def reset(self) -> None:
        """Let the subject forget its trades.

        Raises:
            RuntimeError: other cases have trades; run beside them, the case is run once more alone.
        """
        if self.is_beside:
            raise RuntimeError("a case that runs beside others must not reset the subject")
        self.subject.reset()

    def examples(self, default: int) -> int:
        """Return how many examples a property draws: few where each of their steps has to be waited for."""
        found = self.plan.examples(default)
        return max(3, found // 4) if self.booking.delay else found

    def fresh(self, prefix: str = "T") -> str:
        """Return an id that was never used in this run, the same in every run with this seed."""
        self.number = self.drawn.next(self.owner)
        return self.answering.named(self, f"{prefix}{self.plan.seed:03d}{self.number}")

    def rng(self, name: str) -> random.Random:
        """Return a generator of the run's seed and a name."""
        return random.Random(f"{self.plan.seed}/{name}")  # noqa: S311 (reproducible on purpose)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what ``make`` returns, made once per setup; see `Memo.once`."""

        def numbered() -> T:
            with self.drawing_for(f"{self.memo.since} {self.setup.rank} {name}"):
                return make()

        return self.memo.once((self.setup, name), numbered)

    @contextmanager
    def drawing_for(self, owner: str) -> Iterator[None]:
        """Draw numbers for what several cases share, whichever of them comes first."""
        outer, self.owner = self.owner, owner
        try:
            yield
        finally:
            self.owner = outer
