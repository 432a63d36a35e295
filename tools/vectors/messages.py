"""The messages that nearly every vector is one edit away from: real ones, with the published test account.

Each function takes edits: ``refund(currency="HKD")`` changes a value, ``refund(refund_reason="wrong size")``
adds a parameter at the end, `without` takes one away. The order is that of a program, not the sorted one.
"""

from typing import Final

from alipay_qr.account import TEST_PARTNER
from tools.vectors.steps import Pairs

BIZ_DATA: Final = (
    '{"secondary_merchant_industry":"5812","secondary_merchant_id":"shop_001",'
    '"secondary_merchant_name":"Noodle Bar","store_id":"S-01","store_name":"Noodle Bar Central",'
    '"trans_currency":"USD","currency":"USD"}'
)


def refund(**edits: str | None) -> Pairs:
    """REFUND of 0.10 USD of a trade."""
    return _edited(
        {
            "service": "alipay.acquire.overseas.spot.refund",
            "partner": TEST_PARTNER,
            "_input_charset": "UTF-8",
            "partner_trans_id": "2026112300001",
            "partner_refund_id": "R2026112300001",
            "refund_amount": "0.10",
            "currency": "USD",
        },
        edits,
    )


def cancel(**edits: str | None) -> Pairs:
    """CANCEL of a trade."""
    return _edited(
        {
            "service": "alipay.acquire.cancel",
            "partner": TEST_PARTNER,
            "_input_charset": "UTF-8",
            "timestamp": "1795370400250",
            "out_trade_no": "2026112300001",
        },
        edits,
    )


def create(**edits: str | None) -> Pairs:
    """CREATE of a code for a counter."""
    return _edited(
        {
            "service": "alipay.commerce.qrcode.create",
            "partner": TEST_PARTNER,
            "_input_charset": "UTF-8",
            "timestamp": "2026-11-23 10:00:00",
            "notify_url": "https://shop.example/alipay/notify",
            "biz_type": "OVERSEASHOPQRCODE",
            "biz_data": BIZ_DATA,
        },
        edits,
    )


def notification(**edits: str | None) -> Pairs:
    """Alipay tells that a trade of 12.80 USD was paid; ``sign`` and ``sign_type`` come later."""
    return _edited(
        {
            "notify_time": "2026-11-23 10:00:05",
            "notify_type": "trade_status_sync",
            "notify_id": "6fce8ab0f3e34b0d9c7d1a5a5c7e2b11",
            "notify_action_type": "payByAccountAction",
            "out_trade_no": "2026112300001",
            "trade_no": "2026112321001004550200012345",
            "trade_status": "TRADE_SUCCESS",
            "subject": "Noodle soup",
            "total_fee": "12.80",
            "trans_currency": "USD",
            "gmt_create": "2026-11-23 09:59:58",
            "gmt_payment": "2026-11-23 10:00:03",
            "seller_id": TEST_PARTNER,
            "buyer_id": "2088102176998871",
        },
        edits,
    )


def named(**parameters: str | None) -> Pairs:
    """A message of nothing but these parameters, in this order."""
    return tuple(parameters.items())


def with_names(message: Pairs, *pairs: tuple[str, str | None]) -> Pairs:
    """The message with more parameters, whose names need not be Python's."""
    return (*message, *pairs)


def without(message: Pairs, *names: str) -> Pairs:
    """The message without the parameters of these names."""
    return tuple(pair for pair in message if pair[0] not in names)


def _edited(message: dict[str, str | None], edits: dict[str, str | None]) -> Pairs:
    return tuple({**message, **edits}.items())
