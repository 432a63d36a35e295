"""Say how many causes the kit names for each faulty merchant, and whether the first one is its fault: `make causes`.

What a merchant is accused of is what it breaks (tests/faulty/test_merchants.py), so that its causes follow from that
alone and no run is needed.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alipay_qr_conformance.model.causes import group  # noqa: E402
from alipay_qr_conformance.model.requirements import register  # noqa: E402
from faulty.run import merchants  # noqa: E402


def causes(breaks):
    """Return the groups of what a merchant breaks, those of a MUST first."""
    rows = register()
    broken = [name for name, row in rows.items() if name in breaks and row.excluded is None]
    heavy = [each for each in broken if rows[each].keyword == "MUST"]
    return sorted(group(broken, heavy), key=lambda each: each.head not in heavy)


def table():
    """Return by name: how many causes, and whether what it breaks first is in the first one."""
    found = {}
    for name, kind in merchants().items():
        if kind.breaks:
            groups = causes(kind.breaks)
            first = groups[0] if groups else None
            deserved = first is not None and kind.breaks[0] in (first.head, *first.effects)
            found[name] = (len(groups), deserved, [each.head for each in groups])
    return found


def main():
    rows = table()
    named = sum(deserved for _, deserved, _ in rows.values())
    alone = sum(count == 1 for count, _, _ in rows.values())
    print(f"{len(rows)} faulty merchants")
    print(f"what they deserve is in the first cause: {named / len(rows):.1%} (98 % wanted)")
    print(f"one cause only: {alone / len(rows):.1%} (95 % wanted)")
    print(f"not named at all: {sum(not count for count, _, _ in rows.values())} (none wanted)")
    for name, (count, deserved, heads) in rows.items():
        if count != 1 or not deserved:
            print(f"  {name}: {merchants()[name].fault}: {', '.join(heads)}")


if __name__ == "__main__":
    main()
