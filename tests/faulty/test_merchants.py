"""The kit's verdict proves itself: a merchant is accused of what its fault breaks, and of nothing else."""

import re
import zlib
from pathlib import Path

import pytest

from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.verdicts import Verdict
from alipay_qr_conformance.testbed import properties
from faulty.gateways import GATEWAYS
from faulty.reference import OPERATIONS, Healthy
from faulty.seeds import differing
from faulty.run import ANYWHERE, judge, judge_in_gate, level_left, merchants, module_of, run, spared

FAULTY = [name for name, kind in merchants().items() if kind.breaks]
HARMLESS = [name for name, kind in merchants().items() if not kind.breaks]
DERIVED = re.compile(r"request\.(create|cancel|refund)\.")


@pytest.fixture(autouse=True)
def any_failing_history(monkeypatch):
    """Let a history that fails stand as it was found: what is shortest is no matter here, and costs most."""
    monkeypatch.setattr(properties, "SHRINK_BUDGET", 1)


@pytest.mark.slow
def test_the_reference_reaches_the_top_unaccused():
    seen = judge(Healthy)
    assert seen.accused == set(), seen.because(seen.accused)
    assert seen.summary.level == 4


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_merchant_is_accused_of_what_it_breaks(name):
    kind = merchants()[name]
    seen, breaks = judge_in_gate(kind), set(kind.breaks)
    accused = seen.accused - spared(breaks)
    assert accused == breaks, seen.because(accused - breaks)
    assert seen.summary.level == level_left(kind)
    if verdict := getattr(kind, "verdict", None):
        assert seen.verdicts == {verdict}


def test_who_raises_always_passes_nothing():
    def gives_up(*_, **__):
        raise RuntimeError("not today")

    works = {"hello", "configure", "reset"}
    kind = type("Raises", (Healthy,), {op: gives_up for op in OPERATIONS if op not in works})
    # A vector with keys of its own builds on what was seen under the run's, which a sample need not hold.
    results = run(kind, met=lambda _, case: not case.setup.keys_of and zlib.crc32(case.id.encode()) % 60 == 0)
    assert len(results) > 20
    assert Verdict.PASS not in {each.verdict for each in results}


@pytest.mark.slow
@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_variant_is_not_accused(name):
    kind = merchants()[name]
    seen = judge(kind)
    assert seen.accused == set(), seen.because(seen.accused)
    assert seen.summary.level == level_left(kind)


@pytest.mark.parametrize("name", FAULTY)
def test_a_merchant_lies_in_the_family_of_what_it_breaks_first(name):
    kind = merchants()[name]
    gives_out = hasattr(kind, "verdict")  # a process that hangs or dies, over whatever message
    assert kind.__module__ == ("faulty.merchants.process" if gives_out else module_of(kind.breaks[0]))


def test_every_requirement_that_is_tested_is_broken_by_somebody():
    """But for single parameters, whose rows and rules are derived from one table."""
    kinds = [*merchants().values(), *GATEWAYS.values()]
    broken = {each for kind in kinds for each in kind.breaks}
    tested = {row.id for row in register().values() if row.excluded is None}
    missing = {each for each in tested - broken - ANYWHERE if not DERIVED.match(each)}
    assert missing == set()


def test_merchants_break_requirements_that_exist_and_are_tested():
    for name, kind in merchants().items():
        assert len(set(kind.breaks)) == len(kind.breaks), name
        for each in kind.breaks:
            assert each in register(), (name, each)
            assert register()[each].excluded is None, (name, each)


def test_faults_are_one_line_and_told_once():
    faults = [kind.fault for kind in merchants().values()]
    assert len(set(faults)) == len(faults)
    assert not [fault for fault in faults if len(fault) > 110 or "\n" in fault or "|" in fault]


def test_the_mistakes_of_the_wild_lead_to_requirements_that_exist():
    page = (Path(__file__).parents[2] / "docs" / "wild-mistakes.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 28))
    for number, _, answer in rows:
        named = re.findall(r"`([a-z0-9_.-]+)`", answer)
        assert named or answer.startswith("not tested: "), number
        for each in named:
            assert each in register(), (number, each)
            assert register()[each].excluded is None, (number, each)


@pytest.mark.slow  # the kit five times over; `make seeds` asks it of all of them
def test_accusations_do_not_depend_on_the_seed():
    assert differing("uncounted-other-currencies") == {}
