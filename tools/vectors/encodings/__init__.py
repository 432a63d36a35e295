"""What a charset does to a text: characters to bytes and back, and what it has no bytes for."""

from typing import Any

from tools.vectors.encodings import declared, lacking, misreading, reading, unchanged, unreadable, writing
from tools.vectors.expected import charset
from tools.vectors.question import groups as groups_of
from tools.vectors.question import questions_of


def groups() -> list[dict[str, Any]]:
    """Return the groups of ``charset.json``: one a charset, and one for the names of charsets."""
    modules = (writing, lacking, reading, unreadable, misreading, unchanged, declared)
    return groups_of("charset", questions_of(modules), charset)
