"""Regular expressions of legal values, made from the catalogue: what one matches, no rule can fault.

A pattern describes a value on the wire. It is narrower than the rules: it knows the usual ways to write a
value, and what is written in another way goes to the slow judge. That no percent code is broken and every
byte is text is asked of many messages at once, by `signs.texts`.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from alipay_qr.catalogue import PROFILES, Field, service

SERVICES: Final = ("CANCEL", "REFUND")
"""The services of which there are many requests; a CREATE is rare and goes through the catalogue itself."""

_PLAIN: Final = "[A-Za-z0-9_.~*:/,!()@;+-]"
_BLANK: Final = r"(?:\+|%20)"
_COLON: Final = "(?::|%3[Aa])"
_SLASH: Final = "(?:/|%2[Ff])"
_DAY: Final = "20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
"""A day of every year; the 29th and later go to the slow judge."""
_CLOCK: Final = f"(?:[01][0-9]|2[0-3]){_COLON}[0-5][0-9]{_COLON}[0-5][0-9]"
_LONG_FORM: Final = f"{_DAY}{_BLANK}{_CLOCK}"
_HOST: Final = r"[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)*+"
_PORT: Final = f"(?:{_COLON}[1-9][0-9]{{0,3}})?"
_PATH: Final = f"(?:{_SLASH}(?:[A-Za-z0-9_.~-]++(?:(?:/|%2[Ff6]|%3[FfDd])[A-Za-z0-9_.~-]*+)*+)?)?"
_URL: Final = f"https?{_COLON}{_SLASH}{_SLASH}{_HOST}{_PORT}{_PATH}"
_AMOUNT: Final = r"(?=[0.]*+[1-9])(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{1,2})?"
ANY: Final = "[^&]++"


@cache
def value_patterns(alias: str, profile: str) -> dict[str, tuple[str, bool]]:
    """Return the pattern of each parameter's value that a service may have, and whether it must be there."""
    return {
        field.name: (
            _value(field, alias),
            field.required == "required" or field.name == "_input_charset",
        )
        for field in service(alias, profile).request
        if field.name not in {"sign", "sign_type"} and field.required != "undocumented"
    }


def _value(field: Field, alias: str) -> str:
    if field.kind in {"timestamp", "moment"}:
        return f"(?:[0-9]{{13}}|{_LONG_FORM})" if field.kind == "moment" else _LONG_FORM
    if field.kind == "charset":
        spellings = (spelling for value in field.values for spelling in (value, value.lower()))
        return f"(?:{'|'.join(spellings)})"
    if field.kind == "url":
        return _URL
    if field.kind == "amount":
        return _AMOUNT
    if field.kind == "currency":
        return f"(?:{'|'.join(field.values)})" if field.values else "[A-Z]{3}"
    if field.values and not field.open_values:
        return f"(?:{'|'.join(map(re.escape, field.values))})"
    if field.pattern:
        return field.pattern
    shortest, longest = LENGTHS[alias].get(field.name, (1, _UNBOUNDED))
    return f"{_PLAIN}{{{shortest},{longest}}}+" if shortest > 1 else ANY


def _lengths(alias: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield name, shortest and longest length of free texts, the narrowest of all profiles."""
    found: dict[str, tuple[int, int]] = {}
    for profile in PROFILES:
        for field in service(alias, profile).request:
            if field.kind == "url" or (field.kind == "text" and not field.pattern and not field.values):
                shortest, longest = found.get(field.name, (1, _UNBOUNDED))
                low, high = field.min_length or 1, field.max_length or _UNBOUNDED
                found[field.name] = max(shortest, low), min(longest, high)
    yield from found.items()


_UNBOUNDED: Final = 10**6
LENGTHS: Final = {alias: dict(_lengths(alias)) for alias in SERVICES}
"""By service and name, the fewest and the most bytes of a free text."""
