"""Faults do what they say, to the requests they wait for, and to no other."""

from dataclasses import replace
from datetime import datetime

import pytest

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER, TEST_PRIVATE_KEY_PHP
from alipay_qr.beijing import BEIJING, format_milliseconds
from alipay_qr.errors import ParameterError
from alipay_qr.keys import load_private_key
from alipay_qr.ledger import State
from alipay_qr.signing import Md5, RsaSigner, RsaVerifier, sign_params, verify_params
from alipay_qr.wire import Request, encode_form, read_response, response_presign_params
from alipay_qr_conformance.gateway import Engine, Fault, faults

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=BEIJING)
MERCHANT = load_private_key(TEST_PRIVATE_KEY_PHP)
KEYS = {
    "MD5": (Md5(TEST_MD5_KEY), Md5(TEST_MD5_KEY)),
    "RSA": (RsaSigner(MERCHANT), RsaVerifier(MERCHANT.public_key())),
}


class Scene:
    """A paid trade T1, and one request of each kind."""

    def __init__(self, *injected, sign_type="MD5"):
        self.sign_type = sign_type
        md5 = sign_type == "MD5"
        self.engine = Engine(
            partner=TEST_PARTNER,
            md5_key=TEST_MD5_KEY if md5 else None,
            merchant_public_key=None if md5 else MERCHANT.public_key(),
            alipay_private_key=None if md5 else MERCHANT,
        )
        self.engine.pay(None, "100.00", "USD", NOW, out_trade_no="T1")
        for fault in injected:
            self.engine.inject(fault)

    def send(self, name, **own):
        params = {"service": name, "partner": TEST_PARTNER, "_input_charset": "UTF-8", **own}
        params |= {"sign_type": self.sign_type, "sign": sign_params(params, KEYS[self.sign_type][0])}
        return self.engine.handle(Request("GET", encode_form(params, "UTF-8").encode()), NOW)

    def cancel(self):
        return self.send("alipay.acquire.cancel", out_trade_no="T1", timestamp=format_milliseconds(NOW))

    def refund(self):
        wish = {"partner_trans_id": "T1", "partner_refund_id": "R1", "refund_amount": "1.00"}
        return self.send("alipay.acquire.overseas.spot.refund", **wish, currency="USD", is_sync="Y")

    @property
    def state(self):
        return self.engine.trades.get("T1").state


def trusted(answer, sign_type="MD5"):
    response = read_response(answer.body)
    pairs = response_presign_params(response)
    signed = {**pairs, "sign": response.sign or "", "sign_type": response.sign_type or ""}
    return verify_params(signed, KEYS[sign_type][1], response.charset)


def fields(answer):
    return dict(read_response(answer.body).fields)


TRANSPORT = [
    pytest.param(lambda **kw: faults.timeout(7.5, **kw), {"delay": 7.5}, id="timeout"),
    pytest.param(faults.drop, {"drop": True}, id="drop"),
    pytest.param(lambda **kw: faults.http_status(503, **kw), {"status": 503}, id="status"),
    pytest.param(lambda **kw: faults.truncated(10, **kw), {"truncate": 10}, id="truncated"),
    pytest.param(lambda **kw: faults.slow(3.0, **kw), {"slow": 3.0}, id="slow"),
    pytest.param(
        lambda **kw: faults.redirect("http://127.0.0.1/x", **kw),
        {"status": 302, "location": "http://127.0.0.1/x", "body": b""},
        id="redirect",
    ),
    pytest.param(
        lambda **kw: faults.body(b"<html>", **kw), {"body": b"<html>", "content_type": "text/html"}, id="body"
    ),
]


@pytest.mark.parametrize("commit", [True, False], ids=["after-commit", "before-commit"])
@pytest.mark.parametrize(("make", "expected"), TRANSPORT)
def test_faults_of_the_way_back(make, expected, commit):
    scene = Scene(make(commit=commit))
    answer = scene.cancel()
    assert {name: getattr(answer, name) for name in expected} == expected
    assert scene.state is (State.CANCELLED if commit else State.PAID)
    record = scene.engine.records[0]
    assert (record.carried_out, record.fault, record.answer) == (commit, "transform", answer)


