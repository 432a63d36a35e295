"""Every verdict, through small Python subjects and a real process that misbehaves on request."""

import sys
from pathlib import Path

import core_subjects
import pytest

from alipay_qr.wire import Request
from alipay_qr_conformance.engine.events import feed
from alipay_qr_conformance.engine.runner import (
    CaseFinished,
    RunFinished,
    Runner,
    RunStarted,
)
from alipay_qr_conformance.engine.setup import RunOptions, plan
from alipay_qr_conformance.gateway import faults
from alipay_qr_conformance.model.outcomes import Blocked, Failed, NoUsableAnswer, Unsupported, show
from alipay_qr_conformance.model.plan import ANY, Setup
from alipay_qr_conformance.model.test_account import TestKeys
from alipay_qr_conformance.model.texts import message
from alipay_qr_conformance.model.verdicts import Text, Verdict
from alipay_qr_conformance.subjects import AdapterFault, Bounds, ProcessTransport, PythonTransport, Subject
from alipay_qr_conformance.subjects.reference import ReferenceAdapter
from alipay_qr_conformance.testbed.case import Case
from alipay_qr_conformance.testbed.hangs import MAX_CONSECUTIVE_HANGS

HOSTILE = Path(__file__).parents[1] / "subjects" / "hostile_adapter.py"
QUICK = Bounds(local=1.0, sending=1.0, leave=0.3, terminate=0.2, line=100_000)


def case(run, name="x", requirement="sign.order", **more):
    return Case(requirement, name, run, **more)


def ask(op, **args):
    return lambda bed: bed.ask(op, **args) and None


def raises(error):
    def run(bed):
        raise error

    return run


# --- verdicts of a case's own words -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "verdict"),
    [
        (lambda bed: None, "pass"),
        (raises(Failed("sign.differs", {"sent": b"\xff", "left out": None})), "fail"),
        (raises(Blocked("see.requirement", requirement="response.belongs")), "blocked"),
        (raises(Unsupported(Text("no", "不"))), "unsupported"),
        (raises(NoUsableAnswer(Verdict.NO_ANSWER, Text("x", "x"), {"a": 1})), "no-answer"),
    ],
    ids=["pass", "fail", "blocked", "unsupported", "stopped"],
)
def test_what_a_case_ends_with_is_its_verdict(run_kit, run, verdict):
    ran = run_kit(ReferenceAdapter, cases=[case(run)])
    (result,) = ran.results.values()
    assert result.verdict == verdict
    assert (result.finding is not None) is (verdict in {"fail", "no-answer"})
    assert (result.reason is None) is (verdict == "pass")


def test_a_fault_of_the_kit_is_no_verdict(run_kit):
    with pytest.raises(ZeroDivisionError):
        run_kit(ReferenceAdapter, cases=[case(lambda bed: 1 / 0)])


def test_evidence_is_text_and_absent_evidence_is_left_out():
    broken = Failed("sign.differs", {"bytes": b"\xd6\xd0", "list": [1], "nothing": None, "text": "t"})
    assert broken.evidence == {"bytes": "\\xd6\\xd0", "list": "[1]", "text": "t"}
    assert show(b"ok") == "ok"


def test_a_second_try_that_passes_makes_it_unstable(run_kit):
    ran = run_kit(core_subjects.Unstable, "sign.md5.digest[plain]")
    (result,) = ran.results.values()
    assert (result.verdict, result.finding.verdict) == ("unstable", "unstable")
    assert ran.summary.fails("must")


def test_a_second_try_that_fails_too_is_a_failure(run_kit):
    ran = run_kit(core_subjects.UpperCaseHex, "sign.md5.digest[plain]")
    assert ran.verdicts() == {"fail"}


def test_events_come_in_order(run_kit):
    runner = Runner(Subject(PythonTransport(ReferenceAdapter)), plan(RunOptions()))
    seen = []
    feed(runner.run([case(lambda bed: None), case(lambda bed: None, "y")]), seen.append)
    started, first, second, finished = seen
    assert isinstance(started, RunStarted)
    assert started.total == 2
    assert [(each.number, each.total) for each in (first, second)] == [(1, 2), (2, 2)]
    assert isinstance(second, CaseFinished)
    assert finished == RunFinished(())


