"""The bytes are those of ``_input_charset``: UTF-8, GBK or GB2312; what has no bytes there is declined.

GB2312 is what the standard of 1980 has, GBK what CP936 has without its euro sign. Where implementations of one
charset differ (the euro in GBK; dash and middle dot in GB2312) the vector is ``acceptable``.
"""

from collections.abc import Iterator

from tools.vectors.case import Row, case, table
from tools.vectors.messages import create, named, refund, with_names, without
from tools.vectors.steps import Pairs

_REASON = "尺寸不合适"


@case("sign.charset")
def chinese_in_utf8() -> Pairs:
    """Chinese in UTF-8: three bytes a character."""
    return refund(refund_reason=_REASON)


@case("sign.charset", twin=chinese_in_utf8, charset="GBK")
def chinese_in_gbk() -> Pairs:
    """The same message in GBK: two bytes a character, and _input_charset says so."""
    return refund(refund_reason=_REASON, _input_charset="GBK")


@case("sign.charset", twin=chinese_in_gbk, charset="GB2312")
def chinese_in_gb2312() -> Pairs:
    """The same message in GB2312: the same two bytes a character, another value of _input_charset."""
    return refund(refund_reason=_REASON, _input_charset="GB2312")


@case("sign.charset", charset="GBK")
def ascii_in_gbk() -> Pairs:
    """Nothing but ASCII: the bytes are the same in every charset but for the name of the charset."""
    return refund(_input_charset="GBK")


@case("sign.charset", twin=ascii_in_gbk, charset="GB2312")
def ascii_in_gb2312() -> Pairs:
    """Nothing but ASCII, and GB2312 as the charset."""
    return refund(_input_charset="GB2312")


@case("sign.charset")
def charset_spelt_in_small_letters() -> Pairs:
    """_input_charset is signed as it is spelt: utf-8, as most programs write it."""
    return refund(_input_charset="utf-8", refund_reason=_REASON)


@case("sign.charset", charset="GBK")
def gbk_spelt_in_small_letters() -> Pairs:
    """_input_charset is signed as it is spelt: gbk."""
    return refund(_input_charset="gbk", refund_reason=_REASON)


@case("sign.charset", charset="GBK")
def gbk_without_input_charset() -> Pairs:
    """A message in GBK without _input_charset, which the Hong Kong page lets REFUND leave out: the bytes are GBK all the same."""
    return without(refund(refund_reason=_REASON), "_input_charset")


@case("sign.charset", charset="GB2312")
def gb2312_without_input_charset() -> Pairs:
    """A notification-like message in GB2312: nothing in it tells the charset."""
    return named(notify_type="trade_status_sync", subject="面条", trade_status="TRADE_SUCCESS")


@case("sign.charset", charset="GBK")
def biz_data_in_gbk() -> Pairs:
    """CREATE in GBK with Chinese names in its JSON."""
    return create(_input_charset="GBK", biz_data='{"store_id":"S-01","store_name":"老王面馆"}')


@case("sign.charset", twin=biz_data_in_gbk)
def biz_data_in_utf8() -> Pairs:
    """The same CREATE in UTF-8."""
    return create(biz_data='{"store_id":"S-01","store_name":"老王面馆"}')


@case("sign.charset", "sign.order", charset="GBK")
def order_is_that_of_names_not_of_bytes_behind() -> Pairs:
    """Chinese values under names that sort close together."""
    return named(_input_charset="GBK", b="甲", a="乙", B="丙", a_="丁")


@case("sign.charset", "sign.order", charset="GBK", result="acceptable")
def names_in_chinese_in_gbk() -> Pairs:
    """Names of the protocol are ASCII; for others the sources are silent. Here they sort by code point, in GBK bytes 中 would come behind 丏 all the same, but 丂 before a different neighbour (inferred)."""
    return with_names(named(_input_charset="GBK"), ("中", "1"), ("丂", "2"), ("一", "3"))


def _in_charset(value: str, charset: str) -> Pairs:
    return refund(_input_charset=charset, refund_reason=value)


