import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest

from alipay_qr_conformance.subjects import (
    AdapterFault,
    Bounds,
    Crash,
    Garbled,
    Hang,
    NotSupported,
    ProcessTransport,
    PythonTransport,
    Raised,
    Refusal,
    Result,
    Silence,
    Subject,
)
from alipay_qr_conformance.subjects.answers import in_words

HELLO = {
    "protocol": "1",
    "name": "scripted",
    "version": "1",
    "language": "none",
    "operations": ["configure", "reset", "presign", "sign", "verify", "cancel", "trade"],
    "sign_types": ["MD5", "RSA"],
    "charsets": ["UTF-8"],
    "clock": False,
    "parallel": True,
}
CRASH = Crash(1, "", "it left with exit status 1")
SIGN = {"params": [], "charset": "UTF-8", "sign_type": "MD5"}


class Scripted:
    """A transport whose answers are a list; without one left it behaves."""

    def __init__(self, hello=None, answers=()):
        self.bounds = Bounds()
        self.broken = False
        self.warnings = []
        self.hello = HELLO | (hello or {})
        self.answers = list(answers)
        self.seen = []
        self.waits = {}

    def call(self, op, args, now=None, timeout=10.0):
        self.seen.append(op if now is None else f"{op}@{now}")
        self.waits[op] = timeout
        answer = self.answers.pop(0) if self.answers else None
        if answer is None:
            answer = Result(self.hello if op == "hello" else {"sign": args.get("sign_type", "-")})
        self.broken = isinstance(answer, Crash | Hang)
        return answer

    def call_many(self, calls, timeout=10.0, window=32):
        self.seen.append(f"{len(calls)} in a window of {window}")
        return [self.call(op, args, now, timeout) for op, args, now in calls]

    def restart(self):
        self.seen.append("restart")
        self.broken = False

    def close(self):
        self.seen.append("close")

    def evidence(self):
        return "its stderr"


def test_hello_is_asked_once():
    transport = Scripted()
    with Subject(transport) as subject:
        assert subject.hello() is subject.hello()
        assert subject.hello().name == "scripted"
    assert transport.seen == ["hello", "close"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (CRASH, "exit status 1"),
        (NotSupported("speaks 2"), 'this kit speaks version "1"'),
        (Refusal("no"), "answer hello"),
        (Raised("boom"), "boom"),
        (Result({}), "lacks protocol"),
    ],
)
def test_no_hello_ends_the_run(answer, words):
    with pytest.raises(AdapterFault) as caught:
        Subject(Scripted(answers=[answer])).call("sign", SIGN)
    assert words in str(caught.value)
    assert caught.value.code == "adapter.no-hello"
    assert caught.value.evidence == "its stderr"


def test_what_hello_does_not_list_is_not_asked():
    transport = Scripted({"operations": ["sign"]})
    subject = Subject(transport)
    assert subject.call("trade", {"out_trade_no": "1"}) == NotSupported("hello does not list trade")
    assert transport.seen == ["hello"]


@pytest.mark.parametrize("answer", [NotSupported("no"), Raised("what?"), Refusal("no"), CRASH])
def test_a_barrier_that_is_not_listed_is_tried_once(answer):
    transport = Scripted({"operations": ["sign"]}, [None, answer])
    subject = Subject(transport)
    assert subject.supports("configure")
    assert subject.configure({}) == NotSupported("hello does not list configure")
    assert not subject.supports("configure")
    assert subject.configure({}) == NotSupported("hello does not list configure")
    assert transport.seen == ["hello", "configure"]
    assert subject.warnings == []


def test_a_barrier_that_is_answered_without_being_listed_is_told_once_and_sent_again():
    transport = Scripted({"operations": ["sign"]}, [None, None, None, None, CRASH])
    subject = Subject(transport)
    assert isinstance(subject.configure({}), Result)
    assert isinstance(subject.reset(), Result)
    assert subject.warnings == [
        "it answers configure, reset without listing it among its operations: the kit found out by asking"
    ]
    subject.call("sign", SIGN)
    subject.call("sign", SIGN)
    subject.call("sign", SIGN)
    assert transport.seen[4:] == ["sign", "restart", "hello", "configure", "reset", "sign"]


@pytest.mark.parametrize(
    ("answers", "again"),
    [
        ([CRASH], ["restart", "hello", "configure", "reset", "sign"]),
        ([Hang(10.0)], ["restart", "hello", "configure", "reset", "sign"]),
        ([Garbled("no json")], ["sign"]),
        ([Raised("boom")], ["sign"]),
    ],
    ids=["crash", "hang", "garbled", "error"],
)
def test_a_fault_costs_one_call(answers, again):
    transport = Scripted()
    subject = Subject(transport)
    subject.configure({"partner": "2088"})
    transport.answers = list(answers)
    transport.seen.clear()
    assert subject.call("sign", SIGN) == answers[0]
    assert subject.call("sign", SIGN) == Result({"sign": "MD5"})
    assert transport.seen == ["sign", *again]
    assert subject.restarts == (len(again) > 1)


