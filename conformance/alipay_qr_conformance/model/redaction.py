"""Secrets never reach a report: they are taken out by value, in every form in which they may appear.

A secret is looked for raw, trimmed, URL-encoded, in base64 (at every alignment) and hex, JSON-escaped, and
for a PEM text line by line. Subjects echo in unforeseen ways and texts are cut before they come here, so a
piece of a form is enough: every run of a dozen characters of it is covered, and every run of 8 letters and
digits, whatever their case, what stands between them, and the direction. The published test keys are no
secrets and may be shown.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, quote_plus

MASK: Final = "<redacted>"
_SHORTEST: Final = 8
"""Shorter texts are not replaced: they would turn ordinary words into holes."""
_ESCAPE: Final = re.compile("%[0-9A-F]{2}")
_PIECE: Final = 12
"""So many characters in a row of a form give it away; of a shorter form, all of it."""

_SHORT_PIECE: Final = 8
"""So many letters and digits in a row give a secret away."""
_BETWEEN: Final = re.compile("[^0-9A-Za-z]+")


class Redactor:
    """Replaces every piece of every form of every secret by ``<redacted>``."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= _SHORTEST}
        bare = {_BETWEEN.sub("", form).lower() for form in forms}
        self._bare = frozenset(
            text[at : at + _SHORT_PIECE]
            for each in bare
            for text in (each, each[::-1])
            for at in range(len(text) - _SHORT_PIECE + 1)
        )
        self._pieces: dict[int, frozenset[str]] = {}
        for length in sorted({min(_PIECE, len(form)) for form in forms}):
            of_length = (form for form in forms if min(_PIECE, len(form)) == length)
            self._pieces[length] = frozenset(
                form[at : at + length] for form in of_length for at in range(len(form) - length + 1)
            )

    def text(self, text: str) -> str:
        """Return ``text`` without secrets."""
        covered = self._covered(text)
        return text if covered is None else _masked(text, covered)

    def data(self, value: Any) -> Any:
        """Return plain data (mappings, lists, texts) without secrets."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.data(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(each) for each in value]
        return value

    def _covered(self, text: str) -> bytearray | None:
        """Mark the characters that belong to a secret. Backslashes are looked through: escapes nest."""
        places = [at for at, character in enumerate(text) if character != "\\"] if "\\" in text else None
        bare = text if places is None else text.replace("\\", "")
        covered: bytearray | None = None
        for length, pieces in self._pieces.items():
            for at in range(len(bare) - length + 1):
                if bare[at : at + length] in pieces:
                    covered = covered or bytearray(len(text))
                    first, last = at, at + length - 1
                    if places is not None:
                        first, last = places[first], places[last]
                    covered[first : last + 1] = b"\1" * (last + 1 - first)
        return self._covered_anyhow(text, covered)

    def _covered_anyhow(self, text: str, covered: bytearray | None) -> bytearray | None:
        """Mark also what looks like a piece once case, separators and direction are forgotten."""
        if not self._bare:
            return covered
        bare = _BETWEEN.sub("", text).lower()
        starts = range(len(bare) - _SHORT_PIECE + 1)
        found = [at for at in starts if bare[at : at + _SHORT_PIECE] in self._bare]
        if found:
            covered = covered or bytearray(len(text))
            places = [at for at, character in enumerate(text) if character.isascii() and character.isalnum()]
            for at in found:
                first, last = places[at], places[at + _SHORT_PIECE - 1]
                covered[first : last + 1] = b"\1" * (last + 1 - first)
        return covered

    def __repr__(self) -> str:
        return "Redactor(...)"


def _masked(text: str, covered: bytearray) -> str:
    shown = []
    at = 0
    while at < len(text):
        end = covered.find(not covered[at], at)
        end = len(text) if end < 0 else end
        shown.append(MASK if covered[at] else text[at:end])
        at = end
    return "".join(shown)


def _forms(secret: str) -> Iterator[str]:
    trimmed = secret.strip()
    lines = [line for line in trimmed.splitlines() if not line.startswith("-----")]
    for value in {trimmed, "".join(lines), *lines}:
        # escapes hold backslashes, and those are looked through
        yield from (form.replace("\\", "") for form in _written(value))
    try:
        der = base64.b64decode("".join(lines), validate=True)
    except ValueError:
        return
    yield from _encoded(der)


def _written(value: str) -> Iterator[str]:
    yield value
    for percent in (quote(value, safe=""), quote(value), quote_plus(value)):
        yield percent
        yield _ESCAPE.sub(lambda found: found[0].lower(), percent)
    yield json.dumps(value)[1:-1]
    yield json.dumps(value)[1:-1].replace("/", "\\u002f")
    yield from _encoded(value.encode())


def _encoded(raw: bytes) -> Iterator[str]:
    """Yield hex, and base64 as it stands inside a longer text, whatever is before and behind it."""
    yield raw.hex()
    yield raw.hex().upper()
    for before in range(3):
        inside = base64.b64encode(b"\0" * before + raw).decode()[4 if before else 0 :].rstrip("=")
        for text in (inside[:-1], inside[:-1].replace("+", "-").replace("/", "_")):
            yield text
            yield quote(text, safe="")
