"""The engine answers as the protocol says, whatever the order of requests."""

import json
from datetime import datetime, timedelta

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER, TEST_PRIVATE_KEY_PHP
from alipay_qr.beijing import BEIJING, format_milliseconds, format_timestamp
from alipay_qr.catalogue import notification_problems, problems
from alipay_qr.errors import AmountError, ParameterError, RuleError, SignTypeError
from alipay_qr.gateway import Engine
from alipay_qr.keys import load_private_key
from alipay_qr.ledger import GRACE_TERMS, State
from alipay_qr.signing import Md5, RsaSigner, RsaVerifier, sign_params, verify_params
from alipay_qr.wire import (
    Request,
    get_url,
    post_parts,
    read_notification,
    read_response,
    response_presign_params,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=BEIJING)
DAY = timedelta(days=1)
MERCHANT = load_private_key(TEST_PRIVATE_KEY_PHP)
BIZ_DATA = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "M1",
    "secondary_merchant_name": "Corner shop",
    "store_id": "S1",
    "store_name": "街角小店",
    "trans_currency": "USD",
    "currency": "USD",
}
NAMES = {
    "create": "alipay.commerce.qrcode.create",
    "modify": "alipay.commerce.qrcode.modify",
    "modify_status": "alipay.commerce.qrcode.modifyStatus",
    "cancel": "alipay.acquire.cancel",
    "refund": "alipay.acquire.overseas.spot.refund",
    "query": "alipay.acquire.overseas.query",
}


class Shop:
    """A merchant that writes flawless requests, unless a test spoils one."""

    def __init__(self, sign_type="MD5", charset="UTF-8", **settings):
        md5 = sign_type == "MD5"
        self.sign_type, self.charset, self.now = sign_type, charset, NOW
        self.signer = Md5(TEST_MD5_KEY) if md5 else RsaSigner(MERCHANT, sign_type)
        # One RSA pair serves both directions here: who holds which half is no concern of the engine.
        self.verifier = self.signer if md5 else RsaVerifier(MERCHANT.public_key(), sign_type)
        self.engine = Engine(
            partner=TEST_PARTNER,
            md5_key=TEST_MD5_KEY if md5 else None,
            merchant_public_key=None if md5 else MERCHANT.public_key(),
            alipay_private_key=None if md5 else MERCHANT,
            **settings,
        )

    def params(self, op, **changes):
        own = {
            "create": {
                "timestamp": format_timestamp(self.now),
                "notify_url": "https://shop.example/notify",
                "biz_type": "OVERSEASHOPQRCODE",
                "biz_data": BIZ_DATA,
            },
            "cancel": {"timestamp": format_milliseconds(self.now)},
        }
        own["modify"] = own["modify_status"] = own["create"]
        params = {
            "service": NAMES[op],
            "partner": TEST_PARTNER,
            "_input_charset": self.charset,
            **own.get(op, {}),
            **changes,
        }
        if op == "modify_status":
            del params["biz_data"]
        if isinstance(params.get("biz_data"), dict):
            params["biz_data"] = json.dumps(params["biz_data"], ensure_ascii=False)
        return {name: value for name, value in params.items() if value is not None}

    def sign(self, params):
        signed = {**params, "sign_type": self.sign_type}
        return {**signed, "sign": sign_params(signed, self.signer, self.charset)}

    def send(self, params, method="GET"):
        if method == "GET":
            query = get_url("http://gateway/gateway.do", params, self.charset).partition("?")[2]
            return self.engine.handle(Request("GET", query.encode()), self.now)
        url, body, content_type = post_parts("http://gateway/gateway.do", params, self.charset)
        query = url.partition("?")[2].encode()
        return self.engine.handle(Request("POST", query, body, content_type), self.now)

    def ask(self, op, method="GET", **changes):
        """Send a signed request; return the fields of the answer, its signature checked, or its error."""
        answer = self.send(self.sign(self.params(op, **changes)), method)
        assert answer.status == 200
        response = read_response(answer.body)
        if not response.is_success:
            assert response.sign is None
            return response.error
        signed = {**response_presign_params(response), "sign": response.sign, "sign_type": response.sign_type}
        assert verify_params(signed, self.verifier, response.charset)
        assert response.charset == self.charset
        return dict(response.fields)

    def paid(self, total="100.00", currency="USD", number="T1"):
        return self.engine.pay(None, total, currency, self.now, out_trade_no=number)

    def refund(self, amount="40.00", number="R1", **changes):
        wish = {"partner_trans_id": "T1", "refund_amount": amount, "partner_refund_id": number}
        return self.ask("refund", **{**wish, "currency": "USD", "is_sync": "Y", **changes})

    def notified(self, number="T1", sign_type=None, charset="UTF-8", **overrides):
        body, content_type = self.engine.notification(
            number, self.now, sign_type=sign_type, charset=charset, overrides=overrides
        )
        return read_notification(body, content_type, charset)


ACCOUNTS = [
    pytest.param(sign_type, charset, id=f"{sign_type}-{charset}")
    for sign_type in ("MD5", "RSA", "RSA2")
    for charset in ("UTF-8", "GBK", "GB2312")
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("sign_type", "charset"), ACCOUNTS)
def test_create_pay_notify_refund_in_every_account(sign_type, charset, method):
    shop = Shop(sign_type, charset)
    made = shop.ask("create", method)
    assert made["result_code"] == "SUCCESS"
    number = shop.engine.pay(made["qrcode"], "100.00", "USD", NOW)
    notice = dict(shop.notified(number, sign_type, charset))
    assert verify_params(notice, shop.verifier, charset)
    assert (notice["subject"], notice["total_fee"]) == ("街角小店", "100.00")
    refunded = shop.refund(partner_trans_id=number, refund_reason="尺码不对")
    assert refunded["result_code"] == "SUCCESS"
    assert shop.engine.trade(number).state is State.PARTLY_REFUNDED
    assert all(record.verified and not record.problems for record in shop.engine.records)
    assert not any(record.reading.irregularities for record in shop.engine.records)


def test_the_requests_of_these_tests_are_flawless():
    shop = Shop()
    for op, more in (
        ("create", {}),
        ("cancel", {"out_trade_no": "T1"}),
        ("query", {"partner_trans_id": "T1"}),
    ):
        assert problems(shop.sign(shop.params(op, **more))) == []
