"""Calls in threads: a hang is told from slow work, and what comes late is dropped."""

import threading

import pytest

from alipay_qr_conformance.subjects import Hang, Result, threads
from alipay_qr_conformance.subjects.threads import Batch, Worker


def says(text):
    return lambda: Result({"said": text})


@pytest.fixture
def gate():
    opened = threading.Event()
    yield opened
    opened.set()


@pytest.fixture
def worker():
    made = Worker()
    yield made
    made.leave()


def test_one_worker_answers_in_order(worker):
    seen = []
    batch = Batch([lambda number=number: seen.append(number) or Result({}) for number in range(5)])
    worker.do(batch)
    assert batch.wait(10.0)
    assert seen == [0, 1, 2, 3, 4]
    assert batch.answers == [Result({})] * 5


def test_time_counts_from_the_last_answer(worker, gate, monkeypatch):
    """The first call takes longer than all may take together, and the second begins when it ends."""
    now, looks = [0.0], []

    class Clock:
        @staticmethod
        def monotonic():
            if threading.current_thread() is threading.main_thread():
                looks.append(now[0])
                if looks.count(100.0) == 4:  # the side that waits has looked again, and is still patient
                    gate.set()
            return now[0]

    def slow():
        now[0] = 100.0
        return Result({})

    monkeypatch.setattr(threads, "time", Clock)
    batch = Batch([slow, lambda: gate.wait(30) and Result({})])
    worker.do(batch)
    assert batch.wait(0.01)
    assert batch.answers == [Result({})] * 2


def test_what_hung_is_known_and_the_rest_is_not_made(worker, gate):
    batch = Batch([says("a"), lambda: gate.wait(30) and Result({}), says("never")])
    worker.do(batch)
    assert not batch.wait(0.05)
    assert batch.answers == [Result({"said": "a"}), Hang(0.05), None]


def test_what_comes_late_is_dropped_and_the_worker_goes_on(worker, gate):
    late = Batch([lambda: gate.wait(30) and Result({}), says("never")])
    worker.do(late)
    assert not late.wait(0.05)
    gate.set()
    following = Batch([says("b")])
    worker.do(following)
    assert following.wait(10.0)
    assert late.answers == [Hang(0.05), None]


def test_all_that_are_being_made_have_hung(gate):
    workers = [Worker() for _ in range(3)]
    batch = Batch([lambda: gate.wait(30) and Result({})] * 5)
    for each in workers:
        each.do(batch)
        each.leave()
    assert not batch.wait(0.2)
    assert batch.answers == [Hang(0.2, 3)] * 3 + [None] * 2


def test_answers_that_are_there_are_no_hang():
    batch = Batch([says("a"), says("b")])
    batch.work()
    assert batch.wait(0.0)
    assert batch.answers == [Result({"said": "a"}), Result({"said": "b"})]
