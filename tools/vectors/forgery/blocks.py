"""Signatures that open to a block which a lenient parser of DER or of padding takes for the right one.

Whoever compares the block as a whole refuses them all. Only whoever has the key can make them, unless its
exponent is small: see `cube`.
"""

from typing import Final

from tools.vectors.forgery import honest
from tools.vectors.forgery.forge import BAD_SIGN, TEXT, Forge, Forgeries
from tools.vectors.forgery.letter import RSA, Alipay, as_text, forged_table
from tools.vectors.messages import notification

_OIDS: Final = {"sha1": bytes.fromhex("2b0e03021a"), "sha256": bytes.fromhex("608648016503040201")}
_NULL: Final = b"\x05\x00"


def tagged(tag: int, content: bytes) -> bytes:
    """Return content under a tag in DER; a length over 127 in as few bytes as it takes."""
    size = len(content)
    if size < 0x80:  # noqa: PLR2004 (DER: short form)
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _info(name: bytes, digest: bytes) -> bytes:
    """Return a DigestInfo of an AlgorithmIdentifier and a digest, both with their tags."""
    return tagged(0x30, name + digest)


def _x931(forge: Forge) -> bytes:
    trailer = b"\x33\xcc" if forge.hash == "sha1" else b"\x34\xcc"
    room = forge.size - 2 - len(forge.digest) - len(trailer)
    return b"\x6b" + b"\xbb" * room + b"\xba" + forge.digest + trailer


@forged_table(BAD_SIGN, twin=honest.a_payment, only=RSA)
def a_digest_info_that_is_no_der(alipay: Alipay) -> Forgeries:
    """The block holds the right name and digest in a form that BER allows and DER does not."""
    forge = Forge(alipay)
    oid = tagged(6, _OIDS[forge.hash])
    name, digest = tagged(0x30, oid + _NULL), tagged(4, forge.digest)
    size = len(name + digest)
    for slug, comment, info in (
        ("inner-length-in-long-form", "Here: the length of the name is written in its long form.", _info(b"\x30\x81" + name[1:], digest)),
        ("oid-length-in-long-form", "Here: the length of the number of the hash.", _info(tagged(0x30, b"\x06\x81" + oid[1:] + _NULL), digest)),
        ("null-length-in-long-form", "Here: the length of the NULL.", _info(tagged(0x30, oid + b"\x05\x81\x00"), digest)),
        ("digest-length-in-long-form", "Here: the length of the digest.", _info(name, b"\x04\x81" + digest[1:])),
        ("length-with-leading-zeros", "Here: the whole length in three bytes, two of them zero.", b"\x30\x83\x00\x00" + bytes([size]) + name + digest),
        ("indefinite-length", "Here: the whole has an indefinite length, and ends with two zeros.", b"\x30\x80" + name + digest + b"\x00\x00"),
        ("digest-in-pieces", "Here: the digest is an OCTET STRING of two.", _info(name, tagged(0x24, tagged(4, forge.digest[:10]) + tagged(4, forge.digest[10:])))),
        ("padded-oid", "Here: the number of the hash begins with a byte 80, which adds nothing.", _info(tagged(0x30, tagged(6, b"\x80" + _OIDS[forge.hash]) + _NULL), digest)),
    ):  # fmt: skip
        yield slug, comment, alipay.sealed(notification(), as_text(forge.close(forge.block(info))))


