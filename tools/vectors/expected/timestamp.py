"""``timestamp``: which text stands for an instant, which instant for a text, and which day is it in Beijing?

Beside ``service`` stands one of

    instant            RFC 3339, any offset: how is it sent as ``timestamp`` of the service?
    text               is it a ``timestamp`` of the service, and which instant does it name?
    text and arrives   is it young enough for the gateway, which sees it at that instant?
    instants           do these lie on one Beijing day, the transaction day?
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from alipay_qr.beijing import (
    BEIJING,
    EXPIRY,
    beijing_day,
    format_milliseconds,
    format_timestamp,
    parse_timestamp,
)
from alipay_qr.catalogue import service
from alipay_qr.catalogue.errors import earned
from alipay_qr.catalogue.fields import form_of
from alipay_qr.errors import TimestampError

Answer = dict[str, Any]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TOO_OLD: Final = "INVALID_PARAMETER"  # inferred, as in `alipay_qr_conformance.gateway.engine.validation`


def timestamp(inputs: Mapping[str, Any]) -> Answer:
    """Answer a vector of the kind ``timestamp``; ``error`` is the gateway's code, ``beijing`` is RFC 3339."""
    if "instants" in inputs:
        days = [beijing_day(datetime.fromisoformat(each)).isoformat() for each in inputs["instants"]]
        return {"result": "valid", "days": days, "same_day": len(set(days)) == 1}
    if "instant" in inputs:
        return _written(datetime.fromisoformat(inputs["instant"]), inputs["service"])
    if error := _error(inputs["text"], inputs["service"]):
        return {"result": "invalid", "error": error}
    read = parse_timestamp(inputs["text"])
    return _aged(read, inputs["arrives"]) if "arrives" in inputs else {"result": "valid", **_told(read)}


def _written(instant: datetime, name: str) -> Answer:
    write = format_milliseconds if name == "CANCEL" else format_timestamp
    try:
        return {"result": "valid", **_told(instant), "sent": write(instant)}
    except TimestampError:
        return {"result": "invalid", **_told(instant)}


def _error(text: str, name: str) -> str:
    """Return the code that the gateway answers to a ``timestamp``, or an empty text."""
    (field,) = (each for each in service(name).request if each.name == "timestamp")
    if not text:
        return earned(field, "empty")
    fault = form_of(field)(text)
    return earned(field, fault[0]) if fault else ""


def _aged(sent: datetime, arrives: str) -> Answer:
    now = datetime.fromisoformat(arrives)
    told = {**_told(sent), "age_milliseconds": (now - sent) // timedelta(milliseconds=1)}
    if now - sent > EXPIRY:
        return {"result": "invalid", **told, "error": _TOO_OLD}
    return {"result": "valid", **told}


def _told(instant: datetime) -> Answer:
    return {
        "beijing": instant.astimezone(BEIJING).isoformat(timespec="milliseconds"),
        "day": beijing_day(instant).isoformat(),
        "milliseconds": (instant - _EPOCH) // timedelta(milliseconds=1),
    }
