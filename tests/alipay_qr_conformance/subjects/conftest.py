"""The hostile adapter as a fixture, and a look at what is left of a process group."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alipay_qr_conformance.subjects import Bounds, ProcessTransport

QUICK = Bounds(local=10.0, sending=10.0, leave=0.3, terminate=0.2, line=100_000)
"""Long where an answer is due, short where none will come."""

HOSTILE = Path(__file__).parent / "hostile_adapter.py"


@pytest.fixture
def hostile() -> Iterator[Callable[..., ProcessTransport]]:
    started: list[ProcessTransport] = []

    def start(*words: str, bounds: Bounds = QUICK) -> ProcessTransport:
        started.append(ProcessTransport([sys.executable, "-I", "-S", str(HOSTILE), *words], bounds=bounds))
        return started[-1]

    yield start
    for transport in started:
        transport.close()


@pytest.fixture
def left_of() -> Callable[[int], list[int]]:
    """Return the living processes of a group. A zombie has ended: only its parent can remove it."""

    def scan(group: int) -> list[int]:
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, _, rest = stat.read_text("utf-8", "replace").partition(" ")
            except OSError:
                continue
            state, _, pgrp = rest.rpartition(")")[2].split()[:3]
            if int(pgrp) == group and state not in "ZX":
                found.append(int(pid))
        return found

    return scan
