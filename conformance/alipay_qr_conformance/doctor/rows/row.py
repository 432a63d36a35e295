"""What a mistake is called, why it breaks the sign, and how to mend it, in English and Chinese.

A row holds words only; how the mistake is made stands in ``stages``. ``{detail}`` in a text is the
parameter, encoder or hash that the doctor found. ``received`` mistakes speak of a message that came from
Alipay; all others are worded so that they fit both directions: *signed text* against *message*.
"""

import re
from typing import Final, NamedTuple

_PLACE: Final = re.compile(r":? ?\({detail}\)|（{detail}）|[:：]? ?{detail}")


class Words(NamedTuple):
    """One row in one language."""

    title: str
    explanation: str
    remedy: str

    def about(self, detail: str) -> "Words":
        """Return the same words with the detail put in; without one, its brackets go too."""
        if detail:
            return Words(*(text.replace("{detail}", detail) for text in self))
        return Words(*(_PLACE.sub("", text) for text in self))


class Row(NamedTuple):
    """One mistake; ``cost`` is its rarity: 1 for what every second shop gets wrong, 8 for curiosities."""

    id: str
    cost: int
    en: Words
    zh: Words


def row(id_: str, cost: int, en: tuple[str, str, str], zh: tuple[str, str, str]) -> Row:
    """Return a row from its (title, explanation, remedy) in both languages."""
    return Row(id_, cost, Words(*en), Words(*zh))
