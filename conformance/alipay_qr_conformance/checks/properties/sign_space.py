"""Messages that nobody with Alipay's key has made, each a genuine one with one edit, by position and by word.

The classes are those of ``verify.reject.*`` and ``notify.reject.*``.
"""

import base64
import hashlib
from collections.abc import Iterator
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from alipay_qr.presign import presign
from alipay_qr.signing import RsaSigner
from alipay_qr_conformance.model.test_account import TestKeys, test_key
from alipay_qr_conformance.rules.forgeries import Pairs, replace, sign_of, without

Wrong = tuple[str, str, Pairs]
"""Class, name in words, and the message."""

OTHER_TYPES: Final = (
    "DSA", "RSA256", "RSA3", "RSA1", "SHA256", "SHA1", "HMAC", "HMAC-SHA256", "SM2", "CERT", "NONE", "none",
    "md5", "rsa", "rsa2", "null", "0", "MD4", "MD5 ", "AES", "x", "0001",
)  # fmt: skip
"""Names that are no sign type of this protocol; the WAP gateway's ``sec_id`` says 0001 for RSA."""

_KEYS: Final = (
    "", "0", "1", "null", "None", "undefined", "nil", "false", "0" * 32, "f" * 32, "1234567890abcdef" * 2,
    "123456", "9876543", "key", "md5_key", "secret", "password", "test", "sandbox", "alipay", "Alipay",
    "ALIPAY", "sign", "MD5", "UTF-8",
)  # fmt: skip
"""What stands in the place of a key that is not set, or was never changed."""

ADDED: Final = (
    "#1",
    "-",
    "--",
    "@1",
    "N/A",
    "0",
    "null",
    "None",
    "none",
    "false",
    "[]",
    "{}",
    "x",
    "\\",
    "%20",
)
"""Values of a parameter that was added on the way: some readers take them for nothing."""

OF_NO_TYPE: Final = "no sign_type, and a sign of MD5"

_HEX: Final = "0123456789abcdef"
_BASE64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def wrong(
    genuine: Pairs, changed: tuple[str, str], sign_type: str, keys: TestKeys, more: list[str]
) -> Iterator[Wrong]:
    """Yield wrong messages made of a genuine one.

    Args:
        genuine: with its sign and sign type.
        changed: a parameter, and the value that a forger wants in it.
        sign_type: of the account.
        keys: of the account.
        more: texts that are no keys, such as the address of the gateway.
    """
    yield from _edited(genuine)
    yield from wrongly_signed(genuine, changed, sign_type, keys, more)


def wrongly_signed(
    genuine: Pairs, changed: tuple[str, str], sign_type: str, keys: TestKeys, more: list[str]
) -> Iterator[Wrong]:
    """Yield those wrong messages whose sign or sign type is at fault; see `wrong`."""
    forged = replace(genuine, *changed)
    yield from _of_types(forged, sign_type)
    sign = sign_of(genuine)
    bad = _bad_digits(sign) if sign_type == "MD5" else _bad_bytes(sign)
    yield from (("bad-sign", name, replace(genuine, "sign", text)) for name, text in bad if text != sign)
    if sign_type == "MD5":
        yield from _other_keys(forged, keys, more)
    else:
        yield from _brought_keys(forged, sign_type)
        yield from _of_no_type(forged, keys)


def _edited(genuine: Pairs) -> Iterator[Wrong]:
    """Yield the message with each parameter changed, removed or renamed, and with one added."""
    for name, value in without(genuine, "sign", "sign_type"):
        if not value:
            continue
        last = "0" if value[-1] != "0" else "1"
        yield "changed", f"the end of {name} changed", replace(genuine, name, value[:-1] + last)
        first = "0" if value[0] != "0" else "1"
        yield "changed", f"the beginning of {name} changed", replace(genuine, name, first + value[1:])
        yield "changed", f"{name} doubled", replace(genuine, name, value + value)
        yield "changed", f"{name} removed", without(genuine, name)
        yield "changed", f"{name} emptied", replace(genuine, name, "")
        renamed = [(f"{each}_" if each == name else each, old) for each, old in genuine]
        yield "changed", f"{name} renamed", renamed
    for text in ADDED:
        yield "changed", f"x_note={text!r} added", [*genuine, ("x_note", text)]


def _of_types(forged: Pairs, sign_type: str) -> Iterator[Wrong]:
    """Yield the changed message under every name of a sign type, with its old sign and without any."""
    for name in (*OTHER_TYPES, "MD5", "RSA", "RSA2"):
        named = replace(forged, "sign_type", name)
        yield "no-sign", f"no sign, sign_type {name!r}", without(named, "sign")
        yield "no-sign", f"an empty sign, sign_type {name!r}", replace(named, "sign", "")
        if name != sign_type:
            yield "other-type", f"sign_type {name!r}, and a value changed", named


