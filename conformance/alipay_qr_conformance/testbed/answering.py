"""How operations reach a subject, and where its requests come: over an adapter, or in another way."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from alipay_qr.wire import Request
from alipay_qr_conformance.gateway import Answer, Engine, Server
from alipay_qr_conformance.subjects import Raised, Refusal, Result
from alipay_qr_conformance.testbed.usable import sort_out

if TYPE_CHECKING:
    from alipay_qr_conformance.subjects import Answer as SubjectAnswer
    from alipay_qr_conformance.testbed.testbed import Testbed

NO_SESSION: Final = Answer(body=b"no session", status=404)


class Answering(Protocol):
    """How operations reach the subject, and where its requests come: a value, handed to the testbed."""

    @property
    def unowned(self) -> frozenset[str]:
        """Operations whose requests do not show which case they are of: they run alone."""

    def ask(
        self, bed: "Testbed", op: str, now: datetime | None, args: dict[str, Any]
    ) -> Result | Refusal | Raised:
        """Let the subject do one operation; see `Testbed.ask`."""

    def ask_many(
        self, bed: "Testbed", calls: "list[tuple[str, dict[str, Any]]]", now: datetime | None
    ) -> "list[SubjectAnswer]":
        """Let the subject do many operations; see `Testbed.ask_many`."""

    def told(self, op: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return those of an operation's arguments that the subject is really told."""

    def usable(self, op: str, args: dict[str, Any], answer: "SubjectAnswer") -> Result | Refusal | Raised:
        """Return an answer that a case can judge, or raise what ends the case."""

    def engine(self, bed: "Testbed", *, strict: bool) -> Engine:
        """Return the simulated Alipay of one case."""

    def serve(self, bed: "Testbed", otherwise: Callable[[Request], Answer]) -> Server:
        """Start the loopback server of a run; ``otherwise`` answers what comes to no session's path."""

    def answer(self, bed: "Testbed", request: Request) -> Answer:
        """Answer a request that came to no session's path."""

    def named(self, bed: "Testbed", name: str) -> str:
        """Return an id that was drawn for a case as it is told, and take note whose it is."""

    def leave(self, server: Server | None) -> None:
        """Take a last look, before the server stops."""


class OverAdapter:
    """Ask over the adapter protocol: all arguments are told, and each call names its session's address."""

    unowned: ClassVar[frozenset[str]] = frozenset()

    def ask(
        self, bed: "Testbed", op: str, now: datetime | None, args: dict[str, Any]
    ) -> Result | Refusal | Raised:
        """Make one call."""
        return bed.call(op, now, args)

    def ask_many(
        self, bed: "Testbed", calls: "list[tuple[str, dict[str, Any]]]", now: datetime | None
    ) -> "list[SubjectAnswer]":
        """Make many calls, in flight together where the subject can."""
        return bed.call_many(calls, now)

    def told(self, op: str, args: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002 (all of them)
        """Return all arguments."""
        return args

    def usable(self, op: str, args: dict[str, Any], answer: "SubjectAnswer") -> Result | Refusal | Raised:
        """Return an answer that a case can judge, or raise what ends the case."""
        return sort_out(op, args, answer)

    def engine(self, bed: "Testbed", *, strict: bool) -> Engine:
        """Return an engine for the sign type of the case."""
        keys, sign_type = bed.keys, bed.setup.sign_type
        return Engine(
            partner=keys.partner,
            md5_key=keys.md5_key if sign_type == "MD5" else None,
            merchant_public_key=None if sign_type == "MD5" else keys.merchant_public(sign_type),
            alipay_private_key=None if sign_type == "MD5" else keys.alipay_private(sign_type),
            seed=bed.plan.seed + int(bed.number),
            profile=bed.plan.profile,
            strict=strict,
            dialect=bed.create_form.dialect,
        )

    def serve(self, bed: "Testbed", otherwise: Callable[[Request], Answer]) -> Server:
        """Start a server on a free port, over https where the subject speaks that alone."""
        server = Server(ssl_context=bed.tls.context if bed.only_https else None)
        server.start()
        server.mount("/gateway.do", otherwise)
        return server

    def answer(self, bed: "Testbed", request: Request) -> Answer:
        """Let the open session answer: some subjects ignore the ``gateway_url`` of a call."""
        return bed.session.handle(request) if bed.session else NO_SESSION

    def named(self, bed: "Testbed", name: str) -> str:  # noqa: ARG002 (the session's address says it)
        """Return the id as it is: `reset` makes a subject forget what had it before."""
        return name

    def leave(self, server: Server | None) -> None:
        """Do nothing."""
