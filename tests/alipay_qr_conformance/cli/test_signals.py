"""A signal ends a command with all that it started; reports are there whole, or not at all."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alipay_qr_conformance.cli.signals import ASKING, EndedError, unwound

ADAPTER = """
import json, os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(600)
"""


@pytest.mark.parametrize("number", ASKING)
def test_a_signal_unwinds_what_runs(number):
    with pytest.raises(EndedError) as ended, unwound():
        signal.raise_signal(number)
    assert ended.value.status == 128 + number
    assert signal.getsignal(number) is signal.SIG_DFL


def test_what_is_ignored_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with unwound():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_check_that_is_ended_leaves_no_adapter_and_no_report(tmp_path):
    noted = tmp_path / "pid"
    words = [sys.executable, "-m", "alipay_qr_conformance.cli", "check", "--jobs", "2"]
    words += ["--report", "json=report.json", "--"]
    subject = [sys.executable, "-I", "-S", "-c", ADAPTER, str(noted)]
    with subprocess.Popen(
        [*words, *subject],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
        start_new_session=True,
    ) as run:
        adapter = int(_when(lambda: noted.read_text() if noted.exists() else ""))
        run.terminate()
        assert run.wait(20) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)  # the second process
    assert _when(lambda: not Path(f"/proc/{adapter}/stat").exists() or "Z" in _state(adapter))
    assert [path.name for path in tmp_path.iterdir()] == ["pid"]


def _state(process):
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2]


def _when(look):
    end = time.monotonic() + 20
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.01)
    return found
