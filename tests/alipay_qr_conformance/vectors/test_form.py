import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr_conformance.vectors.form import canonical_text, edits, fingerprint

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_canonical_text_means_the_same_value(value):
    text = canonical_text(value)
    assert json.loads(text) == value
    assert canonical_text(json.loads(text)) == text


@given(st.text())
def test_no_character_hides_in_a_file(text):
    written = canonical_text([text])
    assert all(character.isprintable() or character == "\n" for character in written)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"a": [], "b": {}}, '{\n "a": [],\n "b": {}\n}\n', id="empty"),
        pytest.param([["a", "1"], ["b", None]], '[\n ["a", "1"],\n ["b", null]\n]\n', id="pairs"),
        pytest.param("面馆", '"面馆"\n', id="chinese-stays-readable"),
        pytest.param("e\u0301\u00e9", '"e\\u0301\\u00e9"\n', id="both-normal-forms-escaped"),
        pytest.param("\u00a0\u200b\u3000", '"\\u00a0\\u200b\\u3000"\n', id="blanks-escaped"),
        pytest.param("\U0001f600", '"\\ud83d\\ude00"\n', id="outside-the-bmp-escaped"),
    ],
)
def test_the_written_form(value, text):
    assert canonical_text(value) == text


BASE = {
    "charset": "UTF-8",
    "sign_type": "MD5",
    "md5_key": "k",
    "params": [["a", "1"], ["b", "2"], ["sign", "x"]],
}


def other(params=None, **inputs):
    return {**BASE, **inputs, "params": BASE["params"] if params is None else params}


@pytest.mark.parametrize(
    ("there", "count"),
    [
        pytest.param(other(), 0, id="the-same"),
        pytest.param(other([["a", "9"], ["b", "2"], ["sign", "x"]]), 1, id="value"),
        pytest.param(other([["a", "9"], ["b", "2"], ["sign", "y"]]), 1, id="value-and-sign-made-anew"),
        pytest.param(other([["a", "1"], ["b", "2"], ["sign", "y"]]), 1, id="sign-alone"),
        pytest.param(other([["a", "1"], ["b", "2"]]), 1, id="sign-gone"),
        pytest.param(other([["a", "1"], ["c", "2"], ["sign", "x"]]), 1, id="name"),
        pytest.param(other([["a", "1"], ["sign", "x"]]), 1, id="pair-less"),
        pytest.param(other([["a", "1"], ["a", "1"], ["b", "2"], ["sign", "x"]]), 1, id="pair-twice"),
        pytest.param(other([["b", "2"], ["a", "1"], ["sign", "x"]]), 1, id="order"),
        pytest.param(other([["a", "1&b=2"], ["sign", "x"]]), 1, id="boundary"),
        pytest.param(other([["a", "9"], ["b", "9"], ["sign", "x"]]), 2, id="two-values"),
        pytest.param(other(md5_key="other"), 1, id="key"),
        pytest.param(other(sign_type="RSA", md5_key=None), 1, id="sign-type-with-its-key"),
        pytest.param(other(charset="GBK"), 1, id="charset"),
        pytest.param(other([["a", "9"], ["b", "2"]], charset="GBK"), 2, id="charset-and-value"),
    ],
)
def test_edits_are_counted(there, count):
    assert edits(BASE, there) == count
    assert edits(there, BASE) == count


HISTORY = {"now": "1", "history": [{"event": "paid", "at": "1"}, {"event": "refund", "id": "R"}]}


@pytest.mark.parametrize(
    ("there", "count"),
    [
        pytest.param(HISTORY, 0, id="the-same"),
        pytest.param({**HISTORY, "now": "2"}, 1, id="member"),
        pytest.param(
            {**HISTORY, "history": [{"event": "paid", "at": "2"}, HISTORY["history"][1]]}, 1, id="deep"
        ),
        pytest.param({**HISTORY, "history": HISTORY["history"][1:]}, 1, id="item-less"),
        pytest.param({**HISTORY, "history": HISTORY["history"] * 2}, 2, id="two-items-more"),
        pytest.param(
            {**HISTORY, "history": [{"event": "paid"}, {"event": "refund"}]}, 2, id="two-members-less"
        ),
        pytest.param({**HISTORY, "now": "2", "history": []}, 3, id="everything"),
        pytest.param({"now": "1", "text": "x"}, 2, id="another-question"),
    ],
)
def test_edits_are_counted_however_deep_they_lie(there, count):
    assert edits(HISTORY, there) == count
    assert edits(there, HISTORY) == count


def test_a_charset_takes_its_parameter_along():
    one = {"charset": "UTF-8", "params": [["_input_charset", "UTF-8"], ["a", "1"]]}
    two = {"charset": "GBK", "params": [["_input_charset", "GBK"], ["a", "1"]]}
    assert edits(one, two) == 1


def test_a_comment_may_be_mended_but_an_answer_may_not():
    group = {"inputs": {"charset": "UTF-8"}}
    test = {"inputs": {"params": []}, "steps": {"presign": ""}, "result": "valid", "comment": "a"}
    assert fingerprint(group, test) == fingerprint(group, {**test, "comment": "b"})
    assert fingerprint(group, test) != fingerprint(group, {**test, "result": "invalid"})
    assert fingerprint(group, test) != fingerprint({"inputs": {"charset": "GBK"}}, test)
