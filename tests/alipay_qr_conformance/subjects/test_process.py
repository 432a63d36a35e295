import sys
import time

import pytest

from alipay_qr_conformance.subjects import (
    AdapterFault,
    Bounds,
    Crash,
    Garbled,
    Hang,
    ProcessTransport,
    Raised,
    Refusal,
    Result,
    Silence,
)
from alipay_qr_conformance.subjects.message import LARGEST_ID

HONEST = Result({"sign": "honest"})
SHORT = 0.3
"""Seconds granted to a call that will never be answered."""


def ask(transport, vice=None, timeout=10.0):
    return transport.call("sign", {"vice": vice} if vice else {}, None, timeout)


def gone(left_of, group):
    """Wait for the kernel to take a killed group apart."""
    deadline = time.monotonic() + 2
    while left_of(group) and time.monotonic() < deadline:
        pass
    return not left_of(group)


@pytest.mark.parametrize(
    ("vice", "kind", "words", "timeout"),
    [
        ("hang", Hang, "", SHORT),
        ("flood-stdout", Hang, "", SHORT),
        ("flood-stderr-for-ever", Hang, "", SHORT),
        ("die", Crash, "exit status 7", 10),
        ("killed", Crash, "SIGKILL", 10),
        ("leave", Crash, "until the end of its stdin", 10),
        ("no-newline", Crash, 'its last line has no end: {"id":1', 10),
        ("close-stdout", Crash, "closed its stdout and stayed", 10),
        ("child-and-die", Crash, "exit status 7", 10),
        ("endless-line", Garbled, "longer than 100000 bytes", 10),
        ("other-id", Garbled, "though it was never sent", 10),
        ("no-id", Garbled, "id is absent", 10),
        ("text-id", Garbled, "echo the id of the request as an integer", 10),
        ("true-id", Garbled, "id is 'True'", 10),
        ("not-utf-8", Garbled, "not UTF-8 at byte", 10),
        ("no-json", Garbled, "no JSON", 10),
        ("deep", Garbled, "deeper than 64 levels", 10),
        ("nested", Garbled, "deeper than 64 levels", 10),
        ("huge-number", Garbled, "result.sign is a number", 10),
        ("huge-exponent", Garbled, "result.sign is a number", 10),
        ("number", Garbled, "result.sign is a number", 10),
        ("nan", Garbled, "result.sign is a number", 10),
        ("surrogate", Garbled, "lone surrogate U+D800", 10),
        ("two-fields", Garbled, "result and error", 10),
        ("no-field", Garbled, "none of them", 10),
    ],
)
def test_a_vice_costs_one_call(hostile, left_of, vice, kind, words, timeout):
    transport = hostile()
    assert ask(transport) == HONEST
    group = transport.pid

    answer = ask(transport, vice, timeout)

    assert type(answer) is kind
    assert words in getattr(answer, "detail", "")
    assert ask(transport) == HONEST
    if transport.pid != group:
        assert gone(left_of, group)


@pytest.mark.parametrize(
    "vice", ["halves", "banner", "bom", "crlf", "child", "flood-stderr", "answer-and-leave", "close-stdin"]
)
def test_what_is_no_fault_of_the_answer_costs_nothing(hostile, vice):
    assert ask(hostile(), vice) == HONEST


@pytest.mark.parametrize(
    ("vice", "answer"),
    [("raise", Raised("boom", "x.php:1", "subject")), ("decline", Refusal("too long"))],
)
def test_the_other_fields_of_an_answer(hostile, vice, answer):
    assert ask(hostile(), vice) == answer


def test_an_answer_given_twice_costs_the_call_that_meets_the_second(hostile):
    transport = hostile()
    assert ask(transport, "twice") == HONEST
    assert ask(transport) == Garbled("id 1 was answered a second time, while 2 was awaited")
    assert ask(transport) == HONEST


