from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr.account import test_account as sandbox
from alipay_qr.errors import RuleError, Unverified, WireError
from alipay_qr.merchant import Merchant
from alipay_qr.signing import sign_params

FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def books(merchant, number="T1"):
    record = merchant.trade(number)
    return record.state, str(record.paid), record.fulfilled


@pytest.fixture
def tell(merchant, notification):
    return lambda **fields: merchant.receive_notification(notification(**fields), FORM)


def test_a_payment_is_booked_with_its_day_and_currency(merchant, tell):
    assert tell() == "success"
    record = merchant.trade("T1")
    assert (record.state, str(record.paid), record.currency, record.fulfilled) == ("paid", "10.00", "USD", 1)
    assert str(record.trade.paid_at) == "2026-03-09 11:59:58+08:00"
    assert record.trade.trade_no == "2026030921001004"


@pytest.mark.parametrize(
    ("status", "state", "fulfilled"),
    [
        ("TRADE_SUCCESS", "paid", 1),
        ("TRADE_FINISHED", "paid", 1),
        ("TRADE_PENDING", "waiting", 0),
        ("WAIT_BUYER_PAY", "waiting", 0),
        ("TRADE_CLOSED", "closed", 0),
    ],
)
def test_each_status_of_a_new_trade(merchant, tell, status, state, fulfilled):
    assert tell(trade_status=status) == "success"
    assert (merchant.trade("T1").state, merchant.trade("T1").fulfilled) == (state, fulfilled)


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(["TRADE_SUCCESS"] * 3, id="replayed"),
        pytest.param(["WAIT_BUYER_PAY", "TRADE_SUCCESS", "WAIT_BUYER_PAY"], id="back-to-waiting"),
        pytest.param(["TRADE_PENDING", "TRADE_SUCCESS", "TRADE_PENDING"], id="back-to-pending"),
        pytest.param(["TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_SUCCESS"], id="finished"),
    ],
)
@pytest.mark.parametrize("same_id", [True, False], ids=["same-notify_id", "new-notify_id"])
def test_a_payment_is_acted_on_once(merchant, tell, story, same_id):
    for number, status in enumerate(story):
        assert tell(trade_status=status, notify_id="n" if same_id else f"n-{number}") == "success"
    assert books(merchant) == ("paid", "10.00", 1)


@pytest.mark.parametrize("first_paid", [True, False], ids=["paid-before", "never-paid"])
def test_a_closed_trade_is_not_opened_again(merchant, tell, first_paid):
    if first_paid:
        tell()
    tell(trade_status="TRADE_CLOSED", notify_id="n-2")
    assert tell(notify_id="n-3") == "success"
    assert merchant.trade("T1").state == "closed"
    assert merchant.trade("T1").fulfilled == (1 if first_paid else 0)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"sign": "0" * 32}, id="wrong-sign"),
        pytest.param({"sign_type": "RSA"}, id="other-sign_type"),
        pytest.param({"sign_type": "md5"}, id="sign_type-in-small-letters"),
        pytest.param({"seller_id": "2088000000000000"}, id="another-seller"),
        pytest.param({"notify_id": None}, id="no-notify_id"),
        pytest.param({"notify_time": None}, id="no-notify_time"),
        pytest.param({"notify_type": None}, id="no-notify_type"),
        pytest.param({"notify_type": "batch_refund_notify"}, id="another-notify_type"),
        pytest.param({"out_trade_no": None}, id="no-out_trade_no"),
        pytest.param({"out_trade_no": "T" * 65}, id="long-out_trade_no"),
        pytest.param({"trade_status": None}, id="no-trade_status"),
        pytest.param({"trade_status": "TRADE_PAID"}, id="unknown-trade_status"),
        pytest.param({"total_fee": None}, id="no-total_fee"),
        pytest.param({"total_fee": "ten"}, id="total_fee-no-number"),
        pytest.param({"total_fee": "-10.00"}, id="total_fee-negative"),
        pytest.param({"total_fee": "10.00", "trans_currency": "JPY"}, id="decimals-in-yen"),
        pytest.param({"gmt_payment": None}, id="no-gmt_payment"),
        pytest.param({"gmt_payment": "2026-02-30 10:00:00"}, id="gmt_payment-no-date"),
        pytest.param({"out_trade_no": "T1&payment_type=1"}, id="number-swallows-a-neighbour"),
        pytest.param({"seller_email": "a@b&seller_id=2088", "seller_id": None}, id="seller-hidden"),
    ],
)
def test_what_is_not_right_is_answered_fail_and_not_booked(merchant, tell, fields):
    assert tell(**fields) == "fail"
    for number in ("T1", "T1&payment_type=1", "T" * 65):
        assert merchant.trade(number).state == "none"


