"""Every vector about a trade's history, again: with whole numbers and dictionaries, and by this project."""

import subprocess

import pytest

from alipay_qr_conformance.vectors.load import load
from oracles.judging import each_judged, expected
from oracles.trades import Trades
from tools.vectors import expected as answers


@each_judged("refund_sequence")
def test_refunds_by_whole_numbers(vector):
    assert Trades().refund_sequence(vector.inputs) == expected(vector)


@each_judged("refund_sequence")
def test_refunds_by_this_project(vector):
    assert answers.refund_sequence(vector.inputs) == expected(vector)


@each_judged("cancel_window")
def test_cancels_by_whole_numbers(vector):
    assert Trades().cancel_window(vector.inputs) == expected(vector)


@each_judged("cancel_window")
def test_cancels_by_this_project(vector):
    assert answers.cancel_window(vector.inputs) == expected(vector)


@pytest.mark.runtime("date")
def test_days_by_the_date_command():
    """The days of payment and request, and on which side of the seed's midnight the request lies."""
    vectors = [vector for vector in load("cancel_window") if "paid_day" in vector.steps]
    vectors = [vector for vector in vectors if len(vector.inputs["history"]) == 1]
    paid = told_by_date([vector.inputs["history"][0]["at"] for vector in vectors])
    today = told_by_date([vector.inputs["next"]["at"] for vector in vectors])
    assert len(vectors) > 40
    for vector, one, other in zip(vectors, paid, today, strict=True):
        assert (vector.id, one, other) == (vector.id, vector.steps["paid_day"], vector.steps["today"])
        assert vector.result == "valid" if one == other else vector.result != "valid"


def told_by_date(lines):
    done = subprocess.run(
        ["date", "--file=-", "+%Y-%m-%d"],
        input="".join(f"{line}\n" for line in lines).encode(),
        capture_output=True,
        check=True,
        timeout=30,
        env={"TZ": "CST-8", "LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    return done.stdout.decode().splitlines()
