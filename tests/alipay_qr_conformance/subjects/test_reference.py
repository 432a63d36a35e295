import base64
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

import pytest

from alipay_qr.account import test_account as sandbox
from alipay_qr.beijing import BEIJING
from alipay_qr.presign import presign
from alipay_qr.signing import sign_params
from alipay_qr.wire import encode_error, encode_notification, encode_response, read_request
from alipay_qr_conformance.gateway.engine.response import Answer
from alipay_qr_conformance.gateway.http.server import Server
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.subjects import NotSupported, PythonTransport, Refusal, Result, Subject
from alipay_qr_conformance.subjects.lint import lint
from alipay_qr_conformance.subjects.reference import OPERATIONS, ReferenceAdapter

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=BEIJING)
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
NUMBERS = count(1)


def base64_of(data):
    return base64.b64encode(data).decode("ascii")


@pytest.fixture(scope="module")
def server():
    with Server() as running:
        yield running


@pytest.fixture
def subject():
    with Subject(PythonTransport(ReferenceAdapter)) as made:
        made.hello()
        yield made


def settings(sign_type="MD5", charset="UTF-8", **changes):
    return {
        **TestKeys().settings(sign_type),
        "sign_type": sign_type,
        "charset": charset,
        "gateway_url": "http://127.0.0.1:9/gateway.do",
        "notify_url": "https://shop.example/notify",
        "gateway_timeout": "2",
        **changes,
    }


def response(fields):
    sign = sign_params(fields, sandbox().signer)
    return encode_response(fields, sign=sign, sign_type="MD5")


def notification(**fields):
    params = {
        "notify_id": "n-1",
        "notify_time": "2026-03-09 12:00:00",
        "notify_type": "trade_status_sync",
        "out_trade_no": "T1",
        "trade_status": "TRADE_SUCCESS",
        "total_fee": "1000",
        "trans_currency": "JPY",
        "gmt_payment": "2026-03-09 11:59:58",
        **fields,
    }
    params["sign"] = sign_params(params, sandbox().signer)
    return encode_notification(params | {"sign_type": "MD5"}, "UTF-8")


@contextmanager
def gateway(server, *answers):
    asked, waiting = [], list(answers)
    prefix = f"/reference{next(NUMBERS)}"

    def handle(request):
        asked.append(dict(read_request(request).params))
        body = waiting.pop(0)
        return body if isinstance(body, Answer) else Answer(body)

    url = server.mount(prefix, handle)
    try:
        yield url, asked
    finally:
        server.unmount(prefix)


def test_the_linter_of_adapters_has_nothing_to_say():
    findings = lint(PythonTransport(ReferenceAdapter))
    assert [finding for finding in findings if finding.status != "ok"] == []


def test_it_does_every_operation(subject):
    hello = subject.hello()
    assert set(hello.operations) == set(OPERATIONS)
    assert all(callable(getattr(ReferenceAdapter, name)) for name in OPERATIONS)
    assert (hello.clock, hello.parallel) == (True, True)


def test_another_protocol_is_not_spoken():
    answer = PythonTransport(ReferenceAdapter).call("hello", {"protocol": "2", "kit": "k"})
    assert isinstance(answer, NotSupported)


@pytest.mark.parametrize("sign_type", ["MD5", "RSA", "RSA2"])
@pytest.mark.parametrize("charset", ["UTF-8", "GBK", "GB2312"])
def test_what_it_signs_verifies(subject, sign_type, charset):
    assert subject.configure(settings(sign_type, charset)) == Result({})
    params = [["b", "\u5317\u4eac"], ["a", ""], ["c", None], ["_input_charset", charset]]
    pairs = [(name, value) for name, value in params]
    signed = subject.call("sign", {"params": params, "charset": charset, "sign_type": sign_type})
    assert signed == Result({"sign": TestKeys().merchant_signer(sign_type).sign(presign(pairs, charset))})
    shown = subject.call("presign", {"params": params, "charset": charset})
    assert shown == Result({"base64": base64_of(presign(pairs, charset))})
    genuine = TestKeys().gateway_signer(sign_type).sign(presign(pairs, charset))
    for sign, valid in ((genuine, True), (genuine[:-1], False)):
        message = [*params, ["sign", sign], ["sign_type", sign_type]]
        for source in ("notification", "response"):
            answer = subject.call("verify", {"params": message, "charset": charset, "source": source})
            assert answer == Result({"valid": valid})


