"""Words for mistakes in the charset that is signed or sent."""

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)

from typing import Final

from alipay_qr_conformance.doctor.rows.row import Row, row

ROWS: Final[tuple[Row, ...]] = (
    row(
        "charset.other",
        1,
        (
            "the text was signed in {detail}, not in the charset of _input_charset",
            "The same characters have other bytes in another charset.",
            "Encode the pre-sign string in the charset that _input_charset names; best use UTF-8 everywhere.",
        ),
        (
            "签名用的字符集是 {detail}，与 _input_charset 不一致",
            "同样的文字在不同字符集下字节不同。",
            "按 _input_charset 指定的字符集编码待签名字符串；最好全部使用 UTF-8。",
        ),
    ),
    row(
        "charset.replaced",
        3,
        (
            "characters were replaced before signing: {detail}",
            "The charset used lacks a character, and ? was signed in its place.",
            "Use UTF-8, and make encoding errors fail instead of replacing.",
        ),
        (
            "签名前有字符被替换：{detail}",
            "所用字符集没有该字符，签名时变成了 ?。",
            "使用 UTF-8，并让编码错误报错而不是替换。",
        ),
    ),
    row(
        "charset.dropped",
        4,
        (
            "characters that {detail} lacks were dropped before signing",
            "iconv //IGNORE or its kind left them out.",
            "Use UTF-8, and make encoding errors fail.",
        ),
        (
            "{detail} 中没有的字符在签名前被丢弃",
            "iconv //IGNORE 之类的选项把它们去掉了。",
            "使用 UTF-8，并让编码错误报错。",
        ),
    ),
    row(
        "charset.mojibake",
        2,
        (
            "garbled text was signed ({detail})",
            "Bytes of one charset were read as another before signing; the message is right.",
            "Find where text is decoded with the wrong charset (request, database, source file).",
        ),
        (
            "签名的是乱码（{detail}）",
            "签名前一种字符集的字节被当作另一种读取，报文本身是对的。",
            "找出用错字符集解码的地方（请求、数据库、源文件）。",
        ),
    ),
    row(
        "charset.mojibake-undone",
        2,
        (
            "the message is garbled; the right text was signed ({detail})",
            "The sent bytes are in another charset than _input_charset says, or the framework decoded the notification with the wrong one.",
            "Send the bytes in the charset of _input_charset; decode what arrives with the charset it declares.",
        ),
        (
            "报文是乱码，签名的是正确文字（{detail}）",
            "发送的字节与 _input_charset 不符，或框架用错字符集解码了通知。",
            "按 _input_charset 指定的字符集发送；按报文声明的字符集解码。",
        ),
    ),
    row(
        "charset.entities",
        4,
        (
            "characters were signed as escapes ({detail})",
            "Characters outside ASCII were turned into entities before signing.",
            "Sign the characters themselves, in _input_charset.",
        ),
        (
            "字符以转义形式签名（{detail}）",
            "签名前非 ASCII 字符被转成了实体。",
            "按 _input_charset 对字符本身签名。",
        ),
    ),
    row(
        "charset.utf-16",
        4,
        (
            "the text was signed in UTF-16 ({detail})",
            "C# Encoding.Unicode and Windows functions mean UTF-16.",
            "Use Encoding.UTF8 (or the charset of _input_charset).",
        ),
        (
            "签名用的是 UTF-16（{detail}）",
            "C# 的 Encoding.Unicode 和 Windows 函数指 UTF-16。",
            "使用 Encoding.UTF8（或 _input_charset 指定的字符集）。",
        ),
    ),
    row(
        "charset.unknown",
        3,
        (
            "_input_charset {detail} is none that the gateway knows",
            "The gateway answers ILLEGAL_CHARSET; the sign is right for UTF-8.",
            "Set _input_charset to UTF-8, GBK or GB2312.",
        ),
        (
            "网关不支持的 _input_charset：{detail}",
            "网关会返回 ILLEGAL_CHARSET；按 UTF-8 签名本身是对的。",
            "把 _input_charset 设为 UTF-8、GBK 或 GB2312。",
        ),
    ),
    row(
        "wire.charset",
        2,
        (
            "the message was sent in {detail}, not in the charset that it declares",
            "The bytes do not exist in the declared charset, so the gateway reads other characters than you signed.",
            "Encode the request in the charset of _input_charset before percent-encoding it.",
        ),
        (
            "报文以 {detail} 发送，与声明的字符集不一致",
            "这些字节在声明的字符集中无效，网关读到的文字与签名的不同。",
            "先按 _input_charset 编码，再做百分号编码。",
        ),
    ),
)
