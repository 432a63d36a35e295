"""``alipay-qr gateway`` as people run it: what it prints, how it ends, what survives ``kill -9``."""

import argparse
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import pytest
import requests

from alipay_qr.account import TEST_PARTNER
from alipay_qr.account import test_account as account_of
from alipay_qr.keys import load_private_key, load_public_key
from alipay_qr.merchant import Merchant
from alipay_qr.signing import sign_params
from alipay_qr.wire import get_url
from alipay_qr_conformance.cli import main
from alipay_qr_conformance.cli.gateway import add_parser
from alipay_qr_conformance.gateway import SqliteStore
from alipay_qr_conformance.sandbox.state import CANCEL_WINDOWS

SHOP = {
    "secondary_merchant_industry": "5311",
    "secondary_merchant_id": "shop_001",
    "secondary_merchant_name": "Shop",
    "store_id": "A-101",
    "store_name": "One",
    "trans_currency": "USD",
    "currency": "USD",
}


def shop(url: str) -> Merchant:
    return Merchant(account_of(), url, "http://127.0.0.1:9/notify", allow_http=True)


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["ctrl-c", "terminate", "hang-up"]
)
def test_it_prints_a_configuration_a_line_per_request_and_ends_cleanly(start, number):
    gateway = start()
    assert gateway.value("partner") == TEST_PARTNER
    pem = gateway.said.partition("-----BEGIN PUBLIC KEY-----")
    assert load_public_key(
        pem[1] + pem[2].partition("-----END PUBLIC KEY-----")[0] + "-----END PUBLIC KEY-----"
    )
    java = gateway.said.rpartition("the same for Java:\n")[2].splitlines()[0]
    assert load_private_key(java).key_size == 1024
    assert requests.get(gateway.value("health"), timeout=5).json()["status"] == "ok"
    assert shop(gateway.url).create_qr_code(SHOP).outcome == "success"
    requests.get(gateway.url + "?service=alipay.acquire.cancel&sign=x\x1b[2J", timeout=5)
    said = gateway.end(number)
    assert gateway.process.returncode == 0
    assert "#1 POST commerce.qrcode.create: carried out SUCCESS\n" in said
    assert "MUST request.sign.valid:" in said
    assert "\x1b" not in said
    assert said.endswith("stopped\n")


def test_it_speaks_chinese_and_scripts_still_find_the_last_line(start):
    gateway = start("--lang", "zh")
    url = gateway.value("网关地址")
    assert gateway.value("合作伙伴身份") == TEST_PARTNER
    assert "Java 格式：\n" in gateway.said
    assert gateway.said.endswith("ready\n")
    requests.get(url + "?service=alipay.acquire.cancel&sign=x", timeout=5)
    said = gateway.end(signal.SIGTERM)
    assert "#1 GET acquire.cancel: 已拒绝 PARAMTER_IS_NULL" in said
    assert said.endswith("已停止\n")


def test_a_second_process_on_the_same_file_is_refused(start, tmp_path):
    start("--db", str(tmp_path / "a.db"))
    command = [sys.executable, "-m", "alipay_qr_conformance.cli", "gateway", "--port", "0"]
    second = subprocess.run(
        [*command, "--db", str(tmp_path / "a.db")], capture_output=True, text=True, timeout=20, check=False
    )
    assert second.returncode == 64
    assert "is in use by another gateway (stop the other process" in second.stderr


def test_a_port_that_is_taken(start, capsys):
    port = start().url.rpartition(":")[2].partition("/")[0]
    assert main(["gateway", "--port", port]) == 64
    assert "try --port 0" in capsys.readouterr().err


@pytest.mark.parametrize(
    "args", [["--time-scale", "0"], ["--time-scale", "x"], ["--account", "/nonexistent"], ["--port", "x"]]
)
def test_usage(args, capsys):
    assert main(["gateway", *args]) == 64
    assert "alipay-qr gateway" in capsys.readouterr().err


def test_listening_beyond_this_machine_is_warned_about(start):
    assert "warning: listening on 0.0.0.0" in start("--host", "0.0.0.0").end()  # noqa: S104 (that is the point)


def test_https_prints_what_to_trust(start):
    gateway = start("--tls")
    assert requests.get(gateway.value("health"), verify=gateway.value("trust this CA"), timeout=5).ok


def refund(gateway: http.client.HTTPConnection, number: str) -> str:
    """Ask for a refund over a connection that is kept: a new one would cost more than its answer."""
    params = {
        "service": "alipay.acquire.overseas.spot.refund",
        "partner": TEST_PARTNER,
        "_input_charset": "UTF-8",
        "sign_type": "MD5",
        "partner_trans_id": number,
        "partner_refund_id": f"R-{number}",
        "refund_amount": "2.50",
        "currency": "USD",
        "notify_url": "http://127.0.0.1:9/notify",
    }
    sign = sign_params(params, account_of().signer)
    gateway.request("GET", get_url("/gateway.do", {**params, "sign": sign}, "UTF-8"))
    return gateway.getresponse().read().decode()