@pytest.mark.parametrize(
    ("listed", "found"), [(["RSA", "MD5"], "MD5"), (["RSA2"], "RSA2"), (["RSA", "RSA2"], "RSA")]
)
def test_a_setup_for_any_sign_type_takes_what_the_subject_has(listed, found):
    assert Setup().sign_type == ANY
    assert Setup().for_subject(listed, ["UTF-8"]).sign_type == found
    assert Setup("RSA", "GBK").for_subject(listed, ["GB2312"]) == Setup("RSA", "GBK")


# --- Python subjects ----------------------------------------------------------------------------------


def test_a_python_subject_that_sleeps_hangs_and_is_not_asked_for_ever(run_kit):
    bounds = Bounds(local=0.4, sending=0.4)
    cases = [case(ask("sign", params=[]), f"x{number}") for number in range(MAX_CONSECUTIVE_HANGS + 4)]
    ran = run_kit(core_subjects.Sleeps, cases=cases, bounds=bounds)
    verdicts = [str(result.verdict) for result in ran.results.values()]
    assert verdicts[0] == "hang"  # the others name it
    assert set(verdicts[1:]) == {"blocked"}
    assert "0.4 s" in next(iter(ran.findings().values()))


def test_one_hanging_call_costs_one_case_of_those_that_share_it(run_kit):
    bounds = Bounds(local=5, sending=0.3)
    ran = run_kit(core_subjects.SleepsWhereRefunded, "refund-partial/MD5", bounds=bounds)
    verdicts = sorted(str(result.verdict) for result in ran.results.values())
    assert verdicts.count("hang") == 1
    assert set(verdicts) == {"hang", "blocked"}


def test_the_port_of_the_gateway_is_in_no_finding(run_kit):
    ran = run_kit(
        core_subjects.SleepsWhereRefunded, "refund-partial/MD5", bounds=Bounds(local=5, sending=0.2)
    )
    (finding,) = [result.finding for result in ran.results.values() if result.finding]
    assert "http://127.0.0.1:<port>/" in finding.evidence["arguments"]


def test_a_method_that_does_not_fit_is_a_fault_of_the_adapter(run_kit):
    class Misfit(ReferenceAdapter):
        def sign(self, params, charset, sign_type, signature_key):
            return {}

    ran = run_kit(Misfit, "sign.md5.digest")
    assert ran.verdicts() == {"garbled"}
    assert "fault of its own" in next(iter(ran.findings().values()))


def test_an_exception_on_a_legal_input_is_a_finding_with_its_traceback(run_kit):
    ran = run_kit(core_subjects.Terminal, "sign.md5.digest[plain]")
    (result,) = ran.results.values()
    assert result.verdict == "fail"
    assert "RuntimeError" in result.finding.evidence["traceback"]


def test_evidence_is_bounded(run_kit):
    class Endless(ReferenceAdapter):
        def sign(self, params, charset, sign_type):
            return {"sign": "x" * 3_000_000}

    ran = run_kit(Endless, "sign.md5.digest[plain]")
    (result,) = ran.results.values()
    assert result.verdict == "fail"
    assert max(len(text) for text in result.finding.evidence.values()) < 70_000


def test_closing_a_runner_that_did_nothing_starts_nothing():
    runner = Runner(Subject(PythonTransport("no.such.module:Thing")), plan(RunOptions()))
    runner.close()
    with pytest.raises(AdapterFault):
        _ = runner.hello
    runner.close()


def test_a_first_configuration_that_fails_ends_the_run(run_kit):
    class Refuses(ReferenceAdapter):
        def configure(self, **_):
            raise RuntimeError("no disk")

    with pytest.raises(AdapterFault, match=r"did not take its configuration.*no disk"):
        run_kit(Refuses, "sign.md5.digest")


# --- a real process -----------------------------------------------------------------------------------


