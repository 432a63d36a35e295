"""What the steps of a history are made of: ways of a refund, and habits of a shop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Step = tuple[Any, ...]
"""A name, and what belongs to it; see `alipay_qr_conformance.checks.properties.history.History.play`."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a refund goes: what the gateway does to it, and whether the money moves later."""

    told: str = ""
    fault: str = ""
    later: bool = False


REFUNDS: Final[Mapping[str, Way]] = {
    "refund": Way(),
    "lost-refund": Way(", the answer is lost", "lost"),
    "later-refund": Way(", the money to move later", later=True),
    "lost-later-refund": Way(", the money to move later, the answer is lost", "lost", later=True),
    "refused-refund": Way(", and the gateway refuses", "refused"),
}
"""By step: how a refund goes."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a shop asks for refunds: further arguments, and the form of its ids."""

    args: Mapping[str, str] = field(default_factory=dict)
    id_form: str = "{}"
    trade_no: bool = False
