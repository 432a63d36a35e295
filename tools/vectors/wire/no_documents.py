"""Bytes that are no response, or that two readers read differently: declined, and nothing in them is expanded."""

from collections.abc import Iterator
from typing import Final

from tools.vectors.question import Row, family
from tools.vectors.wire.documents import _NONE, DECLARATION, a_response, raw, xml

HOSTILE: Final = "response.hostile"
NO_DTD: Final = "response.no-dtd"


@family(NO_DTD, given=_NONE, twin=a_response, result="invalid")
def a_document_type() -> Iterator[Row]:
    """A response has no DTD. Whoever expands one reads files, asks servers or fills the memory for the sender."""
    for dtd, child, slug, comment in (
        ("<!DOCTYPE alipay>", "<action>close</action>", "empty", "Here: one that says nothing."),
        ('<!DOCTYPE alipay [<!ENTITY a "close">]>', "<action>&a;</action>", "entity", "Here: an entity that stands for a value."),
        ('<!DOCTYPE alipay [<!ENTITY a SYSTEM "file:///etc/hostname">]>', "<action>&a;</action>", "file", "Here: an entity that is a file of the merchant's."),
        ('<!DOCTYPE alipay [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>', "<action>&a;</action>", "address", "Here: an entity that is behind an address."),
        ('<!DOCTYPE alipay [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;]>', "<action>close</action>", "parameter-entity", "Here: more of it stands elsewhere."),
        ('<!DOCTYPE alipay [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>', "<action>&c;</action>", "growing", "Here: entities that grow."),
        ('<!DOCTYPE alipay SYSTEM "http://127.0.0.1:9/a.dtd">', "<action>close</action>", "external", "Here: all of it stands elsewhere."),
        ('<!DOCTYPE alipay [<!ATTLIST action a CDATA "x">]>', "<action>close</action>", "default-attribute", "Here: an attribute by default."),
    ):  # fmt: skip
        yield Row(slug, comment, xml(child, before=f"{DECLARATION}{dtd}"))


@family(HOSTILE, given=_NONE, twin=a_response, result="invalid")
def no_xml() -> Iterator[Row]:
    """It is no XML, or it ends too early."""
    whole = bytes.fromhex(a_response.inputs["xml_hex"]).decode()
    for text, slug, comment in (
        ("", "nothing", "Here: it is empty."),
        (whole[: len(whole) // 2], "cut-off", "Here: its second half is missing."),
        (whole.replace("</alipay></response>", "</response>"), "not-closed", "Here: an element is not closed."),
        (whole.replace("close<", "a&b<"), "bare-ampersand", "Here: an ampersand that is not escaped."),
        (whole.replace("close<", "a<b<"), "bare-angle", "Here: an angle bracket that is not escaped."),
        (whole.replace("close<", "&nbsp;<"), "unknown-entity", "Here: an entity of HTML."),
        (whole.replace("close<", "&#0;<"), "zero", "Here: a reference to no character."),
        (whole.replace("close<", "&#xD800;<"), "surrogate", "Here: a reference to half a pair of surrogates."),
        (whole.replace("close<", "&#x110000;<"), "beyond-unicode", "Here: a reference to more than there is."),
        (whole.replace("close<", "a\x01b<"), "control", "Here: a control character that XML has not."),
        (whole + whole[len(DECLARATION) :], "two", "Here: two of them, one behind the other."),
        (whole + "x", "text-behind", "Here: text behind it."),
        ("x" + whole, "text-before", "Here: text before it."),
        ("<html><body>502 Bad Gateway</body></html>", "html", "Here: a page of HTML."),
        ('{"is_success":"T"}', "json", "Here: JSON."),
        ("is_success=T&result_code=SUCCESS", "form", "Here: a form."),
        ("true", "word", "Here: a word."),
        (whole.replace("<is_success>T</is_success>", ""), "no-is-success", "Here: is_success is missing."),
        (whole.replace(">T<", "><"), "empty-is-success", "Here: is_success is empty."),
        (whole.replace(">T<", ">true<"), "true", "Here: is_success is the word true."),
        (f"{DECLARATION}<root>{whole[len(DECLARATION):]}</root>", "wrapped", "Here: a whole response within another element."),
    ):  # fmt: skip
        yield Row(slug, comment, raw(text))


@family(HOSTILE, given=_NONE, twin=a_response, result="invalid")
def a_charset_that_does_not_fit() -> Iterator[Row]:
    """The bytes are no text in the charset that the XML declares, or that is none of the protocol's."""
    child = "<action>面</action>"
    for before, codec, slug, comment in (
        ('<?xml version="1.0" encoding="UTF-8"?>', "gbk", "gbk-as-utf-8", "Here: GBK under the name of UTF-8."),
        ('<?xml version="1.0" encoding="GBK"?>', "utf-8", "utf-8-as-gbk", "Here: UTF-8 under the name of GBK."),
        ("", "gbk", "gbk-undeclared", "Here: GBK without a declaration."),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "utf-8", "latin-1", "Here: ISO 8859-1, in which every byte is a character, and none of them the right one."),
        ('<?xml version="1.0" encoding="BIG5"?>', "big5", "big5", "Here: Big5."),
    ):  # fmt: skip
        yield Row(slug, comment, xml(child, before=before, charset=codec))


@family(HOSTILE, given=_NONE, twin=a_response, result="invalid")
def two_of_one() -> Iterator[Row]:
    """Something stands twice, so that two readers may believe different values."""
    whole = bytes.fromhex(a_response.inputs["xml_hex"]).decode()
    for text, slug, comment in (
        (whole.replace("<action>", "<result_code>FAIL</result_code><action>"), "child", "Here: a child, with another value."),
        (whole.replace("<is_success>T", "<is_success>F</is_success><is_success>T"), "is-success", "Here: is_success."),
        (whole.replace("<sign>", "<sign>x</sign><sign>"), "sign", "Here: the sign."),
        (whole.replace("<response>", "<response><alipay><result_code>FAIL</result_code></alipay></response><response>"), "response", "Here: <response>."),
        (whole.replace("<response>", "<response><alipay><result_code>FAIL</result_code></alipay>"), "container", "Here: <response> has two children."),
    ):  # fmt: skip
        yield Row(slug, comment, raw(text))


@family(HOSTILE, given=_NONE, twin=a_response, result="acceptable")
def not_settled() -> Iterator[Row]:
    """No source says how this is read; refusing it is as right."""
    for child, slug, comment in (
        (
            "<action>cl<!-- -->ose</action>",
            "comment",
            "Here: a comment inside a value, where some readers end it.",
        ),
        ("<action>cl<?x?>ose</action>", "processing-instruction", "Here: a processing instruction."),
        ("<action><a>1</a></action>", "nested", "Here: a child with a child of its own."),
        ('<action xmlns="urn:x">close</action>', "namespace", "Here: a namespace."),
    ):
        yield Row(slug, comment, xml(child))
