"""`check --watch`: what failed last is run first when a file changes."""

import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.watch import Failed, snapshot
from alipay_qr_conformance.engine.events import CaseFinished
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Text, Verdict

SHOP = """
from alipay_qr_conformance.subjects.reference import ReferenceAdapter

class Shop(ReferenceAdapter):
    def sign(self, params, charset, sign_type):
        return {WRONG} or super().sign(params, charset, sign_type)
"""
WRONG, RIGHT = "{'sign': '0' * 32}", "None"


def lines_of(stream):
    """Return a queue of the lines that a process prints."""
    found = queue.Queue()
    threading.Thread(target=lambda: [found.put(line) for line in stream], daemon=True).start()
    return found


def until(lines, word):
    """Return what is printed up to the line with a word."""
    found = []
    while not found or word not in found[-1]:
        found.append(lines.get(timeout=90))
    return "".join(found)


@pytest.mark.slow  # two runs of a few cases, through a process
def test_a_change_runs_what_failed_first_and_then_the_rest(tmp_path):
    shop = tmp_path / "shop.py"
    shop.write_text(SHOP.replace("{WRONG}", WRONG))
    command = [sys.executable, "-m", "alipay_qr_conformance.cli", "check", "--lang", "en", "--watch"]
    command += ["--depth", "quick", "-k", "sign.md5.digest or sign.order", "--python", "shop:Shop"]
    path = os.pathsep.join(
        [
            str(tmp_path),
            *(str(Path(cli.__file__).parents[3] / each) for each in ("reference_impl", "conformance")),
        ]
    )
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    ) as running:
        try:
            lines = lines_of(running.stdout)
            assert "MUST sign." in until(lines, "Waiting for a change")
            shop.write_text(SHOP.replace("{WRONG}", RIGHT))
            mended = until(lines, "Waiting for a change")
        finally:
            running.terminate()  # a shell in the background may have it ignore an interrupt
    assert mended.count("No finding.") == 2
    assert "MUST sign." not in mended


def test_a_snapshot_tells_sources_from_what_is_built_or_written(tmp_path):
    for name in ("a.php", "src/b.js", "shop.toml", "node_modules/c.js", ".git/d.js", "shop.db", "shop.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    before = snapshot(tmp_path)
    assert sorted(each.name for each in before) == ["a.php", "b.js", "shop.toml"]
    (tmp_path / "shop.log").write_text("xy")
    assert snapshot(tmp_path) == before
    (tmp_path / "a.php").write_text("xy")
    assert snapshot(tmp_path) != before


def test_a_subject_that_cannot_be_meant_ends_it_at_once(capsys):
    assert cli.main(["check", "--lang", "en", "--watch", "--policy", "no-such-file"]) == cli.USAGE
    assert "no-such-file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ended", "first"),
    [
        ([("a[1]", 0.01, True), ("a[2]", 0.02, False), ("b[1]", 0.03, True)], ["a[1]", "b[1]"]),
        ([("a[1]", 0.03, True), ("a[2]", 0.01, True), ("b[1]", 0.05, True)], ["a[2]", "b[1]", "a[1]"]),
        ([("a[1]", 0.07, True), ("b[1]", 0.05, True), ("c[1]", 0.03, True)], ["c[1]", "b[1]"]),
        ([("a[1]", 9, True), ("b[1]", 9, True)], ["a[1]"]),
        ([("a[any-history]", 0.0, True), ("b[1]", 0.1, True)], ["b[1]"]),
        ([("a[any-history]", 0.0, True), ("b[any-history]", 0.0, True)], ["a[any-history]"]),
        ([("a[1]", 0.01, False)], []),
    ],
    ids=["failed", "each-requirement", "budget", "one-at-least", "no-property", "only-properties", "nothing"],
)
def test_what_tells_soonest_runs_first(monkeypatch, ended, first):
    now = [100.0]
    monkeypatch.setattr("alipay_qr_conformance.cli.watch.time.perf_counter", lambda: now[0])
    failed = Failed()
    for number, (case, seconds, wrong) in enumerate(ended, 1):
        now[0] += seconds
        requirement, _, name = case.rstrip("]").partition("[")
        verdict = Verdict.FAIL if wrong else Verdict.PASS
        finding = Finding(requirement, name, verdict, Text("no", "no")) if wrong else None
        failed(CaseFinished(number, len(ended), CaseResult(requirement, name, verdict, finding=finding)))
    assert failed.soonest() == first
