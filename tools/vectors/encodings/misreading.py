"""Written in one charset, read in another: what one sees, and when nobody notices."""

from collections.abc import Iterator

from tools.vectors.encodings.writing import CHARSET, GB2312, GBK, UTF8
from tools.vectors.question import Inputs, Row, family, question


@question(CHARSET, given=UTF8, says={"text": "闈㈡潯"})
def utf8_taken_for_gbk() -> Inputs:
    """UTF-8 read as GBK: three characters for every two, each of them Chinese, none an error. The sign of the text differs."""
    return {"text": "面条", "read_as": "GBK"}


@family(CHARSET, given=UTF8, twin=utf8_taken_for_gbk)
def utf8_passes_for_gbk() -> Iterator[Row]:
    """UTF-8 read as GBK, and nothing is amiss but the text."""
    for text, seen, slug, comment in (
        ("测试", "娴嬭瘯", "test", "Here: the word for test, which developers see first."),
        ("订单", "璁㈠崟", "order", "Here: the word for order."),
        ("小店", "灏忓簵", "shop", "Here: a shop."),
        ("éé", "茅茅", "latin", "Here: two accented letters become two Chinese characters."),
        ("你好", "浣犲ソ", "hello", "Here: a greeting; one of the characters looks Japanese."),
        ("🍜", "馃崪", "emoji", "Here: an emoji becomes two Chinese characters."),
    ):
        yield Row(slug, comment, {"text": text, "read_as": "GBK"}, says={"text": seen})


@family(CHARSET, given=UTF8, twin=utf8_taken_for_gbk, result="invalid")
def utf8_is_no_gbk() -> Iterator[Row]:
    """UTF-8 read as GBK, and it breaks: an odd number of bytes, or a pair that is no character."""
    for text, position, slug, comment in (
        ("面", 2, "one-character", "Here: three bytes; the last one is left over."),
        ("中国", 2, "china", "Here: bytes 2 and 3 are no character of GBK."),
        ("老王面馆", 10, "late", "Here: the last pair only."),
        ("支付", 2, "pay", "Here: the word for paying."),
        ("€", 2, "euro", "Here: the euro sign."),
    ):
        yield Row(
            slug, comment, {"text": text, "read_as": "GBK"}, says={"undecodable": {"position": position}}
        )


@question(CHARSET, given=GBK, result="invalid", says={"undecodable": {"position": 0}})
def gbk_taken_for_utf8() -> Inputs:
    """GBK read as UTF-8: nearly always an error, seen as question marks in diamonds by whoever replaces."""
    return {"text": "面条", "read_as": "UTF-8"}


@family(CHARSET, given=GBK, twin=gbk_taken_for_utf8, result="invalid")
def gbk_is_no_utf8() -> Iterator[Row]:
    """GBK read as UTF-8, and it breaks."""
    for text, position, slug, comment in (
        ("ab面", 2, "behind-ascii", "Here: behind two letters."),
        ("誠", 0, "backslash", "Here: a first byte and a backslash."),
        (
            "联通",
            0,
            "overlong",
            "Here: two characters whose bytes have the shape of UTF-8; the first byte C1 exposes them.",
        ),
    ):
        yield Row(
            slug, comment, {"text": text, "read_as": "UTF-8"}, says={"undecodable": {"position": position}}
        )


@family(CHARSET, given=GBK, twin=gbk_taken_for_utf8)
def gbk_passes_for_utf8() -> Iterator[Row]:
    """GBK read as UTF-8, and nobody notices: whoever guesses a charset by trying UTF-8 first reads another text."""
    for text, seen, slug, comment in (
        ("千", "ǧ", "thousand", "Here: one character whose bytes are one of UTF-8."),
        ("T1", "T1", "ascii", "Here: ASCII, which is the same."),
        ("模12", "ģ12", "with-digits", "Here: another one, and two digits."),
    ):
        yield Row(slug, comment, {"text": text, "read_as": "UTF-8"}, says={"text": seen})


@question(CHARSET, given=GB2312, says={"text": "面条"})
def gb2312_read_as_gbk() -> Inputs:
    """GB2312 read as GBK is always right: GBK extends it."""
    return {"text": "面条", "read_as": "GBK"}


@question(CHARSET, given=GBK, says={"text": "面条"})
def gbk_read_as_gb2312() -> Inputs:
    """GBK read as GB2312 is right while the text is simple."""
    return {"text": "面条", "read_as": "GB2312"}


@question(
    CHARSET, given=GBK, twin=gbk_read_as_gb2312, result="invalid", says={"undecodable": {"position": 4}}
)
def gbk_is_no_gb2312() -> Inputs:
    """And it breaks with the first traditional character."""
    return {"text": "面条麵", "read_as": "GB2312"}
