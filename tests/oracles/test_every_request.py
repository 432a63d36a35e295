"""Every request vector, again: by tables of the oracle's own, and by this project."""

import hashlib

from alipay_qr_conformance.vectors.load import load
from oracles.calls import Calls
from oracles.judging import each_judged, expected
from tools.vectors.expected import request


@each_judged("request")
def test_by_tables_of_its_own(vector):
    assert Calls().request(vector.inputs) == expected(vector)


@each_judged("request")
def test_by_this_project(vector):
    assert request(vector.inputs) == expected(vector)


def test_each_refusal_has_one_reason():
    refused = [vector for vector in load("request") if vector.result == "invalid"]
    assert len(refused) > 200
    assert [vector.id for vector in refused if len(vector.steps["problems"]) != 1] == []


def test_signs_are_right_where_they_are_there():
    """By sorting, joining and hashing, in three lines of the standard library."""
    for vector in load("request"):
        params = dict(vector.params)
        kept = {name: value for name, value in params.items() if value and name not in {"sign", "sign_type"}}
        text = "&".join(f"{name}={kept[name]}" for name in sorted(kept)) + vector.inputs["md5_key"]
        digest = hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
        assert params.get("sign") in {digest, None, ""}, vector.id
