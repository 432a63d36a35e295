"""How soon a person reads the first true cause: over faulty merchants, each behind a process of its own.

    python benchmarks/first_words.py              every faulty merchant, on an idle machine
    python benchmarks/first_words.py --every 10   each tenth

`check` is given a terminal, and ended when it shows its first finding. Then each tenth of the merchants is
watched: a source is saved, and the verdict on what failed last is awaited. Last, the preflight of a right
merchant, in this process, its adapter in another.
"""

import argparse
import os
import pty
import re
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from faulty.run import merchants  # noqa: E402

CLI = [sys.executable, "-m", "alipay_qr_conformance.cli", "check", "--lang", "en", "--depth", "quick"]
ADAPTER = str(ROOT / "tests" / "faulty" / "over_stdio.py")
FOUND = re.compile(r"(?:MUST|SHOULD|MAY) ([a-z0-9_.-]+):")
LONGEST = 120
"""Seconds after which one that says nothing is given up."""


def plainly_wrong(kind: Any) -> bool:
    """Tell whether a merchant breaks a rule that needs no policy file to be asked for."""
    return any(not each.startswith("policy.") for each in kind.breaks)


def subject(name: str) -> list[str]:
    return [sys.executable, ADAPTER, name, merchants()[name].__module__]


def until(fd: int, told: re.Pattern[str], start: float) -> tuple[re.Match[str] | None, float]:
    """Read a terminal until a pattern is there; return the match and after how many seconds, or (None, inf)."""
    text = ""
    while time.perf_counter() - start < LONGEST:
        if not select.select([fd], [], [], 1)[0]:
            continue
        try:
            text += os.read(fd, 65536).decode("utf-8", "replace")
        except OSError:  # the process has ended
            break
        if found := told.search(text):
            return found, time.perf_counter() - start
    return None, float("inf")


def started(command: Sequence[str]) -> tuple[subprocess.Popen[bytes], int]:
    """Start a command on a terminal of its own; return it and the terminal."""
    mine, its = pty.openpty()
    running = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=its, stderr=its, start_new_session=True
    )
    os.close(its)
    return running, mine


def ended(running: subprocess.Popen[bytes], fd: int) -> None:
    running.kill()
    running.wait()
    os.close(fd)


def first_cause(name: str) -> tuple[float, str | None]:
    """Return after how many seconds which requirement is the first that a terminal shows."""
    start = time.perf_counter()
    running, fd = started([*CLI, "--", *subject(name)])
    found, seconds = until(fd, FOUND, start)
    ended(running, fd)
    return seconds, found[1] if found else None


def watched(name: str) -> float:
    """Return how many seconds lie between a save and the verdict on what failed last."""
    broken = [each for each in merchants()[name].breaks if "any-" not in each]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "shop.py")
        source.write_text("", "utf-8")
        only = [word for each in broken or merchants()[name].breaks for word in ("--only", each)]
        running, fd = started([*CLI, *only, "--watch", "--source", folder, "--", *subject(name)])
        waits, _ = until(fd, re.compile("Waiting for a change"), time.perf_counter())
        start = time.perf_counter()
        source.write_text("\n", "utf-8")
        _, seconds = until(fd, re.compile("judged"), start)
        ended(running, fd)
    return seconds if waits else float("inf")


def preflight(rounds: int = 15) -> list[float]:
    """Return the seconds of the preflights of the reference behind a process, the start of that included."""
    from alipay_qr_conformance.engine.setup import RunOptions, runner

    spent = []
    for _ in range(rounds):
        command = (sys.executable, str(ROOT / "examples" / "python" / "adapter.py"))
        run = runner(RunOptions(command=command, depth="quick"))
        cases = run.cases()
        start = time.perf_counter()
        run.preflight(cases)
        spent.append(time.perf_counter() - start)
        run.close()
    return spent


def high(times: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def main() -> int:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as for a person: only a first run has to compile
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=1)
    every = parser.parse_args().every
    wrong = [name for name, kind in merchants().items() if kind.breaks and plainly_wrong(kind)]
    times, untrue = [], []
    for name in wrong[::every]:
        seconds, requirement = first_cause(name)
        times.append(seconds)
        if requirement not in merchants()[name].breaks:
            untrue.append(f"{name}: {requirement}")
        if seconds > 1:
            print(f"     {seconds:6.2f} s  {name}: {requirement}", flush=True)
    late = []
    for name in wrong[:: 10 * every]:
        late.append(watched(name))
        if late[-1] > 0.5:
            print(
                f"     {late[-1]:6.2f} s  watched, {name}: {', '.join(merchants()[name].breaks)}", flush=True
            )
    looks = preflight()
    figures = (
        ("first finding shown, 95th percentile", high(times), 1.0),
        ("save to verdict, 95th percentile", high(late), 0.5),
        ("preflight, median", statistics.median(looks), 0.5),
    )
    print(
        f"{len(times)} merchants, median {statistics.median(times):.2f} s; another first: {untrue or 'none'}"
    )
    for what, value, goal in figures:
        print(f"{'ok  ' if value <= goal else 'MISS'} {value:6.2f} s  (goal {goal})  {what}")
    return int(any(value > goal for _, value, goal in figures))


if __name__ == "__main__":
    sys.exit(main())
