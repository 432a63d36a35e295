"""The pre-sign bytes and the sign of every vector, again, by a shell script that shares no code with us."""

import os

import pytest

from alipay_qr.errors import Unencodable
from alipay_qr.keys import load_private_key
from alipay_qr.presign import presign
from alipay_qr.signing import Md5, RsaSigner
from alipay_qr_conformance.vectors import load
from oracles import shell

UNENCODABLE = 3  # the shell oracle's exit status


def judged(*names):
    """The vectors with one right answer; where the sources are silent, so are the oracles."""
    vectors = [vector for name in names for vector in load(name) if vector.result != "acceptable"]
    return pytest.mark.parametrize("vector", vectors, ids=[vector.id for vector in vectors])


@judged("presign")
def test_presign_by_this_project(vector):
    if vector.result == "invalid":
        with pytest.raises(Unencodable):
            presign(vector.params, vector.inputs["charset"])
    else:
        assert presign(vector.params, vector.inputs["charset"]).hex() == vector.steps["presign_hex"]


@pytest.mark.runtime("openssl")
@judged("presign")
def test_presign_by_the_shell_oracle(vector):
    status, out = shell.ask(vector.params, vector.inputs["charset"], "bytes")
    if vector.result == "invalid":
        assert status == UNENCODABLE
    else:
        assert (status, out.hex()) == (0, vector.steps["presign_hex"])


@judged("sign_md5", "sign_rsa", "sign_rsa2")
def test_sign_by_this_project(vector, signer_of):
    signer = signer_of(vector)
    if vector.result == "invalid":
        assert "sign" not in vector.steps
    else:
        assert signer.sign(bytes.fromhex(vector.steps["presign_hex"])) == vector.steps["sign"]


@pytest.mark.slow
@pytest.mark.runtime("openssl")
@judged("sign_md5", "sign_rsa", "sign_rsa2")
def test_sign_by_the_shell_oracle(vector, key_file):
    sign_type, charset = vector.inputs["sign_type"], vector.inputs["charset"]
    key = vector.inputs["md5_key"] if sign_type == "MD5" else key_file(vector.inputs["merchant_private_key"])
    status, out = shell.ask(vector.params, charset, sign_type, key)
    if vector.result == "invalid":
        assert status == UNENCODABLE
    else:
        assert (status, out.decode().strip()) == (0, vector.steps["sign"])


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


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    files = {}

    def write(forms):
        pem = forms["pkcs1_pem"]
        if pem not in files:
            files[pem] = folder / f"{len(files)}.pem"
            files[pem].write_text(pem)
        return os.fspath(files[pem])

    return write
