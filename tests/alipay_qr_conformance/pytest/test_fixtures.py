from datetime import UTC, datetime

import pytest

from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.pytest.fixtures import GatewayFixture

SHOP = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "shop_001",
    "secondary_merchant_name": "Lotte",
    "store_id": "A-1",
    "store_name": "北京 1",
    "trans_currency": "USD",
    "currency": "USD",
}


@pytest.mark.parametrize("sign_type", ["MD5", "RSA", "RSA2"])
@pytest.mark.parametrize("charset", ["UTF-8", "GBK"])
def test_the_whole_way_of_a_trade(sign_type, charset):
    with GatewayFixture(sign_type, charset) as gateway:
        merchant = gateway.merchant()
        outcome = merchant.create_qr_code(SHOP)
        assert outcome.outcome == "success"
        trade = gateway.pay(outcome.qrcode, "10.00", "USD", out_trade_no="T1")
        assert trade == "T1"
        assert merchant.receive_notification(*gateway.notification(trade)) == "success"
        assert gateway.findings == []
        assert gateway.requests[0].verified


def test_time_faults_and_forgetting():
    with GatewayFixture() as gateway:
        merchant = gateway.merchant()
        gateway.now = datetime(2026, 3, 9, 2, tzinfo=UTC)
        gateway.inject(faults.gateway_error("ILLEGAL_SIGN"))
        assert merchant.create_qr_code(SHOP).code == "ILLEGAL_SIGN"
        assert gateway.requests[0].at == gateway.now
        assert gateway.findings == []
        gateway.reset()
        assert (gateway.now, gateway.requests) == (None, [])
        assert merchant.create_qr_code(SHOP).outcome == "success"


def test_a_notification_can_be_bent():
    with GatewayFixture() as gateway:
        merchant = gateway.merchant()
        gateway.pay(None, "10.00", "USD", out_trade_no="T1")
        body, kind = gateway.notification("T1", {"subject": "x"})
        assert b"subject=x" in body
        assert merchant.receive_notification(body, kind) == "success"
        assert merchant.receive_notification(body.replace(b"subject=x", b"subject=y"), kind) != "success"
