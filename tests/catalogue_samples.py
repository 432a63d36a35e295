"""Messages without a fault, for tests to spoil."""

import json

COMMON = {
    "partner": "2088021966388155",
    "_input_charset": "UTF-8",
    "sign_type": "MD5",
    "sign": "bbd13b52823b576291595f472ebcfbc2",
}
BIZ_DATA = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "merchant_1",
    "secondary_merchant_name": "中文 Store",
    "store_id": "A-101",
    "store_name": "Counter 1",
    "trans_currency": "USD",
    "currency": "USD",
}
TAXI = {
    **{name: value for name, value in BIZ_DATA.items() if not name.startswith("store")},
    "secondary_merchant_industry": "4121",
    "taxi_operation_id": "1",
    "taxi_number": "2",
    "taxi_driver_name": "3",
    "taxi_driver_mobile": "4",
}
CREATE = COMMON | {
    "service": "alipay.commerce.qrcode.create",
    "timestamp": "2026-11-23 10:00:00",
    "notify_url": "https://example.com/notify",
    "biz_type": "OVERSEASHOPQRCODE",
    "biz_data": json.dumps(BIZ_DATA),
}
CANCEL = COMMON | {
    "service": "alipay.acquire.cancel",
    "timestamp": "1456507704121",
    "out_trade_no": "4363476566647440",
}
REFUND = COMMON | {
    "service": "alipay.acquire.overseas.spot.refund",
    "notify_url": "https://example.com/notify",
    "partner_trans_id": "2010121000000002",
    "partner_refund_id": "301012133000002",
    "refund_amount": "0.10",
    "currency": "USD",
}
REFUND_HK = REFUND | {"currency": "HKD", "refund_reson": "broken"}
QUERY = COMMON | {"service": "alipay.acquire.overseas.query", "partner_trans_id": "2010121000000002"}
MODIFY = CREATE | {"service": "alipay.commerce.qrcode.modify", "qrcode": "https://qr.alipay.com/x"}
MODIFY_STATUS = {
    **{name: value for name, value in MODIFY.items() if name != "biz_data"},
    "service": "alipay.commerce.qrcode.modifyStatus",
    "status": "STOP",
}
NOTIFY_VERIFY = {"service": "notify_verify", "partner": COMMON["partner"], "notify_id": "abc"}
NOTIFICATION = {
    "notify_time": "2026-11-23 10:00:05",
    "notify_type": "trade_status_sync",
    "notify_id": "abc",
    "sign_type": "MD5",
    "sign": COMMON["sign"],
    "out_trade_no": "4363476566647440",
    "trade_no": "2013112611001004680073956707",
    "trade_status": "TRADE_SUCCESS",
    "gmt_payment": "2026-11-23 10:00:01",
    "total_fee": "0.10",
    "trans_currency": "USD",
    "discount": "-0.05",
}

REQUESTS = {
    "create": (CREATE, "global"),
    "create-hk": (CREATE, "hk"),
    "create-taxi": (CREATE | {"biz_data": json.dumps(TAXI)}, "global"),
    "cancel": (CANCEL, "global"),
    "cancel-long-timestamp": (CANCEL | {"timestamp": "2026-11-23 10:00:00"}, "global"),
    "cancel-with-everything": (
        CANCEL | {"trade_no": "2013112611001004", "terminal_timestamp": "1456507704102"},
        "hk",
    ),
    "refund": (REFUND, "global"),
    "refund-sync-without-url": (
        {name: value for name, value in REFUND.items() if name != "notify_url"} | {"is_sync": "Y"},
        "global",
    ),
    "refund-without-charset": (
        {name: value for name, value in REFUND.items() if name != "_input_charset"},
        "global",
    ),
    "refund-yen": (REFUND | {"currency": "JPY", "refund_amount": "100"}, "global"),
    "refund-hk": (REFUND_HK, "hk"),
    "refund-hk-without-url": (
        {name: value for name, value in REFUND_HK.items() if name != "notify_url"},
        "hk",
    ),
    "query": (QUERY, "global"),
    "query-by-alipays-number": (
        {name: value for name, value in QUERY.items() if name != "partner_trans_id"}
        | {"alipay_trans_id": "1"},
        "global",
    ),
    "modify": (MODIFY, "global"),
    "modify-hk": (MODIFY, "hk"),
    "modify-status": (MODIFY_STATUS, "global"),
    "notify-verify": (NOTIFY_VERIFY, "global"),
    "empty-optional": (REFUND | {"refund_reason": "", "alipay_trans_id": ""}, "global"),
    "lower-case-charset": (CREATE | {"_input_charset": "gbk"}, "global"),
}
