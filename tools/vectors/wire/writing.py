"""How a request leaves: every byte of a value once, in the declared charset; `_input_charset` in the URL of a POST."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.encodings.writing import GB2312, GBK, UTF8
from tools.vectors.messages import cancel
from tools.vectors.question import Inputs, Row, family, question

ENCODING: Final = "request.encoding"
IN_QUERY: Final = "request.charset.in-query"

_SIGN: Final = ("sign", "1f0a1e5b0c5c4be1a7b1c1c9b0a7f3de")


def _get(**edits: str | None) -> Inputs:
    return {"method": "GET", "params": [*cancel(**edits), _SIGN]}


def _value(text: str | None) -> Inputs:
    return {"method": "GET", "params": [("a", text)]}


@question(ENCODING, given=UTF8)
def a_cancel_by_get() -> Inputs:
    """A whole CANCEL behind the ? of the gateway's URL. Nothing in it needs an escape."""
    return _get()


@question(IN_QUERY, given=UTF8, twin=a_cancel_by_get)
def a_cancel_by_post() -> Inputs:
    """The same CANCEL as a POST: _input_charset stands in the URL, everything else in the body."""
    return {"method": "POST", "params": [*cancel(), _SIGN]}


@question(IN_QUERY, given=GBK)
def a_cancel_by_post_in_gbk() -> Inputs:
    """A POST in GBK with a value in Chinese: the gateway reads the URL first, and then knows how to read the body."""
    return {"method": "POST", "params": [*cancel(_input_charset="GBK", out_trade_no="面条1"), _SIGN]}


@question(IN_QUERY, given=UTF8, says={"query": "_input_charset=UTF-8", "body": "b=2&a=1"})
def input_charset_between_others() -> Inputs:
    """_input_charset goes into the URL wherever it stands among the parameters; the rest keeps its order."""
    return {"method": "POST", "params": [("b", "2"), ("_input_charset", "UTF-8"), ("a", "1")]}


@question(IN_QUERY, given=UTF8, twin=input_charset_between_others, says={"query": "", "body": "b=2&a=1"})
def no_input_charset() -> Inputs:
    """A POST without _input_charset: none is added, it would be sent without having been signed."""
    return {"method": "POST", "params": [("b", "2"), ("a", "1")]}


@question(ENCODING, given=UTF8, says={"query": "a=1"})
def a_plain_value() -> Inputs:
    """One parameter, nothing to escape."""
    return _value("1")


@family(ENCODING, given=UTF8, twin=a_plain_value)
def a_value_with() -> Iterator[Row]:
    """The value holds what has a meaning of its own in a URL."""
    for text, query, slug, comment in (
        (" ", "a=+", "a-blank", "Here: a blank. %20 is as right."),
        ("+", "a=%2B", "a-plus", "Here: a plus sign, which unescaped arrives as a blank. Every second RSA sign holds one."),
        ("a+/b==", "a=a%2B%2Fb%3D%3D", "base64", "Here: plus, slash and equals signs of base64."),
        ("&", "a=%26", "an-ampersand", "Here: an ampersand, which unescaped begins another parameter."),
        ("1&b=2", "a=1%26b%3D2", "a-parameter-inside", "Here: what would be another parameter."),
        ("=", "a=%3D", "an-equals-sign", "Here: an equals sign."),
        ("%", "a=%25", "a-percent-sign", "Here: a percent sign."),
        ("%41", "a=%2541", "a-percent-code", "Here: what looks like an escape already; it is escaped all the same."),
        ("%E9%9D%A2", "a=%25E9%259D%25A2", "encoded-already", "Here: Chinese that somebody has escaped; it is the value, and is escaped once."),
        ("#", "a=%23", "a-hash", "Here: a hash, behind which browsers send nothing."),
        ("?", "a=%3F", "a-question-mark", "Here: a question mark."),
        (";", "a=%3B", "a-semicolon", "Here: a semicolon, which some servers take for an ampersand."),
        ('"', "a=%22", "a-quote", "Here: a quote, where a form of HTML breaks."),
        ("'", "a=%27", "an-apostrophe", "Here: an apostrophe."),
        ("<b>", "a=%3Cb%3E", "angles", "Here: angle brackets."),
        ("\\", "a=%5C", "a-backslash", "Here: a backslash."),
        ("a\r\nb", "a=a%0D%0Ab", "a-line-end", "Here: a line end of Windows."),
        ("a\nb", "a=a%0Ab", "a-newline", "Here: a newline, which browsers turn into two characters."),
        ("a\tb", "a=a%09b", "a-tab", "Here: a tab."),
        ("a\x00b", "a=a%00b", "a-zero", "Here: a character of zero."),
        ("~", "a=~", "a-tilde", "Here: a tilde."),
        ("*", "a=%2A", "an-asterisk", "Here: an asterisk; unescaped it is as right."),
        ("https://shop.example/n?a=1&b=2", "a=https%3A%2F%2Fshop.example%2Fn%3Fa%3D1%26b%3D2", "a-url", "Here: a URL with parameters of its own."),
        ('{"a":"b c"}', "a=%7B%22a%22%3A%22b+c%22%7D", "json", "Here: JSON."),
        ("a&amp;b", "a=a%26amp%3Bb", "html", "Here: what HTML writes for an ampersand; it is the value."),
    ):  # fmt: skip
        yield Row(slug, comment, _value(text), says={"query": query})


