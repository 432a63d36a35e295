"""Compute `engine/likely.txt`: the cases that find most of what is wrong in the shortest time.

    python -m tools.likely            what the file finds, and after how long
    python -m tools.likely --write    the file anew, on an idle machine
    python -m tools.likely --every 10 over each tenth faulty merchant

Each faulty merchant meets the cases of what it breaks, properties where nothing else tells it; a right one,
behind a process, each of these, for its cost. Then, again and again, what finds most merchants whom nothing
before it has found is taken, by its cost. What is drawn or made once for several cases is paid once.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.order import LATER, likely
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.plan import ANY_SETUP, Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.subjects import ProcessTransport, Subject
from tools.pages import module_of_tests

FILE: Final = (
    Path(__file__).resolve().parents[1] / "conformance" / "alipay_qr_conformance" / "engine" / "likely.txt"
)
_HEAD: Final = """\
# Cases that run first: they find most of what is wrong in the shortest time. In this order, ids of cases; one
# that is no longer there does no harm. Measured over the faulty merchants: python -m tools.likely --write
"""
_LATER: Final = f"{LATER} what stands behind this line takes long to make\n"
_ROUNDS: Final = 3
_LEAST: Final = 0.000_3
_CONFIGURED: Final = 0.006
"""Seconds that a setup takes which the case before it had not."""
_MADE: Final = 0.12
"""Seconds that the cases take to make which are made late."""

Found = Mapping[str, frozenset[str]]
"""By merchant: the cases that find something."""


class Cost(NamedTuple):
    """What a case costs, in seconds, and what of it is paid once for all cases that share it."""

    seconds: float
    drawn: str
    """What is drawn for several cases together, or the case's own id."""
    setup: str = ""
    late: bool = False


def cheapest_first(found: Found, costs: Mapping[str, Cost]) -> list[str]:
    """Return the cases that find most merchants for their cost, each as soon as it is worth most."""
    together: dict[str, float] = {}
    for each in costs.values():
        together[each.drawn] = together.get(each.drawn, 0.0) + each.seconds
    left = {name: cases & costs.keys() for name, cases in found.items()}
    chosen: list[str] = []
    paid: set[object] = {False}
    here, anywhere = "", {str(ANY_SETUP), ""}

    def price(case: str) -> float:
        cost = costs[case]
        once = 0.0 if cost.drawn in paid else together[cost.drawn]
        moved = _CONFIGURED if cost.setup not in {here, *anywhere} else 0.0
        return max(_LEAST, once) + moved + (_MADE if cost.late not in paid else 0.0)

    while counts := Counter(each for cases in left.values() for each in cases):
        finds = Counter[str]()
        for cases in left.values():
            finds.update({costs[each].drawn for each in cases})
        best = min(counts, key=lambda case: (-finds[costs[case].drawn] / price(case), -counts[case], case))
        chosen.append(best)
        paid |= {costs[best].drawn, costs[best].late}
        here = here if costs[best].setup in anywhere else costs[best].setup
        left = {name: cases for name, cases in left.items() if best not in cases}
    return chosen


def waits(found: Found, costs: Mapping[str, Cost], order: Sequence[str]) -> list[float]:
    """Return, per merchant, the seconds until the first finding; infinite where the order has none."""
    after, total = {}, 0.0
    for each in order:
        total += costs[each].seconds if each in costs else 0.0
        after[each] = total
    return sorted(
        min((after[each] for each in cases if each in after), default=float("inf"))
        for cases in found.values()
    )


def costs_of_cases(names: frozenset[str]) -> dict[str, Cost]:
    """Return what each of these cases costs with the reference behind a process, the least of some times."""
    plan = Plan(Policy(), depth="quick")
    soon = {case.id for case in all_cases(plan, late=False)}
    cases = {case.id: case for case in all_cases(plan) if case.id in names}
    adapter = module_of_tests("faulty.run").__file__
    command = [sys.executable, str(Path(str(adapter)).with_name("over_stdio.py")), "reference"]
    best: dict[str, float] = {}
    for _ in range(_ROUNDS):
        runner = Runner(Subject(ProcessTransport(command)), plan)
        try:
            began = time.perf_counter()
            for event in runner.run([*cases.values()]):
                now = time.perf_counter()
                if isinstance(event, CaseFinished):
                    name = f"{event.result.requirement}[{event.result.case}]"
                    best[name] = min(best.get(name, now - began), now - began)
                began = now
        finally:
            runner.close()
    return {
        name: Cost(
            best[name],
            f"{case.name} {case.setup}" if case.once_only else name,
            str(case.setup),
            name not in soon,
        )
        for name, case in cases.items()
        if name in best
    }


def found_by_cases(every: int) -> dict[str, frozenset[str]]:
    """Return, by merchant, the cases that find what it breaks; every n-th merchant is asked."""
    kinds = [(name, kind) for name, kind in module_of_tests("faulty.run").merchants().items() if kind.breaks]
    return {
        name: _found(kind, properties=False) or _found(kind, properties=True)
        for name, kind in islice(kinds, 0, None, every)
    }


def _found(kind: Any, *, properties: bool) -> frozenset[str]:
    met = lambda kind, case: case.requirement in kind.breaks and ("any-" in case.name) == properties  # noqa: E731 (one line, here alone)
    results = module_of_tests("faulty.run").run(kind, met=met)
    return frozenset(f"{each.requirement}[{each.case}]" for each in results if each.finding)


def written(chosen: Sequence[str], costs: Mapping[str, Cost]) -> str:
    """Return the file: a line parts what is made at once from what comes behind the first that is not."""
    late = next((at for at, each in enumerate(chosen) if costs[each].late), len(chosen))
    lines = [f"{each}\n" for each in chosen]
    return "".join([_HEAD, *lines[:late], _LATER, *lines[late:]])


def main() -> None:
    """Tell what the file finds, or write it anew."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    order: Sequence[str] = [*likely()]
    found = found_by_cases(args.every)
    costs = costs_of_cases(frozenset(order).union(*found.values()))
    if args.write:
        order = cheapest_first(found, costs)
        FILE.write_text(written(order, costs), "utf-8")
    times = waits(found, costs, order)
    named = [each for each in times if each != float("inf")]
    print(f"{len(order)} cases, {sum(costs[each].seconds for each in order if each in costs):.2f} s")
    print(f"they find {len(named)} of {len(times)} faulty merchants", end="")
    if named:
        most = named[len(named) * 95 // 100 - 1]
        print(
            f"; after {named[len(named) // 2]:.2f} s at the median, {most:.2f} s at the 95th percentile",
            end="",
        )
    print()


if __name__ == "__main__":
    main()
