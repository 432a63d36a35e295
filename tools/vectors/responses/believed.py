"""Genuine responses: everything that makes readers refuse them wrongly, or hear something else."""

from collections.abc import Iterator

from tools.vectors.responses.envelope import (
    CANCEL,
    CREATE,
    REFUND,
    Alipay,
    Letter,
    Service,
    edited,
    element,
    response,
    responses,
)

GENUINE = "response.genuine"
ACCEPTED = Service(edited(REFUND.sent, is_sync="N"), REFUND.children)


def _without_echo(data: bytes) -> bytes:
    head, _, rest = data.partition(b"<request>")
    return head + rest.partition(b"</request>")[2]


@response(GENUINE, says={"outcome": "success"})
def a_cancel(alipay: Alipay) -> Letter:
    """A genuine response to CANCEL."""
    return alipay.answer(CANCEL)


@response(GENUINE, says={"outcome": "success"})
def a_refund(alipay: Alipay) -> Letter:
    """A genuine response to REFUND with is_sync=Y."""
    return alipay.answer(REFUND)


@response(GENUINE, "response.image-url", says={"outcome": "success"})
def a_create(alipay: Alipay) -> Letter:
    """A genuine response to CREATE. The address of the image holds &amp;amp; in XML, and an ampersand in the signed text."""
    return alipay.answer(CREATE)


@response(GENUINE, says={"outcome": "accepted"})
def an_accepted_refund(alipay: Alipay) -> Letter:
    """A genuine response to REFUND with is_sync=N: it was accepted, no money has moved."""
    return alipay.answer(ACCEPTED)


@response(
    "response.two-levels",
    "response.code",
    twin=a_refund,
    says={"outcome": "failed", "code": "RETURN_AMOUNT_EXCEED"},
)
def a_refund_that_failed(alipay: Alipay) -> Letter:
    """is_success is T and result_code FAILED: the gateway took the request, the refund was refused. Signed, so it is certain."""
    return alipay.answer(
        REFUND, children=edited(REFUND.children, result_code="FAILED", error="RETURN_AMOUNT_EXCEED")
    )


@response(
    "response.two-levels",
    "response.code",
    twin=a_cancel,
    says={"outcome": "failed", "code": "TRADE_HAS_FINISHED"},
)
def a_cancel_that_failed(alipay: Alipay) -> Letter:
    """is_success is T and result_code FAIL."""
    more = {"result_code": "FAIL", "detail_error_code": "TRADE_HAS_FINISHED", "detail_error_des": "finished"}
    return alipay.answer(CANCEL, children=edited(CANCEL.children, **more))


@response("response.unknown", twin=a_refund, says={"outcome": "unknown", "code": "SYSTEM_ERROR"})
def a_refund_that_is_unknown(alipay: Alipay) -> Letter:
    """SYSTEM_ERROR, signed: nobody knows what became of it."""
    return alipay.answer(REFUND, children=edited(REFUND.children, result_code="FAILED", error="SYSTEM_ERROR"))


@responses(GENUINE, "sign.order", twin=a_cancel, says={"outcome": "success"})
def in_another_layout(alipay: Alipay) -> Iterator[tuple[str, str, Letter]]:
    """The same response, written otherwise."""
    lines = "\n".join(f"    {element(*pair)}" for pair in CANCEL.children)
    turned = "".join(element(*pair) for pair in reversed(CANCEL.children))
    sealed = f"{element('sign', alipay.sign(CANCEL.children))}<sign_type>{alipay.sign_type}</sign_type>"
    yield (
        "children-in-reverse",
        "Here: its children stand in reverse order.",
        alipay.answer(CANCEL, written=turned),
    )
    yield (
        "indented",
        "Here: every child on a line of its own, indented.",
        alipay.answer(CANCEL, written=f"\n{lines}\n  "),
    )
    yield (
        "sign-first",
        "Here: sign and sign_type stand in front of everything.",
        Letter(
            CANCEL.sent,
            alipay.answer(CANCEL)
            .data.replace(sealed.encode(), b"")
            .replace(b"<alipay><is", f"<alipay>{sealed}<is".encode(), 1),
        ),
    )
    yield (
        "white-space-in-the-sign-element",
        "Here: line ends around the sign.",
        alipay.answer(
            CANCEL, edit=(sealed, sealed.replace("<sign>", "<sign>\n").replace("</sign>", "\n</sign>"))
        ),
    )
    yield (
        "no-echo",
        "Here: the request is not echoed.",
        Letter(CANCEL.sent, _without_echo(alipay.answer(CANCEL).data)),
    )
    yield (
        "container-trade",
        "Here: the first child of <response> is named trade.",
        alipay.answer(CANCEL, container="trade"),
    )
    yield (
        "sign-in-cdata",
        "Here: the sign stands in CDATA.",
        alipay.answer(
            CANCEL,
            edit=(sealed, sealed.replace("<sign>", "<sign><![CDATA[").replace("</sign>", "]]></sign>")),
        ),
    )
    yield (
        "declared-in-small-letters",
        "Here: it declares utf-8.",
        alipay.answer(CANCEL, edit=('"UTF-8"', '"utf-8"')),
    )
    yield (
        "not-declared",
        "Here: it has no declaration.",
        alipay.answer(CANCEL, edit=('<?xml version="1.0" encoding="UTF-8"?>\n', "")),
    )


