import importlib
import random
import sys
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from alipay_qr_conformance.model.outcomes import Blocked, Failed, NoUsableAnswer, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text, Verdict
from alipay_qr_conformance.testbed import properties
from alipay_qr_conformance.testbed.properties import SHRINK_BUDGET, for_all, run_machine


def breaks(when, seen=None):
    def body(value):
        if seen is not None:
            seen.append(value)
        if when(value):
            raise Failed("sign.differs", {"value": repr(value)})

    return body


def test_it_shrinks_to_a_short_example():
    body = breaks(lambda text: "&" in text)
    with pytest.raises(Failed) as caught:
        for_all(st.text("ab&", min_size=1, max_size=30), body, examples=100, seed=0)
    assert caught.value.evidence == {"value": "'&'"}
    assert not getattr(caught.value, "__notes__", [])


def test_shrinking_is_bounded():
    seen = []
    body = breaks(lambda rows: sum(rows) > 1000, seen)
    with pytest.raises(Failed):
        for_all(st.lists(st.integers(0, 10**9), min_size=20), body, examples=20, seed=0)
    assert len(seen) <= 20 + SHRINK_BUDGET + 1


def test_the_shortest_example_so_far_stands_when_the_budget_is_spent():
    best = []

    def body(rows):
        if sum(rows) > 10**6:
            best.append(rows)
            raise Failed("sign.differs", {"value": repr(rows)})

    with pytest.raises(Failed) as caught:
        for_all(st.lists(st.integers(0, 10**9), min_size=20), body, examples=10, seed=3)
    assert caught.value.evidence["value"] in {repr(rows) for rows in best}


def adding(guard):
    """A machine that adds numbers, and fails where there are many."""

    class Adding(RuleBasedStateMachine):
        def __init__(self):
            guard.begin()
            super().__init__()
            self.numbers = []

        @rule(number=st.integers(0, 10**9))
        def add(self, number):
            self.numbers.append(number)
            guard.step(lambda: breaks(lambda rows: len(rows) > 9)(self.numbers))

    return Adding


@pytest.mark.parametrize("shrink", [True, False], ids=["shrunk", "as-found"])
def test_a_history_stands_as_short_as_it_is_when_the_budget_is_spent(monkeypatch, shrink):
    monkeypatch.setattr(properties, "SHRINK_BUDGET", 0)
    with pytest.raises(Failed) as caught:
        run_machine(adding, examples=20, steps=30, seed=0, shrink=shrink)
    assert caught.value.evidence["value"].count(",") == 9


@pytest.mark.parametrize(
    "error",
    [
        NoUsableAnswer(Verdict.HANG, message("see.genuine"), {"a": "b"}),
        Unsupported(Text("no", "不")),
        Blocked("see.genuine"),
    ],
    ids=["stopped", "cannot-do", "not-judged"],
)
def test_what_is_no_finding_ends_it_at_once(error):
    calls = []

    def body(value):
        calls.append(value)
        if len(calls) == 3:
            raise error

    with pytest.raises(type(error)) as caught:
        for_all(st.integers(), body, examples=500, seed=0)
    assert caught.value is error
    assert len(calls) == 3


def test_a_crash_while_shrinking_ends_it_at_once():
    calls = []

    def body(value):
        calls.append(value)
        if calls[0] != value:
            raise NoUsableAnswer(Verdict.CRASH, message("see.genuine"), {})
        raise Failed("sign.differs")

    with pytest.raises((NoUsableAnswer, Failed)):
        for_all(st.integers(5, 10**6), body, examples=500, seed=0)
    assert len(calls) < 5


def test_an_answer_that_changes_is_unstable():
    seen = set()

    def body(value):
        if value not in seen:
            seen.add(value)
            raise Failed("sign.differs")

    with pytest.raises(NoUsableAnswer) as caught:
        for_all(st.integers(), body, examples=50, seed=0)
    assert caught.value.verdict is Verdict.UNSTABLE
    assert "example" in caught.value.evidence


def test_a_fault_of_the_kit_is_not_swallowed():
    with pytest.raises(ZeroDivisionError):
        for_all(st.integers(), lambda value: 1 / 0, examples=5, seed=0)


def drawn(seed, examples=30):
    seen = []
    for_all(st.lists(st.integers()), seen.append, examples=examples, seed=seed)
    return seen


def test_the_seed_alone_decides_what_is_drawn(monkeypatch):
    first = drawn(7)
    hypothesis.settings.register_profile(
        "user", max_examples=1, derandomize=True, phases=[], verbosity=hypothesis.Verbosity.debug
    )
    monkeypatch.setattr(hypothesis.settings, "_current_profile", hypothesis.settings._current_profile)
    before = hypothesis.settings._current_profile
    hypothesis.settings.load_profile("user")
    random.seed(1)
    try:
        assert drawn(7) == first
    finally:
        hypothesis.settings.load_profile(before)
    assert drawn(8) != first
    assert len(first) == 30


def test_the_users_modules_do_not_decide_what_is_drawn(tmp_path, monkeypatch):
    """Hypothesis would draw the constants of local modules, among them what nobody wants in a report."""
    first = drawn(7, 300)
    rows = "\n".join(f"C{number} = {10**12 + number}" for number in range(200))
    (tmp_path / "shop_settings.py").write_text(rows, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "shop_settings", raising=False)
    importlib.import_module("shop_settings")
    users = []

    @hypothesis.settings(max_examples=300, database=None, deadline=None)
    @hypothesis.given(st.integers())
    def one_of_the_user(value):
        users.append(value)

    one_of_the_user()
    assert {value for value in users if 10**12 <= value < 10**12 + 200}
    assert drawn(7, 300) == first


@pytest.mark.parametrize("name", ["_get_local_constants", "CONSTANTS_CACHE", "Constants"])
def test_a_release_that_draws_in_another_way_is_not_judged(monkeypatch, name):
    from hypothesis.internal.conjecture import providers

    seen = []
    with monkeypatch.context() as patched:
        patched.delattr(providers, name)
        with pytest.raises(Unsupported) as caught:
            for_all(st.integers(), seen.append, examples=5, seed=0)
    assert caught.value.optional
    assert hypothesis.__version__ in caught.value.reason.en
    assert seen == []


def test_a_release_before_the_constants_needs_nothing_changed(monkeypatch):
    monkeypatch.setattr(hypothesis, "__version_info__", (6, 130, 13))
    assert len(drawn(7)) == 30


def test_nothing_is_left_in_the_users_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    from hypothesis import configuration

    home = configuration.__dict__["__hypothesis_home_directory"]
    with pytest.raises(Failed):
        for_all(st.text(), breaks(lambda text: len(text) > 3), examples=200, seed=0)
    assert list(Path().iterdir()) == []
    assert configuration.__dict__["__hypothesis_home_directory"] == home
    assert capsys.readouterr() == ("", "")


def test_a_lost_blank_is_found_and_told_in_few_characters(run_kit):
    """The whole way: a signer that trims values, by the property over all messages."""
    from alipay_qr_conformance.subjects.reference import ReferenceAdapter

    class Trims(ReferenceAdapter):
        def sign(self, params, charset, sign_type):
            cut = [[name, value and value.strip()] for name, value in params]
            return super().sign(cut, charset, sign_type)

    ran = run_kit(Trims, "*any-message[sign/utf-8]")
    (finding,) = [result.finding for result in ran.results.values()]
    assert len(finding.evidence["parameters"]) < 40
