"""Every timestamp vector, again: with a calendar of whole numbers, by date(1), and by this project."""

import subprocess

import pytest

from alipay_qr_conformance.vectors.load import load
from oracles.judging import each_judged, expected
from oracles.moments import Moments
from tools.vectors.expected import timestamp


@each_judged("timestamp")
def test_by_whole_numbers(vector):
    assert Moments().timestamp(vector.inputs) == expected(vector)


@each_judged("timestamp")
def test_by_this_project(vector):
    assert timestamp(vector.inputs) == expected(vector)


def told_by_date(lines, zone, form):
    """Ask GNU date for all lines at once; in POSIX a zone east of Greenwich has a minus."""
    done = subprocess.run(
        ["date", "--file=-", f"+{form}"],
        input="".join(f"{line}\n" for line in lines).encode(),
        capture_output=True,
        check=True,
        timeout=30,
        env={"TZ": zone, "LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    return done.stdout.decode().splitlines()


@pytest.mark.runtime("date")
def test_what_is_sent_by_the_date_command():
    vectors = [vector for vector in load("timestamp") if vector.result == "valid" and "sent" in vector.steps]
    lines = [vector.inputs["instant"] for vector in vectors]
    long = told_by_date(lines, "CST-8", "%Y-%m-%d %H:%M:%S")
    milliseconds = told_by_date(lines, "CST-8", "%s%3N")
    assert len(long) == len(milliseconds) == len(vectors) > 50
    for vector, text, count in zip(vectors, long, milliseconds, strict=True):
        assert (vector.id, text[:10], int(count)) == (
            vector.id,
            vector.steps["day"],
            vector.steps["milliseconds"],
        )
        assert vector.steps["sent"] == (count if vector.inputs["service"] == "CANCEL" else text)


@pytest.mark.runtime("date")
def test_long_forms_by_the_date_command():
    vectors = [
        vector
        for vector in load("timestamp")
        if vector.result == "valid" and vector.inputs["service"] == "CREATE" and "text" in vector.inputs
    ]
    counts = told_by_date([vector.inputs["text"] for vector in vectors], "CST-8", "%s%3N")
    assert [vector.steps["milliseconds"] for vector in vectors] == [int(count) for count in counts]
