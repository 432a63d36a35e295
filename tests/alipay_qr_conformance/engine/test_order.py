"""The order of a run."""

import itertools

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.order import likely, ordered
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
    changes = sum(one != other for one, other in itertools.pairwise(setups))
    assert changes < 90
    assert setups[0] == Setup("MD5")
