import pytest

from alipay_qr.account import test_account as sandbox
from alipay_qr.merchant.outcome import judge
from alipay_qr.signing import sign_params
from alipay_qr.wire import encode_error, encode_response

REFUND = {
    "service": "alipay.acquire.overseas.spot.refund",
    "partner_trans_id": "T1",
    "partner_refund_id": "R1",
    "refund_amount": "1.50",
    "currency": "USD",
}
SYNC = REFUND | {"is_sync": "Y"}
CANCEL = {"service": "alipay.acquire.cancel", "out_trade_no": "T1"}
CREATE = {"service": "alipay.commerce.qrcode.create", "biz_data": "{}"}
MD5 = sandbox()
DONE = {"result_code": "SUCCESS"}


def answer(fields, account=MD5, **changes):
    sign = sign_params(fields, account.signer, account.charset)
    parts = {"sign": sign, "sign_type": account.sign_type, "charset": account.charset} | changes
    return encode_response(fields, **parts)


@pytest.mark.parametrize(
    ("body", "sent", "outcome", "code"),
    [
        pytest.param(answer(DONE), CANCEL, "success", None, id="cancel"),
        pytest.param(answer(DONE | {"action": "close"}), CANCEL, "success", None, id="cancel-closed"),
        pytest.param(answer(DONE), SYNC, "success", None, id="refund-sync"),
        pytest.param(answer(DONE), REFUND, "accepted", None, id="refund-async"),
        pytest.param(answer(DONE), REFUND | {"is_sync": "N"}, "accepted", None, id="refund-is_sync-N"),
        pytest.param(answer(DONE | {"qrcode": "q"}), CREATE, "success", None, id="create"),
        pytest.param(answer(DONE), CREATE, "unknown", None, id="create-without-a-code"),
        pytest.param(
            answer({"result_code": "FAIL", "detail_error_code": "TRADE_NOT_EXIST"}),
            CANCEL,
            "failed",
            "TRADE_NOT_EXIST",
            id="business-failure",
        ),
        pytest.param(
            answer({"result_code": "FAILED", "error": "TRADE_HAS_CLOSE"}),
            SYNC,
            "failed",
            "TRADE_HAS_CLOSE",
            id="business-failure-in-error",
        ),
        pytest.param(answer({"result_code": "FAIL"}), CANCEL, "failed", None, id="failure-without-a-code"),
        pytest.param(
            answer({"result_code": "FAIL", "detail_error_code": "SYSTEM_ERROR"}),
            SYNC,
            "unknown",
            "SYSTEM_ERROR",
            id="business-system-error",
        ),
        pytest.param(answer({"result_code": "UNKNOWN"}), SYNC, "unknown", None, id="result-UNKNOWN"),
        pytest.param(answer({"result_code": "success"}), SYNC, "unknown", None, id="result-in-small-letters"),
        pytest.param(answer({"out_trade_no": "T1"}), CANCEL, "unknown", None, id="no-result_code"),
        pytest.param(encode_error("ILLEGAL_SIGN"), SYNC, "failed", "ILLEGAL_SIGN", id="gateway-error"),
        pytest.param(encode_error("NEVER_SEEN"), SYNC, "failed", "NEVER_SEEN", id="gateway-error-new"),
        pytest.param(
            encode_error("SYSTEM_ERROR"), SYNC, "unknown", "SYSTEM_ERROR", id="gateway-SYSTEM_ERROR"
        ),
        pytest.param(
            encode_error("EXTERFACE_IS_CLOSED"), SYNC, "unknown", "EXTERFACE_IS_CLOSED", id="gateway-closed"
        ),
        pytest.param(encode_error(""), SYNC, "unknown", None, id="gateway-error-empty"),
        pytest.param(b"<html>", SYNC, "unknown", None, id="no-xml"),
        pytest.param(b"", SYNC, "unknown", None, id="empty"),
        pytest.param(answer(DONE)[:-10], SYNC, "unknown", None, id="broken-off"),
        pytest.param(answer(DONE, sign="0" * 32), SYNC, "unknown", None, id="wrong-sign"),
        pytest.param(answer(DONE, sign=None), SYNC, "unknown", None, id="no-sign"),
        pytest.param(answer(DONE, sign_type=None), SYNC, "unknown", None, id="no-sign_type"),
        pytest.param(answer(DONE, sign_type="RSA"), SYNC, "unknown", None, id="other-sign_type"),
        pytest.param(answer({}), SYNC, "unknown", None, id="empty-result"),
    ],
)
def test_each_answer_has_one_of_four_outcomes(body, sent, outcome, code):
    found = judge(body, sent, MD5)
    assert (found.outcome, found.code) == (outcome, code), found.reason


def test_a_failure_changed_on_the_way_into_success_is_not_believed():
    body = answer({"result_code": "FAIL", "detail_error_code": "TRADE_NOT_EXIST"})
    forged = body.replace(b">FAIL<", b">SUCCESS<")
    assert forged != body
    assert judge(forged, SYNC, MD5).outcome == "unknown"


@pytest.mark.parametrize(
    "fields",
    [
        {"partner_trans_id": "T2"},
        {"partner_refund_id": "R2"},
        {"refund_amount": "15.00"},
        {"refund_amount": "much"},
        {"currency": "JPY"},
    ],
    ids=lambda fields: "-".join([*fields, *fields.values()]),
)
def test_a_response_to_another_request_says_nothing_about_ours(fields):
    assert judge(answer(DONE | fields), SYNC, MD5).outcome == "unknown"


@pytest.mark.parametrize("name", ["partner_refund_id", "service"])
def test_the_echo_of_another_request_says_nothing_about_ours(name):
    assert judge(answer(DONE, request=[(name, "other")]), SYNC, MD5).outcome == "unknown"


def test_what_was_sent_without_a_value_differs_from_nothing():
    sent = {**SYNC, "alipay_trans_id": ""}
    assert judge(answer(DONE | {"alipay_trans_id": "2026030900001"}), sent, MD5).outcome == "success"


def test_amounts_are_compared_as_numbers():
    fields = DONE | {"refund_amount": "1.5", "currency": "USD"}
    assert judge(answer(fields), SYNC, MD5).outcome == "success"


def test_fields_are_shown_only_when_they_are_signed():
    assert judge(answer(DONE | {"action": "close"}), CANCEL, MD5).action == "close"
    assert judge(answer(DONE | {"action": "close"}, sign="0" * 32), CANCEL, MD5).action is None


@pytest.mark.parametrize("charset", ["UTF-8", "GBK", "GB2312"])
def test_a_signature_is_checked_in_the_charset_of_the_response(charset):
    account = sandbox(charset=charset)
    body = answer(DONE | {"qrcode": "q", "store": "\u5317\u4eac"}, account)
    assert judge(body, CREATE, account).outcome == "success"


def test_a_character_that_the_charset_lacks_is_unverifiable_and_no_crash():
    body = answer(DONE | {"qrcode": "\u20bd"}, charset="GB2312", sign="0" * 32)
    assert judge(body, CREATE, MD5).outcome == "unknown"
