"""Forgeries of every shape meet trades in every state; a finding names what they have to have."""

import re

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.checks.properties import forgery_space as space
from alipay_qr_conformance.checks.properties.forged_news import is_unchanged
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.subjects import PythonTransport, Subject
from alipay_qr_conformance.subjects.reference import ReferenceAdapter

PLANS = [
    Plan(Policy(), depth=depth, profile=profile)
    for depth in ("quick", "default")
    for profile in ("global", "hk")
]


class Trusting(ReferenceAdapter):
    """Books a forgery as if it were genuine where ``trusts`` says so."""

    def notify(self, body_base64, content_type, method="POST", now=None):
        answer = super().notify(body_base64, content_type, method, now)
        return {"reply": "success"} if self.trusts(content_type) else answer

    def trusts(self, content_type):
        return "GBK" in content_type


def findings(kind, requirement, seed=0):
    """Return what is said of a subject in each state, in MD5."""
    runner = Runner(Subject(PythonTransport(kind)), Plan(Policy(), depth="quick", seed=seed))
    try:
        cases = [case for case in all_cases(runner.plan) if case.id.startswith(f"{requirement}[any-forgery-")]
        results = [runner.judge(case) for case in cases if case.id.endswith("/MD5]")]
    finally:
        runner.close()
    return [each.finding.detail.en for each in results if each.finding]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.depth}-{plan.profile}")
def test_every_forgery_meets_every_state(plan):
    for sign_type in ("MD5", "RSA"):
        names = set(space.factors(plan, sign_type)["forgery"])
        for state in space.STATES:
            assert {row["forgery"] for row in space.rows(plan, sign_type, state)} == names


@pytest.mark.parametrize("seed", [0, 7])
def test_a_finding_names_the_smallest_coordinates(seed):
    found = findings(Trusting, "notify.reject.bad-sign", seed)
    assert found
    for text in found:
        assert re.search(r"was believed; state: [a-z-]+, header: GBK$", text)


def test_what_is_right_passes():
    assert findings(ReferenceAdapter, "notify.reject.bad-sign") == []


def test_the_ids_do_not_depend_on_the_seed():
    def ids(seed):
        return [case.id for case in all_cases(Plan(Policy(), seed=seed))]

    assert ids(0) == ids(5)


@pytest.mark.parametrize(
    ("before", "after", "unchanged"),
    [
        (None, None, True),
        ({"state": "paid", "fulfilled": "0"}, {"state": "paid", "fulfilled": "1"}, True),
        ({"state": "paid", "fulfilled": "1"}, {"state": "paid", "fulfilled": "2"}, False),
        ({"state": "paid", "fulfilled": "0"}, {"state": "closed", "fulfilled": "1"}, False),
        ({"state": "none", "fulfilled": "0"}, {"state": "none", "fulfilled": "1"}, False),
        ({"state": "none", "fulfilled": None}, {"state": "paid", "fulfilled": "1"}, False),
    ],
)
def test_goods_that_were_paid_for_may_leave_while_a_forgery_comes(before, after, unchanged):
    assert is_unchanged(before, after) is unchanged
