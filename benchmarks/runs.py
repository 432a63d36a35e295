"""Whole processes: what the pytest plugin costs when unused, and what a conformance run takes."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from side_by_side import Ratio, at_most, ratio, show

ROOT = Path(__file__).resolve().parent.parent
CLI = [sys.executable, "-m", "alipay_qr_conformance.cli", "check"]
WITHOUT = ["-p", "no:alipay_qr_conformance", "-p", "no:alipay_qr_conformance.pytest.plugin"]


def seconds(command: Sequence[str], folder: str) -> float:
    """Run a command, return wall seconds; a failing command ends the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    spent = time.perf_counter() - start
    if done.returncode not in {0, 5}:  # 5: pytest collected nothing
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return spent


def plugin_unused(rounds: int = 15) -> Ratio:
    """Compare pytest's start with the plugin installed and not used, and with the plugin blocked."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_nothing.py").write_text("def test_nothing():\n    pass\n", "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        seconds(command, folder)
        mine, other = [], []
        for _ in range(rounds):
            mine.append(seconds(command, folder))
            other.append(seconds([*command, *WITHOUT], folder))
    return at_most("pytest start-up, plugin unused", "pytest without the plugin", ratio(mine, other), 1.05)


def whole_runs(rounds: int = 3) -> list[Ratio]:
    """Time runs of each depth over the Python object, and the default run over PHP beside it."""
    php = shutil.which("php")
    folder = tempfile.gettempdir()
    python, through_php, quick = [], [], []
    for _ in range(rounds):
        quick.append(seconds([*CLI, "--depth", "quick"], folder))
        python.append(seconds(CLI, folder))
        if php:
            through_php.append(
                seconds([*CLI, "--", php, str(ROOT / "examples" / "php" / "adapter.php")], folder)
            )
    print(f"     quick, Python object   {statistics.median(quick):6.2f} s (goal 5)")
    print(f"     default, Python object {statistics.median(python):6.2f} s (goal 15)")
    if not php:
        print("     not measured: php is missing")
        return []
    print(f"     default, PHP           {statistics.median(through_php):6.2f} s")
    return [at_most("a default run through PHP", "through the Python object", ratio(through_php, python), 2)]


def main() -> int:
    """Measure and print."""
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as for a person: only a first run has to compile
    return show([plugin_unused(), *whole_runs()])


if __name__ == "__main__":
    sys.exit(main())
