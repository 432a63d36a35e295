"""The command as people run it, and every example of the page on ILLEGAL_SIGN."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from alipay_qr.account import (
    TEST_ALIPAY_PUBLIC_KEY,
    TEST_MD5_KEY,
    TEST_PARTNER,
    TEST_PRIVATE_KEY_JAVA,
)
from reading_wrappings import sample

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "illegal-sign.md").read_text("utf-8")
CONSOLE = re.findall(r"```console\n\$ (.*?)\n(.*?)```", PAGE, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
MAIN = """
import argparse, sys
from alipay_qr_conformance.cli import explain
parser = argparse.ArgumentParser(prog="alipay-qr")
commands = parser.add_subparsers()
explain.add_parser(commands)
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
        (["--report", "page.html", "a.txt"], "--report takes html=FILE, not page.html"),
        (["--report", "html=no/page.html", "a.txt"], "no/page.html (No such file or directory)"),
        (["--entry", "3", "a.txt"], "there is no such message: the input has 1"),
        (
            ["--md5-key-file", "absent", "a.txt"],
            "absent (No such file or directory): this file cannot be read",
        ),
        (["--md5-key-file", "private.pem", "a.txt"], "private.pem holds an RSA key"),
        (["--md5-key-file", "empty.txt", "a.txt"], "empty.txt is empty"),
        (["--md5-key-file", "bytes.bin", "a.txt"], "bytes.bin is no text"),
        (["--public-key", "bytes.bin", "a.txt"], "see alipay-qr explain bytes.bin"),
        (["--private-key", "absent", "a.txt"], "absent (No such file or directory)"),
    ],
)
def test_what_a_stranger_gets_wrong_is_told_and_no_key_is_shown(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("private.pem").write_text(TEST_PRIVATE_KEY_JAVA)
    Path("a.txt").write_text("service=x&partner=1&sign=y")
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
    assert answer["verdict"] == "wrong"
    assert [(each["id"], each["detail"]) for each in answer["mistakes"]] == [("key.other", "other")]
    assert {"id", "title", "remedy"} <= set(answer["mistakes"][0])
    assert "aaaabbbb" not in done.stdout.decode()


def test_a_key_is_known_by_itself(tmp_path):
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    private.write_text(TEST_PRIVATE_KEY_JAVA)
    public.write_text(TEST_ALIPAY_PUBLIC_KEY)
    done = run("explain", str(private), "--pair", str(public))
    assert done.returncode == 1
    assert b"does not belong" in done.stdout
    written = tmp_path / "new.pem"
    assert run("explain", str(private), "--write", "pkcs8_pem", str(written)).returncode == 1
    good = run("explain", "--json", str(written))
    assert (good.returncode, json.loads(good.stdout)["kind"]) == (0, "pkcs8")
    assert run("explain", str(private), "--write", "pkcs8_pem", str(written)).returncode == 64
    assert run("explain", "-", stdin=private.read_bytes()).returncode == 1
    typed = "".join(TEST_PRIVATE_KEY_JAVA.splitlines()[1:-1])
    shown = run("explain", typed)
    assert b"PKCS#8" in shown.stdout
    assert SECRET.encode() not in shown.stdout + shown.stderr


def test_a_key_in_a_configuration_is_found_behind_its_name(tmp_path):
    file = tmp_path / ".env"
    file.write_text(f"PARTNER=1\nALIPAY_KEY={TEST_PRIVATE_KEY_JAVA.splitlines()[1]}\n")
    done = run("explain", str(file))
    assert b"The key that stands behind ALIPAY_KEY" in done.stdout
    assert SECRET.encode() not in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pair", "absent", "private.pem"], "absent (No such file or directory)"),
        (["--write", "pem", "new.pem", "private.pem"], "--write takes a form (pkcs1_pem"),
        (["--write", "pkcs1_pem", "private.pem", "private.pem"], "private.pem exists"),
        (["--write", "pkcs1_pem", "no/new.pem", "private.pem"], "this file cannot be written"),
        (["--write", "pkcs1_pem", "new.pem", "public.pem"], "pkcs1_pem needs the private one"),
        (["empty.pem"], "the input is empty"),
    ],
)
def test_what_cannot_be_done_with_a_key_is_said(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("private.pem").write_text(TEST_PRIVATE_KEY_JAVA)
    Path("public.pem").write_text(TEST_ALIPAY_PUBLIC_KEY)
    Path("empty.pem").write_text("")
    done = run("explain", *words)
    shown = done.stdout.decode() + done.stderr.decode()
    assert (done.returncode, said in shown, SECRET in shown) == (64, True, False), shown


RIGHT = sample("get").url
WRONG = sample("get", right=False).url
FOREIGN = RIGHT.replace(TEST_PARTNER, "2088101568338364")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (RIGHT, 0),
        (WRONG, 1),
        (FOREIGN, 5),
        (f"{RIGHT}\n{WRONG}\n", 1),
        (f"{RIGHT}\n{FOREIGN}\n", 5),
        ("ILLEGAL_SIGN", 5),
        ("hello", 64),
    ],
    ids=["right", "wrong", "another account", "one wrong", "one unknown", "a code", "nothing"],
)
def test_there_are_three_verdicts(text, code):
    assert run("explain", "-", stdin=text.encode()).returncode == code


