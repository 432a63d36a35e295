"""Alipay's test key as bare numbers: opens and closes signatures without any rule."""

import hashlib
from collections.abc import Iterator
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from alipay_qr.presign import presign
from tools.vectors.forgery.letter import Alipay, raw_sign
from tools.vectors.keys import private_key
from tools.vectors.messages import notification
from tools.vectors.steps import Pairs

BAD_SIGN, OTHER_HASH = "verify.reject.bad-sign", "verify.reject.other-hash"
Forgeries = Iterator[tuple[str, str, Pairs]]

TEXT: Final = presign(notification())
NAMES: Final = {
    "md5": bytes.fromhex("3020300c06082a864886f70d020505000410"),
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
}
WITHOUT_NULL: Final = {
    "sha1": bytes.fromhex("301f300706052b0e03021a0414"),
    "sha256": bytes.fromhex("302f300b06096086480165030402010420"),
}
"""DER of DigestInfo up to the digest; the second without the NULL that belongs behind the hash's name."""


class Forge:
    """What one needs to forge a signature of a message: the key, its numbers, the right digest."""

    def __init__(self, alipay: Alipay, message: Pairs | None = None) -> None:
        self.key = key_of(alipay)
        self.numbers = self.key.private_numbers()
        self.size = self.key.key_size // 8
        self.hash = "sha1" if alipay.sign_type == "RSA" else "sha256"
        text = TEXT if message is None else presign(message)
        self.digest = hashlib.new(self.hash, text, usedforsecurity=False).digest()
        self.right = raw_sign(alipay.send(notification() if message is None else message))

    @property
    def info(self) -> bytes:
        """The right DigestInfo: the name of the hash, and the digest."""
        return NAMES[self.hash] + self.digest

    @property
    def n(self) -> int:
        """The modulus."""
        return self.numbers.public_numbers.n

    def close(self, block: bytes) -> bytes:
        """Return the signature that opens to ``block``."""
        return self.fit(pow(int.from_bytes(block, "big"), self.numbers.d, self.n))

    def fit(self, number: int) -> bytes:
        """Return a number as a signature of the key's size."""
        return number.to_bytes(self.size, "big")

    def block(
        self, info: bytes, *, head: bytes = b"\x00\x01", fill: bytes = b"\xff", behind: bytes = b""
    ) -> bytes:
        """Return a padded block; what stands behind the digest shortens the padding."""
        room = self.size - len(head) - 1 - len(info) - len(behind)
        return head + fill * room + b"\x00" + info + behind

    def early_end(self, info: bytes) -> bytes:
        """Return a block that ends early: hardly any fill, and everything else behind the digest."""
        head = b"\x00\x01" + b"\xff" * 8 + b"\x00" + info
        return head + b"\x2a" * (self.size - len(head))


def key_of(alipay: Alipay) -> RSAPrivateKey:
    """Return the key that signs for Alipay."""
    return private_key(alipay.private_pem or "")