def test_a_late_answer_is_never_taken_for_a_later_call(hostile):
    transport = hostile()
    pid_before = (ask(transport), transport.pid)[1]
    assert isinstance(ask(transport, "late"), Garbled)
    assert transport.call("sign", {"echo": "mine"}) == Result({"sign": "mine"})
    assert transport.pid == pid_before


def test_ids_go_on_after_a_restart(hostile):
    transport = hostile()
    ask(transport, "die")
    ask(transport)
    assert transport._last_id == 2


def test_ids_start_again_before_they_grow_too_large(hostile):
    transport = hostile()
    transport._last_id = LARGEST_ID - 1
    answers = transport.call_many([("sign", {"echo": str(n)}, None) for n in range(3)])
    assert answers == [Result({"sign": str(n)}) for n in range(3)]
    assert transport._last_id == 2


def test_a_process_that_never_wrote_is_told_from_one_that_stopped(hostile):
    assert "flush stdout" in ask(hostile("mute"), timeout=SHORT).detail
    transport = hostile("mute", "banner")
    answer = ask(transport, timeout=1.0)
    assert isinstance(answer, Silence)
    assert "do not begin with {" in answer.detail
    assert transport.broken


def test_a_request_that_is_never_read_to_its_end_is_a_hang():
    command = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"]
    transport = ProcessTransport(command, bounds=Bounds(leave=0.0, terminate=0.2))
    assert isinstance(transport.call("sign", {"a": "x" * 1_000_000}, None, SHORT), Hang)
    transport.close()


def test_large_requests_and_answers_pass_without_deadlock(hostile):
    transport = hostile(bounds=Bounds())
    texts = [str(n) * 300_000 for n in range(6)]
    answers = transport.call_many([("sign", {"echo": text}, None) for text in texts])
    assert answers == [Result({"sign": text}) for text in texts]


def test_stray_lines_are_evidence_and_one_warning(hostile):
    transport = hostile("banner")
    for _ in range(3):
        assert ask(transport, "banner") == HONEST
    assert len(transport.warnings) == 1
    assert "display_errors=stderr" in transport.warnings[0]
    assert "Welcome to the adapter\n<b>Warning" in transport.evidence()


def test_a_byte_order_mark_is_named(hostile):
    transport = hostile()
    ask(transport, "bom")
    assert "without BOM" in transport.warnings[0]


def test_stderr_is_kept_as_a_tail(hostile):
    transport = hostile()
    ask(transport, "flood-stderr")
    transport.close()
    evidence = transport.evidence()
    assert evidence.endswith("the end")
    assert len(evidence) <= 65_536


def test_a_crash_carries_its_stderr(hostile):
    answer = ask(hostile(), "die")
    assert (answer.exit_status, answer.stderr) == (7, "cannot go on\n")


def test_a_process_that_left_between_two_calls_costs_the_next_one(hostile):
    transport = hostile()
    ask(transport, "answer-and-leave")
    answer = ask(transport)
    assert isinstance(answer, Crash)
    assert answer.exit_status == 0
    assert ask(transport) == HONEST


def test_a_process_that_closed_its_stdin_is_not_waited_for(hostile):
    transport = hostile()
    ask(transport, "close-stdin")
    answer = ask(transport, timeout=60)
    assert isinstance(answer, Crash)
    assert "closed its stdin" in answer.detail


@pytest.mark.parametrize("words", [(), ("never-leave",), ("never-leave", "deaf-to-term")], ids="+".join)
def test_closing_ends_the_whole_group(hostile, left_of, words):
    transport = hostile(*words, bounds=Bounds(leave=0.2 if words else 5.0, terminate=0.1))
    ask(transport, "child")
    group = transport.pid
    assert len(left_of(group)) == 2
    transport.close()
    transport.close()
    assert gone(left_of, group)
    assert bool(transport.warnings) is bool(words)


