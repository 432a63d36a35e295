"""What the money rules share: outcomes left unknown, refusals, and what must not be sent.

The refund sum and the cancel window are judged on the wire: a request that must not be sent is a finding
although the gateway refuses it, unless the policy leaves that rule to the gateway; then sending is a remark
(SHOULD). Booking what was refused or never proved is a finding under every policy.
"""

from typing import Final

from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Failed
from alipay_qr_conformance.model.verdicts import Keyword
from alipay_qr_conformance.testbed.paid_trade import Answered, PaidTrade

UNKNOWN: Final = {
    "dropped-after-commit": faults.drop,
    "dropped-before-commit": lambda: faults.drop(commit=False),
    "system-error": lambda: faults.gateway_error("SYSTEM_ERROR", commit=True),
    "unproved": faults.wrong_signature,
}
"""What leaves the outcome of a call unknown."""


def not_sent(keeper: str, till: PaidTrade, op: str, before: int, answer: Answered, what: str) -> None:
    """Raise `Failed` if a request went out that the merchant, or by its policy the gateway, must refuse."""
    if till.sent(op) > before:
        keyword: Keyword | None = "SHOULD" if keeper == "gateway" else None
        raise Failed("money.sent", till.evidence(answer=answer), keyword_=keyword, op=op, what=what)


def told(till: PaidTrade, found: str) -> None:
    """Raise `Failed` unless the subject asked again within the call, and so may have been told."""
    if not till.asked_again():
        raise Failed("money.guessed", till.evidence(), found=found)


def refusal(*, business: bool, service: str) -> faults.Fault:
    """Return a refusal: a signed business failure, or an unsigned gateway error."""
    if business:
        return faults.business_error(
            "SELLER_BALANCE_NOT_ENOUGH", service, retry_flag="N" if service == "CANCEL" else None
        )
    return faults.gateway_error("HAS_NO_PRIVILEGE", service)
