"""The messages on which signing goes wrong, each with the requirement that it puts to the test.

Each row is small on purpose: where a subject signs it wrongly, hardly any rule but the named one can be
to blame. The expected pre-sign string is not written here; `alipay_qr.presign` makes it, and that is
proved against signatures that other people published.
"""

from typing import Final, NamedTuple

Pairs = tuple[tuple[str, str | None], ...]


class Hazard(NamedTuple):
    """A message and the requirement that it tests; ``charsets`` in which all of it can be written."""

    requirement: str
    name: str
    params: Pairs
    charsets: tuple[str, ...] = ("UTF-8",)


PLAIN: Final[Pairs] = (("out_trade_no", "1001"), ("partner", "2088021966388155"), ("service", "test"))
"""Sorted already, ASCII, nothing to escape or to leave out: only key, digest and joining can be wrong."""

_ALL: Final = ("UTF-8", "GBK", "GB2312")
_REQUEST: Final[Pairs] = (
    ("service", "alipay.acquire.cancel"),
    ("partner", "2088021966388155"),
    ("out_trade_no", "1001"),
)
_JSON: Final = '{"store_id": "A-1","store_name":"7\\/11 \\u6d4b","fee":1.00,"a":{"z":1,"b":[true,null]}}'
_FALSY: Final = ("0", "0.0", "0.00", "00", "false", "null", "None", "undefined", "NaN", "[]", "no", "off")
_BLANKS: Final = {
    "leading-blank": " x",
    "trailing-blank": "x ",
    "only-a-blank": " ",
    "two-blanks-inside": "a  b",
    "tab": "\tx\t",
    "newline": "x\n",
    "crlf-inside": "a\r\nb",
    "full-width-space": "\u3000x\u3000",
    "no-break-space": "\u00a0x\u00a0",
}
_RAW: Final = {
    "url": "https://shop.example/notify?a=1&b=2#c",
    "percent-code": "%41%2B%25",
    "percent-alone": "100%",
    "plus": "1+1 = 2",
    "at-sign": "@/tmp/photo.png",
    "ampersand": "a&b=c&",
    "entity": "&amp;&lt;&#39;&quot;",
    "markup": '<b>it\'s "5 < 6"</b>',
    "reserved": ";/?:@&=+$,!~*'()[]{}|\\^`",
    "base64": "a+b/c==",
}
_VERBATIM: Final = {
    "json": _JSON,
    "json-order": '{"b":1,"a":2}',
    "json-slash": '{"u":"https://a.example/b"}',
    "json-escape": '{"name":"\\u6d4b\\u8bd5"}',
    "decimal-zero": "0.10",
    "leading-zeros": "007",
    "exponent": "1e3",
    "plus-sign": "+5",
    "long-digits": "20880219663881551234567890",
    "backslash": "C:\\new\\table",
    "escapes": '\\n\\t\\"',
    "quote": "it's",
    "dollar": "$1 ${x} %s {0}",
}
_VERBATIM_UNICODE: Final = {
    "nfc": "caf\u00e9",
    "nfd": "cafe\u0301",
    "emoji": "\U0001f600",
    "zero-width": "a\u200bb",
    "full-width": "\uff21\uff22\uff1d\uff06",
    "bom-inside": "\ufeffx",
    "combined": "\u1e69 \ufb01 \u212b",
}


def hazards() -> list[Hazard]:
    """Return all rows."""
    return [*_exclusion(), *_empties(), *_order(), *_joining(), *_values(), *_everything(), *_charsets()]


def _exclusion() -> list[Hazard]:
    rows = {
        "sign-type": (*PLAIN, ("sign_type", "MD5")),
        "sign": (*PLAIN, ("sign", "0123456789abcdef0123456789abcdef")),
        "both": (("sign", "AAAA"), *PLAIN, ("sign_type", "RSA")),
    }
    return [Hazard("sign.exclude", name, params) for name, params in rows.items()]


