"""Every command has the one handler for the kit's own faults."""

from importlib import import_module

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
