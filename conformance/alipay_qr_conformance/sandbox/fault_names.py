"""Faults by name: from the JSON of the control API to a `Fault` of the engine.

{"fault": "drop", "service": "REFUND", "commit": true, "times": 1}
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from alipay_qr.errors import ParameterError
from alipay_qr_conformance.gateway import Fault, faults

_MOST_SECONDS: Final = 600
_COMMON: Final = frozenset({"fault", "service", "commit", "times"})


class _Kind(NamedTuple):
    """A kind of fault: its maker, and its further members with their types."""

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
_KINDS: Final[Mapping[str, _Kind]] = {
    "timeout": _Kind(faults.timeout, {"seconds": _NUMBER}),
    "drop": _Kind(faults.drop, {"after": _NUMBER}),
    "status": _Kind(faults.http_status, {"status": int}),
    "redirect": _Kind(faults.redirect, {"location": str}),
    "truncated": _Kind(faults.truncated, {"length": int}),
    "slow": _Kind(faults.slow, {"seconds": _NUMBER}),
    "malformed": _Kind(_malformed, {}),
    "html": _Kind(_html, {}),
    "gbk": _Kind(_gbk, {}),
    "business-error": _Kind(faults.business_error, {"code": str, "retry_flag": str}),
    "gateway-error": _Kind(faults.gateway_error, {"code": str}),
    "unknown-result": _Kind(faults.unknown_result, {"word": str}),
    "wrong-signature": _Kind(faults.wrong_signature, {}),
    "missing-signature": _Kind(faults.missing_signature, {}),
    "swapped-signature": _Kind(faults.swapped_signature, {}),
    "tampered": _Kind(faults.tampered, {"changes": dict}),
}
NAMES: Final = tuple(_KINDS)


def fault(asked: Mapping[str, Any]) -> Fault:
    """Return the fault that the members of an object ask for.

    Raises:
        ParameterError: the name is unknown, a member is missing, unknown or of another kind.
    """
    name = asked.get("fault")
    wanted = _KINDS.get(name) if isinstance(name, str) else None
    if wanted is None:
        raise _error(f"there is no fault {str(name)[:40]!r}", f"choose one of {', '.join(NAMES)}")
    members = {key: value for key, value in asked.items() if key not in _COMMON}
    for key, value in members.items():
        kind = wanted.takes.get(key)
        if kind is None:
            takes = ", ".join((*wanted.takes, "service", "commit", "times"))
            raise _error(f"the fault {name} takes no {key[:40]!r}", f"it takes {takes}")
        if not isinstance(value, kind) or isinstance(value, bool):
            raise _error(f"{key} is of another kind", "see docs/gateway.md")
        if isinstance(value, int | float) and kind is _NUMBER and not 0 <= value <= _MOST_SECONDS:
            raise _error(f"{key} is {value}", f"use 0 to {_MOST_SECONDS} seconds")
    service, times = asked.get("service"), asked.get("times", 1)
    if not isinstance(service, str | None) or not isinstance(asked.get("commit", True), bool):
        raise _error("service is a text, commit true or false", "leave them out for the usual")
    if not isinstance(times, int) or not 1 <= times <= 1000:  # noqa: PLR2004 (enough for any test)
        raise _error("times is a whole number from 1 to 1000", "leave it out for once")
    if "commit" in asked:
        members["commit"] = asked["commit"]
    try:
        made = wanted.make(service=service, **members)
    except (TypeError, ValueError, AttributeError) as error:
        raise _error(f"the fault {name} cannot be made: {error}", "see docs/gateway.md") from None
    return replace(made, times=times)


def _error(text: str, hint: str) -> ParameterError:
    return ParameterError(text, code="fault.unknown", hint=hint)