@responses("response.trimmed", twin=a_cancel, says={"outcome": "success"})
def white_space_around_a_value(alipay: Alipay) -> Iterator[tuple[str, str, Letter]]:
    """White space at the ends of a child is layout: the signed text is without it."""
    for slug, comment, written in (
        ("blanks", "Here: blanks.", "<action> refund </action>"),
        ("lines", "Here: the value stands on a line of its own.", "<action>\n      refund\n    </action>"),
        ("tab", "Here: a tab.", "<action>\trefund</action>"),
    ):
        yield slug, comment, alipay.answer(CANCEL, edit=("<action>refund</action>", written))


@responses(GENUINE, "sign.value.raw", twin=a_cancel_that_failed, says={"outcome": "failed"})
def with_escapes_in_a_value(alipay: Alipay) -> Iterator[tuple[str, str, Letter]]:
    """A description holds what XML must escape: the signed text holds the characters themselves."""
    for slug, comment, value, written in (
        ("ampersand", "Here: an ampersand.", "A & B", "A &amp; B"),
        ("markup", "Here: angle brackets.", "a <b> c", "a &lt;b&gt; c"),
        ("quotes", "Here: quotes and apostrophes, escaped or not.", "\"it's\"", "&quot;it's\""),
        ("reference", "Here: a reference by number.", "A中", "&#65;&#x4e2d;"),
        ("cdata", "Here: CDATA.", "A & <B>", "<![CDATA[A & <B>]]>"),
        ("escaped-twice", "Here: what is an escape still when it has been undone once.", "A &amp; B", "A &amp;amp; B"),
        ("line-end", "Here: a line end of Windows, which XML reads as a newline.", "two\nlines", "two\r\nlines"),
        ("plus-and-percent", "Here: a plus sign and what would be an escape in a URL.", "1+1 %41", "1+1 %41"),
        ("blanks-inside", "Here: two blanks inside.", "two  blanks", "two  blanks"),
        ("chinese", "Here: Chinese.", "交易已完结", "交易已完结"),
        ("emoji", "Here: an emoji.", "🍜", "🍜"),
        ("decomposed", "Here: a combining accent.", "cafe\u0301", "cafe\u0301"),
        ("equals-and-ampersand", "Here: what looks like another child of the signed text.", "x&action=close", "x&amp;action=close"),
        ("zero", "Here: 0.", "0", "0"),
        ("null", "Here: the word null.", "null", "null"),
    ):  # fmt: skip
        children = edited(
            CANCEL.children,
            result_code="FAIL",
            detail_error_code="TRADE_HAS_FINISHED",
            detail_error_des=value,
        )
        inner = (
            "".join(element(*pair) for pair in children[:-1])
            + f"<detail_error_des>{written}</detail_error_des>"
        )
        yield slug, comment, alipay.answer(CANCEL, children=children, written=inner)


@responses(GENUINE, "sign.every-parameter", twin=a_cancel, says={"outcome": "success"})
def with_other_children(alipay: Alipay) -> Iterator[tuple[str, str, Letter]]:
    """All children are signed, those that no page knows like the others; those without a value are not."""
    for slug, comment, children in (
        ("unknown", "Here: a child that no page knows.", edited(CANCEL.children, new_field="1")),
        ("empty", "Here: a child without a value.", edited(CANCEL.children, detail_error_des="")),
        ("capitals", "Here: a name in capital letters, which sorts before all others.", edited(CANCEL.children, Version="2")),
        ("underscore", "Here: a name with an underscore in front.", edited(CANCEL.children, _extra="2")),
        ("no-action", "Here: without action, since there was nothing to do.", tuple(pair for pair in CANCEL.children if pair[0] != "action")),
    ):  # fmt: skip
        yield slug, comment, alipay.answer(CANCEL, children=children)


@responses("sign.charset", twin=a_cancel_that_failed, says={"outcome": "failed"})
def in_a_charset(alipay: Alipay) -> Iterator[tuple[str, str, Letter]]:
    """The signed bytes are those of the charset that the XML declares, whatever the request was in."""
    for charset, value, slug, comment in (
        ("GBK", "交易已完结", "gbk", "Here: GBK."),
        ("GB2312", "交易已完结", "gb2312", "Here: GB2312."),
        (
            "GBK",
            "訂單誠",
            "gbk-traditional",
            "Here: GBK with traditional characters, one of which ends with a backslash.",
        ),
        ("GBK", "finished", "gbk-ascii", "Here: GBK, and nothing but ASCII."),
    ):
        children = edited(
            CANCEL.children,
            result_code="FAIL",
            detail_error_code="TRADE_HAS_FINISHED",
            detail_error_des=value,
        )
        yield slug, comment, alipay.answer(CANCEL, children=children, charset=charset)


@response("response.nested", twin=a_cancel, result="acceptable")
def with_a_nested_child(alipay: Alipay) -> Letter:
    """A child holds elements. What of it is signed is not documented; public code signs the XML within."""
    children = (*CANCEL.children, ("detail", "<code>1</code>"))
    inner = "".join(element(*pair) for pair in CANCEL.children) + "<detail><code>1</code></detail>"
    return alipay.answer(CANCEL, children=children, written=inner)


@response("response.hostile", twin=a_cancel, result="acceptable")
def with_a_comment_between(alipay: Alipay) -> Letter:
    """A comment stands between two children, where it changes no value; refusing it is as right."""
    return alipay.answer(CANCEL, edit=("<action>", "<!-- cancelled --><action>"))


@response("response.belongs", twin=a_refund, says={"outcome": "success"})
def with_the_amount_in_another_form(alipay: Alipay) -> Letter:
    """refund_amount is 0.1 where 0.10 was sent: the same amount."""
    return alipay.answer(REFUND, children=edited(REFUND.children, refund_amount="0.1"))