def test_a_missing_or_doubled_parameter_is_told_by_name(merchant, notification):
    with pytest.raises(WireError, match="notify_id"):
        merchant.book_notification(notification(notify_id=None), FORM)
    with pytest.raises(Unverified, match="total_fee' stands twice"):
        merchant.book_notification(notification() + b"&total_fee=0.01", FORM)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b"<xml/>", FORM),
        (b"{}", "application/json"),
        (b"a=%ZZ", FORM),
        (b"a=%FF", FORM),
        (b"x=1", "application/x-www-form-urlencoded; charset=latin-1"),
    ],
)
def test_what_is_no_notification_is_answered_fail(merchant, body, content_type):
    assert merchant.receive_notification(body, content_type) == "fail"


@given(st.binary(max_size=200), st.text(max_size=60))
def test_any_bytes_at_all_are_answered_fail(body, content_type):
    with Merchant(sandbox(), "https://gateway.example/", "https://shop.example/n") as merchant:
        assert merchant.receive_notification(body, content_type) == "fail"


@pytest.mark.parametrize("sign_type", ["MD5", "RSA"])
def test_a_message_of_the_other_sign_type_is_refused_though_genuine_there(sign_type, notification):
    # RSA: the merchant's own key signs, as a thief of our requests could make us believe.
    other = sandbox("RSA" if sign_type == "MD5" else "MD5")
    with Merchant(sandbox(sign_type), "https://gateway.example/", "https://shop.example/n") as merchant:
        assert merchant.receive_notification(notification(other), FORM) == "fail"


@pytest.mark.parametrize("charset", ["UTF-8", "GBK", "GB2312"])
def test_chinese_notifications_of_the_accounts_charset(charset, notification):
    account = sandbox(charset=charset)
    with Merchant(account, "https://gateway.example/", "https://shop.example/n") as merchant:
        body = notification(account, subject="\u5317\u4eac & Co", body="")
        assert merchant.receive_notification(body, "application/x-www-form-urlencoded") == "success"


def test_the_content_type_may_name_another_charset_than_the_account(merchant):
    gbk = sandbox(charset="GBK")
    params = {
        "notify_id": "n",
        "notify_time": "2026-03-09 12:00:00",
        "notify_type": "trade_status_sync",
        "out_trade_no": "T1",
        "subject": "\u5317\u4eac",
        "trade_status": "TRADE_SUCCESS",
        "total_fee": "1.00",
        "gmt_payment": "2026-03-09 12:00:00",
    }
    params |= {"sign": sign_params(params, gbk.signer, "GBK"), "sign_type": "MD5"}
    body = urlencode(params, encoding="gbk").encode()
    assert merchant.receive_notification(body, "application/x-www-form-urlencoded; charset=GBK") == "success"
    assert merchant.trade("T1").currency == "CNY"


@pytest.mark.parametrize(
    ("fields", "reply"),
    [
        ({}, "success"),
        ({"total_fee": "10"}, "success"),
        ({"total_fee": "10.0"}, "success"),
        ({"trans_currency": None}, "success"),
        ({"total_fee": "0.01"}, "fail"),
        ({"total_fee": "10.01"}, "fail"),
        ({"trans_currency": "HKD"}, "fail"),
    ],
    ids=str,
)
def test_an_expected_payment_must_be_the_one_announced(merchant, tell, fields, reply):
    merchant.expect("T1", "10.00", "USD")
    assert merchant.trade("T1").state == "waiting"
    assert tell(**fields) == reply
    assert merchant.trade("T1").state == ("paid" if reply == "success" else "waiting")


def test_an_expectation_may_change_until_there_is_news(merchant, tell):
    merchant.expect("T1", "9.00", "USD")
    merchant.expect("T1", "10.00", "USD")
    assert tell() == "success"
    merchant.expect("T1", "10.00", "USD")
    with pytest.raises(RuleError):
        merchant.expect("T1", "9.00", "USD")


