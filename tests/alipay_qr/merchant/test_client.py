import json

import pytest

from alipay_qr.account import test_account as sandbox
from alipay_qr.errors import AmountError, ParameterError, RuleError, Unencodable
from alipay_qr.merchant import Merchant
from alipay_qr.signing import verify_params
from alipay_qr_conformance.gateway.engine.response import Answer

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
COUNTER = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "M1",
    "secondary_merchant_name": "Caf\u00e9 & \u5317\u4eac",
    "store_id": "S1",
    "store_name": 'Kiosk "1"',
    "trans_currency": "USD",
    "currency": "USD",
}


def state(merchant, number="T1"):
    record = merchant.trade(number)
    return record.state, str(record.refunded), str(record.pending)


# --- what is sent ----------------------------------------------------------------------------------------


def test_create_sends_the_counter_and_returns_the_code(merchant, gateway):
    gateway.says(result_code="SUCCESS", qrcode="https://qr.alipay.com/x", qrcode_img_url="https://i?a=1&b=2")
    outcome = merchant.create_qr_code(COUNTER)
    assert (outcome.outcome, outcome.qrcode) == ("success", "https://qr.alipay.com/x")
    assert outcome.qrcode_img_url == "https://i?a=1&b=2"
    (sent,) = gateway.asked
    assert json.loads(sent["biz_data"]) == COUNTER
    assert sent["timestamp"] == "2026-03-09 12:00:00"
    assert sent["notify_url"] == "https://shop.example/notify"
    assert verify_params(sent, sandbox().verifier)


def test_cancel_sends_milliseconds(merchant, gateway):
    gateway.says(result_code="SUCCESS", action="close")
    assert merchant.cancel("T1", "2026030921001004").action == "close"
    (sent,) = gateway.asked
    assert sent["timestamp"] == "1773028800000"
    assert (sent["out_trade_no"], sent["trade_no"]) == ("T1", "2026030921001004")
    assert verify_params(sent, sandbox().verifier)


def test_refund_sends_what_it_was_given_and_nothing_without_a_value(paid, gateway):
    gateway.says(result_code="SUCCESS")
    paid.refund("T1", "R1", "0.10", "USD", refund_reason="", is_sync="Y")
    (sent,) = gateway.asked
    assert sent["refund_amount"] == "0.10"
    assert sent["is_sync"] == "Y"
    assert "refund_reason" not in sent
    assert "alipay_trans_id" not in sent
    assert verify_params(sent, sandbox().verifier)


@pytest.mark.parametrize("profile", ["global", "hk"])
def test_the_reason_is_spelled_as_the_profile_spells_it(gateway, profile):
    gateway.says(result_code="SUCCESS")
    with Merchant(
        sandbox(), gateway.url, "https://shop.example/n", allow_http=True, profile=profile
    ) as merchant:
        merchant.refund("T1", "R1", "1.00", "HKD", refund_reason="broken")
    assert gateway.asked[0].get("refund_reason" if profile == "global" else "refund_reson") == "broken"


@pytest.mark.parametrize("sign_type", ["RSA", "RSA2"])
def test_rsa_requests_are_signed_with_our_key(gateway, sign_type):
    gateway.stumbles()
    account = sandbox(sign_type)
    with Merchant(account, gateway.url, "https://shop.example/n", allow_http=True) as merchant:
        merchant.cancel("T1")
    assert gateway.asked[0]["sign_type"] == sign_type
    assert len(gateway.asked[0]["sign"]) == 172


def test_there_is_no_other_profile(gateway):
    with pytest.raises(ParameterError):
        Merchant(sandbox(), gateway.url, "https://shop.example/n", profile="mars")


# --- what is never sent ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(COUNTER))
@pytest.mark.parametrize("value", ["", None], ids=["empty", "absent"])
def test_create_needs_every_compulsory_value(merchant, gateway, name, value):
    counter = {key: each for key, each in COUNTER.items() if key != name}
    with pytest.raises(ParameterError, match=name):
        merchant.create_qr_code(counter if value is None else counter | {name: value})
    assert not gateway.requests


