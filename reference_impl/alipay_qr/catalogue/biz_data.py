"""``biz_data``: its members as data, and a reader of hostile JSON text.

Bounded before it is parsed: 64 Ki characters (the page allows 2000), 16 levels deep (three are ever
needed), so that no text exhausts memory or the stack. Numbers stay text: no value becomes a float, and a
number of a million digits costs nothing. Members that stand twice are found, because two readers would
believe different values; NaN and Infinity are no JSON.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from alipay_qr.catalogue.errors import earned
from alipay_qr.catalogue.fields import (
    Changes,
    Condition,
    Field,
    Form,
    Problem,
    ProblemKind,
    show,
    show_name,
)
from alipay_qr.catalogue.requests import CREATE, CURRENCY
from alipay_qr.errors import AmountError
from alipay_qr.money import CURRENCIES, parse_amount

MAX_TEXT: Final = 64 * 1024
MAX_DEPTH: Final = 16

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_RATE: Final = re.compile(r"0(?:\.0(?:[0-4][0-9]{0,6}|50{0,6})?)?", re.ASCII)
_FEE_TYPES: Final = ("FIXED", "RATE")


_JSP: Final = "public code: JSP demo, mantx/alipay-api-wrapper (2018)"
_SDK: Final = "public code: melitigo/AlipaySDK (2020), sample only"
TAXI: Final = "4121"

_IF_TAXI: Final[dict[str, Any]] = {
    "required": "conditional",
    "when": Condition("secondary_merchant_industry", TAXI),
    "clause": _JSP,
}

BIZ_DATA: Final = (
    Field(
        name="secondary_merchant_industry",
        required="required",
        max_length=4,
        pattern="[0-9]{4}",
        example="5311",
        clause=CREATE,
        notes="merchant category code",
    ),
    Field(
        name="secondary_merchant_id",
        required="required",
        max_length=64,
        pattern="[A-Za-z0-9_]+",
        clause=CREATE,
        notes="older public code allows a dash too, and 32 characters",
    ),
    Field(name="secondary_merchant_name", required="required", max_length=64, clause=CREATE),
    Field(
        name="store_id",
        required="conditional",
        when=Condition("secondary_merchant_industry", TAXI, unless=True),
        max_length=32,
        pattern="[A-Za-z0-9_-]+",
        clause=CREATE,
        notes="length, pattern and the exception for taxis: JSP demo, mantx/alipay-api-wrapper (2018)",
    ),
    Field(
        name="store_name",
        required="conditional",
        when=Condition("secondary_merchant_industry", TAXI, unless=True),
        clause=CREATE,
        notes="length not found; the exception for taxis: mantx/alipay-api-wrapper (2018)",
    ),
    Field(
        name="trans_currency",
        required="required",
        kind="currency",
        pattern=CURRENCY,
        example="USD",
        clause=CREATE,
        notes="of the price",
    ),
    Field(
        name="currency",
        required="required",
        kind="currency",
        pattern=CURRENCY,
        default="CNY",
        example="USD",
        clause=CREATE,
        notes="of the settlement: CNY or trans_currency, unless that is CNY",
    ),
    Field(
        name="country_code",
        required="optional",
        max_length=2,
        pattern="[A-Z]{2}",
        example="CN",
        clause=CREATE,
        notes="ISO 3166 alpha-2; an SDK's test says that the sandbox refused it",
    ),
    Field(
        name="address",
        required="optional",
        clause=CREATE,
        notes="an SDK's test says that the sandbox refused it",
    ),
    Field(name="sys_service_provider_id", required="optional", clause=CREATE, notes="length not found"),
    Field(
        name="channel_fee",
        required="optional",
        kind="channel-fee",
        example='{"type": "RATE", "value": "0.01"}',
        clause=CREATE,
        notes="FIXED: in the settlement currency, at most 5 % of the order; RATE: 0 to 0.05; an object, or "
        "the JSON text of one",
    ),
    Field(
        name="passback_parameters",
        required="optional",
        kind="flat-json",
        clause=CREATE,
        notes="comes back after the payment; an object, or the JSON text of one",
    ),
    Field(name="notify_mobile", required="optional", pattern="[0-9]+", clause=CREATE),
    Field(name="notify_wangwang", required="optional", clause="older pages; " + _JSP),
    Field(name="notify_alipay_account", required="optional", clause="older pages; " + _JSP),
    Field(name="taxi_operation_id", **_IF_TAXI),
    Field(name="taxi_number", **_IF_TAXI),
    Field(name="taxi_driver_name", **_IF_TAXI),
    Field(name="taxi_driver_mobile", **_IF_TAXI),
    Field(name="is_show_memo", required="undocumented", values=("true",), open_values=True, clause=_SDK),
    Field(
        name="notify_sign_type",
        required="undocumented",
        values=("MD5",),
        open_values=True,
        clause=_SDK,
        notes="seems to choose how notifications of the code are signed",
    ),
    Field(
        name="notify_charset",
        required="undocumented",
        values=("UTF-8",),
        open_values=True,
        clause=_SDK,
        notes="seems to choose their charset",
    ),
)
BIZ_DATA_HK: Final[Changes] = {
    "secondary_merchant_industry": {"example": "0001"},
    "secondary_merchant_id": {"max_length": 32},
    "secondary_merchant_name": {"max_length": 32},
    "channel_fee": {"notes": "FIXED: in HKD, two decimals, at most 5 % of the order; RATE: 0 to 0.05"},
}


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


class _Object(dict[str, Any]):
    """A JSON object that remembers which members stood twice."""

    __slots__ = ("twice",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice: tuple[str, ...] = ()
        if len(self) != len(pairs):
            counts = Counter(name for name, _ in pairs)
            self.twice = tuple(name for name, count in counts.items() if count > 1)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_Object, parse_int=_Number, parse_float=_Number, parse_constant=_no_constant
)


def read_object(text: str) -> tuple[dict[str, Any] | None, str]:
    """Return the JSON object in ``text``, or None and its fault; never raises."""
    if len(text) > MAX_TEXT:
        return None, f"has {len(text)} characters and is not even read"
    if _too_deep(text):
        return None, f"is nested deeper than {MAX_DEPTH} levels"
    try:
        found = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        return None, f"is no JSON: {error.msg} at character {error.pos + 1}"
    except ValueError as error:
        return None, f"is no JSON: {error}"
    if not isinstance(found, _Object):
        return None, f"is a JSON {_type_name(found)}, expected an object"
    return found, ""


def _told(value: object) -> object:
    """Return the object of a member: it may stand there as the text of one (a field comment says so)."""
    found = read_object(value)[0] if type(value) is str else None
    return value if found is None else found


class Members:
    """The check of ``biz_data`` for one service and profile, prepared once.

    Args:
        parent: the field ``biz_data`` itself.
        members: its members.
        forms: for each member, by name, the form of its value.
        fee_currency: what a FIXED channel fee is in; None for the settlement currency.
    """

    def __init__(
        self, parent: Field, members: tuple[Field, ...], forms: dict[str, Form], fee_currency: str | None
    ) -> None:
        self._parent = parent
        self._members = members
        self._known = {each.name: each for each in members}
        self._forms = forms
        self._fee_currency = fee_currency

    def problems(self, text: str) -> Iterator[Problem]:
        """Yield the problems of the members, in the page's order, then between them."""
        data, fault = read_object(text)
        if data is None:
            yield Problem("biz_data", "illegal", earned(self._parent, "illegal"), fault, self._parent.clause)
            return
        yield from self._twice("biz_data", data)
        for field in self._members:
            yield from self._member(field, data)
        yield from self._settlement(data)
        for name in data:
            if name not in self._known:
                yield _unknown(f"biz_data.{show_name(name)}", self._parent.clause)

    def _member(self, field: Field, data: dict[str, Any]) -> Iterator[Problem]:
        value = data.get(field.name)
        if value is None or value == "":
            kind: ProblemKind = "absent" if value is None else "empty"
            if field.required == "required":
                yield _problem(field, kind, "is compulsory")
            elif field.required == "conditional" and field.when and field.when.holds(data.get):
                yield _problem(field, kind, f"is compulsory {field.when}")
        elif field.kind == "channel-fee":
            yield from self._channel_fee(field, _told(value), data)
        elif field.kind == "flat-json":
            yield from self._flat(field, _told(value))
        elif type(value) is not str:
            yield _problem(field, "illegal", f"is a JSON {_type_name(value)}, expected a string")
        elif not value.isascii() and not _is_unicode(value):
            yield _problem(field, "illegal", "holds half of a surrogate pair, which is no character")
        elif fault := self._forms[field.name](value):
            yield _problem(field, *fault)

    def _channel_fee(self, field: Field, fee: object, data: dict[str, Any]) -> Iterator[Problem]:
        if not isinstance(fee, _Object):
            yield _problem(
                field, "illegal", f"is a JSON {_type_name(fee)}, expected an object {{type, value}}"
            )
            return
        yield from self._twice(f"biz_data.{field.name}", fee)
        for name in fee:
            if name not in {"type", "value"}:
                yield _unknown(f"biz_data.{field.name}.{show_name(name)}", field.clause)
        for name in ("type", "value"):
            if not fee.get(name):
                yield _problem(field, "absent" if fee.get(name) is None else "empty", "is compulsory", name)
        currency = self._fee_currency or data.get("currency")
        if found := _fee_fault(fee.get("type"), fee.get("value"), currency):
            yield _problem(field, "illegal", found[1], found[0])

    def _flat(self, field: Field, value: object) -> Iterator[Problem]:
        if not isinstance(value, _Object):
            yield _problem(field, "illegal", f"is a JSON {_type_name(value)}, expected an object")
            return
        yield from self._twice(f"biz_data.{field.name}", value)
        if any(isinstance(each, dict | list) for each in value.values()):
            yield _problem(field, "illegal", "is nested, expected an object of plain values")

    def _settlement(self, data: dict[str, Any]) -> Iterator[Problem]:
        field = self._known["currency"]
        price, settlement = data.get("trans_currency"), data.get("currency")
        if not all(isinstance(each, str) and each in CURRENCIES for each in (price, settlement)):
            return  # told already
        if price != "CNY" and settlement not in {"CNY", price}:
            text = f"is {settlement} with trans_currency {price}, expected CNY or the same"
            yield Problem("biz_data.currency", "conflict", earned(field, "illegal"), text, field.clause)

    def _twice(self, place: str, found: dict[str, Any]) -> Iterator[Problem]:
        for name in found.twice if isinstance(found, _Object) else ():
            yield Problem(
                f"{place}.{show_name(name)}",
                "illegal",
                earned(self._parent, "illegal"),
                "stands twice: two readers could believe different values",
                self._parent.clause,
            )