@pytest.mark.parametrize("sign_type", ["MD5", "RSA"])
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(faults.wrong_signature, id="wrong"),
        pytest.param(faults.missing_signature, id="missing"),
        pytest.param(lambda: faults.missing_signature(keep_type=True), id="missing-with-type"),
        pytest.param(faults.swapped_signature, id="swapped"),
        pytest.param(lambda: faults.foreign_signature(Md5("another key")), id="foreign"),
        pytest.param(lambda: faults.tampered({"out_trade_no": "T2"}), id="tampered"),
    ],
)
def test_faults_of_the_signature(make, sign_type):
    scene = Scene(make(), sign_type=sign_type)
    answer = scene.cancel()
    assert fields(answer)["result_code"] == "SUCCESS"
    assert not trusted(answer, sign_type)
    assert scene.state is State.CANCELLED
    assert trusted(scene.cancel(), sign_type)


def test_a_wrong_signature_keeps_its_form():
    sign = read_response(Scene(faults.wrong_signature(), sign_type="RSA").cancel().body).sign
    assert len(sign) == 172
    assert sign.endswith("=")


def test_a_business_error_is_signed_and_nothing_happens():
    scene = Scene(faults.business_error("SYSTEM_ERROR", "CANCEL", retry_flag="Y"))
    answer = scene.cancel()
    assert trusted(answer)
    found = fields(answer)
    assert (found["result_code"], found["detail_error_code"], found["retry_flag"]) == (
        "FAIL",
        "SYSTEM_ERROR",
        "Y",
    )
    assert scene.state is State.PAID


def test_a_refund_that_fails_says_failed_even_if_it_was_carried_out():
    scene = Scene(faults.business_error("MERCHANT_BALANCE_NOT_ENOUGH", commit=True))
    found = fields(scene.refund())
    assert (found["result_code"], found["error"]) == ("FAILED", "MERCHANT_BALANCE_NOT_ENOUGH")
    assert scene.state is State.PARTLY_REFUNDED


@pytest.mark.parametrize("commit", [True, False])
def test_a_gateway_error_is_unsigned(commit):
    scene = Scene(faults.gateway_error("SYSTEM_ERROR", "REFUND", commit=commit))
    response = read_response(scene.refund().body)
    assert (response.is_success, response.error, response.sign) == (False, "SYSTEM_ERROR", None)
    assert (scene.state is State.PARTLY_REFUNDED) == commit


def test_an_unknown_result_is_signed():
    scene = Scene(faults.unknown_result("REFUND", word="UNKNOW"))
    answer = scene.refund()
    assert trusted(answer)
    assert fields(answer)["result_code"] == "UNKNOW"


def test_a_fault_before_the_commit_answers_system_error_by_default():
    found = fields(Scene(Fault(commit=False)).refund())
    assert (found["result_code"], found["error"]) == ("FAILED", "SYSTEM_ERROR")


def test_a_fault_waits_for_its_service_and_is_used_up():
    scene = Scene(faults.drop("REFUND", times=2), faults.http_status(500, "alipay.acquire.cancel"))
    assert [scene.cancel().status, scene.cancel().status] == [500, 200]
    assert [scene.refund().drop for _ in range(3)] == [True, True, False]


def test_faults_queue_in_their_order():
    scene = Scene(faults.http_status(500), faults.http_status(502, "CANCEL"), faults.http_status(503))
    assert [scene.cancel().status for _ in range(4)] == [500, 502, 503, 200]


def test_any_transformation_of_the_answer():
    scene = Scene(faults.transform(lambda answer: replace(answer, body=b"\xef\xbb\xbf" + answer.body)))
    assert scene.cancel().body.startswith(b"\xef\xbb\xbf<?xml")


def test_signature_faults_leave_a_gateway_error_alone():
    for make in (faults.wrong_signature, faults.swapped_signature, faults.missing_signature):
        scene = Scene(make())
        response = read_response(scene.send("alipay.nothing").body)
        assert (response.error, response.sign) == ("ILLEGAL_SERVICE", None)


def test_a_fault_for_a_service_that_does_not_exist():
    with pytest.raises(ParameterError, match="service 'REVERSE' is unknown"):
        Scene(faults.drop("REVERSE"))
