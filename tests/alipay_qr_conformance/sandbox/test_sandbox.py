"""The sandbox over HTTP: a shop sees Alipay, its owner sees what each request broke, and steers the rest."""

import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote_to_bytes

import pytest
import requests

from alipay_qr.account import test_account as account_of
from alipay_qr.merchant import Merchant
from alipay_qr.signing import sign_params
from alipay_qr.wire import get_url
from alipay_qr_conformance.gateway import Answer, Server
from alipay_qr_conformance.sandbox import ControlClient, ControlError, Sandbox, Settings
from alipay_qr_conformance.sandbox.diagnoses import Diagnosis
from alipay_qr_conformance.sandbox.fault_names import NAMES
from alipay_qr_conformance.sandbox.request_log import LoggedRequest, RequestLog

SHOP = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "shop_001",
    "secondary_merchant_name": "Shop",
    "store_id": "A-101",
    "store_name": "One",
    "trans_currency": "USD",
    "currency": "USD",
}


@pytest.fixture
def sandbox():
    with Sandbox(Settings(time_scale=10_000)) as running:
        yield running
    assert running.server.errors == []


@pytest.fixture
def control(sandbox):
    client = ControlClient(sandbox.control_url, sandbox.token)
    yield client
    client.close()


def merchant(sandbox, sign_type="MD5", notify_url="https://shop.example/notify") -> Merchant:
    from dataclasses import replace

    from alipay_qr.signing import RsaVerifier

    account = account_of(sign_type)
    if sign_type != "MD5":
        key = sandbox.keys.alipay_private("RSA").public_key()
        account = replace(account, verifier=RsaVerifier(key, sign_type))
    return Merchant(account, sandbox.gateway_url, notify_url, clock=sandbox.clock, allow_http=True)


@pytest.mark.parametrize("sign_type", ["MD5", "RSA", "RSA2"])
def test_one_gateway_serves_every_sign_type(sandbox, control, sign_type):
    shop = merchant(sandbox, sign_type)
    code = shop.create_qr_code(SHOP)
    assert code.outcome == "success"
    number = control.pay(code.fields["qrcode"], "12.50", "USD")["out_trade_no"]
    trade = sandbox.engine.trades.get(number)
    body, content_type = sandbox.engine.notifications.make(number, sandbox.clock(), sign_type=sign_type)
    shop.expect(number, currency="USD", total_fee="12.50")
    assert shop.receive_notification(body, content_type) == "success"
    assert shop.refund(number, "R-1", "2.50", "USD", is_sync="Y").outcome == "success"
    assert trade.total == sandbox.engine.trades.get(number).total
    assert control.findings() == []
    assert [each["verdict"] for each in control.requests()] == ["carried out SUCCESS"] * 2


def test_notifications_of_payment_refund_and_cancel(sandbox, control):
    came, news = [], threading.Condition()

    def notify(request):
        with news:
            came.append(request.body)
            news.notify_all()
        return Answer(b"success")

    with Server() as server:
        shop = merchant(sandbox, notify_url=server.mount("/notify", notify))
        shop = Merchant(account_of(), sandbox.gateway_url, server.base_url + "/notify", allow_http=True)
        code = shop.create_qr_code(SHOP).fields["qrcode"]
        first, second = (control.pay(code, "12.50", "USD")["out_trade_no"] for _ in range(2))
        for number in (first, second):
            shop.expect(number, currency="USD", total_fee="12.50")
            shop.receive_notification(*sandbox.engine.notifications.make(number, sandbox.clock()))
        assert shop.refund(first, "R-1", "2.50", "USD").outcome == "accepted"
        assert shop.cancel(second).outcome == "success"
        with news:
            assert news.wait_for(lambda: len(came) >= 4, timeout=10)
    events = sorted(each["event"] for each in control.notifications())
    assert events == ["cancelled", "paid", "paid", "refund R-1"]
    states = {trade["out_trade_no"]: trade["state"] for trade in control.trades()}
    assert states == {first: "partly_refunded", second: "cancelled"}


