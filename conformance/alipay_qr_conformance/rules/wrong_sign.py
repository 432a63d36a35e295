"""What the doctor makes of a wrong sign in a finding.

A case that met a wrong sign leaves a `WrongSign` with it. The engine asks the doctor for the first finding
of each requirement only, within a small budget: that is the one that a person reads, and a merchant with two
hundred wrong signs must not pay two hundred searches.
"""

from typing import TYPE_CHECKING, Final, NamedTuple

from alipay_qr_conformance.model.outcomes import WrongSign
from alipay_qr_conformance.model.verdicts import Diagnosis, Text

if TYPE_CHECKING:
    from alipay_qr_conformance.doctor.model import Diagnosis as Found
    from alipay_qr_conformance.model.test_account import TestKeys

BUDGET: Final = 20_000
"""Hypotheses a finding may cost: some 50 ms, enough for every single mistake and the common pairs."""


class Explained(NamedTuple):
    """The mistake that reproduces a sign, how to mend it, and the text that was signed instead."""

    mistake: Text
    remedy: Text
    signed: str | None


def explained(wrong_sign: WrongSign, keys: "TestKeys") -> Diagnosis | None:
    """Return the mistakes that reproduce the sign; None where none do."""
    found = _search(wrong_sign, keys)
    if found.verdict != "explained":
        return None
    return Diagnosis(_titles(found), tuple(mistake.id for mistake in found.mistakes))


def in_full(wrong_sign: WrongSign, keys: "TestKeys") -> Explained | None:
    """Return the mistakes that reproduce the sign, with all that a person needs; None where none do."""
    found = _search(wrong_sign, keys)
    if found.verdict != "explained":
        return None
    remedies = [(each.remedy("en"), each.remedy("zh")) for each in found.mistakes]
    remedy = Text(" ".join(en for en, _ in remedies), "".join(zh for _, zh in remedies))
    return Explained(_titles(found), remedy, found.signed_presign)


def _titles(found: "Found") -> Text:
    mistakes = found.mistakes
    return Text(
        "; ".join(each.title("en") for each in mistakes), "；".join(each.title("zh") for each in mistakes)
    )


def _search(wrong_sign: WrongSign, keys: "TestKeys") -> "Found":
    from alipay_qr_conformance.doctor import explain_params

    rsa = wrong_sign.sign_type != "MD5"
    return explain_params(
        wrong_sign.params,
        wrong_sign.charset,
        wrong_sign.sign_type,
        wrong_sign.sign,
        md5_key=keys.md5_key,
        public_key=keys.merchant_public(wrong_sign.sign_type) if rsa else None,
        budget=BUDGET,
    )
