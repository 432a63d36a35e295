"""The engine answers as the protocol says, whatever the order of requests."""

import json
from datetime import datetime, timedelta

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER, TEST_PRIVATE_KEY_PHP
from alipay_qr.beijing import BEIJING, format_milliseconds, format_timestamp
from alipay_qr.catalogue import notification_problems, problems
from alipay_qr.errors import AmountError, ParameterError, RuleError, SignTypeError
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
from alipay_qr_conformance.gateway import Engine

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=BEIJING)
DAY = timedelta(days=1)
NOTIFY_URL = "https://shop.example/notify"
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
                "notify_url": NOTIFY_URL,
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
        return self.ask(
            "refund", **{**wish, "currency": "USD", "is_sync": "Y", "notify_url": NOTIFY_URL, **changes}
        )

    def notified(self, number="T1", sign_type=None, charset="UTF-8", **overrides):
        body, content_type = self.engine.notifications.make(
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
    assert list(made) == ["qrcode", "qrcode_img_url"]
    number = shop.engine.pay(made["qrcode"], "100.00", "USD", NOW)
    notice = dict(shop.notified(number, sign_type, charset))
    assert verify_params(notice, shop.verifier, charset)
    assert (notice["subject"], notice["total_fee"]) == ("街角小店", "100.00")
    refunded = shop.refund(partner_trans_id=number, refund_reason="尺码不对")
    assert refunded["result_code"] == "SUCCESS"
    assert shop.engine.trades.get(number).state is State.PARTLY_REFUNDED
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


def test_a_shop_has_one_code_with_and_one_without_channel_fee():
    shop = Shop()
    with_fee = {**BIZ_DATA, "channel_fee": {"type": "RATE", "value": "0.01"}}
    plain, again = shop.ask("create"), shop.ask("create")
    fee, fee_again = shop.ask("create", biz_data=with_fee), shop.ask("create", biz_data=with_fee)
    other = shop.ask("create", biz_data={**BIZ_DATA, "store_id": "S2"})
    assert plain == again
    assert fee == fee_again
    assert len({plain["qrcode"], fee["qrcode"], other["qrcode"]}) == 3
    assert plain["qrcode_img_url"].endswith("&picSize=S")


def test_modify_changes_a_code_but_not_whose_it_is():
    shop = Shop()
    fee = {**BIZ_DATA, "channel_fee": {"type": "RATE", "value": "0.01"}}
    code = shop.ask("create", biz_data=fee)["qrcode"]
    assert shop.ask("modify", qrcode=code, biz_data={**fee, "store_name": "New"})["qrcode"] == code
    number = shop.engine.pay(code, "1.00", "USD", NOW)
    assert dict(shop.notified(number))["subject"] == "New"
    for change in ({"secondary_merchant_id": "M2"}, {"channel_fee": None}):
        data = {name: value for name, value in {**fee, **change}.items() if value is not None}
        assert shop.ask("modify", qrcode=code, biz_data=data) == "INVALID_PARAMETER"
    assert shop.ask("modify", qrcode="https://qr.alipay.com/none") == "INVALID_PARAMETER"


def test_modify_cannot_give_a_shop_a_second_code_of_one_kind():
    shop = Shop()
    shop.ask("create")
    other = {**BIZ_DATA, "store_id": "S2"}
    code = shop.ask("create", biz_data=other)["qrcode"]
    assert shop.ask("modify", qrcode=code) == "INVALID_PARAMETER"


def test_a_stopped_code_cannot_be_paid_and_a_deleted_one_never_again():
    shop = Shop()
    code = shop.ask("create")["qrcode"]
    for status, payable in (("STOP", False), ("RESTART", True), ("DELETE", False)):
        assert shop.ask("modify_status", qrcode=code, status=status) == {"qrcode": code}
        if payable:
            assert shop.engine.pay(code, "1.00", "USD", NOW)
        else:
            with pytest.raises(ParameterError, match="unknown, stopped or deleted"):
                shop.engine.pay(code, "1.00", "USD", NOW)
    assert shop.ask("modify_status", qrcode=code, status="RESTART") == "INVALID_PARAMETER"
    assert shop.ask("create")["qrcode"] != code


def test_a_taxi_has_no_store():
    taxi = {
        "secondary_merchant_industry": "4121",
        "secondary_merchant_id": "M1",
        "secondary_merchant_name": "Taxi",
        "trans_currency": "USD",
        "currency": "USD",
        "taxi_operation_id": "O1",
        "taxi_number": "N1",
        "taxi_driver_name": "Li",
        "taxi_driver_mobile": "13800000000",
    }
    shop = Shop()
    first = shop.ask("create", biz_data=taxi)
    assert shop.ask("create", biz_data={**taxi, "taxi_number": "N2"})["qrcode"] != first["qrcode"]


def test_cancel_says_what_it_did():
    shop = Shop()
    shop.paid()
    done = shop.ask("cancel", out_trade_no="T1")
    trade_no = shop.engine.trades.get("T1").trade_no
    expected = {"result_code": "SUCCESS", "out_trade_no": "T1", "retry_flag": "N"}
    assert done == {**expected, "action": "refund", "trade_no": trade_no}
    assert shop.ask("cancel", out_trade_no="T1") == expected


def test_cancel_closes_what_was_never_paid():
    shop = Shop()
    shop.engine.trades.open("T1", "100.00", "USD", NOW)
    assert shop.ask("cancel", out_trade_no="T1")["action"] == "close"
    with pytest.raises(RuleError, match="cannot be paid"):
        shop.paid()


def test_cancel_of_an_unknown_trade_has_nothing_to_do():
    done = Shop().ask("cancel", out_trade_no="NOBODY")
    assert done == {"result_code": "SUCCESS", "out_trade_no": "NOBODY", "retry_flag": "N"}


def test_of_two_numbers_alipays_own_counts():
    shop = Shop()
    shop.paid(number="T1")
    shop.paid(number="T2")
    trade_no = shop.engine.trades.get("T2").trade_no
    assert shop.ask("cancel", out_trade_no="T1", trade_no=trade_no)["out_trade_no"] == "T2"
    assert shop.engine.trades.get("T1").state is State.PAID


@pytest.mark.parametrize("terms", [None, GRACE_TERMS], ids=["seed", "grace"])
def test_cancel_after_midnight_in_beijing(terms):
    shop = Shop(terms=terms) if terms else Shop()
    shop.paid()
    shop.now = NOW.replace(hour=0) + DAY + timedelta(minutes=14)
    done = shop.ask("cancel", out_trade_no="T1")
    if terms:
        assert done["action"] == "refund"
    else:
        assert (done["result_code"], done["retry_flag"]) == ("FAIL", "N")
        assert done["detail_error_code"] == "TRADE_CANCEL_TIME_OUT"
        assert len(done["detail_error_des"]) <= 64


def test_refunds_up_to_the_last_cent():
    shop = Shop()
    shop.paid()
    assert shop.refund("60.00")["result_code"] == "SUCCESS"
    too_much = shop.refund("40.01", "R2")
    assert (too_much["result_code"], too_much["error"]) == ("FAILED", "RETURN_AMOUNT_EXCEED")
    assert shop.refund("40.00", "R2")["result_code"] == "SUCCESS"
    assert shop.refund("0.01", "R3")["error"] == "TRADE_HAS_CLOSE"
    assert shop.ask("cancel", out_trade_no="T1")["detail_error_code"] == "REASON_TRADE_REFUND_FEE_ERR"


def test_a_refund_after_a_cancel_meets_a_closed_trade():
    shop = Shop()
    shop.paid()
    shop.ask("cancel", out_trade_no="T1")
    assert shop.refund()["error"] == "TRADE_HAS_CLOSE"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"partner_trans_id": "T9"}, "TRADE_NOT_EXIST", id="unknown-payment"),
        pytest.param({"alipay_trans_id": "2" * 28}, "TRADE_NOT_EXIST", id="number-of-another-payment"),
        pytest.param({"currency": "HKD"}, "INVALID_PARAMETER", id="other-currency"),
        pytest.param({"number": "R0"}, "INVALID_PARAMETER", id="id-of-another-payments-refund"),
        pytest.param({"number": "R1", "amount": "39.00"}, "INVALID_PARAMETER", id="repeat-with-other-amount"),
    ],
)
def test_refunds_that_history_refuses(changes, code):
    shop = Shop()
    shop.paid()
    shop.paid(number="T2")
    shop.refund(partner_trans_id="T2", number="R0")
    shop.refund()
    refused = shop.refund(**{"number": "R2", **changes})
    assert (refused["result_code"], refused["error"]) == ("FAILED", code)
    assert shop.engine.trades.get("T1").refunded == 40


