"""The conformance statement: what a subject says about itself, signed, and made checkable.

    statement    a run as an in-toto statement with the predicate test-result
    sealed       a statement in a DSSE envelope, signed with a private key
    opened       a statement out of an envelope whose signature holds
    differences  what a second run says differently

It is self-asserted: the signature proves who says it and that nobody changed it, not that the run took place.
Whoever wants to know runs ``alipay-qr report verify`` with the same subject.

Sources: in-toto attestation 1.0 (Statement, test-result v0.1), DSSE 1.0.2.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from alipay_qr._version import __version__
from alipay_qr_conformance.model.requirement_sets import RequirementSet
from alipay_qr_conformance.report.digests import key_digest, kit_digest, policy_digest, vectors_digest
from alipay_qr_conformance.report.json_report import canonical
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.report.summary import Summary, summarise

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://in-toto.io/attestation/test-result/v0.1"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
OWN: Final = "alipay-qr-conformance"
"""Below this name stands in the predicate what test-result has no field for."""


class StatementError(ValueError):
    """The file is no statement, or its signature does not hold; the text says which."""


class KeyFileError(ValueError):
    """The file holds no key that signs statements; the text says what it may hold."""


def statement(run: Run, counted: RequirementSet, tree: str, expires: date) -> dict[str, Any]:
    """Return the statement about a run.

    Args:
        run: the run.
        counted: the requirements that count; others stand in ``later``.
        tree: the SHA-256 digest of the subject's code, as `digests.tree_digest` returns it.
        expires: the last day on which it is good.
    """
    inside = summarise([each for each in run.results if each.requirement in counted.ids], run.plan.level)
    later = summarise([each for each in run.results if each.requirement not in counted.ids], run.plan.level)
    failed = sorted({row.id for row, found in inside.findings if (found.keyword or row.keyword) == "MUST"})
    warned = sorted({row.id for row, _ in inside.findings} - {*failed})
    verdicts = {row.requirement.id: row.verdict.value for row in inside.rows}
    declared = run.plan.policy.declared()
    settings = {name: getattr(run.plan, name) for name in ("level", "seed", "depth", "profile")}
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": run.subject.name or "subject", "digest": {"sha256": tree}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "result": _result(failed, warned, inside),
            "configuration": [
                _described("kit", kit_digest(), version=__version__),
                _described("vectors", vectors_digest()),
                _described("requirement-set", counted.sha256, date=counted.day.isoformat()),
                _described("policy", policy_digest(declared), declared=declared),
                _described("run", policy_digest(settings), **settings),
            ],
            "passedTests": sorted(each for each, verdict in verdicts.items() if verdict == "pass"),
            "warnedTests": warned,
            "failedTests": failed,
            OWN: {
                "selfAsserted": True,
                "expires": expires.isoformat(),
                "levelReached": inside.level,
                "racesJudged": run.races_judged,
                "subject": {"version": run.subject.version, "language": run.subject.language},
                "verdicts": verdicts,
                "later": {row.requirement.id: row.verdict.value for row in later.rows},
            },
        },
    }


def _result(failed: list[str], warned: list[str], inside: Summary) -> str:
    """Return what a gate reads: a level that was asked for and not reached has not passed."""
    if failed:
        return "FAILED"
    return "WARNED" if warned or inside.level < inside.asked else "PASSED"


def _described(name: str, sha256: str, **annotations: object) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "digest": {"sha256": sha256}}
    return found | ({"annotations": annotations} if annotations else {})


def described(claimed: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what a statement says of the kit, the vectors, the requirement set, the policy or the run."""
    return next(each for each in claimed["predicate"]["configuration"] if each["name"] == name)


def sealed(claimed: Mapping[str, Any], key: "PrivateKeyTypes") -> bytes:
    """Return a statement in a signed envelope, as canonical JSON with an end of line.

    Raises:
        KeyFileError: a key of this kind signs no statement.
    """
    payload = canonical(claimed).encode("ascii")
    signature = {"keyid": key_digest(key.public_key()), "sig": _base64(_sign(key, _authenticated(payload)))}
    envelope = {"payload": _base64(payload), "payloadType": PAYLOAD_TYPE, "signatures": [signature]}
    return canonical(envelope).encode("ascii") + b"\n"


