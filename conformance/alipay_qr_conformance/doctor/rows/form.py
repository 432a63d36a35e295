"""Words for mistakes in the form of the sign itself."""

from typing import Final

from alipay_qr_conformance.doctor.rows.row import Row, row

ROWS: Final[tuple[Row, ...]] = (
    row(
        "sign.missing",
        2,
        (
            "the message has no sign",
            "Signing was skipped or the field was lost.",
            "Sign the request; check that sign is sent.",
        ),
        ("报文中没有 sign", "没有签名，或字段丢失。", "对请求签名，并检查 sign 是否发送。"),
    ),
    row(
        "sign.empty",
        1,
        (
            "the sign is empty or the text of nothing ({detail})",
            "The signing function failed silently, mostly because the key text could not be read.",
            "Check the key with `alipay-qr doctor-key`, and stop when signing fails.",
        ),
        (
            "sign 为空或是空值的文本（{detail}）",
            "签名函数静默失败，多半是密钥文本读不出来。",
            "用 `alipay-qr doctor-key` 检查密钥；签名失败时应报错。",
        ),
    ),
    row(
        "form.hex-case",
        1,
        (
            "the MD5 is written in capital letters",
            "The gateway compares with lower-case hex.",
            "Write the digest in lower case.",
        ),
        ("MD5 用了大写字母", "网关按小写十六进制比较。", "摘要使用小写。"),
    ),
    row(
        "form.hex-separated",
        3,
        (
            "the digest is written with separators",
            "C# BitConverter.ToString puts dashes between the bytes.",
            "Remove the dashes and use lower case.",
        ),
        ("摘要中有分隔符", "C# 的 BitConverter.ToString 会在字节间加短横线。", "去掉短横线并使用小写。"),
    ),
    row(
        "form.base64-digest",
        3,
        (
            "the digest is written in base64",
            "MD5 signs are written in hex.",
            "Write the digest as 32 lower-case hex digits.",
        ),
        ("摘要用了 base64", "MD5 签名用十六进制。", "摘要写成 32 位小写十六进制。"),
    ),
    row(
        "form.short",
        4,
        (
            "only 16 characters of the MD5 are there",
            "A '16-bit MD5' helper cut the digest.",
            "Use all 32 hex digits.",
        ),
        ("MD5 只有 16 位", "“16 位 MD5”工具截断了摘要。", "使用全部 32 位十六进制。"),
    ),
    row(
        "form.zeros-lost",
        2,
        (
            "leading zeros of the MD5 are lost",
            "A number was printed in hex (Java BigInteger, Integer.toHexString) without padding.",
            "Print each byte with two digits (%02x).",
        ),
        (
            "MD5 的前导零丢失",
            "按数字打印十六进制（Java BigInteger、Integer.toHexString）没有补零。",
            "每个字节用两位十六进制打印（%02x）。",
        ),
    ),
    row(
        "form.sign-extended",
        4,
        (
            "bytes of the MD5 are printed as negative numbers (ffffff..)",
            "Java's bytes are signed.",
            "Mask each byte with 0xff before printing.",
        ),
        ("MD5 的字节被当作负数打印（ffffff..）", "Java 的 byte 是有符号的。", "打印前先与 0xff 做与运算。"),
    ),
    row(
        "form.blanks",
        3,
        (
            "white space or an invisible character stands around the sign",
            "It was printed or read with its line end.",
            "Trim the sign.",
        ),
        ("sign 前后有空白或不可见字符", "输出或读取时带上了换行。", "去除 sign 首尾空白。"),
    ),
    row(
        "form.line-breaks",
        2,
        (
            "the base64 of the sign has line breaks",
            "MIME encoders break lines after 64 or 76 characters.",
            "Encode on one line (Java: Base64.getEncoder, OpenSSL: -A).",
        ),
        (
            "sign 的 base64 中有换行",
            "MIME 编码器每 64 或 76 个字符换行。",
            "用单行编码（Java：Base64.getEncoder，OpenSSL：-A）。",
        ),
    ),
    row(
        "form.plus-as-blank",
        1,
        (
            "a + of the sign became a blank",
            "In a form or URL + means a blank; base64 has +.",
            "URL-encode the sign when sending (+ becomes %2B); when receiving, do not decode twice.",
        ),
        (
            "sign 中的 + 变成了空格",
            "表单和 URL 中的 + 表示空格，而 base64 含有 +。",
            "发送时对 sign 做 URL 编码（+ 变为 %2B）；接收时不要重复解码。",
        ),
    ),
    row(
        "form.percent",
        2,
        (
            "the sign is URL-encoded once too often",
            "%2B or %3D stand in the sign after decoding.",
            "URL-encode the sign once.",
        ),
        ("sign 多做了一次 URL 编码", "解码后 sign 中仍有 %2B、%3D。", "sign 只做一次 URL 编码。"),
    ),
    row(
        "form.quoted",
        3,
        ("the sign stands in quotes", "The quotes were sent along.", "Send the sign without quotes."),
        ("sign 带有引号", "引号被一起发送。", "发送 sign 时去掉引号。"),
    ),
    row(
        "form.url-safe",
        3,
        (
            "the sign is written in URL-safe base64 (- and _)",
            "The gateway wants + and /.",
            "Use the standard base64 alphabet.",
        ),
        ("sign 用了 URL 安全的 base64（- 和 _）", "网关要求 + 和 /。", "使用标准 base64 字母表。"),
    ),
    row(
        "form.padding",
        3,
        (
            "the = at the end of the sign is missing or wrong",
            "It was trimmed, or lost in the query.",
            "Keep the padding and URL-encode it.",
        ),
        ("sign 末尾的 = 缺失或错误", "被去掉，或在查询串中丢失。", "保留填充，并做 URL 编码。"),
    ),
    row(
        "form.html",
        3,
        ("HTML entities stand in the sign", "The sign was escaped for a page.", "Send the sign as it is."),
        ("sign 中有 HTML 实体", "sign 被转义用于页面。", "原样发送 sign。"),
    ),
    row(
        "form.backslash",
        3,
        (
            "slashes in the sign are escaped (\\/)",
            "The sign went through a JSON writer.",
            "Send the sign as it is.",
        ),
        ("sign 中的斜杠被转义（\\/）", "sign 经过了 JSON 编码。", "原样发送 sign。"),
    ),
    row(
        "form.base64-twice",
        2,
        (
            "the sign is base64 of a text that was encoded already",
            "Library and program both encoded.",
            "Encode once.",
        ),
        ("sign 被重复编码成 base64", "库和程序各编码了一次。", "只编码一次。"),
    ),
    row(
        "form.rsa-hex",
        3,
        (
            "the RSA signature is written in hex",
            "RSA signs are written in base64.",
            "Write the signature in base64.",
        ),
        ("RSA 签名写成了十六进制", "RSA 签名应为 base64。", "用 base64 书写签名。"),
    ),
    row(
        "form.reversed",
        5,
        (
            "the bytes of the RSA signature are reversed",
            "Windows CryptoAPI is little-endian.",
            "Reverse the bytes before base64.",
        ),
        ("RSA 签名的字节顺序颠倒", "Windows CryptoAPI 使用小端序。", "base64 之前先反转字节。"),
    ),
)
