"""The command ``alipay-qr gateway`` as a process of its own."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass

import pytest

from alipay_qr_conformance.sandbox import ControlClient


@dataclass
class Running:
    process: subprocess.Popen[str]
    said: str

    def value(self, label: str) -> str:
        return re.search(rf"^{label} +(\S+)$", self.said, re.MULTILINE)[1]

    @property
    def url(self) -> str:
        return self.value("gateway URL")

    def control(self) -> ControlClient:
        return ControlClient(self.value("control API"), self.value("control token"))

    def end(self, number: int = signal.SIGTERM) -> str:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=15)
        return out + err


@pytest.fixture
def start():
    """Return a function that starts the command and waits until it is ready."""
    running: list[Running] = []

    def begin(*args: str) -> Running:
        command = [
            sys.executable,
            "-m",
            "alipay_qr_conformance.cli",
            "gateway",
            "--port",
            "0",
            "--verbose",
            *args,
        ]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "LC_ALL": "C.UTF-8"}
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line == "ready\n":
                break
        else:
            pytest.fail(process.stderr.read())
        running.append(Running(process, "".join(lines)))
        return running[-1]

    yield begin
    for each in running:
        if each.process.poll() is None:
            each.process.kill()
        each.process.communicate()
