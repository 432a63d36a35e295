"""The terminal report and what it is made of."""

import io

import pytest

from alipay_qr_conformance.engine.runner import CaseFinished, RunFinished, RunStarted
from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.shown import spared_address, visible
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import FINDINGS, CaseResult, Finding, Text, Verdict
from alipay_qr_conformance.report.summary import summarise
from alipay_qr_conformance.report.terminal import Progress, nothing_judged, one_line, render
from alipay_qr_conformance.testbed.case import Case

WHY = Text("because", "因为")


def result(
    requirement="sign.order", case="x", verdict=Verdict.PASS, *, optional=False, keyword=None, **evidence
):
    finding = None
    if verdict in FINDINGS:
        finding = Finding(requirement, case, verdict, WHY, evidence, keyword)
    return CaseResult(requirement, case, verdict, None if verdict is Verdict.PASS else WHY, finding, optional)


# --- the summary ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ("pass pass", "pass"),
        ("pass fail", "fail"),
        ("hang fail", "fail"),
        ("pass hang", "hang"),
        ("unstable blocked", "unstable"),
        ("pass blocked", "blocked"),
        ("pass unsupported", "unsupported"),
        ("unsupported", "unsupported"),
    ],
)
def test_the_worst_case_decides(verdicts, whole):
    results = [result(case=str(n), verdict=Verdict(each)) for n, each in enumerate(verdicts.split())]
    (row,) = summarise(results, 4).rows
    assert row.verdict == whole


def test_what_is_optional_weighs_nothing():
    results = [result(), result(case="y", verdict=Verdict.UNSUPPORTED, optional=True)]
    summary = summarise(results, 4)
    assert (summary.rows[0].verdict, summary.level) == (Verdict.PASS, 1)
    assert summarise(results[1:], 4).level == 0


@pytest.mark.parametrize(
    ("bad", "level"),
    [
        (result("notify.genuine", verdict=Verdict.FAIL), 2),
        (result("notify.genuine", verdict=Verdict.BLOCKED), 2),
        (result("notify.genuine", verdict=Verdict.UNSUPPORTED), 2),
        (result("notify.genuine", verdict=Verdict.FAIL, keyword="SHOULD"), 3),
        (result("notify.reply.exact", verdict=Verdict.FAIL), 3),
        (result("money.refund.sum", verdict=Verdict.HANG), 3),
    ],
    ids=["fail", "blocked", "unsupported", "by-policy", "should", "higher"],
)
def test_a_level_is_reached_when_its_musts_pass(bad, level):
    good = [result(each) for each in ("sign.order", "request.method", "notify.once.acknowledged")]
    assert summarise([*good, bad], 4).level == level


def test_a_level_is_no_higher_than_asked():
    results = [result(each) for each in ("sign.order", "request.method", "response.code", "money.refund.sum")]
    assert [summarise(results, asked).level for asked in (1, 2, 3, 4)] == [1, 2, 3, 4]


def test_what_counts_for_the_exit_code():
    should = summarise([result("notify.reply.exact", verdict=Verdict.FAIL)], 4)
    assert (should.fails("must"), should.fails("should")) == (False, True)
    lowered = summarise([result(verdict=Verdict.FAIL, keyword="SHOULD")], 4)
    assert (lowered.fails("must"), lowered.fails("should")) == (False, True)
    remark = summarise([result(verdict=Verdict.FAIL, keyword="MAY")], 4)
    assert (remark.fails("must"), remark.fails("should")) == (False, False)


def test_counts():
    results = [result(case=each, verdict=Verdict(each)) for each in Verdict]
    summary = summarise(results, 4)
    assert set(summary.counts.values()) == {1}
    assert summary.judged == len(Verdict) - 2


# --- the terminal ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "character", "\x00\x07\x08\x1b\x7f\x85\x9b\r\u200b\u200f\u202a\u202e\u2028\u2066\ufeff\ud800"
)
def test_control_characters_are_made_visible(character):
    shown = visible(f"a{character}b")
    assert character not in shown
    assert shown.startswith("a\\")


def test_ordinary_text_stays():
    assert visible("测试 é龍\n\U0001f600") == "测试 é龍\n\U0001f600"
    assert one_line("a\nb") == "a\\nb"


@pytest.mark.parametrize("command", ["::error::x", "::add-mask::e", "##[group]x", "##vso[task.complete]"])
@pytest.mark.parametrize("before", ["", "\n", "  ", "a\n \u3000 "], ids=ascii)
def test_no_line_is_a_command_to_the_pipeline(command, before):
    last = visible(before + command).splitlines()[-1]
    assert last.lstrip() != command
    assert last.endswith(command[1:])


