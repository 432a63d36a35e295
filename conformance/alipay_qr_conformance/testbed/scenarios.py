"""The three operations that send, by their service, and the data of an ordinary shop."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from alipay_qr import catalogue

OPERATIONS: Final = {name: service.name for name, service in catalogue.OPERATIONS.items()}
"""By operation of the adapter protocol: the service that it calls."""

BIZ_DATA: Final = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "shop_001",
    "secondary_merchant_name": "Lotte",
    "store_id": "A-101",
    "store_name": "Lotte Myeongdong",
    "trans_currency": "USD",
    "currency": "USD",
}
"""What CREATE must be given: the compulsory members alone."""


def in_currency(currency: str, data: Mapping[str, Any] = BIZ_DATA) -> dict[str, Any]:
    """Return the data of a shop whose prices, where they are in USD, are in another currency."""
    dollars = [name for name in ("trans_currency", "currency") if data.get(name) == "USD"]
    return {**data, **dict.fromkeys(dollars, currency)}


Pair = Callable[[str], tuple[str, str]]
"""Two numbers that are close to each other, made of digits that were never used."""

CLOSE: Final[dict[str, Pair]] = {
    "long-numbers": lambda digits: (f"20260309210010040{digits}1", f"20260309210010040{digits}2"),
    "zeros-in-front": lambda digits: (f"1{digits}", f"001{digits}"),
    "last-of-64": lambda digits: (f"T{digits:x<62}1", f"T{digits:x<62}2"),
    "first-of-64": lambda digits: (f"1{digits:x<62}T", f"2{digits:x<62}T"),
    "case-alone": lambda digits: (f"Ra{digits}", f"RA{digits}"),
    "letters-alone": lambda digits: (f"Ra{digits}", f"Rb{digits}"),
    "dash-alone": lambda digits: (f"R-{digits}-1", f"R{digits}1"),
    "underscore-alone": lambda digits: (f"R_{digits}_1", f"R{digits}1"),
    "dash-for-underscore": lambda digits: (f"R-{digits}", f"R_{digits}"),
}
"""By what they differ in: numbers of trades, or of refunds."""
