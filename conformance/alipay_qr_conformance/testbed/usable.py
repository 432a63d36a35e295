"""Which answers of a subject a case can judge."""

from typing import Any

from alipay_qr_conformance.model.outcomes import NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.subjects import (
    Answer,
    Crash,
    Garbled,
    Hang,
    NotSupported,
    Raised,
    Refusal,
    Result,
    Silence,
)


def sort_out(op: str, args: dict[str, Any], answer: Answer) -> Result | Refusal | Raised:
    """Return an answer that a case can judge, or raise what ends the case."""
    sent = {"operation": op, "arguments": args}
    match answer:
        case Result() | Refusal():
            return answer
        case Raised(fault="adapter"):
            raise NoUsableAnswer(Verdict.GARBLED, message("adapter.fault", op=op, text=answer.message), sent)
        case Raised():
            return answer
        case NotSupported():
            raise Unsupported(message("subject.unsupported", op=op, reason=answer.reason or "-"))
        case Hang():
            raise NoUsableAnswer(Verdict.HANG, message("subject.hang", op=op, seconds=answer.waited), sent)
        case Crash():
            ended = {"exit status": answer.exit_status, "ended": answer.detail, "stderr": answer.stderr}
            evidence = {**sent, **{name: value for name, value in ended.items() if value not in {None, ""}}}
            raise NoUsableAnswer(Verdict.CRASH, message("subject.crash", op=op), evidence)
        case Garbled():
            raise NoUsableAnswer(Verdict.GARBLED, message("subject.garbled", op=op, text=answer.detail), sent)
        case Silence():
            raise NoUsableAnswer(
                Verdict.NO_ANSWER, message("subject.silent", op=op, text=answer.detail), sent
            )
