"""What a sign says by itself: from its value and the keys to the searches that are worth making.

The form of the sign is read, an RSA signature is opened with each public key at hand; what is deduced on the
way (capital hex, another key, another hash) is a mistake already named. What is left to
search is an `Interpretation`.
"""

from typing import Final, NamedTuple

from alipay_qr_conformance.doctor.mistakes import mistake
from alipay_qr_conformance.doctor.mistakes.hash import new_hash
from alipay_qr_conformance.doctor.model import Mistake
from alipay_qr_conformance.doctor.sign.encoding import Reading, readings
from alipay_qr_conformance.doctor.sign.hashing import Attachment, Md5Attachments, RsaAttachments
from alipay_qr_conformance.doctor.sign.keys import CandidateKeys
from alipay_qr_conformance.doctor.sign.rsa import Opened, encrypted_with_public_key, open_signature
from alipay_qr_conformance.doctor.sign.search import Target

EXPECTED: Final = {"MD5": "md5", "RSA": "sha1", "RSA2": "sha256"}
_TITLES: Final = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha224": "SHA-224",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}

Facts = tuple[tuple[str, str], ...]


class Evidence(NamedTuple):
    """The sign and what is known beside it; ``deduced`` are mistakes seen before the sign was read."""

    sign: str
    declared: str
    deduced: tuple[Mistake, ...]
    keys: CandidateKeys
    partner: str
    received: bool


class Interpretation(NamedTuple):
    """One way to read the sign that is worth a search: what was deduced, and what the text must hash to."""

    deduced: tuple[Mistake, ...]
    target: Target
    facts: Facts


def interpretations_of(evidence: Evidence) -> tuple[list[Interpretation], Facts]:
    """Return the searches worth making, the fewest deduced mistakes first, and what is proved."""
    interpretations: list[Interpretation] = []
    facts: Facts = ()
    found = readings(evidence.sign)
    if not found:
        facts = (("sign.unreadable", str(len(evidence.sign))),)
    unopened = False
    for reading in found:
        if reading.kind == "digest":
            interpretations.append(_digest_interpretation(evidence, reading))
        elif (opened := _opened(evidence.keys, reading.data)) is not None:
            interpretations.append(_rsa_interpretation(evidence, reading, opened))
        elif (payload := _decrypted(evidence.keys, reading.data)) is not None:
            interpretations.append(_encrypted_interpretation(evidence, reading, payload))
        else:
            unopened = True
    if unopened and not interpretations:
        facts = (("rsa.no-key", ", ".join(key.label for key in evidence.keys.public)),)
    interpretations.sort(key=lambda interpretation: len(interpretation.deduced))
    return interpretations, facts


def _digest_interpretation(evidence: Evidence, reading: Reading) -> Interpretation:
    deduced = [*evidence.deduced, *reading.mistakes]
    title = _TITLES[reading.name]
    if evidence.declared in {"RSA", "RSA2"}:
        deduced.append(mistake("sign-type.mismatch", f"{evidence.declared}, {title}"))
    if reading.name != "md5":
        deduced.append(mistake("digest.other-hash", title))
    new = new_hash(reading.name)
    attachments = Md5Attachments(evidence.keys.md5_key, evidence.partner, evidence.keys.md5_others, new)
    accepts = reading.accepts or reading.data.__eq__
    facts = (("key.test", "MD5"),) if evidence.keys.md5_default else ()
    return Interpretation(tuple(deduced), Target(new, accepts, attachments), facts)


def _rsa_interpretation(evidence: Evidence, reading: Reading, opened: Opened) -> Interpretation:
    deduced = [*evidence.deduced, *reading.mistakes]
    title = _TITLES.get(opened.hash, "?")
    if evidence.declared == "MD5":
        deduced.append(mistake("sign-type.mismatch", "MD5, RSA"))
    expected = evidence.keys.public[0]
    if (opened.key.n, opened.key.e) != (expected.n, expected.e):
        own = evidence.received and evidence.keys.own == (expected.n, expected.e)
        deduced.append(mistake("key.own-public" if own else "key.other-rsa", opened.key.label))
    if opened.form != "digest-info":
        deduced.append(mistake("digest.rsa-form", opened.form))
    if (
        evidence.declared in EXPECTED
        and opened.hash
        and opened.hash != EXPECTED[evidence.declared]
        and evidence.declared != "MD5"
    ):
        deduced.append(mistake("digest.rsa-hash", f"{title} ({evidence.declared})"))
    facts = [("rsa.key", opened.key.label)]
    if opened.hash:
        facts.append(("rsa.hash", title))
    if evidence.keys.public_default:
        facts.insert(0, ("key.test", "RSA"))
    if opened.form == "text":
        return Interpretation(tuple(deduced), _text_target(opened.digest), tuple(facts))
    new = new_hash(opened.hash)
    attachments = RsaAttachments(new, evidence.keys.md5_key)
    return Interpretation(tuple(deduced), Target(new, opened.accepts, attachments), tuple(facts))


def _text_target(payload: bytes) -> Target:
    """Return the target of a signature that holds the text itself: compared by its SHA-256."""
    new = new_hash("sha256")
    wanted = new(payload).digest()
    right = Attachment((), 0, b"", lambda data: new(data).digest(), "{text}")
    return Target(new, wanted.__eq__, lambda size: [] if size else [right])


def _encrypted_interpretation(evidence: Evidence, reading: Reading, payload: bytes) -> Interpretation:
    deduced = (*evidence.deduced, *reading.mistakes, mistake("digest.encrypted", f"{len(payload)} bytes"))
    sizes = {16: "md5", 20: "sha1", 32: "sha256", 64: "sha512"}
    if len(payload) in sizes:
        new = new_hash(sizes[len(payload)])
        return Interpretation(deduced, Target(new, payload.__eq__, RsaAttachments(new, None)), ())
    return Interpretation(deduced, _text_target(payload), ())


def _opened(keys: CandidateKeys, signature: bytes) -> Opened | None:
    for key in keys.public:
        if (opened := open_signature(signature, key)) is not None:
            return opened
    return None


def _decrypted(keys: CandidateKeys, signature: bytes) -> bytes | None:
    return encrypted_with_public_key(signature, keys.private) if keys.private is not None else None
