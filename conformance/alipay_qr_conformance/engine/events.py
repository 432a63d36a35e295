"""What a run tells: one stream of events, which reports and the ways in consume.

RunStarted -> (CaseFinished | CulpritFound) * -> RunFinished
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.verdicts import CaseResult, Text
from alipay_qr_conformance.subjects import Hello


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The subject answered ``hello``; ``total`` cases follow, 0 where that is not known yet."""

    subject: Hello
    plan: Plan
    total: int


@dataclass(frozen=True, slots=True)
class CaseFinished:
    """One case ended; ``number`` counts from 1, and ``total`` is 0 where it is not known yet."""

    number: int
    total: int
    result: CaseResult


@dataclass(frozen=True, slots=True)
class CulpritFound:
    """What keeps a chosen case from being judged was not chosen itself, and has this finding."""

    result: CaseResult


@dataclass(frozen=True, slots=True)
class RunFinished:
    """All cases ended.

    ``warnings`` are remarks about the adapter that are no finding; ``faults`` are the kit's own: cases that
    it could not judge, and nothing is broken that would explain it.
    """

    warnings: tuple[str, ...]
    faults: tuple[Text, ...] = ()


Event = RunStarted | CaseFinished | CulpritFound | RunFinished
Consumer = Callable[[Event], None]


def feed(events: Iterable[Event], *consumers: Consumer) -> None:
    """Hand every event to every consumer."""
    for event in events:
        for consume in consumers:
            consume(event)
