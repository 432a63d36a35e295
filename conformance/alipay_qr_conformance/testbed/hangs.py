"""Hangs: how often an operation gave no answer, and in which case it did so first.

A hang belongs to the operation that hung, and to the exchange with the gateway in which it did, not to the
rule that happened to be judged: the first case that meets it tells it, the others name that case.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from alipay_qr_conformance.model.outcomes import Blocked
from alipay_qr_conformance.subjects import Answer, Hang, Silence

MAX_CONSECUTIVE_HANGS: Final = 3
"""How often in a row an operation may hang; a run of a thousand cases must not wait a thousand times."""

MAX_HANGS: Final = 12
"""How often an operation may hang in all, which one does that answers in between."""

Exchange = tuple[str, str]
"""The service of the last request that the subject sent, and the fault that the kit answered it with."""


@dataclass
class Hangs:
    """What a run knows of the hangs of its subject."""

    _row: Counter[str] = field(default_factory=Counter)
    _all: Counter[str] = field(default_factory=Counter)
    """By operation: how often it hung, in a row and in all."""
    _first: dict[tuple[str, Exchange], str] = field(default_factory=dict)
    """By operation and exchange: the case that met it first."""

    def have_patience(self, op: str) -> None:
        """Raise `Blocked` where an operation hung so often that it is not asked any more."""
        if self._row[op] >= MAX_CONSECUTIVE_HANGS:
            raise Blocked("see.hang", op=op, count=MAX_CONSECUTIVE_HANGS)
        if self._all[op] >= MAX_HANGS:
            raise Blocked("see.hangs", op=op, count=MAX_HANGS)

    def note(self, op: str, answer: Answer) -> None:
        """Count an answer that never came."""
        hung = isinstance(answer, Hang | Silence)
        self._row[op] = self._row[op] + 1 if hung else 0
        self._all[op] += hung

    def expect_first(self, op: str, exchange: Exchange, case: str) -> None:
        """Raise `Blocked` where another case has met this hang before."""
        first = self._first.get((op, exchange))
        if first is None and case:  # before the first case there is none
            self._first[op, exchange] = case
        elif first is not None and first != case:
            raise Blocked("see.hung", op=op, requirement=first)
