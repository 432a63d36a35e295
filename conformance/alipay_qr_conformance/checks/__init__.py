"""The checks, by the id of what they judge: one table decides in which module a requirement's cases stand.

They import no test framework. `all_cases` is what every way in uses.
"""

import gc
from collections.abc import Iterator
from importlib import import_module
from typing import Final

from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.testbed.case import Case, cases_of

MODULES: Final[dict[str, tuple[str, ...]]] = {
    "sign": ("sign",),
    "vectors": (),
    "properties.any_message": ("sign.any-message",),
    "verify": ("verify",),
    "request.form": ("request",),
    "request.illegal": ("request.illegal",),
    "request.timestamp": ("request.timestamp",),
    "request.https": ("request.https",),
    "properties.any_call": (),
    "policy": ("policy",),
    "notify.genuine": ("notify.content-type", "notify.genuine", "notify.lean", "notify.reply"),
    "notify.reject": ("notify.reject",),
    "notify.golden": (),
    "properties.any_news": (),
    "properties.any_forgery": (),
    "properties.any_verification": (),
    "properties.any_answer": (),
    "properties.any_reading": (),
    "notify.disguised": (
        "notify.reject.content-type",
        "notify.reject.disguised",
        "notify.reject.duplicate",
        "notify.reject.lookalike",
        "notify.reject.url-override",
        "notify.post-only",
    ),
    "notify.validate": ("notify.validate", "notify.boundary"),
    "notify.status": ("notify.status", "notify.amount", "notify.trade"),
    "notify.once": ("notify.once",),
    "notify.hostile": ("notify.hostile", "notify.verify-query"),
    "response.outcome": ("response",),
    "response.unproved": ("response.unproved",),
    "response.belongs": ("response.belongs", "response.other-service"),
    "response.transport": (
        "response.transport",
        "response.redirect",
        "response.in-time",
        "response.retry-flag",
    ),
    "response.hostile": ("response.hostile", "response.no-dtd"),
    "money.refund_sum": ("money.refund",),
    "money.refund_repeat": (
        "money.refund.one-id",
        "money.refund.repeat",
        "money.refund.same-id",
        "money.refund.unknown",
    ),
    "money.refund_booked": (
        "money.refund.asynchronous",
        "money.refund.booked",
        "money.refund.not-booked",
    ),
    "money.cancel": ("money.cancel",),
    "money.cancel_window": (
        "money.cancel.same-day",
        "money.cancel.window",
        "money.cancel.window-band",
    ),
    "properties.any_history": ("money.any-history",),
    "gateway.requests": ("gateway",),
    "gateway.trades": ("gateway.refund", "gateway.cancel", "gateway.money"),
    "gateway.notifications": ("gateway.notify", "gateway.refund.sync"),
}
"""By module, in the order of the levels: the ids, or beginnings of ids, whose cases stand in it."""

SHARED: Final = ("vectors", "notify.golden", *(name for name in MODULES if name.startswith("properties.")))
"""Modules whose cases belong to ids of all kinds: golden vectors and properties."""


def module_of(requirement: str) -> str:
    """Return the name of the module in which a requirement's cases stand.

    Raises:
        KeyError: no module has it.
    """
    found = [
        (len(prefix), module)
        for module, prefixes in MODULES.items()
        for prefix in prefixes
        if f"{requirement}.".startswith(f"{prefix}.")
    ]
    if not found:
        raise KeyError(requirement)
    return max(found)[1]


def all_cases(plan: Plan, *, late: bool = True) -> list[Case]:
    """Return the cases of a plan, levels 1 to ``plan.level``, identical in every process.

    Without ``late`` those are left out that take long to make.
    """
    collects = gc.isenabled()
    gc.disable()  # thousands of objects, and all stay: to look for garbage among them is in vain
    try:
        return list(_cases(plan, late=late))
    finally:
        if collects:
            gc.enable()


def _cases(plan: Plan, *, late: bool) -> Iterator[Case]:
    rows = register()
    for case in _of_modules(plan, late=late):
        row = rows.get(case.requirement)
        if row is None or row.excluded is not None:
            raise ValueError(f"{case.id} tests a requirement that the register does not list as tested")
        if row.level <= plan.level and row.role == plan.role:
            yield case


def _of_modules(plan: Plan, *, late: bool) -> Iterator[Case]:
    for name in MODULES:
        if name.startswith("gateway.") == (plan.role == "gateway"):
            yield from cases_of(import_module(f"alipay_qr_conformance.checks.{name}"), plan, late=late)
