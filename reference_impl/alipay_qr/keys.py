"""Key texts: every form in which Alipay's pages, demo code and forums publish an RSA key.

What is read, private and public alike:

- PEM with its standard label: ``RSA PRIVATE KEY`` (PKCS#1, what PHP and .NET use), ``PRIVATE KEY``
  (PKCS#8, what Java uses), ``PUBLIC KEY``, ``RSA PUBLIC KEY``; the body on one line or wrapped;
- the bare base64 of any of these, on one line or wrapped;
- the malformed PEM labels exactly as Alipay's own integration guide prints them (``seed.md``, Testing
  Credentials): ``-----BEGIN RSA PRIVATE KEY (For PHP)-----`` and, four dashes, PKCS#8 under an RSA
  label, ``----BEGIN RSA PRIVATE KEY (For JAVA)-----``.

Everything else is a `KeyTextError` whose ``code`` names the defect; no message repeats key material.

    key.empty  key.label  key.two-keys  key.base64  key.truncated  key.not-rsa
    key.encrypted  key.public-for-private  key.private-for-public  key.certificate  key.too-short
    key.broken
"""

import base64
import binascii
import re
from typing import Final, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from alipay_qr.errors import KeyTextError

_LABELS: Final = frozenset(
    {
        "RSA PRIVATE KEY",
        "PRIVATE KEY",
        "PUBLIC KEY",
        "RSA PUBLIC KEY",
        "RSA PRIVATE KEY (For PHP)",
        "RSA PRIVATE KEY (For JAVA)",
    }
)
_OTHER_LABELS: Final = frozenset(
    {
        "EC PRIVATE KEY",
        "DSA PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "CERTIFICATE REQUEST",
        "PGP PRIVATE KEY BLOCK",
    }
)
_BEGIN: Final = re.compile(r"-{4,5}BEGIN ([^\r\n]{1,60}?)-----")
_PEM: Final = re.compile(r"-{4,5}BEGIN ([^\r\n]{1,60}?)-----(.*?)-----END ([^\r\n]{1,60}?)-----", re.DOTALL)
_BLANK: Final = re.compile(r"\s+")
_MIN_BITS: Final = 1024
_MAX_TEXT: Final = 64 * 1024


class KeyForms(NamedTuple):
    """One key in every form that a language's library may ask for; see ``adapter_protocol``."""

    pkcs1_pem: str
    pkcs8_pem: str
    pkcs1_base64: str
    pkcs8_base64: str


