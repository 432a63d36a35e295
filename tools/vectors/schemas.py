"""The JSON Schema (draft 2020-12) of each kind of vector file: one self-contained schema a kind.

`schema` builds them from the same pieces, so that all kinds agree on what a vector is; the file in
``vectors/schema/`` is written from here and never by hand.
"""

from typing import Any, Final

KINDS: Final = ("presign", "sign", "digest", "verify_notification")

Schema = dict[str, Any]


def record(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> Schema:
    """Return the schema of an object with exactly these members."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


TEXT: Final[Schema] = {"type": "string", "minLength": 1}
CHARSET: Final[Schema] = {"enum": ["UTF-8", "GBK", "GB2312"]}
SIGN_TYPE: Final[Schema] = {"enum": ["MD5", "RSA", "RSA2"]}
HEX: Final[Schema] = {"type": "string", "pattern": "^(?:[0-9a-f]{2})*$"}
SIGN: Final[Schema] = {"type": "string", "pattern": "^(?:[0-9a-f]{32}|[A-Za-z0-9+/]+={0,2})$"}
PAIRS: Final[Schema] = {
    "type": "array",
    "items": {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"type": ["string", "null"]}],
        "items": False,
        "minItems": 2,
    },
}
PUBLIC_KEY: Final = {
    **record({"pem": TEXT, "base64": TEXT}),
    "description": "SubjectPublicKeyInfo: PEM, and DER in base64 on one line",
}
PRIVATE_KEY: Final = {
    **record(dict.fromkeys(("pkcs1_pem", "pkcs8_pem", "pkcs1_base64", "pkcs8_base64"), TEXT)),
    "description": "one RSA key as PKCS#1 and PKCS#8: PEM, and DER in base64 on one line",
}
UNENCODABLE: Final = {
    **record(
        {
            "character": {"type": "string", "pattern": "^U\\+[0-9A-F]{4,6}$"},
            "position": {"type": "integer", "minimum": 0},
        }
    ),
    "description": "instead of the bytes: the first character that the charset lacks",
}

PRESIGN_STEPS: Final[Schema] = {
    "kept": {**PAIRS, "description": "the pairs that are signed, in their given order"},
    "sorted": {**PAIRS, "description": "the same in byte order of their names"},
    "presign": {"type": "string", "description": "the pre-sign string"},
    "presign_hex": {**HEX, "description": "its bytes in the charset"},
    "unencodable": UNENCODABLE,
}
DIGEST_STEPS: Final[Schema] = {
    "digest_hex": {**HEX, "description": "of these bytes; for MD5 followed by the key"},
    "sign": {**SIGN, "description": "the value of the parameter sign"},
}

_KEYS: Final[Schema] = {
    "md5_key": TEXT,
    "merchant_private_key": PRIVATE_KEY,
    "merchant_public_key": PUBLIC_KEY,
    "alipay_public_key": PUBLIC_KEY,
}


def schema(kind: str) -> Schema:
    """Return the schema of a kind."""
    parts = {
        "presign": _presign,
        "sign": _sign,
        "digest": _digest,
        "verify_notification": _verify_notification,
    }[kind]()
    return whole(kind, **parts)


def _presign() -> dict[str, Any]:
    return {
        "description": "parameters and charset in, the bytes that are signed out",
        "group_inputs": record({"charset": CHARSET}),
        "inputs": record({"params": PAIRS}),
        "steps": _stepwise(PRESIGN_STEPS, ["presign_hex"]),
    }


def _sign() -> dict[str, Any]:
    return {
        "description": "parameters, charset and key in, the sign out",
        "group_inputs": _keyed(),
        "inputs": record({"params": PAIRS}),
        "steps": _stepwise(PRESIGN_STEPS | DIGEST_STEPS, ["presign_hex", "digest_hex", "sign"]),
    }


def _digest() -> dict[str, Any]:
    return {
        "description": "a text and a key in, the sign of exactly this text out",
        "group_inputs": _keyed(),
        "inputs": record({"message": {"type": "string"}}),
        "steps": record({"message_hex": HEX, **DIGEST_STEPS}),
    }


def _verify_notification() -> dict[str, Any]:
    return {
        "description": "a notification's decoded parameters in; valid: to be accepted, invalid: not to be",
        "group_inputs": _keyed(),
        "inputs": record({"params": {**PAIRS, "description": "as received: sign and sign_type among them"}}),
        "steps": _stepwise(PRESIGN_STEPS | DIGEST_STEPS, ["presign_hex", "digest_hex", "sign"]),
    }


def whole(kind: str, *, description: str, group_inputs: Schema, inputs: Schema, steps: Schema) -> Schema:
    """Return the schema of a kind's file from what differs between the kinds."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:alipay-qr-conformance:vectors:{kind}:1",
        "title": f"Golden vectors of the kind {kind}",
        "description": description,
        **record(
            {
                "subject": {"const": kind},
                "schema": {"const": f"schema/{kind}.schema.json"},
                "count": {"type": "integer", "minimum": 1, "description": "of vectors in this file"},
                "notes": {
                    "description": "what each flag stands for: the requirement that the vectors exercise",
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": {"$ref": "#/$defs/note"},
                },
                "groups": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/group"}},
            }
        ),
        "$defs": {
            "note": record(
                {
                    "bug_type": {**TEXT, "description": "the kind of mistake that these vectors expose"},
                    "why": {**TEXT, "description": "what the rule demands, and what people do instead"},
                    "effect": {**TEXT, "description": "what happens to whoever makes the mistake"},
                    "clause": {**TEXT, "description": "where the rule stands"},
                    "links": {"type": "array", "items": TEXT},
                }
            ),
            "group": record(
                {
                    "source": record({"name": TEXT, "licence": TEXT}),
                    "inputs": {**group_inputs, "description": "shared by all vectors of the group"},
                    "tests": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/test"}},
                }
            ),
            "test": record(
                {
                    "id": {"type": "string", "pattern": "^[a-z0-9]+(?:-[a-z0-9]+)*$"},
                    "comment": TEXT,
                    "inputs": inputs,
                    "steps": steps,
                    "result": {"enum": ["valid", "invalid", "acceptable"]},
                    "flags": {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True},
                    "twin": {"type": "string", "description": "id of the vector that is one edit away"},
                    "since": {"type": "string", "format": "date", "pattern": "^\\d{4}-\\d\\d-\\d\\d$"},
                },
                optional=("twin",),
            ),
        },
    }


def _keyed() -> Schema:
    """The inputs of a group that signs or verifies: for MD5 the shared key, for RSA the keys of a pair."""
    return {
        **record({"sign_type": SIGN_TYPE, "charset": CHARSET, **_KEYS}, optional=tuple(_KEYS)),
        "if": {"properties": {"sign_type": {"const": "MD5"}}},
        "then": {"required": ["md5_key"]},
        "else": {
            "anyOf": [{"required": ["merchant_public_key"]}, {"required": ["alipay_public_key"]}],
        },
    }


def _stepwise(properties: dict[str, Any], encoded: list[str]) -> Schema:
    """Steps that end at ``unencodable``, or go on to the bytes and what follows from them."""
    return {
        **record(properties, optional=("unencodable", *encoded)),
        "oneOf": [{"required": ["unencodable"]}, {"required": encoded}],
    }