def _empties() -> list[Hazard]:
    rows = {
        "first": (("a", ""), *PLAIN),
        "middle": (*PLAIN, ("partner_note", "")),
        "last": (*PLAIN, ("z", "")),
        "several": (("a", ""), ("b", ""), *PLAIN, ("z", "")),
    }
    nulls = {name: tuple((k, v or None) for k, v in params) for name, params in rows.items()}
    return [
        *(Hazard("sign.empty", name, params) for name, params in rows.items()),
        *(Hazard("sign.null", name, params) for name, params in nulls.items()),
    ]


def _order() -> list[Hazard]:
    names = {
        "unsorted": "service partner out_trade_no _input_charset",
        "reversed": "z y x c b a",
        "capital-first": "a B c D",
        "case-only": "send_format sendFormat sendformat SendFormat",
        "underscore": "a_b aB ab a1 a_ _a Z",
        "digits": "a10 a9 a1 a a01",
        "numeric": "10 9 1 100 2a 02",
        "prefix": "fee_type fee feet fee2",
        "dash-and-dot": "a-b a.b ab a_b aB",
        "input-charset-not-first": "_input_charset Amount 0 zebra",
    }
    return [
        Hazard(
            "sign.order", name, tuple((each, _order_value(n, each)) for n, each in enumerate(listed.split()))
        )
        for name, listed in names.items()
    ]


def _order_value(number: int, name: str) -> str:
    return "UTF-8" if name == "_input_charset" else f"v{number}"


def _joining() -> list[Hazard]:
    return [
        Hazard("sign.join", "one-parameter", (("service", "test"),)),
        Hazard("sign.join", "three-parameters", PLAIN),
    ]


def _values() -> list[Hazard]:
    tables = (
        ("sign.value.raw", _RAW, _ALL),
        ("sign.value.whitespace", {k: v for k, v in _BLANKS.items() if v.isascii()}, _ALL),
        ("sign.value.whitespace", {k: v for k, v in _BLANKS.items() if not v.isascii()}, ("UTF-8",)),
        ("sign.value.falsy", {f"text-{text.strip('[]') or 'list'}": text for text in _FALSY}, _ALL),
        ("sign.value.verbatim", _VERBATIM, _ALL),
        ("sign.value.verbatim", _VERBATIM_UNICODE, ("UTF-8",)),
    )
    return [
        Hazard(requirement, name, (*PLAIN, ("subject", value)), charsets[:1])
        for requirement, table, charsets in tables
        for name, value in table.items()
    ]


def _everything() -> list[Hazard]:
    return [
        Hazard("sign.every-parameter", "unknown", (*PLAIN, ("x_unknown", "1"), ("body", "b"))),
        Hazard(
            "sign.every-parameter",
            "looks-like-sign",
            (*PLAIN, ("signature", "s"), ("sign_", "t"), ("Sign", "u")),
        ),
        Hazard(
            "sign.every-parameter",
            "framework-names",
            (*PLAIN, ("s", "/a"), ("q", "b"), ("id", "7"), ("key", "k")),
        ),
        Hazard("sign.every-parameter", "hundred", tuple((f"p{n:03d}", str(n + 1)) for n in range(100))),
        Hazard("sign.every-parameter", "long-value", (*PLAIN, ("body", "x" * 5000))),
    ]


def _charsets() -> list[Hazard]:
    chinese = (*_REQUEST, ("subject", "测试商品"), ("body", "北京 麦当劳 第1店"))
    names = (*PLAIN, ("store_name", "中国"))
    return [
        Hazard("sign.charset", "chinese", chinese, _ALL),
        Hazard("sign.charset", "one-value", names, _ALL),
        Hazard("sign.charset", "full-width", (*PLAIN, ("subject", "(全角),。!")), _ALL),
        Hazard("sign.charset", "gbk-only", (*PLAIN, ("subject", "龍門客棧")), ("UTF-8", "GBK")),
    ]


UNENCODABLE: Final = (
    Hazard("sign.charset.unencodable", "emoji", (*PLAIN, ("subject", "ok \U0001f600")), ("GBK", "GB2312")),
    Hazard("sign.charset.unencodable", "korean", (*PLAIN, ("subject", "한국")), ("GBK", "GB2312")),
    Hazard("sign.charset.unencodable", "traditional", (*PLAIN, ("subject", "龍")), ("GB2312",)),
)
"""Messages that cannot be written in these charsets: the only right answer is to decline."""
