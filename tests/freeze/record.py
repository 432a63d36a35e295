"""Writes the data of this folder: ``python tests/freeze/record.py [WHAT ...]``, everything by default.

Merchants meet what they meet in their own tests. Command lines are those of ``data/commands.txt``: exit code,
tab, words; they follow each other in one folder. Add one with any code, and record ``commands``.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / each) for each in ("tests", "conformance", "reference_impl")]

from freeze import observe, stored  # noqa: E402
from freeze.corpus import messages  # noqa: E402
from freeze.loader import everybody  # noqa: E402


def merchants(_):
    """Record whom the kit accuses of what; a quarter of an hour."""
    return stored.folded({name: observe.verdicts(run) for name, run in everybody().items()})


def explain(folder):
    """Record what is said about each message, with the message."""
    return [{"message": each, "told": observe.explained(each, folder)} for each in messages()]


RECORDED = {
    "cases": lambda _: observe.cases(),
    "vectors": lambda _: observe.vectors(),
    "keys": observe.keys,
    "explain": explain,
    "merchants": merchants,
}


if __name__ == "__main__":
    for name in sys.argv[1:] or [*RECORDED, "commands"]:
        with tempfile.TemporaryDirectory() as place:
            if name == "commands":
                stored.write_command_lines(
                    observe.exit_codes([words for words, _ in stored.command_lines()], Path(place))
                )
            else:
                stored.write(name, RECORDED[name](Path(place)))
