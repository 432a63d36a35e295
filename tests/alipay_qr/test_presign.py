"""The pre-sign string: sorted, joined, encoded, and nothing else done to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr.errors import Unencodable, UnknownCharset
from alipay_qr.presign import CHARSETS, codec, encode, presign, presign_text

NAMES = st.text("abcxyz_ABZ019.-", min_size=1, max_size=12) | st.sampled_from(
    ["sign", "sign_type", "_input_charset"]
)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.none()
MESSAGES = st.dictionaries(NAMES, VALUES, max_size=12)


def naive(params):
    """The rules read aloud, by bytes, in the slowest way that can be thought of."""
    kept = []
    for name, value in params.items():
        if name in ("sign", "sign_type") or value is None or value == "":
            continue
        kept.append((name.encode(), value.encode()))
    text = b""
    while kept:
        smallest = kept[0]
        for pair in kept:
            if pair[0] < smallest[0]:
                smallest = pair
        kept.remove(smallest)
        text += (b"&" if text else b"") + smallest[0] + b"=" + smallest[1]
    return text


@given(MESSAGES)
def test_agrees_with_a_naive_oracle(params):
    assert presign(params) == naive(params)


@given(MESSAGES, st.randoms(use_true_random=False))
def test_order_of_the_parameters_does_not_matter(params, random):
    pairs = list(params.items())
    random.shuffle(pairs)
    assert presign(pairs) == presign(params)


@given(MESSAGES)
def test_values_stay_as_they_are_and_the_message_too(params):
    before = dict(params)
    text = presign_text(params)
    assert params == before
    for name, value in params.items():
        if value and name not in ("sign", "sign_type"):
            assert f"{name}={value}" in text


@given(MESSAGES, st.text(max_size=5), st.text(max_size=5))
def test_sign_and_sign_type_never_count(params, sign, sign_type):
    assert presign_text(params | {"sign": sign, "sign_type": sign_type}) == presign_text(params)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        pytest.param(
            {"service": "test", "partner": "123"}, "partner=123&service=test", id="published-vector"
        ),
        pytest.param({"b": "1", "_c": "2", "A": "3", "0": "4"}, "0=4&A=3&_c=2&b=1", id="ascii-order"),
        pytest.param({"a": " 1 ", "b": "\t"}, "a= 1 &b=\t", id="nothing-trimmed"),
        pytest.param(
            {"a": "0", "b": "false", "c": "null"}, "a=0&b=false&c=null", id="falsy-words-are-values"
        ),
        pytest.param({"a": "%41+ &=", "b": "x"}, "a=%41+ &=&b=x", id="nothing-encoded-or-decoded"),
        pytest.param({"a": "", "b": None}, "", id="no-values"),
        pytest.param({}, "", id="nothing"),
    ],
)
def test_text(params, text):
    assert presign_text(params) == text


def test_a_name_that_stands_twice_keeps_both_pairs_in_their_order():
    assert presign_text([("b", "2"), ("a", "9"), ("b", "1")]) == "a=9&b=2&b=1"


@pytest.mark.parametrize("charset", [*CHARSETS, "utf-8", "gbk", "gB2312"])
def test_charsets(charset):
    assert presign({"a": "中"}, charset) == b"a=" + "中".encode(codec(charset))


@pytest.mark.parametrize("charset", ["", "UTF8", "latin-1", "utf_8", "GB18030", " UTF-8"])
def test_unknown_charset(charset):
    with pytest.raises(UnknownCharset, match="UTF-8, GBK, GB2312") as caught:
        presign({"a": "b"}, charset)
    assert caught.value.code == "charset.unknown"


@pytest.mark.parametrize(
    ("text", "charset"),
    [("a€", "GBK"), ("a😀", "GB2312"), ("a\ud800", "UTF-8")],
    ids=["euro", "emoji", "surrogate"],
)
def test_a_character_outside_the_charset_is_named_and_never_replaced(text, charset):
    with pytest.raises(Unencodable, match=f"U\\+{ord(text[1]):04X} at position 1") as caught:
        encode(text, charset)
    assert caught.value.code == "charset.unencodable"
