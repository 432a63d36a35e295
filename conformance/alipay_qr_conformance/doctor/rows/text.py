"""Words for mistakes in joining the pairs, and in the text as a whole."""

from typing import Final

from alipay_qr_conformance.doctor.rows.row import Row, row

_JOIN_EN = (
    "Join name=value with a single & and nothing before, between or after; the MD5 key follows at once."
)
_JOIN_ZH = "name=value 之间只用一个 & 连接，前后不加任何字符；MD5 密钥直接接在后面。"
_RAW_EN = "Sign the text exactly as the rules build it; change nothing afterwards."
_RAW_ZH = "按规则拼好的文本直接签名，之后不要再改动。"

ROWS: Final[tuple[Row, ...]] = (
    row(
        "join.trailing",
        2,
        (
            "something stands behind the last value of the signed text ({detail})",
            "A loop left its separator or a line end.",
            _JOIN_EN,
        ),
        ("待签名字符串末尾多了字符（{detail}）", "循环拼接留下了分隔符或换行。", _JOIN_ZH),
    ),
    row(
        "join.leading",
        3,
        (
            "something stands before the first name of the signed text ({detail})",
            "The text was cut out of a URL or a loop.",
            _JOIN_EN,
        ),
        ("待签名字符串开头多了字符（{detail}）", "文本取自 URL 或循环拼接。", _JOIN_ZH),
    ),
    row(
        "join.blank",
        3,
        ("a blank stands after each & ({detail})", "Blanks are signed along.", _JOIN_EN),
        ("& 后面多了空格（{detail}）", "空格也会参与签名。", _JOIN_ZH),
    ),
    row(
        "join.nothing",
        4,
        ("the pairs are joined without & ({detail})", "Another protocol's rule was used.", _JOIN_EN),
        ("参数之间没有用 & 连接（{detail}）", "用了其他协议的规则。", _JOIN_ZH),
    ),
    row(
        "join.values-only",
        5,
        (
            "only the values are signed, without names ({detail})",
            "Another protocol's rule was used.",
            _JOIN_EN,
        ),
        ("只签名了参数值，没有参数名（{detail}）", "用了其他协议的规则。", _JOIN_ZH),
    ),
    row(
        "join.separator",
        4,
        ("the pairs are joined with {detail}", "The separator is a single &.", _JOIN_EN),
        ("参数之间用 {detail} 连接", "分隔符应为单个 &。", _JOIN_ZH),
    ),
    row(
        "join.equals",
        5,
        ("name and value are joined with {detail}", "They are joined with =.", _JOIN_EN),
        ("参数名和值之间用 {detail} 连接", "应使用 =。", _JOIN_ZH),
    ),
    row(
        "join.quoted",
        3,
        (
            "values are signed in quotes ({detail})",
            "That is the rule of the in-app payment product, not of this gateway.",
            "Join name=value without quotes.",
        ),
        (
            "值带引号签名（{detail}）",
            "那是 App 支付产品的规则，不适用于本网关。",
            "拼接 name=value，不加引号。",
        ),
    ),
    row(
        "join.json",
        4,
        (
            "the parameters were signed as a JSON object ({detail})",
            "The pre-sign string is name=value joined with &.",
            _JOIN_EN,
        ),
        ("参数以 JSON 对象的形式签名（{detail}）", "待签名字符串是用 & 连接的 name=value。", _JOIN_ZH),
    ),
    row(
        "text.url-encoded",
        3,
        (
            "the whole pre-sign string was URL-encoded ({detail})",
            "Signed is the raw text, with = and & as they are.",
            "Sign the raw text; encode for the transport afterwards.",
        ),
        (
            "整个待签名字符串做了 URL 编码（{detail}）",
            "应对原始文本签名，= 和 & 保持原样。",
            "先对原始文本签名，之后再为传输编码。",
        ),
    ),
    row(
        "text.html-escaped",
        3,
        ("the whole pre-sign string was HTML-escaped ({detail})", "& became &amp; before signing.", _RAW_EN),
        ("整个待签名字符串做了 HTML 转义（{detail}）", "签名前 & 变成了 &amp;。", _RAW_ZH),
    ),
    row(
        "text.case",
        5,
        ("the whole text was made {detail} case before signing", "Letter case counts.", _RAW_EN),
        ("签名前整个文本改了大小写（{detail}）", "大小写不能改变。", _RAW_ZH),
    ),
    row(
        "text.bom",
        5,
        (
            "a byte order mark stands before the signed text",
            "A file saved as 'UTF-8 with BOM' printed it.",
            "Save source and template files without BOM.",
        ),
        ("待签名字符串前有 BOM", "文件以“UTF-8 带 BOM”保存。", "源文件和模板保存为不带 BOM 的 UTF-8。"),
    ),
    row(
        "text.trimmed",
        4,
        ("the finished text was trimmed", "A blank at the end of the last value was lost.", _RAW_EN),
        ("拼好的文本被去掉了首尾空白", "最后一个值末尾的空格丢失。", _RAW_ZH),
    ),
    row(
        "text.blanks-removed",
        4,
        ("blanks were removed from the text before signing ({detail})", "Blanks in values count.", _RAW_EN),
        ("签名前删除了文本中的空格（{detail}）", "值中的空格参与签名。", _RAW_ZH),
    ),
    row(
        "text.quotes-removed",
        4,
        ("quotes were removed from the text before signing", "Quotes in values count.", _RAW_EN),
        ("签名前删除了文本中的引号", "值中的引号参与签名。", _RAW_ZH),
    ),
    row(
        "text.backslashes-removed",
        4,
        (
            "backslashes were removed from the text before signing",
            "stripslashes() changes the JSON in biz_data.",
            "Do not call stripslashes() on the text.",
        ),
        (
            "签名前删除了文本中的反斜杠",
            "stripslashes() 会改动 biz_data 里的 JSON。",
            "不要对文本调用 stripslashes()。",
        ),
    ),
    row(
        "text.base64",
        6,
        ("the text was base64-encoded before signing", "Signed is the text itself.", _RAW_EN),
        ("签名前对文本做了 base64", "应对文本本身签名。", _RAW_ZH),
    ),
    row(
        "text.empty",
        4,
        (
            "an empty text was signed: no parameter took part",
            "The parameters were lost before signing (another variable, an empty array).",
            "Log the pre-sign string and pass the parameters to the signing function.",
        ),
        (
            "签名的是空文本，没有任何参数",
            "签名前参数丢失（变量用错或数组为空）。",
            "打印待签名字符串，并把参数传给签名函数。",
        ),
    ),
    row(
        "text.truncated",
        5,
        ("the text lacks its {detail}", "A trailing separator was cut where there was none.", _JOIN_EN),
        ("文本被截掉（{detail}）", "在没有多余分隔符时也截掉了一个字符。", _JOIN_ZH),
    ),
    row(
        "text.url-decoded",
        5,
        (
            "plus signs in the text became blanks before signing ({detail})",
            "The finished text was decoded as a form.",
            _RAW_EN,
        ),
        ("签名前文本中的加号变成了空格（{detail}）", "拼好的文本被当作表单解码。", _RAW_ZH),
    ),
)
