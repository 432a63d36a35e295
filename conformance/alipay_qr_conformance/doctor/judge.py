"""Which reading of a message holds, and what can be said of it: right, wrong, or why it cannot be said.

A reading whose sign verifies wins; then the one that the fewest mistakes explain. *Wrong* is said where
mistakes reproduce the sign, where its form is impossible, or where the key is known to be the account's;
else the answer is why it cannot be said, and what would settle it.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, RSAPublicNumbers

from alipay_qr.account import TEST_PARTNER
from alipay_qr.errors import AlipayQrError
from alipay_qr.presign import presign
from alipay_qr.signing import RsaVerifier
from alipay_qr_conformance.doctor.model import Diagnosis
from alipay_qr_conformance.doctor.sign.explain import explain_params
from alipay_qr_conformance.doctor.sign.keys import CandidateKeys, candidate_keys
from alipay_qr_conformance.doctor.sign.search import DEFAULT_BUDGET
from alipay_qr_conformance.reading.assemble import kind_of
from alipay_qr_conformance.reading.message import Candidate, Message, Ways
from alipay_qr_conformance.reading.patterns import later

Judged = Literal["right", "wrong", "cannot-say"]

_CODECS: Final = frozenset({"UTF-8", "GBK", "GB2312"})
_MASKED: Final = later(r"\*{3,}|x{6,}|X{6,}|\[(?:FILTERED|REDACTED|masked)\]|REDACTED", re.ASCII)
_SHORTENED: Final = later(r"\.\.\.|\u2026")
_CUT_HEX: Final = later(r"[0-9a-f]{1,31}")
_CUT_BASE64: Final = later(r"[A-Za-z0-9+/]{33,171}")
_BROKEN: Final = frozenset({"second-question-mark", "ampersand-in-url"})
"""What a message suffers on the wire: its sign is right, and the gateway reads something else."""

_MOST_EXPLAINED: Final = 4
"""Readings that are searched where none verifies: each costs as much as a message."""
_FRAMED: Final = frozenset({"sign.missing", "sign.empty"})
_WORD: Final = later(r"[\w.\- ]*")
_QUIET: Final = frozenset(
    {"post.charset-not-in-query", "content-type", "charset.missing", "charset.undecodable"}
)


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What was given to judge by: labels and keys, the one that ought to fit first.

    Attributes:
        remarks: what is odd about the files, as reasons.
    """

    md5: tuple[tuple[str, str], ...] = ()
    public: tuple[tuple[str, RSAPublicKey], ...] = ()
    private: RSAPrivateKey | None = None
    remarks: Ways = ()
    _candidates: dict[bool, CandidateKeys] = field(default_factory=dict, init=False)

    def candidates(self, *, received: bool) -> CandidateKeys:
        """Return the keys and the published ones, in the order in which they ought to fit."""
        found = self._candidates.get(received)
        if found is None:
            found = self._candidates[received] = candidate_keys(
                md5_key=self.md5[0][1] if self.md5 else None,
                public_key=self.public[0][1] if self.public else None,
                private_key=self.private,
                candidates=self.public[1:],
                md5_candidates=self.md5[1:],
                received=received,
            )
        return found


