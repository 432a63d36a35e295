"""The schema of ``amount.json``."""

from typing import Any, Final

from tools.vectors.schemas import Schema, record

CURRENCY: Final[Schema] = {"type": "string", "pattern": "^[A-Z]{3}$"}
AMOUNT: Final[Schema] = {"type": "string", "pattern": "^(?:0|[1-9][0-9]{0,8})(?:\\.[0-9]{2})?$"}

_TEXTS: Final[Schema] = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_UNITS: Final[Schema] = {"type": "integer", "description": "of the currency's smallest unit"}
_QUESTIONS: Final[dict[str, Schema]] = {
    "text": {
        "type": "string",
        "description": "an amount as a message holds it: is it one, and what is it worth?",
    },
    "minor_units": {**_UNITS, "description": "a count of the smallest units: how is it written?"},
    "add": {**_TEXTS, "description": "what do these amounts make together?"},
    "subtract": {**_TEXTS, "description": "what remains of the first when the others are taken from it?"},
    "compare": {**_TEXTS, "minItems": 2, "maxItems": 2, "description": "is the first less, equal, greater?"},
}
_STEPS: Final[dict[str, Schema]] = {
    "fault": {
        "enum": ["form", "decimals"],
        "description": "instead of all others: form: no amount at all, or none of Number(9,2); "
        "decimals: more than the currency has",
    },
    "terms": {"type": "array", "items": _UNITS, "description": "the amounts of the question"},
    "minor_units": _UNITS,
    "canonical": {**AMOUNT, "description": "the amount in the usual form of its currency"},
    "comparison": {"enum": ["less", "equal", "greater"]},
}


def parts() -> dict[str, Any]:
    """Return what the schema of this kind has of its own."""
    return {
        "description": "a text and its currency in, what it is worth out; exact sums and comparisons",
        "group_inputs": record({"currency": CURRENCY}),
        "inputs": {**record(_QUESTIONS, optional=tuple(_QUESTIONS)), "minProperties": 1, "maxProperties": 1},
        "steps": {**record(_STEPS, optional=tuple(_STEPS)), "minProperties": 1},
    }
