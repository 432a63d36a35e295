"""``python -m tools.pages [--check | --kills]``: write, compare, or compute vectors/kills.json before."""

import argparse
import sys
from pathlib import Path

from tools.pages import api, keywords, policy, proof, vectors

PAGES = (api, keywords, policy, proof)
"""Modules with a ``PAGE``, the file, and a ``text()``, its content."""


def main() -> int:
    """Return 0, or 1 where a page is not as it would be written."""
    parser = argparse.ArgumentParser(prog="python -m tools.pages")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="write nothing, exit 1 where a page differs")
    choice.add_argument("--kills", action="store_true", help="compute anew whom each vector exposes, too")
    given = parser.parse_args()
    if given.kills:
        vectors.write_kills()
    stale = [each for each in PAGES if _stands(each.PAGE) != each.text()]
    for each in stale:
        if given.check:
            print(f"{each.PAGE.name} is not as it would be written: make pages")
        else:
            each.PAGE.write_text(each.text(), "utf-8", newline="\n")
            print(f"wrote {each.PAGE.name}")
    return int(given.check and bool(stale))


def _stands(page: Path) -> str:
    return page.read_text("utf-8") if page.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
