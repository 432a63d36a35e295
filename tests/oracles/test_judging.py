"""A chunk of vectors is judged to its end, and tells of each that does not hold."""

import pytest

FILE = """
from types import SimpleNamespace

import pytest
from oracles.judging import CHUNK, each_of

VECTORS = [SimpleNamespace(id=f"vector-{number}", number=number) for number in range(CHUNK + 2)]


@pytest.fixture
def nine():
    return 9


@each_of(VECTORS)
def test_small(vector, nine):
    assert vector.number in {nine, CHUNK} or vector.number % 50
"""
ANSWERED = """

@each_of(VECTORS, lambda vectors: [vector.number for vector in vectors])
def test_answered(vector, answer):
    if vector.number == 7:
        raise KeyError("seven")
    if vector.number == 9:
        with pytest.raises(KeyError):
            pass
    assert vector.number == answer


@each_of(VECTORS[:2], lambda vectors: [])
def test_unanswered(vector, answer):
    pass
"""


def run(pytester, text):
    pytester.makepyfile(text)
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-v")


def test_each_that_does_not_hold_is_told_with_its_difference(pytester):
    result = run(pytester, FILE)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*::test_small[[]vector-0 and 99 more] FAILED*",
            "*::test_small[[]vector-100 and 1 more] PASSED*",
            "2 of 100 vectors do not hold",
            "vector-0: assert (0 in {*} or *",
            "vector-50: assert (50 in {*} or *",
        ]
    )


def test_another_error_does_not_hide_the_rest(pytester):
    result = run(pytester, FILE + ANSWERED)
    text = result.stdout.str()
    assert "2 of 100 vectors do not hold" in text
    assert "vector-7: Traceback" in text
    assert "KeyError: 'seven'" in text
    assert "vector-9: DID NOT RAISE" in text
    assert "vector-8" not in text


def test_who_answers_too_little_is_told(pytester):
    result = run(pytester, FILE + ANSWERED)
    assert "test_unanswered[vector-0 and 1 more] FAILED" in result.stdout.str()


@pytest.mark.parametrize("text", ["each_of([])", "each_judged()"])
def test_nothing_to_judge_is_an_error(pytester, text):
    result = run(pytester, f"from oracles.judging import each_judged, each_of\n\n{text}\n")
    assert "no vector to judge" in result.stdout.str()
    result.assert_outcomes(errors=1)
