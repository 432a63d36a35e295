"""Words of the key doctor, in English and Chinese: kinds, defects, uses."""

from typing import Final

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)
KINDS: Final[dict[str, tuple[str, str]]] = {
    "pkcs1": (
        "RSA private key, PKCS#1 (what PHP and .NET tools use)",
        "RSA 私钥，PKCS#1（PHP、.NET 工具使用）",
    ),
    "pkcs8": ("RSA private key, PKCS#8 (what Java uses)", "RSA 私钥，PKCS#8（Java 使用）"),
    "spki": (
        "RSA public key, SubjectPublicKeyInfo (what Alipay prints)",
        "RSA 公钥，SubjectPublicKeyInfo（支付宝给出的形式）",
    ),
    "pkcs1-public": ("RSA public key, PKCS#1", "RSA 公钥，PKCS#1"),
    "certificate": (
        "a certificate, not a key: openssl x509 -pubkey -noout extracts its public key",
        "这是证书而不是密钥：用 openssl x509 -pubkey -noout 提取公钥",
    ),
    "request": ("a certificate request, not a key", "这是证书请求，不是密钥"),
    "encrypted": (
        "an encrypted private key: write it without a passphrase (openssl rsa -in FILE -out PLAIN)",
        "加密的私钥：请去掉口令（openssl rsa -in FILE -out PLAIN）",
    ),
    "openssh": (
        "an OpenSSH private key: convert it with ssh-keygen -p -m PEM -f FILE",
        "OpenSSH 私钥：用 ssh-keygen -p -m PEM -f FILE 转换",
    ),
    "other": ("a key, but no RSA key: Alipay takes RSA only", "是密钥但不是 RSA：支付宝只接受 RSA"),
    "md5": (
        "an MD5 key (32 small letters and digits); it is never shown",
        "MD5 密钥（32 位小写字母和数字），不会显示",
    ),
    "unknown": ("no key that can be read", "读不出密钥"),
}

DEFECTS: Final[dict[str, tuple[str, str]]] = {
    "too-long": (
        "the file is far too long for a key ({detail} bytes)",
        "文件过大，不像密钥（{detail} 字节）",
    ),
    "binary": (
        "the key is binary DER; most programs want PEM or base64 text",
        "密钥是二进制 DER，多数程序需要 PEM 或 base64 文本",
    ),
    "empty": ("the file is empty", "文件为空"),
    "bom": (
        "a byte order mark stands at the beginning: save without BOM",
        "文件开头有 BOM：请保存为不带 BOM",
    ),
    "utf-16": ("the file is UTF-16: save it as ASCII or UTF-8", "文件是 UTF-16：请保存为 ASCII 或 UTF-8"),
    "escaped-newlines": ("line ends are written as \\n (two characters)", "换行写成了 \\n 两个字符"),
    "quotes": ("quotes stand around the text", "文本两端有引号"),
    "md5-newline": (
        "a line end follows the key: trim it when you load it, or it is signed along",
        "密钥后面有换行：读取时要去掉，否则会参与签名",
    ),
    "md5-blank": ("blanks stand around the key: they would be signed along", "密钥前后有空格：会参与签名"),
    "no-begin": ("the BEGIN line is missing", "缺少 BEGIN 行"),
    "no-end": ("the END line is missing: the text may be cut", "缺少 END 行：文本可能不完整"),
    "label-doubled": ("the BEGIN or END line stands twice", "BEGIN 或 END 行重复"),
    "two-keys": (
        "the file holds {detail} keys; the first was read",
        "文件中有 {detail} 个密钥，读取了第一个",
    ),
    "text-before": ("other text stands before the BEGIN line", "BEGIN 行之前有其他文本"),
    "text-after": ("other text stands after the END line", "END 行之后有其他文本"),
    "label-broken": ("the BEGIN and END lines are broken", "BEGIN 和 END 行不完整"),
    "dashes": (
        "a label has the wrong number of dashes, wanted are five on each side ({detail})",
        "标签的短横线数量不对，两侧各应为五个（{detail}）",
    ),
    "label-nonstandard": ("the label {detail} is none that programs know", "程序不认识的标签：{detail}"),
    "label-differs": ("the labels of BEGIN and END differ ({detail})", "BEGIN 与 END 的标签不同（{detail}）"),
    "label-mismatch": ("the label does not fit what is inside ({detail})", "标签与内容不符（{detail}）"),
    "one-line": (
        "the body is one long line; some programs want lines of 64 characters",
        "内容是一整行；有些程序要求每行 64 个字符",
    ),
    "blanks-inside": ("blanks stand inside the base64", "base64 中间有空格"),
    "percent": ("the text is URL-encoded", "文本做了 URL 编码"),
    "url-safe": ("the base64 is of the URL-safe alphabet (- and _)", "使用了 URL 安全的 base64（- 和 _）"),
    "not-base64": ("characters that are no base64: {detail}", "含有非 base64 字符：{detail}"),
    "padding": ("the = at the end of the base64 is missing or wrong", "base64 末尾的 = 缺失或错误"),
    "cut": ("the key breaks off: copy the whole text", "密钥不完整：请复制全部文本"),
    "no-key": ("the base64 is no RSA key", "base64 内容不是 RSA 密钥"),
    "trailing": ("{detail} bytes follow the key", "密钥后面多了 {detail} 个字节"),
    "small": ("{detail} bits are too short; RSA2 wants 2048", "{detail} 位太短；RSA2 需要 2048 位"),
    "rsa-only": (
        "{detail} bits fit sign_type RSA; RSA2 wants 2048",
        "{detail} 位适用于 RSA；RSA2 需要 2048 位",
    ),
    "published": (
        "this is the key of the public test account: everybody has it, never use it live",
        "这是公开测试账户的密钥：人人都有，切勿用于正式环境",
    ),
}

