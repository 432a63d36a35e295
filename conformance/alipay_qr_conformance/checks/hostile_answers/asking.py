"""What every hostile answer is judged with: one call, the answer it met, and no success made of it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from alipay_qr.gateway import Fault, Record, faults
from alipay_qr.gateway.reply import Reply
from alipay_qr_conformance.casebook import Broken, NotJudged
from alipay_qr_conformance.checks.calls import encounter
from alipay_qr_conformance.checks.till import Answered, outcome, words
from alipay_qr_conformance.lab import Lab

Change = Callable[[bytes], bytes]

SUCCESS: Final = b"<result_code>SUCCESS</result_code>"
FAILED: Final = b"<result_code>FAILED</result_code>"


class ToldAgain(Exception):  # noqa: N818 (no mishap)
    """The subject asked again within its call, and was told genuinely: it may report what it was told."""


def forgiving(judge: Callable[[Lab], None]) -> Callable[[Lab], None]:
    """Judge nothing where the subject asked again within its call, and was told genuinely."""

    def run(lab: Lab) -> None:
        with suppress(ToldAgain):
            judge(lab)

    return run


def ask(lab: Lab, op: str, fault: Fault | None, **more: str) -> tuple[Answered, Record]:
    """Return what the subject made of one call under a fault, and the record of its first request.

    Raises:
        NotJudged: no request came, or one that the gateway refuses whatever the fault.
        ToldAgain: the subject asked again within the call, and was told genuinely.
    """
    met = encounter(lab, op, fault, **more)
    if met.told_again:
        raise ToldAgain
    return met.answer, met.records[0]


def with_body(change: Change, **more: object) -> Fault:
    """Return a fault that changes the bytes of the signed answer."""
    return Fault(answer=lambda answer: replace(answer, body=change(answer.body), **more), name="body")  # type: ignore[arg-type] # fields of Answer


def careful(lab: Lab, op: str) -> None:
    """Raise `NotJudged` where genuine answers are doubted, or plainly worthless ones believed."""
    refused = Fault(commit=False, reply=refuse, name="refused")
    plain = {
        "response.genuine": (None, {"success"}),
        "response.unproved": (faults.wrong_signature(), {"unknown", "raised", "refused"}),
        "response.two-levels": (refused, {"failed"}),
        "response.transport": (with_body(lambda text: text[:-30]), {"unknown", "raised", "refused"}),
    }

    def attempt() -> str:
        for requirement, (fault, right) in plain.items():
            with suppress(ToldAgain):
                if outcome(ask(lab, op, fault)[0]) not in right:
                    return requirement
        return ""

    if found := lab.once(f"careful-with-answers/{op}", attempt):
        raise NotJudged("see.requirement", requirement=found)


def refuse(reply: Reply) -> Reply:
    """Change a reply into one of failure, before it is signed."""
    return reply.changed({"result_code": "FAILED", "detail_error_code": "TRADE_STATUS_ERROR"})


def not_success(answer: Answered, record: Record, what: str) -> None:
    """Raise `Broken` where success is reported."""
    if outcome(answer) in {"success", "accepted"}:
        raise Broken("attack.answer", evidence(answer, record), found=outcome(answer), what=what)


def evidence(answer: Answered, record: Record) -> Mapping[str, object]:
    """Return evidence: what was answered, what is reported."""
    return {"answer": record.answer.body[:1500], "reported": words(answer)}
