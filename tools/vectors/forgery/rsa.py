"""RSA signatures that only a careless verifier accepts, after the model of Project Wycheproof.

A PKCS#1 v1.5 signature is the number m^d mod n, where m is 00 01, FF to fill, 00, the name of the hash, the digest,
exactly as long as the key. Each of these opens to something that is nearly that, or is nearly such a number.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15

from tools.vectors.forgery import honest
from tools.vectors.forgery.forge import (
    BAD_SIGN,
    NAMES,
    OTHER_HASH,
    TEXT,
    WITHOUT_NULL,
    Forge,
    Forgeries,
    key_of,
)
from tools.vectors.forgery.letter import RSA, Alipay, as_text, changed, forged_table, raw_sign
from tools.vectors.messages import notification


@forged_table(OTHER_HASH, twin=honest.a_payment, only=RSA)
def a_signature_over_another_hash(alipay: Alipay) -> Forgeries:
    """Alipay's key and flawless padding, and another hash than sign_type stands for."""
    other = hashes.SHA256() if alipay.sign_type == "RSA" else hashes.SHA1()
    for slug, comment, algorithm in (
        ("other", "Here: the hash of the other RSA type.", other),
        ("sha512", "Here: SHA-512.", hashes.SHA512()),
        ("sha224", "Here: SHA-224, whose digest is nearly as long.", hashes.SHA224()),
        ("sha384", "Here: SHA-384.", hashes.SHA384()),
        ("md5", "Here: MD5.", hashes.MD5()),
    ):
        signature = key_of(alipay).sign(TEXT, PKCS1v15(), algorithm)
        yield slug, comment, alipay.sealed(notification(), as_text(signature))


@forged_table(BAD_SIGN, twin=honest.a_payment, only=RSA)
def a_signature_with_another_padding(alipay: Alipay) -> Forgeries:
    """Alipay's key, the right hash, and another padding scheme."""
    algorithm = hashes.SHA1() if alipay.sign_type == "RSA" else hashes.SHA256()
    without_salt = PSS(MGF1(algorithm), 0)  # so that it is the same every time
    signature = key_of(alipay).sign(TEXT, without_salt, algorithm)
    yield "pss", "Here: PSS.", alipay.sealed(notification(), as_text(signature))


@forged_table(BAD_SIGN, twin=honest.a_payment, only=RSA)
def a_block_that_is_nearly_right(alipay: Alipay) -> Forgeries:
    """What the signature opens to is nearly a block of PKCS#1 v1.5."""
    forge = Forge(alipay)
    info = NAMES[forge.hash] + forge.digest
    other_name = NAMES["sha256" if forge.hash == "sha1" else "sha1"]
    for slug, comment, block in (
        ("type-2", "Here: block type 2, which is for encryption.", forge.block(info, head=b"\x00\x02")),
        ("type-0", "Here: block type 0, filled with zeros.", forge.block(info, head=b"\x00\x00", fill=b"\x00")),
        ("first-byte-1", "Here: its first byte is 01.", forge.block(info, head=b"\x01\x01")),
        ("fill-fe", "Here: filled with FE.", forge.block(info, fill=b"\xfe")),
        ("garbage-behind", "Here: eight bytes stand behind the digest, and the fill is shorter by them.", forge.block(info, behind=b"\x2a" * 8)),
        ("short-fill-and-garbage", "Here: eight bytes of fill, and all the rest behind the digest: with a key of exponent 3 anybody could make this.", forge.early_end(info)),
        ("zero-behind", "Here: a byte of zero stands behind the digest.", forge.block(info, behind=b"\x00")),
        ("no-zero-before-the-digest", "Here: FF stands where the zero before the hash's name belongs.", forge.block(info).replace(b"\xff\x00" + info, b"\xff\xff" + info)),
        ("bare-digest", "Here: the digest without the name of its hash.", forge.block(forge.digest)),
        ("digest-in-hex", "Here: the digest in hex digits, without the name of its hash.", forge.block(forge.digest.hex().encode())),
        ("name-of-another-hash", "Here: the right digest under the name of another hash.", forge.block(other_name + forge.digest)),
        ("the-text-itself", "Here: the beginning of the text in place of a digest.", forge.block(TEXT[:20])),
        ("length-in-long-form", "Here: a length of the DER is written in its long form.", forge.block(b"\x30\x81" + info[1:])),
        ("digest-cut", "Here: the last byte of the digest is missing.", forge.block(info[:-1])),
        ("digest-changed", "Here: one bit of the digest is another.", forge.block(info[:-1] + bytes([info[-1] ^ 1]))),
        ("nothing-but-fill", "Here: fill and nothing else.", b"\x00\x01" + b"\xff" * (forge.size - 2)),
    ):  # fmt: skip
        yield slug, comment, alipay.sealed(notification(), as_text(forge.close(block)))