@pytest.fixture
def left_of():
    def scan(group):
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, pgrp = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
            except (OSError, ValueError):
                continue
            if int(pgrp) == group and state not in "ZX":
                found.append(stat.parent.name)
        return found

    return scan


VICES = {
    "hang": "hang",
    "die": "crash",
    "killed": "crash",
    "leave": "crash",
    "flood-stdout": "blocked",  # it hangs as the first did
    "flood-stderr": "pass",
    "twice": "pass",  # the second answer is the fault of the next call
    "other-id": "garbled",
    "no-id": "garbled",
    "endless-line": "garbled",
    "not-utf-8": "garbled",
    "no-json": "garbled",
    "deep": "garbled",
    "close-stdout": "crash",
    "child-and-die": "crash",
    "two-fields": "garbled",
    "no-sign": "garbled",
    "banner": "pass",
    "raise": "pass",
    "decline": "pass",
}


def test_every_vice_costs_one_case_and_never_the_run(run_kit, left_of):
    transport = ProcessTransport([sys.executable, "-I", "-S", str(HOSTILE)], bounds=QUICK)
    good = ask("sign", params=[], charset="UTF-8", sign_type="MD5", echo="good")
    groups = set()

    def noted(run):
        def with_group(bed):
            groups.add(transport.pid)
            run(bed)
            groups.add(transport.pid)

        return with_group

    cases = []
    for vice in VICES:
        cases += [case(noted(ask("sign", vice=vice)), vice), case(noted(good), f"after-{vice}")]
    ran = run_kit(transport, cases=cases)
    found = {name.partition("[")[2][:-1]: str(result.verdict) for name, result in ran.results.items()}
    assert {vice: found[vice] for vice in VICES} == VICES
    after = {vice: found[f"after-{vice}"] for vice in VICES}
    assert {vice for vice, verdict in after.items() if verdict != "pass"} <= {"twice"}
    assert any("no answers" in warning for warning in ran.warnings)
    assert not [group for group in groups - {None} if left_of(group)]
    crash = ran.results["sign.order[die]"].finding
    assert "cannot go on" in crash.evidence["stderr"]
    assert crash.evidence["exit status"] == "7"


def test_a_finding_shows_what_the_adapter_wrote_in_its_case(run_kit):
    def fails(bed):
        bed.ask("sign", vice="says-why")
        while "RSA2" not in bed.subject.evidence():
            """A thread of its own reads what the adapter writes beside its answers."""
        raise Failed("sign.differs")

    transport = ProcessTransport([sys.executable, "-I", "-S", str(HOSTILE)], bounds=QUICK)
    ran = run_kit(transport, cases=[case(fails, "first"), case(raises(Failed("sign.differs")), "second")])
    first, second = (result.finding.evidence for result in ran.results.values())
    assert first["stderr"] == "no key for RSA2"
    assert "stderr" not in second


@pytest.mark.parametrize(
    ("word", "bounds"),
    [("never-leave", QUICK), ("deaf-to-term", QUICK), ("banner", QUICK)],
)
def test_how_an_adapter_leaves_is_a_warning_at_most(run_kit, left_of, word, bounds):
    words = [word, "never-leave"] if word == "deaf-to-term" else [word]
    transport = ProcessTransport([sys.executable, "-I", "-S", str(HOSTILE), *words], bounds=bounds)
    pids = []
    ran = run_kit(transport, cases=[case(lambda bed: pids.append(transport.pid))])
    assert ran.verdicts() == {"pass"}
    assert len(ran.warnings) == 1
    assert left_of(pids[0]) == []


def test_an_adapter_that_never_speaks_ends_the_run_with_the_likely_cause(run_kit):
    transport = ProcessTransport([sys.executable, "-I", "-S", str(HOSTILE), "mute"], bounds=QUICK)
    with pytest.raises(AdapterFault, match="flush"):
        run_kit(transport, cases=[case(lambda bed: None)])


# --- the laboratory -----------------------------------------------------------------------------------


