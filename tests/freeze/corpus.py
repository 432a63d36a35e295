"""Messages for `explain` and key texts for the key doctor, made of the golden vectors and of spoilt signing.

Nothing here imports the kit; the result is stored, and the test reads what is stored.
"""

import base64
import hashlib
import hmac
import html
import json
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
URL = "https://globalmapi.alipay.com/gateway.do"
COMMON = {"partner": "2088021966388155", "_input_charset": "UTF-8"}
BASES = {
    "refund": {
        "service": "alipay.acquire.overseas.spot.refund", **COMMON, "partner_trans_id": "2026112300001",
        "partner_refund_id": "R1", "refund_amount": "10.50", "currency": "USD",
        "refund_reason": ' a  b & "c" 50%41+ ', "is_sync": "",
    },
    "create": {
        "service": "alipay.commerce.qrcode.create", **COMMON, "timestamp": "2026-11-23 10:00:00",
        "notify_url": "https://shop.example/alipay/notify?a=1", "biz_type": "OVERSEASHOPQRCODE",
        "biz_data": '{"store_name": "小店", "url":"a\\/b","n":1.50,"terminal":""}',
    },
    "cancel": {
        "service": "alipay.acquire.cancel", **COMMON, "timestamp": "1795370400250",
        "out_trade_no": "2026112300001", "Zeta": "1", "alpha10": "y", "alpha2": "x",
    },
    "notification": {
        "notify_time": "2026-11-23 10:00:05", "notify_type": "trade_status_sync", "notify_id": "6fce8ab0f3",
        "out_trade_no": "2026112300001", "trade_no": "2026112321001004550200012345",
        "trade_status": "TRADE_SUCCESS", "subject": "Noodle soup & tea 面", "total_fee": "12.80",
        "trans_currency": "USD", "seller_id": "2088021966388155", "extra": "",
    },
}  # fmt: skip


def _kept(params):
    return [(name, value) for name, value in params.items() if value]


def _joined(pairs):
    return "&".join(f"{name}={value}" for name, value in pairs)


def _each(change):
    return lambda params: _joined(sorted((name, change(value)) for name, value in _kept(params)))


def _without(*left_out):
    return lambda params: _joined(sorted(pair for pair in _kept(params) if pair[0] not in left_out))


TEXTS = {
    "right": lambda params: _joined(sorted(_kept(params))),
    "as it comes": lambda params: _joined(_kept(params)),
    "reversed": lambda params: _joined(sorted(_kept(params), reverse=True)),
    "any letter case": lambda params: _joined(sorted(_kept(params), key=lambda pair: pair[0].lower())),
    "with empties": lambda params: _joined(sorted(params.items())),
    "with sign_type": lambda params: _joined(sorted([*_kept(params), ("sign_type", "MD5")])),
    "escaped": _each(quote_plus),
    "escaped with %20": _each(lambda value: quote(value, safe="")),
    "escaped twice": _each(lambda value: quote_plus(quote_plus(value))),
    "trimmed": _each(str.strip),
    "blanks away": _each(lambda value: value.replace(" ", "")),
    "for HTML": _each(html.escape),
    "quoted": _each(lambda value: f'"{value}"'),
    "slashes escaped": _each(lambda value: value.replace("/", "\\/")),
    "slashes free": _each(lambda value: value.replace("\\/", "/")),
    "ASCII JSON": _each(lambda value: value.encode("ascii", "backslashreplace").decode()),
    "short amounts": _each(lambda value: value.removesuffix("0") if "." in value else value),
    "small letters": _each(str.lower),
    "no ampersands": lambda params: "".join(f"{name}={value}" for name, value in sorted(_kept(params))),
    "values alone": lambda params: "".join(value for _, value in sorted(_kept(params))),
    "ampersand behind": lambda params: _joined(sorted(_kept(params))) + "&",
    "question mark before": lambda params: "?" + _joined(sorted(_kept(params))),
    "commas": lambda params: ",".join(f"{name}={value}" for name, value in sorted(_kept(params))),
    "without charset": _without("_input_charset"),
    "without service": _without("service"),
    "without partner": _without("partner", "seller_id"),
    "without biz_data": _without("biz_data", "subject"),
    "without timestamp": _without("timestamp", "notify_time"),
    "escaped, as it comes": lambda params: urlencode(_kept(params)),
    "with empties, reversed": lambda params: _joined(sorted(params.items(), reverse=True)),
}
"""What is signed, by what is wrong with it."""

