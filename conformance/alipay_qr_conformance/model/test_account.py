"""The keys of a run: what the subject is configured with, and what the simulated gateway signs with.

By default everything is a published test key: the account of ``seed.md`` for MD5 and RSA (1024 bits),
the kit's own for RSA2 (2048 bits) and for Alipay's side, whose private key nobody but Alipay has. An
account file (TOML) puts another test account in their place, for subjects that cannot be configured::

    partner = "2088..."
    md5_key_file = "md5.key"
    merchant_private_key_file = "merchant.pem"      # or merchant_public_key_file
    alipay_private_key_file = "alipay-side.pem"     # the test key that plays Alipay
"""

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER, TEST_PRIVATE_KEY_PHP
from alipay_qr.errors import AlipayQrError
from alipay_qr.keys import load_private_key, load_public_key, private_key_forms, public_key_forms
from alipay_qr.signing import Md5, RsaSigner, RsaVerifier, Signer, Verifier
from alipay_qr_conformance.model.files import read_file, read_toml, text_of


class AccountFileError(ValueError):
    """The account file cannot be used; the text says what is wrong, never what a key says."""


@cache
def test_key(name: str) -> RSAPrivateKey:
    """Return one of the published test keys in ``testkeys/``."""
    pem = (files("alipay_qr_conformance") / "testkeys" / f"{name}.pem").read_bytes()
    # The kit's own keys are known to be sound, and to prove it again takes a start of the kit 20 ms a key.
    key = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey):  # pragma: no cover (the files hold RSA keys)
        raise TypeError(name)
    return key


@cache
def _published() -> RSAPrivateKey:
    return load_private_key(TEST_PRIVATE_KEY_PHP)


POOLS: Final = ("b", "c")
"""The RSA keys beside those of seed 0: two lots, so that any account has another one beside it."""


@dataclass(frozen=True, repr=False)
class TestKeys:
    """Partner and keys. RSA uses 1024 bits and RSA2 2048, one pair at a time."""

    __test__: ClassVar = False  # pytest would take it for a test class

    partner: str = TEST_PARTNER
    md5_key: str | None = TEST_MD5_KEY
    own: "OwnKeys | None" = None
    pool: str = ""
    """Which of the RSA keys in ``testkeys/``: those of seed 0, or a letter of `POOLS`."""

    @classmethod
    def drawn(cls, seed: int) -> "TestKeys":
        """Return an account of a seed's own; seed 0 has the published one.

        RSA keys are drawn from a few that are made: to make one takes longer than to use it in a run.
        """
        return cls._of(f"{seed}/account", POOLS[seed % len(POOLS)]) if seed else cls()

    def another(self) -> "TestKeys":
        """Return an account that has neither partner nor key in common with this one."""
        return self._of(f"{self.partner}/another", next(each for each in POOLS if each != self.pool))

    @classmethod
    def _of(cls, name: str, pool: str) -> "TestKeys":
        rng = random.Random(name)  # noqa: S311 (reproducible on purpose)
        key = "".join(rng.choices(string.ascii_lowercase + string.digits, k=32))
        return cls(f"2088{rng.randrange(10**12):012d}", key, pool=pool)

    def merchant_public(self, sign_type: str) -> RSAPublicKey | None:
        """Return the key that the merchant's RSA signatures are checked with."""
        if self.own:
            return self.own.merchant_public
        return self.merchant_private(sign_type).public_key()

    def merchant_private(self, sign_type: str) -> RSAPrivateKey:
        """Return the merchant's private key, as it is handed to the subject."""
        if self.own and self.own.merchant_private:
            return self.own.merchant_private
        if self.pool or sign_type == "RSA2":
            return self._drawn("merchant", sign_type)
        return _published()

    def alipay_private(self, sign_type: str) -> RSAPrivateKey | None:
        """Return the key that plays Alipay's."""
        if self.own:
            return self.own.alipay_private
        return self._drawn("alipay", sign_type)

    def _drawn(self, owner: str, sign_type: str) -> RSAPrivateKey:
        name = f"{owner}_{2048 if sign_type == 'RSA2' else 1024}"
        return test_key(f"{name}_{self.pool}" if self.pool else name)

    def gateway_signer(self, sign_type: str) -> Signer | None:
        """Return what signs as Alipay does, None where the key is not known."""
        if sign_type == "MD5":
            return Md5(self.md5_key) if self.md5_key else None
        key = self.alipay_private(sign_type)
        return RsaSigner(key, sign_type) if key else None

    def merchant_signer(self, sign_type: str) -> Signer | None:
        """Return what signs as the subject should, None where the key is not known."""
        if sign_type == "MD5":
            return Md5(self.md5_key) if self.md5_key else None
        if self.own and not self.own.merchant_private:
            return None
        return RsaSigner(self.merchant_private(sign_type), sign_type)

    def request_verifier(self, sign_type: str) -> Verifier | None:
        """Return what checks the subject's requests, None where the key is not known."""
        if sign_type == "MD5":
            return Md5(self.md5_key) if self.md5_key else None
        key = self.merchant_public(sign_type)
        return RsaVerifier(key, sign_type) if key else None

    def settings(self, sign_type: str) -> dict[str, Any]:
        """Return the key arguments of the operation ``configure``."""
        alipay = self.alipay_private(sign_type)
        pem, base64 = public_key_forms(alipay.public_key()) if alipay else ("", "")
        return {
            "partner": self.partner,
            "md5_key": self.md5_key or "",
            "merchant_private_key": private_key_forms(self.merchant_private(sign_type))._asdict(),
            "alipay_public_key": {"pem": pem, "base64": base64},
        }

    def secrets(self) -> Iterator[str]:
        """Yield what must never be shown: nothing of the published test account."""
        if self.md5_key and self.md5_key != TEST_MD5_KEY:
            yield self.md5_key
        if self.own:
            for key in (self.own.merchant_private, self.own.alipay_private):
                if key:
                    yield from private_key_forms(key)