def test_what_was_never_configured_is_not_configured_after_a_restart():
    transport = Scripted({"operations": ["sign"]}, [None, CRASH])
    subject = Subject(transport)
    subject.call("sign", SIGN)
    subject.call("sign", SIGN)
    assert transport.seen == ["hello", "sign", "restart", "hello", "sign"]


def test_a_failed_restart_costs_the_next_call_and_the_third_in_a_row_the_run():
    transport = Scripted(answers=[None, CRASH, CRASH, CRASH, CRASH])
    subject = Subject(transport)
    assert [subject.call("sign", SIGN) for _ in range(3)] == [CRASH, CRASH, CRASH]
    with pytest.raises(AdapterFault, match="does not come back") as caught:
        subject.call("sign", SIGN)
    assert caught.value.code == "adapter.lost"


def test_a_restart_that_succeeds_starts_the_count_again():
    transport = Scripted(answers=[None])
    subject = Subject(transport)
    subject.hello()
    for _ in range(6):
        transport.answers = [CRASH]
        assert subject.call("sign", SIGN) == CRASH
        transport.answers = [CRASH]
        assert subject.call("sign", SIGN) == CRASH
        assert subject.call("sign", SIGN) == Result({"sign": "MD5"})


def test_a_configuration_refused_after_a_restart_is_told():
    transport = Scripted()
    subject = Subject(transport)
    subject.configure({})
    transport.answers = [CRASH, None, Refusal("bad key")]
    subject.call("sign", SIGN)
    answer = subject.call("sign", SIGN)
    assert isinstance(answer, Garbled)
    assert "bad key" in answer.detail


def test_a_result_without_what_the_operation_returns_is_garbled():
    transport = Scripted(answers=[None, Result({"signature": "x"})])
    assert Subject(transport).call("sign", SIGN) == Garbled("result of sign lacks sign: expected a string")


def test_a_sign_that_is_null_is_an_empty_one():
    assert Subject(Scripted(answers=[None, Result({"sign": None})])).call("sign", SIGN) == Result(
        {"sign": ""}
    )


NOON = datetime(2026, 11, 23, 10, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (NOON, "2026-11-23T10:00:00.250+08:00"),
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00.000+00:00"),
        (datetime(2026, 1, 1, microsecond=1, tzinfo=UTC), "2026-01-01T00:00:00.000001+00:00"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    ],
)
def test_now_is_sent_to_a_clock_alone(now, text):
    transport = Scripted({"clock": True})
    Subject(transport).call("sign", SIGN, now)
    assert transport.seen[-1] == f"sign@{text}"
    transport = Scripted({"clock": False})
    Subject(transport).call("sign", SIGN, now)
    assert transport.seen[-1] == "sign"


def test_a_naive_time_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="naive"):
        Subject(Scripted({"clock": True})).call("sign", SIGN, NOON.replace(tzinfo=None))


@pytest.mark.parametrize(("slowest", "sending"), [(None, 60.0), ("5", 60.0), ("90", 90.0)])
def test_what_sends_gets_more_time(slowest, sending):
    transport = Scripted({"slowest_answer": slowest})
    subject = Subject(transport)
    subject.call("sign", SIGN)
    subject.call("cancel", {"out_trade_no": "1"})
    assert transport.waits == {"hello": 10.0, "sign": 10.0, "cancel": sending}


def test_limits_narrow_what_is_supported():
    limits = {"verify": {"sources": ["notification"], "sign_types": ["RSA"]}}
    subject = Subject(Scripted({"limits": limits}))
    assert subject.supports("hello")
    assert subject.supports("sign", sign_type="MD5", charset="UTF-8", source="response")
    assert not subject.supports("sign", sign_type="RSA2")
    assert not subject.supports("sign", charset="GBK")
    assert not subject.supports("verify", sign_type="MD5")
    assert not subject.supports("verify", source="response")
    assert subject.supports("verify", sign_type="RSA", source="notification")
    assert not subject.supports("notify")
    assert subject.limits["verify"].sign_types == ("RSA",)


@pytest.mark.parametrize(("parallel", "window"), [(True, 32), (False, 1)])
def test_barriers_cut_a_window(parallel, window):
    transport = Scripted({"parallel": parallel})
    sign = ("sign", SIGN, None)
    answers = Subject(transport).call_many([sign, sign, ("reset", {}, None), sign, ("notify", {}, None)])
    assert [type(each) for each in answers] == [Result, Result, Result, Result, NotSupported]
    steps = [step for step in transport.seen if "window" in step or step == "reset"]
    assert steps == [f"2 in a window of {window}", "reset", f"1 in a window of {window}"]