_TEXTS = (
    ("traditional", "發票遺失", "Here: traditional characters, in GBK but not in GB2312.", "GBK"),
    ("full-width", "ＡＢＣ１２３！", "Here: full-width letters, digits and marks.", "GBK GB2312"),
    ("punctuation", "退货，原因：太大。", "Here: Chinese punctuation.", "GBK GB2312"),
    ("book-title-marks", "《面》「汤」", "Here: title marks and corner brackets.", "GBK GB2312"),
    ("ideographic-blank", "面　汤", "Here: an ideographic blank.", "GBK GB2312"),
    ("full-width-yen", "￥12", "Here: the full-width yen sign, which is in every Chinese charset.", "GBK GB2312"),
    ("full-width-tilde", "5～7", "Here: the full-width tilde, which some tables take for U+301C.", "GBK GB2312"),
    ("double-bar", "a‖b", "Here: the double vertical line, which some tables take for U+2225.", "GBK GB2312"),
    ("ellipsis", "等等……", "Here: dots, two characters of three.", "GBK GB2312"),
    ("greek", "αβγ", "Here: Greek letters, which Chinese charsets have in two bytes.", "GBK GB2312"),
    ("cyrillic", "Суп", "Here: Cyrillic letters.", "GBK GB2312"),
    ("kana", "ラメン", "Here: Japanese kana.", "GBK GB2312"),
    ("long-vowel-mark", "ラーメン", "Here: kana with the mark for a long vowel, which GB2312 has not.", "GBK"),
    ("pinyin", "lǚ xíng é ü", "Here: letters with tone marks.", "GBK GB2312"),
    ("signs", "№ ℃ × ÷ ± §", "Here: signs that are in Latin-1 or beyond, and in GB2312.", "GBK GB2312"),
    ("circled-digits", "①②③", "Here: digits in circles.", "GBK GB2312"),
    ("roman-numerals", "ⅠⅡⅢ", "Here: Roman numerals.", "GBK GB2312"),
    ("box-drawing", "┌─┐", "Here: lines of boxes.", "GBK GB2312"),
    ("small-roman-numerals", "ⅰⅱ", "Here: small Roman numerals, in GBK but not in GB2312.", "GBK"),
    ("looks-like-utf8", "联通", "Here: two characters whose bytes have the shape of UTF-8: guessing the charset fails.", "GBK GB2312"),
    ("trail-byte-backslash", "許功蓋 誠", "Here: 誠, whose second GBK byte is 5C, a backslash to byte-wise escaping.", "GBK"),
    ("trail-byte-pipe", "東", "Here: a character whose second byte is 7C, a pipe.", "GBK"),
    ("trail-byte-letter", "產恆", "Here: characters whose second bytes are letters: lowering or raising bytes changes them.", "GBK"),
    ("trail-byte-at", "園", "Here: a character whose second byte is 40, the lowest there is.", "GBK"),
    ("trail-byte-pipe-at-the-end", "脇", "Here: a character whose second byte is 7C at the very end of the value.", "GBK"),
    ("trail-byte-before-quote", '{"name":"誠"}', "Here: a second byte 5C right before a quote of JSON.", "GBK"),
    ("lead-byte-before-ampersand", "啊&啊", "Here: & between two characters of two bytes.", "GBK GB2312"),
    ("first-and-last-gb2312", "啊座亍齄", "Here: the first and last characters of the two levels of GB2312.", "GBK GB2312"),
    ("first-and-last-gbk", "丂狜龥", "Here: characters at the edges of GBK's own blocks.", "GBK"),
    ("middle-dot-and-dash", "王·五—六", "Here: the middle dot and the dash as GBK has them.", "GBK"),
)  # fmt: skip


def _rows(charset: str) -> Iterator[Row]:
    for slug, value, comment, charsets in _TEXTS:
        if charset in charsets.split():
            yield Row(slug, comment, _in_charset(value, charset))


@table("sign.charset", twin=chinese_in_gbk, charset="GBK")
def text_in_gbk() -> Iterator[Row]:
    """The bytes are those of GBK."""
    yield from _rows("GBK")


@table("sign.charset", twin=chinese_in_gb2312, charset="GB2312")
def text_in_gb2312() -> Iterator[Row]:
    """The bytes are those of GB2312."""
    yield from _rows("GB2312")


@table("sign.charset", twin=chinese_in_utf8)
def text_in_utf8() -> Iterator[Row]:
    """The bytes are those of UTF-8."""
    for value, slug, comment in (
        ("é", "two-bytes", "Here: two bytes a character."),
        ("€", "euro", "Here: the euro, which GBK has not."),
        ("발권", "korean", "Here: Korean, which GBK has not."),
        ("ไทย", "thai", "Here: Thai, which GBK has not."),
        ("㐀", "extension-a", "Here: an ideograph that GB18030 has, and GBK has not."),
        ("面🍜汤", "four-bytes", "Here: four bytes a character."),
        ("\u07ff\u0800\uffff\U00010000", "edges", "Here: the characters at which UTF-8 grows by a byte."),
        ("\ud7ff\ue000", "around-surrogates", "Here: the characters on either side of the surrogates."),
    ):
        yield Row(slug, comment, refund(refund_reason=value))


