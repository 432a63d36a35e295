"""Parts of a key: in no log, no report, no temporary file, no command line, no text of a crash."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from alipay_qr_conformance import cli

SPY = Path(__file__).with_name("spy.py")
KEY = "q7w3kz9x2m5n8v4b6c1j0h7g5f3d2s1a"
PIECES = [KEY[at : at + 8].encode() for at in range(len(KEY) - 7)]
KINDS = ("json", "ndjson", "junit", "sarif", "markdown", "html", "terminal")


@pytest.fixture
def place(tmp_path):
    """A folder with an account, and folders for temporary files and reports."""
    (tmp_path / "md5.key").write_text(KEY + "\n")
    (tmp_path / "account.toml").write_text('partner = "2088123412341234"\nmd5_key_file = "md5.key"\n')
    for name in ("temporary", "out"):
        (tmp_path / name).mkdir()
    return tmp_path


def run(place, *words):
    """Run a command; return its exit code and all that it left, said and showed of itself."""
    environment = {
        **os.environ,
        "PYTHONPATH": ":".join(sys.path),
        "TMPDIR": str(place / "temporary"),
        "LC_ALL": "C.UTF-8",
    }
    command = [sys.executable, "-m", "alipay_qr_conformance.cli", *words]
    done = subprocess.run(command, capture_output=True, cwd=place, env=environment, timeout=100, check=False)
    left = [*(place / "out").rglob("*"), *(place / "temporary").rglob("*")]
    return done.returncode, done.stdout + done.stderr + b"\n".join(
        each.read_bytes() for each in left if each.is_file()
    )


def pieces_in(shown):
    return [piece for piece in PIECES if piece in shown or piece[::-1] in shown or piece.upper() in shown]


def test_of_a_check(place):
    reports = [word for kind in KINDS for word in ("--report", f"{kind}=out/report.{kind}")]
    words = ["--account", "account.toml", "--level", "1", "-k", "md5", "--evidence", "full", *reports]
    subject = [sys.executable, "-I", "-S", str(SPY), str(place / "out" / "notes")]
    code, shown = run(place, "check", *words, "--", *subject)
    assert code == cli.FINDINGS, shown
    assert b"cmdline\n" in (place / "out" / "notes").read_bytes()
    assert all(kind.encode() in shown for kind in ("report.json", "<redacted>"))
    assert pieces_in(shown) == []


def test_of_an_audit(place):
    form = {"service": "alipay.acquire.cancel", "partner": "2088123412341234", "_input_charset": "UTF-8"}
    form |= {
        "timestamp": "2026-11-10 12:00:00",
        "out_trade_no": "T1",
        "x": KEY,
        "sign_type": "MD5",
        "sign": KEY,
    }
    line = {"time": "2026-11-10T04:00:00Z", "method": "GET", "url": f"https://a.example/?{urlencode(form)}"}
    (place / "traffic.ndjson").write_text(json.dumps(line) + "\n")
    words = ["traffic.ndjson", "--account", "account.toml", "--work", "out/work", "--show-values"]
    reports = [word for kind in KINDS for word in ("--report", f"{kind}=out/report.{kind}")]
    code, shown = run(place, "audit", *words, *reports)
    assert code == cli.FINDINGS, shown
    assert pieces_in(shown) == []


def test_of_an_account_that_cannot_be_read(place):
    (place / "account.toml").write_text(f'partner = "2088"\nmd5_key = "{KEY}"\n{KEY} = 1\n')
    for command in ("check", "audit"):
        code, shown = run(
            place, command, *(["account.toml"] if command == "audit" else []), "--account", "account.toml"
        )
        assert code == cli.USAGE
        assert pieces_in(shown) == []
