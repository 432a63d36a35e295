"""Signs that a loose comparison takes for right: a list, and another number of the same value."""

from typing import Final

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr_conformance.checks.attacks.belief import careful, disbelieved, is_believed, made_cheap
from alipay_qr_conformance.model.outcomes import Blocked, Unsupported
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.rules.forgeries import Pairs, without
from alipay_qr_conformance.testbed.notifications import fields_of, paid, send
from alipay_qr_conformance.testbed.testbed import Testbed

ZERO: Final[Pairs] = [
    ("notify_id", "0e2097431906"),
    ("notify_time", "2026-03-09 10:00:00"),
    ("notify_type", "trade_status_sync"),
    ("notify_action_type", "payByAccountAction"),
    ("out_trade_no", "T20970009"),
    ("trade_no", "2026030983624811992560000001"),
    ("trade_status", "TRADE_SUCCESS"),
    ("subject", "tea" + "!" * 41),
    ("gmt_create", "2026-03-09 10:00:00"),
    ("seller_id", TEST_PARTNER),
    ("buyer_id", "2088102000000001"),
    ("price", "12.50"),
    ("quantity", "1"),
    ("total_fee", "12.50"),
    ("discount", "0.00"),
    ("is_total_fee_adjust", "N"),
    ("use_coupon", "N"),
    ("payment_type", "1"),
    ("trans_currency", "USD"),
    ("gmt_payment", "2026-03-09 10:00:00"),
    ("x_counter", "1069694543"),
]
"""A payment that never was; with the published MD5 key its digest is 0e and thirty digits (searched for)."""


def sign_as_a_list(bed: Testbed) -> None:
    """PHP reads ``sign[]`` as a list, and strcmp of a list was null, which is equal to zero."""
    careful(bed)
    with bed.gateway() as session:
        trade, forged, kind = made_cheap(bed, session)
        bare = without(forged, "sign")
        if is_believed(bed, trade, send(bed, bare, kind)):
            raise Blocked("see.requirement", requirement="notify.reject.no-sign")
        fields = [*bare, ("sign[]", dict(forged)["sign"])]
        disbelieved(bed, trade, fields, send(bed, fields, kind), "sign[]")


def equal_as_numbers(bed: Testbed) -> None:
    """The right sign is 0e and thirty digits; so is the wrong one, and both are the number 0."""
    if bed.keys.md5_key != TEST_MD5_KEY:
        raise Unsupported(message("needs.published-key"))
    careful(bed)
    with bed.gateway() as session:
        fields = [*ZERO, ("sign_type", "MD5"), ("sign", "0e462097431906509019562988736854")]
        _, kind = fields_of(bed, session, paid(bed, session))
        disbelieved(bed, dict(ZERO)["out_trade_no"], fields, send(bed, fields, kind), "0e...")
