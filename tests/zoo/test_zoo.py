"""The kit's verdict proves itself: each animal is accused of what its vice deserves, and of nothing else."""

import re
from pathlib import Path

import pytest

from alipay_qr_conformance.model.requirements import register
from zoo.keeper import Healthy
from zoo.readme import README, text
from zoo.runner import UMBRELLAS, animals, level_left, visit

pytestmark = pytest.mark.slow

FAULTY = [name for name, kind in animals().items() if kind.expects]
COUSINS = [name for name, kind in animals().items() if not kind.expects]
DERIVED = re.compile(r"request\.(create|cancel|refund)\.")


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_healthy_one_reaches_the_top_unaccused(seed):
    seen = visit(Healthy, seed=seed)
    assert seen.accused == set(), seen.because(seen.accused)
    assert seen.summary.level == 4


@pytest.mark.parametrize("name", FAULTY)
def test_one_vice_earns_what_it_deserves(name):
    kind = animals()[name]
    seen = visit(kind)
    accused = seen.accused - (UMBRELLAS - kind.expects)
    assert accused == kind.expects, seen.because(accused - kind.expects)
    assert seen.summary.level == level_left(kind)
    if verdict := getattr(kind, "verdict", None):
        assert seen.verdicts == {verdict}


@pytest.mark.parametrize("name", COUSINS)
def test_a_habit_is_no_vice(name):
    kind = animals()[name]
    seen = visit(kind)
    assert seen.accused == set(), seen.because(seen.accused)
    assert seen.summary.level == level_left(kind)


def test_every_requirement_that_is_tested_has_an_animal():
    """But for single parameters, whose rows and rules are derived from one table."""
    deserved = set().union(*(kind.expects for kind in animals().values()))
    tested = {row.id for row in register().values() if row.excluded is None}
    missing = {each for each in tested - deserved - UMBRELLAS if not DERIVED.match(each)}
    assert missing == set()


def test_animals_deserve_requirements_that_exist_and_are_tested():
    for name, kind in animals().items():
        for each in kind.expects:
            assert each in register(), (name, each)
            assert register()[each].excluded is None, (name, each)


def test_vices_are_one_line_and_told_once():
    vices = [kind.vice for kind in animals().values()]
    assert len(set(vices)) == len(vices)
    assert not [vice for vice in vices if len(vice) > 110 or "\n" in vice or "|" in vice]


def test_the_readme_lists_them_all():
    assert README.read_text("utf-8") == text(), "write it anew: python tests/zoo/readme.py"


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
