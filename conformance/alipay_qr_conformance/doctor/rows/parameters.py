"""Words for mistakes in which parameters are signed, and under which names."""

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)

from typing import Final

from alipay_qr_conformance.doctor.rows.row import Row, row

ROWS: Final[tuple[Row, ...]] = (
    row(
        "params.sign-type-signed",
        1,
        (
            "sign_type is in the signed text ({detail})",
            "The gateway leaves sign and sign_type out before it verifies, so a text that contains sign_type has another sign.",
            "Remove sign_type (as well as sign) from the parameters before you build the pre-sign string; send it, but do not sign it.",
        ),
        (
            "sign_type 参与了签名（{detail}）",
            "网关验签前会去掉 sign 和 sign_type，待签名字符串里带上 sign_type，签名就不同。",
            "生成待签名字符串前，除 sign 外也要去掉 sign_type；sign_type 照常发送，但不参与签名。",
        ),
    ),
    row(
        "params.sign-signed",
        4,
        (
            "sign itself is in the signed text, with the value {detail}",
            "A field for the sign existed before it was computed, and the signing code did not leave it out.",
            "Remove sign from the parameters before you build the pre-sign string.",
        ),
        (
            "sign 字段本身参与了签名（值为 {detail}）",
            "计算签名之前参数里已有 sign 字段，签名代码没有把它去掉。",
            "生成待签名字符串前，从参数中去掉 sign。",
        ),
    ),
    row(
        "params.empty-signed",
        1,
        (
            "parameters without a value are signed ({detail})",
            "Parameters with an empty value do not take part in the sign; name= in the signed text makes it wrong.",
            "Drop every parameter whose value is empty or null before signing, and best do not send it either.",
        ),
        (
            "空值参数参与了签名（{detail}）",
            "值为空的参数不参与签名；待签名字符串里出现 name= 就会验签失败。",
            "签名前去掉所有值为空或 null 的参数，最好也不要发送。",
        ),
    ),
    row(
        "params.null-signed",
        2,
        (
            "an empty value is signed as text: {detail}",
            "The language printed its null into the signed text, while the message carries nothing.",
            "Drop parameters without a value before you join the text, instead of converting null to text.",
        ),
        (
            "空值被当作文本签名：{detail}",
            "语言把 null 转成了文本写进待签名字符串，而报文中该参数没有值。",
            "拼接之前先去掉没有值的参数，不要把 null 转成字符串。",
        ),
    ),
    row(
        "params.absent-signed",
        2,
        (
            "a parameter is signed empty and then not sent: {detail}",
            "The signed text has name= for an optional parameter, and the HTTP library (or a later step) dropped it from the message.",
            "Drop empty parameters before signing; sign exactly the parameters that you send.",
        ),
        (
            "空参数参与了签名却没有发送：{detail}",
            "可选参数以 name= 的形式进入待签名字符串，随后被 HTTP 库或后续步骤丢弃。",
            "签名前去掉空参数；发送哪些参数就签哪些参数。",
        ),
    ),
    row(
        "params.absent-null-signed",
        3,
        (
            "a parameter without a value is signed as text and not sent: {detail}",
            "null was turned into text for the sign, and left out of the message.",
            "Drop parameters that are null before signing.",
        ),
        (
            "没有值的参数被转成文本签名却没有发送：{detail}",
            "null 被转成文本参与签名，报文中却没有该参数。",
            "签名前去掉值为 null 的参数。",
        ),
    ),
    row(
        "params.default-signed",
        5,
        (
            "a parameter is signed but not in the message: {detail}",
            "A default value was added for signing and is missing from what was sent.",
            "Send every parameter that you sign.",
        ),
        (
            "参数参与了签名，但报文中没有：{detail}",
            "签名时加上了默认值，发送时却漏掉了。",
            "凡参与签名的参数都要发送。",
        ),
    ),
    row(
        "params.left-out",
        4,
        (
            "{detail} is in the message but not in the signed text",
            "Every parameter with a value is signed, apart from sign and sign_type.",
            "Add {detail} before you sign, not after; sign exactly what you send.",
        ),
        (
            "{detail} 在报文中，却没有参与签名",
            "除 sign 和 sign_type 外，所有有值的参数都要参与签名。",
            "先加入 {detail} 再签名；发送什么就签什么。",
        ),
    ),
    row(
        "params.extra",
        1,
        (
            "{detail} is no parameter of the protocol and was not signed",
            "A framework, a router or the query of your own notify_url added it (s, q, _url, an id); the other side never signed it.",
            "Verify only the parameters that Alipay sent (the POST body as it came, without the router's or your URL's own parameters); send none that Alipay does not define.",
        ),
        (
            "{detail} 不是协议参数，没有参与签名",
            "它是框架、路由或 notify_url 自带的查询参数（如 s、q、_url、id）加进来的，对方签名时并没有它。",
            "只用支付宝发来的参数验签（原始 POST 内容，不含路由参数和回调地址自带的参数）；请求中也不要发送协议没有定义的参数。",
        ),
    ),
    row(
        "params.charset-unsigned",
        2,
        (
            "_input_charset is not in the signed text",
            "_input_charset is a parameter like any other and is signed, also where it stands in the URL of a POST.",
            "Put _input_charset among the parameters before signing. With POST also put it into the URL's query.",
        ),
        (
            "_input_charset 没有参与签名",
            "_input_charset 与其他参数一样要参与签名，即使用 POST 时它放在 URL 里。",
            "签名前把 _input_charset 加入参数；使用 POST 时还要放到 URL 的查询串中。",
        ),
    ),
    row(
        "params.charset-added",
        2,
        (
            "_input_charset={detail} is signed but not in the message",
            "The signed text has it, the request does not; with POST it is often lost from the URL.",
            "Send _input_charset={detail}; with POST it belongs in the URL's query.",
        ),
        (
            "_input_charset={detail} 参与了签名，报文中却没有",
            "待签名字符串里有它，请求里没有；使用 POST 时常在 URL 中漏掉。",
            "发送 _input_charset={detail}；使用 POST 时要放在 URL 的查询串中。",
        ),
    ),
    row(
        "params.charset-other",
        2,
        (
            "_input_charset was signed as {detail} but sent otherwise",
            "The value is compared byte by byte; utf-8 and UTF-8 give different signs.",
            "Use one constant for the value that is signed and the one that is sent.",
        ),
        (
            "签名时 _input_charset 的值是 {detail}，发送的却是另一个值",
            "值是逐字节签名的，utf-8 与 UTF-8 的签名不同。",
            "签名和发送使用同一个常量。",
        ),
    ),
    row(
        "params.duplicate",
        3,
        (
            "a name stands twice in the message, and only part of it was signed ({detail})",
            "Signer and receiver chose different values of a repeated parameter.",
            "Send each parameter once; when verifying, refuse a message in which a name stands twice.",
        ),
        (
            "同名参数出现两次，只有一部分参与了签名（{detail}）",
            "对重复的参数，签名方和接收方取了不同的值。",
            "每个参数只发送一次；验签时拒绝有重名参数的报文。",
        ),
    ),
    row(
        "names.camel-case",
        6,
        (
            "the names in the signed text are those of the program, not of the protocol (camel case)",
            "The object's property names were signed (outTradeNo), the protocol's names were sent (out_trade_no).",
            "Convert the names before signing.",
        ),
        (
            "待签名字符串里的参数名是程序里的名字（驼峰）",
            "签名用的是对象属性名（outTradeNo），发送的是协议参数名（out_trade_no）。",
            "先转换参数名，再签名。",
        ),
    ),
    row(
        "names.case",
        6,
        (
            "the names were signed in {detail} case",
            "Names are signed exactly as they are sent.",
            "Do not change the letter case of names.",
        ),
        ("参数名以另一种大小写签名（{detail}）", "参数名要与发送的完全一致。", "不要改变参数名的大小写。"),
    ),
    row(
        "names.underscore",
        5,
        (
            "underscores are missing from the names in the signed text",
            "_input_charset begins with an underscore; names are signed exactly as they are sent.",
            "Keep the names of the protocol, with their underscores.",
        ),
        (
            "待签名字符串的参数名缺少下划线",
            "_input_charset 以下划线开头；参数名要与发送的完全一致。",
            "使用协议规定的参数名，保留下划线。",
        ),
    ),
)
