"""``verify_response``: does this response prove anything about the request that was ``sent``?

The result is valid where the signature holds and the response belongs to the request; ``outcome`` is what the
merchant then knows. An error of the gateway is ``failed`` and no proof: it is not signed.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from alipay_qr.account import TEST_PARTNER, Account
from alipay_qr.errors import WireError
from alipay_qr.keys import load_public_key
from alipay_qr.merchant.outcome import judge
from alipay_qr.presign import presign_text
from alipay_qr.signing import Md5, RsaVerifier, Verifier
from tools.vectors.expected.wire import said

Answer = dict[str, Any]


def verify_response(inputs: Mapping[str, Any]) -> Answer:
    """Answer a vector of the kind ``verify_response``; ``presign`` is the signed text of the children."""
    data = bytes.fromhex(inputs["xml_hex"])
    outcome = judge(data, dict(inputs["sent"]), _account(inputs))
    told: Answer = {"outcome": outcome.outcome}
    if outcome.code is not None:
        told["code"] = outcome.code
    proved = outcome.signed and (outcome.outcome != "unknown" or outcome.code is not None)
    try:
        read = said(data)
    except WireError as error:
        return {"result": "invalid", "fault": error.code, **told}
    if "children" in read:
        read["presign"] = presign_text(read["children"])
    return {**read, "result": "valid" if proved else "invalid", **told}


@cache
def _verifier(sign_type: str, md5_key: str, public_key: str) -> Verifier:
    return Md5(md5_key) if sign_type == "MD5" else RsaVerifier(load_public_key(public_key), sign_type)


def _account(inputs: Mapping[str, Any]) -> Account:
    sign_type, md5_key = inputs["sign_type"], inputs["md5_key"]
    verifier = _verifier(sign_type, md5_key, inputs["alipay_public_key"]["pem"])
    return Account(TEST_PARTNER, sign_type, "UTF-8", Md5(md5_key), verifier)
