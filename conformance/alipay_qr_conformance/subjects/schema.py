"""The adapter protocol as JSON Schema (draft 2020-12), made from `operations` and published as a file.

    adapter_schema()      made from the table
    published_schema()    as it stands in ``schema/adapter-v1.schema.json``
    complaint(...)        what is wrong with one message

The file is what authors of adapters read; a test keeps it equal to what is made here. To write it anew:
``python -m alipay_qr_conformance.subjects.schema > adapter-v1.schema.json``.
"""

import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from alipay_qr_conformance.subjects.hello import CHARSETS, KINDS, PROTOCOL, SIGN_TYPES, SOURCES
from alipay_qr_conformance.subjects.message import FIELDS, LARGEST_ID, clip
from alipay_qr_conformance.subjects.operations import HANDED, OPERATIONS, Field, Kind, Operation

Schema = dict[str, Any]

FILE: Final = "schema/adapter-v1.schema.json"

_TEXT: Final[Schema] = {"type": "string"}
_BASE64: Final[Schema] = {
    "type": "object",
    "properties": {"base64": _TEXT},
    "required": ["base64"],
    "additionalProperties": False,
}


def _texts(*legal: str) -> Schema:
    return {"type": "array", "items": {"enum": list(legal)}, "uniqueItems": True}


def _object(*names: str) -> Schema:
    return {"type": "object", "properties": dict.fromkeys(names, _TEXT), "required": list(names)}


_KINDS: Final[Mapping[Kind, Schema]] = {
    "text": _TEXT,
    "flag": {"type": "boolean"},
    "texts": {"type": "array", "items": _TEXT},
    "object": {"type": "object"},
    "value": {"$ref": "#/$defs/value"},
    "blob": {"anyOf": [_TEXT, _BASE64]},
    "pairs": {
        "type": "array",
        "items": {
            "type": "array",
            "prefixItems": [_TEXT, {"$ref": "#/$defs/value"}],
            "items": False,
            "minItems": 2,
        },
    },
}

_CLOSER: Final[Mapping[str, Schema]] = {
    "hello.sign_types": _texts(*SIGN_TYPES) | {"minItems": 1},
    "hello.charsets": _texts(*CHARSETS) | {"minItems": 1},
    "hello.kind": {"enum": list(KINDS)},
    "hello.currencies": {"type": "array", "items": {"type": "string", "pattern": "^[A-Z]{3}$"}},
    "hello.limits": {
        "anyOf": [
            {"type": "array", "maxItems": 0},
            {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "properties": {
                        "sign_types": _texts(*SIGN_TYPES),
                        "charsets": _texts(*CHARSETS),
                        "sources": _texts(*SOURCES),
                    },
                },
            },
        ]
    },
    "hello.slowest_answer": {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"},
    "configure.merchant_private_key": _object("pkcs1_pem", "pkcs8_pem", "pkcs1_base64", "pkcs8_base64"),
    "configure.alipay_public_key": _object("pem", "base64"),
    "trade.fulfilled": {"type": "string", "pattern": "^[0-9]+$"},
}
"""What the table does not say about a field: its result first, then its arguments."""


def adapter_schema() -> Schema:
    """Return the schema: a message is a request, or an answer; ``$defs`` names both for every operation."""
    definitions: Schema = {
        "id": {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
        "value": {
            "description": "a parameter's value; null is a parameter without one",
            "anyOf": [{"type": ["string", "null"]}, _BASE64],
        },
        "refused": _reason("reason"),
        "unsupported": _reason("reason", issue=_TEXT),
        "error": _reason("message", traceback=_TEXT, fault={"enum": ["subject", "adapter"]}),
    }
    for operation in OPERATIONS.values():
        definitions[f"{operation.name}.request"] = _request(operation)
        definitions[f"{operation.name}.result"] = _result(operation)
        definitions[f"{operation.name}.answer"] = _answer({"$ref": f"#/$defs/{operation.name}.result"})
    requests = [{"$ref": f"#/$defs/{name}.request"} for name in OPERATIONS]
    definitions["request"] = {"oneOf": requests}
    definitions["answer"] = _answer({"type": ["object", "array", "null"]})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Adapter protocol, version {PROTOCOL}",
        "description": (
            "One message of the protocol between the conformance kit and an adapter. An operation's answer "
            "stands under $defs as <operation>.answer; unknown fields are ignored by both sides."
        ),
        "oneOf": [{"$ref": "#/$defs/request"}, {"$ref": "#/$defs/answer"}],
        "$defs": definitions,
    }