def test_answers_in_any_order_find_their_calls(hostile):
    calls = [("sign", {"shuffle": str(n)}, None) for n in range(64)]
    assert hostile().call_many(calls) == [Result({"sign": str(n)}) for n in range(64)]


def test_a_crash_in_a_window_is_shared_by_what_was_in_flight(hostile):
    transport = hostile()
    calls = [("sign", {"vice": "die"} if n == 5 else {}, None) for n in range(40)]
    answers = transport.call_many(calls, 10.0, 8)
    assert answers[:5] == [HONEST] * 5
    assert isinstance(answers[5], Crash)
    blamed = [each for each in answers if isinstance(each, Crash)]
    assert {each.in_flight for each in blamed} == {len(blamed)}
    assert answers[5 + len(blamed) :] == [None] * (35 - len(blamed))
    assert transport.broken


def test_a_hang_in_a_window_does_not_take_the_answers_of_others(hostile):
    calls = [("sign", {"shuffle": "x"}, None)] * 8 + [("sign", {"vice": "hang"}, None)]
    transport = hostile()
    ask(transport)
    answers = transport.call_many(calls, SHORT)
    assert answers == [Result({"sign": "x"})] * 8 + [Hang(SHORT)]


def test_one_by_one_a_garbled_line_leaves_the_rest_alone(hostile):
    calls = [("sign", {"vice": "no-json"} if n == 2 else {}, None) for n in range(5)]
    answers = hostile().call_many(calls, 10.0, 1)
    assert [type(each) for each in answers] == [Result, Result, Garbled, Result, Result]


def test_a_garbled_line_in_a_window_breaks_it(hostile):
    transport = hostile()
    calls = [("sign", {"vice": "no-json"}, None), ("sign", {"shuffle": "x"}, None)]
    answers = transport.call_many(calls)
    assert [each.in_flight for each in answers] == [2, 2]
    assert transport.broken


@pytest.mark.parametrize("args", [{"n": 1}, {"n": 1.5}, {"n": b"x"}, {"n": "\ud800"}, {1: "x"}], ids=repr)
def test_what_the_protocol_cannot_carry_is_a_fault_of_the_caller(hostile, args):
    transport = hostile()
    with pytest.raises(ValueError, match=r"leaf|surrogate|names"):
        transport.call_many([("sign", {}, None), ("sign", args, None)])
    assert ask(transport) == HONEST


@pytest.mark.parametrize("command", ["php adapter.php", []], ids=["text", "empty"])
def test_a_command_is_a_list(command):
    with pytest.raises(ValueError, match="list of arguments"):
        ProcessTransport(command)


@pytest.mark.parametrize("command", [["/nowhere/adapter"], ["."], ["a\0b"]], ids=["absent", "folder", "nul"])
def test_a_command_that_cannot_be_started_is_a_fault_of_the_adapter(command):
    with pytest.raises(AdapterFault, match="cannot be started") as caught:
        ProcessTransport(command).call("hello", {})
    assert caught.value.code == "adapter.not-started"


def test_a_forgotten_transport_leaves_nobody_behind(hostile, left_of):
    transport = hostile("never-leave")
    ask(transport)
    group = transport.pid
    transport._child._finalizer()
    assert gone(left_of, group)


def test_no_shell_reads_the_command(tmp_path):
    marker = tmp_path / "marker"
    command = [sys.executable, "-I", "-S", "-c", "import sys; sys.exit(len(sys.argv))", f"; touch {marker}"]
    assert ProcessTransport(command).call("hello", {}).exit_status == 2
    assert not marker.exists()


def test_an_answer_above_its_share_is_asked_for_alone(hostile):
    transport = hostile(bounds=Bounds(together=1024))
    long = {"shuffle": "x" * 70_000}
    answers = transport.call_many([("sign", long, None)] + [("sign", {"shuffle": "x"}, None)] * 7)
    assert isinstance(answers[0], Garbled)
    assert answers[0].in_flight > 1
    assert answers[1:] == [Result({"sign": "x"})] * 7
