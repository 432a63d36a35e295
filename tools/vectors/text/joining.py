"""How pairs are joined: name=value, one & between two, nothing else; and what that cannot tell apart."""

from collections.abc import Iterator

from tools.vectors.case import Row, case, table
from tools.vectors.messages import named, refund
from tools.vectors.steps import Pairs
from tools.vectors.text.plain import refund_plain, refund_with_reason


@table("sign.join", "sign.value.raw", twin=refund_with_reason)
def a_value_with_the_separators_in_it() -> Iterator[Row]:
    """& and = inside a value are signed as they are, neither escaped nor split at."""
    for value, slug, comment in (
        ("a&b", "ampersand", "Here: a&b."),
        ("a=b", "equals-sign", "Here: a=b."),
        ("a&b=c", "whole-pair", "Here: what looks like a pair of its own."),
        ("&", "ampersand-alone", "Here: & alone."),
        ("=", "equals-sign-alone", "Here: = alone."),
        ("&&", "two-ampersands", "Here: &&; some programs replace it by one."),
        ("==", "two-equals-signs", "Here: ==, as base64 ends."),
        ("a&", "ampersand-behind", "Here: & behind; some programs trim it off the whole text."),
        ("&a", "ampersand-before", "Here: & before."),
        ("a=", "equals-sign-behind", "Here: = behind."),
        ("=a", "equals-sign-before", "Here: = before."),
        ("salt & pepper", "with-blanks", "Here: & between blanks."),
        ("?a=1", "question-mark", "Here: a question mark, where parsers see a query begin."),
        ("a#b", "hash", "Here: #, where parsers see a fragment begin."),
        ("a;b", "semicolon", "Here: a semicolon, which some parsers take for &."),
        ("a,b", "comma", "Here: a comma."),
        ("a|b", "pipe", "Here: a pipe."),
    ):
        yield Row(slug, comment, refund(refund_reason=value))


@case("sign.join", twin=refund_plain)
def an_ampersand_at_the_very_end_stays() -> Pairs:
    """The last value of the sorted text ends with &: trimming the text of its last & breaks the sign."""
    return refund(zzz="a&")


@case("sign.join", twin=refund_plain)
def an_ampersand_at_the_very_start_stays() -> Pairs:
    """The first name of the sorted text begins with &."""
    return (("&a", "1"), *refund())


@case("sign.join")
def boundary_as_two_parameters() -> Pairs:
    """Two parameters; the next vector has the same signed text with one."""
    return named(_input_charset="UTF-8", out_trade_no="2026112300001", total_fee="0.10")


@case("sign.join", twin=boundary_as_two_parameters)
def boundary_as_one_value() -> Pairs:
    """One value that holds &total_fee=..: the same text, so the same sign. A weakness of the protocol itself: whoever believes a signature must still check the fields."""
    return named(_input_charset="UTF-8", out_trade_no="2026112300001&total_fee=0.10")


@case("sign.join", twin=boundary_as_two_parameters)
def boundary_inside_a_name() -> Pairs:
    """A name that holds = gives the same text as a value that begins with it."""
    return (("_input_charset", "UTF-8"), ("out_trade_no", "2026112300001"), ("total_fee=0", ".10"))


@case("sign.join", twin=refund_plain)
def a_value_that_repeats_another_parameter() -> Pairs:
    """The reason quotes the amount: replacing in the finished text instead of joining goes wrong here."""
    return refund(refund_reason="refund_amount=0.10&currency=USD")
