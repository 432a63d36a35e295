"""``alipay-qr check`` in this process: options, exit codes, reports."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from alipay_qr_conformance import cli
from alipay_qr_conformance.cli.check import jobs as jobs_of
from alipay_qr_conformance.report.json_report import schema

SOME = ["-k", "sign.order and md5", "--level", "1"]


def subject(name):
    return ["--python", f"core_subjects:{name}"]


def check(capsys, *words):
    code = cli.main(["check", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_bundled_merchant_conforms(capsys):
    code, out, err = check(capsys, *SOME)
    assert (code, err) == (cli.CONFORMS, "")
    assert "No finding." in out
    assert "Level reached: 1 of 1" in out
    assert "Only " in out


@pytest.mark.parametrize(
    "words",
    [
        ["--url", "http://127.0.0.1:9/"],
        ["--gateway", "http://127.0.0.1:9/"],
        ["--notify-url", "http://127.0.0.1:9/"],
        ["--faketime", "--", "true"],
    ],
    ids=lambda words: words[0],
)
def test_two_jobs_need_two_subjects(capsys, words):
    code, _, err = check(capsys, "--jobs", "2", "--lang", "en", *words)
    assert (code, "two jobs need a subject each" in err) == (cli.USAGE, True)


@pytest.mark.parametrize(
    ("words", "system", "cores", "jobs"),
    [
        ([], "linux", 2, 2),
        ([], "linux", 1, 1),
        ([], "darwin", 2, 1),
        (["--jobs", "1"], "linux", 2, 1),
        (["--python", "shop:Shop"], "linux", 2, 1),
        (["--python", "shop:Shop", "--jobs", "2"], "darwin", 1, 2),
        (["--notify-url", "http://127.0.0.1:9/"], "linux", 2, 1),
    ],
)
def test_two_jobs_are_the_default_where_they_harm_nobody(monkeypatch, words, system, cores, jobs):
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(cores)), raising=False)
    args = cli.parser("en", "check").parse_args(["check", *words])
    args.subject = None
    assert jobs_of(args) == jobs


def test_only_may_be_said_twice(capsys):
    code, out, _ = check(
        capsys, "--only", "sign.md5.digest[plain]", "--only", "sign.join[md5-refund-plain]", "--lang", "en"
    )
    assert code == cli.CONFORMS
    assert "Only 2 of " in out
    code, _, err = check(capsys, "--only", "sign.no", "--only", "sign.neither", "--lang", "en")
    assert code == cli.USAGE
    assert "no case matches 'sign.no, sign.neither'" in err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([*SOME, *subject("UpperCaseHex"), "-k", "sign.md5.digest"], cli.FINDINGS),
        ([*SOME, "--require-level", "1"], cli.CONFORMS),
        ([*SOME, "--require-level", "2"], cli.FINDINGS),
        ([*subject("sign_only"), "-k", "digest or carried-out", "--require-level", "2"], cli.FINDINGS),
        ([*SOME, *subject("Empty")], cli.ADAPTER_FAULT),
        (["--python", "no.such:thing", *SOME], cli.ADAPTER_FAULT),
        (["--python", "nonsense", *SOME], cli.ADAPTER_FAULT),
        ([*SOME, "--", "false"], cli.ADAPTER_FAULT),
        ([*SOME, "--", "/no/such/command"], cli.ADAPTER_FAULT),
        ([*SOME, "--url", "http://127.0.0.1:9/"], cli.ADAPTER_FAULT),
        (["--no-such-option"], cli.USAGE),
        (["--level", "5"], cli.USAGE),
        (["--faketime", *SOME], cli.USAGE),
        (["--faketime", "--url", "http://127.0.0.1:9/", *SOME], cli.USAGE),
        (["--seed", "x"], cli.USAGE),
        (["--seed", "-1"], cli.USAGE),
        (["--seed", "1" + "0" * 40], cli.USAGE),
        (["-k", "no-such-case"], cli.USAGE),
        (["-k", "sign and"], cli.USAGE),
        (["--policy", "/no/such/policy.toml"], cli.USAGE),
        (["--account", "/no/such/account.toml"], cli.USAGE),
        (["--python", "a:b", "--url", "http://x/"], cli.USAGE),
        (["--python", "a:b", "--", "x"], cli.USAGE),
        (["--url", "ftp://x"], cli.USAGE),
        (["--"], cli.USAGE),
        ([*SOME, "--json", "/no/such/folder/report.json"], cli.USAGE),
        ([*SOME, "--json", "/proc"], cli.USAGE),
    ],
    ids=lambda found: " ".join(found)[:60] if isinstance(found, list) else None,
)
def test_exit_codes(capsys, words, code):
    found, out, err = check(capsys, *words)
    assert found == code, out + err
    if code in {cli.USAGE, cli.ADAPTER_FAULT}:
        assert "alipay-qr check: " in err or "usage" in err
        assert "Traceback" not in err


def test_no_command_is_usage(capsys):
    assert cli.main([]) == cli.USAGE
    assert cli.main(["fly"]) == cli.USAGE
    assert cli.main(["--help"]) == 0
    assert cli.main(["--version"]) == 0
    capsys.readouterr()


def test_a_fault_of_the_kit_is_told_as_such(capsys, monkeypatch):
    from alipay_qr_conformance.engine.runner import Runner

    monkeypatch.setattr(Runner, "judge", lambda *_: 1 / 0)
    code, _, err = check(capsys, *SOME)
    assert code == cli.KIT_FAULT
    assert "the kit itself failed" in err
    assert "ZeroDivisionError" in err


def test_a_run_that_judged_nothing_says_what_to_fill_in_first(capsys):
    code, out, err = check(capsys, *subject("Empty"))
    assert code == cli.ADAPTER_FAULT
    assert "Nothing could be judged" in err
    assert "hello and sign" in err
    assert "not written yet" in err
    assert "Level reached: 0 of 4" in out
    assert "No finding." not in out


@pytest.mark.parametrize(("fail_on", "code"), [("must", cli.CONFORMS), ("should", cli.FINDINGS)])
def test_fail_on_decides_whether_a_should_counts(capsys, monkeypatch, fail_on, code):
    import core_subjects

    from alipay_qr_conformance.subjects.reference import ReferenceAdapter

    class Chatty(ReferenceAdapter):
        def notify(self, body_base64, content_type, method="POST", now=None):
            return {"reply": super().notify(body_base64, content_type, method, now)["reply"] + "\n"}

    monkeypatch.setattr(core_subjects, "Chatty", Chatty, raising=False)
    words = [*subject("Chatty"), "-k", "notify.reply.exact", "--fail-on", fail_on]
    found, out, _ = check(capsys, *words)
    assert found == code
    assert "SHOULD notify.reply.exact" in out


@pytest.mark.parametrize("who", ["UpperCaseHex", "md5_only", "RefusesGbk"])
def test_the_json_report_keeps_its_schema_and_its_bytes(capsys, tmp_path, who):
    texts = []
    for name in ("one.json", "two.json"):
        path = tmp_path / name
        words = ["-k", "sign.md5 or sign.charset or create-compulsory", "--json", str(path)]
        check(capsys, *subject(who), *words)
        texts.append(path.read_bytes())
    assert texts[0] == texts[1]
    report = json.loads(texts[0])
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.Draft202012Validator(schema()).validate(report)
    assert report["run"]["cases"] < report["run"]["of"]


def test_json_to_stdout_is_json_alone(capsys):
    code, out, err = check(capsys, *subject("UpperCaseHex"), "-k", "sign.md5.digest", "--json", "-")
    assert (code, err) == (cli.FINDINGS, "")
    assert json.loads(out)["findings"][0]["requirement"] == "sign.md5.digest"


def test_seeds_change_what_is_drawn_and_nothing_else(capsys):
    words = [
        *subject("UpperCaseHex"),
        "-k",
        "*message[presign/gbk] or request.refund.currency",
        "--depth",
        "quick",
        "--json",
        "-",
    ]
    reports = [json.loads(check(capsys, *words, "--seed", seed)[1]) for seed in ("0", "0", "41")]
    assert reports[0] == reports[1]
    assert reports[2]["run"].pop("seed") == 41
    assert [row["id"] for row in reports[2]["requirements"]] == [
        row["id"] for row in reports[0]["requirements"]
    ]


def test_chinese(capsys):
    code, out, _ = check(capsys, *subject("UpperCaseHex"), "-k", "sign.md5.digest", "--lang", "zh")
    assert code == cli.FINDINGS
    assert "达到级别" in out
    assert "修正方法" in out


def test_what_a_subject_says_cannot_steer_the_terminal(capsys):
    _, out, err = check(capsys, *subject("Terminal"), "-k", "sign.md5.digest or sign.join")
    shown = out + err
    assert not [c for c in shown if not c.isprintable() and c != "\n"]
    assert "\\x1b[2J" in shown
    assert "\\u202e" in shown
    assert "\\u2066" in shown
    assert "\n[x] Level 4 reached" not in shown


# --- as a process ---------------------------------------------------------------------------------------


def process(*words, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "alipay_qr_conformance.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path), **environment},
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [(["rules", "--cases"], 0), (["check", *SOME, *subject("UpperCaseHex"), "-k", "md5"], 1)],
    ids=["list", "check"],
)
def test_a_reader_that_leaves_early_gets_no_traceback(words, code):
    started = process(*words)
    started.stdout.close()
    err = started.stderr.read()
    started.stderr.close()
    assert started.wait(60) == code
    assert err == b""


def test_chinese_on_an_ascii_terminal_is_escaped():
    started = process("rules", "--lang", "zh", "--level", "1", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    out, err = started.communicate(timeout=60)
    assert (started.returncode, err) == (0, b"")
    assert b"\\u7b7e\\u540d" in out


def test_help_is_quick_and_loads_no_slow_module():
    script = (
        "import sys; from alipay_qr_conformance.cli import main; code = main(['--help']);"
        "bad = {'hypothesis', 'jsonschema', 'requests', 'cryptography', 'defusedxml'} & set(sys.modules);"
        "sys.exit(f'{code} {bad}' if code or bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


CLOCK = [sys.executable, str(Path(__file__).parents[1] / "subjects" / "clock_adapter.py")]


@pytest.mark.runtime("faketime")
def test_a_clock_that_is_moved_from_outside_is_named_in_every_report(capsys, tmp_path):
    report = tmp_path / "report.json"
    words = ["--faketime", "-k", "zone[noon", "--lang", "en", "--json", str(report), "--", *CLOCK]
    _, out, _ = check(capsys, *words)
    assert out.startswith("clock 1 (Python; faketime)")
    found = json.loads(report.read_text("utf-8"))
    jsonschema.validate(found, schema())
    assert found["subject"]["clock"] == "faketime"
    assert "cannot be told the time" not in out


def test_without_libfaketime_clock_checks_are_unsupported_and_say_what_to_install(
    capsys, monkeypatch, tmp_path
):
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, err = check(capsys, "--faketime", "-k", "zone[noon", "--lang", "en", "--", *CLOCK)
    assert "apt install faketime" in out.replace("\n", " ") + err
    assert code == cli.ADAPTER_FAULT  # nothing could be judged
    assert " 0 findings, 1 unsupported" in out


def test_what_keeps_a_selection_from_being_judged_is_told_apart(capsys):
    asked = ["check", "--python", "core_subjects:Deaf", "--depth", "quick", "--lang", "en"]
    code = cli.main([*asked, "-k", "notify.reject.changed[under-a-known-id/MD5"])
    said = capsys.readouterr().out
    assert code == 1
    assert "not chosen, and to blame for what could not be judged: notify.genuine[" in said
    assert "0 cases judged, 0 findings" in said
