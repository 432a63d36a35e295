"""Partners and the keys that their messages are verified with.

An account file (TOML) is that of ``check --account``, and may name Alipay's public key besides::

    partner = "2088..."
    md5_key_file = "md5.key"
    merchant_public_key_file = "merchant.pem"       # or merchant_private_key_file
    alipay_public_key_file = "alipay.pem"           # or alipay_private_key_file, of a simulated gateway
    profile = "global"                              # or "hk"

Without a file the account is the published test account, whose keys are no secrets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from alipay_qr.catalogue import PROFILES
from alipay_qr.errors import AlipayQrError
from alipay_qr.keys import load_private_key, load_public_key
from alipay_qr.signing import Md5, RsaVerifier, Verifier
from alipay_qr_conformance.audit.kit import TestKeys, read_file, read_toml

_FILES: Final = (
    "md5_key_file",
    "merchant_public_key_file",
    "merchant_private_key_file",
    "alipay_public_key_file",
    "alipay_private_key_file",
)


class AccountError(ValueError):
    """The account file cannot be used; the text says what is wrong, never what a key says."""


@dataclass(frozen=True, repr=False)
class Account:
    """One partner with the keys that are known of it.

    Attributes:
        md5_key: shared by both sides.
        merchant: public keys that verify its requests, by sign type.
        alipay: public keys that verify its notifications, by sign type.
    """

    partner: str
    md5_key: str | None = None
    merchant: dict[str, RSAPublicKey] = field(default_factory=dict)
    alipay: dict[str, RSAPublicKey] = field(default_factory=dict)
    profile: str = "global"
    published: bool = False

    def verifier(self, sign_type: str, *, received: bool) -> Verifier | None:
        """Return what verifies requests, or notifications (``received``); None where no key is known."""
        if sign_type == "MD5":
            return Md5(self.md5_key) if self.md5_key else None
        key = (self.alipay if received else self.merchant).get(sign_type)
        return RsaVerifier(key, sign_type) if key else None


class Accounts:
    """The accounts of an audit, by partner."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self.by_partner = {each.partner: each for each in accounts}
        self._verifiers: dict[tuple[str, str, bool], Verifier | None] = {}

    def __iter__(self) -> Iterator[Account]:
        return iter(self.by_partner.values())

    def verifier(self, partner: str, sign_type: str, *, received: bool) -> Verifier | None:
        """Return what verifies a partner's messages; None where the key is not known."""
        key = (partner, sign_type, received)
        if key not in self._verifiers:
            account = self.by_partner.get(partner)
            if account is None:
                return None
            self._verifiers[key] = account.verifier(sign_type, received=received)
        return self._verifiers[key]

    def secrets(self) -> Iterator[str]:
        """Yield what no report may show."""
        for each in self:
            if each.md5_key and not each.published:
                yield each.md5_key


def published_account() -> Account:
    """Return the published test account, with the keys of the kit's own gateway."""
    keys = TestKeys()
    own = {name: key for name in ("RSA", "RSA2") if (key := keys.merchant_public(name))}
    others = {name: pair.public_key() for name in ("RSA", "RSA2") if (pair := keys.alipay_private(name))}
    return Account(keys.partner, keys.md5_key, own, others, published=True)


def read_accounts(paths: Sequence[Path]) -> Accounts:
    """Return the accounts of these files; the published test account where there is none.

    Raises:
        AccountError: unreadable, an unknown or missing key, or a key file that holds no key.
    """
    if not paths:
        return Accounts([published_account()])
    return Accounts([_read(path) for path in paths])


def _read(path: Path) -> Account:
    try:
        table = read_toml(path)
        if unknown := set(table) - {"partner", "profile", *_FILES}:
            raise AccountError(f"{path}: unknown key {min(unknown)!r}")
        texts: dict[str, str] = {
            name: read_file(path.parent / str(table[name])).decode("utf-8")
            for name in _FILES
            if name in table
        }
        return _account(path, table, texts)
    except (OSError, UnicodeDecodeError, AlipayQrError) as error:
        raise AccountError(f"{path}: {error}") from None
    except ValueError as error:
        raise error if isinstance(error, AccountError) else AccountError(f"{path}: {error}") from None


def _account(path: Path, table: dict[str, Any], texts: dict[str, str]) -> Account:
    partner, profile = table.get("partner"), table.get("profile", "global")
    if not isinstance(partner, str) or not (partner.isascii() and partner.isdigit()):
        raise AccountError(f'{path}: partner is a text of digits in quotes, such as "2088..."')
    if profile not in PROFILES:
        raise AccountError(f"{path}: profile is one of {', '.join(PROFILES)}")
    md5_key = texts["md5_key_file"].strip() if "md5_key_file" in texts else None
    if md5_key is not None:
        Md5(md5_key)  # raises for a key that can be none
    return Account(
        partner, md5_key, _public(texts, "merchant"), _public(texts, "alipay"), profile, published=False
    )


def _public(texts: dict[str, str], owner: str) -> dict[str, RSAPublicKey]:
    """Return the owner's key; one RSA key serves both RSA sign types, which differ in the hash alone."""
    public, private = texts.get(f"{owner}_public_key_file"), texts.get(f"{owner}_private_key_file")
    if not (public or private):
        return {}
    key = load_public_key(public) if public else load_private_key(private or "").public_key()
    return {"RSA": key, "RSA2": key}
