"""A gateway of one case: an engine of its own, and the time that both sides live in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from alipay_qr.wire import Request
from alipay_qr_conformance.gateway import Answer, Engine, Fault, Record
from alipay_qr_conformance.model.outcomes import Unsupported
from alipay_qr_conformance.model.texts import message


class GatewaySession:
    """A gateway of one case: an engine of its own behind a path of its own."""

    def __init__(self, engine: Engine, url: str, now: datetime | None) -> None:
        self.engine = engine
        self.url = url
        self.witness: Callable[[Request, Answer], None] | None = None
        self.when_late: Callable[[], None] | None = None
        """Called before an answer that is late on purpose: a clock that stands must run by then."""
        self._virtual = now

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

    def inject(self, fault: Fault) -> None:
        """Let the next matching request meet a fault."""
        self.engine.inject(fault)

    def handle(self, request: Request) -> Answer:
        """Answer a request, as the server calls it."""
        answer = self.engine.handle(request, self.now)
        if self.witness is not None:
            self.witness(request, answer)
        if self.when_late is not None and (answer.delay or answer.slow or answer.drop):
            self.when_late()
        return answer

    def of(self, service: str) -> list[Record]:
        """Return the records of one service."""
        return [record for record in self.records if record.service == service]
