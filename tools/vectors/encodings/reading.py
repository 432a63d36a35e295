"""From bytes to characters: exactly the ones that were written."""

from collections.abc import Iterator

from tools.vectors.encodings.writing import CHARSET, GB2312, GBK, UTF8
from tools.vectors.question import Inputs, Row, family, question

VERBATIM = "sign.value.verbatim"


@question(CHARSET, given=GBK, says={"text": "面条"})
def noodles_read_in_gbk() -> Inputs:
    """Four bytes, two characters of GBK."""
    return {"hex": "c3e6ccf5"}


@question(CHARSET, given=UTF8, says={"text": "面条"})
def noodles_read_in_utf8() -> Inputs:
    """Six bytes, two characters of UTF-8."""
    return {"hex": "e99da2e69da1"}


@family(CHARSET, given=GBK, twin=noodles_read_in_gbk)
def read_in_gbk() -> Iterator[Row]:
    """A first byte from 81 on takes the next one along, whatever that is in ASCII."""
    for data, text, slug, comment in (
        ("d55c", "誠", "backslash-inside", "Here: its second byte is a backslash in ASCII."),
        ("d55c22", '誠"', "quote-behind", "Here: a quote behind it, which that backslash does not escape."),
        ("967c7c", "東|", "pipe-inside", "Here: its second byte is a pipe, and a pipe follows."),
        ("8140", "丂", "lowest", "Here: the lowest two bytes."),
        ("fd9c", "\uf92c", "compatibility-ideograph", "Here: a compatibility ideograph, which stays one."),
        ("a996", "〇", "zero-ideograph", "Here: the ideograph for zero."),
        ("a1a1", "\u3000", "ideographic-blank", "Here: the ideographic blank, which is not trimmed or made a plain one."),
        ("c3e626ccf5", "面&条", "ampersand-between", "Here: an ampersand between two characters."),
        ("ae4167", "瓵g", "case", "Here: a second byte that is a capital letter in ASCII, which is no letter here."),
    ):  # fmt: skip
        yield Row(slug, comment, {"hex": data}, says={"text": text})


@family(CHARSET, given=GB2312)
def read_in_gb2312() -> Iterator[Row]:
    """Every character is two bytes from A1 on, or one of ASCII."""
    for data, text, slug, comment in (
        ("c1aacda8", "联通", "looks-like-utf8", "Here: two characters whose bytes have the shape of UTF-8: guessing fails."),
        ("b0a1f7fe", "啊齄", "edges", "Here: its first and its last character."),
        ("a3c1", "Ａ", "full-width", "Here: a full-width A, which is not folded to a plain one."),
        ("a1f9a8b9", "※ü", "pinyin", "Here: ü, whose two bytes have nothing to do with its one of ISO 8859-1."),
    ):  # fmt: skip
        yield Row(slug, comment, {"hex": data}, says={"text": text})


@family(CHARSET, given=UTF8, twin=noodles_read_in_utf8)
def read_in_utf8() -> Iterator[Row]:
    """Every character that has bytes comes back from them."""
    for data, text, slug, comment in (
        ("f09f8d9c", "🍜", "emoji", "Here: four bytes, one character."),
        ("f48fbfbf", "\U0010ffff", "last-of-all", "Here: the last character there is."),
        ("c280", "\u0080", "c1-control", "Here: U+0080, which is not the euro of Windows."),
        ("efbfbd", "\ufffd", "replacement-character", "Here: the replacement character itself, rightly written."),
        ("efbfbf", "\uffff", "noncharacter", "Here: U+FFFF."),
        ("ee8080", "\ue000", "private-use", "Here: a character for private use."),
        ("c3a9", "é", "composed", "Here: é as one character."),
        ("65cc81", "e\u0301", "decomposed", "Here: e and a combining accent; it does not become one character."),
        ("c385e284ab", "Å\u212b", "angstrom", "Here: Å twice, as a letter and as the sign of the unit."),
        ("efac81", "\ufb01", "ligature", "Here: the ligature fi."),
    ):  # fmt: skip
        yield Row(slug, comment, {"hex": data}, says={"text": text})


@question(VERBATIM, given=UTF8, says={"text": "\ufeffab"})
def a_byte_order_mark_in_a_value() -> Inputs:
    """EF BB BF at the start of a value is the character U+FEFF: it was signed, so it is kept."""
    return {"hex": "efbbbf6162"}


@question(VERBATIM, given=UTF8, twin=a_byte_order_mark_in_a_value, says={"text": "ab"})
def no_byte_order_mark() -> Inputs:
    """The same value without it."""
    return {"hex": "6162"}


@question(VERBATIM, given=UTF8, twin=no_byte_order_mark, says={"text": "a\x00b"})
def a_zero_byte_in_a_value() -> Inputs:
    """A byte of zero is a character, and no end."""
    return {"hex": "610062"}


@question(VERBATIM, given=UTF8, twin=no_byte_order_mark, says={"text": "a\r\nb"})
def a_line_end_in_a_value() -> Inputs:
    """Carriage return and newline stay two characters."""
    return {"hex": "610d0a62"}
