"""Encoded pairs -> the text that is signed, for many messages at once, and whether a sign holds.

Sorting the encoded pairs sorts them by name, because ``=`` stands below ``_`` and every letter. So one join,
one decoding of all texts (quoted-printable, which C decodes) and one digest each say whether signs hold.
"""

import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import compress, repeat
from operator import not_
from typing import Final
from urllib.parse import unquote_to_bytes

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from alipay_qr.presign import CHARSETS
from alipay_qr.wire.form import FORM_TYPE, content_type_charset
from alipay_qr_conformance.audit.accounts import Account, Accounts

try:
    hashlib.md5()
    md5 = hashlib.md5
except ValueError:  # pragma: no cover - a system that forbids MD5 where it protects something
    md5 = partial(hashlib.md5, usedforsecurity=False)

_PLAIN: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~*:/,!()@;-$"
_MARKS: Final = {ord("%"): ord("="), ord("="): 0, ord("+"): ord(" "), ord("\n"): ord("\n")}
"""To quoted-printable; the mark between name and value becomes NUL, which no value may hold."""
_TO_TEXT: Final = bytes(_MARKS.get(byte, byte if byte in _PLAIN else 0) for byte in range(256))
_BETWEEN: Final = bytes(byte for byte in range(256) if byte not in b"\0\n&")
_EQUALS: Final = ord("=")
_SIGN_TO_TEXT: Final = bytes.maketrans(b"%=\r", b"=\0\0")
"""To quoted-printable, NUL where ``=`` was; no other byte is one without being one too many."""
_PADDING: Final = PKCS1v15()
_RSA: Final[Mapping[str, tuple[bytes, Callable[[bytes], "hashlib._Hash"]]]] = {
    "RSA": (
        bytes.fromhex("3021300906052b0e03021a05000414"),
        partial(hashlib.sha1, usedforsecurity=False),
    ),
    "RSA2": (bytes.fromhex("3031300d060960864801650304020105000420"), hashlib.sha256),
}
"""What stands before a digest in a sign (RFC 8017, 9.2, note 1), and the digest."""
_MOST_TYPES: Final = 4096


def texts(
    pairs: Sequence[Sequence[str]], lines: Sequence[str], charset: str, *, quotes: bool = True
) -> list[str] | None:
    """Return the texts that are signed, byte for character; None where one is odd, or none in its charset.

    Args:
        pairs: of each name, encoded, sorted by name; no pair holds ``&`` or a line end.
        lines: the same, each column as one text; where all its pairs are equal, that one.
        charset: of all of them.
        quotes: whether a value may hold ``"``.
    """
    coded = ["%" in text or "+" in text for text in lines]
    try:
        plain = "\n".join([*compress(lines, map(not_, coded)), ""]).encode("ascii")
        encoded = "\n".join(compress(lines, coded)).encode("ascii")
    except UnicodeEncodeError:
        return None
    # Of each pair its mark is left, and the line end behind it: neither is one too many, nor together.
    if plain.translate(None, _PLAIN) != b"=\n" * plain.count(b"\n") or b"=\n" in plain:
        return None
    raw = _decoded(encoded) if encoded else b""
    if raw is None or not _is_text(raw, charset) or (not quotes and b'"' in raw):
        return None
    read = raw.replace(b"\0", b"=").decode("latin-1").split("\n")
    count = len(pairs[0])
    begin, whole = 0, []
    for column, text, is_coded in zip(pairs, lines, coded, strict=True):
        several = "\n" in text
        end = begin + is_coded * (count if several else 1)
        found = read[begin:end] if is_coded else column
        whole.append(found if several else repeat(found[0], count))
        begin = end
    return list(map("&".join, zip(*whole, strict=True)))


