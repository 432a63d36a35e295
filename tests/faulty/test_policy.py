"""A policy file is a word that the kit holds a subject to: who keeps it, and who is found out."""

import pytest

from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.runner import CaseFinished, Runner
from alipay_qr_conformance.model.policy import CHOICES, Policy
from alipay_qr_conformance.subjects import PythonTransport, Subject
from faulty.merchants.policy import KEEPERS
from faulty.reference import Healthy

WORDS = [(key, way, kind) for key, ways in KEEPERS.items() for way, kind in ways.items()]
BROKEN = [(key, way, other) for key, way, _ in WORDS for said, other in KEEPERS[key].items() if said != way]


def told(kind, **words):
    """What comes of a declaration, by requirement."""
    made = []
    transport = PythonTransport(lambda: made.append(kind()) or made[-1])
    runner = Runner(Subject(transport), Plan(Policy(**words), depth="quick"))
    try:
        cases = [case for case in all_cases(runner.plan) if case.requirement.startswith("policy.")]
        events = [event.result for event in runner.run(cases) if isinstance(event, CaseFinished)]
    finally:
        runner.close()
        for each in made:
            getattr(each, "close", int)()  # a connection that is reused
    return {result.requirement: result for result in events}


def requirement(key):
    return f"policy.{key.replace('_', '-')}"


@pytest.mark.parametrize(("key", "way", "kind"), WORDS, ids=[f"{key}-{way}" for key, way, _ in WORDS])
def test_whoever_does_what_it_declares_is_not_accused(key, way, kind):
    found = told(kind, **{key: way})
    assert {name: (str(each.verdict), each.reason) for name, each in found.items()} == {requirement(key): ("pass", None)}


@pytest.mark.parametrize(("key", "way", "kind"), BROKEN, ids=[f"{key}-{way}-by-{kind.__name__}" for key, way, kind in BROKEN])
def test_whoever_does_another_thing_is_held_to_its_word(key, way, kind):
    result = told(kind, **{key: way})[requirement(key)]
    assert str(result.verdict) == "fail"
    assert f"{key} = {way}" in result.finding.detail.en
    assert result.finding.keyword is None  # a MUST, as the row says


@pytest.mark.parametrize(("days", "found"), [(90, "more than 92"), (700, "less than 699")])
def test_a_period_is_kept_to_the_day(days, found):
    result = told(Healthy, refund_period=days)["policy.refund-period"]
    assert found in result.finding.detail.en


def test_every_way_of_every_choice_has_somebody_who_keeps_it():
    judged_with_their_rule = {"refund_sum", "cancel_window"}
    assert {key: set(ways) for key, ways in KEEPERS.items() if not CHOICES[key].value} == {
        key: set(choice.ways) for key, choice in CHOICES.items() if choice.ways and key not in judged_with_their_rule
    }
    assert {key for key, choice in CHOICES.items() if choice.value} <= set(KEEPERS)


def test_many_words_at_once_are_looked_at_each():
    words = {key: next(way for way, kind in ways.items() if kind is Healthy) for key, ways in KEEPERS.items() if Healthy in ways.values()}
    assert {str(each.verdict) for each in told(Healthy, **words).values()} == {"pass"}


def test_without_a_policy_nothing_is_held_against_anybody():
    assert told(Healthy) == {}
