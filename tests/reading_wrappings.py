"""Messages of six kinds, signed rightly or wrongly, and the ways in which people paste them.

A wrapping takes a `Sample` and returns what would be pasted, or None where it does not suit the kind.
"""

# ruff: noqa: E501, S608 (lines as people paste them; no SQL is run)

import base64
import json
import quopri
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote_plus

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER, TEST_PRIVATE_KEY_JAVA
from alipay_qr.keys import load_private_key
from alipay_qr.presign import encode
from alipay_qr.signing import Md5, RsaSigner, sign_params
from alipay_qr.wire import encode_response

GATEWAY = "https://globalmapi.alipay.com/gateway.do"
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Sample:
    """One message: its decoded parameters, and the form in which it was sent."""

    kind: str
    params: tuple[tuple[str, str], ...]
    charset: str = "UTF-8"
    xml: str = ""

    @property
    def form(self) -> str:
        return "&".join(f"{name}={quote_plus(value.encode(self.charset))}" for name, value in self.params)

    @property
    def url(self) -> str:
        return f"{GATEWAY}?{self.form}"

    @property
    def text(self) -> str:
        """The message on one line, as it was sent."""
        return self.xml or (self.url if self.kind in {"get", "refund"} else self.form)

    @property
    def decoded(self) -> str:
        """The form as a program prints it after decoding."""
        return "&".join(f"{name}={value}" for name, value in self.params)


_CANCEL: Pairs = [
    ("service", "alipay.acquire.cancel"),
    ("partner", TEST_PARTNER),
    ("_input_charset", "UTF-8"),
    ("timestamp", "2026-11-23 10:00:00"),
    ("out_trade_no", "T20261123001"),
]
_CREATE: Pairs = [
    ("service", "alipay.commerce.qrcode.create"),
    ("partner", TEST_PARTNER),
    ("_input_charset", "UTF-8"),
    ("timestamp", "2026-11-23 10:00:00"),
    ("notify_url", "https://shop.example/alipay/notify"),
    ("biz_type", "OVERSEASHOPQRCODE"),
    (
        "biz_data",
        '{"secondary_merchant_name":"Lucky Noodles","store_id":"S1","trans_currency":"USD","currency":"USD"}',
    ),
]
_NOTIFICATION: Pairs = [
    ("discount", "0.00"),
    ("notify_time", "2026-11-23 10:00:01"),
    ("notify_type", "trade_status_sync"),
    ("notify_id", "91722adff935e8cfa58b3aabf4dead6ibe"),
    ("out_trade_no", "T20261123001"),
    ("trade_no", "2026112322001400001000123456"),
    ("trade_status", "TRADE_SUCCESS"),
    ("subject", "Lucky Noodles"),
    ("total_fee", "0.10"),
    ("currency", "USD"),
    ("seller_id", TEST_PARTNER),
    ("buyer_id", "2088102181189867"),
    ("gmt_payment", "2026-11-23 10:00:00"),
    ("price", "0.10"),
]
_REFUND: Pairs = [
    ("service", "alipay.acquire.overseas.spot.refund"),
    ("partner", TEST_PARTNER),
    ("_input_charset", "UTF-8"),
    ("partner_trans_id", "T20261123001"),
    ("partner_refund_id", "R20261123001"),
    ("refund_amount", "0.10"),
    ("currency", "USD"),
    ("refund_reason", "\u5546\u54c1\u7f3a\u8d27"),
    ("notify_url", "https://shop.example/n?shop=7"),
]
KINDS = ("get", "create", "notification", "gbk", "refund", "response")