def test_colons_and_crosses_elsewhere_stay():
    assert visible("a::b ##[x\n:x\n#[y]") == "a::b ##[x\n:x\n#[y]"


def test_nothing_of_a_subject_can_write_a_line_of_the_report():
    evil = "x\n[x] Level 4 money rules: reached\x1b[1A"
    finding = Finding("sign.order", "x", Verdict.FAIL, Text(evil, evil), {"answer": evil})
    gap = CaseResult("sign.join", "y", Verdict.UNSUPPORTED, Text(evil, evil))
    results = [CaseResult("sign.order", "x", Verdict.FAIL, finding.detail, finding), gap]
    text = render(summarise(results, 4), evil, warnings=[evil])
    assert [line for line in text.splitlines() if line.startswith("[x]")] == []
    assert "\x1b" not in text


def test_long_values_are_folded():
    text = render(summarise([result(verdict=Verdict.FAIL, sent="x" * 9999, lines="a\n" * 500)], 4), "s")
    assert "x" * 1501 not in text
    assert "... (9999)" in text
    assert "... (501 lines)" in text
    assert len(text.splitlines()) < 70


def test_many_cases_of_one_requirement_are_one_finding():
    results = [result(case=f"c{n}", verdict=Verdict.FAIL) for n in range(20)]
    text = render(summarise(results, 4), "s")
    assert text.count("MUST sign.order") == 1
    assert "and 19 more cases: c1, c2, c3, c4, c5, c6, ..." in text


def test_the_plain_case_shows_a_cause_best():
    results = [
        result(case=name, verdict=Verdict.FAIL, sent=sent)
        for name, sent in (("odd", "x"), ("plain/MD5", "xyz"))
    ]
    assert summarise(results, 4).causes[0].finding.case == "plain/MD5"


@pytest.mark.parametrize("key", ["legal.raised", "sign.differs"])
def test_a_call_that_raised_is_not_told_how_to_keep_the_rule(key):
    detail = message(key)
    finding = Finding("sign.join", "x", Verdict.FAIL, detail, {"error": "ClassCastException"})
    (cause,) = summarise([CaseResult("sign.join", "x", Verdict.FAIL, detail, finding)], 1).causes
    assert ("mend the adapter" in cause.cure("en")) == (key == "legal.raised")
    assert ("适配器" in cause.cure("zh")) == (key == "legal.raised")


def test_gaps_are_told_once_and_optional_ones_apart():
    results = [result(case=str(n), verdict=Verdict.UNSUPPORTED, optional=n > 2) for n in range(5)]
    text = render(summarise([*results, result("sign.join")], 4), "s")
    assert "\n- because (3)\n" in text
    assert "\n- not offered, and no level is lost by it: because (2)\n" in text


def test_a_run_of_some_cases_says_so():
    assert "Only 1 of 7 cases ran" in render(summarise([result()], 4), "s", of=7)
    assert "Only" not in render(summarise([result()], 4), "s", of=1)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_judged(lang):
    summary = summarise([result(verdict=Verdict.UNSUPPORTED)], 4)
    assert WHY.in_language(lang) in nothing_judged(summary, lang)
    assert WHY.en not in render(summary, "s", lang) or lang == "en"


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "shown"), [(Terminal(), True), (io.StringIO(), False)], ids=["tty", "pipe"]
)
def test_progress_is_for_terminals(stream, shown):
    progress = Progress(stream)
    progress(RunStarted(None, Plan(Policy()), 1))
    progress(CaseFinished(1, 1, result()))
    progress(RunFinished(()))
    assert ("[1/1] sign.order" in stream.getvalue()) is shown
    assert stream.getvalue().endswith("\x1b[K") is shown


def test_the_first_finding_is_shown_at_once_and_only_the_first():
    stream = Terminal()
    progress = Progress(stream, lang="zh")
    for number in (1, 2):
        progress(CaseFinished(number, 2, result(case=f"c{number}", verdict=Verdict.FAIL)))
    assert stream.getvalue().count("MUST sign.order") == 1
    assert "[sign.order]\n" in stream.getvalue()


def test_a_case_has_its_identity():
    assert Case("sign.order", "x", lambda bed: None).id == "sign.order[x]"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://127.0.0.1:80/hook?key=secret#x", "http://127.0.0.1:80/hook"),
        ("https://user:word@shop.example/a@b", "https://shop.example/a@b"),
        ("http://h/w0nu2sn0o97s8ruzrpj64fgc8vj8wus7/x", "http://h/<32 characters>/x"),
        (
            "http://h/notify-for-the-shop-of-the-long-road/x",
            "http://h/notify-for-the-shop-of-the-long-road/x",
        ),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(address, shown):
    assert spared_address(address) == shown
