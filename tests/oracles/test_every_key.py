"""Every key vector, again: by DER and multiplication, by the openssl command, and by this project."""

import hashlib
import subprocess

import pytest

from alipay_qr_conformance.vectors.load import load
from oracles.judging import each_judged, each_of, expected
from oracles.keytexts import KeyTexts
from tools.vectors.expected import keys


@each_judged("keys")
def test_by_der_and_multiplication(vector):
    right = expected(vector)
    right.pop("fault", None)  # in our words
    assert KeyTexts().keys(vector.inputs) == right


@each_judged("keys")
def test_by_this_project(vector):
    assert keys(vector.inputs) == expected(vector)


def openssl(path, *arguments):
    return subprocess.run(
        ["openssl", *arguments, "-in", path],
        capture_output=True,
        check=False,
        timeout=30,
        stdin=subprocess.DEVNULL,
    )


READ = [vector for vector in load("keys") if vector.result == "valid"]
BROKEN = [
    vector
    for vector in load("keys")
    if vector.steps.get("fault") in {"broken", "truncated", "base64", "empty"}
]
BROKEN = [vector for vector in BROKEN if vector.result == "invalid"]


def as_file(text, wanted, path):
    """Give openssl what it can read: base64 in lines, and a label, where there is none."""
    if "-----" not in text and wanted:
        body = "".join(text.split())
        lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
        text = f"-----BEGIN {wanted}-----\n{lines}\n-----END {wanted}-----\n"
    path.write_text(text, "utf-8")
    return str(path)


LABELS = {"PKCS#1": "RSA PRIVATE KEY", "PKCS#8": "PRIVATE KEY", "SubjectPublicKeyInfo": "PUBLIC KEY"}


@pytest.mark.runtime("openssl")
@each_of(READ)
def test_by_the_openssl_command(vector, tmp_path):
    public = ["-pubin"] if vector.inputs["wanted"] == "public" else []
    path = as_file(vector.inputs["key"], LABELS[vector.steps["form"]], tmp_path / "key.pem")
    assert fingerprint_of(path, *public) == vector.steps["fingerprint"]
    if "public_key" in vector.inputs:
        path = as_file(vector.inputs["public_key"], "PUBLIC KEY", tmp_path / "public.pem")
        assert (fingerprint_of(path, "-pubin") == vector.steps["fingerprint"]) == vector.steps["pairs"]


def fingerprint_of(path, *options):
    return hashlib.sha256(openssl(path, "pkey", *options, "-pubout", "-outform", "DER").stdout).hexdigest()


@pytest.mark.runtime("openssl")
@each_of(BROKEN)
def test_what_is_broken_is_broken_to_openssl(vector, tmp_path):
    wanted = vector.inputs["wanted"]
    path = as_file(vector.inputs["key"], "PUBLIC KEY" if wanted == "public" else "", tmp_path / "key.pem")
    check = ["-pubin", "-pubcheck"] if wanted == "public" else ["-check"]
    done = openssl(path, "pkey", *check, "-noout", "-passin", "pass:")
    assert done.returncode != 0, done.stdout
