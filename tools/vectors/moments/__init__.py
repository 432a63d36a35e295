"""What a moment is to the gateway: Beijing time without daylight saving, in two written forms."""

from typing import Any

from tools.vectors.expected import timestamp
from tools.vectors.moments import age, days, reading, writing
from tools.vectors.question import groups as groups_of
from tools.vectors.question import questions_of


def groups() -> list[dict[str, Any]]:
    """Return the groups of ``timestamp.json``: one a service, whose forms differ."""
    return groups_of("timestamp", questions_of((writing, reading, age, days)), timestamp)
