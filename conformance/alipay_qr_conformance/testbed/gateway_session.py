"""A gateway of one case: an engine of its own, and the time that both sides live in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from alipay_qr.wire import Request
from alipay_qr_conformance.gateway import Answer, Engine, Fault, Record
from alipay_qr_conformance.model.outcomes import Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.testbed.scenarios import OPERATIONS


@dataclass
class _Injected:
    """A fault that waits for an operation's service, and how many requests met it."""

    op: str
    met: int = 0


class GatewaySession:
    """A gateway of one case: an engine of its own behind a path of its own."""

    def __init__(self, engine: Engine, url: str, now: datetime | None) -> None:
        self.engine = engine
        self.url = url
        self.on_exchange: Callable[[Request, Answer], None] | None = None
        self.when_late: Callable[[], None] | None = None
        """Called before an answer that is late on purpose: a clock that stands must run by then."""
        self._virtual = now
        self._injected: list[_Injected] = []

    @property
    def now(self) -> datetime:
        """The instant that gateway and subject agree on."""
        return self._virtual or datetime.now(UTC)

    @property
    def records(self) -> list[Record]:
        """Every request that reached this gateway, oldest first."""
        return self.engine.records

    def move(self, to: datetime) -> None:
        """Set virtual time; it never steps back within a session."""
        if self._virtual is None:
            raise Unsupported(message("needs.clock"))
        self._virtual = max(self._virtual, to)

    def advance(self, by: timedelta) -> None:
        """Move virtual time forward."""
        self.move(self.now + by)

    def inject(self, fault: Fault, op: str) -> None:
        """Let the next request of one operation meet a fault.

        Requests of other services are answered genuinely: a subject may query a trade, or ask
        ``notify_verify``, before and between its requests.

        Args:
            fault: what is met.
            op: the operation under test, or the name or alias of a service.
        """
        injected = _Injected(op)

        def answer(genuine: Answer) -> Answer:
            injected.met += 1
            return fault.answer(genuine)

        self._injected.append(injected)
        self.engine.inject(replace(fault, service=fault.service or OPERATIONS.get(op, op), answer=answer))

    def clear_faults(self) -> None:
        """Forget the faults that no request has met yet."""
        self.engine.clear_faults()
        self._injected.clear()

    @property
    def unmet(self) -> str | None:
        """The operation of a fault that no request has met, None where all were met."""
        return next((each.op for each in self._injected if not each.met), None)

    @property
    def met_a_fault(self) -> bool:
        """Whether an injected fault was met, so that an answer was not the genuine one."""
        return any(each.met for each in self._injected)

    def handle(self, request: Request) -> Answer:
        """Answer a request, as the server calls it."""
        answer = self.engine.handle(request, self.now)
        if self.on_exchange is not None:
            self.on_exchange(request, answer)
        if self.when_late is not None and (answer.delay or answer.slow or answer.drop):
            self.when_late()
        return answer

    def of(self, service: str) -> list[Record]:
        """Return the records of one service."""
        return [record for record in self.records if record.service == service]
