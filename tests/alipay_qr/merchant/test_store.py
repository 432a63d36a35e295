from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr.errors import RuleError
from alipay_qr.ledger import Refund, State, Trade
from alipay_qr.merchant import MemoryStore, SqliteStore, TradeRecord
from alipay_qr.merchant.pending import begin_refund
from alipay_qr.merchant.store import _from_json, _to_json
from alipay_qr.merchant.trade import announce, book_payment

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "books.sqlite")


def paid(record):
    return book_payment(announce(record, currency="USD", total=Decimal("10.00")), NOON)


def test_an_unused_number_has_an_empty_record(store):
    assert store.read("T1") == TradeRecord("T1")


def test_a_change_is_kept_and_returned(store):
    made = store.change("T1", paid)
    assert made.state == "paid"
    assert store.read("T1") == made
    assert store.read("T2").state == "none"


def test_a_step_that_raises_changes_nothing(store):
    before = store.change("T1", paid)

    def refuse(_):
        raise RuleError("no", code="X")

    with pytest.raises(RuleError):
        store.change("T1", refuse)
    assert store.read("T1") == before
    assert store.change("T1", lambda record: record) == before


def with_refund(number):
    def step(record):
        return begin_refund(
            record, partner_refund_id=number, amount=Decimal("1.00"), currency="USD", at=NOON, sync=True
        )

    return step


def test_a_refund_is_found_by_its_number_until_it_is_taken_back(store):
    store.change("T1", paid)
    store.change("T1", with_refund("R1"))
    store.change("T2", with_refund("R2"))
    assert [store.trade_of_refund(number) for number in ("R1", "R2", "R3")] == ["T1", "T2", None]
    store.change("T1", paid_anew)
    assert store.trade_of_refund("R1") is None
    assert store.trade_of_refund("R2") == "T2"


def paid_anew(record):
    """The record without its refunds."""
    return paid(TradeRecord(record.out_trade_no))


def test_clear_forgets_everything(store):
    store.change("T1", paid)
    store.change("T1", with_refund("R1"))
    store.clear()
    assert store.read("T1").state == "none"
    assert store.trade_of_refund("R1") is None


def test_of_many_refunds_at_once_no_more_than_the_payment_is_noted(store):
    store.change("T1", paid)

    def ask(number):
        try:
            store.change(
                "T1",
                lambda record: begin_refund(
                    record,
                    partner_refund_id=f"R{number}",
                    amount=Decimal("3.00"),
                    currency="USD",
                    at=NOON,
                    sync=True,
                ),
            )
        except RuleError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(16))) == 3
    assert store.read("T1").pending == Decimal("9.00")


def test_two_stores_share_one_file(tmp_path):
    one, other = SqliteStore(tmp_path / "books"), SqliteStore(tmp_path / "books")
    one.change("T1", paid)
    assert other.read("T1").state == "paid"


@pytest.mark.parametrize("path", ["", ":memory:"])
def test_a_sqlite_store_needs_a_file(path):
    with pytest.raises(ValueError, match="needs a file"):
        SqliteStore(path)


moments = st.timedeltas(timedelta(0), timedelta(days=36500)).map(lambda age: NOON - timedelta(9000) + age)
refunds = st.builds(
    Refund,
    st.text(min_size=1, max_size=8),
    st.decimals("0.01", "9.99", places=2),
    st.just("USD"),
    moments,
    st.booleans(),
)


@given(
    st.text(max_size=8),
    st.sampled_from(list(State)),
    st.none() | moments,
    st.lists(refunds, max_size=3).map(tuple),
    st.booleans(),
)
def test_every_record_survives_the_file(number, state, moment, made, known):
    trade = Trade(
        "T1", "USD", Decimal("10.00"), state, number, moment, moment and moment + timedelta(1), made
    )
    record = (
        TradeRecord("T1", trade, "undecided", (), frozenset({number}), 1)
        if known
        else TradeRecord("T1", None, "", made)
    )
    assert _from_json("T1", _to_json(record)) == record
