"""The schema of ``keys.json``."""

from typing import Any, Final

from tools.vectors.schemas import HEX, TEXT, Schema, record

_SHA256: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_INPUTS: Final[dict[str, Schema]] = {
    "key": {"type": "string", "description": "the text of a file or a setting: is it a key, and which?"},
    "key_hex": {**HEX, "description": "the same for what is no text"},
    "public_key": {**TEXT, "description": "with key: is this its public half?"},
}
_STEPS: Final[dict[str, Schema]] = {
    "form": {"enum": ["PKCS#1", "PKCS#8", "PKCS#1 public", "SubjectPublicKeyInfo"]},
    "bits": {"type": "integer", "description": "of the modulus"},
    "modulus": {**HEX, "description": "without leading zeros"},
    "exponent": {"type": "integer", "description": "the public one"},
    "fingerprint": {**_SHA256, "description": "SHA-256 of the public half's SubjectPublicKeyInfo in DER"},
    "pairs": {"type": "boolean", "description": "whether public_key belongs to key"},
    "fault": {**TEXT, "description": "what is wrong with it, in our words; yours may be others"},
}


def parts() -> dict[str, Any]:
    """Return what the schema of this kind has of its own."""
    return {
        "description": "a key text in, the key out. acceptable: it may be declined, or repaired and read",
        "group_inputs": record({"wanted": {"enum": ["private", "public"]}}),
        "inputs": {
            **record(_INPUTS, optional=tuple(_INPUTS)),
            "oneOf": [{"required": ["key"]}, {"required": ["key_hex"]}],
            "dependentRequired": {"public_key": ["key"]},
        },
        "steps": {**record(_STEPS, optional=tuple(_STEPS)), "minProperties": 1},
    }