def paid(gateway: http.client.HTTPConnection, token: str, code: str) -> str:
    """Let a customer pay, and return the number of the trade."""
    order = json.dumps({"qrcode": code, "total_fee": "12.50", "currency": "USD"})
    kind = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    gateway.request("POST", "/control/pay", order, kind)
    return json.loads(gateway.getresponse().read())["out_trade_no"]


def load(url: str, token: str, acknowledged: set[str], done: threading.Event) -> None:
    """Pay, refund and cancel until the gateway dies; note what was acknowledged, and nothing else."""
    code = shop(url).create_qr_code(SHOP).fields["qrcode"]
    gateway = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        while not done.is_set():
            number = paid(gateway, token, code)
            acknowledged.add(f"paid {number}")
            if "<result_code>SUCCESS<" in refund(gateway, number):
                acknowledged.add(f"refund R-{number}")
    except (OSError, http.client.HTTPException):  # that of `requests` is an OSError
        return
    finally:
        gateway.close()


KILLS = int(os.environ.get("DURABILITY_KILLS", "4"))
COPIES = int(os.environ.get("DURABILITY_COPIES", "3"))
EACH = int(os.environ.get("DURABILITY_REQUESTS", "20"))
"""Requests that are acknowledged before each kill; `make durability` sets more of all three."""

EACH_COPY = min(EACH, 100)
"""Requests before each copy: each copy is read whole."""


def test_what_was_acknowledged_survives_kill_9(start, tmp_path):
    path = tmp_path / "gateway.db"
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        gateway = start("--db", str(path), "--quiet")
        done = threading.Event()
        threads = [
            threading.Thread(
                target=load, args=(gateway.url, gateway.value("control token"), acknowledged, done)
            )
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        before = len(acknowledged)
        deadline = time.monotonic() + 10 + EACH / 10
        while len(acknowledged) < before + EACH and time.monotonic() < deadline:
            threads[0].join(0.01)
        gateway.process.kill()
        gateway.process.wait(10)
        done.set()
        for thread in threads:
            thread.join(10)
    assert len(acknowledged) >= EACH * KILLS
    holds(path, acknowledged)


def test_a_copy_of_the_files_holds_what_was_acknowledged(start, tmp_path):
    path = tmp_path / "gateway.db"
    acknowledged: set[str] = set()
    gateway = start("--db", str(path), "--quiet", "--durable", "full")
    done = threading.Event()
    thread = threading.Thread(
        target=load, args=(gateway.url, gateway.value("control token"), acknowledged, done)
    )
    thread.start()
    for number in range(COPIES):
        before, deadline = len(acknowledged), time.monotonic() + 10 + EACH_COPY / 10
        while len(acknowledged) < before + EACH_COPY and time.monotonic() < deadline:
            thread.join(0.01)
        gateway.process.send_signal(signal.SIGSTOP)
        known = set(acknowledged)
        copy = tmp_path / f"copy-{number}"
        copy.mkdir()
        for file in path.parent.glob("gateway.db*"):
            shutil.copy(file, copy)
        gateway.process.send_signal(signal.SIGCONT)
        assert len(known) >= before + EACH_COPY
        holds(copy / path.name, known)
    done.set()
    thread.join(10)


def holds(path, acknowledged: set[str]) -> None:
    """Assert that a file of the gateway holds what was acknowledged, each once."""
    store = SqliteStore(path)
    trades = {payment.trade.out_trade_no: payment.trade for payment in store.payments()}
    deliveries = [(each.out_trade_no, each.event) for each in store.deliveries()]
    store.close()
    assert len(set(deliveries)) == len(deliveries)
    for each in acknowledged:
        kind, number = each.split(" ")
        trade = trades[number.removeprefix("R-")]
        if kind == "paid":
            assert (trade.out_trade_no, "paid") in deliveries
        else:
            assert [refund.partner_refund_id for refund in trade.refunds] == [number]
            assert (trade.out_trade_no, f"refund {number}") in deliveries


@pytest.mark.parametrize("window", CANCEL_WINDOWS)
def test_every_cancel_window_is_an_option(window):
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    assert parser.parse_args(["gateway", "--cancel-window", window]).cancel_window == window


def test_a_link_in_place_of_the_ca_file_is_named(tmp_path, capsys):
    (tmp_path / "ca.pem").symlink_to(tmp_path / "elsewhere")
    assert main(["gateway", "--port", "0", "--tls", "--ca-file", str(tmp_path / "ca.pem")]) == 64
    assert capsys.readouterr().err.startswith(f"alipay-qr gateway: {tmp_path / 'ca.pem'}: a symbolic link")
    assert not (tmp_path / "elsewhere").exists()
