"""Whether every value of a message is one that Alipay signed, however its sign and sign_type are written.

Who accepts such a message is not deceived about a value: that its base64 is read tolerantly, or its sign_type
is not read, is told by a text of its own, and never called a forgery.
"""

import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING, Final

from alipay_qr.errors import AlipayQrError
from alipay_qr.presign import presign
from alipay_qr.signing import RsaVerifier
from alipay_qr_conformance.rules.forgeries import Pairs, without

if TYPE_CHECKING:
    from alipay_qr_conformance.model.test_account import TestKeys

_NO_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")
_TYPES: Final = ("RSA", "RSA2")


def rightly_signed(params: Pairs, sign_type: str, charset: str, keys: "TestKeys") -> bool:
    """Return whether Alipay signed all values with a key of this account; no name may stand twice.

    Under another sign type than the configured one, Alipay's own RSA keys count: nobody else has them. An MD5
    key does not, nor does a digest without a key: a merchant that was talked down to those is deceived.
    """
    named = dict(params)
    if len(named) != len(params):
        return False
    try:
        data = presign(without(params, "sign", "sign_type"), charset)
    except AlipayQrError:
        return False
    sign = named.get("sign") or ""
    if sign_type == "MD5":
        digest = hashlib.md5(data + (keys.md5_key or "").encode(), usedforsecurity=False).hexdigest()
        if keys.md5_key and re.sub(r"[^0-9a-f]", "", sign.lower())[:32] == digest:
            return True
    found = {each: keys.alipay_private(each) for each in _TYPES}
    publics = [key.public_key() for key in found.values() if key is not None]
    written = _read_tolerantly(sign)
    return any(RsaVerifier(key, each).verify(data, written) for key in publics for each in _TYPES)


def _read_tolerantly(sign: str) -> str:
    """Return the base64 in a text, without what a tolerant decoder skips, and what stands behind it."""
    text = _NO_BASE64.sub("", sign.replace("-", "+").replace("_", "/").partition("=")[0])
    try:
        return base64.b64encode(base64.b64decode(text + "=" * (-len(text) % 4))).decode("ascii")
    except binascii.Error:
        return ""