def test_a_character_that_the_charset_lacks_is_not_replaced(gateway):
    account = sandbox(charset="GB2312")
    with (
        Merchant(account, gateway.url, "https://shop.example/n", allow_http=True) as merchant,
        pytest.raises(Unencodable),
    ):
        merchant.create_qr_code(COUNTER | {"store_name": "\U0001f35c"})


REFUND = {"partner_trans_id": "T1", "partner_refund_id": "R1", "refund_amount": "1.00", "currency": "USD"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"refund_amount": "0.00"}, ParameterError),
        ({"refund_amount": "1.005"}, ParameterError),
        ({"refund_amount": "-1"}, ParameterError),
        ({"refund_amount": "10.01"}, RuleError),
        ({"currency": "usd"}, ParameterError),
        ({"currency": "HKD"}, RuleError),
        ({"currency": "JPY", "refund_amount": "100.00"}, (ParameterError, AmountError)),
        ({"partner_refund_id": "T1"}, ParameterError),
        ({"partner_refund_id": ""}, ParameterError),
        ({"is_sync": "X"}, ParameterError),
        ({"refund_reason": "r" * 129}, ParameterError),
        ({"notify_url": "https://shop.example/" + "n" * 200}, ParameterError),
    ],
    ids=str,
)
def test_a_refund_that_breaks_a_rule_is_not_sent_and_not_noted(paid, gateway, changes, error):
    with pytest.raises(error):
        paid.refund(**REFUND | changes)
    assert not gateway.requests
    assert state(paid) == ("paid", "0", "0")


@pytest.mark.parametrize("number", ["", "T" * 65])
def test_a_cancel_needs_a_number(merchant, gateway, number):
    with pytest.raises(ParameterError, match="out_trade_no"):
        merchant.cancel(number)
    assert not gateway.requests


# --- REFUND ----------------------------------------------------------------------------------------------


def test_refunds_may_be_many_and_their_sum_is_the_payment(paid, gateway):
    for number, amount in enumerate(["3.33", "3.33", "3.34"]):
        gateway.says(result_code="SUCCESS")
        outcome = paid.refund("T1", f"R{number}", amount, "USD", is_sync="Y")
        assert outcome.outcome == "success"
    assert state(paid) == ("refunded", "10.00", "0")
    with pytest.raises(RuleError) as raised:
        paid.refund("T1", "R9", "0.01", "USD")
    assert raised.value.code == "TRADE_HAS_CLOSE"


def test_the_number_of_another_trades_refund_is_not_used_again(paid, gateway):
    gateway.stumbles()
    paid.refund(**REFUND, is_sync="Y")
    with pytest.raises(RuleError, match="refund of trade T1") as raised:
        paid.refund(**REFUND | {"partner_trans_id": "T2"}, is_sync="Y")
    assert raised.value.code == "INVALID_PARAMETER"
    assert len(gateway.requests) == 1
    assert state(paid, "T2") == ("none", "0", "0")


def test_an_accepted_refund_is_pending_and_counts_as_spent(paid, gateway):
    gateway.says(result_code="SUCCESS")
    assert paid.refund("T1", "R1", "6.00", "USD").outcome == "accepted"
    assert state(paid) == ("paid", "0", "6.00")
    with pytest.raises(RuleError) as raised:
        paid.refund("T1", "R2", "4.01", "USD")
    assert raised.value.code == "RETURN_AMOUNT_EXCEED"


@pytest.mark.parametrize("refuse", ["fails", "refuses"])
def test_a_refused_refund_is_taken_back(paid, gateway, refuse):
    getattr(gateway, refuse)("INVALID_PARAMETER")
    outcome = paid.refund("T1", "R1", "6.00", "USD", is_sync="Y")
    assert (outcome.outcome, outcome.code) == ("failed", "INVALID_PARAMETER")
    assert state(paid) == ("paid", "0", "0")


def test_an_unknown_refund_is_pending_and_may_be_repeated_as_it_was(paid, gateway):
    gateway.stumbles()
    assert paid.refund(**REFUND, is_sync="Y").outcome == "unknown"
    assert state(paid) == ("paid", "0", "1.00")
    for changes in ({"refund_amount": "2.00"}, {"currency": "HKD"}, {"is_sync": "N"}, {"is_sync": None}):
        with pytest.raises(RuleError):
            paid.refund(**REFUND | {"is_sync": "Y"} | changes)
    gateway.says(result_code="SUCCESS")
    assert paid.refund(**REFUND, is_sync="Y").outcome == "success"
    assert state(paid) == ("partly_refunded", "1.00", "0")
    gateway.says(result_code="SUCCESS")
    assert paid.refund(**REFUND, is_sync="Y").outcome == "success"
    assert state(paid) == ("partly_refunded", "1.00", "0")


