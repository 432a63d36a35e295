"""How the gateway reads a request: `_input_charset` decides, and with POST it stands in the URL."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question

DECLARED: Final = "request.charset.declared"
IN_QUERY: Final = "request.charset.in-query"
VERBATIM: Final = "request.values-verbatim"
_NONE: Final[Inputs] = {}


@question(
    DECLARED,
    given=_NONE,
    says={"charset": "UTF-8", "params": [("_input_charset", "UTF-8"), ("subject", "面")]},
)
def a_get_in_utf8() -> Inputs:
    """A GET in UTF-8."""
    return {"query": "_input_charset=UTF-8&subject=%E9%9D%A2"}


@family(DECLARED, given=_NONE)
def a_get_in_another_charset() -> Iterator[Row]:
    """_input_charset decides how the bytes are read, wherever it stands."""
    for query, charset, slug, comment in (
        ("_input_charset=GBK&subject=%C3%E6", "GBK", "gbk", "Here: GBK."),
        ("subject=%C3%E6&_input_charset=GBK", "GBK", "declared-behind", "Here: declared behind the value."),
        ("_input_charset=gbk&subject=%C3%E6", "GBK", "small-letters", "Here: declared in small letters."),
        ("_input_charset=GB2312&subject=%C3%E6", "GB2312", "gb2312", "Here: GB2312."),
        (
            "%5Finput_charset=GBK&subject=%C3%E6",
            "GBK",
            "escaped-name",
            "Here: its name begins with an escape.",
        ),
    ):
        yield Row(slug, comment, {"query": query}, says={"charset": charset})


@question(
    IN_QUERY, given=_NONE, says={"charset": "GBK", "params": [("_input_charset", "GBK"), ("subject", "面")]}
)
def a_post_in_gbk() -> Inputs:
    """_input_charset stands in the URL and says how the body is to be read."""
    return {"query": "_input_charset=GBK", "body": "subject=%C3%E6"}


@question(IN_QUERY, given=_NONE, twin=a_post_in_gbk, says={"charset": "GB2312"})
def a_post_in_gb2312() -> Inputs:
    """The same bytes in GB2312."""
    return {"query": "_input_charset=GB2312", "body": "subject=%C3%E6"}


@question(IN_QUERY, given=_NONE, twin=a_post_in_gbk, result="invalid", says={"fault": "charset.undecodable"})
def a_post_in_no_utf8() -> Inputs:
    """The same bytes are no text in UTF-8."""
    return {"query": "_input_charset=UTF-8", "body": "subject=%C3%E6"}


@question(
    IN_QUERY, given=_NONE, says={"params": [("_input_charset", "UTF-8"), ("service", "s"), ("subject", "a")]}
)
def parameters_in_both_places() -> Inputs:
    """Parameters in the URL and in the body are parameters alike; those of the URL come first."""
    return {"query": "_input_charset=UTF-8&service=s", "body": "subject=a"}


@question(IN_QUERY, given=_NONE, says={"params": [("_input_charset", "GBK"), ("subject", "面")]})
def input_charset_in_both_places() -> Inputs:
    """_input_charset stands in the URL and again, alike, in the body: it is one parameter."""
    return {"query": "_input_charset=GBK", "body": "subject=%C3%E6&_input_charset=GBK"}


@family(VERBATIM, given=_NONE, twin=a_get_in_utf8)
def values_of_a_get() -> Iterator[Row]:
    """What the merchant wrote is what the gateway reads."""
    for value, seen, slug, comment in (
        ("%2B", "+", "plus", "Here: a plus sign, escaped."),
        ("+", " ", "blank", "Here: a plus sign, not escaped: a blank. A sign with it will not hold."),
        ("%2541", "%41", "escaped-twice", "Here: escaped twice by the merchant; it is read once."),
        ("a%3Db", "a=b", "equals-sign", "Here: an equals sign."),
    ):
        params = [("_input_charset", "UTF-8"), ("subject", seen)]
        yield Row(slug, comment, {"query": f"_input_charset=UTF-8&subject={value}"}, says={"params": params})


@family(DECLARED, given=_NONE, twin=a_get_in_utf8, result="invalid")
def the_charset_does_not_fit() -> Iterator[Row]:
    """What is declared is not what was sent, or is nothing."""
    for query, slug, comment in (
        ("_input_charset=UTF-8&subject=%C3%E6", "gbk-as-utf-8", "Here: GBK under the name of UTF-8."),
        ("_input_charset=GBK&subject=%E9%9D%A2", "utf-8-as-gbk", "Here: UTF-8 under the name of GBK."),
        (
            "_input_charset=GB2312&subject=%B0l",
            "gbk-as-gb2312",
            "Here: a traditional character under the name of GB2312.",
        ),
        ("_input_charset=ISO-8859-1&subject=%E9", "latin-1", "Here: ISO 8859-1, which the protocol has not."),
        ("_input_charset=GBK&subject=%C3%E6&_input_charset=UTF-8", "two", "Here: two charsets are declared."),
    ):
        yield Row(slug, comment, {"query": query})
