"""What a subject says about itself, checked: the result of ``hello``.

A hello that says something else than the protocol allows ends the run with an `AdapterFault` whose code is
``hello.<field>``: everything that follows depends on it.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeVar
from urllib.parse import urlsplit

from alipay_qr_conformance.subjects.exceptions import AdapterFault

PROTOCOL: Final = "1"
SIGN_TYPES: Final = ("MD5", "RSA", "RSA2")
CHARSETS: Final = ("UTF-8", "GBK", "GB2312")
SOURCES: Final = ("notification", "response")
KINDS: Final = ("shop", "library")
LONGEST: Final = 500
"""Characters of a text, and members of a list: more says nothing, and every report would carry it."""
_CURRENCY: Final = re.compile(r"[A-Z]{3}")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OperationLimits:
    """What one operation is limited to; None is: to nothing beyond what hello says in general."""

    sign_types: tuple[str, ...] | None = None
    charsets: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """What the subject can do. ``slowest_answer`` is in seconds."""

    protocol: str
    name: str
    version: str
    language: str
    operations: tuple[str, ...]
    sign_types: tuple[str, ...]
    charsets: tuple[str, ...]
    clock: bool
    parallel: bool
    features: tuple[str, ...] = ()
    limits: Mapping[str, OperationLimits] = field(default_factory=lambda: MappingProxyType({}))
    slowest_answer: float | None = None
    notify_url: str | None = None
    homepage: str | None = None
    issues: str | None = None
    runtime: str | None = None
    kind: str = "shop"
    """``shop``, or ``library``: what an application is left to do is judged only where it is offered."""
    currencies: tuple[str, ...] = ()
    """Those it takes, in ISO 4217; empty: any."""
    faketime: bool = False
    """Whether the kit moves its clock from outside; no word of the subject's own."""


def parse_hello(value: Mapping[str, object]) -> Hello:
    """Return the checked result of ``hello``.

    Raises:
        AdapterFault: a field is absent or illegal.
    """
    protocol = _required(value, "protocol", _text)
    if protocol != PROTOCOL:
        raise _fault("protocol", f"is {protocol[:40]!r}", f'this kit speaks "{PROTOCOL}"')
    return Hello(
        protocol=protocol,
        name=_required(value, "name", _text),
        version=_required(value, "version", _text),
        language=_required(value, "language", _text),
        operations=_required(value, "operations", _texts),
        sign_types=_required(value, "sign_types", _subset(SIGN_TYPES)),
        charsets=_required(value, "charsets", _subset(CHARSETS)),
        clock=_required(value, "clock", _flag),
        parallel=_required(value, "parallel", _flag),
        features=_optional(value, "features", _texts) or (),
        limits=_optional(value, "limits", _limits) or MappingProxyType({}),
        slowest_answer=_optional(value, "slowest_answer", _seconds),
        notify_url=_optional(value, "notify_url", _url),
        homepage=_optional(value, "homepage", _text),
        issues=_optional(value, "issues", _text),
        runtime=_optional(value, "runtime", _text),
        kind=_optional(value, "kind", _kind) or "shop",
        currencies=_optional(value, "currencies", _currencies) or (),
    )


Reader = Callable[[str, object], T]


def _required(value: Mapping[str, object], name: str, read: Reader[T]) -> T:
    if name not in value:
        raise _fault(name, "is absent", "it is a required field")
    return read(name, value[name])


def _optional(value: Mapping[str, object], name: str, read: Reader[T], within: str = "") -> T | None:
    found = value.get(name)
    return None if found is None else read(within + name, found)


def _text(name: str, found: object) -> str:
    if not isinstance(found, str):
        raise _fault(name, "is no string", "write a string")
    if len(found) > LONGEST:
        raise _fault(name, f"has {len(found)} characters", f"write at most {LONGEST}")
    return found


def _flag(name: str, found: object) -> bool:
    if not isinstance(found, bool):
        raise _fault(name, "is no boolean", "write true or false, without quotes")
    return found


def _texts(name: str, found: object) -> tuple[str, ...]:
    if not isinstance(found, list | tuple):
        raise _fault(name, "is no list", "write a list of strings")
    if len(found) > LONGEST:
        raise _fault(name, f"has {len(found)} members", f"write at most {LONGEST}")
    return tuple(dict.fromkeys(_text(name, each) for each in found))


def _subset(legal: tuple[str, ...]) -> Reader[tuple[str, ...]]:
    def read(name: str, found: object) -> tuple[str, ...]:
        texts = _texts(name, found)
        unknown = [each for each in texts if each not in legal]
        if unknown:
            raise _fault(
                name, f"has {unknown[0][:40]!r}", f"write exactly {', '.join(legal)}, or some of them"
            )
        if not texts:
            raise _fault(name, "is empty", f"list some of {', '.join(legal)}")
        return texts

    return read


def _kind(name: str, found: object) -> str:
    text = _text(name, found)
    if text not in KINDS:
        raise _fault(name, f"is {text[:40]!r}", f"write {' or '.join(KINDS)}, or leave it out")
    return text


def _currencies(name: str, found: object) -> tuple[str, ...]:
    texts = _texts(name, found)
    if unknown := [each for each in texts if not _CURRENCY.fullmatch(each)]:
        raise _fault(name, f"has {unknown[0][:40]!r}", "write codes of ISO 4217 in capitals, such as USD")
    return texts


def _limits(name: str, found: object) -> Mapping[str, OperationLimits]:
    if found == []:  # PHP's empty array
        return MappingProxyType({})
    if not isinstance(found, Mapping):
        raise _fault(name, "is no object", "write {operation: {sign_types, charsets, sources}}")
    if len(found) > LONGEST:
        raise _fault(name, f"has {len(found)} members", f"write at most {LONGEST}")
    limits = {}
    for op, each in found.items():
        if not isinstance(each, Mapping) and each != []:
            raise _fault(name, f"of {str(op)[:40]!r} is no object", "write {sign_types, charsets, sources}")
        given = each if isinstance(each, Mapping) else {}
        within = f"{name}.{str(op)[:40]}."
        limits[str(op)] = OperationLimits(
            sign_types=_optional(given, "sign_types", _subset(SIGN_TYPES), within),
            charsets=_optional(given, "charsets", _subset(CHARSETS), within),
            sources=_optional(given, "sources", _subset(SOURCES), within),
        )
    return MappingProxyType(limits)


def _seconds(name: str, found: object) -> float:
    text = _text(name, found)
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= 3600:  # noqa: PLR2004 - an hour
        raise _fault(name, f"is {text[:40]!r}", 'write seconds from 0 to 3600 as a string, such as "90"')
    return seconds


def _url(name: str, found: object) -> str:
    text = _text(name, found)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise _fault(name, f"is {text[:80]!r}", "write a URL that begins with http:// or https://")
    return text


def _fault(name: str, complaint: str, hint: str) -> AdapterFault:
    return AdapterFault(f"hello: {name} {complaint}", code=f"hello.{name}", hint=hint)