def test_before_configure_it_signs_with_the_published_keys(subject):
    answer = subject.call("sign", {"params": [["a", "1"]], "charset": "UTF-8", "sign_type": "MD5"})
    assert answer == Result({"sign": sign_params({"a": "1"}, sandbox().signer)})
    assert isinstance(subject.call("cancel", {"out_trade_no": "T1"}), Refusal)


@pytest.mark.parametrize(
    ("op", "args"),
    [
        ("sign", {"params": [["a", "1"], ["a", "2"]], "charset": "UTF-8", "sign_type": "MD5"}),
        ("sign", {"params": [["a", "1"]], "charset": "latin-1", "sign_type": "MD5"}),
        ("sign", {"params": [["a", "1"]], "charset": "UTF-8", "sign_type": "md5"}),
        ("sign", {"params": [["a", "\U0001f35c"]], "charset": "GBK", "sign_type": "MD5"}),
        ("sign", {"params": [["a", {"base64": "/w=="}]], "charset": "UTF-8", "sign_type": "MD5"}),
        ("sign", {"params": [["a", {"base64": "?"}]], "charset": "UTF-8", "sign_type": "MD5"}),
        ("presign", {"params": [["a", "1"], ["a", "2"]], "charset": "UTF-8"}),
        ("cancel", {"out_trade_no": ""}),
        ("create_qr_code", {"biz_data": {}, "notify_url": "https://shop.example/n"}),
        ("expect", {"out_trade_no": "T1", "total_fee": "1.5", "currency": "JPY"}),
        ("configure", settings("RSA", alipay_public_key={"pem": "", "base64": ""})),
    ],
    ids=str,
)
def test_what_it_declines_is_refused_with_a_reason(subject, op, args):
    subject.configure(settings())
    answer = subject.call(op, args, NOON)
    assert isinstance(answer, Refusal), answer
    assert answer.reason


def test_text_may_come_as_bytes(subject):
    args = {"params": [["a", {"base64": base64_of(b"1")}]], "charset": "UTF-8"}
    assert subject.call("presign", args) == Result({"base64": base64_of(b"a=1")})


def test_an_expectation_needs_a_number(subject):
    subject.configure(settings())
    args = {"qrcode": "https://qr.alipay.com/x", "total_fee": "1.00", "currency": "USD"}
    assert isinstance(subject.call("expect", args, NOON), NotSupported)


@pytest.mark.parametrize(
    ("source", "body", "valid"),
    [
        ("notification", notification(), True),
        ("notification", notification() + b"&a=1", False),
        ("notification", b"%", False),
        ("response", response({"result_code": "SUCCESS"}), True),
        ("response", response({"result_code": "SUCCESS"}).replace(b"SUCCESS", b"FAIL"), False),
        ("response", encode_error("ILLEGAL_SIGN"), False),
        ("response", b"<", False),
    ],
)
def test_a_whole_body_is_verified(subject, source, body, valid):
    subject.configure(settings())
    args = {"body_base64": base64_of(body), "content_type": FORM, "source": source}
    assert subject.call("verify", args) == Result({"valid": valid})


