"""Words for mistakes in the values themselves: numbers, times, blanks, letters."""

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)

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
)
