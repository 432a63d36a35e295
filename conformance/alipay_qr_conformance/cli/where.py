"""Where a rule stands: the files of its text, its check, its faulty merchants and its vectors.

Paths are relative to the repository; an installed package holds texts, checks and vectors, and no tests.
"""

import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from alipay_qr_conformance.checks import MODULES
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import CHOICES, Choice, Policy
from alipay_qr_conformance.model.requirements import Requirement
from alipay_qr_conformance.model.verdicts import Role
from alipay_qr_conformance.testbed.case import declared
from alipay_qr_conformance.vectors.load import load, names

PACKAGE: Final = "conformance/alipay_qr_conformance"
_TESTS: Final = Path(__file__).resolve().parents[3] / "tests"


class Place(NamedTuple):
    """A file, and what of the rule stands there."""

    kind: str
    path: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.kind:<8} {self.path}" + (f"  ({self.what})" if self.what else "")


def places(row: Requirement) -> list[Place]:
    """Return where a requirement's text, check, faulty merchants and vectors stand."""
    return [_text(row), *_checks(row), *_faulty(row), *_vectors(row)]


def _text(row: Requirement) -> Place:
    if row.derived:
        return Place("text", "reference_impl/alipay_qr/catalogue/requests.py", "one row for each parameter")
    return Place("text", f"{PACKAGE}/texts/requirements/{row.id.partition('.')[0]}.toml")


def _checks(row: Requirement) -> Iterator[Place]:
    if row.excluded is not None:
        return
    for module, lines in _judged(row.role)[row.id].items():
        path = f"{PACKAGE}/checks/{module.replace('.', '/')}.py"
        yield Place("check", path, "; ".join(f"{name}, line {line}" for name, line in lines.items()))


_VALUES: Final = (1, "1.00", ("USD",))


def _some(choice: Choice) -> Any:
    """Return something that a merchant may declare."""
    fits = choice.value.fits if choice.value else choice.ways.__contains__
    return next(each for each in (*choice.ways, *_VALUES) if fits(each))


@cache
def _judged(role: Role) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """Return by requirement and module the functions that judge it, with their lines."""
    words = {key: _some(choice) for key, choice in CHOICES.items()}
    plans = [Plan(policy, depth="deep", role=role) for policy in (Policy(), Policy(**words))]
    found: dict[str, dict[str, dict[str, int]]] = {}
    for module in MODULES:
        for check in declared(import_module(f"alipay_qr_conformance.checks.{module}")):
            line = inspect.getsourcelines(check.run)[1]
            for requirement in {case.requirement for each in plans for case in check.cases(each)}:
                found.setdefault(requirement, {}).setdefault(module, {})[check.run.__name__] = line
    return found


def _faulty(row: Requirement) -> Iterator[Place]:
    found: dict[str, list[str]] = {}
    for kind in _kinds():
        if row.id in kind.breaks:
            found.setdefault(kind.__module__, []).append(kind.__name__)
    for module, classes in found.items():
        yield Place("faulty", f"tests/{module.replace('.', '/')}.py", ", ".join(classes))


@cache
def _kinds() -> tuple[Any, ...]:
    """Return the faulty merchants and gateways of the repository; none where this is an installed package."""
    if not (_TESTS / "faulty").is_dir():
        return ()
    if str(_TESTS) not in sys.path:
        sys.path.append(str(_TESTS))
    merchants = import_module("faulty.run").merchants()
    return (*merchants.values(), *import_module("faulty.gateways").GATEWAYS.values())


def _vectors(row: Requirement) -> Iterator[Place]:
    for name in names():
        count = sum(row.id in vector.flags for vector in load(name))
        if count:
            yield Place("vectors", f"vectors/{name}.json", str(count))
