"""Two reports compared; one case again with every byte."""

import base64
import copy
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import hostile_merchant as hostile
import pytest

from alipay_qr.wire import Request
from alipay_qr_conformance.report.comparison import compare_reports, render_comparison
from alipay_qr_conformance.report.exchange import curl
from alipay_qr_conformance.report.formats import render
from alipay_qr_conformance.report.saved import ReportError, read_report

PLAIN = "sign.join[presign-refund-plain]"
REVERSED_RSA = "sign.order[rsa-given-in-reverse-order]"


@pytest.fixture(scope="module")
def report(twice):
    return json.loads(render("json", replace(twice[0], full=True)))


def mended(report, case):
    """The same report, with one case of sign.join passing."""
    changed = copy.deepcopy(report)
    rows = {row["id"]: row for row in changed["requirements"]}
    for each in rows["sign.join"]["cases"]:
        if each["name"] == case:
            each.clear()
            each.update(name=case, verdict="pass")
    changed["findings"] = [row for row in changed["findings"] if row["case"] != case]
    return changed


def test_nothing_changed(report):
    found = compare_reports(report, report)
    assert not found.worse
    assert "No difference." in render_comparison(found)


def test_what_passes_now_and_what_fails_now(report):
    better = mended(report, "presign-refund-plain")
    forward, back = compare_reports(report, better), compare_reports(better, report)
    assert (forward.passing, forward.failing, forward.worse) == (
        (PLAIN,),
        (),
        False,
    )
    assert (back.passing, back.failing, back.worse) == ((), (PLAIN,), True)
    assert f"+ {PLAIN}" in render_comparison(forward)
    assert "新增违反" in render_comparison(back, "zh")


def test_another_cause_is_told(report):
    other = copy.deepcopy(report)
    other["findings"][0]["detail"] = "something else"
    found = compare_reports(report, other)
    assert (len(found.changed), found.failing, found.worse) == (1, (), False)
    other["run"]["language"] = "zh"  # then the sentences cannot be compared
    assert compare_reports(report, other).changed == ()


def test_without_full_evidence_requirements_are_compared(report, twice):
    brief = json.loads(render("json", twice[0]))
    same = compare_reports(brief, brief)
    assert (same.coarse, same.worse, same.changed) == (True, False, ())
    assert "requirements are compared" in render_comparison(same)
    better = copy.deepcopy(brief)
    better["requirements"] = [row | {"verdict": "pass"} for row in better["requirements"]]
    assert compare_reports(better, report).failing == tuple(
        row["id"] for row in report["requirements"] if row["verdict"] == "fail"
    )
    assert compare_reports(report, better).passing == compare_reports(better, report).failing


def test_a_lower_level_is_worse(report):
    lower = copy.deepcopy(report) | {"level": 0}
    assert compare_reports(report | {"level": 2}, lower).worse


@pytest.mark.parametrize("text", ["", "{}", "[]", "[" * 5000, "null", '{"kit": 1}'], ids=range(6))
def test_what_is_no_report_is_refused(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(ReportError, match=r"x\.json"):
        read_report(path)


def run(*words, cwd):
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-m", "alipay_qr_conformance.cli", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": path},
    )


def test_the_command_compares_and_says_so_by_its_exit_code(tmp_path, report):
    for name, each in (("a", report), ("b", mended(report, "presign-refund-plain"))):
        (tmp_path / f"{name}.json").write_text(json.dumps(each))
    assert run("report", "diff", "a.json", "b.json", cwd=tmp_path).returncode == 0
    done = run("report", "diff", "b.json", "a.json", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert [row["case"] for row in json.loads(done.stdout)["newly_failing"]] == [PLAIN]
    assert run("report", "diff", "a.json", "absent.json", cwd=tmp_path).returncode == 64


@pytest.fixture
def saved(tmp_path, hostile_run):
    (tmp_path / "r.json").write_text(render("json", hostile_run))
    return tmp_path


def test_replay_shows_every_byte(saved):
    case = "request.refund.amount-exact"
    done = run("report", "replay", "r.json", case, "--python", "hostile_merchant:Hostile", cwd=saved)
    assert done.returncode == 1, done.stderr
    assert "asked to refund" in done.stdout
    assert "    partner=" in done.stdout or "&partner=" in done.stdout
    assert "70 61 72 74 6e 65 72 3d" not in done.stdout
    assert "curl --request POST" in done.stdout
    assert done.stdout.index("the kit asks: refund") < done.stdout.index("sends to the gateway")
    assert [c for c in done.stdout if not c.isprintable() and c != "\n"] == []


def test_replay_finds_one_case_by_its_whole_name(saved):
    case = PLAIN
    done = run(
        "report", "replay", "r.json", case, "--python", "hostile_merchant:Hostile", "--lang", "zh", cwd=saved
    )
    assert done.returncode == 1
    assert "套件请求" in done.stdout


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("r.json", "no.such", "--python", "hostile_merchant:Hostile"), "no case 'no.such'"),
        (("r.json", "sign.order"), "the report is about"),
        (("absent.json", "sign.order"), "absent.json"),
    ],
)
def test_replay_says_what_is_wrong(saved, words, complaint):
    done = run("report", "replay", *words, cwd=saved)
    assert (done.returncode, complaint in done.stderr) == (64, True), done.stderr