@cache
def sample(kind: str, *, right: bool = True) -> Sample:
    """Return a message of one of the `KINDS`; a wrong one has ``sign_type`` in the signed text."""
    if kind == "response":
        return _response(right=right)
    base = {"get": _CANCEL, "create": _CREATE, "refund": _REFUND}.get(kind, _NOTIFICATION)
    charset = "GBK" if kind == "gbk" else "UTF-8"
    params = [
        (name, "\u4f1a\u5458\u5145\u503c" if kind == "gbk" and name == "subject" else value)
        for name, value in base
    ]
    rsa = kind == "create"
    signer = RsaSigner(load_private_key(TEST_PRIVATE_KEY_JAVA)) if rsa else Md5(TEST_MD5_KEY)
    signed = [*params, *([] if right else [("SIGN_TYPE", "RSA" if rsa else "MD5")])]
    text = "&".join(
        f"{name.lower() if name == 'SIGN_TYPE' else name}={value}"
        for name, value in sorted(signed, key=lambda pair: pair[0].replace("SIGN_TYPE", "sign_type"))
    )
    sign = signer.sign(encode(text, charset))
    tail = [("sign_type", "RSA" if rsa else "MD5"), ("sign", sign)]
    return Sample(kind, (*params, *(tail if kind != "notification" else tail[::-1])), charset)


def _response(*, right: bool) -> Sample:
    fields = {
        "alipay_trans_id": "2026112322001400001000123456",
        "currency": "USD",
        "partner_refund_id": "R20261123001",
        "partner_trans_id": "T20261123001",
        "refund_amount": "0.10",
        "result_code": "SUCCESS",
    }
    sign = sign_params(fields if right else {**fields, "is_success": "T"}, Md5(TEST_MD5_KEY))
    xml = encode_response(fields, sign=sign, sign_type="MD5").decode()
    return Sample("response", (*fields.items(), ("sign", sign), ("sign_type", "MD5")), xml=xml)


Wrapping = Callable[[Sample], str | bytes | None]


def _dump(one: Callable[[str, str], str], joint: str = "\n", frame: str = "{}") -> Wrapping:
    def wrapped(given: Sample) -> str | None:
        if given.xml:
            return None
        return frame.replace("{}", joint.join(one(name, value) for name, value in given.params))

    return wrapped


def _around(frame: str) -> Wrapping:
    return lambda given: frame.replace("{}", given.text)


def _form_only(frame: str) -> Wrapping:
    return lambda given: None if given.xml else frame.replace("{}", given.form)


def _folded(width: int, prefix: str = "") -> Wrapping:
    def wrapped(given: Sample) -> str | None:
        if given.xml:
            return None
        text = given.text
        return "\n".join(prefix + text[at : at + width] for at in range(0, len(text), width))

    return wrapped


def _quoted_printable(given: Sample) -> str | None:
    return None if given.xml else quopri.encodestring(given.text.encode()).decode()


def _json(value: object, **options: object) -> str:
    return json.dumps(value, **options)  # type: ignore[arg-type]


def _har(given: Sample, post: dict[str, object]) -> str:
    other = {"request": {"method": "GET", "url": "https://shop.example/?a=1", "headers": []}}
    entry = {
        "startedDateTime": "2026-11-23T10:00:00.000Z",
        "request": {"method": "POST", "url": "https://shop.example/x", "headers": [], "postData": post},
        "response": {"status": 200, "content": {"text": "success", "size": 7}},
    }
    return _json({"log": {"version": "1.2", "entries": [other, entry]}}, indent=1)


def _har_text(given: Sample) -> str | None:
    return (
        None
        if given.xml
        else _har(given, {"mimeType": "application/x-www-form-urlencoded", "text": given.form})
    )


def _har_params(given: Sample) -> str | None:
    pairs = [pair.split("=", 1) for pair in given.form.split("&")]
    return (
        None
        if given.xml
        else _har(given, {"params": [{"name": name, "value": value} for name, value in pairs]})
    )


def _har_base64(given: Sample) -> str | None:
    text = base64.b64encode(given.form.encode()).decode()
    return (
        None
        if given.xml
        else _har(
            given, {"mimeType": "application/x-www-form-urlencoded", "text": text, "encoding": "base64"}
        )
    )


