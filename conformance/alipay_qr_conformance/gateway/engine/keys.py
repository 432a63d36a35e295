"""The keys of both directions, by sign type."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from alipay_qr.errors import SignTypeError
from alipay_qr.signing import Md5, RsaSigner, RsaVerifier, Signer, Verifier

_LARGE_KEY: Final = 2048


class AccountKeys(NamedTuple):
    """Signers and verifiers by sign type; ``sign_type`` is the account's own."""

    signers: Mapping[str, Signer]
    verifiers: Mapping[str, Verifier]
    sign_type: str

    def signer(self, sign_type: str | None = None) -> Signer:
        """Return the signer of a sign type, or of the account's own.

        Raises:
            SignTypeError: there is no key for it.
        """
        wanted = sign_type or self.sign_type
        signer = self.signers.get(wanted)
        if signer is None:
            raise SignTypeError(
                f"this gateway has no key to sign with {wanted[:20]!r}",
                code="sign-type.no-key",
                hint=f"it signs with {', '.join(self.signers)}",
            )
        return signer

    def signer_like(self, sign_type: str) -> Signer:
        """Return the signer for an answer to a request with this ``sign_type``."""
        return self.signers.get(sign_type) or self.signers[self.sign_type]


def account_keys(
    md5_key: str | None, merchant: RSAPublicKey | None, alipay: RSAPrivateKey | None
) -> AccountKeys:
    """Return an account's keys; a large RSA key signs with RSA2 by default.

    Raises:
        SignTypeError: there is nothing to sign answers with.
    """
    signers: dict[str, Signer] = {}
    verifiers: dict[str, Verifier] = {}
    if md5_key is not None:
        signers["MD5"] = verifiers["MD5"] = Md5(md5_key)
    for sign_type in ("RSA", "RSA2"):
        if alipay is not None:
            signers[sign_type] = RsaSigner(alipay, sign_type)
        if merchant is not None:
            verifiers[sign_type] = RsaVerifier(merchant, sign_type)
    if not signers:
        raise SignTypeError(
            "the gateway has no key to sign its answers with",
            code="sign-type.no-key",
            hint="give md5_key, or merchant_public_key and alipay_private_key",
        )
    if md5_key is not None or alipay is None:
        return AccountKeys(signers, verifiers, "MD5")
    return AccountKeys(signers, verifiers, "RSA2" if alipay.key_size >= _LARGE_KEY else "RSA")
