"""The schema of ``charset.json``."""

from typing import Any, Final

from tools.vectors.schemas import CHARSET, HEX, UNENCODABLE, Schema, record

UNDECODABLE: Final = {
    **record({"position": {"type": "integer", "minimum": 0}}),
    "description": "instead of the text: where the first byte stands that begins no character",
}

_QUESTIONS: Final[dict[str, Schema]] = {
    "text": {"type": "string", "description": "which bytes is this text in the charset?"},
    "read_as": {
        **CHARSET,
        "description": "with text: who reads these bytes in this other charset, sees what?",
    },
    "hex": {**HEX, "description": "which text are these bytes in the charset?"},
    "texts": {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 2,
        "maxItems": 2,
        "description": "are these two the same bytes, which is all that a sign sees?",
    },
    "declared": {"type": "string", "description": "which charset does this value of _input_charset mean?"},
}
_STEPS: Final[dict[str, Schema]] = {
    "hex": {**HEX, "description": "the bytes of the text"},
    "unencodable": UNENCODABLE,
    "text": {"type": "string", "description": "the text of the bytes; with read_as, what is seen instead"},
    "undecodable": UNDECODABLE,
    "hexes": {"type": "array", "items": HEX, "description": "the bytes of each text"},
    "same": {"type": "boolean"},
    "charset": CHARSET,
    "fault": {"const": "unknown", "description": "it is no charset of the protocol"},
}


def parts() -> dict[str, Any]:
    """Return what the schema of this kind has of its own."""
    return {
        "description": "a text in, its bytes out, or what cannot be written; bytes in, their text out",
        "group_inputs": record({"charset": CHARSET}, optional=("charset",)),
        "inputs": {
            **record(_QUESTIONS, optional=tuple(_QUESTIONS)),
            "oneOf": [{"required": [name]} for name in ("text", "hex", "texts", "declared")],
            "dependentRequired": {"read_as": ["text"]},
        },
        "steps": {**record(_STEPS, optional=tuple(_STEPS)), "minProperties": 1},
    }
