"""The cases that run first: which are taken, and what they find."""

import pytest

from alipay_qr_conformance.checks import all_cases
from alipay_qr_conformance.engine.order import likely
from alipay_qr_conformance.engine.setup import RunOptions, plan
from tools.likely import FILE, Cost, cheapest_first, waits, written

FOUND = {
    "a": frozenset({"dear", "cheap"}),
    "b": frozenset({"dear"}),
    "c": frozenset({"dear", "gone"}),
    "d": frozenset({"gone"}),
}
OWN = {name: Cost(seconds, name) for name, seconds in {"dear": 0.3, "cheap": 0.01}.items()}


@pytest.mark.parametrize(
    ("costs", "chosen"),
    [
        (OWN, ["cheap", "dear"]),
        (OWN | {"dear": Cost(0.027, "dear")}, ["dear"]),
        (OWN | {"dear": Cost(0.027, "dear", setup="RSA/GBK")}, ["cheap", "dear"]),
        (OWN | {"dear": Cost(0.02, "dear", late=True)}, ["cheap", "dear"]),
        (OWN | {"gone": Cost(0.001, "together"), "dear": Cost(0.02, "together")}, ["dear", "gone"]),
    ],
    ids=["cheap-first", "finds-more", "another-setup", "made-late", "drawn-together"],
)
def test_what_finds_most_for_its_cost_is_taken_first(costs, chosen):
    assert cheapest_first(FOUND, costs) == chosen


def test_a_merchant_waits_for_the_first_case_that_finds_it():
    assert waits(FOUND, OWN, ["cheap", "dear"]) == [0.01, 0.31, 0.31, float("inf")]


def test_a_line_stands_before_the_first_case_that_is_made_late():
    lines = written(
        ["soon", "late", "more"],
        {name: Cost(0.1, name, late=name == "late") for name in ("soon", "late", "more")},
    )
    assert [line[:5] for line in lines.splitlines()[2:]] == ["soon", "# ---", "late", "more"]


def test_the_file_names_cases_of_today_once():
    names = [line for line in FILE.read_text("utf-8").splitlines() if line[:1] != "#"]
    gone = set(names) - {case.id for case in all_cases(plan(RunOptions()))}
    assert len(names) == len(likely())
    assert len(gone) <= 0.2 * len(names), f"python -m tools.likely --write: {sorted(gone)}"
