"""The gateway's memory in a file: what was committed is there again, alone, under the same ids."""

import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.ledger import Refund, State, Trade
from alipay_qr_conformance.gateway import (
    Answer,
    Attempt,
    Code,
    Delivery,
    Engine,
    Payment,
    Server,
    Shop,
    SqliteStore,
    StoreError,
)
from alipay_qr_conformance.gateway.store.rows import (
    code_of,
    code_text,
    delivery_of,
    delivery_text,
    payment_of,
    payment_text,
)

NOW = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
CODE = Code(
    "https://qr.example/1",
    "https://img.example/1",
    Shop("m", "s", with_channel_fee=False),
    {"a": "店"},
    "http://x/n",
)
QUIET = settings(deadline=None, database=None, derandomize=True, max_examples=50)


@pytest.fixture(autouse=True)
def close_stores(monkeypatch):
    """Close whatever a test has opened: an open file is a warning, and a warning an error."""
    made = []

    class Kept(SqliteStore):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            made.append(self)

    monkeypatch.setitem(globals(), "SqliteStore", Kept)
    yield
    for store in made:
        store._database.close()


def engine(store) -> Engine:
    return Engine(partner=TEST_PARTNER, md5_key=TEST_MD5_KEY, store=store, seed=store.seed, announce=True)


def test_trades_keep_the_order_of_their_first_appearance(tmp_path):
    path = tmp_path / "gateway.db"
    first = SqliteStore(path)
    gateway = engine(first)
    numbers = [gateway.pay(None, "1.00", "USD", NOW, out_trade_no=name) for name in ("T2", "T10", "T1")]
    gateway.commit()
    gateway.trades.close("T2", NOW)
    first.close()
    assert [trade.out_trade_no for trade in engine(SqliteStore(path)).trades.all()] == numbers


def test_a_file_whose_tables_have_no_row_ids_goes_on(tmp_path):
    path = tmp_path / "gateway.db"
    with closing(sqlite3.connect(path)) as database:
        for table in ("setting", "counter", "code", "payment", "notify_id", "delivery"):
            database.execute(
                f"CREATE TABLE {table} (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
            )
        database.execute("PRAGMA user_version=1")
    first = SqliteStore(path, seed=7)
    number = engine(first).pay(None, "12.50", "USD", NOW)
    first.commit()
    engine(first).trades.close(number, NOW)
    first.close()
    second = SqliteStore(path)
    assert (second.seed, second.payment(number).trade.state) == (7, State.CLOSED)


def test_what_was_committed_is_there_again(tmp_path):
    path = tmp_path / "gateway.db"
    first = SqliteStore(path, seed=7)
    gateway = engine(first)
    number = gateway.pay(None, "12.50", "USD", NOW, notify_url="http://127.0.0.1:9/n", buyer_id="李雷")
    first.put_code(CODE)
    gateway.commit()
    first.close()
    second = SqliteStore(path)
    assert second.seed == 7
    again = engine(second)
    assert again.trades.get(number) == gateway.trades.get(number)
    assert second.code(CODE.qrcode) == CODE
    assert second.code_of(CODE.shop) == CODE
    assert [each.out_trade_no for each in again.outbox.take()] == [number]
    assert again.notifications.make(number, NOW) == gateway.notifications.make(number, NOW)
    second.close()


def test_ids_go_on_where_they_stopped(tmp_path):
    alone = engine(SqliteStore(tmp_path / "alone.db", seed=3))
    expected = [alone.pay(None, "1.00", "USD", NOW) for _ in range(4)]
    found = []
    for _ in range(4):
        store = SqliteStore(tmp_path / "restarted.db", seed=3)
        found.append(engine(store).pay(None, "1.00", "USD", NOW))
        store.close()
    assert found == expected


def test_what_was_not_committed_is_not_there(tmp_path):
    path = tmp_path / "gateway.db"
    store = SqliteStore(path)
    number = engine(store).pay(None, "1.00", "USD", NOW)
    store._database.close()
    assert SqliteStore(path).payment(number) is None


def test_a_second_holder_of_the_file_is_refused(tmp_path):
    path = tmp_path / "gateway.db"
    store = SqliteStore(path)
    code = f"from alipay_qr_conformance.gateway import SqliteStore; SqliteStore({str(path)!r})"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert other.returncode == 1
    assert "is in use by another gateway (stop the other process, or give this one" in other.stderr
    with pytest.raises(StoreError, match="in use"):
        SqliteStore(path)
    store.close()
    SqliteStore(path).close()


def test_another_seed_is_refused(tmp_path):
    SqliteStore(tmp_path / "a.db", seed=1).close()
    with pytest.raises(StoreError, match="made with seed 1, not 2"):
        SqliteStore(tmp_path / "a.db", seed=2)