def test_a_wrong_request_is_refused_and_explained(sandbox, control):
    params = {
        "service": "alipay.acquire.cancel",
        "partner": sandbox.keys.partner,
        "_input_charset": "UTF-8",
        "sign_type": "MD5",
        "timestamp": "2026-03-09 12:00:00",
        "out_trade_no": "T1",
    }
    control.clock(datetime(2026, 3, 9, 4, 0, tzinfo=UTC), still=True)
    params["sign"] = sign_params(params, sandbox.keys.merchant_signer("MD5")).upper()
    answer = requests.get(get_url(sandbox.gateway_url, params, "UTF-8"), timeout=5)
    assert "<error>ILLEGAL_SIGN</error>" in answer.text
    (finding,) = control.findings()
    assert finding["requirement"] == "request.sign.valid"
    assert "capital" in finding["mistake"] or "upper" in finding["mistake"]
    assert finding["evidence"]["expected_presign"].startswith("_input_charset=UTF-8&out_trade_no=T1")


@pytest.mark.parametrize(
    ("raw", "finding"),
    [
        (b"GET /gateway.do?service=alipay.acquire.cancel&subject=a b HTTP/1.1", "request.encoding"),
        ("GET /gateway.do?subject=店 HTTP/1.1".encode(), "request.encoding"),
        ("GET /gateway.do?subject=店 HTTP/1.1".encode("gbk"), "request.encoding"),
        (b"GET /gateway.do?partner=1&partner=2 HTTP/1.1", "request.no-duplicates"),
        (b"GET /gateway.do?_input_charset=GBK&_input_charset=UTF-8 HTTP/1.1", "request.charset.declared"),
        (b"POST /gateway.do HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2", "request.encoding"),
        (b"POST /gateway.do HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked", "request.encoding"),
    ],
    ids=["blank", "raw-utf-8", "raw-gbk", "duplicate", "two-charsets", "two-lengths", "length-and-chunked"],
)
def test_what_an_ordinary_server_throws_away_is_evidence(sandbox, control, raw, finding):
    port = int(sandbox.server.base_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(raw + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n0\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 ")
    assert b"<is_success>F</is_success>" in answer
    found = control.requests()
    assert finding in {each["requirement"] for each in found[0]["findings"]}
    assert raw.split(b" HTTP")[0].decode("latin-1") == f"{found[0]['method']} {found[0]['target']}"


@pytest.mark.parametrize("name", NAMES)
def test_every_fault_can_be_ordered_by_name(control, sandbox, name):
    more = {
        "timeout": {"seconds": 0},
        "status": {"status": 500},
        "redirect": {"location": "http://127.0.0.1:9/"},
        "truncated": {"length": 5},
        "slow": {"seconds": 0.01},
        "business-error": {"code": "SYSTEM_ERROR"},
        "gateway-error": {"code": "SYSTEM_ERROR"},
        "tampered": {"changes": {"qrcode": "https://evil.example"}},
    }.get(name, {})
    control.fault(name, **more)
    outcome = merchant(sandbox).create_qr_code(SHOP)
    fine = {"timeout", "slow", "gbk"}
    assert (outcome.outcome == "success") is (name in fine), outcome
    assert merchant(sandbox).create_qr_code(SHOP).outcome == "success"


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({"fault": "nice"}, "no fault 'nice'"),
        ({"fault": "drop", "colour": 1}, "takes no 'colour'"),
        ({"fault": "timeout"}, "cannot be made"),
        ({"fault": "timeout", "seconds": "1"}, "another kind"),
        ({"fault": "timeout", "seconds": 1e9}, "0 to 600"),
        ({"fault": "drop", "times": 0}, "from 1 to 1000"),
        ({"fault": "drop", "service": "NOTHING"}, "NOTHING"),
        ({"fault": "status", "status": 99}, ""),
    ],
)
def test_a_fault_that_cannot_be_is_said_so(control, sandbox, order, why):
    if order.get("status") == 99:
        control._post("fault", order)
        assert merchant(sandbox).create_qr_code(SHOP).outcome == "unknown"
        sandbox.server.errors.clear()
        return
    with pytest.raises(ControlError, match=why):
        control._post("fault", order)


@pytest.mark.parametrize(
    ("path", "body", "why"),
    [
        ("pay", {"qrcode": "https://qr.example/none", "total_fee": "1.00", "currency": "USD"}, "unknown"),
        ("pay", {"total_fee": 1.0, "currency": "USD"}, "every member is a text"),
        ("pay", {"currency": "USD"}, "total_fee is missing"),
        ("pay", {"total_fee": "1.001", "currency": "USD"}, "1.001"),
        ("clock", {"now": "noon"}, "a moment with its zone"),
        ("notify", {"kind": "nice"}, "no kind"),
        ("notify", {"kind": "late", "out_trade_no": "none"}, "no trade"),
        ("notify", {"after": "1"}, "number of seconds"),
        ("nothing", {}, "no such thing"),
        ("requests", {}, "another method"),
    ],
)
def test_what_cannot_be_done_is_said_so(control, path, body, why):
    with pytest.raises(ControlError, match=why):
        control._post(path, body)


