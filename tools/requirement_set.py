"""Freeze a requirement set: ``python -m tools.requirement_set`` writes the ids of today, or of a named day.

A released set is never written again: a requirement that comes later has a later ``since``, and enters the
next set. Of a day that was never released, the file is to be removed.
"""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from alipay_qr_conformance.model.requirement_sets import frozen_text, ids_on

FOLDER: Final = Path(__file__).resolve().parents[1] / "conformance/alipay_qr_conformance/texts/sets"


def main() -> int:
    """Write the set of a day."""
    parser = argparse.ArgumentParser(prog="python -m tools.requirement_set", description=__doc__)
    parser.add_argument("day", type=date.fromisoformat, nargs="?", default=datetime.now(UTC).date())
    day = parser.parse_args().day
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{day}.txt").write_text(frozen_text(ids_on(day)), "ascii")
    print(f"{len(ids_on(day))} requirements of {day}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
