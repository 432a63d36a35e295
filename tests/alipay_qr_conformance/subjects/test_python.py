import functools
import threading

import pytest

from alipay_qr_conformance import Refused, Unsupported
from alipay_qr_conformance.subjects import (
    AdapterFault,
    Bounds,
    Garbled,
    Hang,
    NotSupported,
    PythonTransport,
    Raised,
    Refusal,
    Result,
)

ENDED = threading.Event()
"""Lets the threads of hanging calls go at the end of a test."""


class Shop:
    attribute = "no method"

    def __init__(self):
        self.calls = 0

    def hello(self):
        return {}

    def sign(self, params, charset="UTF-8"):
        params.sort()
        return {"sign": f"{charset} {params}"}

    def count(self, **_):
        self.calls += 1
        return {"calls": str(self.calls)}

    def echo(self, **everything):
        return everything

    def decline(self):
        raise Refused("too long")

    def cannot(self):
        raise Unsupported("no RSA", issue="https://example.org/1")

    def fail(self):
        raise KeyError("x" * 100_000)

    def leave(self):
        raise SystemExit(3)

    def unprintable(self):
        class UnhashableError(Exception):
            def __str__(self):
                raise RuntimeError

        raise UnhashableError

    def deep(self):
        return self.deep()

    def needs(self, never_given):
        raise AssertionError(never_given)

    def hang(self):
        ENDED.wait(30)
        return {}

    async def later(self):
        return {}

    def nothing(self):
        return None

    def wrong(self, kind):
        loop = {}
        loop["loop"] = loop
        return {
            "number": {"paid": 1},
            "bytes": {"sign": b"x"},
            "text": "sign",
            "loop": loop,
            "surrogate": {"sign": "\ud800"},
            "object": object(),
        }[kind]


@pytest.fixture
def shop():
    ENDED.clear()
    transport = PythonTransport(Shop)
    yield transport
    ENDED.set()
    transport.close()


@pytest.mark.parametrize(
    ("op", "args", "answer"),
    [
        ("hello", {"protocol": "1", "kit": "k"}, Result({})),
        ("sign", {"params": [["b", "c"], ["a", "b"]]}, Result({"sign": "UTF-8 [['a', 'b'], ['b', 'c']]"})),
        ("echo", {"a": [True, None]}, Result({"a": [True, None]})),
        ("decline", {}, Refusal("too long")),
        ("cannot", {}, NotSupported("no RSA", "https://example.org/1")),
        ("nothing", {}, Result({})),
        ("teleport", {}, NotSupported("it has no method teleport")),
        ("attribute", {}, NotSupported("it has no method attribute")),
        ("__init__", {}, NotSupported("it has no method __init__")),
    ],
)
def test_answers(shop, op, args, answer):
    assert shop.call(op, args) == answer


def test_a_subject_that_sorts_in_place_does_not_sort_the_kits_parameters(shop):
    params = [["b", "c"], ["a", "b"]]
    shop.call("sign", {"params": params})
    assert params == [["b", "c"], ["a", "b"]]


def test_now_is_passed_where_it_is_given(shop):
    assert shop.call("echo", {}, "2026-03-09T10:00:00+08:00") == Result({"now": "2026-03-09T10:00:00+08:00"})
    assert shop.call("echo", {}) == Result({})


@pytest.mark.parametrize(
    ("op", "words", "fault"),
    [
        ("fail", "KeyError", "subject"),
        ("leave", "SystemExit: 3", "subject"),
        ("unprintable", "whose text cannot be made: RuntimeError", "subject"),
        ("deep", "RecursionError", "subject"),
        ("needs", "missing 1 required positional argument", "adapter"),
    ],
)
def test_every_exception_is_an_answer_with_a_bounded_traceback(shop, op, words, fault):
    answer = shop.call(op, {})
    assert isinstance(answer, Raised)
    assert words in answer.message
    assert answer.fault == fault
    assert len(answer.message) + len(answer.traceback) < 20_000
    assert shop.call("count", {}) == Result({"calls": "1"})


def test_a_traceback_shows_the_subject_and_not_the_kit(shop):
    answer = shop.call("fail", {})
    assert "in fail" in answer.traceback
    assert "_perform" not in answer.traceback


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("number", "result.paid is a number"),
        ("bytes", "result.sign is of type bytes"),
        ("text", "result is a string"),
        ("loop", "deeper than 64"),
        ("surrogate", "lone surrogate"),
        ("object", "of type object"),
    ],
)
def test_leaves_are_checked_as_for_others(shop, kind, words):
    answer = shop.call("wrong", {"kind": kind})
    assert isinstance(answer, Garbled)
    assert words in answer.detail


def test_a_coroutine_is_named(shop):
    assert "async" in shop.call("later", {}).detail


def test_a_hang_costs_one_call_and_the_next_meets_a_fresh_instance(shop):
    assert shop.call("count", {}) == Result({"calls": "1"})
    assert shop.call("hang", {}, None, 0.05) == Hang(0.05)
    assert shop.broken
    assert shop.call("count", {}) == Result({"calls": "1"})
    assert not shop.broken
    assert shop.warnings == []


