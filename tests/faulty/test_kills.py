"""Every vector exposes somebody or says why not, and everybody with a fault that data can show is exposed."""

import json
import os

import pytest

from faulty import exposing
from faulty.answerers import registry
from faulty.reference import Healthy
from faulty.run import merchants
from tools.pages.vectors import KILLS

CONTENT = json.loads(KILLS.read_text("utf-8"))
VECTORS = exposing.every_vector()
SAMPLE = VECTORS if os.environ.get("ALIPAY_QR_FAULTY") == "full" else VECTORS[::20]
ANEW = "write it anew: make kills"
RIGHT = [
    Healthy,
    *(kind for kind in merchants().values() if not kind.breaks and not getattr(kind, "own_process", False)),
]


def test_it_is_as_written():
    assert {vector.id: CONTENT["exposes"].get(vector.id, []) for vector in SAMPLE} == {
        vector.id: exposing.exposed(vector) for vector in SAMPLE
    }, ANEW
    assert CONTENT["who"] == exposing.everybody(), ANEW


def test_every_vector_exposes_somebody_or_says_why_not():
    told = {slug for slugs in CONTENT["reasons"].values() for slug in slugs}
    assert "" not in CONTENT["reasons"]
    assert {vector.id for vector in VECTORS} == CONTENT["exposes"].keys() | told
    assert not CONTENT["exposes"].keys() & told
    assert told >= registry.EXCUSED.keys()


def test_everybody_is_exposed_but_those_whose_fault_no_data_shows():
    exposed = {name for found in CONTENT["exposes"].values() for name in found}
    assert CONTENT["who"].keys() - exposed == exposing.UNEXPOSED.keys()


@pytest.mark.parametrize("kind", RIGHT, ids=[kind.name for kind in RIGHT])
def test_who_is_right_is_not_exposed(kind):
    asked = [each for each in VECTORS if each.kind in exposing.OPERATIONS and each.result != "acceptable"]
    exposed = [each.id for each in asked if exposing.is_exposed(kind, each)]
    excused = exposing.RIGHT_IN_ITS_OWN_WAY.get(kind.name)
    assert [each for each in exposed if excused is None or excused not in each] == []
    assert bool(exposed) == bool(excused)
