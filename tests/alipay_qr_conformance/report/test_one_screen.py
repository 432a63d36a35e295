"""Causes first: one screen says what to do, and every report is short and says the same."""

import json
from dataclasses import replace

import pytest

from alipay_qr_conformance.model.plan import Plan
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.model.requirements import register
from alipay_qr_conformance.model.texts import say
from alipay_qr_conformance.model.verdicts import WITHOUT_ANSWER, CaseResult, Finding, Text, Verdict
from alipay_qr_conformance.model.widths import columns, fold
from alipay_qr_conformance.report import agent
from alipay_qr_conformance.report.formats import FORMATS, render
from alipay_qr_conformance.report.run import Run
from alipay_qr_conformance.subjects import Hello
from faulty.run import merchants

SUBJECT = Hello("1", "shop", "1", "PHP", ("hello", "sign"), ("MD5",), ("UTF-8",), clock=True, parallel=False)
FAULTY = sorted(name for name, kind in merchants().items() if kind.breaks)
TENTH = FAULTY[::10]
"""A fixed tenth of the faulty merchants."""


def long_finding(requirement, number, mistakes=()):
    """A finding with as much to say as findings have, whose diagnosis is the doctor's."""
    detail = Text("the sign is not that of the expected string " * 6, "签名与待签名字符串不符" * 20)
    evidence = {"expected_presign": "a=1&" * 90, "signed_presign": "b=2&" * 90, "answer": "x\n" * 30}
    case = f"case-{number}-of-a-family-with-a-long-name"
    diagnosis = Text("sign_type is in the signed text (MD5)", "sign_type 参与了签名") if mistakes else None
    return CaseResult(
        requirement,
        case,
        Verdict.FAIL,
        detail,
        Finding(requirement, case, Verdict.FAIL, detail, evidence, None, diagnosis, mistakes),
    )


def run_of(breaks, each=60, mistakes=()):
    """A run in which every requirement of the register was judged, and these are broken."""
    rest = [row.id for row in register().values() if row.excluded is None and row.id not in breaks]
    results = [CaseResult(name, "kept", Verdict.PASS) for name in rest]
    results += [long_finding(name, n, mistakes) for name in breaks for n in range(each)]
    return Run(SUBJECT, Plan(Policy()), tuple(results), of=len(results), again="alipay-qr check -- php a.php")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", TENTH)
def test_the_first_screen_says_what_to_do(name, lang):
    breaks = [each for each in merchants()[name].breaks if each in register()]
    run = run_of(breaks, mistakes=("params.sign-type-signed",) if breaks[0].startswith("sign.") else ())
    whole = render("terminal", run, lang).splitlines()
    screen = fold("\n".join(whole), 80).splitlines()[:24]
    text, first = " ".join(line.strip() for line in screen), run.summary.causes[0]
    squeezed = text.replace(" ", "")
    assert max(map(columns, screen)) <= 80
    assert f"{run.summary.level}" in screen[1]
    assert f"{run.summary.judged}" in screen[1]
    assert str(len(run.summary.causes)) in screen[2]
    assert first.id in text
    assert first.cure(lang).replace(" ", "") in squeezed
    assert f"[{first.fix}]" in squeezed
    assert f"alipay-qrcheck--only{first.id}--phpa.php" in squeezed
    assert len(whole) <= 60


DEATH = Text("the adapter died while it did sign; it was restarted", "适配器在执行 sign 时退出；已重启")
BROKEN = ("sign.charset", "response.redirect", "money.refund.sum")


def without_answer(breaks, verdict, *others):
    """A run in which these met a call without an answer, and others were broken."""
    run = run_of(others, each=1)
    ended = [
        CaseResult(name, "plain", verdict, DEATH, Finding(name, "plain", verdict, DEATH)) for name in breaks
    ]
    kept = [each for each in run.results if each.requirement not in breaks]
    return replace(run, results=(*kept, *ended))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("verdict", sorted(WITHOUT_ANSWER))
def test_calls_without_an_answer_are_one_cause_with_that_as_its_headline(verdict, lang):
    run = without_answer(BROKEN, verdict)
    (cause,) = run.summary.causes
    assert (cause.id, cause.title(lang)) == ("sign.charset", DEATH.in_language(lang))
    assert sum(cause.counts.values()) == len(BROKEN)
    assert cause.cure(lang).startswith(say("report.no-answer", lang, mend="")[:20])
    for name in ("terminal", "markdown", "agent"):
        text = " ".join(render(name, run, lang).replace("\\", "").split())
        assert f"MUST sign.charset: {DEATH.in_language(lang)}" in text, name
        assert register()["sign.charset"].title.in_language(lang) in text, name


