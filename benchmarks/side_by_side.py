"""Ratios measured side by side: contestants take turns, round by round, in one run.

Absolute times move with the machine; the ratio of two things that were timed in the same round hardly
does. The median over the rounds of the per-round ratio is what counts.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """One goal: ``what`` took ``value`` times as long as ``against``."""

    what: str
    against: str
    value: float
    goal: str
    met: bool

    def __str__(self) -> str:
        return f"{'ok  ' if self.met else 'MISS'} {self.value:6.2f}x  (goal {self.goal})  {self.what}  /  {self.against}"


def loop_times(
    contestants: Sequence[Callable[[], object]], rounds: int = 15, seconds: float = 0.03
) -> list[list[float]]:
    """Return seconds per call, a list a contestant, one entry a round."""
    counts = []
    for run in contestants:
        run()
        count = 1
        while (spent := _time(run, count)) < seconds:
            count = max(count * 2, int(count * seconds / max(spent, 1e-9)))
        counts.append(count)
    times: list[list[float]] = [[] for _ in contestants]
    for _ in range(rounds):
        for run, count, found in zip(contestants, counts, times, strict=True):
            found.append(_time(run, count) / count)
    return times


def ratio(mine: Sequence[float], other: Sequence[float]) -> float:
    """Return the median of the per-round ratios."""
    return statistics.median(a / b for a, b in zip(mine, other, strict=True))


def at_most(what: str, against: str, value: float, goal: float) -> Ratio:
    """Return a ratio that should not be larger than the goal."""
    return Ratio(what, against, value, f"<= {goal}", value <= goal)


def at_least(what: str, against: str, value: float, goal: float) -> Ratio:
    """Return a ratio that should not be smaller than the goal."""
    return Ratio(what, against, value, f">= {goal}", value >= goal)


def show(ratios: Sequence[Ratio]) -> int:
    """Print the ratios; return 1 if one misses its goal."""
    for each in ratios:
        print(each)
    return int(not all(each.met for each in ratios))


def _time(run: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        run()
    return time.perf_counter() - start
