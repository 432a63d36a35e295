"""Why a value did not arrive as it was given."""

import pytest

from alipay_qr_conformance.rules.altered import why


@pytest.mark.parametrize(
    ("wanted", "found", "told"),
    [
        pytest.param("O'Neill & Co", "O", 'ends at the first "\'"', id="apostrophe"),
        pytest.param('6" pan', "6", 'ends at the first "\\""', id="double-quote"),
        pytest.param("a\nb", "a", "first line", id="first-line"),
        pytest.param("a\0b", "a", "U+0000", id="nul"),
        pytest.param("tea & milk", "tea ", "& was not percent-encoded", id="ampersand"),
        pytest.param("https://m.example/n?a=1&b=2", "https://m.example/n?a=1", "& was not", id="notify-url"),
        pytest.param("1+1", "1 1", "arrives as a blank", id="plus"),
        pytest.param("100%25", "100%", "decoded once too often", id="decoded"),
        pytest.param("a b/c", "a%20b/c", "encoded twice", id="encoded"),
        pytest.param("a b", "a+b", "encoded twice", id="encoded-plus"),
        pytest.param("<b>'", "&lt;b&gt;&#039;", "escaped for HTML", id="entity"),
        pytest.param("&copy;", "\xa9", "unescaped", id="unescaped"),
        pytest.param("a <b>c</b>", "a c", "tags", id="tags"),
        pytest.param("it's", "it\\'s", "backslashes were put", id="slashes"),
        pytest.param("a\\b", "ab", "backslashes were stripped", id="no-slashes"),
        pytest.param("it's", "it''s", "doubled", id="doubled"),
        pytest.param("茶", "\\u8336", "JSON", id="json"),
        pytest.param("tea", '"tea"', "quotes were put", id="quoted"),
        pytest.param("tea \U0001f375", "tea ", "U+10000-U+10FFFF", id="astral"),
        pytest.param("茶x", "?x", "a substitute stands", id="question-mark"),
        pytest.param(" tea ", "tea", "trimmed", id="trimmed"),
        pytest.param("a  b", "a b", "became one", id="blanks"),
        pytest.param("a\r\nb", "a\nb", "line ends", id="newline"),
        pytest.param("\uff21", "A", "NFKC", id="full-width"),
        pytest.param("Tea", "TEA", "letter case", id="case"),
        pytest.param("茶", "èŒ¶", "utf-8 -> cp1252", id="mojibake"),
        pytest.param("x" * 80, "x" * 64, "first 64 characters", id="cut"),
        pytest.param("0", None, "counts as false", id="zero"),
        pytest.param("  ", "", "value of blanks", id="blank"),
    ],
)
def test_the_change_that_explains_a_value_is_told(wanted, found, told):
    explained = why(wanted, found)
    assert explained is not None
    assert told in explained.en
    assert explained.zh != explained.en


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("tea", None), ("tea", "coffee"), ({"a": "1"}, "x"), ("tea", ["tea"]), ("", "x"), ("tea", "t")],
)
def test_what_no_usual_change_explains_is_left_unexplained(wanted, found):
    assert why(wanted, found) is None