_PUBLISHED: Final = Keys()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What can be said of one message.

    Attributes:
        verdict: ``right``, ``wrong`` or ``cannot-say``.
        reading: the reading that was judged; None for what is no message.
        diagnosis: what the search found on it.
        reasons: why it cannot be said, or what is odd: codes of ``reason.*``.
        next_steps: what to look at now, in the order in which Alipay checks: codes of ``next.*``.
    """

    message: Message
    verdict: Judged
    reading: Candidate | None = None
    diagnosis: Diagnosis | None = field(default=None, repr=False)
    reasons: Ways = ()
    next_steps: Ways = ()

    @property
    def cause(self) -> tuple[str, ...]:
        """What messages are grouped by."""
        if self.verdict == "wrong" and self.diagnosis is not None and self.diagnosis.mistakes:
            return tuple(each.id for each in self.diagnosis.mistakes)
        if self.message.kind in {"error-code", "other-protocol"}:
            return (self.message.kind, self.message.detail)
        return tuple(code for code, _ in self.reasons[:1]) if self.verdict != "right" else ()


def judge(
    message: Message,
    keys: Keys,
    *,
    depth: int = 3,
    budget: int = DEFAULT_BUDGET,
    address: str = "",
    brief: bool = False,
    met: Sequence[Diagnosis] = (),
) -> Judgement:
    """Judge one message.

    Args:
        message: as the reader found it; no key.
        keys: what was given; without any, those of the public test account.
        depth: how many mistakes may be combined: 1 to 3; 0 to search none.
        budget: how many hypotheses are compared at most.
        address: the host that it was sent to, where that is known.
        brief: True to say of a right message that it is right, and nothing else.
        met: what other messages suffer from, which is looked for first: a program errs in one way.
    """
    if message.kind in {"error-code", "other-protocol", "unread"}:
        return Judgement(message, "cannot-say", reasons=((message.kind, message.detail),))
    held = keys.candidates(received=message.received)
    for candidate in message.candidates:
        kind = _verified(candidate, held, guess=message.received or message.kind == "text-and-sign")
        if kind and brief and not _is_broken(message, candidate):
            return Judgement(message, "right", candidate)
        if kind:
            return _right(message, candidate, kind, keys, address)
    first = message.candidates.first
    if (again := met_again(first, met)) is not None:
        return Judgement(message, "wrong", first, again)
    if depth == 0:
        return Judgement(message, "cannot-say", reasons=(("not-searched", ""),))
    if keys.remarks and (known := _by_test_account(message)) is not None:
        candidate, kind = known
        plain = Keys(remarks=(*keys.remarks, ("key-of-test-account", "")))
        return _right(message, candidate, kind, plain, address)
    reading, diagnosis = _explained(message, keys, depth, budget)
    cut = tuple(_cut_off(reading, held))
    if diagnosis.verdict == "explained" and not cut and not _is_of_the_frame(reading, diagnosis):
        reasons = (*keys.remarks, *_oddities(reading))
        return Judgement(message, "wrong", reading, diagnosis, reasons, _after_wrong(message, diagnosis))
    lost = tuple(dict.fromkeys((*cut, *_lost(reading), *_shortened(message))))
    reasons = (*lost, *keys.remarks) or tuple(_unsettled(reading, diagnosis, held))
    wrong = not reasons and reading.certain
    if not wrong and not reasons:
        reasons = (("separated", ""),)
    return Judgement(
        message, "wrong" if wrong else "cannot-say", reading, diagnosis, reasons, _settling(message)
    )


def holds(candidate: Candidate, keys: Keys) -> bool:
    """Say whether the sign of a reading is right."""
    received = kind_of(candidate.params) != "request"
    return bool(_verified(candidate, keys.candidates(received=received), guess=False))


def met_again(candidate: Candidate, met: Sequence[Diagnosis]) -> Diagnosis | None:
    """Return what was found on another message, if the sign of this reading comes of the same mistakes."""
    if not candidate.sign or candidate.sent_in:
        return None
    received = kind_of(candidate.params) != "request"
    for each in met:
        if (
            each.alike is not None
            and each.received == received
            and each.alike(candidate.params, candidate.charset, candidate.sign_type, candidate.sign)
            and not _is_of_the_frame(candidate, each)
        ):
            return each
    return None


def _is_of_the_frame(reading: Candidate, diagnosis: Diagnosis) -> bool:
    """Say whether what explains the sign may come of how the message was cut out of the text around it."""
    if reading.certain:
        return False
    kinds = {each.id for each in diagnosis.mistakes}
    if any(way == "struct" for way, _ in reading.ways) and any(each.startswith("names.") for each in kinds):
        return True
    values = (reading.sign_type, reading.charset)
    return not _FRAMED.isdisjoint(kinds) or not all(_WORD.fullmatch(value) for value in values)


def _by_test_account(message: Message) -> tuple[Candidate, str] | None:
    """Return the reading that the published key verifies, of a message of the public test account."""
    held = _PUBLISHED.candidates(received=message.received)
    for candidate in message.candidates:
        if TEST_PARTNER in {value for name, value in candidate.params if name in {"partner", "seller_id"}}:
            kind = _verified(candidate, held, guess=message.received)
            if kind:
                return candidate, kind
    return None


def _verified(candidate: Candidate, held: CandidateKeys, *, guess: bool) -> str:
    """Return the sign type by which the sign is right; an empty text where it is not."""
    sign, declared = candidate.sign, candidate.sign_type
    if not sign or candidate.sent_in or candidate.charset.strip().upper() not in _CODECS:
        return ""
    try:
        text = presign(candidate.params, candidate.charset)
    except AlipayQrError:
        return ""
    types = (declared,) if declared or not guess else ("MD5", "RSA2", "RSA")
    for kind in types:
        if kind == "MD5" and _digest(text, held.md5_key) == sign:
            return kind
        if kind in {"RSA", "RSA2"} and _verifier(held.public[0].n, held.public[0].e, kind).verify(text, sign):
            return kind
    return ""


@lru_cache(maxsize=16)
def _verifier(modulus: int, exponent: int, kind: str) -> RsaVerifier:
    return RsaVerifier(RSAPublicNumbers(exponent, modulus).public_key(), kind)


def _diagnose(
    message: Message,
    candidate: Candidate,
    keys: Keys,
    depth: int,
    kind: str = "",
    budget: int = DEFAULT_BUDGET,
) -> Diagnosis:
    return explain_params(
        candidate.params,
        candidate.charset,
        kind or candidate.sign_type,
        candidate.sign,
        md5_key=keys.md5[0][1] if keys.md5 else None,
        public_key=keys.public[0][1] if keys.public else None,
        private_key=keys.private,
        candidates=keys.public[1:],
        md5_candidates=keys.md5[1:],
        received=message.received,
        sent_in=candidate.sent_in,
        budget=budget,
        depth=depth,
    )


def _right(message: Message, candidate: Candidate, kind: str, keys: Keys, address: str) -> Judgement:
    diagnosis = _diagnose(message, candidate, keys, 1, kind)
    reasons = (*keys.remarks, *_oddities(candidate))
    if not candidate.sign_type:
        reasons = (*reasons, ("sign-type-absent", kind))
    broken = _is_broken(message, candidate)
    steps = () if broken else tuple(_after_right(message, candidate, address))
    return Judgement(message, "wrong" if broken else "right", candidate, diagnosis, reasons, steps)


def _is_broken(message: Message, candidate: Candidate) -> bool:
    """Say whether the form on the wire was seen, and what is odd about it was sent so."""
    return any(way in _BROKEN for way, _ in candidate.ways) and message.candidates.first.wire


def _oddities(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Yield what is odd about a reading whose sign was explained all the same."""
    for way, detail in candidate.ways:
        if way in _BROKEN or way in {"entity-characters", "charset-assumed"}:
            yield way, detail


