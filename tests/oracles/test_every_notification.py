"""Every notification vector, judged again by the shell oracle and by this project's own verifier."""

import base64
import binascii

import pytest

from alipay_qr.errors import Unencodable
from alipay_qr.keys import load_public_key
from alipay_qr.signing import Md5, RsaVerifier, verify_params
from alipay_qr_conformance.vectors.load import load
from oracles import shell
from oracles.judging import each_of, judged
from oracles.shell import UNENCODABLE, Question
from oracles.signs import Signs

VECTORS = load("verify_notification")
JUDGED = judged("verify_notification")


def is_what_the_account_agreed_on(vector):
    """The sign type is the account's, and no name stands twice: whatever else is wrong, it is the sign."""
    names = [name for name, _ in vector.params]
    return (
        len(set(names)) == len(names) and dict(vector.params).get("sign_type") == vector.inputs["sign_type"]
    )


@each_of(JUDGED)
def test_by_this_project(vector, verifier_of):
    try:
        accepted = verify_params(vector.params, verifier_of(vector), vector.inputs["charset"])
    except Unencodable:
        accepted = False
    assert accepted == (vector.result == "valid")


@pytest.mark.runtime("iconv")
@each_of(JUDGED)
def test_by_whole_numbers(vector):
    assert Signs().verify_notification(vector.inputs) == {"result": vector.result}


def sign_of(vector):
    return dict(vector.params).get("sign") or ""


def question(vector):
    """What the oracle is asked; None where the sign is not even base64."""
    charset, sign_type = vector.inputs["charset"], vector.inputs["sign_type"]
    if sign_type == "MD5":
        return Question(vector.params, charset, "MD5", vector.inputs["md5_key"])
    key = vector.inputs["alipay_public_key"]["pem"]
    return (
        Question(vector.params, charset, sign_type, key, sign_of(vector))
        if is_base64(sign_of(vector))
        else None
    )


def told(vectors):
    questions = [question(vector) for vector in vectors]
    answers = iter(shell.ask([each for each in questions if each]))
    return [next(answers) if each else None for each in questions]


@pytest.mark.slow
@pytest.mark.runtime("openssl")
@each_of([vector for vector in JUDGED if is_what_the_account_agreed_on(vector)], told)
def test_by_the_shell_oracle(vector, answer):
    if answer is None:
        accepted = False
    elif vector.inputs["sign_type"] == "MD5":
        accepted = answer == (0, sign_of(vector))
        assert accepted or answer.status in {0, UNENCODABLE}
    else:
        accepted = answer.status == 0
    assert accepted == (vector.result == "valid")


@each_of([vector for vector in VECTORS if "presign_hex" in vector.steps])
def test_the_steps_tell_the_right_sign(vector, verifier_of):
    """Also of a forgery: what Alipay would have signed for these very parameters."""
    message = bytes.fromhex(vector.steps["presign_hex"])
    assert verifier_of(vector).verify(message, vector.steps["sign"])


def is_base64(sign):
    try:
        return bool(base64.b64decode(sign, validate=True))
    except (binascii.Error, ValueError):
        return False


@pytest.fixture(scope="module")
def verifier_of():
    loaded = {}

    def make(vector):
        if vector.inputs["sign_type"] == "MD5":
            return Md5(vector.inputs["md5_key"])
        pem = vector.inputs["alipay_public_key"]["pem"]
        if pem not in loaded:
            loaded[pem] = RsaVerifier(load_public_key(pem), vector.inputs["sign_type"])
        return loaded[pem]

    return make