@pytest.mark.parametrize("body", [b"[]", b"{", b"[" * 50_000, b'"' + b"x" * 70_000 + b'"'])
def test_a_body_that_is_no_object(sandbox, body):
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    answer = requests.post(f"{sandbox.control_url}/pay", data=body, headers=headers, timeout=5)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer {token}", "Host": "evil.example"},
        {"Authorization": "Bearer {token}", "Origin": "http://evil.example"},
        {"Authorization": "Bearer {token}", "Origin": "null"},
    ],
    ids=["no-token", "wrong-token", "foreign-host", "foreign-origin", "null-origin"],
)
def test_the_control_api_listens_to_its_owner_alone(sandbox, headers):
    headers = {name: value.format(token=sandbox.token) for name, value in headers.items()}
    for call in (requests.get, requests.post):
        answer = call(f"{sandbox.control_url}/trades", headers=headers, timeout=5)
        assert answer.status_code == 403
        assert sandbox.token not in answer.text


def test_its_own_origin_is_welcome(sandbox):
    headers = {"Authorization": f"Bearer {sandbox.token}", "Origin": sandbox.server.base_url}
    assert requests.get(f"{sandbox.control_url}/trades", headers=headers, timeout=5).json() == []


def test_reset_and_evidence(sandbox, control):
    merchant(sandbox).create_qr_code(SHOP)
    control.pay(None, "1.00", "USD")
    control.clock(datetime(2030, 1, 1, tzinfo=UTC))
    evidence = control.evidence()
    assert evidence["time"].startswith("2030-01-01")
    assert (len(evidence["requests"]), len(evidence["trades"])) == (1, 1)
    json.dumps(evidence)
    control.reset()
    evidence = control.evidence()
    assert (evidence["requests"], evidence["trades"], evidence["notifications"]) == ([], [], [])
    assert not evidence["time"].startswith("2030")


def refund_query(sandbox, number: str, **more: str) -> bytes:
    """Return the query of a refund that nothing is wrong with."""
    params = {
        "service": "alipay.acquire.overseas.spot.refund",
        "partner": sandbox.keys.partner,
        "_input_charset": "UTF-8",
        "sign_type": "MD5",
        "notify_url": "https://shop.example/notify",
        "partner_trans_id": number,
        "partner_refund_id": "R-1",
        "refund_amount": "0.01",
        "currency": "USD",
        "refund_reason": "refund for 店",
        "is_sync": "Y",
    }
    params["sign"] = sign_params(params, sandbox.keys.merchant_signer("MD5"))
    return get_url("", params, "UTF-8").removeprefix("?").encode()