def _decoded(encoded: bytes) -> bytes | None:
    """Return encoded lines as they are signed, NUL between name and value; None where one is odd."""
    encoded = encoded.translate(_TO_TEXT)
    raw = binascii.a2b_qp(encoded)
    # A mark or separator that was encoded, and a byte that should have been, are one too many.
    pairs = encoded.count(b"\n") + 1
    if raw.translate(None, _BETWEEN) != (b"\0\n" * pairs)[:-1] or b"\0\n" in raw or raw.endswith(b"\0"):
        return None
    # A broken percent code stays as it is, or is dropped from the end; a good one is two bytes shorter.
    if (_EQUALS in raw or encoded[-1:] == b"=") and len(raw) != len(encoded) - 2 * encoded.count(b"="):
        return None
    return raw


def _is_text(raw: bytes, charset: str) -> bool:
    if raw.isascii():
        return True
    try:
        raw.decode(CHARSETS[charset.upper()])
    except (UnicodeDecodeError, KeyError):
        return False
    return True


class Signs:
    """Verifies with the keys of some accounts."""

    def __init__(self, accounts: Accounts) -> None:
        listed = list(accounts)
        self.by_partner = accounts.by_partner
        self.profile = listed[0].profile
        self.only = listed[0] if len(listed) == 1 else None
        self._md5_keys = {
            each.partner: each.md5_key.encode().decode("latin-1") for each in listed if each.md5_key
        }
        self._types: dict[str, str] = {}

    def hold(
        self,
        account: Account,
        signed: Sequence[str],
        signs: Sequence[str],
        sign_type: str,
        *,
        received: bool,
    ) -> list[bool] | None:
        """Say of each text whether its sign, encoded as it came, holds; None where the key is not known."""
        if sign_type == "MD5":
            secret = self._md5_keys.get(account.partner)
            if secret is None:
                return None
            digests = [md5((text + secret).encode("latin-1")).hexdigest() for text in signed]
            return list(map(str.__eq__, digests, signs))
        key = (account.alipay if received else account.merchant).get(sign_type)
        return None if key is None else _rsa_hold(key, sign_type, signed, signs)

    def charset_of(self, content_type: str) -> str:
        """Return the charset of a form's Content-Type, UTF-8 where it names none; empty for anything else."""
        found = self._types.get(content_type)
        if found is None:
            media_type, named = content_type_charset(content_type)
            charset = named or "UTF-8"
            found = charset if media_type == FORM_TYPE and charset in CHARSETS else ""
            if len(self._types) < _MOST_TYPES:
                self._types[content_type] = found
        return found


def _rsa_hold(key: RSAPublicKey, sign_type: str, signed: Sequence[str], signs: Sequence[str]) -> list[bool]:
    """Say of each text whether its digest is the one in its sign: to compare costs less than to verify."""
    head, digest = _RSA[sign_type]
    recover, right = key.recover_data_from_signature, []
    for text, sign in zip(signed, _plain(signs), strict=True):
        try:
            raw = binascii.a2b_base64(sign)
            # Without an algorithm nothing of what was signed is taken off; OpenSSL is asked for less.
            told = recover(raw, _PADDING, None)
        except (ValueError, InvalidSignature):
            right.append(False)
            continue
        holds = told == head + digest(text.encode("latin-1")).digest()
        right.append(holds and binascii.b2a_base64(raw, newline=False) == sign)
    return right


def _plain(signs: Sequence[str]) -> list[bytes]:
    """Return base64 as it was before it was encoded; an empty text where that is not sure."""
    whole = "\n".join(signs).encode("utf-8", "replace")
    if b"+" not in whole and b"%\n" not in whole:
        # All at once, as nearly all recorders write it: a good percent code is two bytes shorter.
        raw = binascii.a2b_qp(whole.translate(_SIGN_TO_TEXT))
        if (
            len(raw) == len(whole) - 2 * whole.count(b"%")
            and raw.count(b"\n") == len(signs) - 1
            and raw.count(b"\0") == whole.count(b"=")
        ):
            return raw.replace(b"\0", b"=").split(b"\n")
    return [b"" if "+" in sign else unquote_to_bytes(sign) for sign in signs]
