"""Secrets never reach a report: they are taken out by value, in every form in which they may appear.

A secret is looked for raw, trimmed, URL-encoded, in base64 and hex, JSON-escaped, and for a PEM text
line by line. The published test keys are no secrets and may be shown.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

_SHORTEST = 8
"""Shorter texts are not replaced: they would turn ordinary words into holes."""


class Redactor:
    """Replaces every form of every secret by ``<redacted>``."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= _SHORTEST}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """Return ``text`` without secrets."""
        return self._pattern.sub("<redacted>", text) if self._pattern else text

    def __repr__(self) -> str:
        return "Redactor(...)"


def _forms(secret: str) -> Iterator[str]:
    trimmed = secret.strip()
    lines = [line for line in trimmed.splitlines() if not line.startswith("-----")]
    for value in {secret, trimmed, "".join(lines), *lines}:
        raw = value.encode()
        yield value
        yield quote(value, safe="")
        yield quote_plus(value)
        yield json.dumps(value)[1:-1]
        yield value.replace("/", "\\/")
        yield raw.hex()
        yield raw.hex().upper()
        # the end of a base64 text depends on what follows: compare without its last group
        yield base64.b64encode(raw).decode().rstrip("=")[:-1] or value
        yield base64.urlsafe_b64encode(raw).decode().rstrip("=")[:-1] or value