def _of_no_type(forged: Pairs, keys: TestKeys) -> Iterator[Wrong]:
    """Yield the changed message with a right MD5 sign and without that name: RSA accounts have no default."""
    if not keys.md5_key:
        return
    data = presign(without(forged, "sign", "sign_type")) + keys.md5_key.encode()
    signed = replace(forged, "sign", hashlib.md5(data, usedforsecurity=False).hexdigest())
    yield "other-type", OF_NO_TYPE, without(signed, "sign_type")
    for name in ("", "md5", "RSA", "RSA2"):
        yield "other-type", f"sign_type {name!r}, and a sign of MD5", replace(signed, "sign_type", name)


def _bad_digits(sign: str) -> Iterator[tuple[str, str]]:
    wrong = "".join(_HEX[(int(digit, 16) + 5) % 16] for digit in sign)
    for place in range(len(sign)):
        yield f"digit {place + 1} of the sign changed", sign[:place] + wrong[place] + sign[place + 1 :]
    for right in (4, 8, 12, 16, 20, 24, 28):
        yield f"the first {right} digits right", sign[:right] + wrong[right:]
        yield f"the last {right} digits right", wrong[:-right] + sign[-right:]
        yield f"only the first {right} digits", sign[:right]
        yield f"only the last {right} digits", sign[-right:]
    yield "every first digit of two right", "".join(sum(zip(sign[::2], wrong[1::2], strict=True), ()))
    yield "every second digit of two right", "".join(sum(zip(wrong[::2], sign[1::2], strict=True), ()))
    yield "the digits sorted", "".join(sorted(sign))
    yield "the digits reversed", sign[::-1]
    for size in (4, 8, 16):
        groups = [sign[start : start + size] for start in range(0, len(sign), size)]
        yield f"groups of {size} digits in another order", "".join(groups[1:] + groups[:1])
    for text in ("0", "00", "0x", "+"):
        yield f"{text} before the sign", text + sign
    for text in ("0", "00", ",", "=", "."):
        yield f"{text} behind the sign", sign + text
    yield "the sign twice", sign + sign
    yield "zeros", "0" * len(sign)


def _bad_bytes(sign: str) -> Iterator[tuple[str, str]]:
    raw = base64.b64decode(sign)
    for place in sorted({0, 1, 2, 7, 15, 16, 31, 32, 63, 64, len(raw) // 2, len(raw) - 2, len(raw) - 1}):
        if place < len(raw):
            other = raw[:place] + bytes([raw[place] ^ 0x55]) + raw[place + 1 :]
            yield f"byte {place + 1} of the sign changed", base64.b64encode(other).decode("ascii")
    for name, other in {
        "zeros": bytes(len(raw)),
        "ones": b"\0" * (len(raw) - 1) + b"\1",
    }.items():
        yield f"{name} for a sign", base64.b64encode(other).decode("ascii")
    body = base64.b64encode(bytes([raw[0] ^ 0x55]) + raw[1:]).decode("ascii").rstrip("=")
    untidy = body[:-1] + _BASE64[_BASE64.index(body[-1]) | 1]
    yield "byte 1 of the sign changed, and bits that base64 leaves unused", untidy + "=" * (-len(body) % 4)


def _other_keys(forged: Pairs, keys: TestKeys, more: list[str]) -> Iterator[Wrong]:
    own = keys.md5_key or ""
    near = [own[: len(own) // 2], own[::-1], own.upper(), own * 2, own[:-1]] if own else []
    text = presign(without(forged, "sign", "sign_type"))
    for key in dict.fromkeys([*_KEYS, keys.partner, keys.partner * 2, *near, *more]):
        if key != own:
            digest = hashlib.md5(text + key.encode(), usedforsecurity=False).hexdigest()
            shown = "a piece of the right key" if key in near else repr(key)
            yield "other-key", f"signed with {shown} as key", replace(forged, "sign", digest)


def _brought_keys(forged: Pairs, sign_type: str) -> Iterator[Wrong]:
    """Yield messages that bring a key along, in the usual names, and are signed with it."""
    key = test_key("stranger_2048" if sign_type == "RSA2" else "stranger_1024")
    signer = RsaSigner(key, sign_type)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
    bare = "".join(pem.splitlines()[1:-1])
    for name, text in (
        ("public_key", pem),
        ("public_key", bare),
        ("alipay_public_key", pem),
        ("cert", pem),
        ("key", bare),
    ):
        fields = [*without(forged, "sign", "sign_type"), (name, text)]
        sign = signer.sign(presign(fields))
        yield "other-key", f"a key of its own in {name}", [*fields, ("sign_type", sign_type), ("sign", sign)]
