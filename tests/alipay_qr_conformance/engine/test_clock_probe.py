"""Whether a process follows its clock is asked; what does not follow is unsupported, with the reason."""

import sys
import time
from pathlib import Path

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.clock_probe import day, why_not
from alipay_qr_conformance.engine.runner import Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.subjects import Faketime, ProcessTransport, PythonTransport, Subject

ADAPTER = Path(__file__).parents[1] / "subjects" / "clock_adapter.py"
CLOCK_CASES = [case for case in all_cases(Plan(Policy())) if case.clock and case.needs == ("create_qr_code",)]


def runner(*words):
    clock = Faketime()
    command = [sys.executable, "-I", "-S", str(ADAPTER), *words]
    return Runner(Subject(ProcessTransport(command, clock=clock), clock=clock), Plan(Policy()))


@pytest.mark.runtime("faketime")
def test_a_process_that_follows_has_a_clock_from_then_on():
    run = runner()
    try:
        assert (run.hello.clock, run.hello.faketime) == (True, True)
        assert run.judge(CLOCK_CASES[0]).verdict is not Verdict.UNSUPPORTED
    finally:
        run.close()


@pytest.mark.runtime("faketime")
@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("static", "put to 2009-06-15, it sent a timestamp of 20"),
        ("mute", "create_qr_code sent no timestamp that can be read"),
        ("nothing", "it lists neither create_qr_code nor cancel"),
    ],
)
def test_one_that_does_not_follow_is_unsupported_and_says_why(word, reason):
    run = runner(word)
    try:
        assert (run.hello.clock, run.hello.faketime) == (False, False)
        results = [run.judge(case) for case in CLOCK_CASES] if word != "nothing" else []
        assert {each.verdict for each in results} <= {Verdict.UNSUPPORTED}
        assert all(reason in each.reason.en and "libfaketime" in each.reason.zh for each in results)
        assert reason in run._no_clock.en
        assert run.subject.clock is None
    finally:
        run.close()


@pytest.mark.runtime("faketime")
def test_one_that_is_told_the_time_keeps_the_real_clock_for_its_waits():
    run = runner("told")
    try:
        assert (run.hello.clock, run.hello.faketime, run.subject.clock) == (True, False, None)
        answer = run.subject.call("sign", {"params": [], "charset": "UTF-8", "sign_type": "MD5"})
        assert abs(float(answer.value["sign"].split()[0]) - time.time()) < 60
    finally:
        run.close()


def test_a_subject_without_such_a_clock_is_not_tried():
    run = Runner(
        Subject(PythonTransport("alipay_qr_conformance.subjects.reference:ReferenceAdapter")), Plan(Policy())
    )
    try:
        with pytest.raises(ValueError, match="real time"):
            why_not(run.testbed)
    finally:
        run.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2009-06-15 12:00:00", "2009-06-15"),
        ("2009-06-15T04:00:00Z", "2009-06-15"),
        ("20090615120000", "2009-06-15"),
        ("1245038400", "2009-06-15"),
        ("1245038400123", "2009-06-15"),
        ("2009-13-45 00:00:00", None),
        ("now", None),
        ("", None),
    ],
)
def test_the_day_is_read_in_whatever_form_a_timestamp_is_sent(text, expected):
    found = day(text)
    assert (found.isoformat() if found else None) == expected
