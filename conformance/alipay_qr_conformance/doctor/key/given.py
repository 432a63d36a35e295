"""Key files that are given to judge a message by: the key in them, and what is odd about the file.

A file that holds ``NAME=key`` or a key in quotes is read, and the oddity is told: a program that reads
the whole file signs with more than the key.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from alipay_qr.errors import KeyTextError
from alipay_qr.keys import load_private_key, load_public_key
from alipay_qr_conformance.doctor.input_error import InputError
from alipay_qr_conformance.doctor.judge import Keys
from alipay_qr_conformance.reading.keys import keys as keys_in
from alipay_qr_conformance.reading.patterns import later

Read = Callable[[Path], bytes]

_ASSIGNED: Final = later(r"\s*(?:export\s+)?([A-Za-z_][\w.-]{0,60})\s*[:=]\s*(.*)", re.DOTALL)
_QUOTED: Final = later(r"([\"'`])(.*)\1", re.DOTALL)
_MD5_KEY: Final = later(r"[0-9a-z]{32}", re.ASCII)
_LENGTH: Final = 32


def given_keys(read: Read, md5: Iterable[Path], public: Iterable[Path], private: Path | None) -> Keys:
    """Return the keys that files hold.

    Raises:
        InputError: a file cannot be read, or holds something else.
    """
    remarks: list[tuple[str, str]] = []
    md5_keys = []
    for path in md5:
        text, found = md5_key(read(path), str(path))
        md5_keys.append((path.name, text))
        remarks += found
    return Keys(
        md5=tuple(md5_keys),
        public=tuple((path.name, _public_key(read(path), path)) for path in public),
        private=_private_key(read(private), private) if private is not None else None,
        remarks=tuple(remarks),
    )


def md5_key(data: bytes, name: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the MD5 key in a file, and what is odd about its text; nothing of the key is in it.

    Raises:
        InputError: the file is empty, is no text, or holds an RSA key.
    """
    data = data.removeprefix(b"\xef\xbb\xbf").strip()
    if not data:
        raise InputError("md5-key-empty", name)
    found = [key.text.decode("latin-1").strip("\"' \r\n\t") for key in keys_in(data) if key.form == "file"]
    if any(not _MD5_KEY.fullmatch(text) for text in found):
        raise InputError("md5-key-rsa", name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("md5-key-bytes", name) from None
    remarks: list[tuple[str, str]] = []
    if not _MD5_KEY.fullmatch(text) and (assigned := _ASSIGNED.fullmatch(text)):
        remarks.append(("key-file-assigned", assigned[1]))
        text = assigned[2].rstrip()
        text = text[:-1] if text.endswith((";", ",")) else text
    if quoted := _QUOTED.fullmatch(text):
        remarks.append(("key-file-quoted", ""))
        text = quoted[2]
    if not _MD5_KEY.fullmatch(text):
        odd = "key-file-length" if len(text) != _LENGTH else "key-file-letters"
        remarks.append((odd, str(len(text))))
    return text, remarks


def _public_key(data: bytes, path: Path) -> RSAPublicKey:
    """Return the public key in a file; a private key counts as its public half."""
    data = _bare(data)
    try:
        return load_public_key(data)
    except KeyTextError as error:
        if error.code != "key.private-for-public":
            raise _unusable(path, error) from None
        return load_private_key(data).public_key()


def _private_key(data: bytes, path: Path) -> RSAPrivateKey:
    try:
        return load_private_key(_bare(data))
    except KeyTextError as error:
        raise _unusable(path, error) from None


def _bare(data: bytes) -> bytes:
    """Return the only key in a file of configuration or code, or the file as it is."""
    found = [key for key in keys_in(data) if key.text]
    return found[0].text if len(found) == 1 and found[0].form != "file" else data


def _unusable(path: Path, error: Exception) -> InputError:
    return InputError("rsa-key", f"{path}: {error}; see alipay-qr explain {path}")