def test_several_messages_give_a_table_and_one_of_them_the_whole_answer(tmp_path):
    file, page = tmp_path / "log", tmp_path / "page.html"
    file.write_text(f"{RIGHT}\nx\n{WRONG}\n{FOREIGN}\n")
    table = run("explain", str(file), "--report", f"html={page}").stdout.decode()
    assert "3 messages: 1 wrong, 1 cannot be said, 1 right." in table
    assert "1 (L3)" in table
    assert "key of partner 2088101568338364 is not known" in table
    assert "[params.sign-type-signed]" in run("explain", str(file), "--entry", "1").stdout.decode()
    assert "<pre>" in page.read_text()
    assert "&amp;sign_type=MD5" in page.read_text()
    told = json.loads(run("explain", "--json", str(file)).stdout)
    assert (told["verdict"], [each["verdict"] for each in told["causes"]]) == (
        "wrong",
        ["wrong", "cannot-say", "right"],
    )


OTHER_KEY = "aaaabbbbccccddddeeeeffffgggghhhh"
KEY_FILES = {
    "a name": (f"key={TEST_MD5_KEY}", 0, "holds key= before the key"),
    "quotes": (f'"{TEST_MD5_KEY}"', 0, "holds quotes around the key"),
    "a name and quotes": (f'ALIPAY_KEY="{TEST_MD5_KEY}";', 0, "holds ALIPAY_KEY= before the key"),
    "five letters": ("abcde", 0, "has 5 characters"),
    "another account": (OTHER_KEY, 1, "another key was used"),
}


@pytest.mark.parametrize("name", KEY_FILES)
def test_the_key_file_is_examined_first(name, tmp_path):
    text, code, said = KEY_FILES[name]
    file = tmp_path / "key"
    file.write_text(text)
    done = run("explain", "--md5-key-file", str(file), RIGHT)
    assert (done.returncode, said in done.stdout.decode()) == (code, True), done.stdout.decode()
    assert OTHER_KEY not in done.stdout.decode()


def test_a_key_that_was_typed_into_a_message_is_not_shown():
    done = run("explain", f"{RIGHT}&md5_key={OTHER_KEY}")
    assert OTHER_KEY not in done.stdout.decode() + done.stderr.decode()


def test_a_single_mistake_is_told_in_a_moment():
    """Start and diagnosis together, in processor time: the machine may be busy."""
    words = shlex.split(CONSOLE[0][0])[1:]
    times = []
    for _ in range(3):
        before = os.times()
        run(*words)
        after = os.times()
        times.append(after.children_user + after.children_system)
        times[-1] -= before.children_user + before.children_system
    assert 0 < min(times) < 2
