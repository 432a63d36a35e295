"""`InputError`: what was given is nothing that can be explained. Words in English and Chinese by code."""

from typing import Final

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)
WORDS: Final[dict[str, tuple[str, str]]] = {
    "empty": (
        "the input is empty: paste the request, or give the name of a file that holds it",
        "输入为空：请粘贴请求内容，或给出保存请求的文件名",
    ),
    "unknown": (
        "this is no request URL, POST body, curl line, HAR file, notification body or response XML; paste one of them, e.g. https://.../gateway.do?service=...&sign=...",
        "这不是请求 URL、POST 内容、curl 命令、HAR 文件、通知内容或响应 XML；请粘贴其中之一，例如 https://.../gateway.do?service=...&sign=...",
    ),
    "no-file": (
        "there is no file {detail}, and by itself this is no request: check the name, or paste the request",
        "没有文件 {detail}，它本身也不是请求：请检查文件名，或直接粘贴请求",
    ),
    "folder": (
        "{detail} is a folder: name the file that holds the request",
        "{detail} 是目录：请给出保存请求的文件名",
    ),
    "unreadable": ("{detail}: this file cannot be read", "{detail}：无法读取该文件"),
    "key": (
        "this is a key, not a message, and nothing of it is shown: give it by --private-key or --public-key, or examine it with alipay-qr doctor-key",
        "这是密钥而不是报文，其内容不会显示：请用 --private-key 或 --public-key 提供，或用 alipay-qr doctor-key 检查",
    ),
    "large": ("the input has {detail} bytes: too much to read", "输入有 {detail} 字节：太大，不读取"),
    "no-parameters": (
        "the request has no parameters: expected name=value pairs joined with &",
        "请求没有参数：应为用 & 连接的 name=value",
    ),
    "foreign": (
        "none of its parameters is one of the protocol ({detail}): paste the whole request or notification",
        "其中没有协议规定的参数（{detail}）：请粘贴完整的请求或通知",
    ),
    "xml": (
        "the XML is no response of the gateway: {detail}",
        "该 XML 不是网关响应：{detail}",
    ),
    "unsigned": (
        "the response has no signed part ({detail}): gateway errors are not signed; explain the request instead",
        "响应中没有签名部分（{detail}）：网关错误不带签名，请改为排查请求",
    ),
    "har": (
        "the input begins like JSON but is no HAR file: {detail}",
        "输入像 JSON，但不是 HAR 文件：{detail}",
    ),
    "har-empty": (
        "no request with a url was found: expected a HAR file, or one of its entries",
        "没有找到带 url 的请求：应为 HAR 文件或其中的一个条目",
    ),
    "har-entry": ("there is no such entry: the file has {detail}", "没有这个条目：文件中共有 {detail} 个"),
    "curl-url": ("the curl line has no URL", "curl 命令中没有 URL"),
    "curl-words": (
        "the curl line cannot be split into words: {detail}; copy the whole line",
        "无法拆分 curl 命令：{detail}；请复制整条命令",
    ),
    "curl-file": (
        "{detail} names a file, which is not read: paste its content instead",
        "{detail} 指向文件，不会读取：请粘贴文件内容",
    ),
    "md5-key-empty": (
        "{detail} is empty: expected the MD5 key alone",
        "{detail} 是空文件：其中应只有 MD5 密钥",
    ),
    "md5-key-rsa": (
        "{detail} holds an RSA key: --md5-key-file wants the 32 characters of the MD5 key",
        "{detail} 中是 RSA 密钥：--md5-key-file 需要 32 个字符的 MD5 密钥",
    ),
    "md5-key-bytes": (
        "{detail} is no text: --md5-key-file wants the 32 characters of the MD5 key",
        "{detail} 不是文本：--md5-key-file 需要 32 个字符的 MD5 密钥",
    ),
    "exists": (
        "{detail} exists, and nothing is overwritten: name a new file",
        "{detail} 已存在，不会覆盖：请指定新文件",
    ),
    "unwritable": ("{detail}: this file cannot be written", "{detail}：无法写入该文件"),
    "write-form": ("--write and --form go together", "--write 与 --form 必须一起使用"),
    "no-rsa-key": ("no RSA key can be read in the file", "文件中读不出 RSA 密钥"),
    "public-only": (
        "the file holds a public key; {detail} needs the private one",
        "文件中是公钥；{detail} 需要私钥",
    ),
    "rsa-key": ("{detail}", "密钥无法使用：{detail}"),
}


class InputError(ValueError):
    """What was given cannot be explained; the message says what was expected.

    Attributes:
        code: a key of `WORDS`.
        detail: what of the input it is about; never a part of a key.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, lang: str) -> str:
        """Return the message in English, or in Chinese for ``zh``."""
        return WORDS[self.code][lang == "zh"].replace("{detail}", self.detail)