MD5_SEALS = {
    "right": lambda data, key: hashlib.md5(data + key).hexdigest(),
    "capitals": lambda data, key: hashlib.md5(data + key).hexdigest().upper(),
    "base64": lambda data, key: base64.b64encode(hashlib.md5(data + key).digest()).decode(),
    "half": lambda data, key: hashlib.md5(data + key).hexdigest()[8:24],
    "twice": lambda data, key: hashlib.md5(hashlib.md5(data + key).hexdigest().encode()).hexdigest(),
    "key before": lambda data, key: hashlib.md5(key + data).hexdigest(),
    "key named": lambda data, key: hashlib.md5(data + b"&key=" + key).hexdigest(),
    "ampersand, key": lambda data, key: hashlib.md5(data + b"&" + key).hexdigest(),
    "no key": lambda data, key: hashlib.md5(data).hexdigest(),
    "key and line end": lambda data, key: hashlib.md5(data + key + b"\n").hexdigest(),
    "key in capitals": lambda data, key: hashlib.md5(data + key.upper()).hexdigest(),
    "HMAC": lambda data, key: hmac.new(key, data, "md5").hexdigest(),
    "SHA-1": lambda data, key: hashlib.sha1(data + key).hexdigest(),
    "SHA-256": lambda data, key: hashlib.sha256(data + key).hexdigest(),
    "byte order mark": lambda data, key: hashlib.md5(b"\xef\xbb\xbf" + data + key).hexdigest(),
    "somebody's key": lambda data, key: hashlib.md5(data + b"f" * 32).hexdigest(),
    "nonsense": lambda data, key: hashlib.md5(b"nonsense" + data).hexdigest(),
}
"""How the text becomes a sign of MD5, by what is wrong with it."""

RSA_FORMS = {
    "right": lambda raw: base64.b64encode(raw).decode(),
    "URL-safe": lambda raw: base64.urlsafe_b64encode(raw).decode(),
    "hex": bytes.hex,
    "in lines": lambda raw: base64.encodebytes(raw).decode(),
    "escaped": lambda raw: quote_plus(base64.b64encode(raw).decode()),
    "plus as blank": lambda raw: base64.b64encode(raw).decode().replace("+", " "),
    "no padding": lambda raw: base64.b64encode(raw).decode().rstrip("="),
}
RSA_TEXTS = (
    "right", "as it comes", "with empties", "with sign_type", "escaped", "trimmed", "slashes free",
    "without charset", "without service", "no ampersands", "for HTML", "quoted",
)  # fmt: skip


def _curl(pairs):
    return f"curl -s '{URL}' --data-raw '{urlencode(pairs)}' --compressed"


def _curl_get(pairs):
    fields = " \\\n ".join(
        "--data-urlencode '{}={}'".format(name, value.replace("'", "")) for name, value in pairs
    )
    return f"curl -G {URL} \\\n {fields}"


def _har(pairs):
    post = {"mimeType": "application/x-www-form-urlencoded", "text": urlencode(pairs[1:])}
    wanted = {"request": {"url": f"{URL}?{urlencode(pairs[:1])}", "postData": post}}
    return json.dumps({"log": {"entries": [{"request": {"url": "https://shop.example/?a=1"}}, wanted]}})


def _har_params(pairs):
    post = {"params": [{"name": name, "value": value} for name, value in pairs]}
    return json.dumps({"request": {"method": "POST", "url": URL, "postData": post}})