def _explained(message: Message, keys: Keys, depth: int, budget: int) -> tuple[Candidate, Diagnosis]:
    """Return the reading that the fewest mistakes explain, the likeliest first."""
    first = message.candidates.first
    kind = _assumed(first) if message.kind == "text-and-sign" else ""
    best = first, _diagnose(message, first, keys, depth, kind, budget)
    if best[1].verdict == "explained" and len(best[1].mistakes) == 1:
        return best
    unopened = any(code == "rsa.no-key" for code, _ in best[1].facts)  # whatever the text is
    for candidate in islice(message.candidates, 1, _MOST_EXPLAINED):
        if unopened and candidate.sign == first.sign:
            continue
        found = _diagnose(message, candidate, keys, 1, _assumed(candidate) if kind else "")
        if found.verdict == "explained" and (
            best[1].verdict != "explained" or _weight(candidate, found) < len(best[1].mistakes)
        ):
            best = candidate, found
    return best


def _weight(candidate: Candidate, found: Diagnosis) -> int:
    """Return how many things have gone wrong; that an encoded form was meant as it stands is one of them."""
    return len(found.mistakes) + any(way == "decoded" for way, _ in candidate.ways)


def _assumed(candidate: Candidate) -> str:
    """Return the sign type of a text and its sign, which say none."""
    return candidate.sign_type or ("MD5" if len(candidate.sign or "") == 32 else "RSA2")  # noqa: PLR2004 (an MD5 digest)


