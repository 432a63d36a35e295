"""The golden transcript: one request and one answer for every operation, as lines.

    golden()    the exchanges as they stand in ``schema/transcript-v1.jsonl``: request, answer, request, ...
    recorded()  the same, made: every sign in it is computed here

Authors of adapters read the file; `lint` replays its requests. The exchanges are of a subject that has every
operation and a clock. The keys are those of the public test account. To write the file anew:
``python -m alipay_qr_conformance.subjects.transcript > transcript-v1.jsonl``.
"""

import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from alipay_qr_conformance.subjects.hello import PROTOCOL
from alipay_qr_conformance.subjects.operations import OPERATIONS

FILE: Final = "schema/transcript-v1.jsonl"
UNKNOWN_OPERATION: Final = "teleport"
UNSPOKEN_PROTOCOL: Final = "999"

_NOW: Final = "2026-03-09T10:00:00.250+08:00"
_TRADE: Final = "T-0001"
_GATEWAY: Final = "http://127.0.0.1:8080/gateway.do"
_NOTIFY_URL: Final = "https://merchant.example/alipay/notify"


class Exchange(NamedTuple):
    """A request and its answer, as they are on the wire."""

    request: dict[str, Any]
    answer: dict[str, Any]

    @property
    def op(self) -> str:
        """The operation."""
        return str(self.request["op"])


@cache
def golden() -> tuple[Exchange, ...]:
    """Return the published exchanges."""
    lines = (files("alipay_qr_conformance.subjects") / FILE).read_text("ascii").splitlines()
    messages = [json.loads(line) for line in lines]
    return tuple(Exchange(*pair) for pair in zip(messages[::2], messages[1::2], strict=True))


def request_of(op: str) -> dict[str, Any]:
    """Return the arguments of the first published request of an operation."""
    return next(dict(each.request["args"]) for each in golden() if each.op == op)


def recorded() -> Iterator[Exchange]:
    """Yield the exchanges, ids in order."""
    for number, (op, args, answer) in enumerate(_conversation(), 1):
        request: dict[str, Any] = {"id": number, "op": op, "args": args}
        if op not in {"hello", "configure", "reset"}:
            request["now"] = _NOW
        yield Exchange(request, {"id": number, **answer})


def _conversation() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    yield "hello", {"protocol": PROTOCOL, "kit": "alipay-qr-conformance"}, {"result": _hello()}
    yield (
        "hello",
        {"protocol": UNSPOKEN_PROTOCOL, "kit": "alipay-qr-conformance"},
        {"unsupported": {"reason": f"this adapter speaks protocol {PROTOCOL}"}},
    )
    yield "configure", _settings(), {"result": {}}
    yield "reset", {}, {"result": {}}
    yield from _level_1()
    yield (
        "create_qr_code",
        {"biz_data": _BIZ_DATA, "notify_url": _NOTIFY_URL, "gateway_url": _GATEWAY},
        {
            "result": {
                "outcome": "success",
                "qrcode": "https://qr.alipay.com/bax0000000000000000",
                "qrcode_img_url": "https://mobilecodec.alipay.com/show.htm?code=bax0000000000000000",
            }
        },
    )
    yield from _one_trade()
    yield UNKNOWN_OPERATION, {}, {"unsupported": {"reason": f"there is no operation {UNKNOWN_OPERATION}"}}


def _level_1() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    from alipay_qr.account import test_account
    from alipay_qr.presign import presign, presign_text

    params: list[list[str]] = [
        ["service", "alipay.acquire.overseas.spot.refund"],
        ["partner", test_account().partner],
        ["_input_charset", "UTF-8"],
        ["partner_trans_id", _TRADE],
        ["partner_refund_id", "R-0001"],
        ["refund_amount", "0.10"],
        ["currency", "USD"],
        ["refund_reason", "caf\u00e9 & \u9000\u6b3e"],
    ]
    pairs = [(name, value) for name, value in params]
    yield "presign", {"params": params, "charset": "UTF-8"}, {"result": {"text": presign_text(pairs)}}
    yield (
        "sign",
        {"params": params, "charset": "UTF-8", "sign_type": "MD5"},
        {"result": {"sign": test_account().signer.sign(presign(pairs))}},
    )
    notification = [[name, value] for name, value in _notification()]
    yield (
        "verify",
        {"params": notification, "charset": "UTF-8", "source": "notification"},
        {"result": {"valid": True}},
    )


