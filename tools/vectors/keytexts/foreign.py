"""Flawless files that are not what is wanted: another half, another algorithm, a passphrase."""

from collections.abc import Iterator

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from tools.vectors.keytexts.private import pkcs1
from tools.vectors.keytexts.public import spki
from tools.vectors.keytexts.texts import (
    ALIPAY_BASE64,
    ALIPAY_PEM,
    FORMS,
    MERCHANT,
    PRIVATE,
    PUBLIC,
    bare,
    public_pkcs1,
    stored,
)
from tools.vectors.question import Row, family

OTHER_KEY = "verify.reject.other-key"
_EC_PUBLIC = (
    load_pem_private_key(stored("ec").encode("ascii"), password=None)
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode("ascii")
)


@family(FORMS, given=PRIVATE, twin=pkcs1, result="invalid")
def no_private_key() -> Iterator[Row]:
    """It is no private RSA key that can be used as it is."""
    for text, slug, comment in (
        (ALIPAY_PEM, "public", "Here: a public key."),
        (ALIPAY_BASE64, "public-base64", "Here: a public key without labels."),
        (public_pkcs1(ALIPAY_PEM), "pkcs1-public", "Here: a public key as PKCS#1."),
        (stored("certificate"), "certificate", "Here: a certificate."),
        (stored("ec"), "ec", "Here: a key for elliptic curves."),
        (bare(stored("ec")), "ec-base64", "Here: the same without labels."),
        (stored("ed25519"), "ed25519", "Here: a key for Ed25519."),
        (stored("dsa"), "dsa", "Here: a key for DSA, which old pages know as a third sign type; this is not it."),
        (stored("encrypted_pkcs1"), "encrypted-pkcs1", "Here: PKCS#1 under a passphrase that nobody gave."),
        (stored("encrypted_pkcs8"), "encrypted-pkcs8", "Here: PKCS#8 under a passphrase."),
        (bare(stored("encrypted_pkcs8")), "encrypted-base64", "Here: the same without labels."),
        ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ== shop", "ssh", "Here: a line for SSH."),
        ("w0nu2sn0o97s8ruzrpj64fgc8vj8wus6", "md5-key", "Here: the MD5 key of the account."),
        ("2088021966388155", "partner", "Here: the number of the account, which is flawless base64."),
        ("/etc/alipay/rsa_private_key.pem", "path", "Here: the path of a file."),
    ):  # fmt: skip
        yield Row(slug, comment, {"key": text})


@family(OTHER_KEY, given=PUBLIC, twin=spki, result="invalid")
def no_public_key() -> Iterator[Row]:
    """It is no public RSA key. The merchant's own private key would load in many a library, and verify nothing of Alipay's."""
    for text, slug, comment in (
        (MERCHANT.pkcs1_pem, "private", "Here: a private key."),
        (MERCHANT.pkcs8_base64, "private-base64", "Here: a private key without labels."),
        (stored("ec"), "ec", "Here: a private key for elliptic curves."),
        (_EC_PUBLIC, "ec-public", "Here: a public key for elliptic curves."),
        (stored("encrypted_pkcs8"), "encrypted", "Here: a private key under a passphrase."),
        ("w0nu2sn0o97s8ruzrpj64fgc8vj8wus6", "md5-key", "Here: the MD5 key of the account."),
    ):
        yield Row(slug, comment, {"key": text})
