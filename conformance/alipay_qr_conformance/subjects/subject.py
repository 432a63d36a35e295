"""A subject: a transport, and the order of things that the adapter protocol asks for.

`hello`, `configure`, `reset`, then work; the same again, with the same settings, whenever the transport says
that the adapter lost its state. A fault costs the call that met it; three starts in a row that lead nowhere
end the run with an `AdapterFault`.

In a window of several calls a fault hits all that were in flight. Those that depend on their arguments alone
(`presign`, `sign`, `verify`) are asked again one by one, so that only the guilty one pays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from alipay_qr_conformance.subjects.answers import (
    BROKEN,
    Answer,
    Crash,
    Garbled,
    Hang,
    NotSupported,
    Result,
    Silence,
    in_words,
)
from alipay_qr_conformance.subjects.exceptions import AdapterFault
from alipay_qr_conformance.subjects.hello import PROTOCOL, Hello, OperationLimits, parse_hello
from alipay_qr_conformance.subjects.operations import BARRIERS, OPERATIONS, check_result
from alipay_qr_conformance.subjects.transport import WINDOW, AnyCall, Transport, moment

if TYPE_CHECKING:
    from alipay_qr_conformance.subjects.faketime import Faketime

KIT: Final = "alipay-qr-conformance"
STARTS: Final = 3
"""How often in a row a restart may fail before the run ends."""

HANGS: Final = 3
"""How often in a row calls of one batch may hang before the rest of it is given up."""

_UNLIMITED: Final = OperationLimits()


class Subject:
    """The implementation under test. Use it as a context manager, or call `close`.

    ``clock`` is what its process takes the time from, where the transport was given the same one: it is moved
    before each call that has a ``now``, which is still only sent to subjects that say ``clock: true``.
    """

    def __init__(self, transport: Transport, *, kit: str = KIT, clock: "Faketime | None" = None) -> None:
        self.transport = transport
        self.clock = clock
        self.restarts = 0
        """How often the adapter was started again."""
        self._kit = kit
        self._hello: Hello | None = None
        self._settings: Mapping[str, object] | None = None
        self._failed_starts = 0
        self._starts_anew = False
        self._unlisted: dict[str, bool] = {}
        """Of what every adapter may answer without listing it: whether it does."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def warnings(self) -> list[str]:
        """What the adapter does wrong without costing a case, each told once."""
        answered = ", ".join(op for op, answers in self._unlisted.items() if answers)
        note = f"it answers {answered} without listing it among its operations: the kit found out by asking"
        return [*self.transport.warnings, *([note] if answered else [])]

    @property
    def limits(self) -> Mapping[str, OperationLimits]:
        """What single operations are limited to, as hello says."""
        return self.hello().limits

    def hello(self) -> Hello:
        """Return what the subject says about itself; it is asked once.

        Raises:
            AdapterFault: it does not start, does not answer, or its hello is none.
        """
        if self._hello is None:
            answer = self._greet()
            if not isinstance(answer, Result):
                raise self._no_hello(answer)
            self._hello = parse_hello(answer.value)
        return self._hello

    def forget_hello(self) -> None:
        """Ask for ``hello`` anew: what is known of a subject without adapter is found out by looking."""
        self._hello = None

    def follows_clock(self) -> None:
        """Note that the process was seen to follow `clock`: from now on the subject has a clock."""
        self._hello = replace(self.hello(), clock=True, faketime=True)

    def drop_clock(self) -> None:
        """Go on with the real time: the process is started once more, without `clock`."""
        if self.clock is not None:
            self.clock.close()
            self.clock = None
            self.transport.restart()
            self._starts_anew = True

    def configure(self, settings: Mapping[str, object]) -> Answer:
        """Replace all settings; they are sent again after every restart."""
        self._settings = settings
        return self._call_barrier("configure", settings)

    def configure_again(self) -> bool:
        """Send the settings once more, which keeps trades; return whether that was taken."""
        if not self._settings or not self.supports("configure"):
            return False
        return isinstance(self.configure(self._settings), Result)

    def reset(self) -> Answer:
        """Let the subject forget its trades, and keep its settings."""
        return self._call_barrier("reset", {})

    def _call_barrier(self, op: str, args: Mapping[str, object]) -> Answer:
        """Call ``configure`` or ``reset``, which need not be listed: whether it is there shows when asked."""
        answer = self.call(op, args)
        if op not in self.hello().operations and op not in self._unlisted:
            self._unlisted[op] = isinstance(answer, Result)
            return answer if self._unlisted[op] else NotSupported(f"hello does not list {op}")
        return answer

    def supports(
        self,
        op: str,
        *,
        sign_type: str | None = None,
        charset: str | None = None,
        source: str | None = None,
    ) -> bool:
        """Say whether the subject lists an operation, and with these limits.

        It need not list its barriers: until they were asked, they are taken to be there.
        """
        hello = self.hello()
        if op not in hello.operations and not (op in BARRIERS and self._unlisted.get(op, True)):
            return False
        limits = hello.limits.get(op, _UNLIMITED)
        sign_types = hello.sign_types if limits.sign_types is None else limits.sign_types
        charsets = hello.charsets if limits.charsets is None else limits.charsets
        return (
            (sign_type is None or sign_type in sign_types)
            and (charset is None or charset in charsets)
            and (source is None or limits.sources is None or source in limits.sources)
        )

    def _has(self, op: str) -> bool:
        """Say whether a barrier is listed, or was answered without that."""
        return op in self.hello().operations or self._unlisted.get(op, False)

    def call(
        self, op: str, args: Mapping[str, object] | None = None, now: datetime | str | None = None
    ) -> Answer:
        """Make one call. An operation that hello does not list is `NotSupported` without being asked.

        Args:
            op: the operation.
            args: its arguments; all leaves are strings, booleans or None.
            now: an aware datetime; it is sent to subjects with a clock alone.

        Raises:
            AdapterFault: the adapter cannot be used any more.
            ValueError: ``args`` or ``now`` is nothing that the protocol carries.
        """
        if not self.supports(op):
            return NotSupported(f"hello does not list {op}")
        trouble = self._recovered()
        if trouble is not None:
            return trouble
        answer = self.transport.call(op, args or {}, self._tell(now), self._patience([op]))
        return _judged(op, answer)

    def call_many(self, calls: Sequence[AnyCall]) -> list[Answer]:
        """Make many calls, with a window of 32 in flight if the subject says ``parallel``."""
        answers: dict[int, Answer] = {}
        segment: list[int] = []
        for index, (op, args, now) in enumerate(calls):
            moves = self.clock is not None and bool(segment) and now != calls[segment[0]][2]
            if moves:  # one clock for all that is in flight
                self._flow(calls, segment, answers)
                segment = []
            if op in BARRIERS or not self.supports(op):
                self._flow(calls, segment, answers)
                segment = []
                answers[index] = self.call(op, args, now)
            else:
                segment.append(index)
        self._flow(calls, segment, answers)
        return [answers[index] for index in range(len(calls))]

    def prefetch(self, calls: Sequence[AnyCall]) -> list[Answer | None]:
        """Make pure calls whose answers are wanted later; None where `call` has to be used after all.

        A fault is the answer of the call that met it, where it is known which; the rest is not asked.
        """
        if self.transport.broken or self._starts_anew:
            return [None] * len(calls)
        batch = [(op, args, self._tell(now)) for op, args, now in calls]
        window = WINDOW if self.hello().parallel else 1
        came = self.transport.call_many(batch, self._patience({op for op, _, _ in batch}), window)
        return [
            None
            if answer is None or (isinstance(answer, BROKEN) and answer.in_flight > 1)
            else _judged(op, answer)
            for (op, _, _), answer in zip(calls, came, strict=True)
        ]

    def evidence(self) -> str:
        """Return the tail of what the adapter wrote beside its answers."""
        return self.transport.evidence()

    def close(self) -> None:
        """Let the adapter leave."""
        self.transport.close()
        if self.clock is not None:
            self.clock.close()

    def _flow(self, calls: Sequence[AnyCall], indices: list[int], answers: dict[int, Answer]) -> None:
        """Answer the calls at ``indices`` through the window; after a fault the rest starts afresh.

        Where it hangs `HANGS` times in a row, or more often in all, the rest is not sent, and gets the
        answer of the last hang.
        """
        window = WINDOW if self.hello().parallel else 1
        stuck = _Stuck()
        while indices:
            if (given_up := stuck.for_good()) is not None:
                answers.update(dict.fromkeys(indices, given_up))
                return
            trouble = self._recovered()
            if trouble is not None:
                answers[indices[0]] = trouble
                indices = indices[1:]
                continue
            batch = [(calls[i][0], calls[i][1], self._tell(calls[i][2])) for i in indices]
            came = self.transport.call_many(batch, self._patience({op for op, _, _ in batch}), window)
            unsent, suspects = [], []
            for index, answer in zip(indices, came, strict=True):
                op = calls[index][0]
                if answer is None:
                    unsent.append(index)
                elif isinstance(answer, BROKEN) and answer.in_flight > 1 and OPERATIONS[op].pure:
                    suspects.append(index)
                else:
                    answers[index] = _judged(op, answer)
            if not suspects:
                stuck.note_all(came)
            for index in suspects:
                given_up = stuck.for_good()
                answers[index] = self.call(*calls[index]) if given_up is None else given_up
                stuck.note(answers[index])
            indices = unsent

    def _tell(self, now: datetime | str | None) -> str | None:
        hello = self.hello()
        text = moment(now) if hello.clock else None
        if text is not None and self.clock is not None:
            self.clock.freeze(datetime.fromisoformat(text))
        return None if hello.faketime else text

    def _patience(self, ops: Iterable[str]) -> float:
        bounds = self.transport.bounds
        if not any(op in OPERATIONS and OPERATIONS[op].sends for op in ops):
            return bounds.local
        slowest = self._hello.slowest_answer if self._hello else None
        return max(bounds.sending, slowest or 0.0)

    def _recovered(self) -> Answer | None:
        """Bring a broken adapter back to where it was, or return the answer that says why not."""
        if not (self.transport.broken or self._starts_anew):
            return None
        if self.transport.broken:
            self.restarts += 1
            self.transport.restart()
        self._starts_anew = False
        answer = self._greet()
        if isinstance(answer, Result) and self._settings is not None and self._has("configure"):
            answer = self.transport.call("configure", self._settings, None, self._patience(["configure"]))
        if isinstance(answer, Result) and self._has("reset"):
            answer = self.transport.call("reset", {}, None, self._patience(["reset"]))
        if isinstance(answer, Result):
            self._failed_starts = 0
            return None
        self._failed_starts += 1
        if self._failed_starts >= STARTS:
            raise AdapterFault(
                f"the adapter does not come back: {STARTS} starts in a row failed: {in_words(answer)}",
                code="adapter.lost",
                hint="see what it writes to stderr, and try it with alipay-qr check --adapter-only",
                evidence=self.evidence(),
            )
        if isinstance(answer, BROKEN):
            return replace(answer, in_flight=1)
        return Garbled(f"after a restart it did not come back to work: {in_words(answer)}")

    def _greet(self) -> Answer:
        args = {"protocol": PROTOCOL, "kit": self._kit}
        return _judged("hello", self.transport.call("hello", args, None, self._patience(["hello"])))

    def _no_hello(self, answer: Answer) -> AdapterFault:
        hint = f'answer hello with protocol "{PROTOCOL}"'
        if isinstance(answer, NotSupported):
            hint = f'this kit speaks version "{PROTOCOL}" of the adapter protocol'
        elif isinstance(answer, Crash) and answer.exit_status is None:
            hint = "start the adapter first, and name the address that it answers at"
        elif isinstance(answer, Garbled):
            hint = "alipay-qr init writes an adapter whose hello is complete"
        elif isinstance(answer, Crash):
            hint = "start the command by hand in this folder: it must stay, and answer every line of stdin"
        return AdapterFault(
            f"the adapter did not answer hello: {in_words(answer)}",
            code="adapter.no-hello",
            hint=hint,
            evidence=self.evidence(),
        )


