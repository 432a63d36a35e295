"""What can come back from one call of a subject: eight values, and never a verdict.

The subject answered (the four fields of an answer, adapter protocol section 1):

    Result         ``result``: the raw outcome
    Refusal        ``refused``: it declines the input before anything is sent
    NotSupported   ``unsupported``: it cannot do this at all
    Raised         ``error``: it raised; ``fault`` says whether the subject or its adapter did

It did not answer, or not in a way that can be read:

    Hang           nothing came in time
    Silence        nothing came in time, and never did: the likely cause is an unflushed stdout
    Crash          it died, closed its stdout, or the connection to it broke
    Garbled        something came that is no answer of the protocol

The last four carry ``in_flight``: how many calls were waiting when it happened. With 1 the call is to
blame; with more the blame is shared, because nobody can tell which of them did it.
"""

from dataclasses import dataclass
from typing import Final, Literal

from alipay_qr_conformance.model.outcomes import quoted

Fault = Literal["subject", "adapter"]


@dataclass(frozen=True, slots=True)
class Result:
    """The raw outcome. All leaves are strings, booleans or None."""

    value: dict[str, object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The subject declines the input before anything is sent."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSupported:
    """The subject cannot do this at all."""

    reason: str
    issue: str | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """The subject, or its adapter, raised. Never an acceptance."""

    message: str
    traceback: str = ""
    fault: Fault = "subject"


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer within ``waited`` seconds."""

    waited: float
    in_flight: int = 1


@dataclass(frozen=True, slots=True)
class Crash:
    """The adapter is gone.

    ``exit_status`` is negative for a signal and None where there is none: an HTTP subject, or a process
    that closed its stdout and stayed. ``stderr`` is the tail of what it wrote there.
    """

    exit_status: int | None
    stderr: str = ""
    detail: str = ""
    in_flight: int = 1


@dataclass(frozen=True, slots=True)
class Garbled:
    """What came is no answer of the protocol; ``detail`` says what was expected."""

    detail: str
    in_flight: int = 1


@dataclass(frozen=True, slots=True)
class Silence:
    """The process lives, took a complete request, and never wrote a byte of an answer."""

    detail: str
    in_flight: int = 1


Answer = Result | Refusal | NotSupported | Raised | Hang | Crash | Garbled | Silence

Failed = Hang | Crash | Garbled | Silence
BROKEN: Final = (Hang, Crash, Garbled, Silence)
"""For ``isinstance``: the answers that are none."""


def in_words(answer: Answer) -> str:
    """Return what came in place of a result, in words for whoever mends the adapter."""
    match answer:
        case Hang(waited=waited):
            return f"nothing came within {waited:g} s"
        case Crash(exit_status=status, detail=detail):
            return detail or f"it left with exit status {status}"
        case Garbled(detail=detail) | Silence(detail=detail):
            return detail
        case Raised(message=message):
            return f"it raised an error: {message}"
        case Refusal(reason=reason) | NotSupported(reason=reason):
            return f"it declined: {reason}"
        case Result(value=value):
            return f"it answered {quoted(value)}"


def said(answer: Answer) -> str:
    """Return why a call was declined or raised, in the subject's own words; else the answer in words."""
    match answer:
        case Refusal(reason=reason):
            return reason
        case Raised():
            return answer.message
        case _:
            return in_words(answer)
