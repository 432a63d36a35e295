"""Words for mistakes in the values: numbers, times, blanks, JSON, HTML, percent-encoding."""

# ruff: noqa: E501, RUF001 (a sentence stays on one line; Chinese has its own punctuation)

from typing import Final

from alipay_qr_conformance.doctor.rows.row import Row, row

_ONE_VARIABLE_EN = "Build the parameters once; sign and send the same values."
_ONE_VARIABLE_ZH = "参数只生成一次，签名和发送用同一份值。"

ROWS: Final[tuple[Row, ...]] = (
    row(
        "value.number",
        3,
        (
            "a number was signed in another spelling: {detail}",
            "0.10 and 0.1, 100 and 100.00 are the same amount but other bytes.",
            "Format the amount once, as text, and use that text for the sign and for the message; do not pass it through a float.",
        ),
        (
            "数字以另一种写法签名：{detail}",
            "0.10 与 0.1、100 与 100.00 金额相同，字节不同。",
            "金额只格式化一次，以字符串形式同时用于签名和发送；不要经过浮点数。",
        ),
    ),
    row(
        "value.timestamp",
        4,
        (
            "another moment was signed: {detail}",
            "The clock was read twice, once for the sign and once for the message.",
            "Read the clock once. " + _ONE_VARIABLE_EN,
        ),
        (
            "签名用的是另一个时刻：{detail}",
            "取了两次时间，一次用于签名，一次用于发送。",
            "时间只取一次。" + _ONE_VARIABLE_ZH,
        ),
    ),
    row(
        "value.timezone",
        4,
        (
            "the time was signed in another zone: {detail}",
            "Times of the protocol are GMT+8; sign and message differ by eight hours.",
            "Format the time once, in GMT+8.",
        ),
        (
            "时间以另一个时区签名：{detail}",
            "协议时间为 GMT+8；签名与报文相差八小时。",
            "时间只格式化一次，使用 GMT+8。",
        ),
    ),
    row(
        "value.timestamp-form",
        4,
        (
            "the time was signed in another form: {detail}",
            "The signed text and the message spell the same time differently.",
            "Format the time once, as yyyy-MM-dd HH:mm:ss. " + _ONE_VARIABLE_EN,
        ),
        (
            "时间以另一种格式签名：{detail}",
            "待签名字符串与报文中的时间写法不同。",
            "时间只格式化一次，格式为 yyyy-MM-dd HH:mm:ss。" + _ONE_VARIABLE_ZH,
        ),
    ),
    row(
        "value.url",
        4,
        (
            "an address was signed in another form: {detail}",
            "Scheme, port, query or final slash differ between the signed text and the message.",
            _ONE_VARIABLE_EN,
        ),
        (
            "地址以另一种写法签名：{detail}",
            "待签名字符串与报文中的协议、端口、查询串或结尾斜杠不同。",
            _ONE_VARIABLE_ZH,
        ),
    ),
    row(
        "value.blank-added",
        4,
        (
            "white space around a value was signed: {detail}",
            "The signed value has a blank or newline that the message lacks.",
            "Trim the value once, before it is signed and sent.",
        ),
        (
            "签名的值前后带有空白：{detail}",
            "签名的值带有空格或换行，报文中没有。",
            "在签名和发送之前统一去除一次。",
        ),
    ),
    row(
        "value.case",
        6,
        (
            "a value was signed in other letter case: {detail}",
            "Values are signed exactly as sent.",
            _ONE_VARIABLE_EN,
        ),
        ("值以另一种大小写签名：{detail}", "值要与发送的完全一致。", _ONE_VARIABLE_ZH),
    ),
    row(
        "value.quotes",
        5,
        (
            "a value was signed with or without quotes around it: {detail}",
            "Values are signed exactly as sent.",
            _ONE_VARIABLE_EN,
        ),
        ("签名的值多了或少了引号：{detail}", "值要与发送的完全一致。", _ONE_VARIABLE_ZH),
    ),
    row(
        "value.newline",
        3,
        (
            "line ends in a value were signed in another form ({detail})",
            "HTML forms send CR LF where a program has LF.",
            "Choose one form of line end (best none) before signing.",
        ),
        (
            "值中的换行以另一种形式签名（{detail}）",
            "HTML 表单会把 LF 发成 CR LF。",
            "签名前统一换行形式（最好不要换行）。",
        ),
    ),
    row(
        "value.normal-form",
        5,
        (
            "the text was signed in the Unicode form {detail}",
            "An accented letter can be one character or two; the bytes differ.",
            "Normalise once (NFC), before signing and sending.",
        ),
        (
            "文本以 Unicode {detail} 形式签名",
            "带附加符号的字可以是一个或两个字符，字节不同。",
            "签名和发送之前统一规范化一次（NFC）。",
        ),
    ),
    row(
        "value.whitespace-removed",
        5,
        (
            "white space inside values was removed before signing",
            "Values are signed as they are sent.",
            "Do not touch the values.",
        ),
        ("签名前删除了值中的空白", "值要与发送的完全一致。", "不要改动参数值。"),
    ),
    row(
        "value.whitespace-collapsed",
        6,
        (
            "runs of white space were made one blank before signing",
            "Values are signed as they are sent.",
            "Do not touch the values.",
        ),
        ("签名前把连续空白合并成一个空格", "值要与发送的完全一致。", "不要改动参数值。"),
    ),
    row(
        "value.control-removed",
        6,
        (
            "control characters were removed before signing",
            "The message still has them, the signed text does not.",
            "Remove them once, before signing and sending.",
        ),
        (
            "签名前删除了控制字符",
            "报文中仍有这些字符，待签名字符串中没有。",
            "在签名和发送之前统一删除一次。",
        ),
    ),
    row(
        "value.cut",
        4,
        (
            "values were cut after {detail} characters before signing",
            "A database column or a length check shortened the value, but not in the message.",
            "Cut the value once, before it is signed and sent.",
        ),
        (
            "签名前值被截断为 {detail} 个字符",
            "数据库字段或长度检查截短了值，报文中却没有截短。",
            "在签名和发送之前统一截短一次。",
        ),
    ),
    row(
        "value.trimmed",
        2,
        (
            "values were trimmed before signing ({detail})",
            "A blank at the edge of a value belongs to it and is signed.",
            "Trim the values that you send too, or do not trim at all. When verifying, never trim.",
        ),
        (
            "签名前去掉了值两端的空白（{detail}）",
            "值两端的空格也是值的一部分，要参与签名。",
            "要么发送的值也去空白，要么都不去。验签时绝不能去空白。",
        ),
    ),
    row(
        "value.blank-dropped",
        2,
        (
            "parameters of white space only were not signed",
            "A blank is a value; only the empty text is none.",
            "Do not send values of blanks only, or sign them.",
        ),
        (
            "只含空白的参数没有参与签名",
            "空格也是值，只有空字符串才算没有值。",
            "不要发送只有空白的值，否则要参与签名。",
        ),
    ),
    row(
        "value.zero-dropped",
        2,
        (
            'a parameter with the value "0" was not signed ({detail})',
            'PHP empty() and truth tests of other languages take "0" for no value.',
            "Compare with the empty text instead (PHP: $value === '').",
        ),
        (
            "值为 “0” 的参数没有参与签名（{detail}）",
            "PHP 的 empty() 以及其他语言的真值判断会把 “0” 当作空。",
            "改为与空字符串比较（PHP：$value === ''）。",
        ),
    ),
    row(
        "value.null-dropped",
        4,
        (
            'a parameter with the text "null" was not signed',
            'The signing code takes the text "null" for no value; the message carries it.',
            "Do not send the text null; drop the parameter before signing and sending.",
        ),
        (
            "值为文本 “null” 的参数没有参与签名",
            "签名代码把文本 “null” 当作空值，报文中却有它。",
            "不要发送文本 null；在签名和发送之前去掉该参数。",
        ),
    ),
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
