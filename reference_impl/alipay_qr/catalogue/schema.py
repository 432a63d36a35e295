"""The catalogue as JSON Schema, draft 2020-12, for other languages.

A message is an object of strings, as its parameters are. What a schema can say is there: presence, length,
pattern, values, conditions between two fields. What it cannot (a day of the calendar, decimals by currency,
an id that differs from another) is left to `validate`: a schema never refuses what that accepts.

``biz_data`` is text in a request; its schema stands in ``contentSchema`` and by itself in `biz_data_schema`.
"""

from typing import Any, Final

from alipay_qr.catalogue.fields import Field, Service
from alipay_qr.catalogue.responses import NOTIFICATION
from alipay_qr.catalogue.services import service
from alipay_qr.errors import ParameterError
from alipay_qr.money import CURRENCIES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_PLAIN: Final = {"type": ["string", "number", "boolean", "null"]}
_CHARSET: Final = {"UTF-8": "[Uu][Tt][Ff]-8", "GBK": "[Gg][Bb][Kk]", "GB2312": "[Gg][Bb]2312"}
_URL: Final = "[Hh][Tt][Tt][Pp][Ss]?://.+"


def json_schema(service_name: str, profile: str = "global") -> dict[str, Any]:
    """Return the schema of a service's request parameters.

    Raises:
        ParameterError: there is no such service or profile.
    """
    found = service(service_name, profile)
    schema = _message(found.request, _id(found, profile, "request"), f"Request of {found.name}")
    schema["additionalProperties"] = False
    if found.biz_data:
        schema["properties"]["biz_data"] |= {
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": _id(found, profile, "biz_data")},
        }
    return schema


def biz_data_schema(service_name: str = "CREATE", profile: str = "global") -> dict[str, Any]:
    """Return the schema of the JSON object in ``biz_data``.

    Raises:
        ParameterError: there is no such service or profile, or the service has no ``biz_data``.
    """
    found = service(service_name, profile)
    if not found.biz_data:
        raise _without(found, "biz_data")
    schema = _message(found.biz_data, _id(found, profile, "biz_data"), f"biz_data of {found.name}")
    schema["additionalProperties"] = False
    return schema


def response_schema(service_name: str, profile: str = "global") -> dict[str, Any]:
    """Return the schema of a response and its result, as one object.

    Raises:
        ParameterError: there is no such service or profile, or the service answers plain text.
    """
    found = service(service_name, profile)
    if not found.response:
        raise _without(found, "response of fields")
    return _message(found.response, _id(found, profile, "response"), f"Response of {found.name}")


def notification_schema() -> dict[str, Any]:
    """Return the schema of a notification's fields; others may come beside them."""
    return _message(NOTIFICATION, "urn:alipay-qr:notification", "Notification of a trade's status")


def _without(found: Service, part: str) -> ParameterError:
    return ParameterError(
        f"{found.name} has no {part}", code="service.no-such-part", hint="see the service's entry in SERVICES"
    )


def _id(found: Service, profile: str, part: str) -> str:
    return f"urn:alipay-qr:{profile}:{found.name}:{part}"


def _message(fields: tuple[Field, ...], identity: str, title: str) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "$id": identity,
        "title": title,
        "type": "object",
        "properties": {each.name: _property(each) for each in fields},
        "required": [each.name for each in fields if each.required == "required"],
    }
    conditions = [_condition(each) for each in fields if each.when]
    if conditions:
        schema["allOf"] = conditions
    return schema


def _property(field: Field) -> dict[str, Any]:
    """Return the schema of one value; an optional one may be empty."""
    schema: dict[str, Any] = {"$comment": field.clause}
    if field.notes:
        schema["description"] = field.notes
    if field.default is not None:
        schema["default"] = field.default
    if field.example:
        schema["examples"] = [field.example]
    if field.kind == "channel-fee":
        return schema | _or_text(_channel_fee())
    if field.kind == "flat-json":
        return schema | _or_text({"type": "object", "additionalProperties": _PLAIN})
    schema["type"] = "string"
    if field.max_length is not None:
        schema["maxLength"] = field.max_length
    empty_is_legal = field.required != "required"
    if pattern := _pattern(field):
        # `$` alone would let Python's regular expressions accept a line end; this says "the very end".
        schema["pattern"] = f"^(?:{pattern}){'?' if empty_is_legal else ''}(?![\\s\\S])"
    elif not empty_is_legal:
        schema["minLength"] = 1
    return schema


def _pattern(field: Field) -> str | None:
    if field.kind == "charset":
        return "|".join(_CHARSET[value] for value in field.values)
    if field.kind == "url":
        return _URL
    if field.kind == "currency" and not field.values:
        return "|".join(sorted(CURRENCIES))
    if field.values and not field.open_values:
        return "|".join(value.replace(".", "\\.") for value in field.values)
    if field.min_length and not field.pattern:
        return f"[\\s\\S]{{{field.min_length},}}"
    return field.pattern


def _or_text(of_object: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object that may stand there as its JSON text."""
    return {"anyOf": [of_object, {"type": "string", "pattern": "^\\s*\\{"}]}


def _channel_fee() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "type": {"enum": ["FIXED", "RATE"]},
            "value": {"type": ["string", "number"]},
        },
        "required": ["type", "value"],
        "additionalProperties": False,
    }


def _condition(field: Field) -> dict[str, Any]:
    """Return the rule that makes a conditional field compulsory."""
    when = field.when
    if when is None:
        raise ValueError(f"{field.name} has no condition")
    value: dict[str, Any] = {"minLength": 1} if when.value is None else {"const": when.value}
    met = {"properties": {when.name: value}, "required": [when.name]}
    needed: dict[str, Any] = {"required": [field.name], "properties": {field.name: {"minLength": 1}}}
    return {"if": met, "else" if when.unless else "then": needed}