@forged_table(BAD_SIGN, twin=honest.a_payment, only=RSA)
def a_digest_info_of_other_parts(alipay: Alipay) -> Forgeries:
    """The block holds the right digest, and beside it what does not belong there, or another tag."""
    forge = Forge(alipay)
    oid, digest = tagged(6, _OIDS[forge.hash]), tagged(4, forge.digest)
    name = tagged(0x30, oid + _NULL)
    for slug, comment, info in (
        ("null-with-content", "Here: the NULL has four bytes of content.", _info(tagged(0x30, oid + tagged(5, b"\x2a" * 4)), digest)),
        ("parameter-of-text", "Here: an OCTET STRING stands for the NULL: room for whatever a forger of small exponents needs.", _info(tagged(0x30, oid + tagged(4, b"\x2a" * 16)), digest)),
        ("empty-parameter", "Here: an empty SEQUENCE stands for the NULL.", _info(tagged(0x30, oid + b"\x30\x00"), digest)),
        ("two-parameters", "Here: the NULL stands there twice.", _info(tagged(0x30, oid + _NULL + _NULL), digest)),
        ("behind-the-digest", "Here: a NULL stands behind the digest, counted in the length of the whole.", tagged(0x30, name + digest + _NULL)),
        ("digest-longer", "Here: the digest has a byte of zero more behind it, counted in its length.", _info(name, tagged(4, forge.digest + b"\x00"))),
        ("digest-with-a-zero-before", "Here: the digest has a byte of zero before it, as numbers have.", _info(name, tagged(4, b"\x00" + forge.digest))),
        ("digest-as-bit-string", "Here: the digest is a BIT STRING.", _info(name, tagged(3, b"\x00" + forge.digest))),
        ("digest-as-number", "Here: the digest is tagged as an INTEGER.", _info(name, tagged(2, forge.digest))),
        ("set-for-sequence", "Here: the whole is tagged as a SET.", b"\x31" + _info(name, digest)[1:]),
        ("digest-before-name", "Here: the digest stands before its name.", tagged(0x30, digest + name)),
        ("no-digest", "Here: the digest is empty.", _info(name, b"\x04\x00")),
        ("no-name", "Here: the name of the hash is missing, and the rest in its form.", tagged(0x30, digest)),
        ("number-of-rsa-with-hash", "Here: the number of the signature scheme stands for that of the hash.", _info(tagged(0x30, tagged(6, bytes.fromhex("2a864886f70d010105" if forge.hash == "sha1" else "2a864886f70d01010b")) + _NULL), digest)),
        ("length-too-large", "Here: the length of the whole is one too large.", bytes([0x30, len(name + digest) + 1]) + name + digest),
        ("length-too-small", "Here: the length of the whole is one too small.", bytes([0x30, len(name + digest) - 1]) + name + digest),
    ):  # fmt: skip
        yield slug, comment, alipay.sealed(notification(), as_text(forge.close(forge.block(info))))


@forged_table(BAD_SIGN, twin=honest.a_payment, only=RSA)
def a_block_with_other_padding(alipay: Alipay) -> Forgeries:
    """The name and the digest are right and stand at the end; what is before them is not."""
    forge = Forge(alipay)
    right = forge.block(forge.info)
    fill = right.index(b"\x00", 1)  # where the fill ends
    middle = fill // 2
    for slug, comment, block in (
        ("zero-in-the-fill", "Here: one byte in the middle of the fill is zero.", right[:middle] + b"\x00" + right[middle + 1 :]),
        ("first-byte-of-the-fill", "Here: the first byte of the fill is 7F.", right[:2] + b"\x7f" + right[3:]),
        ("middle-of-the-fill", "Here: one byte in the middle of the fill is FE.", right[:middle] + b"\xfe" + right[middle + 1 :]),
        ("last-byte-of-the-fill", "Here: the last byte of the fill is FE.", right[: fill - 1] + b"\xfe" + right[fill:]),
        ("two-zeros", "Here: two zeros stand behind the fill.", right[: fill - 1] + b"\x00" + right[fill:]),
        ("shifted", "Here: one zero too many stands in front, and the fill is shorter by it.", b"\x00" + right[: fill - 1] + right[fill:]),
        ("no-fill", "Here: there is no fill; text stands in its place.", right[:2] + b"\x00" + b"\x2a" * (fill - 3) + right[fill:]),
        ("text-for-fill", "Here: letters stand for the fill.", right[:2] + b"\x2a" * (fill - 2) + right[fill:]),
        ("seven-of-fill", "Here: seven bytes of fill, one fewer than there must be, then zeros.", right[:2] + b"\xff" * 7 + b"\x00" * (fill - 9) + right[fill:]),
        ("second-byte-0", "Here: its second byte is 00, the fill FF.", b"\x00\x00" + right[2:]),
        ("second-byte-3", "Here: its second byte is 03.", b"\x00\x03" + right[2:]),
        ("x931", "Here: padded as X9.31 does: 6B, BB, BA, the digest, CC.", _x931(forge)),
    ):  # fmt: skip
        yield slug, comment, alipay.sealed(notification(), as_text(forge.close(block)))


@forged_table(BAD_SIGN, twin=honest.a_payment, only=RSA)
def a_block_over_something_else(alipay: Alipay) -> Forgeries:
    """A flawless block of the right hash, over another text than the pre-sign string."""
    forge = Forge(alipay)
    for slug, comment, text in (
        ("newline-behind", "Here: the text with a newline, as echo writes it.", TEXT + b"\n"),
        ("nothing", "Here: the empty text, what is signed when a variable is misspelt.", b""),
        ("its-digest", "Here: its digest, hashed once more.", forge.digest),
        (
            "its-digest-in-hex",
            "Here: its digest in hex digits, hashed once more.",
            forge.digest.hex().encode(),
        ),
        ("in-utf-16", "Here: the text in UTF-16.", TEXT.decode().encode("utf-16-le")),
        ("url-encoded", "Here: the text, URL-encoded.", TEXT.replace(b" ", b"%20").replace(b":", b"%3A")),
    ):
        yield slug, comment, alipay.sealed(notification(), alipay.signer.sign(text))
