"""What the doctor makes of wrong signs comes later, from elsewhere, and holds nobody up."""

import threading
import time
from datetime import UTC, datetime

import pytest
import requests

from alipay_qr.signing import Md5, sign_params
from alipay_qr_conformance.model.outcomes import WrongSign
from alipay_qr_conformance.model.test_account import OwnKeys, TestKeys
from alipay_qr_conformance.sandbox import Sandbox, diagnoses
from alipay_qr_conformance.sandbox.diagnoses import Diagnoses
from alipay_qr_conformance.sandbox.scribe import Scribe

KEYS = TestKeys()


def wrong(number: int, key: str = KEYS.md5_key) -> WrongSign:
    """Return a sign over a text that holds sign_type too."""
    params = (("partner", KEYS.partner), ("sign_type", "MD5"), ("total_fee", str(number)))
    text = "&".join("=".join(pair) for pair in params)
    return WrongSign(params, "UTF-8", "MD5", Md5(key).sign(text.encode()))


@pytest.fixture
def asked():
    made = Diagnoses(KEYS)
    yield made
    made.close()


def test_a_few_are_explained_by_a_thread(asked):
    assert "sign_type" in asked.ask(wrong(1)).result(5).mistake.en
    assert asked._helper is None


def test_many_are_explained_by_a_process_and_by_the_thread_when_it_dies(asked):
    made = [asked.ask(wrong(each)) for each in range(8)]
    assert all("sign_type" in each.result(10).mistake.zh for each in made)
    asked._helper._process.kill()
    asked._helper._process.wait()
    assert "sign_type" in asked.ask(wrong(9)).result(5).mistake.en
    assert asked._helper is None


def test_the_process_knows_a_brought_account_too():
    keys = TestKeys(
        "2088000000000001", "a-key-of-its-own", OwnKeys(merchant_public=KEYS.merchant_public("RSA"))
    )
    helper = diagnoses._Helper(keys)
    assert "sign_type" in helper.explained(wrong(1, "a-key-of-its-own")).mistake.en
    helper.close()
    assert helper._process.returncode is not None


def test_what_waits_is_bounded_and_ends_with_the_sandbox(monkeypatch):
    begun, go = threading.Event(), threading.Event()
    monkeypatch.setattr(diagnoses, "in_full", lambda *_: begun.set() or (go.wait(5) and None))
    asked = Diagnoses(KEYS, most=2)
    first = asked.ask(wrong(0))
    assert begun.wait(5)
    rest = [asked.ask(wrong(each)) for each in range(1, 5)]
    assert [each.cancelled() for each in rest] == [True, True, False, False]
    closing = threading.Thread(target=asked.close)
    closing.start()
    while not rest[-1].cancelled():
        go.wait(0.001)
    go.set()
    closing.join()
    assert first.result(0) is None
    assert all(each.cancelled() for each in rest)
    assert asked.ask(wrong(9)).cancelled()


def test_no_answer_waits_for_an_explanation(monkeypatch):
    go = threading.Event()
    monkeypatch.setattr(diagnoses, "in_full", lambda *_: go.wait(5) and None)
    said = []
    with Sandbox() as sandbox:
        scribe = Scribe(said.append)
        sandbox._on_request = scribe.tell
        url = f"{sandbox.gateway_url}?service=alipay.acquire.cancel&sign=0"
        headers = {"Authorization": f"Bearer {sandbox.token}"}
        listed = threading.Thread(
            target=requests.get, args=(f"{sandbox.control_url}/requests",), kwargs={"headers": headers}
        )
        assert requests.get(url, timeout=2).ok
        listed.start()
        began = time.monotonic()
        assert requests.get(url, timeout=2).ok
        assert requests.get(f"{sandbox.server.base_url}/health", timeout=2).ok
        assert time.monotonic() - began < 0.9
        assert said == []
        go.set()
        listed.join()
        scribe.close()
    assert ["#1" in each[0] for each in said] == [True, False]


def test_an_explanation_is_kept_with_its_request(monkeypatch):
    calls = []
    monkeypatch.setattr(diagnoses, "in_full", lambda *args: calls.append(args))
    with Sandbox() as sandbox:
        params = {"service": "alipay.acquire.cancel", "partner": KEYS.partner, "out_trade_no": "T"}
        sign = sign_params(params, Md5("x" * 32))
        requests.get(sandbox.gateway_url, params={**params, "sign": sign, "sign_type": "MD5"}, timeout=5)
        logged = sandbox.log.entries[0]
        for _ in range(3):
            logged.diagnosis().result(5)
        assert logged.explained
        assert len(calls) == 1
        assert logged.record.at < datetime.now(UTC)