@pytest.mark.parametrize("content", ["text", "foreign", "folder", "newer"])
def test_a_file_that_is_something_else_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "other"
    if content == "text":
        path.write_text("dear diary, " * 100)
    elif content == "folder":
        path.mkdir()
    else:
        database = sqlite3.connect(path)
        database.execute("CREATE TABLE mine (x)" if content == "foreign" else "PRAGMA user_version=99")
        database.commit()
        database.close()
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError):
        SqliteStore(path)
    assert (path.read_bytes() if path.is_file() else b"") == before or content in {"foreign", "newer"}
    if content == "foreign":
        with closing(sqlite3.connect(path)) as database, database:
            assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]


def test_reset_forgets_all_but_the_seed(tmp_path):
    store = SqliteStore(tmp_path / "a.db", seed=5)
    gateway = engine(store)
    first = gateway.pay(None, "1.00", "USD", NOW, notify_url="http://127.0.0.1:9/n")
    gateway.commit()
    gateway.reset()
    assert gateway.outbox.take() == []
    assert gateway.trades.all() == []
    store.close()
    assert SqliteStore(tmp_path / "a.db", seed=5).payments() == []
    assert engine(SqliteStore(tmp_path / "b.db", seed=5)).pay(None, "1.00", "USD", NOW) == first


def test_what_cannot_be_written_is_not_acknowledged():
    failing = [True]

    def commit() -> None:
        if failing[0]:
            raise StoreError("the disk is full", code="store.unwritable")

    with Server(commit=commit) as server:
        url = server.mount("/", lambda _: Answer(b"done"))
        refused = requests.get(url, timeout=5)
        failing[0] = False
        assert (refused.status_code, requests.get(url, timeout=5).content) == (500, b"done")
        assert isinstance(server.errors[0], StoreError)


def test_answers_that_are_ready_together_share_a_commit():
    commits = []
    with Server(commit=lambda: commits.append(1)) as server:
        url = server.mount("/", lambda _: Answer(b"ok"))
        with requests.Session() as session:
            assert [session.get(url, timeout=5).text for _ in range(3)] == ["ok"] * 3
        assert len(commits) == 3


seconds = st.floats(0, 1e10)
attempts = st.builds(Attempt, seconds, seconds, seconds, st.integers(0, 599), st.binary(), st.text())
amounts = st.integers(1, 10**6).map(lambda cents: Decimal(cents) / 100)
refunds = st.builds(
    Refund, st.text(min_size=1, max_size=8), amounts, st.just("USD"), st.just(NOW), st.booleans()
)
trades = st.builds(
    Trade,
    st.text(min_size=1, max_size=10),
    st.just("USD"),
    amounts,
    st.sampled_from(State),
    st.text(max_size=5),
    st.none() | st.timedeltas(timedelta(0), timedelta(9)).map(lambda each: NOW + each),
    st.none(),
    st.lists(refunds, max_size=3).map(tuple),
)


@QUIET
@given(
    st.builds(
        Payment,
        trades,
        st.none() | st.text(),
        st.lists(st.tuples(st.text(), st.text())).map(tuple),
        st.text(),
    )
)
def test_a_payment_is_read_as_it_was_written(payment):
    assert payment_of(payment_text(payment)) == payment


@QUIET
@given(
    st.builds(
        Delivery,
        st.integers(1),
        st.text(),
        st.text(),
        st.text(),
        st.binary(),
        st.text(),
        seconds,
        attempts=st.lists(attempts, max_size=2).map(tuple),
    )
)
def test_a_delivery_is_read_as_it_was_written(delivery):
    assert delivery_of(delivery_text(delivery)) == delivery


def test_a_code_is_read_as_it_was_written():
    assert code_of(code_text(CODE)) == CODE


CHILD = textwrap.dedent("""
    import json, sys
    from datetime import UTC, datetime
    from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
    from alipay_qr_conformance.gateway import Answer, Engine, Server, SqliteStore
    store = SqliteStore(sys.argv[1])
    engine = Engine(partner=TEST_PARTNER, md5_key=TEST_MD5_KEY, store=store, announce=True)
    now = lambda: datetime.now(UTC)
    def pay(request):
        number = engine.pay(None, "10.00", "USD", now(), notify_url="http://127.0.0.1:9/n")
        return Answer(number.encode())
    with Server(commit=engine.commit) as server:
        server.mount("/pay", pay)
        print(server.base_url, flush=True)
        sys.stdin.read()
""")


def test_what_was_acknowledged_survives_kill_9(tmp_path):
    path = tmp_path / "gateway.db"
    acknowledged = []
    for _ in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, stdin=subprocess.PIPE
        )
        url = child.stdout.readline().decode().strip()
        with requests.Session() as session:
            acknowledged += [session.post(f"{url}/pay", timeout=5).text for _ in range(20)]
        child.kill()
        child.communicate()
    assert len(set(acknowledged)) == 100
    store = SqliteStore(path)
    assert sorted(payment.trade.out_trade_no for payment in store.payments()) == sorted(acknowledged)
    pending = [each.out_trade_no for each in engine(store).outbox.take()]
    assert sorted(pending) == sorted(acknowledged)
    store.close()
