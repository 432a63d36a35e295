"""Words for mistakes in joining, charset, key, digest and the form of the sign itself."""

# ruff: noqa: E501, RUF001 (a sentence stays on one line; Chinese has its own punctuation)

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
        ("待签名文本前有 BOM", "文件以“UTF-8 带 BOM”保存。", "源文件和模板保存为不带 BOM 的 UTF-8。"),
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
    row(
        "digest.hmac",
        4,
        (
            "HMAC was used instead of the plain hash ({detail})",
            "The protocol hashes text + key.",
            "Use MD5 over text + key.",
        ),
        ("使用了 HMAC 而不是普通散列（{detail}）", "协议对 文本 + 密钥 做散列。", "对 文本 + 密钥 做 MD5。"),
    ),
    row(
        "digest.twice",
        4,
        ("the hash was taken twice ({detail})", "The hash of the hash is another value.", "Hash once."),
        ("做了两次散列（{detail}）", "散列的散列是另一个值。", "只做一次散列。"),
    ),
    row(
        "digest.inner",
        5,
        (
            "the text was hashed before the key was appended ({detail})",
            "The key follows the text itself.",
            "Hash text + key in one go.",
        ),
        (
            "先对文本做散列，再拼接密钥（{detail}）",
            "密钥应接在文本本身之后。",
            "对 文本 + 密钥 一次性做散列。",
        ),
    ),
    row(
        "digest.other-hash",
        3,
        ("the hash is {detail}, not MD5", "sign_type MD5 means MD5.", "Use MD5."),
        ("散列算法是 {detail}，不是 MD5", "sign_type 为 MD5 时必须用 MD5。", "使用 MD5。"),
    ),
    row(
        "digest.rsa-hash",
        1,
        (
            "the RSA signature holds {detail}",
            "RSA means SHA1withRSA, RSA2 means SHA256withRSA.",
            "Choose the algorithm by sign_type: RSA SHA-1, RSA2 SHA-256.",
        ),
        (
            "RSA 签名内的散列是 {detail}",
            "RSA 指 SHA1withRSA，RSA2 指 SHA256withRSA。",
            "按 sign_type 选择算法：RSA 用 SHA-1，RSA2 用 SHA-256。",
        ),
    ),
    row(
        "digest.rsa-form",
        3,
        (
            "the RSA signature has the wrong inside: {detail}",
            "Wanted is PKCS#1 v1.5 with a DigestInfo around the hash.",
            "Use the library's sign function (SHA1withRSA), not its encrypt function, and PKCS#1 v1.5 padding, not PSS.",
        ),
        (
            "RSA 签名内部结构不对：{detail}",
            "应为 PKCS#1 v1.5，散列外有 DigestInfo。",
            "用库的签名函数（SHA1withRSA），不要用加密函数；填充用 PKCS#1 v1.5，不要用 PSS。",
        ),
    ),
    row(
        "digest.encrypted",
        4,
        (
            "the text was encrypted with the public key instead of being signed ({detail})",
            "A signature is made with the private key.",
            "Use the sign function with your private key.",
        ),
        ("用公钥加密了文本，而不是签名（{detail}）", "签名必须用私钥。", "用私钥调用签名函数。"),
    ),
    row(
        "digest.of-digest",
        3,
        (
            "a digest was signed instead of the text ({detail})",
            "The library hashes by itself; here the text was hashed before.",
            "Pass the text to the sign function, not its digest.",
        ),
        (
            "签名的是摘要而不是文本（{detail}）",
            "签名函数自己会做散列，这里事先又做了一次。",
            "把文本而不是摘要传给签名函数。",
        ),
    ),
    row(
        "sign-type.form",
        1,
        (
            "sign_type is written {detail}",
            "The gateway knows MD5, RSA and RSA2 in capital letters only.",
            "Write the sign type in capital letters, without blanks.",
        ),
        ("sign_type 写成了 {detail}", "网关只认大写的 MD5、RSA、RSA2。", "sign_type 用大写，不带空格。"),
    ),
    row(
        "sign-type.missing",
        2,
        ("sign_type is missing from the message", "It is not signed but must be sent.", "Send sign_type."),
        ("报文中没有 sign_type", "它不参与签名，但必须发送。", "发送 sign_type。"),
    ),
    row(
        "sign-type.mismatch",
        2,
        (
            "sign_type does not fit the sign: {detail}",
            "The sign was made with another algorithm than sign_type says.",
            "Make sign_type and the algorithm agree.",
        ),
        (
            "sign_type 与签名不符：{detail}",
            "签名所用算法与 sign_type 不一致。",
            "让 sign_type 与签名算法一致。",
        ),
    ),
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