def _html_form(pairs):
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}"/>' for name, value in pairs
    )
    return f'<form action="{URL}">{fields}<input type="submit"></form>'


FORMS = {
    "body": urlencode,
    "URL": lambda pairs: f"{URL}?{urlencode(pairs)}",
    "curl": _curl,
    "curl -G": _curl_get,
    "HAR": _har,
    "HAR entry": _har_params,
    "HTML form": _html_form,
    "log line, URL": lambda pairs: f"2026-11-25 10:00:00 INFO sent {URL}?{urlencode(pairs)} in 3 ms",
    "log line, body": lambda pairs: f'2026-11-25 10:00:00 INFO body="{urlencode(pairs)}" status=200',
    "HTTP GET": lambda pairs: (
        f"GET /gateway.do?{urlencode(pairs)} HTTP/1.1\r\nHost: globalmapi.alipay.com\r\n\r\n"
    ),
    "HTTP POST": lambda pairs: (
        f"POST /gateway.do HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n{urlencode(pairs)}\n"
    ),
    "lines": lambda pairs: "\r\n".join(f"{name}={value}" for name, value in pairs) + "\n",
    "print_r": lambda pairs: (
        "Array\n(\n" + "".join(f"    [{name}] => {value}\n" for name, value in pairs) + ")\n"
    ),
    "Java map": lambda pairs: "{" + ", ".join(f"{name}={value}" for name, value in pairs) + "}",
    "JSON": lambda pairs: json.dumps(dict(pairs)),
    "URL for HTML": lambda pairs: f"{URL}?{urlencode(pairs)}".replace("&", "&amp;"),
}
"""How people paste a message."""

UNUSABLE = {
    "empty": "",
    "blanks": " \n\t ",
    "prose": "the gateway says ILLEGAL_SIGN and I do not know why",
    "foreign": "a=1&b=2",
    "JSON list": "[1, 2, 3]",
    "broken JSON": '{"log": ',
    "XML error": "<?xml version='1.0'?><alipay><is_success>F</is_success>"
    "<error>ILLEGAL_SIGN</error></alipay>",
    "XML bomb": '<!DOCTYPE a [<!ENTITY b "b">]><alipay>&b;</alipay>',
    "broken XML": "<alipay><is_success>T</alipay>",
    "key": "-----BEGIN PUBLIC KEY-----\nMIGfMA0GCSq\n-----END PUBLIC KEY-----\n",
    "no sign": "service=alipay.acquire.cancel&partner=2088021966388155&out_trade_no=1",
    "empty sign": "service=alipay.acquire.cancel&partner=2088021966388155&sign_type=MD5&sign=",
    "sign type unknown": "service=alipay.acquire.cancel&partner=2088021966388155&sign_type=DSA&sign=abc",
    "open platform": "app_id=1&method=alipay.trade.pay&biz_content=%7B%7D&sign_type=RSA2&sign=x",
    "twice": "service=alipay.acquire.cancel&partner=1&partner=2&sign_type=MD5&sign=00",
    "other bytes": "service=alipay.acquire.cancel&subject=%D0%A1%B5%EA&sign_type=MD5&sign=00",
}


def _groups(name):
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["groups"]


def _keys(sign_type):
    return next(
        each["inputs"] for each in _groups(f"sign_{sign_type.lower()}") if "charset" in each["inputs"]
    )


