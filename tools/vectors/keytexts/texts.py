"""The keys of these vectors in all their forms, and what people do to the texts.

MERCHANT and ALIPAY are the pairs of RSA2; GUIDE_... are what Alipay's integration guide prints.
"""

import base64
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_PRIVATE_KEY_JAVA, TEST_PRIVATE_KEY_PHP
from alipay_qr.keys import load_private_key, load_public_key, private_key_forms, public_key_forms
from tools.vectors import keys
from tools.vectors.question import Inputs

PRIVATE: Final[Inputs] = {"wanted": "private"}
PUBLIC: Final[Inputs] = {"wanted": "public"}

FORMS: Final = "sign.key.forms"
LABEL: Final = "sign.key.damaged-label"
SIZE: Final = "sign.key.size"

MERCHANT: Final = private_key_forms(load_private_key(keys.merchant("RSA2").private_pem))
GUIDE: Final = private_key_forms(load_private_key(TEST_PRIVATE_KEY_PHP))
GUIDE_PHP, GUIDE_JAVA = TEST_PRIVATE_KEY_PHP, TEST_PRIVATE_KEY_JAVA
ALIPAY_PEM, ALIPAY_BASE64 = public_key_forms(load_public_key(keys.alipay("RSA2").public_pem))
GUIDE_ALIPAY: Final = TEST_ALIPAY_PUBLIC_KEY

_FOLDER: Final = Path(__file__).parents[1] / "keys"


def stored(name: str) -> str:
    """Return a key file of the vectors."""
    return (_FOLDER / f"{name}.pem").read_text("ascii")


def public_pkcs1(pem: str) -> str:
    """Return a public key as PKCS#1, in PEM."""
    return load_public_key(pem).public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode("ascii")


def bare(pem: str) -> str:
    """Return the base64 of a PEM on one line."""
    return "".join(line for line in pem.splitlines() if "-----" not in line)


def wrapped(text: str, width: int = 64) -> str:
    """Return base64 in lines of ``width`` characters."""
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))


def pem(label: str, body: str) -> str:
    """Return a PEM of this label; the body stands as it is given."""
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


def der(text: str) -> bytes:
    """Return the bytes of a PEM or of bare base64."""
    return base64.b64decode(bare(text))


def as_base64(data: bytes) -> str:
    """Return bytes in base64 on one line."""
    return base64.b64encode(data).decode("ascii")
