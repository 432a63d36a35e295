"""An RSA signature, opened with a public key: whose it is and which hash it holds, without any secret.

``pow(signature, e, n)`` of a PKCS#1 v1.5 signature is ``00 01 FF .. FF 00 DigestInfo`` (RFC 8017, 9.2) under
the right key and noise under every other one. So one multiplication settles the key, the padding and the
hash, and the search for the text compares hashes only.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

PREFIXES: Final = {
    "md5": bytes.fromhex("3020300c06082a864886f70d020505000410"),
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
    "sha224": bytes.fromhex("302d300d06096086480165030402040500041c"),
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
_BARE: Final = {16: "md5", 20: "sha1", 32: "sha256", 64: "sha512"}
_FILL: Final = 8


class Key(NamedTuple):
    """A public key and whose it is; the first of several is the one that ought to fit."""

    label: str
    n: int
    e: int


class Opened(NamedTuple):
    """What a signature holds: ``form`` is right only for "digest-info"."""

    key: Key
    form: str
    hash: str
    digest: bytes
    accepts: Callable[[bytes], bool]


def named(label: str, key: RSAPublicKey) -> Key:
    """Return ``key`` in the doctor's form."""
    numbers = key.public_numbers()
    return Key(label, numbers.n, numbers.e)


@lru_cache(maxsize=16)
def open_signature(signature: bytes, key: Key) -> Opened | None:
    """Return what ``signature`` holds under ``key``, or None where the key does not fit."""
    size = (key.n.bit_length() + 7) // 8
    value = int.from_bytes(signature, "big")
    if len(signature) != size or value >= key.n:
        return None
    block = pow(value, key.e, key.n).to_bytes(size, "big")
    if block[:2] == b"\x00\x01":
        fill, _, payload = block[2:].partition(b"\x00")
        if len(fill) < _FILL or fill.strip(b"\xff"):
            return None
        return _payload(key, payload)
    return _pss(key, block, key.n.bit_length() - 1) if block[-1] == 0xBC else None  # noqa: PLR2004 (PSS trailer)


def _payload(key: Key, payload: bytes) -> Opened | None:
    for name, prefix in PREFIXES.items():
        if payload.startswith(prefix) and len(payload) == len(prefix) + prefix[-1]:
            digest = payload[len(prefix) :]
            return Opened(key, "digest-info", name, digest, digest.__eq__)
    if len(payload) in _BARE:
        return Opened(key, "bare", _BARE[len(payload)], payload, payload.__eq__)
    try:
        digest = bytes.fromhex(payload.decode("ascii"))
    except ValueError:
        digest = b""
    if len(digest) in _BARE:
        return Opened(key, "hex", _BARE[len(digest)], digest, digest.__eq__)
    return Opened(key, "text", "", payload, payload.__eq__)


def _pss(key: Key, block: bytes, bits: int) -> Opened | None:
    """Return the salted form of EMSA-PSS (RFC 8017, 9.1.2), for SHA-1 and SHA-256."""
    length = (bits + 7) // 8
    encoded = block[-length:]
    for name in ("sha256", "sha1"):
        size = hashlib.new(name, usedforsecurity=False).digest_size
        masked, hashed = encoded[: length - size - 1], encoded[length - size - 1 : -1]
        data = bytearray(a ^ b for a, b in zip(masked, _mask(hashed, len(masked), name), strict=True))
        data[0] &= 0xFF >> (8 * length - bits)
        padding, one, salt = bytes(data).partition(b"\x01")
        if one and len(padding) >= _FILL and not padding.strip(b"\x00"):
            return Opened(key, "pss", name, hashed, _salted(name, hashed, salt))
    return None


def _salted(name: str, hashed: bytes, salt: bytes) -> Callable[[bytes], bool]:
    def accepts(digest: bytes) -> bool:
        return hashlib.new(name, bytes(8) + digest + salt, usedforsecurity=False).digest() == hashed

    return accepts


def _mask(seed: bytes, length: int, name: str) -> bytes:
    blocks = [
        hashlib.new(name, seed + counter.to_bytes(4, "big"), usedforsecurity=False).digest()
        for counter in range(length // 20 + 1)
    ]
    return b"".join(blocks)[:length]


def encrypted_with_public_key(signature: bytes, private: RSAPrivateKey) -> bytes | None:
    """Return what was *encrypted* for ``private`` where a signature was due, else None."""
    numbers = private.private_numbers()
    n = numbers.public_numbers.n
    size = (n.bit_length() + 7) // 8
    value = int.from_bytes(signature, "big")
    if len(signature) != size or value >= n:
        return None
    block = pow(value, numbers.d, n).to_bytes(size, "big")
    if block[:2] != b"\x00\x02":
        return None
    fill, zero, payload = block[2:].partition(b"\x00")
    return payload if zero and len(fill) >= _FILL else None
