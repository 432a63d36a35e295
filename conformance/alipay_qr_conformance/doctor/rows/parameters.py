"""Words for mistakes in which parameters are signed, in which order and under which names."""

# ruff: noqa: E501, RUF001 (a sentence stays on one line; Chinese has its own punctuation)

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
    row(
        "order.insertion",
        2,
        (
            "the parameters are not sorted (they stand in the order of the message)",
            "The pre-sign string is sorted by parameter name.",
            "Sort by name before joining (PHP ksort, Java TreeMap, Python sorted).",
        ),
        (
            "参数没有排序（按报文中的顺序签名）",
            "待签名字符串要按参数名排序。",
            "拼接前按参数名排序（PHP 用 ksort，Java 用 TreeMap，Python 用 sorted）。",
        ),
    ),
    row(
        "order.case-insensitive",
        2,
        (
            "the parameters are sorted without regard to letter case",
            "Sorting is by ASCII byte: digits, capitals, underscore, small letters.",
            "Sort with an ordinal comparison (C#: StringComparer.Ordinal).",
        ),
        (
            "排序时忽略了大小写",
            "应按 ASCII 字节排序：数字、大写字母、下划线、小写字母。",
            "使用按序号（ordinal）比较的排序（C#：StringComparer.Ordinal）。",
        ),
    ),
    row(
        "order.culture",
        2,
        (
            "the parameters are sorted by a language's rules ({detail})",
            "Culture-aware sorting ignores or moves the underscore; the protocol sorts by ASCII byte.",
            "Sort with an ordinal comparison (C#: StringComparer.Ordinal; JavaScript: default sort, not localeCompare).",
        ),
        (
            "按语言文化规则排序（{detail}）",
            "与区域相关的排序会忽略或移动下划线，而协议按 ASCII 字节排序。",
            "使用按序号比较的排序（C#：StringComparer.Ordinal；JavaScript：默认 sort，而非 localeCompare）。",
        ),
    ),
    row(
        "order.numeric",
        5,
        (
            "numbers in the names are sorted by their value",
            "A natural sort puts 2 before 10; the protocol compares bytes.",
            "Sort names as plain text (PHP: ksort with SORT_STRING).",
        ),
        (
            "参数名中的数字按数值排序",
            "自然排序把 2 排在 10 前面；协议按字节比较。",
            "把参数名当作普通字符串排序（PHP：ksort 加 SORT_STRING）。",
        ),
    ),
    row(
        "order.charset-first",
        3,
        (
            "_input_charset is put first whatever its place",
            "It comes first only where all other names are lower case letters.",
            "Sort all names by ASCII byte, without exceptions.",
        ),
        (
            "_input_charset 被固定放在最前",
            "只有其他参数名都以小写字母开头时它才排在最前。",
            "所有参数名一律按 ASCII 字节排序，没有例外。",
        ),
    ),
    row(
        "order.charset-last",
        4,
        (
            "_input_charset stands last in the signed text",
            "It was appended after sorting; it is sorted like every other parameter.",
            "Add it before sorting.",
        ),
        (
            "_input_charset 排在待签名字符串末尾",
            "它是在排序之后追加的；它应与其他参数一起排序。",
            "排序之前就加入它。",
        ),
    ),
    row(
        "order.sign-type-last",
        3,
        (
            "sign_type is appended behind the sorted parameters",
            "sign_type does not belong in the signed text at all.",
            "Leave sign_type out of the pre-sign string.",
        ),
        (
            "sign_type 追加在排序后的参数之后",
            "sign_type 根本不应参与签名。",
            "待签名字符串中去掉 sign_type。",
        ),
    ),
    row(
        "order.documented",
        3,
        (
            "the parameters stand in the order of the documentation ({detail})",
            "The pre-sign string is sorted by name, not by the table of the API page.",
            "Sort by name before joining.",
        ),
        (
            "参数按文档表格的顺序排列（{detail}）",
            "待签名字符串按参数名排序，而不是按接口文档的顺序。",
            "拼接前按参数名排序。",
        ),
    ),
    row(
        "order.length",
        7,
        (
            "the parameters are sorted by the length of their names",
            "Sorting is by ASCII byte.",
            "Sort by name.",
        ),
        ("按参数名长度排序", "应按 ASCII 字节排序。", "按参数名排序。"),
    ),
    row(
        "order.reversed",
        4,
        (
            "the parameters are sorted backwards",
            "The pre-sign string is sorted upwards.",
            "Sort upwards by name (PHP: ksort, not krsort).",
        ),
        ("参数按降序排列", "待签名字符串按参数名升序排列。", "按参数名升序排序（PHP：ksort，而非 krsort）。"),
    ),
    row(
        "order.by-value",
        4,
        (
            "the parameters are sorted by value",
            "The pre-sign string is sorted by name.",
            "Sort by name (PHP: ksort, not asort or sort).",
        ),
        ("参数按值排序", "待签名字符串按参数名排序。", "按参数名排序（PHP：ksort，而非 asort 或 sort）。"),
    ),
    row(
        "order.by-pair",
        4,
        (
            "the finished pairs name=value were sorted, not the names",
            "Where one name begins with another, '=' (0x3D) and the next character decide differently.",
            "Sort by name first, then join.",
        ),
        (
            "排序的是 name=value 整串，而不是参数名",
            "当一个参数名是另一个的前缀时，'='（0x3D）会改变顺序。",
            "先按参数名排序，再拼接。",
        ),
    ),
)