@cache
def published_schema() -> Schema:
    """Return the schema as it is published."""
    schema: Schema = json.loads((files("alipay_qr_conformance.subjects") / FILE).read_text("utf-8"))
    return schema


def complaint(message: Mapping[str, object], definition: str) -> str | None:
    """Return what is wrong with a message, or None.

    Args:
        message: a whole request or answer.
        definition: its name under ``$defs``, such as ``sign.answer``.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    schema = {"$defs": published_schema()["$defs"], "$ref": f"#/$defs/{definition}"}
    error = best_match(Draft202012Validator(schema).iter_errors(message))
    return None if error is None else f"{error.json_path}: {clip(error.message, 400)}"


def _request(operation: Operation) -> Schema:
    args: Schema = {
        "type": "object",
        "properties": {field.name: _field(operation.name, field) for field in operation.args},
        "required": [field.name for field in operation.args if field.required],
    }
    if operation.name == "verify":
        args["oneOf"] = [{"required": ["params", "charset"]}, {"required": ["body_base64", "content_type"]}]
    return {
        "type": "object",
        "properties": {
            "id": {"$ref": "#/$defs/id"},
            "op": {"const": operation.name},
            "args": args,
            "now": {"type": "string", "format": "date-time"},
        },
        "required": ["id", "op", "args"],
    }


def _result(operation: Operation) -> Schema:
    result: Schema = {"type": "object"}
    if operation.result:
        result["properties"] = {
            field.name: _or_null(_field(operation.name, field), field) for field in operation.result
        }
        result["required"] = [field.name for field in operation.result if field.required]
    if any(field.name == "url" for field in operation.result):
        result["if"] = {"properties": {"outcome": {"const": HANDED}}, "required": ["outcome"]}
        result["then"] = {"properties": {"url": _TEXT}, "required": ["url"]}
    if operation.exactly_one:
        result["oneOf"] = [
            {"required": [name], "properties": {name: _TEXT}} for name in operation.exactly_one
        ]
    if operation.result:
        return result
    return {"anyOf": [result, {"type": "array", "maxItems": 0}, {"type": "null"}]}


def _answer(result: Schema) -> Schema:
    members: Schema = {"id": {"$ref": "#/$defs/id"}, "result": result}
    members |= {name: {"$ref": f"#/$defs/{name}"} for name in FIELDS if name != "result"}
    return {
        "type": "object",
        "properties": members,
        "required": ["id"],
        "oneOf": [{"required": [name]} for name in FIELDS],
    }


def _reason(word: str, **others: Schema) -> Schema:
    optional = {name: _or_null(schema, Field(name, required=False)) for name, schema in others.items()}
    return {"type": "object", "properties": {word: _TEXT, **optional}, "required": [word]}


def _field(op: str, field: Field) -> Schema:
    if isinstance(field.kind, tuple):
        return {"enum": list(field.kind)}
    return _CLOSER.get(f"{op}.{field.name}", _KINDS[field.kind])


def _or_null(schema: Schema, field: Field) -> Schema:
    return schema if field.required else {"anyOf": [schema, {"type": "null"}]}


if __name__ == "__main__":
    json.dump(adapter_schema(), sys.stdout, indent=2)
    sys.stdout.write("\n")
