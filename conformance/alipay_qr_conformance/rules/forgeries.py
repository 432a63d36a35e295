"""Forged messages: each is a genuine, signed one with one edit, made by somebody without Alipay's key.

`forge` returns the forged parameters, or None where the edit makes no sense for a sign type. The same
table serves the operation ``verify`` (level 1) and real notifications (level 3).
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPrivateNumbers
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256, HashAlgorithm

from alipay_qr.presign import presign
from alipay_qr.signing import Md5, RsaSigner, Signer
from alipay_qr_conformance.model.test_account import TestKeys, test_key

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a forger has: the genuine message, public knowledge, keys of their own."""

    keys: TestKeys
    sign_type: str
    charset: str
    changed: tuple[str, str]
    """A parameter that the message has, and the value that the forger wants in it."""

    def stranger(self) -> Signer:
        """Return a signer of the same kind with a key that is not Alipay's."""
        if self.sign_type == "MD5":
            return Md5("0123456789abcdef0123456789abcdef")
        bits = 2048 if self.sign_type == "RSA2" else 1024
        return RsaSigner(test_key(f"stranger_{bits}"), self.sign_type)


Forgery = Callable[[Pairs, Tools], Pairs | None]


def forge(name: str, genuine: Pairs, tools: Tools) -> Pairs | None:
    """Return the forged message ``name`` made of a genuine one; None where it makes no sense."""
    return FORGERIES[name][1](list(genuine), tools)


def sign_of(pairs: Pairs) -> str:
    """Return the sign among the parameters."""
    return dict(pairs)["sign"]


def replace(pairs: Pairs, name: str, value: str) -> Pairs:
    """Return the parameters with one value replaced."""
    return [(key, value if key == name else old) for key, old in pairs]


def without(pairs: Pairs, *names: str) -> Pairs:
    """Return the parameters without some names."""
    return [(key, value) for key, value in pairs if key not in names]


def _changed(pairs: Pairs, tools: Tools) -> Pairs:
    return replace(pairs, *tools.changed)


def _added(pairs: Pairs, tools: Tools) -> Pairs:  # noqa: ARG001 (the table's signature)
    return [*pairs, ("body", "added on the way")]


def _removed(pairs: Pairs, tools: Tools) -> Pairs:
    return without(pairs, tools.changed[0])


def _no_sign(pairs: Pairs, tools: Tools) -> Pairs:
    return without(_changed(pairs, tools), "sign")


def _no_sign_and_type(pairs: Pairs, tools: Tools) -> Pairs:
    return without(_changed(pairs, tools), "sign", "sign_type")


def _empty_sign(pairs: Pairs, tools: Tools) -> Pairs:
    return replace(_changed(pairs, tools), "sign", "")


def _text_sign(text: str) -> Forgery:
    def run(pairs: Pairs, tools: Tools) -> Pairs:
        return replace(_changed(pairs, tools), "sign", text)

    return run


def _truncated(pairs: Pairs, tools: Tools) -> Pairs:
    sign = sign_of(pairs)
    return replace(pairs, "sign", sign[:-4] if tools.sign_type != "MD5" else sign[:-1])


