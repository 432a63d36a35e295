"""Words for mistakes in the key and in how it is attached."""

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)

from typing import Final

from alipay_qr_conformance.doctor.rows.row import Row, row

ROWS: Final[tuple[Row, ...]] = (
    row(
        "key.blank",
        1,
        (
            "white space or an invisible character around the MD5 key was signed ({detail})",
            "The key was read with its line end, or copied with a blank.",
            "Trim the key when you load it; it has 32 characters.",
        ),
        (
            "MD5 密钥前后带有空白或不可见字符（{detail}）",
            "读取密钥时带上了换行，或复制时带上了空格。",
            "读取密钥时去除首尾空白；密钥共 32 个字符。",
        ),
    ),
    row(
        "key.missing",
        2,
        (
            "no MD5 key was appended",
            "The setting is empty or has another name.",
            "Check that the key reaches the signing function.",
        ),
        ("没有拼接 MD5 密钥", "配置项为空或名称不对。", "检查密钥是否传到了签名函数。"),
    ),
    row(
        "key.quoted",
        3,
        (
            "the quotes around the MD5 key were signed ({detail})",
            "The settings file's quotes became part of the key.",
            "Remove the quotes from the setting.",
        ),
        ("MD5 密钥带引号参与了签名（{detail}）", "配置文件中的引号成了密钥的一部分。", "去掉配置中的引号。"),
    ),
    row(
        "key.case",
        4,
        (
            "the MD5 key was used in {detail} case",
            "The key is used exactly as issued.",
            "Do not change the letter case of the key.",
        ),
        ("MD5 密钥的大小写被改变（{detail}）", "密钥必须与签发的完全一致。", "不要改变密钥的大小写。"),
    ),
    row(
        "key.partner",
        3,
        (
            "the partner id was used as the MD5 key ({detail})",
            "Two settings are mixed up.",
            "Use the 32-character key that belongs to the partner id.",
        ),
        (
            "把 partner（PID）当作 MD5 密钥（{detail}）",
            "两个配置项弄混了。",
            "使用与该 partner 对应的 32 位密钥。",
        ),
    ),
    row(
        "key.null",
        3,
        (
            "the text {detail} was used as the MD5 key",
            "The setting was absent and its null became text, or a placeholder was left.",
            "Check that the key reaches the signing function.",
        ),
        (
            "把文本 {detail} 当作 MD5 密钥",
            "配置缺失，null 变成了文本，或占位符没有替换。",
            "检查密钥是否传到了签名函数。",
        ),
    ),
    row(
        "key.truncated",
        3,
        ("the MD5 key lacks its {detail} character", "It was not copied whole.", "Copy all 32 characters."),
        ("MD5 密钥少了一个字符（{detail}）", "复制不完整。", "完整复制 32 个字符。"),
    ),
    row(
        "key.doubled",
        4,
        (
            "the MD5 key was appended twice",
            "Text and signing function both append it.",
            "Append the key once.",
        ),
        ("MD5 密钥拼接了两次", "拼接代码和签名函数各加了一次。", "只拼接一次密钥。"),
    ),
    row(
        "key.encoded",
        4,
        (
            "the MD5 key was encoded before use ({detail})",
            "The key is appended as it was issued.",
            "Use the key as it is.",
        ),
        ("MD5 密钥在使用前被编码（{detail}）", "密钥应原样拼接。", "直接使用原始密钥。"),
    ),
    row(
        "key.other",
        2,
        (
            "another key was used: {detail}",
            "The key of another environment, account or purpose signed this.",
            "Use the MD5 key of this partner and this gateway (live and test differ).",
        ),
        (
            "使用了另一个密钥：{detail}",
            "用的是其他环境、账户或用途的密钥。",
            "使用该 partner 在该网关（正式或测试）的 MD5 密钥。",
        ),
    ),
    row(
        "key.joined",
        3,
        (
            "the MD5 key is attached in the wrong way: {detail}",
            "The key follows the text at once, without a separator and without a name.",
            "Sign text + key.",
        ),
        (
            "MD5 密钥的拼接方式不对：{detail}",
            "密钥应直接接在文本后面，不加分隔符，也不加名称。",
            "对 文本 + 密钥 签名。",
        ),
    ),
    row(
        "key.other-rsa",
        1,
        (
            "another key pair signed this: {detail}",
            "The signature opens with that public key and not with the one that should verify it.",
            "Sign with the private key whose public half is uploaded for this partner and gateway (mapi keys and Open Platform keys differ).",
        ),
        (
            "签名用的是另一对密钥：{detail}",
            "用该公钥可以解开签名，而应使用的公钥不行。",
            "使用与该 partner 在该网关上传的公钥对应的私钥（mapi 密钥与开放平台密钥不同）。",
        ),
    ),
    row(
        "key.own-public",
        1,
        (
            "your own public key was used to verify a message from Alipay ({detail} signed it)",
            "Alipay signs with its own private key; your public key cannot verify that.",
            "Verify with Alipay's public key; your own is only for uploading.",
        ),
        (
            "用自己的公钥验证支付宝的签名（实际由 {detail} 签名）",
            "支付宝用自己的私钥签名，商户公钥无法验证。",
            "用支付宝公钥验签；商户公钥只用于上传。",
        ),
    ),
    row(
        "key.md5-in-rsa",
        3,
        (
            "the MD5 key was appended although RSA signs ({detail})",
            "With RSA nothing is appended to the text.",
            "Append the key for MD5 only.",
        ),
        (
            "RSA 签名时也拼接了 MD5 密钥（{detail}）",
            "RSA 签名的文本后面不加任何内容。",
            "只有 MD5 才拼接密钥。",
        ),
    ),
)
