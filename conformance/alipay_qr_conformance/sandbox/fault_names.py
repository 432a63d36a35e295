"""Faults by name: what the control API takes, as JSON, becomes a `Fault` of the engine.

{"fault": "drop", "service": "REFUND", "commit": true, "times": 1}
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from alipay_qr.errors import ParameterError
from alipay_qr_conformance.gateway import Fault, faults

_MOST_SECONDS: Final = 600
_COMMON: Final = frozenset({"fault", "service", "commit", "times"})


class _Order(NamedTuple):
    """How to make a fault: its maker, and the further members that it takes with their kinds."""

    make: Callable[..., Fault]
    takes: Mapping[str, type | tuple[type, ...]]


def _malformed(service: str | None, *, commit: bool = True) -> Fault:
    broken = b"<alipay><is_success>T</is_success><response>"
    return faults.body(broken, service, content_type="text/xml", commit=commit)


def _html(service: str | None, *, commit: bool = True) -> Fault:
    return faults.body(b"<html><body>busy</body></html>", service, commit=commit)


def _gbk(service: str | None, *, commit: bool = True) -> Fault:
    return Fault(service, commit, reply=lambda reply: replace(reply, charset="GBK"), name="answer in GBK")


_NUMBER: Final = (int, float)
_ORDERS: Final[Mapping[str, _Order]] = {
    "timeout": _Order(faults.timeout, {"seconds": _NUMBER}),
    "drop": _Order(faults.drop, {"after": _NUMBER}),
    "status": _Order(faults.http_status, {"status": int}),
    "redirect": _Order(faults.redirect, {"location": str}),
    "truncated": _Order(faults.truncated, {"length": int}),
    "slow": _Order(faults.slow, {"seconds": _NUMBER}),
    "malformed": _Order(_malformed, {}),
    "html": _Order(_html, {}),
    "gbk": _Order(_gbk, {}),
    "business-error": _Order(faults.business_error, {"code": str, "retry_flag": str}),
    "gateway-error": _Order(faults.gateway_error, {"code": str}),
    "unknown-result": _Order(faults.unknown_result, {"word": str}),
    "wrong-signature": _Order(faults.wrong_signature, {}),
    "missing-signature": _Order(faults.missing_signature, {}),
    "swapped-signature": _Order(faults.swapped_signature, {}),
    "tampered": _Order(faults.tampered, {"changes": dict}),
}
NAMES: Final = tuple(_ORDERS)


def fault(order: Mapping[str, Any]) -> Fault:
    """Return the fault that an order asks for.

    Raises:
        ParameterError: the name is unknown, a member is missing, unknown or of another kind.
    """
    name = order.get("fault")
    wanted = _ORDERS.get(name) if isinstance(name, str) else None
    if wanted is None:
        raise _error(f"there is no fault {str(name)[:40]!r}", f"choose one of {', '.join(NAMES)}")
    given = {key: value for key, value in order.items() if key not in _COMMON}
    for key, value in given.items():
        kind = wanted.takes.get(key)
        if kind is None:
            takes = ", ".join((*wanted.takes, "service", "commit", "times"))
            raise _error(f"the fault {name} takes no {key[:40]!r}", f"it takes {takes}")
        if not isinstance(value, kind) or isinstance(value, bool):
            raise _error(f"{key} is of another kind", "see docs/gateway.md")
        if isinstance(value, int | float) and kind is _NUMBER and not 0 <= value <= _MOST_SECONDS:
            raise _error(f"{key} is {value}", f"use 0 to {_MOST_SECONDS} seconds")
    service, times = order.get("service"), order.get("times", 1)
    if not isinstance(service, str | None) or not isinstance(order.get("commit", True), bool):
        raise _error("service is a text, commit true or false", "leave them out for the usual")
    if not isinstance(times, int) or not 1 <= times <= 1000:  # noqa: PLR2004 (enough for any test)
        raise _error("times is a whole number from 1 to 1000", "leave it out for once")
    if "commit" in order:
        given["commit"] = order["commit"]
    try:
        made = wanted.make(service=service, **given)
    except (TypeError, ValueError, AttributeError) as error:
        raise _error(f"the fault {name} cannot be made: {error}", "see docs/gateway.md") from None
    return replace(made, times=times)


def _error(text: str, hint: str) -> ParameterError:
    return ParameterError(text, code="fault.unknown", hint=hint)
