"""Causes: one mistake, one group; two mistakes, two groups; nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr_conformance.model.causes import EXPLAINS, PIPELINE, explains, group, stage
from alipay_qr_conformance.model.requirements import register
from faulty.run import merchants

TESTED = [row.id for row in register().values() if row.excluded is None]
MUST = [row.id for row in register().values() if row.keyword == "MUST"]
BREAKING = {name: kind.breaks for name, kind in merchants().items() if kind.breaks}


def grouped(breaks):
    broken = [each for each in TESTED if each in breaks]
    return group(broken, [each for each in broken if each in MUST])


def test_a_merchant_with_one_fault_has_one_cause():
    several = {name for name, breaks in BREAKING.items() if len(grouped(breaks)) > 1}
    assert len(several) <= 0.05 * len(BREAKING), several


def test_what_a_merchant_deserves_is_in_the_first_cause():
    missed = set()
    for name, breaks in BREAKING.items():
        first = grouped(breaks)[0]
        if breaks[0] not in (first.head, *first.effects):
            missed.add(name)
    assert len(missed) <= 0.02 * len(BREAKING), missed


@pytest.mark.parametrize(
    ("broken", "heads"),
    [
        (["sign.exclude", "sign.any-message", "verify.genuine", "notify.genuine"], ["sign.exclude"]),
        (["sign.order", "sign.exclude"], ["sign.order", "sign.exclude"]),
        (["money.cancel.window", "request.method"], ["request.method", "money.cancel.window"]),
        (["verify.reject.changed", "notify.reject.no-sign", "response.unproved"], ["verify.reject.changed"]),
        (["response.unproved", "money.refund.exact"], ["response.unproved", "money.refund.exact"]),
        (["notify.validate.amount", "money.refund.exact"], ["notify.validate.amount", "money.refund.exact"]),
        (["notify.genuine", "money.refund.exact"], ["notify.genuine"]),
        (
            ["notify.boundary", "notify.content-type", "notify.lean"],
            ["notify.boundary", "notify.content-type", "notify.lean"],
        ),
    ],
    ids=[
        *("text", "two-texts", "form-and-money", "verifies-nothing"),
        *("believes-and-adds-in-floats", "reads-and-adds-in-floats", "believes-nothing", "three-advices"),
    ],
)
def test_the_earliest_that_explains_is_the_head(broken, heads):
    assert [each.head for each in group(broken, broken)] == heads


def test_a_should_explains_no_must():
    assert len(group(["response.unproved", "money.refund.unknown"], ["money.refund.unknown"])) == 2


@given(st.sets(st.sampled_from(TESTED)))
def test_every_broken_requirement_is_in_one_group(broken):
    found = [each for one in grouped(broken) for each in (one.head, *one.effects)]
    assert sorted(found) == sorted(broken)


def test_every_requirement_has_a_stage_and_no_pattern_is_idle():
    assert [each for each in TESTED if stage(each) == len(PIPELINE)] == []
    assert [at for at in range(len(PIPELINE)) if at not in {stage(each) for each in TESTED}] == []
    for head, _ in EXPLAINS:
        assert any(explains(one, two) for one in TESTED for two in TESTED if one != two), head
