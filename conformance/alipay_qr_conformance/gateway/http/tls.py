"""A short-lived certificate authority, for shops that insist on https.

    made = make_tls(["127.0.0.1", "localhost"])
    Server(ssl_context=made.context)         # and made.ca_pem is what the shop must trust

Both keys are made anew each time. The authority's is forgotten at once: it can sign nothing else.
"""

import ipaddress
import os
import ssl
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

LIFETIME: Final = timedelta(days=7)
LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_SKEW: Final = timedelta(hours=1)


class Tls(NamedTuple):
    """Contexts that serve https, and the certificate that clients must trust.

    ``other`` serves in the name of other hosts; ``expired`` with a certificate of the same authority that is
    out of date; ``self_signed`` with one that no authority issued.
    """

    context: ssl.SSLContext
    ca_pem: bytes
    other: ssl.SSLContext | None = None
    expired: ssl.SSLContext | None = None
    self_signed: ssl.SSLContext | None = None


def make_tls(
    hosts: Sequence[str] = LOOPBACK_NAMES,
    *,
    other: Sequence[str] = (),
    false_ones: bool = False,
    valid: tuple[datetime, datetime] | None = None,
) -> Tls:
    """Make an authority and a server certificate for these names and addresses.

    With ``other``, the authority issues a second certificate, for those names: a client that trusts it and
    does not look at the name takes one server for the other. All of them hold between the two aware moments
    of ``valid``; without it, for a week from now. With ``false_ones`` there are an expired certificate and a
    self-signed one too, for the same names.
    """
    authority = _Authority(valid)
    return Tls(
        authority.context(hosts),
        authority.pem,
        authority.context(other) if other else None,
        authority.context(hosts, past=True) if false_ones else None,
        authority.context(hosts, self_signed=True) if false_ones else None,
    )


class _Authority:
    """An authority that signs certificates for servers."""

    def __init__(self, valid: tuple[datetime, datetime] | None) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import Encoding

        now = datetime.now(UTC)
        self._valid = valid or (now - _SKEW, now + LIFETIME)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name(
            [x509.NameAttribute(x509.NameOID.COMMON_NAME, "alipay-qr gateway, for tests only")]
        )
        self._identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        certificate = (
            self._builder(self._name, self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(self._identifier, critical=False)
            .sign(self._key, SHA256())
        )
        self.pem = certificate.public_bytes(Encoding.PEM)

    def context(
        self, names: Sequence[str], *, past: bool = False, self_signed: bool = False
    ) -> ssl.SSLContext:
        """Return a context that serves in these names."""
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
        issuer = (
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
            if self_signed
            else x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._identifier)
        )
        certificate = (
            self._builder(name if self_signed else self._name, name, key.public_key(), past=past)
            .add_extension(
                x509.SubjectAlternativeName([_general_name(each) for each in names]), critical=False
            )
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(issuer, critical=False)
            .sign(key if self_signed else self._key, SHA256())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _load(context, certificate.public_bytes(Encoding.PEM) + private)
        return context

    def _builder(
        self,
        issuer: "x509.Name",
        subject: "x509.Name",
        public: "ec.EllipticCurvePublicKey",
        *,
        past: bool = False,
    ) -> "x509.CertificateBuilder":
        from cryptography import x509

        begin, end = self._valid
        if past:
            begin, end = begin - 2 * LIFETIME, begin - LIFETIME
        return (
            x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
        )


def _usage(*, signs_certificates: bool) -> "x509.KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(host: str) -> "x509.GeneralName":
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _load(context: ssl.SSLContext, pem: bytes) -> None:
    """Load certificate and key; the standard library reads them from files alone."""
    descriptor, name = tempfile.mkstemp(suffix=".pem")  # for this user's eyes only
    try:
        os.write(descriptor, pem)
        os.close(descriptor)
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()
