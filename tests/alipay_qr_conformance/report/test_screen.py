"""What a person sees: folded to the width, coloured only where that is wanted, steered by nobody."""

import io
import os
import pty
import re
import subprocess
import sys
from dataclasses import replace

import hostile_merchant as hostile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alipay_qr_conformance.model.widths import columns, fold
from alipay_qr_conformance.report import screen


@pytest.mark.parametrize("width", [40, 80, 132])
def test_nothing_is_wider_than_the_terminal(hostile_run, width):
    from alipay_qr_conformance.report.terminal import render_run

    for lang in ("en", "zh"):
        text = fold(render_run(hostile_run, lang), width)
        assert max(columns(line) for line in text.splitlines()) <= width
        assert re.sub(r"\s", "", text) == re.sub(r"\s", "", render_run(hostile_run, lang))


@given(st.text(st.sampled_from("ab 测\u3000 "), max_size=300), st.integers(1, 90))
def test_folding_loses_nothing_and_ends(text, width):
    folded = fold(text, width)
    assert re.sub(r"\s", "", folded) == re.sub(r"\s", "", text)


def painted(run, lang="en", width=100):
    from rich.console import Console

    console = Console(
        file=io.StringIO(), width=width, force_terminal=True, highlight=False, markup=False, emoji=False
    )
    screen.paint(run, console, lang)
    return console.file.getvalue()


def test_colours_hold_the_same_findings(hostile_run):
    pytest.importorskip("rich")
    text = re.sub(r"\x1b\[[0-9;]*m", "", painted(hostile_run))
    for row in hostile_run.summary.rows:
        assert not row.findings or row.requirement.id in text
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_a_subject_cannot_write_markup(hostile_run):
    pytest.importorskip("rich")
    text = painted(hostile_run, "zh", 60)
    assert set(re.findall(r"\x1b\[[^m]*m", text)) <= set(re.findall(r"\x1b\[[0-9;]*m", text))
    assert hostile.CANARY not in text


def test_a_subject_cannot_write_a_line_in_colours(hostile_run):
    pytest.importorskip("rich")
    subject = replace(hostile_run.subject, name="shop\n  Level 4 money rules: reached")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", painted(replace(hostile_run, subject=subject)))
    assert "shop\\n  Level 4 money rules: reached" in plain
    assert not [line for line in plain.splitlines() if line == "  Level 4 money rules: reached"]


def on_a_terminal(tmp_path, **env):
    leader, follower = pty.openpty()
    words = ["check", "-k", "given-in-reverse-order", "--level", "1", "--lang", "en"]
    process = subprocess.Popen(
        [sys.executable, "-m", "alipay_qr_conformance.cli", *words],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        | {"TERM": "xterm", **env},
    )
    os.close(follower)
    data = b""
    try:
        while chunk := os.read(leader, 65536):
            data += chunk
    except OSError:  # the other end is closed
        pass
    os.close(leader)
    assert process.wait(30) == 0
    return data.decode()


def test_a_terminal_has_colours_unless_they_are_unwanted(tmp_path):
    pytest.importorskip("rich")
    assert "\x1b[" in on_a_terminal(tmp_path)
    assert "\x1b[" not in on_a_terminal(tmp_path, NO_COLOR="1")
    assert "\x1b[" not in on_a_terminal(tmp_path, TERM="dumb")


def test_plain_works_without_rich(tmp_path, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(screen, "find_spec", lambda _: None)
    assert not screen.coloured()