@pytest.mark.parametrize(
    ("refuse", "code", "pending"),
    [
        ("fails", "REASON_TRADE_BEEN_FREEZEN", "0"),
        ("fails", "TRADE_HAS_CLOSE", "10.00"),
        ("fails", "RETURN_AMOUNT_EXCEED", "10.00"),
        ("refuses", "ILLEGAL_SIGN", "10.00"),
    ],
)
def test_a_repeat_that_fails_takes_back_only_what_it_disproves(paid, gateway, refuse, code, pending):
    gateway.stumbles()
    paid.refund("T1", "R1", "10.00", "USD", is_sync="Y")
    getattr(gateway, refuse)(code)
    assert paid.refund("T1", "R1", "10.00", "USD", is_sync="Y").outcome == "failed"
    assert state(paid) == ("paid", "0", pending)


def test_a_refund_that_is_done_stays_done(paid, gateway):
    gateway.says(result_code="SUCCESS")
    paid.refund(**REFUND, is_sync="Y")
    gateway.fails("TRADE_STATUS_ERROR")
    paid.refund(**REFUND, is_sync="Y")
    assert state(paid) == ("partly_refunded", "1.00", "0")


def test_a_trade_that_another_till_sold_is_refunded_and_its_payment_placed_later(
    merchant, gateway, notification
):
    gateway.says(result_code="SUCCESS")
    assert merchant.refund(**REFUND, is_sync="Y").outcome == "success"
    gateway.stumbles()
    assert merchant.refund(**REFUND | {"partner_refund_id": "R2"}).outcome == "unknown"
    assert state(merchant) == ("none", "1.00", "1.00")
    with pytest.raises(RuleError):
        merchant.refund(**REFUND | {"refund_amount": "2.00"})
    with pytest.raises(RuleError, match="has a refund"):
        merchant.cancel("T1")
    merchant.receive_notification(notification(), FORM)
    assert state(merchant) == ("partly_refunded", "1.00", "1.00")
    assert str(merchant.trade("T1").trade.remaining) == "8.00"
    gateway.fails("TRADE_NOT_EXIST")
    merchant.refund(**REFUND | {"partner_refund_id": "R2"})
    assert state(merchant) == ("partly_refunded", "1.00", "0")


def test_a_payment_that_is_not_proved_cannot_be_refunded(merchant, gateway):
    merchant.expect("T1", "10.00", "USD")
    with pytest.raises(RuleError):
        merchant.refund(**REFUND)
    assert not gateway.requests


# --- CANCEL ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False], ids=["paid", "never-seen"])
def test_a_cancelled_trade_is_over(merchant, gateway, notification, known):
    if known:
        merchant.receive_notification(notification(), FORM)
    gateway.says(result_code="SUCCESS", action="refund")
    outcome = merchant.cancel("T1")
    assert (outcome.outcome, outcome.action) == ("success", "refund")
    assert state(merchant) == ("cancelled", "0", "0")
    with pytest.raises(RuleError) as raised:
        merchant.refund(**REFUND)
    assert raised.value.code == "TRADE_HAS_CLOSE"
    assert merchant.receive_notification(notification(notify_id="n-2"), FORM) == "success"
    assert state(merchant) == ("cancelled", "0", "0")
    assert merchant.trade("T1").fulfilled == (1 if known else 0)
    closed = notification(notify_id="n-3", trade_status="TRADE_CLOSED")
    assert merchant.receive_notification(closed, FORM) == "success"
    assert merchant.trade("T1").state == "cancelled"


def test_after_the_transaction_day_a_cancel_is_not_sent_and_refund_is_advised(paid, gateway, clock):
    clock.next_day()
    with pytest.raises(RuleError, match="REFUND") as raised:
        paid.cancel("T1")
    assert raised.value.code == "TRADE_CANCEL_TIME_OUT"
    assert not gateway.requests
    gateway.says(result_code="SUCCESS")
    assert paid.refund("T1", "R1", "10.00", "USD", is_sync="Y").outcome == "success"


