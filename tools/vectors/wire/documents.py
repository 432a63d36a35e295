"""The XML of a response: its children unescaped once and trimmed, in the charset that it declares."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Inputs, Row, family, question

GENUINE: Final = "response.genuine"
TRIMMED: Final = "response.trimmed"
_NONE: Final[Inputs] = {}
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def xml(
    child: str = "<action>close</action>",
    *,
    before: str = DECLARATION,
    container: str = "alipay",
    behind: str = "",
    charset: str = "utf-8",
) -> Inputs:
    """Return the bytes of a response to CANCEL with one child that matters."""
    text = (
        f"{before}<alipay><is_success>T</is_success>"
        f'<request><param name="out_trade_no">T1</param></request>'
        f"<response><{container}>{child}<result_code>SUCCESS</result_code></{container}></response>"
        f"<sign>1f0a1e5b0c5c4be1a7b1c1c9b0a7f3de</sign><sign_type>MD5</sign_type>{behind}</alipay>"
    )
    return raw(text, charset)


def raw(text: str, charset: str = "utf-8") -> Inputs:
    """Return any text as the bytes of a response."""
    return {"xml_hex": text.encode(charset).hex()}


@question(
    GENUINE,
    given=_NONE,
    says={"container": "alipay", "children": [("action", "close"), ("result_code", "SUCCESS")]},
)
def a_response() -> Inputs:
    """A response to CANCEL."""
    return xml()


@family(GENUINE, given=_NONE, twin=a_response)
def a_value_with_escapes() -> Iterator[Row]:
    """Escapes of XML are undone once; nothing else is."""
    for written, value, slug, comment in (
        ("a&amp;b", "a&b", "amp", "Here: an ampersand."),
        ("&lt;b&gt;", "<b>", "angles", "Here: angle brackets."),
        ("&quot;&apos;", "\"'", "quotes", "Here: a quote and an apostrophe."),
        ("&#38;&#65;", "&A", "decimal", "Here: references in decimals."),
        ("&#x4E2D;&#x41;", "中A", "hex", "Here: references in hex."),
        ("&#128012;", "🐌", "beyond-16-bits", "Here: a reference beyond 16 bits."),
        ("&amp;amp;", "&amp;", "escaped-twice", "Here: escaped twice, and undone once."),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;", "markup-escaped-twice", "Here: angle brackets, escaped twice."),
        ("&amp;#65;", "&#65;", "reference-escaped", "Here: a reference, escaped."),
        ("<![CDATA[a&b<c>]]>", "a&b<c>", "cdata", "Here: CDATA, in which nothing is escaped."),
        ("<![CDATA[a&amp;b]]>", "a&amp;b", "cdata-with-escape", "Here: CDATA with what looks like an escape."),
        ("a<![CDATA[&]]>b", "a&b", "cdata-inside", "Here: CDATA amid text."),
        ("<![CDATA[]]>", "", "cdata-empty", "Here: CDATA of nothing."),
        ("a+b%2Bc", "a+b%2Bc", "url-escapes", "Here: what would be an escape in a URL."),
        ("https://qr.example/i?a=1&amp;b=2", "https://qr.example/i?a=1&b=2", "url", "Here: a URL, as qrcode_img_url has it."),
        ("\\u0041", "\\u0041", "json-escape", "Here: an escape of JSON."),
        ("]]&gt;", "]]>", "end-of-cdata", "Here: what ends CDATA, escaped."),
        ("面条", "面条", "chinese", "Here: Chinese."),
        ("e\u0301", "e\u0301", "decomposed", "Here: a combining accent."),
    ):  # fmt: skip
        children = [("action", value), ("result_code", "SUCCESS")]
        yield Row(slug, comment, xml(f"<action>{written}</action>"), says={"children": children})


@family(TRIMMED, given=_NONE, twin=a_response)
def white_space() -> Iterator[Row]:
    """White space of XML at the ends of a value is no part of it; inside it is."""
    for written, value, slug, comment in (
        (" close ", "close", "blanks", "Here: blanks around it."),
        ("\n  close\n", "close", "indented", "Here: on a line of its own."),
        ("\tclose", "close", "tab", "Here: a tab in front."),
        ("close\r\n", "close", "line-end", "Here: a line end of Windows behind."),
        ("two  words", "two  words", "inside", "Here: two blanks inside, which stay two."),
        ("two\nlines", "two\nlines", "newline-inside", "Here: a newline inside, which stays."),
        (
            "\u3000close",
            "\u3000close",
            "ideographic-blank",
            "Here: an ideographic blank, which is none of XML's.",
        ),
        ("close\u00a0", "close\u00a0", "no-break-blank", "Here: a blank that does not break."),
        ("close\u200b", "close\u200b", "zero-width-blank", "Here: a blank without width."),
        (" ", "", "nothing-else", "Here: nothing but a blank."),
    ):
        children = [("action", value), ("result_code", "SUCCESS")]
        yield Row(slug, comment, xml(f"<action>{written}</action>"), says={"children": children})
    yield Row(
        "between-children",
        "Here: lines and indents between the elements.",
        xml("\n    <action>close</action>\n    "),
    )


@family(GENUINE, given=_NONE, twin=a_response)
def an_element_of_another_form() -> Iterator[Row]:
    """XML has several ways to write the same element."""
    for child, children, slug, comment in (
        ("<action></action>", [("action", ""), ("result_code", "SUCCESS")], "empty", "Here: an empty child."),
        ("<action/>", [("action", ""), ("result_code", "SUCCESS")], "self-closing", "Here: an empty child in one tag."),
        ("<action >close</action >", [("action", "close"), ("result_code", "SUCCESS")], "blank-in-the-tag", "Here: blanks in its tags."),
        ('<action type="x">close</action>', [("action", "close"), ("result_code", "SUCCESS")], "attribute", "Here: with an attribute, which is not signed."),
        ("<b>2</b><a>1</a>", [("b", "2"), ("a", "1"), ("result_code", "SUCCESS")], "order", "Here: two children out of order."),
        ("", [("result_code", "SUCCESS")], "one-child", "Here: there is no such child."),
        ("<new_field>1</new_field>", [("new_field", "1"), ("result_code", "SUCCESS")], "unknown", "Here: a field that no page knows."),
        ("<sign>x</sign>", [("sign", "x"), ("result_code", "SUCCESS")], "sign-inside", "Here: a child named sign, which is not the sign."),
    ):  # fmt: skip
        yield Row(
            slug, comment, xml(child), says={"children": children, "sign": "1f0a1e5b0c5c4be1a7b1c1c9b0a7f3de"}
        )


@family(GENUINE, given=_NONE, twin=a_response)
def another_name_for_the_container() -> Iterator[Row]:
    """Signed are the children of the first child of <response>, whatever its name is."""
    for name in ("trade", "qrcodeinfo", "response"):
        yield Row(name, f"Here: {name}.", xml(container=name), says={"container": name})


@family("sign.charset", given=_NONE, twin=a_response)
def a_declaration() -> Iterator[Row]:
    """The XML is in the charset that it declares, UTF-8 where it declares none."""
    child = "<action>面</action>"
    for before, codec, charset, slug, comment in (
        ('<?xml version="1.0" encoding="GBK"?>', "gbk", "GBK", "gbk", "Here: GBK."),
        ('<?xml version="1.0" encoding="GB2312"?>', "gb2312", "GB2312", "gb2312", "Here: GB2312."),
        ('<?xml version="1.0" encoding="gbk"?>', "gbk", "GBK", "small-letters", "Here: gbk in small letters."),
        ("<?xml version='1.0' encoding='GBK'?>", "gbk", "GBK", "apostrophes", "Here: in apostrophes."),
        ('<?xml version="1.0" encoding="GBK" standalone="yes"?>', "gbk", "GBK", "standalone", "Here: as a document that stands alone."),
        ("", "utf-8", "UTF-8", "none", "Here: there is no declaration."),
        ('<?xml version="1.0"?>', "utf-8", "UTF-8", "version-only", "Here: only the version is declared."),
        (f"\ufeff{DECLARATION}", "utf-8", "UTF-8", "byte-order-mark", "Here: a byte order mark in front."),
    ):  # fmt: skip
        children = [("action", "面"), ("result_code", "SUCCESS")]
        says = {"charset": charset, "children": children}
        yield Row(slug, comment, xml(child, before=before, charset=codec), says=says)


@family(GENUINE, given=_NONE)
def a_character_that_gbk_lacks() -> Iterator[Row]:
    """XML in GBK holds an emoji as a reference."""
    before = '<?xml version="1.0" encoding="GBK"?>'
    for written, slug in (("&#127836;", "decimal"), ("&#x1F35C;", "hex")):
        inputs = xml(f"<action>{written}</action>", before=before, charset="gbk")
        yield Row(
            slug,
            f"Here: in {slug}.",
            inputs,
            says={"children": [("action", "🍜"), ("result_code", "SUCCESS")]},
        )


@family("response.gateway-error", given=_NONE)
def a_gateway_error() -> Iterator[Row]:
    """The gateway refused the request: is_success F, an error code, and no sign."""
    for body, error, slug, comment in (
        (
            "<is_success>F</is_success><error>ILLEGAL_SIGN</error>",
            "ILLEGAL_SIGN",
            "illegal-sign",
            "Here: ILLEGAL_SIGN.",
        ),
        (
            "<is_success> F </is_success><error>\nSYSTEM_ERROR\n</error>",
            "SYSTEM_ERROR",
            "trimmed",
            "Here: with white space.",
        ),
        (
            "<error>ILLEGAL_PARTNER</error><is_success>F</is_success>",
            "ILLEGAL_PARTNER",
            "order",
            "Here: the other way round.",
        ),
    ):
        says = {"is_success": False, "error": error}
        yield Row(slug, comment, raw(f"{DECLARATION}<alipay>{body}</alipay>"), says=says)
