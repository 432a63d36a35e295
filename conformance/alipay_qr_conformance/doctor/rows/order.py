"""Words for mistakes in the order of the parameters."""

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)

from typing import Final

from alipay_qr_conformance.doctor.rows.row import Row, row

ROWS: Final[tuple[Row, ...]] = (
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
