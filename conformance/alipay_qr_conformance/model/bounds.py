"""Bounds of what is read, held before it is parsed: a small input must not cost much time or memory.

Each reader holds its own; here stand those that several share, and `check_toml`, which holds two of them.
"""

import re
from typing import Final

FILE_BYTES: Final = 64 * 1024 * 1024
"""Bytes that are read of one file: the report of a run has about one million."""

TOML_BYTES: Final = 1024 * 1024
"""Bytes of a policy, a list of known failures or an account."""

TOML_KEY_PARTS: Final = 16
"""Parts of a dotted key: each part of each key is a table of its own, and tomllib looks at all of them."""

TOML_DEPTH: Final = 32
"""Arrays and inline tables within each other."""

ANSWER_BYTES: Final = 16 * 1024 * 1024
"""Bytes of one answer of a subject."""

ANSWER_VALUES: Final = 1_000_000
"""Commas and opening brackets of one answer: an empty list of three bytes takes fifty times that."""

TOGETHER_BYTES: Final = 32 * 1024 * 1024
"""Bytes of the answers of a subject that is asked many things at once: each has its share of them."""

SHARE_BYTES: Final = 64 * 1024
"""Bytes of an answer that are never too many, however many others are awaited."""

_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}+)?'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}+)?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+"
    r"|[\[{\]}.,=\n]",
    re.DOTALL,
)


def check_toml(text: str) -> None:
    """Refuse a TOML text whose parser would need more than its length explains.

    Raises:
        ValueError: it is too long, nested too deeply, or has a key of too many parts.
    """
    if len(text) > TOML_BYTES:
        raise ValueError(f"it is longer than {TOML_BYTES} bytes")
    depth = parts = 0
    for found in _TOKEN.finditer(text):
        mark = found[0]
        if mark == ".":
            parts += 1
            if parts >= TOML_KEY_PARTS:
                raise ValueError(f"a key has more than {TOML_KEY_PARTS} parts")
        elif mark in "[{":
            depth += 1
            if depth > TOML_DEPTH:
                raise ValueError("its values are nested too deeply")
        elif mark in "]}":
            depth -= 1
        if mark in "[{]},=\n":
            parts = 0
