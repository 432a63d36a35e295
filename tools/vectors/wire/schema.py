"""The schema of ``wire.json``."""

from typing import Any, Final

from tools.vectors.schemas import CHARSET, HEX, PAIRS, TEXT, UNENCODABLE, Schema, record

_ASCII: Final[Schema] = {"type": "string", "pattern": "^[\\x20-\\x7e]*$"}
_INPUTS: Final[dict[str, Schema]] = {
    "params": {**PAIRS, "description": "how does this request of the merchant leave?"},
    "method": {"enum": ["GET", "POST"], "description": "with params"},
    "form": {**_ASCII, "description": "the body of a notification: which parameters are these?"},
    "form_hex": {**HEX, "description": "the same for bytes beyond ASCII"},
    "query": {
        **_ASCII,
        "description": "of a request that reaches the gateway: which parameters, in which charset?",
    },
    "body": {**_ASCII, "description": "with query: the form that was posted"},
    "xml_hex": {**HEX, "description": "the bytes of a response: what does it say?"},
}
_STEPS: Final[dict[str, Schema]] = {
    "query": {
        **_ASCII,
        "description": "behind the ? of the URL; other spellings of the same bytes are as right",
    },
    "body": {**_ASCII, "description": "of the POST; other spellings of the same bytes are as right"},
    "unencodable": UNENCODABLE,
    "params": {**PAIRS, "description": "in their order"},
    "charset": {**CHARSET, "description": "what the request or the XML declares"},
    "text": {"type": "string", "description": "the bytes of the XML as text"},
    "is_success": {"type": "boolean"},
    "error": TEXT,
    "container": {**TEXT, "description": "the name of the first child of <response>"},
    "children": {**PAIRS, "description": "its children, unescaped and trimmed: what is signed"},
    "sign": {"type": "string"},
    "sign_type": {"type": "string"},
    "fault": {**TEXT, "description": "what is wrong with it, in our words; yours may be others"},
}


def parts() -> dict[str, Any]:
    """Return what the schema of this kind has of its own."""
    return {
        "description": "parameters in, URL and form out; a form, a request or XML in, what it says out",
        "group_inputs": record({"charset": CHARSET}, optional=("charset",)),
        "inputs": {
            **record(_INPUTS, optional=tuple(_INPUTS)),
            "oneOf": [{"required": [name]} for name in ("params", "form", "form_hex", "query", "xml_hex")],
            "dependentRequired": {"params": ["method"], "body": ["query"]},
        },
        "steps": {**record(_STEPS, optional=tuple(_STEPS)), "minProperties": 1},
    }