@pytest.mark.parametrize(
    "fields", [{"total_fee": "99.00"}, {"trans_currency": "HKD"}, {"trade_no": "2026030921001099"}], ids=str
)
def test_a_known_trade_does_not_change(paid, tell, fields):
    assert tell(notify_id="n-2", **fields) == "fail"
    assert books(paid) == ("paid", "10.00", 1)


def test_the_goods_are_released_once_after_booking(gateway, clock, notification):
    released = []
    with Merchant(
        sandbox(), gateway.url, "https://shop.example/n", clock=clock, on_paid=released.append
    ) as merchant:
        merchant.receive_notification(notification(), FORM)
        merchant.receive_notification(notification(notify_id="n-2"), FORM)
        merchant.receive_notification(notification(out_trade_no="T2", trade_status="TRADE_CLOSED"), FORM)
    assert [(record.out_trade_no, record.state) for record in released] == [("T1", "paid")]


REFUND = {
    "notify_action_type": "refundFPAction",
    "out_biz_no": "R1",
    "refund_fee": "4.00",
    "refund_status": "REFUND_SUCCESS",
}


@pytest.fixture
def pending(paid, gateway):
    gateway.says(result_code="SUCCESS")
    assert paid.refund("T1", "R1", "4.00", "USD").outcome == "accepted"
    return paid


def amounts(merchant):
    record = merchant.trade("T1")
    return record.state, str(record.refunded), str(record.pending)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(REFUND, id="all-fields"),
        pytest.param(REFUND | {"refund_status": None}, id="no-refund_status"),
        pytest.param(REFUND | {"refund_fee": None}, id="no-refund_fee"),
        pytest.param(REFUND | {"notify_action_type": None}, id="no-action"),
        pytest.param(REFUND | {"refund_fee": "4"}, id="refund_fee-as-4"),
    ],
)
def test_a_refunds_notification_settles_the_pending_one_once(pending, tell, fields):
    assert amounts(pending) == ("paid", "0", "4.00")
    for number in range(3):
        assert tell(notify_id=f"r-{number}", **fields) == "success"
    assert amounts(pending) == ("partly_refunded", "4.00", "0")


@pytest.mark.parametrize(
    ("fields", "reply"),
    [
        (REFUND | {"refund_fee": "5.00"}, "fail"),
        (REFUND | {"refund_status": "REFUND_CLOSED"}, "success"),
        ({}, "success"),
        ({"out_biz_no": "R1"}, "success"),
    ],
    ids=["another-amount", "not-successful", "payment-again", "no-refund-at-all"],
)
def test_a_pending_refund_is_settled_by_its_own_news_alone(pending, tell, fields, reply):
    assert tell(notify_id="r", **fields) == reply
    assert amounts(pending) == ("paid", "0", "4.00")


def test_a_refund_made_elsewhere_counts(paid, tell):
    assert tell(notify_id="r", **REFUND | {"out_biz_no": "elsewhere"}) == "success"
    assert amounts(paid) == ("partly_refunded", "4.00", "0")
    with pytest.raises(RuleError, match="more than what remains"):
        paid.refund("T1", "R2", "6.01", "USD")


def test_a_refund_beyond_the_payment_is_not_believed(paid, tell):
    assert tell(notify_id="r", **REFUND | {"refund_fee": "10.01"}) == "fail"
    assert amounts(paid) == ("paid", "0", "0")


def test_a_full_refund_closes_by_itself_whichever_news_comes_first(paid, gateway, tell):
    gateway.says(result_code="SUCCESS")
    paid.refund("T1", "R1", "10.00", "USD")
    assert tell(notify_id="c", trade_status="TRADE_CLOSED") == "success"
    assert amounts(paid) == ("paid", "0", "10.00")
    full = REFUND | {"refund_fee": "10.00", "trade_status": "TRADE_CLOSED"}
    assert tell(notify_id="r", **full) == "success"
    assert amounts(paid) == ("refunded", "10.00", "0")


def test_a_refund_heard_of_before_its_payment_releases_no_goods(merchant, tell):
    assert tell(**REFUND) == "success"
    assert amounts(merchant) == ("partly_refunded", "4.00", "0")
    assert tell(notify_id="n-2") == "success"
    assert merchant.trade("T1").fulfilled == 0


def test_the_news_of_a_refund_disproves_an_undecided_cancel(paid, gateway, tell):
    gateway.stumbles()
    paid.cancel("T1")
    assert tell(notify_id="r", **REFUND) == "success"
    assert amounts(paid) == ("partly_refunded", "4.00", "0")