@forged_table(BAD_SIGN, twin=honest.a_payment, only=RSA, result="acceptable")
def a_block_without_the_null(alipay: Alipay) -> Forgeries:
    """The name of the hash lacks its NULL parameter. RFC 8017 lets a verifier accept that; most refuse."""
    forge = Forge(alipay)
    block = forge.block(WITHOUT_NULL[forge.hash] + forge.digest)
    yield (
        "parameter",
        "Only whoever has the key can make it.",
        alipay.sealed(notification(), as_text(forge.close(block))),
    )


@forged_table(BAD_SIGN, twin=honest.a_payment, only=RSA)
def a_number_that_is_nearly_right(alipay: Alipay) -> Forgeries:
    """The signature is a number that stands close to the right one, or is easy to guess."""
    forge = Forge(alipay)
    right = int.from_bytes(forge.right, "big")
    longer = forge.size + 1
    unpadded = pow(int.from_bytes(forge.digest, "big"), forge.numbers.d, forge.n)
    for slug, comment, signature in (
        ("zero", "Here: 0, which opens to 0 under every key.", forge.fit(0)),
        ("one", "Here: 1, which opens to 1 under every key.", forge.fit(1)),
        ("modulus-plus-one", "Here: the modulus plus 1, which opens to 1.", (forge.n + 1).to_bytes(longer, "big")),
        ("modulus-minus-one", "Here: the modulus minus 1, which opens to itself.", forge.fit(forge.n - 1)),
        ("modulus", "Here: the modulus itself.", forge.fit(forge.n)),
        ("plus-modulus", "Here: the right number plus the modulus: it opens to the same block, and is too large.", (right + forge.n).to_bytes(longer, "big")),
        ("negative", "Here: the modulus minus the right number.", forge.fit(forge.n - right)),
        ("twice-the-modulus", "Here: the right number plus twice the modulus.", (right + 2 * forge.n).to_bytes(longer, "big")),
        ("doubled-number", "Here: twice the right number.", forge.fit(right * 2 % forge.n)),
        ("zero-byte-before", "Here: a byte of zero before the right one: one byte too long.", b"\x00" + forge.right),
        ("many-zero-bytes-before", "Here: as many bytes of zero before it as it has itself.", b"\x00" * forge.size + forge.right),
        ("byte-behind", "Here: a byte of zero behind the right one: one byte too long.", forge.right + b"\x00"),
        ("one-byte-short", "Here: the right one without its last byte.", forge.right[:-1]),
        ("turned-round", "Here: the right one with its bytes turned round.", forge.right[::-1]),
        ("all-ff", "Here: all FF, larger than every modulus of this size.", b"\xff" * forge.size),
        ("one-bit", "Here: the right one with its last bit turned.", forge.right[:-1] + bytes([forge.right[-1] ^ 1])),
        ("not-signed-at-all", "Here: the padded block itself, not signed.", forge.block(NAMES[forge.hash] + forge.digest)),
        ("digest-as-a-number", "Here: the bare digest, signed without any padding.", forge.fit(unpadded)),
        ("digest-alone", "Here: the bare digest.", forge.digest),
    ):  # fmt: skip
        yield slug, comment, alipay.sealed(notification(), as_text(signature))


@forged_table(BAD_SIGN, twin=honest.with_a_signature_that_begins_with_a_zero_byte, only=RSA)
def a_signature_without_its_first_byte(alipay: Alipay) -> Forgeries:
    """The right signature begins with a byte of zero."""
    message = honest.with_a_signature_that_begins_with_a_zero_byte.build(alipay)
    shorter = as_text(raw_sign(message)[1:])
    yield (
        "zero",
        "Here that byte is left out: the same number, one byte too short.",
        changed(message, sign=shorter),
    )
