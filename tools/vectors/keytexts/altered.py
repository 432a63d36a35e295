"""A piece is missing, or a character is another: no key, and nothing to be guessed."""

import base64
from collections.abc import Iterator

from alipay_qr.keys import load_private_key
from tools.vectors.keytexts.private import pkcs1, pkcs8_in_base64
from tools.vectors.keytexts.public import spki, spki_in_base64
from tools.vectors.keytexts.texts import (
    ALIPAY_BASE64,
    ALIPAY_PEM,
    FORMS,
    MERCHANT,
    PRIVATE,
    PUBLIC,
    as_base64,
    der,
    pem,
    wrapped,
)
from tools.vectors.question import Row, family

_PEM, _BASE64 = MERCHANT.pkcs1_pem, MERCHANT.pkcs8_base64
_LINES = _PEM.split("\n")


@family(FORMS, given=PRIVATE, twin=pkcs1, result="invalid")
def a_pem_with_a_gap() -> Iterator[Row]:
    """A piece of the text is missing."""
    for text, slug, comment in (
        (_PEM[: len(_PEM) // 2], "second-half", "Here: its second half."),
        ("\n".join([*_LINES[:5], *_LINES[6:]]), "line", "Here: a line in the middle."),
        ("\n".join([*_LINES[:-3], *_LINES[-2:]]), "last-line", "Here: the last line before END."),
        ("\n".join([_LINES[0], *_LINES[2:]]), "first-line", "Here: the first line after BEGIN."),
        (_PEM.replace(_LINES[7], _LINES[7][:-1]), "character", "Here: one character; the rest moved up."),
        (_LINES[0] + "\n" + _LINES[-2] + "\n", "body", "Here: everything between BEGIN and END."),
        ("", "everything", "Here: everything: an empty file."),
        (" \n\t ", "everything-but-blanks", "Here: everything but white space."),
    ):
        yield Row(slug, comment, {"key": text})


@family(FORMS, given=PRIVATE, twin=pkcs8_in_base64, result="invalid")
def base64_with_a_fault() -> Iterator[Row]:
    """The bare base64 is not all there, or not all base64."""
    for text, slug, comment in (
        (_BASE64[:-100], "cut", "Here: its last hundred characters are missing; it is still whole groups of four."),
        (_BASE64[:-101], "cut-inside-a-group", "Here: its last 101 characters are missing."),
        (_BASE64[:255], "cut-at-255", "Here: only the first 255 characters are left, as a database column keeps them."),
        (_BASE64[:1], "one-character", "Here: only its first character is left."),
        (_BASE64[4:], "cut-in-front", "Here: its first four characters are missing."),
        (_BASE64[:50] + "!" + _BASE64[51:], "foreign-character", "Here: one character is an exclamation mark, which careless decoders skip."),
        (_BASE64[:50] + "…" + _BASE64[-50:], "elided", "Here: shortened with dots by whoever copied it from a page."),
        (_BASE64[:52] + "==" + _BASE64[52:], "padding-inside", "Here: padding in the middle, where careless decoders stop."),
        (_BASE64 * 2, "twice", "Here: it stands there twice, without a break."),
        (_BASE64[:50] + _BASE64[50].swapcase() + _BASE64[51:], "other-case", "Here: one letter has changed its case, and with it the modulus."),
        (_BASE64.lower(), "small-letters", "Here: all in small letters."),
        (_BASE64.replace("+", " "), "blanks-for-plus", "Here: blanks stand where + stood, as after a careless form."),
        ("null", "null", "Here: the word null."),
        ("YOUR_PRIVATE_KEY", "placeholder", "Here: the placeholder of an example."),
    ):  # fmt: skip
        yield Row(slug, comment, {"key": text})


def _with(position: int, *values: int) -> str:
    data = bytearray(der(_BASE64))
    data[position : position + len(values)] = bytes(values)
    return as_base64(bytes(data))


@family(FORMS, given=PRIVATE, twin=pkcs8_in_base64, result="invalid")
def der_with_a_fault() -> Iterator[Row]:
    """The base64 is flawless, and its bytes are no key."""
    for text, slug, comment in (
        (_with(0, 0x31), "set-for-sequence", "Here: its first byte says SET and not SEQUENCE."),
        (_with(2, 0xFF), "too-long", "Here: its length says more than there is."),
        (_with(6, 0x09), "version", "Here: its version is 9."),
        (_with(15, 0x00), "other-algorithm", "Here: the number of its algorithm is another."),
        (as_base64(b"not a key at all, but 32 bytes.."), "no-der", "Here: it is some text."),
        (as_base64(bytes(32)), "zeros", "Here: it is zeros."),
        (as_base64(_PEM.encode()), "twice-in-base64", "Here: it is a whole PEM, put into base64 once more."),
    ):
        yield Row(slug, comment, {"key": text})


def _with_number(name: str) -> str:
    """Return the key with two added to one of its numbers."""
    own = load_private_key(_PEM).private_numbers()
    number = own.public_numbers.n if name == "n" else getattr(own, name)
    size = (number.bit_length() + 7) // 8
    changed = der(_PEM).replace(number.to_bytes(size, "big"), (number + 2).to_bytes(size, "big"))
    return pem("RSA PRIVATE KEY", wrapped(as_base64(changed)))


@family(FORMS, given=PRIVATE, twin=pkcs1, result="invalid")
def numbers_that_do_not_fit() -> Iterator[Row]:
    """The form is flawless, and the numbers of the key do not belong together: it would sign, and no sign would hold."""
    for name, slug, comment in (
        ("n", "modulus", "Here: the modulus is another number."),
        ("p", "prime", "Here: one prime is another number."),
        ("d", "exponent", "Here: the private exponent is another number."),
        ("dmp1", "shortcut", "Here: one of the numbers that only make it faster."),
    ):
        yield Row(slug, comment, {"key": _with_number(name)})


@family(FORMS, given=PUBLIC, twin=spki_in_base64, result="invalid")
def public_with_a_fault() -> Iterator[Row]:
    """Alipay's public key, damaged: nothing may be verified with what is left."""
    data = der(ALIPAY_PEM)
    for text, slug, comment in (
        (ALIPAY_BASE64[:-40], "cut", "Here: its last forty characters are missing."),
        (ALIPAY_BASE64[:200], "cut-at-200", "Here: only its first 200 characters are left."),
        (ALIPAY_BASE64[:60] + "*" + ALIPAY_BASE64[61:], "foreign-character", "Here: one character is an asterisk."),
        (as_base64(data[:-3] + b"\x01\x00\x00"), "even-exponent", "Here: its exponent is even."),
        (as_base64(data[:-3] + b"\x00\x00\x01"), "exponent-1", "Here: its exponent is 1: everybody could sign."),
        ("", "empty", "Here: nothing is left."),
        ("支付宝公钥", "placeholder", "Here: it was never put in: the placeholder of a Chinese example."),
    ):  # fmt: skip
        yield Row(slug, comment, {"key": text})


@family(FORMS, given=PUBLIC, twin=spki, result="invalid")
def public_pem_with_a_gap() -> Iterator[Row]:
    """A piece of the public key's text is missing."""
    lines = ALIPAY_PEM.split("\n")
    yield Row("line", "Here: a line in the middle.", {"key": "\n".join([*lines[:3], *lines[4:]])})
    yield Row("body", "Here: everything between BEGIN and END.", {"key": f"{lines[0]}\n{lines[-2]}\n"})


@family(FORMS, given=PRIVATE, result="invalid")
def no_text_at_all() -> Iterator[Row]:
    """The file holds bytes where text is wanted."""
    yield Row("der", "Here: the DER itself.", {"key_hex": base64.b64decode(_BASE64).hex()}, "acceptable")
    yield Row("utf-16", "Here: the PEM in UTF-16.", {"key_hex": _PEM.encode("utf-16-le").hex()}, "acceptable")
