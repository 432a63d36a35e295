"""Every notification vector, judged again by the shell oracle and by this project's own verifier."""

import base64
import binascii
import hashlib

import pytest

from alipay_qr.errors import Unencodable
from alipay_qr.keys import load_public_key
from alipay_qr.signing import Md5, RsaVerifier, verify_params
from alipay_qr_conformance.vectors import load
from oracles import shell
from oracles.signs import Signs

VECTORS = load("verify_notification")
JUDGED = [vector for vector in VECTORS if vector.result != "acceptable"]
UNENCODABLE = 3  # the shell oracle's exit status


def each(vectors):
    return pytest.mark.parametrize("vector", vectors, ids=[vector.id for vector in vectors])


def is_what_the_account_agreed_on(vector):
    """The sign type is the account's, and no name stands twice: whatever else is wrong, it is the sign."""
    names = [name for name, _ in vector.params]
    return (
        len(set(names)) == len(names) and dict(vector.params).get("sign_type") == vector.inputs["sign_type"]
    )


@each(JUDGED)
def test_by_this_project(vector, verifier_of):
    try:
        accepted = verify_params(vector.params, verifier_of(vector), vector.inputs["charset"])
    except Unencodable:
        accepted = False
    assert accepted == (vector.result == "valid")


@pytest.mark.runtime("iconv")
@each(JUDGED)
def test_by_whole_numbers(vector):
    assert Signs().verify_notification(vector.inputs) == {"result": vector.result}


@pytest.mark.slow
@pytest.mark.runtime("openssl")
@each([vector for vector in JUDGED if is_what_the_account_agreed_on(vector)])
def test_by_the_shell_oracle(vector, alipay_key):
    charset, sign_type = vector.inputs["charset"], vector.inputs["sign_type"]
    sign = dict(vector.params).get("sign") or ""
    if sign_type == "MD5":
        status, out = shell.ask(vector.params, charset, "MD5", vector.inputs["md5_key"])
        accepted = status == 0 and out.decode().strip() == sign
        assert accepted or status in {0, UNENCODABLE}
    elif not is_base64(sign):
        accepted = False
    else:
        accepted = shell.ask(vector.params, charset, sign_type, alipay_key(vector), sign)[0] == 0
    assert accepted == (vector.result == "valid")


@each([vector for vector in VECTORS if "presign_hex" in vector.steps])
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


@pytest.fixture(scope="module")
def alipay_key(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")

    def write(vector):
        pem = vector.inputs["alipay_public_key"]["pem"]
        path = folder / f"{hashlib.sha256(pem.encode()).hexdigest()}.pem"
        if not path.exists():
            path.write_text(pem)
        return str(path)

    return write
