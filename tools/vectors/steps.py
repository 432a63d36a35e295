"""From parameters to the sign, with every value on the way: an implementer sees at which step they part.

kept         the pairs that are signed: sign, sign_type and pairs without a value are gone
sorted       the same in byte order of their names
presign      the pre-sign string
presign_hex  its bytes in the charset; or ``unencodable``: the first character that has none
digest_hex   of these bytes, for MD5 followed by the key
sign         the value of the parameter sign
"""

from collections.abc import Mapping, Sequence
from typing import Any

from alipay_qr.errors import Unencodable
from alipay_qr.presign import UNSIGNED, codec, encode, presign_text
from tools.vectors import signers

Pairs = Sequence[tuple[str, str | None]]


def presign_steps(params: Pairs, charset: str) -> dict[str, Any]:
    """Return the steps up to the bytes that are signed."""
    kept = [(name, value) for name, value in params if value and name not in UNSIGNED]
    text = presign_text(params)
    steps: dict[str, Any] = {"kept": kept, "sorted": sorted(kept, key=lambda pair: pair[0]), "presign": text}
    try:
        steps["presign_hex"] = encode(text, charset).hex()
    except Unencodable:
        steps["unencodable"] = _first_unencodable(text, charset)
    return steps


def sign_steps(params: Pairs, inputs: Mapping[str, Any], private_pem: str | None) -> dict[str, Any]:
    """Return all steps; ``inputs`` are those of the group, ``private_pem`` is the signer's for RSA, RSA2."""
    steps = presign_steps(params, inputs["charset"])
    if "presign_hex" in steps:
        steps |= digest_steps(bytes.fromhex(steps["presign_hex"]), inputs, private_pem)
    return steps


def digest_steps(message: bytes, inputs: Mapping[str, Any], private_pem: str | None) -> dict[str, Any]:
    """Return the digest of pre-sign bytes and their sign."""
    sign_type = inputs["sign_type"]
    if private_pem is None:
        digest = signers.digest_hex("MD5", message + inputs["md5_key"].encode("ascii"))
        return {"digest_hex": digest, "sign": digest}
    sign = signers.rsa_sign(sign_type, message, private_pem)
    return {"digest_hex": signers.digest_hex(sign_type, message), "sign": sign}


def _first_unencodable(text: str, charset: str) -> dict[str, Any]:
    for position, character in enumerate(text):
        try:
            character.encode(codec(charset))
        except UnicodeEncodeError:
            return {"character": f"U+{ord(character):04X}", "position": position}
    raise AssertionError("every character can be encoded")
