"""Level 1: does the subject tell genuine responses from forged ones?

Notifications are judged by the golden vectors (`alipay_qr_conformance.checks.golden`).

Only subjects that list the operation ``verify`` are asked. *Not accepted* is the answer ``valid: false``,
a refusal or an error alike.
"""

from collections.abc import Callable, Iterator
from typing import Final

from alipay_qr.presign import presign
from alipay_qr_conformance.casebook import SIGN_TYPES, Broken, CannotDo, Case, NotJudged, Plan, Setup
from alipay_qr_conformance.forgeries import Pairs, Tools, applicable, forge
from alipay_qr_conformance.lab import Lab
from alipay_qr_conformance.messages import message
from alipay_qr_conformance.subjects import Raised, Refusal, Result

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


def signed(lab: Lab, fields: Pairs) -> Pairs:
    """Return the fields with sign and sign type as Alipay would send them."""
    signer = lab.keys.gateway_signer(lab.setup.sign_type)
    if signer is None:
        raise CannotDo(message("needs.keys", sign_type=lab.setup.sign_type))
    return [
        *fields,
        ("sign", signer.sign(presign(fields, lab.setup.charset))),
        ("sign_type", signer.sign_type),
    ]


def accepted(lab: Lab, params: Pairs, source: str) -> bool:
    """Ask the subject whether a message is valid."""
    if not lab.subject.supports("verify", source=source):
        raise CannotDo(message("needs.source", source=source))
    answer = lab.ask(
        "verify", params=[list(pair) for pair in params], charset=lab.setup.charset, source=source
    )
    match answer:
        case Result(value={"valid": bool(valid)}):
            return valid
        case Result(value=value):
            raise Broken("verify.no-answer", {"parameters": params, "answer": value})
        case Refusal() | Raised():
            return False


def _genuine(lab: Lab) -> None:
    params = signed(lab, _RESPONSE)
    if not accepted(lab, params, "response"):
        text = presign(params, lab.setup.charset).decode(lab.setup.charset.lower())
        raise Broken("verify.refused", {"parameters": params, "source": "response", "expected_presign": text})


def _forged(name: str) -> Callable[[Lab], None]:
    def run(lab: Lab) -> None:
        tools = Tools(lab.keys, lab.setup.sign_type, lab.setup.charset, ("out_trade_no", "T1002"))
        params = forge(name, signed(lab, _RESPONSE), tools)
        if params is None:
            raise NotJudged("forgery.impossible", what=name)
        if accepted(lab, params, "response"):
            raise Broken("verify.accepted", {"parameters": params, "source": "response"}, what=name)

    return run
