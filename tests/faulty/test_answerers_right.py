"""Right implementations are not exposed; a faulty one has one fault, and is right about the rest."""

import json
from pathlib import Path

import pytest

from alipay_qr_conformance.vectors.load import folder
from faulty.answerers.registry import is_wrong
from faulty.answerers.right import RIGHT
from faulty.exposing import implementations
from oracles.judging import each_of, judged

pytestmark = pytest.mark.runtime("iconv")

JUDGED = judged(*RIGHT)
EXPOSES = json.loads((Path(__file__).parents[2] / "vectors" / "kills.json").read_text("utf-8"))["exposes"]
FAULTY = implementations()


@each_of(JUDGED)
def test_a_right_implementation_is_not_exposed(vector):
    right = RIGHT[vector.kind]()
    assert not is_wrong(getattr(right, vector.kind)(dict(vector.inputs)), vector)


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_implementation_is_right_about_something(name):
    asked = [vector for vector in JUDGED if getattr(FAULTY[name], vector.kind, None)]
    wrong = [vector for vector in asked if name in EXPOSES.get(vector.id, ())]
    assert 0 < len(wrong) < len(asked) * 2 // 3
