"""What went wrong with a value or an encoding, seen at what arrived alone: the usual slip, and its cure.

`altered` compares with what was asked for; here nothing is known but what stood on the wire.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from alipay_qr.money import WHOLE_NUMBER_CURRENCIES
from alipay_qr.presign import CHARSETS
from alipay_qr.wire import Request, split_form
from alipay_qr.wire.form import content_type_charset
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text

_AMOUNT: Final = "amount"
_ANY: Final = "any"
_CODE: Final = "code"
_NUMBER: Final = r"[+-]?\d[\d,. ]*"
_FORMS: Final[tuple[tuple[str, str, str], ...]] = (
    (_ANY, "nothing", r"(?i)null|none|nil|undefined|nan|\[object object\]|object|array"),
    (_ANY, "quoted", r"\s*([\"'])[^\"']*\1\s*"),
    (_AMOUNT, "digits", r"(?=.*[^\x00-\x7f])[\d.,\u066b\u066c\uff0c\uff0e]+"),
    (_AMOUNT, "thousands", r"\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?"),
    (_AMOUNT, "comma", r"\d+,\d{1,2}|\d{1,3}(?:\.\d{3})+,\d{2}"),
    (_AMOUNT, "exponent", r"[+-]?\d(?:\.\d+)?[eE][+-]?\d+"),
    (_AMOUNT, "float", r"\d+\.\d*(?:0{6,}|9{6,})\d*"),
    (_AMOUNT, "decimals", r"\d+\.\d{3,}"),
    (_AMOUNT, "open-end", r"\d*\.|\.\d+"),
    (_AMOUNT, "signed", r"[+-]\d+(?:\.\d+)?"),
    (_AMOUNT, "currency", rf"[^\d\s+-]{{1,3}}\s?{_NUMBER}|{_NUMBER}\s?[^\d\s.,]{{1,3}}"),
    (_AMOUNT, "whole-currency", r"\d+\.\d{1,2}"),
    (_AMOUNT, "zero", r"0+(?:\.0+)?"),
    (_ANY, "blanks", r"\s+.*|.*\s+"),
    (_CODE, "code-case", r"[a-z]{3}"),
)
"""Of which values, the key, and the form, in the order in which they are tried."""

_COMPILED: Final = tuple((kind, key, re.compile(form, re.DOTALL)) for kind, key, form in _FORMS)
_AMOUNTS: Final = frozenset({"refund_amount"})
_CODES: Final = frozenset({"currency", "trans_currency"})
_CENTS: Final = 100
_LONGEST: Final = 200
_ESCAPE: Final = re.compile(rb"%u[0-9A-Fa-f]{4}")
_OTHER_CHARSETS: Final = ("UTF-8", "GBK", "GB18030", "BIG5")
_BODIES: Final = (
    ("application/json", "json-body"),
    ("multipart/", "multipart-body"),
    ("text/xml", "xml-body"),
    ("application/xml", "xml-body"),
)
_RAW: Final = re.compile(rb"[\x80-\xff]")


class Slip(NamedTuple):
    """A usual slip: its id, and what happened and what cures it in one sentence."""

    id: str
    text: Text


def slip(name: str, what: object = "") -> Slip:
    """Return a slip by its id, which stands in the texts with ``slip.`` before it."""
    return Slip(name, message(f"slip.{name}", what=what))


def of_value(name: str, found: object, currency: str = "") -> Slip | None:
    """Return the slip that made a value illegal; None where it is none of the usual ones.

    Args:
        name: the parameter, or ``biz_data.`` and the member.
        found: its value; a member of ``biz_data`` as JSON has it.
        currency: of an amount.
    """
    if isinstance(found, int | float):
        return slip("json-number")
    if not isinstance(found, str) or not found or len(found) > _LONGEST:
        return None
    bare = name.removeprefix("biz_data.")
    kinds = {_ANY, _AMOUNT if bare in _AMOUNTS else "", _CODE if bare in _CODES else ""}
    for kind, key, form in _COMPILED:
        if key == "whole-currency" and currency not in WHOLE_NUMBER_CURRENCIES:
            continue
        if kind in kinds and form.fullmatch(found):
            return slip(key)
    return None


def member(params: Mapping[str, str], name: str) -> object:
    """Return a parameter, or a member of ``biz_data``; None where there is none."""
    if "." not in name:
        return params.get(name)
    import json

    try:
        data: Any = json.loads(params.get("biz_data", ""))
    except (ValueError, RecursionError):
        return None
    return data.get(name.partition(".")[2]) if isinstance(data, dict) else None


def of_amount(asked: Decimal, sent: Decimal) -> Slip | None:
    """Return the slip that made one amount of another."""
    if not asked or not sent:
        return None
    if sent == asked * _CENTS:
        return slip("cents")
    if sent * _CENTS == asked:
        return slip("hundredth")
    if abs(sent - asked) == Decimal("0.01"):
        return slip("cent-lost")
    if sent == asked.to_integral_value() or sent == int(asked):
        return slip("whole")
    return None


def of_encoding(code: str, request: Request) -> Slip | None:
    """Return the slip behind an irregularity of the form on the wire.

    Args:
        code: as `alipay_qr.wire.Irregularity` has it.
        request: as it arrived.
    """
    if code == "content-type":
        kind = content_type_charset(request.content_type)[0]
        return next((slip(key) for start, key in _BODIES if kind.startswith(start)), None)
    data = request.query + b"&" + request.body
    if code == "percent.broken":
        return slip("escape-function" if _ESCAPE.search(data) else "percent-raw")
    if code == "charset.undecodable":
        return _sent_in(request)
    if code == "byte.unencoded":
        return slip("text-raw" if _RAW.search(data) else "byte-raw")
    return None


def _sent_in(request: Request) -> Slip | None:
    """Return the charset in which all bytes of a request are text."""
    values = [value for _, value in (*split_form(request.query), *split_form(request.body))]
    for charset in _OTHER_CHARSETS:
        try:
            for value in values:
                value.decode(charset)
        except UnicodeDecodeError:
            continue
        return slip("sent-in", charset)
    return slip("sent-mixed")


def of_charset(declared: str | None, request: Request) -> Slip | None:
    """Return the slip behind an ``_input_charset`` that is absent or none of the protocol's."""
    if declared is None:
        named = content_type_charset(request.content_type)[1]
        return slip("charset-in-header", named) if named else None
    plain = re.sub(r"[^A-Z0-9]", "", declared.upper())
    for each in CHARSETS:
        if plain == each.replace("-", "") and declared.upper() != each:
            return slip("charset-spelling", each)
    return None


def of_number(wanted: str, found: str) -> Iterator[tuple[str, str]]:
    """Yield the slips by which an id is taken for a number, each with what comes of it."""
    if not wanted.isdigit() or not wanted.isascii() or len(wanted) > _LONGEST:
        return
    number = int(wanted)
    yield "zeros-lost", wanted.lstrip("0")
    yield "decimal", f"{number}.0"
    yield "grouped", f"{number:,}"
    yield "float-rounded", str(int(float(wanted)))
    yield "digits-lost", wanted[:15].ljust(len(wanted), "0")
    try:
        same = Decimal(found).adjusted() == Decimal(wanted).adjusted() and wanted.startswith(
            str(Decimal(found).as_tuple().digits[0])
        )
    except (InvalidOperation, IndexError):
        return
    if same and re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d+", found):
        yield "exponent-id", found
