"""Vectors about the digest and the form of the sign, for one sign type each: messages that were searched for.

Which message it takes is found by counting up partner_refund_id until the sign has the property; the
search is the same every time, so the vector is.
"""

import base64
from collections.abc import Callable, Iterator
from typing import Any, Final

from alipay_qr.presign import presign
from tools.vectors import keys
from tools.vectors.case import Case
from tools.vectors.messages import named, refund
from tools.vectors.requests import DIGEST_FLAGS, OURS, sign_inputs, sign_test, signer
from tools.vectors.steps import Pairs
from tools.vectors.text.plain import refund_plain, refund_with_reason

MAGIC_TRADE: Final = "20261124259044226"
_BLOCK: Final = 64  # bytes that MD5, SHA-1 and SHA-256 take at a time
_FIRST_ID: Final = 2026112300001

_MD5_FORMS: Final[tuple[tuple[str, str, Callable[[str], bool]], ...]] = (
    ("the-sign-begins-with-0", "The MD5 begins with 0: a number in hex loses it.", lambda sign: sign[0] == "0"),
    ("the-sign-begins-with-00", "The MD5 begins with a byte of zero.", lambda sign: sign[:2] == "00"),
    ("the-sign-begins-with-f", "The MD5 begins with f: a signed number is negative.", lambda sign: sign[0] == "f"),
    ("the-sign-has-a-zero-inside", "Every byte needs two digits: one inside is below 16.", lambda sign: "0" in sign[2:31:2]),
    ("the-sign-ends-with-00", "The MD5 ends with a byte of zero.", lambda sign: sign[-2:] == "00"),
)  # fmt: skip
_RSA_FORMS: Final[tuple[tuple[str, str, Callable[[str], bool]], ...]] = (
    ("the-sign-holds-a-plus", "The base64 holds a +, which a form decodes to a blank unless it is encoded.", lambda sign: "+" in sign and "/" not in sign),
    ("the-sign-holds-a-slash", "The base64 holds a /, which JSON encoders may escape.", lambda sign: "/" in sign and "+" not in sign),
    ("the-signature-begins-with-a-zero-byte", "The signature begins with a byte of zero, which is part of it: a number loses it.", lambda sign: base64.b64decode(sign)[0] == 0),
    ("the-signature-ends-with-a-zero-byte", "The signature ends with a byte of zero.", lambda sign: base64.b64decode(sign)[-1] == 0),
    ("the-signature-ends-with-a-newline-byte", "The signature ends with the byte of a newline: trimming it before base64 breaks it.", lambda sign: base64.b64decode(sign)[-1] == ord("\n")),
)  # fmt: skip


def cases(sign_type: str) -> list[Case]:
    """Return the cases that only this sign type has."""
    return [*_forms(sign_type), *_lengths(sign_type), *_magic(sign_type)]


def _forms(sign_type: str) -> Iterator[Case]:
    for slug, comment, wanted in _MD5_FORMS if sign_type == "MD5" else _RSA_FORMS:
        yield _case(sign_type, slug, comment, _first(sign_type, wanted), refund_plain)


def _first(sign_type: str, wanted: Callable[[str], bool]) -> Pairs:
    sign = signer(sign_type).sign
    for number in range(_FIRST_ID + 1, _FIRST_ID + 10_000):
        message = refund(partner_refund_id=f"R{number}")
        if wanted(sign(presign(message))):
            return message
    raise AssertionError("no sign of that form among ten thousand")


def _lengths(sign_type: str) -> Iterator[Case]:
    """Yield messages at the edges of the digest's blocks; hand-made digests go wrong there."""
    key = len(keys.MD5_KEY) if sign_type == "MD5" else 0
    bare = len(presign(refund(refund_reason="x"))) - 1 + key
    for over, what in (
        (55, "55 bytes into a block: the padding just fits"),
        (56, "56 bytes into a block: the padding needs one block more"),
        (63, "one byte short of a block"),
        (64, "exactly whole blocks"),
        (65, "one byte over a block"),
    ):
        filler = (over - bare) % _BLOCK or _BLOCK
        message = refund(refund_reason="x" * filler)
        yield _case(sign_type, f"length-{over}", f"What is hashed is {what}.", message, refund_with_reason)
    message = refund(refund_reason="x" * (8192 - bare))
    comment = "What is hashed is 8192 bytes long: its length in bits needs more than two bytes."
    yield _case(sign_type, "length-8192", comment, message, refund_with_reason)


def _magic(sign_type: str) -> Iterator[Case]:
    if sign_type != "MD5":
        return
    yield _case(
        sign_type,
        "the-sign-is-0-as-a-number",
        "The MD5 is 0e and thirty digits, which PHP's == takes for the number 0.",
        named(service="alipay.acquire.cancel", out_trade_no=MAGIC_TRADE, _input_charset="UTF-8"),
        None,
    )


def other_key_groups() -> Iterator[dict[str, Any]]:
    """Yield the plain message under other MD5 keys: the key is text, whatever it looks like."""
    for slug, comment, key in (
        ("digits", "A key of digits, as published signs use: text, not a number.", "1" + "0" * 31),
        ("capitals", "A key with capital letters: it is not lowered.", "W0NU2SN0O97S8RUZRPJ64FGC8VJ8WUS6"),
        ("zeros", "A key that begins with zeros.", "0" * 8 + "2sn0o97s8ruzrpj64fgc8vj8"),
        ("exponent", "A key that looks like a number with an exponent.", "0e" + "4" * 30),
        ("short", "A key of four characters, as a published sign uses.", "XXXX"),
        ("one-letter-off", "The usual key with its last character changed.", keys.MD5_KEY[:-1] + "7"),
    ):
        inputs = {**sign_inputs("MD5", "UTF-8"), "md5_key": key}
        case = _case("MD5", f"another-key-{slug}", comment, refund(), refund_plain)
        yield {"source": OURS, "inputs": inputs, "tests": [sign_test(case, inputs)]}


def _case(sign_type: str, slug: str, comment: str, message: Pairs, twin: Case | None) -> Case:
    return Case(slug, comment, message, (DIGEST_FLAGS[sign_type],), twin=twin.slug if twin else None)
