"""Every response vector, again: by tokens and numbers, its right signs by this project, and by openssl."""

import json

import pytest

from alipay_qr.keys import load_public_key
from alipay_qr.signing import Md5, RsaVerifier
from alipay_qr_conformance.vectors.load import load
from oracles import shell
from oracles.judging import each_judged, each_of
from oracles.responses import Responses
from oracles.shell import Question
from tools.vectors.expected import verify_response

SAME = ("children", "kept", "sorted", "presign", "presign_hex", "outcome", "code")
SIGNED = [vector for vector in load("verify_response") if "right_sign" in vector.steps]


@pytest.mark.runtime("iconv")
@each_judged("verify_response")
def test_by_tokens_and_numbers(vector):
    answer = json.loads(json.dumps(Responses().verify_response(vector.inputs)))
    assert answer["result"] == vector.result
    named = [name for name in SAME if name in answer or name in vector.steps]
    if "fault" in vector.steps or "children" not in answer:  # it says no more of what proves nothing
        named = ["outcome"]
    assert {name: answer.get(name) for name in named} == {name: vector.steps.get(name) for name in named}


@each_judged("verify_response")
def test_by_this_project(vector):
    answer = json.loads(json.dumps(verify_response(vector.inputs)))
    assert answer.pop("result") == vector.result
    assert answer == {name: vector.steps[name] for name in answer}
    assert vector.steps.keys() - answer.keys() <= {
        "kept",
        "sorted",
        "presign_hex",
        "digest_hex",
        "right_sign",
    }


@each_of(SIGNED)
def test_the_right_sign_holds(vector, verifiers):
    verifier = verifiers(vector.inputs)
    assert verifier.verify(bytes.fromhex(vector.steps["presign_hex"]), vector.steps["right_sign"])


def question(vector):
    inputs, steps = vector.inputs, vector.steps
    if inputs["sign_type"] == "MD5":
        return Question(steps["children"], steps["charset"], "MD5", inputs["md5_key"])
    key = inputs["alipay_public_key"]["pem"]
    return Question(steps["children"], steps["charset"], inputs["sign_type"], key, steps["right_sign"])


@pytest.mark.slow
@pytest.mark.runtime("openssl")
@each_of(SIGNED, lambda vectors: shell.ask([question(vector) for vector in vectors]))
def test_by_the_shell_oracle(vector, answer):
    sign = vector.steps["right_sign"] if vector.inputs["sign_type"] == "MD5" else ""
    assert answer == (0, sign)


@pytest.fixture(scope="module")
def verifiers():
    made = {}

    def make(inputs):
        sign_type = inputs["sign_type"]
        if sign_type not in made:
            key = load_public_key(inputs["alipay_public_key"]["pem"])
            made[sign_type] = Md5(inputs["md5_key"]) if sign_type == "MD5" else RsaVerifier(key, sign_type)
        return made[sign_type]

    return make
