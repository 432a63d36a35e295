"""Key texts: which key is it, in every form that pages and programs give it, and in every way it gets damaged."""

from typing import Any

from tools.vectors.expected import keys
from tools.vectors.keytexts import altered, foreign, labels, layout, pairs, private, public
from tools.vectors.question import groups as groups_of
from tools.vectors.question import questions_of


def groups() -> list[dict[str, Any]]:
    """Return the groups of ``keys.json``: one for texts that should be a private key, one for public ones."""
    modules = (private, public, layout, labels, altered, foreign, pairs)
    return groups_of("keys", questions_of(modules), keys)
