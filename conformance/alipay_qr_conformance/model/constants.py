"""The values that mean nothing, and so are other ones with each seed: address, moment, price of a plain case.

A subject that behaves well for the values of one seed alone is found with another. Seed 0 has those of the
documentation. What a case is about (a day, a bound, a rounding) is the same with every seed.
"""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from alipay_qr.beijing import BEIJING

START: Final = datetime(2026, 3, 9, 10, 0, 0, tzinfo=BEIJING)
"""When a case begins that is about no moment. No other seed begins later: cases may move on from it."""

_LATE: Final = 25
"""A day of a month: no plain case begins on it or later, and so comes to the end of one by moving on."""

PRICE: Final = "12.50"
HOST: Final = "merchant.example"


def start(seed: int) -> datetime:
    """Return when a plain case begins: at ten on a Monday of the year before that of seed 0.

    Weekends and ends of months have cases of their own: what is found by them must not depend on the seed.
    """
    mondays = [START - timedelta(weeks=weeks) for weeks in range(5, 62)]
    return _rng(seed, "start").choice([each for each in mondays if each.day < _LATE]) if seed else START


def price(seed: int) -> str:
    """Return what is paid in a plain case: about as much as with seed 0, with as many digits."""
    return f"{_rng(seed, 'price').randrange(101, 145) / 10:.1f}0" if seed else PRICE


def unit(seed: int) -> Decimal:
    """Return what one unit of a plain trade's amounts is worth: from 1.25 to 6.75, exact as a double."""
    quarters = [each for each in range(5, 28) if each % 4]
    return Decimal(_rng(seed, "unit").choice(quarters)) / 4 if seed else Decimal(1)


def worth(seed: int, amount: str) -> str:
    """Return an amount of a plain trade (``4.01``) with a seed: its units drawn, its cents as they are.

    So what is a cent too much is a cent too much with every seed, and parts still make the whole.
    """
    if not seed:
        return amount
    units, _, cents = amount.partition(".")
    return f"{int(units) * unit(seed) + Decimal(f'0.{cents or 0}'):.2f}"


def addressed(seed: int, args: Mapping[str, Any]) -> dict[str, Any]:
    """Return an operation's arguments with the shop's address of a seed, as long as that of seed 0."""
    found = dict(args)
    if seed and isinstance(found.get("notify_url"), str):
        found["notify_url"] = found["notify_url"].replace(HOST, f"shop-{seed % 1000:03d}.example")
    return found


def _rng(seed: int, name: str) -> random.Random:
    return random.Random(f"{seed}/{name}")  # noqa: S311 (reproducible on purpose)
