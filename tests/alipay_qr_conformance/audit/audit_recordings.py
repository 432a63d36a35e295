"""Recordings made by hand for the auditor's tests: signed messages, and the records that hold them."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote_plus

PARTNER = "2088021966388155"
KEY = "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6"
BEIJING = timezone(timedelta(hours=8))
NOON = datetime(2026, 11, 10, 4, 0, tzinfo=UTC)  # 12:00 in Beijing
GATEWAY = "https://mapi.alipaydev.com/gateway.do"
NOTIFY = "https://shop.example/notify"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
DONE = (
    '<?xml version="1.0" encoding="UTF-8"?><alipay><is_success>T</is_success><response><alipay>'
    "<result_code>SUCCESS</result_code></alipay></response><sign>x</sign><sign_type>MD5</sign_type></alipay>"
)
FAILED = DONE.replace("SUCCESS", "FAILED").replace(
    "</result_code>", "</result_code><detail_error_code>RETURN_AMOUNT_EXCEED</detail_error_code>"
)
UNKNOWN = "<alipay><is_success>F</is_success><error>SYSTEM_ERROR</error></alipay>"


def digest(params, key=KEY):
    """The MD5 sign of parameters, by the protocol's rules."""
    text = "&".join(f"{name}={value}" for name, value in sorted(params.items()) if value)
    return hashlib.md5((text + key).encode()).hexdigest()


def signed(params, key=KEY):
    return {**params, "sign_type": "MD5", "sign": digest(params, key)}


def form(params):
    return "&".join(f"{name}={quote_plus(value)}" for name, value in params.items())


def beijing(moment):
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def news(trade="T1", total="30.00", at=NOON, **changes):
    """The parameters of a genuine notification of a payment."""
    fields = {
        "notify_time": beijing(at),
        "notify_type": "trade_status_sync",
        "notify_id": f"n-{trade}-{total}",
        "notify_action_type": "payByAccountAction",
        "out_trade_no": trade,
        "trade_no": f"2026111022001{trade:0>12}",
        "trade_status": "TRADE_SUCCESS",
        "subject": "测试 goods",
        "gmt_create": beijing(at),
        "gmt_payment": beijing(at),
        "seller_id": PARTNER,
        "buyer_email": "bu***@example.com",
        "total_fee": total,
        "trans_currency": "USD",
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


def refund(trade="T1", refund_id="R1", amount="10.00", **changes):
    """The parameters of a REFUND."""
    fields = {
        "service": "alipay.acquire.overseas.spot.refund",
        "partner": PARTNER,
        "_input_charset": "UTF-8",
        "notify_url": NOTIFY,
        "partner_trans_id": trade,
        "partner_refund_id": refund_id,
        "refund_amount": amount,
        "currency": "USD",
        "refund_reason": "too 大",
        "is_sync": "Y",
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


def cancel(trade="T1", at=NOON, **changes):
    """The parameters of a CANCEL."""
    fields = {
        "service": "alipay.acquire.cancel",
        "partner": PARTNER,
        "_input_charset": "UTF-8",
        "timestamp": beijing(at),
        "out_trade_no": trade,
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


def create(at=NOON, **changes):
    """The parameters of a CREATE."""
    biz_data = {
        "secondary_merchant_industry": "5311",
        "secondary_merchant_id": "shop_1",
        "secondary_merchant_name": "Shop",
        "store_id": "A-1",
        "store_name": "Shop 1",
        "trans_currency": "USD",
        "currency": "USD",
    }
    return {
        "service": "alipay.commerce.qrcode.create",
        "partner": PARTNER,
        "_input_charset": "UTF-8",
        "timestamp": beijing(at),
        "notify_url": NOTIFY,
        "biz_type": "OVERSEASHOPQRCODE",
        "biz_data": json.dumps(biz_data),
    } | changes


def moment(at):
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def told(params, reply="success", at=NOON, **more):
    """The record of a notification."""
    record = {
        "time": moment(at),
        "kind": "notification",
        "method": "POST",
        "url": NOTIFY,
        "contentType": FORM,
        "body": form(params),
        "status": 200,
        "reply": reply,
    } | more
    return {name: value for name, value in record.items() if value is not None}


def asked(params, reply=DONE, at=NOON, **more):
    """The record of a request."""
    record = {
        "time": moment(at),
        "kind": "request",
        "method": "GET",
        "url": f"{GATEWAY}?{form(params)}",
        "status": 200,
        "reply": reply,
    } | more
    return {name: value for name, value in record.items() if value is not None}


def lines(records):
    return "".join(json.dumps(record) + "\n" for record in records)
