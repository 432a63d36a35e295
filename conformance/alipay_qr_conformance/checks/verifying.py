"""Level 1: does the subject tell genuine responses from forged ones?

Notifications are judged by the golden vectors (`alipay_qr_conformance.checks.golden`).

Only subjects that list the operation ``verify`` are asked. *Not accepted* is the answer ``valid: false``,
a refusal or an error alike.
"""

from collections.abc import Callable, Iterator
from typing import Final

from alipay_qr.presign import presign
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import SIGN_TYPES, Plan, Setup
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs, Tools, applicable, forge
from alipay_qr_conformance.subjects import Raised, Refusal, Result
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.testbed import Testbed

_RESPONSE: Final[Pairs] = [
    ("result_code", "SUCCESS"),
    ("out_trade_no", "T1001"),
    ("trade_no", "2026030921001004"),
    ("retry_flag", "N"),
    ("action", "refund"),
]


def cases(plan: Plan) -> Iterator[Case]:  # noqa: ARG001 (level 1 is the same in every plan)
    """Yield genuine and forged responses for each sign type."""
    for sign_type in SIGN_TYPES:
        setup = Setup(sign_type)
        yield Case("verify.genuine", f"response/{setup}", _genuine, setup, ("verify",))
        for name, kind in applicable(sign_type):
            yield Case(
                f"verify.reject.{kind}", f"{name}/response/{sign_type}", _forged(name), setup, ("verify",)
            )


def signed(bed: Testbed, fields: Pairs) -> Pairs:
    """Return the fields with sign and sign type as Alipay would send them."""
    signer = bed.keys.gateway_signer(bed.setup.sign_type)
    if signer is None:
        raise Unsupported(message("needs.keys", sign_type=bed.setup.sign_type))
    return [
        *fields,
        ("sign", signer.sign(presign(fields, bed.setup.charset))),
        ("sign_type", signer.sign_type),
    ]


def accepted(bed: Testbed, params: Pairs, source: str) -> bool:
    """Ask the subject whether a message is valid."""
    if not bed.subject.supports("verify", source=source):
        raise Unsupported(message("needs.source", source=source))
    answer = bed.ask(
        "verify", params=[list(pair) for pair in params], charset=bed.setup.charset, source=source
    )
    match answer:
        case Result(value={"valid": bool(valid)}):
            return valid
        case Result(value=value):
            raise Failed("verify.no-answer", {"parameters": params, "answer": value})
        case Refusal() | Raised():
            return False


def _genuine(bed: Testbed) -> None:
    params = signed(bed, _RESPONSE)
    if not accepted(bed, params, "response"):
        text = presign(params, bed.setup.charset).decode(bed.setup.charset.lower())
        raise Failed("verify.refused", {"parameters": params, "source": "response", "expected_presign": text})


def _forged(name: str) -> Callable[[Testbed], None]:
    def run(bed: Testbed) -> None:
        tools = Tools(bed.keys, bed.setup.sign_type, bed.setup.charset, ("out_trade_no", "T1002"))
        params = forge(name, signed(bed, _RESPONSE), tools)
        if params is None:
            raise Blocked("forgery.impossible", what=name)
        if accepted(bed, params, "response"):
            raise Failed("verify.accepted", {"parameters": params, "source": "response"}, what=name)

    return run
