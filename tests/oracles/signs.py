"""Signs again: RSA with whole numbers and a whole block to compare, no library of cryptography but hashlib.

Every decision is one short method, a seam: a faulty implementation in tests/faulty overrides one of them.
"""

import base64
import hashlib
import re
from functools import cache

from oracles.encodings import Encodings, LackingError

HASHES = {
    "RSA": ("sha1", bytes.fromhex("3021300906052b0e03021a05000414")),
    "RSA2": ("sha256", bytes.fromhex("3031300d060960864801650304020105000420")),
}


def der(data):
    """The tag, the content and the rest of the first element of DER."""
    tag, size, start = data[0], data[1], 2
    if size >= 0x80:
        start = 2 + size - 0x80
        size = int.from_bytes(data[2:start], "big")
    return tag, data[start : start + size], data[start + size :]


@cache
def numbers_of(spki):
    """Modulus and exponent of a SubjectPublicKeyInfo in base64."""
    _, info, _ = der(base64.b64decode(spki))
    _, bits, _ = der(der(info)[2])
    _, pair, _ = der(bits[1:])
    _, modulus, rest = der(pair)
    return int.from_bytes(modulus, "big"), int.from_bytes(der(rest)[1], "big")


@cache
def power(number, exponent, modulus):
    """What a signature opens to; asked by every relative, about the same ones."""
    return pow(number, exponent, modulus)


class Signs:
    """Answers vectors of the kind ``verify_notification``."""

    encodings = Encodings()

    def verify_notification(self, inputs):
        return {
            "result": "valid" if self.is_genuine(inputs["params"], inputs["charset"], inputs) else "invalid"
        }

    def is_genuine(self, params, charset, keys):
        fields = dict(params)
        if (
            len(fields) != len(params)
            or fields.get("sign_type") != keys["sign_type"]
            or not fields.get("sign")
        ):
            return False
        try:
            data = self.encodings.written(self.presign(params), charset)
        except LackingError:
            return False
        return self.holds(data, fields["sign"], keys)

    def presign(self, params):
        signed = [(name, value) for name, value in params if value and name not in ("sign", "sign_type")]
        return "&".join(f"{name}={value}" for name, value in sorted(signed, key=lambda pair: pair[0]))

    def sign_of(self, data, keys):
        return hashlib.md5(data + keys["md5_key"].encode()).hexdigest()

    def holds(self, data, sign, keys):
        if keys["sign_type"] == "MD5":
            return sign == self.sign_of(data, keys)
        signature = self.signature(sign)
        if signature is None:
            return False
        modulus, exponent = numbers_of(keys["alipay_public_key"]["base64"])
        return self.opens(signature, modulus, exponent, data, keys["sign_type"])

    # === the seams ==================================================================================

    def signature(self, sign):
        if not re.fullmatch(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", sign):
            return None
        return base64.b64decode(sign)

    def opens(self, signature, modulus, exponent, data, sign_type):
        size = (modulus.bit_length() + 7) // 8
        number = int.from_bytes(signature, "big")
        if not self.has_size(signature, size) or not self.is_in_range(number, modulus):
            return False
        name, prefix = HASHES[sign_type]
        digest = hashlib.new(name, data).digest()
        return self.is_right(power(number, exponent, modulus).to_bytes(size, "big"), prefix, digest)

    def has_size(self, signature, size):
        return len(signature) == size

    def is_in_range(self, number, modulus):
        return number < modulus

    def is_right(self, block, prefix, digest):
        return block == self.whole(len(block), prefix + digest)

    def whole(self, size, info):
        return b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
