"""Every sign three times: by cryptography, by pycryptodome and by the openssl command.

A vector is only written when all three agree, so that no fault of one library becomes golden. The
openssl command is asked in a temporary folder; keys are handed to it as files.
"""

import base64
import hashlib
import subprocess
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import Crypto.Hash.MD5
import Crypto.Hash.SHA1
import Crypto.Hash.SHA256
import Crypto.PublicKey.RSA
from Crypto.Signature import pkcs1_15
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256, Hash, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

_HASHES: Final[dict[str, HashAlgorithm]] = {"MD5": MD5(), "RSA": SHA1(), "RSA2": SHA256()}
Answer = TypeVar("Answer")

_PYCRYPTODOME: Final = {"MD5": Crypto.Hash.MD5, "RSA": Crypto.Hash.SHA1, "RSA2": Crypto.Hash.SHA256}
_OPENSSL: Final = {"MD5": "-md5", "RSA": "-sha1", "RSA2": "-sha256"}


class DisagreementError(AssertionError):
    """Three implementations gave more than one answer: nothing may be published."""


@cache
def digest_hex(sign_type: str, message: bytes) -> str:
    """Return the digest that ``sign_type`` stands for; for MD5 the key is part of ``message``."""
    ours = Hash(_HASHES[sign_type])
    ours.update(message)
    return _same(
        ours.finalize().hex(),
        str(_PYCRYPTODOME[sign_type].new(message).hexdigest()),
        _openssl(["dgst", _OPENSSL[sign_type], "-r"], message).decode("ascii").split()[0],
    )


@cache
def rsa_sign(sign_type: str, message: bytes, private_pem: str) -> str:
    """Return the PKCS#1 v1.5 signature in base64 on one line."""
    raw = _same(
        _private(private_pem).sign(message, PKCS1v15(), _HASHES[sign_type]),
        pkcs1_15.new(_py_key(private_pem)).sign(_py_hash(sign_type, message)),
        _openssl(["dgst", _OPENSSL[sign_type], "-sign", _file(private_pem)], message),
    )
    return base64.b64encode(raw).decode("ascii")


@cache
def rsa_holds(sign_type: str, message: bytes, signature: bytes, public_pem: str) -> bool:
    """Say whether ``signature`` is the signature of ``message``; all three must say the same."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(signature)
        file.flush()
        options = ["-pubin", "-inkey", _file(public_pem), "-sigfile", file.name]
        # not `openssl dgst -verify`: it reads no more of the signature than the key is long
        by_command = subprocess.run(
            ["openssl", "pkeyutl", "-verify", *options, "-pkeyopt", f"digest:{_OPENSSL[sign_type][1:]}"],
            input=bytes.fromhex(digest_hex(sign_type, message)),
            capture_output=True,
            check=False,
            timeout=60,
        )
    return _same(
        _cryptography_holds(sign_type, message, signature, public_pem),
        _pycryptodome_holds(sign_type, message, signature, public_pem),
        by_command.returncode == 0,
    )


def _cryptography_holds(sign_type: str, message: bytes, signature: bytes, public_pem: str) -> bool:
    key = load_pem_public_key(public_pem.encode("ascii"))
    if not isinstance(key, RSAPublicKey):
        raise TypeError("the builders use RSA keys only")
    try:
        key.verify(signature, message, PKCS1v15(), _HASHES[sign_type])
    except InvalidSignature:
        return False
    return True


def _pycryptodome_holds(sign_type: str, message: bytes, signature: bytes, public_pem: str) -> bool:
    try:
        pkcs1_15.new(_py_key(public_pem)).verify(_py_hash(sign_type, message), signature)
    except ValueError:
        return False
    return True


def _same(*answers: Answer) -> Answer:
    if any(answer != answers[0] for answer in answers):
        raise DisagreementError(f"cryptography, pycryptodome and openssl say: {answers}")
    return answers[0]


def _openssl(arguments: list[str], message: bytes) -> bytes:
    return subprocess.run(
        ["openssl", *arguments], input=message, capture_output=True, check=True, timeout=60
    ).stdout


@cache
def _private(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode("ascii"), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the builders use RSA keys only")
    return key


@cache
def _py_key(pem: str) -> Crypto.PublicKey.RSA.RsaKey:
    return Crypto.PublicKey.RSA.import_key(pem)


def _py_hash(sign_type: str, message: bytes) -> Crypto.Hash.SHA1.SHA1Hash | Crypto.Hash.SHA256.SHA256Hash:
    return Crypto.Hash.SHA256.new(message) if sign_type == "RSA2" else Crypto.Hash.SHA1.new(message)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="vectors-")


@cache
def _file(pem: str) -> str:
    path = Path(_folder().name) / f"{hashlib.sha256(pem.encode()).hexdigest()}.pem"
    own = path.with_suffix(f".{threading.get_ident()}")  # another thread may be reading the file already
    own.write_text(pem, "ascii")
    own.replace(path)
    return str(path)
