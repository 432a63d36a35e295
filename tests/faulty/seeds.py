"""Are the accusations of each faulty merchant the same with five seeds? `make seeds`; ARGS names some.

A verdict may not depend on the seed: what only some seeds find wants a directed case. The two requirements about
anything drawn are left out, for many faults may show there, and need not.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alipay_qr_conformance.testbed import properties
from faulty.run import ANYWHERE, judge, merchants

SEEDS = (0, 1, 2, 7, 1031)


def accusations(name):
    """Return, by seed, what a merchant is accused of."""
    return {seed: judge(merchants()[name], seed=seed).accused - ANYWHERE for seed in SEEDS}


def differing(name):
    """Return, by seed, what is not said with every seed; empty where all agree."""
    found = accusations(name)
    every = set.intersection(*found.values())
    return {seed: sorted(accused - every) for seed, accused in found.items() if accused - every}


def main(names):
    """Print each merchant, and where its accusations depend on the seed; return how many do."""
    properties.SHRINK_BUDGET = 1  # what is accused matters here, and not how short its story is
    count = 0
    for name in names or [each for each, kind in merchants().items() if kind.breaks]:
        more = differing(name)
        count += bool(more)
        told = "; ".join(f"seed {seed}: {', '.join(told)}" for seed, told in more.items())
        print(f"{name}: {told or 'the same with each seed'}", flush=True)
    return count


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
