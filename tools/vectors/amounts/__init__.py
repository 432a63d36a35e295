"""What an amount is: which texts are one, what they are worth, and what becomes of them in sums.

``Number(9,2)`` of the pages can be read in two ways: seven digits before the point (ours, inferred), or nine
digits in all. What only one of them allows is acceptable.
"""

from typing import Any

from tools.vectors.amounts import reading, reckoning, strange, writing
from tools.vectors.expected import amount
from tools.vectors.question import groups as groups_of
from tools.vectors.question import questions_of


def groups() -> list[dict[str, Any]]:
    """Return the groups of ``amount.json``: one a currency."""
    return groups_of("amount", questions_of((reading, strange, writing, reckoning)), amount)
