"""Every amount vector, again: with whole numbers and characters alone, by awk, and by this project."""

import subprocess

import pytest

from alipay_qr_conformance.vectors.load import load
from oracles.amounts import Amounts
from oracles.judging import each_judged, expected
from tools.vectors.expected import amount


@each_judged("amount")
def test_by_whole_numbers(vector):
    assert Amounts().amount(vector.inputs) == expected(vector)


@each_judged("amount")
def test_by_this_project(vector):
    assert amount(vector.inputs) == expected(vector)


AWK = r"""
BEGIN { FS = "\t" }
{ places = ($1 == "JPY" || $1 == "KRW" || $1 == "VND") ? 0 : 2
  form = places ? "^(0|[1-9][0-9]?[0-9]?[0-9]?[0-9]?[0-9]?[0-9]?)(\\.[0-9][0-9]?)?$" \
                : "^(0|[1-9][0-9]?[0-9]?[0-9]?[0-9]?[0-9]?[0-9]?)$"
  if ($2 !~ form) { print "invalid"; next }
  split($2, part, ".")
  print part[1] substr(part[2] "00", 1, places) }
"""


@pytest.mark.runtime("awk")
def test_texts_by_awk():
    """One run for all texts that fit on a line; leading zeros of a count are no matter."""
    vectors = [
        vector
        for vector in load("amount")
        if vector.result != "acceptable" and "text" in vector.inputs and vector.inputs["text"].isprintable()
    ]
    lines = "".join(f"{vector.inputs['currency']}\t{vector.inputs['text']}\n" for vector in vectors)
    done = subprocess.run(
        ["awk", AWK],
        input=lines.encode(),
        capture_output=True,
        check=True,
        timeout=30,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    answers = done.stdout.decode().splitlines()
    assert len(answers) == len(vectors) > 100
    for vector, answer in zip(vectors, answers, strict=True):
        units = None if answer == "invalid" else int(answer)
        assert (vector.id, units) == (vector.id, vector.steps.get("minor_units"))