def test_a_late_result_is_dropped(shop):
    assert isinstance(shop.call("hang", {}, None, 0.05), Hang)
    ENDED.set()
    assert shop.call("echo", {"a": "b"}) == Result({"a": "b"})


def test_a_ready_made_object_is_used_again_and_that_is_said():
    ENDED.clear()
    transport = PythonTransport(Shop())
    transport.call("count", {})
    for _ in range(2):
        assert isinstance(transport.call("hang", {}, None, 0.05), Hang)
    assert transport.call("count", {}) == Result({"calls": "2"})
    assert len(transport.warnings) == 1
    ENDED.set()
    transport.close()


def test_calls_come_from_one_thread_unless_there_is_a_window():
    seen = []

    class Watched:
        def sign(self, wait):
            seen.append(threading.get_ident())
            if wait:
                meeting.wait(10)
            return {}

    meeting = threading.Barrier(4)
    transport = PythonTransport(Watched)
    transport.call_many([("sign", {"wait": False}, None)] * 5, 10.0, 1)
    assert len(set(seen)) == 1
    seen.clear()
    answers = transport.call_many([("sign", {"wait": True}, None)] * 4, 10.0, 4)
    assert answers == [Result({})] * 4
    assert len(set(seen)) == 4
    transport.close()


def test_a_hang_in_a_row_is_the_answer_of_its_own_call(shop):
    calls = [("count", {}, None), ("hang", {}, None), ("count", {}, None)]
    assert shop.call_many(calls, 0.05, 1) == [Result({"calls": "1"}), Hang(0.05), None]
    assert shop.call_many([("count", {}, None)] * 2, 10.0, 1) == [Result({"calls": n}) for n in "12"]


def test_no_calls_are_no_work():
    transport = PythonTransport("nowhere:Shop")
    assert transport.call_many([]) == []


class Changing:
    """Its ``sign`` is another one from call to call."""

    def sign(self, params):
        return {"sign": params}


def every(self, **everything):
    return {"sign": ",".join(sorted(everything))}


class Unhashable:
    """Can be called, and not be kept in a dict."""

    __hash__ = None

    def __call__(self, charset):
        return {"sign": charset}


def decorated(method):
    @functools.wraps(method)
    def call(self, **given):
        return method(self, **given)

    return call


@pytest.mark.parametrize(
    ("sign", "answer"),
    [
        (every, "charset,params"),
        (lambda self, charset: {"sign": charset}, "UTF-8"),
        (lambda self, *, params, more="x": {"sign": params + more}, "px"),
        (classmethod(lambda cls, charset: {"sign": charset + cls.__name__}), "UTF-8Changing"),
        (staticmethod(lambda params: {"sign": params}), "p"),
        (Unhashable(), "UTF-8"),
        (decorated(Changing.sign), "p"),
    ],
    ids=["all", "another", "by keyword", "of the class", "static", "unhashable", "decorated"],
)
def test_a_method_gets_what_it_names_even_where_it_changes(monkeypatch, sign, answer):
    transport = PythonTransport(Changing)
    args = {"params": "p", "charset": "UTF-8"}
    assert transport.call("sign", args) == Result({"sign": "p"})
    monkeypatch.setattr(Changing, "sign", sign)
    assert transport.call("sign", args) == Result({"sign": answer})
    monkeypatch.undo()
    assert transport.call("sign", args) == Result({"sign": "p"})
    transport.close()


def test_a_hang_in_a_window_leaves_what_was_not_sent(shop):
    calls = [("hang", {}, None)] * 2 + [("nothing", {}, None)] * 2
    assert shop.call_many(calls, 0.05, 2) == [Hang(0.05, 2)] * 2 + [None] * 2


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "my_shop_adapter.py").write_text(
        "class Shop:\n"
        "    def hello(self):\n"
        "        return {'name': 'found'}\n"
        "def make():\n"
        "    return Shop()\n"
        "def broken():\n"
        "    raise OSError('no database')\n"
        "ready = Shop()\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", ["/nowhere"])
    monkeypatch.delitem(__import__("sys").modules, "my_shop_adapter", raising=False)


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize("attribute", ["Shop", "make", "ready"])
def test_a_text_names_a_class_a_factory_or_an_object_of_this_folder(attribute):
    transport = PythonTransport(f"my_shop_adapter:{attribute}")
    assert transport.call("hello", {}) == Result({"name": "found"})
    transport.close()


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("my_shop_adapter", "adapter.not-found"),
        ("my_shop_adapter:", "adapter.not-found"),
        ("my_shop_adapter:absent", "adapter.not-found"),
        ("no_such_module_here:Shop", "adapter.not-found"),
        ("my_shop_adapter:broken", "adapter.not-started"),
    ],
)
def test_what_cannot_be_loaded_is_a_fault_of_the_adapter(target, code):
    with pytest.raises(AdapterFault) as caught:
        PythonTransport(target).call("hello", {})
    assert caught.value.code == code


def test_bounds_may_be_given():
    assert PythonTransport(Shop, bounds=Bounds(local=1.0)).bounds.local == 1.0
    assert PythonTransport(Shop).evidence() == ""
