"""Known failures are strict both ways: at the file, at the command line, under pytest."""

import json
import os
import re
import subprocess
import sys
from datetime import date

import pytest

from alipay_qr_conformance.model.known_failures import (
    KnownFailuresError,
    excused,
    read_known_failures,
    stale,
)
from alipay_qr_conformance.model.known_list import merged, stable
from alipay_qr_conformance.model.verdicts import CaseResult, Finding, Text, Verdict

TODAY = date(2026, 11, 23)


def passed(case):
    return CaseResult(*_split(case), Verdict.PASS)


def failed(case, cause="the pre-sign string differs", verdict=Verdict.FAIL):
    detail = Text(cause, "不同")
    return CaseResult(
        *_split(case), verdict, detail, Finding(*_split(case), verdict, detail, {"sent": "a=1"})
    )


def blocked(case):
    return CaseResult(*_split(case), Verdict.BLOCKED, Text("x", "x"))


def _split(case):
    requirement, _, rest = case.partition("[")
    return requirement, rest[:-1]


def listed(tmp_path, *lines, name="known"):
    path = tmp_path / "known.toml"
    path.write_text(f"{name} = [\n" + "".join(f"  {line},\n" for line in lines) + "]\n", "utf-8")
    return read_known_failures(path)


def entry(match, cause="differs", extra=""):
    return f'{{ match = "{match}", cause = "{cause}", issue = "T-1"{extra} }}'


FINDINGS = [failed("sign.order[a/MD5]"), failed("sign.order[b/MD5]"), passed("sign.join[a/MD5]")]
IDS = ["sign.order[a/MD5]", "sign.order[b/MD5]", "sign.join[a/MD5]", "sign.join[elsewhere]"]


@pytest.mark.parametrize(
    ("match", "cause", "expected"),
    [
        ("sign.order", "differs", 2),
        ("sign.order[a/MD5]", "differs", 1),
        ("sign.order[*]", "DIFFERS", 2),
        ("*[a/*]", "不同", 1),
        ("sign.order", "a=1", 2),
        ("sign.order", "fail", 2),
        ("sign.order", "crash", 0),
        ("sign", "differs", 0),
        ("sign.order[ab/MD5]", "differs", 0),
    ],
)
def test_an_entry_excuses_what_it_names_for_its_cause(tmp_path, match, cause, expected):
    assert len(excused(listed(tmp_path, entry(match, cause)), FINDINGS)) == expected


@pytest.mark.parametrize(
    ("match", "cause", "extra", "why"),
    [
        ("sign.order", "differs", "", None),
        ("sign.join", "differs", "", "passes now: sign.join[a/MD5]"),
        ("sign.join[a/MD5]", "differs", "", "passes now"),
        ("sign.order", "hang", "", 'not for "hang"'),
        ("sign.gone", "differs", "", "matches no case"),
        ("sign.order", "differs", ", expires = 2026-11-22", "expired on 2026-11-22"),
        ("sign.order", "differs", ", expires = 2026-11-23", None),
        ("sign.join[elsewhere]", "differs", "", None),
    ],
    ids=["fits", "whole-passes", "case-passes", "other-cause", "no-case", "expired", "last-day", "not-run"],
)
def test_what_is_stale(tmp_path, match, cause, extra, why):
    found = stale(listed(tmp_path, entry(match, cause, extra)), FINDINGS, IDS, TODAY)
    assert [why in each.why.en for each in found] == ([True] if why else [])
    for each in found:
        for lang in ("en", "zh"):
            assert each.say("known.toml", lang).startswith("known.toml:2:")
            assert f'match = "{match}"' in each.say("known.toml", lang)


def test_one_repaired_case_of_a_glob_is_told(tmp_path):
    results = [failed("sign.order[a]"), passed("sign.order[b]")]
    ids = ["sign.order[a]", "sign.order[b]"]
    assert stale(listed(tmp_path, entry("sign.order[*]")), results, ids, TODAY)
    assert not stale(listed(tmp_path, entry("sign.order")), results, ids, TODAY)


def test_a_flaky_entry_may_pass_or_fail(tmp_path):
    known = listed(tmp_path, entry("sign.join"), entry("sign.order"), name="flaky")
    assert not stale(known, FINDINGS, IDS, TODAY)
    assert len(excused(known, FINDINGS)) == 2
    assert stale(listed(tmp_path, entry("sign.gone"), name="flaky"), FINDINGS, IDS, TODAY)


def test_what_was_not_judged_makes_nothing_stale(tmp_path):
    known = listed(tmp_path, entry("sign.order[a]"))
    assert not stale(known, [blocked("sign.order[a]")], ["sign.order[a]"], TODAY)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("known = 1", "list of tables"),
        ("[other]", "unknown key 'other'"),
        ('known = [{ match = "a", cause = "b" }]', "issue = .* is missing"),
        ('known = [{ match = "a", cause = "", issue = "c" }]', "cause = .* is missing"),
        ('known = [{ match = "a", cause = "b", issue = "c", expires = "2027" }]', "without quotes"),
        ('known = [{ match = "a", cause = "b", issue = "c", why = "d" }]', "unknown key 'why'"),
        ("known = [", "known.toml"),
    ],
)
def test_a_malformed_list_says_what_to_write(tmp_path, text, complaint):
    path = tmp_path / "known.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(KnownFailuresError, match=complaint):
        read_known_failures(path)


