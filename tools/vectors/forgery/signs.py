"""The sign is missing, damaged, guessed, made with another key, or of another type."""

import hashlib
import hmac
from collections.abc import Iterator

from alipay_qr.presign import presign
from alipay_qr.signing import Md5, RsaSigner
from tools.vectors import keys
from tools.vectors.forgery import honest
from tools.vectors.forgery.letter import (
    MD5,
    RSA,
    Alipay,
    as_text,
    changed,
    dropped,
    forged,
    forged_table,
    raw_sign,
    sign_of,
)
from tools.vectors.messages import notification
from tools.vectors.steps import Pairs

NO_SIGN, BAD_SIGN = "verify.reject.no-sign", "verify.reject.bad-sign"
OTHER_KEY, OTHER_TYPE = "verify.reject.other-key", "verify.reject.other-type"
Forgeries = Iterator[tuple[str, str, Pairs]]

_TEXT = presign(notification())


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _other(character: str) -> str:
    """Return another character that is legal in hex and in base64."""
    return "1" if character == "0" else "0"


@forged(NO_SIGN, twin=honest.a_payment)
def without_a_sign(alipay: Alipay) -> Pairs:
    """There is no sign. Verifying is not skipped: it fails."""
    return dropped(alipay.send(notification()), "sign")


@forged(NO_SIGN, twin=without_a_sign)
def without_sign_and_sign_type(alipay: Alipay) -> Pairs:
    """There is neither sign nor sign_type."""
    return dropped(alipay.send(notification()), "sign", "sign_type")


@forged(NO_SIGN, twin=honest.a_payment)
def with_an_empty_sign(alipay: Alipay) -> Pairs:
    """The sign is empty: what a failed openssl_sign() leaves, on either side."""
    return alipay.sealed(notification(), "")


@forged_table(NO_SIGN, BAD_SIGN, twin=honest.a_payment)
def with_a_word_for_a_sign(alipay: Alipay) -> Forgeries:
    """The sign is a word that a language may take for true, for nothing or for anything."""
    for value, slug, comment in (
        (" ", "blank", "Here: a blank."),
        ("0", "zero", "Here: 0."),
        ("1", "one", "Here: 1."),
        ("true", "true", "Here: true, which PHP's == takes for any text."),
        ("null", "null", "Here: null."),
        ("undefined", "undefined", "Here: undefined."),
        ("None", "none", "Here: None."),
        ("Array", "array", "Here: Array, as PHP prints a list."),
        ("*", "asterisk", "Here: an asterisk."),
        ("=", "padding", "Here: base64 padding of nothing."),
        ("....", "dots", "Here: no base64 at all."),
        ("\u4e2d", "chinese", "Here: a Chinese character; comparing bytes in constant time raises on it."),
    ):
        yield slug, comment, alipay.sealed(notification(), value)


@forged(BAD_SIGN, twin=honest.a_payment)
def with_the_sign_of_another_message(alipay: Alipay) -> Pairs:
    """The sign is genuine, and belongs to another payment."""
    other = alipay.send(notification(out_trade_no="2026112300002"))
    return alipay.sealed(notification(), sign_of(other))


