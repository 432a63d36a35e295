"""The id is the address: a requirement's cases stand in the one module that the table names."""

from importlib import import_module

import pytest

from alipay_qr_conformance.checks import MODULES, SHARED, module_of
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.testbed.case import cases_of, declared, preconditions

EXCEPTIONS = {
    "request.https": "request.form looks at every request, request.https at false certificates",
    "request.timestamp.zone": "request.form looks at every request, request.timestamp at chosen moments",
    "request.create.timestamp": "as request.timestamp.zone",
    "request.sign.valid": "as request.timestamp.zone: the moment is signed",
    "gateway.illegal": "gateway.requests sends a value alone, gateway.trades one unlike its payment",
    "gateway.cancel.nothing": "gateway.requests cancels what nobody paid, gateway.trades what is cancelled",
}
"""Requirements whose cases stand in more than one module, and why; at most 12."""

PLANS = [Plan(Policy(), depth="deep", profile=profile) for profile in ("global", "hk")]


def module(name):
    return import_module(f"alipay_qr_conformance.checks.{name}")


def homes():
    """Return the modules in which the cases of each requirement stand, but for the shared ones."""
    found = {}
    for name in MODULES.keys() - set(SHARED):
        for case in (case for plan in PLANS for case in cases_of(module(name), plan)):
            found.setdefault(case.requirement, set()).add(name)
    return found


def test_every_case_stands_where_the_table_says():
    found = homes().items()
    astray = {each: names for each, names in found if names != {module_of(each)} and each not in EXCEPTIONS}
    assert astray == {}


def test_what_is_excepted_is_astray_indeed_and_rare():
    found = homes()
    assert [each for each in EXCEPTIONS if len(found[each]) < 2] == []
    assert len(EXCEPTIONS) <= 12


def test_every_requirement_that_is_tested_has_a_module():
    for row in register().values():
        assert row.excluded is not None or module_of(row.id) in MODULES


def test_no_prefix_of_the_table_is_idle():
    tested = [row.id for row in register().values() if row.excluded is None]
    for name, prefixes in MODULES.items():
        for prefix in prefixes:
            under = [each for each in tested if f"{each}.".startswith(f"{prefix}.")]
            assert any(module_of(each) == name for each in under), (name, prefix)


@pytest.mark.parametrize("name", MODULES)
def test_what_a_case_builds_on_is_declared_in_the_module_of_that_requirement(name):
    for case in cases_of(module(name), PLANS[0]):
        for requirement in case.builds_on:
            assert requirement in preconditions(module(module_of(requirement))), (case.id, requirement)


@pytest.mark.parametrize("name", MODULES)
def test_a_check_tells_in_a_sentence_what_is_tried_and_what_is_right(name):
    for each in declared(module(name)):
        head = each.run.__doc__.partition("\n")[0]
        assert head.endswith("."), (name, each.run.__name__, head)