def _multipart(given: Sample) -> str | None:
    if given.xml:
        return None
    parts = "".join(
        f'--x7\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in given.params
    )
    return f"POST /notify HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x7\r\n\r\n{parts}--x7--\r\n"


def _var_dump(given: Sample) -> str | None:
    size = len
    return (
        None
        if given.xml
        else (
            f"array({len(given.params)}) {{\n"
            + "".join(
                f'  ["{name}"]=>\n  string({size(value.encode())}) "{value}"\n'
                for name, value in given.params
            )
            + "}\n"
        )
    )


def _html_form(given: Sample) -> str | None:
    if given.xml:
        return None
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{value.replace("&", "&amp;").replace(chr(34), "&quot;")}"/>\n'
        for name, value in given.params
    )
    return f'<html><body><form method="post" action="{GATEWAY}?_input_charset=UTF-8">\n{fields}<input type="submit" value="go"></form></body></html>'


def _csv(given: Sample) -> str | None:
    if given.xml:
        return None
    head = ",".join(name for name, _ in given.params)
    row = ",".join('"' + value.replace('"', '""') + '"' for _, value in given.params)
    return f"id,{head}\n1,{row}\n"


def _sql(given: Sample) -> str | None:
    if given.xml:
        return None
    names = ", ".join(f"`{name}`" for name, _ in given.params)
    values = ", ".join("'" + value.replace("'", "''") + "'" for _, value in given.params)
    return f"INSERT INTO `notify_log` (`id`, {names}) VALUES (7, {values});"


def _presign(sign_label: str) -> Wrapping:
    def wrapped(given: Sample) -> str | None:
        if given.xml or given.kind == "gbk":
            return None
        pairs = sorted(pair for pair in given.params if pair[0] not in {"sign", "sign_type"})
        sign = dict(given.params)["sign"]
        return (
            "text to sign:\n"
            + "&".join(f"{name}={value}" for name, value in pairs)
            + f"\n{sign_label}{sign}\n"
        )

    return wrapped


def _php_export(name: str, value: str) -> str:
    escaped = value.replace("'", "\\'")
    return f"  '{name}' => '{escaped}',"


def _ruby(name: str, value: str) -> str:
    return f"{_json(name)}=>{_json(value, ensure_ascii=False)}"