def test_a_trade_from_payment_to_refund(subject, server):
    subject.configure(settings())
    subject.call("reset")
    assert subject.call("trade", {"out_trade_no": "T1"}, NOON) == Result({"state": "none"})
    news = {"body_base64": base64_of(notification()), "content_type": FORM, "query": "out_trade_no=T2"}
    assert subject.call("notify", news | {"method": "GET"}, NOON).value["reply"] == "fail"
    assert subject.call("notify", news, NOON).value["reply"] == "success"
    refund = {
        "partner_trans_id": "T1",
        "partner_refund_id": "R1",
        "refund_amount": "400",
        "currency": "JPY",
        "is_sync": "Y",
    }
    refused = response({"result_code": "FAILED", "detail_error_code": "TRADE_STATUS_ERROR"})
    with gateway(server, refused, response({"result_code": "SUCCESS"})) as (url, asked):
        failed = subject.call("refund", refund | {"gateway_url": url}, NOON)
        assert failed == Result({"outcome": "failed", "code": "TRADE_STATUS_ERROR"})
        done = subject.call("refund", refund | {"gateway_url": url}, NOON + timedelta(days=1))
        assert done == Result({"outcome": "success"})
    assert [each["refund_amount"] for each in asked] == ["400", "400"]
    assert subject.call("trade", {"out_trade_no": "T1"}, NOON) == Result(
        {
            "state": "partly_refunded",
            "paid": "1000",
            "currency": "JPY",
            "refunded": "400",
            "pending": "0",
            "fulfilled": "1",
        }
    )
    assert subject.call("reset") == Result({})
    assert subject.call("trade", {"out_trade_no": "T1"}, NOON) == Result({"state": "none"})


def test_the_clock_of_the_call_decides_the_day(subject, server):
    subject.configure(settings())
    news = {"body_base64": base64_of(notification()), "content_type": FORM}
    subject.call("notify", news, NOON)
    with gateway(server, response({"result_code": "SUCCESS", "action": "refund"})) as (url, asked):
        args = {"out_trade_no": "T1", "gateway_url": url}
        assert isinstance(subject.call("cancel", args, NOON + timedelta(hours=12)), Refusal)
        last = subject.call("cancel", args, NOON + timedelta(hours=12, milliseconds=-1))
    assert last == Result({"outcome": "success", "action": "refund", "via": "cancel"})
    assert [each["timestamp"] for each in asked] == ["1773071999999"]


def test_configure_keeps_trades_and_replaces_the_gateway(subject, server):
    subject.configure(settings())
    subject.call("expect", {"out_trade_no": "T9", "total_fee": "1.00", "currency": "USD"}, NOON)
    with gateway(server, response({"result_code": "SUCCESS"})) as (url, asked):
        assert subject.configure(settings(gateway_url=url, gateway_ca_pem="")) == Result({})
        assert subject.call("cancel", {"out_trade_no": "T9"}, NOON).value["outcome"] == "success"
    assert len(asked) == 1
    assert subject.call("trade", {"out_trade_no": "T9"}, NOON).value["state"] == "cancelled"


def test_the_ca_file_is_gone_when_the_settings_are(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    adapter = ReferenceAdapter()
    adapter.configure(**settings(gateway_ca_pem="-----BEGIN CERTIFICATE-----\n"))
    assert len(list(tmp_path.iterdir())) == 1
    adapter.configure(**settings())
    assert not list(tmp_path.iterdir())
    adapter.close()


def test_calls_in_flight_together_have_clocks_of_their_own(subject):
    subject.configure(settings())
    bodies = [base64_of(notification(out_trade_no=f"T{n}", notify_id=f"n{n}")) for n in range(40)]
    calls = [("notify", {"body_base64": body, "content_type": FORM}, NOON) for body in bodies]
    assert {answer.value["reply"] for answer in subject.call_many(calls)} == {"success"}
    trades = [("trade", {"out_trade_no": f"T{n}"}, NOON) for n in range(40)]
    assert {answer.value["fulfilled"] for answer in subject.call_many(trades)} == {"1"}


def test_no_key_is_shown():
    adapter = ReferenceAdapter()
    adapter.configure(**settings("RSA"))
    assert "w0nu2sn0" not in repr(adapter)
    with pytest.raises(Exception, match="key") as raised:
        adapter.configure(**settings("RSA", merchant_private_key={"pkcs8_pem": "w0nu2sn0"}))
    assert "w0nu2sn0" not in str(raised.value)
    adapter.close()
