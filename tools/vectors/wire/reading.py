"""How the body of a notification is read: decoded once, in one charset, nothing lost and nothing believed twice."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.encodings.writing import GB2312, GBK, UTF8
from tools.vectors.question import Inputs, Row, family, question

GENUINE: Final = "notify.genuine"
TWICE: Final = "notify.reject.duplicate"
DISGUISED: Final = "notify.reject.disguised"
HOSTILE: Final = "notify.hostile"


@question(GENUINE, given=UTF8, says={"params": [("subject", "soup"), ("total_fee", "12.80")]})
def a_form() -> Inputs:
    """Two parameters, nothing escaped."""
    return {"form": "subject=soup&total_fee=12.80"}


@family(GENUINE, given=UTF8, twin=a_form)
def decoded_once() -> Iterator[Row]:
    """Every escape is undone, once."""
    for form, value, slug, comment in (
        ("a+b", "a b", "plus", "Here: a plus sign is a blank."),
        ("a%20b", "a b", "percent-20", "Here: so is %20."),
        ("a%2Bb", "a+b", "percent-2b", "Here: %2B is a plus sign, and stays one."),
        ("a%2bb", "a+b", "small-digits", "Here: the same in a small hex digit."),
        ("%61%62", "ab", "letters", "Here: letters that need no escape have one."),
        ("a%26b%3D1", "a&b=1", "separators", "Here: an ampersand and an equals sign that belong to the value."),
        ("a=b=", "a=b=", "equals-signs", "Here: equals signs behind the first one belong to the value."),
        ("%E9%9D%A2", "面", "chinese", "Here: three bytes of UTF-8."),
        ("%F0%9F%8D%9C", "🍜", "emoji", "Here: four bytes of UTF-8."),
        ("e%CC%81", "e\u0301", "decomposed", "Here: a combining accent, which is not composed."),
        ("+soup+", " soup ", "blanks-around", "Here: blanks at both ends, which are signed."),
        ("%0D%0A", "\r\n", "line-end", "Here: nothing but a line end."),
        ("a%00b", "a\x00b", "zero", "Here: a character of zero, behind which the value goes on."),
        ("%EF%BB%BFa", "\ufeffa", "byte-order-mark", "Here: a byte order mark."),
        ("", "", "empty", "Here: no value; the parameter is there all the same."),
        ("a;b", "a;b", "semicolon", "Here: a semicolon, which separates nothing."),
        ("a;total_fee=0.01", "a;total_fee=0.01", "semicolon-and-more", "Here: a semicolon and what looks like a parameter: it is part of the value."),
        ("a?b", "a?b", "question-mark", "Here: a question mark."),
        ("null", "null", "null", "Here: the word null."),
        ("%E3%80%80a", "\u3000a", "ideographic-blank", "Here: an ideographic blank in front."),
    ):  # fmt: skip
        params = [("subject", value), ("total_fee", "12.80")]
        yield Row(slug, comment, {"form": f"subject={form}&total_fee=12.80"}, says={"params": params})


@family(DISGUISED, given=UTF8, twin=a_form)
def not_decoded_again() -> Iterator[Row]:
    """What comes out of decoding looks encoded again. It is the value."""
    for form, value, slug, comment in (
        ("%2541", "%41", "percent", "Here: the three characters %41."),
        ("%252B", "%2B", "plus", "Here: the three characters %2B."),
        ("%2526total_fee%253D0.01", "%26total_fee%3D0.01", "parameter", "Here: decoded twice it would be another parameter."),
        ("%25E9%259D%25A2", "%E9%9D%A2", "chinese", "Here: decoded twice it would be Chinese."),
        ("%26amp%3B", "&amp;", "html", "Here: what HTML writes for an ampersand."),
        ("%26%2365%3B", "&#65;", "reference", "Here: a numeric reference of HTML."),
        ("%5Cu0041", "\\u0041", "json-escape", "Here: an escape of JSON."),
        ("%25u9762", "%u9762", "javascript-escape", "Here: an escape of JavaScript's escape()."),
        ("%3DE9%3D9D", "=E9=9D", "quoted-printable", "Here: what mail writes for bytes."),
        ("MTIuODA%3D", "MTIuODA=", "base64", "Here: base64 of a number."),
    ):  # fmt: skip
        params = [("subject", value), ("total_fee", "12.80")]
        yield Row(slug, comment, {"form": f"subject={form}&total_fee=12.80"}, says={"params": params})


@family(GENUINE, given=UTF8, twin=a_form)
def other_separators() -> Iterator[Row]:
    """The pairs are the same, what lies between them is not."""
    params = [("subject", "soup"), ("total_fee", "12.80")]
    for form, slug, comment in (
        ("subject=soup&&total_fee=12.80", "two", "Here: two ampersands; there is no parameter between them."),
        ("&subject=soup&total_fee=12.80", "before", "Here: an ampersand in front."),
        ("subject=soup&total_fee=12.80&", "behind", "Here: an ampersand behind."),
        ("%73ubject=soup&total_fee=12.80", "escaped-name", "Here: a letter of a name is escaped."),
    ):
        yield Row(slug, comment, {"form": form}, says={"params": params})


@question(GENUINE, given=UTF8, twin=a_form, says={"params": [("subject", ""), ("total_fee", "12.80")]})
def a_name_without_equals_sign() -> Inputs:
    """A name alone has the empty value."""
    return {"form": "subject&total_fee=12.80"}


@family(TWICE, given=UTF8, twin=a_form)
def a_name_twice() -> Iterator[Row]:
    """A name stands twice. Whoever keeps one of them must know that there were two: the reader tells both, in their order."""
    for form, params, slug, comment in (
        ("subject=soup&total_fee=12.80&total_fee=0.01", [("subject", "soup"), ("total_fee", "12.80"), ("total_fee", "0.01")], "behind", "Here: another amount behind."),
        ("total_fee=0.01&subject=soup&total_fee=12.80", [("total_fee", "0.01"), ("subject", "soup"), ("total_fee", "12.80")], "before", "Here: another amount before."),
        ("subject=soup&total_fee=12.80&total_fee=12.80", [("subject", "soup"), ("total_fee", "12.80"), ("total_fee", "12.80")], "the-same", "Here: the same amount again."),
        ("subject=soup&total_fee=12.80&total%5Ffee=0.01", [("subject", "soup"), ("total_fee", "12.80"), ("total_fee", "0.01")], "escaped", "Here: one of the names is escaped."),
        ("subject=soup&total_fee=&total_fee=12.80", [("subject", "soup"), ("total_fee", ""), ("total_fee", "12.80")], "empty", "Here: one is empty."),
    ):  # fmt: skip
        yield Row(slug, comment, {"form": form}, says={"params": params})


@family(TWICE, given=UTF8, twin=a_form)
def names_that_languages_change() -> Iterator[Row]:
    """Two names that a language makes one, or one that it makes a list. They are names like any other."""
    for form, params, slug, comment in (
        ("subject=soup&total_fee=12.80&total.fee=0.01", [("subject", "soup"), ("total_fee", "12.80"), ("total.fee", "0.01")], "dot", "Here: a dot, which PHP makes an underscore."),
        ("subject=soup&total_fee=12.80&total+fee=0.01", [("subject", "soup"), ("total_fee", "12.80"), ("total fee", "0.01")], "blank", "Here: a blank, which PHP makes an underscore."),
        ("subject=soup&total_fee=12.80&total_fee%5B%5D=0.01", [("subject", "soup"), ("total_fee", "12.80"), ("total_fee[]", "0.01")], "brackets", "Here: brackets, which PHP makes a list."),
        ("subject=soup&total_fee=12.80&Total_Fee=0.01", [("subject", "soup"), ("total_fee", "12.80"), ("Total_Fee", "0.01")], "capitals", "Here: capital letters, which are others."),
        ("subject=soup&total_fee=12.80&+total_fee=0.01", [("subject", "soup"), ("total_fee", "12.80"), (" total_fee", "0.01")], "blank-in-front", "Here: a blank in front, which PHP drops."),
        ("subject=soup&total_fee=12.80&total_fee%00=0.01", [("subject", "soup"), ("total_fee", "12.80"), ("total_fee\x00", "0.01")], "zero-behind", "Here: a character of zero behind, where C ends."),
    ):  # fmt: skip
        yield Row(slug, comment, {"form": form}, says={"params": params})


@family(GENUINE, given=GBK)
def decoded_in_gbk() -> Iterator[Row]:
    """The bytes behind the escapes are GBK."""
    for form, value, slug, comment in (
        ("%C3%E6%CC%F5", "面条", "chinese", "Here: two characters."),
        ("%D5%5C", "誠", "backslash", "Here: a second byte that is a backslash in ASCII."),
        ("%AEa", "產", "letter", "Here: a second byte that stands for itself."),
        ("%C3%E6+%CC%F5", "面 条", "blank-between", "Here: a blank between them."),
        ("%C3%E6%26%CC%F5", "面&条", "ampersand-between", "Here: an ampersand between them."),
    ):
        yield Row(slug, comment, {"form": f"subject={form}"}, says={"params": [("subject", value)]})


@family(HOSTILE, given=UTF8, result="invalid")
def bytes_of_no_text() -> Iterator[Row]:
    """The bytes are no text in the charset: nobody signed them, and what replaces them was not sent."""
    for given, form, slug, comment in (
        (UTF8, "subject=%C3%E6", "gbk-as-utf-8", "Here: GBK where UTF-8 was announced."),
        (UTF8, "subject=%E9%9D", "cut-off", "Here: a character breaks off."),
        (UTF8, "subject=%C0%A7", "overlong", "Here: an apostrophe in two bytes."),
        (UTF8, "subject=%ED%A0%81", "surrogate", "Here: half a pair of surrogates."),
        (UTF8, "%FF=1", "in-a-name", "Here: in a name."),
        (
            GBK,
            "subject=%C3&total_fee=1",
            "before-an-ampersand",
            "Here: half a character of GBK before an ampersand.",
        ),
        (GBK, "subject=%E9%9D%A2", "utf-8-as-gbk", "Here: UTF-8 where GBK was announced."),
        (GB2312, "subject=%B0l", "gbk-as-gb2312", "Here: a character of GBK where GB2312 was announced."),
    ):
        yield Row(slug, comment, {"form": form}, given=given, says={"fault": "charset.undecodable"})


@family(HOSTILE, given=UTF8, twin=a_form, result="acceptable")
def not_settled() -> Iterator[Row]:
    """Alipay never sends such a thing; readers differ, and refusing it is as right as reading it as it stands."""
    for form, slug, comment in (
        ("subject=100%&total_fee=12.80", "lone-percent", "Here: a percent sign at the end of a value."),
        (
            "subject=%zz&total_fee=12.80",
            "no-digits",
            "Here: a percent sign with letters that are no hex digits.",
        ),
        ("subject=%4&total_fee=12.80", "one-digit", "Here: a percent sign with one digit."),
        ("=soup&total_fee=12.80", "no-name", "Here: a value without a name."),
        ("subject=a b&total_fee=12.80", "raw-blank", "Here: a blank that was not escaped."),
        ("", "nothing", "Here: no parameter at all."),
    ):
        yield Row(slug, comment, {"form": form})


@question(HOSTILE, given=UTF8, result="acceptable")
def raw_bytes() -> Inputs:
    """Bytes beyond ASCII that were not escaped."""
    return {"form_hex": "7375626a6563743de99da2"}
