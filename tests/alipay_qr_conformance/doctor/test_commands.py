"""The two commands as people run them, and every example of the page on ILLEGAL_SIGN."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alipay_qr.account import TEST_ALIPAY_PUBLIC_KEY, TEST_PRIVATE_KEY_JAVA

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "illegal-sign.md").read_text("utf-8")
CONSOLE = re.findall(r"```console\n\$ (.*?)\n(.*?)```", PAGE, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
MAIN = """
import argparse, sys
from alipay_qr_conformance.cli import doctor_key, explain
parser = argparse.ArgumentParser(prog="alipay-qr")
commands = parser.add_subparsers()
explain.add_parser(commands)
doctor_key.add_parser(commands)
args = parser.parse_args()
sys.exit(args.run(args))
"""


def run(*words, stdin=b""):
    environment = {
        **os.environ,
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(str(ROOT / each) for each in ("reference_impl", "conformance")),
    }
    return subprocess.run(
        [sys.executable, "-c", MAIN, *words],
        input=stdin,
        capture_output=True,
        env=environment,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("number", range(len(CONSOLE)))
def test_every_console_example_of_the_page_is_what_comes_out(number):
    command, expected = CONSOLE[number]
    done = run(*shlex.split(command)[1:])
    assert done.stdout.decode() == expected
    assert done.stderr == b""


@pytest.mark.parametrize("number", range(len(PYTHON)))
def test_every_python_example_of_the_page_runs(number, capsys):
    exec(PYTHON[number], {})  # noqa: S102 (the page's own example)
    assert "white space" in capsys.readouterr().out


def test_the_page_has_examples_in_both_languages():
    assert len(CONSOLE) >= 8
    assert any("--lang zh" in command for command, _ in CONSOLE)
    assert PYTHON


def test_exit_codes(tmp_path):
    wrong = shlex.split(CONSOLE[0][0])[2]
    file = tmp_path / "request.txt"
    file.write_text(wrong)
    assert run("explain", str(file)).returncode == 1
    assert run("explain", stdin=wrong.encode()).returncode == 1
    right = next(command for command, shown in CONSOLE if shown.startswith("The sign is right"))
    assert run(*shlex.split(right)[1:]).returncode == 0
    refused = run("explain", "what is this")
    assert refused.returncode == 64
    assert b"expected" in refused.stderr or b"paste" in refused.stderr
    assert run("explain", "--md5-key-file", str(tmp_path / "absent"), wrong).returncode == 64


SECRET = TEST_PRIVATE_KEY_JAVA.splitlines()[1][:40]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["reqest.txt"], "there is no file reqest.txt"),
        (["missing/request"], "there is no file missing/request"),
        (["."], ". is a folder"),
        (["private.pem"], "this is a key, not a message"),
        (["--lang", "zh", "private.pem"], "这是密钥而不是报文"),
        (
            ["--md5-key-file", "absent", "a.txt"],
            "absent (No such file or directory): this file cannot be read",
        ),
        (["--md5-key-file", "private.pem", "a.txt"], "private.pem holds an RSA key"),
        (["--md5-key-file", "empty.txt", "a.txt"], "empty.txt is empty"),
        (["--md5-key-file", "bytes.bin", "a.txt"], "bytes.bin is no text"),
        (["--public-key", "bytes.bin", "a.txt"], "see alipay-qr doctor-key bytes.bin"),
        (["--private-key", "absent", "a.txt"], "absent (No such file or directory)"),
    ],
)
def test_what_a_stranger_gets_wrong_is_told_and_no_key_is_shown(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("private.pem").write_text(TEST_PRIVATE_KEY_JAVA)
    Path("a.txt").write_text("service=x&sign=y")
    Path("empty.txt").write_text("")
    Path("bytes.bin").write_bytes(b"\xff\xfe")
    done = run("explain", *words)
    shown = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == 64
    assert said in shown
    assert SECRET not in shown


def test_keys_come_from_files_and_json_goes_out(tmp_path):
    key, other, public, private = (tmp_path / name for name in ("key", "other", "public", "private"))
    key.write_text("aaaabbbbccccddddeeeeffffgggghhhh\n")
    other.write_text("w0nu2sn0o97s8ruzrpj64fgc8vj8wus6")
    public.write_text(TEST_ALIPAY_PUBLIC_KEY)
    private.write_text(TEST_PRIVATE_KEY_JAVA)
    right = next(
        shlex.split(command)[-1] for command, shown in CONSOLE if shown.startswith("The sign is right")
    )
    done = run(
        "explain",
        "--json",
        "--md5-key-file",
        str(key),
        "--md5-key-file",
        str(other),
        "--public-key",
        str(public),
        "--private-key",
        str(private),
        right,
    )
    answer = json.loads(done.stdout)
    assert answer["verdict"] == "explained"
    assert [(each["id"], each["detail"]) for each in answer["mistakes"]] == [("key.other", "other")]
    assert {"id", "title", "remedy"} <= set(answer["mistakes"][0])
    assert "aaaabbbb" not in done.stdout.decode()


def test_the_key_doctor_as_a_command(tmp_path):
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    private.write_text(TEST_PRIVATE_KEY_JAVA)
    public.write_text(TEST_ALIPAY_PUBLIC_KEY)
    done = run("doctor-key", str(private), "--pair", str(public))
    assert done.returncode == 1
    assert b"does not belong" in done.stdout
    written = tmp_path / "new.pem"
    assert run("doctor-key", str(private), "--write", str(written), "--form", "pkcs8_pem").returncode == 1
    good = run("doctor-key", "--json", str(written))
    assert (good.returncode, json.loads(good.stdout)["kind"]) == (0, "pkcs8")
    assert run("doctor-key", str(private), "--write", str(written), "--form", "pkcs8_pem").returncode == 64
    assert run("doctor-key", str(private), "--write", str(written)).returncode == 64
    assert run("doctor-key", str(tmp_path / "absent")).returncode == 64


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["absent"], "absent (No such file or directory): this file cannot be read"),
        (["--lang", "zh", "absent"], "无法读取该文件"),
        (["--pair", "absent", "private.pem"], "absent (No such file or directory)"),
        (["--write", "new.pem", "private.pem"], "--write and --form go together"),
        (["--write", "private.pem", "--form", "pkcs1_pem", "private.pem"], "private.pem exists"),
        (["--write", "no/new.pem", "--form", "pkcs1_pem", "private.pem"], "this file cannot be written"),
        (["--write", "new.pem", "--form", "pkcs1_pem", "public.pem"], "pkcs1_pem needs the private one"),
        (["--write", "new.pem", "--form", "pkcs1_pem", "empty.pem"], "no RSA key can be read"),
    ],
)
def test_the_key_doctor_says_what_it_cannot_do(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("private.pem").write_text(TEST_PRIVATE_KEY_JAVA)
    Path("public.pem").write_text(TEST_ALIPAY_PUBLIC_KEY)
    Path("empty.pem").write_text("")
    done = run("doctor-key", *words)
    shown = done.stdout.decode() + done.stderr.decode()
    assert (done.returncode, said in shown, SECRET in shown) == (64, True, False), shown


def test_a_single_mistake_is_told_in_a_moment():
    """Start and diagnosis together; the bound is loose, because the machine may be busy."""
    words = shlex.split(CONSOLE[0][0])[1:]
    times = []
    for _ in range(3):
        started = time.perf_counter()
        run(*words)
        times.append(time.perf_counter() - started)
    assert min(times) < 2
