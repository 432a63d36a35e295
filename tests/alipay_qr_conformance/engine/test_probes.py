"""Nothing is passed by a subject that does nothing, or refuses everything, or declines what it likes."""

import base64

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.subjects import PythonTransport, Refused, Subject, Unsupported
from alipay_qr_conformance.subjects.reference import ReferenceAdapter

WORK = ("presign", "sign", "verify", "expect", "create_qr_code", "cancel", "refund", "notify", "trade")


def raises(self, **_):
    raise ValueError("no such table")


def refuses(self, **_):
    raise Refused("not today")


def says_nothing(self, **_):
    return {}


def results(adapter, wanted=lambda case: True):
    runner = Runner(Subject(PythonTransport(adapter)), Plan(Policy(), depth="quick"))
    try:
        cases = [case for case in all_cases(runner.plan) if wanted(case)]
        return [event.result for event in runner.run(cases) if isinstance(event, CaseFinished)]
    finally:
        runner.close()


@pytest.mark.slow  # each case that there is, once
@pytest.mark.parametrize("whatever", [raises, refuses, says_nothing])
def test_who_does_nothing_passes_nothing(whatever):
    adapter = type("Nothing", (ReferenceAdapter,), dict.fromkeys(WORK, whatever))
    found = results(adapter)
    assert [f"{each.requirement}[{each.case}]" for each in found if each.verdict is Verdict.PASS] == []
    assert all(each.reason.en and each.reason.zh for each in found if each.verdict is Verdict.BLOCKED)


class RefusesEveryMessage(ReferenceAdapter):
    """Calls no message valid."""

    def verify(self, **_):
        return {"valid": False}


def test_who_calls_no_message_valid_has_rejected_nothing():
    found = results(RefusesEveryMessage, lambda case: case.requirement.startswith("verify.reject.no-sign"))
    assert found
    assert {each.verdict for each in found} == {Verdict.BLOCKED}
    directed = [each.reason.en for each in found if "any-" not in each.case]
    assert directed
    assert all("never seen to do" in reason for reason in directed), directed


def test_a_single_case_is_passed_without_the_others():
    found = results(
        ReferenceAdapter, lambda case: case.id == "verify.reject.changed[value-changed/response/RSA]"
    )
    assert [each.verdict for each in found] == [Verdict.PASS]


class PicksItsMessages(ReferenceAdapter):
    """Says unsupported of a message that it does not like."""

    def verify(self, source, params=None, charset=""):
        told = super().verify(source, params, charset)
        if not told["valid"]:
            raise Unsupported("not this one")
        return told


def test_what_was_answered_once_may_not_be_declined_for_other_values():
    wanted = {"verify.genuine", "verify.reject.no-sign"}
    found = results(PicksItsMessages, lambda case: case.requirement in wanted and "any-" in case.name)
    verdicts = {
        word: {each.verdict for each in found if each.requirement.endswith(word)}
        for word in ("genuine", "no-sign")
    }
    assert verdicts == {"genuine": {Verdict.PASS}, "no-sign": {Verdict.GARBLED}}
    assert "unsupported is no verdict" in next(each.reason.en for each in found if each.finding)


class Stumbles(ReferenceAdapter):
    """Reads a field that need not be there."""

    def notify(self, **args):
        if b"buyer_email" not in base64.b64decode(args["body_base64"]):
            raise KeyError("buyer_email")
        return super().notify(**args)


def test_a_finding_shows_what_the_subject_raised():
    found = results(Stumbles, lambda case: case.id.startswith("notify.genuine[any-news-fields/MD5/UTF-8"))
    assert [each.verdict for each in found] == [Verdict.FAIL]
    assert "buyer_email" in found[0].finding.evidence["error"]
    assert "Traceback" in found[0].finding.evidence["traceback"]


class AcknowledgesNothing(ReferenceAdapter):
    """Believes no notification; what it is told to expect, it expects."""

    def notify(self, **_):
        return {"reply": "fail"}


def test_whose_refusals_show_nothing_is_explained_by_what_it_refuses():
    runner = Runner(Subject(PythonTransport(AcknowledgesNothing)), Plan(Policy(), depth="quick"))
    cases = [case for case in all_cases(runner.plan) if case.requirement == "notify.validate.amount"]
    *_, finished = runner.run(cases)
    assert cases
    assert finished.faults == ()