def load_private_key(text: str | bytes) -> RSAPrivateKey:
    """Return the RSA private key in ``text``, whichever of the published forms it has.

    Raises:
        KeyTextError: see the module's list; the message says what to do instead.
    """
    der = _der(text)
    try:
        key = load_der_private_key(der, password=None)
    except TypeError:
        raise KeyTextError(
            "the private key is encrypted", code="key.encrypted", hint="write it without a passphrase"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise _unreadable(der, wanted_private=True) from None
    if not isinstance(key, RSAPrivateKey):
        raise _not_rsa()
    _long_enough(key)
    return key


def load_public_key(text: str | bytes) -> RSAPublicKey:
    """Return the RSA public key in ``text``, whichever of the published forms it has.

    Raises:
        KeyTextError: see the module's list; the message says what to do instead.
    """
    der = _der(text)
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        raise _unreadable(der, wanted_private=False) from None
    if not isinstance(key, RSAPublicKey):
        raise _not_rsa()
    _long_enough(key)
    return key


def private_key_forms(key: RSAPrivateKey) -> KeyForms:
    """Return ``key`` as PKCS#1 and PKCS#8, each as PEM and as bare base64 on one line."""
    forms = {}
    for name, layout in (("pkcs1", PrivateFormat.TraditionalOpenSSL), ("pkcs8", PrivateFormat.PKCS8)):
        forms[f"{name}_pem"] = key.private_bytes(Encoding.PEM, layout, NoEncryption()).decode("ascii")
        der = key.private_bytes(Encoding.DER, layout, NoEncryption())
        forms[f"{name}_base64"] = base64.b64encode(der).decode("ascii")
    return KeyForms(**forms)


def public_key_forms(key: RSAPublicKey) -> tuple[str, str]:
    """Return ``key`` as SubjectPublicKeyInfo: PEM, and bare base64 on one line."""
    layout = PublicFormat.SubjectPublicKeyInfo
    der = key.public_bytes(Encoding.DER, layout)
    return key.public_bytes(Encoding.PEM, layout).decode("ascii"), base64.b64encode(der).decode("ascii")


def _der(text: str | bytes) -> bytes:
    text = _as_text(text)
    begins = _BEGIN.findall(text)
    if len(begins) > 1:
        raise KeyTextError(
            "the text holds more than one key", code="key.two-keys", hint="give one key a file"
        )
    if begins or "BEGIN " in text or "-----" in text:
        return _decode(_pem_body(text))
    return _decode(text)


def _as_text(text: str | bytes) -> str:
    if isinstance(text, bytes):
        if not _is_utf8(text):
            raise KeyTextError(
                "the key is binary, not text",
                code="key.base64",
                hint="convert it with: openssl rsa -inform DER -outform PEM",
            )
        text = text.decode("utf-8")
    text = text.removeprefix("\ufeff").strip()
    if not text:
        raise KeyTextError("the key text is empty", code="key.empty", hint="check the file or the setting")
    if len(text) > _MAX_TEXT:
        raise KeyTextError(
            "the key text is far too long", code="key.broken", hint="is this really the key file?"
        )
    return text


def _is_utf8(data: bytes) -> bool:
    """Say whether ``data`` is text; raising from within would chain an error that holds the key."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _pem_body(text: str) -> str:
    match = _PEM.fullmatch(text)
    if match is None:
        if _BEGIN.match(text) and "END " not in text:
            raise KeyTextError(
                "the PEM text has no END line", code="key.truncated", hint="copy the whole file"
            )
        raise KeyTextError(
            "the BEGIN and END lines are malformed, or other text stands around them",
            code="key.label",
            hint="write '-----BEGIN RSA PRIVATE KEY-----' (five dashes), or the base64 alone",
        )
    label, body, end_label = match.groups()
    if label == "CERTIFICATE":
        raise KeyTextError(
            "this is a certificate, not a key",
            code="key.certificate",
            hint="extract the key: openssl x509 -pubkey -noout",
        )
    if label == "ENCRYPTED PRIVATE KEY" or "ENCRYPTED" in body[:200]:
        raise KeyTextError(
            "the private key is encrypted", code="key.encrypted", hint="write it without a passphrase"
        )
    printed_by_the_guide = label.startswith("RSA PRIVATE KEY (For ") and end_label == "RSA PRIVATE KEY"
    if label not in _LABELS or not (label == end_label or printed_by_the_guide):
        raise KeyTextError(
            f"the labels BEGIN {_known(label)} and END {_known(end_label)} are no pair of an RSA key",
            code="key.label",
            hint="PKCS#1 is 'RSA PRIVATE KEY', PKCS#8 'PRIVATE KEY', Alipay's key 'PUBLIC KEY'",
        )
    return body


def _known(label: str) -> str:
    """Return a label for a message; an unknown one may be a piece of the key, and is not repeated."""
    return repr(label) if label in _LABELS | _OTHER_LABELS else "(unknown)"


def _decode(body: str) -> bytes:
    if "\\n" in body:
        raise KeyTextError(
            "the key holds backslash and n where lines should end",
            code="key.base64",
            hint="put real line ends there; an environment file or JSON may have escaped them",
        )
    compact = _BLANK.sub("", body)
    der = _from_base64(compact)
    if der is None:
        code = "key.truncated" if re.fullmatch(r"[A-Za-z0-9+/]+", compact) else "key.base64"
        raise KeyTextError(
            "the key is not valid base64", code=code, hint="a part is missing or was altered: copy it again"
        )
    if not der:
        raise KeyTextError("the key text is empty", code="key.empty", hint="check the file or the setting")
    return der


def _from_base64(text: str) -> bytes | None:
    """Decode strictly; None instead of an error, whose chain would hold the text (see `_is_utf8`)."""
    if not text.isascii():
        return None
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None


def _unreadable(der: bytes, *, wanted_private: bool) -> KeyTextError:
    """Say why no key of the wanted kind came out of ``der``."""
    if _declared_length(der) > len(der):
        return KeyTextError("the key breaks off", code="key.truncated", hint="copy the whole key")
    if wanted_private and _loads(der, private=False):
        return KeyTextError(
            "this is a public key; signing needs the private one",
            code="key.public-for-private",
            hint="use rsa_private_key.pem",
        )
    if not wanted_private and _loads(der, private=True):
        return KeyTextError(
            "this is a private key; verifying needs Alipay's public one",
            code="key.private-for-public",
            hint="use Alipay's public key, and never hand out the private one",
        )
    return KeyTextError(
        "the bytes are no RSA key",
        code="key.broken",
        hint="make a new pair: openssl genrsa 2048",
    )


def _loads(der: bytes, *, private: bool) -> bool:
    try:
        if private:
            load_der_private_key(der, password=None)
        else:
            load_der_public_key(der)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _declared_length(der: bytes) -> int:
    """Return the length that the outermost DER sequence claims, header included; 0 if it is none."""
    if len(der) < 2 or der[0] != 0x30:  # noqa: PLR2004 (DER: SEQUENCE)
        return 0
    first = der[1]
    if first < 0x80:  # noqa: PLR2004 (DER: short form)
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(der[2 : 2 + count], "big")


def _long_enough(key: RSAPrivateKey | RSAPublicKey) -> None:
    if key.key_size < _MIN_BITS:
        raise KeyTextError(
            f"the key has {key.key_size} bits, Alipay's keys have {_MIN_BITS} or more",
            code="key.too-short",
            hint="make a new pair: openssl genrsa 2048",
        )


def _not_rsa() -> KeyTextError:
    return KeyTextError("the key is not an RSA key", code="key.not-rsa", hint="Alipay takes RSA keys only")
