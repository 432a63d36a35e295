"""Forgeries under a key with the exponent 3, made without the private key.

A small number whose cube is not reduced by the modulus opens to that cube. So whoever finds a cube root finds
a signature: of every block with enough bytes that nobody looks at. (D. Bleichenbacher, 2006; CVE-2006-4339,
CVE-2006-4340, CVE-2014-1568, CVE-2016-1494.) The roots are computed from the top for what must stand in front,
and modulo a power of 2 for what must stand behind.
"""

from dataclasses import dataclass

from alipay_qr.presign import presign
from tools.vectors import keys
from tools.vectors.forgery.blocks import tagged
from tools.vectors.forgery.forge import BAD_SIGN, NAMES, Forge, Forgeries
from tools.vectors.forgery.letter import RSA, Alipay, as_text, changed, forged_table, genuine
from tools.vectors.forgery.roots import cube_root
from tools.vectors.messages import notification
from tools.vectors.signers import digest_hex
from tools.vectors.steps import Pairs


@dataclass(frozen=True)
class AlipayOfExponent3(Alipay):
    """Alipay's side with a key whose public exponent is 3."""

    @property
    def pair(self) -> keys.Pair:
        """The pair of exponent 3."""
        return keys.alipay_of_exponent_3(self.sign_type)


def _message() -> Pairs:
    """The first payment whose digests are odd: an even number has no cube root modulo a power of 2."""
    for number in range(1, 100):
        message = notification(out_trade_no=f"20261123{number:05}")
        if all(int(digest_hex(sign_type, presign(message)), 16) % 2 for sign_type in RSA):
            return message
    raise AssertionError("no message with two odd digests")


def _forge(alipay: Alipay) -> Forge:
    return Forge(alipay, _message())


def _in_parameter(head: bytes, forge: Forge) -> tuple[bytes, bytes]:
    """Return what stands before and behind the garbage of an AlgorithmIdentifier, with true lengths."""
    behind = tagged(4, forge.digest)
    oid = NAMES["sha256"][4:15]
    for room in range(forge.size):
        info = tagged(0x30, tagged(0x30, oid + tagged(4, b"\x2a" * room)) + behind)
        if len(head + info) == forge.size:
            return (head + info[: -len(behind) - room]), behind
    raise AssertionError("no garbage fills the block")


def _without_zero(garbage: bytes) -> bool:
    return b"\x00" not in garbage


def _with_zero(garbage: bytes) -> bool:
    return b"\x00" in garbage


@genuine(only=RSA)
def a_payment(alipay: Alipay) -> Pairs:
    """A genuine payment, signed with a key whose exponent is 3. Such keys are legal; a verifier that looks at every byte has nothing to fear."""
    return alipay.send(_message())


@genuine(twin=a_payment, only=RSA)
def another_payment(alipay: Alipay) -> Pairs:
    """Another genuine payment by that key."""
    return alipay.send(changed(_message(), total_fee="12.90"))


@forged_table(BAD_SIGN, twin=a_payment, only=RSA)
def a_cube_with_garbage_behind(alipay: Alipay) -> Forgeries:
    """The cube begins like a right block, and everything behind the digest is garbage: the verifier reads from the front and stops too early."""
    forge = _forge(alipay)
    for slug, comment, front in (
        ("four-of-fill", "Here: four bytes of fill, half as many as there must be.", b"\x00\x01" + b"\xff" * 4 + b"\x00" + forge.info),
        ("one-of-fill", "Here: one byte of fill.", b"\x00\x01\xff\x00" + forge.info),
        ("no-fill", "Here: no fill.", b"\x00\x01\x00" + forge.info),
        ("bare-digest", "Here: the digest without the name of its hash.", b"\x00\x01" + b"\xff" * 8 + b"\x00" + forge.digest),
        ("type-2", "Here: block type 2.", b"\x00\x02" + b"\xff" * 4 + b"\x00" + forge.info),
    ):  # fmt: skip
        root = cube_root(forge.size, front)
        yield slug, comment, alipay.sealed(_message(), as_text(forge.fit(root)))


@forged_table(BAD_SIGN, twin=a_payment, only=("RSA2",))
def a_cube_that_is_right_so_far(alipay: Alipay) -> Forgeries:
    """The cube begins with all that a block must have, and is no block: it does not end there. Keys of 1024 bits leave no room for it."""
    forge = _forge(alipay)
    root = cube_root(forge.size, b"\x00\x01" + b"\xff" * 8 + b"\x00" + forge.info)
    yield "eight-of-fill", "Here: eight bytes of fill.", alipay.sealed(_message(), as_text(forge.fit(root)))


@forged_table(BAD_SIGN, twin=a_payment, only=RSA)
def a_cube_with_garbage_before(alipay: Alipay) -> Forgeries:
    """The cube ends like a right block, and garbage stands before: the verifier looks for the end of the fill, or at the end alone."""
    forge = _forge(alipay)
    for slug, comment, front, behind, wanted in (
        ("garbage-for-fill", "Here: 00 01, bytes that are not FF and not zero, then everything that belongs there.", b"\x00\x01", b"\x00" + forge.info, _without_zero),
        ("some-fill", "Here: the first two bytes of the fill are right.", b"\x00\x01\xff\xff", b"\x00" + forge.info, _without_zero),
        ("zeros-among-it", "Here: 00 01, bytes with a zero among them, then everything that belongs there.", b"\x00\x01\xff", b"\x00" + forge.info, _with_zero),
        ("name-and-digest-at-the-end", "Here: the name and the digest at the end, and nothing in front.", b"", forge.info, None),
        ("digest-at-the-end", "Here: the digest at the end, and nothing else.", b"", forge.digest, None),
    ):  # fmt: skip
        root = cube_root(forge.size, front, behind, wanted)
        yield slug, comment, alipay.sealed(_message(), as_text(forge.fit(root)))


@forged_table(BAD_SIGN, twin=a_payment, only=("RSA2",))
def a_cube_with_garbage_inside(alipay: Alipay) -> Forgeries:
    """The garbage stands inside the DER, where a parser steps over it."""
    forge = _forge(alipay)
    head = b"\x00\x01" + b"\xff" * 8 + b"\x00"
    for slug, comment, front, behind in (
        ("parameter", "Here: as the parameter of the name, where NULL belongs.", *_in_parameter(head, forge)),
        ("length", "Here: in a length of 91 bytes, of which an overflowing parser keeps the last.", head + b"\x30\xdb", NAMES["sha256"][1:] + forge.digest),
    ):  # fmt: skip
        root = cube_root(forge.size, front, behind)
        yield slug, comment, alipay.sealed(_message(), as_text(forge.fit(root)))


@forged_table(BAD_SIGN, twin=a_payment, only=RSA)
def a_small_number(alipay: Alipay) -> Forgeries:
    """The signature is so small that its cube is known beforehand."""
    forge = _forge(alipay)
    for number in (0, 1, 2):
        yield str(number), f"Here: {number}.", alipay.sealed(_message(), as_text(forge.fit(number)))
