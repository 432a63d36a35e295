"""Every signature that others published comes out of their inputs, in four ways that share no code."""

import base64
import hashlib
import subprocess

import pytest
from Crypto.Hash import MD5, SHA1, SHA256
from Crypto.PublicKey import RSA
from Crypto.Signature import pkcs1_15

from alipay_qr.keys import load_public_key
from alipay_qr.presign import presign
from alipay_qr.signing import Md5, RsaVerifier
from alipay_qr_conformance.vectors.load import load
from oracles import shell
from oracles.judging import each_of
from oracles.shell import Question

REQUESTS = load("external")
TEXTS = load("external_digest")
MD5_REQUESTS = [vector for vector in REQUESTS if vector.inputs["sign_type"] == "MD5"]
IN_RSA = [*TEXTS, *(vector for vector in REQUESTS if vector.inputs["sign_type"] != "MD5")]
HASHES = {"RSA": ("sha1", SHA1), "RSA2": ("sha256", SHA256)}


def names(vectors):
    return {"argvalues": vectors, "ids": [vector.id for vector in vectors]}


def test_there_are_as_many_as_were_published():
    assert len(MD5_REQUESTS) == 18
    assert len(REQUESTS) == 22
    assert len(TEXTS) == 1


@pytest.mark.parametrize("vector", **names(MD5_REQUESTS))
def test_md5_by_this_project(vector):
    message = presign(vector.params, vector.inputs["charset"])
    assert Md5(vector.inputs["md5_key"]).sign(message) == vector.steps["sign"]


@pytest.mark.parametrize("vector", **names(MD5_REQUESTS))
def test_md5_by_pycryptodome(vector):
    message = bytes.fromhex(vector.steps["presign_hex"]) + vector.inputs["md5_key"].encode()
    assert MD5.new(message).hexdigest() == vector.steps["sign"]


@pytest.mark.runtime("openssl")
@pytest.mark.parametrize("vector", **names(MD5_REQUESTS))
def test_md5_by_the_openssl_command(vector):
    message = bytes.fromhex(vector.steps["presign_hex"]) + vector.inputs["md5_key"].encode()
    done = subprocess.run(
        ["openssl", "dgst", "-md5", "-r"], input=message, capture_output=True, check=True, timeout=30
    )
    assert done.stdout.split()[0].decode() == vector.steps["sign"]


def md5_by_the_shell(vectors):
    return shell.ask(
        [Question(vector.params, "UTF-8", "MD5", vector.inputs["md5_key"]) for vector in vectors]
    )


@pytest.mark.runtime("openssl")
@each_of(MD5_REQUESTS, md5_by_the_shell)
def test_md5_by_the_shell_oracle(vector, answer):
    assert answer == (0, vector.steps["sign"])


def signed_bytes(vector):
    if "message" in vector.inputs:
        return vector.inputs["message"].encode()
    return presign(vector.params, vector.inputs["charset"])


@pytest.mark.parametrize("vector", **names(IN_RSA))
def test_rsa_by_this_project(vector):
    key = load_public_key(vector.inputs["merchant_public_key"]["pem"])
    verifier = RsaVerifier(key, vector.inputs["sign_type"])
    assert verifier.verify(signed_bytes(vector), vector.steps["sign"])
    assert not verifier.verify(signed_bytes(vector) + b"&", vector.steps["sign"])


def test_a_genuine_answer_is_signed_in_the_charset_that_it_declares():
    vector = next(each for each in REQUESTS if each.inputs["charset"] == "GBK")
    key = load_public_key(vector.inputs["merchant_public_key"]["pem"])
    assert not RsaVerifier(key, "RSA").verify(presign(vector.params, "UTF-8"), vector.steps["sign"])


@pytest.mark.parametrize("vector", **names(IN_RSA))
def test_rsa_by_pycryptodome(vector):
    key = RSA.import_key(vector.inputs["merchant_public_key"]["pem"])
    message = HASHES[vector.inputs["sign_type"]][1].new(signed_bytes(vector))
    pkcs1_15.new(key).verify(message, base64.b64decode(vector.steps["sign"]))  # raises unless it holds


@pytest.mark.runtime("openssl")
@pytest.mark.parametrize("vector", **names(IN_RSA))
def test_rsa_by_the_openssl_command(vector, tmp_path):
    key, sign = tmp_path / "key.pem", tmp_path / "sign"
    key.write_text(vector.inputs["merchant_public_key"]["pem"])
    sign.write_bytes(base64.b64decode(vector.steps["sign"]))
    hashed = HASHES[vector.inputs["sign_type"]][0]
    command = ["openssl", "dgst", f"-{hashed}", "-verify", str(key), "-signature", str(sign)]
    subprocess.run(command, input=signed_bytes(vector), capture_output=True, check=True, timeout=30)


@pytest.mark.parametrize("vector", **names(TEXTS))
def test_rsa_by_arithmetic_alone(vector):
    """The order string has no pairs to sort; what is left of the oracle is s^e mod n, without a library."""
    key = RSA.import_key(vector.inputs["merchant_public_key"]["pem"])
    signature = int.from_bytes(base64.b64decode(vector.steps["sign"]), "big")
    opened = pow(signature, key.e, key.n).to_bytes(128, "big")
    sha1 = bytes.fromhex("3021300906052b0e03021a05000414")
    digest = hashlib.sha1(vector.inputs["message"].encode(), usedforsecurity=False).digest()
    assert opened == b"\x00\x01" + b"\xff" * (128 - 3 - len(sha1) - 20) + b"\x00" + sha1 + digest