def _lost(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Yield what is missing in the text itself."""
    for name, value in candidate.params:
        if "\ufffd" in value:
            yield "replaced", name
        if name in {"sign", "partner", "seller_id", "notify_id"} and _MASKED.search(value):
            yield "masked", name
    if any(way == "struct" for way, _ in candidate.ways):
        yield "struct", ""


def _shortened(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the sign if any reading of it ends in dots."""
    if any(_SHORTENED.search(candidate.sign or "") for candidate in message.candidates):
        yield "shortened", "sign"


def _digest(text: bytes, key: str) -> str:
    return hashlib.md5(text + key.encode(), usedforsecurity=False).hexdigest()


def _cut_off(candidate: Candidate, held: CandidateKeys) -> Iterator[tuple[str, str]]:
    """Yield what was probably lost when the end of a message was cut off."""
    sign = candidate.sign
    if sign is None and not candidate.sign_type:
        yield "no-sign", ""
    elif sign and _CUT_BASE64.fullmatch(sign) and candidate.sign_type in {"RSA", "RSA2"}:
        yield "shortened", "sign"
    elif sign and _CUT_HEX.fullmatch(sign):
        with suppress(AlipayQrError):
            if _digest(presign(candidate.params, candidate.charset), held.md5_key).startswith(sign):
                yield "shortened", "sign"


def _unsettled(candidate: Candidate, diagnosis: Diagnosis, held: CandidateKeys) -> Iterator[tuple[str, str]]:
    """Yield why an unexplained sign proves nothing; nothing where it is wrong for certain."""
    codes = {code for code, _ in diagnosis.facts}
    if "message.large" in codes:
        yield "large", ""
        return
    if "sign.unreadable" in codes or "presign.unencodable" in codes:
        if not candidate.certain:
            yield "separated", ""
        return
    values = dict(candidate.params)
    partner = values.get("partner") or values.get("seller_id") or ""
    default = held.md5_default if "md5.undecided" in codes else held.public_default
    if "rsa.text" in codes and not default:
        return
    if default and partner != TEST_PARTNER:
        yield "key-unknown", partner
    elif not default:
        yield "key-unproved", ""
    elif not candidate.certain:
        if candidate.sign_type == "MD5":
            yield "key-or-text", ""
        yield "separated", ""


def _after_right(message: Message, candidate: Candidate, address: str) -> Iterator[tuple[str, str]]:
    values = dict(candidate.params)
    if message.received:
        yield "received", ""
        return
    if values.get("partner") == TEST_PARTNER and address:
        yield "test-at-live", address
    yield "key", ""
    yield "contract", ""
    if "timestamp" in values:
        yield "clock", ""


def _after_wrong(message: Message, diagnosis: Diagnosis) -> Ways:
    if any(each.id.startswith("key.") for each in diagnosis.mistakes):
        return (("key-first", ""),)
    return (("received-again", ""),) if message.received else (("sent-again", ""),)


def _settling(message: Message) -> Ways:
    return (("give-received", ""),) if message.received else (("give-sent", ""),)


def notes(message: Message, candidate: Candidate) -> Iterator[str]:
    """Yield what was odd about the form on the wire, but what every paste has."""
    told = message.source in {"har", "command"} and not message.received
    quiet = _QUIET if not told else _QUIET - {"post.charset-not-in-query", "content-type"}
    for code, detail in candidate.notes:
        if code not in quiet:
            yield f"{code}: {detail}"
