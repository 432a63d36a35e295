"""What the doctor makes of a wrong sign in a finding.

A case that met a wrong sign leaves a `WrongSign` with it. The engine asks the doctor for each, within a small
budget, and a merchant with two hundred wrong signs must not pay two hundred searches: it makes the same
mistakes in every message. Those of former signs are combined first, and of messages of one kind a few are
searched in vain; what is made of single mistakes or of known ones is found in each.
"""

from collections import Counter
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final, NamedTuple

from alipay_qr_conformance.model.outcomes import WrongSign
from alipay_qr_conformance.model.verdicts import Diagnosis, Text

if TYPE_CHECKING:
    from alipay_qr_conformance.doctor.model import Diagnosis as Found
    from alipay_qr_conformance.model.test_account import TestKeys

BUDGET: Final = 20_000
"""Hypotheses a finding may cost: some 50 ms, enough for every single mistake and the common pairs."""


_MOST_IN_VAIN: Final = 2
"""Searches without a result among the requests of one service, by one way to sign."""


class Explained(NamedTuple):
    """The mistake that reproduces a sign, how to mend it, and the text that was signed instead."""

    mistake: Text
    remedy: Text
    signed: str | None


class Searches:
    """The searches of one run, each sign searched once.

    A sign that is explained has the explanation that it would have without the others. Whether one is left
    unexplained may hang on them, where it takes several mistakes that no other sign of the run shows.
    """

    def __init__(self) -> None:
        self._made: dict[WrongSign, Diagnosis | None] = {}
        self._known: set[tuple[str, str]] = set()
        self._in_vain: Counter[tuple[str | None, bool]] = Counter()
        self._left = 0

    def explained(self, wrong_sign: WrongSign, keys: "TestKeys") -> Diagnosis | None:
        """Return the mistakes that reproduce a sign; None where none do, or the search was left out."""
        if wrong_sign not in self._made:
            self._made[wrong_sign] = self._search(wrong_sign, keys)
        return self._made[wrong_sign]

    def remarks(self) -> tuple[str, ...]:
        """Return how many signs were not searched in full, if any, in English."""
        if not self._left:
            return ()
        tried = "for single mistakes and for those of other messages"
        return (f"{self._left} wrong signs were searched {tried} alone: several like them are not explained",)

    def _search(self, wrong_sign: WrongSign, keys: "TestKeys") -> Diagnosis | None:
        kind = dict(wrong_sign.params).get("service"), wrong_sign.sign_type == "MD5"
        in_full = self._in_vain[kind] < _MOST_IN_VAIN
        found = _search(wrong_sign, keys, known=self._known, depth=None if in_full else 1)
        if found.verdict != "explained":
            self._in_vain[kind] += in_full
            self._left += not in_full
            return None
        self._known |= {(each.id, each.detail) for each in found.mistakes}
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


def _search(
    wrong_sign: WrongSign,
    keys: "TestKeys",
    known: AbstractSet[tuple[str, str]] = frozenset(),
    depth: int | None = None,
) -> "Found":
    from alipay_qr_conformance.doctor import DEPTH, explain_params

    rsa = wrong_sign.sign_type != "MD5"
    return explain_params(
        wrong_sign.params,
        wrong_sign.charset,
        wrong_sign.sign_type,
        wrong_sign.sign,
        md5_key=keys.md5_key,
        public_key=keys.merchant_public(wrong_sign.sign_type) if rsa else None,
        budget=BUDGET,
        depth=depth or DEPTH,
        known=known,
    )