class _Stuck:
    """Counts hangs, in a row and in all: who hangs at every second call of many is not waited for either."""

    def __init__(self) -> None:
        self._last: Answer | None = None
        self._row = 0
        self._all = 0

    def for_good(self) -> Answer | None:
        """Return the last hang once there were enough of them, None before."""
        return self._last if self._row >= HANGS or self._all > HANGS else None

    def note_all(self, answers: Iterable[Answer | None]) -> None:
        """Note the answers of one pass; one hang of several calls in flight counts once."""
        before: Answer | None = None
        for each in answers:
            if each is not None and each is not before:
                self.note(each)
            before = each

    def note(self, answer: Answer) -> None:
        """Note the answer of one call."""
        if not isinstance(answer, Hang | Silence):
            self._row = 0
            return
        self._row += 1
        self._all += 1
        self._last = answer


def _judged(op: str, answer: Answer) -> Answer:
    """Turn a result that is not what the operation returns into `Garbled`.

    A sign that is null is an empty one: that it could not sign is the subject's fault, not the adapter's.
    """
    if isinstance(answer, Result):
        if op == "sign" and answer.value.get("sign", "") is None:
            return Result({**answer.value, "sign": ""})
        complaint = check_result(op, answer.value)
        if complaint is not None:
            return Garbled(complaint)
    return answer
