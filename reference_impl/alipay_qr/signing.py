"""Signatures over the pre-sign bytes: MD5, RSA and RSA2.

    MD5    md5(pre-sign bytes + key), 32 lower-case hex digits; the key follows at once, without ``&``
    RSA    SHA1withRSA, PKCS#1 v1.5, base64 on one line
    RSA2   SHA256withRSA, PKCS#1 v1.5, base64 on one line

(``docs.antom.com/ac/web/signing``, gr/globalgs, which recommends RSA2; all three are proved on genuine
messages.) Alipay's RSA2 key is another one, of 2048 bits, than its RSA key.

A `Signer` signs what we send, a `Verifier` checks what came. Both hold their key, loaded once, and
know their ``sign_type``: a verifier never asks the message which algorithm to use, so nobody can talk
it down from RSA to MD5.
"""

import base64
import binascii
import hashlib
import hmac
import re
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm

from alipay_qr.errors import SignTypeError, Unencodable
from alipay_qr.presign import Params, presign

SIGN_TYPES: Final = ("MD5", "RSA", "RSA2")

_HASHES: Final[dict[str, HashAlgorithm]] = {"RSA": SHA1(), "RSA2": SHA256()}
_PADDING: Final = PKCS1v15()
_MD5_SIGN: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Signer(Protocol):
    """Signs pre-sign bytes with one key and one algorithm."""

    @property
    def sign_type(self) -> str:
        """MD5, RSA or RSA2: the value of the parameter ``sign_type``."""
        ...

    def sign(self, message: bytes) -> str:
        """Return the value of the parameter ``sign``."""
        ...


class Verifier(Protocol):
    """Checks a sign with one key and one algorithm."""

    @property
    def sign_type(self) -> str:
        """MD5, RSA or RSA2: the only ``sign_type`` that this verifier accepts."""
        ...

    def verify(self, message: bytes, sign: str) -> bool:
        """Say whether ``sign`` is the signature of ``message``; malformed signs are simply not."""
        ...


class Md5:
    """MD5 with a shared key: signs and verifies.

    Args:
        key: the 32-character key of the account; blanks and newlines around it are an error, because
            they would be signed along and give ILLEGAL_SIGN without a trace.

    Raises:
        SignTypeError: the key is empty or surrounded by white space.
    """

    sign_type: Final = "MD5"

    def __init__(self, key: str) -> None:
        if not key or key != key.strip() or not key.isascii():
            raise SignTypeError(
                "the MD5 key is empty, surrounded by white space or no ASCII",
                code="md5-key.form",
                hint="copy the 32 characters of the key alone, without blanks or a line end",
            )
        self._key = key.encode("ascii")

    def sign(self, message: bytes) -> str:
        """Return the MD5 of ``message`` followed by the key, in lower-case hex."""
        return hashlib.md5(message + self._key, usedforsecurity=False).hexdigest()

    def verify(self, message: bytes, sign: str) -> bool:
        """Compare in constant time; only 32 lower-case hex digits can be right."""
        return bool(_MD5_SIGN.fullmatch(sign)) and hmac.compare_digest(self.sign(message), sign)

    def __repr__(self) -> str:
        return "Md5(key=<hidden>)"


class RsaSigner:
    """RSA or RSA2 with the merchant's private key.

    Raises:
        SignTypeError: ``sign_type`` is neither RSA nor RSA2.
    """

    def __init__(self, key: RSAPrivateKey, sign_type: str = "RSA") -> None:
        self._hash = _hash(sign_type)
        self._key = key
        self.sign_type = sign_type

    def sign(self, message: bytes) -> str:
        """Return the PKCS#1 v1.5 signature in base64 on one line."""
        return base64.b64encode(self._key.sign(message, _PADDING, self._hash)).decode("ascii")

    def __repr__(self) -> str:
        return f"RsaSigner(key=<hidden>, sign_type={self.sign_type!r})"


class RsaVerifier:
    """RSA or RSA2 with the other side's public key.

    Raises:
        SignTypeError: ``sign_type`` is neither RSA nor RSA2.
    """

    def __init__(self, key: RSAPublicKey, sign_type: str = "RSA") -> None:
        self._hash = _hash(sign_type)
        self._key = key
        self.sign_type = sign_type

    def verify(self, message: bytes, sign: str) -> bool:
        """Check the signature; anything but canonical base64 is wrong without a look at the key."""
        raw = _canonical_base64(sign)
        if raw is None:
            return False
        try:
            self._key.verify(raw, message, _PADDING, self._hash)
        except InvalidSignature:
            return False
        return True


def sign_params(params: Params, signer: Signer, charset: str = "UTF-8") -> str:
    """Return the sign of ``params``; see `presign` for what is signed and what is raised."""
    return signer.sign(presign(params, charset))


def verify_params(params: Params, verifier: Verifier, charset: str = "UTF-8") -> bool:
    """Say whether the ``sign`` among ``params`` holds.

    False where ``sign`` is absent or stands twice, where any name stands twice (two readers could
    believe different values), where ``sign_type`` is not the verifier's own, and where a value does not
    exist in ``charset``: nobody can have signed it.

    Raises:
        UnknownCharset: ``charset`` is none of the three.
    """
    if isinstance(params, dict):
        fields = params
    else:
        pairs = list(params.items() if hasattr(params, "items") else params)
        fields = dict(pairs)
        if len(fields) != len(pairs):
            return False
    if fields.get("sign_type") != verifier.sign_type:
        return False
    try:
        message = presign(fields, charset)
    except Unencodable:
        return False
    return verifier.verify(message, fields.get("sign") or "")


def _hash(sign_type: str) -> HashAlgorithm:
    try:
        return _HASHES[sign_type]
    except KeyError:
        raise SignTypeError(
            f"sign type {sign_type[:20]!r} is not RSA or RSA2",
            code="sign-type.unknown",
            hint="write it in capital letters: MD5, RSA or RSA2",
        ) from None


def _canonical_base64(text: str) -> bytes | None:
    try:
        raw = binascii.a2b_base64(text)
    except ValueError:
        return None
    return raw if binascii.b2a_base64(raw, newline=False).decode("ascii") == text else None
