"""``keys``: is this text the key that is ``wanted``, private or public, and which key is it?

key, or key_hex      the text of a file or a setting; or bytes that are none
key and public_key   do these two belong together?
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from alipay_qr.errors import KeyTextError
from alipay_qr.keys import load_private_key, load_public_key, private_key_forms, public_key_forms

Answer = dict[str, Any]


def keys(inputs: Mapping[str, Any]) -> Answer:
    """Answer a vector of the kind ``keys``; ``fingerprint`` is SHA-256 of the SubjectPublicKeyInfo."""
    text = bytes.fromhex(inputs["key_hex"]) if "key_hex" in inputs else inputs["key"]
    load = load_private_key if inputs["wanted"] == "private" else load_public_key
    try:
        key = load(text)
        told = _told(key, _forms(key), str(text))
        if "public_key" in inputs:
            told["pairs"] = _fingerprint(load_public_key(inputs["public_key"])) == told["fingerprint"]
    except KeyTextError as error:
        return {"result": "invalid", "fault": error.code.removeprefix("key.")}
    return {"result": "valid", **told}


def _told(key: RSAPrivateKey | RSAPublicKey, forms: Mapping[str, str], text: str) -> Answer:
    public = key.public_key() if isinstance(key, RSAPrivateKey) else key
    numbers = public.public_numbers()
    body = re.sub(r"\s|-+(?:BEGIN|END)[^-]*-+", "", text).removeprefix("\ufeff")
    return {
        "form": next(name for name, base64_text in forms.items() if base64_text == body),
        "bits": key.key_size,
        "modulus": f"{numbers.n:0{(key.key_size + 7) // 8 * 2}x}",
        "exponent": numbers.e,
        "fingerprint": _fingerprint(public),
    }


def _forms(key: RSAPrivateKey | RSAPublicKey) -> dict[str, str]:
    """Return the base64 of every form in which this key may stand, by the name of the form."""
    if isinstance(key, RSAPrivateKey):
        forms = private_key_forms(key)
        return {"PKCS#1": forms.pkcs1_base64, "PKCS#8": forms.pkcs8_base64}
    pkcs1 = base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.PKCS1)).decode("ascii")
    return {"SubjectPublicKeyInfo": public_key_forms(key)[1], "PKCS#1 public": pkcs1}


def _fingerprint(key: RSAPublicKey) -> str:
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
