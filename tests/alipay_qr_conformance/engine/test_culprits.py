"""No blame without a culprit: a blocked case names a requirement that has a finding, or says why not."""

import pytest

from alipay_qr_conformance.engine.culprits import Court, is_culprit
from alipay_qr_conformance.engine.events import CaseFinished, CulpritFound
from alipay_qr_conformance.model.outcomes import Blocked
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Verdict
from alipay_qr_conformance.testbed.case import Case


def case(requirement, name="case"):
    return Case(requirement, name, run=lambda _: None)


def blocked(of, key, **details):
    why = Blocked(key, **details)
    return CaseResult(of.requirement, of.name, Verdict.BLOCKED, why.reason, blames=why.blames)


def broken(of, verdict=Verdict.FAIL):
    finding = Finding(of.requirement, of.name, verdict, message("sign.differs"))
    return CaseResult(of.requirement, of.name, verdict, finding.detail, finding)


def passed(of):
    return CaseResult(of.requirement, of.name, Verdict.PASS)


def settled(heard, judge=passed, every=()):
    """What becomes of results that are heard in this order, and the faults of the kit."""
    court = Court(judge, lambda: every)
    told = [each for of, result in heard if (each := court.hears(of, result)) is not None]
    events = list(court.settles(len(told), len(heard)))
    told += [each.result for each in events if isinstance(each, CaseFinished)]
    return told, [each.result for each in events if isinstance(each, CulpritFound)], court.faults


REJECT, GENUINE, SUM = case("notify.reject.changed"), case("notify.genuine"), case("money.refund.sum")


@pytest.mark.parametrize("order", [1, -1], ids=["culprit-first", "culprit-last"])
def test_a_blocked_case_stays_so_where_its_culprit_has_a_finding(order):
    heard = [(GENUINE, broken(GENUINE)), (REJECT, blocked(REJECT, "see.genuine"))][::order]
    told, culprits, faults = settled(heard)
    assert {each.verdict for each in told} == {Verdict.FAIL, Verdict.BLOCKED}
    assert (culprits, faults) == ([], [])


def test_it_names_the_finding_where_its_reason_names_none():
    told, _, faults = settled([(SUM, blocked(SUM, "money.step", what="x")), (GENUINE, broken(GENUINE))])
    assert told[-1].reason.en.endswith("; see notify.genuine")
    assert told[-1].reason.zh.endswith("；见 notify.genuine")
    assert faults == []


@pytest.mark.parametrize("order", [1, -1], ids=["should-first", "should-last"])
def test_the_breach_of_a_should_is_named_where_nothing_else_is_left(order):
    light, heavy, waiting = (
        case("sign.type.no-silent-sign"),
        case("request.carried-out"),
        case("request.method"),
    )
    findings = [(light, broken(light)), (heavy, broken(heavy))][::order]
    told, _, _ = settled([findings[0], (waiting, blocked(waiting, "nothing.reached", op="x")), findings[1]])
    (reason,) = [each.reason for each in told if each.requirement == "request.method"]
    assert reason.en.endswith("see request.carried-out")
    told, _, _ = settled([(light, broken(light)), (waiting, blocked(waiting, "nothing.reached", op="x"))])
    assert told[-1].reason.en.endswith("see sign.type.no-silent-sign")


def test_who_blames_a_blocked_one_blames_what_that_blames():
    middle = case("money.refund.exact")
    heard = [
        (GENUINE, broken(GENUINE)),
        (middle, blocked(middle, "see.genuine")),
        (SUM, blocked(SUM, "see.requirement", requirement=middle.requirement)),
    ]
    told, _, faults = settled(heard)
    assert told[-1].reason.en.endswith("; see notify.genuine")
    assert faults == []


def test_a_hang_explains_what_is_not_asked_any_more():
    told, _, faults = settled(
        [(GENUINE, broken(GENUINE, Verdict.HANG)), (SUM, blocked(SUM, "see.hang", op="notify", count=3))]
    )
    assert (told[-1].verdict, faults) == (Verdict.BLOCKED, [])


def test_a_culprit_that_was_not_chosen_is_run_and_told_apart():
    told, culprits, faults = settled([(REJECT, blocked(REJECT, "see.genuine"))], broken, [REJECT, GENUINE])
    assert [each.requirement for each in culprits] == ["notify.genuine"]
    assert [each.verdict for each in told] == [Verdict.BLOCKED]
    assert faults == []


def test_what_was_a_matter_of_the_moment_passes_when_it_is_tried_again():
    told, _, faults = settled([(REJECT, blocked(REJECT, "see.genuine"))], passed, [GENUINE])
    assert [each.verdict for each in told] == [Verdict.PASS]
    assert faults == []


@pytest.mark.parametrize(
    ("of", "key", "details", "accused"),
    [
        (REJECT, "see.genuine", {}, "notify.genuine"),
        (SUM, "nothing.reached", {"op": "refund"}, "request.carried-out"),
        (case("sign.order"), "see.requirement", {"requirement": "sign.join"}, "sign.order"),
        (case("verify.reject.changed"), "see.text", {}, "verify.reject.changed"),
    ],
    ids=["refused-notification", "call-not-sent", "wrong-sign", "wrong-text"],
)
def test_a_breach_that_a_case_saw_itself_becomes_a_finding(of, key, details, accused):
    result = blocked(of, key, **details)
    told, _, faults = settled([(of, result)], lambda of: result if of.name == result.case else passed(of))
    assert [(each.requirement, each.finding.requirement) for each in told] == [(accused, accused)]
    assert faults == []


def test_what_nobody_is_to_blame_for_is_a_fault_of_the_kit():
    result = blocked(SUM, "see.requirement", requirement="response.belongs")
    told, _, faults = settled([(SUM, result)], lambda _: result)
    assert [each.verdict for each in told] == [Verdict.BLOCKED]
    assert ["could not judge money.refund.sum[case]" in each.en for each in faults] == [True]


def test_what_is_said_of_money_rests_on_requests_that_are_right():
    blocked = Blocked("see.requirement", requirement="money.refund.exact")
    found = Finding("request.service", "refund", Verdict.FAIL, message("sign.differs"))
    assert is_culprit(found, blocked.blames)
    assert not is_culprit(found, Blocked("see.requirement", requirement="notify.genuine").blames)
