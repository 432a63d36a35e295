"""Cases beside one another: one acts at a time, and only what passes has passed."""

import time
from dataclasses import replace

import pytest

from alipay_qr_conformance.engine.beside import Beside
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.model.outcomes import Blocked, Failed
from alipay_qr_conformance.model.plan import Plan, Setup
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.subjects import PythonTransport, Subject
from alipay_qr_conformance.testbed.case import Case
from faulty.run import merchants
from harmless.base import VARIANTS
from harmless.run import meet

MD5 = Setup("MD5")
QUEUE = VARIANTS["queue/queue-of50-ms"].make


def case(name, run):
    return Case(requirement="notify.genuine", name=name, run=run, needs=("notify",), setup=MD5)


@pytest.fixture
def runner():
    runner = Runner(Subject(PythonTransport(QUEUE)), Plan(Policy()))
    assert runner.hello.operations
    runner.testbed.booking.delay = 0.01
    runner.testbed.evidence.note("notify", MD5, done=True)
    yield runner
    runner.close()


def passed(runner, cases):
    beside = Beside(runner.testbed, lambda each: each)
    return [each.name for each in cases if beside.passed(each, lambda: cases) is not None]


def test_one_case_acts_at_a_time_and_others_while_it_waits(runner):
    acting, most, begun = [], [], []

    def run(bed):
        begun.append(bed)
        for _ in range(3):
            acting.append(bed)
            most.append(len(acting))
            assert runner.testbed.acting is bed
            acting.remove(bed)
            bed.booking.pause(0.001 if len(begun) == 8 else 0.01)

    cases = [case(f"{number}", run) for number in range(8)]
    assert passed(runner, cases) == [each.name for each in cases]
    assert max(most) == 1
    assert len({id(bed) for bed in begun}) == 8
    assert runner.testbed.acting is None
    assert runner.testbed.booking.pause is time.sleep


def _fails(_bed):
    raise Failed("see.genuine")


def _is_blocked(_bed):
    raise Blocked("see.genuine")


def _resets(bed):
    bed.reset()


def _breaks(_bed):
    raise ZeroDivisionError


@pytest.mark.parametrize("run", [_fails, _is_blocked, _resets, _breaks])
def test_what_does_not_pass_is_left_to_be_judged_alone(runner, run):
    runner.testbed.once("made before", lambda: 1)
    assert passed(runner, [case("good", lambda _: None), case("other", run)]) == ["good"]
    assert runner.testbed.once("made before", lambda: 2) == 2


def test_nothing_has_passed_beside_a_case_that_starts_the_subject_anew(runner):
    def restarts(bed):
        bed.subject.restarts += 1

    assert passed(runner, [case("good", lambda _: None), case("other", restarts)]) == []


def test_what_several_cases_judge_is_made_once(runner):
    made = []

    def make(bed):
        bed.booking.pause(0.01)
        made.append(bed)

    cases = [case(f"{number}", lambda bed: bed.once("it", lambda: make(bed))) for number in range(3)]
    assert len(passed(runner, cases)) == 3
    assert len(made) == 1


def test_ids_differ_in_cases_beside_one_another(runner):
    drawn = []
    cases = [case(f"{number}", lambda bed: drawn.append(bed.fresh())) for number in range(3)]
    assert len(passed(runner, cases)) == 3
    assert len(set(drawn)) == 3


def test_without_a_queue_nothing_runs_beside_anything(runner):
    runner.testbed.booking.delay = 0.0
    assert passed(runner, [case("good", lambda _: None)]) == []


FAULT = merchants()["one-refund-only"]


WANTED = {"notify.reply.exact[paid]", "money.refund.exact[in-full]", "money.refund.exact[two-halves]"}


class Guilty(FAULT, QUEUE):
    """Has a fault, and a queue."""


@pytest.mark.parametrize("channel", ["object", "blackbox"])
@pytest.mark.parametrize(("kind", "accused"), [(QUEUE, set()), (Guilty, set(FAULT.breaks))])
def test_a_shop_with_a_queue_is_accused_of_what_it_breaks_and_of_nothing_else(kind, accused, channel):
    shop = replace(VARIANTS["queue/queue-of50-ms"], make=kind)
    seen = meet(shop, WANTED.__contains__, channel=channel)
    assert set(seen.accusations) == accused
    assert seen.judged == len(WANTED)
