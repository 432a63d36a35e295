"""A certificate authority for a few days: so that a shop that insists on https can talk to the gateway.

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

LIFETIME: Final = timedelta(days=7)
LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_SKEW: Final = timedelta(hours=1)


class Tls(NamedTuple):
    """What serves https, and what its clients must trust.

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
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    now = datetime.now(UTC)
    begin, end = valid or (now - _SKEW, now + LIFETIME)
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "alipay-qr gateway, for tests only")])
    ca_identifier = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())

    def builder(
        issuer: x509.Name, subject: x509.Name, public: ec.EllipticCurvePublicKey, *, past: bool = False
    ) -> x509.CertificateBuilder:
        age = 2 * LIFETIME if past else timedelta(0)
        return (
            x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())
            .not_valid_before(begin - age)
            .not_valid_after(begin - LIFETIME if past else end)
        )

    ca = (
        builder(ca_name, ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(ca_identifier, critical=False)
        .sign(ca_key, SHA256())
    )

    def serving(names: Sequence[str], *, past: bool = False, self_signed: bool = False) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
        certificate = (
            builder(name if self_signed else ca_name, name, key.public_key(), past=past)
            .add_extension(
                x509.SubjectAlternativeName([_general_name(each) for each in names]), critical=False
            )
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
                if self_signed
                else x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_identifier),
                critical=False,
            )
            .sign(key if self_signed else ca_key, SHA256())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _load(context, certificate.public_bytes(Encoding.PEM) + private)
        return context

    return Tls(
        serving(hosts),
        ca.public_bytes(Encoding.PEM),
        serving(other) if other else None,
        serving(hosts, past=True) if false_ones else None,
        serving(hosts, self_signed=True) if false_ones else None,
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
