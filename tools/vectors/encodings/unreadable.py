"""Bytes that are no text in their charset: declined. A replaced or dropped byte is a text that nobody sent."""

from collections.abc import Iterator

from tools.vectors.encodings.reading import noodles_read_in_gbk, noodles_read_in_utf8
from tools.vectors.encodings.writing import CHARSET, GB2312, GBK, UTF8
from tools.vectors.question import Row, family


@family(CHARSET, given=UTF8, twin=noodles_read_in_utf8, result="invalid")
def no_utf8() -> Iterator[Row]:
    """These bytes are no UTF-8."""
    for data, position, slug, comment in (
        ("c3e6ccf5", 0, "but-gbk", "Here: they are two characters of GBK."),
        ("61e99d", 1, "cut-off", "Here: the last character breaks off."),
        ("e99d61", 0, "cut-off-inside", "Here: a character breaks off, and a letter follows."),
        ("61f09f8d", 1, "emoji-cut-off", "Here: an emoji breaks off, as where a field is cut after so many bytes."),
        ("6180", 1, "lone-continuation", "Here: a continuation byte with nothing to continue."),
        ("e9", 0, "latin-1", "Here: é as ISO 8859-1 writes it."),
        ("31c027", 1, "overlong-apostrophe", "Here: a first byte C0, which only an overlong character has."),
        ("c0a7", 0, "overlong-two-bytes", "Here: an apostrophe in two bytes, past every filter that looks for one."),
        ("e080a7", 0, "overlong-three-bytes", "Here: an apostrophe in three bytes."),
        ("f08080a6", 0, "overlong-four-bytes", "Here: an ampersand in four bytes."),
        ("61c080", 1, "overlong-zero", "Here: a zero in two bytes, as Java's modified UTF-8 writes it."),
        ("eda0bcedbd9c", 0, "surrogates", "Here: a pair of surrogates in three bytes each, as CESU-8 writes an emoji."),
        ("eda081", 0, "high-surrogate", "Here: half of such a pair."),
        ("edb081", 0, "low-surrogate", "Here: the other half alone."),
        ("f4908080", 0, "beyond-unicode", "Here: U+110000, one more than there are."),
        ("f888808080", 0, "five-bytes", "Here: five bytes for one character, as an older definition had it."),
        ("fffe6100", 0, "utf-16", "Here: UTF-16 with its mark."),
        ("61fe", 1, "fe", "Here: a byte FE, which UTF-8 never has."),
        ("e99da2e69da1ff", 6, "at-the-end", "Here: one byte FF behind a flawless text."),
    ):  # fmt: skip
        yield Row(slug, comment, {"hex": data}, says={"undecodable": {"position": position}})


@family(CHARSET, given=GBK, twin=noodles_read_in_gbk, result="invalid")
def no_gbk() -> Iterator[Row]:
    """These bytes are no GBK."""
    for data, position, slug, comment in (
        ("e99da2e69d", 4, "but-utf8", "Here: UTF-8 that breaks off, an odd number of bytes."),
        ("61c3", 1, "cut-off", "Here: the last character breaks off after its first byte."),
        ("c320", 0, "blank-for-second-byte", "Here: a blank follows a first byte; it must not be swallowed."),
        ("c326613d31", 0, "ampersand-for-second-byte", "Here: a first byte before an ampersand: whoever takes them for one character loses a parameter."),
        ("d522", 0, "quote-for-second-byte", "Here: a first byte before a quote: whoever takes them for one character loses the end of a string."),
        ("c37f", 0, "7f-for-second-byte", "Here: a second byte 7F, the one gap in their row."),
        ("c3ff", 0, "ff-for-second-byte", "Here: a second byte FF."),
        ("61ff", 1, "ff", "Here: a byte FF."),
        ("81308130", 0, "gb18030-four-bytes", "Here: four bytes of GB18030."),
        ("9034c13c", 0, "gb18030-emoji", "Here: four bytes that GB18030 has beyond 16 bits."),
    ):  # fmt: skip
        yield Row(slug, comment, {"hex": data}, says={"undecodable": {"position": position}})
    yield Row("80", "Here: a byte 80, which CP936 reads as the euro.", {"hex": "80"}, "acceptable")
    yield Row("a2e3", "Here: A2E3, which GB18030 reads as the euro.", {"hex": "a2e3"}, "acceptable")
    yield Row("aaa1", "Here: AAA1, in the room for characters of one's own.", {"hex": "aaa1"}, "acceptable")


@family(CHARSET, given=GB2312, result="invalid")
def no_gb2312() -> Iterator[Row]:
    """These bytes are no GB2312, whatever GBK reads in them."""
    for data, position, slug, comment in (
        ("b06c", 0, "but-gbk", "Here: a traditional character of GBK."),
        ("d6ece946bbf9", 2, "gbk-inside", "Here: one character of GBK between two of GB2312."),
        ("b0", 0, "cut-off", "Here: half a character."),
        ("d7fa", 0, "gap-behind-level-1", "Here: the gap between the two levels."),
        ("aaa1", 0, "empty-row", "Here: a row that it leaves empty."),
        ("a2a1", 0, "small-roman-numeral", "Here: what GBK has for a small Roman numeral."),
        ("8ea1a1", 0, "euc-taiwan", "Here: a first byte of EUC for another island."),
    ):  # fmt: skip
        yield Row(slug, comment, {"hex": data}, says={"undecodable": {"position": position}})
