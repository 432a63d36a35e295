"""The schema of ``verify_response.json``."""

from typing import Any, Final

from tools.vectors.schemas import (
    CHARSET,
    DIGEST_STEPS,
    HEX,
    PAIRS,
    PUBLIC_KEY,
    SIGN_TYPE,
    TEXT,
    UNENCODABLE,
    Schema,
    record,
)

_STEPS: Final[dict[str, Schema]] = {
    "charset": {**CHARSET, "description": "what the XML declares"},
    "text": {"type": "string", "description": "the bytes of the XML as text"},
    "is_success": {"type": "boolean"},
    "error": TEXT,
    "container": {**TEXT, "description": "the name of the first child of <response>"},
    "children": {**PAIRS, "description": "its children, unescaped and trimmed: what is signed"},
    "sign": {"type": "string", "description": "what stands in the response"},
    "sign_type": {"type": "string", "description": "what stands in the response"},
    "kept": {**PAIRS, "description": "the children with a value"},
    "sorted": {**PAIRS, "description": "the same in byte order of their names"},
    "presign": {"type": "string", "description": "the pre-sign string of these children"},
    "presign_hex": {**HEX, "description": "its bytes in the charset"},
    "unencodable": UNENCODABLE,
    "digest_hex": DIGEST_STEPS["digest_hex"],
    "right_sign": {
        **DIGEST_STEPS["sign"],
        "description": "what Alipay would have signed these children with",
    },
    "outcome": {
        "enum": ["success", "accepted", "failed", "unknown"],
        "description": "what the request came to: success, accepted and failed only where it is proved; "
        "failed also for an unsigned error of the gateway, which proves nothing",
    },
    "code": {**TEXT, "description": "the error code, where there is one"},
    "fault": {**TEXT, "description": "why it is no response, in our words; yours may be others"},
}


def parts() -> dict[str, Any]:
    """Return what the schema of this kind has of its own."""
    keys: dict[str, Schema] = {
        "md5_key": TEXT,
        "merchant_public_key": PUBLIC_KEY,
        "alipay_public_key": PUBLIC_KEY,
    }
    return {
        "description": "a response and the request that it should answer in; valid: it proves what it says",
        "group_inputs": record({"sign_type": SIGN_TYPE, **keys}),
        "inputs": record(
            {
                "sent": {**PAIRS, "description": "the parameters of the request, without its sign"},
                "xml_hex": {**HEX, "description": "the bytes of the response's body; its status was 200"},
            }
        ),
        "steps": {**record(_STEPS, optional=tuple(name for name in _STEPS if name != "outcome"))},
    }
