"""Published packages that sign wrongly: the doctor names what was found in their source, and nothing else.

The signs were recorded by `python -m tools.subjects --write`; here no registry is asked.
"""

import json
import tomllib
from pathlib import Path

import pytest

from alipay_qr_conformance.doctor import explain_params

SUBJECTS = Path(__file__).resolve().parents[4] / "subjects"
SIGNS = json.loads((SUBJECTS / "signs.json").read_text("ascii"))
EXPECTED = {
    path.parent.name: tomllib.loads(path.read_text("utf-8")).get("doctor", {})
    for path in SUBJECTS.glob("*/subject.toml")
}


def test_every_wrong_sign_was_looked_at():
    recorded = {(each["subject"], each["message"]) for each in SIGNS}
    assert recorded == {(name, message) for name, table in EXPECTED.items() for message in table}
    assert len(recorded) >= 15


@pytest.mark.parametrize("wrong", [pytest.param(w, id=f"{w['subject']}-{w['message']}") for w in SIGNS])
def test_a_wrong_sign_of_a_package_is_explained_by_its_mistake(wrong):
    params = [tuple(pair) for pair in wrong["params"]]
    found = explain_params(params, "UTF-8", wrong["sign_type"], wrong["sign"])
    assert found.verdict == "explained"
    assert [each.id for each in found.mistakes] == EXPECTED[wrong["subject"]][wrong["message"]]
