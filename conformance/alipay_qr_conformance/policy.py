"""A policy file: where the protocol leaves a merchant a choice, the subject states its own.

The kit then holds it to that choice. TOML, every key optional::

    refund_sum = "merchant"      # or "gateway": who refuses a refund above what remains
    cancel_window = "merchant"   # or "gateway": who refuses a CANCEL after its day
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

Keeper = Literal["merchant", "gateway"]


class PolicyError(ValueError):
    """The policy file cannot be used; the text says which line is wrong and what it may say."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The subject's declared choices; the defaults are the seed's."""

    refund_sum: Keeper = "merchant"
    cancel_window: Keeper = "merchant"


def read_policy(path: Path) -> Policy:
    """Return the policy in a TOML file.

    Raises:
        PolicyError: unreadable, no TOML, an unknown key or an unknown choice.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"policy file {path}: {error}") from None
    known = [field.name for field in fields(Policy)]
    for key, value in table.items():
        if key not in known:
            raise PolicyError(f"policy file {path}: unknown key {key!r}; known are {', '.join(known)}")
        if value not in ("merchant", "gateway"):
            raise PolicyError(f'policy file {path}: {key} is "merchant" or "gateway", not {value!r}')
    return Policy(**table)
