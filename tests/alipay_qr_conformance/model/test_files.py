"""Files that a person names: bounded, and nobody is waited for."""

import os

import pytest

from alipay_qr.account import TEST_PRIVATE_KEY_JAVA
from alipay_qr_conformance.cli import main
from alipay_qr_conformance.model import files

REQUEST = "service=alipay.acquire.cancel&partner=2088021966388155&sign=x&sign_type=MD5"
WAYS = {
    "policy": lambda file: ["check", "-k", "sign.md5.digest", "--policy", file],
    "known-failures": lambda file: ["check", "-k", "sign.md5.digest", "--known-failures", file],
    "account": lambda file: ["check", "-k", "sign.md5.digest", "--account", file],
    "diff": lambda file: ["diff", file, file],
    "replay": lambda file: ["replay", file, "sign.order"],
    "statement": lambda file: ["statement", "--verify", file],
    "explain": lambda file: ["explain", file],
    "md5-key": lambda file: ["explain", "--md5-key-file", file, REQUEST],
    "public-key": lambda file: ["explain", "--public-key", file, REQUEST],
    "pair": lambda file: ["explain", "--pair", file, TEST_PRIVATE_KEY_JAVA],
}


@pytest.fixture
def pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_pipe_without_a_writer_is_refused_at_once(way, pipe, capsys):
    assert main(way(str(pipe))) == 64
    assert "a pipe to which nobody writes" in capsys.readouterr().err


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_does_not_end_is_refused(way, tmp_path, monkeypatch, capsys):
    endless = tmp_path / "endless"
    endless.write_bytes(b" " * 1001)
    monkeypatch.setattr(files, "LARGEST", 1000)
    assert main(way(str(endless))) == 64
    assert "more than 1000 bytes" in capsys.readouterr().err


@pytest.mark.parametrize("way", ["policy", "known-failures", "account"])
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("a = " + "[" * 9000 + "]" * 9000, "nested too deeply", id="deep"),
        pytest.param("a = " + "9" * 9000, "4300 digits", id="long-number"),
        pytest.param("a = 2026-02-30", "Invalid date", id="no-such-day"),
    ],
)
def test_toml_that_its_reader_cannot_bear_is_a_fault_of_the_file(way, text, complaint, tmp_path, capsys):
    (tmp_path / "file.toml").write_text(text, "utf-8")
    assert main(WAYS[way](str(tmp_path / "file.toml"))) == 64
    said = capsys.readouterr().err
    assert complaint in said
    assert "file.toml" in said


def test_a_shell_may_hand_over_a_pipe(capsys):
    """As in ``alipay-qr explain <(pbpaste)``."""
    reading, writing = os.pipe()
    os.write(writing, REQUEST.encode())
    os.close(writing)
    assert main(["explain", f"/dev/fd/{reading}"]) == 1
    os.close(reading)
    assert "The sign is wrong" in capsys.readouterr().out