@family(ENCODING, given=UTF8, twin=a_plain_value)
def a_value_without_anything() -> Iterator[Row]:
    """There is a name, and hardly a value."""
    yield Row("empty", "Here: an empty text; it is sent, and not signed.", _value(""), says={"query": "a="})
    yield Row(
        "null", "Here: no value at all; then the parameter is not sent.", _value(None), says={"query": ""}
    )


@family(ENCODING, given=UTF8)
def a_value_in_the_charset() -> Iterator[Row]:
    """Escaped are the bytes of the declared charset, whatever the program's own is."""
    for given, text, query, slug, comment in (
        (UTF8, "面条", "a=%E9%9D%A2%E6%9D%A1", "utf-8", "Here: Chinese in UTF-8."),
        (GBK, "面条", "a=%C3%E6%CC%F5", "gbk", "Here: the same in GBK."),
        (GB2312, "面条", "a=%C3%E6%CC%F5", "gb2312", "Here: the same in GB2312."),
        (GBK, "誠", "a=%D5%5C", "gbk-backslash", "Here: a character whose second byte is a backslash."),
        (GBK, "東", "a=%96%7C", "gbk-pipe", "Here: a character whose second byte is a pipe."),
        (GBK, "產", "a=%AEa", "gbk-letter", "Here: a character whose second byte is a letter, which needs no escape of its own."),
        (UTF8, "é", "a=%C3%A9", "latin", "Here: an accented letter, two bytes."),
        (UTF8, "🍜", "a=%F0%9F%8D%9C", "emoji", "Here: an emoji, four bytes."),
        (UTF8, "e\u0301", "a=e%CC%81", "decomposed", "Here: a combining accent, which stays one."),
        (UTF8, "\u3000", "a=%E3%80%80", "ideographic-blank", "Here: an ideographic blank, which is no plus sign."),
    ):  # fmt: skip
        yield Row(slug, comment, _value(text), says={"query": query}, given=given)


@family("sign.charset.unencodable", given=GBK, result="invalid")
def a_value_that_has_no_bytes() -> Iterator[Row]:
    """The charset lacks a character: nothing is sent, and certainly no reference of HTML, as a browser's form would."""
    yield Row("emoji", "Here: an emoji in GBK.", _value("面🍜"))
    yield Row("traditional", "Here: a traditional character in GB2312.", _value("發"), given=GB2312)


@question(ENCODING, given=UTF8, twin=a_plain_value, says={"query": "%E9%9D%A2=1"})
def a_name_beyond_ascii() -> Inputs:
    """Names are escaped like values."""
    return {"method": "GET", "params": [("面", "1")]}
