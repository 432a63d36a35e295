"""Every format: the same bytes for the same run, nothing secret, nothing hostile, readable by its readers."""

import base64
import html
import json
import re
import subprocess
import sys
from dataclasses import replace
from urllib.parse import quote
from xml.etree import ElementTree as ET

import hostile_merchant as hostile
import jsonschema
import pytest
from hostile_merchant import judge
from junitparser import Error, Failure, JUnitXml, Skipped
from markdown_it import MarkdownIt

from alipay_qr_conformance.model.verdicts import CaseResult, Verdict
from alipay_qr_conformance.report.formats import FORMATS, FormatError, parse, render
from alipay_qr_conformance.report.json_report import schema

KINDS = list(FORMATS)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_key_is_in_no_format(kind, lang, hostile_run):
    text = render(kind, hostile_run, lang)
    key = hostile.CANARY
    forms = [key, html.escape(key), quote(key, safe=""), json.dumps(key)[1:-1], key.encode().hex(), key[:16]]
    forms.append(base64.b64encode(key.encode()).decode()[:20])
    assert [form for form in forms if form in text] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_part_of_the_key_is_in_a_format(kind, hostile_run):
    text = bare(render(kind, hostile_run, "en"))
    key = bare(hostile.CANARY)
    parts = {each[at : at + 8] for each in (key, key[::-1]) for at in range(len(key) - 7)}
    assert [part for part in parts if part in text and not part.isdigit()] == []