def test_an_identical_refund_is_carried_out_once():
    shop = Shop()
    shop.paid()
    assert shop.refund() == shop.refund()
    assert shop.engine.trades.get("T1").refunded == 40


def test_an_asynchronous_refund_is_accepted_then_notified():
    shop = Shop()
    shop.paid()
    assert shop.refund("100.00", is_sync="N")["result_code"] == "SUCCESS"
    trade = shop.engine.trades.get("T1")
    assert (trade.state, trade.pending) == (State.PAID, 100)
    assert shop.refund("1.00", "R2")["error"] == "RETURN_AMOUNT_EXCEED"
    body, content_type = shop.engine.notifications.make_refund("T1", "R1", NOW + DAY)
    notice = dict(read_notification(body, content_type, "UTF-8"))
    assert verify_params(notice, shop.verifier)
    assert shop.engine.trades.get("T1").state is State.REFUNDED
    told = [notice[name] for name in ("notify_action_type", "refund_fee", "out_biz_no", "trade_status")]
    assert told == ["refundFPAction", "100.00", "R1", "TRADE_CLOSED"]
    assert notification_problems(notice) == []


def test_an_asynchronous_refund_that_fails_frees_its_amount():
    shop = Shop()
    shop.paid()
    shop.refund("100.00", is_sync=None)
    shop.engine.trades.drop_refund("T1", "R1")
    assert shop.ask("cancel", out_trade_no="T1")["action"] == "refund"


