"""The merchant's books and Alipay's statement, held against the messages."""

import sqlite3
from datetime import timedelta

import pytest
from audit_recordings import FAILED, NOON, asked, cancel, news, refund, signed, told

HOUR = timedelta(hours=1)
HEAD = "out_trade_no,state,paid,currency,refunded,fulfilled\n"
SETTLED = "Partner_transaction_id,Transaction_id,Transaction_amount,Currency,Payment_time,Transaction_type\n"
PAYMENT = SETTLED + "T1,2026111022001000000000000T1,30.00,USD,2026-11-10 12:00:00,PAYMENT\n"
PAID = [told(signed(news()))]
REFUNDED = [*PAID, asked(signed(refund()), at=NOON + HOUR)]
REFUSED = [*PAID, asked(signed(refund()), FAILED, at=NOON + HOUR)]
CANCELLED = [*PAID, asked(signed(cancel(at=NOON + HOUR)), at=NOON + HOUR)]
FORGED = [told({**signed(news()), "total_fee": "0.01"}, "fail")]


@pytest.mark.parametrize(
    ("records", "books", "accused"),
    [
        (PAID, "T1,paid,30.00,USD,0,1\n", set()),
        (PAID, "T1,paid,30,USD,,\n", set()),
        (PAID, "T1,paid,30.00,USD,0,2\n", {"notify.once.fulfilled"}),
        (PAID, "T1,paid,31.00,USD,0,1\n", {"notify.amount.believed"}),
        (PAID, "T1,paid,30.00,HKD,0,1\n", {"notify.amount.believed"}),
        (PAID, "T1,waiting,,,,\n", {"notify.status.believed"}),
        (PAID, "T2,waiting,,,,\n", {"notify.status.believed"}),
        (FORGED, "T1,paid,0.01,USD,0,1\n", {"notify.reject.changed"}),
        (FORGED, "T1,waiting,,,,\n", set()),
        (REFUNDED, "T1,partly_refunded,30.00,USD,10.00,1\n", set()),
        (REFUNDED, "T1,paid,30.00,USD,0,1\n", {"money.refund.booked"}),
        (REFUSED, "T1,paid,30.00,USD,0,1\n", set()),
        (REFUSED, "T1,partly_refunded,30.00,USD,10.00,1\n", {"money.refund.not-booked"}),
        (CANCELLED, "T1,cancelled,30.00,USD,0,1\n", set()),
        (CANCELLED, "T1,paid,30.00,USD,0,1\n", {"money.cancel.booked"}),
    ],
)
def test_books(audit, tmp_path, records, books, accused):
    (tmp_path / "books.csv").write_text(HEAD + books)
    report = audit(records, "--books", str(tmp_path / "books.csv"))
    assert {each["requirement"] for each in report["findings"]} == accused
    assert report["inputs"][1]["format"] == "books"


def test_a_finding_names_the_row(audit, tmp_path):
    (tmp_path / "books.csv").write_text(HEAD + "T0,waiting,,,,\nT1,paid,30.00,USD,0,2\n")
    (finding,) = audit(PAID, "--books", str(tmp_path / "books.csv"))["findings"]
    assert finding["places"][0]["file"].endswith("books.csv")
    assert finding["places"][0]["line"] == 3
    assert {each["event"] for each in finding["timeline"]} == {"notification", "books"}


def test_books_in_sqlite_under_other_names(audit, tmp_path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as database:
        database.execute("create table orders (id text, status text, amount text, goods integer)")
        database.execute("insert into orders values ('T1', 'paid', '30.00', 2)")
    database.close()
    names = {"out_trade_no": "id", "state": "status", "paid": "amount", "fulfilled": "goods"}
    options = [word for name, other in names.items() for word in ("--column", f"books.{name}={other}")]
    report = audit(PAID, "--books", str(path), *options)
    assert {each["requirement"] for each in report["findings"]} == {"notify.once.fulfilled"}


def test_the_statement_proves_a_payment(audit, tmp_path):
    (tmp_path / "statement.csv").write_text(PAYMENT)
    over = [asked(signed(refund(amount="30.01")), at=NOON + HOUR)]
    report = audit(over, "--statement", str(tmp_path / "statement.csv"))
    assert {each["requirement"] for each in report["findings"]} == {"money.refund.sum"}


@pytest.mark.parametrize(
    ("books", "accused"),
    [
        ("T1,partly_refunded,30.00,USD,10.00,1\n", set()),
        ("T1,paid,30.00,USD,0,1\n", {"money.refund.booked"}),
        ("T1,partly_refunded,30.00,USD,12.00,1\n", {"money.refund.not-booked"}),
        ("T1,waiting,,,,\n", {"notify.status.believed", "money.refund.booked"}),
    ],
    ids=["alike", "not booked", "booked alone", "unpaid"],
)
def test_books_against_the_statement(audit, tmp_path, books, accused):
    (tmp_path / "books.csv").write_text(HEAD + books)
    refunded = "T1,2026111022001000000000000T1,-10.00,USD,2026-11-10 13:00:00,REFUND\n"
    (tmp_path / "statement.csv").write_text(PAYMENT + refunded)
    options = ["--books", str(tmp_path / "books.csv"), "--statement", str(tmp_path / "statement.csv")]
    report = audit([told(signed(news("T9")))], *options)
    found = {each["requirement"] for each in report["findings"] if each.get("trade") == "T1"}
    assert found == accused


def test_tables_that_are_none(audit, tmp_path):
    (tmp_path / "books.csv").write_text("a,b\n1,2\n")
    report = audit(PAID, "--books", str(tmp_path / "books.csv"))
    assert report["inputs"][1]["unread"]["reasons"] == {"broken": 1}
    report = audit(PAID, "--books", str(tmp_path / "books.csv"), "--column", "books.colour=b")
    assert report["exit"] == 64


def test_what_a_table_computes_is_not_asked_for(audit, tmp_path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as database:
        database.execute(
            "create table orders (out_trade_no text, state text, paid text, currency text, "
            "refunded as (hex(zeroblob(300000000))), bomb as (hex(zeroblob(300000000))))"
        )
        database.execute("insert into orders values ('T1', 'paid', '31.00', 'USD')")
    database.close()
    report = audit(PAID, "--books", str(path))
    assert {each["requirement"] for each in report["findings"]} == {"notify.amount.believed"}


def test_a_line_without_an_end(audit, tmp_path):
    (tmp_path / "books.csv").write_text(HEAD + "T1,paid,31.00,USD,0,1\n" + "x" * 2_000_000)
    report = audit(PAID, "--books", str(tmp_path / "books.csv"))
    assert report["inputs"][1]["unread"]["reasons"] == {"broken": 1}
    assert {each["requirement"] for each in report["findings"]} == {"notify.amount.believed"}
