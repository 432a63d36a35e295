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
from alipay_qr_conformance.doctor.pipeline import Message, Names, StepChange, Steps, ValueChange
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
    names = tuple(name for name, _ in pairs)
    if received is None:
        received = not _NOTIFICATION.isdisjoint(names)
    service = dict(pairs).get("service") or ""
    known, every = _names(names, service, received)
    nothing = (None,) * (len(every) - len(names))
    full = (*(value for _, value in pairs), *nothing)
    base = (*(value if value and name not in UNSIGNED else None for name, value in pairs), *nothing)
    return Message(every, full, base, len(pairs), charset, sign_type, received, service), known


@lru_cache(maxsize=32)
def _names(names: Names, service: str, received: bool) -> tuple[Known, Names]:  # noqa: FBT001 (a key of the cache)
    """Return the names that the protocol knows for a message, and its own with those that it lacks."""
    from_alipay = "response" if _NOTIFICATION.isdisjoint(names) else "notification"
    known = _known(from_alipay if received else service)
    every = dict.fromkeys((*known, *_ALWAYS, *_every_name()))
    absent = (name for name in every if name not in names)
    return known, (*names, *(name for name in absent if not received or name in known or name in _ALWAYS))


def space(found: Message, known: Known, codec: str) -> Space:
    """Return everything that can be done to ``found``, grouped by its effect; nothing where it `is_large`."""
    steps = Steps(
        found.names,
        order.right,
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