@pytest.mark.parametrize(
    "body",
    [
        b"a=1&b=%20",
        b"@/etc/passwd",
        b"a='; touch pwned; '",
        b"$(touch pwned)`x`",
        "a=测试".encode("gbk"),
        b"a\\x\n\r",
    ],
)
def test_a_shell_gives_curl_the_same_bytes(tmp_path, body):
    shell = shutil.which("bash")
    request = Request("POST", b"_input_charset=UTF-8&x='y'", body, "text/x; charset=GBK")
    script = 'curl() { for word in "$@"; do printf "%s\\0" "$word"; done; }\nGATEWAY_URL=http://h/g\n' + curl(
        request
    )
    done = subprocess.run([shell, "-c", script], capture_output=True, check=True, cwd=tmp_path, timeout=10)
    words = done.stdout.split(b"\0")[:-1]
    assert words == [
        *(b"--request", b"POST", b"--header", b"Content-Type: text/x; charset=GBK"),
        *(b"--data-raw", body, b"http://h/g?_input_charset=UTF-8&x='y'"),
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "inside", "outside"),
    [
        (("rules", "-k", "sign.order"), "sign.order", "sign.join"),
        (("rules", "--keyword", "SHOULD"), "SHOULD", "MUST"),
        (("rules", "--excluded"), "[-]", "sign.order "),
        (("rules", "--cases", "-k", "reverse and rsa2-"), "sign.order[rsa2-given-in-reverse-order]", "md5"),
        (
            ("rules", REVERSED_RSA),
            REVERSED_RSA,
            "sixty",
        ),
        (
            ("rules", "sign.join", "-k", "presign-refund-plain"),
            PLAIN,
            "sixty",
        ),
    ],
)
def test_list_and_show_filter(tmp_path, words, inside, outside):
    done = run(*words, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0
    assert inside in done.stdout
    assert outside not in done.stdout


def test_the_hostile_subject_is_what_it_says():
    assert hostile.CANARY not in hostile.VICIOUS


@pytest.mark.parametrize("as_bytes", [False, True])
def test_replay_keeps_the_key_to_itself(as_bytes):
    from alipay_qr_conformance.gateway import Answer
    from alipay_qr_conformance.model.redaction import Redactor
    from alipay_qr_conformance.report.exchange import Call, Sent
    from alipay_qr_conformance.report.exchange import render as render_exchange
    from alipay_qr_conformance.subjects import Result

    key = hostile.CANARY
    said = base64.b64encode(key.encode()).decode() if as_bytes else key
    seen = [
        Call("configure", {"md5_key": key}, None, Result({})),
        Call("presign", {"params": [["a", key]]}, None, Result({"base64" if as_bytes else "text": said})),
        Sent(
            Request("POST", f"a={key}".encode(), f"b={key}".encode()), Answer(body=f"<x>{key}</x>".encode())
        ),
    ]
    text = render_exchange(seen, "en", Redactor([key]).text)
    forms = [
        key,
        key[:16],
        key.encode().hex(),
        key.encode().hex(" ")[:40],
        base64.b64encode(key.encode()).decode(),
    ]
    assert [form for form in forms if form in text] == []
    assert text.count("<redacted>") >= 4
