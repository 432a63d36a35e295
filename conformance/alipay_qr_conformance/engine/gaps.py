"""Why a subject cannot be asked what a case asks: it does not offer it, or the kit lacks what it takes."""

from typing import Final, NamedTuple

from alipay_qr.errors import AmountError, Unencodable
from alipay_qr.money import exponent
from alipay_qr_conformance.engine.view import View
from alipay_qr_conformance.model.outcomes import Unread, Unsupported
from alipay_qr_conformance.model.plan import USUAL_CHARSET
from alipay_qr_conformance.model.requirements import is_duty, register
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text
from alipay_qr_conformance.subjects import Hello
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.testbed import Testbed

OPTIONAL_OPERATIONS: Final = frozenset({"presign", "verify", "expect"})
"""Operations that only make the judgement sharper: without them no level is lost."""
_LOCAL: Final = frozenset({"presign", "sign"})
"""Operations that need no key of Alipay's side."""
_REPLY_IS_ENOUGH: Final = 3
_NEEDS_A_CLOCK: Final = 4
"""The level of the cancel window; below it a clock only sharpens the judgement."""


class Gap(NamedTuple):
    """A reason, and whether no level is lost by it."""

    reason: Text
    optional: bool


def gap(case: Case, bed: Testbed, view: View, no_clock: Text, *, configurable: bool) -> Gap | None:
    """Return why a case cannot be asked, None where it can.

    Args:
        case: with a sign type that the subject has, where any will do.
        bed: of the run.
        view: what can be seen of the subject.
        no_clock: why its time cannot be moved, where it cannot.
        configurable: whether it takes ``configure``.
    """
    if bed.hello.kind == "library" and not bed.subject.supports("trade") and is_duty(case.requirement):
        return Gap(message("left.application"), optional=True)
    if (missing := _not_offered(case, bed, view, no_clock)) is not None:
        return missing
    setup, hello, subject = case.setup, bed.hello, bed.subject
    listed = [op for op in case.needs if subject.supports(op)]
    if setup.sign_type not in hello.sign_types or not all(
        subject.supports(op, sign_type=setup.sign_type) for op in listed
    ):
        return Gap(message("needs.sign-type", sign_type=setup.sign_type), optional=True)
    if setup.charset not in hello.charsets or not all(
        subject.supports(op, charset=setup.charset) for op in listed
    ):
        return Gap(message("needs.charset", charset=setup.charset), optional=True)
    if (setup.padded_key or setup.keys_of or setup.another) and not configurable:
        return Gap(message("needs.operation", op="configure"), optional=True)
    if not _has_keys(case, bed, configurable=configurable):
        return Gap(message("needs.keys", sign_type=setup.sign_type), optional=True)
    return None


def cannot_be_said(unsayable: AmountError | Unencodable, bed: Testbed, view: View) -> Text | None:
    """Return why a case holds what cannot be said to this subject; None where that is the kit's own fault.

    It is a character that the only charset lacks, or cents of a currency that has none.
    """
    if isinstance(unsayable, AmountError):
        taken = ", ".join(bed.plan.currencies)
        return None if exponent(bed.plan.currency) else message("needs.currency", currency="USD", taken=taken)
    if not view.one_charset and USUAL_CHARSET in bed.hello.charsets:
        return None
    return message("needs.charset", charset=USUAL_CHARSET)


def costs_no_level(cannot: Unsupported, case: Case, hello: Hello) -> bool:
    """Say whether a subject may be unsupported in a case, and keep its level."""
    left = hello.kind == "library" and isinstance(cannot, Unread)
    return left or cannot.optional or any(is_optional(op, case) for op in case.needs)


def is_optional(op: str, case: Case) -> bool:
    """Say whether a subject may lack an operation without losing the level of a case."""
    if op == "trade":  # level 3 is judged by the reply alone where there is none
        return register()[case.requirement].level <= _REPLY_IS_ENOUGH
    return op in OPTIONAL_OPERATIONS


def _not_offered(case: Case, bed: Testbed, view: View, no_clock: Text) -> Gap | None:
    hello = bed.hello
    for op in case.needs:
        if not (bed.subject.supports(op) or (op == "notify" and hello.notify_url)):
            return Gap(view.lacks(op), is_optional(op, case))
    if (reason := view.unseen(case)) is not None:
        return Gap(reason, optional=False)
    for feature in case.features:
        if feature not in hello.features and f"{feature}_only" not in hello.features:
            return Gap(message("needs.feature", feature=feature), optional=True)
    if case.clock and not hello.clock:
        return Gap(no_clock, optional=register()[case.requirement].level < _NEEDS_A_CLOCK)
    return None


def _has_keys(case: Case, bed: Testbed, *, configurable: bool) -> bool:
    """Say whether the kit knows the keys that subject and gateway use in this case."""
    if bed.plan.role == "gateway":
        return True  # its client says which key is missing
    keys, sign_type = bed.keys, case.setup.sign_type
    only_signs = set(case.needs) <= _LOCAL
    if not configurable and keys.own is None and sign_type != "MD5":
        # the seed's published pair: Alipay's private key is Alipay's, and there is none for RSA2
        return only_signs and sign_type == "RSA"
    if only_signs:
        return keys.merchant_signer(sign_type) is not None
    return keys.gateway_signer(sign_type) is not None and keys.request_verifier(sign_type) is not None