def bare(text):
    """Return the letters and digits of a text, in one case."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def test_the_canary_was_really_planted(hostile_run):
    evidence = "".join(
        text for _, finding in hostile_run.summary.findings for text in finding.evidence.values()
    )
    assert "<redacted>" in evidence
    assert hostile.SCRIPT in evidence


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_run_gives_the_same_bytes(kind, twice):
    assert render(kind, twice[0]) == render(kind, twice[1])


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_differ(kind, hostile_run):
    chinese = render(kind, hostile_run, "zh")
    assert chinese != render(kind, hostile_run, "en")
    assert re.search("[\u4e00-\u9fff]|\\\\u[4-9]", chinese)


@pytest.mark.parametrize("kind", ["junit", "markdown", "html", "terminal"])
def test_control_characters_are_made_visible(kind, hostile_run):
    text = render(kind, hostile_run)
    assert [c for c in text if not c.isprintable() and c != "\n"] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", ["json", "markdown", "html", "terminal"])
def test_a_run_in_which_calls_came_in_turn_says_that_races_are_not_judged(kind, lang, clean_run):
    tried = CaseResult("notify.once.fulfilled", "two-ids-at-once", Verdict.PASS)
    at_once = replace(clean_run, results=(*clean_run.results, tried))
    in_turn = replace(at_once, subject=replace(at_once.subject, parallel=False))
    told = "未判定并发竞争" if lang == "zh" and kind != "json" else "races are not judged"
    assert told in render(kind, in_turn, lang)
    assert told not in render(kind, at_once, lang)
    assert in_turn.races_judged is False


def test_json_keeps_its_schema(hostile_run):
    report = json.loads(render("json", hostile_run))
    jsonschema.Draft202012Validator(schema()).validate(report)
    known = [row for row in report["findings"] if "known" in row]
    assert {row["requirement"] for row in known} == {"request.carried-out"}


def test_ndjson_is_one_event_a_line(hostile_run):
    events = [json.loads(line) for line in render("ndjson", hostile_run).splitlines()]
    assert [event["event"] for event in events] == [
        "run-started",
        *["case-finished"] * len(hostile_run.results),
        "run-finished",
    ]
    assert [event["number"] for event in events[1:-1]] == list(range(1, len(hostile_run.results) + 1))


def test_junit_is_read_by_junitparser(tmp_path, hostile_run):
    path = tmp_path / "junit.xml"
    path.write_text(render("junit", hostile_run), "utf-8")
    found = JUnitXml.fromfile(str(path))
    cases = [case for suite in found for case in suite]
    assert len(cases) == len(hostile_run.results) == found.tests
    kinds = [type(result) for case in cases for result in case.result]
    assert kinds.count(Failure) == found.failures > 0
    assert kinds.count(Error) == found.errors
    skipped = [result for case in cases for result in case.result if isinstance(result, Skipped)]
    assert any("TICKET-1" in result.message for result in skipped if result.type == "known-failure")
    counted = sum(
        hostile_run.counts(finding.keyword or row.keyword) and finding.id not in hostile_run.excuses
        for row, finding in hostile_run.summary.findings
        if finding.verdict.value == "fail"
    )
    assert found.failures == counted


def test_junit_of_a_clean_run_has_no_failure(clean_run):
    root = ET.fromstring(render("junit", clean_run))  # noqa: S314 (our own text)
    assert (root.get("failures"), root.get("errors")) == ("0", "0")


def test_younger_requirements_are_a_suite_of_junit_that_is_skipped(later_run):
    root = ET.fromstring(render("junit", later_run))  # noqa: S314 (our own text)
    suites = {suite.get("name"): suite for suite in root}
    suite = suites.pop("alipay-qr later requirements")
    assert [suite.get(name) for name in ("tests", "skipped", "failures", "errors")] == ["2", "2", "0", "0"]
    told = {case.get("classname"): case.find("skipped").attrib for case in suite}
    heading = "Younger than the requirement set, for information alone"
    assert told == {
        "alipay-qr.request.carried-out": {"type": "later", "message": f"{heading}: broken"},
        "alipay-qr.sign.md5.key-whitespace": {"type": "later", "message": f"{heading}: kept"},
    }
    others = {case.get("classname") for suite in suites.values() for case in suite}
    assert others
    assert not others & told.keys()
    assert int(root.get("tests")) == len(later_run.results) + 2
    assert "晚于所选要求集" in render("junit", later_run, "zh")


def test_without_younger_requirements_junit_has_no_suite_of_them(hostile_run):
    assert "later requirements" not in render("junit", hostile_run)


def test_a_finding_that_does_not_count_is_skipped_in_junit():
    class Blanks(hostile.ReferenceAdapter):
        def notify(self, body_base64, content_type, method="POST", now=None):
            return {"reply": super().notify(body_base64, content_type, method, now)["reply"] + "\n"}

    lenient = judge(Blanks(), chosen="notify.reply")
    strict = judge(Blanks(), chosen="notify.reply", fail_on="should")
    assert {finding.keyword or row.keyword for row, finding in lenient.summary.findings} == {"SHOULD"}
    assert not lenient.fails
    assert strict.fails
    assert 'failures="0"' in render("junit", lenient).split("\n")[1]
    assert 'failures="0"' not in render("junit", strict).split("\n")[1]


def test_markdown_has_nothing_of_the_subject_as_markup(hostile_run):
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(render("markdown", hostile_run))
    flat = [child for token in tokens for child in (token, *(token.children or ()))]
    assert [t for t in flat if t.type in {"html_inline", "html_block", "link_open", "image"}] == []
    headings = [tokens[at + 1].content for at, t in enumerate(tokens) if t.type == "heading_open"]
    assert "heading" not in headings
    assert any(t.type == "fence" and "expected\\_presign" not in t.content for t in flat)


def test_markdown_fits_a_step_summary(hostile_run):
    assert len(render("markdown", hostile_run).encode()) < 1024 * 1024


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("pdf=x", "no report 'pdf'"), ("html", "needs a file"), ("html=", "needs a file"), ("", "no report")],
)
def test_a_malformed_option_says_what_to_write(text, complaint):
    with pytest.raises(FormatError, match=complaint):
        parse(text)


def run_check(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "alipay_qr_conformance.cli", "check", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=cwd,
    )


def test_check_writes_every_report(tmp_path):
    words = [word for kind in KINDS for word in ("--report", f"{kind}={tmp_path / kind}")]
    done = run_check("-k", "sign.order", "--level", "1", *words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(KINDS)
    assert all(path.stat().st_size > 100 for path in tmp_path.iterdir())


def test_one_report_may_own_stdout(tmp_path):
    done = run_check("-k", "sign.order", "--level", "1", "--report", "ndjson=-", cwd=tmp_path)
    assert done.returncode == 0
    assert all(json.loads(line)["event"] for line in done.stdout.splitlines())
    done = run_check("--report", "json=-", "--report", "html=-", cwd=tmp_path)
    assert (done.returncode, "only one report" in done.stderr) == (64, True)


def test_a_missing_folder_is_found_before_the_run(tmp_path):
    done = run_check("--report", "html=absent/x.html", cwd=tmp_path)
    assert done.returncode == 64
    assert "no such folder" in done.stderr
