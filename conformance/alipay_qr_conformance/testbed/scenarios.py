"""The three operations that send, by their service, and the data of an ordinary shop."""

from collections.abc import Mapping
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