@pytest.fixture
def bed():
    runner = Runner(Subject(PythonTransport(ReferenceAdapter)), plan(RunOptions(seed=7)), TestKeys())
    runner.testbed.setup = Setup("MD5")
    yield runner.testbed
    runner.close()


class Told(ReferenceAdapter):
    """Keeps what it is configured with."""

    partners = ()

    def configure(self, **settings):
        type(self).partners = (*self.partners, settings["partner"])
        return super().configure(**settings)


@pytest.mark.parametrize(
    ("seed", "own"), [(0, None), (7, None), (7, TestKeys(partner="2088101122136241", md5_key="k" * 32))]
)
def test_another_seed_draws_another_account_but_for_golden_vectors(seed, own, monkeypatch):
    monkeypatch.setattr(Told, "partners", ())
    runner = Runner(Subject(PythonTransport(Told)), plan(RunOptions(seed=seed)), own)
    seen = []
    for published in (False, True, False):
        setup = Setup("MD5", published=published)
        runner.judge(case(lambda bed: seen.append(bed.keys.partner), setup=setup))
    runner.close()
    given, drawn = (own or TestKeys()).partner, TestKeys.drawn(seed).partner
    assert seen == ([drawn, given, drawn] if seed and not own else [given] * 3)
    assert seen[: len(Told.partners)] == list(Told.partners)


def test_who_cannot_be_configured_keeps_the_published_account():
    fixed = type("Fixed", (ReferenceAdapter,), {"configure": None})
    runner = Runner(Subject(PythonTransport(fixed)), plan(RunOptions(seed=7)))
    seen = []
    runner.judge(case(lambda bed: seen.append(bed.keys.partner)))
    runner.close()
    assert seen == [TestKeys().partner]


def test_ids_are_fresh_and_reproducible(bed):
    assert [bed.fresh(), bed.fresh("R")] == ["T0072714261150001", "R0072714261150002"]
    with bed.drawing_for("sign.order[one]"):
        other = bed.fresh()
    assert other[4:13] != "271426115"
    assert bed.fresh() == "T0072714261150003", "what another case draws changes nothing"
    assert bed.rng("a").random() == bed.rng("a").random() != bed.rng("b").random()


def test_virtual_time_moves_forward_only(bed):
    with bed.gateway() as session:
        assert session.now == bed.start
        session.move(bed.start.replace(hour=12))
        session.move(bed.start)
        assert session.now == bed.start.replace(hour=12)


def test_an_exchange_is_made_once_and_what_stopped_it_blocks_the_others(bed):
    calls = []

    def stop():
        calls.append(1)
        raise NoUsableAnswer(Verdict.HANG, message("see.genuine"), {})

    with pytest.raises(NoUsableAnswer):
        bed.once("x", stop)
    bed.memo.forget("")
    with pytest.raises(Blocked):
        bed.once("x", stop)
    assert len(calls) == 1
    assert bed.once("y", lambda: 5) == bed.once("y", lambda: 6) == 5
    bed.memo.forget("")
    assert bed.once("y", lambda: 6) == 6


def test_sessions_do_not_see_each_other(bed):
    with bed.gateway() as one, bed.gateway() as other:
        one.engine.pay(None, "1.00", "USD", one.now, out_trade_no="T1")
        one.inject(faults.drop(), "refund")
        assert one.url != other.url
        with pytest.raises(Exception, match="T1"):
            other.engine.trades.get("T1")


def test_a_fault_waits_for_the_operation_under_test(bed):
    with bed.gateway() as session:
        session.inject(faults.drop(), "refund")
        for service, dropped in (("overseas.query", False), ("overseas.spot.refund", True)):
            assert session.unmet == "refund"
            request = Request("GET", f"service=alipay.acquire.{service}".encode())
            assert session.handle(request).drop is dropped
        assert session.unmet is None


def test_nobody_is_accused_where_the_fault_met_nothing(bed):
    def accuse():
        with bed.gateway() as session:
            session.inject(faults.drop(), "refund")
            raise Failed("see.genuine")

    with pytest.raises(Unsupported, match="refund") as found:
        accuse()
    assert found.value.optional
