"""Words for mistakes in escaping: HTML entities and URL encoding."""

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)

from typing import Final

from alipay_qr_conformance.doctor.rows.row import Row, row

ROWS: Final[tuple[Row, ...]] = (
    row(
        "html.escaped",
        2,
        (
            "HTML entities are in the signed text ({detail})",
            "The values were escaped for a page before signing; the message has plain characters.",
            "Sign the raw values. Escape only when you print the form, after signing.",
        ),
        (
            "待签名字符串中有 HTML 实体（{detail}）",
            "签名前为输出页面做了转义，报文中是普通字符。",
            "用原始值签名；只在输出表单时转义，且在签名之后。",
        ),
    ),
    row(
        "html.unescaped",
        2,
        (
            "the message has HTML entities where the signed text has characters ({detail})",
            "The form or an input filter escaped the values (&amp;, &quot;) after they were signed.",
            "Do not escape what you send; when verifying, use the raw body before any filter.",
        ),
        (
            "报文中是 HTML 实体，签名时是普通字符（{detail}）",
            "值在签名之后被表单或输入过滤器转义（&amp;、&quot;）。",
            "发送时不要转义；验签时使用过滤之前的原始内容。",
        ),
    ),
    row(
        "html.tags-stripped",
        4,
        (
            "tags were stripped from values before signing ({detail})",
            "A filter (strip_tags) changed the text.",
            "Sign the raw values.",
        ),
        ("签名前去掉了值中的标签（{detail}）", "过滤器（strip_tags）改动了文本。", "用原始值签名。"),
    ),
    row(
        "html.quotes-cut",
        4,
        (
            "values were cut at the first double quote before signing ({detail})",
            "The value went through an HTML attribute that was not escaped.",
            "Escape values in HTML attributes, and sign the raw ones.",
        ),
        (
            "签名前值在第一个双引号处被截断（{detail}）",
            "值经过了没有转义的 HTML 属性。",
            "HTML 属性中的值要转义，签名用原始值。",
        ),
    ),
    row(
        "url.encoded",
        2,
        (
            "values were URL-encoded before signing ({detail})",
            "Signed are the raw values; encoding belongs to the transport.",
            "Build and sign the pre-sign string from raw values, then encode each value for the URL or the form.",
        ),
        (
            "签名前对值做了 URL 编码（{detail}）",
            "签名使用原始值，编码只用于传输。",
            "先用原始值拼接并签名，再对每个值做 URL 编码后发送。",
        ),
    ),
    row(
        "url.encoded-twice",
        5,
        (
            "values were URL-encoded twice before signing ({detail})",
            "Signed are the raw values.",
            "Sign raw values; encode once, for the transport.",
        ),
        ("签名前对值做了两次 URL 编码（{detail}）", "签名使用原始值。", "用原始值签名；只为传输编码一次。"),
    ),
    row(
        "url.decoded",
        2,
        (
            "values were URL-decoded once too often before signing ({detail})",
            "A literal %41 or + in a value was decoded although the framework had decoded already.",
            "Do not call urldecode on values that the framework has parsed. When sending: the message was encoded twice.",
        ),
        (
            "签名前多做了一次 URL 解码（{detail}）",
            "框架已经解码，值里的 %41 或 + 又被解码了一次。",
            "框架解析过的值不要再调用 urldecode；若是发送方，则是报文被编码了两次。",
        ),
    ),
    row(
        "url.plus-for-blank",
        4,
        (
            "blanks were signed as + ({detail})",
            "A blank in a value is signed as a blank.",
            "Sign raw values.",
        ),
        ("空格以 + 参与签名（{detail}）", "值中的空格应按空格签名。", "用原始值签名。"),
    ),
    row(
        "url.blank-for-plus",
        3,
        (
            "the message has + where the signed text has a blank ({detail})",
            "A + in a form body means a blank; it was not decoded, or a blank was encoded as %2B.",
            "Decode form bodies as forms; encode with one consistent function.",
        ),
        (
            "报文中的 + 在签名时是空格（{detail}）",
            "表单中的 + 表示空格，没有被正确解码或编码。",
            "按表单规则解码，并使用一致的编码函数。",
        ),
    ),
    row(
        "url.percent20-for-blank",
        4,
        (
            "blanks or plus signs were percent-encoded before signing ({detail})",
            "Signed are the raw values.",
            "Sign raw values.",
        ),
        ("空格或加号在签名前被百分号编码（{detail}）", "签名使用原始值。", "用原始值签名。"),
    ),
)
