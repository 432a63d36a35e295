"""Level 1: does the subject tell genuine responses from forged ones?

Notifications are judged by the golden vectors (`checks.vectors`).

Only subjects that list the operation ``verify`` are asked. *Not accepted* is the answer ``valid: false``,
a refusal or an error alike.
"""

from collections.abc import Iterator
from typing import Final

from alipay_qr.presign import presign
from alipay_qr_conformance.model.outcomes import Blocked, Failed, Unsupported
from alipay_qr_conformance.model.plan import SIGN_TYPES, Plan, Setup
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs, Tools, applicable, forge
from alipay_qr_conformance.rules.rightly_signed import rightly_signed
from alipay_qr_conformance.subjects import Raised, Refusal, Result
from alipay_qr_conformance.testbed.case import check
from alipay_qr_conformance.testbed.testbed import Testbed

_RESPONSE: Final[Pairs] = [
    ("result_code", "SUCCESS"),
    ("out_trade_no", "T1001"),
    ("trade_no", "2026030921001004"),
    ("retry_flag", "N"),
    ("action", "refund"),
]
RESPONSES: Final = tuple(map(Setup, SIGN_TYPES))
ANOTHER: Final = tuple(Setup(each, another=True) for each in SIGN_TYPES)
"""Each sign type, with an account that the subject was given after the run's."""


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


@check("verify.genuine", needs=("verify",), setups=RESPONSES, named="setup", name="response")
def genuine_response(bed: Testbed) -> None:
    """Believe a genuine response."""
    params = signed(bed, _RESPONSE)
    if not accepted(bed, params, "response"):
        text = presign(params, bed.setup.charset).decode(bed.setup.charset.lower())
        raise Failed("verify.refused", {"parameters": params, "source": "response", "expected_presign": text})


def is_malleable(bed: Testbed, params: Pairs, charset: str = "") -> bool:
    """Say whether Alipay signed every value of a message, in the run's charset or in its own."""
    return rightly_signed(params, bed.setup.sign_type, charset or bed.setup.charset, bed.keys)


def softened(bed: Testbed, params: Pairs, what: str, broken: Failed, charset: str = "") -> Failed:
    """Return the finding of a forgery, or a milder one where Alipay signed every value of the message."""
    if not is_malleable(bed, params, charset):
        return broken
    return Failed("verify.malleable", broken.evidence, keyword_="SHOULD", what=what)


def _forgeries(plan: Plan) -> dict[str, tuple[str, str, str]]:  # noqa: ARG001 (the same in every plan)
    """Return forgery, kind and sign type by case name."""
    return {
        f"{name}/response/{sign_type}": (name, kind, sign_type)
        for sign_type in SIGN_TYPES
        for name, kind in applicable(sign_type)
    }


def _requirement(plan: Plan, item: tuple[str, str, str]) -> list[str]:  # noqa: ARG001 (the item's own)
    return [f"verify.reject.{item[1]}"]


@check(_requirement, needs=("verify",), each=_forgeries, setups=lambda item: (Setup(item[2]),))
def forged_response(bed: Testbed, item: tuple[str, str, str], _: str) -> None:
    """Do not believe a response that differs from a genuine one by one edit."""
    name = item[0]
    tools = Tools(bed.keys, bed.setup.sign_type, bed.setup.charset, ("out_trade_no", "T1002"))
    params = forge(name, signed(bed, _RESPONSE), tools)
    if params is None:
        raise Unsupported(message("forgery.impossible", what=name), optional=True)
    if accepted(bed, params, "response"):
        evidence = {"parameters": params, "source": "response"}
        raise softened(bed, params, name, Failed("verify.accepted", evidence, what=name))


def signed_formerly(bed: Testbed, fields: Pairs) -> Iterator[tuple[str, Pairs]]:
    """Yield a message as the accounts would sign it that are not the subject's any more, or never were."""
    accounts = {"the account before": bed.former, "the published account": TestKeys()}
    bare = [pair for pair in fields if pair[0] not in {"sign", "sign_type"}]
    for words, keys in accounts.items():
        signer = keys.gateway_signer(bed.setup.sign_type) if keys else None
        if signer is not None:
            sign = signer.sign(presign(bare, bed.setup.charset))
            yield words, [*bare, ("sign", sign), ("sign_type", signer.sign_type)]


@check("verify.reject.other-key", needs=("verify",), setups=ANOTHER, named="sign_type", name="former-account")
def formerly_signed_response(bed: Testbed) -> None:
    """The account was changed: what the keys of the former one signed is not believed."""
    if not accepted(bed, signed(bed, _RESPONSE), "response"):
        raise Blocked("see.requirement", requirement="verify.genuine")
    for words, params in signed_formerly(bed, _RESPONSE):
        if accepted(bed, params, "response"):
            raise Failed("verify.accepted", {"parameters": params, "source": "response"}, what=words)