def merge(tmp_path, results, causes=(), text=""):
    """Merge into the list with this text; return what came of it, and the list as it is read again."""
    path = tmp_path / "known.toml"
    path.write_text(text, "utf-8")
    before = read_known_failures(path) if text else ()
    found = merged(text, before, results, causes or [[each.requirement] for each in results])
    path.write_text(found.text, "utf-8")
    return found, read_known_failures(path)


def test_what_is_written_is_read_again(tmp_path):
    odd = failed("x.y[a\"\\\x00\n']", 'cause "with" \\ and \x1b')
    results = [*FINDINGS, odd, passed("x.y[b]")]
    _, known = merge(tmp_path, results, [["sign.order"], ["x.y"]])
    assert [(each.match, each.cause) for each in known] == [
        ("sign.order", "the pre-sign string differs"),
        ("x.y", "fail"),
    ]
    assert len(excused(known, results)) == 3
    assert not stale(known, results, [f"{each.requirement}[{each.case}]" for each in results], TODAY)


DETAILS = [
    ("refund 2026112300001 was sent twice", "was sent twice"),
    ("no answer to cancel within 10.0 s; it was restarted", "no answer to cancel within"),
    ("the parameter 'currency' is missing, as at 12:30:01", "is missing, as at"),
    ("trade 7 has USD 12.50 (gbk) where USD 12.5 is right", "where USD"),
    ("12345", "fail"),
    ("支付宝 did not get what it asked for", "did not get what it asked for"),
]


@pytest.mark.parametrize(("detail", "words"), DETAILS, ids=[words for _, words in DETAILS])
def test_a_cause_holds_nothing_that_changes(detail, words):
    assert stable(failed("a.b[c]", detail).finding)[0] == words


def test_findings_of_one_mistake_are_one_entry(tmp_path):
    results = [
        failed("sign.order[1]", "sign 17 is not that of the text"),
        failed("sign.order[2]", "sign 2b is not that of the text"),
        failed("request.sign.valid[x]", "the sign is wrong"),
        passed("sign.order[3]"),
    ]
    found, known = merge(tmp_path, results, [["sign.order", "request.sign.valid"]])
    assert found.added == len(known) == 1
    assert known[0].also == ("request.sign.valid",)
    assert len(excused(known, results)) == 3
    assert excused(known, results[2:3]).keys() == {"request.sign.valid[x]"}


def test_what_a_mistake_brings_is_not_excused_without_it(tmp_path):
    (entry_,) = listed(tmp_path, entry("sign.order", extra=', also = ["x.y"]'))
    effect = failed("x.y[a]", "anything")
    assert len(excused([entry_], [*FINDINGS, effect])) == 3
    assert excused([entry_], [passed("sign.order[a/MD5]"), effect]) == {}
    assert (
        stale([entry_], [*FINDINGS, passed("x.y[a]")], [*IDS, "x.y[a]"], TODAY)[0].why.en == "passes now: x.y"
    )


LIST = """# mine
known = [
  # asked Li
  { match = "sign.order", cause = "differs", issue = "SHOP-1", expires = 2099-01-01 },  # soon
  { match = "sign.join", cause = "differs", issue = "SHOP-2" },
  { match = "sign.empty", cause = "differs", issue = "SHOP-3" },
  { match = "notify.once", cause = "twice", issue = "SHOP-4" },
]
flaky = [
  { match = "response.slow", cause = "hang", issue = "SHOP-5" },
]
"""


def test_a_list_is_added_to_and_kept(tmp_path):
    results = [
        *FINDINGS,
        failed("sign.empty[a]", "was left out of it"),
        failed("x.y[a]", "very wrong"),
    ]
    found, known = merge(tmp_path, results, text=LIST)
    assert found[1:] == (1, 1, 1)
    assert found.text == LIST.replace(
        '  { match = "sign.join", cause = "differs", issue = "SHOP-2" },\n', ""
    ).replace(
        'match = "sign.empty", cause = "differs"', 'match = "sign.empty", cause = "was left out of it"'
    ).replace(
        "]\nflaky", '  { match = "x.y", cause = "very wrong", issue = "TODO" },\n]\nflaky'
    )  # fmt: skip
    assert [each.issue for each in known] == ["SHOP-1", "SHOP-3", "SHOP-4", "TODO", "SHOP-5"]


def test_a_run_that_looked_elsewhere_changes_nothing(tmp_path):
    found, _ = merge(tmp_path, [passed("verify.genuine[a]")], text=LIST)
    assert found == (LIST, 0, 0, 0)