def test_a_refund_in_yuan_tells_its_rate():
    shop = Shop()
    shop.paid(currency="CNY")
    assert shop.refund("0.10", currency="CNY")["refund_amount_cny"] == "0.10"


def test_query_tells_where_a_trade_stands():
    shop = Shop()
    assert shop.ask("query", partner_trans_id="T1")["detail_error_code"] == "TRADE_NOT_EXIST"
    shop.engine.trades.open("T1", "100.00", "USD", NOW)
    assert shop.ask("query", partner_trans_id="T1")["alipay_trans_status"] == "WAIT_BUYER_PAY"
    shop.paid()
    found = shop.ask("query", partner_trans_id="T1")
    assert (found["alipay_trans_status"], found["trans_amount"]) == ("TRADE_SUCCESS", "100.00")
    shop.engine.trades.close("T1", NOW)
    by_alipays_number = shop.ask("query", alipay_trans_id=found["alipay_trans_id"])
    assert by_alipays_number["alipay_trans_status"] == "TRADE_CLOSED"


# --- notifications ----------------------------------------------------------------------------------


def test_a_payment_notification_is_complete_and_repeats_its_id():
    shop = Shop()
    shop.engine.pay(None, "100.00", "USD", NOW, out_trade_no="T1", buyer_id="2088999999999999")
    notice = dict(shop.notified())
    assert notification_problems(notice) == []
    assert (notice["buyer_id"], notice["seller_id"]) == ("2088999999999999", TEST_PARTNER)
    assert notice["gmt_payment"] == "2026-11-23 12:00:00"
    shop.now += timedelta(minutes=2)
    again = dict(shop.notified())
    assert again["notify_id"] == notice["notify_id"]
    assert again["notify_time"] == "2026-11-23 12:02:00"


def test_a_cancelled_trade_is_notified_as_closed():
    shop = Shop()
    shop.paid()
    paid_id = dict(shop.notified())["notify_id"]
    shop.ask("cancel", out_trade_no="T1")
    notice = dict(shop.notified())
    assert (notice["trade_status"], notice["notify_action_type"]) == ("TRADE_CLOSED", "reverseAction")
    assert notice["gmt_close"] == "2026-11-23 12:00:00"
    assert notice["notify_id"] != paid_id
    assert notification_problems(notice) == []


