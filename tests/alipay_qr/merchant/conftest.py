"""A gateway that answers what the test says, on loopback, and a merchant that talks to it."""

from datetime import datetime, timedelta

import pytest

from alipay_qr.account import TEST_PARTNER
from alipay_qr.account import test_account as sandbox
from alipay_qr.beijing import BEIJING
from alipay_qr.merchant import Merchant
from alipay_qr.signing import sign_params
from alipay_qr.wire import encode_error, encode_notification, encode_response, read_request
from alipay_qr_conformance.gateway.engine.response import Answer
from alipay_qr_conformance.gateway.http.server import Server

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=BEIJING)
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def signed_body(fields, account=None, **changes):
    """The body of a response that Alipay signed (with MD5 the key is shared, so we can play Alipay)."""
    account = account or sandbox()
    sign = sign_params(fields, account.signer, account.charset)
    parts = {"sign": sign, "sign_type": account.sign_type, "charset": account.charset} | changes
    return encode_response(fields, **parts)


def notification_body(account=None, **fields):
    """The body of a notification that Alipay signed; None takes a field away."""
    account = account or sandbox()
    genuine = {
        "notify_id": "n-1",
        "notify_time": "2026-03-09 12:00:00",
        "notify_type": "trade_status_sync",
        "out_trade_no": "T1",
        "trade_no": "2026030921001004",
        "trade_status": "TRADE_SUCCESS",
        "seller_id": TEST_PARTNER,
        "total_fee": "10.00",
        "trans_currency": "USD",
        "gmt_payment": "2026-03-09 11:59:58",
    }
    params = {name: value for name, value in (genuine | fields).items() if value is not None}
    params["sign"] = fields.get("sign") or sign_params(params, account.signer, account.charset)
    params["sign_type"] = fields.get("sign_type") or account.sign_type
    return encode_notification(params, account.charset)


class Gateway:
    """Answers requests from ``answers``, in order, and keeps what it was asked."""

    def __init__(self):
        self.answers = []
        self.requests = []
        self.url = ""

    def handle(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, Answer) else Answer(answer)

    @property
    def asked(self):
        return [dict(read_request(request).params) for request in self.requests]

    def says(self, **fields):
        self.answers.append(signed_body(fields))

    def fails(self, code):
        self.answers.append(signed_body({"result_code": "FAIL", "detail_error_code": code}))

    def refuses(self, code):
        self.answers.append(encode_error(code))

    def stumbles(self):
        self.answers.append(Answer(b"", status=502))


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def next_day(self):
        self.now += timedelta(days=1)


@pytest.fixture(scope="session")
def server():
    with Server() as running:
        yield running


@pytest.fixture
def gateway(server, request):
    found = Gateway()
    prefix = f"/g{abs(hash(request.node.nodeid))}"
    found.url = server.mount(prefix, found.handle)
    yield found
    server.unmount(prefix)
    assert not server.errors
    assert not found.answers, "an answer was never asked for"


@pytest.fixture(scope="session")
def signed():
    return signed_body


@pytest.fixture(scope="session")
def notification():
    return notification_body


@pytest.fixture(scope="session")
def make_clock():
    return lambda: Clock(NOON)


@pytest.fixture
def clock(make_clock):
    return make_clock()


@pytest.fixture
def merchant(gateway, clock):
    with Merchant(
        sandbox(), gateway.url, "https://shop.example/notify", clock=clock, allow_http=True, timeout=(1, 1)
    ) as made:
        yield made


@pytest.fixture
def paid(merchant):
    """A merchant with one trade, T1: 10.00 USD paid at noon."""
    assert merchant.receive_notification(notification_body(), FORM) == "success"
    return merchant
