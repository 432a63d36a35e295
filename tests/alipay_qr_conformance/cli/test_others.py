"""``alipay-qr rules`` and ``check --adapter-only``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from alipay_qr_conformance import cli
from alipay_qr_conformance.model.requirements import register


def run(capsys, *words):
    code = cli.main(list(words))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rules_lists_every_requirement(capsys, lang):
    code, out, err = run(capsys, "rules", "--lang", lang)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) == len(register())
    for line, row in zip(lines, register().values(), strict=True):
        assert line.startswith(f"{row.level} {row.keyword}")
        assert row.title.in_language(lang) in line
        assert ("[-]" in line) is (row.excluded is not None)


def test_rules_as_json(capsys):
    rows = json.loads(run(capsys, "rules", "--json", "--level", "2")[1])
    assert [row["id"] for row in rows] == [row.id for row in register().values() if row.level == 2]
    assert {row["excluded"] is None for row in rows} == {True, False}


def test_rules_cases(capsys):
    text = run(capsys, "rules", "--cases", "--level", "3")[1].splitlines()
    listed = json.loads(run(capsys, "rules", "--cases", "--level", "3", "--json")[1])
    assert text == listed
    assert {register()[case_id.partition("[")[0]].level for case_id in listed} == {3}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["sign.order", "money.cancel.fee"])
def test_one_rule_tells_a_whole_row(capsys, name, lang):
    code, out, _ = run(capsys, "rules", name, "--lang", lang)
    row = register()[name]
    assert code == 0
    assert row.clause in out
    for text in (row.title, row.why, row.mend):
        assert text.in_language(lang) in out
    assert (f"{name}[" in out) is (row.excluded is None)


def test_one_rule_ends_after_a_dozen_cases_and_says_how_to_see_another(capsys):
    _, out, _ = run(capsys, "rules", "sign.order")
    assert out.count("sign.order[") == 12
    assert "more cases; -k EXPR" in out
    _, out, _ = run(capsys, "rules", "sign.order", "-k", "rsa2")
    assert out.count("sign.order[") > 12
    assert "more cases" not in out


@pytest.mark.parametrize(
    ("words", "name"),
    [([], "alipay-qr"), (["chek"], "alipay-qr"), (["check", "--level", "9"], "alipay-qr check")],
)
def test_a_wrong_command_line_is_told_where_help_is(capsys, words, name):
    code, out, err = run(capsys, *words)
    assert (code, out) == (cli.USAGE, "")
    assert f"{name} --help" in err


@pytest.mark.parametrize(("name", "hint"), [("sign.ordr", "sign.order"), ("qqqq", "see alipay-qr rules")])
def test_one_rule_of_an_unknown_name_suggests(capsys, name, hint):
    code, out, err = run(capsys, "rules", name)
    assert (code, out) == (cli.USAGE, "")
    assert hint in err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--python", "core_subjects:sign_only"], 0),
        ([], 0),
        (["--python", "core_subjects:Terminal"], cli.ADAPTER_FAULT),
        (["--", "false"], cli.ADAPTER_FAULT),
        (["--", "/no/such"], cli.ADAPTER_FAULT),
        (["--python", "no.such:x"], cli.ADAPTER_FAULT),
        (["--python", "a:b", "--url", "http://x"], cli.USAGE),
        (["--"], cli.USAGE),
        (["--notify-url", "http://127.0.0.1:9/"], cli.USAGE),
    ],
    ids=lambda found: " ".join(found) if isinstance(found, list) else None,
)
def test_adapter_only(capsys, words, code):
    found, out, err = run(capsys, "check", "--adapter-only", *words)
    assert found == code, out + err
    assert "Traceback" not in err
    assert not [c for c in out + err if not c.isprintable() and c != "\n"]
    if code == 0:
        assert "ok" in out


@pytest.mark.parametrize(
    "words",
    [["rules"], ["check", "-k", "sign.order"], ["check", "-k", "sign.order", "--report", "ndjson=/dev/full"]],
    ids=" ".join,
)
def test_a_full_disk_is_no_fault_of_the_kit(words):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "alipay_qr_conformance.cli", *words]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == cli.USAGE
    assert b"cannot be written: [Errno 28] No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_crash(closed):
    script = f'"{sys.executable}" -m alipay_qr_conformance.cli check -k sign.order {closed}'
    done = subprocess.run(["sh", "-c", script], capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)


@pytest.mark.parametrize("kind", ["json", "ndjson", "--write-known-failures"])
def test_a_folder_for_a_report_is_refused_before_the_run(kind, tmp_path, capsys):
    words = [kind, str(tmp_path)] if kind.startswith("--") else ["--report", f"{kind}={tmp_path}"]
    code, out, err = run(capsys, "check", *words)
    assert (code, out) == (cli.USAGE, "")
    assert "this is a folder" in err


@pytest.mark.parametrize("port", ["65536", "-1", "80x", "9" * 5000, "\u0663"])
def test_a_port_that_is_none(port, capsys):
    code, out, err = run(capsys, "gateway", f"--port={port}")
    assert (code, out) == (cli.USAGE, "")
    assert "a number from 0 to 65535" in err


def test_adapter_only_speaks_chinese(capsys):
    found, out, _ = run(
        capsys, "check", "--adapter-only", "--lang", "zh", "--python", "core_subjects:sign_only"
    )
    assert found == 0
    assert "应答符合协议" in out
    assert "it answers" not in out
