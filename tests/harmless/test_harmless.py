"""Nobody innocent is accused: each variant meets the cases of its family, and a fifth of all."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from zlib import crc32

import pytest

from alipay_qr_conformance.model.requirements import register
from harmless.base import FAMILIES, VARIANTS
from harmless.habits import Habits
from harmless.run import accusations, can_be_met, gate


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, each in VARIANTS.items() if not each.slow])
def test_nobody_innocent_is_accused(name):
    assert _accusations(VARIANTS[name]) == {}


@pytest.mark.slow
def test_nobody_who_makes_one_wait_is_accused():
    waiting = [each for each in VARIANTS.values() if each.slow]
    with ThreadPoolExecutor(len(waiting)) as pool:  # all wait at once
        said = pool.map(_accusations, waiting)
        assert {each.name: against for each, against in zip(waiting, said, strict=True) if against} == {}


def _accusations(variant):
    channel = "process" if variant.environment else "object"
    profile = (
        "hk" if crc32(variant.name.encode()) % 8 == 0 and can_be_met(variant, channel, "hk") else "global"
    )
    return accusations(variant, gate(variant), profile, channel)


def test_each_family_has_many_and_each_says_what_makes_it_legal():
    count = Counter(each.family for each in VARIANTS.values())
    assert set(count) == set(FAMILIES)
    assert len(VARIANTS) >= 150
    assert min(count.values()) >= 10
    for name, each in VARIANTS.items():
        assert each.says.rstrip(".").endswith(")"), name
        assert "\n" not in each.says, name
        assert len(each.says) <= 120, name
    says = Counter(each.says for each in VARIANTS.values())
    assert [each for each, times in says.items() if times > 1] == []


def test_every_habit_is_had_by_a_variant():
    usual, had = asdict(Habits()), set()
    for each in VARIANTS.values():
        had |= {
            key
            for key, value in asdict(getattr(each.make, "habits", Habits())).items()
            if value != usual[key]
        }
    assert set(usual) - had == set()


def test_every_family_names_requirements_that_exist():
    for beginnings in FAMILIES.values():
        for beginning in beginnings:
            assert any(each.startswith(beginning) for each in register()), beginning
