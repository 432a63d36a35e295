import pytest
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr_conformance.model.selection import SelectionError, selector

IDS = ["sign.order[plain/MD5]", "sign.order[plain/RSA]", "verify.genuine[x]", "money.refund.sum[over]"]


@pytest.mark.parametrize(
    ("expression", "chosen"),
    [
        ("sign", [0, 1]),
        ("SIGN and not rsa", [0]),
        ("sign or money", [0, 1, 3]),
        ("not sign and not money", [2]),
        ("not (sign or money)", [2]),
        ("sign and rsa or verify", [1, 2]),
        ("sign and (rsa or verify)", [1]),
        ("not not sign", [0, 1]),
        ("*order[plain*", [0, 1]),
        ("sign.order[plain/md?]", [0]),
        ("?ign*", [0, 1]),
        ("order[plain/MD5]", [0]),
        ("*.plain*", [0, 1]),
        ("*.lain*", []),
    ],
)
def test_words_operators_and_globs(expression, chosen):
    matches = selector(expression)
    assert [IDS.index(each) for each in IDS if matches(each)] == chosen


@pytest.mark.parametrize(
    "expression", ["", "  ", "and", "sign and", "or sign", "not", "(sign", "sign)", "()", "a b", "not and a"]
)
def test_malformed_expressions_are_usage_errors(expression):
    with pytest.raises(SelectionError) as caught:
        selector(expression)
    assert str(caught.value)


@given(st.text())
def test_any_text_selects_or_is_refused(text):
    try:
        matches = selector(text)
    except SelectionError:
        return
    assert matches("sign.order[x]") in {True, False}


def test_deep_nesting_is_refused():
    with pytest.raises(SelectionError):
        selector("(" * 100_000)
