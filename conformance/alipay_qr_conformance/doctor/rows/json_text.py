"""Words for mistakes in JSON that is written again between signing and sending."""

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)

from typing import Final

from alipay_qr_conformance.doctor.rows.row import Row, row

ROWS: Final[tuple[Row, ...]] = (
    row(
        "json.rewritten",
        2,
        (
            "the JSON was written again between signing and sending ({detail})",
            "The same object has other bytes: blanks, escapes or the order of keys differ.",
            "Write the JSON once, keep the text, sign and send that text.",
        ),
        (
            "签名与发送之间 JSON 被重新生成（{detail}）",
            "对象相同，字节不同：空格、转义或键的顺序不一样。",
            "JSON 只生成一次，保存这段文本，签名和发送都用它。",
        ),
    ),
    row(
        "json.emptied",
        4,
        (
            "empty members of the JSON were dropped before signing",
            "The signed JSON lacks members that the message has.",
            "Drop them once, then write the JSON, sign and send that text.",
        ),
        (
            "签名前去掉了 JSON 中的空成员",
            "签名的 JSON 比报文少了成员。",
            "先统一去掉，再生成 JSON，签名和发送同一段文本。",
        ),
    ),
    row(
        "json.unicode-escaped",
        3,
        (
            "Chinese in the JSON was signed as \\u escapes ({detail})",
            "The message has the characters themselves.",
            "Write the JSON once (PHP: JSON_UNESCAPED_UNICODE, Python: ensure_ascii=False), sign and send that text.",
        ),
        (
            "签名时 JSON 中的中文是 \\u 转义（{detail}）",
            "报文中是字符本身。",
            "JSON 只生成一次（PHP：JSON_UNESCAPED_UNICODE，Python：ensure_ascii=False），签名和发送同一段文本。",
        ),
    ),
    row(
        "json.unicode-decoded",
        3,
        (
            "the \\u escapes of the JSON were decoded before signing ({detail})",
            "The message has the escapes; they are what is signed.",
            "Sign the JSON text as it is sent.",
        ),
        (
            "签名前 JSON 的 \\u 转义被解码（{detail}）",
            "报文中是转义形式，签名也应使用转义形式。",
            "按发送的 JSON 原文签名。",
        ),
    ),
    row(
        "json.slashes-escaped",
        2,
        (
            "slashes in the JSON were signed as \\/ ({detail})",
            "PHP's json_encode escapes slashes; the message has plain ones.",
            "Write the JSON once (PHP: JSON_UNESCAPED_SLASHES), sign and send that text.",
        ),
        (
            "签名时 JSON 的斜杠写成了 \\/（{detail}）",
            "PHP 的 json_encode 会转义斜杠，报文中是普通斜杠。",
            "JSON 只生成一次（PHP：JSON_UNESCAPED_SLASHES），签名和发送同一段文本。",
        ),
    ),
    row(
        "json.slashes-unescaped",
        2,
        (
            "the \\/ of the JSON was signed as / ({detail})",
            "The message has the escaped form.",
            "Sign the JSON text as it is sent.",
        ),
        ("签名时 JSON 的 \\/ 变成了 /（{detail}）", "报文中是转义形式。", "按发送的 JSON 原文签名。"),
    ),
    row(
        "json.backslashes-stripped",
        3,
        (
            "backslashes were stripped from the JSON before signing ({detail})",
            "stripslashes() or a template changed the text.",
            "Sign the JSON text as it is sent.",
        ),
        (
            "签名前 JSON 的反斜杠被去掉（{detail}）",
            "stripslashes() 或模板改动了文本。",
            "按发送的 JSON 原文签名。",
        ),
    ),
    row(
        "json.backslashes-added",
        3,
        (
            "backslashes were added before quotes in the JSON before signing ({detail})",
            "addslashes(), magic quotes or a second encoding changed the text.",
            "Sign the JSON text as it is sent.",
        ),
        (
            "签名前 JSON 的引号前加了反斜杠（{detail}）",
            "addslashes()、magic quotes 或二次编码改动了文本。",
            "按发送的 JSON 原文签名。",
        ),
    ),
    row(
        "json.quoted-again",
        3,
        (
            "the JSON text was encoded as a JSON string once more ({detail})",
            "A text went through the JSON writer a second time.",
            "Encode the object once; the result is the value.",
        ),
        (
            "JSON 文本被当作字符串再次编码（{detail}）",
            "文本第二次经过 JSON 编码。",
            "对象只编码一次，其结果就是参数值。",
        ),
    ),
    row(
        "json.single-quotes",
        5,
        (
            "the JSON was signed with single quotes ({detail})",
            "The text was built by hand.",
            "Use a JSON writer, once.",
        ),
        ("签名的 JSON 用了单引号（{detail}）", "文本是手工拼接的。", "使用 JSON 库生成，只生成一次。"),
    ),
    row(
        "json.quotes-removed",
        4,
        (
            "the quotes of the JSON are missing in the signed text ({detail})",
            "They were stripped or cut off.",
            "Sign the JSON text as it is sent.",
        ),
        ("待签名字符串中的 JSON 缺少引号（{detail}）", "引号被去掉了。", "按发送的 JSON 原文签名。"),
    ),
    row(
        "json.html-safe",
        4,
        (
            "<, >, & or quotes in the JSON were signed as \\u escapes ({detail})",
            "Some JSON writers protect against HTML; the message has plain characters.",
            "Switch that off (Gson: disableHtmlEscaping, Go: SetEscapeHTML(false)) or send the same text.",
        ),
        (
            "签名时 JSON 的 <、>、& 或引号是 \\u 转义（{detail}）",
            "有些 JSON 库会做 HTML 防护，报文中却是普通字符。",
            "关闭该选项（Gson：disableHtmlEscaping，Go：SetEscapeHTML(false)），或发送同一段文本。",
        ),
    ),
    row(
        "json.html-unescaped",
        4,
        (
            "\\u escapes of the JSON were signed as plain characters ({detail})",
            "The message has the escapes.",
            "Sign the JSON text as it is sent.",
        ),
        (
            "签名时 JSON 的 \\u 转义变成了普通字符（{detail}）",
            "报文中是转义形式。",
            "按发送的 JSON 原文签名。",
        ),
    ),
    row(
        "json.spacing",
        3,
        (
            "blanks between the members of the JSON differ ({detail})",
            "Spacing is part of the signed bytes.",
            "Write the JSON once, sign and send that text.",
        ),
        (
            "JSON 成员之间的空格不同（{detail}）",
            "空格也是签名的字节。",
            "JSON 只生成一次，签名和发送同一段文本。",
        ),
    ),
    row(
        "json.object-text",
        4,
        (
            "an object was signed as the language prints it ({detail})",
            "The object was put into the text without a JSON writer.",
            "Write the JSON first and use its text as the value.",
        ),
        (
            "对象按语言的默认文本形式签名（{detail}）",
            "对象没有经过 JSON 编码就放进了文本。",
            "先生成 JSON，再把这段文本作为参数值。",
        ),
    ),
)
