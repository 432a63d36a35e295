"""White space in values is signed as it is: a published sign proves it for a leading blank."""

from collections.abc import Iterator

from tools.vectors.case import Row, case, table
from tools.vectors.messages import BIZ_DATA, cancel, create, refund
from tools.vectors.steps import Pairs
from tools.vectors.text.plain import cancel_plain, create_plain, refund_with_reason


@table("sign.value.whitespace", twin=refund_with_reason)
def a_value_with_blanks_around_it() -> Iterator[Row]:
    """Nothing is trimmed, whichever character a language counts as white space."""
    for value, slug, comment in (
        (" wrong size", "blank-before", "Here: a blank before."),
        ("wrong size ", "blank-behind", "Here: a blank behind."),
        ("  wrong size  ", "blanks-around", "Here: two blanks on either side."),
        (
            "wrong  size",
            "two-blanks-inside",
            "Here: two blanks inside, which HTML and some filters fold into one.",
        ),
        ("\twrong size", "tab-before", "Here: a tab before."),
        ("wrong\tsize", "tab-inside", "Here: a tab inside."),
        ("\twrong size\t", "tabs-around", "Here: a tab on either side."),
        ("wrong size\n", "newline-behind", "Here: a newline behind, as read from a file."),
        ("wrong size\r\n", "crlf-behind", "Here: carriage return and newline behind."),
        ("\nwrong size", "newline-before", "Here: a newline before."),
        ("wrong\nsize", "newline-inside", "Here: a newline inside."),
        ("wrong\rsize", "carriage-return-inside", "Here: a carriage return inside."),
        (
            "wrong\r\nsize",
            "crlf-inside",
            "Here: both; forms turn \\n into \\r\\n, and some clients turn it back.",
        ),
        ("wrong size\x0b", "vertical-tab-behind", "Here: a vertical tab behind."),
        ("wrong size\x0c", "form-feed-behind", "Here: a form feed behind."),
        ("wrong size\x00", "nul-behind", "Here: U+0000 behind, which PHP's trim() removes."),
        ("\u00a0wrong size", "no-break-blank-before", "Here: a blank that does not break."),
        (
            "wrong size\u3000",
            "ideographic-blank-behind",
            "Here: an ideographic blank, usual in Chinese text.",
        ),
        (
            "\ufeffwrong size",
            "byte-order-mark-before",
            "Here: a byte order mark, which JavaScript's trim() removes.",
        ),
        ("wrong size\u0085", "next-line-behind", "Here: U+0085, which Python's strip() removes."),
        ("wrong size\u2028", "line-separator-behind", "Here: U+2028, which JavaScript's trim() removes."),
        ("wrong\u200bsize", "zero-width-blank-inside", "Here: a blank without width."),
        ("wrong size\x1f", "unit-separator-behind", "Here: U+001F, which Python's strip() removes."),
    ):
        yield Row(slug, comment, refund(refund_reason=value))


@case("sign.value.whitespace", twin=cancel_plain)
def a_trade_number_with_a_newline_behind() -> Pairs:
    """out_trade_no as it is read from a file, with its newline. The gateway may not know the trade; the sign is right."""
    return cancel(out_trade_no="2026112300001\n")


@case("sign.value.whitespace", twin=create_plain)
def biz_data_with_newlines_and_indents() -> Pairs:
    """biz_data as a pretty-printer writes it: every newline and every blank is signed."""
    return create(biz_data=BIZ_DATA.replace('","', '",\n  "').replace("{", "{\n  ").replace("}", "\n}"))


@case("sign.value.whitespace", twin=create_plain)
def biz_data_with_a_blank_behind_each_comma() -> Pairs:
    """biz_data as Python's json.dumps() writes it by default."""
    return create(biz_data=BIZ_DATA.replace('":"', '": "').replace('","', '", "'))