def test_only_the_guilty_call_of_a_window_pays(hostile):
    calls = [("sign", {"vice": "die"} if n in {20, 70} else {"echo": str(n)}, None) for n in range(100)]
    with Subject(hostile("parallel")) as subject:
        subject.configure({})
        answers = subject.call_many(calls)
    assert [n for n, each in enumerate(answers) if isinstance(each, Crash)] == [20, 70]
    assert answers[99] == Result({"sign": "99"})


def test_calls_that_change_something_are_not_asked_again():
    shared = Crash(1, in_flight=2)
    came = [[shared, shared, None], [Result({"outcome": "success"})]]

    class Breaking(Scripted):
        def call_many(self, calls, timeout=10.0, window=32):
            self.seen.append("+".join(op for op, _, _ in calls))
            self.broken = len(came) == 2
            return came.pop(0)

    transport = Breaking()
    cancel = ("cancel", {"out_trade_no": "1"}, None)
    answers = Subject(transport).call_many([cancel, ("sign", SIGN, None), cancel])
    assert answers == [shared, Result({"sign": "MD5"}), Result({"outcome": "success"})]
    assert transport.seen == ["hello", "cancel+sign+cancel", "restart", "hello", "reset", "sign", "cancel"]


@pytest.mark.parametrize(("parallel", "window"), [(True, 32), (False, 1)])
def test_what_is_asked_ahead_goes_through_the_window(parallel, window):
    transport = Scripted({"parallel": parallel, "clock": True})
    calls = [("sign", SIGN, "2026-03-09T10:00:00.000+08:00"), ("verify", {}, None)]
    found = Subject(transport).prefetch(calls)
    assert found == [Result({"sign": "MD5"}), Garbled("result of verify lacks valid: expected true or false")]
    asked = ["sign@2026-03-09T10:00:00.000+08:00", "verify"]
    assert transport.seen == ["hello", f"2 in a window of {window}", *asked]


def test_a_fault_ahead_is_told_where_it_is_known_whose_it_is():
    shared, own = Crash(1, in_flight=2), Hang(10.0)
    came = [[shared, shared, None], [Result({"sign": "x"}), own, None]]

    class Breaking(Scripted):
        def call_many(self, calls, timeout=10.0, window=32):
            self.broken = True
            return came.pop(0)

    transport = Breaking()
    subject, calls = Subject(transport), [("sign", SIGN, None)] * 3
    assert subject.prefetch(calls) == [None] * 3
    assert subject.prefetch(calls) == [None] * 3  # who is broken is not asked ahead
    assert subject.call("sign", SIGN) == Result({"sign": "MD5"})
    assert subject.prefetch(calls) == [Result({"sign": "x"}), own, None]
    assert came == []


def test_an_adapter_that_dies_when_configured_again_ends_the_run(hostile):
    with Subject(hostile()) as subject:
        subject.hello()
        subject.transport._command = (*subject.transport._command, "last-breath")
        subject._settings = {}
        assert isinstance(subject.call("sign", {"vice": "die"}), Crash)
        assert [subject.call("sign", {}).exit_status for _ in range(2)] == [9, 9]
        with pytest.raises(AdapterFault, match="does not come back"):
            subject.call("sign", {})


def test_a_python_subject_from_end_to_end():
    class Shop:
        def hello(self):
            return HELLO | {"parallel": False}

        def configure(self, partner):
            self.partner = partner

        def reset(self):
            return []

        def sign(self, sign_type):
            return {"sign": f"{self.partner}-{sign_type}"}

    with Subject(PythonTransport(Shop)) as subject:
        assert subject.configure({"partner": "2088", "gateway_ca_pem": None}) == Result({})
        assert subject.reset() == Result({})
        assert subject.call("sign", SIGN) == Result({"sign": "2088-MD5"})


def test_what_cannot_start_ends_the_run():
    with pytest.raises(AdapterFault, match="cannot be started"):
        Subject(ProcessTransport(["/nowhere/adapter"])).hello()
    with pytest.raises(AdapterFault, match="did not answer hello: it left with exit status 0") as caught:
        Subject(ProcessTransport([sys.executable, "-I", "-S", "-c", ""])).hello()
    assert "by hand" in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Hang(2.5), "nothing came within 2.5 s"),
        (Crash(-9), "it left with exit status -9"),
        (Crash(1, detail="the connection was refused"), "the connection was refused"),
        (Garbled("no JSON"), "no JSON"),
        (Silence("not a byte"), "not a byte"),
        (Raised("KeyError: args"), "it raised an error: KeyError: args"),
        (Refusal("not today"), "it declined: not today"),
        (NotSupported("version 2 only"), "it declined: version 2 only"),
        (Result({"a": "b"}), 'it answered {"a": "b"}'),
    ],
    ids=[
        "hang",
        "crash",
        "crash-with-detail",
        "garbled",
        "silence",
        "raised",
        "refused",
        "unsupported",
        "result",
    ],
)
def test_what_came_in_place_of_a_result_is_told_in_words(answer, words):
    assert in_words(answer) == words
