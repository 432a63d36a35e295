"""Compute `engine/likely.txt`: the cases that find most of what is wrong in the shortest time.

    python -m tools.likely            what the file finds, and after how much processor time
    python -m tools.likely --write    the file anew
    python -m tools.likely --add      the file, with cases for whom it does not find: quicker
    python -m tools.likely --every 10 over each tenth faulty merchant

Each faulty merchant meets the cases of what it breaks, the reference each of these once, for its cost. Then,
again and again, the case is taken that finds most merchants whom none before it has found, by its cost.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.order import likely
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.subjects import PythonTransport, Subject
from alipay_qr_conformance.testbed.case import Case
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


def with_more(order: Sequence[str], found: Found, costs: Mapping[str, float]) -> list[str]:
    """Return an order with cases for further merchants, each behind its first half before what costs more."""
    listed = list(order)
    for more in cheapest_first(found, costs, float("inf")):
        half = range(len(order) // 2, len(listed))
        place = next((at for at in half if costs.get(listed[at], 0.0) > costs[more]), len(listed))
        listed.insert(place, more)
    return listed


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


def found_by_cases(every: int, asked: Iterable[str] = ()) -> dict[str, frozenset[str]]:
    """Return, by merchant, the cases that find what it breaks, or those of some cases.

    Every n-th merchant is asked, of those that run in this process.
    """
    faulty: Any = module_of_tests("faulty.run")
    kinds = [(name, kind) for name, kind in faulty.merchants().items() if kind.breaks]
    of = frozenset(asked)
    return {
        name: _found(kind, lambda case: not of or case.id in of)
        for name, kind in islice(kinds, 0, None, every)
        if not of or not getattr(kind, "own_process", False)
    }


def found_by_more(names: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return, by merchant, cases that find what it breaks: directed ones, else properties or histories."""
    kinds: Any = module_of_tests("faulty.run").merchants()
    found = {}
    for name in names:
        asked: Iterator[frozenset[str]] = (_found(kinds[name], each) for each in _BY_COST)
        found[name] = next(filter(None, asked), frozenset())
    return found


_BY_COST: Final[Sequence[Callable[[Case], bool]]] = (
    lambda case: "any-" not in case.name,
    lambda case: "any-" in case.name and "any-history" not in case.name,
    lambda case: "any-history" in case.name,
)


def _found(kind: Any, asked: Callable[[Case], bool]) -> frozenset[str]:
    met = lambda kind, case: case.requirement in kind.breaks and asked(case)  # noqa: E731 (one line, here alone)
    results = module_of_tests("faulty.run").run(kind, met=met)
    return frozenset(f"{each.requirement}[{each.case}]" for each in results if each.finding)


def main() -> None:
    """Tell what the file finds, or write it anew."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--add", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    order = dict(likely())
    found = found_by_cases(args.every, order if args.add else ())
    if args.add:
        found |= found_by_more([name for name, cases in found.items() if not cases])
    costs = costs_of_cases(frozenset(order).union(*found.values()))
    if args.write or args.add:
        unknown = {name: cases for name, cases in found.items() if not cases & order.keys()}
        chosen = with_more([*order], unknown, costs) if args.add else cheapest_first(found, costs)
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