def _one_trade() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    from alipay_qr.wire import encode_notification

    yield (
        "expect",
        {"out_trade_no": _TRADE, "total_fee": "10.00", "currency": "USD"},
        {"result": {}},
    )
    body = encode_notification(_notification(), "UTF-8")
    yield (
        "notify",
        {
            "body_base64": b64encode(body).decode("ascii"),
            "content_type": "application/x-www-form-urlencoded; charset=UTF-8",
            "method": "POST",
        },
        {"result": {"reply": "success", "status": "200"}},
    )
    yield (
        "refund",
        {
            "partner_trans_id": _TRADE,
            "partner_refund_id": "R-0001",
            "refund_amount": "0.10",
            "currency": "USD",
            "refund_reason": "too sweet",
            "is_sync": "N",
            "gateway_url": _GATEWAY,
        },
        {"result": {"outcome": "accepted"}},
    )
    yield (
        "trade",
        {"out_trade_no": _TRADE},
        {
            "result": {
                "state": "paid",
                "paid": "10.00",
                "currency": "USD",
                "refunded": "0.00",
                "pending": "0.10",
                "fulfilled": "1",
            }
        },
    )
    yield (
        "cancel",
        {"out_trade_no": "T-0002", "gateway_url": _GATEWAY},
        {"result": {"outcome": "success", "action": "close", "via": "cancel"}},
    )


def _hello() -> dict[str, Any]:
    return {
        "protocol": PROTOCOL,
        "name": "golden",
        "version": "1.0",
        "language": "any",
        "operations": [name for name in OPERATIONS if name != "hello"],
        "sign_types": ["MD5", "RSA", "RSA2"],
        "charsets": ["UTF-8"],
        "clock": True,
        "parallel": False,
        "features": [],
        "limits": {"verify": {"sources": ["notification"]}},
        "slowest_answer": "90",
        "homepage": "https://merchant.example/",
        "kind": "shop",
    }


def _settings() -> dict[str, Any]:
    from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_MD5_KEY, TEST_PARTNER, TEST_PRIVATE_KEY_PHP
    from alipay_qr.keys import load_private_key, load_public_key, private_key_forms, public_key_forms

    pem, base64 = public_key_forms(load_public_key(TEST_ALIPAY_PUBLIC_KEY))
    return {
        "partner": TEST_PARTNER,
        "sign_type": "MD5",
        "charset": "UTF-8",
        "md5_key": TEST_MD5_KEY,
        "merchant_private_key": private_key_forms(load_private_key(TEST_PRIVATE_KEY_PHP))._asdict(),
        "alipay_public_key": {"pem": pem, "base64": base64},
        "gateway_url": _GATEWAY,
        "notify_url": _NOTIFY_URL,
        "gateway_timeout": "1",
    }


def _notification() -> list[tuple[str, str]]:
    from alipay_qr.account import TEST_PARTNER, test_account
    from alipay_qr.presign import presign

    params = [
        ("notify_id", "0d2f7cf3ed1f5c1d4e7d9c0e5c1f2a3b4c"),
        ("notify_type", "trade_status_sync"),
        ("notify_time", "2026-03-09 10:00:00"),
        ("notify_action_type", "payByAccountAction"),
        ("out_trade_no", _TRADE),
        ("trade_no", "2026030922001400000000000001"),
        ("trade_status", "TRADE_SUCCESS"),
        ("total_fee", "10.00"),
        ("trans_currency", "USD"),
        ("gmt_payment", "2026-03-09 09:59:58"),
        ("seller_id", TEST_PARTNER),
    ]
    return [*params, ("sign", test_account().signer.sign(presign(params))), ("sign_type", "MD5")]


_BIZ_DATA: Final = {
    "secondary_merchant_industry": "5812",
    "secondary_merchant_id": "M_0001",
    "secondary_merchant_name": "Caf\u00e9 Eins",
    "store_id": "S-0001",
    "store_name": "Harbour",
    "trans_currency": "USD",
    "currency": "USD",
    "country_code": "US",
    "address": "1 Harbour Road",
}


if __name__ == "__main__":
    for exchange in recorded():
        for message in exchange:
            sys.stdout.write(json.dumps(message, ensure_ascii=True, separators=(",", ":")) + "\n")
