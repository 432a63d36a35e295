"""Two processes judge one run: what they tell is what one tells, whatever becomes of the second."""

import os
import signal
from dataclasses import replace
from functools import partial

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine import second
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.engine.second import Second, judged
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.model.complaints import in_both
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.subjects import PythonTransport, Subject
from alipay_qr_conformance.subjects.reference import ReferenceAdapter
from alipay_qr_conformance.testbed.case import Case

SOME = ("sign.value.raw", "verify.reject.no-sign", "money.refund.sum", "notify.once.fulfilled[hundred-times]")
HERE = os.getpid()


class ForgetsKey(ReferenceAdapter):
    """Signs RSA with nothing."""

    def sign(self, params, charset, sign_type):
        return {"sign": ""} if sign_type != "MD5" else super().sign(params, charset, sign_type)


class PaysTwice(ReferenceAdapter):
    """Believes a message without a sign; only one of both is in the second process."""

    def verify(self, source, params=None, charset="", **more):
        found = super().verify(source, params, charset, **more)
        return found if any(name == "sign" for name, _ in params or [("sign", "")]) else {"valid": True}


class DiesElsewhere(ReferenceAdapter):
    """Ends the second process, and no other."""

    def refund(self, **args):
        if os.getpid() != HERE:
            os._exit(3)
        return super().refund(**args)


class HangsElsewhere(ReferenceAdapter):
    """Breaks a rule in the second process alone."""

    def refund(self, **args):
        if os.getpid() != HERE:
            raise ValueError
        return super().refund(**args)


def runner(kind, twin=None):
    found = Runner(Subject(PythonTransport(kind)), replace(plan(RunOptions(depth="quick"))))
    found.second = Second(twin)
    return found


def some(found):
    return [case for case in found.cases() if case.id.startswith(SOME)][::4]


def told(kind, twin=None):
    """Return the events of a run, and how many cases the second process spared the first."""
    found = runner(kind, twin)
    return list(found.run(some(found))), found.second


@pytest.fixture(autouse=True)
def no_threads(monkeypatch):
    """Fork although other tests have left threads; wait for what the second process has to tell."""
    monkeypatch.setattr(second.threading, "active_count", lambda: 1)
    monkeypatch.setattr(second, "FEWEST", 1)


@pytest.fixture
def patient(monkeypatch):
    """Let the first process wait at its first case until the second has judged all it can."""
    begin = Second.begin

    def begun(self):
        begin(self)
        if (child := self._child) is not None:
            os.set_blocking(child.told, True)
            child.read()

    monkeypatch.setattr(Second, "begin", begun)


@pytest.mark.parametrize("kind", [ReferenceAdapter, ForgetsKey, PaysTwice])
@pytest.mark.usefixtures("patient")
def test_two_processes_tell_what_one_tells(kind):
    both, found = told(kind, partial(runner, kind))
    assert both == told(kind)[0]
    assert found.helped > len(both) // 3


@pytest.mark.parametrize(("kind", "warned"), [(DiesElsewhere, 1), (HangsElsewhere, 0)])
@pytest.mark.usefixtures("patient")
def test_a_second_process_that_gives_out_costs_its_help_alone(kind, warned):
    (*both, ended), found = told(kind, partial(runner, kind))
    assert [*both, replace(ended, warnings=())] == told(ReferenceAdapter)[0]
    assert found.helped < len(both)
    assert [in_both(each).zh[:11] for each in ended.warnings] == ["本次运行的第二个进程意"] * warned


@pytest.mark.parametrize(
    ("front", "places"), [(-1, [4, 0, 3, 2, 1]), (1, [4, 3, 2]), (4, [])], ids=["none", "some", "all"]
)
def test_it_begins_at_the_end_and_judges_together_what_is_drawn_once(front, places):
    names = ["drawn", "one", "two", "two", "drawn"]
    order = [Case(f"a.{at}", name, print, once_only=name == "drawn") for at, name in enumerate(names)]
    found = list(second._from_the_end(order, lambda: front))
    assert [at for at, _ in found] == places
    assert all(order[at] not in upcoming for at, upcoming in found if at != 0)


def test_the_cases_that_race_or_wait_are_there():
    names = {case.name for case in all_cases(plan(RunOptions()))}
    assert {name.partition("/")[0] for name in names} >= second._WAITS
    assert all(any(race in name for name in names) for race in second._RACES)


@pytest.mark.usefixtures("patient")
def test_what_waits_is_judged_beside_the_rest(monkeypatch):
    names = {case.name for case in some(runner(ReferenceAdapter))[::3]}
    monkeypatch.setattr(second, "_WAITS", {name.partition("/")[0] for name in names})
    both, found = told(ReferenceAdapter, partial(runner, ReferenceAdapter))
    monkeypatch.undo()
    assert both == told(ReferenceAdapter)[0]
    assert found.helped > 0.9 * len(both)


def test_what_is_no_help_ends_soon(monkeypatch):
    monkeypatch.setattr(second, "MOST", 2)
    found = runner(ForgetsKey)
    order = [case for case in found.cases() if case.requirement == "sign.value.raw"][:40]
    searched = []
    monkeypatch.setattr(found._searches, "explained", searched.append)
    judge, verdicts = found.judge, []

    def judging(case, upcoming=()):
        result = judge(case, upcoming)
        verdicts.append(result.verdict)
        return result

    monkeypatch.setattr(found, "judge", judging)
    list(judged(found, order, lambda: -1))
    found.close()
    assert sum(each is not Verdict.PASS for each in verdicts) <= 2
    assert not searched


def test_an_interrupt_leaves_no_process(monkeypatch):
    found = runner(ReferenceAdapter, partial(runner, ReferenceAdapter))
    run = found.run(some(found))
    next(run)
    child = found.second._child.process
    next(run)

    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(found.testbed, "close", interrupted)
    with pytest.raises(KeyboardInterrupt):
        found.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    monkeypatch.undo()
    found.close()


def test_a_second_process_that_does_not_leave_is_ended(monkeypatch):
    monkeypatch.setattr(second, "_PATIENCE", 0.02)
    reading, writing = os.pipe()

    def stays():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.write(writing, b"!")
        while True:
            signal.pause()

    found = Second(stays)
    found.start([None])
    child = found._child.process
    found.begin()
    assert os.read(reading, 1) == b"!"
    with found.ended():
        os.kill(child, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    os.close(reading)
    os.close(writing)
