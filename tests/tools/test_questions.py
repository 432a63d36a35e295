"""A vector is not published unless its author and the reference implementation say the same."""

import sys
import types

import pytest


@pytest.fixture(autouse=True)
def tools_can_be_imported(repository):
    """``tools`` is no part of the wheel."""
    sys.path.append(str(repository))
    yield
    sys.path.remove(str(repository))


@pytest.fixture
def asked():
    from tools.vectors import question

    return question


def doubled(inputs):
    """The reference implementation of these tests."""
    return {"result": "valid" if inputs["number"] > 0 else "invalid", "double": inputs["number"] * 2}


def a_number(number):
    def the_number():
        """A number."""
        return {"number": number}

    return the_number


def built(asked, number, **claims):
    return asked.groups(
        "some_kind", [asked.question("a.flag", given={}, **claims)(a_number(number))], doubled
    )


def test_what_the_author_says_and_what_is_computed_stand_in_the_file(asked):
    ((test,),) = [group["tests"] for group in built(asked, 2, says={"double": 4})]
    assert test["id"] == "some-kind-the-number"
    assert test["comment"] == "A number."
    assert (test["inputs"], test["steps"], test["result"]) == ({"number": 2}, {"double": 4}, "valid")
    assert "twin" not in test


@pytest.mark.parametrize(
    ("number", "claims"),
    [
        pytest.param(2, {"result": "invalid"}, id="another-result"),
        pytest.param(-2, {}, id="valid-by-default"),
        pytest.param(2, {"says": {"double": 5}}, id="another-step"),
        pytest.param(2, {"says": {"triple": 6}}, id="a-step-that-there-is-not"),
        pytest.param(2, {"result": "acceptable", "says": {"double": 5}}, id="acceptable-and-another-step"),
    ],
)
def test_a_doubtful_vector_is_not_built(asked, number, claims):
    with pytest.raises(asked.DoubtfulError, match="the-number is to be"):
        built(asked, number, **claims)


@pytest.mark.parametrize("number", [2, -2])
def test_an_acceptable_vector_is_built_whatever_the_reference_says(asked, number):
    ((test,),) = [group["tests"] for group in built(asked, number, result="acceptable")]
    assert test["result"] == "acceptable"


def test_a_row_says_where_it_differs_from_its_family(asked):
    first = asked.question("a.flag", given={"of": 1})(a_number(1))

    def numbers():
        """Many."""
        yield asked.Row("two", "Two.", {"number": 2})
        yield asked.Row("none", "None.", {"number": 0}, "invalid", given={"of": 2}, flags=("b.flag",))

    family = asked.family("a.flag", given={"of": 1}, twin=first)(numbers)
    one, other = asked.groups("kind", [first, *family], doubled)
    assert [test["id"] for test in one["tests"]] == ["kind-the-number", "kind-numbers-two"]
    assert (one["tests"][1]["comment"], one["tests"][1]["twin"]) == ("Many. Two.", "kind-the-number")
    assert (other["inputs"], other["tests"][0]["flags"]) == ({"of": 2}, ["b.flag"])


def test_two_questions_have_two_names(asked):
    one, two = (asked.question("a.flag", given={})(a_number(number)) for number in (1, 2))
    with pytest.raises(ValueError, match="the-number"):
        asked.questions_of([types.SimpleNamespace(one=one, two=two)])


def test_a_question_without_a_docstring_is_none(asked):
    with pytest.raises(ValueError, match="comment"):
        asked.question("a.flag", given={})(lambda: {"number": 1})
