"""One bad request costs one answer; a failure inside is told; nothing dies in silence."""

import queue
import sqlite3
from datetime import UTC, datetime

import pytest
import requests

from alipay_qr_conformance.cli import main
from alipay_qr_conformance.gateway.notify import notifier
from alipay_qr_conformance.gateway.store.sqlite import StoreError
from alipay_qr_conformance.sandbox import Sandbox, Settings
from alipay_qr_conformance.sandbox.failures import Failures


@pytest.fixture
def sandbox(tmp_path):
    with Sandbox(Settings(db=tmp_path / "gateway.db")) as sandbox:
        yield sandbox


def post(sandbox, name, body):
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    return requests.post(f"{sandbox.control_url}/{name}", data=body, headers=headers, timeout=5)


PAY = '{"total_fee": "1.00", "currency": "USD", %s}'


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("pay", PAY % r'"out_trade_no": "\ud800"', "surrogate"),
        ("pay", PAY % r'"\udfff": "x"', "surrogate"),
        ("pay", PAY % '"at": "x"', "no member 'at'"),
        ("pay", PAY % '"self": "x"', "no member 'self'"),
        ("pay", PAY % '"out_trade_n0": "x"', "no member"),
        ("clock", '{"now": "0001-01-01T00:00:00+00:00"}', "from 1990 to 2199"),
        ("clock", '{"now": "9999-12-31T23:59:59-12:00"}', "from 1990 to 2199"),
        ("clock", '{"now": "2026-03-09T12:00:00Z", "stil": true}', "no member 'stil'"),
        ("clock", '{"to": {}}', "to is one of"),
        ("notify", '{"out_trade_no": "x", "colour": 1}', "no member"),
        ("notify", '{"after": NaN}', "no JSON"),
        ("notify", '{"after": 1e300}', "from 0 to"),
        ("notify", '{"after": -1}', "from 0 to"),
        ("reset", '{"all": true}', "no member"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(sandbox, name, body, why):
    answer = post(sandbox, name, body)
    assert answer.status_code == 400
    assert why in answer.json()["error"]
    assert not sandbox.engine.trades.all()
    assert post(sandbox, "pay", '{"total_fee": "1.00", "currency": "USD"}').status_code == 200
    assert requests.get(f"{sandbox.server.base_url}/health", timeout=5).json()["trades"] == 1
    assert not sandbox.server.errors


def padded(size):
    return '{"advance": "1s"}'.ljust(size)


@pytest.mark.parametrize(
    ("name", "at", "above"),
    [
        ("clock", padded(64 * 1024), padded(64 * 1024 + 1)),
        ("clock", '{"now": "1990-01-01T00:00:00Z"}', '{"now": "1989-12-31T23:59:59Z"}'),
        ("clock", '{"now": "2199-12-31T23:59:59Z"}', '{"now": "2200-01-01T00:00:00Z"}'),
        ("notify", '{"after": 2592000}', '{"after": 2592001}'),
    ],
    ids=["body", "first year", "last year", "thirty days"],
)
def test_a_call_at_its_bound_and_one_above(sandbox, name, at, above):
    assert post(sandbox, "pay", PAY % '"notify_url": "http://127.0.0.1:9/"').status_code == 200
    assert post(sandbox, name, at).status_code == 200
    assert post(sandbox, name, above).status_code == 400


@pytest.mark.parametrize("host", ["a..b", "x" * 64, "x" * 64 + ".localhost", "a" * 300])
def test_an_impossible_host_is_an_attempt_with_its_reason(host):
    told = queue.SimpleQueue()
    with Sandbox(on_notification=told.put) as sandbox:
        sandbox.engine.outbox.put("T-1", "x", f"http://{host}/notify", b"a=b", "text/plain", repeats=False)
        sandbox.engine.commit()
        found = told.get(timeout=10)
    assert found.state in {"given-up", "refused"}
    assert found.attempts[0].error


def test_a_full_disk_is_told_and_nothing_is_acknowledged(tmp_path):
    told = []
    with Sandbox(Settings(db=tmp_path / "gateway.db"), on_failure=Failures(told.append)) as sandbox:
        pages = sandbox._store._database.execute("PRAGMA page_count").fetchone()[0]
        sandbox._store._database.execute(f"PRAGMA max_page_count={pages}")
        answers = [post(sandbox, "pay", PAY % f'"subject": "{"x" * 20_000}"').status_code for _ in range(5)]
        sandbox._store._database.execute("PRAGMA max_page_count=100000")
    assert answers == [500] * 5
    assert len(told) == 1
    assert "full" in told[0]
    assert "--db" in told[0]


def test_a_disk_that_fills_up_in_the_middle_loses_nothing(tmp_path):
    file = tmp_path / "gateway.db"
    with Sandbox(Settings(db=file, durable="full")) as sandbox:
        kept = [
            post(sandbox, "pay", PAY % f'"out_trade_no": "T-{number}"').status_code for number in range(3)
        ]
        pages = sandbox._store._database.execute("PRAGMA page_count").fetchone()[0]
        sandbox._store._database.execute(f"PRAGMA max_page_count={pages}")
        refused = post(sandbox, "pay", PAY % f'"out_trade_no": "T-3", "subject": "{"x" * 20_000}"')
        sandbox._store._database.execute("PRAGMA max_page_count=100000")
        kept.append(post(sandbox, "pay", PAY % '"out_trade_no": "T-4"').status_code)
    assert (kept, refused.status_code) == ([200] * 4, 500)
    with Sandbox(Settings(db=file)) as again:
        held = {trade.out_trade_no for trade in again.engine.trades.all()}
    assert {"T-0", "T-1", "T-2", "T-4"} <= held


def test_a_clock_that_jumps_both_ways_loses_nothing(tmp_path):
    file = tmp_path / "gateway.db"
    moments = ["2026-03-09T12:00:00Z", "2031-01-01T00:00:00Z", "1990-01-01T00:00:00Z", "2199-12-31T23:59:59Z"]
    with Sandbox(Settings(db=file)) as sandbox:
        for number, moment in enumerate(moments):
            assert post(sandbox, "clock", f'{{"now": "{moment}"}}').status_code == 200
            assert post(sandbox, "pay", PAY % f'"out_trade_no": "T-{number}"').status_code == 200
    with Sandbox(Settings(db=file)) as again:
        held = {trade.out_trade_no for trade in again.engine.trades.all()}
    assert held == {f"T-{number}" for number in range(4)}


def test_a_notifier_that_cannot_write_tells_it_and_goes_on(monkeypatch):
    monkeypatch.setattr(notifier, "_AGAIN", 0.01)
    told, failures = queue.SimpleQueue(), []
    with Sandbox(on_notification=told.put, on_failure=failures.append) as sandbox:
        outbox = sandbox.engine.outbox
        for name in ("take", "attempted"):
            monkeypatch.setattr(outbox, name, fails_once(getattr(outbox, name), name))
        outbox.put("T-1", "x", "http://a..b/notify", b"a=b", "text/plain", repeats=False)
        sandbox.engine.commit()
        assert told.get(timeout=10).state in {"given-up", "refused"}
    assert [str(each) for each in failures] == ["take", "attempted"]


def fails_once(act, name):
    """Return a function that fails the first time that it is called."""
    left = [OSError(name)]

    def acts(*args):
        if left:
            raise left.pop()
        return act(*args)

    return acts


def test_a_kind_of_failure_is_told_once_a_minute():
    now, told = [0.0], []
    failures = Failures(told.append, clock=lambda: now[0])
    for seconds in (0, 1, 59, 61, 62):
        now[0] = float(seconds)
        failures(ValueError("x\ny"))
        failures(KeyError(1))
    assert len(told) == 4
    assert "ValueError: x y" in told[0]


DAMAGES = {
    "payment": "INSERT INTO payment VALUES ('T', 'no json')",
    "payment-members": "INSERT INTO payment VALUES ('T', '{}')",
    "payment-list": "INSERT INTO payment VALUES ('T', '[1]')",
    "payment-deep": "INSERT INTO payment VALUES ('T', '" + "[" * 100_000 + "')",
    "code": "INSERT INTO code VALUES ('T', 'null')",
    "delivery": "INSERT INTO delivery VALUES ('1', '{\"number\": \"x\"}')",
    "counter": "INSERT INTO counter VALUES ('x', 'many')",
    "seed": "UPDATE setting SET value = 'x' WHERE name = 'seed'",
    "no-column": "DROP TABLE setting; CREATE TABLE setting (a, b)",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused_in_a_sentence(tmp_path, damage, capsys):
    file = tmp_path / "gateway.db"
    with Sandbox(Settings(db=file)) as sandbox:
        sandbox.engine.pay(None, "1.00", "USD", datetime.now(UTC))
    database = sqlite3.connect(file)
    database.executescript(damage)
    database.close()
    with pytest.raises(StoreError):
        Sandbox(Settings(db=file))
    assert main(["gateway", "--port", "0", "--db", str(file)]) == 64
    assert str(file) in capsys.readouterr().err


def test_a_small_file_of_something_else_is_not_written_over(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    with pytest.raises(StoreError, match="no gateway's memory"):
        Sandbox(Settings(db=file))
    assert file.read_text() == "mine"
