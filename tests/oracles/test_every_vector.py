"""The pre-sign bytes and the sign of every vector, again, by a shell script that shares no code with us."""

import pytest

from alipay_qr.errors import Unencodable
from alipay_qr.keys import load_private_key
from alipay_qr.presign import presign
from alipay_qr.signing import Md5, RsaSigner
from oracles import shell
from oracles.judging import each_judged
from oracles.shell import UNENCODABLE, Question


@each_judged("presign")
def test_presign_by_this_project(vector):
    if vector.result == "invalid":
        with pytest.raises(Unencodable):
            presign(vector.params, vector.inputs["charset"])
    else:
        assert presign(vector.params, vector.inputs["charset"]).hex() == vector.steps["presign_hex"]


def presigned(vectors):
    return shell.ask([Question(vector.params, vector.inputs["charset"], "bytes") for vector in vectors])


@pytest.mark.runtime("openssl")
@each_judged("presign", answers=presigned)
def test_presign_by_the_shell_oracle(vector, answer):
    if vector.result == "invalid":
        assert answer.status == UNENCODABLE
    else:
        assert (answer.status, answer.out.hex()) == (0, vector.steps["presign_hex"])


@each_judged("sign_md5", "sign_rsa", "sign_rsa2")
def test_sign_by_this_project(vector, signer_of):
    signer = signer_of(vector)
    if vector.result == "invalid":
        assert "sign" not in vector.steps
    else:
        assert signer.sign(bytes.fromhex(vector.steps["presign_hex"])) == vector.steps["sign"]


def signed(vectors):
    return shell.ask([Question(vector.params, *charset_and_key(vector.inputs)) for vector in vectors])


def charset_and_key(inputs):
    sign_type = inputs["sign_type"]
    key = inputs["md5_key"] if sign_type == "MD5" else inputs["merchant_private_key"]["pkcs1_pem"]
    return inputs["charset"], sign_type, key


@pytest.mark.slow
@pytest.mark.runtime("openssl")
@each_judged("sign_md5", "sign_rsa", "sign_rsa2", answers=signed)
def test_sign_by_the_shell_oracle(vector, answer):
    if vector.result == "invalid":
        assert answer.status == UNENCODABLE
    else:
        assert answer == (0, vector.steps["sign"])


@pytest.fixture(scope="module")
def signer_of():
    made = {}

    def make(vector):
        sign_type = vector.inputs["sign_type"]
        if sign_type == "MD5":
            return Md5(vector.inputs["md5_key"])
        pem = vector.inputs["merchant_private_key"]["pkcs8_pem"]
        if pem not in made:
            made[pem] = RsaSigner(load_private_key(pem), sign_type)
        return made[pem]

    return make
