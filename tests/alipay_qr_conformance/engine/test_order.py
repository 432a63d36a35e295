"""The order of a run."""

import itertools

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.order import likely, ordered, soon
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.model.plan import Setup
from alipay_qr_conformance.model.requirements import register


def test_what_is_likely_comes_first_and_the_rest_by_level_and_setup():
    cases = ordered(all_cases(plan(RunOptions())))
    first = [each.id for each in cases if each.id in likely()]
    assert [each.id for each in cases[: len(first)]] == first
    levels = [register()[each.requirement].level for each in cases if each.id not in likely()]
    assert levels == sorted(levels)
    setups = [each.setup.for_subject(["MD5"], ["UTF-8"]) for each in cases]
    assert setups[0] == Setup("MD5")
    assert changes(setups[: len(first)]) < 60
    assert changes(setups[len(first) :]) < 55


def changes(setups):
    return sum(one != other for one, other in itertools.pairwise(setups))


@pytest.mark.parametrize(
    "wish",
    [RunOptions(), RunOptions(level=1), RunOptions(profile="hk", depth="quick")],
    ids=["default", "level-1", "hk-quick"],
)
def test_the_first_cases_run_before_the_rest_is_made_and_the_order_is_the_same(wish):
    whole = ordered(all_cases(plan(wish)))
    order = soon(plan(wish), lambda: whole)
    found = iter(order)
    first = [next(found).id for _ in range(len(order.known))]
    assert order.total == 0
    assert first == [case.id for case in whole[: len(first)]]
    assert {case.id for case in whole} & {*likely()} >= {*first} != set()
    assert [*first, *(case.id for case in found)] == [case.id for case in whole]
    assert order.total == len(whole)
