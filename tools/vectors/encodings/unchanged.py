"""Texts that look alike and are not: only the bytes count, and nothing is normalised on its way."""

from collections.abc import Iterator

from tools.vectors.encodings.reading import VERBATIM
from tools.vectors.encodings.writing import GBK, UTF8
from tools.vectors.question import Inputs, Row, family, question


@question(VERBATIM, given=UTF8, says={"same": True})
def the_same_twice() -> Inputs:
    """One text, twice."""
    return {"texts": ["café", "café"]}


@family(VERBATIM, given=UTF8)
def two_that_look_alike() -> Iterator[Row]:
    """They look alike, their bytes differ, and so do their signs."""
    yield Row(
        "composed-and-decomposed",
        "Here: é as one character, and as e with a combining accent (NFC and NFD).",
        {"texts": ["café", "cafe\u0301"]},
        says={"same": False},
        twin=the_same_twice,
    )
    for one, other, slug, comment in (
        ("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af", "hangul", "Here: Korean in syllables, and in letters."),
        ("Å", "\u212b", "angstrom", "Here: the letter, and the sign of the unit; NFC makes them one."),
        ("\u2126", "Ω", "ohm", "Here: the sign of the unit, and the letter."),
        ("ǖ", "u\u0304\u0308", "two-marks", "Here: two marks in the other order."),
        ("q\u0323\u0307", "q\u0307\u0323", "order-of-marks", "Here: two marks in either order; NFC and NFD sort them."),
        ("\uf92c", "\u90ce", "compatibility-ideograph", "Here: a compatibility ideograph, and its unified one."),
        ("ＡＢ", "AB", "full-width", "Here: full-width letters and plain ones; NFKC makes them one."),
        ("①", "1", "circled", "Here: a digit in a circle."),
        ("ﬁsh", "fish", "ligature", "Here: a ligature."),
        ("a\u00a0b", "a b", "no-break-blank", "Here: a blank that does not break."),
        ("面\u3000条", "面 条", "ideographic-blank", "Here: an ideographic blank."),
        ("ab\u200b", "ab", "zero-width-blank", "Here: a blank without width."),
        ("\ufeffab", "ab", "byte-order-mark", "Here: a byte order mark in front."),
        ("a\u00adb", "ab", "soft-hyphen", "Here: a soft hyphen."),
        ("面\ufe0f", "面", "variation-selector", "Here: a selector of a variant."),
        ("раypal", "paypal", "cyrillic", "Here: two letters are Cyrillic."),
        ("Straße", "STRASSE", "case-folding", "Here: what folding of case makes one."),
        ("a\r\nb", "a\nb", "line-ends", "Here: line ends of Windows and of Unix."),
        ("ab ", "ab", "trailing-blank", "Here: a blank behind."),
        ("1️⃣", "1", "keycap", "Here: a digit on a key."),
    ):  # fmt: skip
        yield Row(slug, comment, {"texts": [one, other]}, says={"same": False})


@family(VERBATIM, given=GBK)
def two_that_look_alike_in_gbk() -> Iterator[Row]:
    """GBK keeps them apart, too."""
    for one, other, slug, comment in (
        ("ü12", "ü12", "the-same", "Here: they are the same."),
        (
            "\uf92c",
            "\u90ce",
            "compatibility-ideograph",
            "Here: a compatibility ideograph, and its unified one.",
        ),
        ("１２", "12", "full-width", "Here: full-width digits and plain ones."),
        ("發", "发", "traditional", "Here: a traditional character and its simplified one."),
        ("〇", "○", "zero-and-circle", "Here: the ideograph for zero, and a circle."),
    ):
        yield Row(slug, comment, {"texts": [one, other]}, says={"same": one == other})
