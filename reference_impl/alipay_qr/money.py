"""Amounts: exact decimals in the trade's currency, from text only.

A float never enters: ``0.1 + 0.2`` is not ``0.3`` there, and a refund sum must be exact. How many
decimals a currency has is its exponent: JPY and KRW are whole numbers, all others of this gateway have
at most two (``global.alipay.com/doc/global/spot_refund_cn``). For VND the sources say nothing; ISO 4217
makes it a whole number, and we follow that (inferred). ``Number(9,2)`` is read as at most nine digits,
two of them decimals.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from alipay_qr.errors import AmountError

WHOLE_NUMBER_CURRENCIES: Final = frozenset({"JPY", "KRW", "VND"})

_NAMED: Final = """
AED AUD CAD CHF CNY CZK DKK EUR GBP HKD IDR ILS JPY KRW LKR MUR MYR NOK NZD PHP RUB SEK SGD THB USD VND ZAR
"""
CURRENCIES: Final = frozenset(_NAMED.split())
"""Currencies that the sources name for this gateway (JSP demo, spotpay_cn page); VND is ours."""

_AMOUNT: Final = re.compile(r"(?:0|[1-9]\d{0,6})(?:\.\d{1,2})?", re.ASCII)
_TOO_MUCH: Final = 10**7
_UNITS: Final = {0: Decimal(1), 2: Decimal("0.01")}
"""The smallest unit of a currency, by its number of decimals."""

_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)


@lru_cache(maxsize=64)
def exponent(currency: str) -> int:
    """Return the number of decimals of a currency: 0 or 2.

    Raises:
        AmountError: ``currency`` is not three capital letters.
    """
    if not _CURRENCY.fullmatch(currency):
        raise AmountError(
            f"{currency[:20]!r} is no currency code",
            code="currency.form",
            hint="write three capital letters, such as USD",
        )
    return 0 if currency in WHOLE_NUMBER_CURRENCIES else 2


def parse_amount(text: str, currency: str) -> Decimal:
    """Return the amount that ``text`` names in ``currency``, exactly; it is not negative.

    Raises:
        AmountError: no plain decimal number, too long, or more decimals than the currency has
            (``code`` tells which). ``100.00`` JPY is refused: JPY has no decimals.
    """
    decimals = exponent(currency)
    if not isinstance(text, str):
        raise AmountError(
            f"an amount is text, not {type(text).__name__}",
            code="amount.not-text",
            hint='write "0.30": a float cannot hold it exactly',
        )
    _, point, fraction = text.partition(".")
    if not _AMOUNT.fullmatch(text):
        raise AmountError(
            f"{text[:40]!r} is no amount",
            code="amount.form",
            hint="write up to seven digits, a point and up to two decimals, without sign, blanks or exponent",
        )
    if len(fraction) > decimals:
        raise AmountError(
            f"{text} has more decimals than {currency} ({decimals})",
            code="amount.decimals",
            hint=f"{currency} amounts are whole numbers" if point and not decimals else "use at most two",
        )
    return Decimal(text)


def format_amount(amount: Decimal, currency: str) -> str:
    """Return ``amount`` in the usual form of its currency: ``0.10`` USD, ``100`` JPY.

    Raises:
        AmountError: no Decimal, negative, too large, or finer than the currency's smallest unit.
    """
    decimals = exponent(currency)
    if not isinstance(amount, Decimal):
        raise AmountError(
            f"an amount is a Decimal, not {type(amount).__name__}",
            code="amount.not-decimal",
            hint='write Decimal("0.30"): a float cannot hold it exactly',
        )
    if not amount.is_finite() or amount.is_signed() or amount >= _TOO_MUCH:
        raise AmountError(
            f"{amount:.6} is no amount",
            code="amount.form",
            hint="amounts are zero or more, below ten million",
        )
    quantised = amount.quantize(_UNITS[decimals])
    if quantised != amount:
        raise AmountError(
            f"{str(amount)[:40]} is finer than the smallest unit of {currency}",
            code="amount.decimals",
            hint="round it before, and say so to the payer",
        )
    return f"{quantised:f}"