@pytest.mark.parametrize("text", ["flaky = []\n", 'known = [ { match = "a", cause = "b", issue = "c" } ]\n'])
def test_a_list_of_another_form_is_not_touched(tmp_path, text):
    with pytest.raises(KnownFailuresError, match="cannot be added to"):
        merge(tmp_path, FINDINGS, text=text)


# --- where users have it -------------------------------------------------------------------------------

MERCHANT = """
from alipay_qr_conformance.subjects.reference import ReferenceAdapter

class Upper(ReferenceAdapter):
    def sign(self, params, charset, sign_type):
        sign = super().sign(params, charset, sign_type)["sign"]
        return {"sign": sign.upper() if sign_type == "MD5" else sign}
"""
CHOSEN = "sign.md5 or sign.order[unsorted"


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "shop.py").write_text(MERCHANT, "utf-8")
    return tmp_path


def run(module, *words, cwd):
    path = os.pathsep.join(filter(None, [str(cwd), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
    )


def check(*words, cwd):
    words = ("check", "--python", "shop:Upper", "--level", "1", "-k", CHOSEN, *words)
    return run("alipay_qr_conformance.cli", *words, cwd=cwd)


def test_check_writes_a_list_and_is_content_with_it(shop):
    for added in ("entries added 1,", "entries added 0,"):  # the second time it is merged with itself
        done = check("--write-known-failures", "known.toml", "--lang", "en", cwd=shop)
        assert (done.returncode, added in done.stderr) == (1, True), done.stderr
    done = check("--known-failures", "known.toml", "--report", "json=r.json", cwd=shop)
    assert (done.returncode, done.stderr) == (0, "")
    assert all("known" in each for each in json.loads((shop / "r.json").read_text())["findings"])


def test_check_names_the_line_to_delete(shop):
    check("--write-known-failures", "known.toml", cwd=shop)
    path = shop / "known.toml"
    gone = entry("sign.order[unsorted/RSA]")
    path.write_text(path.read_text("utf-8").replace("]\n", f"  {gone},\n]\n"), "utf-8")
    number = path.read_text("utf-8").splitlines().index(f"  {gone},") + 1
    done = check("--known-failures", "known.toml", cwd=shop)
    assert done.returncode == 2
    assert f"known.toml:{number}: delete this line" in done.stderr
    assert gone in done.stderr


def test_a_new_finding_weighs_more_than_a_stale_line(shop):
    (shop / "known.toml").write_text(f"known = [\n{entry('sign.gone')},\n]\n", "utf-8")
    done = check("--known-failures", "known.toml", cwd=shop)
    assert (done.returncode, "matches no case" in done.stderr) == (1, True)


def test_a_list_that_is_none_is_usage(shop):
    done = check("--known-failures", "absent.toml", cwd=shop)
    assert (done.returncode, "absent.toml" in done.stderr) == (64, True)


def pytest_run(*words, cwd):
    fixed = (
        "-p",
        "alipay_qr_conformance.pytest.plugin",
        "-p",
        "no:cacheprovider",
        "--alipay-python",
        "shop:Upper",
    )
    return run("pytest", *fixed, "--alipay-level", "1", "-k", "sign.md5", *words, cwd=cwd)


def test_pytest_knows_the_same_list(shop):
    check("--write-known-failures", "known.toml", cwd=shop)
    done = pytest_run("--alipay-known-failures", "known.toml", cwd=shop)
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d+ xfailed", done.stdout)


def test_pytest_is_as_strict(shop):
    check("--write-known-failures", "known.toml", cwd=shop)
    path = shop / "known.toml"
    path.write_text(path.read_text("utf-8").replace("]\n", f"  {entry('sign.gone')},\n]\n"), "utf-8")
    done = pytest_run("--alipay-known-failures", "known.toml", cwd=shop)
    assert done.returncode == 1
    assert "delete this line, it matches no case" in done.stdout


@pytest.mark.parametrize("workers", [(), ("-p", "xdist.plugin", "-n", "2")], ids=["alone", "xdist"])
def test_pytest_writes_the_reports_of_the_command_line(shop, workers):
    kinds = ("json", "html", "junit", "sarif", "markdown", "ndjson")
    words = [word for kind in kinds for word in ("--alipay-report", f"{kind}=out/{kind}")]
    done = pytest_run(*words, *workers, cwd=shop)
    assert done.returncode == 1, done.stdout + done.stderr
    assert sorted(path.name for path in (shop / "out").iterdir()) == sorted(kinds)
    words = ("check", "--python", "shop:Upper", "--level", "1", "-k", "sign.md5", "--report", "json=r.json")
    run("alipay_qr_conformance.cli", *words, cwd=shop)
    assert json.loads((shop / "out" / "json").read_text()) == json.loads((shop / "r.json").read_text())


def test_pytest_refuses_a_report_it_does_not_know(shop):
    done = pytest_run("--alipay-report", "pdf=x", cwd=shop)
    assert done.returncode == 4
    assert "no report 'pdf'" in done.stderr
