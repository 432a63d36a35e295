"""Bytes on the wire: parameters to URL and form, forms and requests to parameters, XML to what it says."""

from typing import Any

from tools.vectors.expected import wire
from tools.vectors.question import groups as groups_of
from tools.vectors.question import questions_of
from tools.vectors.wire import documents, no_documents, reading, requests, writing


def groups() -> list[dict[str, Any]]:
    """Return the groups of ``wire.json``: one a charset, and one for what declares its own."""
    return groups_of("wire", questions_of((writing, reading, requests, documents, no_documents)), wire)