def test_after_its_day_a_trade_never_seen_is_the_gateways_to_judge(merchant, gateway, clock):
    clock.next_day()
    gateway.fails("TRADE_CANCEL_TIME_OUT")
    assert merchant.cancel("T1").outcome == "failed"
    assert merchant.trade("T1").state == "none"


@pytest.mark.parametrize("sync", ["Y", "N"])
def test_after_a_refund_there_is_no_cancel_not_even_after_a_pending_one(paid, gateway, sync):
    gateway.says(result_code="SUCCESS")
    paid.refund(**REFUND, is_sync=sync)
    with pytest.raises(RuleError) as raised:
        paid.cancel("T1")
    assert raised.value.code == "REASON_TRADE_REFUND_FEE_ERR"


@pytest.mark.parametrize("refuse", ["fails", "refuses"])
def test_a_refused_cancel_is_not_booked(paid, gateway, refuse):
    getattr(gateway, refuse)("TRADE_STATUS_ERROR")
    assert paid.cancel("T1").outcome == "failed"
    assert paid.trade("T1").state == "paid"


def test_an_unknown_cancel_is_undecided_until_a_repeat_decides(paid, gateway):
    gateway.stumbles()
    assert paid.cancel("T1").outcome == "unknown"
    assert paid.trade("T1").state == "undecided"
    with pytest.raises(RuleError, match="repeat the CANCEL"):
        paid.refund(**REFUND)
    gateway.refuses("ILLEGAL_SIGN")
    assert paid.cancel("T1").outcome == "failed"
    assert paid.trade("T1").state == "undecided"
    gateway.says(result_code="SUCCESS")
    assert paid.cancel("T1").outcome == "success"
    assert paid.trade("T1").state == "cancelled"


def test_a_signed_failure_of_the_repeat_decides_too(paid, gateway):
    gateway.stumbles()
    paid.cancel("T1")
    gateway.fails("TRADE_STATUS_ERROR")
    paid.cancel("T1")
    assert paid.trade("T1").state == "paid"


def test_news_decides_an_undecided_cancel(paid, gateway, notification):
    gateway.stumbles()
    paid.cancel("T1")
    assert paid.receive_notification(notification(notify_id="n-2"), FORM) == "success"
    assert paid.trade("T1").state == "undecided"
    body = notification(notify_id="n-3", trade_status="TRADE_CLOSED")
    assert paid.receive_notification(body, FORM) == "success"
    assert paid.trade("T1").state == "cancelled"


def test_a_cancel_still_undecided_after_its_day_is_decided_by_a_refund(paid, gateway, clock):
    gateway.stumbles()
    paid.cancel("T1")
    clock.next_day()
    gateway.fails("TRADE_HAS_CLOSE")
    paid.refund(**REFUND, is_sync="Y")
    assert paid.trade("T1").state == "undecided"
    gateway.says(result_code="SUCCESS")
    paid.refund(**REFUND | {"partner_refund_id": "R2"}, is_sync="Y")
    assert state(paid) == ("partly_refunded", "1.00", "0")


def test_no_goods_go_for_a_payment_that_is_being_cancelled(merchant, gateway, notification):
    gateway.stumbles()
    merchant.cancel("T1")
    merchant.receive_notification(notification(), FORM)
    assert (merchant.trade("T1").state, merchant.trade("T1").fulfilled) == ("undecided", 0)


def test_news_that_comes_while_a_refund_is_on_its_way_is_not_lost(paid, gateway, notification):
    news = notification(
        notify_id="r", notify_action_type="refundFPAction", out_biz_no="R1", refund_fee="1.00"
    )

    class Racing(list):
        def pop(self, _):
            assert paid.receive_notification(news, FORM) == "success"
            return Answer(b"", status=500)

    gateway.answers, answers = Racing(), gateway.answers
    assert paid.refund(**REFUND).outcome == "unknown"
    gateway.answers = answers
    assert state(paid) == ("partly_refunded", "1.00", "0")


def test_nothing_secret_is_shown(merchant):
    assert "w0nu2sn0" not in repr(merchant)
    assert "w0nu2sn0" not in repr(vars(merchant))
