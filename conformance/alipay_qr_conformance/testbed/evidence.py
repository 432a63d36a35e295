"""What a subject was seen to do at all: who does nothing, or refuses everything, passes no case.

A refusal is right where something wrong is refused, and shows nothing of who refuses the genuine as well. So
a case passes where each operation that it asked has once done what it is there for, in the sign type of the
case. Where it has not yet, the plainest genuine call is made.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from alipay_qr_conformance.model.outcomes import UNUSABLE, Blocked, Failed, NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.plan import Setup
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.subjects import Answer, NotSupported, Raised, Refusal, Result

if TYPE_CHECKING:
    from alipay_qr_conformance.testbed.testbed import Testbed

_SENDS: Final = frozenset({"create_qr_code", "cancel", "refund"})
_WHOLE: Final = frozenset({"verify", "notify"})
"""Operations that judge a message, and do so for every message or for none."""
_SUCCESS: Final = ("success", "SUCCESS")

Fact = tuple[str, ...]


@dataclass
class Evidence:
    """By operation and sign type: what was done, and what came of the plainest genuine call."""

    asked: set[str] = field(default_factory=set)
    """Operations that the present case asked."""
    judged: str = ""
    """The requirement that the present case judges."""
    case: str = ""
    _before: str = ""
    """The present case, and the last one before it that asked anything."""
    raised: Raised | None = None
    """What the subject raised last in the present case."""
    noted: set[Fact] = field(default_factory=set)
    """What was noted in the present case."""
    _facts: set[Fact] = field(default_factory=set)
    """What was noted in any case: seen, done, declined, answered, and of which operation."""

    def begin(self, requirement: str, case: str) -> None:
        """Begin a case that judges a requirement."""
        self._before, self.case = self.suspect, case
        self.asked.clear()
        self.noted.clear()
        self.judged, self.raised = requirement, None

    def learn(self, requirement: str, case: str, asked: Iterable[str], noted: Iterable[Fact]) -> None:
        """Take note of a case that was judged in another process."""
        self.begin(requirement, case)
        self.asked.update(asked)
        self._facts.update(noted)

    def beside(self) -> "Evidence":
        """Return what a case takes note in that runs beside others: what was done at all is shared."""
        return replace(self, asked=set(), noted=set(), judged="", case="", raised=None)

    @property
    def suspect(self) -> str:
        """The case that asked something last: what is found wrong before anything is asked was done by it."""
        return self.case if self.asked else self._before or self.case

    def note(self, op: str, setup: Setup, *, done: bool) -> None:
        """Take note that an operation was asked, and whether it did what it is there for."""
        self.asked.add(op)
        if done:
            self._note("done", op, setup.sign_type)
        if _is_ordinary(setup):
            self._note("seen", op, setup.sign_type)

    def note_answer(self, bed: "Testbed", op: str, answer: Answer) -> None:
        """Take note of an answer."""
        self.note(op, bed.setup, done=_is_done(bed, op, answer))
        if isinstance(answer, Refusal):
            self._note("declined", op)
        if isinstance(answer, Raised):
            self.raised = answer

    def shown(self) -> dict[str, str]:
        """Return what the subject raised in the present case: often it names the cause."""
        raised = self.raised
        return {} if raised is None else {"error": raised.message, "traceback": raised.traceback}

    def expect_no_choice(self, op: str, setup: Setup, args: Mapping[str, object], answer: Answer) -> None:
        """End the case where messages are declined that differ by values alone from one that was answered.

        Raises:
            NoUsableAnswer, Blocked: ``unsupported`` is what is not offered, and no verdict about a message.
        """
        if op not in _WHOLE:
            return
        key = (
            "answered",
            op,
            setup.sign_type,
            str(args.get("charset", setup.charset)),
            str(args.get("source", "")),
        )
        if isinstance(answer, Result):
            self._note(*key)
        if not isinstance(answer, NotSupported):
            return
        if key in self._facts and ".reject." in self.judged:
            shown = {"operation": op, "arguments": args, "reason": answer.reason or "-"}
            raise NoUsableAnswer(Verdict.GARBLED, message("subject.choosy", op=op), shown)
        if key in self._facts:
            raise Blocked("subject.choosy", blames_=(UNUSABLE,), op=op)

    def missing(self, bed: "Testbed", probes: "Mapping[str, Callable[[Testbed], object]]") -> str | None:
        """Return an operation of the present case that never did anything; None where there is none."""
        for op in sorted(self.asked & probes.keys()):
            if self._has_done(op, bed.setup):
                continue
            if _is_ordinary(bed.setup):
                with suppress(Blocked, Failed, NoUsableAnswer, Unsupported):
                    probes[op](bed)
            if not self._has_done(op, bed.setup):
                return op
        return None

    def _has_done(self, op: str, setup: Setup) -> bool:
        """Say whether an operation did once what it is there for; a shop that refunds need not cancel."""
        if op == "cancel" and ("declined", op) in self._facts and self._sent():
            return True
        key = (op, setup.sign_type)
        return ("done", *key) in self._facts or (
            not _is_ordinary(setup) and ("seen", *key) not in self._facts
        )

    def _sent(self) -> bool:
        return any(fact[0] == "done" and fact[1] in _SENDS for fact in self._facts)

    def _note(self, *fact: str) -> None:
        self.noted.add(fact)
        self._facts.add(fact)


def _is_ordinary(setup: Setup) -> bool:
    """Say whether the subject has the keys of the run, as they are."""
    return not (setup.keys_of or setup.padded_key)


def _is_done(bed: "Testbed", op: str, answer: Answer) -> bool:
    reached = bool(bed.session and bed.session.records)
    match answer:
        case Result(value=value) if op == "verify":
            return value.get("valid") is True
        case Result(value=value) if op == "notify":
            reply = value.get("reply")
            return isinstance(reply, dict) or str(reply).strip() in _SUCCESS
        case Result():
            return True
        case _:
            return op in _SENDS and reached


def since(before: str, now: str) -> str:
    """Return what was written since; the tail of what an adapter writes is bounded, and moves on."""
    if now.startswith(before):
        return now[len(before) :].strip()
    _, mark, rest = now.rpartition(before[-200:])
    return (rest if mark else now).strip()