def test_what_is_broken_besides_is_a_cause_of_its_own():
    run = without_answer(BROKEN, Verdict.CRASH, "notify.reply.exact")
    assert [each.id for each in run.summary.causes] == ["sign.charset", "notify.reply.exact"]
    assert run.summary.causes[1].title("en") == register()["notify.reply.exact"].title.en


def test_a_must_names_the_calls_without_an_answer():
    (cause,) = without_answer(("notify.boundary", "money.refund.sum"), Verdict.CRASH).summary.causes
    assert (cause.keyword, cause.id) == ("MUST", "money.refund.sum")


def test_a_must_stands_before_a_should():
    run = run_of(["notify.reply.exact", "money.refund.sum"])
    assert [cause.keyword for cause in run.summary.causes] == ["MUST", "SHOULD"]
    text = render("terminal", run)
    assert text.index("MUST money.refund.sum") < text.index("SHOULD notify.reply.exact")


def test_what_is_known_stands_apart():
    run = run_of(["notify.reply.exact", "money.refund.sum"], each=1)
    from alipay_qr_conformance.model.known_failures import Known

    known = run.results[-1].finding
    run = replace(run, excuses={known.id: Known(known.requirement, known.case, "TICKET-7")})
    text = render("terminal", run)
    assert "Causes: 1, behind 1 findings" in text
    assert f"known: {known.requirement} (1 findings): TICKET-7" in text
    assert text.count(f"{known.requirement}:") == 0


@pytest.fixture(scope="module")
def drowned():
    """A thousand findings with few causes: a merchant that verifies nothing, and signs wrongly too."""
    names = ["sign.exclude", "request.sign.valid", *merchants()["verifies-nothing"].breaks]
    return run_of(names, each=1 + 1000 // len(names), mistakes=("params.sign-type-signed",))


@pytest.mark.parametrize(("kind", "most"), [("json", 60), ("sarif", 60), ("agent", 8), ("markdown", 60)])
def test_a_thousand_findings_are_a_short_report(drowned, kind, most):
    assert len(drowned.summary.findings) >= 1000
    assert len(render(kind, drowned).encode()) <= most * 1024


def test_the_terminal_needs_sixty_lines_however_many_causes_there_are():
    run = run_of([row.id for row in register().values() if row.excluded is None], each=2)
    assert len(run.summary.causes) > 20
    assert len(render("terminal", run).splitlines()) <= 60
    assert len(render("agent", run).encode()) <= agent.MOST


def test_full_evidence_lists_everything(drowned):
    brief, full = (json.loads(render("json", replace(drowned, full=each))) for each in (False, True))
    assert len(full["findings"]) == len(drowned.summary.findings) > 10 * len(brief["findings"])
    assert set(full["findings"][0]) - set(brief["findings"][0]) >= {"evidence", "detail", "remedy"}
    assert [row["counts"] for row in brief["requirements"]] == [row["counts"] for row in full["requirements"]]
    assert {row["requirement"] for row in brief["findings"]} == {
        row["requirement"] for row in full["findings"]
    }
    assert brief["causes"][0]["fix"] == "params.sign-type-signed"


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "ndjson"])
def test_every_report_names_the_cure_of_every_cause(kind, drowned):
    text = render(kind, drowned).replace("\\", "")
    for cause in drowned.summary.causes:
        assert cause.fix in text
        assert cause.id in text


def test_a_cause_tells_what_it_keeps_from_being_judged():
    run = run_of(["sign.exclude"], each=1)
    blocked = CaseResult("notify.once.fulfilled", "x", Verdict.BLOCKED, Text("see", "见"))
    (cause,) = replace(run, results=(*run.results, blocked)).summary.causes
    assert cause.blocked == {"notify.once.fulfilled": 1}


def test_an_agent_is_told_where_nothing_was_judged():
    gap = CaseResult("sign.order", "x", Verdict.UNSUPPORTED, Text("no sign", "无"))
    text = agent.render_run(Run(SUBJECT, Plan(Policy()), (gap,)))
    assert "verdict: nothing judged" in text
    assert "no sign" in text


def test_nothing_of_a_subject_writes_a_line_for_an_agent(hostile_run):
    text = agent.render_run(hostile_run)
    assert len(text.encode()) <= agent.MOST
    assert [line for line in text.splitlines() if line.startswith(("fix:", "next:"))][-1].startswith(
        "next: alipay-qr"
    )
    assert [c for c in text if not c.isprintable() and c != "\n"] == []
