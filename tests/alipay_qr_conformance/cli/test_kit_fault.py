"""Every command has the one handler for the kit's own faults."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from alipay_qr_conformance import cli

SECRET = "q7w3kz9x2m5n8v4b6c1j0h7g5f3d2s1a"
WORDS = {
    "check": ["check"],
    "rules": ["rules"],
    "explain": ["explain", "a=1"],
    "audit": ["audit", "file"],
    "gateway": ["gateway"],
    "diff": ["report", "diff", "a", "b"],
    "verify": ["report", "verify", "file", "--key", "file"],
}


@pytest.mark.parametrize("name", WORDS)
def test_a_crash_is_told_without_what_was_read(name, monkeypatch, capsys):
    def crash(_args):
        raise RuntimeError(f"cannot read {SECRET}")

    monkeypatch.setattr(import_module(f"alipay_qr_conformance.cli.{name}"), "run", crash)
    assert cli.main(WORDS[name]) == cli.KIT_FAULT
    said = capsys.readouterr()
    assert "the kit itself failed: RuntimeError" in said.err
    assert "test_kit_fault.py" in said.err
    assert "report" in said.err
    assert SECRET[:8] not in said.out + said.err


def test_an_interrupt_is_no_fault_of_the_kit(monkeypatch, capsys):
    def stop(_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("alipay_qr_conformance.cli.rules"), "run", stop)
    assert cli.main(["rules"]) == 130
    assert "the kit itself failed" not in capsys.readouterr().err


def test_names_of_others_are_told_as_text(tmp_path, capsys):
    bad = tmp_path / "a\x1b]0;x\x07\u202e"
    for words in (
        ["report", "diff", bad, bad],
        ["explain", f"{bad}.pem"],
        ["check", "--policy", bad],
        ["\x1b[2J"],
    ):
        assert cli.main([*map(str, words)]) == cli.USAGE
        said = capsys.readouterr().err
        assert "\\x1b" in said
        assert not {"\x1b", "\x07", "\u202e"} & {*said}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("words", [["audit", "nosuch"], ["nosuch"]], ids=["complaint", "usage"])
def test_a_full_stderr_changes_no_exit_code(words):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "alipay_qr_conformance.cli", *words]
        assert subprocess.run(command, stderr=full, check=False).returncode == cli.USAGE
