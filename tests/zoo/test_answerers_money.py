"""Who is right about money, times and parameters is not exposed, and who is wrong has one vice and is no wreck."""

import json

import pytest

from alipay_qr_conformance.vectors.load import folder
from oracles.judging import each_of, judged
from zoo import answerers_money
from zoo.answerers import ANSWERERS, is_wrong

JUDGED = judged(*answerers_money.RIGHT)
HOMES = {module.__name__ for module in answerers_money.MODULES}
EXPOSES = json.loads((folder() / "kills.json").read_text("utf-8"))["exposes"]
FAULTY = {name: kind for name, kind in ANSWERERS.items() if kind.__module__ in HOMES}


@each_of(JUDGED)
def test_who_is_right_is_not_exposed(vector):
    right = answerers_money.RIGHT[vector.kind]()
    assert not is_wrong(getattr(right, vector.kind)(dict(vector.inputs)), vector)


@pytest.mark.parametrize("name", FAULTY)
def test_who_is_wrong_is_right_about_something(name):
    asked = [vector for vector in JUDGED if hasattr(FAULTY[name], vector.kind)]
    wrong = [vector for vector in asked if name in EXPOSES[vector.id]]
    assert 0 < len(wrong) < len(asked) * 2 // 3
