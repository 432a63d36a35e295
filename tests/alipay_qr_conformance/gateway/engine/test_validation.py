"""What is refused, with which code, and what a forgiving gateway lets pass."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import requests_sent
from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.beijing import BEIJING, format_timestamp
from alipay_qr.signing import Md5, sign_params
from alipay_qr.wire import Request, encode_form, read_request, read_response
from alipay_qr_conformance.gateway import Engine
from alipay_qr_conformance.rules.request import Sent, zone

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=BEIJING)
SHOP = requests_sent.BIZ_DATA | {"store_name": "街角小店"}
CREATE = requests_sent.CREATE | {
    "timestamp": format_timestamp(NOW),
    "biz_data": json.dumps(SHOP, ensure_ascii=False),
}


def signed(**changes):
    params = {name: value for name, value in {**CREATE, **changes}.items() if value is not None}
    return {**params, "sign_type": "MD5", "sign": sign_params(params, Md5(TEST_MD5_KEY))}


def engine(*, strict, **settings):
    return Engine(partner=TEST_PARTNER, md5_key=TEST_MD5_KEY, strict=strict, **settings)


def get(params):
    return Request("GET", encode_form(params, "UTF-8").encode())


def outcome(gateway, request, now=NOW):
    """Return the error, or the result code, which an accepted CREATE lacks."""
    response = read_response(gateway.handle(request, now).body)
    return response.error or response.fields.get("result_code", "SUCCESS")


GOOD = encode_form(signed(), "UTF-8").encode()
BODY = encode_form(
    {name: value for name, value in signed().items() if name != "_input_charset"}, "UTF-8"
).encode()
FORM = "application/x-www-form-urlencoded"

FORGIVABLE = [
    pytest.param(get({**signed(), "sign": "0" * 32}), "ILLEGAL_SIGN", id="wrong-sign"),
    pytest.param(get(signed(s="/index")), "ILLEGAL_ARGUMENT", id="undocumented-parameter"),
    pytest.param(
        get(signed(timestamp=format_timestamp(NOW - timedelta(minutes=30, seconds=1)))),
        "INVALID_PARAMETER",
        id="old-timestamp",
    ),
    pytest.param(
        get(signed(timestamp=format_timestamp(NOW + timedelta(minutes=30, seconds=1)))),
        "INVALID_PARAMETER",
        id="timestamp-ahead",
    ),
    pytest.param(Request("GET", GOOD + b"&biz_type=OVERSEASHOPQRCODE"), "ILLEGAL_ARGUMENT", id="name-twice"),
    pytest.param(Request("POST", b"", GOOD, FORM), "ILLEGAL_CHARSET", id="charset-in-the-body-alone"),
    pytest.param(Request("GET", GOOD.replace(b"%3A", b":\xff", 1)), "ILLEGAL_ENCODING", id="raw-byte"),
    pytest.param(Request("GET", GOOD.replace(b"%22", b'"')), "ILLEGAL_ENCODING", id="raw-quotes"),
    pytest.param(
        Request("POST", b"_input_charset=UTF-8", BODY, "text/plain"), "ILLEGAL_ARGUMENT", id="no-form"
    ),
]


@pytest.mark.parametrize(("request_", "code"), FORGIVABLE)
def test_strict_refuses_what_forgiving_records(request_, code):
    strict, forgiving = engine(strict=True), engine(strict=False)
    assert outcome(strict, request_) == code
    assert strict.records[0].code == code
    assert not strict.records[0].carried_out
    if code != "ILLEGAL_ENCODING" or request_.query.count(b"\xff") == 0:
        assert outcome(forgiving, request_) == "SUCCESS"
        record = forgiving.records[0]
        assert record.carried_out
        assert record.reading.irregularities or record.problems or not record.verified


@pytest.mark.parametrize("way", [-1, 1], ids=["behind", "ahead"])
def test_the_half_hour_is_counted_to_the_second(way):
    last = get(signed(timestamp=format_timestamp(NOW + way * timedelta(minutes=30))))
    assert outcome(engine(strict=True), last) == "SUCCESS"


@pytest.mark.parametrize("seconds", [-28_800, -1801, -1800, 0, 1800, 1801, 3600, 28_800])
def test_gateway_and_rules_agree_on_the_moment(seconds):
    request_ = get(signed(timestamp=format_timestamp(NOW + timedelta(seconds=seconds))))
    gateway = engine(strict=False)
    gateway.handle(request_, NOW)
    reading = read_request(request_)
    sent = Sent(request_, reading, TEST_PARTNER, "MD5", "UTF-8", NOW, Md5(TEST_MD5_KEY), "global")
    told = {problem.field for problem in gateway.records[0].problems}
    assert ("timestamp" in told) is bool(list(zone(sent)))


def test_a_signature_that_does_not_hold_is_recorded():
    gateway = engine(strict=False)
    gateway.handle(get({**signed(), "sign": "0" * 32}), NOW)
    gateway.handle(get(signed()), NOW)
    assert [record.verified for record in gateway.records] == [False, True]


def without(*names, **changes):
    params = signed(**changes)
    return get({name: value for name, value in params.items() if name not in names})


FORGIVEN = [
    pytest.param(without("sign"), "ILLEGAL_SIGN", id="no-sign"),
    pytest.param(without("sign_type"), "ILLEGAL_SIGN_TYPE", id="no-sign-type"),
    pytest.param(get({**signed(), "sign_type": "md5"}), "ILLEGAL_SIGN_TYPE", id="sign-type-in-small-letters"),
    pytest.param(get(signed(service=None)), "ILLEGAL_SERVICE", id="no-service"),
    pytest.param(get(signed(partner="2088000000000000")), "ILLEGAL_PARTNER", id="other-partner"),
    pytest.param(get(signed(partner=None)), "ILLEGAL_PARTNER", id="no-partner"),
    pytest.param(get(signed(timestamp="yesterday")), None, id="no-timestamp-at-all"),
    pytest.param(get(signed(biz_data=json.dumps({**SHOP, "store_id": ""}))), None, id="empty-store-id"),
]
UNFORGIVABLE = [
    pytest.param(get(signed(service="alipay.nothing")), "ILLEGAL_SERVICE", id="unknown-service"),
    pytest.param(get(signed(_input_charset="LATIN1")), "ILLEGAL_CHARSET", id="unknown-charset"),
    pytest.param(get(signed(_input_charset=None)), "PARAMTER_IS_NULL", id="no-charset"),
    pytest.param(get(signed(notify_url=None)), "PARAMTER_IS_NULL", id="no-notify-url"),
    pytest.param(get(signed(notify_url="")), "PARAMTER_IS_NULL", id="empty-notify-url"),
    pytest.param(get(signed(biz_data="{")), "ILLEGAL_ARGUMENT", id="broken-json"),
    pytest.param(Request("PUT", GOOD), "ILLEGAL_ARGUMENT", id="put"),
    pytest.param(
        Request("POST", b"_input_charset=UTF-8", b"a" * (2**20 + 1), FORM), "ILLEGAL_LENGTH", id="huge"
    ),
    pytest.param(get(signed(notify_url="https://x/\x01")), "ILLEGAL_ARGUMENT", id="control-character"),
    pytest.param(Request("GET", b""), "PARAMTER_IS_NULL", id="nothing"),
]


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "forgiving"])
@pytest.mark.parametrize(("request_", "code"), UNFORGIVABLE)
def test_both_refuse_what_is_absent_or_illegal(request_, code, strict):
    gateway = engine(strict=strict)
    found = outcome(gateway, request_)
    assert found == code or (code is None and found != "SUCCESS")
    assert not gateway.records[0].carried_out
    assert gateway.records[0].code == found


@pytest.mark.parametrize(("request_", "code"), FORGIVEN)
def test_what_is_not_needed_is_recorded_and_forgiven(request_, code):
    strict, forgiving = engine(strict=True), engine(strict=False)
    refused = outcome(strict, request_)
    assert refused == code or (code is None and refused != "SUCCESS")
    assert outcome(forgiving, request_) == "SUCCESS"
    assert forgiving.records[0].carried_out
    told = [
        [(each.field, each.kind) for each in gateway.records[0].problems] for gateway in (strict, forgiving)
    ]
    assert told[0] == told[1] != []
    assert forgiving.records[0].service == "alipay.commerce.qrcode.create"


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        pytest.param({"out_trade_no": "T1"}, "alipay.acquire.cancel", id="cancel"),
        pytest.param({"partner_refund_id": "R1"}, "alipay.acquire.overseas.spot.refund", id="refund"),
        pytest.param({"qrcode": "c", "biz_data": "{}"}, "", id="modify"),
        pytest.param({"service": "nothing", "biz_data": "{}"}, "nothing", id="another"),
    ],
)
def test_a_request_without_a_service_is_known_by_its_parameters(named, meant):
    gateway = engine(strict=False)
    gateway.handle(get({**named, "partner": TEST_PARTNER, "_input_charset": "UTF-8"}), NOW)
    assert gateway.records[0].service == meant


def test_a_sign_type_without_a_key_is_told_from_a_wrong_sign():
    request = get({**signed(), "sign_type": "RSA"})
    assert outcome(engine(strict=True), request) == "ILLEGAL_SIGN_TYPE"
    answer = engine(strict=False).handle(request, NOW)
    assert read_response(answer.body).sign_type == "MD5"


def test_gbk_is_what_refund_means_without_a_charset_in_the_hk_profile():
    params = {
        "service": "alipay.acquire.overseas.spot.refund",
        "partner": TEST_PARTNER,
        "partner_trans_id": "T1",
        "partner_refund_id": "R1",
        "refund_amount": "1.00",
        "currency": "HKD",
        "refund_reson": "尺码",
    }
    params |= {"sign": sign_params(params, Md5(TEST_MD5_KEY), "GBK"), "sign_type": "MD5"}
    gateway = engine(strict=False, profile="hk")
    gateway.pay(None, "10.00", "HKD", NOW, out_trade_no="T1")
    gateway.handle(Request("GET", encode_form(params, "GBK").encode()), NOW)
    assert gateway.records[0].reading.charset == "GBK"
    assert gateway.records[0].verified


@settings(deadline=None, database=None, derandomize=True, max_examples=150)
@given(
    method=st.sampled_from(["GET", "POST", "", "get"]),
    query=st.one_of(st.binary(max_size=60), st.just(GOOD), st.binary(max_size=9).map(GOOD.__add__)),
    body=st.binary(max_size=60),
    content_type=st.sampled_from(["", FORM, "text/html"]),
    strict=st.booleans(),
)
def test_every_request_is_answered_and_recorded(method, query, body, content_type, strict):
    gateway = engine(strict=strict)
    answer = gateway.handle(Request(method, query, body, content_type), NOW)
    assert read_response(answer.body).is_success == gateway.records[0].carried_out
