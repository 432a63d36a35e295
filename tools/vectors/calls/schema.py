"""The schema of ``request.json``."""

from typing import Any, Final

from tools.vectors.schemas import PAIRS, TEXT, record

_KINDS: Final = ["absent", "empty", "too-long", "illegal", "undocumented", "conflict"]


def parts() -> dict[str, Any]:
    """Return what the schema of this kind has of its own."""
    problem = {
        "parameter": {**TEXT, "description": "its name; a member of biz_data as biz_data.store_id"},
        "kind": {"enum": _KINDS, "description": "conflict: with another parameter"},
        "error": {**TEXT, "description": "the gateway's error code (inferred)"},
    }
    steps = {
        "service": {**TEXT, "description": "the guide's word for the service that is called"},
        "biz_data": {"type": "object", "description": "of a legal request: biz_data as it is read"},
        "problems": {"type": "array", "minItems": 1, "items": record(problem)},
        "error": {**TEXT, "description": "what the gateway answers: the code of the first problem"},
    }
    return {
        "description": "all parameters of a request in; valid: legal, or else what is wrong. "
        "No clock, no history; the sign is right and not looked at",
        "group_inputs": record(
            {
                "profile": {"enum": ["global", "hk"], "description": "the edition of the interface pages"},
                "charset": {"const": "UTF-8"},
                "md5_key": TEXT,
            }
        ),
        "inputs": record({"params": {**PAIRS, "description": "decoded, sign and sign_type among them"}}),
        "steps": record(steps, optional=tuple(steps)),
    }