@dataclass(frozen=True, repr=False)
class OwnKeys:
    """The RSA keys of an account file; what is missing cannot be tested."""

    merchant_private: RSAPrivateKey | None = None
    merchant_public: RSAPublicKey | None = None
    alipay_private: RSAPrivateKey | None = None


_FILE_KEYS = (
    "md5_key_file",
    "merchant_private_key_file",
    "merchant_public_key_file",
    "alipay_private_key_file",
)


def read_account(path: Path) -> TestKeys:
    """Return the keyring of an account file; key files are relative to it.

    Raises:
        AccountFileError: unreadable, an unknown or missing key, or a key file that holds no key.
    """
    try:
        table = read_toml(path)
    except (OSError, ValueError) as error:
        raise AccountFileError(f"{path}: {error}") from None
    try:
        if unknown := set(table) - {"partner", *_FILE_KEYS}:
            raise AccountFileError(f"{path}: unknown key {min(unknown)!r}")
        texts = {key: text_of(read_file(path.parent / str(table[key]))) for key in _FILE_KEYS if key in table}
        partner = table["partner"]
        private = _load(texts, "merchant_private_key_file", load_private_key)
        public = _load(texts, "merchant_public_key_file", load_public_key)
        alipay = _load(texts, "alipay_private_key_file", load_private_key)
    except KeyError:
        raise AccountFileError(f'{path}: partner = "2088..." is missing') from None
    except (OSError, ValueError, AlipayQrError) as error:
        raise AccountFileError(f"{path}: {error}") from None
    if not isinstance(partner, str) or not partner:
        raise AccountFileError(f'{path}: partner is a text in quotes, such as "2088..."')
    md5_key = texts["md5_key_file"].strip() if "md5_key_file" in texts else None
    if md5_key == "":
        raise AccountFileError(f"{path}: the file of md5_key_file is empty")
    if private and not public:
        public = private.public_key()
    return TestKeys(partner, md5_key, OwnKeys(private, public, alipay))


def _load(texts: dict[str, str], key: str, load: Any) -> Any:
    return load(texts[key]) if key in texts else None