def _fee_fault(kind: object, value: object, currency: object) -> tuple[str, str] | None:
    """Return the part of a channel fee that is illegal, and why."""
    if kind and kind not in _FEE_TYPES:
        return "type", f"is {_any(kind)}, expected FIXED or RATE"
    if not (kind and value):
        return None
    if not isinstance(value, str):
        return "value", f"is {_any(value)}, expected a decimal number"
    if kind == "RATE":
        return None if _RATE.fullmatch(value) else ("value", f"is {show(value)}, expected 0 to 0.05")
    try:
        parse_amount(value, currency if isinstance(currency, str) and currency in CURRENCIES else "USD")
    except AmountError as error:
        return "value", f"is {show(value)}: {error}"
    return None


def _problem(field: Field, kind: ProblemKind, text: str, part: str = "") -> Problem:
    name = f"biz_data.{field.name}.{part}" if part else f"biz_data.{field.name}"
    return Problem(name, kind, earned(field, kind), text, field.clause)


def _unknown(name: str, clause: str) -> Problem:
    return Problem(name, "undocumented", "ILLEGAL_ARGUMENT", "is no member that the sources name", clause)


def _too_deep(text: str) -> bool:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return False
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "{[":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif token[0] in "}]":
            depth -= 1
    return False


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _type_name(value: object) -> str:
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (_Number, "number"), (str, "string"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "object"


def _any(value: object) -> str:
    return show(value) if isinstance(value, str) else f"a JSON {_type_name(value)}"