WRAPPINGS: dict[str, Wrapping] = {
    "bare": lambda given: given.text,
    "line end": lambda given: f"\n{given.text}\r\n\r\n",
    "byte order mark": lambda given: f"\ufeff{given.text}",
    "UTF-16": lambda given: f"\ufeff{given.text}".encode("utf-16-le"),
    "full stop": _around("{}."),
    "Chinese full stop": _around("\u8bf7\u770b {}\u3002"),
    "comma": _around("{},"),
    "Chinese comma": _around("{}\uff0c\u8c22\u8c22"),
    "semicolon": _around("{};"),
    "round brackets": _around("I sent ({})"),
    "square brackets": _around("[{}]"),
    "angle brackets": _around("<{}>"),
    "Chinese brackets": _around("\u3010{}\u3011"),
    "corner brackets": _around("\u300c{}\u300d"),
    "backticks": _around("`{}`"),
    "fence": _around("```\n{}\n```"),
    "typographic quotes": _around("\u201c{}\u201d"),
    "double quotes": _around('"{}"'),
    "single quotes": _around("'{}'"),
    "url= before": _around("url={}"),
    "body= before": _around("body={}"),
    "logfmt": _around('level=info msg=sent url="{}" status=200'),
    "numbers behind": _around("{}|200|35"),
    "cost behind": _around("{}, cost=35ms"),
    "log prefix": _around("2026-11-23 10:00:02.001 INFO [http-nio-8080-exec-3] c.e.Pay - sent {}"),
    "syslog prefix": _around("Nov 23 10:00:02 shop pay[771]: {}"),
    "bracketed log": _around("[2026-11-23 10:00:02] production.INFO: {} []"),
    "Chinese label": _around("\u8bf7\u6c42\u53c2\u6570\uff1a{}\n\u8fd4\u56de\uff1aILLEGAL_SIGN"),
    "folded at 76": _folded(76),
    "folded at 80": _folded(80),
    "quoted mail": _around("> {}"),
    "quoted mail, folded": _folded(72, "> "),
    "split before &": lambda given: None if given.xml else given.text.replace("&", "\n&"),
    "split behind &": lambda given: None if given.xml else given.text.replace("&", "&\n"),
    "shell escapes": lambda given: (
        None if given.xml else given.text.replace("&", "\\&").replace("?", "\\?").replace("=", "\\=")
    ),
    "cmd escapes": lambda given: None if given.xml else given.text.replace("&", "^&"),
    "JSON \\u0026": lambda given: None if given.xml else '"' + given.text.replace("&", "\\u0026") + '"',
    "JSON string": lambda given: _json({"level": "info", "body": given.text}),
    "JSON string, escaped twice": lambda given: _json(_json({"body": given.text})),
    "PHP JSON": lambda given: _json({"url": given.text}).replace("/", "\\/"),
    "HTML escaped": lambda given: (
        given.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    ),
    "link": lambda given: None if given.xml else f'<a href="{given.text.replace("&", "&amp;")}">pay</a>',
    "eaten entities": lambda given: (
        None
        if given.xml
        else given.text.replace("&not", "\u00ac").replace("&times", "\u00d7").replace("&curren", "\u00a4")
    ),
    "encoded once more": lambda given: quote_plus(given.text),
    "quoted-printable": _quoted_printable,
    "zero width space": lambda given: None if given.xml else given.text.replace("&sign", "\u200b&sign"),
    "decoded": lambda given: None if given.xml else given.decoded,
    "decoded in a log": lambda given: (
        None if given.xml else f"2026-11-23 10:00:02 INFO params: {given.decoded}"
    ),
    "vendor demo": lambda given: (
        None
        if given.xml
        else f"responseTxt=true\n isSign=false\n \u8fd4\u56de\u56de\u6765\u7684\u53c2\u6570\uff1a{given.decoded}"
    ),
    "vendor support": lambda given: (
        None
        if given.xml or given.kind == "gbk"
        else f"POST[https://shop.example/n|203.0.113.230|200|151ms|utf-8]: https://shop.example/n?{given.decoded}"
    ),
    "big log": lambda given: (
        "2026-11-23 10:00:01 DEBUG GET /index, parameters={}\n" * 2000
        + f"2026-11-23 10:00:02 INFO {given.text}\n"
        + "2026-11-23 10:00:03 DEBUG GET /index\n" * 500
    ),
    "access log": lambda given: (
        None
        if given.xml
        else f'203.0.113.7 - - [23/Nov/2026:10:00:05 +0800] "GET /r?{given.form} HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n'
    ),
    "raw GET": lambda given: (
        None if given.xml else f"GET /gateway.do?{given.form} HTTP/1.1\r\nHost: globalmapi.alipay.com\r\n\r\n"
    ),
    "raw POST with reply": lambda given: (
        None
        if given.xml
        else f"POST /gateway.do HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n{given.form}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<alipay><is_success>F</is_success><error>ILLEGAL_SIGN</error></alipay>"
    ),
    "curl": lambda given: None if given.xml else f"$ curl -s '{GATEWAY}' \\\n  --data-raw '{given.form}'",
    "curl GET": lambda given: None if given.xml else f'curl "{GATEWAY}?{given.form}"',
    "curl of cmd": lambda given: (
        None
        if given.xml
        else f'curl ^"{GATEWAY}^" ^\n  --data-raw ^"{given.form.replace("&", "^&").replace("%", "^%")}^"'
    ),
    "wget": _form_only("wget -qO- --post-data='{}' " + GATEWAY),
    "PowerShell": _form_only(f'Invoke-WebRequest -Uri "{GATEWAY}" -Method POST -Body "{{}}"'),
    "HAR": _har_text,
    "HAR params": _har_params,
    "HAR base64": _har_base64,
    "multipart": _multipart,
    "HTML form": _html_form,
    "name: value": _dump(lambda name, value: f"{name}: {value}"),
    "name:value": _dump(lambda name, value: f"{name}:{value}"),
    "name = value": _dump(lambda name, value: f"{name} = {value}"),
    "name=value lines": _dump(lambda name, value: f"{name}={value}"),
    "tab": _dump(lambda name, value: f"{name}\t{value}"),
    "four blanks": _dump(lambda name, value: f"{name}={value}", "    "),
    "numbered": lambda given: (
        None
        if given.xml
        else "\n".join(f"{number}. {name} = {value}" for number, (name, value) in enumerate(given.params, 1))
    ),
    "table": _dump(lambda name, value: f"| {name} | {value} |", frame="| name | value |\n|---|---|\n{}\n"),
    "JSON": lambda given: None if given.xml else _json(dict(given.params)),
    "JSON, indented, fenced": lambda given: (
        None
        if given.xml
        else f"postData:\n\n```json\n{_json(dict(given.params), indent=4, ensure_ascii=False)}\n```\n"
    ),
    "JSON in a log": lambda given: (
        None if given.xml else f"2026-11-23 10:00:02 INFO notify {_json(dict(given.params))} done in 3 ms"
    ),
    "JSON at depth": lambda given: (
        None
        if given.xml
        else _json(
            {"level": "info", "ctx": {"req": {"form": {name: [value] for name, value in given.params}}}}
        )
    ),
    "JSON array": lambda given: None if given.xml else _json([{"a": 1}, dict(given.params)]),
    "named objects": lambda given: (
        None
        if given.xml
        else _json([{"key": name, "value": value} for name, value in given.params], indent=1)
    ),
    "Python dict": lambda given: None if given.xml else str(dict(given.params)),
    "QueryDict": lambda given: (
        None if given.xml else f"<QueryDict: { ({name: [value] for name, value in given.params}) }>"
    ),
    "JS object": _dump(lambda name, value: f"  {name}: '{value}',", frame="{\n{}\n}"),
    "Ruby hash": _dump(_ruby, ", ", "Parameters: {{}}"),
    "Go map": _dump(lambda name, value: f"{name}:{value}", " ", "map[{}]"),
    "Go url.Values": _dump(lambda name, value: f"{name}:[{value}]", " ", "map[{}]"),
    "Java map": _dump(lambda name, value: f"{name}={value}", ", ", "{{}}"),
    "Java map in a log": _dump(
        lambda name, value: f"{name}={value}", ", ", "2026-11-23 INFO c.e.N : params={{}}"
    ),
    "print_r": _dump(lambda name, value: f"    [{name}] => {value}", frame="Array\n(\n{}\n)\n"),
    "print_r in a log": _dump(
        lambda name, value: f"    [{name}] => {value}",
        frame="[2026-11-23 10:00:02] notify: Array\n(\n{}\n)\n",
    ),
    "var_dump": _var_dump,
    "var_export": _dump(_php_export, frame="array (\n{}\n)"),
    "C# dictionary": _dump(lambda name, value: f"[{name}, {value}]"),
    "C# initialiser": _dump(
        lambda name, value: f"    {{ {_json(name)}, {_json(value, ensure_ascii=False)} }},"
    ),
    "CSV": _csv,
    "SQL": _sql,
    "XML elements": _dump(lambda name, value: f"<{name}><![CDATA[{value}]]></{name}>", "", "<xml>{}</xml>"),
    "text and sign": _presign("sign: "),
    "text and bare sign": _presign(""),
    "text and Chinese label": _presign("\u7b7e\u540d\u7ed3\u679c\uff1a"),
}
