"""The schema of ``timestamp.json``."""

from typing import Any, Final

from tools.vectors.schemas import TEXT, Schema, record

INSTANT: Final[Schema] = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}(?:Z|[+-][0-9]{2}:[0-9]{2})$",
    "description": "RFC 3339 with milliseconds, in any offset",
}
DAY: Final[Schema] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

_QUESTIONS: Final[dict[str, Schema]] = {
    "instant": {**INSTANT, "description": "how is this instant sent as the service's timestamp?"},
    "text": {"type": "string", "description": "a timestamp of the service: is it one, which instant is it?"},
    "arrives": {**INSTANT, "description": "with text: when the request arrives. Is it young enough?"},
    "instants": {
        "type": "array",
        "items": INSTANT,
        "minItems": 2,
        "description": "are they on one Beijing day?",
    },
}
_STEPS: Final[dict[str, Schema]] = {
    "beijing": {"type": "string", "description": "the instant in GMT+8, RFC 3339"},
    "day": {**DAY, "description": "its Beijing day"},
    "milliseconds": {"type": "integer", "description": "since 1970-01-01T00:00:00Z"},
    "sent": {"type": "string", "description": "the value of the parameter timestamp"},
    "age_milliseconds": {"type": "integer", "description": "how old the text is on arrival"},
    "error": {**TEXT, "description": "the gateway's error code (inferred)"},
    "days": {"type": "array", "items": DAY, "description": "the Beijing day of each instant"},
    "same_day": {"type": "boolean"},
}


def parts() -> dict[str, Any]:
    """Return what the schema of this kind has of its own."""
    return {
        "description": "an instant in, the text that is sent out; a text in, its instant and Beijing day out",
        "group_inputs": record({"service": {"enum": ["CREATE", "CANCEL"]}}),
        "inputs": {
            **record(_QUESTIONS, optional=tuple(_QUESTIONS)),
            "oneOf": [{"required": [name]} for name in ("instant", "text", "instants")],
            "dependentRequired": {"arrives": ["text"]},
        },
        "steps": {**record(_STEPS, optional=tuple(_STEPS)), "minProperties": 1},
    }
