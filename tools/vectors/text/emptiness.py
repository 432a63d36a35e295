"""What is without a value: null and the empty text. Nothing else is, whatever a language takes for false."""

from collections.abc import Iterator

from tools.vectors.case import Row, case, table
from tools.vectors.messages import BIZ_DATA, cancel, create, refund
from tools.vectors.steps import Pairs
from tools.vectors.text.plain import cancel_plain, create_plain, refund_plain, refund_with_reason


@case("sign.empty", twin=refund_plain)
def an_empty_value_is_left_out() -> Pairs:
    """refund_reason is there without a value: the text is that of the plain request."""
    return refund(refund_reason="")


@case("sign.null", twin=refund_plain)
def a_null_value_is_left_out() -> Pairs:
    """refund_reason is null: it is left out, not signed as the text null or None."""
    return refund(refund_reason=None)


@case("sign.null", "sign.empty", twin=an_empty_value_is_left_out)
def null_and_empty_are_left_out_alike() -> Pairs:
    """One parameter is null, another empty: the text is that of the plain request."""
    return refund(refund_reason="", alipay_trans_id=None)


@case("sign.empty", twin=an_empty_value_is_left_out)
def two_empty_values_are_left_out() -> Pairs:
    """Two parameters without a value."""
    return refund(refund_reason="", alipay_trans_id="")


@case("sign.empty", twin=refund_plain)
def an_empty_value_in_front_is_left_out() -> Pairs:
    """The empty parameter would be first in the sorted text: nothing of it is left, no & in front."""
    return (("_aaa", ""), *refund())


@case("sign.empty", twin=refund_plain)
def an_empty_value_at_the_end_is_left_out() -> Pairs:
    """The empty parameter would be last in the sorted text: no & behind."""
    return refund(zzz="")


@case("sign.empty", twin=create_plain)
def an_empty_optional_parameter_of_create() -> Pairs:
    """CREATE with an empty product_code, as clients send settings that nobody filled in."""
    return create(product_code="")


@case("sign.empty", twin=cancel_plain)
def an_empty_trade_no_of_cancel() -> Pairs:
    """CANCEL by out_trade_no with an empty trade_no beside it."""
    return cancel(trade_no="")


@case("sign.null", twin=cancel_plain)
def a_null_trade_no_of_cancel() -> Pairs:
    """CANCEL by out_trade_no with a trade_no that is null."""
    return cancel(trade_no=None)


@case("sign.empty", twin=refund_plain)
def a_compulsory_parameter_that_is_empty_is_left_out_too() -> Pairs:
    """The rule asks for the value alone, not whether the request can succeed."""
    return refund(currency="")


@case("sign.value.falsy", twin=create_plain)
def an_empty_member_of_biz_data_stays() -> Pairs:
    """Empty values inside the JSON of biz_data are part of its text, and signed."""
    return create(biz_data=BIZ_DATA[:-1] + ',"address":""}')


@case("sign.value.falsy", twin=create_plain)
def a_null_member_of_biz_data_stays() -> Pairs:
    """A null inside the JSON of biz_data is part of its text, and signed."""
    return create(biz_data=BIZ_DATA[:-1] + ',"address":null}')


@table("sign.value.falsy", twin=refund_with_reason)
def a_value_that_looks_like_nothing_is_signed() -> Iterator[Row]:
    """It has at least one character, so it is a value."""
    for value, slug, comment in (
        ("0", "zero", "Here: 0, which PHP's empty() takes for nothing."),
        ("0.0", "zero-point-zero", "Here: 0.0."),
        ("0.00", "zero-amount", "Here: 0.00, an amount of zero."),
        ("00", "two-zeros", "Here: 00."),
        ("-0", "minus-zero", "Here: -0."),
        ("0e0", "zero-exponent", "Here: 0e0, which PHP compares as the number 0."),
        ("false", "false", "Here: the word false."),
        ("False", "python-false", "Here: False, as Python prints it."),
        ("FALSE", "capital-false", "Here: FALSE."),
        ("no", "no", "Here: no."),
        ("N", "n", "Here: N, the protocol's own no."),
        ("off", "off", "Here: off."),
        ("null", "null-word", "Here: the word null. The Java SDK drops it; the sources do not."),
        ("NULL", "capital-null", "Here: NULL."),
        ("None", "none-word", "Here: None, as Python prints it."),
        ("nil", "nil-word", "Here: nil, as Ruby and Go print it."),
        ("undefined", "undefined-word", "Here: undefined, as JavaScript prints it."),
        ("NaN", "nan-word", "Here: NaN."),
        ("(null)", "printed-null", "Here: (null), as C prints it."),
        ("[]", "empty-list", "Here: an empty JSON list."),
        ("{}", "empty-object", "Here: an empty JSON object."),
        ('""', "two-quotes", "Here: two quotes."),
        ("''", "two-apostrophes", "Here: two apostrophes."),
        ("-", "dash", "Here: a dash."),
        (".", "dot", "Here: a dot."),
    ):
        yield Row(slug, comment, refund(refund_reason=value))


@table("sign.value.whitespace", "sign.value.falsy", twin=refund_with_reason)
def a_value_of_blanks_is_signed() -> Iterator[Row]:
    """It has at least one character, so it is a value; it is not trimmed to nothing."""
    for value, slug, comment in (
        (" ", "one-blank", "Here: one blank."),
        ("   ", "three-blanks", "Here: three blanks."),
        ("\t", "tab", "Here: a tab."),
        ("\n", "newline", "Here: a newline."),
        ("\r\n", "crlf", "Here: carriage return and newline."),
        ("\u3000", "ideographic-blank", "Here: an ideographic blank."),
        ("\u00a0", "no-break-blank", "Here: a blank that does not break."),
        ("\u200b", "zero-width-blank", "Here: a blank without width."),
        ("\ufeff", "byte-order-mark", "Here: a byte order mark."),
        ("\x00", "nul", "Here: the character U+0000."),
    ):
        yield Row(slug, comment, refund(refund_reason=value))
