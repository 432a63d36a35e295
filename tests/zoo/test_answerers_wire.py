"""Every vector about charsets, bytes, keys and responses shows somebody to be wrong, and nobody who is right."""

import re

import pytest

from alipay_qr_conformance.vectors import load
from zoo import answerers_wire
from zoo.answerers import ANSWERERS, EXCUSED, exposed, is_wrong

pytestmark = pytest.mark.runtime("iconv")

RIGHT = answerers_wire.RIGHT
JUDGED = [vector for name in RIGHT for vector in load(name) if vector.result != "acceptable"]
FORGED_IN_NUMBERS = re.compile(
    r"notification-rsa2?-(?:e3-.*|a-(?:signature-(?:over|with)|block|digest-info|number)-.*)"
)
"""Of the notifications these are ours to expose; the animals are asked about all of them."""
EXPOSING = [vector for vector in JUDGED if vector.kind != "verify_notification" or FORGED_IN_NUMBERS.fullmatch(vector.id)]
FAULTY = {name: kind for name, kind in ANSWERERS.items() if kind.__module__ == answerers_wire.__name__}


@pytest.fixture(scope="module")
def exposing():
    return {vector.id: exposed(vector, FAULTY) for vector in EXPOSING}


def test_every_vector_exposes_somebody(exposing):
    assert [slug for slug, names in exposing.items() if not names and slug not in EXCUSED] == []


def test_everybody_faulty_is_exposed(exposing):
    assert sorted(FAULTY.keys() - {name for names in exposing.values() for name in names}) == []


def test_everybody_faulty_is_right_about_something(exposing):
    """One vice, not a wreck."""
    for name, kind in FAULTY.items():
        asked = [vector for vector in EXPOSING if hasattr(kind, vector.kind)]
        wrong = [vector for vector in asked if name in exposing[vector.id]]
        assert len(wrong) < len(asked) * 2 // 3, name


@pytest.mark.parametrize("vector", JUDGED, ids=[vector.id for vector in JUDGED])
def test_who_is_right_is_not_exposed(vector):
    right = RIGHT[vector.kind]()
    assert not is_wrong(getattr(right, vector.kind)(dict(vector.inputs)), vector)
