"""Every example shop against a running ``alipay-qr gateway``: it learns the gateway's URL, and no more.

The gateway's own notifications arrive over HTTP too, at a listener that hands them to the shop as they came.
"""

import base64
import contextlib
import threading
import time
from datetime import UTC, datetime

import pytest

from alipay_qr_conformance.gateway import Answer, Server
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.sandbox import ControlClient
from alipay_qr_conformance.subjects import ProcessTransport, Result, Subject
from example_shops import COMMANDS, LANGUAGES
from running_gateway import labels, started

STORE = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "shop_001",
    "secondary_merchant_name": "小店",
    "store_name": "One & only",
    "trans_currency": "USD",
    "currency": "USD",
}


@contextlib.contextmanager
def running(*options):
    """Start the command; yield its gateway URL and its control API."""
    process, said = started("--quiet", *options)
    told = labels(said)
    client = ControlClient(
        told["control API"], told["control token"], ca_file=told.get("trust this CA"), timeout=30
    )
    try:
        yield told["gateway URL"], client
    finally:
        client.close()
        process.terminate()
        process.communicate(timeout=15)


@pytest.fixture(scope="module")
def plain():
    with running() as gateway:
        yield *gateway, None


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    ca_file = tmp_path_factory.mktemp("tls") / "ca.pem"
    with running("--tls", "--ca-file", str(ca_file)) as gateway:
        yield *gateway, ca_file.read_text("ascii")


class Shop:
    """An example behind its adapter; the listener's thread and the test take turns."""

    def __init__(self, command):
        self.subject = Subject(ProcessTransport(command))
        self.turn = threading.Lock()
        self.heard = 0

    def __call__(self, op, **args):
        with self.turn:
            answer = self.subject.call(op, args, datetime.now(UTC))
        assert isinstance(answer, Result), answer
        return answer.value

    def notified(self, request):
        body = base64.b64encode(request.body).decode("ascii")
        reply = self("notify", body_base64=body, content_type=request.content_type)["reply"]
        self.heard += 1
        return Answer(reply.encode("utf-8"), content_type="text/plain")


def delivered(control, trade, count):
    """Wait until the shop has acknowledged as many notifications of a trade."""
    deadline = time.monotonic() + 30
    while [each["state"] for each in control.notifications() if trade in each["body"]] != ["done"] * count:
        assert time.monotonic() < deadline, control.notifications()
        time.sleep(0.02)


def lives(shop, control, notify_url, name):
    """Create a code; have it paid, refund a part; have it paid again, cancel."""
    made = shop("create_qr_code", biz_data={**STORE, "store_id": name}, notify_url=notify_url)
    assert made["outcome"] == "success"
    expected = {"qrcode": made["qrcode"], "total_fee": "12.50", "currency": "USD"}
    trades = []
    for _ in range(2):
        shop("expect", **expected)
        trade = control.pay(*expected.values())["out_trade_no"]
        delivered(control, trade, 1)
        known = shop("trade", out_trade_no=trade)
        assert (known["state"], known["fulfilled"]) == ("paid", "1")
        trades.append(trade)
    first, second = trades
    refund = {"partner_trans_id": first, "partner_refund_id": f"R-{name}"}
    refunded = shop("refund", **refund, refund_amount="2.50", currency="USD", is_sync="N")
    assert refunded["outcome"] == "accepted"
    delivered(control, first, 2)
    known = shop("trade", out_trade_no=first)
    assert (known["state"], known["refunded"]) == ("partly_refunded", "2.50")
    assert shop("cancel", out_trade_no=second)["outcome"] == "success"
    delivered(control, second, 2)
    assert shop("trade", out_trade_no=second)["state"] == "cancelled"


HTTPS = [
    pytest.param("tls", *each.values, id=f"{each.id}-tls", marks=each.marks)
    for each in LANGUAGES
    if each.id in {"php", "python"}
]


@pytest.mark.parametrize(
    ("gateway", "language"),
    [*(pytest.param("plain", *each.values, id=each.id, marks=each.marks) for each in LANGUAGES), *HTTPS],
)
def test_a_shop_that_knows_the_url_alone(gateway, language, tmp_path, request):
    url, control, ca_pem = request.getfixturevalue(gateway)
    shop = Shop(COMMANDS[language](tmp_path))
    seen = len(control.requests())
    with shop.subject, Server() as listener:
        notify_url = listener.mount("/notify", shop.notified)
        settings = {
            **TestKeys().settings("MD5"),
            "sign_type": "MD5",
            "charset": "UTF-8",
            "gateway_url": url,
            "notify_url": notify_url,
            "gateway_timeout": "15",
        }
        shop.subject.configure(settings | ({"gateway_ca_pem": ca_pem} if ca_pem else {}))
        shop.subject.reset()
        lives(shop, control, notify_url, f"{language}-{gateway}")
        assert listener.errors == []
    requests = control.requests(seen)
    assert [each["service"].rpartition(".")[2] for each in requests] == ["create", "refund", "cancel"]
    assert [each["findings"] for each in requests] == [[], [], []]
    assert shop.heard == 4
