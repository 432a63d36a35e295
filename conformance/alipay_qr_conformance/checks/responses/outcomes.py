"""What the subject reports of the answer that its call meets, and the judgement of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from alipay_qr.errors import AlipayQrError
from alipay_qr.wire import read_response
from alipay_qr_conformance.checks.responses.meeting import Meeting
from alipay_qr_conformance.checks.responses.meetings import CUT
from alipay_qr_conformance.gateway import Answer, Fault
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.subjects import Raised, Refusal, Result
from alipay_qr_conformance.testbed.calls import encounter
from alipay_qr_conformance.testbed.testbed import Testbed

_BUILD_ON_GENUINE: Final = frozenset({"response.two-levels"})
"""Requirements about signed answers that only a subject can keep which believes signed answers at all."""


def _usually(bed: Testbed, op: str, name: str, fault: Fault | None) -> str:
    """Return what the subject makes of the plainest case of another requirement, asked once."""
    return bed.once(f"usually/{op}/{name}", lambda: encounter(bed, op, fault).outcome)


def judged(row: Meeting) -> Callable[[Testbed], None]:
    """Judge the outcome that the subject reports of an answer."""

    def run(bed: Testbed) -> None:
        met = encounter(bed, row.op, row.fault(bed))
        if met.told_again and met.outcome == "success":
            return
        if row.requirement in _BUILD_ON_GENUINE and _usually(bed, row.op, "genuine", None) != "success":
            raise Blocked("see.requirement", requirement="response.genuine")
        if row.requirement == "response.no-dtd" and _usually(bed, row.op, "cut", CUT(bed)) == "success":
            raise Blocked("see.requirement", requirement="response.transport")
        first = met.records[0].answer
        evidence = {"operation": row.op, "arguments": met.args, "answer": first}
        _compare(row, met.answer, evidence, first)

    return run


def _compare(
    row: Meeting, answer: Result | Refusal | Raised, evidence: dict[str, object], sent: Answer
) -> None:
    evidence["answer"] = f"{sent.status} {sent.body[:1500].decode('utf-8', 'backslashreplace')}"
    expected = " / ".join(row.right)
    match answer:
        case Raised():
            # an error is never an acceptance: it breaks only what should have been reported
            if "unknown" in row.right:
                return
            raise Failed(
                "response.raised", evidence | {"error": answer.message}, expected=expected, what=row.name
            )
        case Refusal(reason=reason):
            if "unknown" in row.right:
                return
            raise Failed(
                "response.outcome",
                evidence | {"reason": reason},
                found="refused",
                expected=expected,
                what=row.name,
            )
        case Result(value=value):
            found = value.get("outcome")
            if found not in row.right:
                raise Failed(
                    "response.outcome",
                    evidence | {"reported": value},
                    found=found,
                    expected=expected,
                    what=row.name,
                )
            if row.requirement == "response.genuine" and row.op == "create_qr_code":
                _expect_the_code(value, evidence, sent)


def _expect_the_code(value: Mapping[str, Any], evidence: dict[str, object], sent: Answer) -> None:
    """Raise `Failed` unless the code that the gateway made is returned."""
    found = value.get("qrcode")
    if not found:
        raise Failed("response.no-qrcode", evidence | {"reported": value}, found=found)
    try:
        made = read_response(sent.body).fields.get("qrcode")
    except AlipayQrError:  # pragma: no cover - the gateway's own genuine answer
        return
    if found != made:
        raise Failed("response.other-qrcode", evidence | {"reported": value}, found=found, expected=made)


def judged_by_code(row: Meeting) -> Callable[[Testbed], None]:
    """Judge the error code that the subject reports of a failure."""

    def run(bed: Testbed) -> None:
        met = encounter(bed, row.op, row.fault(bed))
        if not isinstance(met.answer, Result) or met.outcome != "failed":
            raise Blocked("see.requirement", requirement=row.requirement)
        found = met.answer.value.get("code")
        if found != row.code:
            raise Failed("response.no-code", {"reported": met.answer.value}, expected=row.code, found=found)

    return run
