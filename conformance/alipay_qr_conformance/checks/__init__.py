"""The checks: plain functions that yield cases, listed here in the order of the levels.

They import no test framework. Each module is one topic; `all_cases` is what every way in uses.
"""

import gc
from collections.abc import Iterator
from importlib import import_module
from typing import Final

from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.testbed.case import Case, Plan

MODULES: Final = {
    1: ("signing", "golden", "any_message", "verifying", "secrecy"),
    2: ("requests", "illegal", "moments", "secure", "declared"),
    3: (
        "notifications",
        "histories",
        "responses",
        "wrapping",
        "attacks",
        "hostile_answers",
        "neighbours",
        "sequels",
    ),
    4: ("refunds", "cancels", "news", "money_machine"),
}
"""Modules by level; a module is only imported when its level is asked for."""


def all_cases(plan: Plan) -> list[Case]:
    """Return the cases of a plan, levels 1 to ``plan.level``, identical in every process."""
    collects = gc.isenabled()
    gc.disable()  # thousands of objects, and all stay: to look for garbage among them is in vain
    try:
        return list(_cases(plan))
    finally:
        if collects:
            gc.enable()


def _cases(plan: Plan) -> Iterator[Case]:
    rows = register()
    for level, names in MODULES.items():
        if level > plan.level:
            return
        for name in names:
            for case in import_module(f"alipay_qr_conformance.checks.{name}").cases(plan):
                if case.requirement not in rows or rows[case.requirement].excluded is not None:
                    raise ValueError(
                        f"{case.id} tests a requirement that the register does not list as tested"
                    )
                yield case