def test_overrides_are_signed_and_none_takes_a_field_away():
    shop = Shop()
    shop.paid(currency="JPY", total="100")
    notice = dict(shop.notified(total_fee="1", buyer_email=None, extra=""))
    assert verify_params(notice, shop.verifier)
    assert (notice["total_fee"], notice["extra"], notice["discount"]) == ("1", "", "0")
    assert "buyer_email" not in notice


def test_what_create_was_given_comes_back():
    shop = Shop()
    code = shop.ask("create", biz_data={**BIZ_DATA, "passback_parameters": {"table": "7"}})["qrcode"]
    notice = dict(shop.notified(shop.engine.pay(code, "1.00", "USD", NOW)))
    assert notice["passback_parameters"] == '{"table":"7"}'


def test_notify_verify_knows_its_own_notifications():
    shop = Shop()
    shop.paid()
    notify_id = dict(shop.notified())["notify_id"]
    query = {"service": "notify_verify", "partner": TEST_PARTNER, "notify_id": notify_id}
    answer = shop.send(query)
    assert (answer.body, answer.content_type) == (b"true", "text/plain")
    assert shop.send(shop.sign({**query, "_input_charset": "UTF-8"})).body == b"true"
    wrong = [
        {**query, "notify_id": "0" * 34},
        {**query, "partner": "2088000000000000"},
        {**query, "sign_type": "MD5", "sign": "0" * 32},
        {**query, "notify_id": None},
    ]
    assert [shop.send(each).body for each in wrong] == [b"false"] * 3 + [b"invalid"]
    assert shop.send({**query, "partner": ""}).body == b"invalid"


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda engine: engine.notifications.make("T9", NOW), id="notification"),
        pytest.param(lambda engine: engine.trades.get("T9"), id="trade"),
        pytest.param(lambda engine: engine.trades.close("T9", NOW), id="close"),
        pytest.param(lambda engine: engine.trades.finish_refund("T9", "R1", NOW), id="finish-refund"),
    ],
)
def test_a_trade_nobody_made(call):
    with pytest.raises(RuleError) as refused:
        call(Shop().engine)
    assert refused.value.code == "TRADE_NOT_EXIST"


def test_what_the_owner_of_an_engine_may_get_wrong():
    shop = Shop()
    with pytest.raises(AmountError):
        shop.engine.pay(None, "1.005", "USD", NOW)
    shop.paid()
    with pytest.raises(SignTypeError, match="it signs with MD5"):
        shop.engine.notifications.make("T1", NOW, sign_type="RSA")
    with pytest.raises(SignTypeError, match="no key to sign its answers"):
        Engine(partner=TEST_PARTNER)
    with pytest.raises(ParameterError, match="choose one of global, hk"):
        Engine(partner=TEST_PARTNER, md5_key=TEST_MD5_KEY, profile="moon")


def test_one_seed_one_story():
    def story(seed):
        shop = Shop(seed=seed)
        made = shop.ask("create")
        number = shop.engine.pay(made["qrcode"], "9.99", "USD", NOW)
        return (
            made,
            number,
            shop.engine.notifications.make(number, NOW),
            [r.answer for r in shop.engine.records],
        )

    assert story(7) == story(7)
    assert story(7)[1] != story(8)[1]


def test_a_number_that_the_requests_charset_cannot_write():
    shop = Shop(charset="GBK")
    shop.engine.pay(None, "1.00", "USD", NOW, out_trade_no="T\U0001f600")
    trade_no = shop.engine.trades.get("T\U0001f600").trade_no
    assert shop.ask("query", alipay_trans_id=trade_no) == "INVALID_CHARACTER_SET"


@pytest.mark.parametrize("data", ["[" * 1900, '{"a":' * 300 + "1" + "}" * 300, '{"store_id": 1e999}'])
def test_hostile_biz_data_is_refused_with_a_code(data):
    assert Shop().ask("create", biz_data=data).isupper()


def test_a_code_remembers_where_to_notify():
    shop = Shop()
    assert shop.engine.trades.code(shop.ask("create")["qrcode"]).notify_url == NOTIFY_URL
    assert shop.engine.trades.code("https://qr.alipay.com/none") is None


def test_an_echoed_value_is_trimmed_as_its_readers_trim_it():
    assert Shop().ask("cancel", out_trade_no=" T1 ")["out_trade_no"] == "T1"
