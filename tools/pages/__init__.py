"""Computed pages: ``python -m tools.pages`` writes them, ``--check`` compares them with what stands."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]


def module_of_tests(name: str) -> Any:
    """Return a module of the tests' folder, ``faulty.run`` for instance."""
    tests = str(ROOT / "tests")
    if tests not in sys.path:
        sys.path.insert(0, tests)
    return import_module(name)
