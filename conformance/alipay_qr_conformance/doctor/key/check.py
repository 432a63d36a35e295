"""Which key is this, what is wrong with its text, whose other half is it.

    examine_key     bytes -> KeyReport (no key material in it but the public half)
    write_key       the key in another form, to a new file that its owner alone can read
    render_key      a report as text, English or Chinese

A private key is never printed, in no form and in no error.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from alipay_qr.keys import private_key_forms, public_key_forms
from alipay_qr_conformance.doctor.input_error import InputError
from alipay_qr_conformance.doctor.key.text import RSA_KINDS, Defect, KeyText, read_key_text
from alipay_qr_conformance.doctor.sign.keys import test_keys
from alipay_qr_conformance.model.texts import say

FORMS: Final = ("pkcs1_pem", "pkcs8_pem", "pkcs1_base64", "pkcs8_base64", "public_pem", "public_base64")

_USES: Final = (
    (
        "pkcs1_pem",
        "PHP openssl_sign, Ruby OpenSSL, C# (RSA.ImportFromPem), Go (x509.ParsePKCS1PrivateKey), Node",
    ),
    ("pkcs8_pem", "Node crypto.createSign, Go (x509.ParsePKCS8PrivateKey), Python cryptography, PHP"),
    ("pkcs8_base64", "Java PKCS8EncodedKeySpec, C# ImportPkcs8PrivateKey, the Alipay Java SDK"),
    ("pkcs1_base64", "C# ImportRSAPrivateKey, the Alipay .NET SDK"),
)

_PUBLIC_USES: Final = (
    (
        "pem",
        "PHP openssl_verify, Node createVerify, Python, Ruby, Go (x509.ParsePKIXPublicKey), C# ImportFromPem",
    ),
    (
        "base64",
        "Java X509EncodedKeySpec, C# ImportSubjectPublicKeyInfo; this is also what is uploaded to Alipay",
    ),
)

REMARKS: Final = frozenset({"rsa-only", "published"})
"""What is told of a key whose text is in order."""

_RSA2_BITS: Final = 2048
_RSA_BITS: Final = 1024


@dataclass(frozen=True, slots=True)
class Pairing:
    """How another file relates to the key: "pair", "same", "no-pair" or "pair-unread"."""

    name: str
    relation: str


@dataclass(frozen=True, slots=True)
class KeyReport:
    """What was found; the public half is the only key material.

    Attributes:
        usable: True where an RSA key was read.
        kind, form: see `key_text.KeyText`.
        private: True for a private key.
        bits, exponent: of an RSA key; 0 without one.
        fingerprint: SHA-256 of the public half (SubjectPublicKeyInfo), in hex.
        public_pem, public_base64: the public half; empty without an RSA key.
    """

    usable: bool
    kind: str
    form: str
    private: bool
    bits: int
    exponent: int
    fingerprint: str
    public_pem: str
    public_base64: str
    defects: tuple[Defect, ...]
    pairings: tuple[Pairing, ...]

    def to_json(self, lang: str = "en") -> dict[str, object]:
        """Return the report as JSON values."""
        return {
            "usable": self.usable,
            "kind": self.kind,
            "form": self.form,
            "private": self.private,
            "bits": self.bits,
            "exponent": self.exponent,
            "fingerprint": self.fingerprint,
            "defects": [
                {"id": each.code, "text": say(f"key-defect.{each.code}", lang, detail=each.detail)}
                for each in self.defects
            ],
            "pairings": [{"file": each.name, "relation": each.relation} for each in self.pairings],
            "public_pem": self.public_pem,
            "public_base64": self.public_base64,
        }


def examine_key(data: bytes, others: Iterable[tuple[str, bytes]] = ()) -> KeyReport:
    """Say what ``data`` holds, and how the files ``others`` (name, bytes) relate to it. Never raises."""
    text = read_key_text(data)
    key = _load(text)
    public = key.public_key() if isinstance(key, RSAPrivateKey) else key
    pairings = tuple(Pairing(name, _relation(key, read_key_text(other))) for name, other in others)
    if public is None:
        return KeyReport(False, text.kind, text.form, False, 0, 0, "", "", "", text.defects, pairings)  # noqa: FBT003 (by position: nothing was read)
    pem, bare = public_key_forms(public)
    import base64

    return KeyReport(
        usable=True,
        kind=text.kind,
        form=text.form,
        private=isinstance(key, RSAPrivateKey),
        bits=public.key_size,
        exponent=public.public_numbers().e,
        fingerprint=hashlib.sha256(base64.b64decode(bare)).hexdigest(),
        public_pem=pem,
        public_base64=bare,
        defects=(*text.defects, *_size(public), *_published(public)),
        pairings=pairings,
    )


def write_key(data: bytes, form: str, path: Path) -> None:
    """Write the key in ``data`` in ``form`` (one of `FORMS`) to ``path``, a new file with mode 0600.

    Raises:
        InputError: no RSA key can be read in ``data``, or it is public and a private form is wanted.
        FileExistsError: ``path`` exists; nothing is ever overwritten.
    """
    key = _load(read_key_text(data))
    if key is None:
        raise InputError("no-rsa-key")
    if form.startswith("public_"):
        public = key.public_key() if isinstance(key, RSAPrivateKey) else key
        text = public_key_forms(public)[form == "public_base64"]
    elif isinstance(key, RSAPrivateKey):
        text = str(getattr(private_key_forms(key), form))
    else:
        raise InputError("public-only", form)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii", newline="\n") as file:
        file.write(text)


def render_key(report: KeyReport, lang: str = "en") -> str:
    """Return a report as text."""
    lines = [say("key.kind", lang) + say(f"key-kind.{report.kind}", lang)]
    if report.usable:
        lines.append(say("key.size", lang, bits=report.bits, exponent=report.exponent))
        lines.append(say("key.fingerprint", lang, digest=report.fingerprint))
    if report.defects:
        lines.append(say("key.defects", lang))
        lines += [
            f"  - {say(f'key-defect.{each.code}', lang, detail=each.detail)}  [{each.code}]"
            for each in report.defects
        ]
    elif report.usable or report.kind == "md5":
        lines.append(say("key.fine", lang))
    lines += [say(f"key.{each.relation}", lang, file=each.name) for each in report.pairings]
    if report.private:
        lines.append(say("key.private-forms", lang))
        lines += [f"  {form}: {use}" for form, use in _USES]
    if report.usable:
        lines.append(say("key.public-forms", lang))
        for form, use in _PUBLIC_USES:
            lines += [f"  {use}:", report.public_pem.rstrip() if form == "pem" else report.public_base64]
    return "\n".join(lines) + "\n"


def _load(text: KeyText) -> RSAPrivateKey | RSAPublicKey | None:
    if text.kind not in RSA_KINDS:
        return None
    if text.kind in {"pkcs1", "pkcs8"}:
        private = load_der_private_key(text.der, password=None)
        return private if isinstance(private, RSAPrivateKey) else None
    public = load_der_public_key(text.der)
    return public if isinstance(public, RSAPublicKey) else None


def _relation(key: RSAPrivateKey | RSAPublicKey | None, other: KeyText) -> str:
    loaded = _load(other)
    if loaded is None or key is None:
        return "pair-unread"
    numbers = [
        (each.public_key() if isinstance(each, RSAPrivateKey) else each).public_numbers()
        for each in (key, loaded)
    ]
    if numbers[0] != numbers[1]:
        return "no-pair"
    return "same" if isinstance(key, RSAPrivateKey) is isinstance(loaded, RSAPrivateKey) else "pair"


def _size(public: RSAPublicKey) -> list[Defect]:
    if public.key_size < _RSA_BITS:
        return [Defect("small", str(public.key_size))]
    return [Defect("rsa-only", str(public.key_size))] if public.key_size < _RSA2_BITS else []


def _published(public: RSAPublicKey) -> list[Defect]:
    numbers = public.public_numbers()
    return (
        [Defect("published")] if any((key.n, key.e) == (numbers.n, numbers.e) for key in test_keys()) else []
    )
