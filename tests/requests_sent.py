"""Requests that keep every rule, signed and as they are judged, for tests to spoil."""

import json
from datetime import UTC, datetime

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.beijing import format_timestamp
from alipay_qr.presign import CHARSETS, presign
from alipay_qr.signing import Md5
from alipay_qr.wire import Request, encode_form, read_request
from alipay_qr_conformance.rules.request import Sent

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
BIZ_DATA = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "shop_001",
    "secondary_merchant_name": "Lotte",
    "store_id": "A-1",
    "store_name": "Lotte 1",
    "trans_currency": "USD",
    "currency": "USD",
}
CREATE = {
    "service": "alipay.commerce.qrcode.create",
    "partner": TEST_PARTNER,
    "_input_charset": "UTF-8",
    "timestamp": format_timestamp(NOW),
    "notify_url": "https://merchant.example/n",
    "biz_type": "OVERSEASHOPQRCODE",
    "biz_data": json.dumps(BIZ_DATA),
}
REFUND = {
    "service": "alipay.acquire.overseas.spot.refund",
    "partner": TEST_PARTNER,
    "_input_charset": "UTF-8",
    "notify_url": "https://merchant.example/n",
    "partner_trans_id": "T1",
    "partner_refund_id": "R1",
    "refund_amount": "0.10",
    "currency": "USD",
    "is_sync": "Y",
}
MD5 = Md5(TEST_MD5_KEY)


def signed(params):
    """Return the parameters with their sign; those that have one keep it."""
    bare = {name: value for name, value in params.items() if name not in ("sign", "sign_type")}
    declared = bare.get("_input_charset", "UTF-8")
    charset = declared if declared.upper() in CHARSETS else "UTF-8"
    return {**bare, "sign_type": "MD5", "sign": MD5.sign(presign(bare, charset))} | {
        name: value for name, value in params.items() if name in ("sign", "sign_type")
    }


def sent(params, *, wanted=None, request=None, **more):
    """Return parameters as a GET, or a request in their place, with what is needed to judge it."""
    if request is None:
        request = Request("GET", encode_form(signed(params), "UTF-8").encode())
    facts = {"partner": TEST_PARTNER, "sign_type": "MD5", "charset": "UTF-8", "now": NOW, "verifier": MD5}
    return Sent(request=request, reading=read_request(request), wanted=wanted, **(facts | more))
