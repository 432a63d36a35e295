"""Who is right about charsets, keys and the wire is not exposed, and who is wrong has one vice and is no wreck."""

import json

import pytest

from alipay_qr_conformance.vectors.load import folder
from oracles.judging import each_of, judged
from zoo import answerers_wire
from zoo.answerers import ANSWERERS, is_wrong

pytestmark = pytest.mark.runtime("iconv")

JUDGED = judged(*answerers_wire.RIGHT)
HOMES = {module.__name__ for module in answerers_wire.MODULES}
EXPOSES = json.loads((folder() / "kills.json").read_text("utf-8"))["exposes"]
FAULTY = {name: kind for name, kind in ANSWERERS.items() if kind.__module__ in HOMES}


@each_of(JUDGED)
def test_who_is_right_is_not_exposed(vector):
    right = answerers_wire.RIGHT[vector.kind]()
    assert not is_wrong(getattr(right, vector.kind)(dict(vector.inputs)), vector)


@pytest.mark.parametrize("name", FAULTY)
def test_who_is_wrong_is_right_about_something(name):
    asked = [vector for vector in JUDGED if getattr(FAULTY[name], vector.kind, None)]
    wrong = [vector for vector in asked if name in EXPOSES.get(vector.id, ())]
    assert 0 < len(wrong) < len(asked) * 2 // 3
