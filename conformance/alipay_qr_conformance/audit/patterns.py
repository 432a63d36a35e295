"""Regular expressions of legal requests, made from the catalogue: what one matches, no rule can fault.

A pattern describes the form of a request on the wire with its pairs sorted and ``sign`` and ``sign_type``
taken out. It is narrower than the rules: it knows the usual ways to write a value, and what is written in
another way goes to the slow judge. `legal` asks what no regular expression can: rules between fields.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from alipay_qr.catalogue import PROFILES, Field, service
from alipay_qr.money import CURRENCIES, WHOLE_NUMBER_CURRENCIES

Groups = Mapping[str, str | None]

SERVICES: Final = ("CANCEL", "REFUND")
"""The services of which there are many requests; a CREATE is rare and goes through the catalogue itself."""

_HEX: Final = "[0-9A-Fa-f]"
_PLAIN_SET: Final = "[A-Za-z0-9_.~*:/,!()@;+-]"
_PLAIN: Final = f"{_PLAIN_SET}*+"
_CODE: Final = f"%(?:[1-9A-Fa-f]{_HEX}|0[1-9A-Fa-f])"
"""One byte of a value; never NUL."""
_CODE_UNQUOTED: Final = _CODE.replace("%", "%(?!22)")
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
_AMOUNT: Final = r"(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{1,2})?"


HELD: Final = {
    "CANCEL": ("_input_charset", "out_trade_no", "partner", "timestamp", "trade_no"),
    "REFUND": (
        "_input_charset",
        "alipay_trans_id",
        "currency",
        "is_sync",
        "notify_url",
        "partner",
        "partner_refund_id",
        "partner_trans_id",
        "refund_amount",
    ),
}
"""The groups of a short pattern, in their order."""


@cache
def request_pattern(alias: str, profile: str) -> re.Pattern[str]:
    """Return the pattern of the requests of a service; its groups are the parameters' names."""
    fields = [(field, field.name, _form(field, profile)) for field in _fields(alias, profile)]
    return _compiled([(field, f"(?P<{name}>{form})") for field, name, form in fields])


@cache
def short_pattern(alias: str, profile: str) -> re.Pattern[str]:
    """Return the same for values so short that `legal` need not measure them; its groups are `HELD`."""
    held = frozenset(HELD[alias])
    bounds = {name: (shortest, longest) for name, shortest, longest in _LENGTHS[alias]}
    found = []
    for field in _fields(alias, profile):
        form = _form(field, profile)
        shortest, longest = bounds.get(field.name, (1, _UNBOUNDED))
        if shortest > 1:
            form = f"{_PLAIN_SET}{{{shortest},{longest}}}+"
        elif longest < _UNBOUNDED:
            form = f"(?=[^&]{{1,{longest}}}&){form}"
        found.append((field, f"(?P<{field.name}>{form})" if field.name in held else f"(?:{form})"))
    return _compiled(found)


def _fields(alias: str, profile: str) -> list[Field]:
    """Return the parameters that are signed, sorted."""
    fields = sorted(service(alias, profile).request, key=lambda field: field.name)
    return [
        field
        for field in fields
        if field.name not in {"sign", "sign_type"} and field.required != "undocumented"
    ]


def _compiled(values: list[tuple[Field, str]]) -> re.Pattern[str]:
    parts = []
    for field, value in values:
        pair = f"{field.name}={value}&"
        compulsory = field.required == "required" or field.name == "_input_charset"
        parts.append(pair if compulsory else f"(?:{pair})?")
    return re.compile("".join(parts), re.ASCII)


def legal(groups: Groups) -> bool:
    """Say whether the lengths, and the rules between the fields of a matched request, hold."""
    alias = "REFUND" if "refund_amount" in groups else "CANCEL"
    for name, shortest, longest in _LENGTHS[alias]:
        value = groups.get(name)
        if not value or (shortest <= len(value) <= longest and (shortest == 1 or "%" not in value)):
            continue
        # The length in bytes of its charset: a text has fewer characters, and perhaps too few.
        if shortest > 1 or len(value) - 2 * value.count("%") > longest:
            return False
    return alias == "CANCEL" or legal_refund(*[groups.get(name) for name in HELD["REFUND"]])


def legal_refund(*held: str | None) -> bool:
    """Say whether the rules between the fields of a refund hold; the values are those of `HELD`."""
    _, _, currency, is_sync, notify_url, _, refund_id, trade, amount = held
    return (
        currency in CURRENCIES
        and amount is not None
        and ("." not in amount or currency not in WHOLE_NUMBER_CURRENCIES)
        and amount.strip("0.") != ""
        and refund_id != trade
        and (notify_url is not None or is_sync == "Y")
    )


def _form(field: Field, profile: str) -> str:
    if field.kind in {"timestamp", "moment"}:
        return f"[0-9]{{13}}|{_LONG_FORM}" if field.kind == "moment" else _LONG_FORM
    if field.kind == "charset":
        return "|".join(spelling for value in field.values for spelling in (value, value.lower()))
    if field.kind == "url":
        return _URL
    if field.kind == "amount":
        return _AMOUNT
    if field.kind == "currency":
        return "|".join(field.values) or "[A-Z]{3}"
    if field.values and not field.open_values:
        return "|".join(map(re.escape, field.values))
    if field.pattern:
        return field.pattern
    code = _CODE_UNQUOTED if profile == "hk" else _CODE
    return f"(?=[^&]){_PLAIN}(?:{code}{_PLAIN})*+"


def _lengths(alias: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, shortest and longest length of free texts, the narrowest of all profiles."""
    found: dict[str, tuple[int, int]] = {}
    for profile in PROFILES:
        for field in service(alias, profile).request:
            if field.kind == "url" or (field.kind == "text" and not field.pattern and not field.values):
                shortest, longest = found.get(field.name, (1, _UNBOUNDED))
                low, high = field.min_length or 1, field.max_length or _UNBOUNDED
                found[field.name] = max(shortest, low), min(longest, high)
    for name, (shortest, longest) in found.items():
        yield name, shortest, longest


_UNBOUNDED: Final = 10**6
_LENGTHS: Final = {alias: tuple(_lengths(alias)) for alias in SERVICES}