def _spread(items, count):
    """Return ``count`` items, evenly spread."""
    return [items[at * len(items) // count] for at in range(count)]


def _spoilt_md5():
    key = _keys("MD5")["md5_key"].encode()
    for base, params in BASES.items():
        for text, join in TEXTS.items():
            yield base, params, "MD5", text, MD5_SEALS["right"](join(params).encode(), key)
        for seal in [name for name in MD5_SEALS if name != "right"]:
            yield base, params, "MD5", seal, MD5_SEALS[seal](TEXTS["right"](params).encode(), key)
    for text, seal in zip(TEXTS, islice(cycle(MD5_SEALS), 5, None), strict=False):
        params = BASES["refund"]
        yield "refund", params, "MD5", f"{text} + {seal}", MD5_SEALS[seal](TEXTS[text](params).encode(), key)
    for base in ("create", "notification"):  # in the bytes of another charset
        data = TEXTS["right"](BASES[base]).encode("gbk")
        yield base, BASES[base], "MD5", "GBK", MD5_SEALS["right"](data, key)


def _spoilt_rsa():
    for sign_type, usual, other in (
        ("RSA", hashes.SHA1(), hashes.SHA256()),
        ("RSA2", hashes.SHA256(), hashes.SHA1()),
    ):
        pem = _keys(sign_type)["merchant_private_key"]["pkcs8_pem"]
        key = serialization.load_pem_private_key(pem.encode(), None)
        for base in ("refund", "create", "cancel"):
            params = BASES[base]
            raw = {
                text: key.sign(TEXTS[text](params).encode(), padding.PKCS1v15(), usual) for text in RSA_TEXTS
            }
            for text in RSA_TEXTS:
                yield base, params, sign_type, text, RSA_FORMS["right"](raw[text])
            for form in [name for name in RSA_FORMS if name != "right"]:
                yield base, params, sign_type, form, RSA_FORMS[form](raw["right"])
            hashed = key.sign(TEXTS["right"](params).encode(), padding.PKCS1v15(), other)
            yield base, params, sign_type, "other hash", RSA_FORMS["right"](hashed)


def _is_whole(inputs):
    """Say whether a vector holds a message as it comes, and not bytes by themselves."""
    return "xml_hex" in inputs or all(isinstance(each, str) for pair in inputs["params"] for each in pair)


def _from_vectors():
    """Yield notifications and responses of the golden vectors, right and wrong ones."""
    for name, count in (("verify_notification", 40), ("verify_response", 40)):
        every = [(group["inputs"], test) for group in _groups(name) for test in group["tests"]]
        tests = [(keys, test) for keys, test in every if _is_whole(test["inputs"])]
        for keys, test in _spread(tests, count):
            inputs = test["inputs"]
            if "xml_hex" in inputs:
                text = bytes.fromhex(inputs["xml_hex"]).decode("latin-1")
            else:
                pairs = [tuple(pair) for pair in inputs["params"]]
                text = urlencode(pairs, encoding=keys["charset"], errors="replace")
            key = keys["alipay_public_key"]["pem"] if keys["sign_type"] != "MD5" else None
            yield {"name": test["id"], "text": text} | ({"public_key": key} if key else {})


def messages():
    """Return 300 messages: name, text (one character a byte), and the public key to look with, if any."""
    spoilt = [*_spread([*_spoilt_md5()], 140), *_spread([*_spoilt_rsa()], 64)]
    made = []
    for (base, params, sign_type, what, sign), form in zip(spoilt, cycle(FORMS), strict=False):
        pairs = [*params.items(), ("sign_type", sign_type), ("sign", sign)]
        text = FORMS[form](pairs).encode("utf-8").decode("latin-1")
        message = {"name": f"{base}/{sign_type}/{what}/{form}", "text": text}
        if sign_type != "MD5":
            pem = _keys(sign_type)["merchant_private_key"]["pkcs8_pem"]
            message["public_key"] = (
                serialization.load_pem_private_key(pem.encode(), None)
                .public_key()
                .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
                .decode()
            )
        made.append(message)
    unusable = [{"name": f"unusable/{name}", "text": text} for name, text in UNUSABLE.items()]
    return [*made, *_from_vectors(), *unusable]


def key_texts():
    """Return 40 key texts by the id of their vector."""
    tests = [
        test
        for group in _groups("keys")
        for test in group["tests"]
        if isinstance(test["inputs"].get("key"), str)
    ]
    return {test["id"]: test["inputs"]["key"] for test in _spread(tests, 40)}
