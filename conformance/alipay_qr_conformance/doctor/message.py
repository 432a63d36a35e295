"""From parameters to the doctor's `Message` and its search `Space`.

The names of the protocol come from the catalogue: what it knows and the message lacks may have been signed
with an empty value, and what the message has and it does not know may be a framework's.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from alipay_qr.catalogue import NOTIFICATION, SERVICES, Field
from alipay_qr.presign import CHARSETS, UNSIGNED, Params
from alipay_qr_conformance.doctor.mistakes import charset as charsets
from alipay_qr_conformance.doctor.mistakes import escapes, json, order, parameters, text, values
from alipay_qr_conformance.doctor.pipeline import Message, StepChange, Steps, ValueChange
from alipay_qr_conformance.doctor.sign.space import Changes, Space

_ALWAYS: Final = ("sign", "sign_type", "_input_charset")
_NOTIFICATION: Final = frozenset({"notify_id", "notify_type"})

_MOST_PARAMETERS: Final = 200
_MOST_TEXT: Final = 64 * 1024

Known = dict[str, tuple[str, ...]]


def message(
    params: Params, charset: str, sign_type: str, *, received: bool | None = None
) -> tuple[Message, Known]:
    """Return the message and the names that the protocol knows for it, in the order of its tables."""
    pairs = list(params.items() if hasattr(params, "items") else params)
    names = [name for name, _ in pairs]
    if received is None:
        received = not _NOTIFICATION.isdisjoint(names)
    given = dict(pairs)
    service = given.get("service") or ""
    from_alipay = "response" if _NOTIFICATION.isdisjoint(names) else "notification"
    known = _known(from_alipay if received else service)
    absent = [name for name in (*known, *_ALWAYS) if name not in given]
    absent = list(dict.fromkeys((*absent, *(name for name in _every_name() if name not in given))))
    if received:
        absent = [name for name in absent if name in known or name in _ALWAYS]
    full = (*(value for _, value in pairs), *(None for _ in absent))
    base = tuple(
        value if value and name not in UNSIGNED else None
        for name, value in zip((*names, *absent), full, strict=True)
    )
    return (
        Message((*names, *absent), full, base, len(pairs), charset, sign_type, received, service),
        known,
    )


def space(found: Message, known: Known, codec: str) -> Space:
    """Return everything that can be done to ``found``, grouped by its effect; nothing where it `is_large`."""
    steps = Steps(
        found.names,
        order.right(),
        text.plain,
        lambda whole: whole,
        charsets.encoder(codec),
        charsets.NAMES.get(codec, codec),
    )
    if is_large(found):
        return Space(found.base, steps, lambda: ([], []))
    return Space(found.base, steps, lambda: _changes(found, known, codec))


def _changes(found: Message, known: Known, codec: str) -> Changes:
    value_changes: list[ValueChange] = [
        *parameters.value_changes(found, known),
        *json.value_changes(found),
        *values.value_changes(found),
        *escapes.value_changes(found, codec),
    ]
    documented: Sequence[str] = tuple(known)
    step_changes: list[StepChange] = [
        *parameters.names(found),
        *order.step_changes(found, documented),
        *text.joins(),
        *text.wholes(codec),
        *charsets.step_changes(codec),
    ]
    return value_changes, step_changes


def is_large(found: Message) -> bool:
    """Say whether a message is far larger than any of the protocol: then the sign is only checked."""
    return found.present > _MOST_PARAMETERS or sum(len(value) for value in found.base if value) > _MOST_TEXT


def codec_of(charset: str) -> str | None:
    """Return Python's codec of a protocol charset, or None where the gateway does not know it."""
    return CHARSETS.get(charset.strip().upper())


@lru_cache(maxsize=1)
def _every_name() -> tuple[str, ...]:
    """Return the names of all requests: one signing function often serves them all."""
    return tuple(dict.fromkeys(field.name for service in SERVICES.values() for field in service.request))


@lru_cache(maxsize=8)
def _known(kind: str) -> Known:
    fields: tuple[Field, ...]
    if kind == "notification":
        fields = NOTIFICATION
    elif kind == "response":
        names = (field.name for each in SERVICES.values() for field in each.response)
        return {**dict.fromkeys(names, ()), "is_success": ("T",)}
    elif kind in SERVICES:
        fields = SERVICES[kind].request
    else:
        return {}
    return {field.name: _usual(field.default, field.values) for field in fields}


def _usual(default: str | None, values: Sequence[str]) -> tuple[str, ...]:
    usual = dict.fromkeys((*([default] if default else []), *values))
    return tuple(usual)[:3]
