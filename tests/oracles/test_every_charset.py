"""Every charset vector, again: by iconv's tables and arithmetic, by iconv, and by this project."""

import subprocess

import pytest

from alipay_qr_conformance.vectors.load import load
from oracles.encodings import Encodings
from oracles.judging import each_judged, expected
from tools.vectors.expected import charset


@pytest.mark.runtime("iconv")
@each_judged("charset")
def test_by_tables_and_arithmetic(vector):
    assert Encodings().charset(vector.inputs) == expected(vector)


@each_judged("charset")
def test_by_this_project(vector):
    assert charset(vector.inputs) == expected(vector)


def converted(data, source, target):
    return subprocess.run(
        ["iconv", "-f", source, "-t", target], input=data, capture_output=True, check=False, timeout=30
    )


@pytest.mark.runtime("iconv")
def test_by_the_iconv_command():
    asked = [
        each
        for each in load("charset")
        if each.result != "acceptable" and {"text", "hex"} & each.inputs.keys()
    ]
    assert len(asked) > 150
    for vector in asked:
        inputs, steps, name = vector.inputs, vector.steps, vector.inputs["charset"]
        if "text" in inputs:
            done = converted(inputs["text"].encode(), "UTF-8", name)
            right = bytes.fromhex(steps["hex"]) if "hex" in steps else None
            assert (done.stdout if done.returncode == 0 else None) == right, vector.id
        if "hex" in inputs or "read_as" in inputs:
            data = bytes.fromhex(inputs.get("hex") or steps["hex"])
            done = converted(data, inputs.get("read_as", name), "UTF-16LE")  # which ends where Unicode does
            assert (done.returncode == 0) == (vector.result == "valid"), vector.id
            assert done.returncode or done.stdout.decode("utf-16-le") == steps["text"], vector.id
