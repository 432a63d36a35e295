"""What must hold before a case can be judged: a fault is reported once, where its own requirement is tested.

A case names the requirements that it builds on; the module of each has a function, declared with
`precondition`, that tries the plainest example and raises `Blocked` where even that goes wrong.
"""

from functools import cache
from importlib import import_module

from alipay_qr_conformance.checks import module_of
from alipay_qr_conformance.testbed.case import Case, preconditions
from alipay_qr_conformance.testbed.testbed import Testbed


def hold(case: Case, bed: Testbed) -> None:
    """Try what a case builds on.

    Raises:
        Blocked: one of these requirements is not kept.
    """
    for requirement in case.builds_on:
        _of(module_of(requirement))[requirement].hold(bed, case)


_of = cache(lambda name: preconditions(import_module(f"alipay_qr_conformance.checks.{name}")))
