"""What every hostile answer is judged with: one call, the answer it met, and no success made of it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from alipay_qr_conformance.gateway import Fault, Record, faults
from alipay_qr_conformance.gateway.engine.response import Reply
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.testbed.calls import encounter
from alipay_qr_conformance.testbed.paid_trade import Answered, outcome, words
from alipay_qr_conformance.testbed.testbed import Testbed

Change = Callable[[bytes], bytes]

SUCCESS: Final = b"<result_code>SUCCESS</result_code>"
FAILED: Final = b"<result_code>FAILED</result_code>"


class ToldAgain(Exception):  # noqa: N818 (no mishap)
    """The subject asked again within its call, and was told genuinely: it may report what it was told."""


def forgiving(judge: Callable[[Testbed], None]) -> Callable[[Testbed], None]:
    """Judge nothing where the subject asked again within its call, and was told genuinely."""

    def run(bed: Testbed) -> None:
        with suppress(ToldAgain):
            judge(bed)

    return run


def ask(bed: Testbed, op: str, fault: Fault | None, **more: str) -> tuple[Answered, Record]:
    """Return what the subject made of one call under a fault, and the record of its first request.

    Raises:
        Blocked: no request came, or one that the gateway refuses whatever the fault.
        ToldAgain: the subject asked again within the call, and was told genuinely.
    """
    met = encounter(bed, op, fault, **more)
    if met.told_again:
        raise ToldAgain
    return met.answer, met.records[0]


def with_body(change: Change, **more: object) -> Fault:
    """Return a fault that changes the bytes of the signed answer."""
    return Fault(answer=lambda answer: replace(answer, body=change(answer.body), **more), name="body")  # type: ignore[arg-type] # fields of Answer


def careful(bed: Testbed, op: str) -> None:
    """Raise `Blocked` where genuine answers are doubted, or plainly worthless ones believed."""
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
                if outcome(ask(bed, op, fault)[0]) not in right:
                    return requirement
        return ""

    if found := bed.once(f"careful-with-answers/{op}", attempt):
        raise Blocked("see.requirement", requirement=found)


def refuse(reply: Reply) -> Reply:
    """Change a reply into one of failure, before it is signed."""
    return reply.changed({"result_code": "FAILED", "detail_error_code": "TRADE_STATUS_ERROR"})


def not_success(answer: Answered, record: Record, what: str) -> None:
    """Raise `Failed` where success is reported."""
    if outcome(answer) in {"success", "accepted"}:
        raise Failed("attack.answer", evidence(answer, record), found=outcome(answer), what=what)


def evidence(answer: Answered, record: Record) -> Mapping[str, object]:
    """Return evidence: what was answered, what is reported."""
    return {"answer": record.answer.body[:1500], "reported": words(answer)}
