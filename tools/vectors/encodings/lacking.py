"""What a charset has no bytes for is declined: nothing is replaced, dropped, escaped or taken from elsewhere."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.encodings.writing import GB2312, GBK, UTF8, noodles_in_gb2312, noodles_in_gbk
from tools.vectors.question import Inputs, Row, family

UNENCODABLE: Final = "sign.charset.unencodable"


def _first(character: str, position: int) -> Inputs:
    return {"unencodable": {"character": f"U+{ord(character):04X}", "position": position}}


@family(UNENCODABLE, given=GBK, twin=noodles_in_gbk, result="invalid")
def gbk_lacks() -> Iterator[Row]:
    """GBK has no bytes for a character of the text."""
    for text, position, slug, comment in (
        ("面🍜条", 1, "emoji", "Here: an emoji, beyond 16 bits."),
        ("a👩\u200d🍳", 1, "joined-emoji", "Here: the first of the characters of an emoji."),
        ("🍜🍜面", 0, "twice", "Here: the first of two."),
        ("㐀", 0, "extension-a", "Here: an ideograph that GB18030 has in four bytes."),
        ("𠮷野屋", 0, "extension-b", "Here: an ideograph beyond 16 bits, in a real shop's name."),
        ("jalapeño", 6, "latin-letter", "Here: a Latin letter that no tone mark brought in."),
        ("¥12", 0, "yen", "Here: the yen sign of ISO 8859-1; it has the full-width one only."),
        ("©", 0, "copyright", "Here: the copyright sign."),
        ("a\u00a0b", 1, "no-break-blank", "Here: a blank that does not break, which looks like any other."),
        ("a\u200bb", 1, "zero-width-blank", "Here: a blank without width."),
        ("\ufeffabc", 0, "byte-order-mark", "Here: a byte order mark in front."),
        ("abc\ufffd", 3, "replacement-character", "Here: the replacement character at the end: something was lost before."),
        ("a\u0308", 1, "combining-mark", "Here: a combining mark; ä would be lacking, too."),
        ("u\u0308", 1, "decomposed", "Here: u with a combining mark. GBK has ü as one character; nobody asked for it."),
        ("〜", 0, "wave-dash", "Here: the wave dash U+301C. GBK has the full-width tilde, which looks alike."),
        ("−1", 0, "minus", "Here: the minus sign U+2212. GBK has the hyphen and the full-width minus."),
        ("발권", 0, "korean", "Here: Korean."),
        ("ไทย", 0, "thai", "Here: Thai."),
        ("\U0010ffff", 0, "last-of-all", "Here: the last character there is."),
        ("\u0080", 0, "c1-control", "Here: U+0080, a control character; the byte 80 is none in GBK."),
        ("ー—·…🍜", 4, "after-those-it-has", "Here: an emoji behind marks that GBK has and GB2312 lacks in part."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, says=_first(text[position], position))


@family(UNENCODABLE, given=GB2312, twin=noodles_in_gb2312, result="invalid")
def gb2312_lacks() -> Iterator[Row]:
    """GB2312 has no bytes for a character of the text, whatever GBK has."""
    for text, position, slug, comment in (
        ("發票", 0, "traditional", "Here: traditional characters."),
        ("朱镕基", 1, "rare-simplified", "Here: a simplified character that GBK was made for."),
        ("二〇二六", 1, "zero-ideograph", "Here: the ideograph for zero, as years are written."),
        ("ラーメン", 1, "long-vowel-mark", "Here: the mark for a long vowel."),
        ("ⅰ", 0, "small-roman-numeral", "Here: a small Roman numeral; it has the capital ones."),
        ("12€", 2, "euro", "Here: the euro."),
        ("面🍜", 1, "emoji", "Here: an emoji."),
        ("é©", 1, "copyright", "Here: the copyright sign behind a letter that it has."),
        ("堃", 0, "in-names", "Here: a character of many a name and firm."),
        ("啰", 0, "spoken", "Here: a particle of spoken Cantonese, simplified."),
        ("冇", 0, "cantonese", "Here: a word of Cantonese."),
        ("㈱", 0, "company-mark", "Here: the Japanese mark of a company."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, says=_first(text[position], position))


@family(UNENCODABLE, given=UTF8, result="acceptable")
def not_settled() -> Iterator[Row]:
    """Tables and programs that go by the same name differ about this character."""
    for given, text, slug, comment in (
        (GBK, "€", "euro-in-gbk", "Here: the euro, which CP936 has as the byte 80 and GB18030 as A2E3."),
        (GBK, "\ue000", "private-use-in-gbk", "Here: U+E000, where GBK leaves room for characters of one's own."),
        (GBK, "ǹ", "added-in-gb18030", "Here: a letter for pinyin that GB18030 added, as A8BF."),
        (GBK, "⺁", "component-in-gbk", "Here: a component at FE50, which came with GB18030."),
        (GB2312, "—", "dash-in-gb2312", "Here: the dash; A1AA is U+2014 in one table and U+2015 in another."),
        (GB2312, "·", "middle-dot-in-gb2312", "Here: the middle dot; A1A4 is U+00B7 in one table and U+30FB in another."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": text}, given=given)
