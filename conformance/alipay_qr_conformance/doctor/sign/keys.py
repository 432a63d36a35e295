"""The keys that a diagnosis may use: the ones that ought to fit first, then everybody else's.

Nothing of a candidate_keys is ever printed but the labels.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_MD5_KEY, TEST_PRIVATE_KEY_JAVA
from alipay_qr.keys import load_private_key, load_public_key, private_key_forms, public_key_forms
from alipay_qr_conformance.doctor.mistakes.key import PUBLISHED_KEYS
from alipay_qr_conformance.doctor.sign.rsa import Key, named

GIVEN: Final = "the given public key"
OWN: Final = "your own key pair"
TEST_MERCHANT: Final = "the public test account's merchant key"
TEST_ALIPAY: Final = "Alipay's public test key"


@dataclass(frozen=True, slots=True, repr=False)
class CandidateKeys:
    """Loaded keys: ``public[0]`` ought to open the signature, ``md5_key`` ought to attachment the digest."""

    md5_key: str = field(repr=False)
    md5_others: tuple[tuple[str, str], ...]
    public: tuple[Key, ...]
    own: tuple[int, int] | None
    private: RSAPrivateKey | None
    md5_default: bool
    public_default: bool


def candidate_keys(
    *,
    md5_key: str | None,
    public_key: RSAPublicKey | str | None,
    private_key: RSAPrivateKey | str | None,
    candidates: tuple[tuple[str, RSAPublicKey], ...],
    md5_candidates: tuple[tuple[str, str], ...],
    received: bool,
) -> CandidateKeys:
    """Return the keys in the order in which they ought to fit.

    Raises:
        KeyTextError: a key text cannot be read.
    """
    public = load_public_key(public_key) if isinstance(public_key, str) else public_key
    private = load_private_key(private_key) if isinstance(private_key, str) else private_key
    own = private.public_key() if private is not None else None
    merchant, alipay = test_keys()
    found: list[Key] = []
    if public is not None:
        found.append(named(GIVEN, public))
    if own is not None and not received:
        found.append(named(OWN, own))
    elif own is not None and public is None:
        found.append(alipay)
    found += [named(label, key) for label, key in candidates]
    if own is not None and received:
        found.append(named(OWN, own))
    found += [alipay, merchant] if received else [merchant, alipay]
    unique: dict[tuple[int, int], Key] = {}
    for key in found:
        unique.setdefault((key.n, key.e), key)
    numbers = own.public_numbers() if own is not None else None
    return CandidateKeys(
        md5_key=md5_key or TEST_MD5_KEY,
        md5_others=(*md5_candidates, *_texts(private, public), *_published()),
        public=tuple(unique.values()),
        own=(numbers.n, numbers.e) if numbers is not None else None,
        private=private,
        md5_default=not md5_key,
        public_default=public is None and own is None,
    )


@lru_cache(maxsize=1)
def _test_private_key() -> RSAPrivateKey:
    return load_private_key(TEST_PRIVATE_KEY_JAVA)


@lru_cache(maxsize=1)
def test_keys() -> tuple[Key, Key]:
    """Return the public test account's merchant key and Alipay's public test key."""
    merchant = _test_private_key().public_key()
    return named(TEST_MERCHANT, merchant), named(TEST_ALIPAY, load_public_key(TEST_ALIPAY_PUBLIC_KEY))


@lru_cache(maxsize=1)
def _published() -> tuple[tuple[str, str], ...]:
    """Return what everybody may have copied: test keys, keys of public code, the test account's RSA texts."""
    private = private_key_forms(_test_private_key())._asdict()
    return (
        ("the public test account's MD5 key", TEST_MD5_KEY),
        *PUBLISHED_KEYS,
        *_public("Alipay's public test key", load_public_key(TEST_ALIPAY_PUBLIC_KEY)),
        *(
            (f"the text of the test account's private key ({name})", each)
            for name, text in private.items()
            for each in dict.fromkeys((text, text.strip()))
        ),
        *_public("the test account's public key", _test_private_key().public_key()),
    )


def _texts(private: RSAPrivateKey | None, public: RSAPublicKey | None) -> tuple[tuple[str, str], ...]:
    """Return the texts of the given RSA keys: used as MD5 key where settings are mixed up."""
    found: list[tuple[str, str]] = []
    if private is not None:
        forms = private_key_forms(private)
        found += [
            (f"the text of your private key ({name})", each)
            for name, text in forms._asdict().items()
            for each in dict.fromkeys((text, text.strip()))
        ]
        found += _public("your public key", private.public_key())
    if public is not None:
        found += _public("the given public key", public)
    return tuple(found)


def _public(whose: str, key: RSAPublicKey) -> list[tuple[str, str]]:
    """Return the texts of a public key: what a file of it holds, the same without its end, the bare text."""
    pem, bare = public_key_forms(key)
    texts = {bare: "text", pem: "PEM text", pem.strip(): "PEM text"}
    return [(f"the {what} of {whose}", text) for text, what in texts.items()]