def _half(pairs: Pairs, tools: Tools) -> Pairs:
    sign = sign_of(pairs)
    return replace(_changed(pairs, tools), "sign", sign[: len(sign) // 2])


def _flipped(pairs: Pairs, tools: Tools) -> Pairs:
    sign = sign_of(pairs)
    if tools.sign_type == "MD5":
        return replace(pairs, "sign", sign[:-1] + ("0" if sign[-1] != "0" else "1"))
    raw = bytearray(base64.b64decode(sign))
    raw[-1] ^= 1
    return replace(pairs, "sign", base64.b64encode(raw).decode())


def _longer(pairs: Pairs, tools: Tools) -> Pairs:  # noqa: ARG001 (the table's signature)
    return replace(pairs, "sign", sign_of(pairs) + "00")


def _signed_by(pairs: Pairs, signer: Signer, tools: Tools) -> Pairs:
    forged = replace(_changed(pairs, tools), "sign_type", signer.sign_type)
    return replace(forged, "sign", signer.sign(presign(forged, tools.charset)))


def _stranger(pairs: Pairs, tools: Tools) -> Pairs:
    return _signed_by(pairs, tools.stranger(), tools)


def _own_key(pairs: Pairs, tools: Tools) -> Pairs | None:
    """Signed with the merchant's own private key: a verifier that uses its own public key accepts it."""
    if tools.sign_type == "MD5":
        return None
    return _signed_by(pairs, RsaSigner(tools.keys.merchant_private(tools.sign_type), tools.sign_type), tools)


def _md5_raw(key: str) -> Forgery:
    """Signed with an empty or well-known text as MD5 key, under the sign type MD5."""

    def run(pairs: Pairs, tools: Tools) -> Pairs | None:
        if key == "<partner>":
            return _md5(pairs, tools, tools.keys.partner)
        if key == "<public key>":
            settings = tools.keys.settings(tools.sign_type)
            return (
                _md5(pairs, tools, settings["alipay_public_key"]["base64"])
                if tools.sign_type != "MD5"
                else None
            )
        return _md5(pairs, tools, key)

    return run


def _md5(pairs: Pairs, tools: Tools, key: str) -> Pairs:
    forged = replace(_changed(pairs, tools), "sign_type", "MD5")
    digest = hashlib.md5(presign(forged, tools.charset) + key.encode(), usedforsecurity=False).hexdigest()
    return replace(forged, "sign", digest)


def _other_type(pairs: Pairs, tools: Tools) -> Pairs | None:
    """A message that is genuine under another sign type of the same account."""
    if tools.sign_type == "MD5":
        signer = tools.keys.gateway_signer("RSA")
    elif tools.sign_type == "RSA2":
        signer = tools.keys.gateway_signer("MD5")
    else:
        key = tools.keys.alipay_private("RSA")
        signer = RsaSigner(key, "RSA2") if key else None
    return _signed_by(pairs, signer, tools) if signer else None


def _down_to_md5(pairs: Pairs, tools: Tools) -> Pairs | None:
    """An RSA merchant is talked down to MD5 with the account's MD5 key, which more people know."""
    if tools.sign_type == "MD5" or not tools.keys.md5_key:
        return None
    return _signed_by(pairs, Md5(tools.keys.md5_key), tools)


def _relabelled(label: str) -> Forgery:
    """A changed message whose sign_type is unknown: a verifier that falls through accepts it."""

    def run(pairs: Pairs, tools: Tools) -> Pairs:
        return replace(_changed(pairs, tools), "sign_type", label)

    return run


def _own_type_in_small_letters(pairs: Pairs, tools: Tools) -> Pairs:
    """A verifier that lets the name pass, and then finds no branch for it, has verified nothing."""
    return replace(_changed(pairs, tools), "sign_type", tools.sign_type.lower())


def _no_type(pairs: Pairs, tools: Tools) -> Pairs:
    return without(_changed(pairs, tools), "sign_type")


def _hashed_with(make: Callable[[], HashAlgorithm], *, skip: str) -> Forgery:
    """Alipay's own key, another hash under the same name."""

    def run(pairs: Pairs, tools: Tools) -> Pairs | None:
        key = tools.keys.alipay_private(tools.sign_type) if tools.sign_type != "MD5" else None
        if key is None or tools.sign_type == skip:
            return None
        return replace(pairs, "sign", _rsa(key, presign(pairs, tools.charset), make()))

    return run


def _block(make: Callable[[bytes, int], bytes]) -> Forgery:
    """Alipay's own key over a block that is not PKCS#1 v1.5: whoever looks at a part of it accepts it."""

    def run(pairs: Pairs, tools: Tools) -> Pairs | None:
        key = tools.keys.alipay_private(tools.sign_type) if tools.sign_type != "MD5" else None
        if key is None:
            return None
        name, prefix = _DIGESTS[tools.sign_type]
        digest = hashlib.new(name, presign(pairs, tools.charset), usedforsecurity=False).digest()
        size = key.key_size // 8
        block = make(digest if make is _bare_digest else prefix + digest, size)
        opened = _opened(int.from_bytes(block, "big"), key.private_numbers())
        return replace(pairs, "sign", base64.b64encode(opened.to_bytes(size, "big")).decode("ascii"))

    return run


def _opened(number: int, key: RSAPrivateNumbers) -> int:
    """Return what the private key makes of a number, by its two primes: a quarter of the time."""
    of_p, of_q = pow(number, key.dmp1, key.p), pow(number, key.dmq1, key.q)
    return of_q + (of_p - of_q) * key.iqmp % key.p * key.q


def _zeros(end: bytes, size: int) -> bytes:
    return end.rjust(size, b"\0")


def _bare_digest(digest: bytes, size: int) -> bytes:
    return b"\0\1" + b"\xff" * (size - 3 - len(digest)) + b"\0" + digest


def _short_padding(end: bytes, size: int) -> bytes:
    """Eight bytes of padding and free space behind the digest, as in Bleichenbacher's forgery of 2006."""
    return (b"\0\1" + b"\xff" * 8 + b"\0" + end).ljust(size, b"\x5a")


def _other_padding(end: bytes, size: int) -> bytes:
    return b"\0\2" + b"\x77" * (size - 3 - len(end)) + b"\0" + end


_DIGESTS: Final = {
    "RSA": ("sha1", bytes.fromhex("3021300906052b0e03021a05000414")),
    "RSA2": ("sha256", bytes.fromhex("3031300d060960864801650304020105000420")),
}
"""The hash and the head of its DigestInfo (RFC 8017, 9.2)."""


def _rsa(key: RSAPrivateKey, message: bytes, algorithm: HashAlgorithm) -> str:
    return base64.b64encode(key.sign(message, PKCS1v15(), algorithm)).decode("ascii")


FORGERIES: Final[dict[str, tuple[str, Forgery]]] = {
    "value-changed": ("changed", _changed),
    "parameter-added": ("changed", _added),
    "parameter-removed": ("changed", _removed),
    "sign-absent": ("no-sign", _no_sign),
    "sign-and-type-absent": ("no-sign", _no_sign_and_type),
    "sign-empty": ("no-sign", _empty_sign),
    "sign-null": ("bad-sign", _text_sign("null")),
    "sign-zero": ("bad-sign", _text_sign("0")),
    "sign-true": ("bad-sign", _text_sign("true")),
    "sign-magic-hash": ("bad-sign", _text_sign("0e462097431906509019562988736854")),
    "sign-no-base64": ("bad-sign", _text_sign("%%%%")),
    "sign-truncated": ("bad-sign", _truncated),
    "sign-half": ("bad-sign", _half),
    "sign-flipped": ("bad-sign", _flipped),
    "sign-longer": ("bad-sign", _longer),
    "stranger": ("other-key", _stranger),
    "own-key": ("other-key", _own_key),
    "md5-empty-key": ("other-key", _md5_raw("")),
    "md5-partner-as-key": ("other-key", _md5_raw("<partner>")),
    "md5-public-key-as-key": ("other-type", _md5_raw("<public key>")),
    "md5-null-as-key": ("other-key", _md5_raw("null")),
    "md5-none-as-key": ("other-key", _md5_raw("None")),
    "md5-undefined-as-key": ("other-key", _md5_raw("undefined")),
    "other-type": ("other-type", _other_type),
    "down-to-md5": ("other-type", _down_to_md5),
    "type-absent": ("other-type", _no_type),
    "type-unknown": ("other-type", _relabelled("NONE")),
    "type-empty": ("other-type", _relabelled("")),
    "type-lower-case": ("other-type", _relabelled("none")),
    "type-in-small-letters": ("other-type", _own_type_in_small_letters),
    "sha256-for-sha1": ("other-hash", _hashed_with(SHA256, skip="RSA2")),
    "sha1-for-sha256": ("other-hash", _hashed_with(SHA1, skip="RSA")),
    "md5-inside-rsa": ("other-hash", _hashed_with(MD5, skip="-")),
    "block-without-padding": ("other-hash", _block(_zeros)),
    "block-with-a-bare-digest": ("other-hash", _block(_bare_digest)),
    "block-with-room-behind": ("other-hash", _block(_short_padding)),
    "block-of-encryption": ("other-hash", _block(_other_padding)),
}
"""By name: the class of its requirement (``verify.reject.*``, ``notify.reject.*``), and its maker."""


_MD5_KEYS: Final = frozenset(
    {"md5-empty-key", "md5-partner-as-key", "md5-null-as-key", "md5-none-as-key", "md5-undefined-as-key"}
)


def applicable(sign_type: str) -> Iterator[tuple[str, str]]:
    """Yield (name, class) of the forgeries that make sense for a sign type."""
    for name, (kind, _) in FORGERIES.items():
        if sign_type == "MD5" and (
            kind == "other-hash" or name in {"own-key", "down-to-md5", "md5-public-key-as-key"}
        ):
            continue
        if (name, sign_type) in {("sha256-for-sha1", "RSA2"), ("sha1-for-sha256", "RSA")}:
            continue
        # An RSA account that looks at the sign type never tries a text as MD5 key.
        yield name, "other-type" if sign_type != "MD5" and name in _MD5_KEYS else kind
