"""The command ``alipay-qr gateway`` as a process of its own."""

import signal
import subprocess
from dataclasses import dataclass

import pytest

from alipay_qr_conformance.sandbox import ControlClient
from running_gateway import labels, started


@dataclass
class Running:
    process: subprocess.Popen[str]
    said: str

    def value(self, label: str) -> str:
        return labels(self.said)[label]

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
        running.append(Running(*started(*args, stderr=subprocess.PIPE)))
        return running[-1]

    yield begin
    for each in running:
        if each.process.poll() is None:
            each.process.kill()
        each.process.communicate()
