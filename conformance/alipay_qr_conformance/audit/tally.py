"""Counts of what was judged, broken and not judged, and the findings grouped by requirement and cause.

A tally is bounded: so many causes of a requirement are kept, and of each the first places; what is beyond
stands under one cause of its own. Tallies are added in the order of the recording, so that the sum is the
same whichever process made the parts.
"""

from bisect import insort
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

MOST_PLACES: Final = 5
MOST_CAUSES: Final = 100
"""Causes of one requirement that are told apart."""
MOST_SKIPPED: Final = 3
OTHERS: Final = "audit.other-causes"


class Place(NamedTuple):
    """Where a message stands.

    Attributes:
        file: number of the input.
        part: number of the part, among all parts.
        number: line, from 0 in its part; or entry, from 0 in its file.
        offset: bytes before the record in its decompressed input; -1 where that is found later.
    """

    file: int
    part: int
    number: int
    offset: int


class Cause(NamedTuple):
    """Why a requirement was broken: the key of a sentence and what fills it in, never a person's data."""

    key: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass
class Group:
    """One cause of one requirement: how often, and where first.

    Attributes:
        keyword: set where this cause weighs less than its requirement.
        mistake: the doctor's explanation of a wrong sign, in English and Chinese.
        example: what shows the cause; kept of the first only.
        trade, timeline: of the first trade, where the history of one broke the requirement.
    """

    count: int = 0
    places: list[Place] = field(default_factory=list)
    keyword: str | None = None
    mistake: tuple[str, str] | None = None
    example: dict[str, str] = field(default_factory=dict)
    trade: str | None = None
    timeline: list[Any] = field(default_factory=list)


class Tally:
    """What came of some part of the recording."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        """Messages by class: ``create``, ``cancel``, ``refund``, ``other``, ``notification``."""
        self.missing: Counter[tuple[str, str, str]] = Counter()
        """(class, scope, reason): messages of which the requirements of a scope could not be judged."""
        self.judged: Counter[str] = Counter()
        """Requirements beside those that every message of a class is judged by."""
        self.broken: Counter[str] = Counter()
        self.not_judged: Counter[tuple[str, str]] = Counter()
        """(requirement, reason)."""
        self.remarks: Counter[str] = Counter()
        """What is told about a recording without being a finding."""
        self.groups: dict[str, dict[Cause, Group]] = {}
        self.skipped: Counter[tuple[int, str]] = Counter()
        """(input, reason): records that were not read."""
        self.skipped_places: list[tuple[Place, str]] = []
        self.messages: Counter[int] = Counter()
        """Messages by input."""

    def skip(self, place: Place, reason: str) -> None:
        """Count a record that was not read; the first of an input are kept."""
        self.skipped[place.file, reason] += 1
        if sum(each.file == place.file for each, _ in self.skipped_places) < MOST_SKIPPED:
            self.skipped_places.append((place, reason))

    def group(self, requirement: str, cause: Cause) -> Group:
        """Return the group of a cause, new or known; the one of all others where there are too many."""
        causes = self.groups.setdefault(requirement, {})
        if cause not in causes and len(causes) >= MOST_CAUSES:
            cause = Cause(OTHERS)
        return causes.setdefault(cause, Group())

    def find(self, requirement: str, cause: Cause, place: Place, keyword: str | None = None) -> Group | None:
        """Count a finding; return its group where this is the first in file order, to be shown."""
        group = self.group(requirement, cause)
        group.count += 1
        group.keyword = keyword
        places = group.places
        if len(places) >= MOST_PLACES and _in_file_order(place) > _in_file_order(places[-1]):
            return None
        insort(places, place, key=_in_file_order)
        del places[MOST_PLACES:]
        return group if places[0] is place else None

    def add(self, later: "Tally") -> None:
        """Add the tally of a later part of the recording."""
        for name in _COUNTERS:
            getattr(self, name).update(getattr(later, name))
        for place, reason in later.skipped_places:
            if sum(each.file == place.file for each, _ in self.skipped_places) < MOST_SKIPPED:
                self.skipped_places.append((place, reason))
        for requirement, causes in later.groups.items():
            for cause, group in causes.items():
                mine = self.group(requirement, cause)
                if not mine.count or _in_file_order(group.places[0]) < _in_file_order(mine.places[0]):
                    mine.keyword, mine.mistake, mine.example = group.keyword, group.mistake, group.example
                    mine.trade, mine.timeline = group.trade, group.timeline
                mine.count += group.count
                mine.places = sorted(mine.places + group.places, key=_in_file_order)[:MOST_PLACES]

    def to_data(self) -> dict[str, Any]:
        """Return the tally as plain data, for a file."""
        data: dict[str, Any] = {
            name: [[key, count] for key, count in sorted(getattr(self, name).items())] for name in _COUNTERS
        }
        data["skipped_places"] = self.skipped_places
        data["groups"] = [
            [requirement, cause, vars(group)] for requirement, cause, group in self.every_group()
        ]
        return data

    def every_group(self) -> Iterator[tuple[str, Cause, Group]]:
        """Yield requirement, cause and group of all findings."""
        for requirement, causes in self.groups.items():
            for cause, group in causes.items():
                yield requirement, cause, group


_COUNTERS: Final = (
    "seen",
    "missing",
    "judged",
    "broken",
    "not_judged",
    "remarks",
    "skipped",
    "messages",
)


def _in_file_order(place: Place) -> tuple[int, int, int]:
    return place.file, place.part, place.number


def from_data(data: Mapping[str, Any]) -> Tally:
    """Return the tally that `Tally.to_data` wrote."""
    tally = Tally()
    for name in _COUNTERS:
        counter = getattr(tally, name)
        for key, count in data[name]:
            counter[tuple(key) if isinstance(key, list) else key] = count
    tally.skipped_places = [(Place(*place), reason) for place, reason in data["skipped_places"]]
    for requirement, (key, details), group in data["groups"]:
        cause = Cause(key, tuple((name, text) for name, text in details))
        kept = Group(**group)
        kept.places = [Place(*place) for place in kept.places]
        kept.mistake = (kept.mistake[0], kept.mistake[1]) if kept.mistake else None
        tally.groups.setdefault(requirement, {})[cause] = kept
    return tally
