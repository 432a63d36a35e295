"""What is proved whatever the verdict, in words.

valid               the sign is right
reproduced          the named mistakes give the received sign, bit by bit
md5.undecided       MD5, unexplained: a wrong key and an unknown text cannot be told apart
rsa.key             the signature opens with this public key
rsa.hash            the signature holds this hash
rsa.text            RSA, unexplained: key and hash are known, so only the text differs
rsa.no-key          the signature opens with none of the public keys at hand
key.test            no key was given: the one of the public test account was used
key.test-partner    the test key was used for another partner
json.broken         a value begins like JSON and is none
message.large       the message is too large to search
sign.unreadable     the sign is no digest and no signature of any known form
presign.unencodable the text cannot be written in the declared charset
input.cut-out       the message stood in the middle of other text
input.open-platform the message is one of another product of Alipay's
input.html-escaped  the input was escaped for HTML
note                a remark about the input, in the words of the reader that made it
"""

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)

from typing import Final

_TEXTS: Final[dict[str, tuple[str, str]]] = {  # two parts each, English and Chinese
    "valid": (
        "The sign is right: it was recomputed from the message and agrees.",
        "签名正确：按报文重新计算，结果一致。",
    ),
    "reproduced": (
        "Proved: with these mistakes the message gives exactly the received sign.",
        "已证明：按上述错误重新计算，得到的签名与收到的完全相同。",
    ),
    "md5.undecided": (
        "With MD5 a wrong key and an unknown text cannot be told apart: check the key first, then compare the string below with the one that your program signed.",
        "MD5 无法区分“密钥错误”和“待签名字符串未知”：请先核对密钥，再把下面的字符串与程序实际签名的字符串逐字比较。",
    ),
    "rsa.key": (
        "Proved: the signature was made with the private key that belongs to: {detail}.",
        "已证明：签名所用私钥对应的公钥是：{detail}。",
    ),
    "rsa.hash": ("Proved: the signature holds a {detail} hash.", "已证明：签名中的散列是 {detail}。"),
    "rsa.text": (
        "Key and hash are known, so only the text differs: compare the string below with the one that your program signed.",
        "密钥和散列算法已确定，不同的只有文本：请把下面的字符串与程序实际签名的字符串逐字比较。",
    ),
    "rsa.no-key": (
        "The signature opens with none of the public keys at hand ({detail}): an unknown key made it, or it is damaged.",
        "用手头的公钥（{detail}）都解不开该签名：它由未知的密钥生成，或已损坏。",
    ),
    "key.test": (
        "No key was given: the {detail} key of the public test account was used.",
        "没有提供密钥，使用了公开测试账户的 {detail} 密钥。",
    ),
    "key.test-partner": (
        "The partner of the message ({detail}) is not the test account: give its own key.",
        "报文中的 partner（{detail}）不是测试账户：请提供它自己的密钥。",
    ),
    "message.large": (
        "The message is far larger than any of the protocol: its sign was checked, its mistakes were not searched.",
        "报文远大于协议中的任何报文：只检查了签名，没有搜索错误。",
    ),
    "json.broken": (
        "{detail} begins like JSON but is none: it was cut or altered on the way, for example in an HTML form that does not escape quotes. What was signed cannot be recovered then.",
        "{detail} 以 JSON 开头却不是合法 JSON：可能在途中被截断或改动，例如 HTML 表单没有转义引号。此时无法还原签名的内容。",
    ),
    "sign.unreadable": (
        "The sign ({detail} characters) is no digest and no signature of any known form.",
        "sign（{detail} 个字符）不是任何已知形式的摘要或签名。",
    ),
    "presign.unencodable": (
        "The message cannot be written in its charset: {detail}. No right sign exists for it.",
        "报文无法用其字符集表示：{detail}。因此不存在正确的签名。",
    ),
    "input.cut-out": (
        "The message was cut out of the text around it; it begins with {detail}",
        "报文取自前后有其他内容的文本，开头是 {detail}",
    ),
    "input.html-escaped": (
        "The input is escaped for HTML (&amp;) and was read with &. If it was sent like this, the gateway sees parameters named amp;...: build the URL without HTML escaping.",
        "输入带有 HTML 转义（&amp;），已按 & 读取。如果发送时就是这样，网关看到的参数名会是 amp;...：拼接 URL 时不要做 HTML 转义。",
    ),
    "input.open-platform": (
        "This is a request of the Open Platform (app_id, method, biz_content), not of the mapi gateway: it has another gateway, other keys and other rules, and what is said here does not hold there.",
        "这是开放平台的请求（app_id、method、biz_content），不是 mapi 网关的请求：网关、密钥和规则都不同，此处的结论不适用。",
    ),
    "note": ("{detail}", "{detail}"),
}


def fact_text(code: str, detail: str, lang: str = "en") -> str:
    """Return a fact in words."""
    english, chinese = _TEXTS[code]
    return (chinese if lang == "zh" else english).replace("{detail}", detail)


CODES: Final = frozenset(_TEXTS)
