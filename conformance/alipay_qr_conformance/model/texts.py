"""The message catalogue: every sentence that a finding says, in English and Chinese.

The sentences stand in ``texts/findings.toml``; ``{name}`` marks a detail. Details come from subjects and are
therefore cut short and never interpreted.
"""

import tomllib
from functools import cache
from importlib.resources import files

from alipay_qr_conformance.model.verdicts import Text

_LONGEST_DETAIL = 300


@cache
def catalogue() -> dict[str, Text]:
    """Return all messages by key."""
    table = tomllib.loads((files("alipay_qr_conformance") / "texts" / "findings.toml").read_text("utf-8"))
    return {key: Text(**row) for key, row in table.items()}


def message(key: str, /, **details: object) -> Text:
    """Return the message ``key`` with its details filled in.

    Raises:
        KeyError: no such message: a fault of the kit, found by the tests.
    """
    text = catalogue()[key]
    shown = {name: _cut(str(value)) for name, value in details.items()}
    return Text(text.en.format_map(shown), text.zh.format_map(shown))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_DETAIL else f"{text[:_LONGEST_DETAIL]}... ({len(text)} characters)"
