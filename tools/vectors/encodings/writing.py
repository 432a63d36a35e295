"""From characters to bytes: every kind of character that a charset has."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question

CHARSET: Final = "sign.charset"

UTF8: Final[Inputs] = {"charset": "UTF-8"}
GBK: Final[Inputs] = {"charset": "GBK"}
GB2312: Final[Inputs] = {"charset": "GB2312"}


@question(CHARSET, given=UTF8, says={"hex": "e99da2e69da1"})
def noodles_in_utf8() -> Inputs:
    """Two Chinese characters in UTF-8: three bytes each."""
    return {"text": "面条"}


@question(CHARSET, given=GBK, twin=noodles_in_utf8, says={"hex": "c3e6ccf5"})
def noodles_in_gbk() -> Inputs:
    """The same two characters in GBK: two bytes each."""
    return {"text": "面条"}


@question(CHARSET, given=GB2312, twin=noodles_in_gbk, says={"hex": "c3e6ccf5"})
def noodles_in_gb2312() -> Inputs:
    """The same two characters in GB2312: the bytes of GBK, which extends it."""
    return {"text": "面条"}


@family(CHARSET, given=UTF8, twin=noodles_in_utf8)
def written_in_utf8() -> Iterator[Row]:
    """One to four bytes a character, by its number; no byte order mark in front, no pairs of surrogates."""
    for text, written, slug, comment in (
        ("€", "e282ac", "euro", "Here: the euro sign."),
        ("é", "c3a9", "two-bytes", "Here: an accented letter, two bytes."),
        ("\u0080", "c280", "first-of-two-bytes", "Here: U+0080, the first of two bytes, a control character that ISO 8859-1 has in one."),
        ("\u07ff", "dfbf", "last-of-two-bytes", "Here: U+07FF, the last of two bytes."),
        ("\u0800", "e0a080", "first-of-three-bytes", "Here: U+0800, the first of three bytes."),
        ("\ud7ff", "ed9fbf", "last-before-surrogates", "Here: U+D7FF, the last character before the surrogates."),
        ("\ue000", "ee8080", "first-after-surrogates", "Here: U+E000, the first one after them, for private use."),
        ("\uffff", "efbfbf", "last-of-three-bytes", "Here: U+FFFF, the last of three bytes, which no text should hold and which has bytes all the same."),
        ("\U00010000", "f0908080", "first-of-four-bytes", "Here: U+10000, the first of four bytes; UTF-16 needs a pair of surrogates for it."),
        ("\U0010ffff", "f48fbfbf", "last-of-all", "Here: U+10FFFF, the last character there is."),
        ("🍜", "f09f8d9c", "emoji", "Here: a bowl of noodles."),
        ("𠮷", "f0a0aeb7", "extension-b", "Here: an ideograph beyond 16 bits, in a real shop's name."),
        ("㐀", "e39080", "extension-a", "Here: an ideograph that no GBK has."),
        ("👨\u200d🍳", "f09f91a8e2808df09f8db3", "joined-emoji", "Here: a cook: man, joiner, pan. Three characters that one sees as one."),
        ("\ufeffab", "efbbbf6162", "byte-order-mark", "Here: U+FEFF in front, which is a character of the text."),
        ("a\ufffdb", "61efbfbd62", "replacement-character", "Here: the replacement character; something was lost before."),
        ("ไทย", "e0b984e0b897e0b8a2", "thai", "Here: Thai."),
        ("발권", "ebb09ceab68c", "korean", "Here: Korean."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, says={"hex": written})


@family(CHARSET, given=GBK, twin=noodles_in_gbk)
def written_in_gbk() -> Iterator[Row]:
    """ASCII in one byte, everything else in two; the second byte may be an ASCII letter or sign."""
    for text, written, slug, comment in (
        ("丂", "8140", "lowest", "Here: the lowest two bytes there are."),
        ("龥", "fd9b", "last-ideograph", "Here: the last ideograph of Unicode 1.1."),
        ("發票", "b06cc6b1", "traditional", "Here: traditional characters, which GB2312 has not."),
        ("誠", "d55c", "second-byte-backslash", "Here: a second byte 5C, a backslash to whoever escapes bytes."),
        ("東", "967c", "second-byte-pipe", "Here: a second byte 7C, a pipe."),
        ("產", "ae61", "second-byte-small-letter", "Here: a second byte 61, an a to whoever raises bytes."),
        ("園", "8840", "second-byte-at", "Here: a second byte 40, an at sign."),
        ("ⅰ", "a2a1", "small-roman-numeral", "Here: a small Roman numeral, which GB2312 has not."),
        ("〇", "a996", "zero-ideograph", "Here: the ideograph for zero, as years are written."),
        ("ー", "a960", "long-vowel-mark", "Here: the mark for a long vowel, which GB2312 has not."),
        ("·", "a1a4", "middle-dot", "Here: the middle dot U+00B7."),
        ("—", "a1aa", "dash", "Here: the long dash U+2014."),
        ("～", "a1ab", "full-width-tilde", "Here: the full-width tilde U+FF5E, which other tables take for U+301C."),
        ("‖", "a1ac", "double-bar", "Here: the double bar U+2016, which other tables take for U+2225."),
        ("镕", "e946", "rare-simplified", "Here: a simplified character that GBK was made for."),
        ("￥", "a3a4", "full-width-yen", "Here: the full-width yen sign."),
        ("\uf92c", "fd9c", "compatibility-ideograph", "Here: a compatibility ideograph U+F92C, whose normal form has other bytes."),
        ("a\\b'c", "615c622763", "ascii", "Here: a backslash and an apostrophe of ASCII, one byte each."),
        ("\x00\x7f", "007f", "controls", "Here: the first and the last control character of ASCII."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, says={"hex": written})


@family(CHARSET, given=GB2312, twin=noodles_in_gb2312)
def written_in_gb2312() -> Iterator[Row]:
    """Both bytes of a character lie between A1 and FE."""
    for text, written, slug, comment in (
        ("啊", "b0a1", "first-of-level-1", "Here: the first character of level 1."),
        ("座", "d7f9", "last-of-level-1", "Here: the last character of level 1."),
        ("亍", "d8a1", "first-of-level-2", "Here: the first character of level 2."),
        ("齄", "f7fe", "last-of-level-2", "Here: the last character of level 2."),
        ("\u3000", "a1a1", "ideographic-blank", "Here: the ideographic blank, which looks like nothing."),
        ("ＡＢ１２！", "a3c1a3c2a3b1a3b2a3a1", "full-width", "Here: full-width letters, digits and a mark."),
        ("￥", "a3a4", "full-width-yen", "Here: the full-width yen sign, the only one that it has."),
        ("、。《》", "a1a2a1a3a1b6a1b7", "punctuation", "Here: Chinese punctuation."),
        ("αβ", "a6c1a6c2", "greek", "Here: Greek letters."),
        ("Суп", "a7b3a7e5a7e1", "cyrillic", "Here: Cyrillic letters."),
        ("ラメン", "a5e9a5e1a5f3", "kana", "Here: Japanese kana."),
        ("ǚü", "a8b7a8b9", "pinyin", "Here: letters with tone marks."),
        ("①Ⅰ№℃", "a2d9a2f1a1eda1e6", "signs", "Here: numbers and signs."),
        ("联通", "c1aacda8", "looks-like-utf8", "Here: two characters whose bytes have the shape of UTF-8."),
        ("×÷±§", "a1c1a1c2a1c0a1ec", "latin-1-signs", "Here: signs that ISO 8859-1 has in one byte."),
        ("a1", "6131", "ascii", "Here: ASCII, one byte each, never full-width."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, says={"hex": written})


@question(CHARSET, given=GBK, says={"hex": "54312d3132"})
def ascii_in_gbk() -> Inputs:
    """ASCII is the same bytes in every charset of the protocol; that is why mistakes stay unseen for so long."""
    return {"text": "T1-12"}


@question(CHARSET, given=UTF8, twin=ascii_in_gbk, says={"hex": "54312d3132"})
def ascii_in_utf8() -> Inputs:
    """The same text in UTF-8, where UTF-16 would have twice as many bytes."""
    return {"text": "T1-12"}
