"""``amount``: is this text one in its currency, what is it worth, what do several make together?

Beside ``currency`` stands exactly one question:

    text           an amount as a message holds it
    minor_units    a count of the currency's smallest units, to be written as text
    add            amounts whose sum is wanted
    subtract       an amount, and those that are taken from it
    compare        two amounts
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from alipay_qr.errors import AmountError
from alipay_qr.money import exponent, format_amount, parse_amount

Answer = dict[str, Any]


def amount(inputs: Mapping[str, Any]) -> Answer:
    """Answer a vector of the kind ``amount``; ``canonical`` is the usual form of the currency."""
    (asked,) = inputs.keys() - {"currency"}
    try:
        return {"result": "valid", **_QUESTIONS[asked](inputs[asked], inputs["currency"])}
    except AmountError as error:
        return {"result": "invalid", "fault": error.code.removeprefix("amount.")}


def _text(text: str, currency: str) -> Answer:
    return _told(parse_amount(text, currency), currency)


def _minor_units(units: int, currency: str) -> Answer:
    return {"canonical": format_amount(Decimal(units).scaleb(-exponent(currency)), currency)}


def _add(texts: Sequence[str], currency: str) -> Answer:
    values = [parse_amount(text, currency) for text in texts]
    return {"terms": _units(values, currency), **_told(sum(values, Decimal(0)), currency)}


def _subtract(texts: Sequence[str], currency: str) -> Answer:
    total, *parts = [parse_amount(text, currency) for text in texts]
    return {"terms": _units([total, *parts], currency), **_told(total - sum(parts, Decimal(0)), currency)}


def _compare(texts: Sequence[str], currency: str) -> Answer:
    one, other = (parse_amount(text, currency) for text in texts)
    word = "equal" if one == other else "less" if one < other else "greater"
    return {"terms": _units([one, other], currency), "comparison": word}


def _told(value: Decimal, currency: str) -> Answer:
    canonical = format_amount(value, currency)
    return {"minor_units": _units([value], currency)[0], "canonical": canonical}


def _units(values: Sequence[Decimal], currency: str) -> list[int]:
    return [int(value.scaleb(exponent(currency))) for value in values]


_QUESTIONS: Final[Mapping[str, Callable[[Any, str], Answer]]] = {
    "text": _text,
    "minor_units": _minor_units,
    "add": _add,
    "subtract": _subtract,
    "compare": _compare,
}
