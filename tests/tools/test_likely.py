"""The cases that run first: which are taken, and what they find."""

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.order import likely
from alipay_qr_conformance.engine.setup import RunOptions, plan
from tools.likely import FILE, cheapest_first, waits, with_more

FOUND = {
    "a": frozenset({"dear", "cheap"}),
    "b": frozenset({"dear"}),
    "c": frozenset({"dear", "gone"}),
    "d": frozenset({"gone"}),
}


@pytest.mark.parametrize(
    ("costs", "seconds", "chosen"),
    [
        ({"dear": 0.3, "cheap": 0.01}, 1.0, ["cheap", "dear"]),
        ({"dear": 0.02, "cheap": 0.01}, 1.0, ["dear"]),
        ({"dear": 0.3, "cheap": 0.01}, 0.01, ["cheap"]),
    ],
)
def test_what_finds_most_for_its_cost_is_taken_first(costs, seconds, chosen):
    assert cheapest_first(FOUND, costs, seconds) == chosen


def test_what_is_added_stands_in_the_second_half_before_what_costs_more():
    costs = {"first": 0.9, "cheap": 0.01, "dear": 0.3, "more": 0.1, "most": 0.5}
    found = {"a": frozenset({"more"}), "b": frozenset({"most"}), "c": frozenset({"most"}), "d": frozenset()}
    assert with_more(["first", "cheap", "dear"], found, costs) == ["first", "cheap", "more", "dear", "most"]


def test_a_merchant_waits_for_the_first_case_that_finds_it():
    costs = {"cheap": 0.01, "dear": 0.3}
    assert waits(FOUND, costs, {"cheap": 0, "dear": 1}) == [0.01, 0.31, 0.31, float("inf")]


def test_the_file_names_cases_of_today_once():
    names = [line for line in FILE.read_text("utf-8").splitlines() if line[:1] != "#"]
    gone = set(names) - {case.id for case in all_cases(plan(RunOptions()))}
    assert len(names) == len(likely())
    assert len(gone) <= 0.2 * len(names), f"python -m tools.likely --write: {sorted(gone)}"
