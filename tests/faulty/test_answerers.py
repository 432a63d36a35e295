"""What an answer is compared in, and who is exposed by it."""

import pytest

from alipay_qr_conformance.vectors.load import Source, Vector
from faulty.answerers.registry import EXCUSED, IMPLEMENTATIONS, Implementation, excuse, exposed, fault, is_wrong

from faulty.exposing import implementations


def vector(result="valid", kind="amount", **steps):
    source = Source("a test", "CC0-1.0")
    inputs = {"text": "12.80"}
    return Vector("one", kind, "", inputs, steps, result, ("a",), None, "2026-11-23", source)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        pytest.param({"result": "valid"}, False, id="right result"),
        pytest.param({"minor": 1280, "pairs": (("a", None),)}, False, id="right steps, tuples or lists"),
        pytest.param({}, False, id="nothing said"),
        pytest.param({"note": "mine"}, False, id="a step that the vector does not have"),
        pytest.param({"result": "invalid"}, True, id="wrong result"),
        pytest.param({"result": "valid", "minor": 12}, True, id="right result by a wrong way"),
    ],
)
def test_an_answer_is_compared_in_what_both_name(answer, wrong):
    assert is_wrong(answer, vector(minor=1280, pairs=[["a", None]])) == wrong


class Knows(Implementation):
    def amount(self, inputs):
        return {"minor": self.minor(inputs["text"])}

    def minor(self, text):
        return 1280


class Wrong(Knows):
    def minor(self, text):
        return 12


class BreaksDown(Knows):
    def minor(self, text):
        return int(text)


EVERYBODY = {"wrong": Wrong, "knows": Knows, "breaks-down": BreaksDown, "silent": Implementation}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        pytest.param(vector(minor=1280), ["breaks-down", "wrong"], id="asked what they know"),
        pytest.param(vector(kind="timestamp", minor=1280), [], id="asked what nobody knows"),
        pytest.param(vector("acceptable", minor=1280), [], id="nobody is judged by it"),
    ],
)
def test_the_wrong_are_exposed_and_the_silent_are_not(asked, names):
    assert exposed(asked, EVERYBODY) == names


def test_a_fault_is_registered_under_the_name_of_its_class():
    kind = fault("counts in dollars")(type("CountsDollars", (Knows,), {}))
    assert IMPLEMENTATIONS.pop("counts-dollars") is kind
    assert (kind.name, kind.fault) == ("counts-dollars", "counts in dollars")


def test_an_excuse_is_given_once():
    excuse("because", "an-id")
    try:
        with pytest.raises(AssertionError):
            excuse("again", "an-id")
    finally:
        del EXCUSED["an-id"]


def test_faults_are_told_once():
    faults = [kind.fault for kind in implementations().values()]
    assert len(set(faults)) == len(faults)
    assert not [each for each in faults if len(each) > 110 or "\n" in each or "|" in each]
