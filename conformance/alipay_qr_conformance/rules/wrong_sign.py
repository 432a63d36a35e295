"""What the doctor makes of a wrong sign in a finding.

A case that met a wrong sign leaves a `WrongSign` with it. The engine asks the doctor for the first finding
of each requirement only, within a small budget: that is the one that a person reads, and a merchant with two
hundred wrong signs must not pay two hundred searches.
"""

from typing import TYPE_CHECKING, Final

from alipay_qr_conformance.model.outcomes import WrongSign
from alipay_qr_conformance.model.verdicts import Diagnosis, Text

if TYPE_CHECKING:
    from alipay_qr_conformance.model.test_account import TestKeys

BUDGET: Final = 20_000
"""Hypotheses a finding may cost: some 50 ms, enough for every single mistake and the common pairs."""


def explained(wrong_sign: WrongSign, keys: "TestKeys") -> Diagnosis | None:
    """Return the mistakes that reproduce the sign; None where none do."""
    from alipay_qr_conformance.doctor import explain_params

    rsa = wrong_sign.sign_type != "MD5"
    diagnosis = explain_params(
        wrong_sign.params,
        wrong_sign.charset,
        wrong_sign.sign_type,
        wrong_sign.sign,
        md5_key=keys.md5_key,
        public_key=keys.merchant_public(wrong_sign.sign_type) if rsa else None,
        budget=BUDGET,
    )
    if diagnosis.verdict != "explained":
        return None
    text = Text(
        "; ".join(mistake.title("en") for mistake in diagnosis.mistakes),
        "；".join(mistake.title("zh") for mistake in diagnosis.mistakes),
    )
    return Diagnosis(text, tuple(mistake.id for mistake in diagnosis.mistakes))


def in_words(wrong_sign: WrongSign, keys: "TestKeys") -> Text | None:
    """Return the mistakes that reproduce the sign, in words; None where none do."""
    found = explained(wrong_sign, keys)
    return found.text if found else None
