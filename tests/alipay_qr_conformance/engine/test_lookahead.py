"""What cases ask for certain is asked together; every answer still meets its own case, and no other."""

import threading
from collections import Counter

import pytest

from alipay_qr_conformance.checks import vectors as golden
from alipay_qr_conformance.engine.runner import AHEAD, CaseFinished, Runner
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.model.test_account import OwnKeys, TestKeys
from alipay_qr_conformance.model.test_account import test_key as bundled
from alipay_qr_conformance.subjects import Bounds, PythonTransport, Subject
from alipay_qr_conformance.subjects.reference import ReferenceAdapter
from alipay_qr_conformance.testbed.case import cases_of

MD5 = [
    case
    for case in cases_of(golden, plan(RunOptions()))
    if case.setup.sign_type == "MD5" and not case.setup.keys_of
]
PRESIGN = [case for case in cases_of(golden, plan(RunOptions())) if case.needs == ("presign",)]
SOME = [*MD5[:150], *PRESIGN[:20]]
VICTIM = MD5[AHEAD // 2]
PARAMS = VICTIM.asks(None).args["params"]
"""What a case in the middle of the first batch asks."""


class Watched(PythonTransport):
    """A transport that notes how many calls it is given at once, and which."""

    def __init__(self, target, **more):
        super().__init__(target, **more)
        self.sizes, self.calls = [], Counter()

    def call_many(self, calls, timeout=10.0, window=32):
        self.sizes.append(len(calls))
        self.calls.update(f"{op} {args}" for op, args, _ in calls if op != "configure")
        return super().call_many(calls, timeout, window)


def results(runner, cases):
    found = [event.result for event in runner.run(cases) if isinstance(event, CaseFinished)]
    return {each.case: each for each in found}


@pytest.fixture
def start():
    runners = []

    def make(target, keys=None, **bounds):
        runner = Runner(Subject(Watched(target, bounds=Bounds(**bounds))), plan(RunOptions(level=1)), keys)
        runners.append(runner)
        return runner, runner.subject.transport

    yield make
    for each in runners:
        each.close()


def test_a_run_asks_what_its_cases_ask_and_nothing_twice(start):
    ahead, together = start(ReferenceAdapter)
    alone, one_by_one = start(ReferenceAdapter)
    assert {str(each.verdict) for each in results(ahead, SOME).values()} == {"pass"}
    assert {str(alone.judge(case).verdict) for case in SOME} == {"pass"}
    assert together.calls == one_by_one.calls
    assert set(one_by_one.sizes) == {1}
    assert max(together.sizes) == AHEAD
    assert len(together.sizes) < len(one_by_one.sizes) / 5


def test_the_first_case_of_a_setup_asks_by_itself(start):
    runner, transport = start(ReferenceAdapter)
    first, second, *others = [case for case in MD5 if case.requirement == "sign.order"][:4]
    runner.judge(first, [second, *others])
    assert set(transport.sizes) == {1}
    runner.judge(second, others)
    assert transport.sizes[-1] == 3
    asked = len(transport.sizes)
    assert [str(runner.judge(case).verdict) for case in others] == ["pass", "pass"]
    assert len(transport.sizes) == asked


def test_an_answer_of_another_configuration_is_not_used(start):
    runner, transport = start(ReferenceAdapter)
    runner.judge(MD5[0])
    runner.judge(MD5[1], MD5[2:4])
    other = next(case for case in cases_of(golden, plan(RunOptions())) if case.setup.sign_type == "RSA")
    runner.judge(other)
    asked = transport.calls.total()
    assert str(runner.judge(MD5[2]).verdict) == "pass"
    assert transport.calls.total() > asked


class Hangs(ReferenceAdapter):
    def sign(self, params, charset, sign_type):
        if params == PARAMS:
            GATE.wait(30)
        return super().sign(params, charset, sign_type)


@pytest.fixture
def gate():
    global GATE  # noqa: PLW0603 (a fresh instance must find it after a hang)
    GATE = threading.Event()
    yield GATE
    GATE.set()


@pytest.mark.usefixtures("gate")
def test_a_hang_meets_its_own_case_and_what_follows_is_asked_one_by_one(start):
    runner, transport = start(Hangs, local=0.5)
    found = results(runner, MD5[:150])
    assert {name for name, each in found.items() if str(each.verdict) == "hang"} == {VICTIM.name}
    assert {str(each.verdict) for name, each in found.items() if name != VICTIM.name} == {"pass"}
    several = [size for size in transport.sizes if size > 1]
    assert several == [AHEAD]
    assert transport.calls[f"sign {VICTIM.asks(runner.testbed).args}"] == 1


def test_a_wrong_answer_is_asked_for_again_and_that_may_differ(start):
    class Once(ReferenceAdapter):
        wrong = True

        def sign(self, params, charset, sign_type):
            if params == PARAMS and Once.wrong:
                Once.wrong = False
                return {"sign": "0" * 32}
            return super().sign(params, charset, sign_type)

    runner, _ = start(Once)
    found = results(runner, MD5[:150])
    assert {name for name, each in found.items() if str(each.verdict) != "pass"} == {VICTIM.name}
    assert str(found[VICTIM.name].verdict) == "unstable"


def test_what_is_sealed_with_keys_of_the_runs_own_is_not_asked_ahead(start):
    keys = TestKeys(own=OwnKeys(bundled("merchant_2048"), None, bundled("alipay_2048")))
    runner, _ = start(ReferenceAdapter, keys)
    case = next(case for case in MD5 if case.needs == ("verify",))
    runner.testbed.setup = case.setup
    assert case.asks(runner.testbed) is None


def test_a_source_that_is_not_offered_is_not_asked_for(start):
    class Responses(ReferenceAdapter):
        def hello(self, **given):
            return super().hello(**given) | {"limits": {"verify": {"sources": ["response"]}}}

    runner, transport = start(Responses)
    chosen = [case for case in MD5 if case.needs == ("verify",)][:5]
    assert {str(each.verdict) for each in results(runner, chosen).values()} == {"unsupported"}
    assert not [call for call in transport.calls if call.startswith("verify")]