_LACKING = (
    ("emoji", "好吃🍜", "Here: an emoji.", "GBK GB2312"),
    ("korean", "발권", "Here: Korean.", "GBK GB2312"),
    ("thai", "ไทย", "Here: Thai.", "GBK GB2312"),
    ("latin-letter", "jalapeño", "Here: a Latin letter that no tone mark brought in.", "GBK GB2312"),
    ("combining-accent", "cafe\u0301", "Here: a combining accent.", "GBK GB2312"),
    ("no-break-blank", "a\u00a0b", "Here: a blank that does not break, which looks like any other.", "GBK GB2312"),
    ("zero-width-blank", "a\u200bb", "Here: a blank without width.", "GBK GB2312"),
    ("byte-order-mark", "\ufeffabc", "Here: a byte order mark.", "GBK GB2312"),
    ("yen", "¥12", "Here: the yen sign of Latin-1; the charset has the full-width one only.", "GBK GB2312"),
    ("copyright", "©", "Here: a copyright sign.", "GBK GB2312"),
    ("extension-a", "㐀", "Here: an ideograph that GB18030 has in four bytes.", "GBK GB2312"),
    ("extension-b", "𠮷野屋", "Here: an ideograph beyond 16 bits, in a real shop's name.", "GBK GB2312"),
    ("replacement-character", "a\ufffdb", "Here: the replacement character.", "GBK GB2312"),
    ("private-use", "\ue5e5", "Here: a private-use character.", "GB2312"),
    ("traditional", "發票遺失", "Here: traditional characters; GBK has them.", "GB2312"),
    ("rare-simplified", "朱镕基", "Here: 镕, a character that GBK was made for.", "GB2312"),
    ("small-roman-numeral", "ⅰ", "Here: a small Roman numeral; GBK has it.", "GB2312"),
    ("zero-ideograph", "二〇二六", "Here: the ideograph for zero, as years are written; GBK has it.", "GB2312"),
    ("long-vowel-mark", "ラーメン", "Here: the mark for a long vowel; GB2312 has kana, but not this.", "GB2312"),
    ("last-character", "abc🍜", "Here: the very last character only.", "GBK GB2312"),
    ("first-character", "🍜abc", "Here: the very first character only.", "GBK GB2312"),
)  # fmt: skip


def _lacking(charset: str) -> Iterator[Row]:
    for slug, value, comment, charsets in _LACKING:
        if charset in charsets.split():
            yield Row(slug, comment, _in_charset(value, charset), "invalid")


@table("sign.charset.unencodable", twin=chinese_in_gbk, charset="GBK")
def not_in_gbk() -> Iterator[Row]:
    """GBK lacks a character: there is no right sign, the message is declined, nothing is replaced."""
    yield from _lacking("GBK")


@table("sign.charset.unencodable", twin=chinese_in_gb2312, charset="GB2312")
def not_in_gb2312() -> Iterator[Row]:
    """GB2312 lacks a character: there is no right sign, the message is declined, nothing is replaced."""
    yield from _lacking("GB2312")


@case("sign.charset.unencodable", twin=chinese_in_gbk, charset="GBK", result="acceptable")
def a_private_use_character_in_gbk() -> Pairs:
    """A private-use character. GBK leaves room for characters of one's own, and some programs (Java's GBK) write them there; most decline."""
    return _in_charset("\ue5e5", "GBK")


@case("sign.charset.unencodable", twin=chinese_in_gbk, charset="GBK", result="acceptable")
def the_euro_in_gbk() -> Pairs:
    """GBK has no euro; CP936, which many programs use under the name GBK, has it as the byte 80. Declining and that byte are both seen."""
    return _in_charset("12 €", "GBK")


@case("sign.charset.unencodable", twin=chinese_in_gb2312, charset="GB2312", result="acceptable")
def the_dash_in_gb2312() -> Pairs:
    """A1AA is U+2014 in one table of GB2312 and U+2015 in another: declining U+2014 and encoding it are both seen."""
    return _in_charset("王—六", "GB2312")


@case("sign.charset.unencodable", twin=chinese_in_gb2312, charset="GB2312", result="acceptable")
def the_middle_dot_in_gb2312() -> Pairs:
    """A1A4 is U+00B7 in one table of GB2312 and U+30FB in another: declining U+00B7 and encoding it are both seen."""
    return _in_charset("王·五", "GB2312")