def opened(text: bytes, key: "PublicKeyTypes") -> dict[str, Any]:
    """Return the statement in an envelope.

    Only the one canonical form is read, so that whatever is changed in the file is noticed.

    Raises:
        StatementError: no such envelope, another key, a signature that does not hold, or no statement inside.
        KeyFileError: a key of this kind signs no statement.
    """
    try:
        envelope = json.loads(text)
        payload, (signature,) = _bytes(envelope["payload"]), envelope["signatures"]
        claims = signature["keyid"], _bytes(signature["sig"])
        written = canonical(envelope).encode("ascii") + b"\n"
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        raise StatementError("this is no statement: it is no DSSE envelope with one signature") from None
    parts = ({*envelope}, {*signature})
    if written != text or envelope.get("payloadType") != PAYLOAD_TYPE or parts != _PARTS:
        raise StatementError("this is no statement as the kit writes it: it was written anew, or is another")
    if claims[0] != key_digest(key):
        raise StatementError("it was signed with another key than the one given")
    if not _holds(key, claims[1], _authenticated(payload)):
        raise StatementError("the signature does not hold: the statement was changed")
    return _read(payload)


_PARTS: Final = ({"payload", "payloadType", "signatures"}, {"keyid", "sig"})


def _read(payload: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(payload)
        kind, own = (found["_type"], found["predicateType"]), found["predicate"][OWN]
        date.fromisoformat(own["expires"])
        settings = described(found, "run")["annotations"]
        known = {"level", "seed", "depth", "profile"} == set(settings)
    except (ValueError, TypeError, KeyError, StopIteration, RecursionError):
        raise StatementError("it is signed, and no statement of this kit") from None
    if kind != (STATEMENT_TYPE, PREDICATE_TYPE) or not known:
        raise StatementError("it is signed, and no statement of this kit")
    return found


def differences(claimed: Mapping[str, Any], seen: Mapping[str, Any]) -> list[str]:
    """Return what a second run says differently, one line each; the day of expiry is not compared."""
    one, two = _flat(claimed), _flat(seen)
    return [
        f"{name}: claimed {one.get(name, '-')}, seen {two.get(name, '-')}"
        for name in sorted({*one, *two})
        if one.get(name) != two.get(name) and name != f"predicate.{OWN}.expires"
    ]


def _flat(value: object, name: str = "") -> dict[str, str]:
    """Return the leaves of plain data by their path; lists of described things go by their names."""
    if isinstance(value, Mapping):
        pairs = [(str(key), each) for key, each in value.items()]
    elif (
        isinstance(value, list) and value and all(isinstance(each, dict) and "name" in each for each in value)
    ):
        pairs = [(str(each.get("name")), each) for each in value]
    else:
        return {name: value if isinstance(value, str) else canonical(value)}
    return {
        path: leaf
        for key, each in pairs
        for path, leaf in _flat(each, f"{name}.{key}" if name else key).items()
    }


def _authenticated(payload: bytes) -> bytes:
    """Return what is signed: DSSE's pre-authentication encoding."""
    return b"DSSEv1 %d %b %d %b" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    """Return what the one right base64 of bytes stands for; spare bits at its end are not ignored."""
    data = base64.b64decode(text, validate=True)
    if _base64(data) != text:
        raise binascii.Error("not the base64 of these bytes")
    return data


def _sign(key: "PrivateKeyTypes", data: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    match key:
        case ed25519.Ed25519PrivateKey():
            return key.sign(data)
        case ec.EllipticCurvePrivateKey():
            return key.sign(data, ec.ECDSA(hashes.SHA256()))
        case rsa.RSAPrivateKey():
            return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    raise KeyFileError("a key that signs statements is Ed25519, ECDSA or RSA")


def _holds(key: "PublicKeyTypes", signature: bytes, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    try:
        match key:
            case ed25519.Ed25519PublicKey():
                key.verify(signature, data)
            case ec.EllipticCurvePublicKey():
                key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
            case rsa.RSAPublicKey():
                key.verify(signature, data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
            case _:
                raise KeyFileError("a key that signs statements is Ed25519, ECDSA or RSA")
    except InvalidSignature:
        return False
    return True


def private_key(data: bytes) -> "PrivateKeyTypes":
    """Return the private key in the bytes of a PEM file.

    Raises:
        KeyFileError: it holds none, or one with a password; nothing of it is told.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError("it holds no private key in PEM without a password") from None


def public_key(data: bytes) -> "PublicKeyTypes":
    """Return the public key in the bytes of a PEM file.

    Raises:
        KeyFileError: it holds none; nothing of it is told.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        return load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileError("it holds no public key in PEM") from None
