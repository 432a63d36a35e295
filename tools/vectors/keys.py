"""The test keys of the vectors, in the forms that a language's library may ask for."""

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from alipay_qr.account import TEST_MD5_KEY, TEST_PRIVATE_KEY_PHP
from alipay_qr.keys import load_private_key, load_public_key, private_key_forms, public_key_forms

MD5_KEY: Final = TEST_MD5_KEY
"""The MD5 key that Alipay's integration guide publishes (seed.md, Testing Credentials)."""

_FOLDER: Final = Path(__file__).parent / "keys"


class Pair(NamedTuple):
    """A key pair: PEM for the builders, and the forms that stand in the files."""

    private_pem: str
    public_pem: str
    private_forms: dict[str, str]
    public_forms: dict[str, str]


@cache
def merchant(sign_type: str) -> Pair:
    """Return the merchant's pair: for RSA the one that the guide prints, for RSA2 one of our own."""
    return _pair(TEST_PRIVATE_KEY_PHP if sign_type == "RSA" else _read("merchant_2048"))


@cache
def alipay(sign_type: str) -> Pair:
    """Return the pair that plays Alipay's."""
    return _pair(_read("alipay_1024" if sign_type == "RSA" else "alipay_2048"))


@cache
def alipay_of_exponent_3(sign_type: str) -> Pair:
    """Return a pair of Alipay's whose public exponent is 3: legal, and a trap for careless verifiers."""
    return _pair(_read("alipay_e3_1024" if sign_type == "RSA" else "alipay_e3_2048"))


@cache
def stranger(sign_type: str) -> Pair:
    """Return the pair of somebody who forges."""
    return _pair(_read("stranger_1024" if sign_type == "RSA" else "stranger_2048"))


@cache
def private_key(pem: str) -> RSAPrivateKey:
    """Return the key of a PEM; remembered, because to read one costs more than to sign with it."""
    return load_private_key(pem)


def public_forms(pem: str) -> dict[str, str]:
    """Return a public key as the files hold it."""
    return dict(zip(("pem", "base64"), public_key_forms(load_public_key(pem)), strict=True))


def _read(name: str) -> str:
    return (_FOLDER / f"{name}.pem").read_text("ascii")


def _pair(text: str) -> Pair:
    key = load_private_key(text)
    private = private_key_forms(key)
    public_pem = public_key_forms(key.public_key())[0]
    return Pair(private.pkcs1_pem, public_pem, private._asdict(), public_forms(public_pem))
