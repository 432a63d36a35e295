"""Compute `engine/likely.txt`: the cases that find most of what is wrong in the shortest time.

    python -m tools.likely            what the file finds, and after how much processor time
    python -m tools.likely --write    the file anew
    python -m tools.likely --every 10 over each tenth faulty merchant

Each faulty merchant meets the cases of what it breaks, the reference each of these once, for its cost. Then,
again and again, the case is taken that finds most merchants whom none before it has found, by its cost.
"""

import argparse
import time
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.order import likely
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.subjects import PythonTransport, Subject
from tools.pages import module_of_tests

FILE: Final = (
    Path(__file__).resolve().parents[1] / "conformance" / "alipay_qr_conformance" / "engine" / "likely.txt"
)
_HEAD: Final = """\
# Cases that run first: they find most of what is wrong in the shortest time. In this order, ids of cases; one
# that is no longer there does no harm. Measured over the faulty merchants: python -m tools.likely --write
"""
_SECONDS: Final = 0.8
"""Of processor time that the cases of the file may take together."""
_LEAST: Final = 0.000_1

Found = Mapping[str, frozenset[str]]
"""By merchant: the cases that find something."""


def cheapest_first(found: Found, costs: Mapping[str, float], seconds: float = _SECONDS) -> list[str]:
    """Return the cases that find most merchants for their cost, until they have cost ``seconds`` together."""
    left = {name: cases & costs.keys() for name, cases in found.items()}
    chosen: list[str] = []
    while (counts := Counter(each for cases in left.values() for each in cases)) and seconds > 0:
        best = min(counts, key=lambda each: (-counts[each] / max(costs[each], _LEAST), each))
        chosen.append(best)
        seconds -= costs[best]
        left = {name: cases for name, cases in left.items() if best not in cases}
    return chosen


def waits(found: Found, costs: Mapping[str, float], order: Mapping[str, int]) -> list[float]:
    """Return, per merchant, the processor time until the first finding; infinite where the order has none."""
    after, total = {}, 0.0
    for each in sorted(order, key=order.__getitem__):
        total += costs.get(each, 0.0)
        after[each] = total
    return sorted(
        min((after[each] for each in cases if each in after), default=float("inf"))
        for cases in found.values()
    )


def costs_of_cases(names: frozenset[str]) -> dict[str, float]:
    """Return the seconds of processor time that each of these cases takes with the reference."""
    healthy = module_of_tests("faulty.reference").Healthy
    runner = Runner(Subject(PythonTransport(healthy)), Plan(Policy(), depth="quick"))
    found: dict[str, float] = {}
    try:
        began = time.process_time()
        for event in runner.run([case for case in all_cases(runner.plan) if case.id in names]):
            now = time.process_time()
            if isinstance(event, CaseFinished):
                found[f"{event.result.requirement}[{event.result.case}]"] = now - began
            began = now
    finally:
        runner.close()
    return found


def found_by_cases(every: int) -> dict[str, frozenset[str]]:
    """Return, by merchant, the cases that find what it breaks; every n-th merchant is asked."""
    faulty: Any = module_of_tests("faulty.run")
    kinds = [(name, kind) for name, kind in faulty.merchants().items() if kind.breaks]
    found = {}
    for name, kind in islice(kinds, 0, None, every):
        results = faulty.run(kind, met=lambda kind, case: case.requirement in kind.breaks)
        found[name] = frozenset(f"{each.requirement}[{each.case}]" for each in results if each.finding)
    return found


def main() -> None:
    """Tell what the file finds, or write it anew."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    found, order = found_by_cases(args.every), dict(likely())
    costs = costs_of_cases(frozenset(order).union(*found.values()))
    if args.write:
        chosen = cheapest_first(found, costs)
        FILE.write_text(_HEAD + "".join(f"{each}\n" for each in chosen), "utf-8")
        order = {each: at for at, each in enumerate(chosen)}
    times = waits(found, costs, order)
    named = [each for each in times if each != float("inf")]
    print(f"{len(order)} cases, {sum(costs.get(each, 0.0) for each in order):.2f} s of processor time")
    print(f"they find {len(named)} of {len(times)} faulty merchants", end="")
    if named:
        print(f"; after {named[len(named) // 2]:.2f} s at the median, {named[-1]:.2f} s at most", end="")
    print()


if __name__ == "__main__":
    main()