USES: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "pkcs1_pem",
        "PHP openssl_sign, Ruby OpenSSL, C# (RSA.ImportFromPem), Go (x509.ParsePKCS1PrivateKey), Node",
        "pem",
    ),
    ("pkcs8_pem", "Node crypto.createSign, Go (x509.ParsePKCS8PrivateKey), Python cryptography, PHP", "pem"),
    ("pkcs8_base64", "Java PKCS8EncodedKeySpec, C# ImportPkcs8PrivateKey, the Alipay Java SDK", "base64"),
    ("pkcs1_base64", "C# ImportRSAPrivateKey, the Alipay .NET SDK", "base64"),
)

PUBLIC_USES: Final[tuple[tuple[str, str], ...]] = (
    (
        "pem",
        "PHP openssl_verify, Node crypto.createVerify, Python, Ruby, Go (x509.ParsePKIXPublicKey), C# ImportFromPem",
    ),
    (
        "base64",
        "Java X509EncodedKeySpec, C# ImportSubjectPublicKeyInfo; this is also what is uploaded to Alipay",
    ),
)

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "kind": ("It is: ", "类型："),
    "size": ("Size: {detail} bits, public exponent {more}", "长度：{detail} 位，公钥指数 {more}"),
    "fingerprint": ("SHA-256 of the public half: {detail}", "公钥 SHA-256：{detail}"),
    "fine": ("Nothing is wrong with the text.", "文本没有问题。"),
    "defects": ("What is wrong with the text:", "文本的问题："),
    "pair": ("{detail}: it is the other half of this key, they pair.", "{detail}：与该密钥配对。"),
    "same": ("{detail}: it is the same key.", "{detail}：是同一个密钥。"),
    "no-pair": ("{detail}: it does not belong to this key.", "{detail}：与该密钥不配对。"),
    "pair-unread": ("{detail}: no RSA key can be read in it.", "{detail}：读不出 RSA 密钥。"),
    "public-forms": ("The public half in the form that each language wants:", "各语言所需的公钥形式："),
    "private-forms": (
        "The private key is not printed. Write it with --write FILE --form {detail} for:",
        "私钥不会显示。用 --write FILE --form {detail} 写出：",
    ),
    "written": ("Written: {detail} (readable by you alone)", "已写入：{detail}（仅本人可读）"),
}


def words(table: dict[str, tuple[str, str]], key: str, lang: str, detail: str = "", more: str = "") -> str:
    """Return one text of a table in ``lang``."""
    return table[key][lang == "zh"].replace("{detail}", detail).replace("{more}", more)