@forged_table(BAD_SIGN, twin=honest.a_payment)
def with_a_damaged_sign(alipay: Alipay) -> Forgeries:
    """The sign is almost right."""
    sign = sign_of(alipay.send(notification()))
    late = len(sign.rstrip("=")) - 2
    for value, slug, comment in (
        (_other(sign[0]) + sign[1:], "first-character", "Here: its first character is another."),
        (sign[:late] + _other(sign[late]) + sign[late + 1 :], "near-its-end", "Here: one of its last characters is another."),
        (sign[: len(sign) // 8 * 4], "first-half", "Here: only its first half came."),
        (sign[:-8], "cut-by-eight", "Here: its last eight characters are missing."),
        (sign + sign, "doubled", "Here: it stands there twice."),
        ("AAAA" + sign, "longer", "Here: four characters more."),
        (sign[::-1], "reversed", "Here: it is turned round."),
        ("0" * len(sign), "zeros", "Here: as long as it should be, and all zeros."),
    ):  # fmt: skip
        yield slug, comment, alipay.sealed(notification(), value)


@forged_table(BAD_SIGN, "sign.md5.digest", twin=honest.with_a_sign_that_is_0_as_a_number, only=MD5)
def with_another_sign_that_is_0_as_a_number(alipay: Alipay) -> Forgeries:
    """The right sign is 0e and thirty digits, so PHP's == finds it equal to every other number 0."""
    message = notification(trade_no=honest.MAGIC_TRADE_NO)
    for value, slug, comment in (
        ("0e" + "1" * 30, "same-length", "Here: another text of that form."),
        ("0", "zero", "Here: 0."),
        ("0e0", "short", "Here: 0e0."),
        ("0.0", "decimal", "Here: 0.0."),
        ("00000000000000000000000000000000", "zeros", "Here: 32 zeros."),
    ):
        yield slug, comment, alipay.sealed(message, value)


@forged_table(OTHER_KEY, twin=honest.a_payment, only=MD5)
def with_an_md5_by_another_key(alipay: Alipay) -> Forgeries:
    """The MD5 was made with what an attacker has, or what a program without its setting uses."""
    key = keys.MD5_KEY
    for value, slug, comment in (
        ("", "no-key", "Here: no key at all. Everybody can make that."),
        ("10000000000000000000000000000000", "strangers", "Here: somebody else's key."),
        ("null", "null", "Here: the word null for a key that was not set."),
        ("None", "none", "Here: the word None."),
        ("undefined", "undefined", "Here: the word undefined."),
        ("key", "the-word-key", "Here: the word key."),
        (key.upper(), "capitals", "Here: the right key in capitals."),
        (key[:-1], "cut-off", "Here: the right key without its last character."),
        (key + "\n", "newline", "Here: the right key with a newline behind."),
        (" " + key, "blank", "Here: the right key with a blank before."),
        (key + key, "twice", "Here: the right key twice."),
        ("2088021966388155", "partner", "Here: the partner id, which everybody knows."),
    ):
        yield slug, comment, alipay.sealed(notification(), _md5(_TEXT + value.encode()))


@forged_table(BAD_SIGN, "sign.md5.digest", twin=honest.a_payment, only=MD5)
def with_a_digest_of_another_kind(alipay: Alipay) -> Forgeries:
    """The key is right, and the digest is another."""
    key = keys.MD5_KEY.encode()
    for value, slug, comment in (
        (_md5(key + _TEXT), "key-in-front", "Here: the key stands before the text."),
        (_md5(_TEXT + b"&key=" + key), "key-equals", "Here: &key= stands before the key, as WeChat has it."),
        (_md5(_md5(_TEXT + key).encode()), "twice", "Here: the MD5 of the MD5."),
        (_md5(key), "of-the-key-alone", "Here: the MD5 of the key alone, the sign of an empty text."),
        (hmac.digest(key, _TEXT, "md5").hex(), "hmac", "Here: HMAC-MD5."),
        (hashlib.sha1(_TEXT + key, usedforsecurity=False).hexdigest(), "sha1", "Here: SHA-1."),
        (hashlib.sha256(_TEXT + key).hexdigest(), "sha256", "Here: SHA-256."),
    ):
        yield slug, comment, alipay.sealed(notification(), value)


@forged_table(OTHER_KEY, twin=honest.a_payment, only=RSA)
def with_a_signature_by_another_key(alipay: Alipay) -> Forgeries:
    """The signature is flawless, and not Alipay's."""
    for pair, slug, comment in (
        (keys.merchant(alipay.sign_type), "merchants-own", "Here: the merchant's own key; whoever verifies with its public half accepts what the merchant signed."),
        (keys.stranger(alipay.sign_type), "strangers", "Here: somebody else's key."),
    ):  # fmt: skip
        signer = RsaSigner(keys.private_key(pair.private_pem), alipay.sign_type)
        yield slug, comment, alipay.sealed(notification(), signer.sign(_TEXT))


@forged_table(OTHER_TYPE, twin=honest.a_payment)
def with_another_sign_type(alipay: Alipay) -> Forgeries:
    """The sign is right, and sign_type names another type than the account's. It must not be taken for that type, nor for none."""
    names = [name for name in ("MD5", "RSA", "RSA2") if name != alipay.sign_type]
    for name in (*names, "DSA", "none", "SHA256", "HMAC-SHA256"):
        message = changed(alipay.send(notification()), sign_type=name)
        yield name.lower(), f"Here: {name}.", message


@forged_table(OTHER_TYPE, twin=honest.a_payment, result="acceptable")
def with_sign_type_in_another_spelling(alipay: Alipay) -> Forgeries:
    """The sign is right, and sign_type names the account's type in another spelling. Both answers are defensible."""
    message = alipay.send(notification())
    yield "small-letters", "Here: in small letters.", changed(message, sign_type=alipay.sign_type.lower())
    yield "blank-behind", "Here: with a blank behind.", changed(message, sign_type=alipay.sign_type + " ")
    yield "empty", "Here: without a value.", changed(message, sign_type="")


@forged_table(OTHER_TYPE, BAD_SIGN, twin=with_the_sign_of_another_message)
def with_a_false_sign_and_no_known_type(alipay: Alipay) -> Forgeries:
    """The sign is another message's, and sign_type is not what a verifier looks for. That is no reason to look at nothing."""
    message = alipay.sealed(notification(), sign_of(alipay.send(notification(out_trade_no="2026112300002"))))
    yield "missing", "Here: it is missing.", dropped(message, "sign_type")
    yield (
        "small-letters",
        "Here: it is in small letters.",
        changed(message, sign_type=alipay.sign_type.lower()),
    )
    yield "empty", "Here: it is empty.", changed(message, sign_type="")


@forged_table(OTHER_TYPE, twin=honest.a_payment, only=RSA)
def talked_down_to_md5(alipay: Alipay) -> Forgeries:
    """The account uses RSA; the message says MD5 and carries an MD5. The sender must not choose the algorithm."""
    own = keys.alipay(alipay.sign_type).public_forms
    for key, slug, comment in (
        ("", "no-key", "Here: made without a key, right for whoever never set one."),
        (keys.MD5_KEY, "the-accounts-key", "Here: made with the account's own MD5 key, which is not in use."),
        ("null", "null", "Here: made with the word null."),
        (own["pem"], "the-public-key", "Here: made with Alipay's public key as the text of the key, which everybody has."),
        (own["base64"], "the-public-key-in-base64", "Here: made with Alipay's public key in base64 as the text of the key."),
    ):  # fmt: skip
        md5 = _md5(_TEXT + key.encode())
        yield slug, comment, (*notification(), ("sign_type", "MD5"), ("sign", md5))


@forged(OTHER_TYPE, twin=honest.a_payment, only=MD5)
def an_rsa_signature_under_md5(alipay: Alipay) -> Pairs:
    """The account uses MD5; the message carries Alipay's RSA signature and says so. It is not what the account agreed on."""
    return Alipay("RSA", alipay.charset).send(notification())


@forged_table(OTHER_TYPE, twin=honest.a_payment, only=RSA)
def a_signature_of_the_other_rsa_type(alipay: Alipay) -> Forgeries:
    """Alipay's key, the other hash, and sign_type says so: not the account's type."""
    other = "RSA2" if alipay.sign_type == "RSA" else "RSA"
    signer = RsaSigner(keys.private_key(alipay.private_pem or ""), other)
    yield (
        other.lower(),
        f"Here: {other}.",
        (*notification(), ("sign_type", other), ("sign", signer.sign(_TEXT))),
    )


@forged(BAD_SIGN, twin=honest.a_payment, only=RSA)
def the_signature_in_hex(alipay: Alipay) -> Pairs:
    """The right signature in hex digits, which are legal base64 of something else."""
    return alipay.sealed(notification(), raw_sign(alipay.send(notification())).hex())


@forged(BAD_SIGN, twin=honest.a_payment, only=RSA)
def the_signature_in_base64_twice(alipay: Alipay) -> Pairs:
    """The right signature, encoded twice."""
    return alipay.sealed(notification(), as_text(sign_of(alipay.send(notification())).encode()))


@forged(BAD_SIGN, twin=honest.a_payment, only=RSA)
def an_md5_under_rsa(alipay: Alipay) -> Pairs:
    """The account's MD5 where a signature should be; sign_type says RSA."""
    return alipay.sealed(notification(), Md5(keys.MD5_KEY).sign(_TEXT))
