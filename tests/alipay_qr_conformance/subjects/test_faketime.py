"""A clock for processes that cannot be told the time: what the file says is what they read."""

import os
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from alipay_qr_conformance.subjects import Faketime, NoFaketime, ProcessTransport, Result, Subject
from alipay_qr_conformance.subjects.faketime import _SHARED, library

ADAPTER = [sys.executable, "-I", "-S", str(Path(__file__).with_name("clock_adapter.py"))]
BEIJING = timezone(timedelta(hours=8))
MOMENTS = {
    "last-millisecond-of-a-day": datetime(2026, 3, 9, 23, 59, 59, 999000, tzinfo=BEIJING),
    "leap-day": datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    "hour-that-europe-has-twice": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    "the-same-an-hour-later": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    "long-ago": datetime(2009, 6, 15, 12, 0, tzinfo=BEIJING),
}


@pytest.fixture
def subject(monkeypatch):
    """A process that believes itself in Berlin, where an hour of the year comes twice."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    clock = Faketime()
    with Subject(ProcessTransport(ADAPTER, clock=clock), clock=clock) as subject:
        subject.hello()
        subject.follows_clock()
        yield subject


def read(subject, now=None):
    answer = subject.call("sign", {"params": [], "charset": "UTF-8", "sign_type": "MD5"}, now)
    assert isinstance(answer, Result), answer
    return answer.value["sign"].split()


@pytest.mark.runtime("faketime")
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_process_reads_the_moment_that_it_is_put_to(subject, moment):
    assert float(read(subject, moment)[0]) == moment.timestamp()


@pytest.mark.runtime("faketime")
def test_time_steps_back_and_stands_still_in_between(subject):
    first = MOMENTS["leap-day"]
    assert [float(read(subject, at)[0]) for at in (first, first - timedelta(days=900), first)] == [
        each.timestamp() for each in (first, first - timedelta(days=900), first)
    ]
    assert read(subject)[0] == read(subject)[0]


@pytest.mark.runtime("faketime")
def test_it_runs_on_from_where_it_stood(subject):
    moment = MOMENTS["leap-day"]
    read(subject, moment)
    subject.clock.run()
    subject.clock.run()  # twice is once
    passed = [float(read(subject)[0]) - moment.timestamp() for _ in range(2)]
    assert 0 < passed[0] < passed[1] < 30


@pytest.mark.runtime("faketime")
def test_calls_in_one_window_with_two_moments_meet_their_own(subject):
    args = {"params": [], "charset": "UTF-8", "sign_type": "MD5"}
    moments = [MOMENTS["leap-day"], MOMENTS["leap-day"], MOMENTS["long-ago"]]
    answers = subject.call_many([("sign", args, at) for at in moments])
    assert [float(each.value["sign"].split()[0]) for each in answers] == [at.timestamp() for at in moments]


@pytest.mark.runtime("faketime")
def test_the_times_of_files_are_left_alone(subject):
    mtime = Path(__file__).with_name("clock_adapter.py").stat().st_mtime
    assert read(subject, MOMENTS["long-ago"])[2] == f"{mtime:.0f}"


@pytest.mark.runtime("faketime")
def test_without_its_clock_a_process_starts_once_more_with_the_real_time(subject):
    subject.configure({})
    read(subject, MOMENTS["long-ago"])
    subject.drop_clock()
    assert abs(float(read(subject)[0]) - time.time()) < 60
    assert (subject.clock, subject.restarts) == (None, 0)


@pytest.mark.runtime("faketime")
def test_nothing_is_left_of_a_process_that_was_killed(subject):
    read(subject, MOMENTS["leap-day"])
    pid = subject.transport.pid
    os.kill(pid, 9)
    subject.close()
    assert not [path for path in _SHARED.glob("*faketime*") if path.name.endswith(f"_{pid}")]


@pytest.mark.runtime("faketime")
def test_a_kit_under_faketime_itself_moves_its_subject_all_the_same(subject, monkeypatch):
    monkeypatch.setenv("FAKETIME", "@2001-01-01 00:00:00")
    monkeypatch.setenv("LD_PRELOAD", "")
    assert library() == subject.clock.environment()["LD_PRELOAD"]
    assert "FAKETIME" not in subject.clock.environment()


def test_without_the_command_there_is_no_clock_and_it_says_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoFaketime, match="apt install faketime") as caught:
        Faketime()
    assert "faketime" in caught.value.reason.zh


@pytest.mark.parametrize("script", ["exit 1", "echo /nothing/to/do/with/it", "echo a faketime; echo b"])
def test_a_command_of_another_kind_is_no_faketime(monkeypatch, tmp_path, script):
    command = tmp_path / "faketime"
    command.write_text(f"#!/bin/sh\n{script}\n", "ascii")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(NoFaketime, match="does not say where its library is"):
        library()
