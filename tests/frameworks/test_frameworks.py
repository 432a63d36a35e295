"""Receivers as the guides of their frameworks show them: some miss the malformed header, and that is all."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alipay_qr.account import TEST_MD5_KEY
from alipay_qr_conformance.blackbox import Box, box_runner
from alipay_qr_conformance.engine.runner import CaseFinished
from alipay_qr_conformance.engine.setup import RunOptions, plan

HERE = Path(__file__).with_name("receivers")
DEBIAN_NODE = "/usr/share/nodejs"  # node-express
MISSES = {"notify.content-type"}
JUDGED = {
    "notify.content-type",
    "notify.genuine",
    "notify.lean",
    "notify.reject.changed",
    "notify.reject.no-sign",
}


def express(_port, _build):
    version = ["node", "-p", "require('express/package.json').version"]
    probe = subprocess.run(version, env=environment(), capture_output=True, check=False, timeout=60)
    if not probe.stdout.startswith(b"4."):
        if os.environ.get("CI") == "true":
            pytest.fail("node-express 4 is not installed, and CI=true allows no gap")
        pytest.skip("node-express 4 is not installed")
    return ["node", str(HERE / "express4.js")]


def flask(_port, _build):
    pytest.importorskip("flask")
    return [sys.executable, str(HERE / "flask_receiver.py")]


def django(_port, _build):
    pytest.importorskip("django")
    return [sys.executable, str(HERE / "django_receiver.py")]


def php(port, _build):
    return ["php", "-S", f"127.0.0.1:{port}", str(HERE / "receiver.php")]


def go(_port, build):
    env = environment(GO111MODULE="off", GOCACHE=str(build / "cache"), GOPATH=str(build), GOFLAGS="")
    command = ["go", "build", "-o", str(build / "receiver"), str(HERE / "receiver.go")]
    subprocess.run(command, env=env, check=True, timeout=300)
    return [str(build / "receiver")]


FRAMEWORKS = [
    pytest.param(express, MISSES, id="express-4", marks=pytest.mark.runtime("node")),
    pytest.param(flask, set(), id="flask"),
    pytest.param(django, set(), id="django"),
    pytest.param(php, set(), id="php", marks=pytest.mark.runtime("php")),
    pytest.param(go, MISSES, id="go-net-http", marks=pytest.mark.runtime("go")),
]


def environment(**more):
    return {**os.environ, "NODE_PATH": DEBIAN_NODE, "KEY": TEST_MD5_KEY, **more}


@pytest.fixture
def started(tmp_path):
    """A function that starts a receiver and returns its URL."""
    running = []

    def start(command):
        with socket.create_server(("127.0.0.1", 0)) as one:
            port = one.getsockname()[1]
        running.append(
            subprocess.Popen(
                command(port, tmp_path),
                env=environment(PORT=str(port)),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        deadline = time.monotonic() + 20
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return f"http://127.0.0.1:{port}/notify"
            assert time.monotonic() < deadline
            assert running[-1].poll() is None

    yield start
    for each in running:
        each.kill()
        each.wait()


@pytest.mark.slow  # each starts a program of its own
@pytest.mark.parametrize(("command", "missed"), FRAMEWORKS)
def test_a_framework_is_judged_rightly(started, command, missed):
    box = Box(started(command), 0, sign_type="MD5", charset="UTF-8")
    runner = box_runner(box, plan(RunOptions(depth="quick", level=3)))
    try:
        wanted = [case for case in runner.cases() if case.requirement in JUDGED]
        results = [each.result for each in runner.run(wanted) if isinstance(each, CaseFinished)]
    finally:
        runner.close()
    assert {each.requirement for each in results if each.finding} == missed, results
    assert {each.requirement for each in results if each.verdict == "pass"} == JUDGED - missed
