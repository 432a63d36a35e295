"""Signs what we send and checks what came.

Parameters are (name, value) pairs; None is "no value". Text is str in this program; on the wire it is in
the account's charset.
"""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from functools import cached_property

from Crypto.Hash import SHA1, SHA256
from Crypto.PublicKey import RSA
from Crypto.Signature import pkcs1_15

CHARSETS = ("UTF-8", "GBK", "GB2312")
HASHES = {"RSA": SHA1, "RSA2": SHA256}


class Refused(Exception):
    """What the shop declines before anything is sent or booked; the message says why."""


@dataclass
class Account:
    """Everything Alipay gave us, and where to find it. Keys are PEM texts."""

    partner: str
    sign_type: str
    charset: str
    md5_key: str = field(repr=False)
    private_key: str = field(repr=False)
    alipay_public_key: str = field(repr=False)
    gateway_url: str
    notify_url: str
    timeout: float = 15.0  # seconds
    ca_pem: str | None = None

    def __post_init__(self):
        if not self.partner:
            raise Refused("the partner id is empty")
        self.charset = charset_name(self.charset)
        self.md5_key = self.md5_key.strip()  # a key file read whole ends in a newline, which would be signed along
        check_sign_type(self.sign_type)

    @cached_property
    def signing_key(self):
        return _load(self.private_key, "our private key")

    @cached_property
    def verifying_key(self):
        return _load(self.alipay_public_key, "Alipay's public key")


def _load(pem, what):
    try:
        return RSA.import_key(pem)
    except (ValueError, IndexError, TypeError):
        raise Refused(f"{what} cannot be used") from None


def charset_name(charset):
    name = str(charset).upper()
    if name not in CHARSETS:
        raise Refused("the charset must be UTF-8, GBK or GB2312")
    return name


def check_sign_type(sign_type):
    if sign_type != "MD5" and sign_type not in HASHES:
        raise Refused("sign_type must be MD5, RSA or RSA2, in capital letters")


def encode(text, charset):
    """A character that the charset lacks is an error: replacing it would sign what nobody wrote."""
    try:
        return text.encode(charset_name(charset))
    except UnicodeEncodeError as error:
        raise Refused(f"the character {text[error.start]!a} does not exist in {charset}") from None


def decode(data, charset):
    try:
        return data.decode(charset_name(charset))
    except UnicodeDecodeError:
        raise Refused(f"the bytes are not {charset}") from None


def presign(pairs, charset):
    """The bytes that are signed."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise Refused("a parameter stands twice")
    signed = sorted((name, value) for name, value in pairs if value and name not in ("sign", "sign_type"))
    return encode("&".join(f"{name}={value}" for name, value in signed), charset)


def sign(account, pairs, charset, sign_type):
    check_sign_type(sign_type)
    message = presign(pairs, charset)
    if sign_type == "MD5":
        return _md5(account, message)
    if not account.signing_key.has_private():
        raise Refused("our private key is a public one")
    digest = HASHES[sign_type].new(message)
    return base64.b64encode(pkcs1_15.new(account.signing_key).sign(digest)).decode("ascii")


def verify(account, pairs, charset):
    """Only the sign type of our own account counts, whatever the message claims."""
    given = dict(pairs)
    text = given.get("sign") or ""
    if given.get("sign_type") != account.sign_type:
        return False
    try:
        message = presign(pairs, charset)
    except Refused:
        return False
    if account.sign_type == "MD5":
        return bool(re.fullmatch("[0-9a-f]{32}", text)) and hmac.compare_digest(_md5(account, message), text)
    try:
        signature = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    if base64.b64encode(signature).decode("ascii") != text:
        return False
    try:
        pkcs1_15.new(account.verifying_key).verify(HASHES[account.sign_type].new(message), signature)
    except ValueError:
        return False
    return True


def _md5(account, message):
    if not account.md5_key:
        raise Refused("the account has no MD5 key")
    return hashlib.md5(message + account.md5_key.encode(), usedforsecurity=False).hexdigest()
