"""Every vector about money, times and parameters shows somebody to be wrong, and nobody who is right."""

import pytest

from alipay_qr_conformance.vectors import load
from zoo import answerers_money
from zoo.answerers import ANSWERERS, exposed, is_wrong

JUDGED = [vector for name in answerers_money.RIGHT for vector in load(name) if vector.result != "acceptable"]
FAULTY = {name: kind for name, kind in ANSWERERS.items() if kind.__module__ == answerers_money.__name__}


@pytest.fixture(scope="module")
def exposing():
    return {vector.id: exposed(vector) for vector in JUDGED}


def test_every_vector_exposes_somebody(exposing):
    assert [slug for slug, names in exposing.items() if not names] == []


def test_everybody_faulty_is_exposed(exposing):
    assert sorted(FAULTY.keys() - {name for names in exposing.values() for name in names}) == []


def test_everybody_faulty_is_right_about_something(exposing):
    """One vice, not a wreck."""
    for name, kind in FAULTY.items():
        asked = [vector for vector in JUDGED if hasattr(kind, vector.kind)]
        wrong = [vector for vector in asked if name in exposing[vector.id]]
        assert len(wrong) < len(asked) * 2 // 3, name


@pytest.mark.parametrize("vector", JUDGED, ids=[vector.id for vector in JUDGED])
def test_who_is_right_is_not_exposed(vector):
    right = answerers_money.RIGHT[vector.kind]()
    assert not is_wrong(getattr(right, vector.kind)(dict(vector.inputs)), vector)
