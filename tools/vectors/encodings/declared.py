"""The values of _input_charset: three names, in any letter case."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question

DECLARED: Final = "request.charset.declared"
_NONE: Final[Inputs] = {}


@question(DECLARED, given=_NONE, says={"charset": "UTF-8"})
def utf8() -> Inputs:
    """UTF-8 by its name."""
    return {"declared": "UTF-8"}


@family(DECLARED, given=_NONE, twin=utf8)
def another_name() -> Iterator[Row]:
    """A name of the protocol, in capital or small letters, as its pages and demos write them."""
    for text, charset in (("utf-8", "UTF-8"), ("GBK", "GBK"), ("gbk", "GBK"), ("GB2312", "GB2312"), ("gb2312", "GB2312"), ("Utf-8", "UTF-8")):  # fmt: skip
        slug = text.lower() + ("-small" if text.islower() else "-mixed" if not text.isupper() else "")
        yield Row(slug, f"Here: {text}.", {"declared": text}, says={"charset": charset})


@family(DECLARED, given=_NONE, twin=utf8, result="invalid")
def no_charset_of_the_protocol() -> Iterator[Row]:
    """It is none of the three: declined, not replaced by a default."""
    for text, slug, comment in (
        ("ISO-8859-1", "latin-1", "Here: ISO 8859-1, the default of many an old server."),
        ("GB18030", "gb18030", "Here: GB18030, whose bytes GBK does not have."),
        ("BIG5", "big5", "Here: Big5."),
        ("UTF-16", "utf-16", "Here: UTF-16."),
        ("Shift_JIS", "shift-jis", "Here: Shift_JIS."),
        ("US-ASCII", "ascii", "Here: ASCII."),
        ("UTF-7", "utf-7", "Here: UTF-7, in which plain letters may be anything."),
        ("", "empty", "Here: nothing; a default belongs to absence, not to an empty value."),
        ("null", "null", "Here: the word null."),
        ("UTF-8,GBK", "two", "Here: two at once."),
    ):
        yield Row(slug, comment, {"declared": text})


@family(DECLARED, given=_NONE, twin=utf8, result="acceptable")
def an_alias() -> Iterator[Row]:
    """What libraries call one of the three; no page of the protocol does."""
    for text, slug, comment in (
        ("UTF8", "utf8", "Here: without its dash."),
        ("CP936", "cp936", "Here: Windows' name for its GBK."),
        (" UTF-8", "blank", "Here: a blank in front."),
    ):
        yield Row(slug, comment, {"declared": text})
