"""How long a queue is waited for."""

from types import SimpleNamespace

import pytest

from alipay_qr_conformance.subjects import Result
from alipay_qr_conformance.testbed import booking
from alipay_qr_conformance.testbed.booking import Booking, seconds_to_book, seconds_to_send

PAID, NONE = {"state": "paid"}, {"state": "none"}


@pytest.fixture
def clock(monkeypatch):
    """A clock that only sleeping moves."""
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(booking.time, "monotonic", lambda: now.seconds)
    monkeypatch.setattr(booking.time, "sleep", lambda seconds: setattr(now, "seconds", now.seconds + seconds))
    return now


def bed(clock, *moments):
    """A subject whose record changes at the given moments."""

    def ask(_op, **_):
        return Result(next(found for at, found in reversed(moments) if at <= clock.seconds))

    return SimpleNamespace(ask=ask, subject=SimpleNamespace(supports=lambda _: True))


def test_who_books_before_it_answers_is_not_waited_for(clock):
    assert seconds_to_book(bed(clock, (0, PAID)), "T1") == 0
    waits = Booking(0.0)
    waits.acknowledged("T1")
    assert waits.look(bed(clock, (0, NONE)), "T1") == NONE
    assert clock.seconds == 0
    assert waits.warnings() == []


@pytest.mark.parametrize("delay", [0.05, 0.2, 0.8, 1.5])
def test_a_queue_is_waited_for_and_no_longer(clock, delay):
    shop = bed(clock, (0, NONE), (delay, PAID))
    measured = seconds_to_book(shop, "T1")
    assert delay <= measured < delay + 0.05
    clock.seconds = 0.0
    waits = Booking(measured)
    waits.before(shop, "T1")
    waits.acknowledged("T1")
    assert waits.look(shop, "T1") == PAID
    assert clock.seconds < delay + 0.05
    assert "it books" in waits.warnings()[0]


def test_a_second_change_is_waited_for_where_it_would_be_the_fault(clock):
    twice = PAID | {"fulfilled": "2"}
    shop = bed(clock, (0, PAID | {"fulfilled": "1"}), (0.2, twice))
    waits = Booking(0.2)
    waits.acknowledged("T1")
    assert waits.look(shop, "T1", to_the_end=True) == twice


def test_a_record_that_was_made_and_not_yet_filled_is_no_news(clock):
    made = NONE | {"fulfilled": "0"}
    shop = bed(clock, (0, NONE), (0.1, made), (0.3, PAID))
    waits = Booking(0.2)
    waits.before(shop, "T1")
    clock.seconds = 0.1
    waits.acknowledged("T1")
    assert waits.look(shop, "T1") == PAID


def test_a_payment_that_is_later_than_measured_has_all_its_time(clock):
    shop = bed(clock, (0, NONE), (1.9, PAID))
    waits = Booking(0.05)
    waits.acknowledged("T1")
    assert waits.look(shop, "T1") == PAID
    assert clock.seconds < 1.95


def test_news_that_change_nothing_are_not_waited_for_that_long(clock):
    shop = bed(clock, (0, PAID))
    waits = Booking(0.05)
    waits.before(shop, "T1")
    waits.acknowledged("T1")
    assert waits.look(shop, "T1") == PAID
    assert clock.seconds < 0.7


@pytest.mark.parametrize(("delay", "waited"), [(0.3, 0.6), (None, 0.0), (0.0, 0.0)])
def test_what_fits_is_waited_for_where_news_are(clock, delay, waited):
    steps = [{"refunded": each} for each in ("0.00", "0.10", "0.30")]
    shop = bed(clock, (0, steps[0]), (0.3, steps[1]), (0.6, steps[2]))
    waits = Booking(delay)
    waits.asked("T1")
    found = waits.until(shop, "T1", lambda told: told["refunded"] == "0.30")
    assert found == (steps[2] if waited else steps[0])
    assert waited <= clock.seconds < waited + 0.05


def test_what_never_fits_is_given_two_seconds(clock):
    waits = Booking(0.3)
    waits.acknowledged("T1")
    assert waits.until(bed(clock, (0, PAID)), "T1", lambda _: False) == PAID
    assert 2.0 <= clock.seconds < 2.6


def test_who_never_books_is_given_two_seconds(clock):
    assert seconds_to_book(bed(clock, (0, NONE)), "T1") is None
    assert 2.0 <= clock.seconds < 2.1


def test_a_shop_that_nobody_can_look_into_is_pressed_until_it_sends(clock):
    def sends(refund_amount):
        return clock.seconds >= 0.25 and refund_amount == "1.00"

    assert seconds_to_send(pressed(sends), REFUND, "10.01") == pytest.approx(0.3)


def test_a_shop_that_sends_what_it_does_not_know_is_pressed_until_it_declines_too_much(clock):
    def sends(refund_amount):
        return clock.seconds < 0.25 or refund_amount == "1.00"

    assert seconds_to_send(pressed(sends), REFUND, "10.01") == pytest.approx(0.3)


@pytest.mark.parametrize("keeps_sums", [True, False])
def test_a_shop_that_books_at_once_is_not_waited_for(clock, keeps_sums):
    shop = pressed(lambda refund_amount: refund_amount == "1.00" or not keeps_sums)
    assert seconds_to_send(shop, REFUND, "10.01") == 0.0


REFUND = {"refund_amount": "1.00", "partner_refund_id": "R1"}


def pressed(sends):
    """A shop that nobody can look into, by what it sends at this moment."""
    session = SimpleNamespace(records=[])

    def ask(_op, refund_amount, **_):
        if sends(refund_amount):
            session.records.append("refund")

    return SimpleNamespace(ask=ask, session=session)
