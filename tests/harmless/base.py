"""The register of harmless variants, and the one place that names the reference merchant.

A harmless variant is a correct merchant that differs from the others: nothing may be found against it. Some
are tiny classes over the reference merchant, a module a family; the others are rows of ``options.toml``, sets
of habits of the independent merchant.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from faulty.reference import BEIJING, QUERY, Healthy, Lost, Reply
from harmless.habits import Habits
from harmless.independent import Independent

__all__ = ["BEIJING", "FAMILIES", "QUERY", "VARIANTS", "Healthy", "Lost", "Reply", "Variant", "harmless"]

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "wire": ("request.", "policy.method", "policy.amount", "policy.is-sync", "policy.cancel-timestamp"),
    "client": ("response.", "money.refund.", "policy.after-unknown", "policy.retry-flag"),
    "caution": ("response.", "money.", "policy."),
    "queue": ("notify.", "money.refund.", "money.cancel."),
    "partial_offer": ("sign.", "request.", "notify."),
    "time_zone": ("request.timestamp", "money.cancel.", "policy.cancel", "policy.late"),
    "stricter_shop": ("money.", "notify.validate.", "notify.genuine", "policy."),
    "library": ("verify.", "request.", "response.", "notify."),
    "answers": ("sign.key", "verify.", "response.", "notify.", "money.refund."),
    "notify": ("notify.", "policy.reply", "policy.notify-verify"),
}
"""The families, and the beginnings of the requirements that each could be accused of first."""


@dataclass(frozen=True)
class Variant:
    """One harmless variant.

    Attributes:
        says: what differs, and the source that makes it legal.
        make: its class, called without arguments.
        policy: what it declares, in the words of a policy file, whether the kit knows them or not.
        environment: variables of its process.
    """

    name: str
    family: str
    says: str
    make: type
    policy: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def slow(self):
        """Whether it makes one wait: in the gate it meets a fifth of the quick cases alone."""
        habits = getattr(self.make, "habits", Habits())
        waits = (
            habits.books_after,
            habits.releases_after,
            habits.replies_after,
            getattr(self.make, "delay", 0),
        )
        return max(waits) > 0


VARIANTS: dict[str, Variant] = {}
"""All variants by name, family after family."""


def harmless(**policy):
    """Register a class as a harmless variant of the family that its module is named after."""

    def register(kind):
        family = kind.__module__.rpartition(".")[2]
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind.__name__).lower()
        _add(Variant(f"{family}/{name}", family, kind.__doc__, kind, policy))
        return kind

    return register


def _add(variant):
    assert variant.family in FAMILIES, variant.family
    assert variant.name not in VARIANTS, variant.name
    VARIANTS[variant.name] = variant


def _read_option_sets():
    table = tomllib.loads(Path(__file__).with_name("options.toml").read_text("utf-8"))
    for family, rows in table.items():
        for name, row in rows.items():
            says, hello = row.pop("says"), row.pop("hello", {})
            rest = {key: row.pop(key) for key in ("policy", "environment") if key in row}
            habits = Habits(
                **{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
            )
            make = type(name, (Independent,), {"habits": habits, "greeting": hello, "__doc__": says})
            _add(Variant(f"{family}/{name}", family, says, make, **rest))


_read_option_sets()
for _family in FAMILIES:
    import_module(f"harmless.{_family}")
