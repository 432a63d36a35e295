"""Level 3: what the subject makes of the gateway's answers.

A REFUND of a paid trade and a CREATE meet answers that are genuine, unproved, negative, doubtful or
broken. The subject must report what is proved and nothing more: ``success``, ``accepted``, ``failed``,
``unknown`` as the adapter protocol defines them.
"""

from collections.abc import Iterator

from alipay_qr_conformance.checks.responses.meeting import Meeting, forged
from alipay_qr_conformance.checks.responses.meetings import GENUINE, OTHERS, SIGNATURES, UNKNOWN
from alipay_qr_conformance.checks.responses.outcomes import judged, judged_by_code
from alipay_qr_conformance.model.plan import SIGN_TYPES, Plan, Setup
from alipay_qr_conformance.rules.forgeries import applicable
from alipay_qr_conformance.testbed.case import Case


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (the same in every plan)
    """Yield the cases about responses."""
    for sign_type in SIGN_TYPES:
        for row in SIGNATURES:
            yield _case(row, Setup(sign_type))
        for name, _ in applicable(sign_type):
            row = Meeting("response.unproved", name, "refund", UNKNOWN, forged(name))
            yield _case(row, Setup(sign_type))
    for charset in ("GBK", "GB2312"):
        for row in GENUINE:
            yield _case(row, Setup("MD5", charset))
            yield _case(row, Setup("RSA", charset))
    for row in OTHERS:
        yield _case(row, Setup())
        if row.code:
            yield Case("response.code", f"{row.op}-{row.name}", judged_by_code(row), needs=(row.op,))


def _case(row: Meeting, setup: Setup) -> Case:
    return Case(row.requirement, f"{row.op}-{row.name}/{setup}", judged(row), setup, (row.op,))
