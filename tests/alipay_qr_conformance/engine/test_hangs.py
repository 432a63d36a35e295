"""A subject that hangs costs a bounded multiple of one hang, however many cases there are."""

from collections import Counter

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.subjects import Bounds, Hang, PythonTransport, Subject
from alipay_qr_conformance.subjects.reference import ReferenceAdapter
from alipay_qr_conformance.subjects.subject import HANGS
from alipay_qr_conformance.testbed.hangs import MAX_CONSECUTIVE_HANGS, MAX_HANGS

SESSION = {"hello", "configure", "reset"}


class Hanging:
    """A transport that loses calls by a rule, and would have waited its full time for each."""

    def __init__(self, hangs):
        self._inner = PythonTransport(ReferenceAdapter)
        self._hangs = hangs
        self.waited = Counter()
        self.broken = False
        self.warnings = []
        self.bounds = Bounds()

    def call(self, op, args, now=None, timeout=10.0):
        if op not in SESSION and self._hangs():
            self.waited[op] += 1
            self.broken = True
            return Hang(timeout)
        return self._inner.call(op, args, now, timeout)

    def call_many(self, calls, timeout=10.0, window=32):
        answers = []
        for op, args, now in calls:
            answers.append(None if self.broken else self.call(op, args, now, timeout))
        return answers

    def restart(self):
        self._inner.restart()
        self.broken = False

    def close(self):
        self._inner.close()

    def evidence(self):
        return ""


def alternate():
    count = 0

    def hangs():
        nonlocal count
        count += 1
        return count % 2 == 0

    return hangs


@pytest.mark.parametrize(
    ("hangs", "most"),
    [(lambda: True, MAX_CONSECUTIVE_HANGS), (alternate(), MAX_HANGS)],
    ids=["always", "every-second-time"],
)
def test_a_run_waits_for_each_operation_a_bounded_number_of_times(hangs, most):
    transport = Hanging(hangs)
    runner = Runner(Subject(transport), Plan(Policy(), depth="quick"))
    results = [each.result for each in runner.run(all_cases(runner.plan)) if isinstance(each, CaseFinished)]
    assert transport.waited  # it did hang
    over = {op: count for op, count in transport.waited.items() if count > most + HANGS}
    assert over == {}
    assert {each.verdict for each in results} >= {Verdict.HANG, Verdict.BLOCKED}
    at_worst = sum(count * Bounds().sending for count in transport.waited.values())
    assert at_worst <= 11 * (most + HANGS) * Bounds().sending


def test_the_rest_of_a_batch_is_given_up_after_some_hangs():
    transport = Hanging(lambda: True)
    with Subject(transport) as subject:
        answers = subject.call_many([("trade", {"out_trade_no": f"T{number}"}, None) for number in range(99)])
    assert len(answers) == 99
    assert {type(each) for each in answers} == {Hang}
    assert transport.waited == {"trade": HANGS}


def test_hangs_that_are_not_in_a_row_cost_one_call_each():
    transport = Hanging(alternate())
    with Subject(transport) as subject:
        answers = subject.call_many([("trade", {"out_trade_no": f"T{number}"}, None) for number in range(8)])
    assert [isinstance(each, Hang) for each in answers] == [False, True] * 4
