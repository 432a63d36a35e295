"""The hash: another one, HMAC, twice, of a digest. Right is one hash over the text and the key.

A `Compute` is the way from the finished bytes to the digest; which key is joined to them stands in `key`.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Final, Protocol

from alipay_qr_conformance.doctor.model import KEY_MARK

RARITY: Final = {
    "digest.hmac": 4,
    "digest.twice": 4,
    "digest.inner": 5,
    "digest.other-hash": 3,
    "digest.rsa-hash": 1,
    "digest.rsa-form": 3,
    "digest.encrypted": 4,
    "digest.of-digest": 3,
}


class Hash(Protocol):
    """The part of a hashlib object that the search uses."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        ...

    def copy(self) -> "Hash":
        """Return an independent copy."""
        ...

    def digest(self) -> bytes:
        """Return the digest of what was taken in so far."""
        ...

    def hexdigest(self) -> str:
        """Return the digest in small hex digits."""
        ...


NewHash = Callable[[bytes], Hash]


def new_hash(name: str) -> NewHash:
    """Return the constructor of a hash for protocol purposes; see ``alipay_qr.signing`` on MD5 and SHA-1."""

    def make(data: bytes) -> Hash:
        return hashlib.new(name, data, usedforsecurity=False)

    if name == "md5":
        return lambda data: hashlib.md5(data, usedforsecurity=False)
    if name == "sha1":
        return lambda data: hashlib.sha1(data, usedforsecurity=False)
    return hashlib.sha256 if name == "sha256" else make


Compute = Callable[[bytes], bytes]


def _plain(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del key
    return lambda data: new(before + data + after).digest(), "{}"


def _hmac(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del before, after
    name = new(b"").name  # type: ignore[attr-defined]  # every hashlib object has one
    return lambda data: hmac.digest(key, data, name), "HMAC({{text}}, " + KEY_MARK + ")"


def _hmac_key(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    name = new(b"").name  # type: ignore[attr-defined]  # every hashlib object has one
    return lambda data: hmac.digest(key, before + data + after, name), "HMAC({}, " + KEY_MARK + ")"


def _twice(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del key
    return lambda data: new(new(before + data + after).hexdigest().encode()).digest(), "hex(H({}))"


def _twice_raw(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del key
    return lambda data: new(new(before + data + after).digest()).digest(), "H({})"


def _inner(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del key
    return lambda data: new(before + new(data).hexdigest().encode() + after).digest(), "{} with hex(H(text))"


def _inner_upper(new: NewHash, before: bytes, after: bytes, key: bytes) -> tuple[Compute, str]:
    del key
    return lambda data: new(
        before + new(data).hexdigest().upper().encode() + after
    ).digest(), "{} with HEX(H(text))"


DIGESTS: Final[dict[str, Callable[[NewHash, bytes, bytes, bytes], tuple[Compute, str]]]] = {
    "": _plain,
    "hmac": _hmac,
    "hmac-key": _hmac_key,
    "twice": _twice,
    "twice-raw": _twice_raw,
    "inner": _inner,
    "inner-upper": _inner_upper,
}

DIGEST_FORMS: Final[tuple[tuple[str, Callable[[Hash], bytes]], ...]] = (
    ("hex", lambda found: found.hexdigest().encode()),
    ("raw", lambda found: found.digest()),
    ("HEX", lambda found: found.hexdigest().upper().encode()),
    ("base64", lambda found: base64.b64encode(found.digest())),
)