def exchange(sandbox, raw: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", int(sandbox.server.base_url.rpartition(":")[2]))) as client:
        client.settimeout(5)
        client.sendall(raw)
        return b"".join(iter(lambda: client.recv(65536), b""))


POST_HEAD = (
    b"POST /gateway.do?_input_charset=UTF-8 HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)


@pytest.mark.parametrize(
    ("shape", "code", "what"),
    [
        pytest.param(
            lambda query: b"GET /gateway.do?%s HTTP/1.1\r\n\r\n" % query.replace(b"+", b" "),
            "ILLEGAL_ENCODING",
            "raw byte 0x20",
            id="blank",
        ),
        pytest.param(
            lambda query: b"GET /gateway.do?%s HTTP/1.1\r\n\r\n" % unquote_to_bytes(query),
            "ILLEGAL_ENCODING",
            "raw byte 0xE5",
            id="raw-utf-8",
        ),
        pytest.param(
            lambda query: (
                b"GET /gateway.do?%s HTTP/1.1\r\n\r\n" % unquote_to_bytes(query).decode().encode("gbk")
            ),
            "ILLEGAL_ENCODING",
            "form-encoded in GBK",
            id="raw-gbk",
        ),
        pytest.param(
            lambda query: POST_HEAD + b"Content-Length: %d\r\n" % len(query) * 2 + b"\r\n" + query,
            "ILLEGAL_ARGUMENT",
            "Duplicate Content-Length",
            id="two-lengths",
        ),
        pytest.param(
            lambda query: (
                POST_HEAD
                + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                + b"%x\r\n%s\r\n0\r\n\r\n" % (len(query), query)
            ),
            "ILLEGAL_ARGUMENT",
            "Transfer-Encoding",
            id="length-and-chunks",
        ),
        pytest.param(
            lambda query: b"GET /gateway.do?%s HTTP/1.1\nHost: localhost\n\n" % query,
            "ILLEGAL_ARGUMENT",
            "CRLF",
            id="bare-line-feeds",
        ),
    ],
)
def test_what_http_servers_throw_away_is_refused_and_explained(sandbox, control, shape, code, what):
    number = control.pay(None, "10.00", "USD")["out_trade_no"]
    answer = exchange(sandbox, shape(refund_query(sandbox, number)))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/xml")
    assert f"<is_success>F</is_success><error>{code}</error>".encode() in answer
    (request,) = control.requests()
    assert request["verdict"] == f"refused {code}"
    forms = [each for each in request["findings"] if each["requirement"] == "request.encoding"]
    assert len(forms) == 1
    assert what in forms[0]["detail"]
    assert sandbox.engine.trades.get(number).refunds == ()


@pytest.mark.parametrize(
    "head",
    [
        b"Connection: close\r\n",
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n",
    ],
    ids=["plain", "offers-http2"],
)
def test_what_http_servers_pass_on_is_carried_out(sandbox, control, head):
    number = control.pay(None, "10.00", "USD")["out_trade_no"]
    query = refund_query(sandbox, number)
    answer = exchange(
        sandbox,
        b"%s%sContent-Length: %d\r\n\r\n%s" % (POST_HEAD, head, len(query), query),
    )
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"<result_code>SUCCESS" in answer
    assert control.findings() == []


def test_what_is_remembered_is_bounded(sandbox):
    log = RequestLog(sandbox.keys, most=3)
    merchant(sandbox).create_qr_code(SHOP)
    seen = sandbox.log.entries[0]
    for _ in range(10):
        log.add(seen.record)
    assert [each.number for each in log.entries] == [8, 9, 10]
    small = RequestLog(sandbox.keys, most_bytes=1)
    for _ in range(3):
        small.add(seen.record)
    assert len(small.entries) == 1


def test_a_request_is_judged_when_somebody_asks_and_once(sandbox):
    merchant(sandbox).create_qr_code(SHOP)
    seen = sandbox.log.entries[0]
    asked = []
    logged = LoggedRequest(1, seen.record, lambda record: asked.append(record) or iter(()), Diagnosis)
    assert asked == []
    assert logged.breaches == logged.breaches == ()
    assert asked == [seen.record]


def test_the_other_path_health_and_the_other_services(sandbox):
    base = sandbox.server.base_url
    assert requests.get(f"{base}/health", timeout=5).json()["status"] == "ok"
    query = f"?service=notify_verify&partner={sandbox.keys.partner}&notify_id=none"
    assert requests.get(f"{base}/cooperate/gateway.do{query}", timeout=5).text == "false"
    assert sandbox.log.entries[0].breaches == ()


@pytest.mark.parametrize(
    ("window", "last"),
    [
        ("day", "2026-03-09T23:59:59+08:00"),
        ("day+15min", "2026-03-10T00:14:59+08:00"),
        ("24h", "2026-03-10T11:59:59+08:00"),
    ],
)
def test_the_cancel_window_that_was_asked_for(window, last):
    last = datetime.fromisoformat(last)
    with Sandbox(Settings(cancel_window=window)) as sandbox:
        shop, codes = merchant(sandbox), []
        for moment in (last, last + timedelta(seconds=1)):
            sandbox.clock.stand(datetime.fromisoformat("2026-03-09T12:00:00+08:00"))
            number = sandbox.engine.pay(None, "12.50", "USD", sandbox.clock())
            sandbox.clock.stand(moment)
            codes.append(shop.cancel(number).code)
    assert codes == [None, "TRADE_CANCEL_TIME_OUT"]


def test_https_for_shops_that_insist(tmp_path):
    with Sandbox(Settings(tls=True, ca_file=tmp_path / "ca.pem")) as sandbox:
        account = account_of()
        shop = Merchant(account, sandbox.gateway_url, "https://shop.example/n", ca_file=tmp_path / "ca.pem")
        assert sandbox.gateway_url.startswith("https://")
        assert shop.create_qr_code(SHOP).outcome == "success"
        control = ControlClient(sandbox.control_url, sandbox.token, ca_file=tmp_path / "ca.pem")
        assert control.findings() == []
        control.close()
